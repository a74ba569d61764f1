"""Charts and tables of the private pages: the numbers always stand beside the drawing."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, fromstring

import pytest

from coachbook.audience import PUBLIC, public
from coachbook.pages import open_templates, render_page

if TYPE_CHECKING:
    from pathlib import Path

TEMPLATES = open_templates()
WORDS = re.compile(r"\s+")


def draw(call: str, **model: object) -> Element:
    """What a macro draws, as a tree: it has to be well formed."""
    page = TEMPLATES.sandbox.from_string('{% import "pages/macros.html" as m %}' + call)
    return fromstring(f"<div>{page.render(model)}</div>")  # noqa: S314 - our own template


def text(tree: Element) -> str:
    """All its words on one line."""
    return WORDS.sub(" ", " ".join(tree.itertext())).strip()


def rows_of(tree: Element) -> list[list[str]]:
    """The cells of each row of its tables."""
    return [[text(cell) for cell in row] for row in tree.iter("tr")]


def widths(tree: Element, kind: str) -> list[str]:
    """The widths of the rectangles of one kind."""
    return [r.get("width", "") for r in tree.iter("rect") if r.get("class") == kind]


def test_bars_stand_beside_their_numbers() -> None:
    """Each bar is as long as its number, and the number is written beside it."""
    rows = [{"label": "Phonics", "value": 12, "of": 16}, {"label": "Reading", "value": 4}]

    found = draw("{{ m.bars(rows, 'Goals', head='Priority') }}", rows=rows)

    assert rows_of(found)[1:] == [["Phonics", "", "12 of 16"], ["Reading", "", "4"]]
    assert widths(found, "bar-fill") == ["75.0%", "25.0%"]


def test_hidden_number_has_no_bar() -> None:
    """A number that is not shown has no bar whose length would give it away."""
    rows = [{"label": "Phonics", "value": "[c]"}, {"label": "Reading", "value": 40}]

    found = draw("{{ m.bars(rows, 'Goals', unit='%') }}", rows=rows)

    assert widths(found, "bar-fill") == ["40.0%"]
    assert rows_of(found)[1][2] == "[c]"


def test_trend_breaks_where_a_number_is_missing() -> None:
    """A line is drawn only between neighbours that both have a number."""
    points = [
        {"label": "Autumn 1", "value": 80},
        {"label": "Autumn 2", "value": 90},
        {"label": "Spring 1", "value": None},
        {"label": "Spring 2", "value": "[c]"},
        {"label": "Summer 1", "value": 70},
    ]

    found = draw("{{ m.trend(points, 'Held', unit='%') }}", points=points)

    joins = [one for one in found.iter("line") if one.get("class") == "trend-join"]
    dots = list(found.iter("circle"))
    assert (len(joins), len(dots)) == (1, 3)
    assert rows_of(found)[-1] == ["Share", "80%", "90%", "– none", "[c]", "70%"]


def test_numbers_that_are_all_hidden_make_no_empty_chart() -> None:
    """Where not one number may be shown, a sentence or the table says so, without a drawing."""
    rows = [{"label": "Phonics", "value": "[c]"}, {"label": "Reading", "value": "[c]"}]

    bars = draw("{{ m.bars(rows, 'Goals') }}", rows=rows)
    trend = draw("{{ m.trend(rows, 'Goals') }}", rows=rows)

    assert "too few people to be shown: Phonics, Reading." in text(bars)
    assert not [*bars.iter("svg"), *trend.iter("svg")]
    assert rows_of(trend)[-1] == ["Number", "[c]", "[c]"]


def test_trend_says_what_stands_behind_each_number() -> None:
    """Below the numbers stands, in a word, what they are from."""
    points = [{"label": "Autumn 1", "value": 14, "n": 1}]

    found = draw("{{ m.trend(points, 'Minutes', n_word='Sessions') }}", points=points)

    assert rows_of(found)[-1] == ["Sessions", "1"]


def test_trend_says_what_it_draws() -> None:
    """Who cannot see the line hears the title and every number of it."""
    points = [{"label": "Autumn 1", "value": 3, "n": 9}, {"label": "Autumn 2", "value": 5, "n": 8}]

    found = draw("{{ m.trend(points, 'Sessions a week') }}", points=points)

    drawing = next(found.iter("svg"))
    assert drawing.get("role") == "img"
    assert drawing.get("aria-label") == "Sessions a week: Autumn 1 3, Autumn 2 5"
    assert [one.tag for one in drawing][:2] == ["title", "desc"]
    assert rows_of(found)[-1] == ["People", "9", "8"]


def test_grid_has_a_sign_beside_each_colour() -> None:
    """A square of a grid says with a sign and a word what its colour says."""
    grid = {
        "corner": "Group",
        "columns": ["Autumn 1", "Autumn 2"],
        "rows": [{"label": "Maths", "cells": [{"state": "done", "text": "Ana"}, None]}],
    }

    found = draw("{{ m.heat(grid, 'Rotation') }}", grid=grid)

    assert rows_of(found) == [
        ["Group", "Autumn 1", "Autumn 2"],
        ["Maths", "✓ done Ana", "– none"],
    ]
    assert "✓ done" in text(found)


@pytest.mark.parametrize(
    ("value", "shade"), [(0, "heat-0"), (1, "heat-1"), (8, "heat-4"), ("[c]", "heat-hidden")]
)
def test_darker_squares_hold_more(value: object, shade: str) -> None:
    """The shade of a square goes by its number; a hidden one is hatched instead."""
    grid = {"corner": "Who", "columns": ["A", "B"], "rows": [{"label": "x", "cells": [value, 8]}]}

    found = draw("{{ m.heat(grid, 'Sessions') }}", grid=grid)

    assert next(found.iter("td")).get("class") == shade


def test_timeline_lies_between_its_ends() -> None:
    """Points lie where their day lies between the first and the last, and say the day in words."""
    items = [
        {"label": "Launch", "start": dt.date(2026, 9, 1), "when": "Tue 1 Sep", "state": "done"},
        {"label": "Close", "start": dt.date(2026, 9, 11), "when": "Fri 11 Sep"},
        {"label": "Plan", "start": dt.date(2026, 9, 6), "when": "Sun 6 Sep"},
    ]

    found = draw("{{ m.timeline(items, 'The cycle') }}", items=items)

    assert [one.get("cx") for one in found.iter("circle")] == ["1.0%", "98.0%", "49.5%"]
    assert [row[2] for row in rows_of(found)[1:]] == [
        "✓ Tue 1 Sep, done",
        "Fri 11 Sep",
        "Sun 6 Sep",
    ]


def test_timeline_of_one_day() -> None:
    """A timeline on which all happens on one day is drawn too."""
    items = [{"label": "Launch", "start": dt.date(2026, 9, 1), "when": "Tue 1 Sep"}]

    found = draw("{{ m.timeline(items, 'The cycle', today=items[0].start) }}", items=items)

    assert next(found.iter("circle")).get("cx") == "1.0%"


def test_sparkline_says_where_it_leads() -> None:
    """A line the size of a word says its first and last number."""
    found = draw("{{ m.spark([2, none, 6, 4], 'Sessions') }}")

    assert next(found.iter("svg")).get("aria-label") == "Sessions: from 2 to 4"


@pytest.mark.parametrize(
    "call",
    [
        "m.bars([], 'x')",
        "m.trend([], 'x')",
        "m.heat({'columns': [], 'rows': []}, 'x')",
        "m.timeline([], 'x')",
        "m.table(['Who'], [], 'x', 'x')",
    ],
)
def test_nothing_to_draw_is_said(call: str) -> None:
    """A chart or a table without anything in it says so in a sentence."""
    found = draw("{{ " + call + " }}")

    assert any(one.get("class") == "empty" and text(one) for one in found.iter("p"))
    assert not list(found.iter("table"))


def test_table_carries_what_it_is_sorted_by() -> None:
    """A day is shown as people write it and sorted by the day itself."""
    columns = ["Who", {"text": "Last", "kind": "date"}, {"text": "State", "filter": True}]
    rows = [
        ["Wren", {"text": "Thu 12 Nov", "sort": "2026-11-12"}, {"text": "late", "badge": "late"}]
    ]

    found = draw("{{ m.table(columns, rows, 'People', 'people') }}", columns=columns, rows=rows)

    cells = [*found.iter("td")]
    assert rows_of(found)[1] == ["Wren", "Thu 12 Nov", "late"]
    assert cells[0].get("data-sort") == "2026-11-12"
    assert [one.get("data-label") for one in cells] == ["Last", "State"]


def test_hidden_number_is_explained_in_a_table() -> None:
    """A number that is not shown says why, to those who point at it or listen."""
    found = draw("{{ m.table(['Group', 'n'], [['Year 1', '[c]']], 'By group', 'groups') }}")

    (mark,) = found.iter("abbr")
    assert mark.get("title") == "not shown, as it would stand on too few people"


def test_text_of_a_cell_is_no_markup() -> None:
    """What a record says stands in tables and charts as text, whatever it looks like."""
    rows = [{"label": "<b>x</b>", "value": 1, "note": '"&'}]

    found = draw("{{ m.bars(rows, '<i>') }}{{ m.table(['<u>'], [['<s>']], 'x', 'x') }}", rows=rows)

    assert not [one for kind in "biusu" for one in found.iter(kind)]


def test_labels_are_taken_off_for_a_chart(tmp_path: Path) -> None:
    """A page hands its labelled values, days among them, to charts as to any other place."""
    source = '{% import "pages/macros.html" as m %}{{ m.timeline(items, "The cycle") }}'
    (tmp_path / "site_templates/pages").mkdir(parents=True)
    (tmp_path / "site_templates/pages/try.html").write_text(source, encoding="utf-8")
    day = dt.date(2026, 9, 1)
    items = [
        {"label": public("Launch", "x"), "start": public(day, "x"), "when": public("now", "x")}
    ]

    page = render_page(open_templates(tmp_path), "pages/try.html", {"items": items}, PUBLIC)

    assert "Launch: now" in page
