"""Public keys, the keyring and its findings."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from os import urandom
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coachbook.age import X25519Identity
from coachbook.diagnostics import Consequence, Span
from coachbook.errors import InputError, KeyringError
from coachbook.keycheck import (
    demonstration_findings,
    demonstration_fingerprints,
    format_demonstration,
    missing_key_findings,
    role_holder_findings,
)
from coachbook.keyring import Keyring, load_keyring
from coachbook.keystore import protect
from coachbook.pins import Pins, format_pins, new_keys, new_readers, parse_pins
from coachbook.publickey import (
    PublicKey,
    format_public_key,
    parse_public_key,
    private_key_path,
    public_key_of,
    public_key_path,
    signing_key,
)
from coachbook.readers import Reader
from coachbook.sealing import seal_role_identity

DAY = date(2026, 9, 1)
WREN, IDRIS, ROLE = (X25519Identity(bytes([n]) * 32) for n in (1, 2, 3))
MONITOR = "monitor@otterbeck"
REPOSITORY = Path(__file__).parents[2]


def key(identity: X25519Identity, owner: str, generation: int = 1) -> PublicKey:
    """The public key of an identity."""
    return public_key_of(identity, owner=owner, generation=generation, created=DAY)


def public(identity: X25519Identity, owner: str, generation: int = 1) -> dict[str, bytes]:
    """The public key's file by its path."""
    made = key(identity, owner, generation)
    return {made.path: format_public_key(made).encode()}


def sealed_role(*holders: PublicKey, generation: int = 1) -> dict[str, bytes]:
    """The role's private key, sealed to the holders, by its path."""
    armor = seal_role_identity(
        ROLE,
        owner=MONITOR,
        generation=generation,
        holders=[holder.reader for holder in holders],
        random=urandom,
    )
    return {private_key_path(MONITOR, generation): armor.encode()}


def load(*parts: dict[str, bytes]) -> Keyring:
    """The keyring in the files, in which nothing is wrong."""
    keyring, findings = load_keyring({path: d for part in parts for path, d in part.items()})
    assert findings == ()
    return keyring


def messages(*parts: dict[str, bytes]) -> list[str]:
    """What is wrong in the files."""
    _, findings = load_keyring({path: d for part in parts for path, d in part.items()})
    return [f"{f.path}:{f.span.line}: {f.code} {f.message}" for f in findings]


@given(
    seed=st.binary(min_size=32, max_size=32),
    owner=st.from_regex(r"p-[a-z0-9]{8}|[a-z]{3,9}@[a-z]{3,9}", fullmatch=True),
    generation=st.integers(min_value=1, max_value=99),
)
def test_a_public_key_is_read_as_it_was_written(seed: bytes, owner: str, generation: int) -> None:
    """A public key file is read as it was written."""
    made = key(X25519Identity(seed), owner, generation)

    assert parse_public_key(made.path, format_public_key(made)) == made


def test_a_public_key_file_shows_six_lines() -> None:
    """A public key file names its format, owner, generation, keys and day."""
    lines = format_public_key(key(WREN, "p-wren0000")).splitlines()

    assert lines[:3] == ["coachbook-public-key: 1", "owner: p-wren0000", "generation: 1"]
    assert lines[3].startswith("recipient: age1")
    assert lines[5] == "created: 2026-09-01"


def test_the_signing_key_belongs_to_the_identity() -> None:
    """The signing key follows from the private key, so nothing more has to be kept."""
    made = key(WREN, "p-wren0000")

    assert signing_key(WREN).public_key().public_bytes_raw() == made.signing
    assert key(IDRIS, "p-idris000").signing != made.signing


