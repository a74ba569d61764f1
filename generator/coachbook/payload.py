"""What is inside a sealed section: header, data, text, padding.

An age file hides its content and fixes who can open it, but not where it belongs, what it was
judged by, or how long it is. The payload says so under the seal: header lines in a fixed
order, a blank line, the text, and newlines up to the next size of a short list.

    coachbook-payload: 1
    workspace: 4n7d0q2m8x1v6b3k
    record: s-7kq2m4xa
    type: session
    section: Notes
    revision: 3
    parties: coach=p-7kq2m4xa coachee=p-3fd0aaaa
    author: p-7kq2m4xa
    sealed-at: 2026-11-12T16:30:00Z
    policy: 2026-09
    rules: CB411 CB412
    readers: p-7kq2m4xa:zqvolpv2ncbzaxilqwlivlhnhe
    data: {"lines":{"Rating":"fully"},"steps":[]}
    length: 5

    Hello

There is one way to write a payload, and reading insists on it: every line once, in this order,
as `name: value` even where the value is empty. Only the JSON of the data line may be spelled in
more than one way, because the portal writes it too. No message quotes what a payload holds.

Where its author has signed the text, the payload is of format 2, which has one line more, behind
`author`. It says when the author wrote this, with which key, and holds an Ed25519 signature over
what `format_writing` gives: the text with its place, and nothing that sealing it again for other
readers would change.

    written: 2026-11-12T16:30:00Z zqvolpv2ncbzaxilqwlivlhnhe <signature in base64>
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from coachbook.age.stream import encrypted_length
from coachbook.errors import DamagedError, SealedError
from coachbook.values import frozen

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

VERSION = 2
"""The newest format; what nobody has signed is still written in the first."""

WHOLE = "*"
"""The section name of a record that is sealed whole."""

SIZES = tuple(512 << doublings for doublings in range(14))
"""What a padded payload may measure, in bytes: 512 to 4 MiB."""

SEALED_SIZES = frozenset(encrypted_length(size) for size in SIZES)
"""What it measures once it is encrypted, which can be told without a key."""

TEXT_LIMIT = 1 << 20
"""The most bytes of text that a section may hold."""

_ID = r"[0-9A-Za-z][0-9A-Za-z@._-]*"
_PARTY = rf"[a-z][a-z0-9-]*={_ID}"
_READER = rf"{_ID}:[a-z2-7]{{26}}"
_MOMENT = r"[0-9]{4}-[0-9]{2}-[0-9]{2}T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]Z"
_SIGNATURE = r"[0-9A-Za-z+/]{85}[AQgw]=="  # 64 bytes in their one spelling
_GRAMMAR = {
    "coachbook-payload": r"[1-9][0-9]{0,5}",
    "workspace": _ID,
    "record": _ID,
    "type": _ID,
    "section": r"[^\x00-\x20](?:[^\x00-\x1f]*[^\x00-\x20])?",
    "revision": r"[1-9][0-9]{0,8}",
    "parties": rf"(?:{_PARTY}(?: {_PARTY})*)?",
    "author": rf"(?:{_ID})?",
    "written": rf"{_MOMENT} [a-z2-7]{{26}} {_SIGNATURE}",
    "sealed-at": _MOMENT,
    "policy": _ID,
    "rules": rf"(?:{_ID}(?: {_ID})*)?",
    "readers": rf"{_READER}(?: {_READER})*",
    "data": r"\{[^\x00-\x1f]*\}",
    "length": r"0|[1-9][0-9]{0,6}",
}
"""The header lines in their order, and the form of each value."""
_VERSION_LINE = "coachbook-payload"
_WRITTEN = "written"
_SIGNED = {name: re.compile(form) for name, form in _GRAMMAR.items()}
_UNSIGNED = {name: pattern for name, pattern in _SIGNED.items() if name != _WRITTEN}
_PATTERNS = {1: _UNSIGNED, 2: _SIGNED}
"""By format."""
_WRITING_LINE = "coachbook-writing"
_OF_THE_SEAL = frozenset(
    {_VERSION_LINE, _WRITTEN, "revision", "sealed-at", "policy", "rules", "readers"}
)
"""The lines that sealing the same text again changes, and the signature itself."""


@frozen
class Written:
    """When the author wrote a text and with which key they signed it; the signature in base64."""

    at: str
    key: str
    signature: str

    def __str__(self) -> str:
        """As the header line has it."""
        return f"{self.at} {self.key} {self.signature}"


@frozen(repr=False)
class Payload:
    """A sealed section opened: where it belongs, who wrote it when for whom, and its text."""

    workspace: str
    record: str
    type: str
    section: str
    revision: int
    parties: tuple[tuple[str, str], ...]
    """(relation, person), sorted; a relation may repeat."""
    author: str
    """Empty if nobody is named. A claim, unless `written` holds their signature."""
    sealed_at: str
    policy: str
    rules: tuple[str, ...]
    """The text rules that ran before sealing, sorted."""
    readers: tuple[tuple[str, str], ...]
    """(reader, fingerprint), in the order of the stanzas."""
    data: Mapping[str, object]
    """Typed lines and steps as a JSON object; not to be changed."""
    text: str
    written: Written | None = None
    """None where its author did not sign it."""

    def __post_init__(self) -> None:
        """Puts parties and rules into the one order they are written in."""
        object.__setattr__(self, "parties", tuple(sorted(self.parties)))
        object.__setattr__(self, "rules", tuple(sorted(self.rules)))

    def __repr__(self) -> str:
        """Shows the place only: type, people, data and text may be confidential."""
        return f"Payload({self.record!r}, {self.section!r}, revision={self.revision})"


def format_payload(payload: Payload) -> bytes:
    """The payload as padded bytes; raises SealedError if it can't be written."""
    text = _encode(payload.text)
    if len(text) > TEXT_LIMIT:
        raise _too_long(f"{len(text):,} bytes of text, at most {TEXT_LIMIT:,} can be sealed")
    values = _header_values(payload, len(text))
    if fault := _form_fault(values, _PATTERNS[_version(payload)]) or _sense_fault(payload):
        raise SealedError(f"the section cannot be sealed: {fault}")
    _require_readable(payload, values)
    header = "".join(f"{name}: {value}\n" for name, value in values.items())
    body = _encode(header) + b"\n" + text
    size = _padded_size(len(body))
    if size is None:
        raise _too_long(f"{len(body):,} bytes in all, at most {SIZES[-1]:,} can be sealed")
    return body.ljust(size, b"\n")


