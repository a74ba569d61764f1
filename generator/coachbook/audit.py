"""Leak check of a built site, by someone who trusts nothing but the records.

What it proves: the site holds only the files of its manifest, unaltered; each
sealed file is an age file with exactly the planned number of readers and
nothing beside it; no clear value of the records that is not public stands in
any other byte, also inside gzip; no page asks a third party for anything; the
content security policy comes before anything else in a page and is strict.

It believes the manifest in one thing only, the planned number of readers.
Whether the public files are those of the records, `comparison` tells.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import html
import re
import zlib
from dataclasses import field
from itertools import chain
from typing import TYPE_CHECKING

import orjson

from coachbook.age import dearmor, read_header
from coachbook.book.demonstration import tries
from coachbook.edition import FILE as EDITION
from coachbook.errors import AgeError
from coachbook.handbook import agreed_names
from coachbook.manifest import ENTRY, FRAGMENT, NAME, PUBLIC, SHELL, Item, load_manifest, walk_site
from coachbook.shell import LICENCES, SCRIPT, STYLE, WORDS
from coachbook.values import frozen
from coachbook.workers import Crew, parts_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from coachbook.book import Book
    from coachbook.sights import Sight

_PUT = re.compile(rb'coachbook\.put\("([0-9a-f]{32})",(.*)\);\n', re.DOTALL)
_ID = re.compile(r"\b[a-z]{1,3}-[0-9a-z]{4,16}\b")
_END_OF_ID = re.compile(r"-[0-9a-z]{4,16}\b")
_WORD = re.compile(r"[^\W\d_][\w'\u2019-]*")
_URL = re.compile(
    r"""<(?:script|link|img|iframe|source|video|audio|embed|object|form|use|image)\b[^>]*?"""
    r"""\b(?:src|href|action|data|srcset)\s*=\s*["']?\s*(?:https?:)?//""",
    re.IGNORECASE,
)
_CSS_URL = re.compile(r"(?:url\(\s*['\"]?|@import\s+['\"])(?:https?:)?//", re.IGNORECASE)
_CSP = re.compile(
    r'<meta\s+http-equiv="Content-Security-Policy"\s+content="([^"]*)"', re.IGNORECASE
)
_BEFORE_CSP = re.compile(
    r"""\s*<!doctype html>\s*<html(?:\s(?:lang|class|dir)="[\w -]*")*\s*>"""
    r"""\s*<head>\s*<meta charset="utf-8">\s*""",
    re.IGNORECASE,
)
_REQUIRED_CSP = ("default-src 'none'", "base-uri 'none'", "form-action 'none'")
_SOURCE = re.compile(r"'none'|'self'|'sha256-[A-Za-z0-9+/]{43}='")
_TRUSTED_TYPES = {"require-trusted-types-for", "trusted-types"}
_GZIP = b"\x1f\x8b"
_A_PART = 200
"""So many files are worth being handed to a helper."""

_PIECE = 1 << 18
"""So many characters are searched for words at once."""

