"""`init`: a new school from a preset, alone or beside others, ready to check and build."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import click

from coachbook.book import RECOVERY
from coachbook.cli.context import (
    ask,
    is_at_terminal,
    say,
    system_clock,
    today_option,
)
from coachbook.errors import InputError, UsageError
from coachbook.people import ENVELOPE

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from coachbook.interview import Ask, Given
    from coachbook.scaffold import Answers

_TRUST = "records/trust.md"


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@click.option("--preset", help="The policy to begin with, such as head-excluded.")
@click.option("--yes", is_flag=True, help="Ask nothing; every question must have its answer.")
@click.option(
    "--answers",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="A YAML file with answers: school, phase, people, calendar, policy.",
)
@click.option("--school", help="The school's name.")
@click.option("--slug", help="A short name for its folder; by default its first word.")
@click.option("--trust", help="The trust's name, where there is one.")
@click.option("--phase", help="Such as primary.")
@click.option(
    "--person",
    "persons",
    multiple=True,
    help='Somebody who works there, as "Wren Ashgrove, teacher, lead-coach".',
)
@click.option(
    "--people",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="A CSV file of people with the columns name, category and roles.",
)
@click.option(
    "--term", "terms", multiple=True, help='A half-term, as "autumn_1 2026-09-02 to 2026-10-23".'
)
@click.option(
    "--answer",
    "policy",
    multiple=True,
    help='A decision of the policy, as "recovery.holder=nobody".',
)
@today_option
def init(
    folder: Path,
    preset: str | None,
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
    """Start a workspace in an empty folder, or add a school to the trust that is there.

    Asks what no preset can know: people, calendar, how long records are kept,
    who may open a note when all its readers have left, who holds the
    repository, and whether protected keys are published.

    Example: coachbook init otterbeck --preset head-excluded
    """
    from coachbook.interview import complete

    asking = None if yes or not is_at_terminal() else ask
    is_there = (folder / _TRUST).is_file()
    if not is_there:
        _require_empty(folder)
    given = _given(answers, people, persons, terms, policy)
    named = {"school": school, "slug": slug, "trust": trust, "phase": phase}
    for key, value in named.items():
        if value:
            setattr(given, key, value)
    chosen = _preset(preset, asking)
    day = today or system_clock().date()
    if is_there:
        from coachbook.cli.joining import add_school

        return add_school(folder, given, chosen, asking, day)
    return _start(folder, complete(given, asking, preset=chosen), chosen, day)


def _start(folder: Path, full: Answers, preset: str, today: dt.date) -> int:
    """A workspace for its first school."""
    from coachbook.scaffold import plan_workspace

    _place(folder, plan_workspace(full, preset=preset, random=os.urandom), today)
    say(f"{full.school} is ready in {folder}")
    say(f"next: cd {_quoted(folder)}")
    say("then, for everyone who coaches or is coached: coachbook keys new PERSON")
    if full.policy.get(RECOVERY) == ENVELOPE:
        school = full.slug or "SCHOOL"
        say(f"and once, for the sealed envelope: coachbook keys recovery new {school}")
    click.echo(folder)
    return 0


def _quoted(folder: Path) -> str:
    return f'"{folder}"' if " " in str(folder) else str(folder)


def _preset(named: str | None, asking: Ask | None) -> str:
    """The preset that was named or, at a terminal, is named now; UsageError lists them."""
    from coachbook.presets import SUMMARIES, preset_document

    listed = "\n".join(f"{name}: {words}" for name, words in SUMMARIES.items())
    while not named:
        if asking is None:
            raise UsageError("no policy to begin with was named", hint=f"--preset with\n{listed}")
        named = asking(f"{listed}\nWhich policy do you begin with?").strip()
    preset_document(named)
    return named


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
        given.people.extend(read_people(_text_of(people), people.name))
    given.people.extend(parse_person_line(text) for text in persons)
    given.terms.update(parse_term(text) for text in terms)
    for text in policy:
        key, _, value = text.partition("=")
        given.policy[key.strip()] = parse_answer(key.strip(), value.strip())
    return given


def _text_of(file: Path) -> str:
    try:
        return file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(
            f"{file} is not in UTF-8", hint='in a spreadsheet, save it as "CSV UTF-8"'
        ) from error


def _place(folder: Path, files: Mapping[str, str], today: dt.date) -> None:
    """Writes into a draft inside the folder, checks it there, then moves all of it up."""
    from coachbook.cli.joining import require_clean
    from coachbook.cli.starting import start_git
    from coachbook.scaffold import write_files

    is_new = not folder.exists()
    folder.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=".coachbook-", dir=folder))
    placed: list[Path] = []
    try:
        write_files(draft, files)
        require_clean(draft, today, files)
        for entry in sorted(draft.iterdir()):
            target = folder / entry.name
            entry.replace(target)
            placed.append(target)
    except BaseException:
        for entry in placed:
            shutil.rmtree(entry) if entry.is_dir() else entry.unlink()
        raise
    finally:
        shutil.rmtree(draft, ignore_errors=True)
        if is_new and not any(folder.iterdir()):
            folder.rmdir()
    start_git(folder, "a new workspace")
