"""`coachbook keys`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from coachbook.advice import ADVICE
from coachbook.keystore import unlock
from coachbook.readers import stated_readers
from tests.cli.desk import (
    COACH,
    COACHEE,
    DRAFT,
    DRAFT_TEXT,
    MONITOR,
    NOTE,
    SESSION,
    WORDS,
    as_json,
)
from tests.workspaces import otterbeck_small as small

if TYPE_CHECKING:
    from tests.cli.desk import Desk

CAIUS, OFFICE = "p-l8q3i0vp", "p-o1g6s4tn"
ROLE = "monitor@otterbeck"


def holders(desk: Desk, role: str) -> dict[str, str]:
    """Whom the role's private key is sealed to."""
    return dict(stated_readers(desk.book.keyring.sealed_roles[role]))


def assign(desk: Desk, role: str, person: str, name: str) -> None:
    """Gives the person a role from this autumn on."""
    desk.write(
        f"records/otterbeck/roles/{name}.md",
        f"---\ntype: role-assignment\nid: {name}\nschool: otterbeck\nperson: {person}\n"
        f"role: {role}\nfrom: 2026-09-01\n---\n",
    )


def end(desk: Desk, name: str) -> None:
    """Ends a role assignment."""
    path = f"records/otterbeck/roles/{name}.md"
    desk.write(path, desk.read(path).replace("\n---\n", "\nto: 2026-11-01\n---\n"))


def test_a_new_key(desk: Desk) -> None:
    """`keys new` prints six words once, keeps the key here and writes its public line."""
    result = desk.run("keys", "new", OFFICE)

    assert result.status == 0, result.err
    assert re.fullmatch(r"([a-z]+-){5}[a-z]+\n", result.out)
    key = desk.book.keyring.current(OFFICE)
    assert key is not None
    assert (key.generation, key.created.isoformat()) == (1, "2026-11-20")
    assert key.fingerprint in result.err
    (kept,) = (desk.home / "keys").rglob(f"{OFFICE}.age")
    assert unlock(kept.read_text(), result.out)[0].recipient() == key.recipient
    assert not (desk.root / f"records/keys/{OFFICE}.age").exists()


def test_the_passphrase_is_stored_nowhere(desk: Desk) -> None:
    """The six words are on no disk, and not among what is said."""
    result = desk.run("keys", "new", OFFICE)

    assert result.out.strip() not in result.err
    assert result.out.strip().encode() not in desk.everything()


def test_a_key_is_published_where_the_policy_says_so(desk: Desk) -> None:
    """Where the policy publishes protected keys, the protected key lies in the workspace."""
    policy = desk.read(small.POLICY)
    desk.write(
        small.POLICY,
        policy.replace("keys.publish_protected: false", "keys.publish_protected: true").replace(
            "keys.publish_protected: no", "keys.publish_protected: yes"
        ),
    )

    words = desk.run("keys", "new", OFFICE).out

    assert unlock(desk.book.keyring.protected[OFFICE], words)


def test_a_second_key_needs_a_reason(desk: Desk) -> None:
    """A key is not replaced without saying why."""
    result = desk.run("keys", "new", COACH)

    assert result.status == 2
    assert "Idris has a key already, generation 1" in result.err
    assert "coachbook keys advice" in result.err


def test_a_forgotten_passphrase(desk: Desk) -> None:
    """A forgotten passphrase means a new key; what was sealed before stays shut for it."""
    result = desk.run("keys", "new", COACHEE, "--forgotten")

    assert result.status == 0, result.err
    key = desk.book.keyring.current(COACHEE)
    assert key is not None
    assert key.generation == 2
    assert (desk.root / f"records/keys/{COACHEE}.1.pub").exists()
    assert desk.run("open", SESSION, person=COACHEE, words=result.out).status == 2
    assert desk.book.findings == ()


