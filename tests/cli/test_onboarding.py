"""`keys invite`, `keys card` and a key that arrives in the inbox."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import click
import pytest

from coachbook import keystore
from coachbook.age import X25519Identity
from coachbook.cli import keyinbox
from coachbook.keystore import protect
from coachbook.publickey import PublicKey, format_public_key, public_key_of
from tests.cli.desk import COACH, COACHEE, HEAD, WORDS
from tests.workspaces import otterbeck_small as small

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.desk import Desk, Result

OFFICE = "p-o1g6s4tn"
TRUST = "records/trust.md"


@pytest.fixture(autouse=True)
def _little_work(monkeypatch: pytest.MonkeyPatch) -> None:
    """A protected key asks for little work; the tests of `keys new` ask for all of it."""
    monkeypatch.setattr(keystore, "WORK_FACTOR", 10)


def made(owner: str, generation: int = 1) -> tuple[PublicKey, X25519Identity]:
    """A key that somebody made elsewhere."""
    identity = X25519Identity.generate(os.urandom)
    made_on = date(2026, 11, 20)
    return public_key_of(identity, owner=owner, generation=generation, created=made_on), identity


@pytest.fixture
def folder(desk: Desk) -> Path:
    """The folder in which files arrive."""
    place = desk.root.parent / "arrived"
    place.mkdir()
    return place


def send(folder: Path, key: PublicKey, name: str = "") -> Path:
    """The public key as it arrives."""
    file = folder / (name or f"{key.owner}.pub")
    file.write_text(format_public_key(key))
    return file


def at(desk: Desk, answer: str) -> list[str]:
    """Somebody at the terminal types what they were told; the questions that were asked."""
    asked: list[str] = []

    def prompt(question: str, **_: object) -> str:
        asked.append(question)
        return answer

    desk.monkeypatch.setattr(keyinbox, "is_at_terminal", lambda: True)
    desk.monkeypatch.setattr(click, "prompt", prompt)
    return asked


def publish(desk: Desk) -> None:
    """The policy lets protected keys lie beside the portal."""
    text = desk.read(small.POLICY)
    assert "keys.publish_protected: false\n" in text
    desk.write(small.POLICY, text.replace("protected: false\n", "protected: true\n"))


def inbox(desk: Desk, folder: Path, *options: str) -> Result:
    """Files what has arrived."""
    return desk.run("inbox", str(folder), *options)


def test_an_invitation_leads_to_the_portal_and_holds_no_secret(desk: Desk) -> None:
    """The invitation has the person's link, what to send, and whom to ask."""
    text = desk.read(TRUST)
    desk.write(TRUST, text.replace("\n---", "\nportal_url: https://portal.example.org/\n---", 1))

    result = desk.run("keys", "invite", OFFICE)

    assert result.status == 0, result.err
    assert f"https://portal.example.org/#new-key={OFFICE}.1" in result.out
    assert f"Send {OFFICE}.pub to Petra" in result.out
    assert f"coachbook keys new {OFFICE}" in result.out


def test_without_an_address_the_invitation_names_the_id(desk: Desk) -> None:
    """Where the trust does not say where its portal lies, no address is made up."""
    result = desk.run("keys", "invite", OFFICE)

    assert "http" not in result.out
    assert f"{OFFICE}.1" in result.out
    assert "portal_url" in result.err


def test_a_second_key_is_the_next_generation(desk: Desk) -> None:
    """Somebody who has a key is invited to make the one after it."""
    result = desk.run("keys", "invite", COACHEE)

    assert f"{COACHEE}.2" in result.out
    assert "has a key already" in result.err


def test_a_card_holds_no_passphrase(desk: Desk) -> None:
    """A welcome card has the fingerprint and how to open the portal, and runs nothing."""
    result = desk.run("keys", "card", COACH, COACHEE)

    assert result.status == 0, result.err
    assert result.out.count('<section class="card">') == 2
    assert "<script" not in result.out
    assert WORDS not in result.out
    plain = desk.run("keys", "card", COACH, "--format", "text").out
    key = desk.book.keyring.current(COACH)
    assert key is not None
    assert key.fingerprint in plain.replace(" ", "")


