"""What sealing does to one record: a task for each part, or the findings that forbid it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from coachbook.diagnostics import Consequence, Diagnostic, Severity
from coachbook.payload import WHOLE
from coachbook.record import trim
from coachbook.values import frozen

if TYPE_CHECKING:
    from collections.abc import Mapping

    from coachbook.diagnostics import Span
    from coachbook.payload import Payload, Written
    from coachbook.place import Place
    from coachbook.readers import Reader
    from coachbook.record import Record


@frozen(repr=False)
class SealTask:
    """One part of a record that becomes a block, or keeps the one it had."""

    section: str
    place: Place
    readers: tuple[Reader, ...]
    info: tuple[str, ...]
    revision: int
    policy: str
    text: str
    data: Mapping[str, object]
    rules: tuple[str, ...]
    previous: tuple[tuple[str, str], ...] = ()
    """(reader, fingerprint) pairs of the block before."""
    author: str = ""
    """Who wrote the text, where that is somebody else than who seals it now."""
    written: Written | None = None
    """The signature that its author gave the text when it was sealed before."""
    is_carried: bool = False
    """True where the text is the one before: nobody signs what they have not written now."""
    kept: str = ""
    """The block before, as it stands in its file, where text and readers are the same."""

    def __repr__(self) -> str:
        """Shows the place only: the text is confidential."""
        return f"SealTask({self.place.record!r}, {self.section!r}, revision={self.revision})"

    def carrying(self, payload: Payload) -> SealTask:
        """The task where its text was sealed before: still the work of whom it was, as signed."""
        if trim(payload.text) != trim(self.text):
            return self
        task = replace(self, author=payload.author, is_carried=True)
        if payload.written is None:
            return task
        return replace(task, written=payload.written, text=payload.text, data=payload.data)


@frozen
class SealPlan:
    """What sealing does to one record, or the findings that forbid it."""

    record: Record
    path: str
    """Where the sealed record goes; another place only for one that is sealed whole."""
    tasks: tuple[SealTask, ...] = ()
    emptied: tuple[str, ...] = ()
    """Sections in which nothing stands but guide lines."""
    findings: tuple[Diagnostic, ...] = ()
    remarks: tuple[Diagnostic, ...] = ()
    """What the text rules found; it does not stop sealing."""

    @property
    def is_whole(self) -> bool:
        """True where the record as a whole becomes one block."""
        return any(task.section == WHOLE for task in self.tasks)

    @property
    def fresh(self) -> tuple[SealTask, ...]:
        """The parts that are sealed anew."""
        return tuple(task for task in self.tasks if not task.kept)


class RefusalError(Exception):
    """Why a part cannot be sealed; becomes a finding."""

    def __init__(self, message: str, hint: str, code: str = "CB501", clause: str = "") -> None:
        super().__init__(message)
        self.message, self.hint, self.code, self.clause = message, hint, code, clause


def as_finding(record: Record, span: Span, reason: RefusalError) -> Diagnostic:
    """The refusal as a finding at a place in the record."""
    return Diagnostic(
        path=record.path,
        span=span,
        code=reason.code,
        severity=Severity.ERROR,
        message=reason.message,
        hint=reason.hint,
        clause=reason.clause,
        consequence=Consequence.STOPS,
        quotable=False,
        record=record.id,
        school=record.school,
    )
