"""By when somebody who asked what is held about them has to be answered.

    due_day(date(2027, 1, 31))                    # 1 Mar 2027: 28 Feb is a Sunday
    due_day(date(2027, 1, 11), extended=True)     # two months more

One calendar month from the day the request came, in whatever form (UK GDPR, Article 12(3)); the
last day of a shorter month; and where that is no working day, the next one. While the school
waits to hear what is meant, the time stands still. Two more months need a reason.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from coachbook.calendar import is_weekend, months_later

if TYPE_CHECKING:
    from collections.abc import Collection

_MONTHS, _MORE_MONTHS = 1, 2
_A_DAY = dt.timedelta(days=1)


def due_day(
    received: dt.date,
    *,
    extended: bool = False,
    paused: tuple[dt.date, dt.date] | None = None,
    holidays: Collection[dt.date] = (),
) -> dt.date:
    """The last day for the answer.

    Args:
        extended: true once the person was told, within the first month, why it takes longer.
        paused: the day from which the school waited for an answer, and the day it came.
        holidays: bank holidays, as far as they are known.
    """
    due = months_later(received, _MONTHS + (_MORE_MONTHS if extended else 0))
    if paused:
        due += max(paused[1] - paused[0], dt.timedelta())
    while is_weekend(due) or due in holidays:
        due += _A_DAY
    return due