@pytest.mark.parametrize(
    ("line", "text", "reason"),
    [
        (0, "coachbook-public-key: 2", "line 1 of the public key: a public key of format 1"),
        (1, "owner: wren", "line 2 of the public key: the owner is not the id"),
        (1, "owner: p-other000", "line 2 .* the owner is p-other000, the file is named for"),
        (2, "generation: 0", "line 3 of the public key: the generation is not a whole number"),
        (3, "recipient: age1abc", "line 4 of the public key: "),
        (3, "recipent: age1abc", "line 4 of the public key: the line 'recipient' was expected"),
        (4, "signing: ????", "line 5 of the public key: the signing key is not base64"),
        (4, "signing: AAAA", "line 5 of the public key: the signing key is not 32 bytes"),
        (5, "created: 20260901", "line 6 .* not a date such as 2026-09-01"),
        (5, "created: soon", "line 6 .* not a date such as 2026-09-01"),
        (5, "created: 2026-09-01\nnote: mine", "line 7 of the public key: .* has 6 lines"),
    ],
)
def test_a_malformed_public_key_names_its_line(line: int, text: str, reason: str) -> None:
    """A public key that cannot be read names the line and what was expected."""
    made = key(WREN, "p-wren0000")
    lines = format_public_key(made).splitlines()
    lines[line] = text

    with pytest.raises(KeyringError, match=reason):
        parse_public_key(made.path, "\n".join(lines) + "\n")


def test_line_endings_of_windows_are_read() -> None:
    """A public key that git wrote with Windows line endings is the same key."""
    made = key(WREN, "p-wren0000")
    text = format_public_key(made).replace("\n", "\r\n")

    assert parse_public_key(made.path, text) == made


def test_the_highest_generation_is_current() -> None:
    """A person's newest key is the one that sections are sealed to."""
    old = replace(key(WREN, "p-wren0000"), path="records/keys/p-wren0000.1.pub")

    keyring = load(
        {old.path: format_public_key(old).encode()}, public(IDRIS, "p-wren0000", generation=2)
    )

    current = keyring.current("p-wren0000")
    assert current is not None
    assert current.generation == 2
    assert keyring.by_fingerprint(old.fingerprint) == old
    assert keyring.current("p-nobody00") is None
    assert keyring.by_fingerprint("nothing") is None


def test_protected_keys_are_kept_by_owner() -> None:
    """The keyring holds published keys of people and sealed keys of roles, and opens neither."""
    protected = protect([WREN], "p-wren0000", 1, "six words", urandom)
    role = sealed_role(key(WREN, "p-wren0000"))

    keyring = load(
        public(WREN, "p-wren0000"),
        {"records/keys/p-wren0000.age": protected.encode()},
        public(ROLE, MONITOR),
        role,
    )

    assert keyring.protected == {"p-wren0000": protected}
    assert keyring.sealed_roles == {MONITOR: role[private_key_path(MONITOR, 1)].decode()}
    assert "BEGIN AGE" not in repr(keyring)


def test_earlier_keys_of_a_role_are_kept() -> None:
    """A role's earlier key stays, because what was sealed to it stays."""
    old = X25519Identity.generate()
    armor = seal_role_identity(
        old, owner=MONITOR, generation=1, holders=[key(WREN, "p-w").reader], random=urandom
    )

    keyring = load(
        public(old, MONITOR),
        {private_key_path(MONITOR, 1): armor.encode()},
        public(ROLE, MONITOR, 2),
        sealed_role(key(WREN, "p-wren0000"), generation=2),
    )

    assert keyring.earlier_roles == {MONITOR: ((key(old, MONITOR), armor),)}


def test_two_owners_with_one_key() -> None:
    """Two people with one key are a finding: each could read what is sealed to the other."""
    assert messages(public(WREN, "p-idris000"), public(WREN, "p-wren0000")) == [
        (
            "records/keys/p-wren0000.pub:4: CB604 p-wren0000 has the same key as p-idris000, "
            "generation 1"
        )
    ]


