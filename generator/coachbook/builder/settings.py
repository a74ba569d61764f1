"""The workspace's `mkdocs.yml`: what it may say, and what is derived from it.

Allowed is what changes the look and is honoured alike by MkDocs and by its
successor Zensical. Anything else is refused with its line: a hook, a plug-in,
a tag or an include would run code or read files while the site is built.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, TypeAlias

import yaml

from coachbook.errors import BuildError

if TYPE_CHECKING:
    from pathlib import Path

Nav: TypeAlias = Sequence[tuple[str, "str | Nav"]]
"""Titles in order; each leads to a page or holds further titles."""

_FILE = "mkdocs.yml"
_FEATURES = ("content.", "header.", "navigation.", "search.", "toc.")
_EXTENSIONS = frozenset(
    {"abbr", "admonition", "attr_list", "def_list", "footnotes", "md_in_html", "tables", "toc"}
)


def read_settings(config: bytes) -> dict[str, object]:
    """The settings of a `mkdocs.yml`; BuildError names the line that is refused."""
    loader = yaml.SafeLoader(config)
    try:
        node = loader.get_single_node()
        if not isinstance(node, yaml.MappingNode):
            raise BuildError(f"{_FILE}: settings were expected, one `name: value` a line")
        lines = {str(key.value): key.start_mark.line + 1 for key, _ in node.value}
        settings = {
            str(key): value for key, value in loader.construct_mapping(node, deep=True).items()
        }
    except yaml.YAMLError as error:
        raise _unreadable(error) from error
    finally:
        loader.dispose()
    if len(lines) < len(node.value):
        raise BuildError(f"{_FILE}: a setting appears twice", hint="keep one of the two")
    for key, value in settings.items():
        fault = _fault(key, value)
        if fault:
            raise BuildError(f"{_FILE}:{lines[key]}: {fault}", hint=_HINT)
    return settings


def derive(
    settings: Mapping[str, object], *, site_name: str, nav: Nav, work: Path, banner: str
) -> dict[str, object]:
    """The settings that the builder is run with, all places being inside `work`."""
    theme, extra = settings.get("theme", {}), settings.get("extra", {})
    own = {"docs_dir": str(work / "pages"), "site_dir": str(work / "site"), "nav": _titles(nav)}
    return {
        **settings,
        **own,
        # Themes print both as they are.
        "site_name": html.escape(site_name),
        "theme": {**_mapping(theme), "custom_dir": str(work / "theme")},
        "extra": {**_mapping(extra), "banner": banner},
        "validation": {
            "omitted_files": "warn",
            "absolute_links": "warn",
            "unrecognized_links": "warn",
            "anchors": "warn",
        },
    }


_HINT = (
    "settings that could run code or read files are refused, because the handbook is public; "
    "remove the line"
)


def _unreadable(error: yaml.YAMLError) -> BuildError:
    mark = getattr(error, "problem_mark", None)
    line = f":{mark.line + 1}" if mark else ""
    problem = getattr(error, "problem", None) or "not readable as YAML"
    return BuildError(f"{_FILE}{line}: {problem}", hint=_HINT)


def _fault(key: str, value: object) -> str:
    check = _CHECKS.get(key)
    if check is None:
        return f"the setting `{key}` is not allowed here"
    return check(value)


def _text(value: object) -> str:
    return "" if isinstance(value, str) else "text was expected"


def _truth(value: object) -> str:
    return "" if isinstance(value, bool) else "true or false was expected"


def _theme(value: object) -> str:
    theme = _mapping(value)
    if theme.get("name") != "material":
        return "the theme must be `material`"
    if theme.get("font") is not False:
        return "`font: false` was expected: fonts from elsewhere would be a request to others"
    unknown = set(theme) - {"name", "font", "language", "favicon", "logo", "icon", "palette"}
    unknown -= {"features"}
    if unknown:
        return f"the theme setting `{min(unknown)}` is not allowed here"
    wrong = [name for name in _list(theme.get("features")) if not str(name).startswith(_FEATURES)]
    return f"the theme feature `{wrong[0]}` is not allowed here" if wrong else ""


def _extra(value: object) -> str:
    unknown = set(_mapping(value)) - {"scope", "generator"}
    return f"the setting `extra.{min(unknown)}` is not allowed here" if unknown else ""


def _plugins(value: object) -> str:
    return "" if value == ["search"] else "the only plug-in allowed is `search`"


def _extensions(value: object) -> str:
    for entry in _list(value):
        name = next(iter(entry), "") if isinstance(entry, dict) else entry
        if name not in _EXTENSIONS:
            return f"the Markdown extension `{name}` is not allowed here"
    return ""


def _styles(value: object) -> str:
    wrong = [path for path in _list(value) if ":" in str(path) or str(path).startswith("/")]
    return f"the style sheet `{wrong[0]}` is not a file of the handbook" if wrong else ""


_CHECKS: Mapping[str, Callable[[object], str]] = {
    "docs_dir": _text,
    "extra": _extra,
    "extra_css": _styles,
    "markdown_extensions": _extensions,
    "plugins": _plugins,
    "site_description": _text,
    "site_dir": _text,
    "site_name": _text,
    "theme": _theme,
    "use_directory_urls": _truth,
}


def _titles(nav: Nav) -> list[dict[str, object]]:
    return [
        {html.escape(title): entry if isinstance(entry, str) else _titles(entry)}
        for title, entry in nav
    ]


def _mapping(value: object) -> dict[str, object]:
    return value if isinstance(value, dict) else {}


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []
