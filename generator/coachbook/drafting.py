"""Which parts of a record have to be sealed, for whom, and the record once they are.

    plan = plan_seal(book, record, before, random=os.urandom)
    source = apply_seal(plan, author="p-7kq2m4xa", now=now, random=os.urandom)

Planning needs public keys alone and decides everything. Whatever is not certain (an unknown
form, a line that may be a heading, a reader without a key) is a finding, and then nothing of
the record is sealed. Applying only encrypts.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from coachbook.book import (
    FORBIDDEN_ROLES,
    access_of,
    display,
    form_of,
    parties,
    place_of,
    policy_for,
    policy_now,
    record_date,
    record_readers,
    section_info,
    section_readers,
)
from coachbook.diagnostics import Consequence, Diagnostic, Severity, Span
from coachbook.errors import UsageError
from coachbook.forms import parse_section, section_json
from coachbook.frontmatter import format_header
from coachbook.guides import without_guides
from coachbook.newrecord import new_id
from coachbook.opening import reread
from coachbook.payload import TEXT_LIMIT, WHOLE
from coachbook.people import ROLE_TITLES
from coachbook.readership import all_names
from coachbook.record import format_block, replace_section, section_faults, trim
from coachbook.rules import TEXT_RULES, check_text
from coachbook.sealing import Place, seal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from coachbook.age import Random
    from coachbook.book import Book
    from coachbook.forms import Form, SectionForm
    from coachbook.opening import Before
    from coachbook.policy import Policy
    from coachbook.readers import Reader
    from coachbook.record import Record, Section

SEALED_TYPE = "sealed"
"""The type of a record of which nothing shows but its school."""

_PREFIX = "x"
_RULES = tuple(rule.code for rule in TEXT_RULES)
_POLICY_FAULTS = frozenset({"CB701", "CB702", "CB703", "CB704"})


@dataclass(frozen=True, slots=True, repr=False)
class SealTask:
    """One part of a record that becomes a block, or keeps the one it had."""

    section: str
    place: Place
    readers: tuple[Reader, ...]
    info: tuple[str, ...]
    revision: int
    policy: str
    text: str
    data: Mapping[str, object]
    rules: tuple[str, ...]
    previous: tuple[tuple[str, str], ...] = ()
    """(reader, fingerprint) pairs of the block before."""
    kept: str = ""
    """The block before, as it stands in its file, where text and readers are the same."""

    def __repr__(self) -> str:
        """Shows the place only: the text is confidential."""
        return f"SealTask({self.place.record!r}, {self.section!r}, revision={self.revision})"


@dataclass(frozen=True, slots=True)
class SealPlan:
    """What sealing does to one record, or the findings that forbid it."""

    record: Record
    path: str
    """Where the sealed record goes; another place only for one that is sealed whole."""
    tasks: tuple[SealTask, ...] = ()
    emptied: tuple[str, ...] = ()
    """Sections in which nothing stands but guide lines."""
    findings: tuple[Diagnostic, ...] = ()
    remarks: tuple[Diagnostic, ...] = ()
    """What the text rules found; it does not stop sealing."""

    @property
    def is_whole(self) -> bool:
        """True where the record as a whole becomes one block."""
        return any(task.section == WHOLE for task in self.tasks)

    @property
    def fresh(self) -> tuple[SealTask, ...]:
        """The parts that are sealed anew."""
        return tuple(task for task in self.tasks if not task.kept)


class _RefusalError(Exception):
    """Why a part cannot be sealed; becomes a finding."""

    def __init__(self, message: str, hint: str, code: str = "CB501", clause: str = "") -> None:
        super().__init__(message)
        self.message, self.hint, self.code, self.clause = message, hint, code, clause


def needs_sealing(book: Book, record: Record) -> bool:
    """True where the record holds confidential text in the clear, or may do."""
    form = form_of(book, record)
    if record.type == SEALED_TYPE:
        return False
    if form is None or form.whole:
        return True
    return any(True for _ in _clear_parts(record, form)) or any(_shape_faults(record, form))


def plan_seal(
    book: Book, record: Record, before: Sequence[Before] = (), *, random: Random
) -> SealPlan:
    """The parts to seal; `before` is the record as it was sealed, as far as that is known."""
    form = form_of(book, record)
    if form is None:
        reason = _RefusalError(
            f"no form is known for a record of type {record.type!r}, so nothing was sealed",
            "correct `type` or `form` in the header",
        )
        return SealPlan(record, record.path, findings=(_finding(record, Span(1), reason),))
    faults = tuple(_shape_faults(record, form))
    if faults:
        return SealPlan(record, record.path, findings=faults)
    if form.whole:
        return _plan_whole(book, record, form, before, random)
    return _plan_sections(book, record, form, before)


def apply_seal(plan: SealPlan, *, author: str, now: datetime, random: Random) -> str:
    """The source of the sealed record; raises UsageError for a plan that was refused."""
    if plan.findings:
        raise UsageError(f"{plan.record.path} cannot be sealed as it is")
    if plan.is_whole:
        return _apply_whole(plan, author, now, random)
    record = plan.record
    contents = dict.fromkeys(plan.emptied, "")
    contents |= {task.section: _block(task, author, now, random) for task in plan.tasks}
    for name, content in contents.items():
        record = reread(record, replace_section(record, name, content))
    return record.source


def expected_readers(book: Book, record: Record) -> tuple[Reader, ...]:
    """Everyone for whom a part of the record may have to be sealed, as far as they have keys."""
    form = form_of(book, record)
    if form is None:
        return ()
    rows = [section_readers(book, record, part) for part in form.sections if part.sealed]
    owners = dict.fromkeys(owner for row in rows for owner in row)
    keys = (book.keyring.current(owner) for owner in owners)
    return tuple(key.reader for key in keys if key)


def _shape_faults(record: Record, form: Form) -> Iterator[Diagnostic]:
    """Why parts of the record cannot be told apart with certainty."""
    if not form.whole and not any(section.sealed for section in form.sections):
        return
    names = [section.name for section in form.sections]
    yield from (fault for fault in record.faults if fault.severity is Severity.ERROR)
    yield from section_faults(record, names)
    for section in record.sections:
        if section.name not in names:
            reason = _RefusalError(
                "this heading is not one of the form, so who may read it is not known",
                f"headings of the form: {', '.join(names) or 'none'}",
                "CB109",
            )
            yield _finding(record, section.heading, reason)
        elif section.blocks and section.stray:
            reason = _RefusalError(
                "text stands beside a sealed block",
                f"move it away and add it with: coachbook edit {record.path}",
                "CB505",
            )
            yield _finding(record, section.stray, reason)


def _clear_parts(record: Record, form: Form) -> Iterator[tuple[Section, SectionForm]]:
    """Confidential sections that hold something in the clear."""
    forms = {section.name: section for section in form.sections if section.sealed}
    for section in record.sections:
        if section.name in forms and not section.blocks and section.stray:
            yield section, forms[section.name]


def _plan_sections(book: Book, record: Record, form: Form, before: Sequence[Before]) -> SealPlan:
    tasks: list[SealTask] = []
    emptied: list[str] = []
    findings: list[Diagnostic] = []
    remarks: list[Diagnostic] = []
    for section, section_form in _clear_parts(record, form):
        text = without_guides(record.text(section), form, all_names(book))
        if not text.strip():
            emptied.append(section.name)
            continue
        try:
            tasks.append(_section_task(book, record, section_form, trim(text), before))
        except _RefusalError as reason:
            findings.append(_finding(record, section.heading, reason))
        remarks += _remarks(book, record, section)
    return SealPlan(
        record,
        record.path,
        () if findings else tuple(tasks),
        tuple(emptied),
        tuple(findings),
        tuple(remarks),
    )


def _remarks(book: Book, record: Record, section: Section) -> Iterator[Diagnostic]:
    """What the text rules find, by line of the file."""
    inside = record.source[section.start : section.end]
    blank = inside[: len(inside) - len(inside.lstrip())].count("\n")
    above = section.first_line + blank - 1
    for found in check_text(book, record, section.name, record.text(section)):
        span = replace(found.span, line=found.span.line + above)
        yield replace(found, span=span, quotable=False)


def _section_task(
    book: Book, record: Record, form: SectionForm, text: str, before: Sequence[Before]
) -> SealTask:
    policy = _require_policy(book, record)
    _require_relations(book, record)
    data, _ = parse_section(text, form, today=record_date(book, record) or book.today)
    task = SealTask(
        section=form.name,
        place=place_of(book, record, form.name),
        readers=_require_readers(book, section_readers(book, record, form)),
        info=section_info(book, record, form),
        revision=1,
        policy=policy.version,
        text=_require_length(text),
        data=section_json(data),
        rules=_RULES,
    )
    return _after(task, before, book)


def _plan_whole(
    book: Book, record: Record, form: Form, before: Sequence[Before], random: Random
) -> SealPlan:
    try:
        task = _whole_task(book, record, form, before, random)
    except _RefusalError as reason:
        return SealPlan(record, record.path, findings=(_finding(record, Span(1), reason),))
    remarks = [remark for part in record.sections for remark in _remarks(book, record, part)]
    folder = f"records/{record.school}/sealed"
    return SealPlan(record, f"{folder}/{task.place.record}.md", (task,), remarks=tuple(remarks))


def _whole_task(
    book: Book, record: Record, form: Form, before: Sequence[Before], random: Random
) -> SealTask:
    policy = _require_policy(book, record)
    _require_relations(book, record)
    readers = _require_readers(book, record_readers(book, record, form))
    name = record.path.rsplit("/", 1)[-1].removesuffix(".md")
    if not name.startswith(f"{_PREFIX}-"):
        name = new_id(_PREFIX, random, book.by_id)
    task = SealTask(
        section=WHOLE,
        place=Place(book.trust.workspace, name, SEALED_TYPE, WHOLE),
        readers=readers,
        info=tuple(reader.id for reader in readers),
        revision=1,
        policy=policy.version,
        text=_require_length(
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
    is_same = (
        last.holds(task.section, task.text)
        and stated == tuple(reader.stated for reader in task.readers)
        and block.info == task.info
        and place_of(book, last.record, task.section) == task.place
    )
    return replace(
        task,
        revision=block.revision + 1,
        previous=stated,
        kept=last.record.source[block.start : block.end] if is_same else "",
    )


def _require_policy(book: Book, record: Record) -> Policy:
    """The policy of the record's date; raises _RefusalError while it cannot tell who may read."""
    if record.school not in book.schools:
        raise _RefusalError(
            f"there is no school {record.school!r}, so who may read this is not known",
            f"schools are: {', '.join(sorted(book.schools))}",
        )
    then, now = policy_for(book, record), policy_now(book, record.school)
    if then is None or now is None:
        raise _RefusalError(
            f"{record.school} has no policy in force, so who may read this is not known",
            "write and ratify one, then seal again",
        )
    for policy in (then, now):
        fault = next((f for f in book.findings if _is_policy_fault(f, policy)), None)
        if fault is not None:
            raise _RefusalError(f"the policy has to be mended first: {fault.message}", fault.hint)
    return then


