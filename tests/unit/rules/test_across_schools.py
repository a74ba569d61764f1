"""Pairs that reach across the schools of a trust."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from coachbook.book import load_book
from coachbook.rules import check_book
from tests.workspaces import otterbeck_small as small

COACH = f"records/people/{small.COACH}.md"
COACHEE = f"records/people/{small.COACHEE}.md"
ELSEWHERE = """\
---
type: school
id: saltmere
name: Saltmere Primary Academy
phase: primary
---
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A copy of the small workspace, with a second school beside the first."""
    copy = Path(shutil.copytree(small.ROOT, tmp_path / "workspace"))
    (copy / "records/saltmere").mkdir()
    (copy / "records/saltmere/school.md").write_text(ELSEWHERE, encoding="utf-8", newline="\n")
    return copy


def move(root: Path, person: str) -> None:
    """Lets a person work at the second school alone."""
    text = (root / person).read_text(encoding="utf-8")
    assert "schools: [otterbeck]" in text
    moved = text.replace("schools: [otterbeck]", "schools: [saltmere]")
    (root / person).write_text(moved, encoding="utf-8", newline="\n")


def strangers(root: Path) -> list[str]:
    """Where somebody of another school stands who may not, by folder."""
    findings = check_book(load_book(root))
    return sorted({one.path.split("/")[2] for one in findings if one.code == "CB205"})


def test_a_coach_from_another_school_of_the_trust(root: Path) -> None:
    """A coach may come from another school of the trust; a role stays with those who work there."""
    move(root, COACH)

    assert strangers(root) == ["roles"]


def test_a_pair_of_another_school(root: Path) -> None:
    """A pair of whom nobody works at the school does not belong in its records."""
    move(root, COACH)
    move(root, COACHEE)

    assert "partnerships" in strangers(root)


def test_an_activity_for_several_schools(root: Path) -> None:
    """People of several schools of the trust may go to the same course."""
    move(root, COACH)
    path = "records/otterbeck/2026-27/development/2026-11-12-ca-2k7m4q9x.md"
    (root / path).parent.mkdir(parents=True)
    (root / path).write_text(
        "---\ntype: cpd-activity\nid: ca-2k7m4q9x\nschool: otterbeck\ndate: 2026-11-12\n"
        f"title: Listening first\npeople: [{small.COACH}, {small.COACHEE}]\n---\n",
        encoding="utf-8",
        newline="\n",
    )

    assert strangers(root) == ["roles"]


def test_the_trust_lead_works_at_no_school_in_particular(root: Path) -> None:
    """Somebody of another school of the trust may be given the role that compares schools."""
    move(root, COACH)
    path = root / "records/otterbeck/roles/r-2k7m4q9x.md"
    path.write_text(
        f"---\ntype: role-assignment\nid: r-2k7m4q9x\nschool: otterbeck\nperson: {small.COACH}\n"
        "role: trust-lead\nfrom: 2026-09-01\n---\n",
        encoding="utf-8",
        newline="\n",
    )
    findings = check_book(load_book(root))

    assert not [one for one in findings if one.code == "CB205" and one.path.endswith(path.name)]
