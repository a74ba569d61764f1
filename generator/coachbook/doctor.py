"""What around the records could let text escape or go unnoticed.

Each check is a function from a `Place` (workspace, home, environment, git's
answers) to remarks. Nothing here changes anything; every remark says what to
do.
"""

from __future__ import annotations

import json
import os
from dataclasses import field
from typing import TYPE_CHECKING

from coachbook.generations import count_stated
from coachbook.openers import no_recovery, stranded
from coachbook.repository import caching
from coachbook.scaffold import DRIVERS, GIT_ATTRIBUTES, GIT_SETTINGS, HOOKS, git_scripts
from coachbook.values import frozen

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from coachbook.book import Book
    from coachbook.pins import Pins

_SYNCED = {
    "onedrive": "OneDrive",
    "dropbox": "Dropbox",
    "google drive": "Google Drive",
    "googledrive": "Google Drive",
    "my drive": "Google Drive",
    "icloud": "iCloud",
    "mobile documents": "iCloud",
    "nextcloud": "Nextcloud",
    "box sync": "Box",
}
_EDITOR = ".vscode/settings.json"
_MEND = "run: coachbook doctor --mend"


@frozen
class Remark:
    """Something to mend: `name` is short and fixed, `words` and `remedy` are for people."""

    name: str
    words: str
    remedy: str


@frozen
class Surroundings:
    """What the checks look at. `git` maps a setting to its value; None where git is missing."""

    book: Book
    pins: Pins | None
    git: Mapping[str, str] | None
    environment: Mapping[str, str]
    kept: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    """Person -> their lost keys that are kept on this device, by generation."""


def examine(place: Surroundings) -> tuple[Remark, ...]:
    """Every remark, in the order of the checks."""
    return tuple(remark for check in _CHECKS for remark in check(place))


def _synced(place: Surroundings) -> Iterator[Remark]:
    parts = [part.casefold() for part in place.book.root.resolve().parts]
    found = next((name for part in parts for key, name in _SYNCED.items() if key in part), None)
    if found:
        yield Remark(
            "synced-folder",
            f"the workspace lies in a folder that {found} copies: it keeps every saved version, "
            "also of text that is not sealed yet",
            "move the workspace to a folder that is not synchronised",
        )


def _git(place: Surroundings) -> Iterator[Remark]:
    if place.git is None:
        yield Remark("no-git", "git is not installed or this is no repository", "run: git init")
        return
    yield from _hooks(place, place.git)
    yield from _drivers(place, place.git)
    for key in caching(place.git):
        name = key.removeprefix("diff.").removesuffix(".cachetextconv")
        yield Remark(
            "cached-text",
            f"{key} writes opened text into the repository",
            f"run: git config --unset {key}, and git update-ref -d refs/notes/textconv/{name}",
        )


def _hooks(place: Surroundings, git: Mapping[str, str]) -> Iterator[Remark]:
    files = {path: place.book.root / path for path in git_scripts()}
    missing = [path for path, file in files.items() if not file.is_file()]
    still = [path for path, file in files.items() if not os.access(file, os.X_OK)]
    if missing:
        yield Remark(
            "no-hook",
            f"{missing[0]} is missing, so a commit or a merge is not sealed first",
            f"{_MEND}, then commit the new file",
        )
    elif still:
        yield Remark(
            "hook-off",
            f"{still[0]} may not be run, so a commit or a merge is not sealed first",
            f"run: git add --chmod=+x {still[0]}, and chmod +x {still[0]}",
        )
    elif git.get("core.hookspath") != HOOKS:
        yield Remark(
            "hook-off",
            "the hook that seals before a commit is not turned on in this clone",
            _MEND,
        )


