"""A sandbox with what templates may use, and a page out of it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import jinja2
import markupsafe

from coachbook.templates.faults import translated
from coachbook.templates.watching import Watched

if TYPE_CHECKING:
    from coachbook.templates.compiled import Compiled
    from coachbook.templates.sandbox import Sandbox

LEAVES = frozenset({str, bool, int, float, type(None), markupsafe.Markup})
"""The types of values that hold no other values."""

_GLOBALS = ("cycler", "joiner", "namespace", "range")
_MARKDOWN = str.maketrans({mark: f"\\{mark}" for mark in "\\`*_{}[]()#+-.!|"})


def open_sandbox(kind: type[Sandbox], loader: jinja2.BaseLoader, compiled: Compiled) -> Sandbox:
    """A sandbox of a kind, with what every template of ours may use, and no more."""
    sandbox = kind(
        loader=loader,
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
        bytecode_cache=compiled,
    )
    sandbox.globals = {name: sandbox.globals[name] for name in _GLOBALS}
    sandbox.filters["plain"] = plain
    sandbox.tests["mapping"] = _is_mapping
    if isinstance(sandbox, Watched):
        sandbox.watch_filters()
    return sandbox


def render(sandbox: Sandbox, name: str, values: Mapping[str, object]) -> str:
    """What a template makes of these values; BuildError where it fails."""
    if isinstance(sandbox, Watched):
        sandbox.start_page()
    with translated(name):
        return sandbox.get_template(name).render(values)


def compile_folder(sandbox: Sandbox, folder: str) -> None:
    """Readies every template of a folder."""
    names = sandbox.list_templates(
        filter_func=lambda name: name.startswith(f"{folder}/") and name.endswith(".html")
    )
    for name in names:
        with translated(name):
            sandbox.get_template(name)


def find_template(sandbox: Sandbox, name: str) -> Path:
    """Where a template lies, or a file beside templates."""
    with translated(name):
        source = sandbox.loader
        if source is None:
            raise jinja2.TemplateNotFound(name)
        return Path(str(source.get_source(sandbox, name)[1]))


def plain(text: object) -> markupsafe.Markup:
    """Text as itself inside Markdown: no mark of it is read as formatting or HTML."""
    line = " ".join(str(text).split())
    escaped = markupsafe.escape(line.translate(_MARKDOWN))
    return markupsafe.Markup(escaped)  # noqa: S704 - escaped in the line above


def _is_mapping(value: object) -> bool:
    """The test `mapping`, which a text need not be put to."""
    return type(value) is dict or (type(value) not in LEAVES and isinstance(value, Mapping))
