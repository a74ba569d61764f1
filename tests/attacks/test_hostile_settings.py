"""Settings and templates of a workspace that would run code, read files or print secrets."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.attacks.hostile import MKDOCS, VARIABLE, build, opened, require_refused
from tests.workspaces import otterbeck_small as small

if TYPE_CHECKING:
    from tests.cli.desk import Desk


def bomb() -> str:
    """Settings of a few lines that would unfold to a hundred thousand million values."""
    lines = [f"      a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 11)]
    return "markdown_extensions:\n  - toc:\n      a0: &a0 [x]\n" + "\n".join(lines) + "\n"


@pytest.mark.parametrize(
    "settings",
    [
        "hooks: [hook.py]\n",
        "plugins:\n  - search\n  - macros\n",
        "plugins: {search: {}, hook: {}}\n",
        "INHERIT: ../outside/diary.md\n",
        "site_description: !!python/name:os.system\n",
        "site_description: !!python/object/apply:os.system ['touch pwned']\n",
        "site_description: !ENV CI_VARIABLE\n",
        "extra: {generator: false, secret: !ENV CI_VARIABLE}\n",
        "theme: {name: material, font: false, custom_dir: site_templates}\n",
        "theme: {name: null, font: false}\n",
        "markdown_extensions: [pymdownx.snippets: {base_path: ['..']}]\n",
        "extra_javascript: [https://attacker.example/x.js]\n",
        "extra_css: ['https://attacker.example/x.css']\n",
        "extra_css: ['x\"><script>zq()</script>']\n",
        "extra: {scope: '/\",location);zq();//'}\n",
        "extra: {scope: //attacker.example/}\n",
        "theme: {name: material, font: false, favicon: '\"><script>zq()</script>'}\n",
        "theme: {name: material, font: false, language: ../../outside/diary}\n",
        "theme: {name: material, font: false, icon: {logo: ../../outside/diary}}\n",
        "theme: {name: material, font: false, palette: {primary: '\"><script>zq()</script>'}}\n",
        "theme: {name: material, font: false, palette: {scheme: \"x' onload='zq()\"}}\n",
        "docs_dir: records\nhooks: [hook.py]\n",
        "site_name: a\nsite_name: b\n",
        "site_name: " + "[" * 200_000 + "\n",
        "site_name: " + "{a: " * 3_000 + "\n",
        "site_description: " + "a" * 10_000_000 + "\n",
        bomb(),
    ],
    ids=lambda settings: settings[:40].strip().replace("\n", " "),
)
def test_settings_that_would_run_something(hostile: Desk, settings: str) -> None:
    """Settings that run code, read a file or the environment, or bring script are refused."""
    kept = [line for line in settings.splitlines() if re.match(r"\w+:", line)]
    names = {line.split(":")[0] for line in kept}
    rest = MKDOCS
    for name in names:  # the hostile setting in the place of the honest one
        rest = re.sub(rf"(?m)^{name}:.*\n(?:[ ]+.*\n|\n(?=[ ]))*", "", rest)
    hostile.write("mkdocs.yml", rest + settings)
    hostile.write("hook.py", "from pathlib import Path\nPath('pwned').touch()\n")

    said = require_refused(hostile, "--only", "handbook")

    assert "mkdocs.yml" in said
    assert not list(hostile.root.rglob("pwned"))


def test_settings_by_way_of_a_link(hostile: Desk) -> None:
    """Settings that are a link to a file elsewhere are not read."""
    (hostile.root / "mkdocs.yml").symlink_to(hostile.root.parent / "outside" / "diary.md")

    assert "mkdocs.yml is a link" in require_refused(hostile, "--only", "handbook")


# Templates


@pytest.mark.parametrize(
    "template",
    [
        "{{ ''.__class__.__mro__ }}",
        "{{ ''['__class__'] }}",
        "{{ '' | attr('__class__') }}",
        "{{ ().__class__.__base__.__subclasses__() }}",
        "{{ '{0.__class__}'.format(1) }}{{ '{0.__class__.__init__}'.format(cycler) }}",
        "{{ cycler.__init__.__globals__.os.environ }}",
        "{{ joiner.__init__.__globals__ }}",
        "{{ namespace.__init__.__globals__ }}",
        "{{ self.__init__.__globals__ }}",
        "{{ self._TemplateReference__context.environment.loader.searchpath }}",
        "{{ lipsum.__globals__.os.popen('env').read() }}",
        "{{ range.__self__ }}",
        "{{ environ }}",
        "{{ config }}",
        "{{ request }}",
        "{% include '../../outside/diary.md' %}",
        "{% include '../records/trust.md' %}",
        "{% include '/etc/passwd' %}",
        "{% extends '../../outside/diary.md' %}",
        "{% import '../records/trust.md' as x %}",
        "{% for one in range(1000000000) %}{{ one }}{% endfor %}",
        "{% set x = self.__dict__ %}{{ x }}",
        "{{ [].append.__self__.__class__ }}",
        "{{ undefined_value }}",
        "{% broken",
    ],
)
def test_template_that_reaches_out(hostile: Desk, template: str) -> None:
    """A workspace's template reaches neither Python, nor the environment, nor another file."""
    hostile.write("site_templates/handbook/about.md", f"# About\n\n{template}\n")

    said = require_refused(hostile, "--only", "handbook")

    assert "site_templates/" in said


