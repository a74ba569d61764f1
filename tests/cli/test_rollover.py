"""`coachbook rollover`: a new repository for a new school year."""

from __future__ import annotations

import shutil
import subprocess
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from coachbook.book import load_book
from coachbook.cli import main
from coachbook.diagnostics import Severity
from coachbook.rules import check_book
from tests.cli.desk import COACH, COACHEE, NOTE, SESSION, as_json
from tests.workspaces import otterbeck_small as small

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.desk import Desk, Result

CYCLE = "records/otterbeck/2026-27/c-0a1b2c3d/cycle.md"
PAIR = "records/otterbeck/partnerships/pt-6r1e9k3w.md"
LEFT = "p-l8q3i0vp"
STATEMENT = "records/otterbeck/2026-27/c-0a1b2c3d/2026-12-17-i-4m6n8p2q.md"
STATEMENT_TEXT = """\
---
type: impact-statement
id: i-4m6n8p2q
school: otterbeck
cycle: c-0a1b2c3d
date: 2026-12-17
author: p-m3v8x1ra
---

## Statement

Waiting has become a habit.
"""
DAY = "2027-09-01"
APPROVALS = "records/keys/approvals.md"


def roll(desk: Desk, *options: str, day: str = DAY) -> Result:
    """Runs it into the folder `next` beside the workspace."""
    arguments = ("rollover", "../next", "--year", "2027-28", "--today", day, *options)
    return desk.run(*arguments, words="")


def new(desk: Desk) -> Path:
    """The new repository."""
    return desk.root.parent / "next"


def closed(desk: Desk) -> None:
    """Closes the cycle and the pair, and seals an impact statement about it."""
    desk.write(STATEMENT, STATEMENT_TEXT)
    desk.run("seal", STATEMENT, person="p-m3v8x1ra")
    text = desk.read(CYCLE).replace("phase: learn", "phase: done")
    desk.write(CYCLE, text.replace("status: open", "status: closed\nclosed_on: 2026-12-18"))
    text = desk.read(PAIR).replace("status: active", "status: ended\nend: 2026-12-18")
    desk.write(PAIR, text.replace("chosen_by", "end_reason: finished\nchosen_by"))


@dataclass(frozen=True)
class Rolled:
    """An old repository and the one that goes on from it."""

    old: Path
    new: Path
    head: str


@pytest.fixture(scope="module")
def rolled(tmp_path_factory: pytest.TempPathFactory) -> Rolled:
    """The small school and its next year, with a calendar, made once."""
    old = tmp_path_factory.mktemp("years") / "old"
    shutil.copytree(small.ROOT, old)
    (old / APPROVALS).write_text("# Approvals\n", encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        for name in ("AUTHOR", "COMMITTER"):
            patch.setenv(f"GIT_{name}_NAME", "Office")
            patch.setenv(f"GIT_{name}_EMAIL", "office@example.org")
        for arguments in (["init", "-q", "-b", "main"], ["add", "-A"], ["commit", "-qm", "start"]):
            git(old, *arguments)
        patch.chdir(old)
        first = ("--term", "autumn_1 2027-09-01 to 2027-10-22")
        options = ("--year", "2027-28", "--today", DAY, *first, *later_terms())
        assert main(["rollover", "../next", *options]) == 0
    return Rolled(old, old.parent / "next", git(old, "rev-parse", "HEAD"))


def test_an_open_cycle_goes_along_byte_for_byte(rolled: Rolled) -> None:
    """An open cycle goes into the new year with its notes, sealed as they were."""
    for path in (CYCLE, SESSION, PAIR, "records/keys/roles/monitor@otterbeck.1.age"):
        assert (rolled.new / path).read_bytes() == (rolled.old / path).read_bytes()


def test_the_new_workspace_is_in_order(rolled: Rolled) -> None:
    """The new repository is committed, and its check has no error."""
    book = load_book(rolled.new)

    assert [one for one in check_book(book) if one.severity is Severity.ERROR] == []
    assert git(rolled.new, "status", "--porcelain") == ""
    said = git(rolled.new, "log", "-1", "--format=%s")
    assert said == f"the year 2027-28, going on from {rolled.head}"
    assert book.calendars["otterbeck", "2027-28"].half_terms[0].start.isoformat() == DAY


def test_git_is_set_up_in_the_new_one(rolled: Rolled) -> None:
    """Hooks, diffs and merges work in the new repository, whatever the old one lacked."""
    assert git(rolled.new, "ls-files", "--stage", ".githooks/pre-commit").startswith("100755")
    assert git(rolled.new, "config", "core.hooksPath") == ".githooks"
    assert "merge=coachbook" in (rolled.new / ".gitattributes").read_text(encoding="utf-8")


def test_who_has_left_stays_behind(rolled: Rolled) -> None:
    """Somebody who has left, and whom nothing that goes along names, stays behind."""
    assert not (rolled.new / f"records/people/{LEFT}.md").exists()
    assert (rolled.new / f"records/people/{COACHEE}.md").exists()


def test_the_portals_cannot_be_matched(rolled: Rolled) -> None:
    """The new portal names its files by a new random value; the workspace keeps its name."""
    old, fresh = load_book(rolled.old).trust, load_book(rolled.new).trust

    assert old.workspace == fresh.workspace
    assert old.fragments != fresh.fragments


def test_approvals_go_along(rolled: Rolled) -> None:
    """A line that approved a reader once is old in the new repository too, and approves nothing."""
    assert (rolled.new / APPROVALS).read_bytes() == (rolled.old / APPROVALS).read_bytes()


def test_a_note_opens_in_the_new_year(desk: Desk) -> None:
    """A person opens an older note in the new repository with the key on their device."""
    desk.commit_all()
    roll(desk)
    desk.monkeypatch.chdir(new(desk))

    result = desk.run("open", SESSION, person=COACH)

    assert "answered it myself" in result.out, result.err


def later_terms() -> list[str]:
    """The other five half-terms of the year."""
    dates = {
        "autumn_2": "2027-11-01 to 2027-12-17",
        "spring_1": "2028-01-04 to 2028-02-11",
        "spring_2": "2028-02-21 to 2028-03-31",
        "summer_1": "2028-04-18 to 2028-05-26",
        "summer_2": "2028-06-05 to 2028-07-20",
    }
    return [part for name, span in dates.items() for part in ("--term", f"{name} {span}")]


def git(folder: Path, *arguments: str) -> str:
    """What git says in a folder."""
    done = subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True)
    return done.stdout.decode().strip()


