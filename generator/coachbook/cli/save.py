"""`coachbook save`: fix, seal, check, commit; a step that fails leaves everything in place."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from coachbook.cli.context import say, workspace_options
from coachbook.cli.desk import new_reader_option, person_option, reloaded, say_findings
from coachbook.cli.schools import by_school, findings_in, open_shared_desk, record_paths
from coachbook.cli.signing import sign_option, signer_if, writer_if
from coachbook.cli.unlocking import passphrase_option
from coachbook.errors import FindingsError, FrontMatterError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from coachbook.cli.desk import Desk
    from coachbook.diagnostics import Diagnostic


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "-m", "--message", default="", help="What the commit says; everybody with a copy reads it."
)
@new_reader_option
@person_option
@sign_option
@passphrase_option
@workspace_options
def save(
    paths: tuple[Path, ...],
    message: str,
    new_readers: tuple[str, ...],
    person: str,
    sign: bool,
    passphrase_file: Path | None,
    directory: Path | None,
    today: date | None,
) -> int:
    """Put what you wrote into the records for good: fix, seal, check, commit.

    Without PATH it takes everything under records/ that changed since the last
    commit. If a step fails, the files stay as that step found them, nothing is
    committed, and you can run it again. With --sign, what is sealed is signed.

    Example: coachbook save -m "sessions of this week"
    """
    desk = open_shared_desk(directory, today, paths=paths, person=person)
    chosen = _chosen(desk, paths)
    if not chosen:
        say("nothing has changed since the last commit")
        return 0
    if _fix(desk, chosen):
        desk = reloaded(desk)
    gone = _seal(desk, chosen, new_readers, passphrase_file, sign=sign)
    if gone:
        desk = reloaded(desk)
    finished = _finish(desk, chosen)
    if finished:
        desk = reloaded(desk)
    changed = _under(desk.repository.changed(), (*chosen, *gone, *finished))
    _check(desk, changed)
    text = message or f"records: {len(changed)} {'file' if len(changed) == 1 else 'files'} saved"
    if desk.repository.commit(changed, text):
        click.echo("\n".join(changed))
        say("committed")
    return 0


def _chosen(desk: Desk, paths: tuple[Path, ...]) -> tuple[str, ...]:
    """Changed files at the paths, or under records/; paths that lead nowhere are an error."""
    from coachbook.cli.context import relative_paths

    wanted = relative_paths(desk.book, paths) or ("records",)
    return _under(desk.repository.changed(), wanted)


def _under(paths: Sequence[str], wanted: Sequence[str]) -> tuple[str, ...]:
    return tuple(
        path
        for path in paths
        if any(one in {".", path} or path.startswith(f"{one}/") for one in wanted)
    )


def _fix(desk: Desk, paths: Sequence[str]) -> bool:
    """Repairs slips that leave no doubt; a file that is not text is left to the check.

    True where a file was changed.
    """
    from coachbook.book.files import read_file
    from coachbook.fix import fix_source
    from coachbook.private import replace_file

    is_changed = False
    for path in sorted(record_paths(desk).intersection(paths)):
        data = read_file(desk.book.root, path)
        if not isinstance(data, bytes):
            continue
        try:
            fixed = fix_source(path, data, desk.book.forms)
        except FrontMatterError:
            continue
        if fixed.changes:
            is_changed = True
            replace_file(desk.book.root / path, fixed.text.encode())
            for change in fixed.changes:
                say(f"{path}: {change}")
    return is_changed


def _seal(
    desk: Desk,
    paths: Sequence[str],
    new_readers: Sequence[str],
    passphrase_file: Path | None,
    *,
    sign: bool,
) -> tuple[str, ...]:
    """Seals the records at the paths; the new paths of those that are sealed whole."""
    from coachbook.cli.resealing import describe_plan, plan_paths, require_met, sealings, write_plan

    writer = writer_if(desk, passphrase_file, sign=sign)
    found = plan_paths(desk, paths, writer)
    plans = found.plans
    say_findings([finding for plan in plans for finding in plan.remarks], found.count)
    _require_clean([finding for plan in plans for finding in plan.findings], found.count)
    require_met(desk, sealings(plans), new_readers)
    signer = signer_if(desk, passphrase_file, sign=sign) if plans else None
    for plan in plans:
        write_plan(desk, plan, signer)
        if plan.tasks:
            say(f"sealed {describe_plan(desk, plan)}")
    return tuple(plan.path for plan in plans)


def _finish(desk: Desk, paths: Sequence[str]) -> tuple[str, ...]:
    """Makes the notes final to which the records at the paths add something; their paths."""
    from coachbook.private import replace_file
    from coachbook.sharing import final_source, finished_by

    finished: dict[str, str] = {}
    for near, own in by_school(desk, paths):
        for path in own:
            record = near.book.records.get(path)
            note = finished_by(near.book, record) if record else None
            if note is not None and note.path not in finished:
                finished[note.path] = final_source(note)
                replace_file(near.book.root / note.path, note.encode(finished[note.path]))
                say(f"{note.path} is final now, as somebody added to it")
    return tuple(finished)


def _check(desk: Desk, paths: Sequence[str]) -> None:
    findings, _ = findings_in(desk, paths)
    _require_clean(findings, len(paths))


def _require_clean(findings: Sequence[Diagnostic], files: int) -> None:
    """Says what was found; raises FindingsError if any of it is an error."""
    from coachbook.diagnostics import Severity

    say_findings(findings, files)
    if any(finding.severity is Severity.ERROR for finding in findings):
        raise FindingsError(
            "nothing was committed", hint="correct what is named above, then run it again"
        )
