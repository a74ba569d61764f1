"""`build`: check, stage, build, seal, audit, swap in."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from coachbook.cli.context import (
    cache_option,
    cluster_at,
    open_book,
    open_workspace,
    say,
    scheduler_option,
    workspace_options,
)
from coachbook.errors import UsageError
from coachbook.headstart import head_start

if TYPE_CHECKING:
    import datetime as dt

    from coachbook.book.workspace import Workspace
    from coachbook.headstart import HeadStart
    from coachbook.site import Built


_HOW = "coachbook build --explain-flow --page head/otterbeck"


@click.command()
@click.argument("workspace", required=False, type=click.Path(path_type=Path, exists=True))
@click.option("--only", type=click.Choice(["handbook", "portal"]), help="Build one part alone.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    help="Where the site goes; by default site/ in the workspace.",
)
@click.option(
    "--explain-flow",
    is_flag=True,
    help="Build nothing; list what goes further than what it was made from.",
)
@click.option("--page", metavar="PATH", help="With --explain-flow: all that stands on one page.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How --explain-flow answers.",
)
@scheduler_option
@cache_option
@workspace_options
def build(
    workspace: Path | None,
    only: str | None,
    out: Path | None,
    explain_flow: bool,
    page: str | None,
    form: str,
    scheduler: str | None,
    no_cache: bool,
    directory: Path | None,
    today: dt.date | None,
) -> int:
    """Build the handbook and the private portal into site/.

    Needs no key, passphrase or network. When something is wrong, the last good
    site stays. A fault of confidentiality, keys or policy that is one school's
    alone stops that school: its last good pages stay, the others are published,
    and the exit status is 1.

    With --explain-flow nothing is built. It lists each sort of value that goes to
    people who may not read all that it was made from: whose it was, to whom it
    goes, what lets it, and on which pages. With --page it lists what one page
    shows, from where, and to whom. Exit status then: 0, or 1 if a build would stop.

    Example: coachbook build
    """
    if explain_flow:
        return _explain(directory, today, workspace, page, form)
    if page or form != "text":
        raise UsageError("--page and --format belong to --explain-flow", hint=_HOW)
    opened = open_workspace(
        directory, today, paths=(workspace,) if workspace else (), no_cache=no_cache
    )
    place = (out or opened.root / "site").absolute()
    # It begins before all that is imported and loaded for a build.
    wants_handbook = only in {None, "handbook"}
    with head_start(opened.root, place, opened.cache, has_handbook=wants_handbook) as early:
        built = _build(opened, place, early, only, scheduler)
    say(f"built: {built.fragments} private pages, {built.held_back} records held back")
    for school, codes in built.stopped.items():
        name = opened.shared.schools[school].name
        say(f"nothing new was published of {name} ({', '.join(codes)})")
        again = "build" if school in built.failed else f"check records/{school}"
        say(f"hint: run: coachbook {again}")
    click.echo(built.site)
    return int(bool(built.stopped))


def _build(
    opened: Workspace, place: Path, early: HeadStart, only: str | None, scheduler: str | None
) -> Built:
    """Checks the records, and builds what is wanted of them."""
    from coachbook.copies import without_collection
    from coachbook.partcheck import check_workspace
    from coachbook.publicpart import PARTS
    from coachbook.report import render_summary
    from coachbook.site import Job, build_site
    from coachbook.storage import require_unshared
    from coachbook.workers import processors

    require_unshared(opened.shared, place)
    # What is there stays to the end; the book of one school goes before that of the next comes.
    with without_collection(), cluster_at(scheduler, opened) as cluster:
        say("checking the records")
        checked = check_workspace(opened, hands=processors(), cluster=cluster)
        say(render_summary(checked.findings, checked.tally()).rstrip())
        job = Job(
            opened.shared,
            checked.findings,
            os.urandom,
            parts=(only,) if only else PARTS,
            progress=say,
            hands=processors(),
            cache=opened.cache,
            workspace=opened,
            cluster=cluster,
            failed=checked.failed,
            early=early,
        )
        return build_site(job, place)


def _explain(
    directory: Path | None,
    today: dt.date | None,
    workspace: Path | None,
    page: str | None,
    form: str,
) -> int:
    import json

    from coachbook.flowreport import flow_json, format_flow, format_page
    from coachbook.flows import explain_flow, find_page
    from coachbook.rules import check_book
    from coachbook.views import open_view

    book = open_book(directory, today, paths=(workspace,) if workspace else ())
    flows = explain_flow(open_view(book, check_book(book)))
    shown = find_page(flows, page) if page else flows
    if form == "json":
        click.echo(json.dumps(flow_json(shown), indent=2, ensure_ascii=False))
    elif page:
        click.echo("\n".join(map(format_page, shown)), nl=False)
    else:
        click.echo(format_flow(shown), nl=False)
    return int(any(one.refused for one in shown))
