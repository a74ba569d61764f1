"""Four presets and a fifth policy: the document alone decides what is a finding."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import pytest

from coachbook.cli import main
from coachbook.presets import PRESETS, SUMMARIES
from tests.cli.beginnings import ANSWERS, TODAY, sit_at_office
from tests.cli.terminal import at_terminal

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Beginnings = Callable[[str], Path]

DROP_IN_ROW = (
    "| Drop-in | – | – | read | – | – | – | – | – | – | – | – | – | – | read | write | – |\n"
)
NO_HEAD = (
    "2.3 As coach, coachee or observer, no part in any coaching is taken by "
    "{{ participants.forbidden_roles }}. No key of theirs opens a note."
)

# What a school of its own mind changes in the document that it started from.
FIFTH = (
    ("preset: head-excluded\n", ""),
    ("participants.forbidden_roles: [head]\n", ""),
    (NO_HEAD, "2.3 The head coaches like everyone else."),
    ("group.size: 2", "group.size: 4\ndropin.next_steps: allowed"),
    (
        "A partnership has {{ group.size }} people.",
        "A group has {{ group.size }} people. A drop-in {{ dropin.next_steps }} set next steps.",
    ),
    ("cadence.coaching: [1 a week]", "cadence.coaching: [1 a fortnight]"),
    ("session.minutes.target: 15", "session.minutes.target: 45"),
    ("session.minutes.max: 15", "session.minutes.max: 45"),
    ("session.minutes.over: warning", "session.minutes.over: error"),
    ("cycle.models: [impact-cycle]", "cycle.models: [grow]"),
    (
        "forms.used: [coaching-session, contracting, mentor-meeting, observation, peer-visit]",
        "forms.used: [grow, observation]",
    ),
    (
        "| Coach private notes | – | write | – | – | – |",
        DROP_IN_ROW + "| Coach private notes | – | write | – | – | – |",
    ),
)

PAIR = """\
---
type: partnership
id: pt-2k7m4q9x
school: hill
coach: {head}
coachee: {teacher}
start: 2026-11-02
status: active
chosen_by: coachee
agreed_on: 2026-11-02
---
"""
CYCLE = """\
---
type: cycle
id: c-2k7m4q9x
school: hill
partnership: pt-2k7m4q9x
model: grow
focus_type: lesson
start: 2026-11-02
planned_end: 2026-12-11
phase: identify
status: open
---
"""
SESSION = """\
---
type: session
form: grow@1
id: s-2k7m4q9x
school: hill
cycle: c-2k7m4q9x
date: 2026-11-12
status: held
kind: coaching
minutes: {minutes}
---
"""
GROUP = """\
---
type: group
id: g-2k7m4q9x
school: hill
kind: support-triad
members: [{members}]
from: 2026-11-02
---
"""
DROP_IN = """\
---
type: observation
form: observation@1
id: o-2k7m4q9x
school: hill
kind: drop-in
observed: {teacher}
observers: [{head}]
date: 2026-11-05
status: held
minutes: 20
---

## Action steps

- [ ] Put the question on the board first (by 12 Nov)
"""


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder with answers in a file, and a git that knows its user."""
    sit_at_office(monkeypatch, tmp_path)
    (tmp_path / "answers.yml").write_text(ANSWERS)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def start(preset: str, *arguments: str) -> int:
    """Runs `init` in the folder `hill` with all answers from the file."""
    given = ("--yes", "--answers", "answers.yml", "--today", TODAY)
    return main(["init", "hill", "--preset", preset, *given, *arguments])


def fifth(folder: Path) -> None:
    """Turns the preset's document into a policy of the school's own, and nothing else."""
    policy = folder / "records/hill/policy-2026-09.md"
    text = policy.read_text(encoding="utf-8")
    for old, new in FIFTH:
        assert old in text, old
        text = text.replace(old, new, 1)
    policy.write_text(text, encoding="utf-8")


