"""`coachbook keys audit`."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, cast

from tests.cli.desk import COACH, COACHEE, MONITOR, SESSION, as_json
from tests.workspaces import otterbeck_small as small

if TYPE_CHECKING:
    from tests.cli.desk import Desk

ROLE = "monitor@otterbeck"
PETRA_AS_MONITOR = "records/otterbeck/roles/r-4d6t0b8v.md"


def assign(desk: Desk, person: str) -> None:
    """Makes the person a monitor from this autumn on."""
    desk.write(
        "records/otterbeck/roles/r-newmonit.md",
        "---\ntype: role-assignment\nid: r-newmonit\nschool: otterbeck\n"
        f"person: {person}\nrole: monitor\nfrom: 2026-09-01\n---\n",
    )


def end(desk: Desk, path: str) -> None:
    """Ends a role assignment, or the time of a person at the school."""
    key = "end" if "/people/" in path else "to"
    desk.write(path, desk.read(path).replace("\n---\n", f"\n{key}: 2026-11-01\n---\n", 1))


def test_a_sound_school(desk: Desk) -> None:
    """The audit lists every reader with their key and the parts sealed to it."""
    result = desk.run("keys", "audit")

    assert result.status == 0, result.err
    (coachee,) = (line for line in result.out.splitlines() if COACHEE in line)
    assert coachee.split()[-5:] == [COACHEE, "1", "2", "–", "–"]
    assert "held by Petra" in result.out
    assert "2 sealed parts, 9 readers: nothing to put right" in result.out


def test_no_key_is_needed(desk: Desk) -> None:
    """Anybody with a copy of the records can audit the keys, without one of their own."""
    shutil.rmtree(desk.home / "keys")

    assert desk.run("keys", "audit", words="").status == 0


def test_a_role_key_that_has_drifted(desk: Desk) -> None:
    """A role's key that opens for others than its holders has to be put right."""
    assign(desk, COACH)
    end(desk, PETRA_AS_MONITOR)

    result = desk.run("keys", "audit")

    assert result.status == 1
    assert f"the key of {ROLE}: {COACH} holds the role and cannot open it" in result.out
    assert f"the key of {ROLE}: {MONITOR} can open it and does not hold the role" in result.out
    assert "2 things to put right" in result.out


def test_a_leaver_is_told_and_is_no_fault(desk: Desk) -> None:
    """What somebody who left can still open is told; nothing takes it back."""
    end(desk, f"records/people/{COACHEE}.md")

    result = desk.run("keys", "audit")

    assert result.status == 0, result.out
    assert "Nerys left on 2026-11-01; 2 parts are sealed to their key" in result.out


def test_a_key_that_nobody_knows(desk: Desk) -> None:
    """A part that is sealed to a key that is not in records/keys has to be put right."""
    (desk.root / f"records/keys/{COACHEE}.pub").unlink()

    result = desk.run("keys", "audit")

    assert result.status == 1
    assert f'{SESSION}: "Notes" is sealed to a key under the name of Nerys' in result.out


def test_readers_who_are_missing_or_too_many(desk: Desk) -> None:
    """A part that is sealed to others than the policy names has to be put right."""
    desk.write(SESSION, (small.RULES / "CB503" / "bad.md").read_text(encoding="utf-8"))

    result = desk.run("keys", "audit")

    assert result.status == 1
    assert '"Notes" is sealed to the head, whom the policy does not name' in result.out
    assert '"Notes" is not sealed to Nerys, whom the policy names' in result.out


def test_a_damaged_part(desk: Desk) -> None:
    """Of a damaged part nobody can tell whom it is sealed to."""
    desk.write(SESSION, (small.RULES / "CB504" / "bad.md").read_text(encoding="utf-8"))

    result = desk.run("keys", "audit")

    assert result.status == 1
    assert "is damaged, so nobody can tell whom it is sealed to" in result.out


def test_a_former_holder_and_a_new_one(desk: Desk) -> None:
    """After a role's key was replaced, the audit tells who opens what was sealed before."""
    assign(desk, COACH)
    end(desk, PETRA_AS_MONITOR)
    desk.run("keys", "new", "--role", ROLE, person=COACH)

    result = desk.run("keys", "audit")

    assert result.status == 0, result.out
    assert "2 parts are sealed to generation 1 of the key of the impact monitor; 2 is" in result.out
    assert "Petra can still open them without holding the role" in result.out
    assert "Idris cannot open them, although the role is theirs" in result.out


def test_json(desk: Desk) -> None:
    """Programs get the parts with their readers, the keys, the faults and the remarks."""
    found = cast(
        "dict[str, list[dict[str, object]]]", as_json(desk.run("keys", "audit", "--format", "json"))
    )

    assert found["faults"] == []
    part = found["parts"][0]
    assert (part["path"], part["part"], part["revision"]) == (SESSION, "Notes", 1)
    assert [one["key"] for one in cast("list[dict[str, str]]", part["readers"])] == ["current"] * 3
    (key,) = (one for one in found["keys"] if one["owner"] == ROLE)
    assert (key["parts"], key["parts_to_earlier_keys"], key["standing"]) == (2, 0, "held by Petra")