_GZIP_ONLY = 31
_LARGEST = 64 << 20
_ESCAPED = re.compile(r"\\u([0-9a-f]{4})", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")
_UNUSUAL_BLANKS = re.compile(r"\s{2,}|[^\S ]")
_HIDES = re.compile(r"[<&]|\\u|\s\s")
_BASE64 = re.compile(rb"[A-Za-z0-9+/]*={0,2}")
_HEADER, _STANZA = 1024, 256
"""Characters of Base64 that a header surely ends in, and a stanza of it: multiples of four."""

_ASSETS = frozenset(f"portal/assets/{name}" for name in (SCRIPT, STYLE, LICENCES, WORDS, EDITION))


@frozen
class Leak:
    """Something in a site that may not be there; `words` never quote it."""

    file: str
    words: str


@frozen
class Watched:
    """What may stand nowhere in a public file: ids and full names from the records."""

    ids: frozenset[str]
    names: Mapping[str, tuple[str, ...]]
    shown: frozenset[str] = frozenset()
    """What the portal of a demonstration offers everybody to try."""
    ends: frozenset[str] = field(init=False, repr=False, compare=False)
    """What the ids end in, from their hyphen on."""
    print: bytes = field(init=False, repr=False, compare=False)
    """A hash of all that is looked for."""

    def __post_init__(self) -> None:
        """Notes the ends, which every page is asked for first, and the hash."""
        ends = frozenset(one[one.index("-") :] for one in self.ids)
        object.__setattr__(self, "ends", ends)
        found = repr((sorted(self.ids), sorted(self.names.items()), sorted(self.shown)))
        hashed = hashlib.blake2b(found.encode("utf-8", "surrogatepass"), digest_size=16)
        object.__setattr__(self, "print", hashed.digest())

    def __repr__(self) -> str:
        """Counts, no values."""
        return f"Watched({len(self.ids)} ids, {len(self.names)} first words)"


@frozen
class Passed:
    """What an audit has let pass: what it looked for, as a hash, and each file."""

    looked_for: bytes
    items: Mapping[str, Item]


NOTHING_PASSED = Passed(b"", {})


def audit_site(
    site: Path,
    watched: Watched,
    hands: int = 1,
    passed: Passed = NOTHING_PASSED,
    sights: Mapping[str, Sight] | None = None,
) -> tuple[Leak, ...]:
    """Everything wrong with a built site, by file; empty where the site keeps its promises.

    Args:
        site: the folder of the site.
        watched: what may stand nowhere in it, by the records that it was built from.
        hands: how many processes may share the work.
        passed: files in which an earlier audit found nothing. They are read again, and judged
            again unless they are what they were and the same is looked for.
        sights: files that this build has read already, each as it was then.
    """
    items = load_manifest(site)
    known = passed.items if passed.looked_for == watched.print else {}
    seen = sights or {}
    # Those that are left may be few: a build after one edit needs no helpers for them.
    names = [
        name
        for name, item in items.items()
        if known.get(name) != item or not _is_as_seen(site, name, item, seen.get(name))
    ]

    def look(names: Sequence[str]) -> list[Leak]:
        found = (
            (name, _faults(site, name, items[name], watched, known.get(name))) for name in names
        )
        return [Leak(name, words) for name, faults in found for words in faults]

    parts = [("look", part) for part in parts_of(names, _A_PART)]
    with Crew({"look": look}, min(hands, len(parts))) as crew:
        found = crew.do(parts)
    leaks = (*_unlisted(site, items), *chain.from_iterable(found))
    return tuple(sorted(leaks, key=lambda leak: (leak.file, leak.words)))


def watch(book: Book, ids: Iterable[str] | None = None) -> Watched:
    """The clear values of a book that are not public: ids, full names and sign-ins.

    Single words are left out, since names such as May or Grant would stop any
    handbook, and so are names that stand in it because their owners agreed to it.

    Args:
        book: the records.
        ids: those of all records, where the book does not have all of them.
    """
    agreed = agreed_names(book)
    shown = {text for row in tries(book) for text in (row.person, row.sign_in) if text}
    known = (record.id for record in book.records.values()) if ids is None else ids
    random = {one for one in known if _ID.fullmatch(one)}
    names: dict[str, list[str]] = {}
    for person in book.people.values():
        for text in (person.name, person.sign_in):
            if text and text not in agreed and len(_WORD.findall(text)) > 1:
                names.setdefault(_first_word(text), []).append(text.casefold())
    return Watched(
        frozenset(random - set(book.schools)),
        {word: tuple(texts) for word, texts in names.items()},
        frozenset(shown),
    )


def _is_as_seen(site: Path, name: str, item: Item, sight: Sight | None) -> bool:
    """Whether a file was read already, as the manifest says, and nobody has written to it since."""
    if sight is None or sight.sha256 != item.sha256 or item.kind not in _kinds_at(name):
        return False
    return sight.is_still(f"{site}/{name}")


def _unlisted(site: Path, items: Mapping[str, Item]) -> Iterator[Leak]:
    found: set[str] = set()
    for name, entry in walk_site(site):
        if not entry.is_dir():
            found.add(name)
        if entry.is_symlink():
            yield Leak(name, "is a link out of the site")
        elif entry.is_dir() and not any((site / name).iterdir()):
            yield Leak(name, "is a folder with nothing in it")
    found.discard(NAME)
    for name in sorted(found - set(items)):
        yield Leak(name, "is in the site and not in its manifest")
    for name in sorted(set(items) - found):
        yield Leak(name, "is in the manifest and not in the site")


def _faults(
    site: Path, name: str, item: Item, watched: Watched, passed: Item | None
) -> Iterator[str]:
    path = site / name
    if item.kind not in _kinds_at(name):
        yield "is no file that a build puts there"
        return
    if not path.is_file() or path.is_symlink():
        return
    data = path.read_bytes()
    if hashlib.sha256(data).hexdigest() != item.sha256:
        yield "was changed after the build"
    elif item == passed:
        return
    yield from _CHECKS[item.kind](name, data, item, watched)
    yield from _named(name, watched)


def _kinds_at(name: str) -> frozenset[str]:
    """What kinds of file a build makes at this place."""
    if ".." in name.split("/"):
        return frozenset()
    if name.startswith("portal/data/"):
        return frozenset({FRAGMENT, ENTRY})
    if name == "portal/index.html":
        return frozenset({SHELL})
    is_public = name.startswith("handbook/") or name in _ASSETS
    return frozenset({PUBLIC}) if is_public else frozenset()


def _check_fragment(name: str, data: bytes, item: Item, watched: Watched) -> Iterator[str]:
    del watched
    yield from seal_faults(name, data, item.stanzas)


def seal_faults(name: str, data: bytes, stanzas: int) -> Iterator[str]:
    """Yields what is wrong with a sealed file, as far as nobody needs a key for it."""
    found = _PUT.fullmatch(data)
    if found is None or found[1].decode() != name[-35:-3]:
        yield "is not one sealed fragment and nothing else"
        return
    try:
        header = read_header(_beginning(found[2].strip(b'"'), stanzas))
    except (binascii.Error, AgeError):
        yield "does not hold an age file"
        return
    kinds = [stanza.type for stanza in header.stanzas]
    if kinds != ["X25519"] * stanzas or not kinds:
        yield f"is sealed to {len(kinds)} keys, {stanzas} were planned"


def _beginning(text: bytes, stanzas: int) -> bytes:
    """The header of a sealed file and what follows it at once; all of the text has to be Base64."""
    if len(text) % 4 or not _BASE64.fullmatch(text):
        raise binascii.Error
    return base64.b64decode(text[: _HEADER + stanzas * _STANZA])


def _check_entry(name: str, data: bytes, item: Item, watched: Watched) -> Iterator[str]:
    del item, watched
    found = _PUT.fullmatch(data)
    try:
        content = orjson.loads(found[2]) if found and found[1].decode() == name[-35:-3] else None
    except orjson.JSONDecodeError:
        content = None
    if not isinstance(content, dict) or set(content) != {"identity", "index"}:
        yield "is not an entry and nothing else"
    elif not _is_protected(content["identity"]) or not re.fullmatch(
        r"[0-9a-f]{32}", content["index"]
    ):
        yield "holds something that is not a protected key"


def _is_protected(identity: str) -> bool:
    """True for no key at all, or one that only a passphrase opens."""
    if identity == "":
        return True
    try:
        return [s.type for s in read_header(dearmor(identity)).stanzas] == ["scrypt"]
    except AgeError:
        return False


def _check_page(name: str, data: bytes, item: Item, watched: Watched) -> Iterator[str]:
    if data.startswith(_GZIP):
        try:
            data = _unpacked(data)
        except zlib.error:
            yield "is packed in a way that cannot be looked into"
    text = data.decode("utf-8", errors="replace")
    is_portal = item.kind == SHELL or name in _ASSETS
    yield from _named(_without(text, watched.shown) if is_portal else text, watched)
    if name.endswith(".html"):
        yield from _page_faults(text)
    if name.endswith(".css") and _CSS_URL.search(text):
        yield "asks a third party for a file"


def _unpacked(data: bytes) -> bytes:
    """What is inside gzip; raises zlib.error where it is damaged or far too much."""
    packed = zlib.decompressobj(_GZIP_ONLY)
    content = packed.decompress(data, _LARGEST)
    if not packed.eof:
        raise zlib.error
    return content + packed.unused_data


def _without(text: str, words: Iterable[str]) -> str:
    """The text without what a demonstration shows on purpose."""
    for word in words:
        text = text.replace(word, "")
    return text


def _page_faults(text: str) -> Iterator[str]:
    if _URL.search(text):
        yield "asks a third party for something"
    policies = list(_CSP.finditer(text))
    if len(policies) != 1:
        yield f"has {len(policies)} content security policies instead of one"
        return
    if not _BEFORE_CSP.fullmatch(text, 0, policies[0].start()):
        yield "has something in front of its content security policy"
    yield from _policy_faults([part.strip() for part in policies[0][1].split(";")])


def _policy_faults(directives: list[str]) -> Iterator[str]:
    for required in _REQUIRED_CSP:
        if required not in directives:
            yield f"has a content security policy without {required}"
    for directive in directives:
        name, *sources = directive.split() or [""]
        if name not in _TRUSTED_TYPES and not all(_is_own(name, source) for source in sources):
            yield f"has a content security policy that lets {name} reach further than its own files"


def _is_own(directive: str, source: str) -> bool:
    """True for the site's own files, its own inline scripts, and pictures in the page."""
    if source == "data:":
        return directive in {"img-src", "font-src"}
    return _SOURCE.fullmatch(source) is not None


def _named(text: str, watched: Watched) -> Iterator[str]:
    read = _as_read(text)
    if _may_hold(read, watched) and not watched.ids.isdisjoint(_ID.findall(read)):
        yield "names the id of a record or person"
    plain = read.casefold()
    words = _words(plain) & watched.names.keys()
    likely = [name for word in words for name in watched.names[word]]
    if likely and _holds_any(plain, likely):
        yield "names a person"


def _words(text: str) -> set[str]:
    """The words of a text, piece by piece: those of a search index are ten times as large as it."""
    found: set[str] = set()
    start = 0
    while start < len(text):
        blank = text.find(" ", start + _PIECE)
        end = len(text) if blank < 0 else blank
        found.update(_WORD.findall(text, start, end))
        start = end
    return found


def _may_hold(text: str, watched: Watched) -> bool:
    """Whether an id can be in it: what one of them ends in is looked for ten times as fast."""
    return not watched.ends.isdisjoint(_END_OF_ID.findall(text))


def _as_read(text: str) -> str:
    """The text as it is, and where markup could hide a word, as a browser shows it."""
    if not _HIDES.search(text):
        return text
    shown = _ESCAPED.sub(lambda code: chr(int(code[1], 16)), html.unescape(_TAG.sub("", text)))
    return f"{text}\n{_UNUSUAL_BLANKS.sub(' ', shown)}"


def _holds_any(text: str, names: Iterable[str]) -> bool:
    return any(name in text for name in names)


def _first_word(text: str) -> str:
    return str(_WORD.findall(text)[0]).casefold()


_CHECKS: dict[str, Callable[[str, bytes, Item, Watched], Iterator[str]]] = {
    FRAGMENT: _check_fragment,
    ENTRY: _check_entry,
    PUBLIC: _check_page,
    SHELL: _check_page,
}
