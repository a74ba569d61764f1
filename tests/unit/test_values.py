"""Frozen dataclasses that are quick to make."""

from __future__ import annotations

import pickle
from dataclasses import FrozenInstanceError, dataclass, field, fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coachbook.values import frozen

Parts = tuple[str, tuple[int, ...], int, str, int]


@frozen
class Ours:
    """As the product makes its values."""

    name: str
    numbers: tuple[int, ...] = ()
    aside: int = field(default=0, compare=False)
    secret: str = field(default="", repr=False)
    told: int = field(default=0, hash=False)


@dataclass(frozen=True, slots=True)
class Theirs:
    """The same, as the standard library makes it."""

    name: str
    numbers: tuple[int, ...] = ()
    aside: int = field(default=0, compare=False)
    secret: str = field(default="", repr=False)
    told: int = field(default=0, hash=False)


@frozen
class One:
    """A value of a single part."""

    part: object


@frozen
class Nothing:
    """A value without parts."""


@frozen(repr=False)
class Quiet:
    """A value that holds confidential text."""

    text: str


@frozen(eq=False)
class Itself:
    """A value that is equal to itself alone."""

    part: int


@frozen(slots=False, kw_only=True)
class Roomy:
    """A value that has room for what is worked out from it."""

    part: int


@frozen
class Own:
    """A value with words and a hash of its own."""

    part: int

    def __hash__(self) -> int:
        """As it likes."""
        return 7

    def __repr__(self) -> str:
        """As it likes."""
        return "Own()"


PARTS = st.tuples(
    st.sampled_from(["a", "b"]),
    st.lists(st.integers(0, 1), max_size=2).map(tuple),
    st.integers(0, 1),
    st.sampled_from(["", "x"]),
    st.integers(0, 1),
)


@given(PARTS, PARTS)
def test_values_compare_hash_and_show_as_the_standard_library_has_it(
    one: Parts,
    other: Parts,
) -> None:
    """Two values are equal, hash and read as they would if the standard library had made them."""
    ours, theirs = Ours(*one), Theirs(*one)

    assert (ours == Ours(*other)) == (theirs == Theirs(*other))
    assert hash(ours) == hash(theirs)
    assert repr(ours) == repr(theirs).replace("Theirs", "Ours")


@given(PARTS)
def test_values_are_dataclasses(one: Parts) -> None:
    """A value can be taken apart, changed in a copy and sent to another process."""
    value = Ours(*one)

    assert [part.name for part in fields(value)] == [part.name for part in fields(Theirs)]
    assert replace(value, name="c") == Ours("c", *one[1:])
    assert pickle.loads(pickle.dumps(value)) == value  # noqa: S301 (made here)


def test_a_value_cannot_be_changed() -> None:
    """No part of a value can be set or taken away, and none can be added."""
    value = Ours("a")

    with pytest.raises(FrozenInstanceError):
        value.name = "b"  # type: ignore[misc]
    with pytest.raises(FrozenInstanceError):
        del value.name
    assert not hasattr(value, "__dict__")


def test_a_value_is_equal_to_none_of_another_class() -> None:
    """Values of two classes are different, whatever is in them."""
    assert One("a") != Quiet("a")
    assert One("a") != "a"


def test_values_of_one_part_or_of_none_are_compared_too() -> None:
    """However few parts a value has, what is in it decides."""
    assert (One(1), hash(One(1)), repr(One(1))) == (One(1), hash((1,)), "One(part=1)")
    assert One(1) != One(2)
    assert (Nothing(), hash(Nothing()), repr(Nothing())) == (Nothing(), hash(()), "Nothing()")


def test_a_value_that_is_not_to_be_shown_is_not() -> None:
    """Where a value holds confidential text, its repr has none of it."""
    assert "confidential" not in repr(Quiet("confidential"))


def test_a_value_may_be_equal_to_itself_alone() -> None:
    """Where values stand for things, two with the same parts are two things."""
    one = Itself(1)

    assert one == one  # noqa: PLR0124 (that is the question)
    assert one != Itself(1)


def test_a_value_may_have_room() -> None:
    """Where something is to be worked out once, a value has a place for it."""
    assert vars(Roomy(part=1)) == {"part": 1}


def test_what_a_class_says_of_itself_stays() -> None:
    """A class that has words or a hash of its own keeps them."""
    assert (repr(Own(1)), hash(Own(1)), Own(1) == Own(1)) == ("Own()", 7, True)
