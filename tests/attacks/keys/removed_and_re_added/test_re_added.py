"""Somebody who lost a role, and gets it back: by the rules, or by the lines of then."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.cli.desk import COACH, DRAFT, DRAFT_TEXT, MONITOR, NOTE, SESSION, make_desk

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.desk import Desk

ROLE = "monitor@otterbeck"
EARLIER = "equal fractions"


@pytest.fixture
def removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Desk:
    """The small school: the old monitor has gone, and a note was sealed since without them."""
    desk = make_desk(tmp_path, monkeypatch, capsys)
    desk.commit_all()
    assert desk.run("keys", "grant", ROLE, COACH, person=MONITOR).status == 0
    assert desk.run("keys", "revoke", ROLE, MONITOR).status == 0
    desk.write(DRAFT, DRAFT_TEXT)
    assert desk.run("seal", person=COACH).status == 0
    assert NOTE not in desk.run("open", DRAFT, person=MONITOR).out
    desk.git("add", "-A")
    desk.git("commit", "-q", "-m", "a new monitor")
    return desk


def test_who_is_given_the_role_anew_reads_all_of_it(removed: Desk) -> None:
    """Given the role again, they read what was sealed before, in between and from now on."""
    assert removed.run("keys", "grant", ROLE, MONITOR, person=COACH).status == 0

    assert EARLIER in removed.run("open", SESSION, person=MONITOR).out
    assert NOTE in removed.run("open", DRAFT, person=MONITOR).out
    assert removed.run("keys", "audit").status == 0


def test_lines_of_then_let_nobody_back_in(removed: Desk) -> None:
    """Whoever puts the role's records of then back opens nothing newer, and is found as new."""
    roles = "records/otterbeck/roles"
    removed.git("checkout", "-q", "HEAD~1", "--", roles)

    found = removed.run("check", "--since", "HEAD")

    assert NOTE not in removed.run("open", DRAFT, person=MONITOR).out
    assert found.status == 1
    assert MONITOR in found.out or "Petra" in found.out
