"""Templates that reach for what the readers of their page may not see, by every way there is."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import fields, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from coachbook.audience import FlowError, Labelled, audience, combine, flow, public
from coachbook.book import load_book
from coachbook.errors import BuildError
from coachbook.fragments import make_fragment
from coachbook.overviews import Origin
from coachbook.pages import open_templates, render_page
from coachbook.portal import page_fragment, private_pages
from coachbook.rules import check_book
from coachbook.views import open_view
from tests.attacks.hostile import build, require_refused
from tests.workspaces import otterbeck_small as small

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from coachbook.audience import Audience
    from coachbook.overviews import Page
    from tests.cli.desk import Desk

CANARY = "zqcanary"
PAIR = audience(small.COACH, small.COACHEE)
HEAD = audience("head@otterbeck")
NARROW = Labelled(CANARY, PAIR, "records/c.md: Goal")
NUMBERS = Labelled([3, 1, 2], PAIR, "records/c.md: minutes")


@pytest.fixture(scope="module")
def head() -> Page:
    """The head's page of the small school, as the build makes it."""
    book = load_book(small.ROOT, today=date(2026, 11, 16))
    pages = private_pages(open_view(book, check_book(book)))
    return next(page for page in pages if page.path == "head/otterbeck")


def render(name: str, model: Mapping[str, object], seen_by: Audience) -> str:
    """A page by our own templates."""
    return render_page(open_templates(), name, model, seen_by)


# Whoever makes a page


def _origin() -> Origin:
    """Where a section comes from, all of it for the pair."""
    return Origin(**{one.name: NARROW for one in fields(Origin)})


PLACES: dict[str, Callable[[Page], Page]] = {
    "a cell": lambda page: replace(page, model={**page.model, "name": NARROW}),
    "a row": lambda page: replace(page, model={**page.model, "rows": [[public(1, "t"), NARROW]]}),
    "deep inside": lambda page: replace(page, model={**page.model, "x": {"y": ({"z": NARROW},)}}),
    "inside a wide label": lambda page: replace(
        page, model={**page.model, "x": public([{"y": NARROW}], "t")}
    ),
    "what nothing prints": lambda page: replace(page, model={**page.model, "unused": NARROW}),
    "the title": lambda page: replace(page, title=NARROW),
    "the data for the browser": lambda page: replace(page, data={"sheet": [NARROW]}),
    "a link to a section": lambda page: replace(
        page, blocks={"b1": None}, origins={"b1": _origin()}
    ),
    "its length": lambda page: replace(page, model={**page.model, "name": NARROW.map(len)}),
    "whether it is long": lambda page: replace(
        page, model={**page.model, "name": NARROW.map(lambda text: len(text) > 5)}
    ),
    "its first letter": lambda page: replace(page, model={**page.model, "name": NARROW.map(min)}),
    "the least of it": lambda page: replace(page, model={**page.model, "name": NUMBERS.map(min)}),
    "sorted": lambda page: replace(page, model={**page.model, "name": NUMBERS.map(sorted)}),
    "beside something wide": lambda page: replace(
        page, model={**page.model, "name": combine([public("x", "t"), NARROW])}
    ),
    "joined with something wide": lambda page: replace(
        page, model={**page.model, "name": combine([public("x", "t"), NARROW]).map("".join)}
    ),
}


@pytest.mark.parametrize("put", PLACES.values(), ids=PLACES)
def test_a_page_with_a_narrower_value_anywhere_is_not_made(
    head: Page, put: Callable[[Page], Page]
) -> None:
    """Wherever a value for the pair stands on the head's page, and whatever became of it, no page.

    It is enough that it is there: whether a template would print it is not asked.
    """
    page = put(head)
    if page.blocks.keys() == {"b1"}:
        page = replace(page, blocks={"b1": _NoSection()})  # type: ignore[dict-item]

    with pytest.raises(FlowError) as caught:
        page_fragment(page, "name", render)

    assert caught.value.new == {"head@otterbeck"}
    assert CANARY not in caught.value.message + caught.value.hint
    assert "records/c.md" in caught.value.message


class _NoSection:
    """Stands for a sealed section, of which only the origin is asked here."""

    def as_json(self) -> dict[str, object]:
        """Nothing."""
        return {}


