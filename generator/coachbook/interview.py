"""The questions that begin a workspace: from a file, from flags, or asked.

Each answer is read the same way wherever it comes from. A question that
nobody answered is asked on a terminal; with `--yes` it is an error that says
how to answer it. There is no silent default for what a school must decide.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, TypeAlias, TypeVar

from coachbook.calendar import school_year
from coachbook.clauses import parse_body
from coachbook.errors import UsageError
from coachbook.forms import builtin_forms
from coachbook.frontmatter import parse_yaml
from coachbook.parameters import ParameterType, parse_setting
from coachbook.people import ROLE_TITLES
from coachbook.policycheck import HOLDERS, clear_rows
from coachbook.presets import PARAMETERS, preset_document
from coachbook.scaffold import HALF_TERMS, Answers, NewPerson
from coachbook.sentences import join
from coachbook.values import frozen

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from coachbook.frontmatter import Value
    from coachbook.parameters import ParameterSpec

    Ask: TypeAlias = Callable[[str], str]

T = TypeVar("T")

CATEGORIES = ("senior-leader", "teacher", "teaching-support", "other", "governor", "external")
PHASES = ("nursery", "primary", "secondary", "all-through", "special", "sixth-form")
_PERSON_EXAMPLE = '"Wren Ashgrove, teacher, lead-coach"'
_INTERVAL_EXAMPLE = "2026-09-02 to 2026-10-23"
_MORE = ("roles", "start")
_KEYS = {"school", "slug", "trust", "phase", "people", "calendar", "policy"}


@dataclass(slots=True)
class Given:
    """What has been answered so far; anything empty is still open.

    `is_known` means that the school and its people are in the records already.
    """

    school: str = ""
    slug: str = ""
    trust: str = ""
    phase: str = ""
    people: list[NewPerson] = field(default_factory=list)
    terms: dict[str, str] = field(default_factory=dict)
    inset: list[dt.date] = field(default_factory=list)
    bank_holidays: list[dt.date] = field(default_factory=list)
    policy: dict[str, Value] = field(default_factory=dict)
    is_known: bool = False


def open_questions() -> tuple[ParameterSpec, ...]:
    """The policy's parameters that no preset can answer, in order."""
    return tuple(spec for spec in PARAMETERS.values() if spec.question)


def read_answers(data: bytes, name: str) -> Given:
    """Answers from a YAML file; UsageError names the key that cannot be used."""
    content = parse_yaml(data, name)
    unknown = sorted(set(content) - _KEYS)
    if unknown:
        raise UsageError(
            f"{name}: {unknown[0]!r} is not a question",
            hint=f"the questions are {', '.join(sorted(_KEYS))}",
        )
    given = Given(
        school=_text(content, "school"),
        slug=_text(content, "slug"),
        trust=_text(content, "trust"),
        phase=_text(content, "phase"),
    )
    given.people = [parse_person_line(str(entry)) for entry in _list(content, "people", name)]
    _read_calendar(_mapping(content, "calendar", name), given)
    for key, value in _mapping(content, "policy", name).items():
        given.policy[key] = parse_answer(key, value)
    return given


def read_people(text: str, name: str) -> list[NewPerson]:
    """People from a CSV file with the columns name, category and, if wanted, roles and start."""
    try:
        rows = csv.DictReader(io.StringIO(text), strict=True)
        if not {"name", "category"} <= set(rows.fieldnames or ()):
            raise UsageError(
                f"{name} has no columns name and category",
                hint="the first line is name,category,roles,start; roles are separated by spaces, "
                "and start is the first day of new staff",
            )
        return [
            _person(
                [row["name"] or "", row["category"] or "", *(row.get(key) or "" for key in _MORE)],
                name,
            )
            for row in rows
        ]
    except csv.Error as error:
        raise UsageError(
            f"{name} is not a table of people: {error}", hint="save it as CSV with commas, UTF-8"
        ) from error


def parse_person_line(text: str) -> NewPerson:
    """A person from "full name, category, role role, first day"."""
    return _person([part.strip() for part in text.split(",")], text)


def parse_term(text: str) -> tuple[str, str]:
    """A half-term from "autumn_1 2026-09-02 to 2026-10-23"."""
    name, _, dates = text.strip().partition(" ")
    name = name.rstrip(":=").replace("-", "_")
    if name not in HALF_TERMS:
        raise UsageError(
            f"{name!r} is not a half-term", hint=f"the half-terms are {', '.join(HALF_TERMS)}"
        )
    return name, _interval(dates.strip(), name)


