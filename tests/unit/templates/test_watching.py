"""What a template of a workspace's own may use, and what it is refused."""

from __future__ import annotations

import pytest
from jinja2.exceptions import SecurityError, TemplateAssertionError

from coachbook.templates.watching import Watched


def page(template: str, **values: object) -> str:
    """The page of a template in a watched sandbox."""
    environment = Watched(autoescape=True)
    environment.watch_filters()
    return environment.from_string(template).render(values)


def test_an_ordinary_page() -> None:
    """Loops, conditions, macros, filters and joined texts work as they do elsewhere."""
    template = (
        "{% macro row(x) %}{{ x.name | upper ~ ':' }}{% endmacro %}"
        "{% for x in rows %}{{ row(x) }}{{ x.n * 2 }}{{ ', ' if not loop.last }}{% endfor %}"
    )

    assert page(template, rows=[{"name": "a", "n": 1}, {"name": "b", "n": 2}]) == "A:2, B:4"


def test_text_is_still_escaped() -> None:
    """A text that is joined with another one is escaped once, as it is elsewhere."""
    assert page("{{ '<' ~ x }}{{ ('<b>' | safe) ~ x }}", x="&") == "&lt;&amp;<b>&amp;"


@pytest.mark.parametrize("way", ["'a' * n", "[1] * n", "n * 'a'"])
def test_what_is_too_large_is_refused_before_it_is_made(way: str) -> None:
    """A thousand million letters are refused by their number, and not made first."""
    with pytest.raises(SecurityError, match="more time or room"):
        page(f"{{{{ {way} }}}}", n=10**9)


@pytest.mark.parametrize("way", ["2 ** n", "n ** n", "n * n"])
def test_a_number_has_an_ordinary_size(way: str) -> None:
    """A number that alone would fill a page is refused."""
    with pytest.raises(SecurityError, match="extraordinary size"):
        page(f"{{{{ {way} }}}}", n=10**2_000)


@pytest.mark.parametrize("name", ["center", "format", "indent", "slice", "batch", "attr", "pprint"])
def test_filters_that_make_much_of_little_are_not_there(name: str) -> None:
    """A filter that could make a gigabyte of a letter is unknown in a template of one's own."""
    with pytest.raises(TemplateAssertionError, match="No filter named"):
        page(f"{{{{ 'a' | {name}(2) }}}}")


@pytest.mark.parametrize("call", ["center(9)", "join(['b'])", "encode()", "zfill(9)"])
def test_methods_that_make_much_of_little_are_not_there(call: str) -> None:
    """Nor is a method of a text that could."""
    with pytest.raises(SecurityError, match="is not there for a template of a workspace"):
        page(f"{{{{ 'a'.{call} }}}}")


def test_rounds_of_loops_are_counted_together() -> None:
    """Loops in loops use up one allowance, whatever each of them may."""
    inner = "{% for b in range(10000) %}{% endfor %}"

    assert page(inner) == ""
    with pytest.raises(SecurityError, match="more time or room"):
        page(f"{{% for a in range(10000) %}}{inner}{{% endfor %}}")


def test_a_new_page_starts_afresh() -> None:
    """What a page has used is given back for the next one."""
    environment = Watched(autoescape=True)
    environment.watch_filters()
    template = environment.from_string("{% for a in range(90000) %}{% endfor %}" * 4)

    for _ in range(3):
        environment.start_page()
        assert template.render() == ""

    with pytest.raises(SecurityError):
        template.render()


def test_a_number_is_filled_in() -> None:
    """A number with its thousands apart is filled into a text as elsewhere."""
    assert page("{{ '{:,} minutes'.format(n) }}", n=1536) == "1,536 minutes"


@pytest.mark.parametrize("text", ["{:>9999}", "{:{}}", "{0:{1}}"])
def test_no_width_is_extraordinary(text: str) -> None:
    """A text that is filled in with a width of thousands, or any width, is refused."""
    with pytest.raises(SecurityError, match="a width that is not plain"):
        page(f"{{{{ '{text}'.format(1, 10**9) }}}}")
