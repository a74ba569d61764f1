"""Records that somebody has tampered with, so that every answer of the portal can be seen.

A site of them is never published: `check` stops on each. It is built here all the same, as a
host that alters files would show it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.gallery.pictures import Visit

if TYPE_CHECKING:
    from pathlib import Path

    from tests.browser.conftest import Tried

SIGNED = "cycle/c-3crbsfyx"
"""Signed, damaged and badly signed, once the records are tampered with."""

UNSIGNED = "cycle/c-x7xdfq3y"
"""Begun before people signed, with notes that its coach keeps for themselves."""

_NOTE = "records/otterbeck/2026-27/c-3crbsfyx/2027-02-02-s-t5jugmkk.md"
_END = "-----END AGE ENCRYPTED FILE-----"
_OTHER = {"A": "B"}


def tamper(root: Path) -> None:
    """Alters a letter of the sealed text of one part, and the day of another one's signature."""
    place = root / _NOTE
    text = place.read_text(encoding="utf-8")
    start, steps, rest = text.partition("## Action steps")
    notes, end, after = start.rpartition(_END)
    letter = notes[-20]
    damaged = f"{notes[:-20]}{_OTHER.get(letter, 'A')}{notes[-19:]}{end}{after}"
    redated = rest.replace("day: 2027-02-02", "day: 2027-02-03", 1)
    place.write_text(f"{damaged}{steps}{redated}", encoding="utf-8", newline="\n")


def visits(monitor: Tried) -> tuple[Visit, ...]:
    """What the monitor sees of them; locked is the gate, which every gallery begins with."""
    return (Visit("states", monitor, (SIGNED, UNSIGNED)),)
