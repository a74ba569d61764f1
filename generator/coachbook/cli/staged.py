"""What the git hooks do: seal what is about to be committed, or stop the commit or the push.

What counts is the content in git's index, not the file on disk: of a file that
was changed after it was added, only the added part would be committed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from coachbook.book.files import IGNORED, printable
from coachbook.cli.context import say
from coachbook.cli.desk import say_findings
from coachbook.cli.resealing import describe_plan, plan_paths, require_met, sealings, write_plan
from coachbook.cli.schools import by_school
from coachbook.diagnostics import Consequence
from coachbook.drafting import needs_sealing
from coachbook.errors import FindingsError
from coachbook.record import Record, parse_record

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from coachbook.cli.desk import Desk
    from coachbook.diagnostics import Diagnostic

_KEYS, _FORMS = "records/keys/", "records/forms/"


def seal_staged(desk: Desk, accepted: Sequence[str]) -> int:
    """Seals the staged records and stages them again; FindingsError stops the commit."""
    staged = desk.repository.staged()
    _require_sound(desk, staged)
    paths = [path for path in staged if _is_record(path)]
    _seal(desk, [path for path in paths if _as_on_disk(desk, path)], accepted)
    for path in desk.repository.staged():
        if _is_record(path):
            _require_sealed(desk, path)
    return 0


def find_since(desk: Desk, revision: str) -> list[str]:
    """A line for each commit since a revision, and each file in it that was not sealed."""
    return _find_in_commits(desk, f"{desk.repository.commit_of(revision)}..HEAD")


def find_pushed(desk: Desk, remote: str, lines: Iterable[str]) -> list[str]:
    """The same for commits that a remote does not have yet.

    Args:
        lines: what git tells its hook: a reference here and its commit, one there and its own.
    """
    found: list[str] = []
    for line in lines:
        _, here, _, there = line.split()
        if not here.strip("0"):
            continue  # a branch is taken away there
        known = [f"^{there}"] if there.strip("0") and desk.repository.has_commit(there) else []
        found += _find_in_commits(desk, here, *known, "--not", f"--remotes={remote}")
    return found


def _find_in_commits(desk: Desk, *revisions: str) -> list[str]:
    return [
        f"{commit[:10]}: {printable(path)} was committed with a confidential part in the clear"
        for commit, path, content in desk.repository.committed_in(*revisions)
        if _is_record(path) and _is_open(desk, path, content)
    ]


def _is_open(desk: Desk, path: str, content: bytes) -> bool:
    """True where the file is not surely sealed: what cannot be read may hold anything."""
    found = parse_record(path, content)
    return not isinstance(found, Record) or needs_sealing(desk.book, found)


def _require_sound(desk: Desk, staged: Sequence[str]) -> None:
    """Stops a commit of what is no record, form or key, however it got there."""
    faults = _faults(desk.book.findings)
    for near, own in by_school(desk, staged):
        faults |= {path: one for path, one in _faults(near.book.findings).items() if path in own}
    for path in staged:
        fault = faults.get(printable(path))
        if fault is not None:
            raise FindingsError(
                f"nothing was committed: {fault.path}: {fault.message}", hint=fault.hint
            )
        if path.startswith(_KEYS) and not _as_on_disk(desk, path):
            raise FindingsError(
                f"nothing was committed: {path} was changed after it was added",
                hint=f"look at it, then: git add {path}",
            )


def _faults(findings: Sequence[Diagnostic]) -> dict[str, Diagnostic]:
    """The first finding about each file of which nothing is committed."""
    return {
        finding.path: finding
        for finding in reversed(findings)
        if finding.code == "CB110" or finding.consequence is Consequence.STOPS
    }


def _is_record(path: str) -> bool:
    """True for whatever has to be a record: all but keys, forms and the two named files."""
    is_other = path.startswith(_KEYS) and path.endswith((".pub", ".age"))
    is_other |= path.startswith(_FORMS) and path.endswith(".yml")
    return path not in IGNORED and not is_other


def _as_on_disk(desk: Desk, path: str) -> bool:
    file = desk.book.root / path
    return file.is_file() and file.read_bytes() == desk.repository.staged_content(path)


def _seal(desk: Desk, paths: Sequence[str], accepted: Sequence[str]) -> None:
    found = plan_paths(desk, paths)
    plans = found.plans
    if not plans:
        return
    findings = [finding for plan in plans for finding in plan.findings]
    if findings:
        say_findings(findings, found.count)
        raise FindingsError("nothing was committed: a confidential part could not be sealed")
    require_met(desk, sealings(plans), accepted)
    for plan in plans:
        write_plan(desk, plan)
        desk.repository.stage(list(dict.fromkeys((plan.record.path, plan.path))))
        if plan.tasks:
            click.echo(describe_plan(desk, plan))
    say("sealed what was about to be committed")


def _require_sealed(desk: Desk, path: str) -> None:
    """The last word, on the very bytes that would be committed."""
    found = parse_record(path, desk.repository.staged_content(path))
    if not isinstance(found, Record):
        raise FindingsError(
            f"nothing was committed: {path}:{found.span.line} cannot be read",
            hint=found.hint or "mend it, then: git add it again",
        )
    if needs_sealing(desk.book, found):
        is_there = (desk.book.root / path).is_file()
        seal = f"coachbook seal {path}, then: " if is_there else ""
        raise FindingsError(
            f"nothing was committed: {path} was added with a confidential part in the clear",
            hint=f"run: {seal}git add {path}",
        )
