"""Tests of who a file is for: X25519 keys and passphrases."""

from __future__ import annotations

import base64
import hashlib
import os
import pickle
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coachbook.age import (
    ScryptIdentity,
    ScryptRecipient,
    Stanza,
    X25519Identity,
    X25519Recipient,
)
from coachbook.age.bech32 import format_bech32
from coachbook.errors import AgeHeaderError, KeyringError

FILE_KEY = bytes(range(16))
SECRET_LINE = "AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX"  # noqa: S105
PUBLIC_LINE = "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj"
WREN = X25519Identity.parse(SECRET_LINE)
IDRIS = X25519Identity(bytes(range(32)))
PASSPHRASE = "quince lantern otter gravel mint sail"  # noqa: S105
LOG_N = 4

# Points with which every agreement ends in the same secret; the last two are not canonical.
LOW_ORDER = [
    bytes(32),
    (1).to_bytes(32, "little"),
    (2**255 - 20).to_bytes(32, "little"),
    bytes.fromhex("e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800"),
    bytes.fromhex("5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157"),
    (2**255 - 19).to_bytes(32, "little"),
    (2**255 - 18).to_bytes(32, "little"),
]


def slot(recipient: X25519Recipient = WREN.recipient()) -> Stanza:  # noqa: B008 - a constant
    """A stanza that wraps the file key for a key."""
    [stanza] = recipient.wrap(FILE_KEY, os.urandom)
    return stanza


def test_specified_key_pair_agrees() -> None:
    """The key pair of the age specification belongs together."""
    assert WREN.recipient().format() == PUBLIC_LINE
    assert WREN.reveal_private_key() == SECRET_LINE
    assert WREN.seed() == b"B" * 32


@given(seed=st.binary(min_size=32, max_size=32))
def test_keys_come_back_from_their_lines(seed: bytes) -> None:
    """Both halves of any key pair are read as they were written."""
    identity = X25519Identity(seed)

    assert X25519Identity.parse(identity.reveal_private_key()).seed() == seed
    assert X25519Recipient.parse(str(identity.recipient())) == identity.recipient()


def test_new_key_is_as_random_as_its_source() -> None:
    """A new key is exactly what the source of randomness gave."""
    assert X25519Identity.generate(lambda length: b"B" * length).seed() == WREN.seed()
    assert X25519Identity.generate().seed() != X25519Identity.generate().seed()


def test_fingerprint_is_short_and_fixed() -> None:
    """A fingerprint is 26 characters of base32 over a labelled hash of the public key."""
    key = WREN.recipient().key
    digest = hashlib.sha256(b"coachbook fingerprint v1\n" + key).digest()[:16]

    fingerprint = WREN.recipient().fingerprint()

    assert fingerprint == base64.b32encode(digest).decode().rstrip("=").lower()
    assert len(fingerprint) == 26


def test_repr_shows_fingerprints_only() -> None:
    """A key or passphrase in a log or traceback gives nothing away."""
    shown = [
        repr(WREN),
        repr(WREN.recipient()),
        repr(ScryptIdentity(PASSPHRASE)),
        repr(ScryptRecipient(PASSPHRASE)),
    ]

    assert shown == [
        f"X25519Identity({WREN.recipient().fingerprint()})",
        f"X25519Recipient({WREN.recipient().fingerprint()})",
        "ScryptIdentity(max_log_n=20)",
        "ScryptRecipient(log_n=15)",
    ]
    assert str(WREN) == repr(WREN)