def _drivers(place: Surroundings, git: Mapping[str, str]) -> Iterator[Remark]:
    wanted = {key.lower(): value for key, value in GIT_SETTINGS.items() if key != "core.hooksPath"}
    file = place.book.root / GIT_ATTRIBUTES
    lines = file.read_text(encoding="utf-8").splitlines() if file.is_file() else []
    if DRIVERS not in lines:
        yield Remark(
            "no-drivers",
            f"{GIT_ATTRIBUTES} does not say that records are shown and merged by coachbook",
            f"{_MEND}, then commit the file",
        )
    elif any(git.get(key) != value for key, value in wanted.items()):
        yield Remark(
            "drivers-off",
            "git does not know in this clone how records are shown and merged",
            _MEND,
        )


def _editor(place: Surroundings) -> Iterator[Remark]:
    try:
        settings = json.loads((place.book.root / _EDITOR).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        settings = {}
    if (
        not isinstance(settings, dict)
        or settings.get("workbench.localHistory.enabled") is not False
    ):
        yield Remark(
            "local-history",
            f"{_EDITOR} does not turn local history off: VS Code then keeps every saved version "
            "of a note outside the repository",
            'add the line "workbench.localHistory.enabled": false',
        )


def _pins(place: Surroundings) -> Iterator[Remark]:
    if place.pins is None:
        return
    for reader, fingerprint in sorted(place.pins.known.items()):
        key = place.book.keyring.current(reader)
        if key is None:
            yield Remark(
                "stale-pin",
                f"this device has met a key of {reader} that is no longer in records/keys",
                "ask why it was removed before you seal anything",
            )
        elif key.fingerprint != fingerprint:
            yield Remark(
                "stale-pin",
                f"the key of {reader} is not the one this device has met "
                f"({key.fingerprint} now, {fingerprint} before)",
                f"ask them, then seal with: --new-reader {reader}",
            )


def _secrets(place: Surroundings) -> Iterator[Remark]:
    if place.environment.get("COACHBOOK_PASSPHRASE"):
        yield Remark(
            "passphrase-in-environment",
            "COACHBOOK_PASSPHRASE is set: every program you start can read it",
            "unset it, and type the passphrase when asked",
        )


def _lost(place: Surroundings) -> Iterator[Remark]:
    """What nobody who is here opens any more, school by school."""
    found = tuple(stranded(place.book))
    for school in place.book.schools:
        mine = [one for one in found if one.record.school == school]
        lost, on_paper = sum(one.lost for one in mine), sum(one.on_paper for one in mine)
        name, ending = place.book.schools[school].name, no_recovery(place.book, school)
        if lost:
            yield Remark(
                "lost-parts",
                f"{_parts(lost)} of {name} open for nobody who is here{ending}",
                "nothing opens them unless an old key is found: coachbook keys restore PERSON",
            )
        if on_paper:
            yield Remark(
                "only-envelope",
                f"{_parts(on_paper)} of {name} open with the sealed envelope alone",
                "if somebody is to read them, seal them again for who may: "
                f"coachbook keys recovery open {school} OWNER",
            )


def _spare(place: Surroundings) -> Iterator[Remark]:
    """Lost keys that are kept here although nothing is sealed to them any more."""
    stated = count_stated(place.book.records.values()) if place.kept else {}
    for person, generations in sorted(place.kept.items()):
        keys = place.book.keyring.keys.get(person, ())
        sealed = {key.generation for key in keys if stated.get((person, key.fingerprint))}
        for generation in sorted(set(generations) - sealed):
            yield Remark(
                "spare-key",
                f"the lost key {generation} of {person} is kept on this device, and nothing is "
                "sealed to it any more",
                f"delete {person}.{generation}.age from the key folder: coachbook keys list",
            )


def _parts(count: int) -> str:
    return "1 sealed part" if count == 1 else f"{count} sealed parts"


_CHECKS: tuple[Callable[[Surroundings], Iterator[Remark]], ...] = (
    _synced,
    _git,
    _editor,
    _pins,
    _lost,
    _spare,
    _secrets,
)