def parse_answer(key: str, value: object) -> Value:
    """The answer to one of the policy's questions; UsageError says what is expected."""
    spec = PARAMETERS.get(key)
    if spec is None:
        raise UsageError(
            f"{key!r} is not something a policy decides",
            hint=f"the open questions are {', '.join(s.key for s in open_questions())}",
        )
    if isinstance(value, list):
        value = tuple(value)
    elif spec.type is ParameterType.INTEGER and isinstance(value, str) and value.isdecimal():
        value = int(value)
    elif spec.many and isinstance(value, str):
        value = _split(spec, value)
    setting = parse_setting(spec, value)
    if setting is None:
        raise UsageError(f"{key} does not take {value!r}", hint=f"expected {spec.expected}")
    return setting if spec.type is not ParameterType.YES_NO else ("yes" if setting else "no")


def _split(spec: ParameterSpec, text: str) -> tuple[str, ...]:
    """The entries of a list in one line: words, or phrases with semicolons between them."""
    if spec.type in {ParameterType.TEXT, ParameterType.CADENCE}:
        return tuple(part.strip() for part in text.split(";"))
    return tuple(text.replace(",", " ").split())


def fitting_holders(preset: str) -> tuple[str, ...]:
    """The roles that a preset's table lets read all that stands in clear, as a holder does."""
    body = parse_body(preset_document(preset), 1)
    clear = [body.access[key] for key in clear_rows(builtin_forms()) if key in body.access]
    return tuple(
        role
        for role in ROLE_TITLES
        if role in body.columns and all(role in row.readers() for row in clear)
    )


def complete(given: Given, ask: Ask | None, *, preset: str = "") -> Answers:
    """The whole set of answers; what is open is asked, or named where nobody can be asked.

    Args:
        preset: the policy to begin with, whose table some answers have to fit.
    """
    if given.phase:
        _one_of(PHASES, given.phase)
    questions = _open_questions(given, preset)
    if ask is None and questions:
        raise _unanswered(questions)
    for question in questions:
        if ask is not None:
            question.settle(ask)
    return Answers(
        school=given.school,
        phase=given.phase,
        people=tuple(given.people),
        terms=given.terms,
        policy=given.policy,
        inset=tuple(given.inset),
        bank_holidays=tuple(given.bank_holidays),
        trust=given.trust,
        slug=given.slug,
    )


@frozen
class _Question:
    """Something nobody has answered yet; `settle` asks until the answer can be used."""

    words: str
    flag: str
    settle: Callable[[Ask], None]


def _open_questions(given: Given, preset: str) -> list[_Question]:
    found = []
    if not given.school:
        keep = partial(setattr, given, "school")
        found.append(_question("What is the school called?", "--school NAME", str, keep))
    if not given.phase:
        words = f"Which phase is it? ({', '.join(PHASES)})"
        keep = partial(setattr, given, "phase")
        found.append(_question(words, "--phase PHASE", partial(_one_of, PHASES), keep))
    if not given.people and not given.is_known:
        flag = f"--person {_PERSON_EXAMPLE}, or --people FILE.csv"
        found.append(_Question("Who works here?", flag, partial(_ask_people, given)))
    for name in HALF_TERMS:
        if name not in given.terms:
            words = f"First and last day of {name.replace('_', ' ')}? ({_INTERVAL_EXAMPLE})"
            flag = f'--term "{name} FIRST to LAST"'
            keep = partial(given.terms.__setitem__, name)
            found.append(_question(words, flag, partial(_interval, name=name), keep))
    for spec in open_questions():
        if spec.key not in given.policy:
            words = f"{spec.question} ({_expected(spec, preset)})"
            flag = f'--answer "{spec.key}=..."'
            keep = partial(given.policy.__setitem__, spec.key)
            found.append(_question(words, flag, partial(parse_answer, spec.key), keep))
    return found


def _expected(spec: ParameterSpec, preset: str) -> str:
    """What may be answered; of roles that hold the records, those whom the table lets read them."""
    if spec.key != HOLDERS or not preset:
        return spec.expected
    return f"a list of {join(fitting_holders(preset), 'or')}, who can read what stands in clear"


