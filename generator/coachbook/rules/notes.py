"""The life of a note: a draft is its author's alone, and a final note stays as it is.

None of these needs a key: who reads a block stands on it, and a digest tells whether it is the
one that was there. What cannot be told from outside is who wrote inside.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from coachbook.book import short
from coachbook.life import ADDENDUM, AUTHOR, LOCK, STATE, block_digest
from coachbook.rules.about import ANY_TYPE, about
from coachbook.rules.rule import Case, Finding
from coachbook.sentences import join

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coachbook.rules.blocks import StatedBlock


@about(ANY_TYPE)
def changed_after_final(case: Case) -> Iterator[Finding]:
    """A note that is final stays as it is; what is to be said comes in an addendum.

    When somebody agrees or disagrees, the header keeps a digest of the sealed parts in
    `locked`. It needs no key, so any copy can be checked. A note that somebody has
    added to is final, too: its addendum stands beside it, whatever its header says.

    Why: both sides rely on what they agreed to, or disagreed with. A note that
    can change afterwards is worth nothing to either.
    Example:
        one sealed part was sealed again after the note was final
        this note is final, and its sealed parts are not those that it was made final with
    Remedy: restore the last good copy: git checkout HEAD -- FILE. Then say what has
    to be said with: coachbook new addendum
    Source: design, "Records"; domain.md, "Lifecycle of a note"
    """
    life = case.access.life
    restore = f"restore the last good copy: git checkout HEAD -- {case.record.path}"
    if not life.is_final:
        yield from _gone_back(case, restore)
    elif not life.locked:
        yield Finding(
            case.span(STATE),
            f"this note is final, and `{LOCK}`, by which a later change would show, is missing",
            f"let somebody who takes part say so: coachbook agree {case.record.id}; or {restore}",
        )
    elif life.locked != block_digest(case.record):
        yield Finding(
            case.span(LOCK),
            "this note is final, and its sealed parts are not those that it was made final with",
            restore,
        )


@about(ANY_TYPE, fields=(STATE,))
def draft_too_open(case: Case) -> Iterator[Finding]:
    """A draft is sealed to its author alone, and says who that is.

    A recovery holder, where the policy has one, is a reader of drafts too.

    Why: people think by writing. A sentence that another reads while it is still
    being weighed is not a draft, and cannot be taken back.
    Example:
        `note: draft`, drafted by Idris, sealed to Idris and Wren
        section "Notes" of this draft is sealed to Wren too, and a draft is its author's alone
    Remedy: if it is meant to be read, its author runs `coachbook share ID`. If not, its
    author seals it again: coachbook edit ID. What others have opened they have seen.
    Source: design, "Records"; domain.md, "Lifecycle of a note"
    """
    if not case.access.life.is_draft:
        return
    author = case.access.life.author
    if not author:
        yield Finding(
            case.span(STATE),
            f"this is a draft, and `{AUTHOR}` does not say whose",
            f"add the person who writes it: {AUTHOR}: p-…",
        )
        return
    if not any(case.access.may_draft(part.row) for part in case.form.sections if part.sealed):
        yield Finding(
            case.span(AUTHOR),
            f"{short(case.book, author)} takes no part here and may not read such notes, so "
            "this cannot be their draft",
            f"correct `{AUTHOR}`, or the record that says who takes part",
        )
        return
    for found in case.blocks:
        if found.section and found.section.sealed and not found.damage:
            yield from _not_theirs_alone(case, found)


@about("addendum")
def not_the_author(case: Case) -> Iterator[Finding]:
    """A part is written by those whom its form names, and an addendum by one who takes part.

    A reflection, for one, is written by the person whose practice it is about. Who wrote a
    sealed part is checked where it is written, in `edit` and on the Write page; from outside
    only an addendum says who added it.

    Why: words that stand under somebody's name have to be theirs.
    Example:
        by: p-x2a7o5kh, who is neither coach nor coachee
        Juno takes no part in the note that this adds to
    Remedy: let the person write it themselves; correct `by` if it is a slip.
    Source: D-77; design, "Records"
    """
    by = case.value("by")
    if case.form.type != ADDENDUM or not isinstance(by, str) or not case.parties:
        return
    if not any(by in people for people in case.parties.values()):
        yield Finding(
            case.span("by"),
            f"{short(case.book, by)} takes no part in the note that this adds to",
            f"an addendum is written by one of those whom the note is about: {join(_names(case))}",
        )


def _gone_back(case: Case, restore: str) -> Iterator[Finding]:
    """What shows that a note was final, although its header does not say so now."""
    if case.access.life.locked:
        yield Finding(
            case.span(STATE if STATE in case.record.fields else LOCK),
            f"this note was final, and its header says {case.access.life.state} now",
            restore,
        )
        return
    referring = case.book.referring.get(case.record.id, ()) if case.form.life else ()
    added = [one for one in referring if one.type == ADDENDUM]
    if added:
        yield Finding(
            case.span(STATE),
            "somebody has added to this note, so it is final, and its header does not say so",
            f"if it was never final, run: coachbook save {added[0].path}; if it was, {restore}",
        )


def _not_theirs_alone(case: Case, found: StatedBlock) -> Iterator[Finding]:
    """How the readers of a block in a draft differ from its author."""
    name = found.section.name if found.section else ""
    extra = [one for one in found.names if one not in found.planned]
    strange = [one for one, key in found.stated if case.known.owners.get(key) != one]
    if extra or strange:
        readers = join(short(case.book, one) for one in (*extra, *strange))
        message = (
            f'section "{name}" of this draft is sealed to {readers} too, and a draft is its '
            "author's alone"
        )
    elif any(one not in found.names for one in found.planned):
        message = f'section "{name}" of this draft is not sealed to its author'
    else:
        return
    yield Finding(
        found.block.span,
        message,
        f"if it is meant to be read, its author runs: coachbook share {case.record.id}",
        quotable=False,
    )


def _names(case: Case) -> list[str]:
    people = dict.fromkeys(one for group in case.parties.values() for one in group)
    return [short(case.book, one) for one in people]
