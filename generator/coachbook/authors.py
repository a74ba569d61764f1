"""Who writes each part of a form, in words.

A form names people of the record, roles, a field of the header, or `row-writers`: whoever the
policy's table lets write the part's row. Beside a policy that word becomes those people.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from coachbook.clauses import Cell
from coachbook.forms import ROW_WRITERS
from coachbook.people import RELATIONS, title_of
from coachbook.sentences import join

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coachbook.forms import Form, SectionForm
    from coachbook.policy import Policy

_ONE_PERSON = frozenset(
    {"by", "coach", "coachee", "mentee", "mentor", "observed", "raiser", "subject"}
)
"""Authors of whom there is one: where nobody else writes a part, its writer is that person."""


def authors_in_words(section: SectionForm) -> str:
    """Who writes a part, wherever it is written: "the coach and the coachee"."""
    return join([_words(one) for one in section.author])


def authors_at(policy: Policy, form: Form, section: SectionForm) -> tuple[str, ...]:
    """Who writes a part at a school with this policy, each in words."""
    named = (one for author in section.author for one in _expanded(policy, form, section, author))
    return tuple(dict.fromkeys(title_of(one) for one in named))


def told_to_writer(policy: Policy, form: Form, section: SectionForm) -> str:
    """Whose part it is, as its writer is told: "The coach and the coachee can write this"."""
    named = {one for author in section.author for one in _expanded(policy, form, section, author)}
    if len(named) == 1 and named <= _ONE_PERSON:
        return "You alone write this."
    who = join(authors_at(policy, form, section))
    return f"{who[:1].upper()}{who[1:]} can write this." if who else ""


def _expanded(policy: Policy, form: Form, section: SectionForm, author: str) -> Iterator[str]:
    """The columns of the table that write the row, or the one author that a form names."""
    if author != ROW_WRITERS:
        yield author
        return
    row = policy.row(section.row or form.row)
    for column, cell in row.cells.items() if row else ():
        if cell is Cell.WRITE and (column not in RELATIONS or column in form.relations):
            yield column


def _words(author: str) -> str:
    return "whoever the policy's table lets write it" if author == ROW_WRITERS else title_of(author)
