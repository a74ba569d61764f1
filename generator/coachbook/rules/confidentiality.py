"""CB5xx: whether everything confidential is sealed, to exactly its readers.

Nothing here needs a key. What a block states about its readers is covered by
its seal: whoever opens it confirms it. None of these can be waived, and each
stops publication of its school.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from coachbook.book import lost_relation, short
from coachbook.diagnostics import Diagnostic, Span
from coachbook.guides import without_guides
from coachbook.linemerge import has_marks
from coachbook.people import ROLE_TITLES
from coachbook.readership import all_names
from coachbook.rules.about import ANY_TYPE, Given, about
from coachbook.rules.rule import Case, Finding
from coachbook.sentences import join

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from coachbook.record import Section
    from coachbook.rules.blocks import StatedBlock

SEALED = "sealed"
"""The type of a record of which nothing shows but its school."""

_JOIN = "coachbook merge"
_MERGE_MIDDLE = "======="
_MERGE_MARKS = ("<<<<<<<", _MERGE_MIDDLE, ">>>>>>>", "|||||||")
_MERGE_SIGNS = ("<", ">", "|")
_MERGE = re.compile(r"^(?:<{7} |={7}$|>{7} |\|{7} )", re.MULTILINE)


@about(ANY_TYPE)
def unsealed(case: Case) -> Iterator[Finding]:
    """What the form calls confidential is sealed before anything else sees it.

    Why: once it has been in a commit, everybody who has a copy of the records
    can read it, for as long as the copy exists.
    Example:
        ## Coach notes, and plain text under it
        section "Coach notes" is confidential to Idris and is not sealed
    Remedy: run `coachbook seal` on the file. If it has been committed in clear,
    tell your data protection lead; taking it back out of copies is not possible.
    Source: promise 2, mistake 26
    """
    if case.form.whole:
        yield Finding(
            Span(1),
            f'a record on the form "{case.form.title}" is sealed whole, and this one is not; '
            "nothing has been published",
            f"run: coachbook seal {case.record.path}",
            quotable=False,
        )
        return
    damaged = [fault.span.line for fault in case.found_earlier("CB504")]
    for form, section in case.sections:
        if form.sealed and not section.blocks and _says_something(case, section):
            if any(line in _lines(case, section) for line in damaged):
                continue  # a damaged block must not be sealed as if it were text
            readers = join(short(case.book, one) for one in case.access.sealed_to(form.row))
            yield Finding(
                section.heading,
                f'section "{form.name}" is confidential{f" to {readers}" if readers else ""} '
                "and is not sealed; nothing has been published",
                f"run: coachbook seal {case.record.path}",
                _clause_of_holders(case),
                quotable=False,
            )


@about(ANY_TYPE)
def wider_than_its_row(case: Case) -> Iterator[Finding]:
    """What stands in clear may be read by everybody who holds the records.

    Why: whoever has a copy of the repository reads every clear line in it. If
    the policy's table denies one of them this part, the table promises what
    nothing keeps.
    Example:
        the table denies "Session header" to the office, who hold the records
        "Session header" stands in clear here, and the policy denies it to the school office
    Remedy: take the role out of `repository.holders`, or let the table admit it.
    Source: design, "Records"
    """
    schools = _schools_of(case)
    if not any(_denied(case, schools, row) for row in _rows(case)):
        return
    for row, span in _clear_rows(case).items():
        if denied := _denied(case, schools, row):
            yield Finding(
                span,
                f'"{row[:1].upper()}{row[1:]}" stands in clear here, and the policy denies it to '
                f"{' and '.join(ROLE_TITLES.get(one, one) for one in sorted(denied))}",
                "who holds the repository reads every clear line: change `repository.holders` "
                'or the table "Who can read what"',
                _clause_of_holders(case),
                quotable=False,
            )


@about(ANY_TYPE, given=Given.BLOCKS)
def reader_drift(case: Case) -> Iterator[Finding]:
    """A sealed part is sealed to exactly those whom the policy names.

    They are those of the policy on the record's date, without those whom
    today's policy no longer names.

    Why: the keys decide who can read, and the policy says who should. Where
    the two part, somebody reads who should not, or cannot who should.
    Example:
        sealed to Wren, Idris and the head
        section "Notes" is sealed to the head, whom the policy does not name
    Remedy: look first whether the people of the record are right, here and in its
    partnership. If they are, somebody who can open it seals it again: coachbook edit FILE,
    or for a note coachbook share FILE
    Source: promise 4, B-10, B-12
    """
    if case.access.life.is_draft:
        return  # whose it is, and that it is nobody else's, is for CB507
    drifts: dict[str, list[StatedBlock]] = {}
    for found in case.blocks:
        if found.section and found.section.sealed and not found.damage:
            for difference in _differences(case, found):
                drifts.setdefault(difference, []).append(found)
    if drifts and (lost := lost_relation(case.book, case.record, case.form)):
        yield _untold(case, *lost)
        return
    for difference, blocks in drifts.items():
        names = [f'"{one.section.name}"' for one in blocks if one.section]
        which = f"section {names[0]} is" if len(names) == 1 else f"sections {join(names)} are"
        yield Finding(
            blocks[0].block.span,
            f"{which} {difference}",
            "if the people of this record are right, somebody who can open it seals it again: "
            f"coachbook {'share' if case.form.life else 'edit'} {case.record.path}",
            quotable=False,
        )


@about(ANY_TYPE)
def damaged_block(case: Case) -> Iterator[Finding | Diagnostic]:
    """A sealed block is whole, and stands where it was sealed.

    Its first line names the readers for people, and agrees with the block. The
    same block in a second place was copied there.

    Why: a cut, merged or copied block opens for nobody, or shows one record's
    text in another.
    Example:
        one line of the block is missing
        the sealed text is damaged: the list of its readers cannot be read
    Remedy: restore the last good copy: git checkout HEAD -- FILE. Two versions that a merge
    left, side by side or between its marks, are joined by: coachbook merge FILE
    Source: mistake 27; design, "Threat model"
    """
    for fault in case.found_earlier("CB504"):
        yield replace(fault, hint=fault.hint if _JOIN in fault.hint else _remedy(case))
    yield from _side_by_side(case)
    if line := _merge_line(case):
        message = "two versions of this file were merged, and the marks were left in"
        yield Finding(Span(line), message, _remedy(case), quotable=False)
    for found in case.blocks:
        if found.damage:
            yield Finding(found.block.span, found.damage, _remedy(case), quotable=False)
        else:
            yield from _copied(case, found)
            yield from _wrong_info(case, found)


def _remedy(case: Case) -> str:
    """What is done about a damaged file; the last good copy would lose one side of a merge."""
    if has_marks(case.record.source):
        return f"join the two versions: {_JOIN} {case.record.path}"
    return f"restore the last good copy: git checkout HEAD -- {case.record.path}"


@about(ANY_TYPE)
def beside_a_block(case: Case) -> Iterator[Finding | Diagnostic]:
    """A section is sealed wholly or not at all.

    Why: text that is added below a sealed block looks private and is not.
    Example:
        a line below the closing fence of a sealed block
        text stands beside the sealed block of section "Notes"
    Remedy: add it with `coachbook edit`, which opens and seals the whole section.
    Source: pitfalls, "Git"
    """
    yield from case.found_earlier("CB505")
    for form, section in case.sections:
        if section.blocks and section.stray:
            yield Finding(
                section.stray,
                f'text stands beside the sealed block of section "{form.name}"',
                f"add it with: coachbook edit {case.record.path}",
                quotable=False,
            )
        elif section.blocks and not form.sealed:
            yield Finding(
                section.blocks[0].span,
                f'section "{form.name}" stands in clear by its form, and this one is sealed',
                "restore the last good copy, or write the text in clear",
                quotable=False,
            )


def _differences(case: Case, found: StatedBlock) -> Iterator[str]:
    """How the stated readers of a block differ from those whom the policy names."""
    owners = case.known.owners
    strange = [one for one, key in found.stated if owners.get(key) != one]
    if not strange and found.names == found.planned:
        return
    extra = [one for one in found.names if one not in found.planned]
    missing = [one for one in found.planned if one not in found.names]
    for readers, text in (
        (extra, "sealed to {}, whom the policy does not name"),
        (missing, "sealed, and not to {}, whom the policy names"),
        (strange, "sealed to a key under the name of {} that is not in records/keys"),
    ):
        if readers:
            yield text.format(join(short(case.book, one) for one in readers))


def _untold(case: Case, relation: str, key: str) -> Finding:
    return Finding(
        case.span(key),
        f"whom this is for cannot be told: no {relation} is found through `{key}`",
        f"correct `{key}`, or the record it leads to; leave the sealed parts as they are",
        quotable=False,
    )


def _says_something(case: Case, section: Section) -> bool:
    """True where anything but the lines that `new` wrote stands under a heading."""
    if section.stray is None:
        return False
    text = case.record.text(section)
    return bool(without_guides(text, case.form, all_names(case.book)).strip())


def _lines(case: Case, section: Section) -> range:
    """The lines of a section, by number."""
    count = case.record.source.count("\n", section.start, section.end)
    return range(section.first_line, section.first_line + count + 1)


def _merge_line(case: Case) -> int:
    """The line of the first mark that a merge left behind; 0 where there is none."""
    source = case.record.source
    if not _may_have_marks(source):
        return 0
    outside = _outside_blocks(case)
    if not any(mark in outside for mark in _MERGE_MARKS):
        return 0
    found = _MERGE.search(source)
    return source.count("\n", 0, found.start()) + 1 if found else 0


def _may_have_marks(source: str) -> bool:
    """A first look for signs that armor never has, so that most files need no second one."""
    return any(sign in source for sign in _MERGE_SIGNS) or _MERGE_MIDDLE in source


def _outside_blocks(case: Case) -> str:
    """The source without its sound blocks: most of a file, and no mark can stand in them."""
    at, parts = 0, []
    for one in case.blocks:
        if not one.damage:
            parts.append(case.record.source[at : one.block.start])
            at = one.block.end
    return "".join((*parts, case.record.source[at:]))


def _side_by_side(case: Case) -> Iterator[Finding]:
    """Sections with more than one sealed version, as a merge leaves them that both changed."""
    for section in case.record.sections:
        if len(section.blocks) > 1:
            yield Finding(
                section.blocks[1].span,
                f'two sealed versions of section "{section.name}" stand side by side, as a merge '
                "left them",
                f"whoever can read both joins them: {_JOIN} {case.record.path}",
                quotable=False,
            )


def _copied(case: Case, found: StatedBlock) -> Iterator[Finding]:
    places = case.known.places_of(found.block)
    if len(places) > 1:
        others = sorted(set(places) - {case.record.path})
        where = f"also in {others[0]}" if others else "twice in this file"
        yield Finding(
            found.block.span,
            f"the same sealed block stands {where}; it opens only where it was sealed",
            "delete the copy",
            quotable=False,
        )


def _wrong_info(case: Case, found: StatedBlock) -> Iterator[Finding]:
    """The line for people says something else than the block, whose readers are right."""
    if case.form.type == SEALED:
        names = found.names
    elif found.section and (found.names == found.planned or set(found.names) == set(found.planned)):
        names = found.info
    else:
        return
    if found.block.info != names:
        yield Finding(
            found.block.span,
            "the first line of this block names other readers than the block itself",
            f"write it as: ```age {', '.join(names)}",
            quotable=False,
        )


def _schools_of(case: Case) -> tuple[str, ...]:
    """The schools whose people hold a copy of this record: its own, or those of the person."""
    if case.record.school:
        return (case.record.school,)
    value = case.value("schools")
    if isinstance(value, tuple):
        return tuple(one for one in value if isinstance(one, str))
    return (case.record.id,) if case.form.type == "school" else ()


def _denied(case: Case, schools: Iterable[str], row: str) -> set[str]:
    """The roles that hold the records of these schools and may not read a row."""
    return {role for school in schools for role in case.known.denied(school, case.policy, row)}


def _rows(case: Case) -> Iterator[str]:
    """The rows of everything that stands in clear here, for a first look."""
    if not case.form.whole and case.form.type != SEALED:
        yield from case.kind.rows
        yield from (form.row or case.form.row for form, part in case.sections if part.stray)


def _clear_rows(case: Case) -> dict[str, Span]:
    """The same, each with its first place."""
    rows: dict[str, Span] = {}
    for name, field in case.record.fields.items():
        form = case.form.fields.get(name)
        rows.setdefault((form.row if form else "") or case.form.row, field.key_span)
    for form_, section in case.sections:
        if not form_.sealed and section.stray:
            rows.setdefault(form_.row or case.form.row, section.heading)
    return rows


def _clause_of_holders(case: Case) -> str:
    return case.clause("repository.holders")
