"""A plan carried out: the record with its parts sealed. Decides nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coachbook.drafting.parts import SEALED_TYPE
from coachbook.errors import UsageError
from coachbook.frontmatter import format_header
from coachbook.opening import reread
from coachbook.record import format_block, replace_section
from coachbook.sealing import seal

if TYPE_CHECKING:
    from datetime import datetime

    from coachbook.age import Random
    from coachbook.drafting.plan import SealPlan, SealTask


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
        author=task.author or author,
        sealed_at=now,
        policy=task.policy,
        rules=task.rules,
        random=random,
    )
    return format_block(task.info, task.revision, armor)
