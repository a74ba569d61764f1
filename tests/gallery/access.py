"""Who can open which private page: found out with the keys, not read off the plan.

Every key of the demonstration is tried on every sealed file of a built site.
"""

from __future__ import annotations

import base64
import re
from collections import defaultdict
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

import orjson

from coachbook.age import decrypt
from coachbook.book.demonstration import tries
from coachbook.cli.unlocking import with_roles
from coachbook.errors import AgeNoMatchError
from coachbook.keystore import unlock
from coachbook.manifest import FRAGMENT, load_manifest
from coachbook.packing import unpack

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from coachbook.age import X25519Identity
    from coachbook.book import Book

    Keys = Mapping[str, Mapping[str, X25519Identity]]
    """Person -> what they hold (their own id, their roles) -> the key."""

_SEALED = re.compile(rb'"([^"]*)"\);\n\Z')


@dataclass(frozen=True, slots=True)
class Opened:
    """One sealed file of a site, and the people and roles whose keys opened it."""

    name: str
    kind: str
    path: str
    openers: frozenset[str]


def try_every_key(site: Path, keys: Keys) -> tuple[Opened, ...]:
    """What each key opens; a file that no key of the demonstration opens has no openers."""
    by_owner = {owner: key for held in keys.values() for owner, key in held.items()}
    openers: dict[str, set[str]] = {}
    pages: dict[str, tuple[str, str]] = {}
    for name, sealed in _sealed_files(site):
        found = {owner: text for owner, key in by_owner.items() if (text := _try(sealed, key))}
        openers[name] = set(found)
        pages |= _listed(found.values())
    return tuple(
        Opened(name, *pages.get(name, ("index", "")), frozenset(who))
        for name, who in sorted(openers.items())
    )


def listed_pages(site: Path, keys: Keys) -> tuple[Opened, ...]:
    """The pages that the indexes of these people and roles list, as the portal would find them.

    An index is sealed to one key, so nothing that has more readers is tried: a tenth of the
    work of `try_every_key`, for a test that wants to look at pages and not at who opens them.
    """
    by_owner = {owner: key for held in keys.values() for owner, key in held.items()}
    places: dict[str, tuple[str, str]] = {}
    openers: dict[str, set[str]] = defaultdict(set)
    for _, sealed in _sealed_files(site, most_readers=1):
        opened = ((owner, text) for owner, key in by_owner.items() if (text := _try(sealed, key)))
        for owner, text in islice(opened, 1):
            pages = _listed([text])
            places |= pages
            for name in pages:
                openers[name].add(owner)
    return tuple(
        Opened(name, *places[name], frozenset(who)) for name, who in sorted(openers.items())
    )


def open_found(site: Path, keys: Keys, found: Iterable[Opened]) -> dict[str, bytes]:
    """Name -> plaintext of every file that `found` has openers for, with the key of one of them."""
    by_owner = {owner: key for held in keys.values() for owner, key in held.items()}
    opener = {one.name: by_owner[min(one.openers)] for one in found if one.openers}
    return {
        name: unpack(decrypt(sealed, [opener[name]]))
        for name, sealed in _sealed_files(site)
        if name in opener
    }


def demonstration_keys(book: Book) -> Keys:
    """The keys of everybody whom the demonstration lets anybody be, with those of their roles."""
    protected, ring = book.keyring.protected, book.keyring
    return {
        one.person: with_roles(ring, one.person, unlock(protected[one.person], one.passphrase))
        for one in tries(book)
    }


def first_of_each_kind(found: Iterable[Opened], opener: str) -> dict[str, str]:
    """Kind -> path of the first page of that kind that somebody's key opens."""
    mine = sorted((one.kind, one.path) for one in found if opener in one.openers and one.path)
    return dict(reversed(mine))


def access_table(found: Iterable[Opened], keys: Mapping[str, Mapping[str, object]]) -> str:
    """The pages with those who open them, as a Markdown table; people by their roles."""
    roles = {person: _roles_of(held) for person, held in keys.items()}
    rows = [
        (one.kind, one.path, ", ".join(sorted(_named(one.openers, roles))) or "no key tried here")
        for one in found
        if one.kind != "index"
    ]
    lines = [f"| {kind} | `{path}` | {who} |" for kind, path, who in sorted(rows)]
    return "\n".join(["| kind | page | opened by |", "| --- | --- | --- |", *lines, ""])


def summary_table(found: Iterable[Opened]) -> str:
    """How many pages of each kind each role opens by its own key."""
    counts: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    roles: set[str] = set()
    for one in found:
        for opener in one.openers:
            if "@" in opener and one.kind != "index":
                counts[one.kind][opener] += 1
                roles.add(opener)
    heads = sorted(roles)
    lines = [_row([kind, *(str(row[role] or "") for role in heads)]) for kind, row in _each(counts)]
    return "\n".join([_row(["kind", *heads]), _row(["---"] * (len(heads) + 1)), *lines, ""])


def _each(counts: Mapping[str, dict[str, int]]) -> list[tuple[str, dict[str, int]]]:
    return sorted(counts.items())


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _sealed_files(site: Path, most_readers: int | None = None) -> Iterable[tuple[str, bytes]]:
    for place, item in load_manifest(site).items():
        if item.kind == FRAGMENT and (most_readers is None or item.stanzas <= most_readers):
            (text,) = _SEALED.findall((site / place).read_bytes())
            yield place.rsplit("/", 1)[-1].removesuffix(".js"), base64.b64decode(text)


def _try(sealed: bytes, key: X25519Identity) -> bytes | None:
    try:
        return unpack(decrypt(sealed, [key]))
    except AgeNoMatchError:
        return None


def _listed(texts: Iterable[bytes]) -> dict[str, tuple[str, str]]:
    """Kind and place of each page that one of these, being an index, lists."""
    contents = [orjson.loads(text) for text in texts]
    return {
        page["name"]: (page["kind"], page["path"])
        for content in contents
        if content.get("kind") == "index"
        for page in content["pages"]
    }


def _named(openers: Iterable[str], roles: Mapping[str, str]) -> set[str]:
    return {f"{one} ({roles[one]})" if roles.get(one) else one for one in openers}


def _roles_of(held: Mapping[str, object]) -> str:
    return ", ".join(sorted(owner for owner in held if "@" in owner))
