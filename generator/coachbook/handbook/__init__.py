"""Public page models: what anybody may read about how coaching is run here.

Everything here comes from the policies, the forms and the school calendars,
which are public by nature; each value says so by its label. There are roles on
these pages and no names of people.

    pages = handbook_pages(handbook_of(book))
    nav = handbook_nav(pages)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from coachbook.audience import public
from coachbook.calendar import (
    format_date,
    format_span,
    school_year,
    weekdays_in_term,
)
from coachbook.handbook.access import access_table, kept_by
from coachbook.handbook.document import document_blocks, settings_by_heading
from coachbook.handbook.paper import paper_form, paper_forms
from coachbook.policy import policy_in_force

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from coachbook.book import Book
    from coachbook.calendar import SchoolYear
    from coachbook.forms import Form, Forms
    from coachbook.policy import Policy

__all__ = [
    "Handbook",
    "HandbookPage",
    "SchoolPart",
    "banner",
    "handbook_nav",
    "handbook_of",
    "handbook_pages",
]

Nav = tuple[tuple[str, "str | Nav"], ...]

_OWN = "wording of the handbook"


@dataclass(frozen=True, slots=True)
class SchoolPart:
    """What the handbook knows of one school."""

    id: str
    name: str
    policies: tuple[Policy, ...]
    calendars: tuple[SchoolYear, ...]


@dataclass(frozen=True, slots=True)
class Handbook:
    """Everything the public pages are made from."""

    name: str
    schools: tuple[SchoolPart, ...]
    forms: Forms
    today: date
    demonstration: bool


@dataclass(frozen=True, slots=True)
class HandbookPage:
    """A public page before rendering: `titles` lead to it in the navigation."""

    path: str
    titles: tuple[str, ...]
    template: str
    model: Mapping[str, object]


def handbook_of(book: Book) -> Handbook:
    """The public part of a workspace."""
    return Handbook(
        name=book.trust.name,
        schools=tuple(
            SchoolPart(
                id=school.id,
                name=school.name,
                policies=book.policies.get(school.id, ()),
                calendars=tuple(
                    calendar
                    for (owner, _), calendar in book.calendars.items()
                    if owner == school.id
                ),
            )
            for school in sorted(book.schools.values(), key=lambda one: one.name)
        ),
        forms=book.forms,
        today=book.today,
        demonstration=book.trust.demonstration,
    )


def banner(handbook: Handbook) -> str:
    """The line on top of every page; empty unless this is a demonstration."""
    if not handbook.demonstration:
        return ""
    return "Demonstration: the schools and people here are invented, and the keys are public."


def handbook_pages(handbook: Handbook) -> tuple[HandbookPage, ...]:
    """Every public page, in the order of the navigation."""
    return (
        _start(handbook),
        *(page for school in handbook.schools for page in _school_pages(handbook, school)),
        _fixed("private/staff.md", ("How this is kept private", "For staff")),
        _fixed("private/it.md", ("How this is kept private", "For IT")),
        _fixed("about.md", ("About",)),
    )


def handbook_nav(pages: Sequence[HandbookPage]) -> Nav:
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


def _fixed(path: str, titles: tuple[str, ...]) -> HandbookPage:
    return HandbookPage(path, titles, f"handbook/{path}", {})


def _start(handbook: Handbook) -> HandbookPage:
    schools = [
        {
            "name": school.name,
            "href": f"{school.id}/index.md",
            "policy": _standing(handbook, school),
        }
        for school in handbook.schools
    ]
    model = {"name": public(handbook.name, "trust"), "schools": public(schools, "schools")}
    return HandbookPage("index.md", ("Start",), "handbook/index.md", model)


def _standing(handbook: Handbook, school: SchoolPart) -> str:
    policy = policy_in_force(school.policies, handbook.today)
    if policy is None:
        return ""
    return f"Policy {policy.version}, in force since {format_date(policy.effective_from)}"


def _school_pages(handbook: Handbook, school: SchoolPart) -> Iterator[HandbookPage]:
    policy = policy_in_force(school.policies, handbook.today)
    if policy is None:
        return
    forms = paper_forms(policy, handbook.forms)
    name = public(school.name, "school")
    pages = (
        ("index", "Overview", "school", _overview(handbook, school, policy)),
        ("policy", "Policy", "policy", _document(school, policy)),
        ("asks", "What it asks", "asks", _asks(policy)),
        ("readers", "Who can read what", "readers", _readers(policy, handbook.forms)),
        ("year", "School year", "year", _year(handbook, school)),
        ("forms/index", "Overview", "forms", _forms(forms)),
        *((f"forms/{form.name}", form.title, "form", _form(policy, form)) for form in forms),
    )
    for path, title, template, model in pages:
        group = (school.name, "Forms") if path.startswith("forms/") else (school.name,)
        yield HandbookPage(
            f"{school.id}/{path}.md",
            (*group, title),
            f"handbook/{template}.md",
            {"school": name, **model},
        )


def _overview(handbook: Handbook, school: SchoolPart, policy: Policy) -> Mapping[str, object]:
    coming = [one for one in school.policies if one.effective_from > handbook.today]
    due = policy.review_due
    facts = {
        "version": policy.version,
        "since": format_date(policy.effective_from),
        "ratified": format_date(policy.ratified_on) if policy.ratified_on else "",
        "review": format_date(due) if due else "",
        "overdue": due is not None and due < handbook.today,
        "coming": [
            {"version": one.version, "start": format_date(one.effective_from)} for one in coming
        ],
        "kept": kept_by(policy),
    }
    return {"facts": public(facts, policy.path)}


def _document(school: SchoolPart, policy: Policy) -> Mapping[str, object]:
    return {
        "draft": public(policy.ratified_on is None, policy.path),
        "blocks": public(document_blocks(policy, school.name), policy.path),
    }


def _asks(policy: Policy) -> Mapping[str, object]:
    return {"groups": public(settings_by_heading(policy), policy.path)}


def _readers(policy: Policy, forms: Forms) -> Mapping[str, object]:
    return {
        "table": public(access_table(policy, forms), policy.path),
        "kept": public(kept_by(policy), policy.path),
    }


def _year(handbook: Handbook, school: SchoolPart) -> Mapping[str, object]:
    now = school_year(handbook.today)
    years = sorted(school.calendars, key=lambda one: (one.year < now, one.year))
    return {"years": public([_calendar(one) for one in years], "calendar")}


def _calendar(calendar: SchoolYear) -> Mapping[str, object]:
    days = {
        "Training days": calendar.inset,
        "Twilight training": calendar.twilights,
        "Bank holidays in term": calendar.bank_holidays,
    }
    return {
        "year": calendar.year,
        "half_terms": [
            {"name": one.name, "span": format_span(one.start, one.end)}
            for one in calendar.half_terms
        ],
        "days": [
            {"name": name, "dates": ", ".join(format_date(day) for day in dates)}
            for name, dates in days.items()
            if dates
        ],
        "total": weekdays_in_term(calendar),
    }


def _forms(forms: Sequence[Form]) -> Mapping[str, object]:
    listed = [{"title": f.title, "purpose": f.purpose, "href": f"{f.name}.md"} for f in forms]
    return {"forms": public(listed, "forms")}


def _form(policy: Policy, form: Form) -> Mapping[str, object]:
    return {"form": public(paper_form(policy, form), f"form {form.name}")}
