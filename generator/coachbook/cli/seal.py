"""`coachbook seal`: confidential sections are sealed for those whom the policy names."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from coachbook.cli.context import say, workspace_options
from coachbook.cli.desk import new_reader_option, person_option, say_findings
from coachbook.cli.schools import findings_in, open_shared_desk, select_paths
from coachbook.cli.signing import sign_option, signer_if, writer_if
from coachbook.cli.unlocking import passphrase_option
from coachbook.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from coachbook.cli.desk import Desk
    from coachbook.diagnostics import Diagnostic
    from coachbook.drafting import SealPlan

_ENCODING = "CB112"
_UNSEALED = frozenset({"CB108", "CB109", _ENCODING, "CB501", "CB504", "CB505"})


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--check", is_flag=True, help="Only report what is not sealed.")
@click.option(
    "--since",
    "revision",
    metavar="REVISION",
    help="With --check: also every commit after this one, whatever a later one mended.",
)
@click.option("--dry-run", is_flag=True, help="Say what would be sealed for whom, write nothing.")
@click.option("--staged", is_flag=True, help="What is about to be committed; for the git hook.")
@click.option(
    "--pushed", default="", metavar="REMOTE", help="What is about to be pushed; for the git hook."
)
@new_reader_option
@person_option
@sign_option
@passphrase_option
@workspace_options
def seal(
    paths: tuple[Path, ...],
    check: bool,
    revision: str | None,
    dry_run: bool,
    staged: bool,
    pushed: str,
    new_readers: tuple[str, ...],
    person: str,
    sign: bool,
    passphrase_file: Path | None,
    directory: Path | None,
    today: date | None,
) -> int:
    """Seal every confidential section that stands in the clear.

    Without PATH it looks at all records. It needs no passphrase, only the
    public keys in records/keys; readers are then told that nobody signed the
    text, unless you add --sign. Exit status: 0 all is sealed, 1 something could
    not be sealed, or with --check is not, 2 it could not run.

    Example: coachbook seal records/otterbeck
    """
    from coachbook.cli.resealing import describe_plan, plan_paths, require_met, sealings, write_plan
    from coachbook.cli.staged import find_pushed, find_since, seal_staged
    from coachbook.diagnostics import Severity

    if revision is not None and not check:
        raise UsageError("--since only looks", hint="add --check")
    desk = open_shared_desk(directory, today, paths=paths, person=person)
    if staged:
        return seal_staged(desk, new_readers)
    if pushed:
        return _report_commits(find_pushed(desk, pushed, sys.stdin))
    chosen = select_paths(desk, paths)
    if check:
        status = _report(desk, chosen)
        if revision is None:  # an empty one is a mistake, such as a variable that is not set
            return status
        return _report_commits(find_since(desk, revision)) or status
    writer = writer_if(desk, passphrase_file, sign=sign)
    found = plan_paths(desk, chosen, writer)
    findings = list(found.held_back)
    findings += [one for plan in found.plans for one in (*plan.findings, *plan.remarks)]
    ready = [plan for plan in found.plans if not plan.findings]
    if not dry_run:
        require_met(desk, sealings(ready), new_readers)
    is_signed = bool(ready) and not dry_run
    signer = signer_if(desk, passphrase_file, sign=sign) if is_signed else None
    for plan in ready:
        if not dry_run:
            write_plan(desk, plan, signer)
        if plan.tasks:
            click.echo(describe_plan(desk, plan))
    say_findings(findings, found.count)
    _say_count(ready, dry_run=dry_run)
    return int(any(finding.severity is Severity.ERROR for finding in findings))


def _report_commits(found: list[str]) -> int:
    """Prints which commits hold text that was not sealed; 1 if any does."""
    for line in found:
        click.echo(line)
    if found:
        say(
            "hint: sealing it now does not take it out of these commits; if they were pushed, "
            "tell your data protection lead; if not, take them apart with: git reset --soft and "
            "the commit before them, then coachbook save"
        )
    return int(bool(found))


def _say_count(plans: list[SealPlan], *, dry_run: bool) -> None:
    count = sum(len(plan.fresh) for plan in plans)
    done = "would be sealed" if dry_run else "sealed"
    say(f"{count or 'no'} {'section' if count == 1 else 'sections'} {done}")


def _report(desk: Desk, paths: Sequence[str]) -> int:
    """Prints what is not sealed, or not surely so, without sealing it."""
    from coachbook.report import render_text
    from coachbook.rules import Tally

    found, unread = findings_in(desk, paths)
    findings = [one for one in found if one.path in unread]
    findings += [one for one in found if one.path not in unread and _is_in_doubt(one)]
    count = len(unread.symmetric_difference(paths))
    click.echo(render_text(findings, {}, Tally(count, 0)), nl=False)
    return int(bool(findings))


def _is_in_doubt(finding: Diagnostic) -> bool:
    """Whether something may stand in the clear; a byte order mark (a warning) hides nothing."""
    from coachbook.diagnostics import Severity

    is_mark = finding.code == _ENCODING and finding.severity is Severity.WARNING
    return finding.code in _UNSEALED and not is_mark
