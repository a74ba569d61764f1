"""Tests of what can be told of a sealed block without a key."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from coachbook.book import load_book
from coachbook.newrecord import new_source
from coachbook.rules import check_book
from tests.unit.conftest import TODAY
from tests.workspaces.otterbeck_small import SESSION

if TYPE_CHECKING:
    from pathlib import Path


def _codes(workspace: Path) -> list[str]:
    return [finding.code for finding in check_book(load_book(workspace, today=TODAY))]


@pytest.mark.parametrize("lines", [1, 2, 5])
def test_block_that_was_cut_short(workspace: Path, lines: int) -> None:
    """A block from which whole lines were cut before its end is damaged, and no key is needed."""
    path = workspace / SESSION
    rows = path.read_text().splitlines()
    end = rows.index("-----END AGE ENCRYPTED FILE-----")
    path.write_text("\n".join([*rows[: end - lines], *rows[end:]]) + "\n")

    assert "CB504" in _codes(workspace)


def test_untouched_guide_is_not_unsealed_text(workspace: Path) -> None:
    """A record that `new` has just made is not called unsealed before anybody has written."""
    _new_session(workspace)

    assert "CB501" not in _codes(workspace)


def test_words_in_a_guide_are_unsealed_text(workspace: Path) -> None:
    """Words that somebody typed into a guide line are confidential like any other."""
    path = _new_session(workspace)
    path.write_text(path.read_text().replace("what we decided. -->", "nothing was decided. -->"))

    assert "CB501" in _codes(workspace)


def test_words_in_place_of_names_are_unsealed_text(workspace: Path) -> None:
    """Words that somebody typed where a guide line names its readers are confidential too."""
    path = _new_session(workspace)
    path.write_text(path.read_text().replace("guide: Nerys,", "guide: Nerys was in tears, Nerys,"))
    path.write_text(path.read_text().replace("guide: Idris,", "guide: He was in tears, Idris,"))

    assert "in tears" in path.read_text()
    assert "CB501" in _codes(workspace)


def _new_session(workspace: Path) -> Path:
    book = load_book(workspace, today=TODAY)
    form = book.forms.latest("coaching-session")
    assert form is not None
    values = {
        "type": "session",
        "id": "s-0n3w0n3w",
        "school": "otterbeck",
        "form": "coaching-session@1",
        "cycle": "c-0a1b2c3d",
        "date": TODAY,
        "status": "held",
        "kind": "coaching",
    }
    path = workspace / SESSION.rsplit("/", 1)[0] / f"{TODAY}-s-0n3w0n3w.md"
    path.write_text(new_source(book, form, values, {}))
    return path
