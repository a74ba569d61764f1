"""The pages of one school: its policy in the words of those who work under it."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from coachbook.audience import PUBLIC, public
from coachbook.calendar import (
    format_date,
    format_span,
    school_year,
    weekdays_in_term,
)
from coachbook.declassified import CONSENT, declassify
from coachbook.handbook.access import access_table, kept_by, readers_in_words
from coachbook.handbook.changes import changes
from coachbook.handbook.document import (
    answer,
    answers,
    document_blocks,
    opening,
    quoted,
    quoted_clauses,
    settings_by_heading,
)
from coachbook.handbook.expectations import by_person, falls_in
from coachbook.handbook.explanations import explanations
from coachbook.handbook.model import HandbookPage
from coachbook.handbook.paper import paper_form, paper_forms
from coachbook.handbook.questions import CARE, DECISIONS, IN_BRIEF, SESSIONS, VISITS
from coachbook.people import RELATIONS, title_of
from coachbook.policy import Cell, policy_in_force, slug
from coachbook.sentences import join

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from coachbook.audience import Labelled
    from coachbook.calendar import SchoolYear
    from coachbook.forms import Form, Forms
    from coachbook.handbook.model import Handbook, NamedHolder, SchoolPart
    from coachbook.policy import Policy

Model = dict[str, object]

_OWN = "wording of the handbook"
_TIMETABLE = ("cadence.", "session.window", "schedule.", "visit.arranged", "programme.review_by")
_TERM_ENDS = ("autumn 2", "spring 2", "summer 2")

_VISITED = ("observation form", "drop-in", "graded sheet")
_KINDS = {"session": "Sessions", "observation": "Visits to lessons"}
_AROUND, _APART = _REST = ("Around them", "Sealed as a whole")
_EXTRACT = "appraisal extract"


def school_pages(handbook: Handbook, school: SchoolPart) -> Iterator[HandbookPage]:
    """Every page of a school; none where no policy is in force."""
    policy = policy_in_force(school.policies, handbook.today)
    if policy is None:
        return
    forms = paper_forms(policy, handbook.forms)
    pages = (
        ("index", "Overview", "school", _overview(handbook, school, policy)),
        ("coaching", "How we coach", "coaching", _coaching(school, policy, forms)),
        ("people", "Who does what", "people", _people(school, policy)),
        ("expectations", "What is expected", "expectations", _expectations(school, policy)),
        ("concerns", "If something is not right", "concerns", _concerns(school, policy)),
        ("appraisal", "Appraisal and pay", "appraisal", _appraisal(school, policy)),
        ("readers", "Who can read what", "readers", _readers(policy, handbook.forms)),
        ("year", "School year", "year", _year(handbook, school, policy)),
        ("policy", "Policy", "policy", _document(handbook, school, policy)),
        ("asks", "What it asks", "asks", _asks(policy)),
        ("changes", "What has changed", "changes", _changes(handbook, school)),
        *_other_versions(handbook, school, policy),
        ("forms/index", "All forms", "forms", _forms(forms)),
        *((f"forms/{form.name}", form.title, "form", _form(policy, form)) for form in forms),
    )
    name = public(school.name, "school")
    for path, title, template, model in pages:
        yield HandbookPage(
            f"{school.id}/{path}.md",
            (school.name, *_group(path), title),
            f"handbook/{template}.md",
            {"school": name, **model},
        )


def _group(path: str) -> tuple[str, ...]:
    """The group of a page in the school's part of the navigation."""
    if path.startswith("forms/"):
        return ("Forms",)
    return ("Other versions",) if path.startswith("policy-") else ()


def _overview(handbook: Handbook, school: SchoolPart, policy: Policy) -> Model:
    facts = {
        **_status(handbook, policy),
        "review": format_date(policy.review_due) if policy.review_due else "",
        "coming": [
            {
                "version": one.version,
                "start": format_date(one.effective_from),
                "href": f"{_version_page(one)}.md",
                "ratified": one.ratified_on is not None,
            }
            for one in school.policies
            if one.effective_from > handbook.today
        ],
        "kept": kept_by(policy),
        "brief": answers(policy, IN_BRIEF),
        "aims": opening(policy, school.name),
        "hub": school.hub,
    }
    return {"facts": public(facts, policy.path)}


def _status(handbook: Handbook, policy: Policy) -> Model:
    """The line of a version: since when, ratified when, and whether its review is overdue."""
    due = policy.review_due
    return {
        "version": policy.version,
        "since": format_date(policy.effective_from),
        "begun": policy.effective_from <= handbook.today,
        "ratified": format_date(policy.ratified_on) if policy.ratified_on else "",
        "overdue": due is not None and due < handbook.today,
    }


