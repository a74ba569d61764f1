"""The public key of a person or a role, and its `.pub` file.

    coachbook-public-key: 1
    owner: p-7kq2m4xa
    generation: 1
    recipient: age1…
    signing: <Ed25519 public key in base64>
    created: 2026-09-01

Six lines that anyone may read, in this order. A person's current key lies in
`records/keys/<person>.pub` and earlier ones in `<person>.<generation>.pub`; a role's keys are
always named `records/keys/roles/<role>@<school>.<generation>.pub`.
"""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import field
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING

from coachbook.age import X25519Identity, X25519Recipient
from coachbook.age.format import derive
from coachbook.errors import KeyringError
from coachbook.readers import Reader
from coachbook.values import frozen

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import (
        Ed25519PrivateKey,
        Ed25519PublicKey,
    )

FOLDER = "records/keys"
ROLES_FOLDER = f"{FOLDER}/roles"

RESTORE_HINT = "restore the file from the last good commit, or make the key again"
ONE_SIDE_HINT = (
    "keep both files of one of the two keys: git checkout --ours (or --theirs) -- records/keys\n"
    "then look at what was sealed to the other: coachbook keys audit"
)

_VERSION = "1"
_NAMES = ("coachbook-public-key", "owner", "generation", "recipient", "signing", "created")
_OWNER = r"p-[a-z0-9]{4,16}|[a-z][a-z0-9-]*@[a-z][a-z0-9-]*"
_OWNER_ONLY = re.compile(_OWNER)
_FILE = re.compile(rf"({_OWNER})(?:\.([1-9][0-9]{{0,5}}))?\.(?:pub|age)")
_GENERATION = re.compile(r"[1-9][0-9]{0,5}")
_SIGNING_LABEL = b"coachbook signing v1"
_SIGNING_LENGTH = 32
_READ_OUT_LABEL = b"coachbook public key read out v1\n"
_READ_OUT_BYTES = 16


@frozen
class PublicKey:
    """What everyone may know of one key of a person or a role."""

    owner: str
    generation: int
    recipient: X25519Recipient
    signing: bytes = field(repr=False)
    created: date
    path: str

    @property
    def fingerprint(self) -> str:
        """26 characters that stand for the key that text is sealed to, and for no other line."""
        return self.recipient.fingerprint()

    @property
    def read_out(self) -> str:
        """26 characters that stand for the whole file, and so for the key that signs too.

        The owner of a key that arrives reads them out: a file in which somebody has swapped one
        line alone would otherwise pass.
        """
        content = format_public_key(self).encode("ascii")
        digest = hashlib.sha256(_READ_OUT_LABEL + content).digest()[:_READ_OUT_BYTES]
        return base64.b32encode(digest).decode("ascii").rstrip("=").lower()

    @property
    def reader(self) -> Reader:
        """The owner as someone a section can be sealed to."""
        return Reader(self.owner, self.recipient)


def is_role(owner: str) -> bool:
    """True for `monitor@otterbeck`, false for a person's id."""
    return "@" in owner


def public_key_path(owner: str, generation: int, *, current: bool = True) -> str:
    """Where the public key lies in the workspace."""
    if is_role(owner):
        return f"{ROLES_FOLDER}/{owner}.{generation}.pub"
    return f"{FOLDER}/{owner}.pub" if current else f"{FOLDER}/{owner}.{generation}.pub"


def private_key_path(owner: str, generation: int) -> str:
    """Where the protected key of a person, or the sealed key of a role, lies if published."""
    if is_role(owner):
        return f"{ROLES_FOLDER}/{owner}.{generation}.age"
    return f"{FOLDER}/{owner}.age"


def public_key_of(
    identity: X25519Identity, *, owner: str, generation: int, created: date
) -> PublicKey:
    """The public half of a private key, with the signing key that is derived from it."""
    return PublicKey(
        owner,
        generation,
        identity.recipient(),
        signing_key(identity).public_key().public_bytes_raw(),
        created,
        public_key_path(owner, generation),
    )


def signing_key(identity: X25519Identity) -> Ed25519PrivateKey:
    """The owner's signing key; it needs no file of its own."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    seed = derive(identity.seed(), salt=b"", info=_SIGNING_LABEL)
    return Ed25519PrivateKey.from_private_bytes(seed)


def sign(identity: X25519Identity, message: bytes) -> bytes:
    """The message signed with the owner's signing key."""
    return signing_key(identity).sign(message)


