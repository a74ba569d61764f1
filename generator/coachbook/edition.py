"""Which edition of a portal a page belongs to.

A browser may show a page from its cache beside data that came fresh from the host. After a key
was renewed the two don't fit, and it would look as if a passphrase were wrong or a part damaged.
So the page carries a word that changes with the keys and with the page's own files, asks for
its files by that word, and can ask the host for the word of today.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from coachbook.keyring import Keyring

FILE = "edition.js"
_LENGTH = 16


def edition_of(keyring: Keyring, files: Mapping[str, bytes], salt: str) -> str:
    """The word for these keys and these files of the page; it tells nothing about either."""
    digest = hmac.new(salt.encode(), b"edition\n", hashlib.sha256)
    for key in sorted(key.fingerprint for key in keyring.all()):
        digest.update(f"{key}\n".encode())
    for name, data in sorted(files.items()):
        digest.update(f"{name} {hashlib.sha256(data).hexdigest()}\n".encode())
    return digest.hexdigest()[:_LENGTH]


def format_edition(edition: str) -> bytes:
    """The classic script that says which edition the portal is today."""
    return b'coachbook.put("edition","%s");\n' % edition.encode()
