"""Public keys in the hands of somebody who can write to the repository."""

from __future__ import annotations

import re
import shutil
from datetime import date
from os import urandom
from typing import TYPE_CHECKING

import pytest

from coachbook.age import X25519Identity
from coachbook.publickey import format_public_key, public_key_of
from coachbook.readers import Reader
from coachbook.sealing import seal_role_identity
from tests.cli.desk import COACH, COACHEE, DRAFT, DRAFT_TEXT, MONITOR, NOTE, SESSION, make_desk
from tests.workspaces import otterbeck_small as small

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.desk import Desk

KEY = f"records/keys/{COACHEE}.pub"
ROLE = "records/keys/roles/monitor@otterbeck.1"
ATTACKER = X25519Identity.generate()


@pytest.fixture
def desk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Desk:
    """The small school on a device that has sealed once, so it has met everybody's key."""
    desk = make_desk(tmp_path, monkeypatch, capsys)
    desk.write(DRAFT, DRAFT_TEXT)
    assert desk.run("seal", DRAFT, person=COACH).status == 0
    desk.commit_all()
    return desk


def public_line(owner: str, generation: int = 1) -> str:
    """A public key file of the attacker's making, in somebody's name."""
    key = public_key_of(ATTACKER, owner=owner, generation=generation, created=date(2026, 11, 1))
    return format_public_key(key)


def write_another_note(desk: Desk) -> str:
    """The path of one more session, as its coach has just written it."""
    path = DRAFT.replace("2b4d6f8h", "5k5k5k5k")
    desk.write(path, DRAFT_TEXT.replace("s-2b4d6f8h", "s-5k5k5k5k"))
    return path


def check(desk: Desk) -> str:
    """What `check` prints."""
    return desk.run("check").out


def test_a_swapped_key_stops_the_next_seal(desk: Desk) -> None:
    """A known reader's key that was swapped stops sealing, which names them and the new key."""
    desk.write(KEY, public_line(COACHEE))
    path = write_another_note(desk)

    result = desk.run("seal", path, person=COACH)

    assert result.status == 2
    assert f"Nerys Sallowfield ({COACHEE}) has another key than before" in result.err
    assert ATTACKER.recipient().fingerprint() in result.err
    assert NOTE in desk.read(path)
    assert "CB503" in check(desk)


def test_a_newer_key_stops_the_next_seal(desk: Desk) -> None:
    """A key that was put in as a new generation, the old one kept in its place, stops it too."""
    old = desk.read(KEY)
    desk.write(KEY.replace(".pub", ".1.pub"), old)
    desk.write(KEY, public_line(COACHEE, generation=2))
    path = write_another_note(desk)

    result = desk.run("seal", path, person=COACH)

    assert result.status == 2
    assert "has another key than before" in result.err
    assert NOTE in desk.read(path)


def test_a_swapped_key_of_a_role_stops_the_next_seal(desk: Desk) -> None:
    """The key of a role can be swapped as little as a person's."""
    desk.write(f"{ROLE}.pub", public_line("monitor@otterbeck"))
    path = write_another_note(desk)

    result = desk.run("save", person=COACH)

    assert result.status == 2
    assert "monitor@otterbeck" in result.err
    assert "has another key than before" in result.err
    assert NOTE in desk.read(path)
    assert NOTE.encode() not in desk.git("log", "-p", "--all").encode()


def test_saying_yes_to_a_new_key_is_for_one_reader(desk: Desk) -> None:
    """Whoever accepts one changed key has not accepted another one."""
    desk.write(KEY, public_line(COACHEE))
    path = write_another_note(desk)

    other = desk.run("seal", path, "--new-reader", MONITOR, person=COACH)
    named = desk.run("seal", path, "--new-reader", COACHEE, person=COACH)

    assert (other.status, named.status) == (2, 0)
    assert NOTE not in desk.read(path)


def test_pins_that_cannot_be_read_protect(desk: Desk) -> None:
    """A list of known keys that was spoilt stops sealing, rather than starting a new one."""
    pins = next(desk.home.rglob("pins.txt"))
    pins.write_text("coachbook-pins: 1\nnobody\n", encoding="utf-8")
    path = write_another_note(desk)

    result = desk.run("seal", path, person=COACH)

    assert result.status == 2
    assert "the list of known keys on this device cannot be read" in result.err
    assert NOTE in desk.read(path)


def test_a_reader_who_was_let_in_by_a_header(desk: Desk) -> None:
    """Somebody who makes themselves the coachee of a pair is a new reader, and stops the seal."""
    stranger = "p-e6f1u8gd"
    desk.write(f"records/keys/{stranger}.pub", public_line(stranger))
    pair = next((desk.root / "records/otterbeck/partnerships").iterdir())
    pair.write_bytes(pair.read_bytes().replace(COACHEE.encode(), stranger.encode()))
    path = write_another_note(desk)

    result = desk.run("seal", path, person=COACH)

    assert result.status == 2
    assert f"({stranger})" in result.err
    assert NOTE in desk.read(path)


def test_a_public_line_that_is_not_of_the_roles_key(desk: Desk) -> None:
    """A role's public line that its private key does not derive is noticed by its holder."""
    desk.write(f"{ROLE}.pub", public_line("monitor@otterbeck"))

    result = desk.run("open", DRAFT, person=MONITOR)

    assert (result.status, result.out) == (2, "")
    assert "the private key of monitor@otterbeck does not belong to its public line" in result.err


