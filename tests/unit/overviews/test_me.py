"""Tests of a person's own page and of what they can take along."""

from __future__ import annotations

import shutil
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from coachbook.audience import Audience, Labelled
from coachbook.book import load_book
from coachbook.overviews.cycle import cycle_page
from coachbook.overviews.me import me_page
from coachbook.overviews.takeaway import homes_of, takeaway_page, takeaway_pages
from coachbook.pages import open_templates, render_page, unwrap
from coachbook.views import View, open_view
from tests.workspaces.otterbeck_small import COACH, COACHEE, ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from coachbook.overviews import Page

TODAY = date(2026, 11, 20)
CYCLE = "c-0a1b2c3d"
PLANNED = """\
---
type: session
id: s-9x8y7z6w
school: otterbeck
form: coaching-session@1
cycle: c-0a1b2c3d
date: 2026-11-26
status: planned
kind: coaching
---
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A copy of the small school that a test may change."""
    shutil.copytree(ROOT, tmp_path / "workspace")
    return tmp_path / "workspace"


def _view(root: Path) -> View:
    return open_view(load_book(root, today=TODAY))


def _plain(model: object) -> Any:  # noqa: ANN401 (whatever the model holds)
    if isinstance(model, Labelled):
        return model.value
    if isinstance(model, dict):
        return {key: _plain(value) for key, value in model.items()}
    return [_plain(value) for value in model] if isinstance(model, list) else model


def _html(page: Page) -> str:
    return render_page(open_templates(), f"pages/{page.template}", page.model, page.audience)


def _take(view: View, person: str) -> Page:
    pages = [me_page(view, person), cycle_page(view, view.cycles[CYCLE])]
    held = (
        (
            page.audience,
            page.path,
            tuple((one.place.record, one.name) for one in page.blocks.values()),
        )
        for page in pages
    )
    return takeaway_page(view, person, homes_of(held).get(person, {}))


def test_the_next_session_stands_first(root: Path) -> None:
    """Whoever opens their page reads when the next session is and with whom."""
    place = root / f"records/otterbeck/2026-27/{CYCLE}/2026-11-26-s-9x8y7z6w.md"
    place.write_text(PLANNED, encoding="utf-8")

    following: Any = _plain(me_page(_view(root), COACHEE).model["next"])

    assert (following["day"], following["others"]) == ("Thu 26 Nov", "Idris")


def test_without_a_planned_session_the_page_says_what_to_do(root: Path) -> None:
    """A pair without a next session is led to the Write page rather than left with a gap."""
    html = _html(me_page(_view(root), COACHEE))

    assert "No session is planned." in html
    assert 'href="#/write"' in html


def test_nobody_is_asked_to_plan_for_what_is_over(root: Path) -> None:
    """Once the only cycle of a person is over, their page asks for no next session."""
    place = root / f"records/otterbeck/2026-27/{CYCLE}/cycle.md"
    text = place.read_text(encoding="utf-8")
    place.write_text(text.replace("status: open", "status: ended"), encoding="utf-8")

    html = _html(me_page(_view(root), COACHEE))

    assert "Agreed last time" in html
    assert "No session is planned." not in html


def test_steps_that_stand_below_are_not_shown_twice(root: Path) -> None:
    """Where the last session holds all the steps there are, they stand once, as action steps."""
    html = _html(me_page(_view(root), COACHEE))

    assert "What was agreed stands under “Action steps”." in html
    assert 'data-sealed="b1"' not in html


def test_what_was_agreed_last_is_the_action_steps(root: Path) -> None:
    """Beside it stand the action steps of the last session, sealed as they are."""
    page = me_page(_view(root), COACHEE)
    last: Any = _plain(page.model["last"])

    assert last["day"] == "Thu 12 Nov"
    assert [section["name"] for section in last["sections"]] == ["Action steps"]
    assert last["sections"][0]["block"] in page.blocks


