"""What the handbook is made from: a trust, its schools, and pages before they are rendered."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING

from coachbook.values import frozen

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from coachbook.calendar import SchoolYear
    from coachbook.forms import Forms
    from coachbook.policy import Policy


@frozen
class NamedHolder:
    """Somebody who holds a role today, and has agreed to stand in the handbook with it."""

    role: str
    name: str


@frozen
class SchoolPart:
    """What the handbook knows of one school.

    `words` are the school's own names for things, such as "buddy" for "coach"; `safeguarding`
    is where a worry about a child is reported, `wellbeing` whom staff can turn to.
    """

    id: str
    name: str
    policies: tuple[Policy, ...]
    calendars: tuple[SchoolYear, ...]
    hub: str = ""
    phase: str = ""
    words: Mapping[str, str] = field(default_factory=dict)
    safeguarding: str = ""
    wellbeing: str = ""
    named: tuple[NamedHolder, ...] = ()


@frozen
class Handbook:
    """Everything the public pages are made from."""

    name: str
    schools: tuple[SchoolPart, ...]
    forms: Forms
    today: date
    demonstration: bool
    words: Mapping[str, str] = field(default_factory=dict)
    shared: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The trust's shared lists, such as its subjects, by what they are called."""
    notice: str = ""
    """What every page says of schools that are not among these for the moment."""


@frozen
class HandbookPage:
    """A public page before rendering: `titles` lead to it in the navigation."""

    path: str
    titles: tuple[str, ...]
    template: str
    model: Mapping[str, object]
