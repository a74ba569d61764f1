"""Tests of the pages about induction and probation: the clock, what is due, who may see it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from coachbook.audience import audience
from coachbook.overviews.induction import induction_page
from coachbook.overviews.probation import probation_page
from tests.unit.overviews.leading_workspace import (
    CALENDAR,
    COACH,
    HERE,
    LEAD,
    MONITOR,
    PETRA,
    POLICY,
    SCHOOL,
    WREN,
    changed,
    plain,
    session,
    shown,
    view_of,
    write,
)

if TYPE_CHECKING:
    from pathlib import Path

PERSON = f"records/people/{WREN}.md"
PAIR = {
    f"{HERE}/partnerships/pt-5q6r7s8t.md": f"""\
---
type: partnership
id: pt-5q6r7s8t
school: otterbeck
kind: ect-mentoring
coach: {COACH}
coachee: {WREN}
start: 2026-09-07
status: active
chosen_by: team
---
"""
}
OBSERVATION = {
    f"{HERE}/2026-27/visits/2026-11-10-o-3c5e7g9j.md": f"""\
---
type: observation
id: o-3c5e7g9j
school: otterbeck
form: ect-observation@1
observed: {WREN}
observers: [{PETRA}]
date: 2026-11-10
status: held
kind: formal
subject: phonics
---

## Standard 7 - Behaviour

```age observed, observers, monitor
revision: 1
{{block}}
```
"""
}


@pytest.fixture
def readable(workspace: Path) -> Path:
    """The small school, where the monitor reads reviews of induction, and Wren is in it."""
    table = (workspace / POLICY).read_text(encoding="utf-8")
    row = next(line for line in table.splitlines() if line.startswith("| Induction review"))
    cells = row.split("|")
    cells[4] = " read "
    changed(workspace, POLICY, row, "|".join(cells))
    changed(workspace, PERSON, "induction_end", "induction_start: 2025-09-01\ninduction_end")
    return workspace


def with_block(root: Path) -> dict[str, str]:
    """The observation, sealed as the note of the session is; nobody here has its key."""
    source = next((root / HERE).glob("2026-27/c-0a1b2c3d/*s-7kq2m4xa.md"))
    text = source.read_text(encoding="utf-8")
    start = text.index("-----BEGIN AGE")
    block = text[start : text.index("\n```", start)]
    return {path: one.replace("{block}", block) for path, one in OBSERVATION.items()}


def test_it_is_for_those_who_read_reviews_and_headers(readable: Path) -> None:
    """The page of induction goes to the roles that read reviews, headers and people."""
    page = induction_page(view_of(readable), SCHOOL)

    assert page.audience.principals == {MONITOR}


def test_where_nobody_reads_reviews_nobody_has_the_page(workspace: Path) -> None:
    """The lead coach, who reads headers, does not read reviews, and has no page of them."""
    page = induction_page(view_of(workspace), SCHOOL)

    assert not page.audience.admits(audience(LEAD))


def test_the_clock_is_told_in_words(readable: Path) -> None:
    """From when to when, how much of full time, and which end was agreed."""
    page = induction_page(view_of(readable), SCHOOL)
    (person,) = plain(page.model["people"])

    facts = {fact["name"]: fact["value"] for fact in person["facts"]}

    assert facts["Began"] == "1 Sep 2025"
    assert facts["Ends"] == "21 Jul 2027, as agreed"
    assert facts["Works"] == "80% of full time"
    assert person["share"] == 62


@pytest.mark.parametrize(
    ("today", "when"),
    [
        (date(2026, 11, 20), ("to come", "later")),
        (date(2026, 12, 7), ("due soon", "warn")),
        (date(2027, 1, 4), ("day is past", "later")),
    ],
)
def test_a_review_is_told_by_its_day(readable: Path, today: date, when: tuple[str, str]) -> None:
    """A review is to come, due within two weeks, or its day is past; never that it was done."""
    page = induction_page(view_of(readable, today), SCHOOL)

    first = plain(page.model["due"])[0]

    assert (first[1], first[4]["text"], first[4]["badge"]) == ("Progress review", *when)


def test_the_mentor_and_their_meetings_are_told(readable: Path) -> None:
    """Who mentors the person, how often they met this year, and when last."""
    met = session(4, "2026-11-10", "status: held", of="partnership: pt-5q6r7s8t")
    write(readable, PAIR | met)
    page = induction_page(view_of(readable), SCHOOL)

    (person,) = plain(page.model["people"])

    assert person["meetings"] == [
        {
            "who": "Idris Marlowe-Beck",
            "href": "#/pair/pt-5q6r7s8t",
            "held": 1,
            "last": "Tue 10 Nov",
        }
    ]


def test_a_pair_that_never_met_is_no_link(readable: Path) -> None:
    """A pair has a page from its first meeting on; until then its line leads nowhere."""
    write(readable, PAIR)
    page = induction_page(view_of(readable), SCHOOL)

    (person,) = plain(page.model["people"])

    assert [(one["held"], one["href"]) for one in person["meetings"]] == [(0, "")]
    assert 'href=""' not in shown(page)


def test_standards_are_counted_where_they_can_be_read(readable: Path) -> None:
    """What was seen beside the standards goes along sealed, for the reader's browser to open."""
    write(readable, with_block(readable))
    page = induction_page(view_of(readable), SCHOOL)

    html = shown(page)

    assert [block.name for block in page.blocks.values()] == ["Standard 7 - Behaviour"]
    assert 'data-reduce="seen"' in html
    assert "7a Clear rules and routines|" in html
    assert 'data-aside="n/a"' in html
    assert page.origins["b1"].path.value == "visit/o-3c5e7g9j"


def test_a_person_can_be_taken_along(readable: Path) -> None:
    """Each person's card can be downloaded for the appropriate body's own portal."""
    html = shown(induction_page(view_of(readable), SCHOOL))

    assert f'data-export="induction-{WREN}"' in html
    assert "data-export-tools" in html


def test_whose_induction_is_long_over_is_not_listed(readable: Path) -> None:
    """Three months after its end a clock is no longer shown."""
    page = induction_page(view_of(readable, date(2027, 11, 1)), SCHOOL)

    assert plain(page.model["people"]) == []
    assert "Nobody here is in induction" in shown(page)


def test_without_a_calendar_no_review_is_guessed(readable: Path) -> None:
    """Without a calendar the page says what is missing, and names no day."""
    (readable / CALENDAR).unlink()
    page = induction_page(view_of(readable), SCHOOL)

    assert plain(page.model["due"]) == []
    assert "There is no calendar" in shown(page)


def test_probation_is_for_the_readers_of_its_reviews(workspace: Path) -> None:
    """Where the head alone reads reviews of probation, the head alone has the page."""
    changed(
        workspace,
        PERSON,
        "induction_end",
        "probation_start: 2026-09-01\nprobation_end: 2027-02-26\ninduction_end",
    )
    page = probation_page(view_of(workspace), SCHOOL)

    (row,) = plain(page.model["rows"])

    assert page.audience.principals == {"head@otterbeck"}
    assert [cell["text"] for cell in row[1:5]] == [
        "1 Sep 2026",
        "29 Nov 2026",
        "26 Feb 2027",
        "29 Nov 2026",
    ]
    assert row[5]["text"] == "due soon"
    assert "half-way review" in shown(page)


def test_without_anybody_in_probation_the_page_says_so(workspace: Path) -> None:
    """An empty page says what would fill it."""
    assert "Nobody here is in probation" in shown(probation_page(view_of(workspace), SCHOOL))
