"""Tests of who wrote a sealed part, as far as a signature can tell."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from coachbook.age import X25519Identity, X25519Recipient
from coachbook.diagnostics import Span
from coachbook.errors import KeyringError
from coachbook.keyring import Keyring
from coachbook.place import Place
from coachbook.publickey import PublicKey, public_key_of, public_key_path
from coachbook.readers import Reader
from coachbook.record import SealedBlock
from coachbook.sealing import open_block, seal
from coachbook.signature_lines import SignatureLines
from coachbook.signatures import (
    Authorship,
    Signer,
    State,
    authorship_of,
    seal_fault,
    sign_seal,
    signer_of,
)

if TYPE_CHECKING:
    from coachbook.payload import Payload

GOLDEN = Path(__file__).parents[1] / "vectors" / "payload" / "v2"
DOCUMENT = json.loads((GOLDEN / "cases.json").read_text(encoding="utf-8"))
BLOCKS = {one["name"]: one for one in DOCUMENT["blocks"]}
PLACE = Place(
    "4n7d0q2m8x1v6b3k",
    "s-7kq2m4xa",
    "session",
    "Notes",
    (("coach", "p-7kq2m4xa"), ("coachee", "p-3fd0aaaa")),
)
COACH, COACHEE = "p-7kq2m4xa", "p-3fd0aaaa"
NOW = datetime(2027, 2, 1, 16, 30, tzinfo=UTC)


def golden_key(line: dict[str, Any]) -> PublicKey:
    """A public key as the golden file has it."""
    return PublicKey(
        line["owner"],
        line["generation"],
        X25519Recipient.parse(line["recipient"]),
        base64.b64decode(line["signing"]),
        date.fromisoformat(line["created"]),
        public_key_path(line["owner"], line["generation"]),
    )


def golden_keyring() -> Keyring:
    """The keys of the golden blocks, by owner and newest first."""
    keys = [golden_key(line) for line in DOCUMENT["keys"]]
    return Keyring({one: tuple(k for k in keys if k.owner == one) for one in (COACH, COACHEE)})


def golden_identity(name: str) -> X25519Identity:
    """A private key that everyone may know."""
    return X25519Identity.parse(DOCUMENT["identities"][name])


def golden_block(name: str) -> SealedBlock:
    """A sealed part as a record would hold it."""
    one = BLOCKS[name]
    lines = SignatureLines(**one["signature"]) if one["signature"] else None
    return SealedBlock((), one["revision"], one["armor"], Span(1), 0, 0, lines)


def opened(block: SealedBlock) -> Payload:
    """What is inside, as the coach reads it."""
    keys = {COACH: golden_identity(COACH)}
    return open_block(block.armor, keys, PLACE, revision=block.revision)


def coach() -> Signer:
    """The coach, unlocked."""
    return signer_of(golden_identity(COACH), golden_keyring().keys[COACH][0])


def sealed(signer: Signer | None, *, text: str = "One note.\n") -> str:
    """A block that the coach seals for the coachee and themself."""
    readers = [Reader(one, golden_identity(one).recipient()) for one in (COACH, COACHEE)]
    return seal(
        text,
        {},
        place=PLACE,
        readers=readers,
        revision=1,
        author=COACH,
        sealed_at=NOW,
        policy="2026-09",
        rules=(),
        random=bytes,
        signer=signer,
    )


@pytest.mark.parametrize("name", BLOCKS)
def test_golden_blocks_are_told_apart(name: str) -> None:
    """What is said of a signature once is said of it for good, here and in the portal."""
    block, one = golden_block(name), BLOCKS[name]

    found = authorship_of(opened(block), block, PLACE, golden_keyring())

    assert (found.state.value, found.person) == (one["state"], one["person"])
    assert bool(found.fault) == (found.state is State.MISMATCH)


@pytest.mark.parametrize("name", [name for name in BLOCKS if name.startswith("outside-")])
def test_a_false_signature_outside_needs_no_key_to_be_found(name: str) -> None:
    """Whoever has a copy of the records can tell that a signature is not of this block."""
    fault = seal_fault(golden_block(name), PLACE, golden_keyring())

    assert bool(fault) == (name != "outside-by-another-person")


def test_what_is_signed_is_said_to_be_by_its_author() -> None:
    """Sealed by the coach, who was unlocked, it is known to be the coach's."""
    armor = sealed(coach())
    lines = sign_seal(armor, PLACE, 1, coach(), "2027-02-01")
    block = SealedBlock((), 1, armor, Span(1), 0, 0, lines)

    found = authorship_of(opened(block), block, PLACE, golden_keyring())

    moment = "2027-02-01T16:30:00Z"
    assert found == Authorship(State.SIGNED, COACH, moment, moment)


def test_sealing_without_a_key_is_not_signed() -> None:
    """Sealing needs no passphrase; what it gives is a claim, and said to be one."""
    block = SealedBlock((), 1, sealed(None), Span(1), 0, 0)

    found = authorship_of(opened(block), block, PLACE, golden_keyring())

    assert found == Authorship(State.UNSIGNED, COACH)


def test_nobody_signs_under_a_public_line_that_is_not_theirs() -> None:
    """If somebody swaps a person's signing key, the person learns it the next time they sign."""
    swapped = replace(golden_keyring().keys[COACH][0], signing=bytes(32))

    with pytest.raises(KeyringError, match="is not the one that was unlocked"):
        signer_of(golden_identity(COACH), swapped)


def test_a_role_does_not_sign() -> None:
    """A role's key is opened by everybody who holds the role, so it says nothing of an author."""
    role = "monitor@otterbeck"
    identity = X25519Identity.generate()
    key = public_key_of(identity, owner=role, generation=1, created=date(2026, 9, 1))

    with pytest.raises(KeyringError, match="a role does not sign"):
        signer_of(identity, key)


def test_a_signature_does_not_move_to_another_author() -> None:
    """Whoever can read a text cannot seal it as their own and keep its signature."""
    payload = opened(golden_block("signed"))
    stolen = replace(payload, author=COACHEE)

    found = authorship_of(stolen, golden_block("signed-inside-alone"), PLACE, golden_keyring())

    assert found.state is State.MISMATCH


def test_what_signs_does_not_show_in_a_log() -> None:
    """A signer in a log or a traceback shows whose it is, and nothing that signs."""
    assert "sign=" not in repr(coach())
    assert COACH in repr(coach())
