"""A built handbook made strict: one policy per page, nothing asked of other hosts.

The theme has three inline scripts, the same on every page. Their hashes are
computed from the page for missing pages, which holds none of our text; any
other script, event handler, style or address that runs code stops the build.
"""

from __future__ import annotations

import base64
import hashlib
import os
import re
import shutil
from html.parser import HTMLParser
from typing import TYPE_CHECKING

from coachbook.errors import BuildError
from coachbook.workers import Crew, parts_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

_CHARSET = '<meta charset="utf-8">'
_ALIGNED = re.compile(r"\s*text-align:\s*(left|center|right);?\s*")
_STYLE = re.compile(r'\sstyle="([^"]*)"')
_CLASS = re.compile(r'\sclass="')
_DATA = frozenset({"application/json", "application/ld+json"})
_FETCHED = {"script": "src", "link": "href", "img": "src", "iframe": "src", "source": "src"}
_ADDRESSES = ("action", "formaction", "href", "src", "xlink:href")
_SCHEMES = frozenset({"", "http:", "https:", "mailto:", "tel:"})
# Browsers drop blanks in an address, and take `\\` for `//`.
_BLANKS = re.compile(r"[\x00-\x20]")
_SCHEME = re.compile(r"(?:[a-z][a-z0-9+.-]*:)?", re.IGNORECASE)
_ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:|[/\\]{2}", re.IGNORECASE)
_CSS_REMOTE = re.compile(r"(?:@import|url\()\s*[\"']?\s*(?:https?:)?//", re.IGNORECASE)
_SOURCE_MAP = re.compile(r"\n?(?://[#@] sourceMappingURL=\S+|/\*# sourceMappingURL=\S+ \*/)\s*$")
# Not needed by an English handbook without a public address; the page for missing
# pages would lead to the wrong folder wherever the handbook is not at the top.
_UNUSED = ("404.html", "sitemap.xml", "sitemap.xml.gz", "assets/javascripts/lunr")

_A_PART = 64
"""So many pages are worth being handed to a helper."""


def harden(site: Path, hands: int = 1) -> None:
    """Rewrites the built `site` in place; BuildError where it asks for too much.

    Args:
        site: the folder.
        hands: how many processes may share the work.
    """
    reference = _read(site, "404.html")
    for name in _UNUSED:
        _remove(site / name)
    _index_for_disk(site / "search")
    pages: list[str] = []
    for file in sorted(site.rglob("*")):
        name = file.relative_to(site).as_posix()
        if file.suffix == ".map":
            file.unlink()
        elif file.suffix in {".css", ".js"}:
            _harden_code(file, name)
        elif file.suffix == ".html":
            pages.append(name)
    _harden_pages(site, pages, reference, hands)


def _harden_pages(site: Path, pages: Iterable[str], reference: _Page, hands: int) -> None:
    """Rewrites the pages; until all are done each new one lies elsewhere, under its process.

    So a part that a helper did not come to the end of can be done again.
    """
    policy = _policy(reference.scripts)
    drafts = site.with_name(f"{site.name}.strict")
    drafts.mkdir()

    def rewrite(part: Iterable[tuple[int, str]]) -> Mapping[str, str]:
        harmless: set[str] = set()
        done: dict[str, str] = {}
        for number, name in part:
            page = _read(site, name, harmless)
            _check_scripts(name, page, reference)
            done[name] = f"{os.getpid()}-{number}"
            text = _with_policy(name, page.text, policy)
            (drafts / done[name]).write_text(text, encoding="utf-8", newline="\n")
        return done

    parts = [("rewrite", part) for part in parts_of(enumerate(pages), _A_PART)]
    with Crew({"rewrite": rewrite}, min(hands, len(parts))) as crew:
        for done in crew.do(parts):
            for name, draft in done.items():
                (drafts / draft).replace(site / name)
    shutil.rmtree(drafts)


def _index_for_disk(search: Path) -> None:
    """Writes the index as a script too, which is how the theme asks for it from a disk."""
    index = (search / "search_index.json").read_text(encoding="utf-8")
    script = f"var __index = {index.strip()};\n"
    (search / "search_index.js").write_text(script, encoding="utf-8", newline="\n")


def _policy(scripts: Iterable[str]) -> str:
    hashes = " ".join(sorted({f"'sha256-{_digest(script)}'" for script in scripts}))
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src 'self' {hashes}",
            "style-src 'self'",
            "img-src 'self' data:",
            "font-src 'self'",
            "connect-src 'self'",
            "worker-src 'self'",
            "form-action 'none'",
            "base-uri 'none'",
        )
    )


def _digest(script: str) -> str:
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()


def _with_policy(name: str, text: str, policy: str) -> str:
    before, found, after = text.partition(_CHARSET)
    if not found or _CHARSET in after:
        raise BuildError(f"{name}: the theme's page does not begin as expected")
    meta = f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
    referrer = '<meta name="referrer" content="no-referrer">'
    return f"{before}{_CHARSET}\n      {meta}\n      {referrer}{after}"