def test_what_is_over_stays_behind_and_is_listed(desk: Desk) -> None:
    """A closed cycle stays with its notes; the list says until when they may be kept."""
    closed(desk)
    (desk.root / STATEMENT).unlink()
    desk.commit_all()

    result = roll(desk)

    assert not (new(desk) / SESSION).exists()
    assert not (new(desk) / CYCLE).exists()
    kept = "kept until 31 August after the cycle closes [10.4], at most until 31 Aug 2027"
    assert f"{kept}\n      1  Coaching cycle\n      1  Coaching session" in result.out


def test_a_statement_is_kept_for_longer(desk: Desk) -> None:
    """An impact statement goes along while its time runs; of its cycle the header alone does."""
    closed(desk)
    desk.commit_all()

    result = roll(desk)

    assert result.status == 0, result.err
    assert (new(desk) / STATEMENT).read_bytes() == (desk.root / STATEMENT).read_bytes()
    header = (new(desk) / CYCLE).read_text(encoding="utf-8")
    assert "text_left_in: 2026-27" in header
    assert "age" not in header
    assert not (new(desk) / SESSION).exists()


def test_a_dry_run_writes_nothing(desk: Desk) -> None:
    """`--dry-run` says what would go along and leaves every folder as it is."""
    desk.commit_all()

    result = roll(desk, "--dry-run", "--format", "json")

    plan = as_json(result)
    assert isinstance(plan, dict)
    assert plan["carried"]["Coaching cycle"] == 1
    assert "nothing was written" in result.err
    assert [one.name for one in desk.root.parent.iterdir() if "next" in one.name] == []


@pytest.mark.parametrize(
    ("prepare", "message"),
    [
        (lambda desk: desk.write("../next/notes.txt", "mine"), "../next is there already"),
        (lambda desk: desk.write(SESSION, desk.read(SESSION) + "\n"), "1 file is not committed"),
        (lambda desk: desk.write("records/otterbeck/draft.md", NOTE), "1 file is not committed"),
    ],
)
def test_nothing_is_made_where_it_should_not_be(
    desk: Desk, prepare: Callable[[Desk], object], message: str
) -> None:
    """A folder with something in it is left alone, and unfinished work is finished first."""
    desk.commit_all()
    prepare(desk)

    result = roll(desk)

    assert result.status == 2
    assert message in result.err
    assert not (new(desk) / "records").exists()


@pytest.mark.parametrize("year", ["2027", "2027-29", "next", "27-28", "0000-01"])
def test_a_year_is_a_school_year(desk: Desk, year: str) -> None:
    """A year that is none is refused with one that is."""
    desk.commit_all()

    result = desk.run("rollover", "../next", "--year", year, words="")

    assert result.status == 2
    assert "write it as 2027-28" in result.err


