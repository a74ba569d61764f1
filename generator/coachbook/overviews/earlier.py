"""The sessions of an earlier half-term of a long cycle, pair or group, on a page of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coachbook.overviews import Blocks, Page
from coachbook.overviews.cycle import cycle_title
from coachbook.overviews.notes import note_model
from coachbook.overviews.pair import pair_title, subject_of
from coachbook.overviews.stretches import page_kind, stretches_of, thread_audience
from coachbook.overviews.wording import session_row
from coachbook.views import public

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coachbook.overviews.stretches import Stretch
    from coachbook.views import RecordView, View

_WORDS = {"cycle": "cycle", "partnership": "pair", "group": "group"}


def earlier_pages(view: View, thread: RecordView) -> Iterator[Page]:
    """Builds a page for each earlier half-term of a long cycle, pair or group."""
    for stretch in stretches_of(view, page_kind(thread), thread.id).earlier:
        yield _page(view, thread, stretch)


def _page(view: View, thread: RecordView, stretch: Stretch) -> Page:
    """Builds the page of one half-term, for all who have the page of the thread."""
    audience, blocks = thread_audience(view, thread), Blocks()
    whole = cycle_title(thread) if thread.record.type == "cycle" else pair_title(thread)
    title = whole.map(lambda words: f"{words}: {stretch.title}")
    return Page(
        kind="earlier",
        path=stretch.path,
        title=title,
        group=public(view.school_name(thread.school)),
        audience=audience,
        template="earlier.html",
        model={
            "title": title,
            "what": public(_WORDS[thread.record.type]),
            "href": thread.label(f"#/{page_kind(thread)}/{thread.id}", "id"),
            "sessions": [
                session_row(view, one)
                | note_model(view, one, blocks, audience)
                | {"subject": subject_of(one)}
                for one in stretch.sessions
            ],
        },
        blocks=blocks.held,
        origins=blocks.origins,
    )
