"""Counts, completion, suppression: each statistic defined once.

    figure_table(view, "otterbeck", "completion", by="half-term")    # Labelled[Table]

A figure comes from clear headers alone (`from: header`), states n, period and audience, and is
suppressed when fewer distinct people stand behind it than the policy's `suppression.min_people`
(domain.md, "Statistics, defined once"). Making one is a declassification by name: its audience is
everyone whom the policy's table grants `figures` on each row it was counted from. What is counted
from sealed text is counted in the reader's browser.

`definitions` says what each figure is; `sessions`, `cycles` and `visits` find the facts;
`groupings` put them into groups; `suppression` says which may be shown; `tables` and `trust` show
them; `editions` takes out what an earlier page would give away.
"""

from coachbook.figures.definitions import DEFINITIONS, Definition, definition
from coachbook.figures.editions import Edition, beside_earlier, edition_lines
from coachbook.figures.groupings import GROUPINGS, UNNAMED, Grouping
from coachbook.figures.model import SUPPRESSED, Count, Fact, Figure, Period, Row, Table
from coachbook.figures.scope import (
    DEFAULT_LEAST_OF_TRUST,
    FIGURE_CELLS,
    SMALL_SCHOOL,
    figure_audience,
    has_staff,
    staff,
    staff_count,
    this_half_term,
    this_term,
    threshold,
    threshold_of_trust,
    year_to_date,
)
from coachbook.figures.sessions import coached
from coachbook.figures.tables import (
    REST,
    as_figure,
    count,
    defined,
    figure_table,
    figure_tables,
    process_figures,
)
from coachbook.figures.trust import (
    TRUST_LEAD,
    comparable,
    share_of,
    trust_table,
    why_left_out,
)
from coachbook.figures.visits import COUNTED_KINDS
from coachbook.reach import STAFF, people_meant

__all__ = [
    "COUNTED_KINDS",
    "DEFAULT_LEAST_OF_TRUST",
    "DEFINITIONS",
    "FIGURE_CELLS",
    "GROUPINGS",
    "REST",
    "SMALL_SCHOOL",
    "STAFF",
    "SUPPRESSED",
    "TRUST_LEAD",
    "UNNAMED",
    "Count",
    "Definition",
    "Edition",
    "Fact",
    "Figure",
    "Grouping",
    "Period",
    "Row",
    "Table",
    "as_figure",
    "beside_earlier",
    "coached",
    "comparable",
    "count",
    "defined",
    "definition",
    "edition_lines",
    "figure_audience",
    "figure_table",
    "figure_tables",
    "has_staff",
    "people_meant",
    "process_figures",
    "share_of",
    "staff",
    "staff_count",
    "this_half_term",
    "this_term",
    "threshold",
    "threshold_of_trust",
    "trust_table",
    "why_left_out",
    "year_to_date",
]
