"""`coachbook merge-driver` and `coachbook merge`: two versions of a record become one again."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from coachbook.cli.context import environment, relative_paths, say, workspace_options
from coachbook.cli.desk import (
    find_actor,
    for_programs,
    new_reader_option,
    person_option,
    reader_name,
    require_unfinished,
    say_findings,
)
from coachbook.cli.editor import ask_again, read_copy, run_editor, write_copy
from coachbook.cli.resealing import describe_plan, require_met, write_plan
from coachbook.cli.schools import desk_for, open_desk_at, with_everything
from coachbook.cli.signing import signer_at
from coachbook.cli.unlocking import passphrase_option, unlock_actor
from coachbook.decoding import decode, encode
from coachbook.drafting import SEALED_TYPE
from coachbook.errors import (
    CoachbookError,
    DamagedError,
    FindingsError,
    InputError,
    NotAReaderError,
    UsageError,
)
from coachbook.private import explained, private_folder, replace_file
from coachbook.publickey import ONE_SIDE_HINT
from coachbook.record import Record, parse_record, trim
from coachbook.sentences import join

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from typing import TypeAlias

    from coachbook.age import X25519Identity
    from coachbook.clashes import JoinPlan, Version
    from coachbook.cli.desk import Desk
    from coachbook.signatures import Signer

    Versions: TypeAlias = Mapping[str, Sequence[Version]]


_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.command(name="merge-driver")
@click.argument("base", type=_FILE)
@click.argument("ours", type=_FILE)
@click.argument("theirs", type=_FILE)
@click.argument("path")
def merge_driver(base: Path, ours: Path, theirs: Path, path: str) -> int:
    """Join two versions of a record for `git merge`, without a key.

    Git runs it where `coachbook doctor --mend` has set it up. The header is
    joined by key and the body by section; OURS becomes the result. Where both
    sides changed one sealed section, both versions stay, one after the other,
    until `coachbook merge PATH`. Exit status: 0 joined, 1 both sides changed
    the same part, 2 it could not run.

    Example: coachbook merge-driver base.md ours.md theirs.md records/trust.md
    """
    from coachbook.merging import merge_records
    from coachbook.repository import Repository

    contents = []
    for file in (base, ours, theirs):
        with explained(file):
            contents.append(file.read_bytes())
    merged = merge_records(*contents)
    if merged is None:
        say(f"{path}: is not a record that can be joined by section, so it is joined by line")
        repository = Repository(Path.cwd(), for_programs(environment()))
        return int(not repository.merge_lines(base, ours, theirs))
    with explained(ours):
        ours.write_bytes(merged.data)
    for clash in merged.clashes:
        say(f"{path}: both sides changed {clash}")
    if merged.clashes:
        say(f"hint: settle it with: coachbook merge {path}")
    return int(bool(merged.clashes))


@click.command()
@click.argument("path", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--ours", "side", flag_value="ours", help="Keep the first version of every part.")
@click.option("--theirs", "side", flag_value="theirs", help="Keep the last version.")
@new_reader_option
@person_option
@passphrase_option
@workspace_options
def merge(
    path: Path,
    side: str | None,
    new_readers: tuple[str, ...],
    person: str,
    passphrase_file: Path | None,
    directory: Path | None,
    today: date | None,
) -> int:
    """Join a record that two people have changed at the same time.

    Where both changed one sealed section, a merge leaves both versions side by
    side. This opens them, shows both in your editor, and seals what you leave
    there. You need a key that opens both; a part that you cannot read is left
    for somebody who can. With --ours or --theirs nothing is edited; that also
    settles fields of the header, and clear text, that both have changed. Exit
    status: 0 one version again, 1 a part is left as it is, 2 it could not run.

    Example: coachbook merge records/otterbeck/2026-27/c-0a1b2c3d/2026-11-12-s-7kq2m4xa.md
    """
    from coachbook.clashes import find_clashes

    desk = open_desk_at(str(path), directory, today, person=person)
    name = relative_paths(desk.book, (path,))[0]
    if path.suffix in {".pub", ".age"}:
        raise UsageError(f"{name} is a key, and two keys are never joined", hint=ONE_SIDE_HINT)
    with explained(path):
        data = path.read_bytes()
    record = _without_marks(name, data, side)
    desk = with_everything(desk) if record.type == SEALED_TYPE else desk_for(desk, record)
    clashes = find_clashes(record)
    if not clashes and record.encode() == data:
        say(f"nothing is left to join in {name}")
        return 0
    if not clashes:
        replace_file(desk.book.root / name, record.encode())
    elif not _join(desk, record, side, new_readers, passphrase_file):
        return 1
    if desk.repository.is_unmerged(name):
        desk.repository.stage([name])
    say(f"{name} is one version again; next: git commit")
    return 0


def _without_marks(path: str, data: bytes, side: str | None) -> Record:
    """The record once its header and clear text are one version; UsageError where none is chosen.

    What git merged by line, in a clone without our driver, is joined by section first.
    """
    from coachbook.linemerge import choose_side, has_marks
    from coachbook.merging import unmarked

    anew = unmarked(data)
    text, bom = decode(anew.data if anew else data)
    if has_marks(text):
        if side is None:
            parts = join(anew.clashes if anew else ["clear text"])
            raise UsageError(
                f"both sides changed {parts} of {path}",
                hint="keep one of the two versions between the marks, in any editor\n"
                "or take one side of everything: coachbook merge with --ours or --theirs",
            )
        text = choose_side(text, side)
    found = parse_record(path, encode(text, bom=bom))
    if isinstance(found, Record):
        return found
    raise InputError(f"{path}:{found.span.line}: {found.message}", hint=found.hint)


def _join(
    desk: Desk,
    record: Record,
    side: str | None,
    new_readers: Sequence[str],
    passphrase_file: Path | None,
) -> bool:
    """Opens every version, has one chosen or written, and seals it as the next revision.

    False where a part is left as it is, because this person cannot read all versions of it.
    """
    from coachbook.book import access_of
    from coachbook.clashes import one_side, plan_joined

    identities, actor = unlock_actor(desk, passphrase_file), find_actor(desk)
    at = {"ours": 0, "theirs": -1}.get(side or "")
    try:
        versions, strangers = _open(desk, record, identities)
    except DamagedError as error:
        _keep_whole(desk, record, at, identities, error)
        return True
    if access_of(desk.book, record).life.is_final:
        if at is None or strangers:
            raise UsageError(
                f"{record.path} is final, so no version is edited any more",
                hint="one who reads all of it keeps the side that it was final with: add --ours "
                "or --theirs",
            )
        replace_file(desk.book.root / record.path, one_side(record, at).encode())
        return True
    require_unfinished(desk.book, record, actor)
    chosen, signer = _chosen(versions, at), signer_at(desk, identities)
    if open_ := {section: found for section, found in versions.items() if section not in chosen}:
        _edit(desk, record, chosen, open_, new_readers, signer)
    else:
        plan = plan_joined(desk.book, record, chosen, random=desk.random)
        _seal(desk, plan, new_readers, signer)
    for reason in strangers:
        say(f"left as it is: {reason.message}\nhint: {reason.hint}")
    return not strangers


def _keep_whole(
    desk: Desk,
    record: Record,
    at: int | None,
    identities: Mapping[str, X25519Identity],
    damage: DamagedError,
) -> None:
    """Keeps the chosen side as it is sealed, as a damaged version cannot be joined with anything.

    Raises DamagedError where no side was chosen, or the chosen one is the damaged.
    """
    from coachbook.clashes import one_side
    from coachbook.opening import open_record

    kept = one_side(record, at) if at is not None else None
    if kept is None or open_record(desk.book, kept, identities).damaged:
        raise DamagedError(
            damage.message,
            hint="keep the side that is whole: coachbook merge with --ours or --theirs\n"
            "the damaged one stays in the history of git",
        ) from damage
    replace_file(desk.book.root / record.path, kept.encode())
    say("a version that is damaged was left out; it stays in the history of git")


def _open(
    desk: Desk, record: Record, identities: Mapping[str, X25519Identity]
) -> tuple[dict[str, Sequence[Version]], list[NotAReaderError]]:
    """The versions of each part that opens; raises NotAReaderError where none does."""
    from coachbook.clashes import find_clashes, open_versions

    name, writer = partial(reader_name, desk.book), find_actor(desk)
    versions: dict[str, Sequence[Version]] = {}
    strangers = []
    for clash in find_clashes(record):
        try:
            versions[clash.section] = open_versions(
                desk.book, record, clash, identities, writer=writer, name=name
            )
        except NotAReaderError as error:
            strangers.append(error)
    if not versions:
        raise strangers[0]
    return versions, strangers


def _chosen(versions: Versions, at: int | None) -> dict[str, Version]:
    """The version that stands of each part where a side was chosen or all say the same."""
    return {
        section: found[at or 0]
        for section, found in versions.items()
        if at is not None or len({trim(one.text) for one in found}) == 1
    }


def _edit(
    desk: Desk,
    record: Record,
    chosen: Mapping[str, Version],
    versions: Versions,
    new_readers: Sequence[str],
    signer: Signer | None,
) -> None:
    """Runs the editor with all versions until what it leaves can be sealed."""
    from coachbook.clashes import Version, format_versions, parse_joined, plan_joined

    with private_folder(desk.environment) as folder:
        copy = folder / record.path.rsplit("/", 1)[-1]
        write_copy(copy, format_versions(versions).encode())
        while True:
            run_editor(desk.environment, copy)
            try:
                texts = parse_joined(decode(read_copy(copy))[0], tuple(versions))
                written = {
                    section: Version(text, find_actor(desk), is_sealed=False)
                    for section, text in texts.items()
                }
                plan = plan_joined(desk.book, record, {**chosen, **written}, random=desk.random)
                _seal(desk, plan, new_readers, signer)
            except CoachbookError as error:  # the text must outlive a full disk or a new reader
                say(f"coachbook: {error.message}\nhint: {error.hint}")
                ask_again()
            else:
                return


def _seal(desk: Desk, plan: JoinPlan, new_readers: Sequence[str], signer: Signer | None) -> None:
    """Seals what is to stand; raises FindingsError or NewReaderError, with nothing written."""
    say_findings([*plan.seal.findings, *plan.seal.remarks], 1)
    if plan.seal.findings:
        raise FindingsError("nothing was joined", hint="correct what is named above")
    require_met(desk, plan.readers(), new_readers)
    write_plan(desk, plan.seal, signer)
    say(describe_plan(desk, plan.seal))
