"""Which signing keys this device has met, so that a swapped one is noticed.

A signing key follows from a person's key, so beside one key there is only ever one. Whoever can
write to the repository could put their own into somebody's public line, and sign as them; only a
memory outside the repository can tell.
"""

from __future__ import annotations

import base64
import re
from typing import TYPE_CHECKING

from coachbook.errors import InputError
from coachbook.publickey import is_role

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from coachbook.publickey import PublicKey

Known = dict[tuple[str, str], str]
"""(person, fingerprint of the key) -> the signing key in base64."""

_HEAD = "coachbook-signers: 1"
_LINE = re.compile(r"(p-[a-z0-9]{4,16}) ([a-z2-7]{26}) ([0-9A-Za-z+/]{43}=)")


def parse_signers(text: str) -> Known:
    """The signing keys in the file; raises InputError, because an unread one protects nobody."""
    head, *lines = text.splitlines() or [""]
    matches = [_LINE.fullmatch(line) for line in lines]
    known = {(match[1], match[2]): match[3] for match in matches if match}
    if head != _HEAD or len(known) != len(lines):
        raise InputError(
            "the list of known signing keys on this device cannot be read",
            hint="compare fingerprints with the others, then delete signers.txt in the key folder",
        )
    return known


def format_signers(known: Mapping[tuple[str, str], str]) -> str:
    """The file: a line for each key, in the order of their owners."""
    lines = (f"{person} {key} {signing}" for (person, key), signing in sorted(known.items()))
    return "".join(f"{line}\n" for line in (_HEAD, *lines))


def with_met(known: Known, keys: Iterable[PublicKey]) -> Known:
    """The list with the keys of people that it does not have yet; what it has stays as it is."""
    met = {
        (key.owner, key.fingerprint): base64.b64encode(key.signing).decode("ascii")
        for key in keys
        if not is_role(key.owner)
    }
    return met | known


def swapped_signers(known: Known, keys: Iterable[PublicKey]) -> frozenset[tuple[str, str]]:
    """(person, fingerprint) of the keys whose signing key is another than the one that was met."""
    met = with_met({}, keys)
    return frozenset(one for one, signing in met.items() if known.get(one, signing) != signing)
