"""`coachbook edit`: a record in your own editor, its sealed sections opened and sealed again.

The text lies in a private folder outside the workspace for as long as the editor runs, and is
removed on every way out: saved, discarded, interrupted, terminated, editor killed.
"""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import subprocess
import sys
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from coachbook.cli.context import is_at_terminal, say, workspace_options
from coachbook.cli.desk import (
    find_actor,
    for_programs,
    new_reader_option,
    open_desk,
    person_option,
    reader_name,
    require_record,
    require_unfinished,
    say_findings,
)
from coachbook.cli.unlocking import passphrase_option, unlock_actor
from coachbook.errors import CoachbookError, FindingsError, UsageError
from coachbook.private import explained

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from types import FrameType

    from coachbook.cli.desk import Desk
    from coachbook.diagnostics import Diagnostic
    from coachbook.drafting import SealPlan
    from coachbook.opening import Before, Opened
    from coachbook.record import Record

_WAITS = {"code": "--wait", "codium": "--wait", "subl": "--wait", "gedit": "--standalone"}
"""Editors that return at once unless they are told to wait."""

_FILE_MODE = 0o600


@click.command()
@click.argument("record")
@new_reader_option
@person_option
@passphrase_option
@workspace_options
def edit(
    record: str,
    new_readers: tuple[str, ...],
    person: str,
    passphrase_file: Path | None,
    directory: Path | None,
    today: date | None,
) -> int:
    """Open a record in your editor, and seal it again when you close it.

    RECORD is a file or an id. The editor is $VISUAL, $EDITOR, or what the
    system has. Sections you cannot read, or that are for others to write, stay
    sealed, shown as one line that has to stay where it is. Sections you do not
    change keep their seal. A note that is final is not changed any more: write
    an addendum.

    Example: coachbook edit s-7kq2m4xa
    """
    from coachbook.cli.resealing import require_met
    from coachbook.drafting import expected_readers

    desk = open_desk(directory, today, paths=(Path(record),), person=person)
    found = require_record(desk, record)
    require_unfinished(desk.book, found, find_actor(desk))
    opened = _open(desk, found, passphrase_file)
    before = _before(desk, opened)
    readers = expected_readers(desk.book, found).items()
    blocks = [(those, opened.stated(name)) for name, those in readers]
    require_met(desk, blocks, new_readers, is_asked=True)
    # What one person alone could read may be a draft, of which sealing says more.
    require_met(desk, [(those, pairs) for those, pairs in blocks if len(pairs) > 1], new_readers)
    changed = _edit(desk, opened, before, new_readers)
    say(f"{found.path} is saved" if changed else f"{found.path} is unchanged")
    return 0


def _open(desk: Desk, record: Record, passphrase_file: Path | None) -> Opened:
    """What the person's keys open; without a key where nothing is sealed yet."""
    from coachbook.opening import Opened, is_sealed, open_record
    from coachbook.payload import WHOLE

    if not is_sealed(record):
        return Opened(record, {}, {})
    identities = unlock_actor(desk, passphrase_file)
    opened = open_record(desk.book, record, identities, partial(reader_name, desk.book))
    opened.require_sound()
    if WHOLE in opened.strangers:
        raise opened.strangers[WHOLE]
    return opened


def _before(desk: Desk, opened: Opened) -> tuple[Before, ...]:
    from coachbook.cli.resealing import known_before

    return (opened.before(desk.random), *known_before(desk, opened.record))


def _edit(desk: Desk, opened: Opened, before: Sequence[Before], new_readers: Sequence[str]) -> bool:
    """Runs the editor until its result can be sealed; false where nothing changed."""
    from coachbook.opening import authors_notices, sealed_notices
    from coachbook.private import private_folder

    notices = sealed_notices(opened, partial(reader_name, desk.book))
    notices |= authors_notices(desk.book, opened, find_actor(desk))
    with private_folder(desk.environment) as folder:
        copy = folder / opened.record.path.rsplit("/", 1)[-1]
        start = opened.record.encode(_ready(desk, opened, notices))
        _write(copy, start)
        while True:
            _run_editor(desk.environment, copy)
            edited = _read(copy)
            if edited == start:
                return False
            if _seal(desk, opened, before, notices, edited, new_readers):
                return True
            _ask_again()


