"""Tests of pages at every size: two people, no session yet, a coach with hundreds of sessions."""

from __future__ import annotations

import html
import json
import re
import shutil
from datetime import date, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest

from coachbook.audience import Audience, Labelled
from coachbook.book import load_book
from coachbook.overviews import mysteps, stretches
from coachbook.overviews.cycle import cycle_page
from coachbook.overviews.earlier import earlier_pages
from coachbook.overviews.lead import lead_page
from coachbook.overviews.me import me_page
from coachbook.overviews.school import school_page
from coachbook.pages import open_templates, render_page
from coachbook.views import View, open_view
from tests.unit.conftest import TODAY
from tests.workspaces.otterbeck_small import COACH, COACHEE, ROOT, SESSION

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from coachbook.overviews import Page

HERE = "records/otterbeck"
CYCLE = "c-0a1b2c3d"
LIMIT = 250_000
COACHEES, SESSIONS = 10, 40
LAST = date(2027, 7, 19)
PERSON = """\
---
type: person
id: {id}
display_name: Coachee {number}
category: teacher
schools: [otterbeck]
start: 2018-09-01
career_stage: experienced
---
"""
PAIR = """\
---
type: partnership
id: {id}
school: otterbeck
kind: coaching
coach: {coach}
coachee: {coachee}
start: 2026-09-07
status: active
chosen_by: team
agreed_on: 2026-09-04
---
"""
OPEN_CYCLE = """\
---
type: cycle
id: {id}
school: otterbeck
partnership: {pair}
model: impact-cycle
focus_type: lesson
start: 2026-09-07
planned_end: 2027-07-19
phase: learn
status: open
---
"""


def _write(place: Path, text: str) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(text, encoding="utf-8")


def _add_cycle(root: Path, number: int, sessions: int) -> None:
    """A cycle of the coach with somebody, and sessions with the sealed parts of the small school.

    What is sealed in them is never opened here, so one sealed text serves for all.
    """
    coachee, pair, cycle = (f"{kind}-many{number:04}" for kind in ("p", "pt", "c"))
    _write(root / f"records/people/{coachee}.md", PERSON.format(id=coachee, number=number))
    text = PAIR.format(id=pair, coach=COACH, coachee=coachee)
    _write(root / f"{HERE}/partnerships/{pair}.md", text)
    _write(root / f"{HERE}/2026-27/{cycle}/cycle.md", OPEN_CYCLE.format(id=cycle, pair=pair))
    whole = (root / SESSION).read_text(encoding="utf-8").replace(CYCLE, cycle)
    for place in range(sessions):
        day = date(2026, 9, 7) + timedelta(weeks=place)
        name = f"s-m{number:03}{place:04}"
        text = whole.replace("s-7kq2m4xa", name).replace("2026-11-12", str(day), 1)
        _write(root / f"{HERE}/2026-27/{cycle}/{day}-{name}.md", text)


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory) -> View:
    """A coach with ten coachees and forty sessions with each, at the end of the school year."""
    root = tmp_path_factory.mktemp("busy") / "workspace"
    shutil.copytree(ROOT, root)
    for number in range(COACHEES):
        _add_cycle(root, number, SESSIONS)
    return open_view(load_book(root, today=LAST))


_templates = cache(open_templates)


def _html(page: Page) -> str:
    return render_page(_templates(), f"pages/{page.template}", page.model, page.audience)


def _text(page: Page) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", _html(page))))


def _size(page: Page) -> int:
    blocks = {name: block.as_json() for name, block in page.blocks.items()}
    return len(_html(page)) + len(json.dumps(blocks))


def _plain(model: object) -> Any:  # noqa: ANN401 (whatever the model holds)
    if isinstance(model, Labelled):
        return model.value
    if isinstance(model, dict):
        return {key: _plain(value) for key, value in model.items()}
    return [_plain(value) for value in model] if isinstance(model, list) else model


def _all_pages(view: View) -> list[Page]:
    return [
        me_page(view, COACH),
        *(cycle_page(view, cycle) for cycle in view.cycles.values()),
        *every_earlier(view),
        lead_page(view, "otterbeck"),
        school_page(view, "otterbeck"),
    ]


def test_no_page_is_too_large(busy: View) -> None:
    """A coach with four hundred sessions in the year has no page above 250 kB."""
    assert max(map(_size, _all_pages(busy))) < LIMIT


def test_the_page_of_a_busy_coach_hardly_grows(busy: View, tmp_path: Path) -> None:
    """With ten coachees rather than one, a coach's own page holds no more sealed text."""
    root = shutil.copytree(ROOT, tmp_path / "workspace")
    _add_cycle(root, 0, SESSIONS)
    one = me_page(open_view(load_book(root, today=LAST)), COACH)

    assert len(me_page(busy, COACH).blocks) <= len(one.blocks) + 1


def test_no_step_is_left_out_of_the_thread(busy: View) -> None:
    """What a person's page does not hold itself is named with the pages that hold it."""
    page = me_page(busy, COACH)
    cycles = [cycle_page(busy, cycle) for cycle in busy.cycles.values()]
    homes = {
        block.place.record: one.path
        for one in (*cycles, *every_earlier(busy))
        for block in one.blocks.values()
    }
    held = {block.place.record for block in page.blocks.values()}
    for thread in _plain(page.model["steps"]):
        cycle = thread["href"].rpartition("/")[2]
        elsewhere = set(thread["steps"]["elsewhere"].split())
        others = {one.id for one in busy.sessions_of(cycle)} - held
        assert {homes[one] for one in others} == elsewhere


