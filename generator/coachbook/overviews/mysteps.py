"""The action steps of one person in every cycle, pair and group they work in.

Their page holds the latest of them itself, as many as there is room for, so that it opens at
once; the others are taken from the pages of the threads, and no step is left out.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from coachbook.audience import Audience
from coachbook.overviews.stretches import page_kind, thread_audience, weight
from coachbook.overviews.threads import steps_of, thread_model
from coachbook.overviews.wording import month_begun
from coachbook.views import in_order, public

if TYPE_CHECKING:
    from collections.abc import Sequence

    from coachbook.overviews import Blocks
    from coachbook.views import RecordView, View

ROOM = 110_000
"""How many characters of sealed steps the page of one person holds."""

_UNDER_WAY = frozenset({"open", "paused"})


def steps_model(
    view: View,
    person: str,
    cycles: Sequence[RecordView],
    pairs: Sequence[RecordView],
    blocks: Blocks,
) -> list[dict[str, object]]:
    """The steps of each cycle under way, and of each pair and group that meets outside cycles.

    Two cycles with the same person are told apart by the month they began in.
    """
    running = [one for one in cycles if one.raw("status") in _UNDER_WAY]
    meeting = [one for one in pairs if view.sessions_of(one.id)]
    names = Counter(one.others(person).value for one in running)
    here = _held_here(view, person, (*running, *meeting))
    return [
        {
            "others": one.others(person),
            "href": one.label(f"#/{page_kind(one)}/{one.id}", "id"),
            "since": month_begun(one) if names[one.others(person).value] > 1 else public(""),
            "steps": thread_model(view, one, blocks, here=here, person=person),
        }
        for one in (*running, *meeting)
    ]


def opens_page_of(view: View, person: str, thread: RecordView) -> bool:
    """Whether the person has the page of a cycle, pair or group they are in."""
    return thread_audience(view, thread).admits(Audience(frozenset({person})))


def _held_here(view: View, person: str, threads: Sequence[RecordView]) -> frozenset[str]:
    """The sessions whose steps the person's page holds: the latest, and what is nowhere else."""
    found = {
        session.id
        for thread in threads
        if not opens_page_of(view, person, thread)
        for session in view.sessions_of(thread.id)
    }
    room = ROOM
    sessions = {one.id: one for thread in threads for one in view.sessions_of(thread.id)}
    for session in in_order(sessions.values())[::-1]:
        room -= weight(part for _, part in steps_of([session], person))
        if room < 0:
            break
        found.add(session.id)
    return frozenset(found)
