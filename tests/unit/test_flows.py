"""What each page shows to whom, and what goes further than what it was made from."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from coachbook.audience import PUBLIC, Labelled, audience
from coachbook.book import load_book
from coachbook.declassified import FIGURE
from coachbook.errors import UsageError
from coachbook.flowreport import flow_json, format_flow, format_page
from coachbook.flows import Input, PageFlow, explain_flow, find_page
from coachbook.portal import plan_portal, private_pages
from coachbook.rules import check_book
from coachbook.views import open_view
from tests.unit.conftest import TODAY

if TYPE_CHECKING:
    from pathlib import Path

    from coachbook.views import View

HEAD = audience("head@otterbeck")


@pytest.fixture
def view(workspace: Path) -> View:
    """The small school, checked."""
    book = load_book(workspace, today=TODAY)
    return open_view(book, check_book(book))


def page(*inputs: Input, path: str = "head/otterbeck") -> PageFlow:
    """A page of the head with these inputs."""
    return PageFlow(path, "head", HEAD, inputs, tuple(one for one in inputs if not one.count))


def test_every_page_of_a_build_is_listed(view: View) -> None:
    """The handbook, the portal's own page, the sign-ins and each private page are listed."""
    flows = explain_flow(view)

    paths = [one.path for one in flows]
    assert {"handbook/index.md", "portal", "portal/data"} <= set(paths)
    assert sorted(p.path for p in private_pages(view)) == sorted(
        one.path for one in flows if one.kind not in {"handbook", "portal", "entries"}
    )


def test_the_private_pages_are_those_of_a_build(view: View) -> None:
    """What is listed is sealed to the same readers as what a build seals."""
    built = plan_portal(view, lambda _name, _model, _audience: "")

    listed = {one.audience for one in private_pages(view)}

    assert listed <= {one.audience for one in built}
    assert len(list(private_pages(view))) == sum(b'"kind":"page"' in one.plaintext for one in built)


def test_a_figure_says_whose_it_was_and_which_setting_lets_it_go(view: View) -> None:
    """A figure of the school names its rows, their readers, and the clause of the limit."""
    (school,) = find_page(explain_flow(view), "school/otterbeck")

    length = next(one for one in school.inputs if one.source == "figure length of otterbeck")

    assert length.ground == FIGURE
    assert "session header" in length.made_from
    assert "coachee, coach" in length.made_from
    assert length.setting.startswith("suppression.min_people: 5 [")
    assert length.setting.endswith(" at otterbeck]")


def test_a_cycle_shows_its_records_to_their_readers(view: View) -> None:
    """Everything on the page of a cycle comes from its records, for people who read them."""
    (cycle,) = find_page(explain_flow(view), "cycle/c-0a1b2c3d")

    assert cycle.sealed > 0
    assert [one for one in cycle.inputs if one.ground] == []
    assert any(one.source.endswith("s-7kq2m4xa.md: date") for one in cycle.inputs)


def test_what_may_not_be_shown_is_named(view: View, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page that would show a note to the head is listed as refused, without a word of it."""
    canary = Labelled("a canary", audience("p-c5t0w6ze"), "records/a.md: Notes")
    wide = next(one for one in private_pages(view) if one.path == "head/otterbeck")
    model = {**wide.model, "extra": [{"cell": canary}]}
    monkeypatch.setattr("coachbook.flows.private_pages", lambda _: [replace(wide, model=model)])

    flows = explain_flow(view)

    said = format_flow(flows)
    assert "REFUSED on head/otterbeck: records/a.md: Notes is not for head@otterbeck" in said
    assert "1 would be refused" in said
    assert "a canary" not in said + format_page(flows[-1]) + str(flow_json(flows))


def test_ways_are_told_together() -> None:
    """Pages that show the same sort of value to the same people are one line."""
    figure = Input("figure kept", HEAD, 2, FIGURE, "session header, for coach", "least: 5 [6.1]")

    said = format_flow([page(figure), page(figure, path="school/otterbeck")])

    assert said.count("- from session header, for coach") == 1
    assert "to head@otterbeck; least: 5 [6.1]" in said
    assert "on head/otterbeck (2), school/otterbeck (2)" in said
    assert "4 values on 2 pages: 4 go further" in said


def test_a_page_lists_what_it_shows() -> None:
    """One page by itself names every source, how often it stands there, and for whom it is."""
    wider = audience("head@otterbeck", "monitor@otterbeck")
    said = format_page(
        page(
            Input("wording of the tool", PUBLIC, 3),
            Input("records/a.md: date", HEAD, 1),
            Input("figure kept", wider, 1, FIGURE, "session header, for coach"),
        )
    )

    assert said.splitlines() == [
        "head/otterbeck: seen by head@otterbeck",
        "  wording of the tool, 3 times: for everyone",
        "  records/a.md: date: for them alone",
        "  figure kept: for them and monitor@otterbeck; figure, from session header, for coach",
    ]


def test_a_page_that_is_not_there(view: View) -> None:
    """A page that no build makes is an error, with what pages begin with."""
    with pytest.raises(UsageError, match="there is no page 'heads'") as caught:
        find_page(explain_flow(view), "heads")

    assert "cycle" in caught.value.hint
