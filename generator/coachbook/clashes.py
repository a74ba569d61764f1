"""Parts of a record that both sides of a merge have changed: found, read, put together.

A merge leaves such a part as two sealed versions, one after the other. Somebody who can read
both writes what is to stand, and it is sealed as the revision after both.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from coachbook.drafting import SEALED_TYPE, plan_seal
from coachbook.errors import InputError, NotAReaderError
from coachbook.opening import Before, open_section, reread
from coachbook.payload import WHOLE
from coachbook.readers import stated_readers
from coachbook.record import Record, replace_section, trim
from coachbook.sections import parse_layout
from coachbook.sentences import join
from coachbook.values import frozen

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from coachbook.age import Random, X25519Identity
    from coachbook.book import Book
    from coachbook.drafting import SealPlan, SealTask
    from coachbook.payload import Payload
    from coachbook.readers import Reader
    from coachbook.sections import SealedBlock

_FIRST = "<<<<<<< one version: keep what is right in it, and delete this line"
_NEXT = "======= the other version: the same, and delete this line too"
_LAST = ">>>>>>> to here: and this line"
_MARK = re.compile(r"^(?:<{7}|={7}|>{7}).*$", re.MULTILINE)


@frozen(repr=False)
class Clash:
    """A part with several versions: sealed blocks, and what stands beside them in the clear."""

    section: str
    blocks: tuple[SealedBlock, ...]
    plain: str = ""


@frozen(repr=False)
class Version:
    """One version of a part: its text, who wrote it, and whether it was sealed as it stands."""

    text: str
    author: str
    is_sealed: bool = True
    payload: Payload | None = None
    """What was opened, where it was sealed as it stands."""


@frozen
class JoinPlan:
    """How the joined record is sealed, and the record as each side had it."""

    seal: SealPlan
    sides: tuple[Before, ...]

    def readers(self) -> list[tuple[tuple[Reader, ...], tuple[tuple[str, str], ...]]]:
        """For each part and each version of it: who will read it, and who could read that.

        Whoever could read one version only would learn from the joined text what the other said.
        """
        return [
            (task.readers, side.stated(task.section))
            for task in self.seal.fresh
            for side in self.sides
        ]


def find_clashes(record: Record) -> tuple[Clash, ...]:
    """The parts of a record with more than one version."""
    if record.type == SEALED_TYPE:
        layout = parse_layout(record.source, record.body, 1)
        blocks = layout.preamble_blocks
        return (Clash(WHOLE, blocks),) if len(blocks) > 1 and not layout.sections else ()
    return tuple(
        Clash(section.name, section.blocks, record.text(section))
        for section in record.sections
        if len(section.blocks) > 1 or (section.blocks and section.stray)
    )


def open_versions(
    book: Book,
    record: Record,
    clash: Clash,
    identities: Mapping[str, X25519Identity],
    *,
    writer: str,
    name: Callable[[str], str],
) -> tuple[Version, ...]:
    """Every version of a part, ours first; NotAReaderError says who can read all of them.

    What stands beside them in the clear counts as written by `writer`, who is at work.
    """
    found = []
    for block in clash.blocks:
        try:
            payload = open_section(book, record, clash.section, block, identities, name)
        except NotAReaderError as error:
            raise _not_for_you(clash, error, name) from error
        found.append(Version(payload.text, payload.author, payload=payload))
    return (*found, *([Version(clash.plain, writer, is_sealed=False)] if clash.plain else []))


def _not_for_you(
    clash: Clash, error: NotAReaderError, name: Callable[[str], str]
) -> NotAReaderError:
    lists = [[reader for reader, _ in stated_readers(block.armor)] for block in clash.blocks]
    both = [reader for reader in lists[0] if all(reader in others for others in lists)]
    part = "the record" if clash.section == WHOLE else f'section "{clash.section}"'
    return NotAReaderError(
        f"a version of {part} does not open: {error.message}",
        hint=f"ask one who can read all versions to join them: {join(map(name, both))}"
        if both
        else "nobody can read all versions; agree which is to stand, and restore that one",
    )


def one_side(record: Record, at: int) -> Record:
    """The record as one side had it: the first version of each part, or with -1 the last."""
    for clash in find_clashes(record):
        now = next(one for one in find_clashes(record) if one.section == clash.section)
        block = now.blocks[min(at, len(now.blocks) - 1)]
        fence = record.source[block.start : block.end]
        start, end = now.blocks[0].start, now.blocks[-1].end
        if clash.section == WHOLE:
            source = record.source[:start] + fence + record.source[end:]
        else:
            source = replace_section(record, clash.section, fence)
        record = reread(record, source)
    return record


def plan_joined(
    book: Book, record: Record, chosen: Mapping[str, Version], *, random: Random
) -> JoinPlan:
    """How to seal what is to stand, by part, after every version that there was."""
    count = max(len(clash.blocks) for clash in find_clashes(record))
    sides = tuple(Before(one_side(record, at)) for at in range(count))
    plain = _with_texts(record, {section: one.text for section, one in chosen.items()})
    writers = {one.author for one in chosen.values() if not one.is_sealed}
    writer = next(iter(writers), "")
    plan = plan_seal(book, plain, sides, random=random, writer=writer)
    tasks = tuple(_of_author(task, chosen.get(task.section)) for task in plan.tasks)
    return JoinPlan(replace(plan, tasks=tasks), sides)


def _of_author(task: SealTask, version: Version | None) -> SealTask:
    """The task as the work of whoever wrote the version; signed, where that one was."""
    task = replace(task, author=version.author if version else "")
    return task.carrying(version.payload) if version and version.payload else task


def _with_texts(record: Record, texts: Mapping[str, str]) -> Record:
    """The record with these texts in the clear; of one sealed whole, the record inside."""
    if WHOLE in texts:
        return reread(record, texts[WHOLE])
    for section, text in texts.items():
        record = reread(record, replace_section(record, section, text))
    return record


def format_versions(versions: Mapping[str, Sequence[Version]]) -> str:
    """What is given to an editor: all versions of every part between marks, under its heading."""
    parts = []
    for section, found in versions.items():
        texts = f"\n{_NEXT}\n".join(trim(version.text) for version in found)
        heading = "" if section == WHOLE else f"## {section}\n\n"
        parts.append(f"{heading}{_FIRST}\n{texts}\n{_LAST}\n")
    return "\n".join(parts)


def parse_joined(text: str, sections: Sequence[str]) -> dict[str, str]:
    """The text of each part as it came out of the editor; raises InputError, which quotes none."""
    plain = "\n" + text.removeprefix("\ufeff").replace("\r\n", "\n")
    if mark := _MARK.search(plain):
        line = plain.count("\n", 0, mark.start())
        raise InputError(
            f"line {line} still begins with the signs between two versions",
            hint="keep what is to stand, and delete the lines that begin with <<<, === and >>>",
        )
    if list(sections) == [WHOLE]:
        return {WHOLE: plain[1:]}
    layout = parse_layout(plain, 1, 1)
    names = [section.name for section in layout.sections]
    if layout.faults or layout.preamble_stray or names != list(sections):
        raise InputError(
            f"expected the headings {', '.join(sections)} as they were, with text under each",
            hint="leave the headings, and write nothing above the first",
        )
    return {part.name: trim(plain[part.start : part.end]) for part in layout.sections}
