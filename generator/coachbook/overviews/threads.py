"""Action steps across the sessions of a cycle, a pair or a group.

The browser opens the steps and follows each from where it was agreed to where
it was checked; here stands which sections hold them, and on which days
something was practised. What a page does not hold itself the browser takes
from the pages on which those sessions stand.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from coachbook.audience import Audience, Labelled, narrow
from coachbook.overviews.notes import with_steps
from coachbook.overviews.stretches import page_kind, stretches_of
from coachbook.views import public

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator, Sequence

    from coachbook.overviews import Blocks
    from coachbook.views import RecordView, SealedView, View

    Found = list[tuple[RecordView, SealedView]]

_PRACTICE = ("Practice", "Rehearsal")


def thread_model(
    view: View,
    thread: RecordView,
    blocks: Blocks,
    *,
    here: Container[str],
    person: str = "",
) -> dict[str, object]:
    """The steps of all sessions of a thread; empty where none has any.

    Args:
        here: the ids of the sessions whose steps this page holds itself.
        person: leaves out what was not sealed to them, and leads to the page of the thread.
    """
    sessions = _known_to(person, view.sessions_of(thread.id))
    found = steps_of(sessions, person)
    if not found:
        return {}
    paths = stretches_of(view, page_kind(thread), thread.id).paths
    others = [(one, part) for one, part in found if one.id not in here]
    names = [
        blocks.add(part, one, paths[one.id] if person else "")
        for one, part in found
        if one.id in here
    ]
    audience = narrow(session.audience for session in (thread, *sessions))

    def label(words: Iterable[str], what: str) -> Labelled[str]:
        return Labelled(" ".join(words), audience, f"{thread.record.path}: {what}")

    return {
        "blocks": public(" ".join(names)),
        "elsewhere": label(dict.fromkeys(paths[one.id] for one, _ in others), "pages"),
        "sections": public("|".join(sorted({part.name for _, part in others}))),
        "mine": public(bool(person)),
        "practised": label(_practised(sessions), "practice"),
        "finished": thread.label(thread.raw("closed_on") is not None, "closed_on"),
        "today": public(thread.book.today.isoformat()),
    }


def steps_of(sessions: Sequence[RecordView], person: str = "") -> Found:
    """The sections that hold steps, with their sessions; of a person, those sealed to them."""
    return [
        (session, section)
        for session in sessions
        for section in with_steps(session)
        if not person or person in section.reader_ids
    ]


def _known_to(person: str, sessions: Sequence[RecordView]) -> Sequence[RecordView]:
    """Those whose header the person may read; all where nobody in particular asks."""
    own = Audience(frozenset({person}))
    return [one for one in sessions if one.audience.admits(own)] if person else sessions


def _practised(sessions: Sequence[RecordView]) -> Iterator[str]:
    """The days of the sessions in which somebody wrote down what was practised."""
    return (str(one.day) for one in sessions if one.day and _has_practice(one))


def _has_practice(session: RecordView) -> bool:
    return any(session.sealed(name) is not None for name in _PRACTICE)
