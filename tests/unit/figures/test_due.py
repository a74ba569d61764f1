"""What was due is told by the rhythm of the policy, and by the board and the rules alike."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from coachbook.book import load_book
from coachbook.figures import Period, as_figure, defined, definition, figure_table
from coachbook.figures.due import turns_due
from coachbook.overviews.leading import Led, leaders
from coachbook.overviews.rhythm import boards
from coachbook.overviews.turns import DONE, LATE, MISSED
from coachbook.overviews.wording import REASON_WORDS
from coachbook.rules import check_book
from coachbook.views import calendar_now, open_view
from tests.unit.figures.school import counted, facts, settle, view_of, write

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coachbook.diagnostics import Diagnostic
    from coachbook.views import View

EXAMPLE = Path(__file__).parents[3]
SCHOOLS = ("bramblewick", "otterbeck", "saltmere")
BREAKS = (date(2026, 10, 28), date(2026, 12, 22), date(2027, 2, 16))
"""A day of each break, when a half-term is over and the next has not begun."""

CYCLE = "otterbeck/2026-27/c-0a1b2c3d"
FIRM = "cadence.expectation: required"
_OF, _NONE = re.compile(r"(\d+) of (\d+)"), re.compile(r"no sessions? (?:in (.*) )?is on record")


@pytest.fixture(scope="module")
def trust() -> View:
    """The example trust on the day of the demonstration."""
    return open_view(load_book(EXAMPLE, today=date(2027, 3, 12)))


@pytest.fixture(scope="module")
def missed_turns(trust: View) -> dict[date, tuple[Diagnostic, ...]]:
    """What the rules say of the cadence, in each break."""
    pairs = [
        path
        for path, one in trust.book.entries.items()
        if one.form.type in {"partnership", "group"}
    ]
    return {
        day: tuple(
            one for one in check_book(replace(trust.book, today=day), pairs) if one.code == "CB307"
        )
        for day in BREAKS
    }


def session(workspace: Path, day: str, lines: str) -> None:
    """One more session of the cycle."""
    name = f"s-{day.replace('-', '')}"
    header = f"type: session\nform: coaching-session@1\nid: {name}\nschool: otterbeck\n"
    header += f"cycle: c-0a1b2c3d\ndate: {day}\nkind: coaching\n{lines}"
    write(workspace, f"{CYCLE}/{day}-{name}.md", header)


def at(trust: View, day: date) -> View:
    """The trust as it was on a day."""
    return replace(trust, book=replace(trust.book, today=day))


def over_last(view: View, school: str) -> Period:
    """The half-term that was over last."""
    calendar = calendar_now(view.book, school)
    assert calendar is not None
    span = [one for one in calendar.half_terms if one.end < view.book.today][-1]
    return Period(span.start, span.end)


@pytest.mark.parametrize("day", BREAKS, ids=str)
@pytest.mark.parametrize("school", SCHOOLS)
def test_the_board_shows_what_the_figure_counts(trust: View, school: str, day: date) -> None:
    """Every turn that the figure has as open is overdue on the board, for the same people."""
    view = at(trust, day)
    led = Led(view, school, leaders(view.book, school))
    on_board = list(_on_board(led))
    turns = list(turns_due(view, school, over_last(view, school)))

    assert Counter((turn.end, people) for _, turn, one, people in turns if one.missing) == Counter(
        (end, people) for end, people, state, _ in on_board if state == LATE
    )
    assert Counter((turn.end, people) for _, turn, _, people in turns) == Counter(
        (end, people) for end, people, _, words in on_board if words != REASON_WORDS["absence"]
    )


@pytest.mark.parametrize("day", BREAKS, ids=str)
@pytest.mark.parametrize("school", SCHOOLS)
def test_turns_of_a_half_term_are_counted_together(trust: View, school: str, day: date) -> None:
    """For the same people a half-term is one thing to count: what was due, held and explained."""
    view = at(trust, day)
    span = over_last(view, school)
    due: Counter[tuple[frozenset[str], str]] = Counter()
    for _, _, one, people in turns_due(view, school, span):
        due[people, "due"] += one.due
        due[people, "held"] += one.held
        due[people, "explained"] += len(one.reasons)
        due[people, "not held"] += one.due - one.held

    facts = list(definition("completion").facts(view, school, span))
    lost = list(definition("missed").facts(view, school, span))

    assert len({one.people for one in facts}) == len(facts)
    found: Counter[tuple[frozenset[str], str]] = Counter()
    for fact in facts:
        found[fact.people, "due"] += int(fact.whole)
        found[fact.people, "held"] += int(fact.part)
        found[fact.people, "explained"] += int(fact.aside)
    for fact in lost:
        found[fact.people, "not held"] += int(fact.part)
    assert found == due
    assert {one.people for one in lost} == {one.people for one in facts}


def _on_board(led: Led) -> Iterator[tuple[date, frozenset[str], str, str]]:
    """Each turn that ended in the half-term that was over last: its people, and how it stands."""
    assert led.calendar is not None
    span = [one for one in led.calendar.half_terms if one.end < led.book.today][-1]
    for board in boards(led):
        for line in board.lines:
            sides = (line.thread.people.get(side, ()) for side in ("coachee", "members"))
            people = frozenset(one for side in sides for one in side)
            for turn in line.turns:
                if turn.span.end in span and turn.state in {DONE, MISSED, LATE}:
                    yield turn.span.end, people, turn.state, turn.words


@pytest.mark.parametrize("day", BREAKS, ids=str)
@pytest.mark.parametrize("school", SCHOOLS)
def test_the_rules_find_what_the_figure_counts(
    trust: View, missed_turns: dict[date, tuple[Diagnostic, ...]], school: str, day: date
) -> None:
    """As many sessions are missing by the rules as the figure has neither held nor explained."""
    view = at(trust, day)
    facts = definition("completion").facts(view, school, Period(date(2026, 9, 1), day))
    found = [one for one in missed_turns[day] if one.path.split("/")[1] == school]

    assert sum(one.whole - one.part - one.aside for one in facts) == sum(
        _missing(one.message) for one in found
    )


def _missing(message: str) -> int:
    """How many sessions a finding says are missing: of so many, by subject, or the only one."""
    of, none = _OF.search(message), _NONE.search(message)
    if of:
        return int(of[2]) - int(of[1])
    assert none, message
    return len(re.split(", | or ", none[1])) if none[1] else 2 if "twice" in message else 1


def test_the_rules_do_find_something(missed_turns: dict[date, tuple[Diagnostic, ...]]) -> None:
    """The example has turns that nobody answered, so that there is something to disagree about."""
    assert any(missed_turns.values())


def test_a_week_without_a_word_was_due(workspace: Path) -> None:
    """Where a rhythm is expected, a week of which nothing is on record counts as not held."""
    settle(workspace, FIRM)
    before = counted(view_of(workspace), "completion")
    session(workspace, "2026-11-05", "status: held")
    after = counted(view_of(workspace), "completion")

    assert (after.part - before.part, after.whole) == (1, before.whole)
    assert before.whole > before.part


@pytest.mark.parametrize(
    ("lines", "mark"),
    [
        ("status: missed\nmissed_reason: cover", "cover"),
        ("status: missed", "none given"),
        ("status: planned", "not written up"),
    ],
)
def test_a_turn_says_why_it_is_missing(workspace: Path, lines: str, mark: str) -> None:
    """A reason that was written down, none given, a session nobody wrote up, or nothing at all."""
    settle(workspace, FIRM)
    assert {one.mark for one in facts(view_of(workspace), "missed") if one.part} == {
        "nothing on record"
    }
    session(workspace, "2026-11-05", lines)

    assert mark in {one.mark for one in facts(view_of(workspace), "missed")}


def test_two_sessions_in_a_week_are_one_turn(workspace: Path) -> None:
    """A second session makes up for no other week, and is not counted twice."""
    session(workspace, "2026-11-13", "status: held")

    assert counted(view_of(workspace), "completion").part == 1


def test_a_week_that_is_not_over_is_not_due(workspace: Path) -> None:
    """What is planned or held this week counts once the week is over."""
    before = counted(view_of(workspace), "completion")
    session(workspace, "2026-11-16", "status: held")

    assert counted(view_of(workspace), "completion") == before


def test_absence_takes_a_session_out_of_what_was_due(workspace: Path) -> None:
    """Nobody is counted as without a session who was not there."""
    settle(workspace, FIRM)
    before = counted(view_of(workspace), "completion")
    session(workspace, "2026-11-05", "status: missed\nmissed_reason: absence")

    assert counted(view_of(workspace), "completion").whole == before.whole - 1


def test_nothing_is_due_of_who_has_left(workspace: Path) -> None:
    """After a coachee's last day no turn is due."""
    path = workspace / "records/people/p-n9b4j2ys.md"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("\n---\n", "\nend: 2026-11-13\n---\n", 1), encoding="utf-8")
    late = date(2026, 12, 22)
    period = Period(date(2026, 9, 2), late)
    found = list(definition("completion").facts(view_of(workspace, late), "otterbeck", period))

    assert max(one.day for one in found if one.day) == date(2026, 11, 13)


