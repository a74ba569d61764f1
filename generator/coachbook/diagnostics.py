"""What is wrong in a record: span, severity, code, quotable or not.

A `Diagnostic` is a value, collected and reported together; it never stops
anything by itself. What a finding leads to is its `Consequence`.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from coachbook.values import frozen

if TYPE_CHECKING:
    from datetime import date


class Severity(Enum):
    """How much a finding weighs; the order is that of the report."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "information"


class Consequence(Enum):
    """What a finding does to the site (design, "Findings")."""

    NONE = "none"
    LISTED = "listed"  # published, and listed
    HELD_BACK = "held-back"  # this record is left out and counted
    STOPS = "stops"  # nothing of this school is published


@frozen
class Span:
    """A place in a file: line and column count from 1, columns in characters.

    `end_column` is the first column behind the marked text; 0 marks one character.
    """

    line: int
    column: int = 1
    end_column: int = 0


@frozen
class Waiver:
    """Why a finding does not count, and until which day, the last."""

    id: str
    reason: str
    until: date


@frozen
class Diagnostic:
    """One finding: `path` is relative to the workspace, with forward slashes.

    `quotable` is true only where the audience of the marked text is the
    repository; every other finding is named by its position alone.
    `clause` is the number of the policy clause it rests on, such as "4.2". A finding with a
    `waiver` is listed and leads to nothing.
    """

    path: str
    span: Span
    code: str
    severity: Severity
    message: str
    hint: str = ""
    clause: str = ""
    consequence: Consequence = Consequence.LISTED
    quotable: bool = True
    record: str = ""
    school: str = ""
    waiver: Waiver | None = None

    @property
    def sort_key(self) -> tuple[str, int, int, str, str]:
        """Path, line, column, code, message: the order of every report."""
        return (self.path, self.span.line, self.span.column, self.code, self.message)
