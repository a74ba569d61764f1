"""`coachbook leaver`."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from tests.cli.desk import COACH, COACHEE, DRAFT, DRAFT_TEXT, MONITOR, SESSION, as_json

if TYPE_CHECKING:
    from tests.cli.desk import Desk

ROLE = "monitor@otterbeck"
CYCLE = "records/otterbeck/2026-27/c-0a1b2c3d/cycle.md"
PAIR = "records/otterbeck/partnerships/pt-6r1e9k3w.md"


def leave(desk: Desk, person: str, day: str) -> None:
    """Writes down a person's last day."""
    path = f"records/people/{person}.md"
    desk.write(path, desk.read(path).replace("\n---\n", f"\nend: {day}\n---\n", 1))


def points(desk: Desk, person: str) -> list[str]:
    """The points of the list, without what is done about them."""
    return [
        line for line in desk.run("leaver", person, words="").out.splitlines() if line[:1] in "[ "
    ]


def test_the_list_of_a_coachee(desk: Desk) -> None:
    """Who takes part in coaching is asked for a take-away file; pair and cycle are to end."""
    result = desk.run("leaver", COACHEE, words="")

    assert result.status == 1, result.err
    assert f"[ ] records/people/{COACHEE}.md: their last day is not written down" in result.out
    assert "[?] they have their take-away file" in result.out
    assert f"[ ] {PAIR}: a pair that has not ended" in result.out
    assert f"[ ] {CYCLE}: a cycle that has not ended" in result.out
    assert "with their key they open 2 parts in 1 record; nothing takes back" in result.out
    assert "nobody opens" not in result.out


def test_a_draft_that_nobody_else_opens(desk: Desk) -> None:
    """A draft is shared or deleted while its author is still there."""
    draft = DRAFT_TEXT.replace("minutes: 15\n", f"minutes: 15\nnote: draft\ndrafted_by: {COACH}\n")
    desk.write(DRAFT, draft)
    desk.run("seal", person=COACH)

    found = points(desk, COACH)

    assert f"[ ] {DRAFT}: a draft of theirs, which nobody else can open" in found
    assert not any("nobody opens" in line for line in found)


def test_what_nobody_opens_after_them(desk: Desk) -> None:
    """What only people who are gone could open besides is named, before the key goes."""
    leave(desk, COACH, "2026-10-30")
    leave(desk, MONITOR, "2026-10-30")

    line = f"[ ] {SESSION}: nobody opens 2 parts of it after them, and the policy keeps no key"
    assert f"{line} for recovery [10.3]" in points(desk, COACHEE)


def test_the_last_holder_of_a_role(desk: Desk) -> None:
    """The last who opens a role's key passes it on first."""
    result = desk.run("leaver", MONITOR, words="")

    assert f"they are the last who open what is sealed to {ROLE}" in result.out
    assert f"first: coachbook keys grant {ROLE} SUCCESSOR" in result.out


def test_one_of_two_holders_of_a_role(desk: Desk) -> None:
    """A role that others hold too is taken from the leaver, with a new key for the others."""
    desk.run("keys", "grant", ROLE, COACH, person=MONITOR)
    assert f"coachbook keys revoke {ROLE} {MONITOR}" in desk.run("leaver", MONITOR).out

    desk.run("keys", "revoke", ROLE, MONITOR)

    assert ROLE not in desk.run("leaver", MONITOR).out


def test_a_key_of_a_role_that_they_open_still(desk: Desk) -> None:
    """A role's key that opens for somebody who does not hold the role is made anew."""
    path = "records/otterbeck/roles/r-4d6t0b8v.md"
    desk.write(path, desk.read(path).replace("\n---\n", "\nto: 2026-11-01\n---\n", 1))

    assert f"coachbook keys rotate {ROLE}" in desk.run("leaver", MONITOR).out


def test_nothing_left_to_do(desk: Desk) -> None:
    """When pair and cycle have ended and the last day is written, nothing is left to do."""
    leave(desk, COACHEE, "2026-12-18")
    desk.write(CYCLE, desk.read(CYCLE).replace("status: open", "status: ended"))
    desk.write(PAIR, desk.read(PAIR).replace("status: active", "status: ended"))

    result = desk.run("leaver", COACHEE, words="")

    assert result.status == 0, result.out
    assert "their last day is 2026-12-18" in result.out


def test_json(desk: Desk) -> None:
    """Programs get every point with its state and what is done about it."""
    found = cast(
        "dict[str, list[dict[str, str]]]", as_json(desk.run("leaver", COACHEE, "--format", "json"))
    )

    assert found["points"][0] == {
        "state": "to do",
        "words": "their last day is not written down",
        "remedy": "add it as `end:`",
        "path": f"records/people/{COACHEE}.md",
    }