def test_nothing_is_due_in_a_pause_of_the_cycle(workspace: Path) -> None:
    """While a cycle is paused its weeks are not due; before and after they are."""
    settle(workspace, FIRM)
    path = workspace / f"records/{CYCLE}/cycle.md"
    text = path.read_text(encoding="utf-8")
    paused = "status: open\npaused_from: 2026-11-02\nresumed_on: 2026-11-09"
    before = counted(view_of(workspace), "completion")
    path.write_text(text.replace("status: open", paused), encoding="utf-8")

    assert counted(view_of(workspace), "completion").whole == before.whole - 1


def test_what_was_missed_for_a_reason_stands_beside(workspace: Path) -> None:
    """A school with enough people reads how many of the rest were missed for a reason."""
    settle(workspace, FIRM, "suppression.min_people: 1")
    session(workspace, "2026-11-05", "status: missed\nmissed_reason: cover")
    figure = as_figure(figure_table(view_of(workspace), "otterbeck", "completion").value)

    assert ", 1 missed for a reason" in figure.detail


def test_a_rhythm_that_is_aimed_for_is_said_to_be_that(workspace: Path) -> None:
    """The figure says how firmly the rhythm is meant that it counts against."""
    soft = figure_table(view_of(workspace), "otterbeck", "completion").value.meaning
    settle(workspace, FIRM)
    firm = figure_table(view_of(workspace), "otterbeck", "completion").value.meaning

    assert "once a week, wherever possible" in soft
    assert "wherever possible" not in firm