def people(folder: Path) -> dict[str, str]:
    """The ids of those whom the workspace began with, by category."""
    found = sorted((folder / "records/people").iterdir(), key=lambda file: file.read_text())
    texts = {file.stem: file.read_text(encoding="utf-8") for file in found}
    names = {"head": "Odalys", "deputy": "Petra", "teacher": "Wren", "support": "Hesper"}
    return {
        role: next(one for one, text in texts.items() if name in text)
        for role, name in names.items()
    }


def write(folder: Path, *, minutes: int, members: int) -> None:
    """The head coaches a teacher, a group meets, and the head drops in on a lesson."""
    ids = people(folder)
    year = folder / "records/hill/2026-27"
    files = {
        folder / "records/hill/partnerships/pt-2k7m4q9x.md": PAIR.format(**ids),
        folder / "records/hill/groups/g-2k7m4q9x.md": GROUP.format(
            members=", ".join(list(ids.values())[:members])
        ),
        year / "c-2k7m4q9x/cycle.md": CYCLE,
        year / "c-2k7m4q9x/2026-11-12-s-2k7m4q9x.md": SESSION.format(minutes=minutes),
        year / "visits/2026-11-05-o-2k7m4q9x.md": DROP_IN.format(**ids),
    }
    for file, text in files.items():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")


def found(capsys: pytest.CaptureFixture[str]) -> dict[str, tuple[str, str]]:
    """Code -> message and clause of what `check` finds in the folder `hill`."""
    capsys.readouterr()
    main(["check", "-C", "hill", "--format", "json", "--today", TODAY])
    findings = json.loads(capsys.readouterr().out)["findings"]
    return {one["code"]: (one["message"], one["clause"]) for one in findings}


@pytest.mark.parametrize("preset", PRESETS)
def test_a_preset_checks_and_builds_at_once(place: Path, preset: str) -> None:
    """A school that starts from any preset has no error, and its site at once."""
    assert start(preset) == 0

    assert main(["check", "-C", "hill", "--today", TODAY]) == 0
    assert main(["build", "-C", "hill", "--today", TODAY]) == 0
    assert (place / "hill/site/handbook/index.html").is_file()
    assert f"preset: {preset}" in (place / "hill/records/hill/policy-2026-09.md").read_text()


def test_a_second_school_joins_the_trust(
    place: Path, beginnings: Beginnings, capsys: pytest.CaptureFixture[str]
) -> None:
    """A trust takes in one more school, with a preset of its own, and still checks."""
    shutil.copytree(beginnings("head-excluded"), "hill")
    capsys.readouterr()

    assert start("mentor-and-slt", "--school", "Dale Primary") == 0

    out = capsys.readouterr()
    assert "records/dale/policy-2026-09.md" in out.out.splitlines()
    assert "Dale Primary is added to Hill Primary, and not committed yet" in out.err
    names = [file.read_text() for file in (place / "hill/records/people").iterdir()]
    assert len({text.partition("sign_in: ")[2].partition("\n")[0] for text in names}) == 8
    assert main(["check", "-C", "hill", "--today", TODAY]) == 0


def test_four_presets_stand_side_by_side(place: Path, beginnings: Beginnings) -> None:
    """One trust can hold all four ways of coaching at once."""
    shutil.copytree(beginnings(PRESETS[0]), "hill")
    for preset, school in zip(PRESETS[1:], ("Dale", "Moss", "Fell"), strict=True):
        assert start(preset, "--school", f"{school} Primary") == 0

    assert main(["check", "-C", "hill", "--today", TODAY]) == 0
    assert main(["build", "-C", "hill", "--today", TODAY]) == 0
    assert (place / "hill/site/handbook/fell/index.html").is_file()


