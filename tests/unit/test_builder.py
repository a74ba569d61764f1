"""The handbook is built from staged public pages and is strict about what it asks."""

from __future__ import annotations

import base64
import hashlib
import re
import resource
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coachbook.builder import build_handbook
from coachbook.builder.harden import _Page
from coachbook.builder.settings import derive, read_settings
from coachbook.errors import BuildError

ROOT = Path(__file__).parents[2]
THEME = ROOT / "site_templates" / "theme"
CONFIG = (ROOT / "mkdocs.yml").read_bytes()
PAGES = {
    "index.md": "# Handbook\n\n| Part | Minutes |\n|---|--:|\n| Session | 15 |\n",
    "otterbeck/policy.md": "# Policy\n\nBack to [the start](../index.md).\n",
}
TABLE = "| Part | Minutes |\n|---|--:|\n| Session | 15 |\n"
TAGS = [
    "<p>",
    '<p title="a > b">',
    "</p>",
    "<br/>",
    "a < b",
    '<td style="text-align: right">',
    '<td style="color: red">',
    '<div role="dialog">',
    "<script>",
    "<script/>",
    '<script src="assets/a.js">',
    '<script type="application/json">',
    "</script>",
    "<style>",
    "<title>",
    "<!-- <script> -->",
    "<p onclick=a>",
    '<a href="java&#10;script:a">',
    '<a href="page.html">',
    "<p",
    "<textarea>",
]
"""What a page can be made of, whole and broken."""

NAV = (("Start", "index.md"), ("Otterbeck <Primary> & Co", (("Policy", "otterbeck/policy.md"),)))


def build(
    out: Path,
    pages: dict[str, str],
    *,
    config: bytes = CONFIG,
    theme: Path = THEME,
    hands: int = 1,
) -> Path:
    """Builds `pages` with a navigation of their own."""
    nav = tuple((path, path) for path in pages)
    settings = {"site_name": "Lantern", "config": config, "theme": theme, "hands": hands}
    with build_handbook(pages.items(), nav, out=out, **settings):
        pass
    return out


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small handbook of two pages."""
    out = tmp_path_factory.mktemp("built") / "handbook"
    with build_handbook(
        PAGES.items(),
        NAV,
        site_name="Lantern Hill & Co",
        config=CONFIG,
        theme=THEME,
        out=out,
        banner="Demonstration: <nobody> here is real",
    ):
        pass
    return out


def files(site: Path) -> dict[str, bytes]:
    """Every file of a built site by its path."""
    return {
        file.relative_to(site).as_posix(): file.read_bytes()
        for file in site.rglob("*")
        if file.is_file()
    }


def test_pages_become_html(site: Path) -> None:
    """Each staged page is one HTML page at the same place."""
    assert "otterbeck/policy.html" in files(site)
    assert "<h1" in (site / "index.html").read_text(encoding="utf-8")


def test_policy_allows_exactly_the_scripts_of_the_theme(site: Path) -> None:
    """Every page carries a content policy with the hashes of its own inline scripts."""
    page = (site / "otterbeck" / "policy.html").read_text(encoding="utf-8")
    scripts = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    hashes = {base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in scripts}

    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', page)

    assert policy is not None
    assert set(re.findall(r"'sha256-([^']+)'", policy.group(1))) == hashes
    assert len(scripts) == 3
    assert "default-src 'none'" in policy.group(1)
    assert "unsafe" not in policy.group(1)


def test_alignment_becomes_a_class(site: Path) -> None:
    """A column aligned in Markdown stays aligned without a style attribute."""
    page = (site / "index.html").read_text(encoding="utf-8")

    assert '<td class="align-right">15</td>' in page
    assert "style=" not in page


def test_titles_cannot_carry_html(site: Path) -> None:
    """A school's name is shown as it is written, never read as HTML."""
    page = (site / "index.html").read_text(encoding="utf-8")

    assert "Otterbeck &lt;Primary&gt; &amp; Co" in page
    assert "<Primary>" not in page
    assert "Demonstration: &lt;nobody&gt; here is real" in page


def test_nothing_is_fetched_from_another_host(site: Path) -> None:
    """No page and no style sheet names a file of another host."""
    for name, data in files(site).items():
        if name.endswith((".html", ".css")):
            assert not re.search(rb'(?:src|@import|url\()\s*=?\s*["\']?(?:https?:)?//', data), name


def test_same_pages_give_same_bytes(site: Path, tmp_path: Path) -> None:
    """Building twice gives the same bytes, so that a change shows what changed."""
    with build_handbook(
        PAGES.items(),
        NAV,
        site_name="Lantern Hill & Co",
        config=CONFIG,
        theme=THEME,
        out=tmp_path / "again",
        banner="Demonstration: <nobody> here is real",
    ):
        pass

    assert files(tmp_path / "again") == files(site)


