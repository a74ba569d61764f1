"""Public page models: what anybody may read about how coaching is run here.

Everything here comes from the policies, the forms and the school calendars,
which are public by nature; each value says so by its label. There are roles on
these pages and no names of people, unless a policy wants names and the person
has agreed to it.

    pages = handbook_pages(handbook_of(book))
    nav = handbook_nav(pages)
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Protocol

from coachbook.handbook.about import about_page
from coachbook.handbook.dataprotection import protection_pages
from coachbook.handbook.guesses import guesses
from coachbook.handbook.itsheet import it_pages
from coachbook.handbook.model import Handbook, HandbookPage, NamedHolder, SchoolPart
from coachbook.handbook.school import school_pages
from coachbook.handbook.trust import start_page, trust_pages
from coachbook.people import active
from coachbook.policy import policy_in_force
from coachbook.stopped import notice

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from coachbook.book import Book, School

__all__ = [
    "Handbook",
    "HandbookPage",
    "NamedHolder",
    "SchoolPart",
    "agreed_names",
    "banner",
    "handbook_nav",
    "handbook_of",
    "handbook_pages",
]

Nav = tuple[tuple[str, "str | Nav"], ...]

_DEMONSTRATION = "Demonstration: the schools and people here are invented, and the keys are public."
_CONSENT = "handbook_name_consent_on"


def handbook_of(book: Book, stopped: Collection[str] = ()) -> Handbook:
    """The public part of a workspace, without the schools of which nothing new is published."""
    trust = book.trust
    return Handbook(
        name=trust.name,
        schools=tuple(
            _school_part(book, school)
            for school in sorted(book.schools.values(), key=lambda one: one.name)
            if school.id not in stopped
        ),
        forms=book.forms,
        today=book.today,
        demonstration=trust.demonstration,
        words=_words(book, trust.path),
        shared={
            "Subjects": trust.subjects,
            "Learning characteristics": trust.characteristics,
            "Strands of the teaching and learning rubric": trust.rubric,
        },
        notice=notice(book, stopped),
    )


def agreed_names(book: Book) -> frozenset[str]:
    """The full names of people that the handbook shows: the policy wants names, and they agreed."""
    return frozenset(one.name for school in handbook_of(book).schools for one in school.named)


def banner(handbook: Handbook) -> str:
    """The line on top of every page: that this is a demonstration, that a school is stopped."""
    return " ".join(
        filter(None, (_DEMONSTRATION if handbook.demonstration else "", handbook.notice))
    )


def handbook_pages(handbook: Handbook) -> tuple[HandbookPage, ...]:
    """Every public page, in the order of the navigation."""
    return (
        start_page(handbook),
        *(page for school in handbook.schools for page in _pages_of(handbook, school)),
        *trust_pages(handbook),
        _fixed("private/staff.md", ("How this is kept private", "For staff")),
        _fixed("private/it.md", ("How this is kept private", "For IT"), guesses()),
        *it_pages(handbook),
        about_page(handbook),
    )


def _pages_of(handbook: Handbook, school: SchoolPart) -> Iterator[HandbookPage]:
    """A school's pages: its policy in other words, then what data protection asks for."""
    yield from school_pages(handbook, school)
    yield from protection_pages(handbook, school)


class Titled(Protocol):
    """A page that has a place in the navigation."""

    @property
    def path(self) -> str:
        """Where it lies."""

    @property
    def titles(self) -> tuple[str, ...]:
        """What leads to it."""


def handbook_nav(pages: Sequence[Titled]) -> Nav:
    """The navigation: titles that pages share become groups, in the order of the pages."""
    return _grouped([(page.titles, page.path) for page in pages])


def _grouped(entries: Sequence[tuple[tuple[str, ...], str]]) -> Nav:
    groups: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for titles, path in entries:
        groups.setdefault(titles[0], []).append((titles[1:], path))
    return tuple(
        (title, _grouped(inside) if inside[0][0] else inside[0][1])
        for title, inside in groups.items()
    )


def _fixed(
    path: str, titles: tuple[str, ...], model: Mapping[str, object] | None = None
) -> HandbookPage:
    return HandbookPage(path, titles, f"handbook/{path}", model or {})


def _school_part(book: Book, school: School) -> SchoolPart:
    return SchoolPart(
        id=school.id,
        name=school.name,
        policies=book.policies.get(school.id, ()),
        calendars=tuple(
            calendar for (owner, _), calendar in book.calendars.items() if owner == school.id
        ),
        hub=school.hub,
        phase=school.phase,
        words=_words(book, school.path),
        safeguarding=school.safeguarding_form,
        wellbeing=school.wellbeing_contact,
        named=tuple(_named(book, school.id)),
    )


def _named(book: Book, school: str) -> Iterator[NamedHolder]:
    """Who holds a role today and is named with it: the policy wants it, and the person agreed."""
    policy = policy_in_force(book.policies.get(school, ()), book.today)
    if policy is None or policy.get("handbook.names") != "opt-in":
        return
    for one in book.assignments:
        person = book.people.get(one.person)
        if one.school != school or person is None or not active(one, book.today):
            continue
        consent = book.entries[person.path].values.get(_CONSENT)
        if isinstance(consent, date) and consent <= book.today:
            yield NamedHolder(one.role, person.name)


def _words(book: Book, path: str) -> Mapping[str, str]:
    """The words of a trust or school as it spells them, such as "PPDR" for "appraisal"."""
    entry = book.entries.get(path)
    written = entry.values.get("words") if entry else None
    pairs = (str(one).partition("=") for one in (written if isinstance(written, tuple) else ()))
    return {alias.strip(): word.strip() for alias, _, word in pairs}
