"""What keeps confidential text out of commits where git runs no hook, and what finds it."""

from __future__ import annotations

import os
import subprocess
from importlib import resources
from typing import TYPE_CHECKING

import pytest
import yaml

from tests.cli.desk import COACH, COACHEE, DRAFT, DRAFT_TEXT, NOTE, SESSION
from tests.git.conftest import git

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.desk import Desk


def commit_in_clear(school: Desk) -> None:
    """Commits a session as it was written, past the hook."""
    school.write(DRAFT, DRAFT_TEXT)
    school.git("add", DRAFT)
    school.git("commit", "-q", "--no-verify", "-m", "past the hook")


def merge_of_clear_text(school: Desk) -> None:
    """Leaves `main` before a merge with a branch that holds text in the clear."""
    school.git("checkout", "-q", "-b", "side")
    commit_in_clear(school)
    school.git("checkout", "-q", "main")
    school.write("README.md", "Our records.\n")
    school.git("add", "README.md")
    school.git("commit", "-q", "-m", "on main")


def workflow(school: Desk, before: str) -> subprocess.CompletedProcess[str]:
    """Runs the very lines of the publishing workflow on what came after a commit."""
    step = resources.files("coachbook") / "_workspace" / "publish.yml"
    flow = yaml.safe_load(step.read_text(encoding="utf-8"))
    (script,) = (
        one["run"] for one in flow["jobs"]["check-and-build"]["steps"] if "BEFORE" in str(one)
    )
    python = school.git("config", "coachbook.python").strip()
    return subprocess.run(
        ["sh", "-e", "-c", script.replace("python -P", f"{python} -P")],
        cwd=school.root,
        env={**os.environ, "BEFORE": before},
        capture_output=True,
        text=True,
        check=False,
    )


def by_stash(school: Desk) -> None:
    """Types on below a sealed block, and comes back to it after a stash."""
    append_in_clear(school)
    school.git("stash", "-q")
    school.git("stash", "pop", "-q")
    school.git("commit", "-q", "--no-verify", "-am", "from the stash")


def by_cherry_pick(school: Desk) -> None:
    """Picks a commit of another branch, on which somebody typed on below a sealed block."""
    on_another_branch(school)
    school.git("cherry-pick", "side")


def by_rebase(school: Desk) -> None:
    """Puts such a branch on top of what came meanwhile."""
    on_another_branch(school)
    school.write("README.md", "Our records.\n")
    school.git("add", "README.md")
    school.git("commit", "-q", "-m", "on main")
    school.git("rebase", "-q", "main", "side")


def by_mail(school: Desk) -> None:
    """Takes in such a commit as a patch."""
    on_another_branch(school)
    patch = school.git("format-patch", "-1", "--stdout", "--no-textconv", "side")
    subprocess.run(["git", "am", "-q"], cwd=school.root, input=patch, text=True, check=True)


def by_revert(school: Desk) -> None:
    """Takes back the commit that had taken the text out."""
    append_in_clear(school)
    school.git("commit", "-q", "--no-verify", "-am", "typed on")
    school.git("revert", "--no-edit", "HEAD")
    school.git("revert", "--no-edit", "HEAD")


def append_in_clear(school: Desk) -> None:
    """Types on below the last sealed block of a session."""
    school.write(SESSION, f"{school.read(SESSION)}\n{NOTE}\n")


def on_another_branch(school: Desk) -> None:
    """Leaves `main` beside a branch on which somebody typed on below a sealed block."""
    school.git("checkout", "-q", "-b", "side")
    append_in_clear(school)
    school.git("commit", "-q", "--no-verify", "-am", "typed on")
    school.git("checkout", "-q", "main")


@pytest.mark.parametrize("way", [by_stash, by_cherry_pick, by_rebase, by_mail, by_revert])
def test_the_workflow_finds_text_below_a_block_however_it_came(
    school: Desk, way: Callable[[Desk], None]
) -> None:
    """Where git runs no hook, the step of the workflow fails, and quotes nothing."""
    before = school.git("rev-parse", "HEAD").strip()
    way(school)

    found = workflow(school, before)

    assert found.returncode == 1
    assert f"{SESSION} was committed with a confidential part in the clear" in found.stdout
    assert NOTE not in found.stdout + found.stderr


def test_an_automatic_merge_is_sealed(school: Desk) -> None:
    """A merge that goes well by itself runs a hook too: it stops, and what came is sealed."""
    merge_of_clear_text(school)

    done = git(school, "merge", "--no-edit", "side")

    assert done.returncode == 1
    assert "hint: finish the merge with: git commit --no-edit" in done.stderr
    assert NOTE not in done.stdout + done.stderr
    assert git(school, "commit", "-q", "--no-edit").returncode == 0
    assert school.git("log", "-1", "--format=%P").count(" ") == 1
    assert NOTE not in school.git("show", f"HEAD:{DRAFT}")
    assert school.git("status", "--porcelain") == ""


