"""How a command ends: its last words and its exit status, whatever stopped it.

0 clean or warnings, 1 findings, 2 could not run, 130 stopped by Ctrl-C or by the
system. Only a bug shows a traceback.
"""

from __future__ import annotations

import atexit
import gc
import io
import os
import signal
import sys
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, NoReturn

import click

from coachbook.errors import CoachbookError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType

COULD_NOT_RUN = 2
STOPPED = 130


def run(command: Callable[[], object]) -> int:
    """The exit status of a command that may end in any way."""
    _print_anything()
    _end_at_once()
    try:
        status = _run(command)
        _drop_what_was_refused()
    except BrokenPipeError:  # whoever read the answer has gone, as `| head` does
        _silence()
        return COULD_NOT_RUN
    return status


def _end_at_once() -> None:
    """Spares the end of the program a last search for garbage: all of its memory goes anyway."""
    atexit.unregister(gc.freeze)  # of an earlier command of the same program
    atexit.register(gc.freeze)


@contextmanager
def ends_on_signals() -> Iterator[None]:
    """Turns a request to end into an exception, so that every clean-up is run."""
    names = [name for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    if threading.current_thread() is not threading.main_thread():
        names = []
    before = {name: signal.signal(getattr(signal, name), _end) for name in names}
    try:
        yield
    finally:
        for name, handler in before.items():
            signal.signal(getattr(signal, name), handler)


def _run(command: Callable[[], object]) -> int:
    try:
        with ends_on_signals():
            answer = command()
            if sys.stdout is not None:
                sys.stdout.flush()
    except BrokenPipeError:
        raise
    except (CoachbookError, click.exceptions.Abort, KeyboardInterrupt) as error:
        return _stopped(error)
    except click.ClickException as error:
        return _misused(error)
    except SystemExit as error:  # click, after a broken pipe or a shell's question
        return COULD_NOT_RUN if error.code else 0
    except OSError as error:
        return _refused(error)
    return answer if isinstance(answer, int) else 0


def _stopped(error: BaseException) -> int:
    if isinstance(error, CoachbookError):
        _last_words(error.message, error.hint)
        return error.exit_status
    _last_words("stopped")
    return STOPPED


def _misused(error: click.ClickException) -> int:
    """Says in our words which option or argument click refused."""
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        error.show()
        return COULD_NOT_RUN
    context = error.ctx if isinstance(error, click.UsageError) else None
    hint = f"see: {context.command_path} --help" if context else ""
    message = error.format_message().strip().removesuffix(".")
    if isinstance(error, click.NoSuchOption):
        message = f"there is no option {error.option_name}"
        meant = " or ".join(error.possibilities or ())
        hint = f"did you mean {meant}?" if meant else hint
    _last_words(message[:1].lower() + message[1:], hint)
    return COULD_NOT_RUN


def _refused(error: OSError) -> int:
    """Says what the system refused: no room, no permission, no such folder."""
    reason = (error.strerror or type(error).__name__).lower()
    place = f"{os.fsdecode(error.filename)}: " if isinstance(error.filename, str | bytes) else ""
    hint = "check that the disk has room, and that you may read and write there"
    _last_words(f"{place}{reason}", hint)
    return COULD_NOT_RUN


def _last_words(message: str, hint: str = "") -> None:
    click.echo(f"coachbook: {message}", err=True)
    for line in hint.splitlines():
        click.echo(f"hint: {line}", err=True)


def _print_anything() -> None:
    """A name that the terminal has no letters for is written out rather than refused."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _drop_what_was_refused() -> None:
    """What could not be written is not tried again at the end, where Python would complain."""
    try:
        if sys.stdout is not None:
            sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError:  # the command has ended with another fault, or with these words
        _silence()


def _silence() -> None:
    """Sends what is still unwritten nowhere, so that Python does not complain at the end."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            os.dup2(nowhere, stream.fileno())


def _end(_signal: int, _frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt
