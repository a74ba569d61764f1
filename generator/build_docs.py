"""Writes the reference pages in docs/ from the commands and rules themselves.

python generator/build_docs.py           writes docs/commands.md, rules.md, settings.md and
                                         attacks.md, and counts tests/coverage/requirements.csv
                                         for the About page
python generator/build_docs.py --check   says which of them are out of date
"""

from __future__ import annotations

import csv
import json
import sys
import textwrap
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click
import yaml

from coachbook.cli import cli
from coachbook.diagnostics import Consequence
from coachbook.parameter_table import PARAMETERS
from coachbook.presets import PRESETS, preset_values
from coachbook.rules import RULES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from coachbook.parameters import ParameterSpec
    from coachbook.rules import AnyRule

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
ATTACKS = ROOT / "tests" / "attacks"
REQUIREMENTS = ROOT / "tests" / "coverage" / "requirements.csv"
COVERAGE = ROOT / "generator" / "coachbook" / "_coverage.json"
_WIDTH = 88
_MADE = "<!-- Made by generator/build_docs.py; `make docs` writes it anew. -->\n"
_WAYS = {
    "rule": "a rule that checks it",
    "type": "a kind of record",
    "form field": "a place on a form",
    "access row": "a cell of the table who can read what",
    "parameter": "a setting of the policy",
    "handbook text": "a clause of the policy",
    "page": "a page",
    "figure": "a figure",
    "command": "a command",
}
_FAMILIES = {
    "format": "A sealed block",
    "git": "Git and the working day",
    "keys": "Keys",
    "signatures": "Who wrote it",
    "access": "Who opens what",
    "notes": "Drafts and final notes",
    "policy": "Policy, forms and waivers",
    "figures": "Figures",
    "labels": "Values and who may see them",
    "workspace": "A hostile workspace",
    "input": "Files that are no records",
    "post": "What arrives from outside",
    "site": "The site and the browser",
    "host": "The web host and the build machine",
}
_CONSEQUENCES = {
    Consequence.NONE: "changes nothing on the site",
    Consequence.LISTED: "published, and listed for those who keep the records",
    Consequence.HELD_BACK: "the record is left out and counted",
    Consequence.STOPS: "nothing of the school is published; the last good site stays",
}


@dataclass(frozen=True, slots=True)
class Attack:
    """A case of tests/attacks: what somebody has, tries and must meet, and what shows it.

    `words` is what the list of cases that the product was ordered with calls it, if it is on it.
    """

    folder: Path
    has: str
    tries: str
    meets: str
    tests: tuple[str, ...]
    words: str = ""

    @property
    def name(self) -> str:
        """The case in words, as its folder is called."""
        return self.folder.name.replace("_", " ").capitalize()


def attacks() -> tuple[Attack, ...]:
    """Every case below tests/attacks, in the order of its families."""
    found = sorted(ATTACKS.glob("*/*/case.yml"), key=_by_family)
    return tuple(_attack(file) for file in found)


def _by_family(file: Path) -> tuple[int, str]:
    return list(_FAMILIES).index(file.parts[-3]), file.parts[-2]


def _attack(file: Path) -> Attack:
    case = yaml.safe_load(file.read_text(encoding="utf-8"))
    return Attack(file.parent, **{**case, "tests": tuple(case["tests"])})


def reference_pages() -> Mapping[str, str]:
    """The text of every reference page by its file name."""
    return {
        "commands.md": _commands(),
        "rules.md": _rules(),
        "settings.md": _settings(),
        "attacks.md": _attacks(),
    }


def coverage() -> str:
    """How requirements are honoured, counted by the way that does most, for the About page."""
    with REQUIREMENTS.open(encoding="utf-8", newline="") as file:
        ways = Counter(row["honoured_by"].split(" | ")[0] for row in csv.DictReader(file))
    counts = {
        "honoured": {words: ways[way] for way, words in _WAYS.items() if ways[way]},
        "outside": ways["none"],
        "total": ways.total(),
    }
    return json.dumps(counts, indent=2) + "\n"


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


def _settings() -> str:
    intro = (
        "# Settings of a policy\n\nEach of these may stand in the header of a policy, and then in "
        "one of its clauses. One that is left\nout is a rule that the school does not have. How "
        "they work together is told in [policy.md](policy.md).\n"
    )
    return "\n".join((_MADE, intro, *(_setting(spec) for spec in PARAMETERS.values())))


def _attacks() -> str:
    intro = (
        "# What was tried against it\n\nEach line is a case with a folder of its own below "
        "`tests/attacks`: what somebody has, what they\ntry, what they must meet, and where a test "
        "shows it. A case without a live test fails the build.\n"
    )
    cases = attacks()
    tables = (
        _family(title, [one for one in cases if one.folder.parent.name == family])
        for family, title in _FAMILIES.items()
    )
    return "\n".join((_MADE, intro, *tables))


def _family(title: str, cases: list[Attack]) -> str:
    head = f"## {title}\n\n| Case | Has | Tries | Must meet | Shown by |\n|---|---|---|---|---|\n"
    return head + "".join(_line(one) for one in cases)


def _line(one: Attack) -> str:
    place = one.folder.relative_to(ROOT).as_posix()
    files = dict.fromkeys(test.partition("::")[0] for test in one.tests)
    tests = ", ".join(f"[{_stem(file)}](../{file})" for file in files)
    cells = (f"[{one.name}](../{place}/case.yml)", one.has, one.tries, one.meets, tests)
    return f"| {' | '.join(cells)} |\n"


def _stem(file: str) -> str:
    """What a file of tests is called for short: "blocks" of tests/attacks/test_blocks.py."""
    return Path(file).stem.removeprefix("test_").replace("_", " ")


def _setting(spec: ParameterSpec) -> str:
    mandatory = " Every policy has to say it." if spec.mandatory else ""
    parts = (
        f"## `{spec.key}`",
        f"Decides {spec.meaning}.{mandatory}",
        f"Write {spec.expected}.",
        "\n".join(f"- {name}: {_in_preset(spec, name)}" for name in PRESETS),
    )
    return "\n\n".join(parts) + "\n"


def _in_preset(spec: ParameterSpec, name: str) -> str:
    value = preset_values(name).get(spec.key)
    if value is not None:
        return spec.in_words(value)
    return "the school answers it" if spec.question else "no such rule"


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
    made = {DOCS / name: text for name, text in reference_pages().items()}
    for path, text in {**made, COVERAGE: coverage()}.items():
        name = path.relative_to(ROOT).as_posix()
        if path.exists() and path.read_text(encoding="utf-8") == text:
            continue
        stale = 1
        if "--check" in arguments:
            print(f"{name} is out of date; run: make docs", file=sys.stderr)
        else:
            path.write_text(text, encoding="utf-8", newline="\n")
            print(f"{name} written")
    return stale if "--check" in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
