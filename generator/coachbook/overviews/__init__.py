"""Private pages: one module each, from a view to a page model.

A `Page` is sealed to exactly its audience. Every leaf of its model is
`Labelled`; rendering refuses a page that would show one to more people.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from coachbook.values import frozen

if TYPE_CHECKING:
    from collections.abc import Mapping

    from coachbook.audience import Audience, Labelled
    from coachbook.views import RecordView, SealedView

__all__ = ["Blocks", "Origin", "Page"]


@frozen
class Origin:
    """The day of a block's record, where all of it is shown, and who may have signed it."""

    date: Labelled[str]
    path: Labelled[str]
    authors: Labelled[Mapping[str, str]]


@frozen
class Page:
    """A private page before rendering.

    `path` is its place in the portal ("cycle/c-0a1b2c3d"), `group` the heading
    it stands under in the menu, `template` its file below `site_templates/pages`.
    """

    kind: str
    path: str
    title: Labelled[str]
    group: Labelled[str]
    audience: Audience
    template: str
    model: Mapping[str, object]
    blocks: Mapping[str, SealedView]
    origins: Mapping[str, Origin] = field(default_factory=dict)
    """Where blocks come from, by their names, as far as the page says so."""
    data: Mapping[str, object] = field(default_factory=dict)
    """What the browser makes something of, beside what is shown; `Labelled` like the model."""


@dataclass(slots=True)
class Blocks:
    """Collects the sealed blocks of one page and names them b1, b2 and so on."""

    held: dict[str, SealedView] = field(default_factory=dict)
    origins: dict[str, Origin] = field(default_factory=dict)
    _names: dict[tuple[str, str], str] = field(default_factory=dict)

    def add(self, section: SealedView, record: RecordView | None = None, path: str = "") -> str:
        """Keeps the block, once, and returns its name on this page.

        Args:
            record: the record of the section, if the page says of which day it is.
            path: where in the portal that record is shown, if elsewhere.
        """
        place = (section.place.record, section.name)
        if place in self._names:
            return self._names[place]
        name = self._names[place] = f"b{len(self.held) + 1}"
        self.held[name] = section
        if record is not None:
            day = record.day.isoformat() if record.day else ""
            self.origins[name] = Origin(
                record.label(day, "date"), record.label(path, "id"), record.authors
            )
        return name
