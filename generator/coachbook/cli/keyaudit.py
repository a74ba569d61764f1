"""`coachbook keys audit`: every key and sealed part beside the policy, without a key."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from coachbook.cli.context import open_book, workspace_options

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path


@click.command()
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True
)
@workspace_options
def audit(form: str, directory: Path | None, today: date | None) -> int:
    """Say for whom everything is sealed, and whether policy and roles say the same.

    Needs no key. It lists every reader with their key and the number of parts
    sealed to it, then what has to be put right, then what is good to know, such
    as what a leaver can still open. Exit status: 0 as policy and roles say, 1
    something is to be put right, 2 it could not run.

    Example: coachbook keys audit --format json
    """
    import json

    from coachbook.keyaudit import audit_keys, format_key_audit, key_audit_json

    found = audit_keys(open_book(directory, today))
    if form == "json":
        click.echo(json.dumps(key_audit_json(found), indent=2, ensure_ascii=False))
    else:
        click.echo(format_key_audit(found), nl=False)
    return int(bool(found.faults))