def test_a_leaked_passphrase(desk: Desk) -> None:
    """After a leak the new key still opens what was sealed before; the old words do not."""
    result = desk.run("keys", "new", COACHEE, "--leaked")

    assert result.status == 0, result.err
    assert "equal fractions" in desk.run("open", SESSION, person=COACHEE, words=result.out).out
    assert desk.run("open", SESSION, person=COACHEE, words=WORDS).status == 2
    desk.write(DRAFT, DRAFT_TEXT)
    desk.run("seal", person=COACH)
    assert NOTE in desk.run("open", DRAFT, person=COACHEE, words=result.out).out


def test_a_replaced_key_stops_others_once(desk: Desk) -> None:
    """A replaced key is known on the device that made it."""
    desk.write(DRAFT, DRAFT_TEXT)
    desk.run("seal", person=COACH)
    desk.run("keys", "new", COACHEE, "--leaked")
    desk.write(DRAFT, DRAFT_TEXT)

    assert desk.run("seal", person=COACH).status == 0


def test_replacing_needs_a_key(desk: Desk) -> None:
    """A key that is not there cannot be replaced."""
    result = desk.run("keys", "new", OFFICE, "--forgotten")

    assert result.status == 2
    assert f"run: coachbook keys new {OFFICE}" in result.err


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ([], "whose key?"),
        (["p-nobody00"], "there is no person 'p-nobody00'"),
        (["idris"], f"did you mean {COACH}?"),
        ([COACH, "--forgotten", "--leaked"], "do not go together"),
        (["--role", "monitor"], "there is no role 'monitor'"),
        (["--role", "moniter@otterbeck"], "there is no role 'moniter@otterbeck'"),
        (["--role", "governors@otterbeck"], "nobody who holds governors@otterbeck has a key"),
    ],
)
def test_a_key_needs_an_owner(desk: Desk, arguments: list[str], reason: str) -> None:
    """A key is made for a person or a role that is there."""
    result = desk.run("keys", "new", *arguments)

    assert result.status == 2
    assert reason in result.err


def test_a_role_key_is_sealed_to_its_holders(desk: Desk) -> None:
    """A role's first key is made for those who hold the role, with no passphrase."""
    made = desk.run("keys", "new", OFFICE, "--role", "office@otterbeck")

    assert made.status == 0, made.err
    assert list(holders(desk, "office@otterbeck")) == [OFFICE]
    assert "a new key of office@otterbeck opens for Sunniva" in made.err
    assert desk.book.findings == ()


def test_a_role_that_needs_a_key_is_named(desk: Desk) -> None:
    """Whoever gets a key is told which of their roles still needs one."""
    result = desk.run("keys", "new", OFFICE)

    assert "next, for those who hold office@otterbeck: coachbook keys new --role" in result.err


def test_a_role_key_that_fits_is_left_alone(desk: Desk) -> None:
    """A role's key that opens for exactly its holders is not touched."""
    before = desk.book.keyring.sealed_roles[ROLE]

    result = desk.run("keys", "new", "--role", ROLE)

    assert "opens for Petra already" in result.err
    assert desk.book.keyring.sealed_roles[ROLE] == before


def test_a_holder_passes_a_role_on(desk: Desk) -> None:
    """A new holder gets the role's key from one who has it, and reads what was sealed before."""
    assign(desk, "monitor", COACH, "r-newmonit")
    assert desk.run("open", SESSION, person="p-x2a7o5kh").status == 2

    result = desk.run("keys", "new", "--role", ROLE, person=MONITOR)

    assert result.status == 0, result.err
    assert set(holders(desk, ROLE)) == {COACH, MONITOR}
    key = desk.book.keyring.current(ROLE)
    assert key is not None
    assert key.generation == 1


