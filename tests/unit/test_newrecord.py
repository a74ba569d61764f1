"""Tests of new records: ids, defaults, headings and who will read them."""

from __future__ import annotations

import os
import re
from datetime import date
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from coachbook.forms import builtin_forms
from coachbook.guides import without_guides
from coachbook.newrecord import default_values, draft, new_id, new_source
from tests.workspaces.otterbeck_small import stream

if TYPE_CHECKING:
    from coachbook.book import Book


_SESSION = builtin_forms().all["coaching-session", 1]
_NAMES = frozenset({"Idris", "Nerys", "Petra", "Wren"})


def _session(book: Book) -> str:
    form = book.forms.latest("coaching-session")
    assert form is not None
    values = default_values(book, form, "otterbeck")
    header = {"type": "session", "id": "s-00000000", "school": "otterbeck", "cycle": "c-0a1b2c3d"}
    carried = {"Action steps": "- [ ] Wait three seconds (by 19 Nov)\n"}
    return new_source(book, form, header | values, carried)


def test_id_has_prefix_and_eight_characters() -> None:
    """A new id is its prefix and eight random characters."""
    assert re.fullmatch(r"s-[0-9a-z]{8}", new_id("s", os.urandom))


def test_id_is_never_one_that_is_taken() -> None:
    """An id that a record has already is not given out again."""
    first = new_id("s", stream("same"))

    assert new_id("s", stream("same"), taken={first}) != first


def test_date_and_policy_are_filled_in(book: Book) -> None:
    """A new session knows its day and the policy in force on it."""
    text = _session(book)

    assert "date: 2026-11-16\n" in text
    assert "policy: 2026-09\n" in text


def test_a_cycle_is_planned_to_end_on_a_school_day(book: Book) -> None:
    """Six weeks on may lie in a holiday; then the first school day after it is proposed."""
    form = book.forms.latest("cycle")
    assert form is not None

    values = default_values(book, form, "otterbeck")

    assert (values["start"], values["planned_end"]) == (date(2026, 11, 16), date(2027, 1, 4))


def test_policy_gives_the_model(book: Book) -> None:
    """A new cycle takes its model from the policy."""
    form = book.forms.latest("cycle")
    assert form is not None

    assert default_values(book, form, "otterbeck")["model"] == "impact-cycle"


def test_each_heading_says_who_reads_it(book: Book) -> None:
    """Under each heading stands who will read it, and that the head cannot."""
    lines = _session(book).splitlines()

    guide = lines[lines.index("## Notes") + 1]
    assert "can read this. The head cannot." in guide
    private = lines[lines.index("## Coach notes") + 1]
    assert private.startswith("<!-- guide: Only ")


def test_steps_are_carried_forward(book: Book) -> None:
    """The last unfinished steps stand in the new record."""
    assert "- [ ] Wait three seconds (by 19 Nov)\n" in _session(book)


def test_draft_shows_nothing_but_its_header(book: Book) -> None:
    """A draft made to find out readers and place holds no section."""
    form = book.forms.latest("coaching-session")
    assert form is not None

    record = draft(form, {"type": "session", "id": "s-00000000", "school": "otterbeck"})

    assert record.sections == ()


@given(st.text())
def test_only_guides_are_dropped(text: str) -> None:
    """Dropping guide lines leaves every other text as it was."""
    text = text.replace("<!-- guide:", "")

    assert without_guides(text, _SESSION, _NAMES) == text


def test_guides_are_dropped(book: Book) -> None:
    """No guide line of a new record is left after sealing."""
    text = _session(book)

    assert "<!-- guide:" in text
    assert "<!--" not in without_guides(text, _SESSION, _NAMES)
    assert "\n## Notes\n\n" in without_guides(text, _SESSION, _NAMES)


def test_what_is_written_into_a_guide_stays(book: Book) -> None:
    """Words that somebody wrote into a guide line are sealed with the rest, and never lost."""
    text = _session(book).replace("what we decided. -->", "what we decided: to wait. -->")

    assert "what we decided: to wait. -->" in without_guides(text, _SESSION, _NAMES)


def test_what_is_written_in_place_of_names_stays(book: Book) -> None:
    """Words that somebody wrote where a guide line names its readers are never lost either."""
    text = _session(book).replace("<!-- guide: ", "<!-- guide: Wait longer, ")

    assert without_guides(text, _SESSION, _NAMES) == text