def test_private_key_does_not_pickle() -> None:
    """A private key can't end up in a cache by accident."""
    with pytest.raises(TypeError):
        pickle.dumps(WREN)


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        (PUBLIC_LINE.upper(), "does not start with age1"),
        (PUBLIC_LINE[:-1], "does not agree with its own checksum"),
        (PUBLIC_LINE + "\n", "a character that no key has"),
        (SECRET_LINE, "does not start with age1"),
        (format_bech32("age", bytes(31)), "a public key has 32 bytes, found 31"),
        (format_bech32("age", b"\xff" * 32), "not in its one canonical form"),
        ("age1pq1qqqqqq", "does not start with age1"),
    ],
)
def test_public_line_is_strict(line: str, fault: str) -> None:
    """A public key that was cut, retyped or is of another kind is refused."""
    with pytest.raises(KeyringError, match=fault):
        X25519Recipient.parse(line)


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        (SECRET_LINE.lower(), "written in capitals"),
        (SECRET_LINE.replace("GFP", "GFp", 1), "written in capitals"),
        (SECRET_LINE.replace("1", "\u0661", 1), "written in capitals"),
        (PUBLIC_LINE.upper(), "does not start with age-secret-key-1"),
        ("AGE-SECRET-KEY-PQ-1QQQQQQQQQQ", "does not start with age-secret-key-1"),
        (SECRET_LINE[:-2], "does not agree with its own checksum"),
        (format_bech32("age-secret-key-", bytes(33)).upper(), "32 bytes, found 33"),
    ],
)
def test_private_line_is_strict_and_never_quoted(line: str, fault: str) -> None:
    """A private key that can't be read is refused without repeating any of it."""
    with pytest.raises(KeyringError, match=fault) as caught:
        X25519Identity.parse(line)

    assert line[-20:] not in caught.value.message + caught.value.hint


@pytest.mark.parametrize("key", LOW_ORDER, ids=bytes.hex)
def test_low_order_public_key_is_refused(key: bytes) -> None:
    """A public key that anyone could open is refused when read, and again when used."""
    with pytest.raises(KeyringError):
        X25519Recipient.parse(format_bech32("age", key))
    with pytest.raises(KeyringError):
        X25519Recipient(key).wrap(FILE_KEY, os.urandom)


@pytest.mark.parametrize("key", LOW_ORDER, ids=bytes.hex)
def test_low_order_share_is_refused(key: bytes) -> None:
    """A stanza whose share would make the wrapping key known to all is refused."""
    share = base64.b64encode(key).decode().rstrip("=")

    with pytest.raises(AgeHeaderError, match="of low order"):
        WREN.unwrap_one(Stanza("X25519", (share,), bytes(32)))


def test_stanza_opens_for_its_own_key_only() -> None:
    """A slot gives the file key to its reader and nothing to another."""
    assert WREN.unwrap_one(slot()) == FILE_KEY
    assert IDRIS.unwrap_one(slot()) is None


def test_stanza_tells_nothing_about_its_reader() -> None:
    """Two slots for the same reader have nothing in common."""
    first, second = slot(), slot()

    assert first.args != second.args
    assert first.body != second.body


def test_share_is_as_random_as_its_source() -> None:
    """The same randomness gives the same stanza: nothing else is drawn."""
    recipient = WREN.recipient()
    fixed = [recipient.wrap(FILE_KEY, lambda length: b"\x07" * length) for _ in range(2)]

    assert fixed[0] == fixed[1]


def test_own_stanza_is_found_among_others() -> None:
    """A reader's stanza is found wherever it stands, past unknown types."""
    stanzas = [Stanza("coachbook/readers", ("a",)), slot(IDRIS.recipient()), slot()]

    assert WREN.unwrap(stanzas) == FILE_KEY
    assert WREN.unwrap(stanzas[:2]) is None
    assert WREN.unwrap_one(stanzas[0]) is None


@pytest.mark.parametrize(
    ("stanza", "fault"),
    [
        (Stanza("X25519", (), bytes(32)), "takes one argument"),
        (Stanza("X25519", ("A" * 43, "A"), bytes(32)), "takes one argument"),
        (Stanza("X25519", ("AAAA",), bytes(32)), "has 32 bytes"),
        (Stanza("X25519", ("A" * 42 + "B",), bytes(32)), "is not canonical"),
        (Stanza("X25519", slot().args, bytes(48)), "does not hold a file key"),
    ],
)
def test_malformed_stanza_is_refused(stanza: Stanza, fault: str) -> None:
    """A stanza of our type in another form is refused before any decryption."""
    with pytest.raises(AgeHeaderError, match=fault):
        WREN.unwrap_one(stanza)