def test_a_merge_of_sealed_records_is_not_stopped(school: Desk) -> None:
    """Where everything that a merge brings is sealed, its hook has nothing to say."""
    school.git("checkout", "-q", "-b", "side")
    school.write(DRAFT, DRAFT_TEXT)
    assert school.run("save", DRAFT, person=COACH).status == 0
    school.git("checkout", "-q", "main")

    done = git(school, "merge", "--no-ff", "--no-edit", "side")

    assert done.returncode == 0, done.stderr


def test_what_came_with_a_merge_is_found_in_its_commits(school: Desk) -> None:
    """Sealed or not by now, the commit that brought the text in the clear is named."""
    merge_of_clear_text(school)
    git(school, "merge", "--no-edit", "side")
    git(school, "commit", "-q", "--no-edit")
    clear = school.git("rev-parse", "side").strip()

    result = school.run("seal", "--check", "--since", "main~1")

    assert result.status == 1
    line = f"{clear[:10]}: {DRAFT} was committed with a confidential part in the clear"
    assert [one for one in result.out.splitlines() if "committed" in one] == [line]
    assert "data protection lead" in result.err
    assert NOTE not in result.out + result.err
    assert school.run("seal", "--check").status == 0


def test_what_a_later_commit_took_out_is_found(school: Desk) -> None:
    """Text that is gone from the files is still in the history that everybody clones."""
    commit_in_clear(school)
    school.git("rm", "-q", DRAFT)
    school.git("commit", "-q", "-m", "out again")

    assert school.run("check").status == 0
    assert school.run("seal", "--check", "--since", "HEAD~2").status == 1
    assert school.run("seal", "--check", "--since", "HEAD~1").status == 0


def test_sealed_commits_are_clean(school: Desk) -> None:
    """Commits of sealed records, keys, deletions and merges leave nothing to report."""
    school.git("mv", SESSION, SESSION.replace("2026-11-12", "2026-11-13"))
    school.git("commit", "-q", "-m", "moved")
    school.write(DRAFT, DRAFT_TEXT)
    assert school.run("save", DRAFT, person=COACH).status == 0

    result = school.run("seal", "--check", "--since", "HEAD~2")

    assert result.status == 0, result.out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--since", "HEAD"), "--since only looks"),
        (("--check", "--since", "nowhere"), "there is no revision 'nowhere'"),
        (("--check", "--since", ""), "there is no revision ''"),
    ],
)
def test_a_slip_in_the_revision(school: Desk, arguments: tuple[str, ...], said: str) -> None:
    """A revision that is not there, or is of no use, is an error and never a clean answer."""
    result = school.run("seal", *arguments)

    assert result.status == 2
    assert said in result.err


def test_the_workflow_finds_what_the_web_page_committed(school: Desk) -> None:
    """The step of the publishing workflow fails on a push that held text in the clear."""
    before = school.git("rev-parse", "HEAD").strip()
    commit_in_clear(school)
    assert school.run("seal", DRAFT).status == 0
    school.git("commit", "-qam", "sealed now")
    status = {one: workflow(school, one).returncode for one in (before, "0" * 40)}

    assert status == {before: 1, "0" * 40: 0}


def test_what_no_hook_saw_does_not_leave_the_computer(school: Desk) -> None:
    """A commit in the clear is not pushed, on whatever branch; made anew and sealed, it is."""
    school.git("init", "-q", "--bare", "../remote")
    school.git("remote", "add", "origin", "../remote")
    school.git("push", "-q", "origin", "main")
    commit_in_clear(school)
    for branch in ("main", "main:other"):
        refused = git(school, "push", "origin", branch)
        assert refused.returncode == 1
        assert f"{DRAFT} was committed with a confidential part in the clear" in refused.stdout
        assert NOTE not in refused.stdout + refused.stderr
    school.git("reset", "-q", "--soft", "HEAD~1")
    assert school.run("save", person=COACH).status == 0

    assert git(school, "push", "-q", "origin", "main:other").returncode == 0
    assert git(school, "push", "-q", "origin", "main", ":other").returncode == 0


def test_what_was_pushed_before_stops_no_later_push(school: Desk) -> None:
    """What the remote has already cannot be kept from it, so only new commits are looked at."""
    school.git("init", "-q", "--bare", "../remote")
    school.git("remote", "add", "origin", "../remote")
    commit_in_clear(school)
    school.git("push", "-q", "--no-verify", "origin", "main")
    assert school.run("save", person=COACH).status == 0
    school.write(SESSION, school.read(SESSION).replace("minutes: 14", "minutes: 13"))
    assert school.run("save", person=COACH).status == 0

    assert git(school, "push", "-q", "origin", "main").returncode == 0


