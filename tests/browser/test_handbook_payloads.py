"""Payloads in the handbook: in the policy they are refused, or they are only text.

What a policy's check accepts and the build accepts is published, and looked at in a browser.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from datetime import date
from functools import cache
from typing import TYPE_CHECKING

import markdown
import markupsafe
import pytest

from coachbook.book import load_book
from coachbook.builder.harden import _Page
from coachbook.clauses import parse_body
from coachbook.errors import BuildError
from coachbook.frontmatter import format_header
from coachbook.record import Record, parse_record, replace_field
from coachbook.site import Job, build_site
from tests.attacks.payloads import payloads
from tests.browser.besieged import TODAY, words_of
from tests.browser.conftest import served
from tests.browser.siege import besieger
from tests.workspaces.otterbeck_small import POLICY, ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser

    from tests.attacks.payloads import Payload
    from tests.browser.siege import Besieger

EXTENSIONS = ["admonition", "attr_list", "def_list", "md_in_html", "tables", "toc"]
SOURCE = (ROOT / POLICY).read_text(encoding="utf-8")
BODY = SOURCE[SOURCE.index("\n---\n") + 5 :]
KNOWN = {key for key, _ in parse_body(BODY, 1).placeholders}
MISSING = re.compile(r'(?:href|src)="(?!https?:|mailto:|tel:|//)')
LINKS = r"^(?:https?:|mailto:|tel:|#|//|(?!\w+:)[\w./-]+\.html(?:#[\w-]+)?$)"
TAGS = (
    *("a", "abbr", "article", "aside", "b", "br", "button", "code", "dd", "details", "div", "dl"),
    *("dt", "em", "figure", "h1", "h2", "h3", "h4", "header", "hr", "i", "input", "label", "li"),
    *("nav", "ol", "p", "path", "pre", "section", "small", "span", "strong", "summary", "svg"),
    *("table", "tbody", "td", "th", "thead", "time", "tr", "ul", "blockquote"),
)
ATTRIBUTES = (
    *("aria", "class", "colspan", "d", "data", "dir", "for", "height", "href", "id"),
    *("lang", "rel", "role", "rowspan", "scope", "start", "tabindex", "target", "title", "type"),
    *("viewBox", "width", "xmlns"),
)


def accepted_by_the_policy(one: Payload) -> bool:
    """Whether a policy that ends with the payload has nothing against it."""
    body = parse_body(f"{BODY}\n\n{one.text}\n", 1)
    return body.faults == () and {key for key, _ in body.placeholders} <= KNOWN


def accepted_by_the_build(one: Payload) -> bool:
    """Whether the page that comes of it may be published, and leads to no page that is missing."""
    page = markdown.markdown(str(markupsafe.escape(one.text)), extensions=EXTENSIONS)
    try:
        _Page("policy.html", page)
    except BuildError:
        return False
    return not MISSING.search(page)


@cache
def published() -> tuple[Payload, ...]:
    """The payloads that a policy may hold."""
    known = [one for one in payloads() if accepted_by_the_policy(one)]
    return tuple(one for one in known if accepted_by_the_build(one))


# In the policy


@pytest.mark.parametrize(
    "sort", ["html", "svg", "mathml", "mutation", "clobbering", "styles", "network"]
)
def test_markup_is_no_policy(sort: str) -> None:
    """Whatever holds a tag is a fault of the policy, which stops publication."""
    tags = [one for one in payloads() if one.sort == sort and re.search(r"<[A-Za-z!/?]", one.text)]

    assert [one.name for one in tags if accepted_by_the_policy(one)] == []


def test_links_that_run_code_stop_the_build() -> None:
    """What a policy may say and a browser would run is found in the page that comes of it."""
    links = [one for one in payloads() if one.sort == "links" and accepted_by_the_policy(one)]
    stopped = [one.text for one in links if not accepted_by_the_build(one)]

    assert "[a](javascript:harm())" in stopped
    assert "![a](https://attacker.example/pixel.png)" in stopped
    assert len(stopped) >= 20


# In a browser


@pytest.fixture(scope="module")
def siege(chromium: Browser) -> Iterator[Besieger]:
    """The browser that attacks happen in."""
    with besieger(chromium) as one:
        yield one


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A school whose policy, forms, settings and names are payloads; its handbook, served."""
    root = tmp_path_factory.mktemp("besieged") / "workspace"
    shutil.copytree(ROOT, root)
    _write(root / POLICY, _policy())
    _write(root / "records/forms/besieged.yml", json.dumps(_form()))
    for path, fields in _people():
        _write(root / path, format_header(fields))
    for path in ("records/trust.md", "records/otterbeck/school.md"):
        record = parse_record(path, (root / path).read_bytes())
        assert isinstance(record, Record)
        _write(root / path, replace_field(record, "name", LIVE))
    book = load_book(root, today=TODAY)
    build_site(Job(book, (), os.urandom, parts=("handbook",)), root / "site")
    with served(root / "site") as url:
        yield url


LIVE = 'Otterbeck *x*{: hidden } [a](//attacker.example) "><img src=live onerror=harm()>'


