"""Templates as an earlier run has compiled them."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from jinja2 import BytecodeCache

if TYPE_CHECKING:
    from jinja2.bccache import Bucket

    from coachbook.cache import Cache

_NAME = "templates"


class Compiled(BytecodeCache):
    """Templates as they were compiled for a kind of sandbox, by name and text."""

    def __init__(self, cache: Cache) -> None:
        self._cache = cache
        self._found = cast("dict[str, bytes]", cache.read(_NAME) or {})
        self._is_new = False

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fills in a template as an earlier run has compiled it, if one has."""
        known = self._found.get(_bucket_key(bucket))
        if known is not None:
            bucket.bytecode_from_string(known)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Remembers a template as it has just been compiled."""
        self._found[_bucket_key(bucket)] = bucket.bytecode_to_string()
        self._is_new = True

    def keep(self) -> None:
        """Leaves to the next run what was compiled anew."""
        if self._is_new:
            self._cache.write(_NAME, self._found)


def _bucket_key(bucket: Bucket) -> str:
    kind = type(bucket.environment)
    return f"{kind.__module__} {kind.__qualname__} {bucket.key} {bucket.checksum}"
