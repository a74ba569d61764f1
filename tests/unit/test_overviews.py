"""Tests of the private pages' models: what is due, what is missing, what could not be read."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from coachbook.audience import PUBLIC, Audience, Labelled
from coachbook.book import load_book
from coachbook.overviews.checks import checks_page
from coachbook.overviews.cycle import cycle_page
from coachbook.overviews.due import due_for
from coachbook.overviews.me import me_page
from coachbook.overviews.school import school_page
from coachbook.pages import open_templates, render_page
from coachbook.rules import check_book
from coachbook.views import View, open_view
from tests.unit.conftest import TODAY
from tests.workspaces.otterbeck_small import COACH, COACHEE, SESSION

if TYPE_CHECKING:
    from pathlib import Path

    from coachbook.overviews import Page

CYCLE = "records/otterbeck/2026-27/c-0a1b2c3d/cycle.md"
PLANNED = """\
---
type: session
id: s-1p1a2n3d
school: otterbeck
cycle: c-0a1b2c3d
date: {day}
status: planned
kind: coaching
---
"""


def _view(root: Path, today: date = TODAY) -> View:
    book = load_book(root, today=today)
    return open_view(book, check_book(book))


def _plan(root: Path, day: str) -> None:
    path = root / f"records/otterbeck/2026-27/c-0a1b2c3d/{day}-s-1p1a2n3d.md"
    path.write_text(PLANNED.format(day=day))


def _words(view: View, person: str = COACH) -> list[str]:
    return [item.words for item in due_for(view, person)]


def _leaves(model: object) -> list[Labelled[Any]]:
    """Every labelled leaf of a model; anything unlabelled would fail."""
    if isinstance(model, Labelled):
        return [model]
    if isinstance(model, dict):
        return [leaf for value in model.values() for leaf in _leaves(value)]
    assert isinstance(model, list), f"an unlabelled {type(model).__name__}"
    return [leaf for value in model for leaf in _leaves(value)]


def _pages(view: View) -> list[Page]:
    return [
        me_page(view, COACHEE),
        me_page(view, "p-h7d2k9qm"),
        cycle_page(view, view.cycles["c-0a1b2c3d"]),
        school_page(view, "otterbeck"),
        checks_page(view, "otterbeck"),
    ]


def test_every_value_is_labelled(workspace: Path) -> None:
    """Every value in a page model carries who may see it, and all its readers may."""
    for page in _pages(_view(workspace)):
        assert _leaves(page.model)
        assert all(leaf.audience.admits(page.audience) for leaf in _leaves(page.model))


def test_records_are_never_public(workspace: Path) -> None:
    """Nothing that comes out of a session's header is labelled public."""
    page = cycle_page(_view(workspace), _view(workspace).cycles["c-0a1b2c3d"])

    public = {str(leaf.value) for leaf in _leaves(page.model) if leaf.audience == PUBLIC}
    assert not public & {"14 minutes", "Thu 12 Nov"}


def test_planned_session_is_due(workspace: Path) -> None:
    """A planned session is named with its day."""
    _plan(workspace, "2026-11-19")

    assert _words(_view(workspace)) == ["Session on Thu 19 Nov"]


def test_session_that_was_never_written_up(workspace: Path) -> None:
    """A planned session whose day has passed asks to be written up or marked missed."""
    _plan(workspace, "2026-11-13")

    (late, _) = due_for(_view(workspace), COACH)
    assert late.words == "Write up the session planned for Fri 13 Nov, or mark it missed"
    assert late.late


def test_usual_rhythm_is_a_suggestion(workspace: Path) -> None:
    """Without a planned session the usual rhythm is suggested, and nothing is called late."""
    (item,) = due_for(_view(workspace), COACH)

    assert item.words == "Plan the next session; the usual rhythm makes it Thu 19 Nov"
    assert not item.late


def test_end_of_a_cycle(workspace: Path) -> None:
    """A cycle that should have ended asks to be closed or given a new date."""
    end = load_book(workspace, today=TODAY)
    view = open_view(end)
    planned = view.cycles["c-0a1b2c3d"].raw("planned_end")
    assert isinstance(planned, date)

    words = _words(_view(workspace, today=planned.replace(day=planned.day + 1)))

    assert any("close it or set a new date" in text for text in words)


def test_person_without_a_cycle_has_nothing_due(workspace: Path) -> None:
    """The head, who takes part in no cycle, has nothing due."""
    assert due_for(_view(workspace), "p-h7d2k9qm") == ()


def test_mentor_is_not_called_a_coach(workspace: Path) -> None:
    """A pair of mentor and mentee reads so on both their pages and on that of the cycle."""
    pair = next((workspace / "records/otterbeck/partnerships").glob("pt-*.md"))
    pair.write_text(pair.read_text().replace("kind: coaching", "kind: ect-mentoring"))
    view = _view(workspace)

    def part(person: str) -> str:
        cycles: Any = me_page(view, person).model["cycles"]
        return str(cycles[0]["part"].value)

    assert (part(COACH), part(COACHEE)) == ("You mentor", "You are mentored by")
    kind: Any = cycle_page(view, view.cycles["c-0a1b2c3d"]).model["kind"]
    assert kind.value == "Mentoring"


