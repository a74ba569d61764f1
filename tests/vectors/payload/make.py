"""Writes the golden payloads of format 1: v1/*.txt, v1/sealed.age and v1/cases.json.

The Python and the TypeScript tests read them. They are the promise that a section sealed once
can be read for good, so an existing file may never change, and this script refuses to change
one; a new case is added below and the script run again. It puts payloads together by hand, so
that it shares no code with what it tests; only the sealed example uses `coachbook.age`.

    .venv/bin/python tests/vectors/payload/make.py

In cases.json `expect` is "ok", "damaged" or "newer". For "ok", `payload` holds what is read,
under the names of the header lines, and writing it gives the same bytes unless `rewritten` is
true: then the data line is spelled in a way of its own.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from coachbook.age import Stanza, X25519Identity, encrypt

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER = Path(__file__).parent / "v1"
PEOPLE = ("p-7kq2m4xa", "p-3fd0aaaa", "monitor@otterbeck")

Case = dict[str, Any]
Values = dict[str, Any]


def identity(name: str) -> X25519Identity:
    """A private key that everyone may know."""
    return X25519Identity(hashlib.sha256(f"golden key of {name}".encode()).digest())


READERS = [[name, identity(name).recipient().fingerprint()] for name in PEOPLE]
PLAIN: Values = {
    "workspace": "4n7d0q2m8x1v6b3k",
    "record": "s-7kq2m4xa",
    "type": "session",
    "section": "Notes",
    "revision": 3,
    "parties": [["coach", "p-7kq2m4xa"], ["coachee", "p-3fd0aaaa"]],
    "author": "p-7kq2m4xa",
    "sealed-at": "2026-11-12T16:30:00Z",
    "policy": "2026-09",
    "rules": ["CB411", "CB412"],
    "readers": READERS,
    "data": {
        "lines": {"Rating": "fully"},
        "steps": [{"done": False, "due": "2026-11-19", "text": "Wait three seconds"}],
    },
    "text": "Longer pauses after the second question; two new hands went up.\n",
}
SIZES = [512 << doublings for doublings in range(14)]


def joined(pairs: list[list[str]], joint: str) -> str:
    """Pairs as a header line has them."""
    return " ".join(joint.join(pair) for pair in pairs)


def lines_of(payload: Values) -> list[str]:
    """The header lines."""
    data = json.dumps(payload["data"], sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return [
        "coachbook-payload: 1",
        f"workspace: {payload['workspace']}",
        f"record: {payload['record']}",
        f"type: {payload['type']}",
        f"section: {payload['section']}",
        f"revision: {payload['revision']}",
        f"parties: {joined(payload['parties'], '=')}",
        f"author: {payload['author']}",
        f"sealed-at: {payload['sealed-at']}",
        f"policy: {payload['policy']}",
        f"rules: {' '.join(payload['rules'])}",
        f"readers: {joined(payload['readers'], ':')}",
        f"data: {data}",
        f"length: {len(payload['text'].encode())}",
    ]


def padded(content: bytes) -> bytes:
    """The content with newlines up to the next size."""
    return content.ljust(next(size for size in SIZES if size >= len(content)), b"\n")


def content_of(lines: list[str], text: str) -> bytes:
    """Everything before the padding."""
    return "".join(f"{line}\n" for line in lines).encode() + b"\n" + text.encode()


CONTENT = content_of(lines_of(PLAIN), PLAIN["text"])


def written(**changes: object) -> Case:
    """A sound payload: the plain one with some values changed."""
    payload: Values = PLAIN | {name.replace("_", "-"): value for name, value in changes.items()}
    data = padded(content_of(lines_of(payload), payload["text"]))
    return {"expect": "ok", "payload": payload, "data": data}


def line_changed(name: str, line: str, expect: str = "damaged") -> Case:
    """The plain payload with one header line replaced."""
    lines = [line if old.startswith(f"{name}: ") else old for old in lines_of(PLAIN)]
    return {"expect": expect, "data": padded(content_of(lines, PLAIN["text"]))}


def replaced(old: str | bytes, new: str | bytes) -> Case:
    """The plain payload with some bytes replaced."""
    old, new = (part.encode() if isinstance(part, str) else part for part in (old, new))
    assert CONTENT.count(old) == 1, old
    return {"expect": "damaged", "data": padded(CONTENT.replace(old, new))}


def damaged(data: bytes) -> Case:
    """A file that is refused."""
    return {"expect": "damaged", "data": data}


def filling(size: int, **changes: object) -> Case:
    """A sound payload that measures so many bytes before padding."""
    empty = len(content_of(lines_of(PLAIN | changes | {"text": "x" * 100}), ""))
    case = written(**changes, text="x" * (size - empty))
    assert size - empty in range(100, 1000)
    return case


def sound_cases() -> dict[str, Case]:
    """What reads, and writes the same."""
    cases = {
        "plain": written(),
        "whole-record": written(
            record="x-0a1b2c3d",
            type="concern",
            section="*",
            revision=1,
            parties=[],
            author="",
            rules=[],
            readers=READERS[:1],
            data={},
        ),
        "text-empty": written(text=""),
        "text-one-byte": written(text="x"),
        "text-only-newlines": written(text="\n\n\n"),
        "text-emoji": written(text="Two new hands 🙋🏽‍♀️ went up 🙂\n"),
        "text-composed": written(text="caf\u00e9 \u1e9b\u0323\n"),
        "text-decomposed": written(text="cafe\u0301 \u017f\u0323\u0307\n"),
        "text-byte-order-mark": written(text="\ufeffAs pasted\n"),
        "text-line-ends": written(text="one\r\ntwo\u2028three\u0085four\ttab\n"),
        "text-like-a-header": written(text="\n\nlength: 3\n\ncoachbook-payload: 2\n"),
        "text-fills-512": filling(512, data={}, readers=READERS[:1], parties=[]),
        "text-fills-1024": filling(1024),
        "text-one-over-1024": filling(1025),
        "text-8-kib": written(text="Wait three seconds.\n" * 410),
        "parties-repeat": written(
            parties=[["observed", "p-3fd0aaaa"], ["observers", "p-a1b2"], ["observers", "p-z9y8"]]
        ),
        "parties-relation-order": written(
            parties=[["coach", "p-z9y8"], ["coach-two", "p-a1b2"], ["coachee", "p-3fd0aaaa"]]
        ),
        # ruff: noqa: RUF001 (characters that look alike are the point here)
        "section-with-spaces": written(section="What we’ll try next – été"),
        "data-empty": written(data={}),
        "data-other-scripts": written(
            data={"lines": {"Überblick": "größtenteils", "𝒶": "後で"}, "steps": []}
        ),
        "data-escapes": written(data={"lines": {'a"b\\c': "tab\tline\nnul\x00del\x7f"}}),
        "data-nested": written(data={"a": [[], {}, None, True, -1, 2.5, {"b": [{"c": ""}]}]}),
    }
    spelled = line_changed("data", 'data: { "b": 1, "a": "\\u00e9\\ud83d\\ude42" }', "ok")
    cases["data-spelled-otherwise"] = spelled | {
        "payload": PLAIN | {"data": {"b": 1, "a": "é🙂"}},
        "rewritten": True,
    }
    return cases


def header_cases() -> dict[str, Case]:
    """Faults of the header and of its simple values."""
    lines = lines_of(PLAIN)
    text = PLAIN["text"]
    return {
        "header-alone": damaged(padded("\n".join(lines).encode())),
        "header-byte-order-mark": damaged(padded(b"\xef\xbb\xbf" + CONTENT)),
        "header-crlf": damaged(padded(CONTENT.replace(b"\n", b"\r\n"))),
        "header-line-missing": damaged(
            padded(content_of([line for line in lines if "author" not in line], text))
        ),
        "header-line-twice": damaged(padded(content_of([*lines[:5], *lines[4:]], text))),
        "header-line-unknown": damaged(padded(content_of([*lines, "mood: calm"], text))),
        "header-order": damaged(
            padded(content_of([lines[0], lines[2], lines[1], *lines[3:]], text))
        ),
        "header-space-missing": replaced("type: session", "type:session"),
        "header-capitals": replaced("type: session", "Type: session"),
        "header-not-utf-8": replaced("section: Notes", b"section: \xff\xfe"),
        "version-0": line_changed("coachbook-payload", "coachbook-payload: 0"),
        "version-01": line_changed("coachbook-payload", "coachbook-payload: 01"),
        "version-word": line_changed("coachbook-payload", "coachbook-payload: one"),
        "version-2": line_changed("coachbook-payload", "coachbook-payload: 2"),
        "version-3": line_changed("coachbook-payload", "coachbook-payload: 3", "newer"),
        "version-10-unlike-1": {
            "expect": "newer",
            "data": padded(b"coachbook-payload: 10\nall: different\n"),
        },
        "workspace-empty": line_changed("workspace", "workspace: "),
        "record-with-space": line_changed("record", "record: s-7kq2m4xa "),
        "type-with-slash": line_changed("type", "type: ../session"),
        "section-empty": line_changed("section", "section: "),
        "section-nul": line_changed("section", "section: No\0tes"),
        "section-cr": line_changed("section", "section: No\rtes"),
        "section-tab": line_changed("section", "section: No\ttes"),
        "section-leading-space": line_changed("section", "section:  Notes"),
        "revision-0": line_changed("revision", "revision: 0"),
        "revision-03": line_changed("revision", "revision: 03"),
        "revision-negative": line_changed("revision", "revision: -3"),
        "revision-fraction": line_changed("revision", "revision: 3.0"),
        "revision-other-digits": line_changed("revision", "revision: ٣"),
        "author-two": line_changed("author", "author: p-7kq2m4xa p-3fd0aaaa"),
        "sealed-at-no-such-day": line_changed("sealed-at", "sealed-at: 2026-02-30T16:30:00Z"),
        "sealed-at-no-such-hour": line_changed("sealed-at", "sealed-at: 2026-11-12T24:00:00Z"),
        "sealed-at-offset": line_changed("sealed-at", "sealed-at: 2026-11-12T16:30:00+00:00"),
        "sealed-at-fraction": line_changed("sealed-at", "sealed-at: 2026-11-12T16:30:00.5Z"),
        "policy-empty": line_changed("policy", "policy: "),
        "rules-order": line_changed("rules", "rules: CB412 CB411"),
        "rules-twice": line_changed("rules", "rules: CB411 CB411"),
    }


def list_cases() -> dict[str, Case]:
    """Faults of parties, readers and data."""
    coach, coachee = "coach=p-7kq2m4xa", "coachee=p-3fd0aaaa"
    first = f"{PEOPLE[0]}:{READERS[0][1]}"
    return {
        "parties-order": line_changed("parties", f"parties: {coachee} {coach}"),
        "parties-twice": line_changed("parties", f"parties: {coach} {coach}"),
        "parties-two-spaces": line_changed("parties", f"parties: {coach}  {coachee}"),
        "parties-no-relation": line_changed("parties", "parties: p-7kq2m4xa"),
        "parties-no-person": line_changed("parties", "parties: coach="),
        "readers-none": line_changed("readers", "readers: "),
        "readers-twice": line_changed("readers", f"readers: {first} {first}"),
        "readers-no-fingerprint": line_changed("readers", f"readers: {PEOPLE[0]}"),
        "readers-fingerprint-short": line_changed("readers", f"readers: {first[:-1]}"),
        "readers-fingerprint-capitals": line_changed(
            "readers", f"readers: {PEOPLE[0]}:{READERS[0][1].upper()}"
        ),
        "data-array": line_changed("data", "data: []"),
        "data-null": line_changed("data", "data: null"),
        "data-cut": line_changed("data", 'data: {"lines":{}'),
        "data-two-objects": line_changed("data", "data: {}{}"),
        "data-key-twice": line_changed("data", 'data: {"a":1,"a":2}'),
        "data-key-twice-within": line_changed("data", 'data: {"a":[{"b":1,"\\u0062":2}]}'),
        "data-nan": line_changed("data", 'data: {"a":NaN}'),
        "data-infinite": line_changed("data", 'data: {"a":1e999}'),
        "data-half-a-pair": line_changed("data", 'data: {"a":"\\ud83d"}'),
        "data-trailing-comma": line_changed("data", 'data: {"a":1,}'),
        "data-raw-tab": line_changed("data", 'data: {"a":"\t"}'),
        "data-deep": line_changed("data", 'data: {"a":' + "[" * 3000 + "}"),
    }


def length_cases() -> dict[str, Case]:
    """Faults of length, text and padding."""
    length = len(PLAIN["text"].encode())
    whole = padded(CONTENT)
    return {
        "empty": damaged(b""),
        "only-newlines": damaged(b"\n" * 512),
        "something-else": damaged(padded(b"# Notes\n\nNot a payload\n")),
        "length-leading-zero": line_changed("length", f"length: 0{length}"),
        "length-sign": line_changed("length", f"length: +{length}"),
        "length-word": line_changed("length", "length: all"),
        "length-one-more": line_changed("length", f"length: {len(whole)}"),
        "length-one-less": line_changed("length", f"length: {length - 2}"),
        "length-beyond-sizes": line_changed("length", "length: 9999999"),
        "length-many-digits": line_changed("length", f"length: {'9' * 5000}"),
        "length-splits-a-character": damaged(
            padded(content_of([*lines_of(PLAIN)[:-1], "length: 1"], "é")[:-1] + b"\n")
        ),
        "text-not-utf-8": replaced("Longer pauses", b"Longer \xff\xfe\xfd"),
        "text-half-a-pair": replaced("Longer pauses", b"Longer \xed\xa0\xbd"),
        "text-cut": damaged(CONTENT[:-8]),
        "padding-missing": damaged(CONTENT),
        "padding-one-short": damaged(whole[:-1]),
        "padding-one-more": damaged(whole + b"\n"),
        "padding-next-size": damaged(whole.ljust(2 * len(whole), b"\n")),
        "padding-space": damaged(whole[:-1] + b" "),
        "padding-nul": damaged(whole[:-1] + b"\0"),
        "padding-carriage-return": damaged(whole[:-2] + b"\r\n"),
        "padding-hides-text": damaged(whole[:-9] + b"\nsecret\n\n"),
    }


def counting() -> Iterator[bytes]:
    """Bytes that look random and are the same each time."""
    number = 0
    while True:
        yield hashlib.sha256(number.to_bytes(8, "big")).digest()
        number += 1


def sealed_example() -> bytes:
    """The plain payload sealed to all three readers."""
    stream = counting()
    stanza = Stanza("coachbook/readers", tuple(":".join(reader) for reader in READERS))
    recipients = [identity(name).recipient() for name in PEOPLE]
    return encrypt(
        padded(CONTENT), recipients, extra=[stanza], random=lambda length: next(stream)[:length]
    )


def save(path: Path, data: bytes) -> None:
    """Writes the file, unless that would change a golden one."""
    if path.exists() and path.read_bytes() != data:
        raise SystemExit(f"{path.name} is golden and would change")
    path.write_bytes(data)


def main() -> None:
    """Writes all files."""
    cases = sound_cases() | header_cases() | list_cases() | length_cases()
    index = []
    for name, case in sorted(cases.items()):
        save(FOLDER / f"{name}.txt", case.pop("data"))
        index.append({"name": name, "file": f"{name}.txt"} | case)
    save(FOLDER / "sealed.age", sealed_example())
    sealed = {
        "file": "sealed.age",
        "opens_as": "plain",
        "identities": {name: identity(name).reveal_private_key() for name in PEOPLE},
    }
    document = {"format": 1, "cases": index, "sealed": sealed}
    text = json.dumps(document, indent=1, ensure_ascii=False) + "\n"
    (FOLDER / "cases.json").write_bytes(text.encode())


if __name__ == "__main__":
    main()
