"""`coachbook keys grant`, `revoke` and `reseal`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from coachbook.readers import stated_readers
from tests.cli.desk import COACH, COACHEE, DRAFT, DRAFT_TEXT, MONITOR, NOTE, SESSION

if TYPE_CHECKING:
    from tests.cli.conftest import Kills
    from tests.cli.desk import Desk

CAIUS, OFFICE = "p-e6f1u8gd", "p-o1g6s4tn"
ROLE = "monitor@otterbeck"


def holders(desk: Desk, role: str = ROLE) -> set[str]:
    """Whom the role's present private key is sealed to."""
    return set(dict(stated_readers(desk.book.keyring.sealed_roles[role])))


def generation(desk: Desk, owner: str = ROLE) -> int:
    """The generation of the key that is used now."""
    key = desk.book.keyring.current(owner)
    assert key is not None
    return key.generation


def faults(desk: Desk) -> list[str]:
    """What `check` finds wrong with keys and confidentiality."""
    said = desk.run("check").out.splitlines()
    return [
        line for line in said if " CB5" in line or (" CB6" in line and "information" not in line)
    ]


def fill(desk: Desk) -> None:
    """Writes and seals a second session."""
    desk.write(DRAFT, DRAFT_TEXT)
    assert desk.run("seal", person=COACH).status == 0


def test_a_new_holder_reads_old_and_new(desk: Desk) -> None:
    """Whoever is given a role reads what was sealed to it before, and from then on."""
    result = desk.run("keys", "grant", ROLE, COACH, person=MONITOR)

    assert result.status == 0, result.err
    assert f"the key of {ROLE} is passed on; it opens for Idris and Petra" in result.err
    assert holders(desk) == {COACH, MONITOR}
    assert generation(desk) == 1
    assert faults(desk) == []


def test_a_holder_needs_a_key_first(desk: Desk) -> None:
    """A role is given to somebody who has a key; the hint says how they get one."""
    result = desk.run("keys", "grant", ROLE, OFFICE, person=MONITOR)

    assert result.status == 2
    assert f"coachbook keys new {OFFICE}" in result.err


def test_who_does_not_hold_a_role_cannot_give_it(desk: Desk) -> None:
    """A role's key is passed on by one who opens it, and nothing is written otherwise."""
    before = desk.everything()

    result = desk.run("keys", "grant", ROLE, CAIUS, person=COACHEE)

    assert result.status == 2
    assert "this is sealed to Petra" in result.err
    assert desk.everything() == before


def test_a_first_key_of_a_role(desk: Desk) -> None:
    """A role that had no key gets its first one with its first holder who has a key."""
    assert desk.run("keys", "grant", "deputy@otterbeck", MONITOR, words="").status == 0

    assert holders(desk, "deputy@otterbeck") == {MONITOR}


def test_a_holder_who_goes_reads_the_past_alone(desk: Desk) -> None:
    """After a role was taken, its former holder opens what was sealed before and nothing newer."""
    desk.run("keys", "grant", ROLE, COACH, person=MONITOR)

    result = desk.run("keys", "revoke", ROLE, MONITOR, words="")

    assert result.status == 0, result.err
    assert f"the key of {ROLE} has a new generation; it opens for Idris" in result.err
    assert "nothing takes that back" in result.err
    assert (holders(desk), generation(desk)) == ({COACH}, 2)
    assert faults(desk) == []
    fill(desk)
    assert "equal fractions" in desk.run("open", SESSION, person=MONITOR).out
    assert NOTE not in desk.run("open", DRAFT, person=MONITOR).out


def test_the_last_holder_stays_until_there_is_another(desk: Desk) -> None:
    """A role is not taken from the last who can open what is sealed to it."""
    before = desk.everything()

    result = desk.run("keys", "revoke", ROLE, MONITOR)

    assert result.status == 2
    assert f"coachbook keys grant {ROLE} PERSON" in result.err
    assert desk.everything() == before


def test_a_role_of_today_is_taken_back_today(desk: Desk) -> None:
    """A role that was given by mistake today leaves no record behind."""
    desk.run("keys", "grant", ROLE, CAIUS, person=MONITOR)

    assert desk.run("keys", "revoke", ROLE, CAIUS).status == 0

    assert not [one for one in desk.book.assignments if one.person == CAIUS]
    assert holders(desk) == {MONITOR}
    assert faults(desk) == []


def test_a_holder_after_a_new_generation_reads_the_first_too(desk: Desk) -> None:
    """A holder who comes after a new generation is given the earlier ones with it."""
    desk.run("keys", "grant", ROLE, COACH, person=MONITOR)
    desk.run("keys", "revoke", ROLE, MONITOR)

    result = desk.run("keys", "grant", ROLE, CAIUS, person=COACH)

    assert result.status == 0, result.err
    earlier = [
        set(dict(stated_readers(armor))) for _, armor in desk.book.keyring.earlier_roles[ROLE]
    ]
    assert earlier == [{COACH, CAIUS}]
    assert faults(desk) == []


