"""The keys and values of a form file, each by its kind, or a refusal that says what was meant."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NoReturn

from coachbook.errors import FormError, FrontMatterError
from coachbook.spelling import closest
from coachbook.strict_yaml import parse_yaml
from coachbook.values import frozen

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_WORD = re.compile(r"[a-z][a-z0-9-]*")


def refuse(place: str, message: str, known: Iterable[str]) -> NoReturn:
    """Raises with the known word nearest to the last one in backquotes, or with all."""
    options = sorted(known)
    near = closest(message.rsplit("`", 2)[-2], options)
    hint = f"did you mean `{near}`?" if near else f"one of: {', '.join(options)}"
    raise FormError(f"{place}: {message}", hint=hint)


def read_raw(place: str, data: bytes) -> Raw:
    """The top of a form file; raises FormError where it is no YAML that a form may be."""
    try:
        return Raw(place, "the form", parse_yaml(data, place))
    except FrontMatterError as error:
        raise FormError(f"{error.message} (line {error.line})", hint=error.hint) from error


@frozen
class Raw:
    """The keys of one level of a form file; every reading of one raises FormError if it is unfit.

    `place` is the file, `what` the part of it that these keys belong to.
    """

    place: str
    what: str
    values: Mapping[str, Any]

    def __contains__(self, key: str) -> bool:
        """Whether the key is written."""
        return key in self.values

    def __iter__(self) -> Iterator[str]:
        """The keys in the order of the file."""
        return iter(self.values)

    def require_known(self, keys: Iterable[str]) -> None:
        """Every key is one of these."""
        known = tuple(keys)
        for key in self.values:
            if key not in known:
                refuse(self.place, f"{self.what} has unknown key `{key}`", known)

    def word(self, key: str, default: str = "") -> str:
        """One word of small letters, digits and hyphens."""
        text = self.text(key, required=not default) or default
        if not _WORD.fullmatch(text):
            self.fail(f"`{key}` is not one word", "small letters, digits and hyphens")
        return text

    def text(self, key: str, *, required: bool = False) -> str:
        """One value as text; "" where there is none."""
        value = self.values.get(key)
        if value is None and not required:
            return ""
        if value is None:
            self.fail(f"`{key}` is missing", f"write `{key}: ` and its value")
        if isinstance(value, dict | list):
            self.fail(f"`{key}` is not a text", f"write one value behind `{key}:`")
        return str(value)

    def one_of(self, key: str, options: tuple[str, ...], default: str | None = None) -> str:
        """One of a few words."""
        text = self.text(key, required=default is None) or default or ""
        if text not in options and text != default:
            refuse(self.place, f"`{key}` has unknown value `{text}`", options)
        return text

    def flag(self, key: str, *, default: bool = False) -> bool:
        """True or false, in no other spelling."""
        value = self.values.get(key, default)
        if not isinstance(value, bool):
            self.fail(f"`{key}` is neither true nor false", f"write `{key}: true`")
        return value

    def number(self, key: str) -> float | None:
        """A number, or None where there is none."""
        value = self.values.get(key)
        if value is None:
            return None
        try:
            return float(str(value))
        except ValueError:
            self.fail(f"`{key}` is not a number", f"write `{key}: 1`")

    def count(self, key: str) -> int | None:
        """A whole number from 1, or None where there is none."""
        value = self.values.get(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or value < 1:
            self.fail(f"`{key}` is not a whole number from 1", f"write `{key}: 1`")
        return value

    def words(self, key: str) -> tuple[str, ...]:
        """A list of texts."""
        value = self.values.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            self.fail(f"`{key}` is not a list of words", f"write `{key}: [one, two]`")
        return tuple(value)

    def part(self, key: str, what: str = "") -> Raw:
        """The keys below a key; none where there is nothing."""
        value = self.values.get(key, {})
        if not isinstance(value, dict):
            self.fail(f"`{key}` holds no names with values", f"write `{key}:` and lines below it")
        return Raw(self.place, what, value)

    def fail(self, message: str, hint: str) -> NoReturn:
        """Raises FormError with the place of the file."""
        raise FormError(f"{self.place}: {message}", hint=hint)
