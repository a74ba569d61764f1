"""Page models become Markdown or HTML through sandboxed templates.

Every leaf of a model is `Labelled`, and is unwrapped only for the audience of
the page it goes on:

    templates = open_templates(workspace)
    render_page(templates, "handbook/policy.md", {"title": public("…", "policy")}, PUBLIC)

A leaf without a label, or one that is meant for fewer people than the page,
ends the build. A template sees its model and nothing else: neither files nor
the environment.

Templates are looked up in the workspace's `site_templates` first, then in the
installed package, then in the source tree (an editable install has no copy).
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

import coachbook
from coachbook.audience import Labelled, flow
from coachbook.cache import FORGETFUL, Cache
from coachbook.errors import BuildError
from coachbook.templates import (
    FOLDER,
    LEAVES,
    Compiled,
    OwnFiles,
    Sandbox,
    WatchedSandbox,
    compile_folder,
    find_template,
    open_sandbox,
    render,
)
from coachbook.values import frozen

if TYPE_CHECKING:
    from coachbook.audience import Audience

_SETTINGS = "mkdocs.yml"
_LARGEST = 32 * 2**20
"""Bytes of a file in that folder; the pictures of a look may have so many together."""


@frozen
class Templates:
    """The templates of a workspace, ready to render, and what the builder needs of it.

    `compiled` is where they are kept once they have been compiled. `theme` holds our own theme
    templates, `assets` the workspace's style sheets and pictures if it has any, `settings` the
    bytes of its `mkdocs.yml` or ours.
    """

    sandbox: Sandbox
    compiled: Compiled
    theme: Path
    assets: Path | None
    settings: bytes


def open_templates(workspace: Path | None = None, cache: Cache = FORGETFUL) -> Templates:
    """The templates that pages of this workspace are rendered with.

    Args:
        workspace: whose own templates come first.
        cache: where templates are kept as an earlier run has compiled them.
    """
    own = _ours("_site_templates", FOLDER)
    theirs = workspace / FOLDER if workspace else own
    assets = theirs / "theme" / "assets"
    if workspace:
        _require_no_links(workspace, (theirs, assets.parent, assets, workspace / _SETTINGS))
    # What a workspace brings along is watched; where it brings nothing, nothing needs to be.
    kind = WatchedSandbox if theirs != own and theirs.is_dir() else Sandbox
    compiled = Compiled(cache)
    return Templates(
        sandbox=open_sandbox(kind, OwnFiles([theirs, own]), compiled),
        compiled=compiled,
        theme=own / "theme",
        assets=assets if theirs != own and assets.is_dir() else None,
        settings=_settings(workspace),
    )


def our_templates(templates: Templates) -> Templates:
    """The templates that coachbook brings along, and none of the workspace that these are for."""
    own = _ours("_site_templates", FOLDER)
    return Templates(
        sandbox=open_sandbox(Sandbox, OwnFiles([own]), templates.compiled),
        compiled=templates.compiled,
        theme=own / "theme",
        assets=None,
        settings=_settings(None),
    )


def templates_stamp(workspace: Path) -> bytes:
    """What changes with every template, style and setting that pages of this workspace have."""
    stamp = hashlib.blake2b(digest_size=16)
    for folder in (workspace / FOLDER, _ours("_site_templates", FOLDER)):
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            size, time = path.stat().st_size, path.stat().st_mtime_ns
            # Reading what is larger could take all memory; its time tells whether it has changed.
            data = path.read_bytes() if size <= _LARGEST else f"{time}".encode()
            stamp.update(os.fsencode(f"{path.relative_to(folder)} {size}\n") + data)
    stamp.update(_settings(workspace))
    return stamp.digest()


def compile_pages(templates: Templates, folder: str) -> None:
    """Readies every template of a folder, so that processes that begin as copies have them all."""
    compile_folder(templates.sandbox, folder)
    templates.compiled.keep()


def render_page(
    templates: Templates, name: str, model: Mapping[str, object], audience: Audience
) -> str:
    """A page as Markdown or HTML; FlowError if it would show a value to more people."""
    return render(templates.sandbox, name, unwrap(model, audience))


def find_file(templates: Templates, name: str) -> Path:
    """A file that lies beside the templates, the workspace's own first."""
    return find_template(templates.sandbox, name)


def unwrap(model: Mapping[str, object], audience: Audience) -> dict[str, object]:
    """The values of a model as they are; FlowError if one is meant for fewer people."""
    try:
        return {key: _unwrap(value, audience) for key, value in model.items()}
    except _UnlabelledError:
        place = next(place for key in model for place in _unlabelled(model[key], key))
        message = f"the page's value {place} does not say who may see it"
        raise BuildError(message) from None


def _ours(packaged: str, source: str) -> Path:
    """A file or folder of the installed package, or of the tree it runs from."""
    place = Path(str(resources.files(coachbook))) / packaged
    return place if place.exists() else Path(coachbook.__file__).parents[2] / source


def _require_no_links(workspace: Path, places: Iterable[Path]) -> None:
    """Raises BuildError for a place that leads out of the workspace: its files would be public."""
    for place in places:
        if place.is_symlink():
            raise BuildError(
                f"{place.relative_to(workspace).as_posix()} is a link to another place",
                hint="put a copy of what it leads to in its place",
            )


def _settings(workspace: Path | None) -> bytes:
    own = workspace / _SETTINGS if workspace else None
    try:
        place = own if own and own.exists() else _ours("_mkdocs.yml", _SETTINGS)
        if not place.is_file():  # a pipe would be waited for without end
            raise BuildError(f"{_SETTINGS} is not a file")
        return place.read_bytes()
    except OSError as error:
        raise BuildError(f"{_SETTINGS} cannot be read: {error.strerror}") from error


class _UnlabelledError(Exception):
    """A leaf of a model has no label."""


def _unwrap(value: object, page: Audience) -> object:
    """The value without its labels, each having been let through to `page`."""
    if isinstance(value, Labelled):
        found = flow(value, page)
        return found if type(found) in LEAVES else _within(found, page)
    if isinstance(value, dict):
        return {key: _unwrap(entry, page) for key, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return [_unwrap(entry, page) for entry in value]
    if isinstance(value, Mapping):
        return {key: _unwrap(entry, page) for key, entry in value.items()}
    raise _UnlabelledError


def _within(value: object, page: Audience) -> object:
    """What is inside a value that was let through; it may hold labels of its own."""
    if type(value) in LEAVES:
        return value
    if isinstance(value, Labelled):
        return _within(flow(value, page), page)
    if isinstance(value, Mapping):
        return {key: _within(entry, page) for key, entry in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, (str, bytes)):
        return [_within(entry, page) for entry in value]
    return value


def _unlabelled(value: object, place: str) -> Iterator[str]:
    """The places of the leaves that have no label."""
    if isinstance(value, Labelled):
        return
    if isinstance(value, Mapping):
        for key, entry in value.items():
            yield from _unlabelled(entry, f"{place}.{key}")
    elif isinstance(value, (list, tuple)):
        for entry in value:
            yield from _unlabelled(entry, f"{place}[]")
    else:
        yield place
