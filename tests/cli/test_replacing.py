"""`coachbook keys rotate` and `replace`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from coachbook import keystore
from coachbook.readers import stated_readers
from tests.cli.desk import (
    COACH,
    COACHEE,
    DRAFT,
    DRAFT_TEXT,
    HEAD,
    MONITOR,
    NOTE,
    PLAIN_WHOLE,
    PLAIN_WHOLE_TEXT,
    SESSION,
    WORDS,
)

if TYPE_CHECKING:
    from tests.cli.conftest import Kills
    from tests.cli.desk import Desk

ROLE = "monitor@otterbeck"


@pytest.fixture(autouse=True)
def _little_work(monkeypatch: pytest.MonkeyPatch) -> None:
    """A new key asks for little work; the tests of `keys new` ask for all of it."""
    monkeypatch.setattr(keystore, "WORK_FACTOR", 10)


def generation(desk: Desk, owner: str) -> int:
    """The generation of the key that is used now."""
    key = desk.book.keyring.current(owner)
    assert key is not None
    return key.generation


def stated(desk: Desk, path: str) -> dict[str, str]:
    """Whom the first part of a record is sealed to, and with which key."""
    record = desk.record(path)
    block = record.whole or next(one for part in record.sections for one in part.blocks)
    return dict(stated_readers(block.armor))


def faults(desk: Desk) -> list[str]:
    """What `check` finds wrong with keys and confidentiality."""
    said = desk.run("check").out.splitlines()
    return [
        line for line in said if " CB5" in line or (" CB6" in line and "information" not in line)
    ]


def test_a_leaked_key(desk: Desk) -> None:
    """After a leak, everything that the person can open is sealed again for their new key."""
    result = desk.run("keys", "replace", COACHEE, "--leaked")

    assert result.status == 0, result.err
    words, *paths = result.out.splitlines()
    assert paths == [SESSION]
    key = desk.book.keyring.current(COACHEE)
    assert key is not None
    assert stated(desk, SESSION)[COACHEE] == key.fingerprint
    assert "equal fractions" in desk.run("open", SESSION, person=COACHEE, words=words).out
    assert "equal fractions" in desk.run("open", SESSION, person=COACH).out
    assert faults(desk) == []
    assert words.encode() not in desk.everything()


def test_a_leaked_key_of_a_holder(desk: Desk) -> None:
    """After a leak, each role of the person has a new key, and what it reads is sealed again."""
    result = desk.run("keys", "replace", MONITOR, "--leaked")

    assert result.status == 0, result.err
    assert generation(desk, ROLE) == 2
    key = desk.book.keyring.current(ROLE)
    assert key is not None
    assert stated(desk, SESSION)[ROLE] == key.fingerprint
    words = result.out.splitlines()[0]
    assert "equal fractions" in desk.run("open", SESSION, person=MONITOR, words=words).out
    assert faults(desk) == []


def test_a_lost_key_opens_nothing_and_says_so(desk: Desk) -> None:
    """After a loss, what was sealed before is left, listed, and sealed again by another reader."""
    result = desk.run("keys", "replace", COACHEE, "--lost", words="")

    assert result.status == 1
    assert f'{SESSION}: "Notes": this is sealed to' in result.err
    assert f"another reader of a record runs: coachbook keys reseal {COACHEE}" in result.err
    words = result.out.splitlines()[0]
    assert "equal fractions" not in desk.run("open", SESSION, person=COACHEE, words=words).out

    assert desk.run("keys", "reseal", COACHEE, person=COACH).status == 0

    assert "equal fractions" in desk.run("open", SESSION, person=COACHEE, words=words).out
    assert faults(desk) == []


def test_a_lost_key_of_one_of_two_holders(desk: Desk) -> None:
    """A role that somebody else holds too is passed on by them to the new key."""
    desk.run("keys", "grant", ROLE, COACH, person=MONITOR)

    result = desk.run("keys", "replace", MONITOR, "--lost", words="")

    assert f"passed on by Idris with: coachbook keys grant {ROLE} {MONITOR}" in result.err
    assert generation(desk, ROLE) == 1
    assert desk.run("keys", "grant", ROLE, MONITOR, person=COACH).status == 0
    words = result.out.splitlines()[0]
    assert "equal fractions" in desk.run("open", SESSION, person=MONITOR, words=words).out
    assert faults(desk) == []


def test_a_lost_key_of_the_only_holder(desk: Desk) -> None:
    """A role that nobody else holds begins anew; its past opens for its other readers."""
    result = desk.run("keys", "replace", MONITOR, "--lost", words="")

    assert generation(desk, ROLE) == 2
    assert desk.run("keys", "reseal", ROLE, person=COACH).status == 0
    words = result.out.splitlines()[0]
    assert "equal fractions" in desk.run("open", SESSION, person=MONITOR, words=words).out


def test_a_rotated_key_leaves_what_was_sealed(desk: Desk) -> None:
    """A new key without a reason changes no record, and opens all of them."""
    before = desk.read(SESSION)

    result = desk.run("keys", "rotate", MONITOR)

    assert result.status == 0, result.err
    assert (generation(desk, MONITOR), generation(desk, ROLE)) == (2, 1)
    assert desk.read(SESSION) == before
    assert f"the key of {ROLE} is passed on; it opens for Petra" in result.err
    words = result.out.strip()
    assert "equal fractions" in desk.run("open", SESSION, person=MONITOR, words=words).out
    assert faults(desk) == []


def test_a_rotated_role(desk: Desk) -> None:
    """A role's new generation needs no key, and says what stays sealed to the one before."""
    result = desk.run("keys", "rotate", ROLE, words="")

    assert result.status == 0, result.err
    assert generation(desk, ROLE) == 2
    assert "1 record holds parts that are sealed to an earlier key" in result.err
    assert "equal fractions" in desk.run("open", SESSION, person=MONITOR).out