def _policy() -> str:
    """The policy with every payload that it may hold, and live words in its settings."""
    text = SOURCE.replace("handbook.names: roles-only", "handbook.names: opt-in")
    text = re.sub(r"(?m)^retention\.notes: .*$", f"retention.notes: '{LIVE}'", text)
    return f"{text}\n\n## 12 Notes\n\n{words_of(published())}\n"


def _form() -> dict[str, object]:
    """A form whose purpose, prompt and lines are payloads."""
    lines = {f"Line {at}": {"type": "text", "help": one.line} for at, one in enumerate(payloads())}
    return {
        "form": "besieged",
        "version": 1,
        "type": "besieged",
        "title": "Besieged",
        "purpose": LIVE,
        "prefix": "bs",
        "identity": "random",
        "place": "records/{school}/{year}/{cycle}/{date}-{id}.md",
        "on": "date",
        "row": "pairs and cycles",
        "relations": {"coach": "cycle.partnership.coach", "coachee": "cycle.partnership.coachee"},
        "fields": {
            "cycle": {"type": "reference", "to": "cycle", "required": True},
            "date": {"type": "date", "required": True},
            "mood": {"type": "text", "help": LIVE},
        },
        "sections": {
            "Notes": {
                "row": "session notes",
                "sealed": True,
                "author": ["coach"],
                "prompt": LIVE,
                "lines": lines,
            }
        },
        "blank": True,
    }


def _people() -> Iterator[tuple[str, dict[str, object]]]:
    """People who agreed to stand in the handbook, each with a payload for a name."""
    for at, one in enumerate(one for one in payloads() if one.sort == "values"):
        person, role = f"p-{at:08}", f"r-{at:08}"
        yield (
            f"records/people/{person}.md",
            {
                "type": "person",
                "id": person,
                "display_name": one.line,
                "category": "governor",
                "schools": ("otterbeck",),
                "start": date(2020, 9, 1),
                "handbook_name_consent_on": date(2026, 9, 1),
            },
        )
        yield (
            f"records/otterbeck/roles/{role}.md",
            {
                "type": "role-assignment",
                "id": role,
                "school": "otterbeck",
                "person": person,
                "role": "governors",
                "from": date(2020, 9, 1),
            },
        )


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")


PAGES = ("index", "otterbeck/index", "otterbeck/policy", "otterbeck/people", "otterbeck/asks")
MORE_PAGES = ("otterbeck/forms/besieged", "otterbeck/privacy", "trust/words")


def test_what_is_published_is_text(siege: Besieger, address: str) -> None:
    """Prose, settings, labels and names of the handbook are words, and do and ask nothing."""
    with siege.watching(address) as one:
        for name in (*PAGES, *MORE_PAGES):
            one.page.goto(f"{address}/handbook/{name}.html")
            one.require_known("article", TAGS, ATTRIBUTES, links=LINKS)
            for own in ("__drawer", "__search", "__palette_0"):
                assert one.page.locator(f"[id={own}]").count() == 1

        one.require_calm()
    assert siege.connections == []


def test_what_is_published_is_shown_as_it_is_written(siege: Besieger, address: str) -> None:
    """No payload hides a word: prose, help, names and settings are all there to be read."""
    with siege.watching(address) as one:
        shown = {}
        for name in (*PAGES, *MORE_PAGES):
            one.page.goto(f"{address}/handbook/{name}.html")
            shown[name] = " ".join(one.page.locator("article").inner_text().split())

    numbers = {f"{at} {number}." for at in ("Before", "Behind") for number in _numbers()}
    assert numbers <= set(re.findall(r"(?:Before|Behind) \d+\.", shown["otterbeck/policy"]))
    labels = [
        each.line for each in payloads() if each.line not in shown["otterbeck/forms/besieged"]
    ]
    assert labels == []
    names = [each.line for each in payloads() if each.sort == "values"]
    assert [name for name in names if name not in shown["otterbeck/people"]] == []
    assert LIVE in shown["otterbeck/policy"]
    assert LIVE in shown["otterbeck/people"]


def _numbers() -> list[int]:
    return [payloads().index(one) for one in published()]


def test_the_page_lets_nothing_run_that_the_build_let_through(
    siege: Besieger, address: str
) -> None:
    """Were HTML to come into a page all the same, the page's own policy would keep it still."""
    chosen = [
        each.text for each in payloads() if each.sort in {"html", "svg", "mathml", "mutation"}
    ]
    put_in = """
        texts => {
            for (const text of texts) {
                const place = document.createElement('div');
                place.innerHTML = text;
                place.querySelectorAll('meta, [name]').forEach(element => element.remove());
                document.querySelector('article').append(place);
            }
            return document.querySelectorAll('article [onerror], article [onload]').length;
        }
    """
    with siege.watching(address) as one:
        one.page.goto(f"{address}/handbook/index.html")

        assert one.page.evaluate(put_in, chosen) >= 40
        one.page.wait_for_function("() => [...document.images].every(one => one.complete)")
        assert [words for words in one.said if "harmed" in words] == []
        assert any(words.startswith("policy: script-src-attr") for words in one.said)
