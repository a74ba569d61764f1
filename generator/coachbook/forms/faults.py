"""What is wrong in a section's text, by place; the wording lies in `_text_rules.json`.

The portal's script says the same words. The text is confidential: nothing here may quote it.
"""

from __future__ import annotations

import json
from functools import cache
from importlib import resources

from coachbook.values import frozen


@frozen
class TextFault:
    """What is wrong in a section's text; line and column count from 1, in that text."""

    code: str
    line: int
    column: int
    message: str
    hint: str

    @property
    def place(self) -> tuple[int, int, str]:
        """The order in which faults are told."""
        return self.line, self.column, self.code


def fault_of(rule: str, line: int, column: int, **values: str | int) -> TextFault:
    """The fault that a rule of `_text_rules.json` describes, with its places filled in."""
    wording = _wording()[rule]
    message, hint = (wording[part].format(**values) for part in ("message", "hint"))
    return TextFault(wording["code"], line, column, message, hint)


@cache
def _wording() -> dict[str, dict[str, str]]:
    source = resources.files("coachbook") / "_text_rules.json"
    rules: dict[str, dict[str, str]] = json.loads(source.read_text(encoding="utf-8"))["rules"]
    return rules
