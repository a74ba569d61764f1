"""The table of parameters, read from `_parameters.yml`.

The file is data of coachbook itself. What is wrong with it is a mistake in the program, so it
raises ValueError with the place, and no hint for a school.
"""

from __future__ import annotations

from importlib import resources
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from coachbook.parameters import ParameterSpec, ParameterType
from coachbook.people import ROLE_TITLES
from coachbook.strict_yaml import parse_yaml

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_FILE = "_parameters.yml"
_KEYS = frozenset({"type", "many", "required", "decides", "asks", "from", "to", "lists", "choices"})
_TYPES = {one.value: one for one in ParameterType}


def read_parameters(data: bytes, name: str = _FILE) -> Mapping[str, ParameterSpec]:
    """Every parameter by its key, in the order of the file; ValueError where one is no parameter.

    Raises FrontMatterError where the file is not YAML of the strict kind.
    """
    content = parse_yaml(data, name)
    shared = _mapping(content, "lists")
    lists = {key: _words(entry, f"list {key}") for key, entry in shared.items()}
    lists["roles"] = dict(ROLE_TITLES)
    table = _mapping(content, "parameters")
    return MappingProxyType({key: _spec(key, entry, lists) for key, entry in table.items()})


def _spec(key: str, raw: object, lists: Mapping[str, Mapping[str, str]]) -> ParameterSpec:
    if not isinstance(raw, dict):
        raise _fault(key, "has no entries")
    unknown = sorted(set(raw) - _KEYS)
    if unknown:
        raise _fault(key, f"has unknown entry {unknown[0]!r}")
    kind = _TYPES.get(raw.get("type", ""))
    if kind is None:
        raise _fault(key, f"has no known type; one of {', '.join(_TYPES)}")
    if not isinstance(raw.get("decides"), str):
        raise _fault(key, "does not say what it decides")
    spec = ParameterSpec(
        key=key,
        type=kind,
        meaning=raw["decides"],
        question=str(raw.get("asks", "")),
        many=raw.get("many") is True,
        choices=MappingProxyType(_choices(key, raw, lists)),
        mandatory=raw.get("required") is True,
        **_range(key, raw, kind),
    )
    _require_sound(spec)
    return spec


def _choices(
    key: str, raw: Mapping[str, Any], lists: Mapping[str, Mapping[str, str]]
) -> dict[str, str]:
    """The words of the lists it names and its own, in the order in which the entries stand."""
    found: dict[str, str] = {}
    for entry in (entry for entry in raw if entry in {"lists", "choices"}):
        parts = _named_lists(key, raw[entry], lists) if entry == "lists" else (raw[entry],)
        for part in parts:
            found.update(_words(part, key))
    return found


def _named_lists(
    key: str, names: object, lists: Mapping[str, Mapping[str, str]]
) -> Iterable[Mapping[str, str]]:
    for name in names if isinstance(names, list) else [names]:
        found = lists.get(str(name))
        if found is None:
            raise _fault(key, f"names unknown list {name!r}")
        yield found


def _range(key: str, raw: Mapping[str, Any], kind: ParameterType) -> dict[str, int]:
    bounds = {"minimum": raw.get("from"), "maximum": raw.get("to")}
    if kind is not ParameterType.INTEGER:
        if any(bound is not None for bound in bounds.values()):
            raise _fault(key, "has a range and is no integer")
        return {}
    found = {name: bound for name, bound in bounds.items() if isinstance(bound, int)}
    if len(found) < len(bounds) or found["minimum"] > found["maximum"]:
        raise _fault(key, "needs a range: from, to")
    return found


def _require_sound(spec: ParameterSpec) -> None:
    if spec.type is ParameterType.CHOICE and not spec.choices:
        raise _fault(spec.key, "is a choice without choices")
    if spec.type is ParameterType.YES_NO and set(spec.choices) - {"yes", "no"}:
        raise _fault(spec.key, "has a choice besides yes and no")


def _words(raw: object, place: str) -> dict[str, str]:
    if not isinstance(raw, dict):
        raise _fault(place, "has choices without words")
    found = dict(raw)
    if not all(isinstance(words, str) for words in found.values()):
        raise _fault(place, "has a choice without words")
    return found


def _mapping(content: Mapping[str, object], key: str) -> Mapping[str, object]:
    found = content.get(key)
    if not isinstance(found, dict):
        raise _fault(key, "is missing")
    return found


def _fault(key: str, what: str) -> ValueError:
    return ValueError(f"{_FILE}: {key} {what}")


PARAMETERS: Mapping[str, ParameterSpec] = read_parameters(
    (resources.files("coachbook") / _FILE).read_bytes()
)
"""Every parameter by its key, in the order of the table."""
