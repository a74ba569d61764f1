"""Sealing and opening a note for three readers, beside its bare primitives and beside pyrage.

The candidates take turns within one run, so that a busy machine slows all of them alike, and
what is compared is the ratio of their medians.
"""

from __future__ import annotations

import os
import statistics
import time
from typing import TYPE_CHECKING

import pyrage
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from benchmarks.bare import NAME as BARE
from benchmarks.sealing import open_bare, seal_bare
from benchmarks.table import OURS, Aim, Row, Table
from coachbook.age import X25519Identity, decrypt, encrypt

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

NOTE = os.urandom(1300)
IDENTITIES = [X25519Identity.generate() for _ in range(3)]
RECIPIENTS = [identity.recipient() for identity in IDENTITIES]
LAST = IDENTITIES[-1]
ROUNDS, CALLS = 25, 20
AIM = Aim(BARE, 1 / 1.5)


def run(rounds: int = ROUNDS) -> tuple[Table, Table]:
    """Sealing and opening, each a table."""
    return (
        _compare("seal a note for three readers", _sealers(), rounds),
        _compare("open it as the third", _openers(), rounds),
    )


def _sealers() -> Mapping[str, Callable[[], object]]:
    keys = [recipient.key for recipient in RECIPIENTS]
    theirs = [pyrage.x25519.Recipient.from_str(str(recipient)) for recipient in RECIPIENTS]
    return {
        OURS: lambda: encrypt(NOTE, RECIPIENTS),
        BARE: lambda: seal_bare(NOTE, keys),
        "pyrage": lambda: pyrage.encrypt(NOTE, theirs),
    }


def _openers() -> Mapping[str, Callable[[], object]]:
    file = encrypt(NOTE, RECIPIENTS)
    slots, mac, body = seal_bare(NOTE, [recipient.key for recipient in RECIPIENTS])
    private = X25519PrivateKey.from_private_bytes(LAST.seed())
    theirs = pyrage.x25519.Identity.from_str(LAST.reveal_private_key())
    return {
        OURS: lambda: decrypt(file, [LAST]),
        BARE: lambda: open_bare(slots, mac, body, private),
        "pyrage": lambda: pyrage.decrypt(file, [theirs]),
    }


def _compare(work: str, candidates: Mapping[str, Callable[[], object]], rounds: int) -> Table:
    times: dict[str, list[float]] = {name: [] for name in candidates}
    for _ in range(rounds):
        for name, candidate in candidates.items():
            times[name].append(_time(candidate))
    rows = tuple(Row(name, statistics.median(found)) for name, found in times.items())
    return Table(work, "note", rows, (AIM,))


def _time(candidate: Callable[[], object]) -> float:
    """Seconds of one call."""
    start = time.perf_counter()
    for _ in range(CALLS):
        candidate()
    return (time.perf_counter() - start) / CALLS
