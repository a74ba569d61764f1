"""A policy or calendar that does not add up: a finding with its way out, nothing published."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import pytest

from coachbook.cli import main
from tests.cli.beginnings import TODAY
from tests.cli.test_presets import people

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

POLICY = "records/hill/policy-2026-09.md"
CALENDAR = "records/hill/calendar-2026-27.md"
FORM = """\
form: walk
version: 1
type: walk
title: Walk
purpose: A walk round the field.
prefix: wk
place: "records/{school}/{id}.md"
row: session header
sections:
  Notes: {row: walk notes, sealed: true, author: [head]}
"""
ACCOUNTABLE = """\
---
type: accountability
id: {id}
school: hill
person: {one}
accountable_to: {other}
from: 2026-09-02
---
"""


@pytest.fixture
def school(
    beginnings: Callable[[str], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """A new school that keeps to a preset."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    return shutil.copytree(beginnings("mentor-and-slt"), tmp_path / "hill")


def changed(path: str, old: str, new: str) -> Callable[[Path], None]:
    """What replaces a text of a file that has to be there."""

    def change(folder: Path) -> None:
        text = (folder / path).read_text(encoding="utf-8")
        assert old in text
        (folder / path).write_text(text.replace(old, new, 1), encoding="utf-8")

    return change


def second_version(first_day: str, ends: str = "") -> Callable[[Path], None]:
    """What adds a version of the policy, and lets the first end on a day."""

    def change(folder: Path) -> None:
        place = folder / POLICY
        text = place.read_text(encoding="utf-8")
        later = text.replace("version: 2026-09\n", "version: 2027-01\n")
        later = later.replace("effective_from: 2026-09-02", f"effective_from: {first_day}")
        (folder / "records/hill/policy-2027-01.md").write_text(later, encoding="utf-8")
        if ends:
            text = text.replace("review_due", f"effective_to: {ends}\nreview_due", 1)
            place.write_text(text, encoding="utf-8")

    return change


def own_form(folder: Path) -> None:
    """Adds a form whose notes no table knows."""
    (folder / "records/forms").mkdir()
    (folder / "records/forms/walk.yml").write_text(FORM, encoding="utf-8")


def circle(folder: Path) -> None:
    """Makes two people accountable to each other."""
    ids = people(folder)
    for number, (one, other) in enumerate((("head", "teacher"), ("teacher", "head"))):
        text = ACCOUNTABLE.format(id=f"ac-2k7m4q9{number}", one=ids[one], other=ids[other])
        place = folder / f"records/hill/accountability/ac-2k7m4q9{number}.md"
        place.parent.mkdir(exist_ok=True)
        place.write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    ("spoil", "code", "message", "remedy"),
    [
        pytest.param(
            changed(POLICY, "forms.used: [mentor-meeting", "forms.used: [mentor-meting"),
            "CB714",
            'there is no form "mentor-meting"',
            'did you mean "mentor-meeting"?',
            id="unknown form",
        ),
        pytest.param(
            changed(POLICY, "| Mentor notes |", "| Mentors notes |"),
            "CB714",
            'no form has a part called "Mentors notes"',
            'did you mean "mentor notes"?',
            id="unknown section",
        ),
        pytest.param(
            changed(POLICY, "| Induction tutor |", "| Induction teacher |"),
            "CB714",
            '"induction-teacher" is neither a relation nor a role',
            'did you mean "induction tutor"?',
            id="unknown role",
        ),
        pytest.param(
            changed(POLICY, "1.2 In the course", "1.2 As clause 2.9 says, in the course"),
            "CB714",
            '1.2 points to "clause 2.9", which is not in this document',
            "correct the number, or leave the pointer out",
            id="unknown clause",
        ),
        pytest.param(
            changed(POLICY, "preset: mentor-and-slt", "preset: mentor-and-sltt"),
            "CB715",
            'there is no preset "mentor-and-sltt"',
            'did you mean "mentor-and-slt"? or leave `preset` out',
            id="unknown preset",
        ),
        pytest.param(
            second_version("2026-09-02"),
            "CB709",
            "versions 2026-09 and 2027-01 both begin on 2 Sep 2026",
            "give one of them another effective_from",
            id="two policies on one day",
        ),
        pytest.param(
            second_version("2027-01-11", "2026-12-18"),
            "CB709",
            "no version is in force from 19 Dec 2026 to 10 Jan 2027",
            "let 2027-01 begin on 2026-12-19, or let 2026-09 end later",
            id="a gap",
        ),
        pytest.param(
            changed(CALENDAR, "autumn_2: 2026-11-02", "autumn_2: 2026-10-19"),
            "CB305",
            "Autumn 2 starts on 19 Oct 2026, before Autumn 1 is over",
            "Autumn 1 ends on 23 Oct 2026",
            id="overlapping half-terms",
        ),
        pytest.param(
            own_form,
            "CB710",
            'the form "Walk" has a part "Walk notes", and the table has no such row',
            "add a row that begins | Walk notes |, or take the form out of records/forms/",
            id="a form without a row",
        ),
        pytest.param(
            changed(POLICY, "retention.notes: until 31 August after the cycle closes\n", ""),
            "CB704",
            "the policy does not say `retention.notes`: how long the text of sessions and cycles "
            "is kept",
            "answer it in the header and in a clause: How long are notes kept, such as "
            '"until 31 August after the cycle closes"?',
            id="no retention",
        ),
        pytest.param(
            changed(POLICY, "appraisal.use: support-targets\n", ""),
            "CB704",
            "the policy does not say `appraisal.use`: how coaching and appraisal are connected",
            "answer it in the header and in a clause: one of none, own-log, objective-link, "
            "support-targets",
            id="no link to appraisal",
        ),
    ],
)
def test_what_does_not_add_up_is_not_published(
    school: Path,
    spoil: Callable[[Path], None],
    code: str,
    message: str,
    remedy: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The finding names place and remedy, and no site is built."""
    spoil(school)
    capsys.readouterr()

    status = main(["check", "-C", "hill", "--format", "json", "--today", TODAY])

    assert status == 1
    findings = json.loads(capsys.readouterr().out)["findings"]
    (found,) = [one for one in findings if one["code"] == code]
    assert (found["message"], found["hint"]) == (message, remedy)
    assert found["line"] > 0
    assert found["path"].startswith("records/hill/")
    assert main(["build", "-C", "hill", "--today", TODAY]) == 1
    assert not (school / "site").exists()


def test_a_circle_of_accountability_is_not_published(
    school: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Two people who answer to each other answer to nobody, and no site is built."""
    circle(school)
    capsys.readouterr()

    assert main(["check", "-C", "hill", "--format", "json", "--today", TODAY]) == 1

    findings = json.loads(capsys.readouterr().out)["findings"]
    found = [one for one in findings if one["code"] == "CB213"]
    assert found
    assert all(one["hint"] for one in found)
    assert main(["build", "-C", "hill", "--today", TODAY]) == 1
    assert not (school / "site").exists()
