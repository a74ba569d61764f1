"""`coachbook share`, `agree` and `disagree`: a draft is shared, a note is answered and final."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from coachbook.cli.context import ask, is_at_terminal, say, workspace_options
from coachbook.cli.desk import (
    find_actor,
    new_reader_option,
    person_option,
    reader_name,
    reader_names,
    require_record,
    say_findings,
)
from coachbook.cli.schools import desk_for, open_desk_at
from coachbook.cli.signing import signer_at, signer_if
from coachbook.cli.unlocking import passphrase_option, unlock_actor
from coachbook.errors import FindingsError, UsageError
from coachbook.sentences import join

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from coachbook.age import X25519Identity
    from coachbook.cli.desk import Desk
    from coachbook.diagnostics import Diagnostic
    from coachbook.drafting import SealPlan
    from coachbook.opening import Opened
    from coachbook.record import Record
    from coachbook.signatures import Signer


_NOT_FINAL = "CB506"
"""What is said of a note that somebody has added to, until it is final; an answer mends it."""


def _words_option(command: Any) -> Any:  # noqa: ANN401 (click's own decorators)
    return click.option(
        "--words",
        type=click.Path(path_type=Path, exists=True, dir_okay=False),
        help="A file with what you want to add; otherwise you are asked.",
    )(command)


@click.command()
@click.argument("record")
@click.option("--yes", is_flag=True, help="Ask nothing.")
@click.option(
    "--sign", is_flag=True, help="You have read what nobody has signed, and sign it as yours."
)
@new_reader_option
@person_option
@passphrase_option
@workspace_options
def share(
    record: str,
    yes: bool,
    sign: bool,
    new_readers: tuple[str, ...],
    person: str,
    passphrase_file: Path | None,
    directory: Path | None,
    today: date | None,
) -> int:
    """Share a draft: seal it for everybody whom the policy lets read it.

    RECORD is a file or an id. It names who will read it, and asks. A note that
    is shared already is sealed anew where its readers have changed; its text
    stays as it is. What you have written and signed is signed anew. A part that
    nobody has signed may be by anybody, so it asks whether you have read it;
    with --yes it stays unsigned, unless you add --sign.

    Example: coachbook share s-7kq2m4xa
    """
    from coachbook.book import access_of
    from coachbook.cli.resealing import require_met, sealings
    from coachbook.opening import in_the_clear, reread
    from coachbook.sharing import plan_share, shared_source, unsigned_parts

    desk = open_desk_at(record, directory, today, person=person)
    note = require_record(desk, record)
    life = access_of(desk.book, note).life
    if life.is_draft and life.author != find_actor(desk):
        raise UsageError(
            f"{note.path} is a draft of {reader_name(desk.book, life.author) or 'nobody'}",
            hint="only its author shares it; say who you are with --as",
        )
    opened, signer = _open(desk, note, passphrase_file)
    unsigned = unsigned_parts(desk.book, opened)
    left = () if sign else _left_unsigned(note, unsigned, yes=yes)
    desk = desk_for(desk, reread(note, in_the_clear(opened, {})))
    plan = plan_share(desk.book, opened, random=desk.random, unsigned=left)
    _require_plan(plan.seal)
    if not plan.seal.fresh and not life.is_draft:
        say(f"{note.path} is sealed for those who may read it already")
        return 0
    require_met(desk, sealings([plan.seal]), new_readers, is_asked=True)
    _confirm(desk, plan.seal, yes=yes)
    author = find_actor(desk)
    source = shared_source(plan, author=author, now=desk.clock(), random=desk.random, signer=signer)
    _write(desk, note, source)
    click.echo(note.path)
    return 0


@click.command()
@click.argument("record")
@_words_option
@new_reader_option
@person_option
@passphrase_option
@workspace_options
def agree(**options: Any) -> int:  # noqa: ANN401 (click's own options)
    """Say that you agree with a note, which makes it final.

    RECORD is a file or an id of a note in which you take part. Your answer is
    an addendum of its own, sealed for those who read the note; the note's
    header says only that it is final. From then on it is not changed any more.

    Example: coachbook agree s-7kq2m4xa
    """
    return _answer("agreed", **options)


@click.command()
@click.argument("record")
@_words_option
@new_reader_option
@person_option
@passphrase_option
@workspace_options
def disagree(**options: Any) -> int:  # noqa: ANN401 (click's own options)
    """Say that you disagree with a note, which makes it final.

    Nobody has to change what they wrote: your words stand beside theirs, as an
    addendum sealed for those who read the note. Its header says only that it is
    final, not whether somebody disagreed.

    Example: coachbook disagree s-7kq2m4xa
    """
    return _answer("disagreed", **options)


def _answer(
    response: str,
    *,
    record: str,
    words: Path | None,
    new_readers: tuple[str, ...],
    person: str,
    passphrase_file: Path | None,
    directory: Path | None,
    today: date | None,
) -> int:
    """Adds somebody's answer to a note and makes it final; what was done already is not redone."""
    from coachbook.book import access_of
    from coachbook.sharing import final_source, require_party

    desk = open_desk_at(record, directory, today, person=person)
    note = require_record(desk, record)
    actor = find_actor(desk)
    require_party(desk.book, note, actor)
    identities = unlock_actor(desk, passphrase_file)
    _require_readable(desk, note, identities)
    if not _is_said(desk, note, actor, response, identities):
        _add(desk, note, response, _words(words), new_readers, signer_at(desk, identities))
    if not access_of(desk.book, note).life.locked:
        _write(desk, note, final_source(note))
        say(f"{note.path} is final now; what is to be said from here on is an addendum")
    return 0