def test_somebody_elses_draft_does_not_hide_what_was_agreed_before(root: Path) -> None:
    """While the last note is the coach's draft, the coachee is told so and reads the one before."""
    fields = f"status: held\nnote: draft\ndrafted_by: {COACH}"
    place = root / f"records/otterbeck/2026-27/{CYCLE}/2026-11-19-s-9x8y7z6w.md"
    drafted = PLANNED.replace("2026-11-26", "2026-11-19").replace("status: planned", fields)
    place.write_text(drafted, encoding="utf-8")

    page = me_page(_view(root), COACHEE)
    last: Any = _plain(page.model["last"])

    assert (last["day"], last["sections"]) == ("Thu 19 Nov", [])
    assert "Idris&#39;s note is still a draft; you can read it when it is shared." in _html(page)
    assert [section["name"] for row in last["before"] for section in row["sections"]] == [
        "Action steps"
    ]


def test_a_block_says_its_day_and_where_it_stands(root: Path) -> None:
    """A step on a person's page leads to the cycle in which it was agreed, with the day."""
    page = me_page(_view(root), COACHEE)
    (name,) = str(_plain(page.model["steps"])[0]["steps"]["blocks"]).split()

    assert page.origins[name].date.value == "2026-11-12"


def test_minutes_are_counted_by_part_and_half_term(root: Path) -> None:
    """A person sees how long they were coached, in all and by half-term."""
    minutes: Any = _plain(me_page(_view(root), COACHEE).model["minutes"])

    assert minutes["rows"] == [
        ["As the one who is coached or mentored", 1, {"text": "14", "sort": 14}]
    ]
    assert [(point["label"], point["value"]) for point in minutes["trend"]] == [
        ("Autumn 1", 0),
        ("Autumn 2", 14),
    ]


def test_a_missing_calendar_is_named(root: Path) -> None:
    """Without a calendar the page says whose is missing and what it can't say; it guesses none."""
    (root / "records/otterbeck/calendar-2026-27.md").unlink()

    html = _html(me_page(_view(root), COACHEE))

    assert "No calendar for this school year at Otterbeck Primary." in html


def test_each_part_says_who_can_read_it(root: Path) -> None:
    """A person sees, part by part, who can read what is about them, the head's part included."""
    rows: Any = _plain(me_page(_view(root), COACHEE).model["readers"])
    lines = {(record, part): line for record, parts, line, _ in rows for part in parts.split("; ")}

    assert lines["Coaching session", "Notes"] == "Nerys, Idris and Petra. The head cannot."
    assert ("Coaching session", "That it took place, when, how long and with whom") in lines


def test_the_take_away_is_for_the_person_alone(root: Path) -> None:
    """Everything of a person's take-away page may be seen by them and is shown to nobody else."""
    page = _take(_view(root), COACHEE)

    assert page.audience == Audience(frozenset({COACHEE}))
    assert unwrap(page.data, page.audience)["person"] == "Nerys Sallowfield"


def test_the_take_away_finds_parts_where_they_are_shown(root: Path) -> None:
    """A part that stands on a page of the person is taken from there, and sealed once only."""
    page = _take(_view(root), COACHEE)
    records: Any = _plain(page.data["records"])
    session = next(record for record in records if record["id"] == "s-7kq2m4xa")

    assert {part["page"] for part in session["sections"]} <= {"me", f"cycle/{CYCLE}"}
    assert page.blocks == {}


def test_a_part_without_a_page_comes_with_the_take_away(root: Path) -> None:
    """What no page shows to the person is carried by the take-away page itself."""
    page = takeaway_page(_view(root), COACHEE, {})

    names = {block.name for block in page.blocks.values()}
    assert {"Notes", "Action steps"} <= names
    assert all(COACHEE in block.reader_ids for block in page.blocks.values())


def test_the_take_away_tells_people_by_name(root: Path) -> None:
    """The file is for people: it names the coach and writes dates and yes or no as they would."""
    records: Any = _plain(_take(_view(root), COACHEE).data["records"])
    cycle = next(record for record in records if record["id"] == CYCLE)

    assert {"relation": "coach", "names": "Idris Marlowe-Beck"} in cycle["people"]
    assert all(COACH not in str(fact) for fact in cycle["facts"])


def test_whoever_is_in_no_record_has_no_such_page(root: Path) -> None:
    """Somebody of whom nothing is recorded is not offered an empty file."""
    pages = list(takeaway_pages(_view(root), {COACHEE: {}, "p-h7d2k9qm": {}}))

    assert [page.audience for page in pages] == [Audience(frozenset({COACHEE}))]
