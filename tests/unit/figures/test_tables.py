"""A figure as it is shown: its rows, its words, and who may see it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from coachbook.book import load_book
from coachbook.figures import (
    as_figure,
    comparable,
    definition,
    figure_table,
    figure_tables,
    trust_table,
)
from coachbook.views import open_view
from tests.unit.figures.school import settle, view_of

if TYPE_CHECKING:
    from coachbook.figures import Table
    from coachbook.views import View

EXAMPLE = Path(__file__).parents[3]
SCHOOL = "otterbeck"


@pytest.fixture(scope="module")
def trust() -> View:
    """The example trust on the day of the demonstration."""
    return open_view(load_book(EXAMPLE, today=date(2027, 3, 12)))


@pytest.fixture
def open_school(workspace: Path) -> View:
    """The small school, where one person is enough for a figure."""
    settle(workspace, "suppression.min_people: 1")
    return view_of(workspace)


def table(view: View, key: str, by: str = "", school: str = SCHOOL) -> Table:
    """A figure as a table, without its label."""
    return figure_table(view, school, key, by=by).value


def test_a_figure_says_its_share_its_count_and_its_people(open_school: View) -> None:
    """A share stands with the count behind it, how many people it is about, and its days."""
    figure = as_figure(table(open_school, "completion"))

    assert (figure.value, figure.share) == ("100%", 100)
    assert figure.detail == "1 of 1 session, 1 person"
    assert figure.period == "2 Sep 2026 to 16 Nov 2026"


def test_a_sum_is_not_said_twice(open_school: View) -> None:
    """Beside a sum stands its unit; beside a share, what it is a share of."""
    cells = {key: table(open_school, key).cells[-1][1:3] for key in ("minutes", "completion")}

    assert cells == {"minutes": ("14", "minutes"), "completion": ("100%", "1 of 1 session")}


def test_a_figure_of_few_people_holds_no_number(workspace: Path) -> None:
    """Where too few people stand behind it, a figure has neither share nor count."""
    figure = as_figure(table(view_of(workspace), "completion"))

    assert (figure.value, figure.share, figure.suppressed) == ("[c]", None, True)
    assert figure.detail == "Not shown: fewer than 5 people stand behind it."


def test_a_table_has_its_total_below_its_rows(open_school: View) -> None:
    """Each half-term that has begun is a row, and the last line is the whole school."""
    found = table(open_school, "completion", "half-term")

    assert found.columns == ("Half-term", "Share", "Counted", "People")
    assert found.cells == (
        ("Autumn 1", "–", "Nothing to count yet", "–"),
        ("Autumn 2", "100%", "1 of 1 session", "1"),
        ("The whole school", "100%", "1 of 1 session", "1"),
    )


def test_a_chart_draws_no_hidden_row(workspace: Path) -> None:
    """A hidden row is marked for a chart, and a nought beside it is hidden too."""
    bars = table(view_of(workspace), "minutes", "half-term").bars

    assert [one["value"] for one in bars] == ["[c]", "[c]"]


def test_one_is_one(open_school: View) -> None:
    """One person is a person and one cycle is a cycle."""
    assert table(open_school, "load").total.value == "1 person"
    assert table(open_school, "cycles").total.detail == "1 cycle"


def test_what_stands_today_has_a_day_for_a_period(open_school: View) -> None:
    """Cycles that are going on are those of today, not of the year."""
    assert table(open_school, "cycles").period == "16 Nov 2026"


def test_a_sealed_figure_is_not_counted_here(open_school: View) -> None:
    """What comes from sealed text is counted where the key is."""
    with pytest.raises(ValueError, match="reader's browser"):
        figure_table(open_school, SCHOOL, "steps")


def test_a_figure_is_shown_only_by_its_own_groupings(open_school: View) -> None:
    """Sessions have no scope, so that grouping is refused."""
    with pytest.raises(ValueError, match="not shown by scope"):
        figure_table(open_school, SCHOOL, "completion", by="scope")


def test_a_small_school_says_why_it_has_no_groups_of_people(open_school: View) -> None:
    """With fewer than 30 staff a table by staff group has its total and a reason."""
    found = table(open_school, "completion", "category")

    assert found.rows == ()
    assert found.note == "In a school with fewer than 30 staff nothing is shown by staff group."
    assert found.total.value == "100%"


def test_a_school_without_a_policy_shows_its_figures_to_nobody(workspace: Path) -> None:
    """Nothing grants anybody a figure where there is no policy in force."""
    (workspace / "records/otterbeck/policy-2026-09.md").unlink()

    assert figure_table(view_of(workspace), SCHOOL, "completion").audience.principals == frozenset()


def test_a_school_without_people_has_nothing_to_count(open_school: View) -> None:
    """A school that nobody is at has no session, and says so rather than failing."""
    found = table(open_school, "kept", school="elsewhere")

    assert (found.total.value, found.total.detail) == ("–", "Nothing to count yet")


def test_every_figure_says_who_counts(trust: View) -> None:
    """Wherever a figure stands it can say for which days, who counts and who does not."""
    for school in trust.book.schools:
        for one in figure_tables(trust, school):
            found = one.value
            assert found.period
            assert found.counted
            assert definition(found.key).leaves_out
            assert found.source == "header"


def test_everything_over_groups_is_the_whole(trust: View) -> None:
    """Where no row is hidden and every session is in one group, the rows make the total."""
    for school in trust.book.schools:
        found = table(trust, "minutes", "term", school)
        if not found.suppressed:
            assert sum(row.number or 0 for row in found.rows) == found.total.number


def test_groups_that_may_not_stand_alone_stand_together(trust: View) -> None:
    """Not even the name of a priority shows that too few people work on."""
    found = table(trust, "goals", "priority", "otterbeck")

    assert [row.label for row in found.rows] == ["All others"]
    assert found.rows[0].number == found.total.number


def test_the_trust_compares_what_policies_share(trust: View) -> None:
    """A figure over schools names each school that it is made without, and why."""
    found = trust_table(trust, "length", role="governors").value
    names = {trust.school_name(one) for one in trust.book.schools}

    assert {row.label for row in found.rows} | {name for name, _ in found.left_out} == names
    assert ("Fennimoor Academy", "its policy does not have this rule") in found.left_out
    assert all(name in found.note for name, _ in found.left_out)


def test_a_total_over_schools_is_of_the_schools_shown(trust: View) -> None:
    """Nobody can take the shown schools from the total and be left with a hidden one."""
    for key in comparable(trust, role="governors"):
        found = trust_table(trust, key, role="governors").value
        if definition(key).measure == "total" and not found.total.hidden:
            assert found.total.number == sum(row.number or 0 for row in found.rows)


def test_a_figure_over_schools_is_for_whoever_holds_the_role_at_each(trust: View) -> None:
    """Nobody is governor of all four schools, so nobody is shown what all four have in common."""
    assert trust_table(trust, "completion", role="governors").audience.principals == frozenset()


def test_a_school_that_grants_a_role_nothing_is_left_out(trust: View) -> None:
    """Only Fennimoor has a lead for professional development, so nothing can be compared."""
    found = trust_table(trust, "minutes", role="cpd-lead").value

    assert [row.key for row in found.rows] == ["fennimoor"]
    assert comparable(trust, role="cpd-lead") == ()
    assert {reason for _, reason in found.left_out} == {
        "its policy does not open this figure to the lead for professional development"
    }
