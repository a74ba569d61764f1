"""Signed lines that let somebody read more than before."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coachbook.approvals import (
    HEAD,
    Approval,
    approve,
    format_approval,
    is_sound,
    lost_lines,
    new_lines,
    parse_approvals,
    with_approvals,
)
from coachbook.book import load_book
from tests.workspaces import otterbeck_small as small

KEYRING = load_book(small.ROOT).keyring
STATEMENT = "holder monitor@otterbeck p-c5t0w6ze"
APPROVALS = st.builds(
    Approval,
    day=st.dates(),
    person=st.from_regex(r"p-[a-z0-9]{8}", fullmatch=True),
    statement=st.from_regex(r"[a-z@. -]{1,60}", fullmatch=True),
    signature=st.binary(min_size=64, max_size=64),
)


def signed(statement: str = STATEMENT) -> Approval:
    """An approval by Idris."""
    return approve(
        statement,
        workspace="w",
        person=small.COACH,
        day=date(2026, 11, 20),
        identity=small.identity(small.COACH),
    )


@given(lines=st.lists(APPROVALS, max_size=4))
def test_lines_are_read_as_they_were_written(lines: list[Approval]) -> None:
    """The file gives back the approvals that were put into it, in their order."""
    found = parse_approvals(with_approvals("", lines))

    assert list(found.lines.values()) == lines
    assert found.unread == ()


@given(first=APPROVALS, second=APPROVALS)
def test_a_line_is_added_at_the_end(first: Approval, second: Approval) -> None:
    """A line that is added leaves what was there, byte by byte."""
    before = with_approvals("", [first])

    assert with_approvals(before, [second]) == before + format_approval(second)


def test_the_file_says_what_it_is() -> None:
    """Whoever opens the file reads what its lines are."""
    assert with_approvals("", []).startswith(HEAD.rstrip())
    assert "- " not in HEAD


def test_a_signature_is_for_one_change_in_one_workspace() -> None:
    """A signature holds for the words that were signed, in their workspace, by that key."""
    key, other = (KEYRING.current(one) for one in (small.COACH, small.COACHEE))
    one = signed()

    assert is_sound(one, key, "w")
    assert not is_sound(one, key, "another")
    assert not is_sound(one, other, "w")
    assert not is_sound(one, None, "w")


@pytest.mark.parametrize(
    "line",
    [
        "- 2026-11-20 Petra said yes",
        "- 2026-13-20 p-m3v8x1ra approves `x` with " + "A" * 86 + "==",
        "- 2026-11-20 p-m3v8x1ra approves `x` with " + "A" * 85 + "==",
        "- 2026-11-20 p-m3v8x1ra approves `x``y` with " + "A" * 86 + "==",
    ],
)
def test_a_line_that_cannot_be_read_is_told(line: str) -> None:
    """A line of the list that is no approval is told by its number, never passed over."""
    assert parse_approvals(f"# Approvals\n\n{line}\n").unread == (3,)


def test_only_new_lines_count() -> None:
    """Lines that were there before approve nothing; lines that are gone are missed."""
    old, new = signed(), signed("key p-c5t0w6ze 2 abc")
    before, now = (parse_approvals(with_approvals("", lines)) for lines in ([old], [new]))

    assert [one for _, one in new_lines(before, now)] == [new]
    assert lost_lines(before, now) == (old,)
