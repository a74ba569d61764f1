"""A plan carried out: the record with its parts sealed. Decides nothing."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING

from coachbook.drafting.parts import SEALED_TYPE
from coachbook.errors import UsageError
from coachbook.frontmatter import format_header
from coachbook.opening import reread
from coachbook.payload import WHOLE
from coachbook.record import format_block, replace_section
from coachbook.sealing import seal
from coachbook.signatures import sign_seal
from coachbook.values import frozen

if TYPE_CHECKING:
    from datetime import datetime

    from coachbook.age import Random
    from coachbook.drafting.plan import SealPlan, SealTask
    from coachbook.signatures import Signer


def apply_seal(
    plan: SealPlan, *, author: str, now: datetime, random: Random, signer: Signer | None = None
) -> str:
    """The source of the sealed record; raises UsageError for a plan that was refused.

    Args:
        signer: the author, where they are unlocked: what they have written is signed.
    """
    if plan.findings:
        raise UsageError(f"{plan.record.path} cannot be sealed as it is")
    hand = _Hand(author, signer, now, random)
    if plan.is_whole:
        return _apply_whole(plan, hand)
    record = plan.record
    contents = dict.fromkeys(plan.emptied, "")
    contents |= {task.section: _block(task, hand) for task in plan.tasks}
    for name, content in contents.items():
        record = reread(record, replace_section(record, name, content))
    return record.source


@frozen
class _Hand:
    """Who seals, whether they sign, when, and by what chance."""

    author: str
    signer: Signer | None
    now: datetime
    random: Random

    @property
    def day(self) -> str:
        """The day of the signature, as the payload has it."""
        return self.now.astimezone(UTC).date().isoformat()


def _apply_whole(plan: SealPlan, hand: _Hand) -> str:
    task = plan.tasks[0]
    header = format_header(
        {"type": SEALED_TYPE, "id": task.place.record, "school": plan.record.school}
    )
    return f"{header}\n{_block(task, hand)}\n"


def _block(task: SealTask, hand: _Hand) -> str:
    """The fenced block of a task, with a signature under it where its author seals it.

    A record that is sealed whole has none: who wrote it is nobody's to know from outside.
    """
    if task.kept:
        return task.kept
    author = task.author or hand.author
    own = hand.signer if hand.signer and hand.signer.person == author else None
    armor = _armor(task, author, None if task.is_carried else own, hand)
    is_unsigned = task.is_carried and task.written is None
    if own is None or is_unsigned or task.section == WHOLE:
        return format_block(task.info, task.revision, armor)
    lines = sign_seal(armor, task.place, task.revision, own, hand.day)
    return format_block(task.info, task.revision, armor, lines)


def _armor(task: SealTask, author: str, signer: Signer | None, hand: _Hand) -> str:
    """The sealed text."""
    return seal(
        task.text,
        task.data,
        place=task.place,
        readers=task.readers,
        revision=task.revision,
        author=author,
        sealed_at=hand.now,
        policy=task.policy,
        rules=task.rules,
        random=hand.random,
        signer=signer,
        written=task.written,
    )
