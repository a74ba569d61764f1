"""Frozen dataclasses that are quick to make.

    @frozen
    class Point:
        x: int
        y: int

They are dataclasses in every other way. The standard library writes and compiles the source of
each comparison, hash and repr, class by class, whenever a program starts: with two hundred
classes that was a quarter of the start of every command. Here every class has the same ones,
which know the names of its fields.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from operator import attrgetter
from typing import TYPE_CHECKING, Any, TypeVar, dataclass_transform, overload

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from dataclasses import Field

T = TypeVar("T")


@overload
def frozen(cls: type[T], /) -> type[T]: ...
@overload
def frozen(
    *, slots: bool = True, eq: bool = True, repr: bool = True, kw_only: bool = False
) -> Callable[[type[T]], type[T]]: ...
@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def frozen(
    cls: type[T] | None = None,
    /,
    *,
    slots: bool = True,
    eq: bool = True,
    repr: bool = True,  # noqa: A002 (as the standard library names it)
    kw_only: bool = False,
) -> type[T] | Callable[[type[T]], type[T]]:
    """The class as a frozen dataclass.

    Args:
        cls: the class; left out where options are given.
        slots: whether it has room for its fields only, which is smaller.
        eq: whether values with the same fields are equal, and hash alike.
        repr: whether its repr shows the fields; it must not where one holds confidential text.
        kw_only: whether every field is given by name.
    """

    def made(kind: type[T]) -> type[T]:
        done = dataclass(frozen=True, slots=slots, kw_only=kw_only, eq=False, repr=False)(kind)
        for name, method in _methods(done, eq=eq, shows=repr):
            if name not in vars(kind):
                setattr(done, name, method)
        return done

    return made if cls is None else made(cls)


def _methods(cls: type, *, eq: bool, shows: bool) -> Iterator[tuple[str, Callable[..., object]]]:
    every = fields(cls)
    if eq:
        yield "__eq__", _eq(_values([one.name for one in every if one.compare]))
        hashed = _values([one.name for one in every if _is_hashed(one)])
        yield "__hash__", lambda self: hash(hashed(self))
    if shows:
        yield "__repr__", _repr([one.name for one in every if one.repr])


def _is_hashed(one: Field[Any]) -> bool:
    return one.compare if one.hash is None else one.hash


def _values(names: Sequence[str]) -> Callable[[object], tuple[Any, ...]]:
    """What gives the values of these fields."""
    if len(names) > 1:
        return attrgetter(*names)
    return lambda self: tuple([getattr(self, name) for name in names])


def _eq(compared: Callable[[object], tuple[Any, ...]]) -> Callable[[object, object], object]:
    def equal(self: object, other: object) -> object:
        alike = other.__class__ is self.__class__
        return compared(self) == compared(other) if alike else NotImplemented

    return equal


def _repr(names: Sequence[str]) -> Callable[[object], str]:
    shown, words = _values(names), ", ".join(f"{name}={{!r}}" for name in names)
    return lambda self: f"{self.__class__.__qualname__}({words.format(*shown(self))})"
