"""Who wrote a sealed part: signed by its author, and told apart from a mere claim.

An author signs twice, because two questions are asked of a part:

- Inside the seal, the text with its place (`payload.format_writing`). Its readers see it, it
  discloses nothing to anybody else, and it stays true when somebody else seals the same text
  again for other readers.
- Outside it, the sealed file as it is (`age-signature`). It needs no key, so `check` can tell
  that a block was put there by somebody else. It names its author to everybody with a copy of
  the records, so a record that is sealed whole has none.

A signature outside counts only with one inside by the same person: else whoever cannot read a text
could put their name under it. Sealing the text again as somebody else leaves the inner one as it
is and takes the outer one away. Nothing here holds a key for longer than the caller.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import field
from enum import Enum
from typing import TYPE_CHECKING

from coachbook.age import dearmor
from coachbook.errors import AgeError, KeyringError
from coachbook.payload import Written, format_writing
from coachbook.publickey import RESTORE_HINT, is_role, is_signed_by, signing_key
from coachbook.signature_lines import SignatureLines
from coachbook.values import frozen

if TYPE_CHECKING:
    from collections.abc import Callable

    from coachbook.age import X25519Identity
    from coachbook.keyring import Keyring
    from coachbook.payload import Payload
    from coachbook.place import Place
    from coachbook.publickey import PublicKey
    from coachbook.sections import SealedBlock

_LABEL = "coachbook-seal: 1"

UNKNOWN_KEY = "the key it names is not among the keys of {}"
NOT_THIS = "it was made for something else, or what it stands for was changed"
REPLACED = "it was made with a key of {} after a newer one had taken its place"
OTHER_HAND = "{} signed the sealed block, and somebody else the text inside it"
NO_INNER = "{} signed the sealed block, and nobody the text inside it"


class State(Enum):
    """What can be said of who wrote a part."""

    SIGNED = "signed"
    UNSIGNED = "not signed"
    MISMATCH = "signature does not match"


@frozen
class Authorship:
    """Who wrote a part, as far as that is known; `fault` says why a signature does not count.

    The fault has `{}` where the name of that person belongs.
    """

    state: State
    person: str = ""
    written: str = ""
    """The moment of writing, as its author said it."""
    sealed: str = ""
    """The moment of sealing; another one where the text was sealed again since."""
    fault: str = ""


@frozen
class Signer:
    """A person who is unlocked: their public key, and what signs as they."""

    key: PublicKey
    sign: Callable[[bytes], bytes] = field(repr=False)

    @property
    def person(self) -> str:
        """Whose signature it is."""
        return self.key.owner


def signer_of(identity: X25519Identity, key: PublicKey) -> Signer:
    """The signer with this key; raises KeyringError where the public line is not their own."""
    if is_role(key.owner):
        raise KeyringError(
            f"a role does not sign, and {key.owner} is one",
            hint="several people may open its key; sign with a person's",
        )
    private = signing_key(identity)
    if (identity.recipient(), private.public_key().public_bytes_raw()) != (
        key.recipient,
        key.signing,
    ):
        raise KeyringError(
            f"the key of {key.owner} in {key.path} is not the one that was unlocked",
            hint=f"somebody may have changed it; {RESTORE_HINT}",
        )
    return Signer(key, private.sign)


def sign_writing(payload: Payload, signer: Signer) -> Written:
    """The signature of its author inside a payload that is about to be sealed."""
    moment, key = payload.sealed_at, signer.key.fingerprint
    return Written(moment, key, _encoded(signer.sign(format_writing(payload, moment, key))))


def sign_seal(armor: str, place: Place, revision: int, signer: Signer, day: str) -> SignatureLines:
    """The signature outside a block that was just sealed."""
    lines = SignatureLines(signer.person, signer.key.fingerprint, day, "")
    message = _sealed(armor, place, revision, lines)
    return SignatureLines(lines.signer, lines.key, lines.day, _encoded(signer.sign(message)))


def seal_fault(block: SealedBlock, place: Place, keyring: Keyring) -> str:
    """Why the signature outside a block does not count; empty if it does, or there is none."""
    lines = block.signature
    if lines is None:
        return ""
    key = _key_of(keyring, lines.signer, lines.key)
    if key is None:
        return UNKNOWN_KEY
    try:
        message = _sealed(block.armor, place, block.revision, lines)
    except AgeError:
        return NOT_THIS
    is_theirs = is_signed_by(key, base64.b64decode(lines.signature), message)
    return "" if is_theirs else NOT_THIS


def writing_fault(payload: Payload, keyring: Keyring) -> str:
    """Why the signature inside a payload does not count; empty if it does, or there is none."""
    written = payload.written
    if written is None:
        return ""
    key = _key_of(keyring, payload.author, written.key)
    if key is None:
        return UNKNOWN_KEY
    message = format_writing(payload, written.at, written.key)
    if not is_signed_by(key, base64.b64decode(written.signature), message):
        return NOT_THIS
    return REPLACED if is_late(keyring, key.owner, key.fingerprint, written.at[:10]) else ""


def is_late(keyring: Keyring, owner: str, fingerprint: str, day: str) -> bool:
    """True where the key's owner had a newer one before that day; the day is their own word."""
    key = _key_of(keyring, owner, fingerprint)
    keys = keyring.keys.get(owner, ())
    newer = [one.created for one in keys if key and one.generation > key.generation]
    return bool(newer) and day > min(newer).isoformat()


def authorship_of(
    payload: Payload, block: SealedBlock, place: Place, keyring: Keyring
) -> Authorship:
    """Who wrote the part that was opened."""
    outside, written = block.signature, payload.written
    if written is None:
        if outside is None:
            return Authorship(State.UNSIGNED, payload.author)
        return Authorship(State.MISMATCH, outside.signer, fault=NO_INNER)
    if fault := writing_fault(payload, keyring):
        return Authorship(State.MISMATCH, payload.author, written.at, fault=fault)
    if outside:
        fault = OTHER_HAND if outside.signer != payload.author else ""
        if fault := fault or seal_fault(block, place, keyring) or _late(outside, keyring):
            return Authorship(State.MISMATCH, outside.signer, written.at, fault=fault)
    return Authorship(State.SIGNED, payload.author, written.at, payload.sealed_at)


def _sealed(armor: str, place: Place, revision: int, lines: SignatureLines) -> bytes:
    """What is signed outside: the very bytes of the file, where it belongs, by whom and when."""
    parties = " ".join(f"{relation}={one}" for relation, one in sorted(place.parties))
    said = (
        _LABEL,
        f"workspace: {place.workspace}",
        f"record: {place.record}",
        f"type: {place.type}",
        f"section: {place.section}",
        f"parties: {parties}",
        f"revision: {revision}",
        f"signer: {lines.signer}",
        f"key: {lines.key}",
        f"day: {lines.day}",
        f"sha256: {hashlib.sha256(dearmor(armor)).hexdigest()}",
    )
    return "".join(f"{line}\n" for line in said).encode()


def _key_of(keyring: Keyring, owner: str, fingerprint: str) -> PublicKey | None:
    """The key of any generation; only people sign, never roles."""
    keys = keyring.keys.get(owner, ())
    return next((key for key in keys if key.fingerprint == fingerprint), None)


def _late(lines: SignatureLines, keyring: Keyring) -> str:
    return REPLACED if is_late(keyring, lines.signer, lines.key, lines.day) else ""


def _encoded(signature: bytes) -> str:
    return base64.b64encode(signature).decode("ascii")
