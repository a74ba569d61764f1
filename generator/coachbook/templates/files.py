"""Templates from their folders, the first that has one, and no link out of them followed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import jinja2

from coachbook.errors import BuildError
from coachbook.templates.faults import FOLDER
from coachbook.templates.watching import MOST_SOURCE

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


class OwnFiles(jinja2.FileSystemLoader):
    """Loads templates from their folders, and follows no link out of them."""

    def __init__(self, folders: Sequence[Path]) -> None:
        super().__init__(folders)
        self._folders = tuple(folder.resolve() for folder in folders)

    def get_source(
        self, environment: jinja2.Environment, template: str
    ) -> tuple[str, str, Callable[[], bool]]:
        """The text of a template and where it lies, as Jinja asks for them."""
        found = super().get_source(environment, template)
        place = Path(found[1]).resolve()
        if not any(map(place.is_relative_to, self._folders)):
            raise BuildError(
                f"{FOLDER}/{template}: the template is a link to a file elsewhere",
                hint="put a copy of the file in its place",
            )
        if len(found[0]) > MOST_SOURCE:
            raise BuildError(f"{FOLDER}/{template}: the file is far too long for a template")
        return found
