"""Parameters of a policy: what a value may be, and how it reads in a clause.

A parameter is one flat dotted key in the header of a policy, such as `session.minutes.max: 30`.
A key that a policy leaves out means that the rule is absent there, and is never checked. The
parameters themselves stand in `parameter_table`, the values of each preset in its document.
"""

from __future__ import annotations

import re
from dataclasses import field
from enum import Enum
from typing import TYPE_CHECKING

from coachbook.forms import builtin_forms
from coachbook.sentences import join
from coachbook.values import frozen

if TYPE_CHECKING:
    from collections.abc import Mapping

Setting = str | int | bool | tuple[str, ...]
"""The value of a parameter, once it has been understood."""


class ParameterType(Enum):
    """What the value of a parameter is."""

    INTEGER = "integer"
    YES_NO = "yes/no"
    CHOICE = "choice"
    CADENCE = "cadence"
    TEXT = "text"
    SUBJECT = "subject"
    FORM = "form"


@frozen
class ParameterSpec:
    """One parameter that a policy may set.

    `choices` maps each word that may be written to the words a clause shows for it. `many` makes
    the value a list. `question` is what `init` asks where no preset can know the answer.
    """

    key: str
    type: ParameterType
    meaning: str
    question: str = ""
    many: bool = False
    choices: Mapping[str, str] = field(default_factory=dict)
    minimum: int = 0
    maximum: int = 1_000
    mandatory: bool = False

    @property
    def expected(self) -> str:
        """What may be written, for a sentence such as "expected yes or no"."""
        one = _EXPECTED.get(self.type, "")
        if self.type is ParameterType.INTEGER:
            one = f"a whole number from {self.minimum} to {self.maximum}"
        elif self.type is ParameterType.CHOICE:
            one = f"one of {', '.join(self.choices)}"
        return f"a list, each {one}" if self.many else one

    def in_words(self, value: Setting) -> str:
        """A value as it reads inside a clause: "yes", "15", "the head and the governors"."""
        if isinstance(value, tuple):
            entries = (self.in_words(entry) for entry in value)
            return "; ".join(entries) if self.type in _IN_PHRASES else join(entries)
        word = ("yes" if value else "no") if isinstance(value, bool) else str(value)
        if self.type is ParameterType.CADENCE:
            return _cadence_in_words(word)
        if self.type is ParameterType.FORM:
            return _form_in_words(word)
        return self.choices.get(word, word)


@frozen
class Cadence:
    """How often something is to happen: `count` times in each `period`.

    `kind` narrows it ("books"), and with `each` it holds for every one of those ("subject").
    """

    kind: str
    count: int
    period: str
    each: str

    def in_words(self) -> str:
        """The rhythm as people say it: "once a half-term (books)"."""
        often = {1: "once", 2: "twice"}.get(self.count, f"{self.count} times")
        each = f" for each {self.each}" if self.each else ""
        kind = f" ({self.kind})" if self.kind else ""
        return f"{often} a {self.period}{each}{kind}"


_PERIODS = ("week", "fortnight", "half-term", "term", "year")
_CADENCE = re.compile(
    rf"(?:(?P<kind>[a-z0-9 -]+): )?(?P<count>[1-9]\d?) an? (?P<period>{'|'.join(_PERIODS)})"
    r"(?: for each (?P<each>[a-z]+))?"
)
_EXPECTED = {
    ParameterType.YES_NO: "yes or no",
    ParameterType.TEXT: "a few words",
    ParameterType.SUBJECT: "a subject as the trust writes it, such as maths",
    ParameterType.FORM: "the short name of a form, such as coaching-session",
    ParameterType.CADENCE: 'a rhythm such as "1 a week" or "books: 1 a half-term"',
}
_IN_PHRASES = (ParameterType.TEXT, ParameterType.FORM)
"""Types whose values may hold commas of their own, so that a list of them needs semicolons."""

_FORM = re.compile(r"[a-z][a-z0-9-]*")
_YES_NO = {"yes": True, "no": False, "true": True, "false": False}


def parse_cadence(text: str) -> Cadence | None:
    """The rhythm of a text such as "groups: 1 a term for each subject"; None if it is none."""
    found = _CADENCE.fullmatch(text)
    if found is None:
        return None
    return Cadence(found["kind"] or "", int(found["count"]), found["period"], found["each"] or "")


def parse_setting(spec: ParameterSpec, value: object) -> Setting | None:
    """A value of a header as the parameter's type has it; None where it does not fit."""
    if not spec.many:
        return _parse_one(spec, value)
    entries = value if isinstance(value, tuple) else (value,)
    parsed = tuple(_parse_one(spec, entry) for entry in entries)
    texts = tuple(entry for entry in parsed if isinstance(entry, str))
    return texts if texts and len(set(texts)) == len(entries) else None


def _parse_one(spec: ParameterSpec, value: object) -> str | int | bool | None:
    match spec.type:
        case ParameterType.INTEGER:
            return _parse_integer(spec, value)
        case ParameterType.YES_NO:
            return _parse_yes_no(value)
        case _:
            return _parse_text(spec, value)


def _parse_integer(spec: ParameterSpec, value: object) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if spec.minimum <= value <= spec.maximum else None


def _parse_yes_no(value: object) -> bool | None:
    if isinstance(value, bool):
        return value
    return _YES_NO.get(value.casefold()) if isinstance(value, str) else None


def _parse_text(spec: ParameterSpec, value: object) -> str | None:
    if not isinstance(value, str) or not value.strip():
        return None
    if spec.type is ParameterType.CHOICE:
        return value if value in spec.choices else None
    if spec.type is ParameterType.CADENCE:
        return value if parse_cadence(value) else None
    if spec.type is ParameterType.FORM:
        return value if _FORM.fullmatch(value) else None
    return value


def _cadence_in_words(text: str) -> str:
    found = parse_cadence(text)
    return found.in_words() if found else text


def _form_in_words(name: str) -> str:
    """The title of a form as it reads inside a sentence; its short name where it is a school's."""
    form = builtin_forms().latest(name)
    title = form.title if form else name.replace("-", " ")
    return title if title[:2].isupper() else title[:1].lower() + title[1:]
