"""The next session of a person and what was agreed in the last one."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from coachbook.audience import Audience
from coachbook.overviews.aboutme import sections_for
from coachbook.overviews.notes import section_model, with_steps
from coachbook.overviews.wording import session_row

if TYPE_CHECKING:
    from collections.abc import Sequence

    from coachbook.overviews import Blocks
    from coachbook.views import RecordView, SealedView, View

_SAID = ("Commitment", "Will", "Notes")


def next_model(view: View, person: str, sessions: Sequence[RecordView]) -> dict[str, object]:
    """The next planned session of these, told from the person's side; empty without one."""
    planned = [
        one
        for one in sessions
        if one.raw("status") == "planned" and one.day and one.day >= view.book.today
    ]
    if not planned:
        return {}
    following = min(planned, key=lambda one: (str(one.day), one.id))
    return session_row(view, following) | {"others": following.others(person)}


def last_model(
    view: View, person: str, sessions: Sequence[RecordView], blocks: Blocks
) -> dict[str, object]:
    """The latest session that was held, with what was agreed in it; empty without one.

    What was agreed are its action steps; where it has none, what it says of what will be done,
    and where that was not written either, its notes. While the note is somebody else's draft,
    what was agreed before stands below it.
    """
    held = [one for one in sessions if one.raw("status") == "held" and one.day]
    held.sort(key=lambda one: (str(one.day), one.id), reverse=True)
    if not held:
        return {}
    last, *earlier = held
    awaits = _awaits(last, person)
    known = (one for one in earlier if awaits and _agreed(one, person))
    return _agreed_model(view, person, last, blocks) | {
        "awaited": last.label(_whose(last) if awaits else "", "note"),
        "before": [_agreed_model(view, person, one, blocks) for one in islice(known, 1)],
    }


def _agreed_model(
    view: View, person: str, session: RecordView, blocks: Blocks
) -> dict[str, object]:
    return session_row(view, session) | {
        "others": session.others(person),
        "sections": [section_model(one, blocks, session) for one in _agreed(session, person)],
    }


def _whose(session: RecordView) -> str:
    author = session.life.author
    return f"{session.short_name(author)}'s" if author else "The"


def _awaits(session: RecordView, person: str) -> bool:
    """Whether the note is a draft of somebody else, of which the person can open nothing yet."""
    life = session.life
    return life.is_draft and life.author != person and not _agreed(session, person)


def sessions_of(view: View, person: str) -> list[RecordView]:
    """The sessions of every cycle, pair and group of a person, as far as they may know of them."""
    own = Audience(frozenset({person}))
    threads = (*view.cycles_of(person), *view.pairs_by_person.get(person, ()))
    found = {
        session.id: session
        for thread in threads
        for session in view.sessions_of(thread.id)
        if session.audience.admits(own)
    }
    return sorted(found.values(), key=lambda one: (str(one.day), one.id))


def _agreed(session: RecordView, person: str) -> list[SealedView]:
    steps = [one for one in with_steps(session) if person in one.reader_ids]
    said = (sections_for(session, person, name) for name in _SAID)
    return steps or next(filter(None, said), [])