def test_passphrase_gives_the_file_key() -> None:
    """The right passphrase opens, a wrong one does not, and neither does a key."""
    stanzas = ScryptRecipient(PASSPHRASE, log_n=LOG_N).wrap(FILE_KEY, os.urandom)

    assert ScryptIdentity(PASSPHRASE).unwrap(stanzas) == FILE_KEY
    assert ScryptIdentity(PASSPHRASE + "s").unwrap(stanzas) is None
    assert WREN.unwrap(stanzas) is None
    assert ScryptIdentity(PASSPHRASE).unwrap([slot()]) is None


def test_passphrase_may_be_in_any_script() -> None:
    """A passphrase with accents works; composed and decomposed are two passphrases."""
    stanzas = ScryptRecipient("caf\u00e9", log_n=LOG_N).wrap(FILE_KEY, os.urandom)

    assert ScryptIdentity("caf\u00e9").unwrap(stanzas) == FILE_KEY
    assert ScryptIdentity("cafe\u0301").unwrap(stanzas) is None


SALT = "AAAAAAAAAAAAAAAAAAAAAA"


@pytest.mark.parametrize(
    ("args", "fault"),
    [
        ((SALT,), "takes a salt and a work factor"),
        ((SALT, "4", "4"), "takes a salt and a work factor"),
        ((SALT[:-1], "4"), "is not canonical"),
        ((SALT + "AA", "4"), "is malformed"),
        ((SALT, "04"), "is malformed"),
        ((SALT, "0"), "is malformed"),
        ((SALT, "-4"), "is malformed"),
        ((SALT, "4.0"), "is malformed"),
        ((SALT, "\u0664"), "is malformed"),
        ((SALT, "21"), "asks for more work than 2\\^20"),
        ((SALT, "9" * 5000), "asks for more work than 2\\^20"),
    ],
)
def test_malformed_passphrase_stanza_is_refused(args: tuple[str, ...], fault: str) -> None:
    """A passphrase stanza in another form, or too costly, is refused before any work."""
    with pytest.raises(AgeHeaderError, match=fault):
        ScryptIdentity(PASSPHRASE).unwrap([Stanza("scrypt", args, bytes(32))])


def test_work_is_bounded_by_the_reader() -> None:
    """A reader may set a lower limit than the usual one."""
    stanzas = ScryptRecipient(PASSPHRASE, log_n=5).wrap(FILE_KEY, os.urandom)

    with pytest.raises(AgeHeaderError, match="more work than 2\\^4"):
        ScryptIdentity(PASSPHRASE, max_log_n=4).unwrap(stanzas)


def test_wrapped_key_of_another_length_is_refused() -> None:
    """A passphrase stanza that holds more than a file key is refused before any work."""
    with pytest.raises(AgeHeaderError, match="does not hold a file key"):
        ScryptIdentity(PASSPHRASE).unwrap([Stanza("scrypt", (SALT, "4"), bytes(48))])


@pytest.mark.parametrize("log_n", [0, -1, 21])
def test_work_that_would_not_be_read_is_not_written(log_n: int) -> None:
    """A work factor that reading would refuse can't be chosen."""
    with pytest.raises(KeyringError, match="expected 2\\^1 to 2\\^20"):
        ScryptRecipient(PASSPHRASE, log_n=log_n)


def test_too_little_memory_is_said() -> None:
    """A computer that can't do the work of a passphrase says so, and does not just stop."""
    program = """
import os, resource
from coachbook.age import ScryptRecipient
from coachbook.errors import AgeHeaderError
resource.setrlimit(resource.RLIMIT_AS, (300 << 20, 300 << 20))
try:
    ScryptRecipient("words", log_n=19).wrap(bytes(16), os.urandom)
except AgeHeaderError as error:
    print(error.message)
"""
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)

    assert b"too little memory for a passphrase of work factor 2^19" in ran.stdout
