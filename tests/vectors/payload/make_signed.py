"""Writes the golden payloads of format 2, which their author signed: v2/*.txt and v2/cases.json.

The same rules as in `make`: nothing that is there may change, and what is tested is not used to
make it. Beside the payloads, `blocks` holds sealed parts with the signature that stands under
them, and what anybody has to say of each: "signed", "not signed" or "signature does not match".

    .venv-dev/bin/python -m tests.vectors.payload.make_signed
"""

from __future__ import annotations

import base64
import hashlib
import json
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from coachbook.age import Stanza, armor, encrypt
from tests.vectors.payload.make import (
    PEOPLE,
    PLAIN,
    READERS,
    Case,
    Values,
    content_of,
    counting,
    damaged,
    identity,
    joined,
    lines_of,
    padded,
    save,
)

FOLDER = Path(__file__).parent / "v2"
COACH, COACHEE, _ = PEOPLE
MOMENT, DAY = "2026-11-12T16:30:00Z", "2026-11-12"
LATER = "2027-03-01T08:00:00Z"


def signing_key(name: str) -> Ed25519PrivateKey:
    """The signing key that follows from a private key."""
    seed = HKDF(algorithm=SHA256(), length=32, salt=b"", info=b"coachbook signing v1").derive(
        identity(name).seed()
    )
    return Ed25519PrivateKey.from_private_bytes(seed)


def fingerprint(name: str) -> str:
    """The fingerprint of somebody's key."""
    return identity(name).recipient().fingerprint()


def signature(name: str, message: bytes) -> str:
    """Somebody's signature in base64."""
    return base64.b64encode(signing_key(name).sign(message)).decode()