def test_no_card_before_there_is_a_key(desk: Desk) -> None:
    """Somebody without a key is invited first."""
    result = desk.run("keys", "card", OFFICE)

    assert result.status == 2
    assert f"coachbook keys invite {OFFICE}" in result.err


def test_a_key_is_filed_once_its_fingerprint_was_read_out(desk: Desk, folder: Path) -> None:
    """What the owner reads out is typed, in any grouping, and the key is theirs from then on."""
    key, _ = made(OFFICE)
    send(folder, key)
    spoken = f"{key.read_out[:13].upper()} - {key.read_out[13:]}"
    asked = at(desk, spoken)

    result = inbox(desk, folder)

    assert result.status == 0, result.err
    assert len(asked) == 1
    current = desk.book.keyring.current(OFFICE)
    assert current is not None
    assert current.fingerprint == key.fingerprint
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("typed", ["", "yes", "a" * 26])
def test_another_fingerprint_keeps_the_key_out(desk: Desk, folder: Path, typed: str) -> None:
    """A key that somebody else sent in a person's name is not filed, however it is agreed to."""
    key, _ = made(OFFICE)
    file = send(folder, key)
    at(desk, typed)

    result = inbox(desk, folder)

    assert result.status == 1
    assert "that is not its fingerprint" in result.err
    assert desk.book.keyring.current(OFFICE) is None
    assert file.exists()


def test_where_nobody_can_be_asked_the_fingerprint_is_given(desk: Desk, folder: Path) -> None:
    """Without a terminal a key is filed only with the fingerprint of exactly that key."""
    key, _ = made(OFFICE)
    other, _ = made(OFFICE)
    send(folder, key)

    assert inbox(desk, folder).status == 1
    assert inbox(desk, folder, "--fingerprint", other.read_out).status == 1
    assert desk.book.keyring.current(OFFICE) is None
    assert inbox(desk, folder, "--fingerprint", key.read_out).status == 0
    assert desk.book.keyring.current(OFFICE) is not None


@pytest.mark.parametrize("line", ["signing", "created"])
def test_a_file_with_one_line_swapped_is_not_filed(desk: Desk, folder: Path, line: str) -> None:
    """Whoever changes a key on its way, be it only the line that signs, is found out by ear."""
    key, _ = made(OFFICE)
    other, _ = made(OFFICE)
    signing = other.signing if line == "signing" else key.signing
    created = date(2026, 9, 2) if line == "created" else key.created
    send(folder, replace(key, signing=signing, created=created))

    result = inbox(desk, folder, "--fingerprint", key.read_out, "--fingerprint", key.fingerprint)

    assert result.status == 1
    assert desk.book.keyring.current(OFFICE) is None


def test_a_key_that_replaces_one(desk: Desk, folder: Path) -> None:
    """The next generation puts the key before aside; what others may do for the owner is told."""
    old = desk.book.keyring.current(COACHEE)
    key, _ = made(COACHEE, 2)
    send(folder, key)

    result = inbox(desk, folder, "--fingerprint", key.read_out)

    assert result.status == 0, result.err
    keys = desk.book.keyring.keys[COACHEE]
    assert [one.fingerprint for one in keys] == [key.fingerprint, old and old.fingerprint]
    assert f"coachbook keys reseal {COACHEE}" in result.err


@pytest.mark.parametrize(
    ("owner", "generation", "said"),
    [
        ("p-nobody00", 1, "there is no person p-nobody00 here"),
        (COACHEE, 1, "it says that it is key 1 of p-n9b4j2ys, and 2 is next"),
        (OFFICE, 7, "and 1 is next"),
    ],
)
def test_a_key_that_does_not_fit(
    desk: Desk, folder: Path, owner: str, generation: int, said: str
) -> None:
    """A key of nobody, and one that would go back or leap, is refused with its reason."""
    key, _ = made(owner, generation)
    send(folder, key)

    result = inbox(desk, folder, "--fingerprint", key.read_out)

    assert result.status == 1
    assert said in result.err