def _coaching(school: SchoolPart, policy: Policy, forms: Sequence[Form]) -> Model:
    known, printed = explanations(), {form.name for form in forms}
    models = [
        {
            "title": model.title,
            "line": model.line,
            "suits": model.suits,
            "steps": [{"name": name, "text": text} for name, text in model.steps.items()],
            "href": f"forms/{model.form}.md" if model.form in printed else "",
        }
        for key in _listed(policy, "cycle.models")
        if (model := known.models.get(key)) is not None
    ]
    styles = [
        {"name": key.capitalize(), "text": known.styles[key]}
        for key in _listed(policy, "session.styles")
        if key in known.styles
    ]
    return {
        "models": public(models, _OWN),
        "styles": public(styles, _OWN),
        "sessions": public(answers(policy, SESSIONS), policy.path),
        "visits": public(_visits(policy), policy.path),
        "quoted": _quoted(school, policy, ("cycle.", "goal.", "session.styles", "practice.")),
    }


def _visits(policy: Policy) -> Model:
    """What the policy says of visits; no kinds where the school keeps no record of any."""
    visited = any(policy.row(row) for row in _VISITED)
    kinds = explanations().visits.values() if visited else ()
    return {
        "kinds": [{"title": kind.title, "line": kind.line} for kind in kinds],
        "answers": answers(policy, VISITS) if visited else [],
    }


def _people(school: SchoolPart, policy: Policy) -> Model:
    opted = policy.get("handbook.names") == "opt-in"
    named = school.named if opted else ()
    roles = [
        {
            "title": _capital(title_of(role)),
            "text": explanations().roles.get(role, ""),
            "names": [_name(one, school) for one in named if one.role == role],
        }
        for role in _roles(policy)
    ]
    return {
        "roles": public(roles, policy.path),
        "opted": public(opted, policy.path),
        "decisions": public(answers(policy, DECISIONS), policy.path),
        "quoted": _quoted(school, policy, ("eligible.", "participants.", "partnership.chosen_by")),
    }


def _name(holder: NamedHolder, school: SchoolPart) -> Labelled[str]:
    """The name of somebody who holds a role and agreed to stand here."""
    source = f"people who hold the role {holder.role}"
    row = "people and roles"
    return declassify(holder.name, CONSENT, to=PUBLIC, source=source, school=school.id, rows=(row,))


def _roles(policy: Policy) -> list[str]:
    """The roles that the policy speaks of: in its table and in its settings."""
    named = (
        *(column for column in policy.columns if column not in RELATIONS),
        *_listed(policy, "concern.route"),
        *_listed(policy, "participants.forbidden_roles"),
    )
    return [role for role in dict.fromkeys(named) if role in explanations().roles]


def _expectations(school: SchoolPart, policy: Policy) -> Model:
    topics = ("cadence.", "visit.", "expectation.", "coverage.")
    return {
        "groups": public(by_person(policy), policy.path),
        "quoted": _quoted(school, policy, topics),
    }


def _concerns(school: SchoolPart, policy: Policy) -> Model:
    care = {
        "route": [_capital(title_of(role)) for role in _listed(policy, "concern.route")],
        "clause": answer(policy, "concern.route"),
        "answers": answers(policy, CARE),
        "counsellor": policy.get("concern.counsellor") is True,
        "stop": answer(policy, "stop.by"),
        "readers": _row_in_words(policy, "concern"),
        "signpost": _row_in_words(policy, "wellbeing signpost"),
    }
    return {
        "care": public(care, policy.path),
        "safeguarding": public(school.safeguarding, "school"),
        "wellbeing": public(school.wellbeing, "school"),
        "quoted": _quoted(school, policy, ("concern.", "stop.", "probation.")),
    }


def _appraisal(school: SchoolPart, policy: Policy) -> Model:
    use = str(policy.get("appraisal.use") or "")
    facts = {
        "use": explanations().appraisal.get(use, ""),
        "setting": answer(policy, "appraisal.use"),
        "extract": _row_in_words(policy, _EXTRACT),
        "open": join(
            title_of(role)
            for role in policy.columns
            if role not in RELATIONS and _opens_notes(policy, role)
        ),
        "grades": answer(policy, "grades.allowed_to"),
    }
    return {
        "facts": public(facts, policy.path),
        "quoted": _quoted(school, policy, ("appraisal.",)),
    }


