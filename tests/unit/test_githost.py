"""Tests of the address at which a record can be changed."""

from __future__ import annotations

import pytest

from coachbook.githost import edit_page


@pytest.mark.parametrize(
    ("new", "edit"),
    [
        (
            "https://git.example/trust/notes/new/main?filename={path}&value={text}",
            "https://git.example/trust/notes/edit/main/{path}",
        ),
        (
            "https://git.example/trust/notes/-/new/main?file_name={path}",
            "https://git.example/trust/notes/-/edit/main/{path}",
        ),
        (
            "https://git.example/trust/notes/_new/main/?filename={path}",
            "https://git.example/trust/notes/_edit/main/{path}",
        ),
        (
            "https://git.example/trust/notes/new/terms/autumn/{path}",
            "https://git.example/trust/notes/edit/terms/autumn/{path}",
        ),
    ],
)
def test_edit_page_of_a_host(new: str, edit: str) -> None:
    """The page for changing a record is told from the host's page for a new one."""
    assert edit_page(new) == edit


@pytest.mark.parametrize("new", ["", "https://git.example/add?path={path}", "http://git/new/main?"])
def test_no_edit_page(new: str) -> None:
    """Where the address of a new file has another shape, none is guessed: the path is copied."""
    assert edit_page(new) == ""
