"""What a figure is made of: facts counted, a period, rows, a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coachbook.calendar import format_date
from coachbook.values import frozen

if TYPE_CHECKING:
    import datetime as dt

    from coachbook.people import Person
    from coachbook.views import RecordView

SUPPRESSED = "[c]"
"""What stands for a value that could tell something about one person."""

NOTHING = "–"
"""What stands where there was nothing to count."""

PEOPLE = "people"
"""The unit of a figure that counts people, so that what is left over is people too."""


@frozen
class Period:
    """From the first to the last day that counts, both included."""

    start: dt.date
    end: dt.date

    def __str__(self) -> str:
        """Names the period as people write it."""
        return f"{format_date(self.start)} to {format_date(self.end)}"

    def holds(self, day: dt.date | None) -> bool:
        """Says whether a day counts."""
        return day is not None and self.start <= day <= self.end


@frozen(eq=False)
class Fact:
    """One thing that is counted: `part` of `whole`, and the people it is about.

    It comes from a record or from a person, by which it can be put into groups.
    `mark` is the group that nothing but its own statistic knows, such as a reason; `aside` is how
    much of what is left over of the whole has a reason that is written down.
    """

    people: frozenset[str]
    part: float
    whole: float = 1
    record: RecordView | None = None
    person: Person | None = None
    day: dt.date | None = None
    mark: str = ""
    aside: float = 0


@frozen
class Count:
    """What was counted: `part` of `whole`, over `people` distinct people."""

    part: float
    whole: float
    people: int


@frozen
class Row:
    """One line of a table; where `hidden`, no number of it is left anywhere in it.

    `number` is the value as a chart draws it, None where there is nothing to draw; `share` is 0
    to 100 where the value is one.
    """

    key: str
    label: str
    value: str
    detail: str
    people: int | None
    share: int | None
    hidden: bool
    number: float | None = None

    @property
    def counted(self) -> str:
        """What was counted, as it stands beside the value: of a sum, its unit alone."""
        return SUPPRESSED if self.hidden else self.detail.removeprefix(f"{self.value} ")

    @property
    def bar(self) -> dict[str, object]:
        """The row as a chart takes it."""
        value = SUPPRESSED if self.hidden else self.number
        text = self.value if self.hidden or self.share is None else f"{self.value}, {self.detail}"
        return {"label": self.label, "value": value, "text": text}


@frozen
class Table:
    """A figure as it is shown: for the whole school, and group by group where `by` says so.

    `counted` says who counts; `note` says what is not shown and
    why; `left_out` names the schools that a figure of the trust is made without. Where `among` is
    true, the people of a row are those among whom something was counted, and its detail says how
    many of them stand behind the number. `lacks` says what is missing to count it.
    """

    key: str
    title: str
    meaning: str
    unit: str
    measure: str
    by: str
    by_title: str
    period: str
    counted: str
    note: str
    threshold: int
    rows: tuple[Row, ...]
    total: Row
    left_out: tuple[tuple[str, str], ...] = ()
    source: str = "header"
    among: bool = False
    lacks: str = ""

    @property
    def columns(self) -> tuple[str, ...]:
        """The headings of its columns."""
        people = "People in all" if self.among else "People"
        return (self.by_title or "Group", self.measure, "Counted", people)

    @property
    def cells(self) -> tuple[tuple[str, ...], ...]:
        """Its lines as texts under those headings, the total last."""
        return tuple(_texts(row) for row in (*self.rows, self.total))

    @property
    def bars(self) -> tuple[dict[str, object], ...]:
        """Its lines as a chart takes them, without the total."""
        return tuple(row.bar for row in self.rows)

    @property
    def suppressed(self) -> bool:
        """True where any number of it is not shown."""
        return any(row.hidden for row in (*self.rows, self.total))


def _texts(row: Row) -> tuple[str, ...]:
    known = NOTHING if row.number is None and not row.hidden else str(row.people)
    people = SUPPRESSED if row.people is None else known
    return (row.label, row.value, row.counted, people)


@frozen
class Figure:
    """A figure of a whole school. `share` is 0 to 100, or None when suppressed or empty."""

    key: str
    title: str
    meaning: str
    value: str
    detail: str
    period: str
    share: int | None
    suppressed: bool