def test_the_key_of_somebody_else_under_another_name(desk: Desk, folder: Path) -> None:
    """A known key sent in another person's name is refused."""
    key = public_key_of(
        small.identity(COACH), owner=OFFICE, generation=1, created=date(2026, 11, 20)
    )
    send(folder, key)

    result = inbox(desk, folder, "--fingerprint", key.read_out)

    assert f"it is the same key as key 1 of {COACH}" in result.err
    assert desk.book.keyring.current(OFFICE) is None


@pytest.mark.parametrize(
    "text", ["", "owner: monitor@otterbeck\n", "not a key", "owner: p-o1g6s4tn\n"]
)
def test_what_is_no_key(desk: Desk, folder: Path, text: str) -> None:
    """A file that only ends in .pub, and the key of a role, is refused and stays."""
    (folder / "thing.pub").write_text(text)

    assert inbox(desk, folder).status == 1
    assert (folder / "thing.pub").exists()


def test_a_protected_key_is_filed_where_that_is_policy(desk: Desk, folder: Path) -> None:
    """Beside its public half, a protected key is published where the policy says so."""
    publish(desk)
    key, identity = made(OFFICE)
    send(folder, key)
    armor = protect([identity], OFFICE, 1, WORDS, os.urandom)
    (folder / f"{OFFICE}.age").write_text(armor)

    result = inbox(desk, folder, "--fingerprint", key.read_out)

    assert result.status == 0, result.err
    assert desk.book.keyring.protected[OFFICE] == armor
    assert list(folder.iterdir()) == []


def test_a_protected_key_stays_out_where_it_belongs_to_its_owner(desk: Desk, folder: Path) -> None:
    """Where the policy publishes none, one that was sent all the same is not taken."""
    key, identity = made(OFFICE)
    send(folder, key)
    (folder / f"{OFFICE}.age").write_text(protect([identity], OFFICE, 1, WORDS, os.urandom))

    result = inbox(desk, folder, "--fingerprint", key.read_out)

    assert OFFICE not in desk.book.keyring.protected
    assert "the policy leaves protected keys with their owners" in result.err


def test_a_published_key_is_not_exchanged_by_post(desk: Desk, folder: Path) -> None:
    """Sending somebody's own public key again does not bring another protected key along."""
    publish(desk)
    key, identity = made(OFFICE)
    send(folder, key)
    armor = protect([identity], OFFICE, 1, WORDS, os.urandom)
    (folder / f"{OFFICE}.age").write_text(armor)
    inbox(desk, folder, "--fingerprint", key.read_out)
    send(folder, key)
    (folder / f"{OFFICE}.age").write_text(protect([identity], OFFICE, 1, "others", os.urandom))

    result = inbox(desk, folder)

    assert "no fingerprint vouches for it" in result.err
    assert desk.book.keyring.protected[OFFICE] == armor


def test_a_bare_private_key_is_refused(desk: Desk, folder: Path) -> None:
    """A private key without a passphrase is never filed."""
    publish(desk)
    key, identity = made(OFFICE)
    send(folder, key)
    (folder / f"{OFFICE}.age").write_text(identity.reveal_private_key())

    result = inbox(desk, folder, "--fingerprint", key.read_out)

    assert result.status == 1
    assert "not a protected private key" in result.err
    assert desk.book.keyring.current(OFFICE) is None


def test_a_new_key_needs_somebody_who_could_read_before(desk: Desk, folder: Path) -> None:
    """A key that was filed counts as a new reader until a present holder approves it."""
    desk.commit_all()
    key, _ = made(OFFICE)
    send(folder, key)
    inbox(desk, folder, "--fingerprint", key.read_out)

    assert " CB509 " in desk.run("check", "--since", "HEAD").out
    assert desk.run("keys", "approve", "HEAD", "--yes", person=HEAD).status == 0
    assert " CB509 " not in desk.run("check", "--since", "HEAD").out
