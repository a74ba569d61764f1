"""Any bytes as what is inside a sealed section."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import orjson

from coachbook.errors import DamagedError, SealedError
from coachbook.payload import Payload, format_payload, parse_payload
from fuzz.feed import Feed
from fuzz.samples import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_FIRST = Payload(
    workspace="4n7d0q2m8x1v6b3k",
    record="s-7kq2m4xa",
    type="session",
    section="Notes",
    revision=3,
    parties=(("coach", "p-c5t0w6ze"), ("coachee", "p-n9b4j2ys")),
    author="p-c5t0w6ze",
    sealed_at="2026-11-12T16:30:00Z",
    policy="2026-09",
    rules=("CB411", "CB412"),
    readers=(("p-c5t0w6ze", "zqvolpv2ncbzaxilqwlivlhnhe"),),
    data={"lines": {"Rating": "fully"}, "steps": []},
    text="Hello",
)
_EXAMPLES = (
    _FIRST,
    replace(_FIRST, section="*", author="", rules=(), parties=(), data={}, text=""),
    replace(_FIRST, text="---\ntype: concern\n---\n\n## What was seen\n\n“Zoë” waited.\n" * 9),
)
_TEXTS = ("section", "author", "sealed_at", "policy", "workspace", "record", "type", "text")


def seeds() -> Iterable[bytes]:
    """Payloads as they are written, those of the vectors, and values to put into one."""
    for example in (*map(format_payload, _EXAMPLES), *vectors()):
        yield b"\x00" + example
    for at, value in enumerate(("Notes: more", "a b", "\n", "2026-02-30T00:00:00Z", "", "x@y.z-1")):
        yield bytes([1, at]) + value.encode()


def vectors() -> Iterator[bytes]:
    """The payloads, whole and faulty, by which both implementations are tested."""
    folder = ROOT / "tests" / "vectors" / "payload"
    return (path.read_bytes() for path in sorted(folder.rglob("*.txt")))


def check(data: bytes) -> None:
    """A payload is read as it was written or refused, and what is written reads the same."""
    feed = Feed(data)
    if feed.number(1):
        _check_written(feed)
    else:
        _check_read(feed.rest())


def _check_read(data: bytes) -> None:
    try:
        payload = parse_payload(data)
    except DamagedError:
        return
    again = format_payload(payload)
    assert parse_payload(again) == payload
    assert _without_data(again) == _without_data(data)


def _without_data(data: bytes) -> list[bytes]:
    """Its lines but for the one of JSON, which has many spellings, and padding that follows it."""
    return [line for line in data.rstrip(b"\n").split(b"\n") if not line.startswith(b"data: ")]


def _check_written(feed: Feed) -> None:
    """A value that would pass for two, or for another line, is refused before it is sealed."""
    name = feed.pick((*_TEXTS, "data"))
    text = feed.rest().decode("utf-8", "surrogateescape")
    try:
        payload = replace(_FIRST, **{name: _data(text) if name == "data" else text})  # type: ignore[arg-type]
        written = format_payload(payload)
    except SealedError:
        return
    assert parse_payload(written) == payload


def _data(text: str) -> dict[str, object]:
    """The text as JSON if it is an object, else the text as a value."""
    try:
        found = orjson.loads(text.encode("utf-8", "replace"))
    except orjson.JSONDecodeError:
        found = None
    return found if isinstance(found, dict) else {text: text}
