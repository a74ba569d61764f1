"""Tests of the pages for visits, pairs and groups, addenda, and who has been coached."""

from __future__ import annotations

import shutil
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from coachbook.audience import PUBLIC, Audience, Labelled
from coachbook.book import load_book
from coachbook.overviews.coverage import coverage_page
from coachbook.overviews.cycle import cycle_page
from coachbook.overviews.me import me_page
from coachbook.overviews.pair import pair_page
from coachbook.overviews.school import school_page
from coachbook.overviews.visit import visit_page
from coachbook.overviews.visits import visits_pages
from coachbook.pages import open_templates, render_page
from coachbook.portal import plan_portal
from coachbook.views import View, open_view
from tests.workspaces.otterbeck_small import COACH, COACHEE, POLICY, ROOT

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from coachbook.overviews import Page

TODAY = date(2026, 11, 20)
HEAD, JUNO, CAIUS = "p-h7d2k9qm", "p-x2a7o5kh", "p-l8q3i0vp"
WREN = "p-e6f1u8gd"
MONITOR, LEAD = "monitor@otterbeck", "lead-coach@otterbeck"
HERE = "records/otterbeck"

RECORDS = {
    f"{HERE}/2026-27/visits/2026-11-10-o-3c5e7g9j.md": f"""\
---
type: observation
id: o-3c5e7g9j
school: otterbeck
observed: {COACHEE}
observers: [{COACH}]
kind: peer-visit
date: 2026-11-10
status: held
minutes: 20
subject: writing
session: s-7kq2m4xa
feedback_on: 2026-11-12
---
""",
    f"{HERE}/groups/g-1t2u3v4w.md": f"""\
---
type: group
id: g-1t2u3v4w
school: otterbeck
kind: triplet
members: [{COACHEE}, {JUNO}, {CAIUS}]
from: 2026-09-14
subject: [reading, writing]
---
""",
    f"{HERE}/2026-27/g-1t2u3v4w/2026-11-09-s-5g7h9j2k.md": """\
---
type: session
id: s-5g7h9j2k
school: otterbeck
form: group-session@1
group: g-1t2u3v4w
date: 2026-11-09
status: held
kind: group
subject: reading
---
""",
    f"{HERE}/2026-27/pt-6r1e9k3w/2026-11-17-s-6h8j2k4m.md": """\
---
type: session
id: s-6h8j2k4m
school: otterbeck
partnership: pt-6r1e9k3w
date: 2026-11-17
status: held
kind: contracting
note: draft
drafted_by: p-c5t0w6ze
---
""",
    f"{HERE}/2026-27/addenda/2026-11-16-ad-4h2k8m0q.md": f"""\
---
type: addendum
id: ad-4h2k8m0q
school: otterbeck
form: session-addendum@1
to: s-7kq2m4xa
by: {COACHEE}
on: 2026-11-16
---
""",
}


@pytest.fixture(scope="module")
def view(tmp_path_factory: pytest.TempPathFactory) -> View:
    """The small school with a visit, a group of three, a meeting of a pair and an addendum."""
    root = tmp_path_factory.mktemp("school") / "workspace"
    shutil.copytree(ROOT, root)
    for path, text in RECORDS.items():
        _write(root, path, text)
    book = load_book(root, today=TODAY)
    return open_view(book)


def _write(root: Path, path: str, text: str) -> None:
    place = root / path
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(text, encoding="utf-8")


def _leaves(model: object) -> list[Labelled[Any]]:
    """Every labelled leaf of a model; anything unlabelled would fail."""
    if isinstance(model, Labelled):
        return [model]
    if isinstance(model, dict):
        return [leaf for value in model.values() for leaf in _leaves(value)]
    assert isinstance(model, list), f"an unlabelled {type(model).__name__}"
    return [leaf for value in model for leaf in _leaves(value)]


def _plain(model: object) -> Any:  # noqa: ANN401 (whatever the model holds)
    """A model without its labels."""
    if isinstance(model, Labelled):
        return model.value
    if isinstance(model, dict):
        return {key: _plain(value) for key, value in model.items()}
    assert isinstance(model, list)
    return [_plain(value) for value in model]


def _render(name: str, model: Mapping[str, object], audience: Audience) -> str:
    return render_page(open_templates(), name, model, audience)


def _visit(view: View) -> Page:
    return visit_page(view, view.of_type("observation")[0])


