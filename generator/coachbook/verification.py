"""A hosted copy beside the build that it should be.

What runs in the page that takes a passphrase is judged first and strictest: the page, its
script and style, the entries, and the form of every sealed file, since each of them is loaded
as a script. A private page that another build has sealed has other bytes for the same text, so
those are counted apart.
"""

from __future__ import annotations

import hashlib
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING

from coachbook.audit import seal_faults
from coachbook.edition import FILE as EDITION_FILE
from coachbook.errors import InputError
from coachbook.hosted import LARGEST, UnreachableError
from coachbook.manifest import FRAGMENT, NAME, load_manifest
from coachbook.publicpart import HANDBOOK, PORTAL
from coachbook.values import frozen

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from coachbook.hosted import Answer, Copy
    from coachbook.manifest import Item

SITE = "site"
PAGE, SCRIPT = f"{PORTAL}/index.html", f"{PORTAL}/assets/portal.js"
_AT_ONCE = 8
_ASSETS = f"{PORTAL}/assets/"
_BY_EDITION = (_ASSETS, f"{PORTAL}/data/")
_EDITION_FILE = f"{_ASSETS}{EDITION_FILE}"
_EDITION = re.compile(rb'/portal\.js\?([0-9a-f]{16})"')
_TYPES = {
    "html": frozenset({"text/html"}),
    "css": frozenset({"text/css"}),
    "js": frozenset({"text/javascript", "application/javascript", "application/x-javascript"}),
}
_REWRITTEN = "; a host that shortens pages, hides addresses or adds a script does this"


@frozen
class Fault:
    """A file that is not what the build made; `strict` where it could take a passphrase."""

    file: str
    words: str
    strict: bool


@frozen
class Verdict:
    """What a copy is, beside a build."""

    faults: tuple[Fault, ...]
    same: int
    sealed_anew: int
    """Private pages of the right form, with other bytes."""
    headers: Mapping[str, str]
    """What a host sent along with the first page."""

    @property
    def is_safe(self) -> bool:
        """Whether all that runs where a passphrase is typed is the build's own."""
        return not any(fault.strict for fault in self.faults)


@frozen
class Expected:
    """A build, and which part of it a copy should be: handbook, portal, or the whole site."""

    site: Path
    items: Mapping[str, Item]
    part: str

    edition: str = ""
    """The word by which the portal's page asks for what it loads."""

    def name_there(self, name: str) -> str:
        """What a file of the build is called in the copy."""
        return name if self.part == SITE else name.removeprefix(f"{self.part}/")

    def fetched(self, copy: Copy, name: str) -> Answer:
        """What the copy gives for a file, asked as the portal's page asks for it."""
        is_asked_by_edition = name.startswith(_BY_EDITION) and name != _EDITION_FILE
        return copy.fetch(self.name_there(name), self.edition if is_asked_by_edition else "")


def load_expected(site: Path, part: str) -> Expected:
    """The build in a folder; raises InputError where it is not as its manifest says."""
    manifest = load_manifest(site)
    items = {
        name: item for name, item in manifest.items() if part == SITE or name.startswith(f"{part}/")
    }
    if not items:
        raise InputError(f"{site} was built without its {part}", hint="run: coachbook build")
    for name, item in items.items():
        if _digest(_read(site / name)) != item.sha256:
            raise InputError(
                f"{site / name} was changed after the build, so it can't tell what is right",
                hint="run: coachbook build",
            )
    return Expected(site, items, part, _edition(site / PAGE) if PAGE in items else "")


def _edition(page: Path) -> str:
    """The word behind the name of the script in a portal's page."""
    found = _EDITION.search(_read(page))
    return found[1].decode("ascii") if found else ""


def verify(copy: Copy, expected: Expected) -> Verdict:
    """Compares every file; raises UnreachableError where the copy can't be looked at."""
    order = sorted(expected.items, key=lambda name: (name != SCRIPT, name != PAGE, name))
    first = _first_answer(copy, expected, order[0])
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        looked = [
            _judged(expected, order[0], first),
            *pool.map(lambda name: _looked_at(copy, expected, name), order[1:]),
        ]
    faults = [fault for one in looked for fault in one.faults]
    if not any(fault.file == _first_page(expected) for fault in faults):
        faults += _at_the_address(copy, expected)
    faults += _extra(copy, expected)
    page = next((one.headers for one in looked if one.file == _first_page(expected)), {})
    return Verdict(
        tuple(sorted(faults, key=lambda fault: (not fault.strict, fault.file))),
        sum(one.is_same for one in looked),
        sum(one.is_sealed_anew for one in looked),
        page,
    )


@frozen
class _Looked:
    """What was found at one file."""

    file: str
    headers: Mapping[str, str]
    faults: tuple[Fault, ...] = ()
    is_same: bool = False
    is_sealed_anew: bool = False