def test_earlier_half_terms_have_pages_of_their_own(busy: View) -> None:
    """A long cycle keeps its latest sessions, and leads to a page for each earlier half-term."""
    page = cycle_page(busy, busy.cycles["c-many0003"])
    links: Any = _plain(page.model["earlier"])
    pages = {f"#/{one.path}": one for one in every_earlier(busy)}

    assert links[0]["title"] == "Autumn 1, 2026-27"
    assert links[0]["href"] == "#/cycle/c-many0003/2026-27-autumn-1"
    assert all(pages[link["href"]].audience == page.audience for link in links)
    shown = len(re.findall("timeline-item", _html(page)))
    assert shown + sum(link["sessions"] for link in links) == SESSIONS


def test_an_earlier_page_holds_the_notes_and_leads_back(busy: View) -> None:
    """What has moved is there in full, with a way back to the cycle."""
    page = next(iter(every_earlier(busy)))

    assert {"Notes", "Action steps"} == {block.name for block in page.blocks.values()}
    assert f'href="#/{page.path.rpartition("/")[0]}"' in _html(page)


def test_a_session_is_linked_where_it_stands(busy: View) -> None:
    """A link to a session leads to the page that it has moved to."""
    thread = stretches.stretches_of(busy, "cycle", "c-many0003")
    moved = thread.earlier[0].sessions[0]

    assert thread.paths[moved.id] == "cycle/c-many0003/2026-27-autumn-1"
    assert moved.id not in {one.id for one in thread.here}


def test_many_cycles_stand_in_a_table(busy: View) -> None:
    """A coach with more cycles than fit on cards finds them in a table that can be filtered."""
    model: Any = _plain(me_page(busy, COACH).model)

    assert model["cycles"] == []
    assert len(model["more_cycles"]) == COACHEES + 1
    assert "All my cycles" in _text(me_page(busy, COACH))


def test_no_part_has_lost_its_page(busy: View) -> None:
    """Every part that was sealed to a person stands on a page of theirs, also after a move."""
    own = Audience(frozenset({COACH}))
    shown = {
        (block.place.record, block.name)
        for page in _all_pages(busy)
        if page.audience.admits(own)
        for block in page.blocks.values()
    }
    sealed = {
        (session.id, part.name)
        for session in busy.of_type("session")
        for part in session.sealed_sections()
        if COACH in part.reader_ids
    }
    assert sealed <= shown


def test_a_short_cycle_is_one_page(workspace: Path) -> None:
    """A cycle with room for all its sessions has no earlier pages."""
    view = open_view(load_book(workspace, today=TODAY))

    assert list(every_earlier(view)) == []
    assert _plain(cycle_page(view, view.cycles[CYCLE]).model["earlier"]) == []


def test_without_a_calendar_earlier_sessions_go_by_month(
    workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No half-term is guessed where the calendar is missing: a month is a fact."""
    monkeypatch.setattr(stretches, "ROOM", 1)
    (workspace / f"{HERE}/calendar-2026-27.md").unlink()
    _add_cycle(workspace, 1, 8)
    view = open_view(load_book(workspace, today=TODAY))

    titles = [one.title for one in stretches.stretches_of(view, "cycle", "c-many0001").earlier]
    assert titles == ["September 2026"]


def every_earlier(view: View) -> Iterator[Page]:
    """The pages of earlier half-terms of every cycle, pair and group."""
    for thread in (*view.cycles.values(), *view.pairs.values()):
        yield from earlier_pages(view, thread)


def test_a_reader_without_the_page_keeps_all_steps(
    busy: View, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever has no page of a cycle finds every step of it on their own page."""
    monitor = Audience(frozenset({"monitor@otterbeck"}))
    monkeypatch.setattr(mysteps, "thread_audience", lambda _view, _thread: monitor)

    threads: Any = _plain(me_page(busy, COACH).model["steps"])

    (steps,) = (one["steps"] for one in threads if one["href"] == "#/cycle/c-many0002")
    assert steps["elsewhere"] == ""
    assert len(steps["blocks"].split()) == SESSIONS


def _keep(root: Path, people: Iterable[str]) -> None:
    """Leaves only these people in the school; they hold its roles between them."""
    wanted = list(people)
    for place in (root / "records/people").glob("*.md"):
        if place.stem not in wanted:
            place.unlink()
    for number, place in enumerate(sorted((root / HERE / "roles").glob("*.md"))):
        holder = wanted[number % len(wanted)]
        text = place.read_text(encoding="utf-8")
        place.write_text(re.sub(r"person: \S+", f"person: {holder}", text), encoding="utf-8")


def test_two_members_of_staff(workspace: Path) -> None:
    """A school of two has every page; what would stand on so few people is not shown."""
    _keep(workspace, (COACH, COACHEE))
    view = open_view(load_book(workspace, today=TODAY))

    assert "With Idris" in _text(me_page(view, COACHEE))
    assert "Nerys with Idris" in _text(lead_page(view, "otterbeck"))
    assert "[c]" in _text(school_page(view, "otterbeck"))


def test_no_session_yet(workspace: Path) -> None:
    """Before the first session each page says so and what comes next."""
    (workspace / SESSION).unlink()
    view = open_view(load_book(workspace, today=TODAY))

    assert "No action steps yet." in _text(me_page(view, COACHEE))
    assert "Whoever takes part starts one on the Write page" in _text(
        cycle_page(view, view.cycles[CYCLE])
    )
    assert "Nerys with Idris" in _text(lead_page(view, "otterbeck"))


def test_nobody_is_coached_yet(workspace: Path) -> None:
    """A school with people and no pair yet is told how to begin."""
    shutil.rmtree(workspace / HERE / "2026-27")
    shutil.rmtree(workspace / HERE / "partnerships")
    view = open_view(load_book(workspace, today=TODAY))

    assert "You are in no coaching cycle" in _text(me_page(view, COACHEE))
    assert "begins a pair" in _text(lead_page(view, "otterbeck"))
