"""CB605 to CB607: what is sealed, beside the keys that its readers have now.

Nothing here needs a key. A new key is no fault, nor is what was sealed to the one before.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from coachbook.book import role_holders, short
from coachbook.diagnostics import Consequence, Diagnostic, Severity, Span
from coachbook.generations import count_stated, earlier_keys, has_earlier_keys
from coachbook.keycheck import school_of
from coachbook.publickey import is_role
from coachbook.rules.about import Given, about
from coachbook.rules.rule import Case, Finding
from coachbook.sentences import join

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from coachbook.book import Book
    from coachbook.generations import EarlierKey

_GENERATION = Span(3)


@about("sealed", given=Given.BLOCKS)
def unknown_key(case: Case) -> Iterator[Finding]:
    """What is sealed whole is sealed to keys that lie in `records/keys`.

    What such a record is about is sealed too, so nobody can tell without a key whether its
    readers are those whom the policy names. That each of them is somebody's key can be told.
    (Of a record with sections, CB503 and CB507 say so.)

    Why: a name on a block says nothing; the key beside it decides who opens it.
    Example:
        a concern sealed to a key that is no longer, or never was, in records/keys
        sealed to a key under the name of Wren that is not in records/keys
    Remedy: find out in the history of `records/keys` whose it was. If it was taken out, put the
    file back; if nobody knows it, somebody who can open the record seals it again.
    Source: design, "Threat model", adding or swapping a reader
    """
    for found in case.blocks:
        if found.section is None and not found.damage:
            strange = [one for one, key in found.stated if case.known.owners.get(key) != one]
            if strange:
                names = join(short(case.book, one) for one in strange)
                yield Finding(
                    found.block.span,
                    f"sealed to a key under the name of {names} that is not in records/keys",
                    "look in the history of records/keys whose it was: "
                    "git log --stat -- records/keys",
                    quotable=False,
                )


def stale_key(book: Book) -> Iterable[Diagnostic]:
    """What was sealed to an earlier key is counted for as long as it is.

    It is no fault: a new key is for what is sealed from then on, and no new key takes back what
    somebody could read. It is good to know all the same, because whoever lost the earlier key
    cannot open it, and whoever else has that key can.

    Why: after a lost or leaked key, this is what remains to be looked at.
    Example:
        Idris has a key of generation 2, and a note is still sealed to the first
        1 sealed part is still sealed to generation 1 of the key of Idris
    Remedy: somebody who can open the parts seals them again: coachbook keys reseal OWNER
    Source: design, "Keys"
    """
    return stale_findings(book, _earlier(book))


def stale_findings(book: Book, earlier: Iterable[EarlierKey]) -> Iterator[Diagnostic]:
    """The findings CB606 about earlier keys in use."""
    for found in earlier:
        count = f"{found.parts} sealed {'part is' if found.parts == 1 else 'parts are'}"
        yield _finding(
            book,
            found,
            "CB606",
            Severity.INFO,
            f"{count} still sealed to generation {found.key.generation} of the key of "
            f"{short(book, found.key.owner)}",
            "who could open them still can; somebody who can open them may seal them again: "
            f"coachbook keys reseal {found.key.owner}",
        )


def holder_shut_out(book: Book) -> Iterable[Diagnostic]:
    """Whoever holds a role can open what is sealed to an earlier key of the role.

    Why: the policy lets the role read it. A new holder who was given the newest key alone
    reads less than the policy promises, and nobody notices until it is needed.
    Example:
        the first key of the impact monitor is sealed to Caius, who held the role before Petra
        Petra holds monitor@otterbeck and cannot open what is sealed to its generation 1
    Remedy: somebody who can open the earlier key passes it on: coachbook keys grant ROLE PERSON
    Source: design, "Keys"
    """
    return shut_out_findings(book, _earlier(book))


def shut_out_findings(book: Book, earlier: Iterable[EarlierKey]) -> Iterator[Diagnostic]:
    """The findings CB607 about earlier keys of roles in use."""
    for found in earlier:
        role = found.key.owner
        people = found.shut_out(book.keyring, role_holders(book, role)) if is_role(role) else ()
        if people:
            openers = join(short(book, one) for one in found.openers) or "nobody"
            yield _finding(
                book,
                found,
                "CB607",
                Severity.WARNING,
                f"{join(short(book, one) for one in people)} {_hold(people)} {role} and cannot "
                f"open what is sealed to its generation {found.key.generation}",
                f"it opens for {openers}; one of them runs: "
                f"coachbook keys grant {role} {people[0]}",
            )


def _hold(people: tuple[str, ...]) -> str:
    return "holds" if len(people) == 1 else "hold"


def _earlier(book: Book) -> tuple[EarlierKey, ...]:
    """The earlier keys in use; blocks are looked at only where somebody has had two keys."""
    if not has_earlier_keys(book.keyring):
        return ()
    return earlier_keys(book.keyring, count_stated(book.records.values()))


def _finding(
    book: Book, found: EarlierKey, code: str, severity: Severity, message: str, hint: str
) -> Diagnostic:
    school = school_of(found.key.owner)
    return Diagnostic(
        path=found.key.path,
        span=_GENERATION,
        code=code,
        severity=severity,
        message=message,
        hint=hint,
        consequence=Consequence.LISTED,
        school=school if school in book.schools else "",
    )