def test_builder_sees_no_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A theme template that prints the environment finds no secret there."""
    monkeypatch.setenv("COACHBOOK_PASSPHRASE", "six-quiet-words-for-a-canary")
    theme = tmp_path / "theme"
    theme.mkdir()
    (theme / "assets").mkdir()
    (theme / "assets" / "handbook.css").touch()
    (theme / "main.html").write_text(
        '{% extends "base.html" %}{% block announce %}{% set os = '
        "cycler.__init__.__globals__.os %}<p>{{ os.environ | e }}</p>{% endblock %}",
        encoding="utf-8",
    )

    built = build(tmp_path / "out", {"index.md": "# Start\n"}, theme=theme)

    page = (built / "index.html").read_text(encoding="utf-8")
    assert "NO_MKDOCS_2_WARNING" in page
    assert "canary" not in page


def test_what_the_system_refuses_to_the_site_builder_is_said_in_words(tmp_path: Path) -> None:
    """A disk that fills up while the handbook is built shows no traceback."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 16, before[1]))
    try:
        with pytest.raises(BuildError) as caught:
            build(tmp_path / "site", {"index.md": "# Home\n"})
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)

    assert caught.value.message == "the site builder could not write the handbook: file too large"
    assert caught.value.hint.startswith("make room on the disk")


@pytest.fixture
def many() -> dict[str, str]:
    """So many pages that helpers share them."""
    return {f"page-{number:03}.md": f"# Page {number}\n\n{TABLE}" for number in range(70)}


def test_pages_that_helpers_make_strict_are_the_same(tmp_path: Path, many: dict[str, str]) -> None:
    """Whoever makes a page strict, it has the same bytes, and nothing else lies beside it."""
    pages = {"index.md": "# Start\n", **many}

    alone, shared = build(tmp_path / "alone", pages), build(tmp_path / "shared", pages, hands=2)

    assert files(shared) == files(alone)
    assert {path.suffix for path in shared.iterdir() if path.is_file()} == {".html"}


def test_a_page_that_a_helper_finds_active_is_named(tmp_path: Path, many: dict[str, str]) -> None:
    """Among many pages, the build stops with the same words as for one."""
    many["page-068.md"] += '\n<p onclick="x()">a</p>\n'

    with pytest.raises(BuildError, match=r"page-068.html:\d+: the page holds an event handler"):
        build(tmp_path / "out", {"index.md": "# Start\n", **many}, hands=2)

    assert not (tmp_path / "out").exists()


@given(st.lists(st.lists(st.sampled_from(TAGS), max_size=8).map("".join), min_size=2, max_size=4))
def test_a_page_is_read_alike_after_other_pages(pages: list[str]) -> None:
    """What was harmless in another page hides nothing in this one."""
    harmless: set[str] = set()
    for text in pages:
        assert read(text, harmless) == read(text)


def read(text: str, harmless: set[str] | None = None) -> object:
    """What is seen in a page, or why it may not be published."""
    try:
        page = _Page("page.html", text, harmless)
    except BuildError as error:
        return error.message
    return page.text, page.scripts, page.files


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("<script>alert(1)</script>", "a script that is not the theme's"),
        ('<script src="assets/handbook.css"></script>', "a script that is not the theme's"),
        ('<p onclick="x()">a</p>', "an event handler"),
        ("[a](javascript:alert)", "a link that runs code"),
        ('<a href="java&#10;script:alert(1)">a</a>', "a link that runs code"),
        ('<a href="data:text/html,a">a</a>', "a link that runs code"),
        ('<meta http-equiv="refresh" content="0;url=//example.org">', "an instruction to"),
        ('<p style="color: red">a</p>', "a style attribute"),
        ("<style>p { color: red }</style>", "a style element"),
        ("![a](https://example.org/a.png)", "a file asked of another host"),
        (r'<img alt="a" src="/\example.org/a.png">', "a file asked of another host"),
    ],
)
def test_page_with_active_content_is_not_built(tmp_path: Path, text: str, found: str) -> None:
    """A page that smuggles in a script, a style or a foreign file stops the build."""
    with pytest.raises(BuildError, match=found):
        build(tmp_path / "out", {"index.md": f"# Start\n\n{text}\n"})

    assert not (tmp_path / "out").exists()


