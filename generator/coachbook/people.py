"""People, roles, relations, partnerships, with from and to.

Values only: who somebody is, which role they hold at which school, who works with whom, and
whether that is so on a given day. Nobody is ever removed: a leaver has an end.

A *principal* is whoever can be given a key: a person, by id, or a role at a school, written
`monitor@otterbeck`.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Protocol

from coachbook.forms import ValueReader
from coachbook.values import frozen

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from coachbook.forms import FieldValue, Form
    from coachbook.record import Record

RELATIONS = frozenset(
    {
        "author",
        "coach",
        "coachee",
        "line-manager",
        "members",
        "mentee",
        "mentor",
        "observed",
        "observers",
        "raiser",
        "subject",
    }
)
"""How a person can stand to a record; every other column of an access table is a role."""

TAKING_PART = frozenset(
    {"coach", "coachee", "members", "mentor", "mentee", "observed", "observers"}
)
"""Relations in which somebody takes part in coaching."""

ROLE_TITLES: Mapping[str, str] = {
    "head": "the head",
    "deputy": "the deputy head",
    "monitor": "the impact monitor",
    "lead-coach": "the lead coaches",
    "ect-coach": "the ECT coach",
    "capability-mentor": "the capability mentor",
    "slt": "the senior leadership team",
    "line-leader": "the line leader",
    "governors": "the governors",
    "office": "the school office",
    "data-protection": "the data protection lead",
    "induction-tutor": "the induction tutor",
    "cpd-lead": "the lead for professional development",
    "counsellor": "the counsellor",
    "trust-lead": "the trust lead",
    "recovery-holder": "the recovery holder",
}
"""What a role is called inside a sentence."""

ENVELOPE = "envelope"
"""A reader that nobody holds: a key on paper alone, in a sealed envelope, for recovery."""

_ENVELOPE_TITLE = "whoever breaks the sealed envelope"

RELATION_TITLES: Mapping[str, str] = {
    "by": "whoever adds it",
    "members": "the members of the group",
    "observed": "the person observed",
    "raiser": "whoever raised it",
    "reported_to": "whoever it was reported to",
    "subject": "the person it is about",
}
"""What a relation to a record is called inside a sentence, where "the" before it is not enough."""

TRUST_WIDE = frozenset({"trust-lead"})
"""Roles that somebody of the trust holds at a school without working there."""


class Dated(Protocol):
    """Anything with a first day and, perhaps, a last one."""

    @property
    def start(self) -> date:
        """The first day."""

    @property
    def end(self) -> date | None:
        """The last day; None while it goes on."""


@frozen
class Person:
    """Somebody who coaches, is coached, or holds a role."""

    id: str
    name: str
    known_as: str
    category: str
    schools: tuple[str, ...]
    start: date
    end: date | None
    fte: float | None
    career_stage: str
    induction_end: date | None
    sign_in: str
    path: str
    induction_start: date | None = None
    induction_absence_days: int = 0
    probation_start: date | None = None
    probation_end: date | None = None

    @property
    def short(self) -> str:
        """What colleagues call the person: the name they use, or the first word of the full one."""
        return self.known_as or self.name.split(" ", 1)[0]


@frozen
class RoleAssignment:
    """That a person holds a role at a school, from a day on."""

    id: str
    person: str
    role: str
    school: str
    start: date
    end: date | None

    @property
    def principal(self) -> str:
        """The role as a principal, such as `monitor@otterbeck`."""
        return scoped_role(self.role, self.school)


@frozen
class Partnership:
    """Two people who work together as coach and coachee."""

    id: str
    school: str
    kind: str
    coach: str
    coachee: str
    start: date
    end: date | None
    status: str
    paused_from: date | None = None
    resumed_on: date | None = None


def active(entry: Dated, on: date) -> bool:
    """True from the first day to the last, both included."""
    return entry.start <= on and (entry.end is None or on <= entry.end)


def title_of(name: str) -> str:
    """A role or a relation as a sentence names it: "the lead coaches", "whoever raised it"."""
    return RELATION_TITLES.get(name) or role_title(name)


def scoped_role(role: str, school: str) -> str:
    """The principal of a role at a school."""
    return f"{role}@{school}"


def is_envelope(principal: str) -> bool:
    """True for `envelope@otterbeck`, the key of a school that is only on paper."""
    return principal.startswith(f"{ENVELOPE}@")


def role_title(role: str) -> str:
    """What a role, the envelope or a column is called inside a sentence."""
    if role == ENVELOPE:
        return _ENVELOPE_TITLE
    return ROLE_TITLES.get(role, f"the {role.replace('-', ' ')}")


def split_principal(principal: str) -> tuple[str, str]:
    """Role and school of a scoped role; a person's id and "" otherwise."""
    role, _, school = principal.partition("@")
    return role, school