def test_what_is_sealed_to_an_earlier_key_is_sealed_again_when_asked(desk: Desk) -> None:
    """Sealing again covers the parts of that role, keeps their text and touches nothing else."""
    desk.run("keys", "grant", ROLE, COACH, person=MONITOR)
    desk.run("keys", "revoke", ROLE, MONITOR)
    fill(desk)
    untouched = desk.read(DRAFT)
    shown = desk.run("keys", "reseal", ROLE, "--dry-run", words="")
    assert shown.status == 1
    assert shown.out == f"{SESSION}: Notes, Action steps\n"

    result = desk.run("keys", "reseal", ROLE, "--new-reader", ROLE, person=COACHEE)

    assert result.status == 0, result.err
    assert result.out == f"{SESSION}\n"
    assert "2 parts sealed anew" in result.err
    assert desk.read(DRAFT) == untouched
    assert "equal fractions" in desk.run("open", SESSION, person=COACHEE).out
    assert "equal fractions" not in desk.run("open", SESSION, person=MONITOR).out
    assert desk.run("keys", "reseal", ROLE, "--dry-run").status == 0
    assert faults(desk) == []


@pytest.mark.parametrize(
    ("arguments", "files"),
    [
        (["grant", ROLE, CAIUS], [f"{ROLE}.2.age", f"{ROLE}.1.age"]),
        (["revoke", ROLE, COACH], [f"{ROLE}.3.age", f"{ROLE}.3.pub"]),
    ],
)
def test_a_look_changes_nothing(desk: Desk, arguments: list[str], files: list[str]) -> None:
    """`--dry-run` names every file that would be written, and writes and asks nothing."""
    desk.run("keys", "grant", ROLE, COACH, person=MONITOR)
    desk.run("keys", "rotate", ROLE)
    before = desk.everything()

    result = desk.run("keys", *arguments, "--dry-run", words="")

    assert result.status == 0, result.err
    role, *keys = result.out.splitlines()
    assert role.startswith("would write records/otterbeck/roles/r-")
    assert keys == [f"would write records/keys/roles/{file}" for file in files]
    assert "would open for" in result.err
    assert desk.everything() == before


def test_what_cannot_be_opened_is_left_and_listed(desk: Desk) -> None:
    """What the runner's key does not open is left byte by byte, and named with who can."""
    desk.run("keys", "grant", ROLE, COACH, person=MONITOR)
    desk.run("keys", "revoke", ROLE, MONITOR)
    before = desk.read(SESSION)

    result = desk.run("keys", "reseal", ROLE, person="p-h7d2k9qm")

    assert result.status == 1
    assert "left as it is:" in result.err
    assert f'{SESSION}: "Notes": this is sealed to' in result.err
    assert desk.read(SESSION) == before


def test_a_new_key_stops_sealing_on_a_device_that_has_not_met_it(desk: Desk) -> None:
    """Sealing again asks about a key that this device has not met, as every sealing does."""
    fill(desk)  # the first use on this device, which takes the keys as they are
    words = desk.run("keys", "new", CAIUS, "--forgotten").out
    pins = next((desk.home / "keys").rglob("pins.txt"))
    pins.write_text(pins.read_text().replace("p-e6f1u8gd", "p-e6f1u8gx"))
    assert words

    assert desk.run("keys", "reseal", CAIUS, person=COACH).status == 0


@pytest.mark.parametrize(
    ("arguments", "steps"),
    [
        (["keys", "grant", ROLE, CAIUS], 4),
        (["keys", "revoke", ROLE, MONITOR], 4),
        (["keys", "reseal", ROLE], 2),
    ],
)
def test_a_kill_at_any_step_is_made_good_by_running_it_again(
    desk: Desk,
    kills: Kills,
    arguments: list[str],
    steps: int,
) -> None:
    """Killed at any step, no file is empty or half-written, and the same command goes on."""
    fill(desk)
    desk.run("keys", "grant", ROLE, COACH, person=MONITOR)
    if "revoke" not in arguments:
        desk.run("keys", "revoke", ROLE, MONITOR)
    seen = []
    for step, _ in kills(arguments, COACH):
        seen.append(step)
        assert desk.empty_files() == []
        assert desk.book.unreadable == ()
        assert "equal fractions" in desk.run("open", SESSION, person=COACHEE).out
        assert "equal fractions" in desk.run("open", SESSION, person=COACH).out

        result = desk.run(*arguments, person=COACH)

        assert result.status == 0, result.err
        assert faults(desk) == []
        assert not list((desk.root / "records").rglob("*.new"))
    assert seen == list(range(1, steps + 1))
