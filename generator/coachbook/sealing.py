"""Seal a section for its readers; open one with a key that is handed in.

    block = seal(text, {}, place=place, readers=readers, revision=1, …)
    open_block(block, {"p-7kq2m4xa": identity}, place, revision=1).text == text

A block says in two places who may read it, and inside where it belongs. Opening believes none
of that: the slot of the opener, both lists, the place and the revision must agree before one
character comes out.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NoReturn

from coachbook.age import (
    Random,
    X25519Identity,
    armor,
    decrypt_with_file_key,
    encrypt,
)
from coachbook.errors import AgeError, DamagedError, KeyringError, NotAReaderError
from coachbook.payload import Payload, Written, format_payload, parse_payload
from coachbook.place import Place
from coachbook.readers import (
    RESTORE_HINT,
    Reader,
    ReadersHeader,
    read_readers,
    readers_stanza,
    stated_readers,
)
from coachbook.sentences import join
from coachbook.signatures import Signer, sign_writing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from coachbook.publickey import PublicKey

__all__ = [
    "Place",
    "Reader",
    "format_identity",
    "open_block",
    "parse_identities",
    "role_identity",
    "seal",
    "seal_role_identity",
    "stated_readers",
]

_MOMENT = "%Y-%m-%dT%H:%M:%SZ"
_SECRET_LINE = "AGE-SECRET-KEY-1"  # noqa: S105 (how every secret begins)


def seal(  # noqa: PLR0913 (each is a line of the payload)
    text: str,
    data: Mapping[str, object],
    *,
    place: Place,
    readers: Sequence[Reader],
    revision: int,
    author: str,
    sealed_at: datetime,
    policy: str,
    rules: Iterable[str],
    random: Random,
    signer: Signer | None = None,
    written: Written | None = None,
) -> str:
    """The armored block of a section; `author` and `rules` may be empty.

    Args:
        signer: the author, who signs the text inside.
        written: their signature from when the same text was sealed before, which stays.
    """
    payload = Payload(
        workspace=place.workspace,
        record=place.record,
        type=place.type,
        section=place.section,
        revision=revision,
        parties=place.parties,
        author=author,
        sealed_at=sealed_at.astimezone(UTC).strftime(_MOMENT),
        policy=policy,
        rules=tuple(rules),
        readers=tuple(reader.stated for reader in readers),
        data=data,
        text=text,
        written=written,
    )
    if signer and not written:
        payload = replace(payload, written=sign_writing(payload, signer))
    return _seal_bytes(format_payload(payload), readers, random)


def open_block(
    block: str,
    identities: Mapping[str, X25519Identity],
    place: Place | None,
    *,
    revision: int | None,
    name: Callable[[str], str] = str,
) -> Payload:
    """What is inside a block.

    Args:
        identities: private keys under a label for messages, such as `monitor@otterbeck`; which
            one fits is told by its fingerprint.
        place: where the block was found; None where that is not known.
        revision: what stands beside the block; None where nothing does.
        name: how messages call a reader.

    Raises:
        NotAReaderError: the block is sealed to others.
        DamagedError: it was altered, cut short or belongs elsewhere.
    """
    sealed = read_readers(block)
    payload = parse_payload(_open_bytes(sealed, identities, name))
    if payload.readers != sealed.readers:
        raise _damaged("the list of readers inside is not the one outside")
    if place is not None:
        _require_place(payload, place)
    if revision is not None and payload.revision != revision:
        raise _damaged(f"it is revision {payload.revision}, the line above it says {revision}")
    return payload


def seal_role_identity(
    identity: X25519Identity,
    *,
    owner: str,
    generation: int,
    holders: Sequence[Reader],
    random: Random,
) -> str:
    """The private key of a role, sealed to those who hold the role."""
    text = format_identity([identity], owner=owner, generation=generation)
    return _seal_bytes(text.encode("ascii"), holders, random)


def role_identity(
    block: str,
    identities: Mapping[str, X25519Identity],
    public: PublicKey,
    *,
    name: Callable[[str], str] = str,
) -> X25519Identity:
    """The private key of a role; raises KeyringError unless it derives the public line."""
    text = _open_bytes(read_readers(block), identities, name)
    identity = parse_identities(text)[0]
    if identity.recipient() != public.recipient:
        raise KeyringError(
            f"the private key of {public.owner} does not belong to its public line",
            hint="somebody may have swapped one of them; restore both from the last good commit",
        )
    return identity


def format_identity(identities: Sequence[X25519Identity], *, owner: str, generation: int) -> str:
    """An age identity file, newest key first, to be sealed at once."""
    lines = [
        "# coachbook private key",
        f"# owner: {owner}",
        f"# generation: {generation}",
        f"# public key: {identities[0].recipient()}",
        *(identity.reveal_private_key() for identity in identities),
    ]
    return "".join(f"{line}\n" for line in lines)


def parse_identities(data: bytes) -> tuple[X25519Identity, ...]:
    """The private keys in an age identity file; raises DamagedError, which quotes nothing."""
    lines = data.decode("ascii", errors="replace").splitlines()
    keys = [line for line in lines if line and not line.startswith("#")]
    if not keys or not all(key.startswith(_SECRET_LINE) for key in keys):
        raise DamagedError("the file holds no private key", hint=RESTORE_HINT)
    try:
        return tuple(map(X25519Identity.parse, keys))
    except KeyringError as error:
        raise DamagedError("the private key in the file is damaged", hint=RESTORE_HINT) from error


def _seal_bytes(content: bytes, readers: Sequence[Reader], random: Random) -> str:
    stanza = readers_stanza(readers)
    recipients = [reader.recipient for reader in readers]
    return armor(encrypt(content, recipients, extra=[stanza], random=random))


def _open_bytes(
    sealed: ReadersHeader,
    identities: Mapping[str, X25519Identity],
    name: Callable[[str], str],
) -> bytes:
    try:
        file_key = _file_key(sealed, identities.values())
        if file_key is None:
            _fail_as_stranger(sealed, identities, name)
        return decrypt_with_file_key(sealed.data, sealed.header, file_key)
    except AgeError as error:
        raise DamagedError(
            f"the sealed text is damaged: {error.message}", hint=RESTORE_HINT
        ) from error


def _file_key(sealed: ReadersHeader, identities: Iterable[X25519Identity]) -> bytes | None:
    """The file key from the slot that is stated for one of the keys, or None without a slot."""
    keys = {identity.recipient().fingerprint(): identity for identity in identities}
    for (_, fingerprint), slot in zip(sealed.readers, sealed.slots, strict=True):
        if fingerprint in keys:
            file_key = keys[fingerprint].unwrap_one(slot)
            if file_key is None:
                raise _damaged("the slot of a reader does not open with that reader's key")
            return file_key
    return None


def _fail_as_stranger(
    sealed: ReadersHeader,
    identities: Mapping[str, X25519Identity],
    name: Callable[[str], str],
) -> NoReturn:
    if any(identity.unwrap(sealed.slots) for identity in identities.values()):
        raise _damaged("a key opens it that its list of readers does not name")
    readers = join(name(reader) for reader, _ in sealed.readers)
    tried = join(map(name, identities))
    raise NotAReaderError(
        f"this is sealed to {readers}; tried {f'the key of {tried}' if tried else 'no key'}",
        hint="nothing is broken: ask one of them, or the school's lead for coaching",
    )


def _require_place(payload: Payload, place: Place) -> None:
    if payload.workspace != place.workspace:
        raise _damaged("it was sealed in another workspace")
    if (payload.record, payload.type) != (place.record, place.type):
        raise _damaged("it was sealed for another record")
    if payload.section != place.section:
        raise _damaged("it was sealed for another section of this record")
    if payload.parties != tuple(sorted(place.parties)):
        raise _damaged("the people of this record were others when it was sealed, or its note")


def _damaged(reason: str) -> DamagedError:
    return DamagedError(f"the sealed text is damaged: {reason}", hint=RESTORE_HINT)
