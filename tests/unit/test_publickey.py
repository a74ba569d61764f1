"""Key files: the same bytes wherever a key is made."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from coachbook.age import X25519Identity
from coachbook.publickey import format_public_key, parse_public_key, public_key_of
from coachbook.sealing import format_identity, parse_identities

FILE = Path(__file__).parents[1] / "vectors" / "keyfile.json"
CASES: list[dict[str, Any]] = json.loads(FILE.read_text(encoding="utf-8"))["cases"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["owner"]))
def test_key_files_are_the_same_wherever_a_key_is_made(case: dict[str, Any]) -> None:
    """Python and the portal write the same two files for the same key."""
    identity = X25519Identity(bytes.fromhex(case["secret"]))
    owner, generation = case["owner"], case["generation"]
    made = date.fromisoformat(case["created"])
    key = public_key_of(identity, owner=owner, generation=generation, created=made)

    assert format_public_key(key) == case["public"]
    assert key.fingerprint == case["fingerprint"]
    assert key.read_out == case["readOut"]
    assert format_identity([identity], owner=owner, generation=generation) == case["identity"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["owner"]))
def test_key_files_are_read_back(case: dict[str, Any]) -> None:
    """What is written is read, and the private half belongs to the public one."""
    key = parse_public_key(f"records/keys/{case['owner']}.pub", case["public"])
    (identity,) = parse_identities(case["identity"].encode("ascii"))

    assert identity.recipient() == key.recipient
    assert identity.seed().hex() == case["secret"]