def _looked_at(copy: Copy, expected: Expected, name: str) -> _Looked:
    return _judged(expected, name, expected.fetched(copy, name))


def _judged(expected: Expected, name: str, answer: Answer) -> _Looked:
    item, data = expected.items[name], answer.data
    if data is not None and _digest(data) == item.sha256:
        return _Looked(name, answer.headers, tuple(_wrong_type(name, answer)), is_same=True)
    if (
        data is not None
        and item.kind == FRAGMENT
        and not any(seal_faults(name, data, item.stanzas))
    ):
        return _Looked(name, answer.headers, is_sealed_anew=True)
    return _Looked(name, answer.headers, (_fault(expected, name, answer),))


def _first_answer(copy: Copy, expected: Expected, name: str) -> Answer:
    """What comes for the first file; a copy behind a sign-in is no copy yet."""
    answer = expected.fetched(copy, name)
    if answer.needs_sign_in or (_is_web_page(answer) and not name.endswith(".html")):
        reason = answer.trouble or "came as a web page, such as a sign-in"
        raise UnreachableError(
            f"{expected.name_there(name)} {reason}",
            hint="is this the address of the page itself? where it lies behind a sign-in, write\n"
            "the cookie of your browser into a file of your own, and name it with --headers,\n"
            "or compare a folder: the synced one, or a download",
        )
    if answer.data is None and copy.fetch(expected.name_there(_first_page(expected))).data is None:
        raise UnreachableError(
            f"there is no {expected.part} at this place",
            hint="name the address of its page, or the folder that holds its index.html",
        )
    return answer


def _at_the_address(copy: Copy, expected: Expected) -> Iterator[Fault]:
    """What comes where the name of the page is left out, as whoever opens the portal does."""
    page = _first_page(expected)
    folder = page.removesuffix("index.html")
    if copy.names() is None:
        answer = copy.fetch(expected.name_there(page).removesuffix("index.html"))
        if answer.data is None and not answer.leads_away:
            yield Fault(folder, f"{answer.trouble} where index.html is left out", strict=False)
        else:
            yield from (
                replace(fault, file=folder) for fault in _judged(expected, page, answer).faults
            )


def _first_page(expected: Expected) -> str:
    return f"{HANDBOOK}/index.html" if expected.part == HANDBOOK else PAGE


def _fault(expected: Expected, name: str, answer: Answer) -> Fault:
    item, data = expected.items[name], answer.data
    if data is None:
        return Fault(name, answer.trouble, strict=_may_ask(name, answer))
    if _is_web_page(answer) and not name.endswith(".html"):
        return Fault(name, "is a web page where another file belongs", _may_ask(name, answer))
    if item.kind == FRAGMENT:
        return Fault(name, next(seal_faults(name, data, item.stanzas)), strict=True)
    words = _difference(data, _read(expected.site / name))
    rewritten = _REWRITTEN if name.endswith(".html") else ""
    return Fault(name, f"{words}{rewritten}", strict=name.startswith(f"{PORTAL}/"))


def _may_ask(name: str, answer: Answer) -> bool:
    """Whether something may stand where a passphrase is typed that the build did not make.

    A sealed file that is missing, or an entry, runs nothing.
    """
    in_portal = name.startswith(f"{PORTAL}/")
    return in_portal and (answer.data is not None or not name.startswith(f"{PORTAL}/data/"))


def _wrong_type(name: str, answer: Answer) -> Iterator[Fault]:
    """A file that is right and is sent as something else, which browsers refuse to run."""
    wanted = _TYPES.get(name.rpartition(".")[2])
    sent = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    if answer.headers and wanted and sent not in wanted:
        kind = sent or "nothing in particular"
        yield Fault(name, f"is right, and is sent as {kind}: browsers may refuse it", strict=False)


def _extra(copy: Copy, expected: Expected) -> Iterator[Fault]:
    """What lies in a folder beside the files of the build."""
    ours = {NAME, *(expected.name_there(name) for name in expected.items)}
    for name in sorted((copy.names() or frozenset()) - ours):
        place = name if expected.part == SITE else f"{expected.part}/{name}"
        strict = place.startswith(_ASSETS) or place.endswith((".html", ".js"))
        yield Fault(place, "is no file of the build", strict)


def _is_web_page(answer: Answer) -> bool:
    start = (answer.data or b"").lstrip(b"\xef\xbb\xbf \t\r\n")[:15].lower()
    return start.startswith((b"<!doctype html", b"<html"))


def _difference(found: bytes, wanted: bytes) -> str:
    """Where two files part, without a word of either."""
    if len(found) > LARGEST:
        return "is far larger than the build's"
    pairs = enumerate(zip(found, wanted, strict=False), 1)
    place = next((n for n, (a, b) in pairs if a != b), min(len(found), len(wanted)) + 1)
    return f"differs from byte {place:,} on ({len(found):,} bytes, {len(wanted):,} in the build)"


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"{path} cannot be read", hint="run: coachbook build") from error
