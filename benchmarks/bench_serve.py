"""How soon `serve` answers to a save: until the finding is on screen, until the page is there.

A session among so many is made longer than the policy allows, as its writer's editor would save
it, while `coachbook serve` runs. What is watched is what a person would see: a line about that
record on the screen, and the file of the page on which it stands.
"""

from __future__ import annotations

import re
import signal
import statistics
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING

from benchmarks.aside import folder
from benchmarks.kept import borrowed, keep_trust, replace_text, store
from benchmarks.process import environment, spend
from benchmarks.table import OURS, Limit, Row, Table
from benchmarks.trust import Trust
from coachbook.book import load_book
from coachbook.fragments import Names
from coachbook.portal import private_pages
from coachbook.views import open_view

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

FINDING_AIM, PAGE_AIM = 0.3, 1.5
SAVES = 5
PATIENCE = 60.0
"""Seconds after which a save counts as unanswered."""

_READY = "stop with Ctrl-C"
_TOO_LONG = 31
_LOOK, _AGAIN, _GRACE = 0.002, 10.0, 30.0
_MINUTES = re.compile(r"^minutes: \d+$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Answer:
    """Seconds from a save to its finding and to its page; None where one did not come."""

    finding: float | None
    page: float | None


@dataclass(frozen=True, slots=True)
class Watched:
    """A session that is saved, and the file of the page on which it stands."""

    session: Path
    page: Path

    def save(self, minutes: int) -> None:
        """Saves it with another number of minutes."""
        text = self.session.read_text(encoding="utf-8")
        replace_text(self.session, _MINUTES.sub(f"minutes: {minutes}", text, count=1))

    def shown(self) -> bytes | None:
        """The bytes of the page, if it is there just now."""
        try:
            return self.page.read_bytes()
        except FileNotFoundError:
            return None


class Screen:
    """What a program has printed, line by line, with the time of each."""

    def __init__(self, *streams: Iterable[str]) -> None:
        """Begins to read what the program prints."""
        self._lines: list[tuple[float, str]] = []
        self._readers = [
            threading.Thread(target=self._read, args=(stream,), daemon=True) for stream in streams
        ]
        for reader in self._readers:
            reader.start()

    def since(self, start: float, *words: str) -> float | None:
        """Seconds after `start` at which a line with all these words came, if one has come."""
        for at, line in tuple(self._lines):
            if at >= start and all(word in line for word in words):
                return at - start
        return None

    def text(self) -> str:
        """All of it, once the program has ended."""
        for reader in self._readers:
            reader.join()
        return "".join(line for _, line in tuple(self._lines))

    def _read(self, stream: Iterable[str]) -> None:
        for line in stream:
            self._lines.append((time.perf_counter(), line))


def run(records: int = 2000, saves: int = SAVES) -> Iterator[Table]:
    """Serves a school of so many records, and saves one session again and again."""
    kept = keep_trust(Trust(records))
    with borrowed(kept) as root, store() as cache:
        spend(["coachbook", "build"], root, cache)
        command = [sys.executable, "-m", "coachbook", "serve", "--port", "0"]
        answers = watch(command, find_watched(root), root, cache, saves)
    yield from tables(answers, records)


def find_watched(root: Path) -> Watched:
    """The latest session of a pair, with the page of its cycle in the site of the workspace."""
    session = max((root / "records").glob("*/*/c-000x0000/????-??-??-s-*.md"))
    view = open_view(load_book(root))
    path = f"cycle/{session.parent.name}"
    page = next(one for one in private_pages(view) if one.path == path)
    name = Names(view.book.trust.fragments).fragment("page", path, page.audience)
    return Watched(session, root / f"site/portal/data/{name}.js")


def watch(
    command: Sequence[str],
    watched: Watched,
    root: Path,
    cache: Path,
    saves: int,
    patience: float = PATIENCE,
) -> list[Answer]:
    """What each save was answered with while a program ran; it ends with one that was not."""
    answers: list[Answer] = []
    with _started(command, root, cache) as screen:
        _wake(watched, PATIENCE)
        for minutes in range(_TOO_LONG, _TOO_LONG + saves):
            answers.append(_answer(screen, watched, minutes, patience))
            if None in {answers[-1].finding, answers[-1].page}:
                break
    return answers


@contextmanager
def _started(command: Sequence[str], root: Path, cache: Path) -> Iterator[Screen]:
    """A program in a folder, once it is ready; ended as Ctrl-C ends it."""
    with (
        folder() as home,
        subprocess.Popen(
            command,
            cwd=root,
            env=environment(home, cache) | {"PYTHONUNBUFFERED": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        ) as process,
    ):
        screen = Screen(*(one for one in (process.stdout, process.stderr) if one))
        try:
            if not _is_ready(process, screen):
                _end(process)
                raise SystemExit(f"{command[-1]} did not begin to serve:\n{screen.text()}")
            yield screen
        finally:
            _end(process)


def _is_ready(process: subprocess.Popen[str], screen: Screen) -> bool:
    """Whether a program has begun to serve, once it has, or has ended, or took too long."""
    _until(lambda: 0.0 if process.poll() is not None else screen.since(0, _READY), PATIENCE)
    return screen.since(0, _READY) is not None


def _end(process: subprocess.Popen[str]) -> None:
    """Ends a program as Ctrl-C does, and at last without asking."""
    process.send_signal(signal.SIGINT)
    try:
        process.wait(_GRACE)
    except subprocess.TimeoutExpired:
        process.kill()


def _wake(watched: Watched, patience: float) -> None:
    """Saves until a save is noticed, then waits until all is quiet.

    A program that has just begun may not be looking yet, and may still be busy with the saves
    before the one that it noticed.
    """
    before, end = watched.shown(), time.perf_counter() + patience
    for minutes in count(1):
        start = time.perf_counter()
        watched.save(minutes)
        if _until(lambda: _other(watched.shown(), before), min(_AGAIN, end - start)) is not None:
            break
        if time.perf_counter() >= end:
            return
    pause = 2 * (time.perf_counter() - start) + _LOOK
    seen = watched.shown()
    while _until(lambda seen=seen: _other(watched.shown(), seen), pause) is not None:
        seen = watched.shown()


def _other(now: bytes | None, before: bytes | None) -> float | None:
    """A time as soon as the page is another."""
    return None if now in {before, None} else 0.0


def _answer(screen: Screen, watched: Watched, minutes: int, patience: float) -> Answer:
    """Saves once, and waits for both; whatever changes first is noted when it does."""
    before = watched.shown()
    start = time.perf_counter()
    watched.save(minutes)
    found: dict[str, float | None] = {"finding": None, "page": None}

    def look() -> float | None:
        found["finding"] = screen.since(start, watched.session.name, f"{minutes} minutes")
        if found["page"] is None and _other(watched.shown(), before) is not None:
            found["page"] = time.perf_counter() - start
        return None if None in found.values() else 0.0

    _until(look, patience)
    return Answer(found["finding"], found["page"])


def _until(look: Callable[[], float | None], patience: float) -> float | None:
    """What a look gives as soon as it gives something, if that is soon enough."""
    end = time.perf_counter() + patience
    while (found := look()) is None and time.perf_counter() < end:
        time.sleep(_LOOK)
    return found


def tables(answers: Sequence[Answer], records: int) -> Iterator[Table]:
    """How long a save takes to the finding and to the page: the middle of all saves."""
    findings = [one.finding for one in answers]
    pages = [one.page for one in answers]
    yield _table(f"serve: from a save to the finding, {records:,} records", findings, FINDING_AIM)
    yield _table(f"serve: from a save to the page, {records:,} records", pages, PAGE_AIM)


def _table(work: str, times: Sequence[float | None], under: float) -> Table:
    known = [one for one in times if one is not None]
    if len(known) < len(times):
        remark = f"{len(times) - len(known)} of {len(times)} saves had no answer: missed"
        return Table(work, "save", (), remarks=(remark,))
    middle = statistics.median(known)
    slowest = f"the slowest of {len(known)} took {max(known):.2f} s"
    return Table(work, "save", (Row(OURS, middle),), (Limit("time", middle, under),), (slowest,))