def _opens_notes(policy: Policy, role: str) -> bool:
    row = policy.row("session notes")
    return row is not None and row.cells[role] in {Cell.READ, Cell.WRITE}


def _row_in_words(policy: Policy, name: str) -> str:
    row = policy.row(name)
    return readers_in_words(policy, row, sealed=True) if row else ""


def _document(handbook: Handbook, school: SchoolPart, policy: Policy) -> Model:
    return {
        "status": public(_status(handbook, policy), policy.path),
        "current": public(value=True, source=policy.path),
        "blocks": public(document_blocks(policy, school.name), policy.path),
    }


def _other_versions(
    handbook: Handbook, school: SchoolPart, now: Policy
) -> Iterator[tuple[str, str, str, Model]]:
    """A page for each version that was, or is to come: records are judged by that of their day."""
    for policy in _in_order(school):
        if policy is not now:
            model = _document(handbook, school, policy)
            model["current"] = public(value=False, source=policy.path)
            yield _version_page(policy), f"Policy {policy.version}", "policy", model


def _version_page(policy: Policy) -> str:
    """The page of another version; whatever its version is called, the page lies beside it."""
    return f"policy-{slug(policy.version)}"


def _asks(policy: Policy) -> Model:
    return {"groups": public(settings_by_heading(policy), policy.path)}


def _changes(handbook: Handbook, school: SchoolPart) -> Model:
    versions = _in_order(school)
    now = policy_in_force(school.policies, handbook.today)
    steps = [
        {
            **_status(handbook, new),
            **changes(old, new),
            "earlier": old.version,
            "page": "policy.html" if new is now else f"{_version_page(new)}.html",
        }
        for old, new in reversed(list(pairwise(versions)))
    ]
    first = _status(handbook, versions[0])
    return {"steps": public(steps, "policies"), "first": public(first, "policies")}


def _in_order(school: SchoolPart) -> list[Policy]:
    return sorted(school.policies, key=lambda one: (one.effective_from, one.version))


def _readers(policy: Policy, forms: Forms) -> Model:
    return {
        "table": public(access_table(policy, forms), policy.path),
        "kept": public(kept_by(policy), policy.path),
    }


def _year(handbook: Handbook, school: SchoolPart, policy: Policy) -> Model:
    now = school_year(handbook.today)
    years = sorted(school.calendars, key=lambda one: (one.year < now, one.year))
    rotates = "rotation" in _listed(policy, "partnership.chosen_by")
    topics = (*_TIMETABLE, *(["partnership.chosen_by"] if rotates else []))
    return {
        "years": public([_calendar(one, policy) for one in years], "calendar"),
        "quoted": public(quoted_clauses(policy, school.name, topics), policy.path),
    }


def _calendar(calendar: SchoolYear, policy: Policy) -> Model:
    days = {
        "Training days": calendar.inset,
        "Twilight training": calendar.twilights,
        "Bank holidays in term": calendar.bank_holidays,
    }
    return {
        "year": calendar.year,
        "half_terms": [
            {
                "name": one.name,
                "span": format_span(one.start, one.end),
                "due": falls_in(policy, one, ends_term=one.name.lower() in _TERM_ENDS),
            }
            for one in calendar.half_terms
        ],
        "days": [
            {"name": name, "dates": ", ".join(format_date(day) for day in dates)}
            for name, dates in days.items()
            if dates
        ],
        "total": weekdays_in_term(calendar),
    }


def _forms(forms: Sequence[Form]) -> Model:
    """The forms by what they are for; those that are sealed whole come last."""
    groups: dict[str, list[Mapping[str, str]]] = {title: [] for title in (*_KINDS.values(), *_REST)}
    for form in forms:
        title = _APART if form.whole else _KINDS.get(form.type, _AROUND)
        groups[title].append(
            {"title": form.title, "purpose": form.purpose, "href": f"{form.name}.md"}
        )
    listed = [{"title": title, "forms": found} for title, found in groups.items() if found]
    return {"groups": public(listed, "forms")}


def _form(policy: Policy, form: Form) -> Model:
    return {"form": public(paper_form(policy, form), f"form {form.name}")}


def _quoted(
    school: SchoolPart, policy: Policy, topics: Iterable[str]
) -> Labelled[list[Mapping[str, object]]]:
    return public(quoted(policy, school.name, topics), policy.path)


def _listed(policy: Policy, key: str) -> tuple[str, ...]:
    value = policy.get(key)
    return value if isinstance(value, tuple) else ()


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
