"""Copies of this process, which have all that it had loaded when they were made.

    apart(lambda: write(place))            # what it leaves on the disk is wanted, no more
    with beside(lambda: work()) as found:  # the copy works while this process goes on
        ...
        found()                            # what the work gave

They exist on Linux only, and not beside threads. A signal that ends a command is for the process
that was copied: it is heard by neither while a copy is being made, and a copy that it reaches all
the same ends without a word.
"""

from __future__ import annotations

import gc
import multiprocessing
import signal
import sys
import threading
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess

T = TypeVar("T")

_ENDING = [
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
]
"""The signals that end a command."""


def can_be_copied() -> bool:
    """Whether there can be a copy of this process."""
    return sys.platform == "linux" and threading.active_count() == 1


@contextmanager
def undisturbed() -> Iterator[None]:
    """No signal that ends a command is heard meanwhile; a copy that is made begins deaf, too.

    One that came between the making of a copy and the note that there is one would leave the copy
    waiting for words, and this process for the copy's end.
    """
    if not can_be_copied():
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _ENDING)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def hear_signals() -> None:
    """In a copy: signals are heard from now on, in the way that it has set."""
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _ENDING)


def apart(work: Callable[[], object]) -> None:
    """Does work of which only what it leaves on the disk is wanted, and gives its memory back.

    A copy of this process does it, where there can be one. It says nothing of its own faults:
    whoever then misses what it was to leave does the work again, and the fault shows there.
    """
    if not can_be_copied():
        return
    process = multiprocessing.get_context("fork").Process(target=_quietly, args=(work,))
    try:
        with undisturbed():
            process.start()
        process.join()
    finally:
        _end(process)


@contextmanager
def beside(work: Callable[[], T]) -> Iterator[Callable[[], T | None]]:
    """Does work in a copy of this process while this one goes on.

    Yields what waits for the copy and returns what the work gave; None where there can be no copy,
    or it failed. The copy is gone when the context ends, and when this process does.
    """
    if not can_be_copied():
        yield lambda: None
        return
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_told, args=(work, theirs, ours), daemon=True)
    try:
        with undisturbed():
            process.start()
        theirs.close()
        yield lambda: _heard(ours)
    finally:
        ours.close()
        _end(process)


def _end(process: BaseProcess) -> None:
    if process.pid is not None:  # it has begun
        process.kill()
        process.join()


def _told(work: Callable[[], object], answer: Connection, other: Connection) -> None:
    """In a copy: does the work and says what it gave to whoever is still there."""
    other.close()
    _quietly(lambda: answer.send(work()))


def _heard(answer: Connection) -> Any:  # noqa: ANN401 (whatever the work gives)
    """What a copy says; None where it ends without a word."""
    with suppress(EOFError, OSError):
        return answer.recv()
    return None


def _quietly(work: Callable[[], object]) -> None:
    """In a copy: an interrupt is for its parent to handle, and so is a fault."""
    for one in _ENDING:
        signal.signal(one, signal.SIG_IGN if one == signal.SIGINT else signal.SIG_DFL)
    hear_signals()
    with suppress(Exception), without_collection():
        work()


@contextmanager
def without_collection() -> Iterator[None]:
    """No garbage collection meanwhile: among values that all stay it finds nothing, slowly."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
