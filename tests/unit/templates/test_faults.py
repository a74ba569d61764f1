"""What is said of a template's fault: its place and its own words, and no value of a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from jinja2 import FileSystemLoader

from coachbook.cache import FORGETFUL
from coachbook.errors import BuildError
from coachbook.templates import Compiled, Sandbox, open_sandbox
from coachbook.templates.faults import translated

if TYPE_CHECKING:
    from pathlib import Path

VALUES = {"name": "canary", "row": {}, "one": 1}


def said(folder: Path, template: str) -> str:
    """What is said of the fault of a template, whose second line it is."""
    folder = folder / "site_templates"
    folder.mkdir()
    (folder / "try.html").write_text(f"<p>\n{template}\n</p>", encoding="utf-8")
    sandbox = open_sandbox(Sandbox, FileSystemLoader(folder), Compiled(FORGETFUL))
    with pytest.raises(BuildError) as caught, translated("try.html"):
        sandbox.get_template("try.html").render(VALUES)
    return caught.value.message


@pytest.mark.parametrize(
    ("template", "fault"),
    [
        ("{{ missing }}", "'missing' is undefined"),
        ("{{ row.text }}", "'dict object' has no attribute 'text'"),
        ("{% if %}", "Expected an expression, got 'end of statement block'"),
        ("{{ one / 0 }}", "the template fails with ZeroDivisionError"),
        ("{% include 'gone.html' %}", "there is no such template as site_templates/gone.html"),
    ],
)
def test_a_fault_is_told_with_its_place(tmp_path: Path, template: str, fault: str) -> None:
    """Whoever wrote a template is told the line and, in the template's own words, the fault."""
    assert said(tmp_path, template) == f"site_templates/try.html:2: {fault}"


@pytest.mark.parametrize(
    ("template", "fault"),
    [
        ("{{ row[name] }}", "the template asks for something that is not there"),
        ("{% include name %}", "there is no such template"),
        ("{{ one + name }}", "the template fails with TypeError"),
    ],
)
def test_a_fault_names_no_value(tmp_path: Path, template: str, fault: str) -> None:
    """What a page holds is not said, also where a template asks for something by that name."""
    assert said(tmp_path, template) == f"site_templates/try.html:2: {fault}"


def test_a_template_that_is_not_there_is_named(tmp_path: Path) -> None:
    """A page whose own template is missing ends the build with its name."""
    sandbox = open_sandbox(Sandbox, FileSystemLoader(tmp_path), Compiled(FORGETFUL))

    with (
        pytest.raises(BuildError, match=r"no such template as site_templates/gone\.html"),
        translated("gone.html"),
    ):
        sandbox.get_template("gone.html")
