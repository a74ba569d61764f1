"""Where a sealed section belongs."""

from __future__ import annotations

from coachbook.values import frozen


@frozen
class Place:
    """Where a sealed section belongs: it opens nowhere else."""

    workspace: str
    record: str
    type: str
    section: str
    parties: tuple[tuple[str, str], ...] = ()
