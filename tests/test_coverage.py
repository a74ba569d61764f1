"""Every requirement is honoured by something that there is, and a test shows it.

`coverage/requirements.csv` has a line for each requirement of the four policies and of the
product that this replaces. `honoured_by` and `where` are lists of the same length, parted by a
bar, of these kinds:

    rule            CB302
    type            stop
    form field      observation.feedback_on, or form.Section, form.Line, form.scale:name
    parameter       head-collates/session.minutes.max=30; nothing after = where it is left out
    access row      head-collates/Session notes/Head=read
    handbook text   head-collates~words that stand in a clause of that policy
    page            a template below site_templates/
    figure          completion
    command         build
    none            why software can't
"""

from __future__ import annotations

import ast
import csv
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from coachbook.clauses import parse_body, slug
from coachbook.cli import COMMANDS
from coachbook.figures import DEFINITIONS
from coachbook.forms import builtin_forms
from coachbook.frontmatter import parse_header
from coachbook.policy import PARAMETERS, Cell, preset_document, preset_names
from coachbook.rules import RULES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from coachbook.clauses import Body
    from coachbook.forms import Form

ROOT = Path(__file__).parents[1]
TABLE = ROOT / "tests" / "coverage" / "requirements.csv"
SOURCE = ROOT.parent / "shared" / "domain.md"
RANGES = {"A": 40, "B": 40, "C": 38, "D": 79, "E": 25}
STANDARDS = {"1": "abc", "2": "abcde", "3": "abcde", "4": "abcde", "5": "abcd", "6": "abcd"} | {
    "7": "abcd",
    "8": "c",
}


@dataclass(frozen=True)
class Requirement:
    """A line of the table."""

    id: str
    text: str
    ways: tuple[tuple[str, str], ...]
    tests: tuple[str, ...]

    def places(self, kind: str) -> list[str]:
        """Where it is honoured in one of the ways."""
        return [where for way, where in self.ways if way == kind]


def parted(text: str) -> tuple[str, ...]:
    """The entries of a cell."""
    return tuple(entry for entry in text.split(" | ") if entry)


@cache
def requirements() -> tuple[Requirement, ...]:
    """Every line of the table; one whose lists do not go together is an error."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return tuple(
            Requirement(
                row["id"],
                row["requirement"],
                tuple(zip(parted(row["honoured_by"]), parted(row["where"]), strict=True)),
                parted(row["test"]),
            )
            for row in csv.DictReader(file)
        )


def with_way(kind: str) -> list[str]:
    """The ids of what is honoured in one of the ways."""
    return [one.id for one in requirements() if one.places(kind)]


def requirement(key: str) -> Requirement:
    """The line of an id."""
    return next(one for one in requirements() if one.id == key)


@cache
def preset(name: str) -> Body:
    """The body of a preset's document."""
    text = preset_document(name)
    return parse_body(text[parse_header(text).body_offset :], 1)


def wanted() -> list[str]:
    """The ids that the source has where it is at hand, and otherwise those that it had."""
    if SOURCE.exists():
        section = SOURCE.read_text(encoding="utf-8").split("## 2.")[0]
        return sorted(set(re.findall(r"\b[A-E]-\d\d\b", section)))
    return [
        f"{part}-{number:02d}" for part, last in RANGES.items() for number in range(1, last + 1)
    ]


def test_every_requirement_has_one_line() -> None:
    """Each requirement stands in the table once, in the order of its number, and no other does."""
    assert [one.id for one in requirements()] == wanted()


@pytest.mark.parametrize("key", [one.id for one in requirements()])
def test_requirement_is_honoured_and_shown(key: str) -> None:
    """Each requirement is honoured by something, and a test shows it, or says why it can't be."""
    one = requirement(key)

    kinds = {kind for kind, _ in one.ways}
    assert one.text
    assert kinds
    assert kinds <= set(EXISTS)
    assert bool(one.tests) == (kinds != {"none"})


def rule_exists(where: str) -> bool:
    """A rule of that code is in the table of rules."""
    return any(rule.code == where for rule in RULES)


def type_exists(where: str) -> bool:
    """There is a form for records of that type."""
    return where in builtin_forms().types()


def field_exists(where: str) -> bool:
    """The form has a field, section, line or scale of that name."""
    name, _, wanted = where.partition(".")
    form = builtin_forms().latest(name)
    return form is not None and wanted in set(parts_of(form))


def parts_of(form: Form) -> Iterator[str]:
    """The names of everything that can be filled in on a form."""
    yield from form.fields
    for section in form.sections:
        yield section.name
        for line in section.lines:
            yield line.name
            if line.scale:
                yield f"scale:{line.scale}"


def parameter_is_set(where: str) -> bool:
    """The preset gives the parameter that value, or leaves it out where none is wanted."""
    name, _, setting = where.partition("/")
    key, _, wanted = setting.partition("=")
    field = parse_header(preset_document(name)).fields.get(key)
    if field is None or not wanted:
        return key in PARAMETERS and field is None and not wanted
    value = field.value
    found = ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)
    return key in PARAMETERS and found == wanted


