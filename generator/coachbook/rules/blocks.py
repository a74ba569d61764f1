"""Sealed blocks beside the policy: whom each states as readers, whom it should have.

Worked out once a record, for all the rules about confidentiality.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from coachbook.errors import DamagedError
from coachbook.payload import SEALED_SIZES
from coachbook.readers import stated_block

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coachbook.book import Access
    from coachbook.forms import Form, SectionForm
    from coachbook.record import Record, SealedBlock


_CUT = "the sealed text is damaged: its length is none that a sealed part can have"


class StatedBlock(NamedTuple):
    """One sealed block, with (reader, fingerprint) as stated, and whom the policy names.

    `names` are the stated readers alone, `info` is what the first line of the
    block should say to people. `section` is None where a record is sealed whole,
    or the form does not know the section. `damage` says why nothing can be told of its readers.
    """

    block: SealedBlock
    section: SectionForm | None
    stated: tuple[tuple[str, str], ...] = ()
    names: tuple[str, ...] = ()
    planned: tuple[str, ...] = ()
    info: tuple[str, ...] = ()
    damage: str = ""


def stated_blocks(record: Record, form: Form, access: Access) -> tuple[StatedBlock, ...]:
    """Every sealed block of a record in the order of the file."""
    rows: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {"": ((), ())}
    found = []
    for block, section in _blocks(record, form):
        row = section.row if section else ""
        if row not in rows:
            rows[row] = access.sealed_to(row), access.info(row)
        found.append(_stated(block, section, *rows[row]))
    return tuple(found)


def _blocks(record: Record, form: Form) -> Iterator[tuple[SealedBlock, SectionForm | None]]:
    if record.whole:
        yield record.whole, None
    for section in record.sections:
        for block in section.blocks:
            yield block, form.section(section.name)


def _stated(
    block: SealedBlock,
    section: SectionForm | None,
    planned: tuple[str, ...],
    info: tuple[str, ...],
) -> StatedBlock:
    try:
        stated, length = stated_block(block.armor)
    except DamagedError as error:
        return StatedBlock(block, section, planned=planned, info=info, damage=error.message)
    if length not in SEALED_SIZES:
        return StatedBlock(block, section, planned=planned, info=info, damage=_CUT)
    return StatedBlock(block, section, stated, tuple([one for one, _ in stated]), planned, info)
