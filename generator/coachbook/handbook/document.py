"""A policy as it is read: its blocks in order, and what it asks, clause by clause."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from coachbook.policy import PARAMETERS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from coachbook.policy import Clause, Policy

_CLAUSE = re.compile(r"(\d+(?:\.\d+)+)\.?\s+(\S.*)", re.DOTALL)
_HEADING = re.compile(r"(#{1,6})\s+(.*?)\s*#*")
_BLANK = re.compile(r"\n[ \t]*\n")


def document_blocks(policy: Policy, school_name: str) -> list[Mapping[str, object]]:
    """Headings, clauses with an anchor, and everything between them, as they stand."""
    text = policy.rendered(school_name).replace("\r\n", "\n")
    return [_block(block.strip("\n")) for block in _BLANK.split(text) if block.strip()]


def clause_anchor(number: str) -> str:
    """Where a clause stands on the policy's page: "clause-4-2"."""
    return f"clause-{number.replace('.', '-')}"


def settings_by_heading(policy: Policy) -> list[Mapping[str, object]]:
    """What the policy sets, in the order of its clauses and under their headings."""
    groups: dict[str, list[Mapping[str, str]]] = {}
    for clause in policy.clauses:
        rows = _settings(policy, clause)
        if rows:
            groups.setdefault(clause.heading, []).extend(rows)
    return [{"heading": heading, "rows": rows} for heading, rows in groups.items()]


def _block(text: str) -> Mapping[str, object]:
    heading = _HEADING.fullmatch(text)
    if heading:
        return {"kind": "heading", "level": len(heading[1]), "text": heading[2]}
    clause = _CLAUSE.fullmatch(text)
    if clause:
        number = clause[1]
        return {
            "kind": "clause",
            "number": number,
            "anchor": clause_anchor(number),
            "text": clause[2],
        }
    return {"kind": "table" if text.startswith("|") else "prose", "text": text}


def _settings(policy: Policy, clause: Clause) -> list[Mapping[str, str]]:
    return [
        {
            "meaning": PARAMETERS[key].meaning,
            "value": policy.parameters[key].in_words(),
            "clause": clause.number,
            "anchor": clause_anchor(clause.number),
        }
        for key in dict.fromkeys(clause.keys)
        if key in policy.parameters
    ]