@pytest.mark.parametrize(
    ("files", "message"),
    [
        (
            {"records/keys/notes.pub": b""},
            "records/keys/notes.pub:1: CB603 the name of the file is not that of a key",
        ),
        (
            {"records/keys/p-wren0000.1.age": b""},
            (
                "records/keys/p-wren0000.1.age:1: CB603 a person's private key has no "
                "generation in its name"
            ),
        ),
        (
            {"records/keys/roles/p-wren0000.age": b""},
            "records/keys/roles/p-wren0000.age:1: CB603 a key in the wrong folder",
        ),
        (
            {"records/keys/p-wren0000.age": b"AGE-SECRET-KEY-1\n"},
            (
                "records/keys/p-wren0000.age:1: CB603 not a protected private key: line 1 of the "
                "armor holds something other than the BEGIN line"
            ),
        ),
        (
            {"records/keys/p-wren0000.pub": b"\xff\xfe"},
            "records/keys/p-wren0000.pub:1: CB603 line 1 of the key is not plain ASCII",
        ),
        (
            {"records/keys/p-wren0000.pub": b"x" * 70_000},
            "records/keys/p-wren0000.pub:1: CB603 70000 bytes, far more than a key has",
        ),
        (
            public(ROLE, MONITOR),
            (
                f"records/keys/roles/{MONITOR}.1.pub:1: CB603 the private key of {MONITOR} is "
                "missing, so nobody could open what it reads"
            ),
        ),
        (
            sealed_role(key(WREN, "p-wren0000")),
            f"records/keys/roles/{MONITOR}.1.age:1: CB603 a private key without its public line",
        ),
        (
            {"records/keys/p-wren0000.1.pub": format_public_key(key(WREN, "p-wren0000")).encode()},
            (
                "records/keys/p-wren0000.1.pub:3: CB603 generation 1 of the key of p-wren0000 lies "
                "in the wrong file"
            ),
        ),
    ],
)
def test_a_faulty_key_file_is_a_finding(files: dict[str, bytes], message: str) -> None:
    """A file that is no key, or a key without its other half, is a finding with a remedy."""
    assert messages(files) == [message]


def test_an_unprotected_private_key_is_a_finding() -> None:
    """A private key that was committed without a passphrase is never taken for a protected one."""
    files = sealed_role(key(WREN, "p-wren0000"))
    armor = files[private_key_path(MONITOR, 1)]

    assert messages(public(WREN, "p-wren0000"), {"records/keys/p-wren0000.age": armor}) == [
        "records/keys/p-wren0000.age:1: CB603 a private key without a passphrase",
    ]


def test_key_findings_stop_publication() -> None:
    """Nothing is published while a fault of keys stands."""
    _, findings = load_keyring({"records/keys/x.pub": b""})

    assert [finding.consequence for finding in findings] == [Consequence.STOPS]


@pytest.mark.parametrize(
    ("holders", "reasons"),
    [
        (["p-wren0000"], []),
        ([], ["p-wren0000 can open it and does not hold the role"]),
        (["p-idris000", "p-wren0000"], ["p-idris000 holds the role and cannot open it"]),
        (["p-nokey000", "p-wren0000"], []),
    ],
)
def test_a_role_key_opens_for_its_holders_alone(holders: list[str], reasons: list[str]) -> None:
    """A role's key that is sealed to others than the role's holders is a finding."""
    keyring = load(
        public(WREN, "p-wren0000"),
        public(IDRIS, "p-idris000"),
        public(ROLE, MONITOR),
        sealed_role(key(WREN, "p-wren0000")),
    )

    findings = role_holder_findings(keyring, {MONITOR: holders})

    assert [finding.message for finding in findings] == [
        f"the key of {MONITOR}: {reason}" for reason in reasons
    ]


def test_a_holder_who_cannot_open_a_role_is_given_it_by_one_who_can() -> None:
    """Where somebody holds the key of a role, it need not be made anew: they pass it on."""
    keyring = load(
        public(WREN, "p-wren0000"),
        public(IDRIS, "p-idris000"),
        public(ROLE, MONITOR),
        sealed_role(key(WREN, "p-wren0000")),
    )

    (finding,) = role_holder_findings(keyring, {MONITOR: ["p-wren0000", "p-idris000"]})

    assert finding.hint == f"let a holder run: coachbook keys grant {MONITOR} p-idris000"


def test_a_holder_with_a_newer_key_is_a_finding() -> None:
    """A role's key that is still sealed to a holder's earlier key is a finding."""
    keyring = load(
        public(WREN, "p-wren0000"),
        public(ROLE, MONITOR),
        sealed_role(key(IDRIS, "p-wren0000")),
    )

    (finding,) = role_holder_findings(keyring, {MONITOR: ["p-wren0000"]})

    assert "p-wren0000 has a newer key" in finding.message
    assert (finding.school, finding.hint) == (
        "otterbeck",
        "run: coachbook keys new --role monitor@otterbeck",
    )