def writing(payload: Values, at: str, key: str) -> bytes:
    """What an author signs inside the seal."""
    data = json.dumps(payload["data"], sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    lines = [
        "coachbook-writing: 1",
        f"workspace: {payload['workspace']}",
        f"record: {payload['record']}",
        f"type: {payload['type']}",
        f"section: {payload['section']}",
        f"parties: {joined(payload['parties'], '=')}",
        f"author: {payload['author']}",
        f"data: {data}",
        f"length: {len(payload['text'].encode())}",
        f"written: {at} {key}",
    ]
    return content_of(lines, payload["text"])


def signed(payload: Values, *, by: str = COACH, at: str = MOMENT, key: str = "") -> Values:
    """The payload with the signature of its author, or of somebody in their place."""
    used = key or fingerprint(by)
    return payload | {
        "written": {"at": at, "key": used, "signature": signature(by, writing(payload, at, used))}
    }


def signed_lines(payload: Values) -> list[str]:
    """The header lines of a payload that is signed."""
    lines = lines_of(payload)
    one = payload["written"]
    lines[0] = "coachbook-payload: 2"
    lines.insert(8, f"written: {one['at']} {one['key']} {one['signature']}")
    return lines


def bytes_of(payload: Values) -> bytes:
    """The payload, in the format that fits it."""
    lines = signed_lines(payload) if "written" in payload else lines_of(payload)
    return padded(content_of(lines, payload["text"]))


PLAIN_SIGNED = signed(PLAIN)


def written(**changes: object) -> Case:
    """A sound payload: the plain one with some values changed, signed by its author."""
    payload = signed(PLAIN | changes)
    return {"expect": "ok", "payload": payload, "data": bytes_of(payload)}


def line_changed(name: str, line: str) -> Case:
    """The plain payload with one header line replaced, or taken out."""
    lines = [line if old.startswith(f"{name}: ") else old for old in signed_lines(PLAIN_SIGNED)]
    return damaged(padded(content_of([one for one in lines if one], PLAIN["text"])))


def cases() -> dict[str, Case]:
    """Payloads that read, and payloads that are refused."""
    one = PLAIN_SIGNED["written"]
    moved = signed_lines(PLAIN_SIGNED)
    moved.insert(10, moved.pop(8))
    return {
        "plain": written(),
        "text-empty": written(text=""),
        "text-emoji": written(text="Two new hands 🙋🏽‍♀️ went up 🙂\n"),
        # ruff: noqa: RUF001 (characters that look alike are the point here)
        "data-other-scripts": written(
            data={"lines": {"Überblick": "größtenteils", "𝒶": "後で", "\ufb01": "10", "2": "1"}}
        ),
        "version-1": line_changed("coachbook-payload", "coachbook-payload: 1"),
        "written-missing": line_changed("written", ""),
        "written-empty": line_changed("written", "written: "),
        "written-out-of-place": damaged(padded(content_of(moved, PLAIN["text"]))),
        "written-no-moment": line_changed("written", f"written: {one['key']} {one['signature']}"),
        "written-no-such-day": line_changed(
            "written", f"written: 2026-02-30T16:30:00Z {one['key']} {one['signature']}"
        ),
        "written-signature-short": line_changed(
            "written", f"written: {MOMENT} {one['key']} {one['signature'][:-4]}"
        ),
        "written-signature-spelled-otherwise": line_changed(
            "written", f"written: {MOMENT} {one['key']} {one['signature'][:-3]}B=="
        ),
        "author-empty": line_changed("author", "author: "),
    }


def sealed(payload: Values) -> str:
    """The payload sealed to its readers."""
    stream = counting()
    stanza = Stanza("coachbook/readers", tuple(":".join(reader) for reader in READERS))
    recipients = [identity(name).recipient() for name in PEOPLE]
    return armor(
        encrypt(
            bytes_of(payload),
            recipients,
            extra=[stanza],
            random=lambda length: next(stream)[:length],
        )
    )


def outside(
    text: str, payload: Values, *, by: str = COACH, key: str = "", day: str = DAY
) -> Values:
    """The signature under a sealed block."""
    from coachbook.age import dearmor

    used = key or fingerprint(by)
    lines = (
        "coachbook-seal: 1",
        f"workspace: {payload['workspace']}",
        f"record: {payload['record']}",
        f"type: {payload['type']}",
        f"section: {payload['section']}",
        f"parties: {joined(payload['parties'], '=')}",
        f"revision: {payload['revision']}",
        f"signer: {by}",
        f"key: {used}",
        f"day: {day}",
        f"sha256: {hashlib.sha256(dearmor(text)).hexdigest()}",
    )
    message = "".join(f"{line}\n" for line in lines).encode()
    return {"signer": by, "key": used, "day": day, "signature": signature(by, message)}


def block(
    state: str, payload: Values, signature: Values | None = None, *, person: str = COACH
) -> Values:
    """A sealed part, its signature, and what is to be said of it."""
    return {
        "state": state,
        "person": person,
        "armor": sealed(payload),
        "revision": payload["revision"],
        "signature": signature,
    }


def blocks() -> dict[str, Values]:
    """Sealed parts and who wrote them; every one belongs where PLAIN does."""
    yes, no, never = "signed", "not signed", "signature does not match"
    text = sealed(PLAIN_SIGNED)
    good = outside(text, PLAIN_SIGNED)
    other = signed(PLAIN | {"text": "Something else.\n"})
    elsewhere = {"record": "s-0a1b2c3d"}
    old = f"{COACH} before"
    old_key = fingerprint(old)
    return {
        "signed": block(yes, PLAIN_SIGNED, good),
        "signed-inside-alone": block(yes, PLAIN_SIGNED),
        "sealed-again-later": block(yes, PLAIN_SIGNED | {"revision": 4, "sealed-at": LATER}),
        "not-signed": block(no, PLAIN),
        "signed-outside-alone": block(never, PLAIN, outside(sealed(PLAIN), PLAIN)),
        "outside-of-another-block": block(
            never, PLAIN_SIGNED, outside(sealed(other), PLAIN_SIGNED)
        ),
        "outside-of-another-record": block(
            never, PLAIN_SIGNED, outside(text, PLAIN_SIGNED | elsewhere)
        ),
        "outside-of-another-section": block(
            never, PLAIN_SIGNED, outside(text, PLAIN_SIGNED | {"section": "Outcome"})
        ),
        "outside-about-other-people": block(
            never,
            PLAIN_SIGNED,
            outside(text, PLAIN_SIGNED | {"parties": [["coach", COACH], ["coachee", "p-z9y8"]]}),
        ),
        "outside-of-another-revision": block(
            never, PLAIN_SIGNED, outside(text, PLAIN_SIGNED | {"revision": 2})
        ),
        "outside-with-another-day": block(never, PLAIN_SIGNED, good | {"day": "2026-11-13"}),
        "outside-by-another-person": block(
            never, PLAIN_SIGNED, outside(text, PLAIN_SIGNED, by=COACHEE), person=COACHEE
        ),
        "outside-by-an-unknown-key": block(
            never, PLAIN_SIGNED, outside(text, PLAIN_SIGNED, key=fingerprint("nobody"))
        ),
        "inside-of-another-text": block(
            never, PLAIN | {"written": other["written"], "text": PLAIN["text"]}
        ),
        "inside-of-another-record": block(
            never, PLAIN | {"written": signed(PLAIN | elsewhere)["written"]}
        ),
        "inside-with-other-data": block(
            never, PLAIN | {"written": signed(PLAIN | {"data": {}})["written"]}
        ),
        "inside-with-another-moment": block(
            never, PLAIN | {"written": PLAIN_SIGNED["written"] | {"at": LATER}}
        ),
        "inside-by-another-person": block(
            never, PLAIN | {"written": signed(PLAIN, by=COACHEE, key=fingerprint(COACH))["written"]}
        ),
        "inside-by-an-unknown-key": block(never, signed(PLAIN, by="nobody")),
        "earlier-key-in-its-time": block(yes, signed(PLAIN, by=old, key=old_key)),
        "earlier-key-after-its-time": block(never, signed(PLAIN, by=old, key=old_key, at=LATER)),
    }


def keys() -> list[dict[str, Any]]:
    """The public keys: the coach has had two."""
    made = [
        (COACH, COACH, 2, "2027-01-10"),
        (COACH, f"{COACH} before", 1, "2026-09-01"),
        (COACHEE, COACHEE, 1, "2026-09-01"),
    ]
    return [
        {
            "owner": owner,
            "generation": generation,
            "recipient": identity(name).recipient().format(),
            "signing": base64.b64encode(signing_key(name).public_key().public_bytes_raw()).decode(),
            "created": created,
        }
        for owner, name, generation, created in made
    ]


def main() -> None:
    """Writes all files."""
    FOLDER.mkdir(exist_ok=True)
    index = []
    for name, case in sorted(cases().items()):
        save(FOLDER / f"{name}.txt", case.pop("data"))
        index.append({"name": name, "file": f"{name}.txt"} | case)
    document = {
        "format": 2,
        "cases": index,
        "identities": {name: identity(name).reveal_private_key() for name in PEOPLE},
        "keys": keys(),
        "blocks": [{"name": name} | one for name, one in blocks().items()],
    }
    text = json.dumps(document, indent=1, ensure_ascii=False) + "\n"
    save(FOLDER / "cases.json", text.encode())


if __name__ == "__main__":
    main()
