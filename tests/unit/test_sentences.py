"""Words put together as a sentence has them."""

from __future__ import annotations

import pytest

from coachbook.sentences import begin, join, one_of


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ((), ""),
        (("Wren",), "Wren"),
        (("Wren", "Idris"), "Wren and Idris"),
        (("Wren", "Idris", "Petra"), "Wren, Idris and Petra"),
    ],
)
def test_names_are_listed_as_people_say_them(words: tuple[str, ...], expected: str) -> None:
    """Several names have commas between them, and the last has an "and"."""
    assert join(words) == expected


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        (1, "Wren"),
        (2, "Wren or Idris"),
        (4, "Wren, Idris, Petra or Odalys"),
        (5, "Wren, Idris, Petra or one of 2 others"),
    ],
)
def test_a_long_choice_of_people_is_cut_short(count: int, expected: str) -> None:
    """Of many who may do something, three are named and the others counted."""
    assert one_of(("Wren", "Idris", "Petra", "Odalys", "Caius")[:count]) == expected


@pytest.mark.parametrize(
    ("word", "expected"), [("maths", "Maths"), ("pe", "PE"), ("English", "English"), ("", "")]
)
def test_a_subject_begins_a_line_with_a_capital(word: str, expected: str) -> None:
    """At the start of a line a subject has a capital, and initials are capitals throughout."""
    assert begin(word) == expected
