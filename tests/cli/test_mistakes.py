"""The mistakes of the list, each with its own message."""

from __future__ import annotations

from datetime import time
from typing import TYPE_CHECKING

import pytest

from coachbook.book import load_book, values_of
from tests.cli.mistakes import GOLDEN, SESSION, Mistake, make_school, page, pages, session
from tests.cli.mistakes_typed import MISTAKES

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.number)
def test_a_mistake_is_told_in_these_words(mistake: Mistake, tmp_path: Path) -> None:
    """Whoever makes a mistake is told where, what is wrong, and what to do."""
    assert page(mistake, tmp_path) == pages()[mistake.number]


def test_the_file_of_messages_holds_every_mistake() -> None:
    """Each mistake has one place in the file, and nothing else stands there."""
    assert [*pages()] == [mistake.number for mistake in MISTAKES]


def test_no_message_holds_confidential_text() -> None:
    """What stands in a note, a statement or a concern is named by its place alone."""
    said = GOLDEN.read_text(encoding="utf-8").lower()

    assert not [word for word in ("kai", "waited", "disclosed", "i spoke more") if word in said]


def test_what_yaml_would_change_is_read_as_it_was_meant(tmp_path: Path) -> None:
    """10:00 is a time and no number; No is a no where a yes or a no belongs."""
    root = make_school("head-excluded", tmp_path / "workspace", ())
    (root / SESSION).write_text(session(start_time="10:00", scheduled="No"), encoding="utf-8")
    book = load_book(root)

    values = values_of(book, book.records[SESSION])

    assert (values["start_time"], values["scheduled"]) == (time(10), False)
