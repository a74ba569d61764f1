"""A policy as it is read: its blocks in order, and what it asks, clause by clause."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from coachbook.clauses import ACCESS_HEADING, fill
from coachbook.policy import PARAMETERS, slug
from coachbook.values import frozen

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from coachbook.policy import Clause, Policy

_CLAUSE = re.compile(r"(\d+(?:\.\d+)+)\.?\s+(\S.*)", re.DOTALL)
_HEADING = re.compile(r"(#{1,6})\s+(.*?)\s*#*")
_NUMBER = re.compile(r"\d+(?:\.\d+)*\.?\s+")
_AS_TEXT = str.maketrans({mark: f"\\{mark}" for mark in "\\`*_{}[]()#+-.!|"})
_BLANK = re.compile(r"\n[ \t]*\n")


def document_blocks(policy: Policy, school_name: str) -> list[Mapping[str, object]]:
    """Headings, clauses with an anchor, and everything between them, as they stand."""
    text = _filled(policy, school_name, policy.body).replace("\r\n", "\n")
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


@frozen
class Question:
    """What a reader asks of a policy; `answer` shows the value of the parameter as `{}`."""

    key: str
    text: str
    answer: str = "{}"


def answers(policy: Policy, questions: Iterable[Question]) -> list[Mapping[str, str]]:
    """What the policy answers, with the clause that says so; what it is silent on is left out."""
    return [
        {
            "question": one.text,
            "answer": one.answer.format(policy.parameters[one.key].in_words()),
            "clause": policy.clause_of(one.key),
            "anchor": clause_anchor(policy.clause_of(one.key)),
        }
        for one in questions
        if one.key in policy.parameters
    ]


def answer(policy: Policy, key: str) -> Mapping[str, str] | None:
    """What the policy says for one parameter, with its clause; None where it is silent."""
    return next(iter(answers(policy, [Question(key, "")])), None)


def opening(policy: Policy, school_name: str) -> list[Mapping[str, object]]:
    """The clauses under the first heading that has any: what the policy says it is for."""
    first = policy.clauses[0].heading if policy.clauses else ""
    return _quoted(policy, school_name, [one for one in policy.clauses if one.heading == first])


def quoted(policy: Policy, school_name: str, topics: Iterable[str]) -> list[Mapping[str, object]]:
    """Every part of the document that decides one of the topics, such as "concern.", in full."""
    headings = {clause.heading for clause in _deciding(policy, topics)}
    return _quoted(policy, school_name, [one for one in policy.clauses if one.heading in headings])


def quoted_clauses(
    policy: Policy, school_name: str, topics: Iterable[str]
) -> list[Mapping[str, object]]:
    """The clauses alone that decide one of the topics."""
    return _quoted(policy, school_name, _deciding(policy, topics))


def _deciding(policy: Policy, topics: Iterable[str]) -> list[Clause]:
    starts = tuple(topics)
    return [one for one in policy.clauses if any(key.startswith(starts) for key in one.keys)]


def _quoted(
    policy: Policy, school_name: str, clauses: Iterable[Clause]
) -> list[Mapping[str, object]]:
    """Clauses under their headings, without the text beside the access table."""
    groups: dict[str, list[Mapping[str, object]]] = {}
    for clause in clauses:
        title = _NUMBER.sub("", clause.heading, count=1)
        if slug(title) != slug(ACCESS_HEADING):
            groups.setdefault(title, []).append(_clause(policy, school_name, clause))
    return [{"heading": title, "clauses": found} for title, found in groups.items()]


def _clause(policy: Policy, school_name: str, clause: Clause) -> Mapping[str, object]:
    return {
        "number": clause.number,
        "anchor": clause_anchor(clause.number),
        "parts": list(_parts(_filled(policy, school_name, clause.text))),
    }


def _filled(policy: Policy, school_name: str, text: str) -> str:
    """Markdown with the policy's words for each placeholder; no mark in a value is Markdown."""
    return fill(text, lambda key: policy.words(key, school_name).translate(_AS_TEXT))


def _parts(text: str) -> Iterator[str]:
    return (part.strip("\n") for part in _BLANK.split(text) if part.strip())


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
