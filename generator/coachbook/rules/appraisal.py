"""CB441: an appraisal objective is tied to coaching only with the person's consent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coachbook.book import values_of
from coachbook.rules.about import about
from coachbook.rules.rule import Case, Finding

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from coachbook.forms import FieldValue

_CONSENT = "linked_with_consent_on"


@about("cycle", "objective")
def linked_without_consent(case: Case) -> Iterator[Finding]:
    """A cycle and an objective of appraisal are tied together only if the person agreed to it.

    The objective says on which day, and the one who agreed is coached in that cycle.

    Why: coaching that turns out to count in appraisal is coaching that nobody asks for
    again. Whoever is coached decides whether the two meet.
    Example:
        cycle: c-0a1b2c3d
        this ties a cycle to an objective of appraisal, and no day of consent is on record
    Remedy: ask the person, and write the day as `linked_with_consent_on`; or take the line out.
    Source: C-04, E-13
    """
    match case.form.type:
        case "objective" if case.value("cycle") is not None:
            yield from _unagreed(case, "cycle", case.values)
        case "cycle":
            for record in case.book.by_id.get(str(case.value("objective")), ())[:1]:
                yield from _of_another(case, values_of(case.book, record).get("person"))
                yield from _unagreed(case, "objective", values_of(case.book, record))


def _unagreed(case: Case, field: str, objective: Mapping[str, FieldValue]) -> Iterator[Finding]:
    if objective.get(_CONSENT) is None:
        yield Finding(
            case.span(field),
            "this ties a cycle to an objective of appraisal, and no day of consent is on record",
            f"ask the person, and write the day as `{_CONSENT}` in the objective; or take this "
            "line out",
            case.clause("appraisal.use"),
        )


def _of_another(case: Case, person: object) -> Iterator[Finding]:
    coached = case.parties.get("coachee", ())
    if coached and person not in coached:
        yield Finding(
            case.span("objective"),
            "this objective is of somebody who is not coached in this cycle",
            "name an objective of the coachee, or take this line out",
        )
