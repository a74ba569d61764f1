"""Everything in a site that nobody needs a key for: the same bytes for the same records.

The handbook, the portal's page with its script and style, and the entries that
a sign-in leads to. The portal's page takes a passphrase, so it and its script
are coachbook's own; a workspace may change the style, and the handbook's pages.
"""

from __future__ import annotations

import zlib
from itertools import chain
from typing import TYPE_CHECKING

from coachbook.audience import PUBLIC
from coachbook.book.demonstration import tries
from coachbook.builder import build_handbook
from coachbook.cache import FORGETFUL, Cache
from coachbook.edition import FILE as EDITION
from coachbook.edition import edition_of, format_edition
from coachbook.entries import format_entry, plan_entries
from coachbook.fragments import Names
from coachbook.handbook import banner, handbook_nav, handbook_of, handbook_pages
from coachbook.pages import our_templates, render_page
from coachbook.shell import assets, render_shell
from coachbook.values import frozen

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path

    from coachbook.book import Book
    from coachbook.builder import SiteBuilder
    from coachbook.handbook import HandbookPage
    from coachbook.pages import Templates

HANDBOOK, PORTAL = "handbook", "portal"
PARTS = (HANDBOOK, PORTAL)


@frozen
class PublicText:
    """A page of the handbook as the site builder gets it; `titles` lead to it.

    Its text is held packed: the texts of many schools are there at once.
    """

    path: str
    titles: tuple[str, ...]
    packed: bytes

    @property
    def text(self) -> str:
        """The page as Markdown."""
        return zlib.decompress(self.packed).decode()


def handbook_texts(
    book: Book,
    templates: Templates,
    cache: Cache = FORGETFUL,
    stopped: Collection[str] = (),
) -> tuple[PublicText, ...]:
    """Every page of the handbook, in the order of the navigation.

    Of a school that is stopped they are those of the last good build, where the cache has them.
    """
    first, *others = (
        PublicText(page.path, page.titles, _packed(templates, page))
        for page in handbook_pages(handbook_of(book, stopped))
    )
    kept = (cache.read(f"{HANDBOOK} {school}") for school in sorted(stopped))
    return (first, *chain(*(one for one in kept if isinstance(one, tuple))), *others)


def _packed(templates: Templates, page: HandbookPage) -> bytes:
    text = render_page(templates, page.template, page.model, PUBLIC)
    return zlib.compress(text.encode(), level=1)


def keep_texts(
    book: Book, texts: Sequence[PublicText], cache: Cache, stopped: Collection[str] = ()
) -> None:
    """Leaves the pages of each school to a build in which it is stopped; they are public."""
    for school in book.schools.keys() - stopped:
        own = tuple(one for one in texts if one.path.startswith(f"{school}/"))
        cache.write(f"{HANDBOOK} {school}", own)


def write_handbook(
    folder: Path,
    book: Book,
    templates: Templates,
    texts: Sequence[PublicText] | None = None,
    stopped: Collection[str] = (),
    hands: int = 1,
    begun: SiteBuilder | None = None,
) -> AbstractContextManager[None]:
    """Builds the handbook into a folder that is not there yet.

    The site builder runs while the context lasts; the folder is there when it ends.

    Args:
        folder: where it goes.
        book: what it is about.
        templates: what it is made with.
        texts: its pages, in the order of the navigation; those of the book if left out.
        stopped: the schools of which nothing new is published.
        hands: how many processes may share what is left to do when the site builder has ended.
        begun: a site builder that waits already.
    """
    handbook = handbook_of(book, stopped)
    pages = handbook_texts(book, templates, stopped=stopped) if texts is None else texts
    return build_handbook(
        ((page.path, page.text) for page in pages),
        handbook_nav(pages),
        site_name=book.trust.name,
        config=templates.settings,
        theme=templates.theme,
        assets=templates.assets,
        banner=banner(handbook),
        out=folder,
        hands=hands,
        begun=begun,
    )


def write_portal_page(
    folder: Path,
    book: Book,
    templates: Templates,
    put: Callable[[str, bytes], object] | None = None,
) -> None:
    """Writes the portal's page, script, style and entries into a new folder.

    Args:
        folder: the folder.
        book: whose portal it is.
        templates: how its page looks.
        put: puts a file of that name in the folder there; each is written where it is left out.
    """
    files = {f"assets/{name}": data for name, data in assets(templates).items()}
    files |= {f"data/{entry.name}.js": format_entry(entry) for entry in plan_entries(book)}
    salt = Names(book.trust.fragments).entry_salt
    word = edition_of(book.keyring, files, salt)
    files[f"assets/{EDITION}"] = format_edition(word)
    files["index.html"] = render_shell(
        our_templates(templates), book, salt, tries(book), word
    ).encode()
    for place in {(folder / name).parent for name in files}:
        place.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        if put is None:
            (folder / name).write_bytes(data)
        else:
            put(name, data)
