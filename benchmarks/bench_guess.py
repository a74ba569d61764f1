"""What one guess at a passphrase costs whoever has a protected key and a processor like this one.

Whoever guesses runs nothing but scrypt and looks at one tag, so the bare primitive is measured
beside coachbook and another implementation. A guess is counted in seconds of a core, not of the
clock, and the least of all rounds is taken: the most that a guesser can hope for.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pyrage

from benchmarks.table import OURS, Row, Table
from coachbook import guessing
from coachbook.age import ScryptIdentity, ScryptRecipient, decrypt, encrypt
from coachbook.errors import AgeNoMatchError
from coachbook.guessing import PASSPHRASE_WORDS, WORK_FACTOR, Cost, Guesser

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

ROUNDS = 12
FILE = Path(guessing.__file__).with_name(guessing.FILE)
MANY = Guesser(1000)

_SALT = os.urandom(16)
_WRONG = "these-words-are-not-the-six"


def run(rounds: int = ROUNDS) -> Table:
    """A guess that fails, by three programs, and what it means for six words."""
    times = {
        name: min(_seconds(guess) for _ in range(rounds)) for name, guess in _guesses().items()
    }
    rows = tuple(Row(name, seconds) for name, seconds in times.items())
    return Table(
        "guess at a passphrase, seconds of one core", "guess", rows, remarks=_remarks(rows)
    )


def record(table: Table) -> Cost:
    """Writes the cheapest way to guess down as the cost that the handbook works with."""
    cost = _cost(table.rows)
    content = {
        "seconds": cost.seconds,
        "work_factor": cost.work_factor,
        "measured_on": cost.measured_on.isoformat(),
        "processor": cost.processor,
    }
    FILE.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
    return cost


def _cost(rows: tuple[Row, ...]) -> Cost:
    """The cheapest way to guess, today and here."""
    cheapest = min(row.each for row in rows)
    today = datetime.now(tz=UTC).date()
    return Cost(round(cheapest, 4), WORK_FACTOR, today, platform.machine())


def _guesses() -> Mapping[str, Callable[[], object]]:
    file = encrypt(b"key", [ScryptRecipient("the-six-right-words", WORK_FACTOR)])
    memory = 2 * guessing.memory()
    return {
        OURS: lambda: _fails(lambda: decrypt(file, [ScryptIdentity(_WRONG)]), AgeNoMatchError),
        "bare scrypt": lambda: hashlib.scrypt(
            _WRONG.encode(), salt=_SALT, n=2**WORK_FACTOR, r=8, p=1, dklen=32, maxmem=memory
        ),
        "pyrage": lambda: _fails(
            lambda: pyrage.passphrase.decrypt(file, _WRONG), pyrage.DecryptError
        ),
    }


def _fails(guess: Callable[[], object], refusal: type[Exception]) -> None:
    """Makes sure that the guess was tried, and was wrong."""
    try:
        guess()
    except refusal:
        return
    raise AssertionError("a wrong passphrase opened a key")


def _seconds(guess: Callable[[], object]) -> float:
    start = time.process_time()
    guess()
    return time.process_time() - start


def _remarks(rows: tuple[Row, ...]) -> tuple[str, ...]:
    found = guessing.duration(guessing.seconds_to_find(PASSPHRASE_WORDS, MANY, _cost(rows)))
    known = guessing.measured_cost()
    words = f"{PASSPHRASE_WORDS} words have {guessing.bits():.1f} bits"
    return (
        f"{words}: {MANY.cores:,} such cores find them in {found} on average",
        f"the handbook works with {known.seconds * 1000:.0f} ms, measured on {known.measured_on}",
        "to write today's down instead: python -m benchmarks guess --record",
    )
