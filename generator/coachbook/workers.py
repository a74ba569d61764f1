"""Work that several processes share: every part is done once, by whichever is free.

    with Crew({"page": write_page}, hands=2) as crew:
        names = crew.do([("page", "me"), ("page", "lead")])  # what each part gives, in this order

The helpers begin as copies of this process, so they have all that it had loaded by then. That
exists on Linux only, and not beside threads; elsewhere, and where one hand is asked for, the
parts are done here one after another. A part that fails in a helper, or whose helper is killed,
is done again here: a fault then shows where it would have shown without helpers. Whoever stops
the command does not wait for the parts that helpers are at.

Within a part nobody looks for garbage: what a part makes is either kept to its end or freed at
once, and going through all of it again and again was a sixth of the time that pages took.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import threading
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from heapq import heapreplace
from itertools import islice
from multiprocessing.connection import wait
from operator import itemgetter
from typing import TYPE_CHECKING, Any, TypeVar

from coachbook.copies import can_be_copied, hear_signals, undisturbed, without_collection

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from concurrent.futures import Future
    from multiprocessing.connection import Connection
    from types import FrameType, TracebackType
    from typing import Self

    Tasks = Mapping[str, Callable[[Any], Any]]
    Part = tuple[str, object]

T = TypeVar("T")

_UNDONE = ("coachbook", "undone")
"""What a helper says of a part that it could not do."""


class _OverError(BaseException):
    """In a helper: what it is at is not wanted any more."""


@dataclass(slots=True)
class _Helper:
    """What a helper can be asked to do, and whether it is at work, or need not work any more."""

    tasks: Tasks
    is_at_work: bool = False
    is_over: bool = False

    def do(self, name: str, given: object) -> object:
        """What a part gives; nothing from the moment on that nobody wants it."""
        try:
            self.is_at_work = True
            return _UNDONE if self.is_over else _done(self.tasks, name, given)
        except (_OverError, Exception):  # noqa: BLE001 - done again by the parent, if it is wanted
            return _UNDONE
        finally:
            self.is_at_work = False

    def stop(self, _signal: int, _frame: FrameType | None) -> None:
        """Ends what it is at as a fault would; sending a result is never cut off half-way.

        What it does then to tidy up is left in peace, however often it is told.
        """
        is_news, self.is_over = not self.is_over, True
        if is_news and self.is_at_work:
            raise _OverError


_WORTH = 0.97
"""Where sharing a part gains less, it stays with one helper: shared, it is loaded by the process
that helpers are copies of, and takes memory there."""

_PAUSE = 0.05
"""Seconds until a helper is told again that it is over."""

_helper = _Helper({})
"""In a helper: itself."""


class Crew:
    """This process and its helpers, for as long as they are needed."""

    def __init__(self, tasks: Tasks, hands: int) -> None:
        """Takes what can be done, by name, and how many processes may do it."""
        self._tasks = tasks
        heard, self._call = multiprocessing.Pipe(duplex=False)
        self._pool = _pool(tasks, heard, hands) if hands > 1 and can_be_copied() else None

    def __enter__(self) -> Self:
        """The crew itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Sends the helpers home; parts that nobody began are left.

        Where something has gone wrong, they leave what they are at.
        """
        if self._pool is not None:
            if kind is not None:
                self._call.send(None)
            self._pool.shutdown(cancel_futures=True)
            gc.unfreeze()
        self._call.close()

    def do(self, parts: Sequence[Part]) -> list[Any]:
        """What each part gives: `parts` are names of tasks with what the task is given."""
        return self.begin(parts)()

    def begin(self, parts: Sequence[Part]) -> Callable[[], list[Any]]:
        """Lets helpers begin with parts while this process goes on.

        Returns what waits for them and says what each gives. What no helper has begun is done
        then, and so is a single part: a helper would only begin later.
        """
        with undisturbed():  # the first part that is handed over makes the helpers
            futures = [self._submitted(part) if len(parts) > 1 else None for part in parts]
        return lambda: [self._result(*both) for both in zip(parts, futures, strict=True)]

    def _submitted(self, part: Part) -> Future[Any] | None:
        if self._pool is None:
            return None
        try:
            return self._pool.submit(_do, *part)
        except BrokenProcessPool:
            return None

    def _result(self, part: Part, future: Future[Any] | None) -> object:
        try:
            found = future.result() if future else _UNDONE
        except BrokenProcessPool:
            found = _UNDONE
        return _done(self._tasks, *part) if found == _UNDONE else found


def parts_of(items: Iterable[T], size: int) -> Iterator[tuple[T, ...]]:
    """The items in their order, so many at a time as are worth being handed over."""
    left = iter(items)
    while part := tuple(islice(left, size)):
        yield part


def left_over(sizes: Sequence[float], hands: int, alone: float) -> int | None:
    """Which of some parts all hands had better share when the others are done; None for none.

    Three parts of a size would take two hands as long as four: one hand had nothing to do with
    the last.

    Args:
        sizes: what each part takes, in the order in which they are begun.
        hands: how many processes share the work.
        alone: how much of a part only one process can be at, between 0 and 1.
    """
    together = alone + (1 - alone) / hands
    times: list[tuple[float, int | None]] = [(_longest(sizes, hands) * _WORTH, None)]
    for number in reversed(range(len(sizes))):
        others = [*sizes[:number], *sizes[number + 1 :]]
        times.append((_longest(others, hands) + sizes[number] * together, number))
    return min(times, key=itemgetter(0))[1]


def _longest(sizes: Iterable[float], hands: int) -> float:
    """How long it takes until all are done, where each hand takes the next when it is free."""
    free = [0.0] * hands
    for size in sizes:
        heapreplace(free, free[0] + size)
    return max(free)


def processors() -> int:
    """How many processes can run at once here."""
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else os.cpu_count() or 1


def _pool(tasks: Tasks, heard: Connection, hands: int) -> ProcessPoolExecutor:
    context = multiprocessing.get_context("fork")
    # What is there by now stays: looking through it for garbage would copy all of it.
    gc.freeze()
    return ProcessPoolExecutor(
        hands, mp_context=context, initializer=_set_out, initargs=(tasks, heard)
    )


def _set_out(tasks: Tasks, heard: Connection) -> None:
    """In a helper: an interrupt is for its parent to handle, without whom it does nothing."""
    global _helper  # noqa: PLW0603 - what a helper is given once, since functions can't be sent
    _helper = _Helper(tasks)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, _helper.stop)
    hear_signals()
    listening = (heard, threading.get_ident())
    threading.Thread(target=_listen, args=listening, daemon=True).start()


def _listen(heard: Connection, worker: int) -> None:
    """Beside a helper's work: ends it when its parent says so, and all of it with its parent.

    It says so until it was heard: a signal that comes just before a call that waits is seen only
    after it.
    """
    parent = multiprocessing.parent_process()
    if parent is None:
        return
    told = wait([parent.sentinel, heard])
    while heard in told and not _helper.is_over:
        signal.pthread_kill(worker, signal.SIGTERM)
        told = wait([parent.sentinel], _PAUSE) or told
    wait([parent.sentinel])
    os._exit(1)


def _done(tasks: Tasks, name: str, given: object) -> object:
    with without_collection():
        return tasks[name](given)


def _do(name: str, given: object) -> object:
    return _helper.do(name, given)
