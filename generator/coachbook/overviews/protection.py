"""The page of the data protection lead: who can read what, what was given out, what is due to go.

It goes by the policy's own table: what that keeps from the role is not shown here but named as
kept, so that a lead who needs it knows what to ask the governors for.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import TYPE_CHECKING

from coachbook.audience import Audience, Labelled, narrow, row_principals
from coachbook.book import (
    RECOVERY,
    display,
    policy_now,
    read_text,
    recovery_role,
    role_holders,
)
from coachbook.calendar import format_date, school_year
from coachbook.declassified import FIGURE, declassify
from coachbook.drills import PATH, last_drill, parse_drills
from coachbook.figures import SUPPRESSED, figure_audience, threshold
from coachbook.keeping import since_when
from coachbook.overviews import Page
from coachbook.overviews.coverage import readers_of
from coachbook.overviews.given_out import given_out
from coachbook.overviews.wording import part_words
from coachbook.people import ROLE_TITLES, TRUST_WIDE, active, scoped_role
from coachbook.policy import Cell
from coachbook.retention import IMPACT, NOTES, TYPES, last_day
from coachbook.views import keyed, public

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from coachbook.policy import AccessRow, Policy
    from coachbook.views import RecordView, View

ROLE = "data-protection"
_PEOPLE = "people and roles"
_WAIVERS = "pairs and cycles"
_REQUEST = "subject-access-log"
_RELATION_WORDS = {
    "members": "the members of the group",
    "observed": "whoever was observed",
    "raiser": "whoever raised it",
    "subject": "the person it is about",
    "line-manager": "the line manager",
}
_KEPT = {
    NOTES: ("Notes", TYPES[NOTES], ("pairs and cycles", "session header")),
    IMPACT: (
        "Reviews and statements",
        TYPES[IMPACT],
        ("pairs and cycles", "plans and priorities", "session header"),
    ),
}
"""Parameter -> what it is about in words, the types of records, the rows their dates are of."""


def protection_pages(view: View, school: str) -> tuple[Page, ...]:
    """Builds the page for the role, as far as the policy lets it read who is who."""
    policy = policy_now(view.book, school)
    return () if policy is None else (_page(view, school, policy),)


def _page(view: View, school: str, policy: Policy) -> Page:
    role = Audience(frozenset({scoped_role(ROLE, school)}))
    people = Audience(frozenset(row_principals(policy, _PEOPLE, {})))
    return Page(
        kind="protection",
        path=f"protection/{school}",
        title=public("Data protection"),
        group=public(view.school_name(school)),
        audience=keyed(view.book, narrow((role, people))),
        template="protection.html",
        model={
            "name": public(view.school_name(school)),
            "since": public(format_date(policy.effective_from)),
            "parts": [_row(view, policy, row, people) for row in policy.access.values()],
            "holders": _holders(view, policy, people),
            "recovery": Labelled(_recovery(view, school, policy), people, "recovery"),
            "given_out": given_out(view, school),
            "requests": _requests(view, school),
            "waivers": _waivers(view, school, role),
            "retention": _retention(view, school, policy, role),
            "leavers": _leavers(view, school, policy, people),
        },
        blocks={},
    )


def _row(view: View, policy: Policy, row: AccessRow, people: Audience) -> dict[str, object]:
    """A part of the records with those who open it and those who get figures of it."""
    figures = (column for column, cell in row.cells.items() if cell is Cell.FIGURES)
    return {
        "part": public(_capital(part_words(row.name))),
        "readers": Labelled(_names(view, policy.school, row.readers()), people, row.name),
        "figures": Labelled(_names(view, policy.school, figures), people, row.name),
    }


def _names(view: View, school: str, columns: Iterable[str]) -> str:
    return _capital(", ".join(_named(view, school, column) for column in columns) or "nobody")


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _named(view: View, school: str, column: str) -> str:
    """A column in words; a role with the people who hold it today."""
    title = ROLE_TITLES.get(column)
    if title is None:
        return _RELATION_WORDS.get(column, f"the {column}")
    held = role_holders(view.book, scoped_role(column, school))
    names = " and ".join(display(view.book, person) for person in held)
    return f"{title} ({names or 'nobody today'})"


def _recovery(view: View, school: str, policy: Policy) -> str:
    """Who may open a part in the end, by which clause, and when that was proved last."""
    clause = policy.clause_of(RECOVERY)
    words = f"{policy.words(RECOVERY) or 'nobody'}{f', by {clause}' if clause else ''}"
    role = recovery_role(policy, policy)
    if not role:
        return words
    last = last_drill(parse_drills(read_text(view.book, PATH)), scoped_role(role, school))
    proved = f"proved on {format_date(last.day)}" if last else "not proved by a drill yet"
    return f"{words}; {proved}"


def _holders(view: View, policy: Policy, people: Audience) -> list[dict[str, object]]:
    """The roles of the policy with who holds each today and whether there is a key."""
    recovery = policy.get("recovery.holder")
    stated = policy.get("repository.holders")
    clones = stated if isinstance(stated, tuple) else ()
    rows = []
    for column in policy.columns:
        if column not in ROLE_TITLES:
            continue
        role = scoped_role(column, policy.school)
        held = role_holders(view.book, role)
        words = {
            "role": _capital(ROLE_TITLES[column]),
            "people": ", ".join(display(view.book, person) for person in held),
            "key": view.book.keyring.current(role) is not None,
            "personal": column in TRUST_WIDE,
            "clone": column in clones,
            "recovery": column == recovery,
        }
        rows.append(_labelled(words, people, f"holders of {role}"))
    return rows


def _requests(view: View, school: str) -> list[dict[str, object]]:
    """Each request for what is held about somebody, the newest first; nobody is named in it."""
    found = [one for one in view.of_type(_REQUEST) if one.school == school]
    return [_request(view, one) for one in sorted(found, key=_asked_on, reverse=True)]


def _asked_on(request: RecordView) -> tuple[str, str]:
    return str(request.day or ""), request.id


def _request(view: View, request: RecordView) -> dict[str, object]:
    due, answered = request.raw("due"), request.raw("answered_on")
    waits = request.raw("paused_from") is not None and request.raw("paused_to") is None
    late = isinstance(due, dt.date) and due < view.book.today
    state = "answered" if answered else "paused" if waits else "overdue" if late else "open"
    return {
        "id": request.label(request.id, "id"),
        "asked": request.label(_date(request.day), "requested_on"),
        "asked_iso": request.label(str(request.day or ""), "requested_on"),
        "due": request.label(_date(due), "due"),
        "due_iso": request.label(str(due or ""), "due"),
        "answered": request.label(_date(answered), "answered_on"),
        "state": request.label(state, "due"),
        "extended": request.label(request.raw("extended_on") is not None, "extended_on"),
        "records": request.label(request.raw("records") or 0, "records"),
        "left_out": request.label(request.raw("exclusions") or 0, "exclusions"),
    }


def _waivers(view: View, school: str, role: Audience) -> dict[str, object]:
    """What was set aside here: each one where the role reads them, else how many, else nothing."""
    found = [one for one in view.of_type("waiver") if one.school == school]
    if readers_of(view.book, school, (_WAIVERS,)).admits(role):
        return {"known": public("all"), "rows": [_waiver(view, one) for one in found]}
    figures = figure_audience(view.book, school, (_WAIVERS,))
    if figures.admits(role):
        count = declassify(
            len(found),
            FIGURE,
            to=figures,
            source=f"number of waivers at {school}",
            school=school,
            rows=(_WAIVERS,),
        )
        return {"known": public("count"), "count": count, "rows": []}
    return {"known": public("nothing"), "rows": []}


def _waiver(view: View, waiver: RecordView) -> dict[str, object]:
    until = waiver.raw("until")
    ended = bool(until) and str(until) < view.book.today.isoformat()
    return {
        "code": waiver.label(str(waiver.raw("code") or ""), "code"),
        "about": waiver.label(str(waiver.raw("about") or ""), "about"),
        "reason": waiver.label(str(waiver.raw("reason") or "").replace("-", " "), "reason"),
        "by": waiver.label(display(view.book, str(waiver.raw("granted_by") or "")), "granted_by"),
        "until": waiver.label(_date(until), "until"),
        "iso": waiver.label(str(until or ""), "until"),
        "state": waiver.label("ended" if ended else "in force", "until"),
    }


def _retention(view: View, school: str, policy: Policy, role: Audience) -> list[dict[str, object]]:
    """For each kind of record what the policy says and, by school year, what is due to go."""
    found = []
    for key, (title, types, rows) in _KEPT.items():
        words = str(policy.get(key) or "")
        audience = figure_audience(view.book, school, rows)
        allowed = audience.admits(role)
        records = [one for kind in types for one in view.of_type(kind) if one.school == school]
        found.append(
            {
                "title": public(title),
                "words": public(words),
                "allowed": public(allowed),
                "years": _years(view, school, records, words, audience) if allowed else [],
            }
        )
    return found


def _years(
    view: View, school: str, records: Iterable[RecordView], words: str, audience: Audience
) -> list[dict[str, object]]:
    """How many records of each school year there are, and until when they are kept."""
    years: dict[str, list[RecordView]] = defaultdict(list)
    for record in records:
        if record.day is not None:
            years[school_year(record.day)].append(record)
    least = threshold(view.book, school)
    return [_year(view, year, years[year], words, least, audience) for year in sorted(years)]


def _year(
    view: View,
    year: str,
    records: list[RecordView],
    words: str,
    least: int,
    audience: Audience,
) -> dict[str, object]:
    ends = [last_day(words, since) if since else None for since in map(_since(view), records)]
    known = [day for day in ends if day is not None]
    due = sum(day < view.book.today for day in known)
    people = {person for one in records for group in one.people.values() for person in group}
    hidden = 0 < len(people) < least
    values = {
        "year": year,
        "count": SUPPRESSED if hidden else len(records),
        "first": format_date(min(known)) if known else "",
        "iso": min(known).isoformat() if known else "",
        "due": SUPPRESSED if hidden and due else due,
        "open": SUPPRESSED if hidden else len(records) - len(known),
    }
    return _labelled(values, audience, f"records of {year}")


def _since(view: View) -> Callable[[RecordView], dt.date | None]:
    """The day that a record's time begins: of its cycle's end, or its own; None while that runs."""

    def since(record: RecordView) -> dt.date | None:
        return since_when(view.book, view.book.entries[record.record.path])

    return since


def _leavers(view: View, school: str, policy: Policy, people: Audience) -> list[dict[str, object]]:
    """Those who have left, with the day until which what is kept apart may be kept."""
    words = str(policy.get("retention.separate") or "")
    gone = sorted(
        (one for one in view.book.people.values() if school in one.schools and one.end),
        key=lambda one: (str(one.end), one.id),
    )
    rows = []
    for one in gone:
        if one.end is None or active(one, view.book.today):
            continue
        until = last_day(words, one.end)
        values = {
            "name": one.name,
            "left": format_date(one.end),
            "iso": one.end.isoformat(),
            "until": format_date(until) if until else "",
            "key": view.book.keyring.current(one.id) is not None,
        }
        rows.append(_labelled(values, people, f"end of {one.id}"))
    return rows


def _labelled(values: Mapping[str, object], audience: Audience, source: str) -> dict[str, object]:
    return {key: Labelled(value, audience, source) for key, value in values.items()}


def _date(value: object) -> str:
    return format_date(value) if isinstance(value, dt.date) else ""
