"""`init`: a new school from a preset, ready to check and build."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import click

from coachbook.cli.context import say, system_clock, today_option
from coachbook.errors import FindingsError, UsageError

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from coachbook.interview import Given


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@click.option("--preset", required=True, help="The policy to begin with, such as head-excluded.")
@click.option("--yes", is_flag=True, help="Ask nothing; every question must have its answer.")
@click.option("--answers", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--school", help="The school's name.")
@click.option("--slug", help="A short name for its folder; by default its first word.")
@click.option("--trust", help="The trust's name, where there is one.")
@click.option("--phase", help="Such as primary.")
@click.option("--person", "persons", multiple=True, help='"Wren Ashgrove, teacher, lead-coach"')
@click.option("--people", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--term", "terms", multiple=True, help='"autumn_1 2026-09-02 to 2026-10-23"')
@click.option("--answer", "policy", multiple=True, help='"recovery.holder=nobody"')
@today_option
def init(
    folder: Path,
    preset: str,
    yes: bool,
    answers: Path | None,
    school: str | None,
    slug: str | None,
    trust: str | None,
    phase: str | None,
    persons: tuple[str, ...],
    people: Path | None,
    terms: tuple[str, ...],
    policy: tuple[str, ...],
    today: dt.date | None,
) -> int:
    """Start a workspace for one school in an empty folder.

    Asks what no preset can know: people, calendar, how long records are kept,
    who may open a note when all its readers have left, who holds the
    repository, and whether protected keys are published.

    Example: coachbook init otterbeck --preset head-excluded
    """
    from coachbook.interview import complete
    from coachbook.presets import preset_document
    from coachbook.scaffold import plan_workspace

    preset_document(preset)
    _require_empty(folder)
    given = _given(answers, people, persons, terms, policy)
    named = {"school": school, "slug": slug, "trust": trust, "phase": phase}
    for key, value in named.items():
        if value:
            setattr(given, key, value)
    full = complete(given, None if yes else _ask)
    files = plan_workspace(full, preset=preset, random=os.urandom)
    _place(folder, files, today or system_clock().date())
    say(f"{full.school} is ready in {folder}")
    say(f"next: cd {folder}, then: coachbook keys new for everyone who coaches or is coached")
    click.echo(folder)
    return 0


def _ask(words: str) -> str:
    answer: str = click.prompt(words, default="", show_default=False, err=True)
    return answer


def _require_empty(folder: Path) -> None:
    if folder.exists() and any(entry.name != ".git" for entry in folder.iterdir()):
        raise UsageError(
            f"{folder} is not empty", hint="name a new folder, or move what is in this one"
        )


def _given(
    answers: Path | None,
    people: Path | None,
    persons: tuple[str, ...],
    terms: tuple[str, ...],
    policy: tuple[str, ...],
) -> Given:
    from coachbook.interview import (
        Given,
        parse_answer,
        parse_person_line,
        parse_term,
        read_answers,
        read_people,
    )

    given = read_answers(answers.read_bytes(), answers.name) if answers else Given()
    if people:
        given.people.extend(read_people(people.read_text(encoding="utf-8-sig"), people.name))
    given.people.extend(parse_person_line(text) for text in persons)
    given.terms.update(parse_term(text) for text in terms)
    for text in policy:
        key, _, value = text.partition("=")
        given.policy[key.strip()] = parse_answer(key.strip(), value.strip())
    return given


def _place(folder: Path, files: Mapping[str, str], today: dt.date) -> None:
    """Writes beside the target, checks there, and renames: a folder appears whole or not at all."""
    from coachbook.scaffold import write_workspace

    folder.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.absolute().parent))
    try:
        write_workspace(draft, files)
        _require_clean(draft, today)
        shutil.copytree(draft, folder, dirs_exist_ok=True)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    _start_git(folder)


def _require_clean(draft: Path, today: dt.date) -> None:
    from coachbook.book import load_book
    from coachbook.diagnostics import Severity
    from coachbook.rules import check_book

    findings = check_book(load_book(draft, today=today))
    errors = [f for f in findings if f.severity is Severity.ERROR]
    if errors:
        raise FindingsError(
            f"these answers do not go together: {errors[0].message}",
            hint=errors[0].hint or "change the answer and run init again; nothing was written",
        )


def _start_git(folder: Path) -> None:
    """Makes a repository and turns the hook on; without git, says what is missing."""
    from coachbook.scaffold import HOOKS

    git = shutil.which("git")
    if git is None:
        say("git is not installed: records are files all the same, but nothing keeps their history")
        return
    if not (folder / ".git").exists():
        subprocess.run([git, "init", "-q", "-b", "main"], cwd=folder, check=True)  # noqa: S603 (git, no shell)
    command = f"{Path(sys.executable).as_posix()} -P -m coachbook"
    for key, value in (("core.hooksPath", HOOKS), ("coachbook.command", command)):
        subprocess.run([git, "config", key, value], cwd=folder, check=True)  # noqa: S603 (git, no shell)
    _commit_first(git, folder)


def _commit_first(git: str, folder: Path) -> None:
    """Commits what was written; a git that does not know its user yet is no reason to stop."""
    subprocess.run([git, "add", "--all"], cwd=folder, check=True)  # noqa: S603 (git, no shell)
    done = subprocess.run(  # noqa: S603 (git, no shell)
        [git, "commit", "-q", "-m", "a new workspace"], cwd=folder, capture_output=True, check=False
    )
    if done.returncode:
        say("git does not know who you are yet, so the new files are not committed")
        say('tell it with: git config user.name "Your Name" and git config user.email YOU@SCHOOL')
