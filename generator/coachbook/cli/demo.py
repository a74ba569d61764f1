"""`demo`: the example trust, copied, checked and built."""

from __future__ import annotations

import os
import shutil
import tempfile
from importlib import resources
from pathlib import Path

import click

import coachbook
from coachbook.cli.context import say, system_clock
from coachbook.errors import UsageError

_DRAFT = ".coachbook-"
_OURS = {"records", "site", ".site-last", ".git", ".gitattributes", ".gitignore", ".githooks"}
_LEFT_BY_SYSTEMS = {".DS_Store", "Thumbs.db", "desktop.ini"}


@click.command()
@click.argument(
    "folder", metavar="[DIR]", default="demo", type=click.Path(path_type=Path, file_okay=False)
)
def demo(folder: Path) -> int:
    """Copy the example trust to DIR, check it, build it, and say how to look at it.

    Where git is installed, the copy is a repository with its hooks turned on.

    Example: coachbook demo demo
    """
    from coachbook.book import load_book
    from coachbook.book.demonstration import tries
    from coachbook.cli.starting import try_git
    from coachbook.report import render_summary
    from coachbook.rules import check_book, tally
    from coachbook.site import Job, build_site

    _copy(example_folder(), folder)
    say(f"1/3 copied the example trust to {folder}")
    if try_git(folder.absolute(), "the example trust"):
        say("    a git repository: try `git diff` after a change, and coachbook check --since HEAD")
    book = load_book(folder.absolute(), clock=lambda: system_clock().date())
    findings = check_book(book)
    say(f"2/3 checked: {render_summary(findings, tally(book)).rstrip()}")
    job = Job(book, findings, os.urandom, progress=_indented)
    built = build_site(job, folder.absolute() / "site")
    say(f"3/3 built: {built.fragments} private pages")
    first = next(row for row in tries(book) if any("coachee" in role for role in row.roles))
    click.echo(f"handbook:   {built.site / 'handbook' / 'index.html'}")
    click.echo(f"portal:     {built.site / 'portal' / 'index.html'}")
    click.echo(f"serve it:   coachbook serve -C {folder}")
    click.echo(f"try:        person {first.sign_in or first.person}")
    click.echo(f"passphrase: {first.passphrase}")
    return 0


def example_folder() -> Path:
    """The records of the example trust: in the package, or in the tree it runs from."""
    package = Path(str(resources.files(coachbook)))
    places = (package / "_example" / "records", package.parents[1] / "records")
    found = next((place for place in places if (place / "trust.md").is_file()), None)
    if found is None:
        raise UsageError("the example trust is not in this installation", hint="install it again")
    return found


def _indented(words: str) -> None:
    say(f"    {words}")


def _copy(example: Path, folder: Path) -> None:
    """Copies the records; replaces an earlier demonstration and nothing else."""
    records = folder / "records"
    if folder.exists() and not _may_replace(folder, example):
        raise UsageError(
            f"{folder} holds something that is not a demonstration",
            hint="name a folder that does not exist yet, such as: coachbook demo demo2",
        )
    folder.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=_DRAFT, dir=folder))
    try:
        shutil.copytree(example, draft / "records", copy_function=shutil.copyfile)
        shutil.rmtree(records, ignore_errors=True)
        (draft / "records").replace(records)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _may_replace(folder: Path, example: Path) -> bool:
    """True for an empty folder, and one that holds an earlier demonstration and no more."""
    if example.resolve().is_relative_to(folder.resolve()):
        return False
    names = {entry.name for entry in folder.iterdir() if not entry.name.startswith(_DRAFT)}
    is_free = names <= _LEFT_BY_SYSTEMS
    return is_free or (names <= _OURS | _LEFT_BY_SYSTEMS and _is_demonstration(folder / "records"))


def _is_demonstration(records: Path) -> bool:
    trust = records / "trust.md"
    return trust.is_file() and b"\ndemonstration: true\n" in trust.read_bytes()
