"""The workspace's `mkdocs.yml`: what it may say, and what is derived from it.

Allowed is what changes the look and is honoured alike by MkDocs and by its
successor Zensical. Anything else is refused with its line: a hook, a plug-in,
a tag or an include would run code or read files while the site is built, and
a value with markup would become a script of every page.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, TypeAlias

from coachbook.errors import BuildError, FrontMatterError
from coachbook.strict_yaml import parse_yaml

if TYPE_CHECKING:
    from pathlib import Path

Nav: TypeAlias = Sequence[tuple[str, "str | Nav"]]
"""Titles in order; each leads to a page or holds further titles."""

_FILE = "mkdocs.yml"
_PRUNE, _MANY_PAGES = "navigation.prune", 300
_FEATURES = ("content.", "header.", "navigation.", "search.", "toc.")
_EXTENSIONS = frozenset(
    {"abbr", "admonition", "attr_list", "def_list", "footnotes", "md_in_html", "tables", "toc"}
)
_ESCAPED = frozenset({"site_description", "site_name"})
_MARKUP = re.compile(r"[<>\"'`\\{}\x00-\x1f\x7f\u2028\u2029]|\.\.")
_SCOPE = re.compile(r"/(?:[a-z0-9_-]+/)*", re.IGNORECASE)


def read_settings(config: bytes) -> dict[str, object]:
    """The settings of a `mkdocs.yml`; BuildError names the line that is refused."""
    try:
        settings = parse_yaml(config, _FILE)
    except FrontMatterError as error:
        reason = error.message.removeprefix(f"{_FILE}: ")
        raise BuildError(f"{_FILE}:{error.line}: {reason}", hint=_HINT) from error
    for key, value in settings.items():
        fault = _fault(key, value)
        if fault:
            raise BuildError(f"{_FILE}:{_line(config, key)}: {fault}", hint=_HINT)
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
        # Themes print all three as they are.
        "site_name": html.escape(site_name),
        "site_description": html.escape(str(settings.get("site_description", ""))),
        "theme": {**_mapping(theme), "custom_dir": str(work / "theme"), **_features(theme, nav)},
        "extra": {**_mapping(extra), "banner": banner},
        "validation": {
            "omitted_files": "warn",
            "absolute_links": "warn",
            "unrecognized_links": "warn",
            "anchors": "warn",
        },
    }


def _features(theme: object, nav: Nav) -> dict[str, object]:
    """The theme's features; of a long navigation each page holds only the branch it stands on.

    Else every page would hold all of it, and a handbook of 50 schools would be 1.5 GB.
    """
    chosen = [str(one) for one in _list(_mapping(theme).get("features"))]
    more = [_PRUNE] if _count(nav) > _MANY_PAGES and _PRUNE not in chosen else []
    return {"features": [*chosen, *more]} if chosen or more else {}


def _count(nav: Nav) -> int:
    return sum(1 if isinstance(inside, str) else _count(inside) for _, inside in nav)


_HINT = (
    "settings that could run code or read files are refused, because the handbook is public; "
    "remove the line"
)


def _line(config: bytes, key: str) -> int:
    """The line on which a setting begins."""
    found = re.search(rb"(?m)^[\"']?" + re.escape(key.encode()) + rb"[\"']?\s*:", config)
    return config.count(b"\n", 0, found.start()) + 1 if found else 1


def _fault(key: str, value: object) -> str:
    check = _CHECKS.get(key)
    if check is None:
        return f"the setting `{key}` is not allowed here"
    return check(value) or ("" if key in _ESCAPED else _markup(value))


def _markup(value: object) -> str:
    """Why a value, or anything in it, may not stand in a page as it is.

    The theme prints settings inside tags and inside its own scripts without escaping
    them, so one quotation mark would make a script of ours out of a stranger's text.
    """
    if isinstance(value, Mapping):
        return next((fault for one in (*value, *value.values()) if (fault := _markup(one))), "")
    if isinstance(value, list):
        return next((fault for one in value if (fault := _markup(one))), "")
    if isinstance(value, str):
        found = _MARKUP.search(value)
        return f"{found[0]!r} is not allowed here" if found else ""
    return "" if value is None or isinstance(value, int) else "text was expected"


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
    extra = _mapping(value)
    unknown = set(extra) - {"scope", "generator"}
    if unknown:
        return f"the setting `extra.{min(unknown)}` is not allowed here"
    scope = extra.get("scope", "/")
    return "" if _SCOPE.fullmatch(str(scope)) else "a path such as `/handbook/` was expected"


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