def cell_is_granted(where: str) -> bool:
    """The table of the preset has that word in the cell of row and column."""
    place, _, wanted = where.partition("=")
    name, row, column = place.split("/")
    return preset(name).access[slug(row)].cells[slug(column)] is Cell(wanted)


def policy_says(where: str) -> bool:
    """A numbered clause of the preset has these words."""
    name, _, words = where.partition("~")
    clauses = (" ".join(clause.text.split()) for clause in preset(name).clauses)
    return any(words.casefold() in text.casefold() for text in clauses)


EXISTS: dict[str, Callable[[str], bool]] = {
    "rule": rule_exists,
    "type": type_exists,
    "form field": field_exists,
    "parameter": parameter_is_set,
    "access row": cell_is_granted,
    "handbook text": policy_says,
    "page": lambda where: (ROOT / "site_templates" / where).is_file(),
    "figure": lambda where: any(one.key == where for one in DEFINITIONS),
    "command": lambda where: where in COMMANDS,
    "none": bool,
}


def missing(key: str, kind: str) -> list[str]:
    """What a line names in one of the ways and there is not."""
    return [where for where in requirement(key).places(kind) if not EXISTS[kind](where)]


@pytest.mark.parametrize("key", with_way("rule"))
def test_rules_are_in_the_table(key: str) -> None:
    """A requirement that a rule honours names a rule that there is."""
    assert missing(key, "rule") == []


@pytest.mark.parametrize("key", with_way("type"))
def test_types_have_a_form(key: str) -> None:
    """A requirement for a record of its own has a form for it."""
    assert missing(key, "type") == []


@pytest.mark.parametrize("key", with_way("form field"))
def test_forms_hold_what_is_asked(key: str) -> None:
    """A requirement for something to write down has its place on a form."""
    assert missing(key, "form field") == []


@pytest.mark.parametrize("key", with_way("parameter"))
def test_policies_set_what_is_asked(key: str) -> None:
    """A requirement that is a setting has its value in the policy to start from."""
    assert missing(key, "parameter") == []


@pytest.mark.parametrize("key", with_way("access row"))
def test_tables_grant_what_is_asked(key: str) -> None:
    """A requirement on who reads what is a cell of the policy's table."""
    assert missing(key, "access row") == []


@pytest.mark.parametrize("key", with_way("handbook text"))
def test_policies_say_what_is_asked(key: str) -> None:
    """A requirement that only words can honour has its words in a numbered clause."""
    assert missing(key, "handbook text") == []


@pytest.mark.parametrize(
    "key", sorted({*with_way("page"), *with_way("figure"), *with_way("command")})
)
def test_pages_figures_and_commands_are_there(key: str) -> None:
    """A requirement honoured by a page, a figure or a command names one that there is."""
    assert [*missing(key, "page"), *missing(key, "figure"), *missing(key, "command")] == []


@cache
def named_in(path: str) -> frozenset[str]:
    """The names of the tests in a file."""
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef))


@pytest.mark.parametrize("key", [one.id for one in requirements() if one.tests])
def test_tests_are_there(key: str) -> None:
    """A test that a line names exists, and so does the example of a rule that it names."""
    dead = []
    for test in requirement(key).tests:
        path, _, name = test.partition("::")
        function, _, sample = name.partition("[")
        example = ROOT / "tests" / "rules" / sample.rstrip("]")
        there = (ROOT / path).is_file() and function in named_in(path)
        if not there or (sample.startswith("CB") and not example.is_dir()):
            dead.append(test)

    assert dead == []


def test_the_standards_stand_in_full() -> None:
    """The form for early career teachers has each part of each standard, rated and commented."""
    form = builtin_forms().latest("ect-observation")
    assert form is not None

    rated = [line.name.split()[0] for part in form.sections for line in part.lines if line.scale]
    commented = [
        line.name.split()[0]
        for part in form.sections
        for line in part.lines
        if line.name.endswith("comment")
    ]

    parts = [f"{number}{letter}" for number, letters in STANDARDS.items() for letter in letters]
    assert rated == [*parts, "Part"]
    assert commented == rated


def test_no_form_has_a_place_for_pay() -> None:
    """No record has a place for pay or promotion, by any name."""
    words = re.compile(r"\b(pay|salary|promotion|bonus|increment)\b", re.IGNORECASE)

    assert [
        (form.name, name)
        for form in builtin_forms()
        for name in parts_of(form)
        if words.search(name.replace("_", " "))
    ] == []


def test_every_preset_is_asked_something() -> None:
    """Each policy to start from honours requirements of its own."""
    used = {
        re.split(r"[/~]", where)[0]
        for one in requirements()
        for kind, where in one.ways
        if kind in {"parameter", "access row", "handbook text"}
    }

    assert used == set(preset_names())
