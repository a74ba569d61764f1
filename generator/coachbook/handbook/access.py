"""The policy's table "Who can read what", with how each reader gets in, and in words.

A sealed part is opened with a key. A clear part is read by whoever holds a copy
of the repository; everybody else whom the table names finds it in the portal,
which is opened with a key too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from coachbook.handbook.document import Question, answers
from coachbook.people import ENVELOPE, title_of
from coachbook.policy import Cell, slug
from coachbook.sentences import join

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from coachbook.forms import Form, Forms
    from coachbook.policy import AccessRow, Policy

BY_KEY = "by key"
BY_REPOSITORY = "by repository access"

_RECOVERY = "recovery.holder"
_HOLDERS = "repository.holders"
_NOBODY = "nobody"
_INITIALS = frozenset({"cpd", "ect", "slt"})
_SHORT = {Cell.WRITE: "written by", Cell.READ: "read by", Cell.FIGURES: "figures for"}
_KEPT = (
    Question(_HOLDERS, "Who holds a copy of all records"),
    Question(_RECOVERY, "Who may open a part when all its readers have left"),
    Question("retention.notes", "How long notes are kept"),
    Question("retention.impact", "How long impact statements are kept"),
    Question("retention.separate", "How long records kept apart are kept"),
    Question("storage.outputs", "Where what is made from the records is kept"),
    Question("keys.publish_protected", "Keys, under their passphrases"),
)


def access_table(policy: Policy, forms: Forms) -> Mapping[str, object]:
    """Columns, rows of marked cells, and each row as a sentence."""
    sealed = sealed_rows(forms)
    return {
        "columns": [column_title(column) for column in policy.columns],
        "rows": [_row(policy, row, key in sealed) for key, row in policy.access.items()],
        "recovery": recovery_words(policy),
    }


def kept_by(policy: Policy) -> list[Mapping[str, str]]:
    """Who holds the records, who may recover them and how long they are kept."""
    return answers(policy, _KEPT)


def sealed_rows(forms: Forms) -> frozenset[str]:
    """The rows whose text is sealed, by the forms that write it."""
    return frozenset(row for form in forms for row in _sealed(form))


def readers_in_words(policy: Policy, row: AccessRow, *, sealed: bool) -> str:
    """Who can read a part, in sentences, down to who can't."""
    found = {cell: _columns(row, cell) for cell in Cell}
    words = [
        _sentence("Written and read by", found[Cell.WRITE]),
        _sentence("Read by", found[Cell.READ]),
        _sentence("Only figures for", found[Cell.FIGURES]),
        recovery_words(policy) if sealed else "",
        "Nobody else can open it." if sealed else "Nobody else is shown it.",
    ]
    return " ".join(filter(None, words))


def readers_lines(row: AccessRow) -> list[str]:
    """Who can do what with a part, a short line for each thing that can be done."""
    lines = [
        f"{word} {join(_columns(row, cell))}"
        for cell, word in _SHORT.items()
        if _columns(row, cell)
    ]
    return lines or [_NOBODY]


def recovery_words(policy: Policy) -> str:
    """Who holds a recovery key to every sealed part, if anybody does."""
    role = policy.get(_RECOVERY)
    if not isinstance(role, str) or role == _NOBODY:
        return ""
    if role == ENVELOPE:
        return "Kept for recovery with a key on paper, in a sealed envelope."
    return f"Kept for recovery by {title_of(role)}."


def column_title(column: str) -> str:
    """A column as its heading reads: "Lead coach", "SLT"."""
    words = [word.upper() if word in _INITIALS else word for word in column.split("-")]
    return _capital(" ".join(words))


def _sealed(form: Form) -> Iterator[str]:
    if form.whole:
        yield slug(form.row)
    for section in form.sections:
        if section.sealed:
            yield slug(section.row or form.row)


def _row(policy: Policy, row: AccessRow, sealed: bool) -> Mapping[str, object]:  # noqa: FBT001 - a fact of the row
    holders = policy.get(_HOLDERS)
    held = holders if isinstance(holders, tuple) else ()
    return {
        "name": row.name,
        "sealed": sealed,
        "cells": [
            _cell(row.cells[column], by_key=sealed or column not in held)
            for column in policy.columns
        ],
        "words": readers_in_words(policy, row, sealed=sealed),
    }


def _cell(cell: Cell, *, by_key: bool) -> Mapping[str, str]:
    opens = cell in {Cell.READ, Cell.WRITE}
    how = (BY_KEY if by_key else BY_REPOSITORY) if opens else ""
    return {"word": cell.value, "kind": cell.name.lower(), "how": how}


def _columns(row: AccessRow, cell: Cell) -> list[str]:
    return [title_of(column) for column, found in row.cells.items() if found is cell]


def _sentence(words: str, people: Sequence[str]) -> str:
    return f"{words} {join(people)}." if people else ""


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