def test_a_private_key_that_is_not_of_the_role(desk: Desk) -> None:
    """A role's private key that was swapped for another is noticed by its holder."""
    holder = Reader(MONITOR, small.identity(MONITOR).recipient())
    armor = seal_role_identity(
        ATTACKER, owner="monitor@otterbeck", generation=1, holders=[holder], random=urandom
    )
    desk.write(f"{ROLE}.age", armor)

    result = desk.run("open", DRAFT, person=MONITOR)

    assert (result.status, result.out) == (2, "")
    assert "the private key of monitor@otterbeck does not belong to its public line" in result.err


def test_a_role_key_sealed_to_one_more_person(desk: Desk) -> None:
    """A role's private key that somebody opens without holding the role stops publication."""
    holders = [Reader(one, small.identity(one).recipient()) for one in (MONITOR, "p-h7d2k9qm")]
    armor = seal_role_identity(
        small.identity("monitor@otterbeck"),
        owner="monitor@otterbeck",
        generation=1,
        holders=holders,
        random=urandom,
    )
    desk.write(f"{ROLE}.age", armor)

    found = check(desk)

    assert "CB603 the key of monitor@otterbeck: p-h7d2k9qm can open it and does not hold" in found
    assert desk.run("build", "--only", "portal").status == 1


def test_demonstration_keys_in_a_real_trust(desk: Desk) -> None:
    """Keys whose passphrases are printed for everybody stop publication of a real trust."""
    example = small.ROOT.parents[2] / "records" / "keys"
    theirs = min(example.glob("p-*.pub"))
    shutil.copy(theirs, desk.root / "records/keys" / theirs.name)
    trust = desk.root / "records/trust.md"
    trust.write_bytes(trust.read_bytes().replace(b"demonstration: true\n", b""))

    assert "CB601" in check(desk)
    assert desk.run("build", "--only", "portal").status == 1


def test_a_demonstration_that_is_no_longer_one(example: Path, tmp_path: Path, desk: Desk) -> None:
    """The example trust, taken over as a school's own, is stopped at every single key."""
    root = shutil.copytree(example, tmp_path / "taken")
    trust = root / "records/trust.md"
    trust.write_bytes(trust.read_bytes().replace(b"demonstration: true\n", b""))

    found = desk.run("check", "-C", str(root)).out
    built = desk.run("build", "--only", "portal", "-C", str(root))

    keys = [path.stem for path in (root / "records/keys").rglob("*.pub")]
    assert len(re.findall("CB601", found)) == len(keys) > 20
    assert (built.status, (root / "site").exists()) == (1, False)


def test_a_key_for_nobody(desk: Desk) -> None:
    """A key under an id that no person has is a warning, before a person of that id is made."""
    desk.write("records/keys/p-zzzz1111.pub", public_line("p-zzzz1111"))

    assert "CB602 warning: there is a key of p-zzzz1111 and no person of that id" in check(desk)


def test_one_key_under_two_names(desk: Desk) -> None:
    """A key that somebody has under a second name stops publication."""
    second = desk.read(f"records/keys/{COACH}.pub").replace(COACH, "p-e6f1u8gd")
    desk.write("records/keys/p-e6f1u8gd.pub", second)

    assert "CB604" in check(desk)
    assert desk.run("build", "--only", "portal").status == 1


@pytest.mark.parametrize(
    ("path", "content"),
    [
        (f"records/keys/{COACHEE}.age", "{secret}\n"),
        (f"records/keys/{COACHEE}.age", "# created: 2026-09-01\n# public key: x\n{secret}\n"),
        (f"{ROLE}.age", "{secret}\n"),
        (KEY, "{secret}\n"),
        (KEY, "coachbook-public-key: 1\nowner: p-n9b4j2ys\ngeneration: 1\nrecipient: {secret}\n"),
        ("records/keys/my key.txt", "{secret}\n"),
    ],
)
def test_a_private_key_in_the_clear(desk: Desk, path: str, content: str) -> None:
    """A private key that was put among the keys in the clear is a fault, and is never shown."""
    secret = ATTACKER.reveal_private_key()
    desk.write(path, content.format(secret=secret))

    results = [
        desk.run("check"),
        desk.run("check", "--format", "json"),
        desk.run("check", "--format", "github"),
        desk.run("keys", "list"),
        desk.run("seal", "--check"),
        desk.run("build", "--only", "portal"),
    ]

    assert results[0].status == 1
    assert not any(secret in result.out + result.err for result in results)
    site = desk.root / "site"
    assert not any(secret.encode() in p.read_bytes() for p in site.rglob("*") if p.is_file())


def test_an_old_reader_keeps_the_past_and_gets_no_more(desk: Desk) -> None:
    """Who no longer holds a role is told of by `check`; what they could read stays readable."""
    assert desk.run("open", SESSION, person=MONITOR).status == 0
    for path in (desk.root / "records/otterbeck/roles").iterdir():
        text = path.read_text(encoding="utf-8")
        if f"person: {MONITOR}" in text and "role: monitor" in text:
            path.write_text(text.replace("\n---\n", "\nto: 2026-11-13\n---\n", 1), encoding="utf-8")

    found = desk.run("check", "--today", "2026-11-20").out

    assert f"CB603 the key of monitor@otterbeck: {MONITOR} can open it and does not hold" in found
