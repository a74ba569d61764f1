"""Who may read which part of a record, by the policy then and now.

For a session of Wren's, `section_readers(book, session, notes)` is something
like `("p-3fd0aaaa", "p-7kq2m4xa", "monitor@otterbeck")`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from coachbook.audience import info_names, readers
from coachbook.book.relations import parties, policy_for, policy_now, record_date
from coachbook.payload import WHOLE
from coachbook.people import ROLE_TITLES, holders, scoped_role, split_principal
from coachbook.sealing import Place

if TYPE_CHECKING:
    from datetime import date

    from coachbook.book.model import Book
    from coachbook.forms import Form, SectionForm
    from coachbook.policy import Policy
    from coachbook.record import Record

RECOVERY = "recovery.holder"
"""The policy's answer to: who may open it when every reader has left?"""

NOBODY = "nobody"


def row_readers(book: Book, record: Record, row: str) -> tuple[str, ...]:
    """The people and roles whom a row of the access table lets read this record.

    They are those of the policy on the record's date, narrowed by today's: a
    wider policy never opens an old record by itself.
    """
    then, now = policy_for(book, record), policy_now(book, record.school)
    if then is None or now is None:
        return ()
    return readers(then, now, row, parties(book, record))


def section_readers(book: Book, record: Record, section: SectionForm) -> tuple[str, ...]:
    """Whom a section has to be sealed to: its row's readers and the recovery holder.

    A role that nobody held on the record's date is left out.
    """
    return sealed_to(book, record, section.row)


def record_readers(book: Book, record: Record, form: Form) -> tuple[str, ...]:
    """Whom a record that is sealed whole has to be sealed to."""
    return sealed_to(book, record, form.row)


def section_info(book: Book, record: Record, section: SectionForm) -> tuple[str, ...]:
    """The names that the fence of a sealed section shows to people."""
    policy = policy_for(book, record)
    if policy is None:
        return ()
    narrowed = set(section_readers(book, record, section))
    people = parties(book, record)
    names = [
        name
        for name in info_names(policy, section.row, people)
        if narrowed.intersection(people.get(name, (scoped_role(name, record.school),)))
    ]
    role = recovery_role(policy, policy_now(book, record.school))
    return tuple(dict.fromkeys([*names, role] if role else names))


def recovery_role(then: Policy | None, now: Policy | None) -> str:
    """The role that may open everything in need; "" unless both policies name the same."""
    roles = {str(policy.get(RECOVERY) or NOBODY) for policy in (then, now) if policy}
    role = roles.pop() if len(roles) == 1 else NOBODY
    return "" if role == NOBODY else role


def holders_of_repository(book: Book, school: str) -> tuple[str, ...]:
    """The roles who hold a copy of all records, as the school's policy says today."""
    policy = policy_now(book, school)
    roles = policy.get("repository.holders") if policy else None
    names = roles if isinstance(roles, tuple) else ()
    return tuple(scoped_role(str(role), school) for role in names)


def role_holders(book: Book, principal: str, on: date | None = None) -> tuple[str, ...]:
    """The people who hold a role such as `monitor@otterbeck`, today or on another day."""
    role, school = split_principal(principal)
    found = book.roles.get(principal, ())
    return holders(found, role, school, on or book.today, people=book.people)


def display(book: Book, principal: str) -> str:
    """A person's full name, or a role with its school: "Monitor, Otterbeck Primary"."""
    role, school = split_principal(principal)
    if not school:
        person = book.people.get(principal)
        return person.name if person else principal
    place = book.schools[school].name if school in book.schools else school
    return f"{role.replace('-', ' ').capitalize()}, {place}"


def short(book: Book, principal: str) -> str:
    """What colleagues call a person, or a role inside a sentence: "the impact monitor"."""
    role, school = split_principal(principal)
    if school:
        return ROLE_TITLES.get(role, f"the {role.replace('-', ' ')}")
    person = book.people.get(principal)
    return person.short if person else principal


def place_of(book: Book, record: Record, section: str = WHOLE) -> Place:
    """Where a sealed section belongs, as its payload has to say."""
    found = parties(book, record)
    return Place(
        workspace=book.trust.workspace,
        record=record.id,
        type=record.type,
        section=section,
        parties=tuple((relation, one) for relation, people in found.items() for one in people),
    )


def sealed_to(book: Book, record: Record, row: str) -> tuple[str, ...]:
    """Whom a part of the records has to be sealed to, by the row of the access table."""
    found = list(row_readers(book, record, row))
    role = recovery_role(policy_for(book, record), policy_now(book, record.school))
    if found and role:
        found.append(scoped_role(role, record.school))
    day = record_date(book, record) or book.today
    return tuple(dict.fromkeys(one for one in found if _is_filled(book, one, day)))


def _is_filled(book: Book, principal: str, day: date) -> bool:
    return not split_principal(principal)[1] or bool(role_holders(book, principal, day))
