"""CB511 to CB513: signatures under sealed parts, looked at without a key.

What is not signed is no fault: sealing needs no passphrase. What is signed has to be true.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from coachbook.book import place_of, short
from coachbook.rules.about import ANY_TYPE, Given, about
from coachbook.rules.rule import Case, Finding
from coachbook.signatures import is_late, seal_fault

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coachbook.rules.blocks import StatedBlock
    from coachbook.signature_lines import SignatureLines

_RESTORE = "restore the last good copy: git checkout HEAD -- {}"


@about(ANY_TYPE, given=Given.SIGNATURES)
def false_signature(case: Case) -> Iterator[Finding]:
    """A signature under a sealed part is that of its signer, for this very part.

    It covers the sealed bytes with their readers, the record, its people, the section, the
    revision and the day, and needs no key to be verified. A record that is sealed whole carries
    none outside, as who wrote it is nobody's to know.

    Why: whoever can write to the repository can put a block of their own in place of another.
    They cannot sign it as somebody else.
    Example:
        a signed part of another revision, with its signature, put back under today's
        the signature of Idris under section "Notes" does not match
    Remedy: restore the last good copy: git checkout HEAD -- FILE. If the part was sealed again
    by hand, its author seals it with: coachbook edit FILE
    Source: design, "Threat model"; issue 5, authors
    """
    for found, lines in _signed(case):
        name = short(case.book, lines.signer)
        restore = _RESTORE.format(case.record.path)
        if found.section is None:
            message = f"a record that is sealed whole shows who sealed it: {name}"
            yield _finding(found, message, "take away the lines from ```age-signature on")
            continue
        place = place_of(case.book, case.record, found.section.name)
        if fault := seal_fault(found.block, place, case.book.keyring):
            yield _finding(
                found,
                f'the signature of {name} under section "{found.section.name}" does not match: '
                f"{fault.format(name)}",
                restore,
            )


@about(ANY_TYPE, given=Given.SIGNATURES)
def not_the_signer(case: Case) -> Iterator[Finding]:
    """A part is signed by somebody who may write it.

    The form says who writes each section: people of the record, holders of a role, or whoever
    the policy's table lets write the row.

    Why: a signature by the wrong hand is no better than none, and looks better.
    Example:
        Idris, the coach, has signed the coachee's reflection
        section "Coachee reflection" is signed by Idris, who is not the one to write it
    Remedy: ask the signer how it came about. Whoever may write it seals it: coachbook edit FILE
    Source: design, "Records"; issue 5, authors
    """
    for found, lines in _signed(case):
        if found.section and not case.access.may_write(found.section, lines.signer):
            yield _finding(
                found,
                f'section "{found.section.name}" is signed by {short(case.book, lines.signer)}, '
                "who is not the one to write it",
                f"whoever may write it seals it: coachbook edit {case.record.path}",
            )


@about(ANY_TYPE, given=Given.SIGNATURES)
def late_signature(case: Case) -> Iterator[Finding]:
    """A signature was made while its signer was here, with the key that was theirs then.

    The day stands in the signature and is the signer's own word. An earlier key counts for what
    was signed in its time, and so does the key of somebody who has left since.

    Why: whoever finds an old key can sign with it for as long as anybody believes it.
    Example:
        a part signed on 3 November with a key that its owner replaced in October
        section "Notes" was signed on 2026-11-03 with a key that Idris had replaced by then
    Remedy: ask the signer. If it is theirs, they seal it again with the key they have now:
    coachbook edit FILE
    Source: design, "Keys"; issue 5, authors
    """
    for found, lines in _signed(case):
        name, section = short(case.book, lines.signer), found.section
        person = case.book.people.get(lines.signer)
        if section is None:
            continue
        if is_late(case.book.keyring, lines.signer, lines.key, lines.day):
            how = f"with a key that {name} had replaced by then"
        elif person and person.end and lines.day > person.end.isoformat():
            how = f"by {name}, who had left by then"
        else:
            continue
        yield _finding(
            found,
            f'section "{section.name}" was signed on {lines.day} {how}',
            f"ask {name}; if it is theirs, somebody who may write it seals it again: "
            f"coachbook edit {case.record.path}",
        )


def _signed(case: Case) -> Iterator[tuple[StatedBlock, SignatureLines]]:
    """The sound blocks of a record that have a signature under them."""
    for found in case.blocks:
        if found.block.signature and not found.damage:
            yield found, found.block.signature


def _finding(found: StatedBlock, message: str, hint: str) -> Finding:
    return Finding(found.block.span, message, hint, quotable=False)
