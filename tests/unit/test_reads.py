"""What was looked up while something was worked out."""

from __future__ import annotations

import pytest

from coachbook.reads import ALL, Reads


def reads() -> Reads:
    """Notes over values that have no record."""
    return Reads(lambda _: None)


def test_a_look_up_is_noted_while_somebody_listens() -> None:
    """Only what is looked up meanwhile counts, and what is not there counts too."""
    noted = reads()
    days = noted.watched("days", {"mon": 1, "tue": 2})
    assert days["tue"] == 2

    with noted.noting() as seen:
        assert (days["mon"], days.get("sun"), "wed" in days) == (1, None, False)

    assert seen == {("days", "mon"), ("days", "sun"), ("days", "wed")}


def test_whoever_goes_through_all_has_looked_up_all() -> None:
    """Going through a mapping, or counting it, hangs on every key, also on one that comes later."""
    noted = reads()
    days = noted.watched("days", {"mon": 1})

    with noted.noting() as seen:
        assert (list(days), len(days), list(days.values())) == (["mon"], 1, [1])

    assert seen == {("days", ALL)}


def test_inner_look_ups_count_for_the_outer() -> None:
    """A page hangs on whatever its parts have looked up."""
    noted = reads()
    days = noted.watched("days", {"mon": 1, "tue": 2})

    with noted.noting() as outer:
        assert days["mon"] == 1
        with noted.noting() as inner:
            assert days["tue"] == 2

    assert inner == {("days", "tue")}
    assert outer == {("days", "mon"), ("days", "tue")}


def test_what_is_worked_out_once_counts_for_everybody_who_asks() -> None:
    """Whoever comes second hangs on the same records as whoever came first."""
    noted = reads()
    days = noted.watched("days", {"mon": 1})
    kept: dict[str, object] = {}
    worked_out: list[int] = []

    def work_out() -> int:
        worked_out.append(days["mon"])
        return days["mon"]

    noted.once(kept, "first day", work_out)
    with noted.noting() as seen:
        assert noted.once(kept, "first day", work_out) == 1

    assert worked_out == [1]
    assert seen == {("days", "mon")}


def test_what_is_itself_watched_is_made_unnoted() -> None:
    """Making a thread hangs on nothing; looking something up in it does."""
    noted = reads()
    days = noted.watched("days", {"mon": 1})

    with noted.noting() as seen, noted.unnoted():
        assert days["mon"] == 1

    assert seen == set()


def test_a_mark_is_that_of_what_would_be_given() -> None:
    """A look-up has another mark when it gives something else, or nothing, and else the same."""
    before, after = reads(), reads()
    before.watched("days", {"mon": (1, 2), "tue": 2, "wed": 3})
    after.watched("days", {"mon": (1, 2), "tue": 4, "sun": 5})
    looked_up = [("days", day) for day in ("mon", "tue", "wed", "sun", "sat")]

    then, now = before.marks(looked_up), after.marks(looked_up)

    assert [day for _, day in looked_up if then["days", day] != now["days", day]] == [
        "tue",
        "wed",
        "sun",
    ]


def test_a_mapping_is_found_by_the_first_word_of_its_name() -> None:
    """What is made on demand is offered once for all its names."""
    noted = reads()
    noted.offer("naming", lambda where: {"p-1": where.split(":")[1]})

    marks = noted.marks([("naming:training", "p-1"), ("naming:visit", "p-1")])

    assert len(set(marks.values())) == 2


def test_a_value_whose_mark_nobody_knows_is_refused() -> None:
    """A value that is neither plain nor a record's would always look the same: that is a fault."""
    noted = reads()
    noted.watched("days", {"mon": object()})

    with pytest.raises(TypeError, match="nobody knows the mark of a object"):
        noted.marks([("days", "mon")])


def test_a_name_that_is_offered_anew_is_marked_anew() -> None:
    """Two views of the same records need not show the same of them."""
    noted = reads()
    noted.watched("days", {"mon": 1})
    before = noted.marks([("days", "mon")])

    noted.watched("days", {"mon": 2})

    assert noted.marks([("days", "mon")]) != before
