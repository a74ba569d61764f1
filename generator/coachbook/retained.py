"""What each school keeps, how long by its policy, and what is due to go.

    rows = retention_rows(book)
    due = due_by(book, date(2027, 9, 1))

It needs no key. Of records that are sealed whole only their readers know when their time began,
so they are counted and left to them.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from coachbook.book import policy_now
from coachbook.calendar import format_date
from coachbook.keeping import State, is_open_request, kept_records
from coachbook.policylimits import limit_findings
from coachbook.retention import IMPACT, NOTES, PARAMETERS, SEPARATE
from coachbook.sentences import join
from coachbook.values import frozen

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from coachbook.book import Book
    from coachbook.keeping import Kept
    from coachbook.policy import Policy

VERSION = 1

TITLES = {
    NOTES: "Notes of sessions, visits and cycles",
    IMPACT: "Reviews and statements",
    SEPARATE: "Records kept apart",
}
"""Parameter -> what it is about, in words."""


_ASKED = "somebody waits for what is held about them; do away with nothing that they asked for"


@frozen
class Row:
    """One kind of records of a school: what the policy says, and what is known of them.

    `parameter` is "" for what no clause speaks of; `unusual` says where the policy differs from
    a common limit.
    """

    school: str
    name: str
    parameter: str
    words: str
    clause: str
    count: int
    states: Mapping[State, int]
    kinds: Mapping[str, int]
    next_due: dt.date | None
    unusual: str


@frozen
class RetentionList:
    """The rows of all schools, and the schools where somebody waits for what is held on them."""

    rows: tuple[Row, ...]
    asked: tuple[str, ...]


def retention_list(book: Book) -> RetentionList:
    """What each school keeps, by what its policy says of it."""
    groups: dict[tuple[str, str], list[Kept]] = {}
    for one in kept_records(book):
        groups.setdefault((one.school, one.parameter), []).append(one)
    rows = [
        _row(book, school, key, groups.get((school, key), []))
        for school in sorted(book.schools, key=lambda one: book.schools[one].name)
        for key in (*PARAMETERS, "")
    ]
    asked = tuple(one.name for one in book.schools.values() if is_open_request(book, one.id))
    return RetentionList(tuple(row for row in rows if row.parameter or row.count), asked)


def due_by(book: Book, day: dt.date) -> tuple[Kept, ...]:
    """The records whose time is over by a day, the longest over first."""
    found = [one for one in kept_records(book) if one.until is not None and one.until <= day]
    return tuple(sorted(found, key=lambda one: (str(one.until), one.path)))


def _row(book: Book, school: str, key: str, found: Sequence[Kept]) -> Row:
    policy = policy_now(book, school)
    coming = [one.until for one in found if one.until and one.until >= book.today]
    return Row(
        school=school,
        name=book.schools[school].name,
        parameter=key,
        words=str(policy.get(key) or "") if policy and key else "",
        clause=policy.clause_of(key) if policy and key else "",
        count=len(found),
        states=Counter(one.state for one in found),
        kinds=dict(sorted(Counter(one.title for one in found).items())),
        next_due=min(coming, default=None),
        unusual=_unusual(policy, key) if policy and key in policy.parameters else "",
    )


def _unusual(policy: Policy, key: str) -> str:
    """Where the policy keeps something for longer than is common."""
    line = policy.parameters[key].span.line
    return "; ".join(one.message for one in limit_findings(policy) if one.span.line == line)


def format_retention(found: RetentionList) -> str:
    """The rows for people, school by school."""
    lines: list[str] = []
    school = ""
    for row in found.rows:
        if row.name != school:
            lines += ["", row.name] if lines else [row.name]
            school = row.name
        lines += _row_lines(row)
    for name in found.asked:
        lines += ["", f"{name}: {_ASKED}"]
    return "\n".join(lines) + "\n"


def _row_lines(row: Row) -> Iterator[str]:
    if not row.parameter:
        kinds = join([f"{title} ({count})" for title, count in row.kinds.items()])
        yield f"  The policy does not say how long these are kept: {kinds}"
        return
    clause = f" [{row.clause}]" if row.clause else ""
    kept = f"kept {row.words}{clause}" if row.words else State.SILENT.value
    yield f"  {TITLES[row.parameter]}: {kept}"
    yield f"    {'; '.join(_counts(row)) or 'none on record'}"
    if row.unusual:
        yield f"    {row.unusual}"


def _counts(row: Row) -> Iterator[str]:
    if row.count:
        yield f"{row.count} {'record' if row.count == 1 else 'records'}"
    for state, words in _STATE_WORDS.items():
        if row.states.get(state):
            yield words.format(row.states[state])
    if row.next_due:
        yield f"the next to go after {format_date(row.next_due)}"


_STATE_WORDS = {
    State.DUE: "{} due to go",
    State.RUNNING: "{} in a cycle that is still open",
    State.BY_HAND: "{} to be worked out by hand",
    State.SEALED: "since when, only their readers can tell of {}",
}


def retention_json(found: RetentionList) -> dict[str, object]:
    """The same for programs; a documented contract like the findings."""
    return {
        "version": VERSION,
        "rows": [
            {
                "school": row.school,
                "parameter": row.parameter,
                "kept": row.words,
                "clause": row.clause,
                "records": row.count,
                "states": {state.value: count for state, count in row.states.items()},
                "kinds": dict(row.kinds),
                "next_due": row.next_due.isoformat() if row.next_due else None,
                "unusual": row.unusual,
            }
            for row in found.rows
        ],
        "requests_open_at": list(found.asked),
    }


def format_due(found: Iterable[Kept]) -> str:
    """The records that are due, a line each."""
    return "".join(f"{one.until}  {one.path}  {one.title}\n" for one in found)


def due_json(found: Iterable[Kept], day: dt.date) -> dict[str, object]:
    """The same for programs."""
    return {
        "version": VERSION,
        "due_by": day.isoformat(),
        "records": [
            {
                "id": one.id,
                "path": one.path,
                "kind": one.title,
                "school": one.school,
                "since": one.since.isoformat() if one.since else None,
                "until": one.until.isoformat() if one.until else None,
                "parameter": one.parameter,
            }
            for one in found
        ],
    }