def _is_policy_fault(finding: Diagnostic, policy: Policy) -> bool:
    return (
        finding.path == policy.path
        and finding.code in _POLICY_FAULTS
        and finding.severity is Severity.ERROR
    )


def _require_relations(book: Book, record: Record) -> None:
    """Raises _RefusalError where it cannot be told whom the record is about, or may not be them."""
    form = form_of(book, record)
    if form and not form.whole:
        _require_nobody_kept_out(book, record)
    found = parties(book, record)
    for relation, path in form.relations.items() if form else ():
        key = path.partition(".")[0]
        if form and form.fields[key].required and not found.get(relation):
            raise _RefusalError(
                f"who is the {relation} here cannot be told from `{key}`, nor who may read it",
                f"correct `{key}` in the header, or the record it leads to",
            )


def _require_nobody_kept_out(book: Book, record: Record) -> None:
    """Raises _RefusalError where somebody takes part whose key must open no note."""
    access = access_of(book, record)
    for person, role in access.kept_out().items():
        raise _RefusalError(
            f"{ROLE_TITLES.get(role, role)} takes no part in coaching here, and this record is "
            f"about a pair with `{person}`, so nothing was sealed",
            "name somebody else first; capability mentoring is recorded elsewhere",
            "CB203",
            access.then.clause_of(FORBIDDEN_ROLES) if access.then else "",
        )


