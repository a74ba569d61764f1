"""What the git hook does: seal what is about to be committed, or stop the commit.

What counts is the content in git's index, not the file on disk: of a file that
was changed after it was added, only the added part would be committed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from coachbook.book.files import IGNORED
from coachbook.cli.context import say
from coachbook.cli.desk import reloaded, say_findings
from coachbook.cli.resealing import (
    describe_plan,
    plan_records,
    require_met,
    sealings,
    write_plan,
)
from coachbook.drafting import needs_sealing
from coachbook.errors import FindingsError
from coachbook.record import Record, parse_record

if TYPE_CHECKING:
    from collections.abc import Sequence

    from coachbook.cli.desk import Desk


def seal_staged(desk: Desk, accepted: Sequence[str]) -> int:
    """Seals the staged records and stages them again; FindingsError stops the commit."""
    paths = [path for path in desk.repository.staged() if _is_record(path)]
    whole = [path for path in paths if _as_on_disk(desk, path)]
    _seal(desk, whole, accepted)
    desk = reloaded(desk)
    for path in desk.repository.staged():
        if _is_record(path):
            _require_sealed(desk, path)
    return 0


def _is_record(path: str) -> bool:
    """True for whatever has to be a record: all but keys, forms and the two named files."""
    folder = path.split("/")[1]
    return path not in IGNORED and folder not in {"keys", "forms"}


def _as_on_disk(desk: Desk, path: str) -> bool:
    file = desk.book.root / path
    return file.is_file() and file.read_bytes() == desk.repository.staged_content(path)


def _seal(desk: Desk, paths: Sequence[str], accepted: Sequence[str]) -> None:
    records = [desk.book.records[path] for path in paths if path in desk.book.records]
    plans = plan_records(desk, records)
    findings = [finding for plan in plans for finding in plan.findings]
    if findings:
        say_findings(findings, len(records))
        raise FindingsError("nothing was committed: a confidential part could not be sealed")
    require_met(desk, sealings(plans), accepted)
    for plan in plans:
        write_plan(desk, plan)
        desk.repository.stage(list(dict.fromkeys((plan.record.path, plan.path))))
        if plan.tasks:
            click.echo(describe_plan(desk, plan))
    if plans:
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
        raise FindingsError(
            f"nothing was committed: {path} was added with a confidential part in the clear",
            hint=f"run: coachbook seal {path}, then: git add {path}",
        )
