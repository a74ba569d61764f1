"""The page of a pair or a group that meets outside cycles: its people and its sessions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coachbook.audience import Labelled, narrow
from coachbook.calendar import terms
from coachbook.overviews import Blocks, Page
from coachbook.overviews.notes import note_model
from coachbook.overviews.stretches import earlier_links, stretches_of, thread_audience
from coachbook.overviews.threads import thread_model
from coachbook.overviews.wording import GROUP_WORDS, MENTORING, PAIR_WORDS, day_of, session_row
from coachbook.sentences import begin, join
from coachbook.views import calendar_now, public

if TYPE_CHECKING:
    from coachbook.calendar import HalfTerm
    from coachbook.views import RecordView, View

_GROUP = "group"


def pair_page(view: View, pair: RecordView) -> Page:
    """Builds the page model of a pair or group, for all who may read its headers."""
    sessions = view.meetings.get(pair.id, ())
    shown = stretches_of(view, "pair", pair.id)
    audience = thread_audience(view, pair)
    blocks = Blocks()
    rows = [
        session_row(view, one)
        | note_model(view, one, blocks, audience)
        | {"subject": subject_of(one)}
        for one in shown.here
    ]
    return Page(
        kind="pair",
        path=f"pair/{pair.id}",
        title=pair_title(pair),
        group=public(view.school_name(pair.school)),
        audience=audience,
        template="pair.html",
        model={
            "title": pair_title(pair),
            "kind": pair.label(_kind(pair), "kind"),
            "start": day_of(pair, "from" if _is_group(pair) else "start"),
            "people": pair.label(_people(pair), "people"),
            "sessions": rows,
            "earlier": earlier_links(view, pair),
            "steps": thread_model(view, pair, blocks, here={one.id for one in shown.here}),
            "grid": _grid(view, pair, sessions),
            "path": pair.label(pair.record.path, "path"),
        },
        blocks=blocks.held,
        origins=blocks.origins,
    )


def pair_title(pair: RecordView) -> Labelled[str]:
    """What a pair or group is called: by the people in it."""
    if _is_group(pair):
        names = [pair.short_name(one) for one in pair.people.get("members", ())]
        return pair.label(join(names), "members")
    coach, coachee = (
        join([pair.short_name(one) for one in pair.people.get(relation, ())])
        for relation in ("coach", "coachee")
    )
    return pair.label(f"{coachee} with {coach}", "people")


def subject_of(session: RecordView) -> Labelled[str]:
    """The subject that a session was about, or an empty text."""
    return session.label(begin(str(session.raw("subject") or "")), "subject")


def _is_group(pair: RecordView) -> bool:
    return pair.record.type == _GROUP


def _kind(pair: RecordView) -> str:
    words = GROUP_WORDS if _is_group(pair) else PAIR_WORDS
    value = str(pair.raw("kind") or "")
    return words.get(value, value)


def _people(pair: RecordView) -> str:
    if _is_group(pair):
        return pair.names("members").value
    coach, coachee = pair.names("coach").value, pair.names("coachee").value
    kind = str(pair.raw("kind"))
    if kind == "peer":
        return join([coach, coachee])
    first, second = ("Mentor", "mentee") if kind in MENTORING else ("Coach", "coachee")
    return f"{first} {coach}; {second} {coachee}"


def _grid(view: View, pair: RecordView, sessions: tuple[RecordView, ...]) -> dict[str, object]:
    """How often each subject was looked at in each term; empty where no subject is agreed on."""
    subjects = pair.raw("subject")
    calendar = calendar_now(view.book, pair.school)
    if not _is_group(pair) or not isinstance(subjects, tuple) or calendar is None:
        return {}
    spans = terms(calendar)
    held = [one for one in sessions if one.raw("status") == "held"]
    return {
        "terms": [public(span.name) for span in spans],
        "rows": [
            {
                "subject": pair.label(begin(str(subject)), "subject"),
                "cells": [
                    {"state": public("off")}
                    if span.start > view.book.today
                    else _cell(pair, held, str(subject), span)
                    for span in spans
                ],
            }
            for subject in subjects
        ],
    }


def _cell(pair: RecordView, held: list[RecordView], subject: str, span: HalfTerm) -> Labelled[int]:
    """Sessions on a subject in a term, for those who may read the header of every one."""
    found = [one for one in held if one.raw("subject") == subject and one.day and one.day in span]
    audience = narrow(one.audience for one in (pair, *held))
    return Labelled(len(found), audience, f"{pair.record.path}: sessions on {subject}")