def _require_readers(book: Book, principals: Iterable[str]) -> tuple[Reader, ...]:
    owners = tuple(principals)
    if not owners:
        raise _RefusalError(
            "the policy names nobody who may read this",
            'look at its row in the table "Who can read what"',
        )
    readers = []
    for owner in owners:
        key = book.keyring.current(owner)
        if key is None:
            raise _RefusalError(
                f"{display(book, owner)} may read this and has no key",
                f"run: coachbook keys new {'--role ' if '@' in owner else ''}{owner}",
                "CB602",
            )
        readers.append(key.reader)
    return tuple(readers)


def _require_length(text: str) -> str:
    if len(text.encode()) > TEXT_LIMIT:
        raise _RefusalError("more text than one section can hold", "divide it into two records")
    return text


def _apply_whole(plan: SealPlan, author: str, now: datetime, random: Random) -> str:
    task = plan.tasks[0]
    header = format_header(
        {"type": SEALED_TYPE, "id": task.place.record, "school": plan.record.school}
    )
    return f"{header}\n{_block(task, author, now, random)}\n"


def _block(task: SealTask, author: str, now: datetime, random: Random) -> str:
    """The fenced block of a task."""
    if task.kept:
        return task.kept
    armor = seal(
        task.text,
        task.data,
        place=task.place,
        readers=task.readers,
        revision=task.revision,
        author=author,
        sealed_at=now,
        policy=task.policy,
        rules=task.rules,
        random=random,
    )
    return format_block(task.info, task.revision, armor)


def _finding(record: Record, span: Span, reason: _RefusalError) -> Diagnostic:
    return Diagnostic(
        path=record.path,
        span=span,
        code=reason.code,
        severity=Severity.ERROR,
        message=reason.message,
        hint=reason.hint,
        clause=reason.clause,
        consequence=Consequence.STOPS,
        quotable=False,
        record=record.id,
        school=record.school,
    )