def test_a_school_without_a_policy_is_given_one(place: Path, beginnings: Beginnings) -> None:
    """Where a school has lost its policy, `init` adds that and leaves the rest as it is."""
    shutil.copytree(beginnings("head-excluded"), "hill")
    (place / "hill/records/hill/policy-2026-09.md").unlink()
    before = sorted((place / "hill/records").rglob("*.md"))

    (place / "policy.yml").write_text(ANSWERS[ANSWERS.index("policy:") :])

    given = ("--slug", "hill", "--yes", "--answers", "policy.yml", "--today", TODAY)
    assert main(["init", "hill", "--preset", "head-collates", *given]) == 0

    after = sorted((place / "hill/records").rglob("*.md"))
    assert [file.name for file in after if file not in before] == ["policy-2026-09.md"]
    assert main(["check", "-C", "hill", "--today", TODAY]) == 0


def test_an_answer_that_does_not_fit_adds_no_school(
    place: Path, beginnings: Beginnings, capsys: pytest.CaptureFixture[str]
) -> None:
    """A school whose answers contradict each other leaves the trust as it was."""
    shutil.copytree(beginnings("head-excluded"), "hill")
    before = sorted((place / "hill").rglob("*"))

    dale = ("--school", "Dale Primary", "--answer", "session.minutes.target=40")
    assert start("head-excluded", *dale) == 1

    assert "do not go together: a session is meant to take 40" in capsys.readouterr().err
    assert sorted((place / "hill").rglob("*")) == before


def test_a_fifth_policy_takes_one_file(
    place: Path, beginnings: Beginnings, capsys: pytest.CaptureFixture[str]
) -> None:
    """A school unlike all four edits its policy; what it allows is no finding, and it builds."""
    shutil.copytree(beginnings("head-excluded"), "hill")
    fifth(place / "hill")
    write(place / "hill", minutes=45, members=4)

    codes = found(capsys)

    assert not {"CB203", "CB208", "CB302", "CB402", "CB406", "CB710"} & set(codes)
    assert not {code for code in codes if code.startswith("CB7")} - {"CB705"}
    (place / "hill/records/hill/2026-27/visits/2026-11-05-o-2k7m4q9x.md").unlink()
    assert main(["build", "-C", "hill", "--today", TODAY]) == 0


def test_a_fifth_policy_is_quoted(
    place: Path, beginnings: Beginnings, capsys: pytest.CaptureFixture[str]
) -> None:
    """A finding quotes the clause of the school's own policy, with its own number."""
    shutil.copytree(beginnings("head-excluded"), "hill")
    fifth(place / "hill")
    write(place / "hill", minutes=46, members=3)

    codes = found(capsys)

    assert codes["CB302"] == ("46 minutes; the limit at Hill Primary is 45", "4.2")
    assert codes["CB208"] == ("triad `g-2k7m4q9x` has 3 members; it needs 4", "2.4")


@pytest.mark.parametrize(
    ("preset", "codes"),
    [
        ("head-collates", {"CB302", "CB208"}),
        ("head-excluded", {"CB302", "CB203"}),
        ("trust-two-models", {"CB208"}),
        ("mentor-and-slt", {"CB406", "CB208"}),
    ],
)
def test_what_the_fifth_policy_allows_each_preset_finds(
    place: Path,
    beginnings: Beginnings,
    preset: str,
    codes: set[str],
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The same records are judged by whatever the school has decided."""
    shutil.copytree(beginnings(preset), "hill")
    write(place / "hill", minutes=45, members=4)

    shown = found(capsys)

    assert codes <= set(shown)
    assert all(shown[code][1] for code in codes)


@pytest.mark.parametrize("preset", PRESETS)
def test_a_preset_asks_and_then_checks(place: Path, preset: str) -> None:
    """On a terminal each preset is named with what is special about it, and asks the same."""
    terms = [line.partition(": ")[2] for line in ANSWERS.splitlines()[8:14]]
    typed = (preset, "Hill Primary", "primary", "Wren Ashgrove, teacher, lead-coach", "")
    kept = ("office", "no", "nobody", "for a year", "for three years", "for six years")

    status, _, screen = at_terminal(("init", "hill"), (*typed, *terms, *kept), place)

    assert status == 0, screen
    assert all(summary in screen for summary in SUMMARIES.values())
    assert main(["check", "-C", "hill"]) == 0
