"""What a build does beside reading the records, because it will need it in any case.

    with head_start(book.root, site, cache) as early:   # other processes begin
        ...
        build_site(Job(..., early=early), site)

Until the records are loaded one processor has nothing to do. Where there is a site, its files
are read meanwhile (see `sights`). Where there is none, the site builder begins, and templates are
compiled. All that this takes is imported by whoever does it: nobody waits for it here.
"""

from __future__ import annotations

import os
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import field
from typing import TYPE_CHECKING

from coachbook.builder.running import SiteBuilder, site_builder
from coachbook.cache import FORGETFUL
from coachbook.copies import beside
from coachbook.errors import BuildError
from coachbook.manifest import NAME
from coachbook.sights import looked_ahead
from coachbook.values import frozen

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from coachbook.cache import Cache
    from coachbook.sights import Sight


@frozen
class HeadStart:
    """What has begun, if anything has."""

    sights: Callable[[], Mapping[str, Sight]] = dict
    """Waits for the files of the last site, as they were read."""
    templates: Callable[[], object] = lambda: None
    """Waits until compiled templates are in the cache, as far as they will be."""
    builders: Iterator[SiteBuilder] = field(default_factory=lambda: iter(()))
    """A site builder that waits; each is given away once."""


@contextmanager
def head_start(
    root: Path, site: Path, cache: Cache = FORGETFUL, *, has_handbook: bool = True
) -> Iterator[HeadStart]:
    """Begins what the build of a workspace needs, for the place of its site.

    Whatever has begun and was not needed in the end is stopped when the context ends. A site
    builder that was needed has ended by then: nothing is left to fail once the site is in place.
    """
    with ExitStack() as stack:
        if os.path.lexists(site / NAME):
            sights = stack.enter_context(looked_ahead(site)) if cache.is_lasting else dict
            yield HeadStart(sights)
            return
        builders = _builders(stack) if has_handbook else ()
        if cache.is_lasting:
            compiled = stack.enter_context(beside(lambda: _compile(root, cache)))
            yield HeadStart(templates=compiled, builders=iter(builders))
        else:
            yield HeadStart(builders=iter(builders))


def _builders(stack: ExitStack) -> tuple[SiteBuilder, ...]:
    """A site builder that waits; none where it cannot begin, which shows when one is needed."""
    with suppress(BuildError, OSError):
        return (stack.enter_context(site_builder()),)
    return ()


def _compile(root: Path, cache: Cache) -> None:
    from coachbook.pages import compile_pages, open_templates

    compile_pages(open_templates(root, cache), "pages")
