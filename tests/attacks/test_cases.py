"""Every case has a folder that says what is tried, and a live test that tries it."""

from __future__ import annotations

import ast
import re
from collections import Counter
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.test_docs import build_docs

if TYPE_CHECKING:
    from types import ModuleType
    from typing import Any

ROOT = Path(__file__).parents[2]
HERE = Path(__file__).parent
LIST = ROOT.parent / "shared" / "pitfalls.md"
"""Where the list of cases stands that the product was ordered with, on the machine it is made."""

ORDERED = {"format": 17, "git": 11, "keys": 7, "site": 14, "input": 10}
"""How many of them there are, for wherever that list is not at hand."""


@cache
def docs() -> ModuleType:
    """The script that reads the cases."""
    return build_docs()


@cache
def cases() -> dict[str, Any]:
    """Every case by its family and name."""
    return {f"{one.folder.parent.name}/{one.folder.name}": one for one in docs().attacks()}


@cache
def live_tests(path: str) -> frozenset[str]:
    """The tests in a file that are run: nothing marks them as skipped or expected to fail."""
    place = ROOT / path
    tree = ast.parse(place.read_text(encoding="utf-8")) if place.is_file() else ast.Module([], [])
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    return frozenset(one.name for one in functions if not _is_set_aside(one))


def _is_set_aside(function: ast.FunctionDef) -> bool:
    marks = " ".join(ast.unparse(one) for one in function.decorator_list)
    return bool(re.search(r"\b(skip|skipif|xfail)\b", marks))


@pytest.mark.parametrize("case", sorted(cases()))
def test_a_case_says_what_is_tried_and_a_live_test_tries_it(case: str) -> None:
    """Each case says what somebody has, tries and must meet, and names tests that are run."""
    one = cases()[case]

    dead = [t for t in one.tests if t.split("::")[1] not in live_tests(t.split("::")[0])]

    assert "" not in {one.has, one.tries, one.meets}
    assert one.tests
    assert dead == []


def test_every_case_that_was_ordered_has_a_folder() -> None:
    """The list of cases that must fail well is covered to the last word by folders, each once."""
    ordered = {name: one.words for name, one in cases().items() if one.words}
    assert Counter(name.split("/")[0] for name in ordered) == ORDERED
    if not LIST.exists():
        return
    passage = LIST.read_text(encoding="utf-8").split("must be tested to fail well")[1]
    for words in sorted(ordered.values(), key=len, reverse=True):
        assert words in passage, words
        passage = passage.replace(words, "", 1)

    assert {part.strip() for part in re.split(r"[,;:.\n]|\b(?:and|or)\b", passage)} - {""} == {
        "Format",
        "Git",
        "keys",
        "Site",
        "Input",
    }


def test_every_attack_belongs_to_a_case() -> None:
    """No test in this folder is without a case that says what it tries."""
    named = {test for one in cases().values() for test in one.tests}
    there = {
        f"{file.relative_to(ROOT).as_posix()}::{name}"
        for file in HERE.rglob("test_*.py")
        if file != Path(__file__)
        for name in live_tests(file.relative_to(ROOT).as_posix())
        if name.startswith("test_")
    }

    assert sorted(there - named) == []


def test_every_folder_is_a_case() -> None:
    """A folder in which nothing says what is tried would be in no table."""
    folders = {f"{one.parent.name}/{one.name}" for one in HERE.glob("*/*") if one.is_dir()}

    assert {one for one in folders if "__pycache__" not in one} == set(cases())
