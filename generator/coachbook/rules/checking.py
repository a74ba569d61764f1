"""Runs the table of rules over a book, a record, or the text of one section."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING, TypeAlias

from coachbook.book import access_of, covers, entry_of, form_of, values_of
from coachbook.cache import FORGETFUL, Cache
from coachbook.copies import without_collection
from coachbook.diagnostics import Consequence, Diagnostic, Severity
from coachbook.forms import check_prose, parse_section
from coachbook.forms import check_record as check_form
from coachbook.guides import blanked_guides, without_guides
from coachbook.lints import around_of, lints_of, schools_around
from coachbook.memory import Made, Memory, Pack
from coachbook.readership import all_names
from coachbook.reads import RECORDS, gathered
from coachbook.record import section_faults
from coachbook.rules.blocks import stated_blocks
from coachbook.rules.known import Known
from coachbook.rules.rule import Case, Passage, as_diagnostic
from coachbook.rules.scope import rules_for
from coachbook.rules.structure import untyped
from coachbook.rules.table import BOOK_RULES, PLAIN_RULES, RECORD_RULES, SINCE_RULES, TEXT_RULES
from coachbook.rules.waivers import waive
from coachbook.values import frozen
from coachbook.workers import Crew, parts_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from coachbook.book import Book
    from coachbook.forms import Form, SectionForm
    from coachbook.record import Record, Section
    from coachbook.rules.rule import Finding, Rule, Since

    Findings: TypeAlias = "tuple[Diagnostic, ...]"

_A_PART = 400
"""So many records are worth being handed to a helper."""

_UNSEALED = "CB501"
_MISSING = "CB103"
_UNQUOTED = {
    "CB102": ("this line is no field of the form", "fields here are: {names}"),
    "CB104": ("what is written here does not fit its field", "correct it, or run: coachbook new"),
}
_REFUSED = frozenset({_MISSING, *_UNQUOTED, "CB419", "CB433"})
_WHOLE_RULES = (*(rule for rule in RECORD_RULES if rule.code == _UNSEALED), *PLAIN_RULES)


@frozen
class Tally:
    """How much was checked: files, and sealed sections whose text could not be seen."""

    files: int
    sealed_sections: int


def check_book(
    book: Book,
    paths: Iterable[str] | None = None,
    *,
    hands: int = 1,
    cache: Cache = FORGETFUL,
    name: str = "",
) -> tuple[Diagnostic, ...]:
    """Every finding in the workspace, in the order of reports.

    Args:
        book: everything loaded.
        paths: files and folders, relative to the workspace, to report on; the
            whole book is looked at all the same, as records judge each other.
        hands: how many processes may share the work.
        cache: where what an earlier check has found is kept.
        name: under which name it is kept there.
    """
    chosen = None if paths is None else tuple(paths)
    with without_collection():
        found = [*check_records(book, tuple(book.records), hands, cache, name), *book.findings]
        found += (finding for rule in BOOK_RULES for finding in rule.check(book))
        ordered = sorted(waive(book, dict.fromkeys(found)), key=lambda one: one.sort_key)
        return tuple(one for one in ordered if chosen is None or covers(one.path, chosen))


def check_records(
    book: Book, paths: Sequence[str], hands: int = 1, cache: Cache = FORGETFUL, name: str = ""
) -> list[Diagnostic]:
    """The findings about some records, of which what nothing has changed for is taken over."""
    known = Known(book)
    loaded = _by_path(book.findings)
    memory: Memory[Findings] = Memory(book, cache, f"findings {name}")

    def check(paths: Iterable[str]) -> Pack[Findings]:
        return memory.pack(
            _checked(book, book.records[one], known, loaded.get(one, ())) for one in paths
        )

    kept = {path: row for path in paths if (row := memory.known(path))}
    anew = [path for path in paths if path not in kept]
    hands = hands if len(anew) > _A_PART else 1
    if hands > 1:
        known.prepare()
    size = _A_PART if hands > 1 else len(anew)  # what one process does alone, it marks at once
    with Crew({"check": check}, hands) as crew:
        packs = crew.do([("check", part) for part in parts_of(anew, size)])
    memory.keep(paths, packs)
    rows = chain(kept.values(), *(pack.rows.values() for pack in packs))
    return list(chain.from_iterable(row.value for row in rows))


def _checked(
    book: Book, record: Record, known: Known, loaded: Iterable[Diagnostic]
) -> Made[Findings]:
    """What is found in a record, with what was looked up for it."""
    with book.reads.noting() as seen:
        book.reads.note(RECORDS, record.path)
        found = _check(book, record, known, loaded)
    return Made(record.path, gathered(seen), tuple(found))


def check_since(since: Since, paths: Iterable[str] | None = None) -> tuple[Diagnostic, ...]:
    """What has changed since an earlier state and should not have, in the order of reports."""
    chosen = None if paths is None else tuple(paths)
    found = [finding for rule in SINCE_RULES for finding in rule.check(since)]
    ordered = sorted(found, key=lambda finding: finding.sort_key)
    return tuple(one for one in ordered if chosen is None or covers(one.path, chosen))


def check_record(book: Book, record: Record) -> tuple[Diagnostic, ...]:
    """Every finding in one record, which need not be the one the book has at its path."""
    if form_of(book, record) is None:
        return (untyped(book, record),)
    found = _check(book, record, Known(book), ())
    return tuple(sorted(found, key=lambda finding: finding.sort_key))


def check_plain(book: Book, record: Record) -> tuple[Diagnostic, ...]:
    """What is wrong with a record that is sealed whole, while it is still plain.

    None of it quotes the record: that there is one is confidential.
    """
    form = form_of(book, record)
    if form is None or not form.whole:
        return ()
    case = Case(book, record, form, values_of(book, record), access_of(book, record), Known(book))
    found = [*_plain_faults(record, form), *_run(PLAIN_RULES, case)]
    return tuple(sorted(found, key=lambda finding: finding.sort_key))


def _plain_faults(record: Record, form: Form) -> Iterator[Diagnostic]:
    """What does not fit the form, without a word of what was written."""
    for fault in check_form(record, form):
        if fault.code in _UNQUOTED:
            message, hint = _UNQUOTED[fault.code]
            names = ", ".join(form.fields)
            yield replace(fault, message=message, hint=hint.format(names=names))
        elif fault.code == _MISSING:
            yield fault


def forbids_sealing(finding: Diagnostic) -> bool:
    """Whether a record with this finding must not be sealed as it is: it does not belong here."""
    return finding.code in _REFUSED and finding.severity is Severity.ERROR


def check_text(book: Book, record: Record, section_name: str, text: str) -> tuple[Diagnostic, ...]:
    """What the text rules find in a section's plain text, by line and column of the text."""
    form = form_of(book, record)
    section = next((s for s in form.sections if s.name == section_name), None) if form else None
    if form is None or section is None:
        return ()
    case = Case(book, record, form, values_of(book, record), access_of(book, record), Known(book))
    section = section.asking(lambda key: case.setting(key) is True)
    names = all_names(book)
    text = blanked_guides(text, form, names)
    _, faults = parse_section(
        text,
        section,
        today=case.day or book.today,
        words=_word_limit(case, section),
        filled=frozenset(_filled(record, form, names)),
    )
    people = (one for found in case.parties.values() for one in found)
    around = around_of(book, schools_around(book, record.school, people))
    prose = check_prose(text, lints_of(section, case.policy, case.value("kind")), around)
    passage = Passage(case, section, text, (*faults, *prose))
    return tuple(
        as_diagnostic(rule, record, finding)
        for rule in TEXT_RULES
        for finding in rule.check(passage)
    )