def format_writing(payload: Payload, at: str, key: str) -> bytes:
    """What an author signs: the text, its data and its place, the moment, and the key used."""
    text = _encode(payload.text)
    lines = {
        _WRITING_LINE: "1",
        **{
            name: value
            for name, value in _header_values(payload, len(text)).items()
            if name not in _OF_THE_SEAL
        },
        _WRITTEN: f"{at} {key}",
    }
    header = "".join(f"{name}: {value}\n" for name, value in lines.items())
    return _encode(header) + b"\n" + text


def parse_payload(data: bytes) -> Payload:
    """The payload in the bytes; raises DamagedError unless it is written as it should be."""
    raw_header, _, rest = data.partition(b"\n\n")
    values = _parse_header(_decode(raw_header))
    length = int(values["length"])
    _require_padding(rest[length:], content=len(data) - len(rest) + length, total=len(data))
    payload = _parse_values(values, _decode(rest[:length]))
    if fault := _sense_fault(payload):
        raise _damaged(fault)
    if _header_values(payload, length) | {"data": values["data"]} != values:
        raise _damaged("its parties or rules are not in order")
    return payload


def _version(payload: Payload) -> int:
    return 1 if payload.written is None else VERSION


def _header_values(payload: Payload, length: int) -> dict[str, str]:
    written = {} if payload.written is None else {_WRITTEN: str(payload.written)}
    return {
        _VERSION_LINE: str(_version(payload)),
        "workspace": payload.workspace,
        "record": payload.record,
        "type": payload.type,
        "section": payload.section,
        "revision": str(payload.revision),
        "parties": _format_pairs(payload.parties, "="),
        "author": payload.author,
        **written,
        "sealed-at": payload.sealed_at,
        "policy": payload.policy,
        "rules": " ".join(payload.rules),
        "readers": _format_pairs(payload.readers, ":"),
        "data": _format_data(payload.data),
        "length": str(length),
    }


def _parse_values(values: Mapping[str, str], text: str) -> Payload:
    return Payload(
        workspace=values["workspace"],
        record=values["record"],
        type=values["type"],
        section=values["section"],
        revision=int(values["revision"]),
        parties=_parse_pairs(values["parties"], "="),
        author=values["author"],
        sealed_at=values["sealed-at"],
        policy=values["policy"],
        rules=tuple(values["rules"].split()),
        readers=_parse_pairs(values["readers"], ":"),
        data=_parse_data(values["data"]),
        text=text,
        written=Written(*values[_WRITTEN].split(" ")) if _WRITTEN in values else None,
    )


