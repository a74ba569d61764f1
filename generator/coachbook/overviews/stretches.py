"""Which page of a cycle, a pair or a group each of its sessions stands on.

A page that holds years of sealed notes is slow to load and long to read. So the sessions of the
latest half-terms stand on the page itself, as many as there is room for, and those of each
earlier half-term on a page of their own. Most cycles have room for all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from coachbook.audience import narrow
from coachbook.calendar import school_year
from coachbook.values import frozen
from coachbook.views import keyed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from coachbook.audience import Audience
    from coachbook.views import RecordView, SealedView, View

ROOM = 190_000
"""How many characters of sealed notes a page holds before earlier ones move to their own."""

_BESIDE = 900  # what stands beside each sealed part: its readers, its place, its heading


@frozen
class Stretch:
    """The sessions of one earlier half-term: what it is called, and its page in the portal."""

    title: str
    path: str
    sessions: tuple[RecordView, ...]


@frozen
class Stretches:
    """The sessions of a cycle, pair or group: those on its own page, and the earlier ones."""

    here: tuple[RecordView, ...]
    earlier: tuple[Stretch, ...]
    paths: Mapping[str, str]
    """The page of each session, by its id."""


def stretches_of(view: View, kind: str, thread: str) -> Stretches:
    """The sessions of a thread by the page they stand on, worked out once.

    Args:
        kind: what the address of the thread's page begins with, "cycle" or "pair".
    """
    return view.once(
        ("stretches", kind, thread),
        lambda: _divided(view, f"{kind}/{thread}", view.sessions_of(thread)),
    )


def page_kind(thread: RecordView) -> str:
    """What the address of a thread's page begins with."""
    return "cycle" if thread.record.type == "cycle" else "pair"


def thread_audience(view: View, thread: RecordView) -> Audience:
    """Everyone with a key who may read the headers of a thread and of all that hangs on it."""
    return view.once(("audience of a thread", thread.id), lambda: _audience(view, thread))


def _audience(view: View, thread: RecordView) -> Audience:
    parts = (thread, *view.sessions_of(thread.id), *view.statements.get(thread.id, ()))
    return keyed(view.book, narrow(one.audience for one in parts))


def weight(parts: Iterable[SealedView]) -> int:
    """How much room sealed parts take on a page, in characters."""
    return sum(len(part.armor) + _BESIDE for part in parts)


def earlier_links(view: View, thread: RecordView) -> list[dict[str, object]]:
    """What the page of a thread says of its earlier pages: the half-term, and how many sessions."""
    return [
        {
            "title": thread.label(stretch.title, "date"),
            "href": thread.label(f"#/{stretch.path}", "id"),
            "sessions": thread.label(len(stretch.sessions), "sessions"),
        }
        for stretch in stretches_of(view, page_kind(thread), thread.id).earlier
    ]


def _divided(view: View, path: str, sessions: Sequence[RecordView]) -> Stretches:
    found = _by_half_term(view, path, sessions)
    first = _first_with_room(found)
    here = tuple(one for stretch in found[first:] for one in stretch.sessions)
    paths = {one.id: path for one in here}
    paths |= {one.id: stretch.path for stretch in found[:first] for one in stretch.sessions}
    return Stretches(here, tuple(found[:first]), paths)


def _by_half_term(view: View, path: str, sessions: Sequence[RecordView]) -> list[Stretch]:
    """The sessions by half-term, in the order of days."""
    groups: dict[tuple[str, str], list[RecordView]] = {}
    for session in sessions:
        groups.setdefault(_half_term(view, session), []).append(session)
    return [Stretch(title, f"{path}/{key}", tuple(found)) for (key, title), found in groups.items()]


def _first_with_room(found: Sequence[Stretch]) -> int:
    """The first stretch from which on everything fits on one page; the last one always stays."""
    room = ROOM
    for place in range(len(found) - 1, -1, -1):
        room -= sum(weight(one.sealed_sections()) for one in found[place].sessions)
        if room < 0:
            return min(place + 1, len(found) - 1)
    return 0


def _half_term(view: View, session: RecordView) -> tuple[str, str]:
    """The half-term of a session with its school year; outside of any, the month."""
    day, name = session.day, view.half_term(session)
    if day is None:
        return "without-a-day", "Without a day"
    if not name:
        return f"{day:%Y-%m}", f"{day:%B %Y}"
    year = school_year(day)
    return f"{year}-{name.lower().replace(' ', '-')}", f"{name}, {year}"