def test_every_value_is_labelled(view: View) -> None:
    """Every value on these pages carries who may see it, and all their readers may."""
    pages = [
        me_page(view, COACHEE),
        cycle_page(view, view.cycles["c-0a1b2c3d"]),
        _visit(view),
        *(pair_page(view, pair) for pair in view.pairs.values()),
        coverage_page(view, "otterbeck"),
        *visits_pages(view, "otterbeck"),
        school_page(view, "otterbeck"),
    ]
    for page in pages:
        assert _leaves(page.model)
        assert all(leaf.audience.admits(page.audience) for leaf in _leaves(page.model))


def test_nothing_of_a_visit_is_public(view: View) -> None:
    """Whom a visit was to, and when, is labelled for those who may read its header."""
    public = {str(leaf.value) for leaf in _leaves(_visit(view).model) if leaf.audience == PUBLIC}

    assert not public & {"Nerys Sallowfield", "Idris Marlowe-Beck", "20 minutes", "writing"}


def test_a_visit_is_for_those_in_it_and_their_overseers(view: View) -> None:
    """The page of a visit is for both sides and the roles that read headers; not for the head."""
    audience = _visit(view).audience

    assert audience.principals == {COACH, COACHEE, MONITOR, LEAD}


def test_a_visit_stands_on_both_their_pages(view: View) -> None:
    """Who was visited and who visited each find it, told from their own side."""
    mine: Any = _plain(me_page(view, COACHEE).model)["visits"]
    theirs: Any = _plain(me_page(view, COACH).model)["visits"]

    assert [(row["kind"], row["is_mine"]) for row in mine] == [("Visit to a colleague", True)]
    assert [row["is_mine"] for row in theirs] == [False]
    assert mine[0]["feedback"] == "Thu 12 Nov"


def test_a_visit_stands_in_its_cycle(view: View) -> None:
    """A visit that belongs to a session is linked from the cycle."""
    model: Any = _plain(cycle_page(view, view.cycles["c-0a1b2c3d"]).model)

    assert [row["href"] for row in model["visits"]] == ["#/visit/o-3c5e7g9j"]


def test_an_addendum_stands_under_its_note(view: View) -> None:
    """What was added to a note stands under it, with who added it and when."""
    model: Any = _plain(cycle_page(view, view.cycles["c-0a1b2c3d"]).model)
    (session,) = (row for part in model["timeline"] for row in part["sessions"])

    assert [(one["who"], one["day"]) for one in session["addenda"]] == [("Nerys", "16 Nov 2026")]


def test_a_group_counts_its_sessions_by_subject_and_term(view: View) -> None:
    """A group of three sees at a glance which subject it has looked at in which term (D-11)."""
    model: Any = _plain(pair_page(view, view.pairs["g-1t2u3v4w"]).model)

    assert model["title"] == "Caius, Nerys and Juno"
    assert model["grid"]["terms"] == ["Autumn term", "Spring term", "Summer term"]
    assert {row["subject"]: row["cells"] for row in model["grid"]["rows"]} == {
        "Reading": [1, {"state": "off"}, {"state": "off"}],
        "Writing": [0, {"state": "off"}, {"state": "off"}],
    }


def test_a_meeting_outside_a_cycle_has_a_page(view: View) -> None:
    """A session of a pair that belongs to no cycle stands on the page of the pair, as a draft."""
    model: Any = _plain(pair_page(view, view.pairs["pt-6r1e9k3w"]).model)

    assert [(row["day"], row["state"]) for row in model["sessions"]] == [("Tue 17 Nov", "Draft")]
    titles = [one["href"] for one in _plain(me_page(view, COACH).model["pairs"])]
    assert titles == ["#/pair/pt-6r1e9k3w"]


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("coaching", "Coach {coach}; coachee {coachee}"),
        ("ect-mentoring", "Mentor {coach}; mentee {coachee}"),
        ("peer", "{coach} and {coachee}"),
    ],
)
def test_people_of_a_pair_are_called_as_their_kind_has_it(
    workspace: Path, kind: str, words: str
) -> None:
    """Under its title a pair has mentor and mentee, coach and coachee, or two colleagues."""
    path = workspace / f"{HERE}/partnerships/pt-6r1e9k3w.md"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("kind: coaching", f"kind: {kind}"), encoding="utf-8")
    meeting = f"{HERE}/2026-27/pt-6r1e9k3w/2026-11-17-s-6h8j2k4m.md"
    _write(workspace, meeting, RECORDS[meeting])
    seen = open_view(load_book(workspace, today=TODAY))
    pair = seen.pairs["pt-6r1e9k3w"]

    model: Any = _plain(pair_page(seen, pair).model)

    coach, coachee = pair.names("coach").value, pair.names("coachee").value
    assert model["people"] == words.format(coach=coach, coachee=coachee)


