"""Templates of a workspace that would run for ever, or fill the memory of whoever builds."""

from __future__ import annotations

import datetime as dt
import shutil
from typing import TYPE_CHECKING

import pytest

from coachbook.audience import PUBLIC, public
from coachbook.book import load_book
from coachbook.errors import BuildError
from coachbook.pages import open_templates, render_page
from coachbook.portal import private_pages
from coachbook.rules import check_book
from coachbook.templates.watching import Watched
from coachbook.views import open_view
from tests.attacks.hostile import require_refused
from tests.workspaces import otterbeck_small as small

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.desk import Desk

NESTED = "{% for a in range(99999) %}"
APPENDED = """
{% set p = namespace(x=['a'], y=['a']) %}{% for i in range(60) %}{% set a, b = [], [] %}
{% for j in (1, 2) %}{% set _ = (a.append(p.x), b.append(p.y)) %}{% endfor %}
{% set p.x = a %}{% set p.y = b %}{% endfor %}"""
DOUBLED = "{% set ns = namespace(x=['a']) %}{% for i in range(60) %}"

ENDLESS = {
    "loops in loops": NESTED * 3 + "{% endfor %}" * 3,
    "loops into a variable": f"{{% set x %}}{NESTED * 2}a{'{% endfor %}' * 2}{{% endset %}}",
    "a text many times": "{{ 'a' * 10**9 }}",
    "a list many times": "{{ [1] * 10**9 }}",
    "a great power": "{{ 2 ** (2 ** 40) }}",
    "a wide column": "{{ 'a' | center(10**9) }}",
    "a wide column, called": "{{ 'a'.center(10**9) }}",
    "a wide number": "{{ '%0999999999d' % 1 }}",
    "a wide number, filtered": "{{ '%0999999999d' | format(1) }}",
    "a wide number, called": "{{ '{:>999999999}'.format(1) }}",
    "bytes": "{{ (1).to_bytes(10**9, 'big') }}",
    "many decimals": "{{ 1.5 | round(10**9) }}",
    "many slices": "{{ 'a' | slice(10**9) | list }}",
    "each letter replaced": "{% set x = 'a' * 30000 %}{{ x | replace('a', x) }}",
    "long texts joined": "{% set x = 'a' * 1000000 %}{{ ([x] * 1000000) | join }}",
    "lists added up": "{{ ([[1] * 9000] * 9000) | sum(start=[]) }}",
    "a text that doubles": f"{DOUBLED}{{% set ns.x = ns.x ~ ns.x %}}{{% endfor %}}",
    "a list that doubles": f"{DOUBLED}{{% set ns.x = [ns.x, ns.x] %}}{{% endfor %}}{{{{ ns.x }}}}",
    "doubled lists compared": (
        "{% set p = namespace(x=['a'], y=['a']) %}{% for i in range(60) %}"
        "{% set p.x = [p.x, p.x] %}{% set p.y = [p.y, p.y] %}{% endfor %}{{ p.x == p.y }}"
    ),
    "doubled lists, appended and tested": f"{APPENDED}{{{{ p.x is eq p.y }}}}",
    "doubled lists sorted": f"{APPENDED}{{{{ [p.x, p.y] | sort }}}}",
    "a doubled tuple as a key": (
        "{% set p = namespace(x=('a',)) %}{% for i in range(60) %}{% set p.x = (p.x, p.x) %}"
        "{% endfor %}{{ {}.get(p.x) }}"
    ),
    "a list that extends itself": "{% set x = [1] %}{{ x.extend(x) }}",
    "a list in itself": "{% set x = [1] %}{% set _ = x.append(x) %}{{ x }}",
    "a macro that calls itself": "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
    "a macro that calls itself twice": (
        "{% macro m(n) %}{% if n %}{{ m(n - 1) }}{{ m(n - 1) }}{% endif %}{% endmacro %}{{ m(60) }}"
    ),
    "a template that includes itself": "{% include 'pages/try.html' %}",
    "a long template": "x" * 10_000_000,
    "deep brackets": "{{ " + "(" * 5000 + "1" + ")" * 5000 + " }}",
    "deep conditions": "{% if 1 %}" * 2000 + "{% endif %}" * 2000,
    "deep loops": "{% for a in [1] %}" * 30 + "{% endfor %}" * 30,
}


