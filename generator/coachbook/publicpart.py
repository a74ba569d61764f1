"""Everything in a site that nobody needs a key for: the same bytes for the same records.

The handbook, the portal's page with its script and style, and the entries that
a sign-in leads to. The portal's page takes a passphrase, so it and its script
are coachbook's own; a workspace may change the style, and the handbook's pages.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from coachbook.audience import PUBLIC
from coachbook.book.demonstration import tries
from coachbook.builder import build_handbook
from coachbook.edition import FILE as EDITION
from coachbook.edition import edition_of, format_edition
from coachbook.entries import format_entry, plan_entries
from coachbook.fragments import Names
from coachbook.handbook import banner, handbook_nav, handbook_of, handbook_pages
from coachbook.pages import open_templates, render_page
from coachbook.shell import assets, render_shell

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from pathlib import Path

    from coachbook.book import Book
    from coachbook.pages import Templates

HANDBOOK, PORTAL = "handbook", "portal"
PARTS = (HANDBOOK, PORTAL)


def write_handbook(folder: Path, book: Book, templates: Templates) -> AbstractContextManager[None]:
    """Builds the handbook into a folder that is not there yet.

    The site builder runs while the context lasts; the folder is there when it ends.
    """
    handbook = handbook_of(book)
    pages = handbook_pages(handbook)
    return build_handbook(
        {page.path: render_page(templates, page.template, page.model, PUBLIC) for page in pages},
        handbook_nav(pages),
        site_name=book.trust.name,
        config=templates.settings,
        theme=templates.theme,
        assets=templates.assets,
        banner=banner(handbook),
        out=folder,
    )


def write_portal_page(folder: Path, book: Book, templates: Templates) -> None:
    """Writes the portal's page, script, style and entries into a new folder."""
    files = {f"assets/{name}": data for name, data in assets(templates).items()}
    files |= {f"data/{entry.name}.js": format_entry(entry) for entry in plan_entries(book)}
    salt = Names(book.trust.fragments).entry_salt
    word = edition_of(book.keyring, files, salt)
    files[f"assets/{EDITION}"] = format_edition(word)
    files["index.html"] = render_shell(open_templates(), book, salt, tries(book), word).encode()
    for name, data in files.items():
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)
