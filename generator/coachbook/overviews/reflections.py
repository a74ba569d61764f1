"""What a person wrote of their own learning: the latest in full, the earlier ones by their day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coachbook.overviews.aboutme import sections_for
from coachbook.overviews.mysteps import opens_page_of
from coachbook.overviews.notes import section_model
from coachbook.overviews.wording import session_row

if TYPE_CHECKING:
    from collections.abc import Sequence

    from coachbook.overviews import Blocks
    from coachbook.views import RecordView, View

_IN_FULL = 12
_REFLECTION = "Coachee reflection"


def reflections_model(
    view: View, person: str, sessions: Sequence[RecordView], blocks: Blocks
) -> list[dict[str, object]]:
    """The person's reflections, the newest first.

    An earlier one has no text here; it is read where its session stands. Where the person has no
    such page, it is given in full all the same.
    """
    found = [one for one in sessions[::-1] if _mine(one, person)]
    elsewhere = _on_pages_of(view, person)
    return [
        session_row(view, one)
        | {
            "others": one.others(person),
            "sections": [
                section_model(section, blocks, one)
                for section in sections_for(one, person, _REFLECTION)
                if place < _IN_FULL or one.id not in elsewhere
            ],
        }
        for place, one in enumerate(found)
    ]


def _mine(session: RecordView, person: str) -> bool:
    is_other_side = person in session.people.get("coach", ())
    return not is_other_side and bool(sections_for(session, person, _REFLECTION))


def _on_pages_of(view: View, person: str) -> frozenset[str]:
    """The sessions that stand on a page of a cycle, pair or group that the person has."""
    threads = (*view.cycles_of(person), *view.pairs_by_person.get(person, ()))
    return frozenset(
        session.id
        for thread in threads
        if opens_page_of(view, person, thread)
        for session in view.sessions_of(thread.id)
    )
