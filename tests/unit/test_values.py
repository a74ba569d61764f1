"""Frozen dataclasses that are quick to make."""

from __future__ import annotations

import pickle
from dataclasses import FrozenInstanceError, asdict, dataclass, field, fields, replace
from typing import Any
from unittest.mock import patch

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
class Filled:
    """A value of which some parts are filled in, as the product makes its values."""

    name: str
    words: list[str] = field(default_factory=lambda: ["made anew"])
    kept: dict[str, str] = field(default_factory=dict, init=False)
    size: int = field(init=False)
    fixed: int = field(default=4, init=False)
    late: int = field(default=5, kw_only=True)

    def __post_init__(self) -> None:
        """Works out a part from another."""
        object.__setattr__(self, "size", len(self.name))


@dataclass(frozen=True, slots=True)
class TheirsFilled:
    """The same, as the standard library makes it."""

    name: str
    words: list[str] = field(default_factory=lambda: ["made anew"])
    kept: dict[str, str] = field(default_factory=dict, init=False)
    size: int = field(init=False)
    fixed: int = field(default=4, init=False)
    late: int = field(default=5, kw_only=True)

    def __post_init__(self) -> None:
        """Works out a part from another."""
        object.__setattr__(self, "size", len(self.name))


@frozen
class Base:
    """A value that others are made on."""

    first: int


@frozen
class More(Base):
    """A value on the ground of another."""

    second: int = 2


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


@pytest.mark.parametrize(
    ("given", "named"),
    [
        (("ada",), {}),
        (("ada", ["x"]), {"late": 1}),
        ((), {"name": "ada", "words": []}),
    ],
)
def test_parts_are_filled_in_as_the_standard_library_does_it(
    given: tuple[Any, ...], named: dict[str, Any]
) -> None:
    """What is left out has its default, made anew for each value; the rest is worked out."""
    ours, theirs = Filled(*given, **named), TheirsFilled(*given, **named)

    assert asdict(ours) == asdict(theirs)
    assert ours.words is not Filled("ada").words
    assert pickle.loads(pickle.dumps(ours)) == ours  # noqa: S301 (made here)


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ((), {}),
        (("ada", [], 3), {}),
        (("ada",), {"name": "bo"}),
        (("ada",), {"size": 3}),
        (("ada",), {"unknown": 3}),
    ],
)
def test_parts_that_do_not_fit_are_refused_in_the_standard_librarys_words(
    given: tuple[Any, ...], named: dict[str, Any]
) -> None:
    """A part too many, too few, or of another name is told as by any dataclass."""
    with pytest.raises(TypeError) as theirs:
        TheirsFilled(*given, **named)
    with pytest.raises(TypeError) as ours:
        Filled(*given, **named)

    assert str(ours.value) == str(theirs.value).replace("TheirsFilled", "Filled")


def test_a_class_may_be_made_on_the_ground_of_another() -> None:
    """Parts of the class beneath come first, and are as fixed as its own."""
    value = More(1)

    assert (value, value.first, value.second) == (More(1, 2), 1, 2)
    assert pickle.loads(pickle.dumps(value)) == value  # noqa: S301 (made here)
    with pytest.raises(FrozenInstanceError, match="cannot assign to field 'first'"):
        value.first = 3  # type: ignore[misc]


def test_a_class_of_which_no_value_could_be_made_is_refused() -> None:
    """A part that may be left out comes after those that may not; who reads the class is told."""
    with pytest.raises(TypeError, match="a field without a default follows one with a default"):

        @frozen
        class Wrong:
            first: int = 1
            second: str  # type: ignore[misc]


def test_a_class_whose_values_would_lose_a_part_is_refused() -> None:
    """What is sent to another process has all its parts, those of the class beneath as well."""
    with pytest.raises(TypeError, match="has room, on the ground of a class that has none"):

        @frozen(slots=False)
        class Wrong(Base):
            second: int = 2


def test_nothing_is_compiled_for_a_class_of_which_no_value_is_made() -> None:
    """The start of a command does not write methods that it may never need."""
    with patch("builtins.exec", side_effect=AssertionError):

        @frozen
        class Unused:
            part: int = 0

    assert Unused(3).part == 3


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
