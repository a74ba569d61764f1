"""What the records of a school lack, and what is set aside for a time."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from coachbook.book import display, role_holders
from coachbook.calendar import format_date
from coachbook.figures import has_staff
from coachbook.overviews.leading import thread_href, thread_title
from coachbook.overviews.wording import session_href
from coachbook.people import ROLE_TITLES, scoped_role
from coachbook.rules import find_rule
from coachbook.sentences import join
from coachbook.values import frozen
from coachbook.views import public

if TYPE_CHECKING:
    from coachbook.audience import Labelled
    from coachbook.overviews.leading import Led
    from coachbook.views import RecordView

_RELATIONS = frozenset(
    {"coachee", "coach", "members", "observed", "observers", "mentor", "mentee", "raiser"}
    | {"subject", "line-manager", "author"}
)


@frozen
class _Gap:
    """What is missing, for whom the page is poorer, and the records in which it shows."""

    what: str
    who: str
    places: tuple[str, ...] = ()


def gaps(led: Led) -> list[dict[str, object]]:
    """What is missing at the school, and for whom the page is poorer for it."""
    return _notices(led, [*_calendar(led), *_people(led), *_vacant(led), *_orphans(led)])


def lacks(led: Led) -> list[dict[str, object]]:
    """That the calendar of this school year or the people are missing, where they are."""
    return _notices(led, [*_calendar(led), *_people(led)])


def _notices(led: Led, found: list[_Gap]) -> list[dict[str, object]]:
    return [
        {
            "what": led.label(one.what, "what is missing"),
            "who": led.label(one.who, "what is missing"),
            "places": [led.label(place, "what is missing") for place in one.places],
        }
        for one in found
    ]


def waivers(led: Led) -> list[list[object]]:
    """Findings that are set aside for a time: what, in which record, why, by whom, until when."""
    found = sorted(led.of_type("waiver"), key=lambda one: (str(one.raw("until")), one.id))
    return [_waiver(led, one) for one in found]


def _waiver(led: Led, waiver: RecordView) -> list[object]:
    until = waiver.raw("until")
    over = isinstance(until, dt.date) and until < led.book.today
    by = str(waiver.raw("granted_by") or "")
    return [
        _finding(led, str(waiver.raw("code") or "")),
        _about(led, str(waiver.raw("about") or "")),
        led.label(str(waiver.raw("reason") or "").replace("-", " "), "waiver"),
        led.label(display(led.book, by) if by else "", "waiver"),
        _until(led, until),
        {
            "text": led.label("over" if over else "in force", "waiver"),
            "badge": led.label("late" if over else "open", "waiver"),
        },
    ]


def _finding(led: Led, code: str) -> dict[str, Labelled[str]]:
    """What the rule asks for, with its code beside it."""
    rule = find_rule(code)
    if rule is None:
        return {"text": led.label(code, "waiver")}
    return {"text": led.label(rule.page.title, "waiver"), "note": led.label(code, "waiver")}


def _about(led: Led, name: str) -> dict[str, Labelled[str]]:
    """The record in words, with its page; its id alone where not everybody here may read it."""
    kinds = {record.type for record in led.book.by_id.get(name, ())}
    seen = (one for kind in kinds for one in led.of_type(kind) if one.id == name)
    record = next(seen, None)
    if record is None:
        return {"text": led.label(name, "waiver")}
    day = format_date(record.day) if record.day else ""
    words = ", ".join(filter(None, (record.form.title, day, thread_title(record))))
    return {
        "text": led.label(words, "waiver"),
        "href": led.label(_href(led, record), "waiver"),
    }


def _href(led: Led, record: RecordView) -> str:
    """The page that a record stands on, if everybody here may open it."""
    threads = (str(record.raw(key) or "") for key in ("cycle", "group", "partnership"))
    found = (led.view.cycles.get(one) or led.view.pairs.get(one) for one in threads)
    thread = next(filter(None, found), None)
    if thread is None:
        return thread_href(led, record)
    return session_href(led.view, record).value if thread_href(led, thread) else ""


def _until(led: Led, day: object) -> dict[str, Labelled[str]]:
    if not isinstance(day, dt.date):
        return {"text": public("")}
    return {"text": led.label(format_date(day), "day"), "sort": led.label(day.isoformat(), "day")}


def _calendar(led: Led) -> list[_Gap]:
    if led.calendar is not None:
        return []
    return [
        _Gap(
            "There is no calendar for this school year.",
            "Without it nobody here can be told what is due; whoever keeps the records adds one.",
        )
    ]


def _people(led: Led) -> list[_Gap]:
    if has_staff(led.book, led.school):
        return []
    return [
        _Gap(
            "Nobody is written down as working here.", "Whoever keeps the records adds the people."
        )
    ]


def _vacant(led: Led) -> list[_Gap]:
    """The roles that may read something by the policy and that nobody holds, as one notice."""
    columns = led.policy.columns if led.policy else ()
    vacant = [
        ROLE_TITLES.get(role, role).removeprefix("the ")
        for role in columns
        if role not in _RELATIONS and not role_holders(led.book, scoped_role(role, led.school))
    ]
    if not vacant:
        return []
    return [
        _Gap(
            f"Nobody holds the role{'s' if len(vacant) > 1 else ''} of {join(vacant)}.",
            "What is meant for them alone, nobody can open until the school gives it to somebody.",
        )
    ]


def _orphans(led: Led) -> list[_Gap]:
    """Cycles whose pair is not there, as one notice: nobody can be told that they are in one."""
    known = led.book.partnerships
    found = [one for one in led.cycles if str(one.raw("partnership")) not in known]
    if not found:
        return []
    places = tuple(one.record.path for one in found)
    if len(found) > 1:
        what = f"{len(found)} cycles name a pair that is not there."
        return [
            _Gap(what, "Their coaches and coachees cannot be told, and see none of it.", places)
        ]
    what = f"The cycle {found[0].id} names a pair that is not there."
    return [_Gap(what, "Its coach and coachee cannot be told, so they see nothing of it.", places)]
