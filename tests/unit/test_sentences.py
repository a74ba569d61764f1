"""Words put together as a sentence has them."""

from __future__ import annotations

import pytest

from coachbook.sentences import join


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
