"""A handbook whose pages are as they were staged, for tests of what happens around it.

The site builder takes seconds for each; what it makes of a page is shown elsewhere.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

import coachbook.site

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from coachbook.book import Book
    from coachbook.builder import SiteBuilder
    from coachbook.publicpart import PublicText


@contextmanager
def staged_handbook() -> Iterator[None]:
    """Lets every site have the pages of its handbook as they are staged."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(coachbook.site, "write_handbook", _written)
        yield


@contextmanager
def _written(
    folder: Path,
    _book: Book,
    _templates: object,
    texts: Sequence[PublicText],
    *_more: object,
    begun: SiteBuilder | None,
) -> Iterator[None]:
    for page in texts:
        place = folder / page.path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(page.text, encoding="utf-8")
    yield
