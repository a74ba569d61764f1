"""Tests of the page that coaching is led from: who has it, and what it tells them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from coachbook.overviews.caseload import loads, trainings
from coachbook.overviews.gaps import gaps, waivers
from coachbook.overviews.lead import lead_page
from coachbook.overviews.progress import closing_queue, running_cycles, still_missing
from coachbook.overviews.unchecked import sealed_by_form, unchecked
from tests.unit.overviews.leading_workspace import (
    CALENDAR,
    COACH,
    CYCLE,
    HERE,
    LEAD,
    MONITOR,
    POLICY,
    SCHOOL,
    changed,
    led_of,
    plain,
    session,
    shown,
    view_of,
    write,
)

if TYPE_CHECKING:
    from pathlib import Path

WAIVER = {
    f"{HERE}/waivers/w-3e5f7g9h.md": f"""\
---
type: waiver
id: w-3e5f7g9h
school: otterbeck
code: CB301
about: s-7kq2m4xa
reason: agreed-exception
granted_by: {COACH}
granted_on: 2026-11-02
until: 2026-11-13
---
"""
}
TRAINED = {
    f"{HERE}/training/t-3w4x5y6z.md": f"""\
---
type: training
id: t-3w4x5y6z
school: otterbeck
person: {COACH}
kind: coach-training
title: Listening well
date: 2025-10-02
---
"""
}
ASKED = "training.required_before: [coach-training, basic]\neligible.coachee"


def test_it_is_for_those_who_lead_and_read_headers(workspace: Path) -> None:
    """The lead coach and the monitor have the page; the head, who sees figures, does not."""
    assert lead_page(view_of(workspace), SCHOOL).audience.principals == {LEAD, MONITOR}


def test_who_may_not_read_who_works_here_has_no_page_with_names(workspace: Path) -> None:
    """A role that reads headers and not the people is left out."""
    row = "| People and roles | read | read | {} | write |"
    changed(workspace, POLICY, row.format("read"), row.format("figures"))

    assert lead_page(view_of(workspace), SCHOOL).audience.principals == {LEAD}


def test_a_record_of_a_stricter_time_is_left_out(workspace: Path) -> None:
    """What the policy then kept from the monitor stays off the monitor's page now."""
    now = (workspace / POLICY).read_text(encoding="utf-8")
    later = now.replace("version: 2026-09", "version: 2026-11")
    later = later.replace("effective_from: 2026-09-01", "effective_from: 2026-11-16")
    write(workspace, {f"{HERE}/policy-2026-11.md": later})
    row = "| Session header | read | write | {} | read |"
    changed(workspace, POLICY, row.format("read"), row.format("–"))
    led = led_of(workspace)

    assert led.audience.principals == {LEAD, MONITOR}
    assert led.sessions == ()


def test_every_value_may_be_seen_by_all_who_have_it(workspace: Path) -> None:
    """The page renders for its whole audience, with everything that can stand on it."""
    write(workspace, WAIVER | TRAINED | session(1, "2026-11-04", "status: missed"))

    html = shown(lead_page(view_of(workspace), SCHOOL))

    assert "Nerys with Idris" in html
    assert "no reason written down" in html


def test_it_holds_no_sealed_text(workspace: Path) -> None:
    """Not one sealed block goes with the page: it counts and names, and that is all."""
    assert lead_page(view_of(workspace), SCHOOL).blocks == {}


def test_a_coach_is_shown_with_what_they_carry(workspace: Path) -> None:
    """A coach's row has with whom they work, and sessions and minutes of this school year."""
    write(workspace, session(1, "2026-11-04", "status: missed\nmissed_reason: trip"))

    held = {"text": 1, "spark": [0, 1], "told": "Sessions by half-term"}
    assert plain(loads(led_of(workspace))) == [
        ["Idris Marlowe-Beck", "Nerys", 1, 1, held, 1, {"text": "14", "sort": 14}],
    ]


def test_training_that_the_policy_asks_for_is_told(workspace: Path) -> None:
    """For each coach the page says which training is on record and which is not."""
    changed(workspace, POLICY, "eligible.coachee", ASKED)
    write(workspace, TRAINED)

    rows = plain(trainings(led_of(workspace)))

    assert [(row[1], row[3]["text"], row[4]["text"]) for row in rows] == [
        ("Training as a coach", "2 Oct 2025", "done"),
        ("Training in BASIC coaching", "", "not on record"),
    ]


@pytest.mark.parametrize(("due", "state"), [("2026-11-13", "overdue"), ("2026-12-01", "to do")])
def test_training_with_a_last_day_is_told(workspace: Path, due: str, state: str) -> None:
    """Training that has to be done by a day is to do, and overdue once it is past."""
    path, text = next(iter(TRAINED.items()))
    write(workspace, {path: text.replace("date: 2025-10-02", f"due: {due}")})

    (row,) = plain(trainings(led_of(workspace)))

    assert row[4]["text"] == state


def test_cycles_are_counted_by_phase_and_age(workspace: Path) -> None:
    """A cycle under way is counted in its phase and among those of its age."""
    found = plain(running_cycles(led_of(workspace)))

    assert [bar["label"] for bar in found["phases"] if bar["value"]] == ["Learn"]
    assert [bar["label"] for bar in found["ages"] if bar["value"]] == ["8 to 11 weeks"]
    assert (found["rows"][0][3]["note"], found["rows"][0][4]) == ("9 weeks ago", 1)


