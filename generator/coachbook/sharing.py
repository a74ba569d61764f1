"""A note goes on: a draft is shared, a shared note is answered, an answered one is final.

    plan = plan_share(book, opened, random=os.urandom)       # the author's key opened it
    source = shared_source(plan, author="p-7kq2m4xa", now=now, random=os.urandom)

    answer = new_answer(book, note, by="p-3fd0aaaa", response="agreed", words="", random=os.urandom)
    source = final_source(note)

An answer is an addendum: a record of its own, sealed for those who read the note. Nobody opens
or merges another's text, and the header of the note says no more than that it is final. An
addendum that was written in the portal makes the note final when it is filed.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from coachbook.book import access_of, expected_path, follow, form_of, parties
from coachbook.bylines import LEFT, authorships
from coachbook.drafting import SealPlan, apply_seal, needs_sealing, plan_seal
from coachbook.errors import UsageError
from coachbook.fillin import fill_in
from coachbook.formchoice import addendum_form
from coachbook.life import ADDENDUM, FINAL, LOCK, SHARED, STATE, block_digest
from coachbook.newrecord import draft
from coachbook.opening import in_the_clear, reread
from coachbook.record import replace_field, replace_section
from coachbook.signatures import REPLACED, State
from coachbook.values import frozen

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from coachbook.age import Random
    from coachbook.book import Book
    from coachbook.opening import Opened
    from coachbook.record import Record
    from coachbook.signatures import Signer

ANSWERS = ("agreed", "disagreed")
"""What somebody can say to a note as a whole; anything else is an addition."""

RESPONSE = "Response"
SECTION = "Addendum"


@frozen
class SharePlan:
    """How a note is sealed for those who may read it now; `is_final` if it was final before."""

    seal: SealPlan
    is_final: bool


def require_true(book: Book, opened: Opened) -> None:
    """Raises UsageError where a signature does not match: nobody shares or answers such a text.

    One that was made too late, by a key that was replaced or after its owner had left, is told by
    the checks, and is no forgery by that.
    """
    for section, one in authorships(book, opened).items():
        if one.state is State.MISMATCH and one.fault not in {REPLACED, LEFT}:
            raise UsageError(
                f'{opened.record.path}: the signature under section "{section}" does not match',
                hint="read it with coachbook open, and see in git log who changed it; an earlier\n"
                "version comes back with: git checkout REVISION -- FILE",
            )


def unsigned_parts(book: Book, opened: Opened) -> tuple[str, ...]:
    """The parts of a draft that nobody has signed, so that anybody may have sealed them.

    Raises UsageError where a signature does not match.
    """
    if not access_of(book, opened.record).life.is_draft:
        return ()
    require_true(book, opened)
    found = authorships(book, opened)
    return tuple(section for section, one in found.items() if one.state is State.UNSIGNED)


def plan_share(
    book: Book, opened: Opened, *, random: Random, unsigned: Collection[str] = ()
) -> SharePlan:
    """How a draft is sealed for the policy's readers, or a note whose readers have changed.

    The text stays as it is, and so does every block whose readers are right. Raises UsageError
    or DamagedError where a part does not open: what cannot be read cannot be shared.

    Args:
        unsigned: parts of a draft that its author does not sign as they share it.
    """
    life = access_of(book, opened.record).life
    opened.require_sound()
    if life.is_draft and opened.strangers:
        raise UsageError(
            f"{opened.record.path}: section {next(iter(opened.strangers))} of this draft is not "
            "sealed to you, so it cannot be shared",
            hint="its author shares it; see: coachbook who-can-read",
        )
    plain = reread(opened.record, in_the_clear(opened, {}))
    if STATE in plain.fields:
        plain = reread(plain, replace_field(plain, STATE, SHARED))
    writer = life.author if life.is_draft else ""
    before = [opened.before(random)]
    plan = plan_seal(book, plain, before, random=random, writer=writer, is_sharing=True)
    plan = _with_authors(plan, opened)
    return SharePlan(_as_if_new(plan, unsigned) if life.is_draft else plan, life.is_final)


def plan_again(book: Book, opened: Opened, *, random: Random) -> SharePlan:
    """How a record is sealed for the keys that its readers have now; a draft stays a draft.

    Parts that did not open stay as they are.
    """
    if not access_of(book, opened.record).life.is_draft:
        return plan_share(book, opened, random=random)
    plain = reread(opened.record, in_the_clear(opened, {}))
    plan = plan_seal(book, plain, [opened.before(random)], random=random)
    return SharePlan(_with_authors(plan, opened), is_final=False)


def shared_source(
    plan: SharePlan, *, author: str, now: datetime, random: Random, signer: Signer | None = None
) -> str:
    """The source of the note, sealed anew; one that was final is final again."""
    source = apply_seal(plan.seal, author=author, now=now, random=random, signer=signer)
    if not plan.is_final:
        return source
    return final_source(reread(plan.seal.record, source))


def final_source(note: Record) -> str:
    """The source of the note with the header of one that is final, and its digest."""
    note = reread(note, replace_field(note, STATE, FINAL))
    return replace_field(note, LOCK, block_digest(note))


def require_party(book: Book, note: Record, person: str) -> None:
    """Raises UsageError unless the note has a life and the person takes part in it."""
    form = form_of(book, note)
    if form is None or not form.life:
        raise UsageError(
            f"{note.path} is not a note that somebody agrees to",
            hint="name a session or an observation",
        )
    if access_of(book, note).life.is_draft:
        raise UsageError(
            f"{note.path} is a draft still", hint="its author shares it with: coachbook share"
        )
    if not any(person in people for people in parties(book, note).values()):
        raise UsageError(
            f"{person} takes no part in {note.path}",
            hint="one of those whom the note is about can answer it",
        )


def addenda(book: Book, note: Record, by: str = "") -> tuple[Record, ...]:
    """What was added to a note, by one person or by anybody, in the order of days."""
    found = [
        record
        for record in book.referring.get(note.id, ())
        if record.type == ADDENDUM and note.id in follow(book, record, "to")
    ]
    mine = [record for record in found if not by or by in follow(book, record, "by")]
    return tuple(sorted(mine, key=lambda record: (str(record.value("on")), record.id)))


def finished_by(book: Book, addendum: Record) -> Record | None:
    """The note that an addendum makes final, or None where it is final or not ready to be.

    The header of an addendum does not tell an answer from an addition, so any of them does.
    """
    notes = [note for one in follow(book, addendum, "to") for note in book.by_id.get(one, ())]
    if addendum.type != ADDENDUM or len(notes) != 1:
        return None
    form, life = form_of(book, notes[0]), access_of(book, notes[0]).life
    is_open = form is not None and form.life and life.state == SHARED and not life.locked
    return notes[0] if is_open and not needs_sealing(book, notes[0]) else None


def new_answer(
    book: Book, note: Record, *, by: str, response: str, words: str, random: Random
) -> Record:
    """The addendum that says so, not sealed yet, at the place where it belongs."""
    form = addendum_form(book, note)
    given = {"to": note.id, "by": by, "on": book.today.isoformat()}
    values = fill_in(book, form, given, school=note.school, ask=None, random=random)
    header = draft(form, values)
    text = f"{RESPONSE}: {response}\n\n{words.strip()}\n".rstrip() + "\n"
    record = reread(header, replace_section(header, SECTION, text))
    return replace(record, path=expected_path(book, header))


def response_of(opened: Opened) -> str:
    """What an addendum that was opened says: agreed, disagreed, addition; "" if it stays shut."""
    payload = opened.payloads.get(SECTION)
    lines = payload.data.get("lines") if payload else None
    value = lines.get(RESPONSE) if isinstance(lines, dict) else None
    return value if isinstance(value, str) else ""


def _as_if_new(plan: SealPlan, unsigned: Collection[str]) -> SealPlan:
    """The plan, in which whoever shares a draft signs it as theirs, but for parts left unsigned."""
    tasks = (
        task if task.section in unsigned else replace(task, is_carried=False) for task in plan.tasks
    )
    return replace(plan, tasks=tuple(tasks))


def _with_authors(plan: SealPlan, opened: Opened) -> SealPlan:
    """The plan, in which every text stays the work of whom it says it is by."""
    tasks = (
        replace(task, author=opened.payloads[task.section].author)
        if task.section in opened.payloads
        else task
        for task in plan.tasks
    )
    return replace(plan, tasks=tuple(tasks))