MISTAKES: dict[str, Callable[[Labelled[str]], object]] = {
    "put into a sentence": lambda label: f"goal: {label}",
    "put into a sentence, with care": lambda label: f"{label!r:>80}",
    "filled in": lambda label: "%s %r" % (label, label),  # noqa: UP031 (tried on purpose)
    "a file name": lambda label: Path(f"{label}.md"),
    "a line of a sheet": lambda label: (
        csv.writer(io.StringIO()).writerow([label, 1]) and str(label)
    ),
    "a list in words": lambda label: str([label, {label.source: label}]),
    "an error": lambda label: repr(ValueError(label)),
}
REFUSED: dict[str, Callable[[Labelled[str]], object]] = {
    "joined": lambda label: "".join((label, *[label])),  # type: ignore[list-item]
    "added": lambda label: "goal" + label,  # type: ignore[operator]
    "sorted by": lambda label: sorted([label, NARROW]),  # type: ignore[type-var]
    "compared in size": lambda label: label > NARROW,  # type: ignore[operator]
    "measured": len,  # type: ignore[arg-type]
    "searched": lambda label: "zq" in label,  # type: ignore[operator]
    "searched for": lambda label: label in "zqcanary",  # type: ignore[operator]
    "gone through": lambda label: [*label],  # type: ignore[misc]
    "a part of it": lambda label: label[0],  # type: ignore[index]
    "a path": Path,  # type: ignore[arg-type]
    "as JSON": lambda label: json.dumps({"goal": label}),
    "as JSON of a fragment": lambda label: make_fragment("n", PAIR, {"goal": label}).plaintext,
}


@pytest.mark.parametrize("mistake", MISTAKES.values(), ids=MISTAKES)
def test_a_label_that_is_printed_by_mistake_prints_no_value(
    mistake: Callable[[Labelled[str]], object],
) -> None:
    """Put into a sentence, a file name, a sheet or an error, a label is its source alone."""
    assert CANARY not in str(mistake(NARROW))


@pytest.mark.parametrize("mistake", REFUSED.values(), ids=REFUSED)
def test_a_label_is_nothing_to_reckon_with(mistake: Callable[[Labelled[str]], object]) -> None:
    """A label can't be joined, sorted, compared, searched or sent as what it holds."""
    with pytest.raises(TypeError) as caught:
        mistake(NARROW)

    assert CANARY not in str(caught.value)


# Whoever writes a template

TEMPLATES = {
    "a name of another page": "{{ cycles }}",
    "a name, with a default": "{{ cycles | default('x') }}{{ steps | default('x') }}",
    "a name, by whether it is there": "{% if sessions is defined %}{{ sessions }}{% endif %}",
    "all it is given": "{{ self._TemplateReference__context }}",
    "all it is given, one by one": "{% for k, v in self.items() %}{{ v }}{% endfor %}",
    "what a figure is made from": "{% for f in figures %}{{ f.facts }}{% endfor %}",
    "whose a figure is": "{% for f in figures %}{{ f.audience }}{{ f.source }}{% endfor %}",
    "people behind a figure": "{% for f in figures %}{{ f.total.facts }}{% endfor %}",
    "attributes by name": "{{ figures | map(attribute='audience') | list }}",
    "attributes by attr": "{{ figures[0] | attr('source') }}",
    "sorted by what is not there": "{{ figures | sort(attribute='source') | list }}",
    "grouped by it": "{{ figures | groupby('source') | list }}",
    "filtered by it": "{{ figures | selectattr('source', 'eq', 'Nerys') | list }}",
    "compared with a guess": "{% if cycles[0].goal == 'wait time' %}yes{% endif %}",
    "joined": "{{ 'a' ~ goal }}",
    "added": "{{ name + goal }}",
    "formatted": "{{ '%s' | format(goal) }}",
    "an attribute of the page": '<p data-goal="{{ goal }}"></p>',
    "an anchor": '<h2 id="{{ goal }}">x</h2>',
    "the title of a picture": "<svg><title>{{ goal }}</title></svg>",
    "a macro of ours": "{% import 'pages/charts.html' as c %}{{ c.bars(goal) }}",
    "a file name": "{% include goal ~ '.html' %}",
    "as JSON": "{{ goal | tojson }}",
    "the length": "{{ goal | length }}",
    "the page of another": "{% include 'pages/cycle.html' %}",
    "the page of somebody": "{% extends 'pages/me.html' %}",
    "the globals of a macro": "{% macro m() %}{% endmacro %}{{ m.__globals__ }}",
    "the caller": "{{ caller() }}",
    "the environment of a macro": "{% macro m() %}{% endmacro %}{{ m._environment }}",
}


