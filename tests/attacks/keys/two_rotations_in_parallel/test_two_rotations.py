"""Two people who renew the key of one role, each on a branch of their own."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.cli.desk import COACH, DRAFT, DRAFT_TEXT, MONITOR, NOTE, make_desk

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.desk import Desk

ROLE = "monitor@otterbeck"
KEYS = "records/keys/roles"


@pytest.fixture
def parted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Desk:
    """The small school in the middle of a merge: both sides renewed the role's key.

    On the other side a note was sealed to the key that was made there.
    """
    desk = make_desk(tmp_path, monkeypatch, capsys)
    desk.commit_all()
    for branch in ("side", "main"):
        desk.git("checkout", "-q", *(["-b"] if branch == "side" else []), branch)
        assert desk.run("keys", "rotate", ROLE, person=MONITOR).status == 0
        if branch == "side":
            desk.write(DRAFT, DRAFT_TEXT)
            sealed = desk.run("seal", "--new-reader", ROLE, person=COACH)
            assert sealed.status == 0, sealed.err
        desk.git("add", "-A")
        desk.git("commit", "-q", "-m", f"a new key, on {branch}")
    merge = ["git", "merge", "-q", "side"]
    merged = subprocess.run(merge, cwd=desk.root, capture_output=True, check=False)
    assert merged.returncode == 1
    return desk


def test_neither_key_wins_unseen(parted: Desk) -> None:
    """While both new keys stand against each other, `check` names both files, and nothing goes."""
    found = parted.run("check").out
    built = parted.run("build", "--only", "portal")

    assert f"{KEYS}/{ROLE}.2.pub:1:1: CB603" in found
    assert f"{KEYS}/{ROLE}.2.age:1:1: CB603" in found
    assert built.status == 1
    assert not (parted.root / "site").exists()


def test_what_the_lost_key_was_to_open_is_sealed_again(parted: Desk) -> None:
    """With one key chosen, what was sealed to the other is named, and its readers seal it anew."""
    parted.git("checkout", "-q", "--ours", "--", KEYS)
    parted.git("add", "-A")
    parted.git("commit", "-q", "-m", "our key")
    audit = parted.run("keys", "audit")
    assert audit.status == 1
    assert f'{DRAFT}: "Notes" is sealed to a key under the name of the impact monitor' in audit.out
    assert NOTE not in parted.run("open", DRAFT, person=MONITOR).out

    assert parted.run("keys", "reseal", ROLE, person=COACH).status == 0

    assert NOTE in parted.run("open", DRAFT, person=MONITOR).out
    assert parted.run("keys", "audit").status == 0


def test_halves_of_two_keys_are_noticed(parted: Desk) -> None:
    """With the public line of one and the private half of the other, its holder is told."""
    parted.git("checkout", "-q", "--ours", "--", KEYS)
    parted.git("checkout", "-q", "--theirs", "--", f"{KEYS}/{ROLE}.2.pub")

    result = parted.run("open", DRAFT, person=MONITOR)

    assert (result.status, result.out) == (2, "")
    assert f"the private key of {ROLE} does not belong to its public line" in result.err
