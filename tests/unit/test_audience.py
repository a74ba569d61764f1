"""Who may see a value, and where it may flow."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coachbook.audience import (
    NOBODY,
    PUBLIC,
    Audience,
    FlowError,
    Labelled,
    audience,
    combine,
    flow,
    info_names,
    narrow,
    public,
    readers,
    row_principals,
)
from coachbook.clauses import parse_body
from coachbook.policy import Cell, Policy

PRINCIPALS = ("p-aaaa", "p-bbbb", "p-cccc", "head@otterbeck", "monitor@otterbeck")
CANARY = "a canary that no message may show"

groups = st.frozensets(st.sampled_from(PRINCIPALS)).map(Audience) | st.just(PUBLIC)


def members(group: Audience) -> frozenset[str]:
    """Everyone in an audience; the public has one member more than any group."""
    if group.principals is None:
        return frozenset({*PRINCIPALS, "a stranger"})
    return group.principals


def policy(*rows: str, columns: str = "Coachee | Coach | Monitor | Head") -> Policy:
    """A policy of Otterbeck with this access table and nothing else."""
    head = f"| Part of a record | {columns} |"
    rule = "|---" * (columns.count("|") + 2) + "|"
    body = parse_body("\n".join(("## Who can read what", "", head, rule, *rows)), 1)
    assert not body.faults
    return Policy(
        school="otterbeck",
        version="2026-09",
        effective_from=date(2026, 9, 1),
        review_due=None,
        ratified_on=None,
        preset="",
        path="records/otterbeck/policy-2026-09.md",
        title="",
        parameters={},
        headings=(),
        clauses=(),
        columns=body.columns,
        access=body.access,
        table_line=body.table_line,
        body="",
    )


PAIR = {"coach": ("p-coach",), "coachee": ("p-coachee",)}
NOTES = "| Session notes | write | write | read | - |"


@given(groups, groups)
def test_flow_is_allowed_to_a_subset_only(own: Audience, page: Audience) -> None:
    """A value goes to a page exactly when everyone who sees the page may see the value."""
    allowed = all(one in members(own) for one in members(page))
    label = Labelled(CANARY, own, "s-1a2b, Notes")

    if allowed:
        assert flow(label, page) == CANARY
    else:
        with pytest.raises(FlowError):
            flow(label, page)
    assert own.admits(page) is allowed


@given(st.lists(groups, max_size=4), groups)
def test_what_is_combined_goes_only_where_every_part_may(
    owns: list[Audience], page: Audience
) -> None:
    """Values put together have the audience that all of them have in common."""
    together = combine(Labelled(n, own, f"record {n}") for n, own in enumerate(owns))

    assert together.audience.admits(page) is all(own.admits(page) for own in owns)
    assert together.value == tuple(range(len(owns)))


@given(st.lists(groups, min_size=1, max_size=4))
def test_narrowing_never_adds_anyone(owns: list[Audience]) -> None:
    """Nobody is in a narrowed audience who was not in each of its parts."""
    common = narrow(owns)

    assert all(own.admits(common) for own in owns)


def test_two_audiences_without_a_member_in_common_leave_nobody() -> None:
    """What only the coach may see, put beside what only the head may see, is for nobody."""
    assert narrow([audience("p-aaaa"), audience("head@otterbeck")]) == NOBODY


def test_a_flow_error_names_the_source_and_who_would_newly_see_it() -> None:
    """The message of a refused flow says where the value came from and for whom it is not."""
    label = Labelled(CANARY, audience("p-aaaa", "monitor@otterbeck"), "s-1a2b, Notes")

    with pytest.raises(FlowError) as caught:
        flow(label, audience("p-aaaa", "governors@otterbeck", "head@otterbeck"))

    assert caught.value.message == (
        "s-1a2b, Notes would be shown to people it is not meant for: "
        "governors@otterbeck, head@otterbeck"
    )
    assert caught.value.new == {"governors@otterbeck", "head@otterbeck"}


def test_a_public_page_shows_a_value_to_everyone() -> None:
    """Nothing but public values flow to a public page."""
    with pytest.raises(FlowError, match="everyone"):
        flow(Labelled(CANARY, audience("p-aaaa"), "s-1a2b, Notes"), PUBLIC)


@pytest.mark.parametrize("show", [repr, str, "{}".format, "{!r}".format, "%s".__mod__])
def test_a_label_never_shows_its_value(show: object) -> None:
    """However a labelled value is printed, what comes out is its source and audience."""
    label = Labelled(CANARY, audience("p-aaaa"), "s-1a2b, Notes")

    shown = show(label)  # type: ignore[operator]

    assert CANARY not in shown
    assert "s-1a2b, Notes" in shown
    assert "p-aaaa" in shown


def test_a_flow_error_never_shows_the_value() -> None:
    """The value stands neither in the message nor in the hint nor in the error itself."""
    with pytest.raises(FlowError) as caught:
        flow(Labelled(CANARY, NOBODY, "s-1a2b, Notes"), PUBLIC)

    assert CANARY not in repr(caught.value) + caught.value.hint + str(vars(caught.value))


def test_a_changed_value_keeps_its_label() -> None:
    """What is made of a value may be seen by the same people as the value."""
    label = Labelled("wait time", audience("p-aaaa"), "c-1a2b, Goal")

    assert label.map(len) == Labelled(9, audience("p-aaaa"), "c-1a2b, Goal")


def test_a_public_value_is_said_to_be_public() -> None:
    """A value is public only where that is said when it is labelled."""
    assert flow(public("Autumn 1", "calendar"), PUBLIC) == "Autumn 1"


def test_a_row_names_its_readers_in_the_order_of_the_table() -> None:
    """Relations become people, roles become roles of the school, both by column."""
    assert row_principals(policy(NOTES), "session notes", PAIR) == (
        "p-coachee",
        "p-coach",
        "monitor@otterbeck",
    )


def test_figures_open_nothing() -> None:
    """A column that may see figures is given no key."""
    found = policy("| Session header | read | write | read | figures |")

    assert "head@otterbeck" not in row_principals(found, "session header", PAIR)
    assert row_principals(found, "session header", PAIR, cells=[Cell.FIGURES]) == (
        "head@otterbeck",
    )


def test_a_row_that_the_table_does_not_have_admits_nobody() -> None:
    """A part of a record that the policy does not name is for nobody."""
    assert row_principals(policy(NOTES), "concern", PAIR) == ()


def test_a_relation_without_people_is_no_role() -> None:
    """A record without a raiser gives no key to a role of that name."""
    found = policy("| Concern | write |", columns="Raiser")

    assert row_principals(found, "concern", {}) == ()


def test_somebody_in_two_relations_is_named_once() -> None:
    """A coach who is also the subject of a record is one reader."""
    found = policy("| Concern | write | read |", columns="Raiser | Subject")
    parties = {"raiser": ("p-aaaa",), "subject": ("p-aaaa",)}

    assert row_principals(found, "concern", parties) == ("p-aaaa",)


def test_a_later_policy_opens_an_earlier_record_to_nobody_new() -> None:
    """A policy that lets the head read does not let the head read what came before."""
    later = policy("| Session notes | write | write | read | read |")

    assert readers(policy(NOTES), later, "session notes", PAIR) == (
        "p-coachee",
        "p-coach",
        "monitor@otterbeck",
    )


def test_a_narrower_policy_takes_readers_away() -> None:
    """A policy that keeps the monitor out keeps the monitor out of earlier records too."""
    later = policy("| Session notes | write | write | - | - |")

    assert readers(policy(NOTES), later, "session notes", PAIR) == ("p-coachee", "p-coach")


cells = st.sampled_from([cell.value for cell in Cell])
rows = st.lists(cells, min_size=4, max_size=4).map(lambda c: f"| Session notes | {' | '.join(c)} |")


@given(rows, rows)
def test_readers_are_admitted_by_both_policies(then: str, now: str) -> None:
    """Every reader of a record is one under the policy of its day and under today's."""
    found = set(readers(policy(then), policy(now), "session notes", PAIR))

    assert found == set(row_principals(policy(then), "session notes", PAIR)) & set(
        row_principals(policy(now), "session notes", PAIR)
    )


def test_the_info_line_names_the_columns_that_open_the_part() -> None:
    """A sealed block says in words for whom it is: coachee, coach, monitor."""
    assert info_names(policy(NOTES), "session notes", PAIR) == ("coachee", "coach", "monitor")


def test_the_info_line_leaves_out_relations_that_have_nobody() -> None:
    """A column for which the record has no person is not among its readers."""
    assert info_names(policy(NOTES), "session notes", {"coach": ("p-coach",)}) == (
        "coach",
        "monitor",
    )


def test_an_audience_reads_as_a_list() -> None:
    """In a message an audience is its principals in order, everyone, or nobody."""
    assert str(audience("p-bbbb", "p-aaaa")) == "p-aaaa, p-bbbb"
    assert (str(PUBLIC), str(NOBODY)) == ("everyone", "nobody")
