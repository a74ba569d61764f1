"""Templates of our own take short ways through the sandbox, and get nowhere else by them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import DictLoader
from jinja2.exceptions import SecurityError, UndefinedError
from markdown_it import MarkdownIt

from coachbook.cache import FORGETFUL, open_cache
from coachbook.templates import Compiled, Sandbox, WatchedSandbox, open_sandbox, plain

if TYPE_CHECKING:
    from pathlib import Path
    from types import CodeType


def render(template: str, kind: type[Sandbox] = Sandbox, **values: object) -> str:
    """A template's page in a sandbox of this kind."""
    sandbox = open_sandbox(kind, DictLoader({"try.html": template}), Compiled(FORGETFUL))
    return sandbox.get_template("try.html").render(values)


def test_short_ways_write_what_jinja_writes() -> None:
    """Our own templates, which are not watched, are written as the same ones of a workspace are."""
    template = """{% macro cell(it) %}[{{ it.get("text") }}|{{ it.get("note", "-") }}]{% endmacro %}
{% macro kept(it, last=1) %}{{ it }}{{ last }}{% endmacro %}
{% macro around(it) %}{{ it }}{{ caller() }}{% endmacro %}
{% for row in rows %}
{{ loop.index0 }}{{ cell(row) }}{{ kept(row.text) }}{{ kept(0.5, last=2) }}
{% endfor %}
{% call around(3) %}<b>{{ rows[0] is mapping }}{{ "a" is mapping }}</b>{% endcall %}"""
    rows = [{"text": "R&D <i>'\"", "note": None}, {"text": 31}, {"text": True}]

    page = render(template, rows=rows)

    assert page == render(template, WatchedSandbox, rows=rows)
    assert "0[R&amp;D &lt;i&gt;&#39;&#34;|None]R&amp;D &lt;i&gt;&#39;&#34;10.52" in page


def test_an_entry_is_asked_only_of_a_mapping() -> None:
    """What has no entries is asked for none."""
    with pytest.raises(UndefinedError, match="'str object' has no attribute 'get'"):
        render("{{ name.get('text') }}", name="Wren")


@pytest.mark.parametrize("kind", [Sandbox, WatchedSandbox])
@pytest.mark.parametrize(
    "template",
    [
        "{{ ''.__class__.__mro__ }}",
        "{{ row.get.__self__.__class__ }}",
        "{{ row.__class__ }}",
        "{{ loop._iterable }}{% for a in row %}{{ loop.__init__.__globals__ }}{% endfor %}",
        "{% macro m() %}{% endmacro %}{{ m._func.__globals__ }}",
        "{{ cycler.__init__.__globals__ }}",
        "{{ lipsum.__globals__ }}",
    ],
)
def test_no_short_way_leads_out(kind: type[Sandbox], template: str) -> None:
    """Of a mapping, a loop, a macro and a function no template sees what Python keeps in it."""
    with pytest.raises((SecurityError, UndefinedError)):
        render(template, kind, row={"text": "wait"})


class Counted(Sandbox):
    """A sandbox that counts what it compiles."""

    compilations = 0

    def _compile(self, source: str, filename: str) -> CodeType:
        Counted.compilations += 1
        return super()._compile(source, filename)


def test_a_compiled_template_is_kept_for_the_next_run(tmp_path: Path) -> None:
    """What one run has compiled the next one finds, as long as the text is the same."""
    cache = open_cache({"COACHBOOK_CACHE": str(tmp_path / "cache")}, tmp_path / "workspace")
    for text in ("{{ 1 + 1 }}", "{{ 1 + 1 }}", "{{ 1 + 2 }}"):
        compiled = Compiled(cache)
        open_sandbox(Counted, DictLoader({"try.html": text}), compiled).get_template("try.html")
        compiled.keep()

    assert Counted.compilations == 2


@given(st.text(alphabet="ab *_`[](){}#+-.!|<>&\\~:\n1", min_size=1))
def test_plain_text_has_no_formatting(text: str) -> None:
    """Whatever a name holds, Markdown shows it as one paragraph of itself."""
    words = " ".join(text.split())
    page = MarkdownIt("commonmark").enable("table").render(f"x{plain(text)}x")

    inside = page.removeprefix("<p>").removesuffix("</p>\n")
    assert "<" not in inside
    unescaped = (
        inside.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", '"')
        .replace("&amp;", "&")
    )
    assert unescaped == f"x{words}x"
