"""`coachbook edit`: a record in your own editor, its sealed sections opened and sealed again.

The text lies in a private folder outside the workspace for as long as the editor runs, and is
removed on every way out: saved, discarded, interrupted, terminated, editor killed.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import click

from coachbook.cli.context import say, workspace_options
from coachbook.cli.desk import (
    find_actor,
    new_reader_option,
    person_option,
    reader_name,
    require_record,
    require_unfinished,
    say_findings,
)
from coachbook.cli.editor import ask_again, read_copy, run_editor, write_copy
from coachbook.cli.schools import desk_for, open_desk_at
from coachbook.cli.signing import sign_option, signer_at, signer_if
from coachbook.cli.unlocking import passphrase_option, unlock_actor
from coachbook.errors import CoachbookError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from coachbook.cli.desk import Desk
    from coachbook.diagnostics import Diagnostic
    from coachbook.drafting import SealPlan
    from coachbook.opening import Before, Opened
    from coachbook.record import Record
    from coachbook.signatures import Signer


@click.command()
@click.argument("record")
@new_reader_option
@person_option
@sign_option
@passphrase_option
@workspace_options
def edit(
    record: str,
    new_readers: tuple[str, ...],
    person: str,
    sign: bool,
    passphrase_file: Path | None,
    directory: Path | None,
    today: date | None,
) -> int:
    """Open a record in your editor, and seal it again when you close it.

    RECORD is a file or an id. The editor is $VISUAL, $EDITOR, or what the
    system has. Sections you cannot read, or that are for others to write, stay
    sealed, shown as one line that has to stay where it is. Sections you do not
    change keep their seal. A note that is final is not changed any more: write
    an addendum. What you have written is signed where your key was needed to
    open the record, or with --sign.

    Example: coachbook edit s-7kq2m4xa
    """
    from coachbook.cli.resealing import require_met
    from coachbook.drafting import expected_readers

    desk = open_desk_at(record, directory, today, person=person)
    found = require_record(desk, record)
    require_unfinished(desk.book, found, find_actor(desk))
    opened, signer = _open(desk, found, passphrase_file, sign=sign)
    before = _before(desk, opened)
    for one in before:
        desk = desk_for(desk, one.record)
    readers = expected_readers(desk.book, found).items()
    blocks = [(those, opened.stated(name)) for name, those in readers]
    require_met(desk, blocks, new_readers, is_asked=True)
    # What one person alone could read may be a draft, of which sealing says more.
    require_met(desk, [(those, pairs) for those, pairs in blocks if len(pairs) > 1], new_readers)
    changed = _edit(desk, opened, before, new_readers, signer)
    say(f"{found.path} is saved" if changed else f"{found.path} is unchanged")
    return 0


def _open(
    desk: Desk, record: Record, passphrase_file: Path | None, *, sign: bool
) -> tuple[Opened, Signer | None]:
    """What the person's keys open, and who signs; without a key where nothing is sealed yet."""
    from coachbook.opening import Opened, is_sealed, open_record
    from coachbook.payload import WHOLE

    if not is_sealed(record):
        return Opened(record, {}, {}), signer_if(desk, passphrase_file, sign=sign)
    identities = unlock_actor(desk, passphrase_file)
    opened = open_record(desk.book, record, identities, partial(reader_name, desk.book))
    opened.require_sound()
    if WHOLE in opened.strangers:
        raise opened.strangers[WHOLE]
    return opened, signer_at(desk, identities)


def _before(desk: Desk, opened: Opened) -> tuple[Before, ...]:
    from coachbook.cli.resealing import known_before

    return (opened.before(desk.random), *known_before(desk, opened.record))


def _edit(
    desk: Desk,
    opened: Opened,
    before: Sequence[Before],
    new_readers: Sequence[str],
    signer: Signer | None,
) -> bool:
    """Runs the editor until its result can be sealed; false where nothing changed."""
    from coachbook.opening import authors_notices, sealed_notices
    from coachbook.private import private_folder

    notices = sealed_notices(opened, partial(reader_name, desk.book))
    notices |= authors_notices(desk.book, opened, find_actor(desk))
    with private_folder(desk.environment) as folder:
        copy = folder / opened.record.path.rsplit("/", 1)[-1]
        start = opened.record.encode(_ready(desk, opened, notices))
        write_copy(copy, start)
        while True:
            run_editor(desk.environment, copy)
            edited = read_copy(copy)
            if edited == start:
                return False
            plan = _plan(desk, opened, before, notices, edited)
            if isinstance(plan, tuple):
                say_findings(plan, 1)
            elif _seal(desk, plan, new_readers, signer):
                return True
            ask_again()


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


def _seal(desk: Desk, plan: SealPlan, new_readers: Sequence[str], signer: Signer | None) -> bool:
    """Seals what was edited and puts it in place; false, after saying why, if it cannot be."""
    from coachbook.cli.resealing import require_met, sealings, write_plan

    try:
        require_met(desk, sealings([plan]), new_readers)
        write_plan(desk, plan, signer)
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
    desk = desk_for(desk, found)
    restored = put_back(desk.book, found, opened.record, notices)
    if isinstance(restored, tuple):
        return restored
    writer = find_actor(desk)
    plan = plan_seal(desk.book, restored, before, random=desk.random, writer=writer)
    return plan.findings or plan