def test_a_stranger_cannot_pass_a_role_on(desk: Desk) -> None:
    """Who cannot open a role's key is told whom to ask."""
    assign(desk, "monitor", COACH, "r-newmonit")

    result = desk.run("keys", "new", "--role", ROLE, person=COACH)

    assert result.status == 2
    assert "the key of monitor@otterbeck has to be passed on by Petra" in result.err
    assert list(holders(desk, ROLE)) == [MONITOR]


def test_a_leaver_means_a_new_role_key(desk: Desk) -> None:
    """When a holder leaves, the role gets a new key that the leaver does not have."""
    assign(desk, "monitor", COACH, "r-newmonit")
    end(desk, "r-4d6t0b8v")

    result = desk.run("keys", "new", "--role", ROLE, person=COACH)

    assert result.status == 0, result.err
    key = desk.book.keyring.current(ROLE)
    assert key is not None
    assert key.generation == 2
    assert list(holders(desk, ROLE)) == [COACH]
    assert "it was replaced because of Petra" in result.err
    assert desk.book.findings == ()
    assert len(desk.book.keyring.earlier_roles[ROLE]) == 1


def test_a_former_holder_reads_the_past_alone(desk: Desk) -> None:
    """After a role's key was replaced, its former holder reads the past and nothing newer."""
    assign(desk, "monitor", "p-e6f1u8gd", "r-newmonit")
    end(desk, "r-4d6t0b8v")
    desk.run("keys", "new", "--role", ROLE)
    desk.write(DRAFT, DRAFT_TEXT)
    assert desk.run("seal", person=COACH).status == 0

    assert "equal fractions" in desk.run("open", SESSION, person=MONITOR).out
    assert desk.run("open", DRAFT, person=MONITOR).status == 2


def test_the_list_shows_fingerprints(desk: Desk) -> None:
    """`keys list` shows every key with its fingerprint and whether it is on this device."""
    result = desk.run("keys", "list")

    fingerprint = small.identity(COACH).recipient().fingerprint()
    assert f"{fingerprint}  {COACH}.1  Idris Marlowe-Beck  (on this device)" in result.out
    assert str(desk.home) in result.err


def test_the_list_as_json(desk: Desk) -> None:
    """The same as JSON."""
    found = as_json(desk.run("keys", "list", "--format", "json"))

    assert isinstance(found, dict)
    row = next(row for row in found["keys"] if row["owner"] == ROLE)
    assert row["holders"] == ["Petra Quillfeather"]
    assert (row["generation"], row["current"], row["here"]) == (1, True, False)


def test_a_new_passphrase(desk: Desk) -> None:
    """`keys passphrase` prints six new words; the old ones no longer open the key here."""
    result = desk.run("keys", "passphrase", person=COACH)

    assert result.status == 0, result.err
    assert "equal fractions" in desk.run("open", SESSION, person=COACH, words=result.out).out
    assert desk.run("open", SESSION, person=COACH, words=WORDS).status == 2


def test_a_published_key_changes_too(desk: Desk) -> None:
    """A published key opens with the new words too, and has to be committed."""
    keys = next((desk.home / "keys").iterdir())
    desk.write(f"records/keys/{COACH}.age", (keys / f"{COACH}.age").read_text())

    result = desk.run("keys", "passphrase", person=COACH)

    assert "it has to be committed" in result.err
    assert unlock(desk.book.keyring.protected[COACH], result.out)


def test_a_wrong_old_passphrase_changes_nothing(desk: Desk) -> None:
    """Without the old words nothing changes."""
    before = desk.everything()

    result = desk.run("keys", "passphrase", person=COACH, words="not-these")

    assert result.status == 2
    assert desk.everything() == before


@pytest.mark.parametrize("topic", list(ADVICE))
def test_advice(desk: Desk, topic: str) -> None:
    """Someone in trouble with a key is told what to do, step by step."""
    result = desk.run("keys", "advice", topic)

    assert result.status == 0
    assert result.out.splitlines()[0].startswith("If ")
    assert result.out in desk.run("keys", "advice").out
