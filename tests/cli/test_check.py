"""`coachbook check`, `explain` and `fix`."""

from __future__ import annotations

import json
import shutil
import sys
from typing import TYPE_CHECKING

import pytest

from coachbook.cli import main
from tests.workspaces import otterbeck_small as small

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SESSION = "records/otterbeck/2026-27/c-0a1b2c3d/2026-11-05-s-3x9p5w1d.md"
TEXT = """\
---
type: session
id: s-3x9p5w1d
school: otterbeck
cycle: c-0a1b2c3d
date: 2026-11-05
status: held
kind: coaching
minutes: 14
---
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The small workspace, free to be changed."""
    return shutil.copytree(small.ROOT, tmp_path / "workspace")


@pytest.fixture
def run(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str, str]]:
    """Runs a command in the workspace: status, answer, talk."""
    monkeypatch.chdir(root)
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)

    def run_command(*arguments: str) -> tuple[int, str, str]:
        status = main(arguments)
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    return run_command


Run = "Callable[..., tuple[int, str, str]]"


def write(root: Path, text: str, path: str = SESSION) -> None:
    """Puts a file into the workspace."""
    (root / path).write_text(text, encoding="utf-8", newline="\n")


def test_a_sound_workspace_is_one_answer_and_no_talk(run: Run) -> None:
    """Where nothing is wrong, check says what it looked at and returns 0."""
    status, out, err = run("check")

    assert (status, err) == (0, "")
    assert out.startswith("20 files checked: 0 errors, 0 warnings\n")


def test_warnings_do_not_fail_a_check(root: Path, run: Run) -> None:
    """A session that took longer than the limit is a true record, and the check passes."""
    write(root, TEXT.replace("minutes: 14", "minutes: 18"))

    status, out, _ = run("check")

    assert status == 0
    assert "CB302 warning: 18 minutes" in out


def test_strict_takes_warnings_for_errors(root: Path, run: Run) -> None:
    """With --strict a warning fails the check."""
    write(root, TEXT.replace("minutes: 14", "minutes: 18"))

    assert run("check", "--strict")[0] == 1


def test_an_error_fails_a_check(root: Path, run: Run) -> None:
    """An error returns 1."""
    write(root, TEXT.replace("minutes: 14", "minuts: 14"))

    status, out, _ = run("check")

    assert status == 1
    assert f"{SESSION}:9:1: CB102" in out


def test_a_path_narrows_the_report_and_not_the_check(root: Path, run: Run) -> None:
    """Findings elsewhere stay out of a report on one folder."""
    write(root, TEXT.replace("minutes: 14", "minuts: 14"))

    assert run("check", "records/people")[0] == 0
    assert run("check", "records/otterbeck")[0] == 1
    assert run("check", SESSION)[0] == 1


def test_a_path_that_leads_nowhere_is_an_error(run: Run) -> None:
    """A slip in a path is not taken for a clean result."""
    status, out, err = run("check", "records/oterbeck")

    assert (status, out) == (2, "")
    assert "there is no file or folder records/oterbeck" in err


def test_a_path_outside_the_workspace_is_an_error(tmp_path: Path, run: Run) -> None:
    """Only files of the workspace can be checked."""
    (tmp_path / "other.md").write_text("x")

    assert run("check", "-C", ".", str(tmp_path / "other.md"))[0] == 2


def test_outside_a_workspace_it_could_not_run(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where there is no workspace, check says how to get to one and returns 2."""
    monkeypatch.chdir(tmp_path)

    status, _, err = run("check")

    assert status == 2
    assert "coachbook init" in err


def test_a_newer_format_is_refused(root: Path, run: Run) -> None:
    """A workspace of a later coachbook is not half understood."""
    trust = root / "records/trust.md"
    trust.write_text(trust.read_text().replace("format: 1", "format: 2"))

    status, _, err = run("check")

    assert status == 2
    assert "this workspace has format 2; this coachbook reads format 1" in err


def test_json_is_for_programs(root: Path, run: Run) -> None:
    """With --format json the answer is one object, whatever was found."""
    write(root, TEXT.replace("minutes: 14", "minutes: 18"))

    report = json.loads(run("check", "--format", "json")[1])

    assert report["version"] == 1
    assert [finding["code"] for finding in report["findings"]] == ["CB302"]


def test_github_adds_to_the_page_of_the_run(
    root: Path, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With --format github the log has annotations and the page about the run the whole list."""
    page = tmp_path / "summary.md"
    page.write_text("before\n")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(page))
    write(root, TEXT.replace("minutes: 14", "minutes: 18"))

    out = run("check", "--format", "github")[1]

    assert out.startswith(f"::warning file={SESSION},line=9,col=10,title=CB302::18 minutes")
    assert page.read_text().startswith("before\n## coachbook check\n")


def test_confidential_text_is_in_no_report(root: Path, run: Run) -> None:
    """A section that somebody forgot to seal is named by its place in every format."""
    write(root, TEXT + "\n## Notes\n\nfulsome-canary\n")

    reports = [run("check", "--format", form) for form in ("text", "json", "github")]

    assert [status for status, _, _ in reports] == [1, 1, 1]
    assert not [out for _, out, err in reports if "fulsome-canary" in out + err]


