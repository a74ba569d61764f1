"""Files of a workspace that are too many, too large, too deep or never end."""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.attacks.hostile import MKDOCS, TODAY, require_refused

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.desk import Desk

ROOM = 700 * 2**20
"""So much memory a command has here; it needs a tenth of that for a sound workspace."""

HANDBOOK = ("build", "--only", "handbook", "--today", TODAY)
CHECK = ("check", "--today", TODAY)


def _in_little_room() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (ROOM, ROOM))


def run_in_little_room(root: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """Runs a command in a process that may use a certain amount of memory."""
    return subprocess.run(
        [sys.executable, "-m", "coachbook", *command],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=_in_little_room,
    )


def long_form(root: Path) -> None:
    """A form of 10 MB."""
    (root / "records/forms").mkdir(exist_ok=True)
    (root / "records/forms/long.yml").write_text("form: long\n" + "# so long\n" * 1_000_000)


def many_sections(root: Path) -> None:
    """A form as long as a form may be, all of it sections."""
    (root / "records/forms").mkdir(exist_ok=True)
    sections = "".join(f"  S{n}:\n    row: session notes\n    sealed: true\n" for n in range(4_000))
    (root / "records/forms/wide.yml").write_text(f"form: wide\nversion: 1\nsections:\n{sections}")


def bomb(root: Path) -> None:
    """A form of a few lines that would unfold to more than any memory holds."""
    (root / "records/forms").mkdir(exist_ok=True)
    lines = [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 12)]
    (root / "records/forms/bomb.yml").write_text(f"a0: &a0 [x]\n{''.join(lines)}")


def endless_search(root: Path) -> None:
    """A form with a field whose name would be a search that never ends."""
    (root / "records/forms").mkdir(exist_ok=True)
    form = 'form: slow\nversion: 1\nfields:\n  "(x+x+)+y": {type: text}\n'
    (root / "records/forms/slow.yml").write_text(form)


def long_record(root: Path) -> None:
    """A record of 2 GB, nearly all of it nothing."""
    with (root / "records/otterbeck/long.md").open("wb") as file:
        file.write(b"---\ntype: session\n---\n")
        file.truncate(2 * 2**30)


def deep_folders(root: Path) -> None:
    """A record below 50 folders."""
    place = root.joinpath("records/otterbeck", *(f"f{n}" for n in range(50)))
    place.mkdir(parents=True)
    (place / "note.md").write_text("---\ntype: session\n---\n## Notes\n\nWords.\n")


def endless_folders(root: Path) -> None:
    """Folders below folders until no path can name the last."""
    before = os.getcwd()  # noqa: PTH109 (a path this long can't be given at once)
    os.chdir(root / "records/otterbeck")
    try:
        for _ in range(30):
            os.mkdir("f" * 200)  # noqa: PTH102 (as above)
            os.chdir("f" * 200)
    finally:
        os.chdir(before)


def long_settings(root: Path) -> None:
    """Settings of 10 MB."""
    (root / "mkdocs.yml").write_text(f"{MKDOCS}\n# {'so long ' * 1_300_000}\n")


def endless_settings(root: Path) -> None:
    """Settings that are a pipe, which whoever reads it waits for."""
    os.mkfifo(root / "mkdocs.yml")


@pytest.mark.parametrize(
    ("put", "command", "said"),
    [
        (long_form, CHECK, "records/forms/long.yml"),
        (many_sections, CHECK, "records/forms/wide.yml"),
        (bomb, CHECK, "records/forms/bomb.yml"),
        (endless_search, CHECK, "records/forms/slow.yml"),
        (long_record, CHECK, "records/otterbeck/long.md"),
        (deep_folders, CHECK, "f48/f49/note.md"),
        (endless_folders, CHECK, "cannot be read: file name too long"),
        (long_settings, HANDBOOK, "mkdocs.yml"),
        (endless_settings, HANDBOOK, "mkdocs.yml is not a file"),
    ],
    ids=lambda value: value.__name__ if callable(value) else "",
)
def test_what_is_too_much_is_named_in_little_room(
    hostile: Desk, put: Callable[[Path], None], command: tuple[str, ...], said: str
) -> None:
    """A file that is too long, too deep or endless is named, with a small part of a memory."""
    put(hostile.root)

    done = run_in_little_room(hostile.root, *command)
    # What no path can name is more than those can remove who come to clear up.
    shutil.rmtree(hostile.root)

    assert done.returncode in {1, 2}
    assert said in done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    assert "MemoryError" not in done.stderr


def huge_picture(folder: Path) -> None:
    """A picture of 2 GB."""
    with (folder / "face.png").open("wb") as file:
        file.truncate(2 * 2**30)


def many_pictures(folder: Path) -> None:
    """More pictures than a look needs."""
    for number in range(400):
        (folder / f"{number}.png").write_bytes(b"")


def long_style(folder: Path) -> None:
    """A style sheet of 60 MB."""
    (folder / "look.css").write_text("a { color: red }\n" * 3_600_000)


@pytest.mark.parametrize("put", [huge_picture, many_pictures, long_style])
def test_a_look_has_its_limits(hostile: Desk, put: Callable[[Path], None]) -> None:
    """Pictures and style sheets that would fill a disk are refused before one is copied."""
    folder = hostile.root / "site_templates/theme/assets"
    folder.mkdir(parents=True)
    put(folder)

    said = require_refused(hostile, "--only", "handbook")

    assert "there is too much for a handbook's look" in said


def test_a_template_that_is_a_pipe_is_passed_over(hostile: Desk) -> None:
    """A template that nobody would ever finish reading is no template; ours is used."""
    folder = hostile.root / "site_templates/pages"
    folder.mkdir(parents=True)
    os.mkfifo(folder / "school.html")

    done = run_in_little_room(hostile.root, "build", "--only", "portal", "--today", TODAY)

    assert done.returncode == 0, done.stderr
