"""The manifest of a built site: every file, what kind it is, its hash and its readers.

`coachbook-manifest.json` lies beside `handbook/` and `portal/` and is not
published with either. `audit` accepts no file that is not in it.
"""

from __future__ import annotations

import hashlib
import os
from typing import TYPE_CHECKING, Any

import orjson

from coachbook.errors import InputError
from coachbook.values import frozen

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

NAME = "coachbook-manifest.json"
VERSION = 1
PUBLIC, SHELL, ENTRY, FRAGMENT = "public", "shell", "entry", "fragment"
KINDS = frozenset({PUBLIC, SHELL, ENTRY, FRAGMENT})


@frozen
class Item:
    """One file of a site. `stanzas` is the number of readers of a fragment, else 0."""

    kind: str
    sha256: str
    stanzas: int = 0


def list_site(
    site: Path,
    stanzas: Mapping[str, int],
    entries: frozenset[str],
    taken: Mapping[str, Item] | None = None,
) -> dict[str, Item]:
    """Every file below a freshly built site; `stanzas` and `entries` name the portal's data.

    Args:
        taken: files of the last site that were put here as they are.
    """
    known = taken or {}
    found = {}
    for name in sorted(name for name, entry in walk_site(site) if entry.is_file()):
        digest = known[name].sha256 if name in known else _sha256(site / name)
        found[name] = Item(_kind(name, stanzas, entries), digest, stanzas.get(name, 0))
    return found


def walk_site(site: Path) -> Iterator[tuple[str, os.DirEntry[str]]]:
    """Everything below a site, by its name there; what a link leads to is not gone through."""
    folders = [("", os.fspath(site))]
    while folders:
        below, place = folders.pop()
        with os.scandir(place) as entries:
            for entry in entries:
                name = f"{below}{entry.name}"
                yield name, entry
                if entry.is_dir(follow_symlinks=False):
                    folders.append((f"{name}/", entry.path))


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def format_manifest(items: Mapping[str, Item]) -> bytes:
    """The manifest as JSON, sorted, one line per file."""
    files = {
        name: {"kind": item.kind, "sha256": item.sha256, "stanzas": item.stanzas}
        for name, item in sorted(items.items())
    }
    content = {"version": VERSION, "files": files}
    return orjson.dumps(content, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def load_manifest(site: Path) -> dict[str, Item]:
    """Reads the manifest of a site; InputError where there is none or it is not ours."""
    try:
        content: Any = orjson.loads((site / NAME).read_bytes())
        return {str(name): _item(entry) for name, entry in content["files"].items()}
    except FileNotFoundError as error:
        raise InputError(
            f"{site} has no {NAME}", hint="name the folder that `coachbook build` made"
        ) from error
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(f"{site / NAME} cannot be read", hint="build the site again") from error


def _item(entry: Mapping[str, Any]) -> Item:
    item = Item(str(entry["kind"]), str(entry["sha256"]), int(entry["stanzas"]))
    if item.kind not in KINDS:
        raise ValueError(item.kind)
    return item


def _kind(name: str, stanzas: Mapping[str, int], entries: frozenset[str]) -> str:
    if name in stanzas:
        return FRAGMENT
    if name in entries:
        return ENTRY
    return SHELL if name == "portal/index.html" else PUBLIC