@pytest.mark.parametrize(("year", "words"), [("2026-27", "is over"), ("2029-30", "too far ahead")])
def test_the_year_is_this_one_or_the_next(desk: Desk, year: str, words: str) -> None:
    """A year that is over, or that nobody can plan yet, is refused with the next one."""
    desk.commit_all()

    result = desk.run("rollover", "../next", "--year", year, "--today", DAY, words="")

    assert result.status == 2
    assert words in result.err
    assert "the next one is 2028-29" in result.err


def test_it_does_not_lie_inside_the_old_one(desk: Desk) -> None:
    """The new repository is no folder of the one that will be deleted."""
    desk.commit_all()

    result = desk.run("rollover", "next", "--year", "2027-28", words="")

    assert result.status == 2
    assert "lies in the workspace that is to be left behind" in result.err


def test_a_shared_area_is_refused(desk: Desk) -> None:
    """Records are not put where the whole school reads."""
    school = "records/otterbeck/school.md"
    area = desk.root.parent / "shared"
    area.mkdir()
    desk.write(school, desk.read(school).replace("phase:", f"shared_areas: ['{area}']\nphase:"))
    desk.commit_all()

    result = desk.run("rollover", str(area / "next"), "--year", "2027-28", words="")

    assert result.status == 2
    assert "shared area of Otterbeck Primary" in result.err


class Killed(BaseException):
    """The process ends between two steps."""


@pytest.mark.parametrize("step", [1, 12])
def test_a_kill_leaves_no_half_of_a_repository(desk: Desk, step: int) -> None:
    """Killed at any file, nothing lies in the new place, and the next run does it all."""
    desk.commit_all()
    write, left = Path.write_bytes, [step]

    def killed(self: Path, data: bytes) -> int:
        left[0] -= 1
        if not left[0]:
            raise Killed
        return write(self, data)

    with desk.monkeypatch.context() as patch, suppress(Killed):
        patch.setattr(Path, "write_bytes", killed)
        patch.setattr("coachbook.cli.rollover._remove", lambda _: None)  # no time to tidy up
        roll(desk)

    assert not new(desk).exists()
    assert roll(desk).status == 0
    assert sorted(one.name for one in desk.root.parent.iterdir()) == ["home", "next", "otterbeck"]


@pytest.mark.parametrize(
    "step", ["coachbook.cli.starting.start_git", "coachbook.cli.rollover._new_errors"]
)
def test_an_interrupt_leaves_nothing_behind(desk: Desk, step: str) -> None:
    """Interrupted before the repository is whole, not even a hidden folder is left."""
    desk.commit_all()

    def interrupted(*_: object) -> None:
        raise Killed

    with desk.monkeypatch.context() as patch, suppress(Killed):
        patch.setattr(step, interrupted)
        roll(desk)

    assert sorted(one.name for one in desk.root.parent.iterdir()) == ["home", "otterbeck"]


def test_what_is_to_be_written_next_is_said(desk: Desk) -> None:
    """Calendar, policy review, vacant roles and pairs with somebody who leaves are listed."""
    path = f"records/people/{COACHEE}.md"
    desk.write(path, desk.read(path).replace("\n---\n", "\nend: 2027-07-20\n---\n", 1))
    role = "records/otterbeck/roles/r-9j3f7h1s.md"
    desk.write(role, desk.read(role).replace("\n---\n", "\nto: 2027-08-31\n---\n", 1))
    desk.commit_all()

    result = roll(desk, day="2027-07-01")

    assert "[ ] Otterbeck Primary has no calendar for 2027-28 yet" in result.out
    assert "the policy of Otterbeck Primary is due for review by 31 Jul 2027" in result.out
    assert f"[ ] {PAIR}: goes on with somebody who has left by 1 Sep 2027" in result.out
    assert "from 1 Sep 2027 on" in result.out
    assert "the year begins on 1 Sep 2027" in result.out


def test_own_form_and_templates_go_along(desk: Desk) -> None:
    """Forms, templates and settings of the workspace are there again; a link is not followed."""
    desk.write("records/forms/own.yml", FORM.decode())
    desk.write("site_templates/handbook/index.md", "# Ours\n")
    desk.write("mkdocs.yml", "site_name: Ours\n")
    (desk.root / "site_templates/secret.md").symlink_to("/etc/hostname")
    desk.commit_all()

    result = roll(desk)

    assert result.status == 0, result.err
    for path in ("records/forms/own.yml", "site_templates/handbook/index.md", "mkdocs.yml"):
        assert (new(desk) / path).is_file()
    assert not (new(desk) / "site_templates/secret.md").exists()


FORM = b"""\
form: own-sheet
version: 1
like: coaching-session@1
title: Our own sheet
purpose: How we write it here.
"""
