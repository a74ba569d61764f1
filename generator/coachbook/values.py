"""Frozen dataclasses that are quick to make.

    @frozen
    class Point:
        x: int
        y: int

They are dataclasses in every other way. The standard library writes and compiles the source of
each method, class by class, whenever a program starts: with two hundred classes that was a third
of the start of every command. Here every class has the same methods, which know the names of its
fields, but for `__init__`: that is written when the first value of a class is made, so that none
is written for a class of which a command makes no values.
"""

from __future__ import annotations

from dataclasses import MISSING, FrozenInstanceError, dataclass, field, fields
from operator import attrgetter
from types import MemberDescriptorType
from typing import TYPE_CHECKING, Any, TypeVar, cast, dataclass_transform, overload

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from dataclasses import Field

    Method = Callable[..., object]

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
        done = dataclass(init=False, slots=slots, kw_only=kw_only, eq=False, repr=False)(kind)
        _require_sound(done, slots=slots)
        for name, method in _methods(done, slots=slots, eq=eq, shows=repr):
            if name not in vars(kind):
                setattr(done, name, method)
        return done

    return made if cls is None else made(cls)


def _require_sound(cls: type, *, slots: bool) -> None:
    """TypeError where values could not be made, or would lose a part on the way elsewhere."""
    ordered = [one for one in fields(cls) if one.init and not one.kw_only]
    optional = [one.default is not MISSING or one.default_factory is not MISSING for one in ordered]
    if sorted(optional) != optional:
        raise TypeError(f"{cls.__qualname__}: a field without a default follows one with a default")
    if not slots and hasattr(cls, "__setstate__"):
        raise TypeError(f"{cls.__qualname__} has room, on the ground of a class that has none")


def _methods(cls: type, *, slots: bool, eq: bool, shows: bool) -> Iterator[tuple[str, Method]]:
    every = fields(cls)
    yield "__init__", _unwritten(cls)
    yield "__setattr__", _refuse("assign to")
    yield "__delattr__", _refuse("delete")
    if slots:
        yield "__getstate__", _taken_apart([one.name for one in every])
        yield "__setstate__", _restore([_setter(cls, one.name) for one in every])
    if eq:
        yield "__eq__", _eq(_values([one.name for one in every if one.compare]))
        hashed = _values([one.name for one in every if _is_hashed(one)])
        yield "__hash__", lambda self: hash(hashed(self))
    if shows:
        yield "__repr__", _repr([one.name for one in every if one.repr])


def _unwritten(cls: type) -> Method:
    """An `__init__` that is there until it is called, and puts the real one in its place."""

    def __init__(self: object, *given: object, **named: object) -> None:  # noqa: N807 (it is one)
        real = _written(cls)
        setattr(cls, "__init__", real)  # noqa: B010 (no class lets it be assigned)
        real(self, *given, **named)

    return __init__


def _written(cls: type) -> Method:
    """The `__init__` of a class, as the standard library writes it for a frozen dataclass."""
    known: dict[str, Any] = {"_unset": MISSING, "_put": object.__setattr__}
    ordered: list[str] = []
    named: list[str] = []
    body: list[str] = []
    for one in fields(cls):
        default, value = _default(one, known)
        if one.init:
            (named if one.kw_only else ordered).append(f"{one.name}{default}")
        elif not default:
            continue
        body.append(_assigned(cls, one.name, value, known))
    if hasattr(cls, "__post_init__"):
        body.append("self.__post_init__()")
    head = ", ".join(("self", *ordered, *(("*", *named) if named else ())))
    source = f"def __init__({head}):\n " + "\n ".join(body or ["pass"])
    # Compiled first: an interrupt within exec of a text would end Python itself by a signal.
    exec(compile(source, f"<{cls.__qualname__}>", "exec"), known)  # noqa: S102 (names of fields)
    real = known["__init__"]
    real.__qualname__ = f"{cls.__qualname__}.__init__"  # which Python says where a field is missing
    return cast("Method", real)


def _default(one: Field[Any], known: dict[str, Any]) -> tuple[str, str]:
    """What stands behind a parameter, and the value of the field in terms of it."""
    made, kept = f"_make_{one.name}", f"_default_{one.name}"
    if one.default_factory is not MISSING:
        known[made] = one.default_factory
        told = f"{made}() if {one.name} is _unset else {one.name}"
        return "=_unset", told if one.init else f"{made}()"
    if one.default is not MISSING:
        known[kept] = one.default
        return f"={kept}", one.name if one.init else kept
    return "", one.name


def _assigned(cls: type, name: str, value: str, known: dict[str, Any]) -> str:
    """The line that gives a field its value, past the refusal to do so."""
    if not isinstance(getattr(cls, name, None), MemberDescriptorType):
        return f"_put(self, {name!r}, {value})"
    known[f"_put_{name}"] = _setter(cls, name)
    return f"_put_{name}(self, {value})"


def _setter(cls: type, name: str) -> Callable[[object, object], None]:
    return cast("MemberDescriptorType", getattr(cls, name)).__set__


def _refuse(verb: str) -> Method:
    def refuse(_self: object, name: str, *_value: object) -> None:
        raise FrozenInstanceError(f"cannot {verb} field {name!r}")

    return refuse


def _taken_apart(names: Sequence[str]) -> Method:
    """What gives the values of these fields to another process, in their order."""
    values = _values(names)

    def taken_apart(self: object) -> tuple[object, ...]:
        return values(self)

    return taken_apart


def _restore(setters: Sequence[Callable[[object, object], None]]) -> Method:
    """What fills in a value that comes from another process, in the order of its fields."""

    def restore(self: object, state: Sequence[object]) -> None:
        for put, value in zip(setters, state, strict=True):
            put(self, value)

    return restore


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
