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
        "sections": [section_model(one, blocks) for one in record.sealed_sections()],
        "addenda": [_addendum(one, blocks) for one in added],
        "id": record.label(record.id, "id"),
    }


def section_model(sealed: SealedView, blocks: Blocks) -> dict[str, object]:
    """One sealed section: its name, its block on this page, and who can read it."""
    return {
        "name": public(sealed.name),
        "block": public(blocks.add(sealed)),
        "line": sealed.line,
    }


def _addendum(record: RecordView, blocks: Blocks) -> dict[str, object]:
    by = str(record.raw("by") or "")
    return {
        "who": record.label(record.short_name(by), "by"),
        "day": day_of(record, "on"),
        "sections": [section_model(one, blocks) for one in record.sealed_sections()],
    }
