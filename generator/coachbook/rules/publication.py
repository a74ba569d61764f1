"""CB4xx: what leaves the school or is shown to many: letters, praise, surveys."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from coachbook.book import display, role_holders
from coachbook.calendar import format_date
from coachbook.people import TRUST_WIDE, active, split_principal
from coachbook.rules.about import about
from coachbook.rules.rule import Case, Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coachbook.people import Partnership

PUBLIC_WORDS = "Public words"
"""The section of a note of good practice that everybody may read."""

_CHECK = "comms-check"
_REQUIRED = "proofreading.required"
_KINDS = {"letter": "letters", "year-end-report": "reports"}
_MENTORING = ("mentoring", "ect-mentoring")
_GIVEN_OUT = "declassification"
_SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII | re.IGNORECASE)


@about("comms-check")
def proof_reading(case: Case) -> Iterator[Finding]:
    """A letter or a report is read by somebody else before it is sent.

    A letter that matters goes past the writer's mentor, if they have one. Only that it was
    read is written down, never the text.

    Why: a second pair of eyes finds the wrong name before a parent does.
    Example:
        sent_on: 2027-07-01, checked_on: 2027-07-03
        this was sent on 1 Jul 2027, before it was read on 3 Jul 2027 [7.6]
    Remedy: if the days are right, leave them: the next one is read first.
    Source: D-44, D-45
    """
    required = case.setting(_REQUIRED)
    kind = str(case.value("kind"))
    if case.form.type != _CHECK or not isinstance(required, tuple):
        return
    if _KINDS.get(kind) not in required:
        return
    yield from _sent_unread(case)
    if kind == "letter":
        yield from _past_the_mentor(case)


def _sent_unread(case: Case) -> Iterator[Finding]:
    sent, read = case.value("sent_on"), case.value("checked_on")
    if not isinstance(sent, date):
        return
    if not isinstance(read, date):
        message = f"this was sent on {format_date(sent)}, and nobody is said to have read it"
    elif sent < read:
        message = f"this was sent on {format_date(sent)}, before it was read on {format_date(read)}"
    else:
        return
    yield Finding(
        case.span("sent_on"),
        message,
        "if the days are right, leave them; if one is a slip, correct it",
        case.clause(_REQUIRED),
    )


def _past_the_mentor(case: Case) -> Iterator[Finding]:
    author, reader = case.value("author"), case.value("reader")
    day = case.value("checked_on")
    if not isinstance(day, date) or author == reader:
        return
    mentors = [one.coach for one in _mentoring(case) if one.coachee == author and active(one, day)]
    if mentors and reader not in mentors:
        names = " or ".join(display(case.book, one) for one in mentors)
        yield Finding(
            case.span("reader"),
            f"a letter goes past the writer's mentor, {names}, before it is sent",
            "ask them as well, or correct the reader",
            case.clause(_REQUIRED),
        )


def _mentoring(case: Case) -> Iterator[Partnership]:
    for one in case.book.partnerships.values():
        if one.kind in _MENTORING:
            yield one


@about("comms-check")
def own_proof_reader(case: Case) -> Iterator[Finding]:
    """Nobody is the second reader of their own letter or report.

    Why: we read what we meant to write.
    Example:
        author: p-n9b4j2ys and reader: p-n9b4j2ys
        writer and reader are both `p-n9b4j2ys`
    Remedy: name the colleague who read it.
    Source: D-45
    """
    author = case.value("author")
    if case.form.type == _CHECK and author is not None and author == case.value("reader"):
        yield Finding(
            case.span("reader"),
            f"writer and reader are both `{author}`",
            "name the colleague who read it",
            case.clause(_REQUIRED),
        )


@about("good-practice")
def public_without_consent(case: Case) -> Iterator[Finding]:
    """Praise is made public only once the person it is about has agreed.

    Why: being praised in front of everybody is not everybody's wish.
    Example:
        ## Public words, and no consent_on
        the words for everybody stand here, and the person has not agreed to them
    Remedy: ask first, then write the day as `consent_on`; until then leave "Public words" empty.
    Source: C-12, mistake "+"
    """
    section = case.record.section(PUBLIC_WORDS)
    if case.form.type != "good-practice" or section is None:
        return
    if not (section.blocks or section.stray):
        return
    consent = case.value("consent_on")
    if isinstance(consent, date) and consent <= case.book.today:
        return
    if isinstance(consent, date):
        message = (
            f"the words for everybody stand here, and the person agrees on {_to_come(consent)}"
        )
    else:
        message = "the words for everybody stand here, and the person has not agreed to them"
    yield Finding(
        section.heading,
        message,
        f'ask first, then add `consent_on`; until then leave "{PUBLIC_WORDS}" empty',
        quotable=False,
    )


def _to_come(day: date) -> str:
    return f"{format_date(day)}, which is still to come"


@about("survey")
def survey_too_small(case: Case) -> Iterator[Finding]:
    """The answers to a survey are shown only where enough people gave some.

    Why: among four answers everybody finds their own, and guesses the others'.
    Example:
        answered: 4
        4 people answered; figures here stand for at least 5 [6.3]
    Remedy: nothing needs to be changed: its results are shown to nobody but those who hold them.
    Source: C-13, C-14; domain section 3, reference facts
    """
    if case.form.type != "survey":
        return
    answered, invited = case.value("answered"), case.value("invited")
    least = case.setting("suppression.min_people")
    if not isinstance(answered, int):
        return
    if isinstance(invited, int) and answered > invited:
        yield Finding(
            case.span("answered"),
            f"{answered} people answered, and {invited} were asked",
            "which of the two is wrong?",
        )
    elif isinstance(least, int) and answered < least:
        people = "1 person" if answered == 1 else f"{answered} people"
        yield Finding(
            case.span("answered"),
            f"{people} answered; figures here stand for at least {least}",
            "nothing to do: its results are shown to nobody but those who hold them",
            case.clause("suppression.min_people"),
        )


@about("declassification")
def given_out_unfit(case: Case) -> Iterator[Finding]:
    """A record of a page given out names a holder of a role, a day gone by and the file's hash.

    Only roles have pages to give out, so whoever gave one out held a role at the school on that
    day. The hash is a SHA-256: 64 digits and letters from a to f.

    Why: the record is there to be believed later, and it may arrive by post, in clear,
    from anybody.
    Example:
        made_by: p-n9b4j2ys
        Nerys Sallowfield held no role at Otterbeck Primary on 18 Dec 2026
    Remedy: give the page out again in the portal, which writes the record, or correct it.
    Source: E-16, promise 5
    """
    if case.form.type != _GIVEN_OUT:
        return
    made_by, day, mark = case.value("made_by"), case.day, case.value("hash")
    if day and day > case.book.today:
        message = f"{format_date(day)} is still to come, and nothing was given out on it"
        yield Finding(case.span(case.form.on), message, "write the day on which it was given out")
    elif day and made_by in case.book.people and not _held_a_role(case, str(made_by), day):
        message = f"{display(case.book, str(made_by))} held no role at {case.school_name}"
        hint = "correct who it was or the day, or write down who holds which role"
        yield Finding(case.span("made_by"), f"{message} on {format_date(day)}", hint)
    if isinstance(mark, str) and not _SHA256.fullmatch(mark):
        message = "this is not the SHA-256 of a file, which is 64 digits and letters from a to f"
        hint = "copy it from the portal, which shows it where the file was made"
        yield Finding(case.span("hash"), message, hint)


def _held_a_role(case: Case, person: str, day: date) -> bool:
    """Whether somebody held any role at the school of the record, or one for the whole trust."""
    roles = ((one, *split_principal(one)) for one in case.book.roles)
    return any(
        person in role_holders(case.book, principal, day)
        for principal, role, school in roles
        if school == case.record.school or role in TRUST_WIDE
    )