def test_a_stash_and_back(school: Desk) -> None:
    """A sealed change that is stashed and taken out again opens as before."""
    school.write(DRAFT, DRAFT_TEXT)
    assert school.run("save", DRAFT, person=COACH).status == 0
    school.write(DRAFT, school.read(DRAFT).replace("minutes: 15", "minutes: 14"))

    school.git("stash", "-q")
    school.git("stash", "pop", "-q")

    assert NOTE in school.run("open", DRAFT, person=COACHEE).out
    assert "minutes: 14" in school.read(DRAFT)


def test_a_revert(school: Desk) -> None:
    """A change that is reverted leaves the block from before, which still opens."""
    school.write(DRAFT, DRAFT_TEXT)
    assert school.run("save", DRAFT, person=COACH).status == 0
    before = school.read(DRAFT)
    school.editor(f"path.write_text(path.read_text().replace({NOTE!r}, 'Other.'))\n")
    for command in ("edit", "save"):
        assert school.run(command, DRAFT, person=COACH).status == 0

    school.git("revert", "--no-edit", "HEAD")

    assert school.read(DRAFT) == before
    assert NOTE in school.run("open", DRAFT, person=COACHEE).out


def test_a_clone_that_would_write_windows_line_endings(school: Desk) -> None:
    """A clone with `core.autocrlf` gets records byte for byte, as `.gitattributes` says."""
    attributes = resources.files("coachbook") / "_workspace" / "gitattributes"
    school.write(".gitattributes", attributes.read_text(encoding="utf-8"))
    school.git("add", "-A")
    school.git("commit", "-q", "-m", "attributes")

    school.git("clone", "-q", "-c", "core.autocrlf=true", ".", "../clone")

    clone = school.root.parent / "clone"
    assert (clone / SESSION).read_bytes() == (school.root / SESSION).read_bytes()


def test_a_sparse_checkout_lacks_the_hooks_and_doctor_says_so(school: Desk) -> None:
    """A checkout of some folders alone has no hooks: `doctor` names that, and a diff works."""
    school.git("sparse-checkout", "set", "records")
    school.write(SESSION, school.read(SESSION).replace("minutes: 14", "minutes: 15"))

    result = school.run("doctor")

    assert "no-hook: .githooks/coachbook is missing" in result.out
    assert "+minutes: 15" in school.git("diff")


def test_a_worktree_shows_and_merges_as_its_repository(school: Desk) -> None:
    """A second worktree has the drivers without being set up."""
    school.git("worktree", "add", "-q", "-b", "side", "../side")
    side = school.root.parent / "side"
    session = side / SESSION
    session.write_text(session.read_text().replace("minutes: 14", "minutes: 15"))

    shown = school.git("-C", "../side", "diff")

    assert "+minutes: 15" in shown
    assert "(sealed for Nerys, Idris and the impact monitor (Petra); revision" in (
        school.git("-C", "../side", "diff", "-U99")
    )


def test_a_new_clone_is_set_up_by_one_command(school: Desk) -> None:
    """`doctor --mend` turns on what a clone does not bring along, and a second run is quiet."""
    school.git("clone", "-q", ".", "../clone")
    clone = school.root.parent / "clone"

    assert "hook-off" in school.run("doctor", "-C", str(clone)).out
    mended = school.run("doctor", "--mend", "-C", str(clone))

    assert "git is set up in this clone" in mended.err
    assert "hook" not in mended.out
    assert "drivers" not in mended.out
    assert school.git("-C", "../clone", "status", "--porcelain") == ""


def test_a_cache_of_opened_text_is_taken_out(school: Desk) -> None:
    """`doctor --mend` unsets the setting by which git would keep opened text."""
    school.git("config", "diff.coachbook.cachetextconv", "true")

    mended = school.run("doctor", "--mend")

    assert "diff.coachbook.cachetextconv: taken out" in mended.err
    assert "cached-text" not in mended.out


def test_inside_another_repository_nothing_is_set_up(school: Desk) -> None:
    """In a folder of a larger repository, git would look for the scripts in the wrong place."""
    school.git("init", "-q", "..")
    (school.root / ".git").rename(school.root.parent / "set-aside")

    result = school.run("doctor", "--mend")

    assert result.status == 2
    assert "lies inside another repository" in result.err


def test_a_clone_with_windows_line_endings_opens(school: Desk) -> None:
    """Without `.gitattributes` a file may have Windows line endings: it opens all the same."""
    school.git("rm", "-q", ".gitattributes")
    school.git("commit", "-q", "--no-verify", "-m", "no attributes")

    school.git("clone", "-q", "-c", "core.autocrlf=true", ".", "../clone")

    clone = school.root.parent / "clone"
    assert b"\r\n" in (clone / SESSION).read_bytes()
    shown = school.run("open", str(clone / SESSION), "-C", str(clone), person=COACHEE)
    assert "equal fractions" in shown.out
    assert "CB5" not in school.run("check", "-C", str(clone)).out
    assert school.git("-C", "../clone", "status", "--porcelain") == ""
