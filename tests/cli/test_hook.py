"""The git hook that seals before a commit, with real git."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from coachbook.cli import main
from coachbook.scaffold import HOOKS, git_scripts, write_files
from tests.cli.desk import COACHEE, DRAFT, DRAFT_TEXT, NOTE, PLAIN_WHOLE, PLAIN_WHOLE_TEXT, SESSION

if TYPE_CHECKING:
    from tests.cli.desk import Desk


@pytest.fixture
def hooked(desk: Desk) -> Desk:
    """The small school in a repository with the hook turned on."""
    write_files(desk.root, git_scripts())
    desk.commit_all()
    desk.git("config", "core.hooksPath", HOOKS)
    desk.git("config", "coachbook.python", sys.executable)
    return desk


def commit(desk: Desk, *arguments: str, folder: str = ".") -> subprocess.CompletedProcess[str]:
    """Runs `git commit` with the hook."""
    return subprocess.run(
        ["git", "commit", "-q", "-m", "a change", *arguments],
        cwd=desk.root / folder,
        capture_output=True,
        text=True,
        check=False,
    )


def refused(desk: Desk) -> str:
    """Adds everything, commits, expects the hook to stop it, and returns what it said."""
    desk.git("add", "-A")
    done = commit(desk)
    assert done.returncode == 1, done.stderr
    assert "Traceback" not in done.stderr
    assert desk.git("log", "--format=%s") == "start\n"
    return done.stderr


def history(desk: Desk) -> str:
    """Everything that would be pushed."""
    return desk.git("log", "-p", "--all", "--format=%s")


@pytest.mark.parametrize("arguments", [(), ("-a",), ("--amend",), (DRAFT,)])
def test_an_unsealed_record_is_sealed(hooked: Desk, arguments: tuple[str, ...]) -> None:
    """However one commits, a record that was added in the clear is committed sealed."""
    hooked.write(DRAFT, DRAFT_TEXT)
    hooked.git("add", "-A")

    done = commit(hooked, *arguments)

    assert done.returncode == 0, done.stderr
    assert DRAFT in history(hooked)
    assert NOTE not in history(hooked)
    assert NOTE not in hooked.read(DRAFT)


def test_from_a_folder_below(hooked: Desk) -> None:
    """The hook works from every folder of the workspace."""
    hooked.write(DRAFT, DRAFT_TEXT)
    hooked.git("add", "-A")

    assert commit(hooked, folder="records/otterbeck").returncode == 0
    assert NOTE not in history(hooked)


def test_in_a_second_worktree(hooked: Desk) -> None:
    """The hook works in a worktree of the repository too."""
    hooked.git("worktree", "add", "-q", "-b", "side", "../side")
    side = hooked.root.parent / "side"
    (side / DRAFT).parent.mkdir(parents=True, exist_ok=True)
    (side / DRAFT).write_text(DRAFT_TEXT)
    hooked.git("-C", "../side", "add", "-A")

    assert commit(hooked, folder="../side").returncode == 0
    assert NOTE not in history(hooked)


def test_changed_after_it_was_added(hooked: Desk) -> None:
    """What was added in the clear and changed since is refused, with what to do."""
    hooked.write(DRAFT, DRAFT_TEXT)
    hooked.git("add", "-A")
    hooked.write(DRAFT, DRAFT_TEXT.replace(NOTE, "Something else."))

    done = commit(hooked)

    assert done.returncode == 1
    assert f"hint: run: coachbook seal {DRAFT}, then: git add {DRAFT}" in done.stderr
    assert NOTE not in done.stderr


def test_added_and_then_removed(hooked: Desk) -> None:
    """What was added in the clear and is gone from the folder is refused."""
    hooked.write(DRAFT, DRAFT_TEXT)
    hooked.git("add", "-A")
    (hooked.root / DRAFT).unlink()

    done = commit(hooked)

    assert done.returncode == 1
    assert f"hint: run: git add {DRAFT}" in done.stderr


@pytest.mark.parametrize(
    "path",
    [
        "records/otterbeck/note.docx",
        "records/otterbeck/notes.txt",
        "records/loose.md",
        "records/forms/note.md",
        "records/keys/note.md",
        "records/keys/p-zzzz1111.age",
        "records/otterbeck/2026-27/a\nb.md",
        "records/otterbeck/2026-27/two words.md",
    ],
)
def test_what_is_no_record_is_refused(hooked: Desk, path: str) -> None:
    """Nothing under records is committed but records, forms and keys."""
    hooked.write(path, NOTE)

    said = refused(hooked)

    assert "nothing was committed" in said
    assert NOTE not in said


def test_unknown_type_is_refused(hooked: Desk) -> None:
    """A record of a type that no form describes might be confidential: it is refused."""
    hooked.write(DRAFT, DRAFT_TEXT.replace("type: session", "type: sesion"))

    assert "CB501" in refused(hooked)


def test_new_key_of_a_reader_stops_the_commit(hooked: Desk) -> None:
    """A reader whose key is not the one met before stops the commit."""
    hooked.write(DRAFT, DRAFT_TEXT)
    assert hooked.run("seal", DRAFT).status == 0
    (pins,) = hooked.home.rglob("pins.txt")
    known = pins.read_text()
    line = next(one for one in known.splitlines() if one.startswith(COACHEE))
    pins.write_text(known.replace(line, f"{COACHEE} {'a' * len(line.split()[1])}"))
    hooked.write(DRAFT, DRAFT_TEXT)

    said = refused(hooked)

    assert "has another key than before" in said
    assert f"--new-reader {COACHEE}" in said


def test_whole_record(hooked: Desk) -> None:
    """A record that is sealed whole is committed under its new name alone."""
    hooked.write(PLAIN_WHOLE, PLAIN_WHOLE_TEXT)
    hooked.git("add", "-A")

    assert commit(hooked).returncode == 0

    assert PLAIN_WHOLE not in hooked.git("ls-files")
    assert "late twice" not in history(hooked)
    assert hooked.git("status", "--porcelain") == ""


def test_moved_and_deleted_records(hooked: Desk) -> None:
    """A record may be renamed, and deleted."""
    moved = SESSION.replace("2026-11-12", "2026-11-13")
    hooked.git("mv", SESSION, moved)
    assert commit(hooked).returncode == 0
    hooked.git("rm", "-q", moved)

    assert commit(hooked).returncode == 0

    assert moved not in hooked.git("ls-files")


def test_going_round_the_hook(hooked: Desk) -> None:
    """Who goes round the hook meets `check`, `seal --check` and `build`."""
    hooked.write(DRAFT, DRAFT_TEXT)
    hooked.git("add", "-A")
    assert commit(hooked, "--no-verify").returncode == 0

    checked, sealed, built = (hooked.run(*c) for c in (("check",), ("seal", "--check"), ("build",)))

    assert (checked.status, sealed.status, built.status) == (1, 1, 1)
    assert "CB501" in checked.out
    assert "CB501" in built.err
    assert not (hooked.root / "site").exists()


def test_a_key_that_changed_after_it_was_added(hooked: Desk) -> None:
    """A key file is committed as it was looked at, or not at all."""
    path = f"records/keys/{COACHEE}.pub"
    good = hooked.read(path)
    hooked.write(path, f"{good}{NOTE}\n")
    hooked.git("add", "-A")
    hooked.write(path, f"{good}\n")

    done = commit(hooked)

    assert done.returncode == 1
    assert "nothing was committed" in done.stderr


def test_nothing_staged(hooked: Desk) -> None:
    """With nothing to commit, the hook has nothing to say."""
    assert main(["seal", "--staged"]) == 0