def _question(
    words: str, flag: str, read: Callable[[str], T], keep: Callable[[T], None]
) -> _Question:
    """A question with one answer, that is read and then kept."""
    return _Question(words, flag, lambda ask: keep(_repeat(ask, words, read)))


def _repeat(ask: Ask, words: str, read: Callable[[str], T]) -> T:
    """Asks until there is an answer and it can be read."""
    question = words
    while True:
        text = ask(question).strip()
        if not text:
            continue
        try:
            return read(text)
        except UsageError as error:
            question = _again(error, words)


def _ask_people(given: Given, ask: Ask) -> None:
    """Asks for one person after the other, until an empty answer ends the list."""
    words = f"A person, as {_PERSON_EXAMPLE}"
    more = "The next person, or nothing when all are named"
    question = words
    while (text := ask(question).strip()) or not given.people:
        if text:
            try:
                given.people.append(parse_person_line(text))
            except UsageError as error:
                question = _again(error, more if given.people else words)
                continue
        question = more if given.people else words


def _again(error: UsageError, words: str) -> str:
    return f"{error.message}; {error.hint}\n{words}"


def _one_of(choices: Sequence[str], text: str) -> str:
    if text not in choices:
        raise UsageError(f"{text!r} is not a phase", hint=f"one of {', '.join(choices)}")
    return text


def _unanswered(questions: Sequence[_Question]) -> UsageError:
    count = len(questions)
    return UsageError(
        f"{count} questions are open" if count > 1 else "a question is open",
        hint="\n".join(f"{q.flag}: {q.words}" for q in questions),
    )


def _person(parts: Sequence[str], place: str) -> NewPerson:
    name, category, roles, start = [*parts, "", "", ""][:4]
    if not name:
        raise UsageError(f"a person without a name: {place!r}", hint=f"write {_PERSON_EXAMPLE}")
    if category not in CATEGORIES:
        raise UsageError(
            f"{name} needs a category, found {category!r}", hint=f"one of {', '.join(CATEGORIES)}"
        )
    held = tuple(roles.split())
    strange = next((role for role in held if role not in ROLE_TITLES), None)
    if strange is not None:
        raise UsageError(f"{strange!r} is not a role", hint=f"one of {', '.join(ROLE_TITLES)}")
    return NewPerson(name, category, held, _start(start, name))


def _start(text: str, name: str) -> dt.date | None:
    if not text:
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise UsageError(
            f"{name} cannot have begun on {text!r}", hint="write the first day as 2026-09-02"
        ) from error


def _interval(text: str, name: str) -> str:
    first, _, last = text.partition(" to ")
    try:
        begins, ends = dt.date.fromisoformat(first), dt.date.fromisoformat(last)
    except ValueError as error:
        raise UsageError(
            f"{name}: {text!r} is not two dates", hint=f"write {_INTERVAL_EXAMPLE}"
        ) from error
    if ends < begins or school_year(begins) != school_year(ends):
        raise UsageError(
            f"{name}: {text} does not run forward within one school year",
            hint="write the first day, then the last",
        )
    return f"{begins} to {ends}"


def _read_calendar(content: Mapping[str, object], given: Given) -> None:
    for key, value in content.items():
        if key in {"inset", "bank_holidays"}:
            days = (
                [day for day in value if isinstance(day, dt.date)]
                if isinstance(value, list)
                else []
            )
            if not isinstance(value, list) or len(days) != len(value):
                raise UsageError(
                    f"calendar.{key} is not a list of dates", hint="write [2026-09-02]"
                )
            getattr(given, key).extend(days)
        else:
            name, dates = parse_term(f"{key} {value}")
            given.terms[name] = dates


def _text(content: Mapping[str, object], key: str) -> str:
    return str(content.get(key) or "")


def _list(content: Mapping[str, object], key: str, name: str) -> list[object]:
    value = content.get(key, [])
    if not isinstance(value, list):
        raise UsageError(
            f"{name}: {key} is not a list", hint=f"write - {_PERSON_EXAMPLE} on each line"
        )
    return value


def _mapping(content: Mapping[str, object], key: str, name: str) -> Mapping[str, object]:
    value = content.get(key, {})
    if not isinstance(value, dict):
        raise UsageError(
            f"{name}: {key} is not a list of names and values", hint="write name: value"
        )
    return value