def _parse_header(header: str) -> dict[str, str]:
    lines = header.split("\n")
    patterns = _PATTERNS[_require_version(lines[0])]
    pairs = [line.partition(": ") for line in lines]
    if [name for name, _, _ in pairs] != list(patterns):
        raise _damaged("a header line is missing, added or out of place")
    values = {name: value for name, _, value in pairs}
    if fault := _form_fault(values, patterns):
        raise _damaged(fault)
    return values


def _require_version(line: str) -> int:
    """The format that the first line names; raises DamagedError for none, or a newer one."""
    name, _, version = line.partition(": ")
    if name != _VERSION_LINE or not _SIGNED[_VERSION_LINE].fullmatch(version):
        raise _damaged("it does not start as a payload does")
    if int(version) > VERSION:
        raise DamagedError(
            f"the section was sealed in format {version}, this release reads up to {VERSION}",
            hint="install the newest coachbook and open the section again",
        )
    return int(version)


def _form_fault(values: Mapping[str, str], patterns: Mapping[str, re.Pattern[str]]) -> str:
    """Which header line's value has not its form, in words; empty if all have."""
    for name, pattern in patterns.items():
        if not pattern.fullmatch(values[name]):
            return f"its line {name!r} does not have the form it should"
    return ""


def _sense_fault(payload: Payload) -> str:
    """What a form can't tell: a name given twice, a day that does not exist; else empty."""
    readers = [reader for reader, _ in payload.readers]
    for name, given in (
        ("parties", payload.parties),
        ("rules", payload.rules),
        ("readers", readers),
    ):
        if len(set(given)) != len(given):
            return f"its line {name!r} names one twice"
    moments = {"sealed-at": payload.sealed_at}
    if payload.written is not None:
        moments[_WRITTEN] = payload.written.at
    for name, moment in moments.items():
        try:
            datetime.fromisoformat(moment)
        except ValueError:
            return f"its line {name!r} names a day that does not exist"
    return "its author is not named" if payload.written and not payload.author else ""


def _require_readable(payload: Payload, values: Mapping[str, str]) -> None:
    """An id that holds a space, say, could pass for two."""
    if replace(_parse_values(values, payload.text), data=payload.data) != payload:
        raise SealedError("the section cannot be sealed: a name in its header passes for two")


def _require_padding(padding: bytes, *, content: int, total: int) -> None:
    if total != _padded_size(content) or padding.strip(b"\n"):
        raise _damaged("its length and its padding do not agree")


def _padded_size(content: int) -> int | None:
    """The smallest size on the list that holds so many bytes, or None."""
    return next((size for size in SIZES if size >= content), None)


def _format_pairs(pairs: Iterable[tuple[str, str]], joint: str) -> str:
    return " ".join(f"{left}{joint}{right}" for left, right in pairs)


def _parse_pairs(value: str, joint: str) -> tuple[tuple[str, str], ...]:
    parts = (word.partition(joint) for word in value.split())
    return tuple((left, right) for left, _, right in parts)


def _format_data(data: Mapping[str, object]) -> str:
    try:
        line = json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        _load_json(line)
    except (TypeError, ValueError, RecursionError):
        raise SealedError("the section cannot be sealed: its data is not a JSON object") from None
    return line


def _parse_data(line: str) -> dict[str, object]:
    try:
        return _load_json(line)
    except (ValueError, RecursionError):
        raise _damaged("its line 'data' is not a JSON object") from None


def _load_json(line: str) -> dict[str, object]:
    """The object in the line; raises ValueError for what only some readers of JSON accept."""
    data: dict[str, object] = json.loads(line, object_pairs_hook=_unique)
    # Refuses NaN, infinities and lone surrogates, which can be spelled but not written again.
    json.dumps(data, ensure_ascii=False, allow_nan=False).encode()
    return data


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError
    return found


# The exceptions below are raised `from None`: a Unicode error carries the whole text with it.


def _encode(text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError:
        raise SealedError("the section holds half of a character pair, not text") from None


def _decode(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError:
        raise _damaged("it is not UTF-8 text") from None


def _damaged(reason: str) -> DamagedError:
    return DamagedError(
        f"the sealed section is damaged: {reason}", hint="restore the last good copy of the record"
    )


def _too_long(found: str) -> SealedError:
    return SealedError(f"the section is too long: {found}", hint="divide it into two records")
