"""A new school of any preset, begun once in a run of tests and copied from then on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from coachbook.cli import main

if TYPE_CHECKING:
    from pathlib import Path

TODAY = "2026-11-20"

ANSWERS = """\
school: Hill Primary
phase: primary
people:
  - Odalys Renwick-Tarn, senior-leader, head
  - Petra Quillfeather, senior-leader, deputy monitor slt cpd-lead
  - Wren Ashgrove, teacher, lead-coach
  - Hesper Lunn, teaching-support
calendar:
  autumn_1: 2026-09-02 to 2026-10-23
  autumn_2: 2026-11-02 to 2026-12-18
  spring_1: 2027-01-04 to 2027-02-12
  spring_2: 2027-02-22 to 2027-03-25
  summer_1: 2027-04-12 to 2027-05-28
  summer_2: 2027-06-07 to 2027-07-22
policy:
  repository.holders: [office]
  keys.publish_protected: no
  recovery.holder: nobody
  retention.notes: until 31 August after the cycle closes
  retention.impact: for three years
  retention.separate: for six years
"""


def sit_at_office(patch: pytest.MonkeyPatch, home: Path) -> None:
    """From here on git commits as the office does, and this is its home folder."""
    patch.setenv("HOME", str(home))
    for name in ("AUTHOR", "COMMITTER"):
        patch.setenv(f"GIT_{name}_NAME", "Office")
        patch.setenv(f"GIT_{name}_EMAIL", "office@example.org")


def begin(folder: Path, preset: str) -> Path:
    """The workspace that `init` makes in `folder` with these answers; begun if it is not there."""
    made = folder / preset / "hill"
    if not made.exists():
        answers = folder / "answers.yml"
        answers.write_text(ANSWERS)
        given = ("--yes", "--answers", str(answers), "--today", TODAY)
        with pytest.MonkeyPatch.context() as patch:
            sit_at_office(patch, folder)
            made.parent.mkdir()
            assert main(["init", str(made), "--preset", preset, *given]) == 0
    return made
