"""The command line: one thin module per command family.

The answer goes to stdout, talk to stderr. Exit status: 0 clean or warnings,
1 findings, 2 could not run. A secret is never an argument.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

import click

from coachbook import __version__
from coachbook.cli.ending import run
from coachbook.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

# Command name -> module and attribute, in the order of the help page.
COMMANDS = {
    "demo": "coachbook.cli.demo:demo",
    "init": "coachbook.cli.init:init",
    "new": "coachbook.cli.new:new",
    "edit": "coachbook.cli.edit:edit",
    "save": "coachbook.cli.save:save",
    "merge": "coachbook.cli.merge:merge",
    "share": "coachbook.cli.share:share",
    "agree": "coachbook.cli.share:agree",
    "disagree": "coachbook.cli.share:disagree",
    "check": "coachbook.cli.check:check",
    "fix": "coachbook.cli.fix:fix",
    "explain": "coachbook.cli.explain:explain",
    "seal": "coachbook.cli.seal:seal",
    "open": "coachbook.cli.open:open_",
    "inbox": "coachbook.cli.inbox:inbox",
    "who-can-read": "coachbook.cli.who_can_read:who_can_read",
    "keys": "coachbook.cli.keys:keys",
    "leaver": "coachbook.cli.leaver:leaver",
    "subject-access": "coachbook.cli.subject_access:subject_access",
    "retention": "coachbook.cli.retention:retention",
    "rollover": "coachbook.cli.rollover:rollover",
    "disposal": "coachbook.cli.disposal:disposal",
    "build": "coachbook.cli.build:build",
    "serve": "coachbook.cli.serve:serve",
    "audit": "coachbook.cli.audit:audit",
    "verify": "coachbook.cli.verify:verify",
    "doctor": "coachbook.cli.doctor:doctor",
    "textconv": "coachbook.cli.textconv:textconv",
    "merge-driver": "coachbook.cli.merge:merge_driver",
}


class LazyGroup(click.Group):
    """Imports a command's module only when it is run, so that start-up stays quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names every command, in the order of the table."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Imports and returns the command, or None where there is none of that name."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        module, attribute = COMMANDS[cmd_name].split(":")
        command: click.Command = getattr(importlib.import_module(module), attribute)
        return command

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:  # noqa: ANN401 (click's own type)
        """Finds the command, or says which name was probably meant."""
        from difflib import get_close_matches

        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            close = get_close_matches(args[0], COMMANDS, n=1)
            hint = f"did you mean {close[0]}?" if close else "see: coachbook --help"
            raise UsageError(f"there is no command {args[0]!r}", hint=hint)
        return super().resolve_command(ctx, args)


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="coachbook")
def cli() -> None:
    """Coaching records as plain files: checked, sealed and published by policy.

    Start with: coachbook demo demo
    """


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command and returns its exit status."""
    return run(lambda: cli.main(args=arguments, prog_name="coachbook", standalone_mode=False))
