"""Private pages: one module each, from a view to a page model.

A `Page` is sealed to exactly its audience. Every leaf of its model is
`Labelled`; rendering refuses a page that would show one to more people.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from coachbook.audience import Audience, Labelled
    from coachbook.views import SealedView

__all__ = ["Blocks", "Page"]


@dataclass(frozen=True, slots=True)
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


@dataclass(slots=True)
class Blocks:
    """Collects the sealed blocks of one page and names them b1, b2 and so on."""

    held: dict[str, SealedView] = field(default_factory=dict)

    def add(self, section: SealedView) -> str:
        """Keeps the block and returns its name on this page."""
        name = f"b{len(self.held) + 1}"
        self.held[name] = section
        return name
