"""`coachbook keys drill`: recovery proved on a copy."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from coachbook.drills import PATH
from tests.cli.desk import COACH, DRAFT, DRAFT_TEXT, HEAD, MONITOR
from tests.cli.envelope import ENVELOPE, print_key, with_envelope, with_recovery

if TYPE_CHECKING:
    from tests.cli.desk import Desk


def sealed_note(desk: Desk, *new_readers: str) -> None:
    """A session of the day on which recovery has to open everything, sealed by its coach."""
    desk.write(DRAFT, DRAFT_TEXT)
    options = [part for one in new_readers for part in ("--new-reader", one)]
    assert desk.run("seal", *options, person=COACH).status == 0


def test_the_words_open_every_part_on_a_copy(desk: Desk) -> None:
    """A drill opens all that is sealed to the envelope, and gives somebody back what they read."""
    with_envelope(desk)
    print_key(desk)
    sealed_note(desk, ENVELOPE)
    before = desk.everything()

    result = desk.run("keys", "drill", "otterbeck")

    assert result.status == 0, result.err
    assert "Sealed envelope, Otterbeck Primary: 3 of 3 parts opened" in result.out
    assert "2 parts not sealed to it" in result.out
    assert "had lost their key: 3 parts sealed again for a new one" in result.out
    assert desk.read(PATH).endswith(f"{ENVELOPE}, key 1: 3 of 3 parts opened\n")
    (desk.root / PATH).unlink()
    assert desk.everything() == before


def test_a_part_that_stays_shut_is_told(desk: Desk) -> None:
    """Where a part does not open with the words, the drill names it, and the day is noted so."""
    with_envelope(desk)
    print_key(desk)
    sealed_note(desk, ENVELOPE)
    lines = desk.read(DRAFT).split("\n")
    at = next(n for n, line in enumerate(lines) if line.startswith("-----END")) - 2
    lines[at] = lines[at][::-1]
    desk.write(DRAFT, "\n".join(lines))

    result = desk.run("keys", "drill", "otterbeck")

    assert result.status == 1
    assert "2 of 3 parts opened" in result.out
    assert f'shut: {DRAFT}: "Notes"' in result.out
    assert "2 of 3 parts opened" in desk.read(PATH)


def test_whoever_holds_the_named_role_proves_it_with_their_passphrase(desk: Desk) -> None:
    """A named holder's drill uses the key of the role alone, not what else they can read."""
    with_recovery(desk, "monitor")
    sealed_note(desk)

    result = desk.run("keys", "drill", "otterbeck", person=MONITOR)

    assert result.status == 0, result.err
    assert "Monitor, Otterbeck Primary: 5 of 5 parts opened" in result.out


def test_somebody_else_cannot_prove_it(desk: Desk) -> None:
    """One who does not open the key of the named role is told who can."""
    with_recovery(desk, "monitor")

    result = desk.run("keys", "drill", "otterbeck", person=COACH)

    assert result.status == 2
    assert "does not open the key of Monitor, Otterbeck Primary" in result.err


def test_where_nobody_recovers_anything_that_is_said(desk: Desk) -> None:
    """Where the policy answers nobody, the drill says so with its clause, and proves nothing."""
    result = desk.run("keys", "drill", "otterbeck", person=COACH)

    assert result.status == 0
    assert "nobody recovers anything here: the policy of Otterbeck Primary says so in 10.3" in (
        result.out
    )
    assert not (desk.root / PATH).exists()


def test_the_copy_is_gone(desk: Desk) -> None:
    """Nothing of the copy stays behind, also where the words are wrong."""
    with_envelope(desk)
    paper, _ = print_key(desk)
    sealed_note(desk, ENVELOPE)
    paper.answers = ["these are no words of mine"]

    assert desk.run("keys", "drill", "otterbeck").status == 2
    assert desk.run("keys", "drill", "otterbeck").status == 0

    assert list((desk.home / "run").iterdir()) == []


@pytest.mark.parametrize("command", ["drill", "recovery new"])
def test_a_school_that_is_not_there(desk: Desk, command: str) -> None:
    """A misspelt school is named beside those that there are."""
    result = desk.run("keys", *command.split(), "oterbeck")

    assert result.status == 2
    assert "there is no school 'oterbeck'" in result.err
    assert "otterbeck" in result.err


def test_a_person_is_named_by_a_role_of_their_own(desk: Desk) -> None:
    """Somebody without another post is given the role of the recovery holder, from a day on."""
    with_recovery(desk, "recovery-holder")
    desk.write(
        "records/otterbeck/roles/r-rec0very.md",
        "---\ntype: role-assignment\nid: r-rec0very\nschool: otterbeck\n"
        f"person: {HEAD}\nrole: recovery-holder\nfrom: 2026-11-15\n---\n",
    )
    assert desk.run("keys", "new", "--role", "recovery-holder@otterbeck").status == 0
    sealed_note(desk, "recovery-holder@otterbeck")

    result = desk.run("keys", "drill", "otterbeck", person=HEAD)

    assert result.status == 0, result.err
    assert "Recovery holder, Otterbeck Primary: 3 of 3 parts opened" in result.out


def test_a_named_holder_without_a_key_is_found(desk: Desk) -> None:
    """`check` says that whoever may open everything in need has no key, before it is needed."""
    with_recovery(desk, "office")

    said = desk.run("check").out

    assert "CB602 warning: office@otterbeck may read what is sealed and has no key" in said
