"""The git repository that a workspace lies in; the only module that runs git."""

from __future__ import annotations

import io
import shutil
import subprocess
from typing import TYPE_CHECKING

from coachbook.errors import UsageError
from coachbook.values import frozen

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

_OFF = frozenset({"false", "no", "off", "0"})
_NOT_MERGED = 128
"""From this status on, `git merge-file` has failed; below, it counts the clashes."""
_NO_GIT = "install git, or send your sealed records to somebody who files them"


def has_git() -> bool:
    """True where git is on this computer."""
    return shutil.which("git") is not None


def caching(settings: Mapping[str, str]) -> tuple[str, ...]:
    """The settings that make git keep what a program shows of a file, opened text too."""
    keys = (key for key in settings if key.startswith("diff.") and key.endswith(".cachetextconv"))
    return tuple(key for key in keys if settings[key].lower() not in _OFF)


@frozen
class Repository:
    """Git at work in the workspace's root; `environment` is handed on to it."""

    root: Path
    environment: Mapping[str, str]

    def settings(self) -> dict[str, str] | None:
        """What git is set to here, keys in lower case; None without git or a repository."""
        if not has_git() or self._run("rev-parse", "--git-dir").returncode != 0:
            return None
        listed = self._require("config", "--list", "-z")
        pairs = (entry.partition("\n") for entry in listed.split("\0") if entry)
        return {key.lower(): value for key, _, value in pairs}

    def is_at_top(self) -> bool:
        """True where the root is the top of its repository, from which git runs programs."""
        return self._require("rev-parse", "--show-prefix").strip() == ""

    def start(self, settings: Mapping[str, str]) -> None:
        """Makes a repository, unless there is one at the root already, and sets it up."""
        if not (self.root / ".git").exists():
            self._require("init", "--quiet", "--initial-branch", "main")
        self.set_up(settings)

    def set_up(self, settings: Mapping[str, str]) -> None:
        """Sets git to these in this clone."""
        for key, value in settings.items():
            self._require("config", key, value)

    def unset(self, key: str) -> None:
        """Takes a setting out of this clone; one that stands elsewhere stays."""
        self._run("config", "--local", "--unset-all", key)

    def commit_first(self, message: str, executable: Sequence[str]) -> None:
        """Commits everything; `executable` are that also where files have no modes."""
        self._require("add", "--all")
        self._require("update-index", "--chmod=+x", "--", *executable)
        self._require("commit", "--quiet", "--message", message)

    def committed(self, path: str) -> bytes | None:
        """The file as it was last committed, or None: not committed, or no repository."""
        if not has_git():
            return None
        done = self._run("cat-file", "blob", f"HEAD:./{path}")
        return done.stdout if done.returncode == 0 else None

    def commit_of(self, revision: str) -> str:
        """The full name of the commit that a revision means; raises UsageError for none."""
        if not has_git():
            raise UsageError("git is not on this computer", hint=_NO_GIT)
        done = self._run("rev-parse", "--verify", "--end-of-options", f"{revision}^{{commit}}")
        if done.returncode != 0:
            raise UsageError(
                f"there is no revision {revision!r} in this repository",
                hint="name a commit, a branch or a tag, such as main~1\n"
                "in a clone that was cut short, first run: git fetch --unshallow",
            )
        return done.stdout.decode("ascii").strip()

    def count_commits(self) -> int:
        """How many commits lead to the one that is out now."""
        return int(self._require("rev-list", "--count", "HEAD"))

    def files_at(self, commit: str) -> Iterator[tuple[str, bytes]]:
        """Path and content of every file under `records` at a commit; links are left out."""
        files = self._files_at(commit)
        yield from zip([path for path, _ in files], self._contents(files), strict=True)

    def differing_since(self, commit: str) -> tuple[frozenset[str], dict[str, bytes]]:
        """The files under `records` at a commit, and what was in those that are others now.

        What git was told not to look at counts as another one.
        """
        files = self._files_at(commit)
        different = self._require(
            *("diff", "--name-only", "-z", "--relative", "--no-renames", "--no-ext-diff"),
            *("--no-textconv", commit, "--", "records"),
        )
        flagged = self._require("ls-files", "-v", "-z", "--", "records").split("\0")
        changed = {*different.split("\0"), *(one[2:] for one in flagged if one[:1] != "H")}
        asked = [file for file in files if file[0] in changed]
        names = frozenset(path for path, _ in files)
        return names, dict(zip((path for path, _ in asked), self._contents(asked), strict=True))

    def _files_at(self, commit: str) -> list[tuple[str, str]]:
        """Path and blob of every file under `records` at a commit; links are left out."""
        listed = self._require("ls-tree", "-r", "-z", commit, "--", "records")
        entries = [entry.partition("\t") for entry in listed.split("\0") if entry]
        return [(path, head.split()[2]) for head, _, path in entries if head[:3] == "100"]

    def committed_in(self, *revisions: str) -> Iterator[tuple[str, str, bytes]]:
        """Commit, path and content of whatever these commits put under `records`.

        What a later commit mended or took out again is there too: every clone has it.

        Args:
            revisions: as `git rev-list` takes them, such as `main..HEAD`.
        """
        for name in self._require("rev-list", "--reverse", *revisions).split():
            listed = self._require(
                *("diff-tree", "-r", "-m", "-z", "--root", "--no-commit-id", "--no-renames"),
                *("--relative", "--diff-filter=AMT", name, "--", "records"),
            )
            words = listed.split("\0")
            heads = [head.split() for head in words[:-1:2]]
            files = {
                (path, head[3])
                for head, path in zip(heads, words[1::2], strict=True)
                if head[1].startswith("100")
            }
            ordered = sorted(files)
            for (path, _), content in zip(ordered, self._contents(ordered), strict=True):
                yield name, path, content

    def has_commit(self, name: str) -> bool:
        """True if the commit is in this clone."""
        return self._run("cat-file", "-e", f"{name}^{{commit}}").returncode == 0

    def _contents(self, files: Sequence[tuple[str, str]]) -> Iterator[bytes]:
        """The contents of the blobs that are named beside the paths, read in one go."""
        names = "".join(f"{name}\n" for _, name in files).encode("ascii")
        said = io.BytesIO(self._run("cat-file", "--batch", stdin=names).stdout)
        for _ in files:
            size = int(said.readline().split()[2])
            yield said.read(size + 1)[:size]

    def changed(self) -> tuple[str, ...]:
        """Paths under `records` that are new, changed or gone since the last commit."""
        listed = self._require(
            "status", "--porcelain=v1", "-z", "--no-renames", "--untracked-files=all", "records"
        )
        prefix = self._require("rev-parse", "--show-prefix").strip()
        entries = [entry for entry in listed.split("\0") if entry]
        return tuple(sorted(entry[3:].removeprefix(prefix) for entry in entries))

    def staged(self) -> tuple[str, ...]:
        """Paths under `records` that are about to be committed with new content."""
        listed = self._require(
            "diff", "--cached", "--name-only", "-z", "--relative", "--diff-filter=ACMRT", "records"
        )
        return tuple(entry for entry in listed.split("\0") if entry)

    def staged_content(self, path: str) -> bytes:
        """The file as it is about to be committed, which need not be as it lies on disk."""
        done = self._run("cat-file", "blob", f":./{path}")
        if done.returncode != 0:
            raise UsageError(
                f"git cannot show what is about to be committed of {path}",
                hint="nothing was committed; add the file again",
            )
        return done.stdout

    def merge_lines(self, base: Path, ours: Path, theirs: Path) -> bool:
        """Joins a file that is no record line by line, in place of `ours`; False for a clash."""
        labels = ("-L", "ours", "-L", "before", "-L", "theirs")
        done = self._run("merge-file", *labels, *map(str, (ours, base, theirs)))
        if done.returncode >= _NOT_MERGED:
            raise UsageError(
                "git cannot join these files line by line",
                hint="keep one of them: git checkout --ours or --theirs, then git add it",
            )
        return done.returncode == 0

    def is_unmerged(self, path: str) -> bool:
        """True while a merge of the file waits for somebody to settle it."""
        return bool(self._run("ls-files", "--unmerged", "--", path).stdout)

    def stage(self, paths: Sequence[str]) -> None:
        """Takes the files as they lie on disk into the next commit."""
        self._require("add", "--all", "--", *paths)

    def commit(self, paths: Sequence[str], message: str) -> bool:
        """Commits exactly these paths; False where there was nothing to commit.

        Raises UsageError while a merge is under way, of which nothing can be committed alone.
        """
        if self._run("rev-parse", "--quiet", "--verify", "MERGE_HEAD").returncode == 0:
            raise UsageError(
                "a merge is under way, and is committed as a whole",
                hint="git add what is settled, then finish the merge with: git commit --no-edit",
            )
        self._require("add", "--all", "--", *paths)
        if self._run("diff", "--cached", "--quiet", "--", *paths).returncode == 0:
            return False
        self._require("commit", "--quiet", "--message", message, "--", *paths)
        return True

    def _require(self, *arguments: str) -> str:
        if not has_git():
            raise UsageError("git is not on this computer", hint=_NO_GIT)
        done = self._run(*arguments)
        if done.returncode != 0:
            said = done.stderr.decode(errors="replace").strip().splitlines()
            raise UsageError(
                f"git {arguments[0]} did not work: {said[-1] if said else 'it gave no reason'}",
                hint="nothing is lost: your records are as you left them, and sealed",
            )
        return done.stdout.decode(errors="surrogateescape")

    def _run(self, *arguments: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(  # noqa: S603 (a fixed program; paths come behind `--`)
            ["git", *arguments],  # noqa: S607 (the git that the user has)
            cwd=self.root,
            env={**self.environment, "LC_ALL": "C"},
            input=stdin,
            capture_output=True,
            check=False,
        )