def test_a_draft_stays_a_draft(desk: Desk) -> None:
    """A draft that is sealed again is its author's alone, as before."""
    draft = DRAFT_TEXT.replace("minutes: 15\n", f"minutes: 15\nnote: draft\ndrafted_by: {COACH}\n")
    desk.write(DRAFT, draft)
    desk.run("seal", person=COACH)

    result = desk.run("keys", "replace", COACH, "--leaked")

    assert result.status == 0, result.err
    assert list(stated(desk, DRAFT)) == [COACH]
    assert desk.record(DRAFT).value("note") == "draft"
    assert NOTE in desk.run("open", DRAFT, person=COACH, words=result.out.splitlines()[0]).out


def test_a_final_note_stays_final(desk: Desk) -> None:
    """A final note that is sealed again is final, with a digest that fits."""
    assert desk.run("agree", SESSION, person=COACHEE).status == 0

    assert desk.run("keys", "replace", COACHEE, "--leaked").status == 0

    assert desk.record(SESSION).value("note") == "final"
    assert faults(desk) == []


def test_a_record_sealed_whole(desk: Desk) -> None:
    """A record of which nothing shows is sealed again without a word of it in the open."""
    desk.write(PLAIN_WHOLE, PLAIN_WHOLE_TEXT)
    desk.run("keys", "grant", "capability-mentor@otterbeck", MONITOR, words="")
    sealed = desk.run("seal", PLAIN_WHOLE, "--new-reader", "capability-mentor@otterbeck")
    assert sealed.status == 0, sealed.err
    (path,) = (one for one in desk.book.records if "/sealed/" in one)

    result = desk.run("keys", "replace", HEAD, "--leaked")

    assert result.status == 0, result.err
    key = desk.book.keyring.current("head@otterbeck")
    assert key is not None
    assert stated(desk, path)["head@otterbeck"] == key.fingerprint
    assert "Planning came in late" not in desk.read(path)
    words = result.out.splitlines()[0]
    assert "Planning came in late" in desk.run("open", path, person=HEAD, words=words).out