def _open(desk: Desk, note: Record, passphrase_file: Path | None) -> tuple[Opened, Signer | None]:
    """What the person's keys open, and the person as a signer where they were unlocked for it."""
    from coachbook.opening import Opened, is_sealed, open_record

    if not is_sealed(note):
        return Opened(note, {}, {}), signer_if(desk, passphrase_file, sign=False)
    identities = unlock_actor(desk, passphrase_file)
    opened = open_record(desk.book, note, identities, partial(reader_name, desk.book))
    return opened, signer_at(desk, identities)


def _require_readable(desk: Desk, note: Record, identities: Mapping[str, X25519Identity]) -> None:
    """Raises what is wrong with a note: nobody answers what they cannot read, or is not sound."""
    from coachbook.book import access_of
    from coachbook.diagnostics import Consequence
    from coachbook.opening import open_record
    from coachbook.rules import check_record
    from coachbook.sharing import require_true

    faults = [
        fault
        for fault in check_record(desk.book, note)
        if fault.consequence is Consequence.STOPS
        and (fault.code != _NOT_FINAL or access_of(desk.book, note).life.locked)
    ]
    _require_none(faults)
    opened = open_record(desk.book, note, identities, partial(reader_name, desk.book))
    opened.require_sound()
    require_true(desk.book, opened)
    if opened.payloads:
        return
    if opened.strangers:
        raise next(iter(opened.strangers.values()))
    raise UsageError(f"nothing is written down in {note.path} yet", hint="write it first")


def _is_said(
    desk: Desk,
    note: Record,
    actor: str,
    response: str,
    identities: Mapping[str, X25519Identity],
) -> bool:
    """True if the person has said so already; raises UsageError if they said the other."""
    from coachbook.opening import open_record
    from coachbook.sharing import ANSWERS, addenda, response_of

    for one in addenda(desk.book, note, actor):
        found = response_of(open_record(desk.book, one, identities))
        if found == response:
            say(f"you have said so already, in {one.path}")
            return True
        if found in ANSWERS:
            raise UsageError(
                f"you have {found} with {note.path} already",
                hint=f"if you think otherwise now, add it: coachbook new addendum --to {note.id}",
            )
    return False


def _add(
    desk: Desk,
    note: Record,
    response: str,
    words: str,
    new_readers: Sequence[str],
    signer: Signer | None,
) -> None:
    """Seals the answer and puts it in its place."""
    from coachbook.cli.resealing import describe_plan, require_met, sealings, write_plan
    from coachbook.drafting import plan_seal
    from coachbook.sharing import new_answer

    actor = find_actor(desk)
    record = new_answer(
        desk.book, note, by=actor, response=response, words=words, random=desk.random
    )
    plan = plan_seal(desk.book, record, random=desk.random, writer=actor)
    _require_plan(plan)
    require_met(desk, sealings([plan]), new_readers)
    write_plan(desk, plan, signer)
    say(describe_plan(desk, plan))
    click.echo(plan.path)


def _words(file: Path | None) -> str:
    """What is added to the answer: from a file, or asked at a terminal; it may be nothing."""
    from coachbook.decoding import decode
    from coachbook.private import explained

    if file is not None:
        with explained(file):
            return decode(file.read_bytes())[0]
    return ask("Anything to add? Enter for nothing") if is_at_terminal() else ""


def _confirm(desk: Desk, plan: SealPlan, *, yes: bool) -> None:
    """Names those who will be able to read, and goes on only when told to."""
    for task in plan.fresh:
        readers = reader_names(desk.book, [reader.id for reader in task.readers])
        say(f"{task.section}: {readers} will be able to read this")
    if yes:
        return
    if not is_at_terminal():
        raise UsageError("nobody is there to be asked", hint="add --yes if this is right")
    if not click.confirm("Share it with them?", default=False, err=True):
        raise UsageError("nothing was shared", hint="the draft is as it was")


def _left_unsigned(note: Record, unsigned: Sequence[str], *, yes: bool) -> Sequence[str]:
    """The parts that stay unsigned: none where their author says that they have read them."""
    if not unsigned:
        return ()
    say(f"{join(unsigned)}: nobody has signed this, so anybody may have sealed it in your name")
    if yes or not is_at_terminal():
        say("it is shared unsigned; if you have read it and it is yours, add --sign")
        return unsigned
    if not click.confirm("Have you read it, and is it yours?", default=False, err=True):
        raise UsageError("nothing was shared", hint=f"read it: coachbook open {note.path}")
    return ()


def _write(desk: Desk, note: Record, source: str) -> None:
    from coachbook.private import replace_file

    replace_file(desk.book.root / note.path, note.encode(source))


def _require_plan(plan: SealPlan) -> None:
    say_findings(plan.remarks, 1)
    _require_none(plan.findings)


def _require_none(findings: Sequence[Diagnostic]) -> None:
    """Raises FindingsError, after saying what was found, if anything was."""
    if findings:
        say_findings(findings, 1)
        raise FindingsError(
            "nothing was changed", hint="correct what is named above, then run it again"
        )
