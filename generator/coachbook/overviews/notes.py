"""A note as every page shows it: its sections with their readers, its state, what was added."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coachbook.overviews.wording import day_of
from coachbook.views import public

if TYPE_CHECKING:
    from coachbook.audience import Audience
    from coachbook.overviews import Blocks
    from coachbook.views import RecordView, SealedView, View


def note_model(
    view: View, record: RecordView, blocks: Blocks, audience: Audience
) -> dict[str, object]:
    """What stands in a note, for a page with this audience.

    An addendum that not everybody there may know of is left out.
    """
    added = (one for one in view.addenda.get(record.id, ()) if one.audience.admits(audience))
    return {
        "sections": [section_model(one, blocks, record) for one in record.sealed_sections()],
        "addenda": [_addendum(one, blocks) for one in added],
        "id": record.label(record.id, "id"),
    }


def section_model(
    sealed: SealedView, blocks: Blocks, record: RecordView | None = None
) -> dict[str, object]:
    """One sealed section: its name, its block on this page, and who can read it."""
    return {
        "name": public(sealed.name),
        "block": public(blocks.add(sealed, record)),
        "line": sealed.line,
    }


def with_steps(session: RecordView) -> list[SealedView]:
    """The sealed sections of a session that hold action steps, by its form."""
    steps = {section.name for section in session.form.sections if section.steps}
    return [section for section in session.sealed_sections() if section.name in steps]


def _addendum(record: RecordView, blocks: Blocks) -> dict[str, object]:
    by = str(record.raw("by") or "")
    return {
        "who": record.label(record.short_name(by), "by"),
        "day": day_of(record, "on"),
        "sections": [section_model(one, blocks, record) for one in record.sealed_sections()],
    }
