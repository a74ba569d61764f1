"""How the audit reads a public file before it looks for names in it."""

from __future__ import annotations

from unittest import mock

from hypothesis import given
from hypothesis import strategies as st

from coachbook import audit

TEXTS = st.text("aÖ\u2019- \n\t\u2003<>")


@given(TEXTS, st.integers(1, 5))
def test_words_are_the_same_however_a_text_is_cut(text: str, size: int) -> None:
    """No word of a long file is cut in two, and so none is overlooked."""
    with mock.patch.object(audit, "_PIECE", size):
        found = audit._words(text)

    assert found == {*audit._WORD.findall(text)}


@given(TEXTS)
def test_blanks_are_read_as_a_browser_shows_them(text: str) -> None:
    """However many blanks of whatever kind part two names, they are one."""
    shown = audit._UNUSUAL_BLANKS.sub(" ", text)

    assert shown.strip(" ") == " ".join(text.split())


def test_a_name_is_found_at_the_end_of_a_large_file() -> None:
    """A search index is read to its end."""
    watched = audit.Watched(frozenset(), {"maya": ("maya lindqvist",)})
    text = "a handbook for everybody, " * 40_000

    assert list(audit._named(f"{text}Maya  Lindqvist", watched)) == ["names a person"]
    assert not list(audit._named(text, watched))
