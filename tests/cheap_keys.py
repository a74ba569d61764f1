"""A copy of the example trust whose keys ask for little work: the same keys and passphrases.

They are unlocked some hundred times, in Python and in the browser. That the example's own ask
for all of it, and open, is shown in `test_example.py`; keys that are made anew are unlocked in
the tests of the keystore, of `keys` and of the first note.
"""

from __future__ import annotations

import csv
import shutil
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from coachbook.age import ScryptIdentity, ScryptRecipient, armor, dearmor, decrypt, encrypt
from coachbook.keystore import normalise_passphrase

if TYPE_CHECKING:
    from collections.abc import Mapping

RECORDS = Path(__file__).parents[1] / "records"


def copy_example(root: Path) -> Path:
    """The example's records in the folder `root`, each published key under cheap words."""
    shutil.copytree(RECORDS, root / "records")
    for name, text in _cheap().items():
        (root / "records" / "keys" / name).write_text(text, encoding="ascii")
    return root


@cache
def _cheap() -> Mapping[str, str]:
    """File -> the protected key in it, for a thousandth of the work; unlocked once a process."""
    with (RECORDS / "demo-passphrases.csv").open(encoding="utf-8") as file:
        words = {row["person"]: row["passphrase"] for row in csv.DictReader(file)}
    return {f"{person}.age": _cheaply(person, words[person]) for person in words}


def _cheaply(person: str, words: str) -> str:
    protected = (RECORDS / "keys" / f"{person}.age").read_text(encoding="ascii")
    passphrase = normalise_passphrase(words)
    key = decrypt(dearmor(protected), [ScryptIdentity(passphrase)])
    return armor(encrypt(key, [ScryptRecipient(passphrase, log_n=5)]))