def test_a_cycle_near_its_end_waits_to_be_closed(workspace: Path) -> None:
    """Two weeks before its planned end a cycle stands in the queue, with what it lacks."""
    assert closing_queue(led_of(workspace)) == []

    (row,) = plain(closing_queue(led_of(workspace, date(2026, 12, 7))))

    assert row[3] == (
        "a goal, written by coach and coachee; an outcome, written by coach and coachee; "
        "an impact statement, written by the monitor"
    )


def test_a_finished_cycle_lacks_nothing(workspace: Path) -> None:
    """A cycle that is over is not asked for anything."""
    changed(workspace, f"{CYCLE}/cycle.md", "status: open", "status: ended")
    view = view_of(workspace)

    assert still_missing(view, view.cycles["c-0a1b2c3d"]) == ()


def test_a_waiver_that_has_run_out_is_told(workspace: Path) -> None:
    """A waiver is listed with its reason, and says when it no longer counts."""
    write(workspace, WAIVER)

    (row,) = plain(waivers(led_of(workspace)))

    assert row[0]["note"] == "CB301"
    assert (
        row[0]["text"] == "A session takes place in term, unless its record says that it did not."
    )
    assert row[2:4] == ["agreed exception", "Idris Marlowe-Beck"]
    assert row[5]["text"] == "over"


def test_a_waiver_names_the_record_in_words(workspace: Path) -> None:
    """What a waiver is about is told in words, with a way to it."""
    write(workspace, session(5, "2026-11-05", "status: held"))
    write(
        workspace, {path: text.replace("s-7kq2m4xa", "s-1a2b3c5d") for path, text in WAIVER.items()}
    )

    (row,) = plain(waivers(led_of(workspace)))

    assert row[1]["text"] == "Coaching session, 5 Nov 2026, Nerys with Idris"
    assert row[1]["href"].startswith("#/cycle/c-0a1b2c3d")


def test_what_no_check_looked_at_is_counted(workspace: Path) -> None:
    """Sealed sections are counted as such: their text was checked when it was sealed, if ever."""
    found = {row["title"]: row["value"] for row in plain(unchecked(led_of(workspace)))}

    assert found == {"Sealed sections": 2}


def test_sealed_text_is_listed_by_what_the_clear_part_says(workspace: Path) -> None:
    """Each sort of record has its number, that under an earlier policy, and its days."""
    (row,) = [one for one in plain(sealed_by_form(led_of(workspace))) if one[1]]

    assert [*row[:3], row[3]["text"], row[4]["text"]] == [
        "Coaching session", 2, 0, "12 Nov 2026", "12 Nov 2026"
    ]  # fmt: skip


def test_a_record_under_an_earlier_policy_is_told_apart(workspace: Path) -> None:
    """After a new version came into force, what was sealed before stands under an earlier one."""
    text = (workspace / POLICY).read_text(encoding="utf-8")
    later = text.replace("version: 2026-09", "version: 2026-11")
    later = later.replace("effective_from: 2026-09-01", "effective_from: 2026-11-16")
    write(workspace, {f"{HERE}/policy-2026-11.md": later})

    assert [row[2] for row in plain(sealed_by_form(led_of(workspace)))] == [2]


def test_a_missing_calendar_is_told(workspace: Path) -> None:
    """Without a calendar the page says what is missing and for whom, and still shows the rest."""
    (workspace / CALENDAR).unlink()
    page = lead_page(view_of(workspace), SCHOOL)

    assert "There is no calendar for this school year." in shown(page)
    assert "Idris Marlowe-Beck" in shown(page)


def test_roles_that_nobody_holds_are_told_in_one_sentence(workspace: Path) -> None:
    """Roles that may read something and that nobody holds share one notice on the page."""
    (told,) = [gap["what"] for gap in plain(gaps(led_of(workspace))) if "holds" in gap["what"]]

    assert "induction tutor" in told
    assert "impact monitor" not in told


def test_a_cycle_without_its_pair_is_told(workspace: Path) -> None:
    """A cycle whose pair is gone is named, with what that means for the two."""
    (workspace / HERE / "partnerships/pt-6r1e9k3w.md").unlink()

    found = [gap["what"] for gap in plain(gaps(led_of(workspace)))]

    assert "The cycle c-0a1b2c3d names a pair that is not there." in found
    assert "its partnership is gone" in shown(lead_page(view_of(workspace), SCHOOL))


def test_cycles_without_their_pairs_share_one_notice(workspace: Path) -> None:
    """Several of them are counted in one notice, with the place of each in a list."""
    (workspace / HERE / "partnerships/pt-6r1e9k3w.md").unlink()
    cycle = workspace / f"{HERE}/2026-27/c-0a1b2c3d/cycle.md"
    second = workspace / f"{HERE}/2026-27/c-0a1b2c3e/cycle.md"
    second.parent.mkdir()
    second.write_text(cycle.read_text().replace("c-0a1b2c3d", "c-0a1b2c3e"))

    (found,) = [gap for gap in plain(gaps(led_of(workspace))) if "pair" in gap["what"]]

    assert found["what"] == "2 cycles name a pair that is not there."
    assert found["places"] == [
        "records/otterbeck/2026-27/c-0a1b2c3d/cycle.md",
        "records/otterbeck/2026-27/c-0a1b2c3e/cycle.md",
    ]
    assert shown(lead_page(view_of(workspace), SCHOOL)).count("name a pair that is not there") == 1
