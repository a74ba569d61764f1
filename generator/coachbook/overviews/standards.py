"""What observations say beside the standards for teachers, sealed, for the browser to count."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coachbook.views import in_order, public

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from coachbook.audience import Labelled
    from coachbook.overviews import Blocks
    from coachbook.overviews.leading import Led
    from coachbook.people import Person
    from coachbook.views import RecordView

ON_TRACK = "On track"
"""The section of an observation, and its line, that say how induction is going."""

_RATES_TEACHERS = "ect-form"


def standards_model(seen: Sequence[RecordView], blocks: Blocks) -> dict[str, Labelled[str]]:
    """The sections that rate or say whether somebody is on track, by their names on the page."""
    rated = [(visit, name) for visit in seen for name in _rated(visit)]
    tracked = [visit for visit in seen if visit.sealed(ON_TRACK) is not None]
    return {
        "standards": public(" ".join(_add(blocks, visit, name) for visit, name in rated)),
        "lines": public("|".join(_lines(seen))),
        "aside": public("|".join(_aside(seen))),
        "on_track": public(" ".join(_add(blocks, one, ON_TRACK) for one in tracked)),
    }


def beside_standards(led: Led, person: Person) -> list[RecordView]:
    """The observations of somebody on a form that rates, the oldest first."""
    visits = [
        one for one in led.of_type("observation") if person.id in one.people.get("observed", ())
    ]
    return [one for one in in_order(visits) if one.form.grades == _RATES_TEACHERS]


def _rated(visit: RecordView) -> Iterator[str]:
    """The sealed sections of an observation that hold ratings."""
    for section in visit.form.sections:
        has_scale = any(line.scale for line in section.lines)
        if has_scale and visit.sealed(section.name) is not None:
            yield section.name


def _add(blocks: Blocks, visit: RecordView, name: str) -> str:
    """Puts a section among the blocks of the page, and gives its name there."""
    section = visit.sealed(name)
    return blocks.add(section, visit, f"visit/{visit.id}") if section else ""


def _lines(seen: Sequence[RecordView]) -> list[str]:
    """The standards in the order of the form, as lines of its sections name them."""
    forms = (section for visit in seen[-1:] for section in visit.form.sections)
    return [line.name for section in forms for line in section.lines if line.scale]


def _aside(seen: Sequence[RecordView]) -> list[str]:
    """The choices that say "not this time" rather than rate."""
    forms = (section for visit in seen[-1:] for section in visit.form.sections)
    lines = (line for section in forms for line in section.lines)
    return list(dict.fromkeys(choice for line in lines for choice in line.aside))
