"""What has to be sealed for whom; decided with public keys alone."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from coachbook.book import (
    form_of,
    place_of,
    record_date,
    record_readers,
    section_info,
    section_readers,
)
from coachbook.diagnostics import Span
from coachbook.drafting.grounds import (
    require_author,
    require_length,
    require_life,
    require_policy,
    require_readers,
    require_relations,
    require_same_life,
)
from coachbook.drafting.parts import SEALED_TYPE, clear_parts, shape_faults
from coachbook.drafting.plan import RefusalError, SealPlan, SealTask, as_finding
from coachbook.forms import parse_section, section_json
from coachbook.guides import without_guides
from coachbook.newrecord import new_id
from coachbook.payload import WHOLE
from coachbook.readership import all_names
from coachbook.record import trim
from coachbook.rules import TEXT_RULES, check_plain, check_section, forbids_sealing
from coachbook.sealing import Place

if TYPE_CHECKING:
    from collections.abc import Sequence

    from coachbook.age import Random
    from coachbook.book import Book
    from coachbook.diagnostics import Diagnostic
    from coachbook.forms import Form, SectionForm
    from coachbook.opening import Before
    from coachbook.readers import Reader
    from coachbook.record import Record

_PREFIX = "x"
_RULES = tuple(rule.code for rule in TEXT_RULES)


def plan_seal(
    book: Book,
    record: Record,
    before: Sequence[Before] = (),
    *,
    random: Random,
    writer: str = "",
    is_sharing: bool = False,
) -> SealPlan:
    """The parts to seal, or the findings that forbid it.

    Args:
        before: the record as it was sealed, as far as that is known.
        writer: who has written what is new here, where that is known; nobody writes in a
            section that the form gives to others.
        is_sharing: the author has been asked whether others may read what was theirs alone.
    """
    form = form_of(book, record)
    if form is None:
        reason = RefusalError(
            f"no form is known for a record of type {record.type!r}, so nothing was sealed",
            "correct `type` or `form` in the header",
        )
        return SealPlan(record, record.path, findings=(as_finding(record, Span(1), reason),))
    faults = tuple(shape_faults(record, form))
    if faults:
        return SealPlan(record, record.path, findings=faults)
    if form.whole:
        return _plan_whole(book, record, form, before, random)
    plan = _plan_sections(book, record, form, before, writer)
    return plan if is_sharing else _of_same_life(book, plan)


def expected_readers(book: Book, record: Record) -> dict[str, tuple[Reader, ...]]:
    """Section -> everyone for whom it may have to be sealed, as far as they have keys."""
    form = form_of(book, record)
    found = {}
    for part in form.sections if form else ():
        keys = (book.keyring.current(one) for one in section_readers(book, record, part))
        if part.sealed:
            found[part.name] = tuple(key.reader for key in keys if key)
    return found


def _plan_sections(
    book: Book, record: Record, form: Form, before: Sequence[Before], writer: str
) -> SealPlan:
    tasks: list[SealTask] = []
    emptied: list[str] = []
    findings: list[Diagnostic] = []
    remarks: list[Diagnostic] = []
    for section, section_form in clear_parts(record, form):
        text = without_guides(record.text(section), form, all_names(book))
        if not text.strip():
            emptied.append(section.name)
            continue
        try:
            task = _section_task(book, record, section_form, trim(text), before)
            if not task.kept:
                require_author(book, record, section_form, writer)
            tasks.append(task)
        except RefusalError as reason:
            findings.append(as_finding(record, section.heading, reason))
        remarks += check_section(book, record, section)
    findings += [remark for remark in remarks if forbids_sealing(remark)]
    remarks = [remark for remark in remarks if remark not in findings]
    return SealPlan(
        record,
        record.path,
        () if findings else tuple(tasks),
        tuple(emptied),
        tuple(findings),
        tuple(remarks),
    )


def _of_same_life(book: Book, plan: SealPlan) -> SealPlan:
    """The plan, refused where a word in the header alone would share a draft or take it back."""
    findings = []
    for task in plan.fresh:
        section = plan.record.section(task.section)
        try:
            require_same_life(book, plan.record, task)
        except RefusalError as reason:
            span = section.heading if section else Span(1)
            findings.append(as_finding(plan.record, span, reason))
    return replace(plan, tasks=(), findings=tuple(findings)) if findings else plan


def _section_task(
    book: Book, record: Record, form: SectionForm, text: str, before: Sequence[Before]
) -> SealTask:
    policy = require_policy(book, record)
    require_relations(book, record)
    require_life(book, record)
    data, _ = parse_section(text, form, today=record_date(book, record) or book.today)
    task = SealTask(
        section=form.name,
        place=place_of(book, record, form.name),
        readers=require_readers(book, section_readers(book, record, form)),
        info=section_info(book, record, form),
        revision=1,
        policy=policy.version,
        text=require_length(text),
        data=section_json(data),
        rules=_RULES,
    )
    return _after(task, before, book)


def _plan_whole(
    book: Book, record: Record, form: Form, before: Sequence[Before], random: Random
) -> SealPlan:
    try:
        task = _whole_task(book, record, form, before, random)
    except RefusalError as reason:
        return SealPlan(record, record.path, findings=(as_finding(record, Span(1), reason),))
    remarks = [*check_plain(book, record)]
    remarks += [remark for part in record.sections for remark in check_section(book, record, part)]
    refused = tuple(remark for remark in remarks if forbids_sealing(remark))
    if refused:
        return SealPlan(record, record.path, findings=refused)
    folder = f"records/{record.school}/sealed"
    return SealPlan(record, f"{folder}/{task.place.record}.md", (task,), remarks=tuple(remarks))


def _whole_task(
    book: Book, record: Record, form: Form, before: Sequence[Before], random: Random
) -> SealTask:
    policy = require_policy(book, record)
    require_relations(book, record)
    readers = require_readers(book, record_readers(book, record, form))
    name = record.path.rsplit("/", 1)[-1].removesuffix(".md")
    if not name.startswith(f"{_PREFIX}-"):
        name = new_id(_PREFIX, random, book.taken)
    task = SealTask(
        section=WHOLE,
        place=Place(book.trust.workspace, name, SEALED_TYPE, WHOLE),
        readers=readers,
        info=tuple(reader.id for reader in readers),
        revision=1,
        policy=policy.version,
        text=require_length(
            without_guides(record.source.replace("\r\n", "\n"), form, all_names(book))
        ),
        data={},
        rules=_RULES,
    )
    return _after(task, before, book)


def _after(task: SealTask, before: Sequence[Before], book: Book) -> SealTask:
    """The task as it follows on the last block: its next revision, or the block itself."""
    found = [(b, block) for b in before if (block := b.block(task.section))]
    if not found:
        return task
    last, block = max(found, key=lambda pair: pair[1].revision)
    stated = last.stated(task.section)
    is_here = place_of(book, last.record, task.section) == task.place
    is_same = (
        last.holds(task.section, task.text)
        and stated == tuple(reader.stated for reader in task.readers)
        and block.info == task.info
        and is_here
    )
    task = replace(
        task,
        revision=block.revision + 1,
        previous=stated,
        kept=last.record.source[block.start : block.end] if is_same else "",
    )
    opened = last.payloads.get(task.section)
    return task.carrying(opened) if opened and is_here else task
