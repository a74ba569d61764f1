"""Whether anything gives a value to more people than read what it was made from, and says so."""

from __future__ import annotations

import ast
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import coachbook
from coachbook import declassified
from coachbook.book import load_book
from coachbook.declassified import GROUNDS
from coachbook.flows import explain_flow
from coachbook.rules import check_book
from coachbook.views import open_view

if TYPE_CHECKING:
    from collections.abc import Iterator

PACKAGE = Path(coachbook.__file__).parent

LABELLED = {
    "audience.py map": "the same label",
    "audience.py public": "said aloud where it is made; what may stand there is tried below",
    "audience.py told": "compared with what it was made from",
    "audience.py combine": "for those alone who may see every part",
    "declassified.py declassify": "the one place where something goes further",
    "declassified.py map": "the same label on the same ground",
    "views/record.py label": "the readers of the record's row in the policy's table",
    "views/record.py field": "the readers of the field's own row",
    "overviews/leading.py label": "told from records that everybody on the page may read",
    "overviews/visits.py _label": "told from visits that everybody on the page may know of",
    "overviews/aboutme.py readers_model": "told from records whose header the person reads",
    "overviews/takeaway.py _rows": "told from records whose header the person reads",
    "overviews/takeaway.py takeaway_page": "somebody's own name, for themselves",
    "overviews/me.py me_page": "somebody's own name, for themselves",
    "overviews/coverage.py _row": "for readers of the row of people",
    "overviews/protection.py _page": "for readers of the row of people",
    "overviews/protection.py _row": "for readers of the row of people",
    "overviews/protection.py _labelled": "for readers of the row of people, or of the records",
    "overviews/counted.py _model": "narrowed to those who read every record",
    "overviews/sealed_sources.py _labelled": "narrowed to those who read every record",
    "overviews/sealed_sources.py statement_models": "the name of a sealed part, for its readers",
    "overviews/threads.py label": "narrowed to those who read every session",
    "overviews/pair.py _cell": "narrowed to those who read every session",
    "overviews/governors.py governors_pages": "narrowed to those who may see every figure",
    "overviews/governors.py _compared": "days of pages given out, for those who give them out",
    "overviews/school.py _silent": "names of figures that everybody on the page may see",
    "overviews/trust.py _grid": "a list of the trust's own, for those who lead it",
    "overviews/write_places.py _visits": "the name of a school",
    "portal.py _made": "the title of a page for its own readers",
    "printed.py _render": "for the readers whom the caller names",
}
"""Every place that makes a label by itself, and why nobody gains by it."""

PRIVATE = frozenset({"raw", "value", "field", "names", "others", "label", "short_name", "people"})
"""What leads to a value of a record."""

NAMING = frozenset({"display", "short", "thread_title"})
"""What leads to the name of a person."""


@cache
def functions() -> tuple[tuple[str, ast.FunctionDef], ...]:
    """Every function of the package with its file and name; one inside another is one by itself."""
    return tuple(
        (f"{file.relative_to(PACKAGE).as_posix()} {node.name}", node)
        for file in sorted(PACKAGE.rglob("*.py"))
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef)
    )


def calls(function: ast.FunctionDef, *names: str) -> Iterator[ast.Call]:
    """The calls of something by name in a function, leaving out functions inside it."""
    left: list[ast.AST] = [*function.body]
    while left:
        node = left.pop()
        if isinstance(node, ast.FunctionDef):
            continue
        if isinstance(node, ast.Call) and _name(node.func) in names:
            yield node
        left += ast.iter_child_nodes(node)


def _name(function: ast.expr) -> str:
    return function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")


def test_every_label_is_made_where_somebody_has_looked() -> None:
    """A new place that makes a label by itself fails here until it is said why nobody gains."""
    found = {place for place, one in functions() if any(calls(one, "Labelled", "Declassified"))}

    assert found == set(LABELLED)


def test_no_label_is_made_wider_afterwards() -> None:
    """Nothing puts another audience into a label that is there."""
    wider = [
        place
        for place, one in functions()
        for call in calls(one, "replace", "_replace", "__setattr__")
        if any(word.arg == "audience" for word in call.keywords)
        or any(isinstance(a, ast.Constant) and a.value == "audience" for a in call.args)
    ]

    assert wider == []


def test_whatever_goes_further_says_on_which_ground() -> None:
    """Each call of the one function that declassifies names a ground, and no ground is idle."""
    named = [
        (place, ast.unparse(call.args[1]))
        for place, one in functions()
        for call in calls(one, "declassify")
    ]

    known = {
        name
        for name, value in vars(declassified).items()
        if isinstance(value, declassified.Ground) and value in GROUNDS
    }
    assert len(known) == len(GROUNDS)
    assert {ground for _, ground in named} == known


def test_nothing_of_a_record_is_called_public() -> None:
    """What is said to be public is never a value of a record, nor the name of a person."""
    private = []
    for place, one in functions():
        for call in calls(one, "public", "declared_public"):
            for node in [inner for given in call.args[:1] for inner in ast.walk(given)]:
                attribute = isinstance(node, ast.Attribute) and node.attr in PRIVATE
                naming = isinstance(node, ast.Call) and _name(node.func) in NAMING
                if attribute or naming:
                    private.append((place, ast.unparse(call)))

    assert private == []


def test_the_example_says_what_goes_further_and_refuses_nothing(example: Path) -> None:
    """In the example each ground but that of unreadable records and consent lets something go."""
    book = load_book(example, today=date(2027, 3, 12))
    flows = explain_flow(open_view(book, check_book(book)))

    used = {one.ground.key for page in flows for one in page.going_further if one.ground}

    assert [page.path for page in flows if page.refused] == []
    assert {one.key for one in GROUNDS} - used <= {"held back", "name"}
