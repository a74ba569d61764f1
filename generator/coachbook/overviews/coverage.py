"""The list of a school with names: who has been coached this year.

Names stand here, so only roles whose cell in the policy's table reads both the
pairs and the headers of sessions have the page. Roles that may see figures and
no more have the page of the school.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from coachbook.audience import Audience, Labelled, narrow, row_principals, told
from coachbook.book import display, policy_now
from coachbook.calendar import format_day
from coachbook.figures import has_staff, people_meant, year_to_date
from coachbook.overviews import Page
from coachbook.overviews.wording import roles_in_words
from coachbook.views import calendar_now, keyed, public

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from coachbook.book import Book
    from coachbook.people import Person
    from coachbook.views import RecordView, View

_HEADERS = "session header"
_ROWS = ("people and roles", "pairs and cycles", _HEADERS)


def coverage_page(view: View, school: str) -> Page:
    """Builds the list of everybody who should be coached, with how often they were this year."""
    audience = readers_of(view.book, school, _ROWS)
    period = year_to_date(view.book, school)
    sessions = [
        one
        for one in view.of_type("session")
        if one.school == school
        and one.raw("status") == "held"
        and period.holds(one.day)
        and one.audience.admits(audience)
    ]
    taught: dict[str, list[RecordView]] = {}
    for session in sessions:
        for one in dict.fromkeys(_taught(session)):
            taught.setdefault(one, []).append(session)
    meant = people_meant(view.book, school)
    rows = [_row(view, person, taught.get(person.id, []), audience) for person in meant]
    return Page(
        kind="coverage",
        path=f"coverage/{school}",
        title=public("Who has been coached"),
        group=public(view.school_name(school)),
        audience=audience,
        template="coverage.html",
        model={
            "name": public(view.school_name(school)),
            "period": public(str(period)),
            "who": public(roles_in_words(audience)),
            "no_calendar": public(calendar_now(view.book, school) is None),
            "nobody": public(not has_staff(view.book, school)),
            "people": rows,
            "beyond": _beyond(taught, {person.id for person in meant}, audience),
        },
        blocks={},
    )


def readers_of(book: Book, school: str, rows: Sequence[str]) -> Audience:
    """The roles of a school that read all of these rows, whoever takes part."""
    policy = policy_now(book, school)
    if policy is None:
        return Audience(frozenset())
    found = (Audience(frozenset(row_principals(policy, row, {}))) for row in rows)
    return keyed(book, narrow(found))


def _row(
    view: View, person: Person, mine: list[RecordView], audience: Audience
) -> dict[str, object]:
    """One person: how many sessions as coachee or member, and the last of them."""
    last = max((one.day for one in mine if one.day), default=None)
    sessions = told(mine, (one.audience for one in mine), audience, f"sessions of {person.id}")
    return {
        "name": Labelled(display(view.book, person.id), audience, f"name of {person.id}"),
        "count": sessions.map(len),
        "last": sessions.map(lambda _: format_day(last) if last else ""),
        "day": sessions.map(lambda _: last.isoformat() if last else ""),
    }


def _beyond(
    taught: Mapping[str, list[RecordView]], meant: Collection[str], audience: Audience
) -> dict[str, object]:
    """How many people were coached whom the list leaves out, and in how many sessions."""
    others = taught.keys() - meant
    sessions = {session.id: session for person in others for session in taught[person]}
    source = "sessions of people whom the policy does not mean"
    found = told(sessions, (one.audience for one in sessions.values()), audience, source)
    return {"people": found.map(lambda _: len(others)), "sessions": found.map(len)}


def _taught(session: RecordView) -> tuple[str, ...]:
    return (*session.people.get("coachee", ()), *session.people.get("members", ()))