def is_signed_by(key: PublicKey, signature: bytes, message: bytes) -> bool:
    """True if the owner of the key signed exactly this message."""
    from cryptography.exceptions import InvalidSignature

    try:
        _verifying_key(key.signing).verify(signature, message)
    except InvalidSignature:
        return False
    return True


@lru_cache(maxsize=1024)
def _verifying_key(signing: bytes) -> Ed25519PublicKey:
    """The key in its working form, made once for all the parts that somebody signed."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    return Ed25519PublicKey.from_public_bytes(signing)


def format_public_key(key: PublicKey) -> str:
    """The `.pub` file."""
    values = (
        _VERSION,
        key.owner,
        str(key.generation),
        key.recipient.format(),
        base64.b64encode(key.signing).decode("ascii"),
        key.created.isoformat(),
    )
    return "".join(f"{name}: {value}\n" for name, value in zip(_NAMES, values, strict=True))


def parse_public_key(path: str, text: str) -> PublicKey:
    """The key in a `.pub` file; raises KeyringError, which names the line."""
    version, owner, generation, recipient, signing, created = _values(text)
    if version != _VERSION:
        raise _fault(1, f"a public key of format {_VERSION} was expected")
    if not _OWNER_ONLY.fullmatch(owner):
        raise _fault(2, "the owner is not the id of a person, or a role with its school")
    if not _GENERATION.fullmatch(generation):
        raise _fault(3, "the generation is not a whole number from 1")
    key = PublicKey(
        owner, int(generation), _recipient(recipient), _signing(signing), _created(created), path
    )
    _require_name(key)
    return key


def parse_key_path(path: str) -> tuple[str, int | None]:
    """Owner and generation by a key file's name; no generation for a person's current key."""
    folder, _, name = path.rpartition("/")
    match = _FILE.fullmatch(name)
    if match is None:
        raise KeyringError(
            "the name of the file is not that of a key",
            hint=f"move it away; {FOLDER} holds keys alone",
        )
    owner, number = match[1], match[2]
    if folder != (ROLES_FOLDER if is_role(owner) else FOLDER):
        raise KeyringError(
            "a key in the wrong folder",
            hint=f"people's keys belong in {FOLDER}, roles' in {ROLES_FOLDER}",
        )
    if is_role(owner) and not number:
        raise KeyringError(
            "the name of a role's key lacks its generation", hint=f"such as {owner}.1.pub"
        )
    return owner, int(number) if number else None


def _values(text: str) -> list[str]:
    lines = text.replace("\r\n", "\n").removesuffix("\n").split("\n")
    values = []
    for number, name in enumerate(_NAMES, start=1):
        line = lines[number - 1] if number <= len(lines) else ""
        found, _, value = line.partition(": ")
        if found != name:
            raise _fault(number, f"the line {name!r} was expected")
        values.append(value)
    if len(lines) != len(_NAMES):
        raise _fault(len(_NAMES) + 1, f"a public key has {len(_NAMES)} lines")
    return values


def _recipient(value: str) -> X25519Recipient:
    try:
        return X25519Recipient.parse(value)
    except KeyringError as error:
        raise _fault(4, error.message) from error


def _signing(value: str) -> bytes:
    try:
        key = base64.b64decode(value, validate=True)
    except ValueError as error:
        raise _fault(5, "the signing key is not base64") from error
    if len(key) != _SIGNING_LENGTH or base64.b64encode(key).decode("ascii") != value:
        raise _fault(5, f"the signing key is not {_SIGNING_LENGTH} bytes in base64")
    return key


def _created(value: str) -> date:
    try:
        day = date.fromisoformat(value)
    except ValueError as error:
        raise _not_a_day() from error
    if day.isoformat() != value:  # such as 20260901, which has two spellings
        raise _not_a_day()
    return day


def _not_a_day() -> KeyringError:
    return _fault(6, "the day it was made is not a date such as 2026-09-01")


def _require_name(key: PublicKey) -> None:
    owner, generation = parse_key_path(key.path)
    if owner != key.owner:
        raise _fault(2, f"the owner is {key.owner}, the file is named for {owner}")
    if generation not in (None, key.generation):
        raise _fault(3, f"the generation is {key.generation}, the file's name says {generation}")


def _fault(line: int, reason: str) -> KeyringError:
    return KeyringError(f"line {line} of the public key: {reason}", hint=RESTORE_HINT)
