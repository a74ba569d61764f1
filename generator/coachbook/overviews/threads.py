"""Action steps across the sessions of a cycle, a pair or a group.

The browser opens the steps and follows each from where it was agreed to where
it was checked; here stands which sections hold them, and on which days
something was practised.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from coachbook.audience import Labelled, narrow
from coachbook.overviews.notes import with_steps
from coachbook.views import public

if TYPE_CHECKING:
    from collections.abc import Sequence

    from coachbook.overviews import Blocks
    from coachbook.views import RecordView

_PRACTICE = ("Practice", "Rehearsal")


def thread_model(
    thread: RecordView, sessions: Sequence[RecordView], blocks: Blocks, *, person: str = ""
) -> dict[str, object]:
    """The steps of these sessions; empty where none has any.

    Args:
        person: leaves out what was not sealed to them, and leads to the page of the thread.
    """
    kind = "cycle" if thread.record.type == "cycle" else "pair"
    path = f"{kind}/{thread.id}" if person else ""
    names = [
        blocks.add(section, session, path)
        for session in sessions
        for section in with_steps(session)
        if not person or person in section.reader_ids
    ]
    if not names:
        return {}
    days = [str(session.day) for session in sessions if session.day and _has_practice(session)]
    audience = narrow(session.audience for session in (thread, *sessions))
    return {
        "blocks": public(" ".join(names)),
        "practised": Labelled(" ".join(days), audience, f"{thread.record.path}: practice"),
        "today": public(thread.book.today.isoformat()),
    }


def _has_practice(session: RecordView) -> bool:
    return any(session.sealed(name) is not None for name in _PRACTICE)