def made_or_said(workspace: Path, page: Page) -> str:
    """The page by the workspace's template, or what the build says instead, with its place."""
    try:
        return render_page(open_templates(workspace), "pages/head.html", page.model, page.audience)
    except BuildError as error:
        return f"{error.message} {error.hint}"


@pytest.mark.parametrize("template", TEMPLATES.values(), ids=TEMPLATES)
def test_a_template_of_the_heads_page_reaches_no_cycle(
    tmp_path: Path, head: Page, template: str
) -> None:
    """Whatever way a template of the head's page takes to a cycle, there is nothing at its end."""
    place = tmp_path / "site_templates" / "pages" / "head.html"
    place.parent.mkdir(parents=True)
    place.write_text(template, encoding="utf-8")

    said = made_or_said(tmp_path, head)

    private = (small.COACH, small.COACHEE, "Nerys", "Idris", "c-0a1b2c3d", "s-7kq2m4xa", "p-")
    assert [word for word in private if word in said.replace("wrap-", "").replace("map-", "")] == []


SAID = {
    "a key": "{{ {}[name] }}",
    "an attribute": "{{ name | attr(name) }}",
    "a template": "{% include name %}",
    "an import": "{% import name as x %}",
    "a parent": "{% extends name %}",
    "a filter": "{{ [1] | map(name) | list }}",
    "a test": "{{ [1] | select(name) | list }}",
    "a number": "{{ name + 1 }}",
    "a word that is none": "{{ ([{}] | map(attribute=name) | first) + 1 }}",
    "a division": "{{ [name] | sum }}",
    "a day": "{{ {(name): 1}.nothing }}",
    "quotes": '{{ {}[name ~ "\'"] }}',
    "both quotes": "{{ {}[name ~ \"'\" ~ '\"'] }}",
    "an element": "{{ [][number] }}",
    "an element of a mapping": "{{ {}[number] }}",
    "an argument": "{% macro m() %}{% endmacro %}{{ m(**{name: 1}) }}",
}


@pytest.mark.parametrize("template", SAID.values(), ids=SAID)
def test_an_error_of_a_template_tells_no_value(tmp_path: Path, template: str) -> None:
    """A template can't put a value of its page into what the build says, whose log others read."""
    place = tmp_path / "site_templates" / "pages" / "head.html"
    place.parent.mkdir(parents=True)
    place.write_text(f"\n{template}\n", encoding="utf-8")
    model = {"name": Labelled(CANARY, HEAD, "t"), "number": Labelled(73_417, HEAD, "t")}

    with pytest.raises(BuildError) as caught:
        render_page(open_templates(tmp_path), "pages/head.html", model, HEAD)

    assert caught.value.message.startswith("site_templates/pages/head.html:2: ")
    assert CANARY not in caught.value.message + caught.value.hint + repr(caught.value.__cause__)
    assert "73417" not in caught.value.message


def test_a_real_build_says_which_template_and_line(hostile: Desk) -> None:
    """A workspace whose template reaches for a cycle is not published; file and line are said."""
    hostile.write("site_templates/pages/head.html", "<h1>Head</h1>\n{{ cycles[0].goal }}\n")

    said = require_refused(hostile, "--only", "portal")

    assert "site_templates/pages/head.html:2: 'cycles' is undefined" in said


def test_a_template_may_do_what_it_likes_with_what_it_is_given(hostile: Desk) -> None:
    """A template of one's own that keeps to its page is used, wherever it puts the values."""
    template = "<h1 id='{{ slug }}' data-day='{{ iso }}'>{{ name ~ ' ' ~ today }}</h1>"
    hostile.write("site_templates/pages/head.html", template)

    status, said = build(hostile, "--only", "portal")

    assert status == 0, said


def test_a_value_let_through_is_the_value() -> None:
    """For those who may see it, a label comes off and nothing else is changed."""
    assert flow(NARROW, audience(small.COACH)) == CANARY
