"""The handbook of a workspace as mkdocs gets it: pages, theme and settings, not built yet."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

from coachbook.book import load_book
from coachbook.builder.settings import derive, read_settings
from coachbook.handbook import handbook_nav
from coachbook.pages import open_templates
from coachbook.publicpart import handbook_texts

if TYPE_CHECKING:
    from pathlib import Path


def stage_handbook(root: Path, folder: Path) -> Path:
    """Writes what mkdocs makes the handbook of a workspace from into a new folder."""
    book, templates = load_book(root), open_templates(root)
    texts = handbook_texts(book, templates)
    for page in texts:
        place = folder / "pages" / page.path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(page.text, encoding="utf-8")
    shutil.copytree(templates.theme, folder / "theme")
    settings = derive(
        read_settings(templates.settings),
        site_name=book.trust.name,
        nav=handbook_nav(texts),
        work=folder,
        banner="",
    )
    (folder / "mkdocs.yml").write_text(json.dumps(settings), encoding="utf-8")
    return folder
