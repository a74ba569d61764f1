"""Which keys this device has met before, so that a swapped one is noticed.

Like the list of known hosts that ssh keeps: whoever can write to the repository could put
their own key in somebody's place, and only a memory outside the repository can tell.
"""

from __future__ import annotations

import re
from dataclasses import field
from types import MappingProxyType
from typing import TYPE_CHECKING

from coachbook.errors import InputError
from coachbook.values import frozen

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from coachbook.readers import Reader

_HEAD = "coachbook-pins: 1"
_LINE = re.compile(r"([0-9a-z][0-9a-z@-]*) ([a-z2-7]{26})")


@frozen
class Pins:
    """Reader -> fingerprint of the key that was last accepted."""

    known: Mapping[str, str] = field(default_factory=dict)

    def accept(self, readers: Iterable[Reader]) -> Pins:
        """These pins with the readers' keys among them."""
        return Pins(MappingProxyType({**self.known, **dict(reader.stated for reader in readers)}))


def parse_pins(text: str) -> Pins:
    """The pins in the file; raises InputError, because an unread pin would protect nobody."""
    head, *lines = text.splitlines() or [""]
    matches = [_LINE.fullmatch(line) for line in lines]
    known = {match[1]: match[2] for match in matches if match}
    if head != _HEAD or len(known) != len(lines):
        raise InputError(
            "the list of known keys on this device cannot be read",
            hint="compare fingerprints with the others, then delete pins.txt in the key folder",
        )
    return Pins(MappingProxyType(known))


def format_pins(pins: Pins) -> str:
    """The pins as lines of reader and fingerprint."""
    lines = (f"{reader} {fingerprint}" for reader, fingerprint in sorted(pins.known.items()))
    return "".join(f"{line}\n" for line in (_HEAD, *lines))


def new_readers(
    readers: Iterable[Reader], pins: Pins, previous: Iterable[tuple[str, str]] = ()
) -> tuple[Reader, ...]:
    """The readers whom somebody has to be asked about before a part is sealed for them.

    They are those with a new key, and those who could not read the block before. Anybody who can
    write to the repository could have widened a policy, a form or a header in between.

    Args:
        previous: (reader, fingerprint) pairs that the block before stated; none without one.
    """
    found, stated = tuple(readers), tuple(previous)
    could_read = {reader for reader, _ in stated}
    strangers = new_keys(found, pins, stated)
    return tuple(
        reader
        for reader in found
        if reader in strangers or (could_read and reader.id not in could_read)
    )


def new_keys(
    readers: Iterable[Reader], pins: Pins, previous: Iterable[tuple[str, str]] = ()
) -> tuple[Reader, ...]:
    """The readers whose key was neither met on this device nor named by the block before.

    A key that differs from the pinned one is always new: the block before could have been
    written by whoever swapped the key.
    """
    stated = set(previous)
    return tuple(
        reader
        for reader in readers
        if pins.known.get(reader.id) != reader.fingerprint
        and (reader.id in pins.known or reader.stated not in stated)
    )
