"""`coachbook rollover`: a repository for a new school year, with what goes on."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import click

from coachbook.cli.context import say, workspace_options
from coachbook.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from coachbook.cli.desk import Desk
    from coachbook.diagnostics import Diagnostic
    from coachbook.rollover import Plan


@click.command()
@click.argument("folder", metavar="NEWDIR", type=click.Path(path_type=Path))
@click.option("--year", required=True, help="The school year that begins, such as 2027-28.")
@click.option(
    "--term",
    "terms",
    multiple=True,
    help='A half-term of it, as "autumn_1 2027-09-01 to 2027-10-22", for every school that has '
    "no calendar of the year yet.",
)
@click.option("--dry-run", is_flag=True, help="Say what would go along, and write nothing.")
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True
)
@workspace_options
def rollover(
    folder: Path,
    year: str,
    terms: tuple[str, ...],
    *,
    dry_run: bool,
    form: str,
    directory: Path | None,
    today: date | None,
) -> int:
    """Begin a school year in a repository of its own.

    People who stay, roles, pairs, groups, open cycles with all that belongs to
    them, policies, keys and what has to be kept for longer go along. Sealed
    parts go along as they are: this needs no key. Everything else stays in the
    old repository, which is not changed; it is deleted as a whole once its time
    is over, with a certificate by `coachbook disposal`. Exit status: 0 the new
    repository is in order, 1 its check found something, 2 it could not run.

    Example: coachbook rollover ../coaching-2027 --year 2027-28
    """
    import json

    from coachbook.cli.desk import open_desk
    from coachbook.interview import parse_term
    from coachbook.rollover import first_day, plan_rollover, require_next_year
    from coachbook.rolloverreport import format_plan, plan_json

    desk = open_desk(directory, today)
    first = first_day(year)
    require_next_year(first, desk.book.today)
    given = dict(parse_term(text) for text in terms)
    _require_place(desk, folder)
    _require_committed(desk)
    plan = plan_rollover(desk.book, first, os.urandom, given)
    findings = () if dry_run else _write(desk, plan, folder)
    if form == "json":
        click.echo(json.dumps(plan_json(plan), indent=2, ensure_ascii=False))
    else:
        click.echo(format_plan(plan), nl=False)
    _say_end(folder, findings, is_written=not dry_run)
    return int(bool(findings))


def _require_place(desk: Desk, folder: Path) -> None:
    """Raises UsageError unless the place is new or empty, outside and not shared."""
    from coachbook.storage import require_new

    require_new(
        desk.book,
        folder,
        within=" that is to be left behind",
        hint="name a folder beside it, such as ../coaching-2027",
    )


def _require_committed(desk: Desk) -> None:
    """Raises UsageError while something under records/ is not committed."""
    if desk.repository.settings() is None:
        say("the old workspace is in no git repository, so nothing can tell what was changed in it")
        return
    changed = desk.repository.changed()
    if changed:
        raise UsageError(
            f"{len(changed)} {'file is' if len(changed) == 1 else 'files are'} not committed, "
            f"such as {changed[0]}",
            hint="finish what is begun first: coachbook save",
        )


def _write(desk: Desk, plan: Plan, folder: Path) -> Sequence[Diagnostic]:
    """Makes the repository beside its place and moves it there as a whole; what is wrong in it."""
    from coachbook.cli.starting import start_git
    from coachbook.private import explained
    from coachbook.rollover import executables

    place = Path(os.path.abspath(folder))  # noqa: PTH100 (resolve would follow links)
    draft = place.with_name(f".{place.name}.coachbook-rollover")
    with explained(draft):
        _remove(draft)  # of an earlier run that was killed
        try:
            _write_files(draft, plan.files)
            findings = _new_errors(desk, draft, max(desk.book.today, plan.first))
            start_git(draft, _message(desk, plan), executables(plan.files))
            if place.exists():
                place.rmdir()
            draft.rename(place)
        finally:
            _remove(draft)
    return findings


def _remove(folder: Path) -> None:
    if folder.exists():
        shutil.rmtree(folder)


def _write_files(folder: Path, files: Mapping[str, bytes]) -> None:
    from coachbook.rollover import executables

    for path, content in files.items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
    for path in executables(files):
        (folder / path).chmod(0o755)


def _new_errors(desk: Desk, draft: Path, day: date) -> Sequence[Diagnostic]:
    """The errors that the new workspace will have on a day and the old one has not."""
    from coachbook.book import load_book
    from coachbook.diagnostics import Severity
    from coachbook.rules import check_book

    known = {(one.code, one.path) for one in check_book(desk.book)}
    found = check_book(load_book(draft, today=day))
    return [
        one for one in found if one.severity is Severity.ERROR and (one.code, one.path) not in known
    ]


def _message(desk: Desk, plan: Plan) -> str:
    """What the first commit says: the year, and the commit that it goes on from."""
    if desk.repository.settings() is None:
        return f"the year {plan.year}"
    return f"the year {plan.year}, going on from {desk.repository.commit_of('HEAD')}"


def _say_end(folder: Path, findings: Sequence[Diagnostic], *, is_written: bool) -> None:
    from coachbook.cli.desk import say_findings

    if not is_written:
        say("nothing was written")
        return
    say_findings(findings, len({one.path for one in findings}))
    quoted = f'"{folder}"' if " " in str(folder) else str(folder)
    say(f"the new repository is in {folder}")
    say(f"next: cd {quoted}, then coachbook check and coachbook build")
    say("write in the new one from now on; keys on people's devices open it as they are")