def _check_scripts(name: str, page: _Page, reference: _Page) -> None:
    if page.scripts != reference.scripts or page.files != reference.files:
        raise BuildError(
            f"{name}: the page holds a script that is not the theme's",
            hint="take HTML out of the text it came from: the policy, a form or a template",
        )


def _harden_code(file: Path, name: str) -> None:
    text = file.read_text(encoding="utf-8")
    if file.suffix == ".css" and _CSS_REMOTE.search(text):
        raise BuildError(f"{name}: the style sheet asks another host for a file")
    file.write_text(_SOURCE_MAP.sub("\n", text), encoding="utf-8", newline="\n")


def _with_class(tag: str, name: str) -> str:
    if _CLASS.search(tag):
        return _CLASS.sub(f' class="{name} ', tag, count=1)
    return re.sub(r"^<[a-zA-Z0-9-]+", rf'\g<0> class="{name}"', tag)


def _address(values: Mapping[str, str | None], name: str) -> str:
    return _BLANKS.sub("", values.get(name) or "")


def _scheme(address: str) -> str:
    found = _SCHEME.match(address)
    return found[0].lower() if found else ""


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _read(site: Path, name: str, harmless: set[str] | None = None) -> _Page:
    return _Page(name, (site / name).read_text(encoding="utf-8"), harmless)


class _Page(HTMLParser):
    """One built page: its scripts, inline and by file, and its text without style attributes.

    `harmless` are tags, as they are written, in which nothing was found and nothing had to be
    changed; most of a page are such tags, which stand in other pages too.
    """

    def __init__(self, name: str, source: str, harmless: set[str] | None = None) -> None:
        super().__init__(convert_charrefs=False)
        self.name = name
        self._harmless = set() if harmless is None else harmless
        self.scripts: list[str] = []
        self.files: list[str] = []
        self._in_script = False
        self._pieces: list[str] = []
        self._source = source
        self._lines = [0, *(found.end() for found in re.finditer("\n", source))]
        self._done = 0
        self.feed(source)
        self.close()
        self.text = "".join((*self._pieces, source[self._done :]))

    def parse_starttag(self, i: int) -> int:
        """Where the tag ends that begins at `i`; what is known to be harmless is passed over."""
        end = self.check_for_whole_start_tag(i)
        if end > 0 and self.rawdata[i:end] in self._harmless:
            return end
        before = self._noticed()
        found = super().parse_starttag(i)
        is_text = self.cdata_elem is not None  # such as a script's, which the next call reads
        if found > 0 and not is_text and before == self._noticed():
            self._harmless.add(self.rawdata[i:found])
        return found

    def _noticed(self) -> tuple[int, ...]:
        return len(self._pieces), len(self.files), len(self.scripts)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "script":
            self._in_script = "src" not in values and values.get("type") not in _DATA
            if self._in_script:
                self.scripts.append("")
            elif "src" in values:
                self.files.append(str(values["src"]).rpartition("assets/")[2])
        self._check(tag, values)
        if "style" in values:
            self._drop_style()
        elif values.get("role") == "dialog" and "aria-label" not in values:
            self._name_dialog()

    def handle_endtag(self, tag: str) -> None:
        if tag == "script":
            self._in_script = False

    def handle_data(self, data: str) -> None:
        if self._in_script:
            self.scripts[-1] += data

    def _check(self, tag: str, values: dict[str, str | None]) -> None:
        if tag == "style":
            raise self._fault("a style element", "move it to a style sheet")
        if any(name.startswith("on") for name in values):
            raise self._fault("an event handler", "take the `on…` attribute out")
        if "http-equiv" in values:
            raise self._fault("an instruction to the browser", "take the `meta` element out")
        if _ELSEWHERE.match(_address(values, _FETCHED.get(tag, ""))):
            raise self._fault("a file asked of another host", "keep a copy in the handbook")
        if any(_scheme(_address(values, name)) not in _SCHEMES for name in _ADDRESSES):
            raise self._fault("a link that runs code", "lead to a page or a mail address")

    def _drop_style(self) -> None:
        tag = self.get_starttag_text() or ""
        style = _STYLE.search(tag)
        aligned = _ALIGNED.fullmatch(style.group(1)) if style else None
        if style is None or aligned is None:
            raise self._fault("a style attribute", "use a class of the style sheet")
        bare = tag.replace(style.group(), "", 1)
        self._replace_tag(tag, _with_class(bare, f"align-{aligned.group(1)}"))

    def _name_dialog(self) -> None:
        """The theme's search is a dialog that screen readers could not name."""
        tag = self.get_starttag_text() or ""
        self._replace_tag(tag, tag.replace('role="dialog"', 'role="dialog" aria-label="Search"'))

    def _replace_tag(self, tag: str, new: str) -> None:
        line, column = self.getpos()
        start = self._lines[line - 1] + column
        self._pieces += [self._source[self._done : start], new]
        self._done = start + len(tag)

    def _fault(self, found: str, hint: str) -> BuildError:
        return BuildError(f"{self.name}:{self.getpos()[0]}: the page holds {found}", hint=hint)