def test_template_by_way_of_a_link(hostile: Desk) -> None:
    """A template that is a link to a file elsewhere is not read."""
    hostile.write("site_templates/handbook/README", "")
    place = hostile.root / "site_templates/handbook/about.md"
    place.symlink_to(hostile.root.parent / "outside" / "diary.md")

    assert "is a link" in require_refused(hostile, "--only", "handbook")


@pytest.mark.parametrize("folder", ["site_templates", "site_templates/theme/assets"])
def test_folder_by_way_of_a_link(hostile: Desk, folder: str) -> None:
    """A folder of templates or pictures that is a link would publish what it leads to."""
    place = hostile.root / folder
    place.parent.mkdir(parents=True, exist_ok=True)
    place.symlink_to(hostile.root.parent / "outside")

    assert f"{folder} is a link" in require_refused(hostile, "--only", "handbook")


@pytest.mark.parametrize("name", ["main.html", "run.js", "drawing.svg", "page.html", "x.py"])
def test_theme_file_that_could_run(hostile: Desk, name: str) -> None:
    """A theme template, a script, or a picture that may hold one is no part of a look."""
    hostile.write(f"site_templates/theme/assets/{name}", "<svg><script>zq()</script></svg>")

    assert "only style sheets and pictures" in require_refused(hostile, "--only", "handbook")


def test_style_sheet_that_runs_as_a_script(hostile: Desk) -> None:
    """A template cannot load a style sheet as a script, though both are the site's own files."""
    hostile.write("site_templates/theme/assets/look.css", "zq()")
    script = "# About\n\n<script src='assets/look.css'></script>\n"
    hostile.write("site_templates/handbook/about.md", script)

    assert "a script that is not the theme's" in require_refused(hostile, "--only", "handbook")


def test_page_of_the_portal_is_never_the_workspaces(hostile: Desk) -> None:
    """The page that takes a passphrase, and its script, can't be replaced by a workspace."""
    hostile.write("site_templates/portal/index.html", f"<script>zq()</script>{VARIABLE}")
    hostile.write("site_templates/portal/portal.js", f"zq();{VARIABLE}")

    status, _ = build(hostile, "--only", "portal")

    assert status == 0
    pages = [p.read_bytes() for p in (hostile.root / "site/portal").rglob("*") if p.is_file()]
    assert not any(b"zq()" in page or VARIABLE.encode() in page for page in pages)


def test_style_sheet_that_asks_another_host(hostile: Desk) -> None:
    """A style sheet of the portal that asks another host for anything is not published."""
    hostile.write("site_templates/portal/portal.css", "a { background: url(//attacker.example/x) }")

    assert "asks a third party" in require_refused(hostile, "--only", "portal")


def test_template_prints_no_more_than_its_page_may_show(hostile: Desk) -> None:
    """A template that prints all it is given shows the head no pair, no session and no person."""
    everything = "{% for name, value in self._TemplateReference__context.items() %}x{% endfor %}"
    hostile.write("site_templates/pages/school.html", everything)
    said = require_refused(hostile, "--only", "portal")
    assert "site_templates/pages/school.html" in said
    known = "{{ name }} {{ period }} {{ figures }} {{ threshold }}"
    hostile.write("site_templates/pages/school.html", known)

    status, _ = build(hostile, "--only", "portal")

    assert status == 0
    pages = opened(hostile.root / "site", "head@otterbeck")
    assert pages
    people = [small.COACH, small.COACHEE, "Nerys", "c-0a1b2c3d", "s-7kq2m4xa"]
    assert not any(word in page["html"] for page in pages for word in people)
