"""CB4xx: what a visit or a session may be about, and what may come of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coachbook.book import display, role_holders
from coachbook.people import scoped_role
from coachbook.rules.about import about
from coachbook.rules.rule import Case, Finding
from coachbook.spelling import normal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coachbook.diagnostics import Span

GRADES = "grades.allowed_to"
_STEP_WORDS = ("next-step", "action", "target", "to-do", "to-work-on", "grade", "rating")
_ECT_STAGES = ("ect-year-1", "ect-year-2")
_HELD = "held"


@about("session", fields=("subject",), settings=("subject.allowed.books", "subject.allowed.groups"))
def subject_not_allowed(case: Case) -> Iterator[Finding]:
    """Coaching on books or in groups has a subject that the policy names.

    Why: a half-term given to maths and writing loses its point if it drifts.
    Example:
        subject: science
        coaching on books is about maths or writing; this says science [4.4]
    Remedy: correct the subject, or record the session as another kind.
    Source: A-12, D-11, mistake 6
    """
    subject = case.value("subject")
    if case.form.type != "session" or not isinstance(subject, str):
        return
    for what, parameter in _subject_rules(case):
        allowed = case.setting(parameter)
        if isinstance(allowed, tuple) and normal(subject) not in {normal(str(a)) for a in allowed}:
            names = " or ".join(str(one) for one in allowed)
            yield Finding(
                case.span("subject"),
                f"coaching {what} is about {names}; this says {subject}",
                "correct the subject, or record the session as another kind",
                case.clause(parameter),
            )


def _subject_rules(case: Case) -> Iterator[tuple[str, str]]:
    """(words, parameter) for each kind of coaching that the session is."""
    if case.value("kind") == "books":
        yield "on books", "subject.allowed.books"
    if case.value("group") is not None or case.value("kind") == "group":
        yield "in groups", "subject.allowed.groups"


@about("observation")
def steps_on_a_drop_in(case: Case) -> Iterator[Finding]:
    """A drop-in records good practice, and no next steps, where the policy says so.

    Why: an open door stays open if what comes through it is interest. Next steps
    and ratings belong to an observation that both have agreed to.
    Example:
        ## Next steps, on a drop-in
        a drop-in records good practice only, and this heading asks for more [4.5]
    Remedy: move it to an observation, or delete it.
    Source: D-10, mistake 23
    """
    if case.value("kind") != "drop-in" or case.setting("dropin.next_steps") != "forbidden":
        return
    for span in _step_headings(case):
        yield Finding(
            span,
            "a drop-in records good practice only, and this heading asks for more",
            "move it to an observation, or delete it",
            case.clause("dropin.next_steps"),
            quotable=False,
        )


def _step_headings(case: Case) -> Iterator[Span]:
    """Headings of sections for steps that hold something, and of those that only sound so."""
    for section in case.record.sections:
        form = case.form.section(section.name)
        if form is None:
            is_step = any(word in normal(section.name) for word in _STEP_WORDS)
        else:
            is_step = form.steps and bool(section.blocks or section.stray)
        if is_step:
            yield section.heading


@about("observation")
def grade_not_allowed(case: Case) -> Iterator[Finding]:
    """Grades are given only by those, and only where, the policy says.

    Why: a grade changes what a visit is. A school that wants none must be able to rely on it.
    Example:
        form: ect-observation@1, at a school where nobody gives grades
        this form holds grades, and the policy allows them to nobody [5.7]
    Remedy: use a form without grades; what the grade would have said can be said in words.
    Source: A-18, B-14, D-71
    """
    if not case.form.grades or case.policy is None:
        return
    allowed = str(case.setting(GRADES) or "none")
    key = "form" if "form" in case.record.fields else "type"
    if allowed != case.form.grades:
        who = case.policy.words(GRADES) or "nobody"
        message = f"this form holds grades, and the policy allows them to {who}"
        yield Finding(case.span(key), message, "use a form without grades", case.clause(GRADES))
    elif allowed == "head":
        yield from _not_the_head(case)
    else:
        yield from _not_in_induction(case)


def _not_the_head(case: Case) -> Iterator[Finding]:
    day = case.day or case.book.today
    heads = role_holders(case.book, scoped_role("head", case.record.school), day)
    for person in case.parties.get("observers", ()):
        if heads and person not in heads:
            yield Finding(
                case.span("observers"),
                f"only the head gives grades here, and {display(case.book, person)} is named as "
                "observer",
                "use a form without grades, or correct the observer",
                case.clause(GRADES),
            )


def _not_in_induction(case: Case) -> Iterator[Finding]:
    for person in case.parties.get("observed", ()):
        found, day = case.book.people.get(person), case.day or case.book.today
        if found is None or found.career_stage in _ECT_STAGES:
            continue
        if found.induction_end is None or found.induction_end < day:
            yield Finding(
                case.span("observed"),
                f"this form is for early career teachers, and {found.name} is not in induction",
                "use another form; grades are given on this one only in induction",
                case.clause(GRADES),
            )


@about("observation", "session", settings=("feedback.required_after",))
def form_empty(case: Case) -> Iterator[Finding]:
    """What was held and calls for feedback has its form filled in.

    Why: a visit without a word afterwards is a visit that the person visited only
    wonders about.
    Example:
        kind: learning-walk with status: held, and no section filled in
        a learning walk that was held has its form filled in; nothing stands in this one [4.6]
    Remedy: write it, even if it is short: coachbook edit FILE
    Source: D-26, B-33
    """
    wanted = case.setting("feedback.required_after")
    if not isinstance(wanted, tuple) or case.value("status") != _HELD:
        return
    kind = _feedback_kind(case)
    if not kind or kind not in wanted or _is_begun(case):
        return
    noun = str(case.value("kind") or case.form.type).replace("-", " ")
    noun = case.form.type if case.form.type == "session" else _VISITS.get(noun, noun)
    yield Finding(
        case.span("status"),
        f"{_article(noun)} {noun} that was held has its form filled in; nothing stands in this one",
        f"write it, even if it is short: coachbook edit {case.record.path}",
        case.clause("feedback.required_after"),
    )


def _is_begun(case: Case) -> bool:
    """Whether anything stands in the form, or a section is missing, which is reported as that."""
    if any(section.blocks or section.stray for section in case.record.sections):
        return True
    names = {section.name for section in case.record.sections}
    return any(form.required and form.name not in names for form in case.form.sections)


_VISITS = {"formal": "formal observation"}


def _feedback_kind(case: Case) -> str:
    """The word for this record in the policy's list of what feedback follows."""
    if case.form.type == "session":
        return "session"
    if case.form.type != "observation":
        return ""
    kind = str(case.value("kind") or "")
    if kind in {"learning-walk", "drop-in"}:
        return kind
    wanted = case.setting("feedback.required_after")
    is_listed = isinstance(wanted, tuple) and "scheduled-observation" in wanted
    return "scheduled-observation" if is_listed and case.value("scheduled") else "observation"


@about("observation")
def more_than_the_class(case: Case) -> Iterator[Finding]:
    """Where a visit counts pupils, no more were there than the class has.

    Two classes together may be more, so this warns.

    Why: two numbers that contradict each other are a slip more often than not.
    Example:
        pupils_present: 32
        32 pupils were there, of a class of 28
    Remedy: correct a slip. If pupils of another class were there too, leave it.
    Source: D-61, D-69
    """
    size, present = case.value("class_size"), case.value("pupils_present")
    if isinstance(size, int) and isinstance(present, int) and present > size:
        yield Finding(
            case.span("pupils_present"),
            f"{present} pupils were there, of a class of {size}",
            "which of the two is wrong? if pupils of another class were there too, leave it",
        )


def _article(noun: str) -> str:
    return "an" if noun[:1] in "aeio" else "a"
