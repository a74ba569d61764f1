"""`coachbook check`: findings as text, JSON or annotations."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from coachbook.cli.context import (
    cache_option,
    cluster_at,
    environment,
    open_workspace,
    relative_paths,
    say,
    scheduler_option,
    workspace_options,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from coachbook.book.workspace import Workspace
    from coachbook.diagnostics import Diagnostic
    from coachbook.rules import Tally

_STEP_SUMMARY = "GITHUB_STEP_SUMMARY"


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "github"]),
    default="text",
    show_default=True,
    help="How to print the findings.",
)
@click.option("--waived", is_flag=True, help="Show what a waiver has set aside, too.")
@click.option(
    "--since",
    "revision",
    metavar="REVISION",
    help="Say too who became a reader since a commit, and what went back.",
)
@click.option("--strict", is_flag=True, help="Warnings count as errors.")
@scheduler_option
@cache_option
@workspace_options
def check(
    paths: tuple[Path, ...],
    form: str,
    waived: bool,
    revision: str | None,
    strict: bool,
    scheduler: str | None,
    no_cache: bool,
    directory: Path | None,
    today: date | None,
) -> int:
    """Check the records against the school's own policy.

    Without PATH it reports on everything. With --since it also names everyone
    who became a reader of anything since that commit, until one who could read
    before has approved it (coachbook keys approve). Exit status: 0 nothing
    wrong or warnings only, 1 something is wrong, 2 it could not run.

    Example: coachbook check records/otterbeck
    """
    from coachbook.copies import without_collection
    from coachbook.partcheck import check_workspace
    from coachbook.workers import processors

    with without_collection():  # nor between checking and printing: what is there stays to the end
        workspace = open_workspace(directory, today, paths=paths, no_cache=no_cache)
        chosen = relative_paths(workspace, paths) or None
        with cluster_at(scheduler, workspace) as cluster:
            checked = check_workspace(workspace, hands=processors(), cluster=cluster, chosen=chosen)
        findings = checked.about(chosen)
        if revision is not None:  # an empty one is a mistake, such as a variable that is not set
            findings = (*findings, *_since(workspace, revision, chosen))
        tally = checked.tally(chosen)
        click.echo(_render(workspace.root, findings, tally, form, waived=waived), nl=False)
    say_failed(checked.failed)
    return 2 if checked.failed else _status(findings, strict=strict)


def say_failed(failed: Mapping[str, str]) -> None:
    """Names the schools that no worker of a cluster could check."""
    for school, reason in failed.items():
        say(f"{school} was not checked: {reason}")
        say(f"hint: run: coachbook check records/{school}")


def _since(
    workspace: Workspace, revision: str, chosen: Sequence[str] | None
) -> tuple[Diagnostic, ...]:
    from coachbook.cli.desk import for_programs
    from coachbook.cli.since import since_in
    from coachbook.repository import Repository
    from coachbook.rules import check_since

    variables = environment()
    repository = Repository(workspace.root, for_programs(variables))
    return check_since(since_in(workspace, repository, revision, variables), chosen)


def _render(
    root: Path, findings: Sequence[Diagnostic], tally: Tally, form: str, *, waived: bool
) -> str:
    from coachbook.report import render_github, render_json, render_text

    if form == "json":
        return render_json(findings, tally)
    if form == "github":
        annotations = render_github(findings, tally)
        _write_summary(annotations.summary)
        return annotations.log
    colour = sys.stdout is not None and sys.stdout.isatty()  # None where it was closed
    return render_text(findings, sources(root, findings), tally, colour=colour, waived=waived)


def sources(root: Path, findings: Sequence[Diagnostic]) -> dict[str, str]:
    """The text of the files of which a line may be quoted."""
    from coachbook.book import text_at

    paths = {finding.path for finding in findings if finding.quotable}
    return {path: text_at(root, path) for path in sorted(paths)}


def _write_summary(text: str) -> None:
    """Adds the findings to the page about the run, where a git host offers one."""
    name = environment().get(_STEP_SUMMARY)
    if name:
        with Path(name).open("a", encoding="utf-8") as page:
            page.write(text)


def _status(findings: Sequence[Diagnostic], *, strict: bool) -> int:
    from coachbook.diagnostics import Severity

    wrong = {Severity.ERROR, Severity.WARNING} if strict else {Severity.ERROR}
    return int(any(finding.severity in wrong for finding in findings))
