"""A public key that arrives: whose it is, where it belongs, or why it is not taken.

    plan = plan_key(book, "p-7kq2m4xa.pub", data, protected)

Whoever can send a file could send a key in somebody's name. So nothing here makes a key valid:
whoever files it has the owner read out its fingerprint first.
"""

from __future__ import annotations

import re
from dataclasses import field
from typing import TYPE_CHECKING

from coachbook.errors import KeyringError
from coachbook.invitation import publishes_keys
from coachbook.keycheck import demonstration_fingerprints
from coachbook.keyring import require_protected
from coachbook.people import active
from coachbook.publickey import PublicKey, is_role, parse_public_key, public_key_path
from coachbook.values import frozen

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coachbook.book import Book

_LONGEST = 64 * 1024
_OWNER = re.compile(r"^owner: (p-[a-z0-9]{4,16})\r?$", re.MULTILINE)
_GROUP_MARKS = re.compile(r"[\s\-]+")


@frozen
class KeyDelivery:
    """What becomes of a key that arrived; `protected` is put beside it where that is policy."""

    name: str
    public: PublicKey | None = None
    protected: str = field(default="", repr=False)
    refusals: tuple[str, ...] = ()
    is_filed: bool = False
    """True where this very key is in use already."""


def plan_key(book: Book, name: str, data: bytes, protected: bytes | None) -> KeyDelivery:
    """Says whose key arrived, or why it can't be filed; changes nothing.

    Args:
        protected: the protected key that arrived with it, if one did.
    """
    try:
        public = _parse(data)
        armor = _protected(book, public, protected)
    except KeyringError as error:
        return KeyDelivery(name, refusals=(error.message,))
    current = book.keyring.current(public.owner)
    if current and current.fingerprint == public.fingerprint:
        return KeyDelivery(name, public, armor, is_filed=True)
    return KeyDelivery(name, public, armor, tuple(_refusals(book, public, current)))


def is_read_out(public: PublicKey, typed: str) -> bool:
    """True if what was read out stands for the whole file, however it was grouped."""
    return _GROUP_MARKS.sub("", typed).lower() == public.read_out


def _parse(data: bytes) -> PublicKey:
    if len(data) > _LONGEST:
        raise KeyringError("it is too large for a public key")
    text = data.decode("ascii", errors="replace")
    owner = _OWNER.search(text)
    if owner is None:
        raise KeyringError("it is not the public key of a person")
    return parse_public_key(public_key_path(owner[1], 1), text)


def _protected(book: Book, public: PublicKey, data: bytes | None) -> str:
    """The protected key if it is to lie beside the public one; raises KeyringError if it is none.

    Where the policy leaves protected keys with their owners, one that came along is left out.
    """
    person = book.people.get(public.owner)
    if data is None or person is None or not publishes_keys(book, person.schools):
        return ""
    if len(data) > _LONGEST:
        raise KeyringError("the protected key beside it is too large for one")
    text = data.decode("ascii", errors="replace").replace("\r\n", "\n")
    require_protected(f"records/keys/{public.owner}.age", text)
    return text


def _refusals(book: Book, public: PublicKey, current: PublicKey | None) -> Iterator[str]:
    person = book.people.get(public.owner)
    if person is None or is_role(public.owner):
        yield f"there is no person {public.owner} here"
    elif not active(person, book.today) and person.end:
        yield f"{person.short} left on {person.end}"
    due = current.generation + 1 if current else 1
    if public.generation != due:
        yield f"it says that it is key {public.generation} of {public.owner}, and {due} is next"
    other = book.keyring.by_fingerprint(public.fingerprint)
    if other is not None:
        yield f"it is the same key as key {other.generation} of {other.owner}"
    if not book.trust.demonstration and public.fingerprint in demonstration_fingerprints():
        yield "it is a key of the demonstration, which anybody can open"
