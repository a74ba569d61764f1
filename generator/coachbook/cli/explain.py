"""`coachbook explain`: the manual page of a rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from coachbook.errors import UsageError

if TYPE_CHECKING:
    from coachbook.rules import AnyRule


@click.command()
@click.argument("code", required=False)
def explain(code: str | None) -> None:
    """Explain a finding: what the rule wants, why, and what to do.

    Without CODE it lists all rules.

    Example: coachbook explain CB302
    """
    from coachbook.rules import RULES, find_rule

    if code is None:
        for rule in RULES:
            click.echo(f"{rule.code}  {rule.name:26}  {rule.page.title}")
        return
    found = find_rule(code)
    if found is None:
        raise _unknown(code)
    click.echo(_page(found))


def _page(rule: AnyRule) -> str:
    page = rule.page
    where = {
        "header": "everywhere; it needs no key",
        "text": "where the text can be seen: when it is sealed",
        "plain record": "where the whole record can be seen: before it is sealed",
        "earlier state": "beside an earlier state of the records: check --since REVISION",
    }[rule.needs]
    parts = [
        f"{rule.code} {rule.name}: {page.title}",
        page.what,
        f"Why: {page.why}",
        f"Example:\n{page.example}",
        f"What to do: {page.remedy}",
        f"Weight: {rule.severity.value}; {_CONSEQUENCES[rule.consequence.value]}",
        f"Runs: {where}",
        f"Rests on: {page.source}",
    ]
    return "\n\n".join(part for part in parts if part)


_CONSEQUENCES = {
    "none": "it changes nothing on the site",
    "listed": "the record is published and the finding is listed",
    "held-back": "the record is held back and counted until it is put right",
    "stops": "nothing of the school is published until it is put right",
}


def _unknown(code: str) -> UsageError:
    from difflib import get_close_matches

    from coachbook.rules import RULES

    names = [rule.name for rule in RULES] + [rule.code for rule in RULES]
    close = get_close_matches(code, names, n=1) or get_close_matches(code.upper(), names, n=1)
    hint = f"did you mean {close[0]}?" if close else "coachbook explain lists all of them"
    return UsageError(f"there is no rule {code}", hint=hint)