def test_broken_link_stops_the_build_and_keeps_the_last_site(tmp_path: Path) -> None:
    """A link that leads nowhere stops the build, and the site before it stays."""
    out = build(tmp_path / "out", {"index.md": "# First\n"})

    with pytest.raises(BuildError) as caught:
        build(out, {"index.md": "# Second\n\n[gone](missing.md)\n"})

    assert "missing.md" in caught.value.hint
    assert "First" in (out / "index.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("path", ["../index.md", "/index.md", "a\\b.md", "index.html"])
def test_page_outside_the_handbook_is_refused(tmp_path: Path, path: str) -> None:
    """A page path can't lead out of the handbook."""
    with pytest.raises(BuildError, match="not a page path"):
        build(tmp_path / "out", {path: "# x\n"})


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("hooks: [hook.py]", "mkdocs.yml:2: the setting `hooks` is not allowed here"),
        ("plugins: [search, macros]", "mkdocs.yml:2: the only plug-in allowed is `search`"),
        ("INHERIT: other.yml", "mkdocs.yml:2: the setting `INHERIT` is not allowed here"),
        ("site_name: !ENV SECRET", "mkdocs.yml:2: a value cannot begin with `!`"),
        ("extra: !!python/name:os.system", "mkdocs.yml:2: a value cannot begin with `!`"),
        ("markdown_extensions: [pymdownx.snippets]", "extension `pymdownx.snippets` is not"),
        ("extra_css: ['https://example.org/a.css']", "is not a file of the handbook"),
        ("extra: {analytics: x}", "`extra.analytics` is not allowed"),
        ("theme: {name: material, font: false, custom_dir: x}", "theme setting `custom_dir`"),
        ("theme: {name: material}", "`font: false` was expected"),
        ("theme: {name: mkdocs}", "the theme must be `material`"),
        ("theme: {name: material, font: false, features: [announce.x]}", "feature `announce.x`"),
        ("use_directory_urls: perhaps", "true or false was expected"),
        ("site_description: 3", "text was expected"),
        ("docs_dir: a\ndocs_dir: b", "mkdocs.yml:3: `docs_dir` appears twice"),
        ("site_name: [", "mkdocs.yml:"),
    ],
)
def test_setting_that_could_run_code_is_refused(line: str, found: str) -> None:
    """Hooks, plug-ins, tags and includes are refused with their line."""
    with pytest.raises(BuildError) as caught:
        read_settings(f"# settings\n{line}\n".encode())

    assert found in caught.value.message


def test_settings_that_are_no_mapping_are_refused() -> None:
    """A file that is no list of settings is refused."""
    with pytest.raises(BuildError, match="not a mapping"):
        read_settings(b"- a\n")


def test_own_style_sheet_replaces_ours(tmp_path: Path) -> None:
    """A workspace can bring its own style sheet and pictures."""
    assets = tmp_path / "assets"
    assets.mkdir()
    (assets / "handbook.css").write_text("p { margin: 0 }\n", encoding="utf-8")

    with build_handbook(
        [("index.md", "# Start\n")],
        (("Start", "index.md"),),
        site_name="Lantern",
        config=CONFIG,
        theme=THEME,
        out=tmp_path / "out",
        assets=assets,
    ):
        pass

    assert (tmp_path / "out/assets/handbook.css").read_bytes() == b"p { margin: 0 }\n"


def test_own_theme_template_is_refused(tmp_path: Path) -> None:
    """A workspace can't bring theme templates, which would run as code."""
    (tmp_path / "main.html").write_text("{{ 1 }}", encoding="utf-8")

    with (
        pytest.raises(BuildError, match="only style sheets and pictures"),
        build_handbook(
            [("index.md", "# Start\n")],
            (("Start", "index.md"),),
            site_name="Lantern",
            config=CONFIG,
            theme=THEME,
            out=tmp_path / "out",
            assets=tmp_path,
        ),
    ):
        pass


def test_style_sheet_that_asks_another_host_is_refused(tmp_path: Path) -> None:
    """A style sheet can't fetch fonts or pictures from elsewhere."""
    assets = tmp_path / "assets"
    assets.mkdir()
    (assets / "handbook.css").write_text("@import url(//example.org/a.css);\n", encoding="utf-8")

    with (
        pytest.raises(BuildError, match="asks another host"),
        build_handbook(
            [("index.md", "# Start\n")],
            (("Start", "index.md"),),
            site_name="Lantern",
            config=CONFIG,
            theme=THEME,
            out=tmp_path / "out",
            assets=assets,
        ),
    ):
        pass


def test_bare_build_publishes_nothing(tmp_path: Path) -> None:
    """`mkdocs build` in the workspace fails, because nothing is staged there."""
    (tmp_path / "mkdocs.yml").write_bytes(CONFIG)

    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build"],
        cwd=tmp_path,
        capture_output=True,
        check=False,
    )

    assert done.returncode != 0
    assert not (tmp_path / "site").exists()


@pytest.mark.parametrize(("pages", "is_pruned"), [(20, False), (400, True)])
def test_a_long_navigation_does_not_stand_on_every_page(
    tmp_path: Path, pages: int, *, is_pruned: bool
) -> None:
    """In a trust of many schools each page holds the branch it stands on, so size is linear."""
    below = tuple((f"Page {one}", f"school/{one}.md") for one in range(pages))
    nav = (("School", below),)

    derived = derive({}, site_name="Handbook", nav=nav, work=tmp_path, banner="")

    assert ("navigation.prune" in str(derived["theme"])) is is_pruned
