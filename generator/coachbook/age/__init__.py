"""The age v1 file format: files that only the named keys can open.

Use:

    >>> from coachbook.age import X25519Identity, decrypt, encrypt
    >>> wren = X25519Identity.generate()
    >>> decrypt(encrypt(b"a note", [wren.recipient()]), [wren])
    b'a note'

`encrypt` draws a fresh file key, wraps it once for each recipient in the header, and encrypts
the body with it. `decrypt` returns the whole body or raises an `AgeError`: never a part of it,
and never a byte that was not authenticated. `read_header` shows the stanzas to someone without
a key, `decrypt_with_file_key` opens a file for someone who has found their own slot, and
`armor` and `dearmor` turn a file into ASCII lines and back; `peek` shows how one begins.

Key management: this package holds no keys, reads no files and asks for no passphrases. An
identity is handed in and dies with its owner; its `repr` shows a fingerprint, and it cannot be
pickled. Where keys live, whom they belong to and when they end is the business of the keyring
and the keystore. Randomness is an argument too, so that a test can hold it still.

Compatibility: what is written here is opened by every other implementation of age v1
(c2sp.org/age), and the reverse, for X25519 and passphrase recipients, armored or not. Stanzas
of an unknown type are ignored, so a file that also names other kinds of recipient still opens.
Files stay readable by later releases. Refused, as the specification asks, is whatever is not in
its one canonical form, and a passphrase beside any other recipient.

The primitives are `cryptography`'s, each imported where it is used: whoever only reads headers
and public keys, as `check` does of a whole workspace, does not wait for it. `load_primitives`
imports them before helpers are made that will need them.
"""

from coachbook.age.armor import armor, dearmor, peek
from coachbook.age.file import decrypt, decrypt_with_file_key, encrypt, load_primitives
from coachbook.age.format import Header, Identity, Random, Recipient, Stanza, read_header
from coachbook.age.recipients import (
    ScryptIdentity,
    ScryptRecipient,
    X25519Identity,
    X25519Recipient,
)

__all__ = [
    "Header",
    "Identity",
    "Random",
    "Recipient",
    "ScryptIdentity",
    "ScryptRecipient",
    "Stanza",
    "X25519Identity",
    "X25519Recipient",
    "armor",
    "dearmor",
    "decrypt",
    "decrypt_with_file_key",
    "encrypt",
    "load_primitives",
    "peek",
    "read_header",
]