def check_section(book: Book, record: Record, section: Section) -> tuple[Diagnostic, ...]:
    """The same for a section that stands in its record, by line and column of the file."""
    inside = record.source[section.start : section.end]
    blank = inside[: len(inside) - len(inside.lstrip())].count("\n")
    above = section.first_line + blank - 1
    found = check_text(book, record, section.name, record.text(section))
    return tuple(
        replace(one, span=replace(one.span, line=one.span.line + above), quotable=False)
        for one in found
    )


def tally(book: Book, paths: Iterable[str] | None = None) -> Tally:
    """How many files were checked, and how many sealed sections whose text nobody could see."""
    chosen = None if paths is None else tuple(paths)
    records = [r for r in book.records.values() if chosen is None or covers(r.path, chosen)]
    sealed = sum(map(sealed_parts, records))
    unreadable = [p for p in book.unreadable if chosen is None or covers(p, chosen)]
    return Tally(files=len(records) + len(unreadable), sealed_sections=sealed)


def sealed_parts(record: Record) -> int:
    """How many parts of a record are sealed, so that no rule sees their text."""
    return bool(record.whole) + sum(bool(section.blocks) for section in record.sections)


def _check(
    book: Book, record: Record, known: Known, loaded: Iterable[Diagnostic]
) -> list[Diagnostic]:
    """The findings of every rule about one record that has a form."""
    entry = entry_of(book, record)
    if entry is None:
        return []
    form, values, access = entry.form, entry.values, access_of(book, record)
    faults: tuple[Diagnostic, ...] = ()
    if not form.whole:
        header = () if known.is_sound(record, form, values) else check_form(record, form)
        faults = (*_shape_faults(record, form), *header, *loaded)
    blocks = stated_blocks(record, form, access)
    case = Case(book, record, form, values, access, known, faults, blocks)
    found = _run(_WHOLE_RULES if form.whole else rules_for(case), case)
    clear = (part for part in record.sections if _is_clear_text(form, part))
    return [*found, *(one for part in clear for one in check_section(book, record, part))]


