"""Every public age vector gives the class of outcome that it names.

tests/vectors/cctv.txt lists each vector with the outcome expected here. It differs from the
vector's own only for the hybrid post-quantum type, which is a stanza of unknown type to us.
"""

from __future__ import annotations

import hashlib
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from coachbook.age import (
    Identity,
    ScryptIdentity,
    X25519Identity,
    armor,
    dearmor,
    decrypt,
    read_header,
)
from coachbook.age.format import format_header
from coachbook.age.stream import encrypt_payload
from coachbook.errors import (
    AgeArmorError,
    AgeError,
    AgeHeaderError,
    AgeMacError,
    AgeNoMatchError,
    AgePayloadError,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

OUTCOMES: dict[str, type[AgeError]] = {
    "armor failure": AgeArmorError,
    "header failure": AgeHeaderError,
    "HMAC failure": AgeMacError,
    "no match": AgeNoMatchError,
    "payload failure": AgePayloadError,
}
HYBRID_IDENTITY = "AGE-SECRET-KEY-PQ-1"
STRANGER = X25519Identity(bytes(range(32)))


def _read_table() -> dict[str, str]:
    lines = Path(__file__).parents[2].joinpath("vectors", "cctv.txt").read_text().splitlines()
    rows = (line.partition(" ") for line in lines if line and not line.startswith("#"))
    return {name: outcome.strip() for name, _, outcome in rows}


EXPECTED = _read_table()


@dataclass(frozen=True)
class Vector:
    """A vector's own header, and the file it is about."""

    fields: Mapping[str, tuple[str, ...]]
    file: bytes

    def one(self, name: str) -> str:
        """The first value under a name, or nothing."""
        return self.fields.get(name, ("",))[0]

    def age_file(self) -> bytes:
        """The binary age file."""
        return dearmor(self.file) if self.one("armored") == "yes" else self.file

    def identities(self) -> list[Identity]:
        """The keys and passphrases that we can use."""
        known: list[Identity] = [
            X25519Identity.parse(key)
            for key in self.fields.get("identity", ())
            if not key.startswith(HYBRID_IDENTITY)
        ]
        return known + [ScryptIdentity(words) for words in self.fields.get("passphrase", ())]


def parse_vector(raw: bytes) -> Vector:
    """The vector in the file that the package has."""
    head, _, file = raw.partition(b"\n\n")
    fields: dict[str, tuple[str, ...]] = {}
    for line in head.decode().splitlines():
        name, _, value = line.partition(": ")
        fields[name] = (*fields.get(name, ()), value)
    compressed = fields.get("compressed") == ("zlib",)
    return Vector(fields, zlib.decompress(file) if compressed else file)


def outcome_of(vector: Vector) -> str:
    """The class of failure, or the digest of what was opened."""
    try:
        opened = decrypt(vector.age_file(), vector.identities() or [STRANGER])
    except AgeError as error:
        return next(name for name, kind in OUTCOMES.items() if type(error) is kind)
    return hashlib.sha256(opened).hexdigest()


@pytest.mark.parametrize("name", EXPECTED)
def test_vector(name: str, cctv: Mapping[str, bytes]) -> None:
    """A file opens whole, or fails for the reason that the vector names."""
    vector = parse_vector(cctv[name])
    expected = vector.one("payload") if EXPECTED[name] == "success" else EXPECTED[name]

    assert expected == outcome_of(vector)


def test_every_vector_is_accounted_for(cctv: Mapping[str, bytes]) -> None:
    """The table names all 143 vectors and no other."""
    assert set(EXPECTED) == set(cctv)
    assert len(cctv) == 143


def test_only_the_hybrid_type_is_expected_to_differ(cctv: Mapping[str, bytes]) -> None:
    """What we expect of a vector is what it expects itself, unless it needs a hybrid identity."""
    vectors = {name: parse_vector(raw) for name, raw in cctv.items()}
    differing = {name for name in cctv if vectors[name].one("expect") != EXPECTED[name]}
    hybrid = {name for name in cctv if vectors[name].one("identity").startswith(HYBRID_IDENTITY)}

    assert differing < hybrid
    assert {EXPECTED[name] for name in differing} == {"no match"}


def test_armor_of_a_vector_is_written_as_it_was_read(cctv: Mapping[str, bytes]) -> None:
    """Taking the armor off and putting it on again changes line ends and outer space only."""
    for name, raw in cctv.items():
        vector = parse_vector(raw)
        if vector.one("armored") != "yes" or EXPECTED[name] == "armor failure":
            continue

        normal = vector.file.strip().replace(b"\r\n", b"\n") + b"\n"
        assert normal == armor(vector.age_file()).encode(), name


def test_header_of_a_vector_is_written_as_it_was_read(cctv: Mapping[str, bytes]) -> None:
    """Reading a header and writing its stanzas again gives the bytes that the MAC covers."""
    for name, raw in cctv.items():
        vector = parse_vector(raw)
        # Some hybrid vectors are well formed to us and still have no lawful header.
        if {EXPECTED[name], vector.one("expect")} & {"armor failure", "header failure"}:
            continue

        header = read_header(vector.age_file())
        written = format_header(header.stanzas, bytes.fromhex(vector.one("file key")))
        assert written.startswith(header.header_bytes), name
        if vector.one("expect") != "HMAC failure":
            assert written == vector.age_file()[: header.payload_offset], name


def test_body_of_a_vector_is_written_as_it_was_read(cctv: Mapping[str, bytes]) -> None:
    """Decrypting a body and encrypting it under the same nonce gives the same bytes."""
    for name, raw in cctv.items():
        vector = parse_vector(raw)
        if EXPECTED[name] != "success":
            continue

        file = vector.age_file()
        payload = file[read_header(file).payload_offset :]
        plaintext = decrypt(file, vector.identities())
        file_key = bytes.fromhex(vector.one("file key"))
        assert payload == encrypt_payload(plaintext, file_key, payload[:16]), name
