"""What the checks found at a school, for those who hold its repository.

Breaches of policy are published here and nowhere else; records that could not
be read are counted first, and what a waiver has set aside comes last (design,
"Findings").
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from coachbook.audience import Audience
from coachbook.book import display, holders_of_repository, parties
from coachbook.calendar import format_date
from coachbook.declassified import FINDING, declassify
from coachbook.diagnostics import Consequence, Severity
from coachbook.overviews import Page
from coachbook.sentences import join
from coachbook.views import keyed, public

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from coachbook.audience import Labelled
    from coachbook.diagnostics import Diagnostic
    from coachbook.views import View


_PERSON = "person"
_PERSON_ID = re.compile(r"(?P<quote>`?)\b(?P<id>p-[a-z0-9]{4,16})\b(?P=quote)")
_MANY = 4
"""A finding in a record of more people names none of them."""

_KIND = {
    Severity.ERROR: ("late", "To mend"),
    Severity.WARNING: ("warn", "To look at"),
    Severity.INFO: ("later", "To know"),
}


def checks_page(view: View, school: str) -> Page:
    """Builds the list of findings at a school for the holders of its repository."""
    audience = keyed(view.book, Audience(frozenset(holders_of_repository(view.book, school))))
    here = [f for f in view.findings if f.school == school]
    findings = [f for f in here if not f.waiver]
    held_back = [f for f in findings if f.consequence is Consequence.HELD_BACK]
    kinds = Counter(f.severity for f in findings)
    return Page(
        kind="checks",
        path=f"checks/{school}",
        title=public("Checks"),
        group=public(view.school_name(school)),
        audience=audience,
        template="checks.html",
        model={
            "name": public(view.school_name(school)),
            "held_back": _label(len(held_back), audience, school),
            "errors": _label(kinds[Severity.ERROR], audience, school),
            "warnings": _label(kinds[Severity.WARNING], audience, school),
            "remarks": _label(kinds[Severity.INFO], audience, school),
            "findings": [_finding(view, alike, audience) for alike in _alike(view, findings)],
            "waived": [_waived(view, finding, audience) for finding in here if finding.waiver],
        },
        blocks={},
    )


def _label(count: int, audience: Audience, school: str) -> Labelled[int]:
    return declassify(count, FINDING, to=audience, source=f"findings of {school}", school=school)


def _in_order(findings: Iterable[Diagnostic]) -> list[Diagnostic]:
    """What weighs most comes first; what weighs the same stays as the report has it."""
    weights = [*Severity]
    return sorted(findings, key=lambda finding: weights.index(finding.severity))


def _alike(view: View, findings: Iterable[Diagnostic]) -> list[list[Diagnostic]]:
    """Findings in order, those together that say the same about the same people."""
    found: dict[tuple[object, ...], list[Diagnostic]] = defaultdict(list)
    for one in _in_order(findings):
        words = (one.code, one.severity, one.message, one.hint, one.clause, _about(view, one))
        found[words].append(one)
    return [*found.values()]


def _about(view: View, finding: Diagnostic) -> str:
    """Whose record it is: a person's own, or that of a few people; else an empty text."""
    entry = view.book.entries.get(finding.path)
    if entry is None:
        return ""
    if entry.form.type == _PERSON:
        return display(view.book, str(entry.values.get("id") or ""))
    found = parties(view.book, entry.record).values()
    people = dict.fromkeys(one for several in found for one in several)
    return join(display(view.book, one) for one in people) if len(people) <= _MANY else ""


def _finding(view: View, alike: Sequence[Diagnostic], audience: Audience) -> dict[str, object]:
    """Findings that say the same, as one with several places."""
    finding = alike[0]
    badge, kind = _KIND[finding.severity]
    words = {
        "badge": badge,
        "kind": kind,
        "about": _about(view, finding),
        "code": finding.code,
        "severity": finding.severity.value,
        "message": _with_names(view, finding.message),
        "hint": finding.hint,
        "clause": finding.clause,
    }
    places = [_labelled(f"{one.path}:{one.span.line}", one, audience) for one in alike]
    return {**_all_labelled(words, finding, audience), "places": places}


def _with_names(view: View, message: str) -> str:
    """A message with names where it has the ids of people; a hint keeps them, to be typed."""
    people = view.book.people
    return _PERSON_ID.sub(
        lambda found: display(view.book, found["id"]) if found["id"] in people else found[0],
        message,
    )


def _waived(view: View, finding: Diagnostic, audience: Audience) -> dict[str, object]:
    """A finding that is set aside, with why and until when."""
    waiver = finding.waiver
    words = {
        "reason": waiver.reason.replace("-", " ") if waiver else "",
        "until": format_date(waiver.until) if waiver else "",
    }
    return _finding(view, [finding], audience) | _all_labelled(words, finding, audience)


def _all_labelled(
    words: Mapping[str, str], finding: Diagnostic, audience: Audience
) -> dict[str, object]:
    return {key: _labelled(text, finding, audience) for key, text in words.items()}


def _labelled(text: str, finding: Diagnostic, audience: Audience) -> Labelled[str]:
    return declassify(text, FINDING, to=audience, source=finding.path, school=finding.school)
