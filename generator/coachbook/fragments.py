"""Private pages as files: named, packed, sealed to exactly their audience.

A person's index says what they can open; each page is a fragment. Names are
HMACs under the trust's random value, so that they tell a host nothing, and a
fragment says its own name inside the seal, so that two of them cannot change
places unseen. Sealing gives fresh bytes each time.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import TYPE_CHECKING

import orjson

from coachbook.age import encrypt
from coachbook.errors import BuildError
from coachbook.packing import pack
from coachbook.values import frozen

if TYPE_CHECKING:
    from collections.abc import Mapping

    from coachbook.age import Random
    from coachbook.audience import Audience
    from coachbook.book import Book

VERSION = 1
_NAME_LENGTH = 32


@frozen(repr=False)
class Fragment:
    """Something to be sealed: its name, its readers and its plaintext (UTF-8 JSON)."""

    name: str
    audience: Audience
    plaintext: bytes
    print: bytes
    """A hash of the plaintext, which names its own file too (BLAKE2b, 16 bytes)."""

    def __repr__(self) -> str:
        """Names it without its text."""
        return f"Fragment({self.name})"


class Names:
    """Names for the portal's files under the trust's random value (HMAC-SHA256)."""

    def __init__(self, secret: str) -> None:
        """Takes the trust's random value, in hexadecimal."""
        self._key = bytes.fromhex(secret)

    @property
    def entry_salt(self) -> str:
        """The value that lets a browser find the entry of a sign-in; it is in the page."""
        return hmac.new(self._key, b"entry salt", hashlib.sha256).hexdigest()

    def entry(self, sign_in: str) -> str:
        """The name of the file a sign-in leads to."""
        return _hmac_name(self.entry_salt.encode(), f"entry:{sign_in.strip().lower()}")

    def fragment(self, kind: str, path: str, audience: Audience) -> str:
        """The name of a page's or index's file for one audience."""
        return _hmac_name(self._key, f"{kind}:{path}:{audience}")


def seal_fragment(fragment: Fragment, book: Book, random: Random) -> bytes:
    """The classic script that carries one sealed fragment."""
    keys = [book.keyring.current(one) for one in sorted(fragment.audience.principals or ())]
    recipients = [key.recipient for key in keys if key is not None]
    if not recipients or len(recipients) != len(keys):
        raise BuildError(f"fragment {fragment.name} has a reader without a key")
    sealed = encrypt(pack(fragment.plaintext), recipients, random=random)
    return b'coachbook.put("%s","%s");\n' % (fragment.name.encode(), base64.b64encode(sealed))


def make_fragment(name: str, audience: Audience, content: Mapping[str, object]) -> Fragment:
    """The fragment of a content, which says its own name, so that a moved one is known."""
    text = orjson.dumps({**content, "name": name}, option=orjson.OPT_SORT_KEYS)
    return Fragment(name, audience, text, hashlib.blake2b(text, digest_size=16).digest())


def _hmac_name(key: bytes, message: str) -> str:
    return hmac.digest(key, message.encode(), "sha256").hex()[:_NAME_LENGTH]
