"""View: what one audience may see; the only thing an output accepts.

A view never hands out a bare value. Each clear value of a record is `Labelled`
with the people whom the policy's table lets read its row, narrowed by today's
policy; sealed parts travel as they are, with what can be told without a key.

    view = open_view(book)
    for cycle in view.cycles_of("p-7kq2m4xa"):
        cycle.field("phase")          # Labelled, never a str
"""

from coachbook.views.record import RecordView, SealedView, calendar_now, keyed, public
from coachbook.views.threads import by_reference, in_order
from coachbook.views.view import View, open_view

__all__ = [
    "RecordView",
    "SealedView",
    "View",
    "by_reference",
    "calendar_now",
    "in_order",
    "keyed",
    "open_view",
    "public",
]