def test_a_half_term_under_way_says_why_nothing_is_due(trust: View) -> None:
    """What a rhythm asks of a half-term is due at its end; until then the table says so."""
    now = figure_table(trust, "bramblewick", "completion", by="half-term").value
    later = at(trust, date(2027, 3, 26))
    over = figure_table(later, "bramblewick", "completion", by="half-term").value

    assert now.rows[-1].number is None
    assert now.note == "Spring 2 is not over, so nothing is due in it yet."
    assert over.note == ""


def test_without_a_rhythm_nothing_is_said_to_be_due(trust: View) -> None:
    """A policy that states no rhythm has its sessions on record counted, and the figure says so."""
    shown = {one.key for one in defined(trust, "fennimoor")}
    table = figure_table(trust, "fennimoor", "kept").value

    assert not shown & {"completion", "missed"}
    assert "states no rhythm" in table.meaning


def test_who_missed_something_is_told_from_everybody(trust: View) -> None:
    """A number of missed sessions says of how many people they are, and among how many."""
    figure = as_figure(figure_table(trust, "fennimoor", "unkept").value)

    assert figure.detail == "1 session, of fewer than 5 people, among 14 people"


def test_what_went_before_the_pause_of_a_pair_was_due(workspace: Path) -> None:
    """A paused cycle whose pair says since when was due until then."""
    settle(workspace, FIRM)
    before = counted(view_of(workspace), "completion")
    pair = workspace / "records/otterbeck/partnerships/pt-6r1e9k3w.md"
    cycle = workspace / f"records/{CYCLE}/cycle.md"
    for path, paused in (
        (pair, "status: paused\npaused_from: 2026-11-09"),
        (cycle, "status: paused"),
    ):
        text = path.read_text(encoding="utf-8")
        path.write_text(re.sub(r"status: \w+", paused, text), encoding="utf-8")

    late = date(2026, 12, 22)
    period = Period(date(2026, 9, 2), late)
    found = definition("completion").facts(view_of(workspace, late), "otterbeck", period)

    assert sum(one.whole for one in found) == before.whole