def render(workspace: Path, template: str) -> str:
    """The page of a template in the workspace's own folder."""
    place = workspace / "site_templates" / "pages" / "try.html"
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(template, encoding="utf-8")
    model = {
        "name": public("Nerys", "test"),
        "rows": public([{"name": "a", "count": 20_000}, {"name": "b", "count": 3}], "test"),
        "day": public(dt.date(2026, 11, 16), "test"),
    }
    return render_page(open_templates(workspace), "pages/try.html", model, PUBLIC)


@pytest.mark.parametrize("template", ENDLESS.values(), ids=ENDLESS)
def test_a_template_without_end_is_stopped(tmp_path: Path, template: str) -> None:
    """Whatever would run or grow without end is stopped at its line, before it has."""
    with pytest.raises(BuildError) as caught:
        render(tmp_path, template)

    assert caught.value.message.startswith("site_templates/pages/try.html")


@pytest.mark.parametrize(
    ("template", "page"),
    [
        ("{% for one in rows %}{{ loop.index }}{{ one.name }}{% endfor %}", "1a2b"),
        ("{% for one in rows %}{{ ',' if not loop.first }}{{ one.count }}{% endfor %}", "20000,3"),
        ("{% for one in rows if one.count > 5 %}{{ loop.length }}{% endfor %}", "1"),
        ("{{ rows | map(attribute='count') | sum }}", "20003"),
        ("{{ rows | map(attribute='name') | join(', ') }}", "a, b"),
        ("{{ '<' ~ name ~ '>' }}", "&lt;Nerys&gt;"),
        ("{{ ('<i>' | safe) ~ '<' }}", "<i>&lt;"),
        ("{{ name.upper() }} {{ day.isoformat() }} {{ 7 * 6 }}", "NERYS 2026-11-16 42"),
        ("{{ 20000 | round | int }} {{ 20000 | string }}", "20000 20000"),
        ("{% macro m(x) %}[{{ x }}]{% endmacro %}{{ m(name) }}", "[Nerys]"),
        ("{% set x=namespace(n=1) %}{% for i in [2] %}{% set x.n=i %}{% endfor %}{{ x.n }}", "2"),
        ("{% for k, v in {'a': 1}.items() %}{{ k }}{{ v in (1, 2) }}{% endfor %}", "aTrue"),
        ("{{ [1, 2] | sum }}{{ {'a': [3]}.a[0] }}{{ rows[1].n is defined }}", "33False"),
        ("{{ rows | selectattr('count', 'gt', 5) | map(attribute='name') | first }}", "a"),
        ("{{ rows | tojson }}", '[{"count": 20000, "name": "a"}, {"count": 3, "name": "b"}]'),
    ],
)  # fmt: skip
def test_an_ordinary_template_of_ones_own_works(tmp_path: Path, template: str, page: str) -> None:
    """A template of one's own that does nothing extraordinary gives its page as ever."""
    assert render(tmp_path, template) == page


def test_each_page_has_an_allowance_of_its_own(tmp_path: Path) -> None:
    """What one page has used is not missing on the next."""
    place = tmp_path / "site_templates" / "pages" / "try.html"
    place.parent.mkdir(parents=True)
    place.write_text("{% for a in range(90000) %}{% endfor %}" * 3, encoding="utf-8")
    templates = open_templates(tmp_path)

    pages = [render_page(templates, "pages/try.html", {}, PUBLIC) for _ in range(4)]

    assert pages == [""] * 4


def test_our_own_templates_in_a_workspace_give_the_same_pages(tmp_path: Path) -> None:
    """A workspace that copied all our templates has each page as it was, to the letter."""
    book = load_book(small.ROOT, today=dt.date(2026, 11, 16))
    ours = open_templates()
    shutil.copytree(ours.theme.parent, tmp_path / "site_templates")
    theirs = open_templates(tmp_path)
    assert isinstance(theirs.sandbox, Watched)

    pages = list(private_pages(open_view(book, check_book(book))))

    assert len(pages) > 20
    for page in pages:
        name = f"pages/{page.template}"
        assert render_page(theirs, name, page.model, page.audience) == render_page(
            ours, name, page.model, page.audience
        )


def test_a_build_is_stopped(hostile: Desk) -> None:
    """A build that comes upon such a template stops, says where, and publishes nothing."""
    hostile.write("site_templates/pages/cycle.html", ENDLESS["a macro that calls itself twice"])

    said = require_refused(hostile, "--only", "portal")

    assert "site_templates/pages/cycle.html:1: the page takes more time or room" in said
    assert "Traceback" not in said