def test_a_type_that_is_confidential_is_in_no_report(root: Path, run: Run) -> None:
    """A concern in the clear is reported by its file, and nothing of its header is shown."""
    place = root / "records/otterbeck/sealed/k-5h8j2k4l.md"
    place.parent.mkdir()
    place.write_text(
        "---\ntype: concern\nid: k-5h8j2k4l\nschool: otterbeck\nabout: fulsome-canary\n"
        "status: fulsome-canary\n---\n\n## What was noticed\n\nfulsome-canary\n"
    )

    status, out, err = run("check")

    assert status == 1
    assert "CB501" in out
    assert "fulsome-canary" not in out + err


def test_explain_prints_the_page_of_a_rule(run: Run) -> None:
    """A code from a report leads to what the rule wants, why, and what to do."""
    status, out, _ = run("explain", "cb302")

    assert status == 0
    assert out.startswith("CB302 too-long: A session lasts no longer than the policy intends.")
    assert "Why: " in out
    assert "What to do: " in out


def test_explain_takes_a_name(run: Run) -> None:
    """A rule can be looked up by its name too."""
    assert run("explain", "unsealed")[1].startswith("CB501")


def test_explain_lists_all_rules(run: Run) -> None:
    """Without a code every rule is listed."""
    from coachbook.rules import RULES

    lines = run("explain")[1].splitlines()

    assert [line.split()[0] for line in lines] == [rule.code for rule in RULES]


def test_explain_knows_what_was_meant(run: Run) -> None:
    """A code that does not exist is met with the nearest one."""
    status, _, err = run("explain", "too-lang")

    assert status == 2
    assert "did you mean too-long?" in err


def test_fix_repairs_and_shows_the_lines(root: Path, run: Run) -> None:
    """A date as people write it becomes the date that records have."""
    write(root, TEXT.replace("date: 2026-11-05", "date: 5 Nov 2026"))

    status, out, err = run("fix")

    assert (status, err) == (0, "1 file repaired\n")
    assert "-date: 5 Nov 2026\n+date: 2026-11-05\n" in out
    assert (root / SESSION).read_text() == TEXT


def test_fix_can_only_show(root: Path, run: Run) -> None:
    """With --dry-run nothing is written."""
    text = TEXT.replace("date: 2026-11-05", "date: 5 Nov 2026")
    write(root, text)

    _, out, err = run("fix", "--dry-run")

    assert "+date: 2026-11-05" in out
    assert err == "1 file would be repaired\n"
    assert (root / SESSION).read_text() == text


def test_fix_shows_nothing_of_a_section(root: Path, run: Run) -> None:
    """The lines around a repair may be confidential, so they are not shown."""
    write(root, TEXT + "\n##notes\n\nfulsome-canary\n")

    _, out, err = run("fix")

    assert "+## Notes" in out
    assert "fulsome-canary" not in out + err


def test_fix_shows_the_lines_of_a_header_that_could_not_be_read(root: Path, run: Run) -> None:
    """What is readable once it is repaired is shown as any other record is."""
    write(root, TEXT.replace("date: 2026-11-05", "\tdate: 5 Nov 2026"))

    _, out, err = run("fix")

    assert err == "1 file repaired\n"
    assert "-\tdate: 5 Nov 2026\n+date: 2026-11-05\n" in out


def test_fix_leaves_a_sound_workspace_alone(root: Path, run: Run) -> None:
    """Where nothing is to be repaired, no file is written."""
    before = {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}

    assert run("fix")[2] == "nothing to repair\n"

    assert {path: path.read_bytes() for path in root.rglob("*") if path.is_file()} == before


WAIVER = """\
---
type: waiver
id: w-4b7c1n9e
school: otterbeck
code: CB302
about: s-3x9p5w1d
reason: agreed-exception
granted_by: p-m3v8x1ra
granted_on: 2026-11-06
until: 2027-07-21
---
"""


def test_a_waived_warning_passes_a_strict_check(root: Path, run: Run) -> None:
    """What is set aside does not fail a check, and is counted."""
    write(root, TEXT.replace("minutes: 14", "minutes: 18"))
    (root / "records/otterbeck/waivers").mkdir()
    write(root, WAIVER, "records/otterbeck/waivers/w-4b7c1n9e.md")

    status, out, _ = run("check", "--strict")

    assert status == 0
    assert "1 waived" in out
    assert "CB302" not in out


def test_what_is_waived_is_shown_on_request(root: Path, run: Run) -> None:
    """With --waived it stands in the report, with its reason and its last day."""
    write(root, TEXT.replace("minutes: 14", "minutes: 18"))
    (root / "records/otterbeck/waivers").mkdir()
    write(root, WAIVER, "records/otterbeck/waivers/w-4b7c1n9e.md")

    _, out, _ = run("check", "--waived")

    assert "CB302 waived: 18 minutes" in out
    assert "set aside until 21 Jul 2027" in out


def test_without_anywhere_to_print_the_status_tells(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A task that runs at night may have closed the output."""
    monkeypatch.setattr(sys, "stdout", None)

    assert main(["check", "-C", str(root), "--today", "2026-11-12"]) == 0


def test_a_store_that_was_asked_for_and_cannot_be_used_is_said(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Otherwise nobody would know why every check takes its full time."""
    (root.parent / "file").touch()
    monkeypatch.setenv("COACHBOOK_CACHE", str(root.parent / "file"))

    assert main(["check", "-C", str(root), "--today", "2026-11-12"]) == 0
    assert "nothing is kept for the next run: COACHBOOK_CACHE names" in capsys.readouterr().err
