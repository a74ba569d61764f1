"""The page of one visit: an observation, a learning walk, a drop-in, with all its sections."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coachbook.overviews import Blocks, Page
from coachbook.overviews.notes import note_model
from coachbook.overviews.wording import VISIT_WORDS, session_row, visit_row
from coachbook.sentences import begin, join
from coachbook.views import keyed, public

if TYPE_CHECKING:
    from coachbook.audience import Audience
    from coachbook.views import RecordView, View

_FACTS = {
    "subject": "Subject",
    "year_group": "Class",
    "class_size": "Pupils in the class",
    "pupils_present": "Pupils there",
}


def visit_page(view: View, visit: RecordView) -> Page:
    """Builds the page model of a visit, for everyone who may read its header."""
    audience = keyed(view.book, visit.audience)
    blocks = Blocks()
    return Page(
        kind="visit",
        path=f"visit/{visit.id}",
        title=visit.label(_title(visit), "title"),
        group=public(view.school_name(visit.school)),
        audience=audience,
        template="visit.html",
        model=visit_row(view, visit)
        | note_model(view, visit, blocks, audience)
        | {"facts": _facts(visit), "told": _told(view, visit, audience)},
        blocks=blocks.held,
        origins=blocks.origins,
    )


def _title(visit: RecordView) -> str:
    observed = join([visit.short_name(p) for p in visit.people.get("observed", ())])
    day = f", {visit.day:%d %b %Y}".replace(", 0", ", ") if visit.day else ""
    kind = VISIT_WORDS.get(str(visit.raw("kind")), "Visit")
    return f"{f'Visit to {observed}' if observed else kind}{day}"


def _facts(visit: RecordView) -> list[dict[str, object]]:
    """What the header says about the class, in the words of the page."""
    return [
        {"name": public(words), "value": visit.label(_said(visit, key), key)}
        for key, words in _FACTS.items()
        if visit.raw(key) is not None
    ]


def _said(visit: RecordView, key: str) -> str:
    said = str(visit.raw(key))
    return begin(said) if key == "subject" else said


def _told(view: View, visit: RecordView, audience: Audience) -> list[dict[str, object]]:
    """The sessions in which it was talked through, as far as all on this page may know them."""
    sessions = view.feedback.get(visit.id, ())
    return [session_row(view, one) for one in sessions if one.audience.admits(audience)]
