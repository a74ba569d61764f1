"""Checks a workspace part by part: what is found in each, and what all of them give together.

    found = check_part(book, part)
    findings = joined(shared, [found, ...])

Together they give what `check_book` finds in the whole. Rules about one record run in the part
that it belongs to. Of those about the workspace, `OF_PART` look at records one by one, so each
part answers for its own; `SHARED` look only at what all parts share; and for `JOINED` the parts
bring what is put together: readers without a key, and what is sealed to earlier keys.
"""

from __future__ import annotations

from collections import Counter
from itertools import chain
from typing import TYPE_CHECKING

from coachbook.cache import FORGETFUL, Cache
from coachbook.generations import count_stated, earlier_keys, has_earlier_keys
from coachbook.rules.checking import check_records, sealed_parts
from coachbook.rules.keys import unkeyed_readers, unknown_owners
from coachbook.rules.sealedkeys import shut_out_findings, stale_findings
from coachbook.rules.table import BOOK_RULES
from coachbook.rules.waivers import InForce, set_aside, waivers_in_force
from coachbook.values import frozen

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from coachbook.book import Book
    from coachbook.book.parts import Part
    from coachbook.diagnostics import Diagnostic

OF_PART = frozenset({"CB101", "CB110", "CB111", "CB306"})
SHARED = frozenset({"CB601", "CB603", "CB604", "CB608", "CB707", "CB709"})
JOINED = frozenset({"CB602", "CB606", "CB607"})
"""Rules about the workspace that are put together from what the parts bring."""


@frozen
class FoundInPart:
    """What the check of a part gives: findings before waivers, and what is put together later.

    `sealed` says of each of its own paths in turn how many sealed sections are there; `stated` how
    many blocks are sealed to each reader with each key, where that matters.
    """

    findings: tuple[Diagnostic, ...]
    waivers: tuple[InForce, ...]
    sealed: tuple[int, ...]
    unreadable: tuple[str, ...]
    stated: Mapping[tuple[str, str], int]
    is_lasting: bool = True
    """Whether it may be kept: no file was written to while it was looked at."""


def check_part(book: Book, part: Part, cache: Cache = FORGETFUL, hands: int = 1) -> FoundInPart:
    """What is found in the records that belong to a part."""
    records = {path: book.records[path] for path in part.own if path in book.records}
    mine = frozenset(part.own)
    found = check_records(book, list(records), hands, cache, f"findings {part.school}")
    found += [one for one in (*book.findings, *_run(book, OF_PART)) if one.path in mine]
    found += unkeyed_readers(book)
    return FoundInPart(
        findings=tuple(dict.fromkeys(found)),
        waivers=tuple(one for one in waivers_in_force(book) if one.idle.path in mine),
        sealed=tuple(sealed_parts(records[path]) if path in records else 0 for path in part.own),
        unreadable=tuple(path for path in book.unreadable if path in mine),
        stated=count_stated(records.values()) if has_earlier_keys(book.keyring) else {},
    )


def joined(shared: Book, parts: Sequence[FoundInPart]) -> tuple[Diagnostic, ...]:
    """All findings, in the order of reports, from those of the parts.

    Args:
        shared: the book of what all parts share.
        parts: what was found in each.
    """
    found = dict.fromkeys(chain.from_iterable(one.findings for one in parts))
    found |= dict.fromkeys((*shared.findings, *_run(shared, SHARED), *_joined(shared, parts)))
    waivers = sorted(
        chain.from_iterable(one.waivers for one in parts), key=lambda one: one.idle.path
    )
    return tuple(sorted(set_aside(waivers, found), key=lambda finding: finding.sort_key))


def _joined(shared: Book, parts: Iterable[FoundInPart]) -> Iterator[Diagnostic]:
    stated: Counter[tuple[str, str]] = Counter()
    unreadable: list[str] = []
    for one in parts:
        stated.update(one.stated)
        unreadable += one.unreadable
    earlier = earlier_keys(shared.keyring, stated)
    yield from unknown_owners(shared, unreadable)
    yield from stale_findings(shared, earlier)
    yield from shut_out_findings(shared, earlier)


def _run(book: Book, codes: frozenset[str]) -> Iterator[Diagnostic]:
    return (one for rule in BOOK_RULES if rule.code in codes for one in rule.check(book))
