"""An audit that searches a text for names but once, however many copies of a site it looks at."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from coachbook import audit

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def searched_once() -> Iterator[None]:
    """As long as this lasts, what was found in a text is known of the same text.

    The text and all that is searched for are the key: a word more or less is searched anew.
    """
    known: dict[tuple[object, ...], tuple[str, ...]] = {}
    search = audit._named

    def once(text: str, watched: audit.Watched) -> Iterator[str]:
        key = (text, watched.ids, watched.shown, *watched.names.items())
        if key not in known:
            known[key] = tuple(search(text, watched))
        yield from known[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(audit, "_named", once)
        yield