def test_the_list_of_names_is_for_those_who_read_them(view: View) -> None:
    """Who has been coached is listed for roles that read pairs and headers, never for the head."""
    page = coverage_page(view, "otterbeck")
    rows = {row["name"]: row["count"] for row in _plain(page.model["people"])}

    assert page.audience.principals == {MONITOR, LEAD}
    assert rows["Nerys Sallowfield"] == 3


def test_nobody_is_missed_whom_the_policy_keeps_from_coaching(view: View) -> None:
    """Neither head nor teachers in induction stand among those not yet coached (B-09, B-26)."""
    page = coverage_page(view, "otterbeck")

    names = {row["name"] for row in _plain(page.model["people"])}

    assert "Nerys Sallowfield" in names
    assert not names & {"Wren Ashgrove", "Odalys Renwick-Tarn"}


def test_the_list_says_who_else_was_coached(workspace: Path) -> None:
    """Sessions of people whom the policy does not mean are counted below the list's heading."""
    path = workspace / f"{HERE}/partnerships/pt-6r1e9k3w.md"
    pair = path.read_text(encoding="utf-8")
    path.write_text(pair.replace(f"coachee: {COACHEE}", f"coachee: {WREN}"), encoding="utf-8")

    page = coverage_page(open_view(load_book(workspace, today=TODAY)), "otterbeck")

    html = _render("pages/coverage.html", page.model, page.audience)
    assert "Not listed: 1 session of one other person, such as an early career teacher." in html


def test_visits_are_counted_only_where_enough_people_stand_behind(view: View) -> None:
    """One person visited is too few for a number on the page of the school."""
    page = school_page(view, "otterbeck")

    rest: Any = page.model["rest"]
    visits = next(table.value for table in rest if table.value.key == "visits")
    assert (visits.total.value, visits.total.people) == ("[c]", None)
    assert "visits to lessons by kind of visit" in str(_plain(page.model["silent"]))


def test_the_page_of_figures_says_who_can_see_it(view: View) -> None:
    """Roles stand on the page of a school, and never a name."""
    html = _school_html(view)

    assert "can see this page." in html
    assert "The head" in html
    assert "Sallowfield" not in html


def _school_html(view: View) -> str:
    page = school_page(view, "otterbeck")
    return _render(f"pages/{page.template}", page.model, page.audience)


def test_what_one_cannot_open_is_not_said_to_be_unseen(view: View) -> None:
    """That nobody sees who opened a part is said beside it, and shown only once it is open."""
    page = cycle_page(view, view.cycles["c-0a1b2c3d"])

    html = _render(f"pages/{page.template}", page.model, page.audience)

    assert '<span class="unseen">Nobody can see whether you opened it.</span>' in html


def test_the_portal_holds_them_all(view: View) -> None:
    """Every page of the small school renders for its readers, and no wider."""
    plan = plan_portal(view, _render)

    assert len(plan) > 10


def test_a_cycle_asks_only_for_what_the_policy_asks_for(view: View, tmp_path: Path) -> None:
    """Where cycles close with a review, nobody is asked for an impact statement."""
    root = tmp_path / "workspace"
    shutil.copytree(ROOT, root)
    policy = root / POLICY
    text = policy.read_text(encoding="utf-8")
    key = "cycle.close_requires: "
    assert f"{key}impact-statement" in text
    policy.write_text(text.replace(f"{key}impact-statement", f"{key}review"), encoding="utf-8")
    other = open_view(load_book(root, today=TODAY))

    asked = [
        [text.split(",")[0] for text in _plain(cycle_page(one, cycle).model["missing"])]
        for one in (view, other)
        for cycle in one.cycles.values()
    ]

    assert asked == [["a goal", "an outcome", "an impact statement"], ["a goal", "an outcome"]]


def test_a_figure_stands_only_where_the_policy_makes_it_mean_something(view: View) -> None:
    """Impact statements are counted at a school whose policy asks for them."""
    figures: Any = _plain(school_page(view, "otterbeck").model["figures"])

    assert "finished" in [figure["key"] for figure in figures]
