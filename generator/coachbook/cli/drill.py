"""`coachbook keys drill`: recovery as the policy answers it, proved on a copy."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import click

from coachbook.age import X25519Identity
from coachbook.book import RECOVERY, display, load_book, policy_now, read_text, recovery_role
from coachbook.cli.context import say, workspace_options
from coachbook.cli.desk import (
    open_desk,
    person_option,
    reader_name,
    reloaded,
    require_actor,
)
from coachbook.cli.making import write_public
from coachbook.cli.paperwords import (
    ask_words,
    require_envelope_key,
    require_school,
    words_option,
)
from coachbook.cli.unlocking import passphrase_option, unlock_actor
from coachbook.errors import KeyringError, UsageError
from coachbook.people import is_envelope, scoped_role
from coachbook.private import copy_folder, private_folder
from coachbook.proof import Proof, Readmission, prove_recovery, try_readmission

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from pathlib import Path

    from coachbook.book import Book
    from coachbook.cli.desk import Desk
    from coachbook.policy import Policy

_SHOWN = 10


@click.command()
@click.argument("school")
@words_option
@person_option
@passphrase_option
@workspace_options
def drill(
    school: str,
    words_file: Path | None,
    person: str,
    passphrase_file: Path | None,
    directory: Path | None,
    today: date | None,
) -> int:
    """Prove on a copy that recovery works as the school's policy answers it.

    The records are copied into a private folder, which is taken away at the
    end. There the words from the envelope, or the key of the role that is
    named, have to open every part that is sealed to them, and to seal again
    what a person would lose with their key. The day is noted in
    records/keys/drills.md. Exit status: 0 all opened, 1 something stayed shut,
    2 it could not run.

    Example: coachbook keys drill otterbeck
    """
    desk = open_desk(directory, today, person=person)
    require_school(desk, school)
    policy = policy_now(desk.book, school)
    role = recovery_role(policy, policy)
    if policy is None or not role:
        _say_nobody(desk.book, school, policy)
        return 0
    owner = scoped_role(role, school)
    identities = _identities(desk, owner, words_file, passphrase_file)
    proof, trial = _prove(desk, school, owner, identities)
    _show(desk, owner, proof)
    if not proof.stated:
        say("nothing is sealed to it yet, so nothing was proved, and no day is noted")
        return 0
    if trial:
        _show_trial(desk, trial)
    _note(desk, owner, proof)
    return int(bool(proof.shut or (trial and trial.left)))


def _say_nobody(book: Book, school: str, policy: Policy | None) -> None:
    """Says that there is nothing to prove, and what that means here."""
    from coachbook.openers import stranded

    name = book.schools[school].name
    clause = policy.clause_of(RECOVERY) if policy else ""
    says = (
        f"the policy of {name} says so{f' in {clause}' if clause else ''}"
        if policy
        else (f"{name} has no policy")
    )
    found = [one for one in stranded(book) if one.record.school == school]
    lost = sum(one.lost for one in found)
    click.echo(f"nobody recovers anything here: {says}")
    what = "part opens" if lost == 1 else "parts open"
    click.echo(
        f"{lost} {what} for nobody who is here, and will for nobody again"
        if lost
        else "so far nothing is lost: every sealed part opens for somebody who is here"
    )
    say("what each person alone opens, and would take along: coachbook leaver PERSON")


def _identities(
    desk: Desk, owner: str, words_file: Path | None, passphrase_file: Path | None
) -> Mapping[str, X25519Identity]:
    """The keys of the envelope or the role, and no other key of whoever holds it."""
    if is_envelope(owner):
        require_envelope_key(desk, owner.partition("@")[2])
        return {owner: ask_words(desk, owner, words_file)}
    found = {
        label: key
        for label, key in unlock_actor(desk, passphrase_file).items()
        if label.partition(" ")[0] == owner
    }
    if not found:
        name = reader_name(desk.book, require_actor(desk))
        raise KeyringError(
            f"{name} does not open the key of {display(desk.book, owner)}, which the policy names",
            hint="whoever holds the role runs the drill, with --as and their id",
        )
    return found


def _prove(
    desk: Desk, school: str, owner: str, identities: Mapping[str, X25519Identity]
) -> tuple[Proof, Readmission | None]:
    """Tries the keys on a copy of the records, outside the workspace and gone at the end."""
    with private_folder(desk.environment) as folder:
        copy_folder(desk.book.root / "records", folder / "records")
        copy = replace(desk, book=load_book(folder, today=desk.book.today))
        proof = prove_recovery(copy.book, school, owner, identities)
        return proof, _readmit(copy, proof, identities)


def _readmit(
    copy: Desk, proof: Proof, identities: Mapping[str, X25519Identity]
) -> Readmission | None:
    """In the copy, takes the key of whoever reads most, and gives them back what they read."""
    readers = [one for one in sorted(proof.readers) if copy.book.keyring.current(one)]
    if not readers:
        return None
    person = max(readers, key=proof.readers.__getitem__)
    key = X25519Identity.generate(copy.random)
    write_public(copy, person, key)
    return try_readmission(
        reloaded(copy).book, proof, person, key, identities, now=copy.clock(), random=copy.random
    )


def _show(desk: Desk, owner: str, proof: Proof) -> None:
    name = display(desk.book, owner)
    click.echo(f"{name}: {proof.opened} of {_parts(proof.stated)} opened")
    for left in proof.shut[:_SHOWN]:
        click.echo(f"  shut: {left}")
    if len(proof.shut) > _SHOWN:
        click.echo(f"  and {len(proof.shut) - _SHOWN} more")
    if proof.elsewhere:
        click.echo(
            f"{_parts(proof.elsewhere)} not sealed to it, from before the policy said so or while "
            "nobody held the role: recovery does not open them"
        )


def _show_trial(desk: Desk, trial: Readmission) -> None:
    name = display(desk.book, trial.person)
    click.echo(
        f"as if {name} had lost their key: {_parts(trial.opened)} sealed again for a new one, and "
        "opened with it, in the copy"
    )
    for left in trial.left[:_SHOWN]:
        click.echo(f"  left: {left}")


def _parts(count: int) -> str:
    return f"{count} part" if count == 1 else f"{count} parts"


def _note(desk: Desk, owner: str, proof: Proof) -> None:
    """Adds the day and the numbers to the file of drills."""
    from coachbook.drills import PATH, Drill, with_drill
    from coachbook.private import replace_file

    key = desk.book.keyring.current(owner)
    if key is None:
        raise UsageError(f"{owner} has no key", hint="see: coachbook keys list")
    line = Drill(desk.book.today, owner, key.generation, proof.opened, proof.stated)
    text = with_drill(read_text(desk.book, PATH), line)
    replace_file(desk.book.root / PATH, text.encode())
    say(f"noted in {PATH}; commit it, so that everybody knows when the next one is due")