def _ready(desk: Desk, opened: Opened, notices: Mapping[str, str]) -> str:
    """The text to edit, with a line for each question of the form that is still open."""
    from coachbook.book import access_of, form_of
    from coachbook.guides import with_blank_lines
    from coachbook.opening import in_the_clear, reread

    text = in_the_clear(opened, notices)
    form, person = form_of(desk.book, opened.record), find_actor(desk)
    if form is None:
        return text
    access = access_of(desk.book, opened.record)
    of_others = {one.name for one in form.sections if person and not access.may_write(one, person)}
    return with_blank_lines(reread(opened.record, text), form, {*notices, *of_others})


def _seal(
    desk: Desk,
    opened: Opened,
    before: Sequence[Before],
    notices: Mapping[str, str],
    edited: bytes,
    new_readers: Sequence[str],
) -> bool:
    """Seals what was edited and puts it in place; false, after saying why, if it cannot be."""
    from coachbook.cli.resealing import require_met, sealings, write_plan

    plan = _plan(desk, opened, before, notices, edited)
    if isinstance(plan, tuple):
        say_findings(plan, 1)
        return False
    try:
        require_met(desk, sealings([plan]), new_readers)
        write_plan(desk, plan)
    except CoachbookError as error:  # the text must outlive a full disk or a new reader
        say(f"coachbook: {error.message}\nhint: {error.hint}")
        return False
    say_findings(plan.remarks, 1)
    return True


def _plan(
    desk: Desk,
    opened: Opened,
    before: Sequence[Before],
    notices: Mapping[str, str],
    edited: bytes,
) -> SealPlan | tuple[Diagnostic, ...]:
    """How to seal what was edited, or the findings that forbid it."""
    from coachbook.drafting import plan_seal
    from coachbook.opening import put_back
    from coachbook.record import Record, parse_record

    found = parse_record(opened.record.path, edited)
    if not isinstance(found, Record):
        return (replace(found, quotable=False),)
    restored = put_back(desk.book, found, opened.record, notices)
    if isinstance(restored, tuple):
        return restored
    writer = find_actor(desk)
    plan = plan_seal(desk.book, restored, before, random=desk.random, writer=writer)
    return plan.findings or plan


def _write(copy: Path, data: bytes) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    with explained(copy), os.fdopen(os.open(copy, flags, _FILE_MODE), "wb") as file:
        file.write(data)


def _read(copy: Path) -> bytes:
    with explained(copy):
        return copy.read_bytes()


def _run_editor(environment: Mapping[str, str], copy: Path) -> None:
    """Waits for the editor; raises UsageError if it could not start or ended badly."""
    command = editor_command(environment, sys.platform)
    handler = signal.signal(signal.SIGINT, _stay)
    try:
        done = subprocess.run(  # noqa: S603 (the user's own editor)
            [*command, str(copy)], env=for_programs(environment), check=False
        )
    except OSError as error:
        raise UsageError(
            f"the editor {command[0]!r} cannot be started",
            hint="set VISUAL or EDITOR to one that is there, such as nano or notepad",
        ) from error
    finally:
        signal.signal(signal.SIGINT, handler)
    if done.returncode != 0:
        raise UsageError(
            f"the editor ended with status {done.returncode}, so nothing was changed",
            hint="what you wrote there was removed with the private copy",
        )


def editor_command(environment: Mapping[str, str], platform: str) -> list[str]:
    """The editor's command line: $VISUAL, $EDITOR, or what the system has."""
    chosen = environment.get("VISUAL") or environment.get("EDITOR")
    if not chosen:
        if platform == "win32":
            return ["notepad"]
        return ["nano" if shutil.which("nano", path=environment.get("PATH")) else "vi"]
    words = [chosen] if Path(chosen).is_file() else shlex.split(chosen, posix=platform != "win32")
    wait = _WAITS.get(Path(words[0]).stem.lower())
    return [*words, wait] if wait and not {wait, "-w"} & set(words) else words


def _ask_again() -> None:
    """Returns if the editor is to be opened again; raises FindingsError if not."""
    again = is_at_terminal() and click.confirm(
        "Open the editor again? No throws away what you wrote", default=True, err=True
    )
    if not again:
        raise FindingsError(
            "nothing was saved: what you wrote could not be sealed",
            hint="the file is as it was before",
        )


def _stay(_signal: int, _frame: FrameType | None) -> None:
    """Leaves Ctrl-C to the editor."""