def test_planned_cycle_has_no_steps_to_carry_forward(workspace: Path) -> None:
    """A cycle that has not begun is left out of the action steps."""
    cycle = workspace / "records/otterbeck/2026-27/c-0a1b2c3d/cycle.md"
    cycle.write_text(cycle.read_text().replace("status: open", "status: planned"))

    assert me_page(_view(workspace), COACHEE).model["steps"] == []


def test_open_cycle_says_what_is_missing(workspace: Path) -> None:
    """An open cycle says what it still needs before it can close."""
    view = _view(workspace)
    page = cycle_page(view, view.cycles["c-0a1b2c3d"])

    missing: Any = page.model["missing"]
    assert [leaf.value for leaf in missing] == [
        "a goal, written by coach and coachee",
        "an outcome, written by coach and coachee",
        "an impact statement, written by the monitor",
    ]


def test_unreadable_record_is_held_back_and_shown(workspace: Path) -> None:
    """A record that cannot be read is left out, counted, and shown to its pair and overseers."""
    path = workspace / SESSION
    path.write_text(path.read_text().replace("type: session", "type session", 1))

    view = _view(workspace)

    assert view.sessions_of("c-0a1b2c3d") == ()
    mine: Any = me_page(view, COACH).model["unreadable"]
    assert [leaf.value for leaf in mine] == [SESSION]
    other: Any = me_page(view, "p-h7d2k9qm").model["unreadable"]
    assert other == []
    checks = checks_page(view, "otterbeck")
    held: Any = checks.model["held_back"]
    assert held.value == 1


def test_checks_are_for_holders_of_the_repository(workspace: Path) -> None:
    """The list of findings is for those who hold the repository, not for the head."""
    principals = checks_page(_view(workspace), "otterbeck").audience.principals

    assert principals is not None
    assert "monitor@otterbeck" in principals
    assert "head@otterbeck" not in principals


def test_breach_of_policy_is_published_and_listed(workspace: Path) -> None:
    """A session over the limit is published, and listed for the overseers."""
    path = workspace / SESSION
    path.write_text(path.read_text().replace("minutes: 14", "minutes: 31"))

    view = _view(workspace)

    assert len(view.sessions_of("c-0a1b2c3d")) == 1
    listed: Any = checks_page(view, "otterbeck").model["findings"]
    assert "CB302" in [one["code"].value for one in listed]


def test_the_checks_name_people_and_not_their_ids(workspace: Path) -> None:
    """A message that names an id at the command line names the person on the page."""
    pair = workspace / "records/otterbeck/partnerships/pt-6r1e9k3w.md"
    text = pair.read_text(encoding="utf-8")
    pair.write_text(text.replace(f"coachee: {COACHEE}", f"coachee: {COACH}"), encoding="utf-8")
    view = _view(workspace)

    listed: Any = checks_page(view, "otterbeck").model["findings"]
    (same,) = [one["message"].value for one in listed if one["code"].value == "CB202"]

    assert same == "coach and coachee are both Idris Marlowe-Beck"


def test_a_finding_says_whose_record_it_is(workspace: Path) -> None:
    """A path alone tells an overseer nothing: the people of the record are named beside it."""
    path = workspace / SESSION
    path.write_text(path.read_text().replace("minutes: 14", "minutes: 31"))
    view = _view(workspace)

    listed: Any = checks_page(view, "otterbeck").model["findings"]
    (over,) = [one for one in listed if one["code"].value == "CB302"]
    assert {view.book.people[one].name for one in (COACH, COACHEE)} == {
        *over["about"].value.split(" and ")
    }
    assert over["kind"].value == "To look at"


def test_what_two_versions_of_a_policy_share_is_told_once(workspace: Path) -> None:
    """A fault of two versions of a policy stands once on the page, with the place of each."""
    policy = workspace / "records/otterbeck/policy-2026-09.md"
    text = policy.read_text(encoding="utf-8")
    text = text.replace("suppression.min_people: 5", "suppression.min_people: 3")
    policy.write_text(text, encoding="utf-8")
    later = text.replace("id: pol-", "id: pol-2", 1).replace("2026-09", "2027-09")
    policy.with_name("policy-2027-09.md").write_text(later, encoding="utf-8")

    listed: Any = checks_page(_view(workspace), "otterbeck").model["findings"]
    (told,) = [one for one in listed if one["code"].value == "CB713"]

    assert [one.value.rpartition(":")[0] for one in told["places"]] == [
        "records/otterbeck/policy-2026-09.md",
        "records/otterbeck/policy-2027-09.md",
    ]


def test_school_page_names_nobody(workspace: Path) -> None:
    """No name of a person stands on the page of figures."""
    view = _view(workspace)
    names = {person.name for person in view.book.people.values()}

    text = " ".join(str(leaf.value) for leaf in _leaves(school_page(view, "otterbeck").model))
    assert not [name for name in names if name in text]


def test_own_page_is_for_one_reader(workspace: Path) -> None:
    """A person's own page is sealed to that person alone."""
    assert me_page(_view(workspace), COACHEE).audience == Audience(frozenset({COACHEE}))


def test_the_checks_set_apart_what_stands_in_a_file(workspace: Path) -> None:
    """Words that a terminal marks with a backtick are marked as words of a file on the page."""
    path = workspace / SESSION
    path.write_text(path.read_text().replace("kind: coaching", "colour: red\nkind: coaching", 1))
    page = checks_page(_view(workspace), "otterbeck")

    html = render_page(open_templates(), "pages/checks.html", page.model, page.audience)

    assert "<code>colour</code>" in html
    assert "`" not in html