def test_a_look_changes_nothing(desk: Desk) -> None:
    """`--dry-run` says what a new key would lead to, and writes and asks nothing."""
    before = desk.everything()

    shown = desk.run("keys", "replace", MONITOR, "--leaked", "--dry-run", words="")
    rotated = desk.run("keys", "rotate", ROLE, "--dry-run", words="")
    own = desk.run("keys", "rotate", COACHEE, "--dry-run", words="")
    resealed = desk.run("keys", "reseal", MONITOR, ROLE, "--dry-run", words="")

    assert "would make a key of Petra, generation 2" in shown.out
    assert f"would bring the key of {ROLE} to it" in shown.out
    assert "2 parts are sealed to Petra or their roles" in shown.out
    assert f"would make a new generation of the key of {ROLE} for Petra" in rotated.out
    assert "would make a key of Nerys, generation 2" in own.out
    assert "no parts are sealed to other keys" in resealed.err
    assert desk.everything() == before


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["replace", COACHEE], "add --lost or --leaked"),
        (["replace", COACHEE, "--lost", "--leaked"], "add --lost or --leaked"),
        (["replace", "p-o1g6s4tn", "--lost"], "run: coachbook keys new p-o1g6s4tn"),
        (["rotate", "moniter@otterbeck"], "there is no role 'moniter@otterbeck'"),
    ],
)
def test_what_is_replaced_has_to_be_told(desk: Desk, arguments: list[str], reason: str) -> None:
    """A key is replaced where there is one, for a reason that is told."""
    result = desk.run("keys", *arguments)

    assert result.status == 2
    assert reason in result.err


@pytest.mark.parametrize("reason", ["--leaked", "--lost"])
def test_a_kill_at_any_step_is_made_good_by_running_it_again(
    desk: Desk, kills: Kills, reason: str
) -> None:
    """Killed at any step, the person opens with the old words or the new, and it goes on."""
    arguments = ["keys", "replace", MONITOR, reason]
    seen = 0
    for step, answered in kills(arguments, ""):
        seen = step
        assert desk.empty_files() == []
        assert desk.book.unreadable == ()
        assert "equal fractions" in desk.run("open", SESSION, person=COACH).out
        words = answered.splitlines()[0]
        result = desk.run(*arguments, words=words)
        if result.status == 2:
            result = desk.run(*arguments, words=WORDS)
        if result.out and not result.out.startswith("records/"):
            words = result.out.splitlines()[0]

        desk.run("keys", "reseal", MONITOR, ROLE, person=COACH)

        assert "equal fractions" in desk.run("open", SESSION, person=MONITOR, words=words).out
        assert faults(desk) == []
        assert generation(desk, MONITOR) == 2
        assert not list((desk.root / "records").rglob("*.new"))
    assert seen >= 6


@pytest.mark.parametrize(("owner", "steps"), [(MONITOR, 5), (ROLE, 2)])
def test_a_rotation_killed_at_any_step_goes_on_when_it_is_run_again(
    desk: Desk, kills: Kills, owner: str, steps: int
) -> None:
    """Killed at any step, what was sealed opens with the words shown last or those before."""
    before = desk.read(SESSION)
    arguments = ["keys", "rotate", owner]
    seen = []
    for step, answered in kills(arguments, ""):
        seen.append(step)
        assert desk.empty_files() == []
        assert desk.book.unreadable == ()
        tried = {answered.strip() or WORDS, WORDS}
        (words,) = (one for one in tried if opens(desk, one))

        result = desk.run(*arguments, words=words)

        assert result.status == 0, result.err
        assert opens(desk, result.out.strip() or words)
        assert generation(desk, owner) == 2
        assert desk.read(SESSION) == before
        assert faults(desk) == []
        assert not list((desk.root / "records").rglob("*.new"))
        assert not list(desk.home.rglob("*.begun"))
    assert seen == list(range(1, steps + 1))


def opens(desk: Desk, words: str) -> bool:
    """True if these words and the monitor's key open the session."""
    return "equal fractions" in desk.run("open", SESSION, person=MONITOR, words=words).out