def _is_clear_text(form: Form, section: Section) -> bool:
    """True for a part that everybody may read, so that its text can be looked at anywhere."""
    known = form.section(section.name)
    return not form.whole and known is not None and not known.sealed


def _run(rules: Iterable[Rule[Case, Finding | Diagnostic]], case: Case) -> list[Diagnostic]:
    return [
        _finished(
            case,
            found if isinstance(found, Diagnostic) else as_diagnostic(rule, case.record, found),
        )
        for rule in rules
        for found in rule.check(case)
    ]


def _shape_faults(record: Record, form: Form) -> tuple[Diagnostic, ...]:
    """What reading the file and its headings has found."""
    if form.body == "policy":
        return record.faults
    names = tuple(section.name for section in form.sections)
    return (*record.faults, *section_faults(record, names, form.has_line))


def _finished(case: Case, finding: Diagnostic) -> Diagnostic:
    """The finding with its record and school, and what follows for a policy's file.

    A record that is sealed whole is named by position only.
    """
    if case.form.whole and finding.quotable:
        finding = replace(finding, quotable=False)
    is_policy = case.form.body == "policy" and finding.severity is Severity.ERROR
    consequence = Consequence.STOPS if is_policy else finding.consequence
    school = finding.school or case.record.school
    if (finding.record, finding.school, finding.consequence) == (
        case.record.id,
        school,
        consequence,
    ):
        return finding
    return replace(finding, record=case.record.id, school=school, consequence=consequence)


def _filled(record: Record, form: Form, names: frozenset[str]) -> Iterator[str]:
    """The sections in which something is written, sealed or not."""
    for section in record.sections:
        if section.blocks or without_guides(record.text(section), form, names).strip():
            yield section.name


def _word_limit(case: Case, section: SectionForm) -> int | None:
    limit = case.setting(section.words) if section.words else None
    return limit if isinstance(limit, int) else None


def _by_path(findings: Iterable[Diagnostic]) -> Mapping[str, list[Diagnostic]]:
    found: dict[str, list[Diagnostic]] = defaultdict(list)
    for finding in findings:
        found[finding.path].append(finding)
    return found