def holders(
    assignments: Iterable[RoleAssignment],
    role: str,
    school: str,
    on: date,
    *,
    people: Mapping[str, Person] | None = None,
) -> tuple[str, ...]:
    """The people who hold a role at a school on a day, sorted; () while it is vacant.

    With `people`, somebody who has left, or is not known, holds nothing any more even if nobody
    has written an end to the role.
    """
    found = {
        one.person
        for one in assignments
        if (one.role, one.school) == (role, school) and active(one, on)
    }
    return tuple(sorted(person for person in found if _is_here(person, people, on)))


def _is_here(person: str, people: Mapping[str, Person] | None, on: date) -> bool:
    if people is None:
        return True
    return person in people and active(people[person], on)


def roles_of(assignments: Iterable[RoleAssignment], person: str, on: date) -> tuple[str, ...]:
    """The scoped roles that a person holds on a day, sorted."""
    return tuple(
        sorted({one.principal for one in assignments if one.person == person and active(one, on)})
    )


def parse_person(
    record: Record, form: Form, known: Mapping[str, FieldValue] | None = None
) -> Person | None:
    """The person of a record; None when a field it needs is missing or cannot be read."""
    values = _values_of(record, form, known)
    name, category, start = (
        values.text("display_name"),
        values.text("category"),
        values.day("start"),
    )
    if not (record.id and name and category and start):
        return None
    return Person(
        id=record.id,
        name=name,
        known_as=values.text("known_as"),
        category=category,
        schools=values.texts("schools"),
        start=start,
        end=values.day("end"),
        fte=values.number("fte"),
        career_stage=values.text("career_stage"),
        induction_end=values.day("induction_end"),
        sign_in=values.text("sign_in"),
        path=record.path,
        induction_start=values.day("induction_start"),
        induction_absence_days=int(values.number("induction_absence_days") or 0),
        probation_start=values.day("probation_start"),
        probation_end=values.day("probation_end"),
    )


def parse_role_assignment(
    record: Record, form: Form, known: Mapping[str, FieldValue] | None = None
) -> RoleAssignment | None:
    """The role assignment of a record; None when a field it needs is missing or unreadable."""
    values = _values_of(record, form, known)
    person, role, start = values.text("person"), values.text("role"), values.day("from")
    if not (record.id and person and role and start):
        return None
    return RoleAssignment(record.id, person, role, record.school, start, values.day("to"))


def parse_partnership(
    record: Record, form: Form, known: Mapping[str, FieldValue] | None = None
) -> Partnership | None:
    """The partnership of a record; None when a field it needs is missing or cannot be read."""
    values = _values_of(record, form, known)
    coach, coachee, start = values.text("coach"), values.text("coachee"), values.day("start")
    if not (record.id and coach and coachee and start):
        return None
    return Partnership(
        id=record.id,
        school=record.school,
        kind=values.text("kind"),
        coach=coach,
        coachee=coachee,
        start=start,
        end=values.day("end"),
        status=values.text("status"),
        paused_from=values.day("paused_from"),
        resumed_on=values.day("resumed_on"),
    )


def _values_of(record: Record, form: Form, known: Mapping[str, FieldValue] | None) -> _Values:
    """The values of a record, unless somebody has read them by the form already."""
    return _Values(ValueReader(form).values(record) if known is None else known)


@frozen
class _Values:
    """The fields of one record by the type that is wanted; anything else counts as absent."""

    values: Mapping[str, FieldValue]

    def text(self, key: str) -> str:
        value = self.values.get(key)
        return value if isinstance(value, str) else ""

    def texts(self, key: str) -> tuple[str, ...]:
        value = self.values.get(key)
        entries = value if isinstance(value, tuple) else ()
        return tuple(entry for entry in entries if isinstance(entry, str))

    def day(self, key: str) -> date | None:
        value = self.values.get(key)
        return value if isinstance(value, date) else None

    def number(self, key: str) -> float | None:
        value = self.values.get(key)
        if isinstance(value, bool) or value is None:
            return None
        try:
            return float(str(value))
        except ValueError:
            return None
