"""Which signing keys a device has met."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coachbook.errors import InputError
from coachbook.publickey import public_key_of
from coachbook.signerpins import format_signers, parse_signers, swapped_signers, with_met
from tests.workspaces.otterbeck_small import COACH, COACHEE, MONITOR, identity

KEYS = [
    public_key_of(identity(one), owner=one, generation=1, created=date(2026, 9, 1))
    for one in (COACH, COACHEE, MONITOR)
]
SWAPPED = replace(KEYS[0], signing=KEYS[1].signing)

lines = st.dictionaries(
    st.tuples(
        st.from_regex(r"\Ap-[a-z0-9]{4,16}\Z"),
        st.text("abcdefghijklmnopqrstuvwxyz234567", min_size=26, max_size=26),
    ),
    st.text("abcXYZ019+/", min_size=43, max_size=43).map(lambda text: f"{text}="),
    max_size=5,
)


@given(known=lines)
def test_reading_is_the_inverse_of_writing(known: dict[tuple[str, str], str]) -> None:
    """What a device keeps is what it reads the next time."""
    assert parse_signers(format_signers(known)) == known


def test_a_first_meeting_takes_the_keys_as_they_are() -> None:
    """On first use there is nothing to compare with; roles don't sign and are not kept."""
    met = with_met({}, KEYS)

    assert {person for person, _ in met} == {COACH, COACHEE}
    assert swapped_signers(met, KEYS) == frozenset()


def test_another_signing_key_beside_the_same_key_is_swapped() -> None:
    """A signing key follows from the key, so it never changes by itself."""
    met = with_met({}, KEYS)

    assert swapped_signers(met, [SWAPPED]) == {(COACH, KEYS[0].fingerprint)}
    assert with_met(met, [SWAPPED]) == met


def test_a_new_key_of_somebody_known_is_no_swap() -> None:
    """A new generation has a signing key of its own."""
    new = public_key_of(identity("new"), owner=COACH, generation=2, created=date(2026, 11, 1))

    assert swapped_signers(with_met({}, KEYS), [new]) == frozenset()


@pytest.mark.parametrize("text", ["", "coachbook-signers: 2\n", "coachbook-signers: 1\np-1 x y\n"])
def test_a_list_that_cannot_be_read_stops(text: str) -> None:
    """A list that was damaged must not pass for an empty one."""
    with pytest.raises(InputError, match="known signing keys"):
        parse_signers(text)
