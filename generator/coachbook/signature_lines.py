"""The fence that may follow a sealed block: who signed it, with which key, on which day.

    ```age-signature
    signer: p-7kq2m4xa
    key: zqvolpv2ncbzaxilqwlivlhnhe
    day: 2026-11-12
    signature: <Ed25519 signature in base64>
    ```

It can be read without a key and holds nothing else, because plain text in it would pass for
sealed. Whether the signature is true is for `signatures` to say.
"""

from __future__ import annotations

import re

from coachbook.values import frozen

NAME = "age-signature"

_NAMES = ("signer", "key", "day", "signature")
_BASE64 = r"[0-9A-Za-z+/]{85}[AQgw]=="  # 64 bytes in their one spelling
_LINES = re.compile(
    r"\n*signer: (p-[a-z0-9]{4,16})"
    r"\nkey: ([a-z2-7]{26})"
    r"\nday: ([0-9]{4}-[0-9]{2}-[0-9]{2})"
    rf"\nsignature: ({_BASE64})\n+"
)


@frozen
class SignatureLines:
    """What the fence says: a person, the fingerprint of their key, a day, and the signature."""

    signer: str
    key: str
    day: str
    signature: str


def format_signature(lines: SignatureLines) -> str:
    """The fence, without a line break behind it."""
    values = (lines.signer, lines.key, lines.day, lines.signature)
    said = "".join(f"{name}: {value}\n" for name, value in zip(_NAMES, values, strict=True))
    return f"```{NAME}\n{said}```"


def parse_signature(content: str) -> SignatureLines | None:
    """What stands between the lines of the fence; None if it is anything else."""
    found = _LINES.fullmatch(content) or _LINES.fullmatch(
        "\n".join([line.strip() for line in content.split("\n")])
    )
    return SignatureLines(*found.groups()) if found else None
