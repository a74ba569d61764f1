"""Trust, hubs and schools: the tree that everything belongs to, read from its records.

The trust says once what its schools share: a format, a workspace, and words, such as
`buddy = coach`, that each school may add to.
"""

from __future__ import annotations

from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING

from coachbook.book.files import RECORDS
from coachbook.book.model import FORMAT, Entry, Hub, School, Trust
from coachbook.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from coachbook.diagnostics import Diagnostic

TRUST_PATH = f"{RECORDS}/trust.md"
NO_WORKSPACE_HINT = "go into your workspace, or start one with: coachbook init DIR"


def read_trust(entry: Entry | None, findings: Iterable[Diagnostic]) -> Trust:
    """The trust of a workspace; raises InputError where its record cannot be used."""
    if entry is None or entry.form.type != "trust":
        reason = next(
            (f.message for f in findings if f.path == TRUST_PATH), "it is no trust record"
        )
        raise InputError(f"{TRUST_PATH} cannot be used: {reason}", hint=NO_WORKSPACE_HINT)
    _require_format(entry.values.get("format"))
    as_of = entry.values.get("as_of")
    return Trust(
        name=_text(entry, "name"),
        workspace=_required(entry, "workspace"),
        fragments=_required(entry, "fragments"),
        demonstration=entry.values.get("demonstration") is True,
        as_of=as_of if isinstance(as_of, date) else None,
        new_file_url=_web_address(entry, "new_file_url"),
        path=TRUST_PATH,
        words=_words(entry),
        subjects=_texts(entry, "subjects"),
        characteristics=_texts(entry, "characteristics"),
        rubric=_texts(entry, "rubric"),
        portal_url=_web_address(entry, "portal_url"),
    )


def read_hubs(entries: Iterable[Entry]) -> Mapping[str, Hub]:
    """The groups of schools by id; of two with one id the first."""
    found: dict[str, Hub] = {}
    for entry in entries:
        if entry.record.id:
            name = _text(entry, "name") or entry.record.id
            found.setdefault(entry.record.id, Hub(entry.record.id, name, entry.record.path))
    return MappingProxyType(found)


def find_hub(hubs: Mapping[str, Hub], text: str) -> Hub | None:
    """The hub that a school names by its id or its name."""
    wanted = text.strip().casefold()
    return next((hub for hub in hubs.values() if wanted in {hub.id, hub.name.casefold()}), None)


def read_schools(
    entries: Iterable[Entry], trust: Trust, hubs: Mapping[str, Hub]
) -> Mapping[str, School]:
    """The schools by id, each with the words of the trust and its own."""
    found: dict[str, School] = {}
    for entry in entries:
        if entry.record.id:
            found.setdefault(entry.record.id, _school(entry, trust, hubs))
    return MappingProxyType(found)


def _school(entry: Entry, trust: Trust, hubs: Mapping[str, Hub]) -> School:
    named = _text(entry, "hub")
    hub = find_hub(hubs, named)
    return School(
        id=entry.record.id,
        name=_text(entry, "name") or entry.record.id,
        phase=_text(entry, "phase"),
        hub=hub.name if hub else named,
        path=entry.record.path,
        words=MappingProxyType({**trust.words, **_words(entry)}),
        policy_of=_text(entry, "policy_of"),
        safeguarding_form=_text(entry, "safeguarding_form"),
        wellbeing_contact=_text(entry, "wellbeing_contact"),
    )


def _require_format(value: object) -> None:
    if not isinstance(value, int) or value < 1:
        raise InputError(
            f"{TRUST_PATH} does not say which format the workspace has",
            hint=f"write `format: {FORMAT}` into its header",
        )
    if value > FORMAT:
        raise InputError(
            f"this workspace has format {value}; this coachbook reads format {FORMAT}",
            hint="install the newest coachbook",
        )


def _web_address(entry: Entry, key: str) -> str:
    """An address for a link of the portal, which must not be one that runs code."""
    value = _text(entry, key)
    if value and not value.startswith("https://"):
        raise InputError(
            f"{TRUST_PATH}: `{key}` is not the address of a page",
            hint="it begins with https://, or leave it out",
        )
    return value


def _required(entry: Entry, key: str) -> str:
    value = _text(entry, key)
    if not value:
        raise InputError(
            f"{TRUST_PATH} has no `{key}`; without it nothing can be sealed or published",
            hint="restore the line from the last good copy of the file",
        )
    return value


def _words(entry: Entry) -> Mapping[str, str]:
    """What each word of the field `words` stands for; both in small letters."""
    pairs = (text.casefold().split(" = ", 1) for text in _texts(entry, "words"))
    return MappingProxyType({pair[0]: pair[1] for pair in pairs if len(pair) == 2})  # noqa: PLR2004 (word and meaning)


def _texts(entry: Entry, key: str) -> tuple[str, ...]:
    value = entry.values.get(key)
    found = value if isinstance(value, tuple) else (value,)
    return tuple(one for one in found if isinstance(one, str))


def _text(entry: Entry, key: str) -> str:
    value = entry.values.get(key)
    return value if isinstance(value, str) else ""
