"""CB509 and CB510: what has changed since an earlier state, and should not have in silence.

Anybody who can write to the repository can make somebody a reader, or bring back an older text.
Neither shows in the records as they are, so these rules look at them beside what they were.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from coachbook.approvals import PATH, approvers, is_sound, lost_lines, new_lines
from coachbook.book import short
from coachbook.diagnostics import Diagnostic, Span
from coachbook.keyring import key_finding
from coachbook.payload import WHOLE
from coachbook.people import is_envelope
from coachbook.sentences import one_of
from coachbook.values import frozen
from coachbook.widening import widenings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from coachbook.book import Book
    from coachbook.record import Record
    from coachbook.rules.rule import Since
    from coachbook.sections import SealedBlock
    from coachbook.widening import Widening

_TOP = Span(1)
_SIGNING = Span(5)
"""The line of a public key that holds its signing key."""


@frozen
class Pending:
    """A change that lets somebody read more, and who may approve it."""

    change: Widening
    approvers: tuple[str, ...]


def pending(since: Since) -> tuple[Pending, ...]:
    """The changes that nobody who could read before has approved."""
    workspace = since.now.trust.workspace
    keys = since.before.keyring
    signed = {
        (one.statement, one.person)
        for _, one in new_lines(since.earlier_approvals, since.approvals)
        if is_sound(one, keys.current(one.person), workspace)
    }
    found = (
        Pending(change, approvers(change, since.before, since.now))
        for change in widenings(since.before, since.now)
    )
    return tuple(
        one
        for one in found
        if not any((one.change.statement, person) in signed for person in one.approvers)
    )


def unapproved_reader(since: Since) -> Iterable[Diagnostic]:
    """Whoever becomes a reader is let in by one who could read before.

    A key line, a role, a relation of a record that was there, a cell of the access table and a
    new version of the policy can each make somebody a reader. Each needs one signed line in
    `records/keys/approvals.md`, by somebody who could read before, is still here with the same
    key, and does not gain by it. A line counts for the change that it came with, and no longer.

    Why: whoever can write to the repository could otherwise let themselves in, and the next
    person who seals a note would seal it to them.
    Example:
        a new file that makes Idris an impact monitor
        Idris becomes a holder of monitor@otterbeck, and reads what is sealed to it: not approved
    Remedy: look at the change. If it is meant, one of those who are named runs
    `coachbook keys approve REVISION`; if not, take it back.
    Source: design, "Threat model"; issue "Keys over time"
    """
    for one in pending(since):
        names = one_of([short(since.now, person) for person in one.approvers])
        yield _finding(
            "CB509",
            one.change.path,
            f"{one.change.message}: not approved",
            f"if it is meant, {names} runs: coachbook keys approve {since.revision}"
            f"{_by_envelope(one.approvers)}"
            if names
            else "nobody is left who could read before: look at the history yourselves, and "
            "then check since a later revision",
            one.change.school,
        )
    yield from _unsound_lines(since)


def _by_envelope(approvers: Sequence[str]) -> str:
    """What the command needs where only the envelope of a school is left to approve."""
    school = next((one.partition("@")[2] for one in approvers if is_envelope(one)), "")
    return f" --envelope {school}" if school else ""


def gone_back(since: Since) -> Iterable[Diagnostic]:
    """A sealed part, a key and an approval never go back to an earlier state.

    Each new text of a sealed part has a higher revision, each new key a higher generation, and
    lines of `records/keys/approvals.md` are only added. The signature under a part stays for as
    long as the part is the same, and a signing key for as long as its key is.

    Why: an older block is sound by itself. Whoever puts it back takes away what was written
    since, and an older key brings back whoever was shut out with the newer one.
    Example:
        a file restored by hand from a copy of last month
        section "Notes" is revision 1, and was revision 2
    Remedy: bring the newer file back: git checkout REVISION -- FILE. Where an older text is
    meant, somebody who can open it writes it anew with `coachbook edit`.
    Source: design, "Threat model", replaying an old block
    """
    for record in since.now.records.values():
        olds = since.before.by_id.get(record.id, ())
        if record.id and len(olds) == 1:
            yield from _older_blocks(since, record, olds[0])
    yield from _older_keys(since)
    for lost in lost_lines(since.earlier_approvals, since.approvals):
        yield _finding(
            "CB510",
            PATH,
            f"the approval of {lost.day} by {short(since.now, lost.person)} was taken out or "
            "changed",
            f"bring it back: git checkout {since.revision} -- {PATH}",
        )


def _unsound_lines(since: Since) -> Iterator[Diagnostic]:
    """New lines of the file that approve nothing, because they are not what they seem."""
    for number in since.approvals.unread:
        yield _finding(
            "CB509",
            PATH,
            "this line is no approval that can be read",
            "take it out, and let it be written by: coachbook keys approve",
            span=Span(number),
        )
    keys = since.before.keyring
    for number, one in new_lines(since.earlier_approvals, since.approvals):
        if not is_sound(one, keys.current(one.person), since.now.trust.workspace):
            yield _finding(
                "CB509",
                PATH,
                f"the signature does not match this line and the key that "
                f"{short(since.now, one.person)} had before",
                "take it out, and let it be written by: coachbook keys approve",
                span=Span(number),
            )


def _older_blocks(since: Since, record: Record, old: Record) -> Iterator[Diagnostic]:
    """Blocks with a lower revision than before, or another text under the same one."""
    before = dict(_single_blocks(old))
    for section, block in _single_blocks(record):
        was = before.get(section)
        words = _how_older(since, was, block) if was else ""
        if was is None or not words:
            continue
        name = "the whole record" if section == WHOLE else f'section "{section}"'
        yield _finding(
            "CB510",
            record.path,
            f"{name} {words}",
            f"bring the newer one back: git checkout {since.revision} -- {old.path}",
            record.school,
            span=block.span,
            record=record.id,
        )


def _how_older(since: Since, was: SealedBlock, block: SealedBlock) -> str:
    """What a block has lost since, in words; "" if it is the same or was rightly sealed anew."""
    if was.revision < block.revision:
        return ""
    if was.revision > block.revision:
        return f"is revision {block.revision}, and was revision {was.revision}"
    if _lines(was) != _lines(block):
        return f"was sealed anew and is revision {block.revision} still"
    if was.signature and was.signature != block.signature:
        return f"has lost the signature of {short(since.now, was.signature.signer)}"
    return ""


def _single_blocks(record: Record) -> Iterator[tuple[str, SealedBlock]]:
    if record.whole:
        yield WHOLE, record.whole
    for section in record.sections:
        if len(section.blocks) == 1:
            yield section.name, section.blocks[0]


def _lines(block: SealedBlock) -> list[str]:
    """The armor without what git does to the ends of lines."""
    return [line.strip() for line in block.armor.strip().splitlines()]


def _older_keys(since: Since) -> Iterator[Diagnostic]:
    yield from _swapped_keys(since)
    for owner, keys in since.before.keyring.keys.items():
        key = since.now.keyring.current(owner)
        if key is not None and key.generation < keys[0].generation:
            yield _finding(
                "CB510",
                key.path,
                f"the key of {short(since.now, owner)} is generation {key.generation}, and was "
                f"{keys[0].generation}",
                f"bring the newer one back: git checkout {since.revision} -- {keys[0].path}",
                _school(since.now, owner),
            )


def _swapped_keys(since: Since) -> Iterator[Diagnostic]:
    """Keys with another signing line than before, which follows from the key and never changes."""
    now = {(key.owner, key.fingerprint): key for key in since.now.keyring.all()}
    for old in since.before.keyring.all():
        key = now.get((old.owner, old.fingerprint), old)
        if key.signing != old.signing:
            yield _finding(
                "CB510",
                key.path,
                f"the signing key of {short(since.now, key.owner)} was changed and the key was "
                "not, so somebody else could sign in their name",
                f"bring the file back: git checkout {since.revision} -- {old.path}",
                _school(since.now, key.owner),
                span=_SIGNING,
            )


def _school(book: Book, owner: str) -> str:
    school = owner.partition("@")[2]
    return school if school in book.schools else ""


def _finding(
    code: str,
    path: str,
    message: str,
    hint: str,
    school: str = "",
    *,
    span: Span = _TOP,
    record: str = "",
) -> Diagnostic:
    """A fault of keys, whose line is never quoted: it may belong to a sealed part."""
    found = key_finding(code, path, message, hint, span, school)
    return replace(found, quotable=False, record=record)