def test_a_reader_without_a_key_is_a_finding() -> None:
    """A reader whom the policy names and who has no key is named at the policy's line."""
    keyring = load(public(WREN, "p-wren0000"))
    place = ("records/otterbeck/policy-2026-09.md", Span(40))

    (finding,) = missing_key_findings(keyring, {MONITOR: place, "p-wren0000": place})

    assert (finding.code, finding.span.line, finding.school) == ("CB602", 40, "otterbeck")
    assert finding.message == "monitor@otterbeck may read what is sealed and has no key"


def test_demonstration_keys_are_refused_elsewhere() -> None:
    """A key of the demonstration is a finding in every trust that is not one."""
    keyring = load(public(WREN, "p-wren0000"))
    known = frozenset({WREN.recipient().fingerprint()})

    (finding,) = demonstration_findings(keyring, demonstration=False, known=known)

    assert finding.code == "CB601"
    assert demonstration_findings(keyring, demonstration=True, known=known) == ()
    assert demonstration_findings(keyring, demonstration=False, known=frozenset()) == ()


def test_the_demonstration_list_is_that_of_the_example() -> None:
    """The refused fingerprints are exactly those of the example trust in this repository."""
    folder = REPOSITORY / "records" / "keys"
    files = {
        path.relative_to(REPOSITORY).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }
    keyring, _ = load_keyring(files)
    listed = REPOSITORY / "generator" / "coachbook" / "_demonstration.txt"

    assert listed.read_text() == format_demonstration(keyring)
    assert demonstration_fingerprints() == {key.fingerprint for key in keyring.all()}


def test_key_paths() -> None:
    """People's keys and roles' keys have their own places."""
    assert public_key_path("p-wren0000", 2) == "records/keys/p-wren0000.pub"
    assert public_key_path("p-wren0000", 2, current=False) == "records/keys/p-wren0000.2.pub"
    assert public_key_path(MONITOR, 2) == "records/keys/roles/monitor@otterbeck.2.pub"


FINGERPRINTS = st.text("abcdefghijklmnopqrstuvwxyz234567", min_size=26, max_size=26)
OWNERS = st.from_regex(r"p-[a-z0-9]{8}|[a-z]{3,9}@[a-z]{3,9}", fullmatch=True)


@given(st.dictionaries(OWNERS, FINGERPRINTS))
def test_pins_are_read_as_they_were_written(known: dict[str, str]) -> None:
    """The list of known keys is read as it was written."""
    assert parse_pins(format_pins(Pins(known))) == Pins(known)


@pytest.mark.parametrize(
    "text",
    ["", "coachbook-pins: 2\n", "coachbook-pins: 1\np-wren0000 short\n", "coachbook-pins: 1\n\n"],
)
def test_unreadable_pins_stop(text: str) -> None:
    """A list of known keys that cannot be read stops the command instead of being ignored."""
    with pytest.raises(InputError, match="known keys on this device cannot be read"):
        parse_pins(text)


def test_a_pinned_reader_is_not_new() -> None:
    """A reader whose key this device has met is not new."""
    wren = Reader("p-wren0000", WREN.recipient())

    assert new_readers([wren], Pins().accept([wren])) == ()


def test_an_unknown_reader_is_new() -> None:
    """A reader who was neither met here nor named by the block before is new."""
    wren = Reader("p-wren0000", WREN.recipient())

    assert new_readers([wren], Pins()) == (wren,)
    assert new_readers([wren], Pins(), [wren.stated]) == ()


def test_a_swapped_key_is_new_even_if_the_block_before_names_it() -> None:
    """A key that differs from the one met before is new, whatever the repository says."""
    swapped = Reader("p-wren0000", IDRIS.recipient())
    pins = Pins().accept([Reader("p-wren0000", WREN.recipient())])

    assert new_readers([swapped], pins, [swapped.stated]) == (swapped,)


def test_a_reader_who_could_not_read_before_is_asked_about() -> None:
    """A key that this device knows is no reason to let its holder read an older text."""
    wren = Reader("p-wren0000", WREN.recipient())
    idris = Reader("p-idris000", IDRIS.recipient())
    pins = Pins().accept([wren, idris])

    assert new_readers([wren, idris], pins, [wren.stated]) == (idris,)
    assert new_keys([wren, idris], pins, [wren.stated]) == ()
    assert new_readers([wren, idris], pins) == ()
