"""Bytes as a row of choices, so that whatever changes bytes changes what is tried."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Sequence

T = TypeVar("T")


class Feed:
    """Takes choices from the front of some bytes; nought once they are used up."""

    __slots__ = ("_at", "_data")

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    @property
    def is_empty(self) -> bool:
        """True once every byte is used up."""
        return self._at >= len(self._data)

    def number(self, most: int) -> int:
        """A whole number from 0 to `most`."""
        size = max(1, (most.bit_length() + 7) // 8)
        return int.from_bytes(self.take(size), "big") % (most + 1)

    def pick(self, choices: Sequence[T]) -> T:
        """One of the choices."""
        return choices[self.number(len(choices) - 1)]

    def take(self, length: int) -> bytes:
        """The next bytes, fewer at the end."""
        found = self._data[self._at : self._at + length]
        self._at += length
        return found

    def rest(self) -> bytes:
        """Every byte that is left."""
        return self.take(len(self._data))
