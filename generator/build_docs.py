"""Writes the reference pages in docs/ from the commands and rules themselves.

python generator/build_docs.py           writes docs/commands.md and docs/rules.md
python generator/build_docs.py --check   says which of them are out of date
"""

from __future__ import annotations

import sys
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING

import click

from coachbook.cli import cli
from coachbook.diagnostics import Consequence
from coachbook.rules import RULES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from coachbook.rules import AnyRule

DOCS = Path(__file__).parents[1] / "docs"
_WIDTH = 88
_MADE = "<!-- Made by generator/build_docs.py; `make docs` writes it anew. -->\n"
_CONSEQUENCES = {
    Consequence.NONE: "changes nothing on the site",
    Consequence.LISTED: "published, and listed for those who keep the records",
    Consequence.HELD_BACK: "the record is left out and counted",
    Consequence.STOPS: "nothing of the school is published; the last good site stays",
}


def reference_pages() -> Mapping[str, str]:
    """The text of every reference page by its file name."""
    return {"commands.md": _commands(), "rules.md": _rules()}


def command_helps(
    command: click.Command, names: tuple[str, ...], parent: click.Context | None = None
) -> Iterator[tuple[str, str]]:
    """A command's full name and help page, then those of its subcommands."""
    context = click.Context(
        command,
        info_name=names[-1],
        parent=parent,
        **command.context_settings | {"terminal_width": _WIDTH, "max_content_width": _WIDTH},
    )
    yield " ".join(names), command.get_help(context)
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            inner = command.get_command(context, name)
            if inner is not None:
                yield from command_helps(inner, (*names, name), context)


def _commands() -> str:
    parts = [
        f"## {name}\n\n```\n{text.rstrip()}\n```\n"
        for name, text in command_helps(cli, ("coachbook",))
    ]
    intro = (
        "# Commands\n\nThe answer goes to stdout, talk to stderr. Exit status: 0 clean or "
        "warnings, 1 findings, 2 could not run.\n"
    )
    return "\n".join((_MADE, intro, *parts))


def _rules() -> str:
    intro = (
        "# Rules\n\n`coachbook explain CODE` shows the same page. A rule that needs the header "
        "runs everywhere; one\nthat needs the text runs where the text can be seen: when it is "
        "sealed, and in the portal's Write page.\n"
    )
    return "\n".join((_MADE, intro, *(_rule(rule) for rule in RULES)))


def _rule(rule: AnyRule) -> str:
    page = rule.page
    weight, follows = rule.severity.value.capitalize(), _CONSEQUENCES[rule.consequence]
    parts = (
        f"## {rule.code} {rule.name}",
        page.title,
        page.what,
        f"**Why.** {_sentence(page.why)}",
        f"**Example**\n\n```\n{textwrap.dedent(page.example)}\n```",
        f"**What to do.** {_sentence(page.remedy)}",
        f"*{weight}; needs the {rule.needs}; {follows}. Rests on: {page.source}*",
    )
    return "\n\n".join(part for part in parts if part) + "\n"


def _sentence(text: str) -> str:
    """The text with a capital, as it stands on its own here."""
    return text[:1].upper() + text[1:]


def main(arguments: list[str]) -> int:
    """Writes the pages, or with --check returns 1 where one is out of date."""
    stale = 0
    for name, text in reference_pages().items():
        path = DOCS / name
        if path.exists() and path.read_text(encoding="utf-8") == text:
            continue
        stale = 1
        if "--check" in arguments:
            print(f"docs/{name} is out of date; run: make docs", file=sys.stderr)
        else:
            path.write_text(text, encoding="utf-8", newline="\n")
            print(f"docs/{name} written")
    return stale if "--check" in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
