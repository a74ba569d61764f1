"""Sealing as every command does it: plan, ask about new readers, write.

`seal`, `edit` and `save` share this. Nothing is written before every reader has been met, and
each file is replaced whole.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from coachbook.book import display
from coachbook.book.near import settle, settled_in
from coachbook.cli.context import say
from coachbook.cli.desk import find_actor, reader_names
from coachbook.cli.schools import by_school, desk_for
from coachbook.drafting import SealPlan, apply_seal, needs_sealing, plan_seal
from coachbook.errors import NewReaderError, UsageError
from coachbook.keystore import application_folder
from coachbook.opening import Before, is_sealed, parse_before
from coachbook.pins import Pins, new_keys, new_readers
from coachbook.private import read_private, remove_private, replace_file
from coachbook.record import Record, parse_record
from coachbook.sentences import join
from coachbook.values import frozen

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from coachbook.cli.desk import Desk
    from coachbook.diagnostics import Diagnostic
    from coachbook.readers import Reader
    from coachbook.signatures import Signer

    Previous = Sequence[tuple[str, str]]


@frozen
class Plans:
    """How records are to be sealed, how many were looked at, and why others cannot be read."""

    plans: tuple[SealPlan, ...]
    count: int
    held_back: tuple[Diagnostic, ...]


def plan_records(desk: Desk, records: Iterable[Record], writer: str = "") -> tuple[SealPlan, ...]:
    """A plan for each record that holds confidential text in the clear.

    Args:
        writer: who will sign it, so has to be somebody who may write it.
    """
    return tuple(
        _plan_record(desk, record, writer) for record in records if needs_sealing(desk.book, record)
    )


def plan_paths(desk: Desk, paths: Sequence[str], writer: str = "") -> Plans:
    """The same for the records at these paths, school by school; the plans are in their order."""
    plans: list[SealPlan] = []
    held_back: list[Diagnostic] = []
    settled = settled_in(desk.workspace, paths) if desk.workspace else frozenset()
    count = len(settled)
    for at, own in by_school(desk, [path for path in paths if path not in settled]):
        records = [at.book.records[path] for path in own if path in at.book.records]
        found = plan_records(at, records, writer)
        unread = {*own}.intersection(at.book.unreadable)
        held_back += [finding for finding in at.book.findings if finding.path in unread]
        plans += found
        count += len(records)
        if at.near and not found and not unread:
            settle(at.near)
    places = {path: place for place, path in enumerate(paths)}
    plans.sort(key=lambda plan: places[plan.record.path])
    return Plans(tuple(plans), count, tuple(sorted(held_back, key=lambda one: one.sort_key)))


def _plan_record(desk: Desk, record: Record, writer: str) -> SealPlan:
    before = known_before(desk, record)
    for one in before:
        desk = desk_for(desk, one.record)
    record = desk.book.records[record.path]
    return plan_seal(desk.book, record, before, random=desk.random, writer=writer)


def require_met(
    desk: Desk,
    found: Iterable[tuple[Sequence[Reader], Previous]],
    accepted: Sequence[str],
    *,
    is_asked: bool = False,
) -> None:
    """Raises NewReaderError for a reader who is new to this device or to the text.

    Args:
        found: for each part that will be sealed, its readers, and (reader, fingerprint)
            pairs of the block before.
        accepted: those whom the user has named, and who are let in.
        is_asked: the readers are shown by name and agreed to, so only their keys count.

    On first use it takes the keys of the workspace as they are, as ssh does with hosts.
    """
    keyring = desk.book.keyring
    unknown = [owner for owner in accepted if keyring.current(owner) is None]
    if unknown:
        raise UsageError(
            f"{unknown[0]} has no key in records/keys", hint="see: coachbook keys list"
        )
    pins = desk.keystore.load_pins()
    if pins is None:
        pins = _first_pins(desk)
    compare = new_keys if is_asked else new_readers
    new = (one for readers, before in found for one in compare(readers, pins, before))
    unmet = tuple(dict.fromkeys(new))
    refused = [reader for reader in unmet if reader.id not in accepted]
    if refused:
        raise _new_readers(desk, refused, pins)
    if unmet:
        desk.keystore.save_pins(pins.accept(unmet))


def write_plan(desk: Desk, plan: SealPlan, signer: Signer | None = None) -> None:
    """Puts the sealed record in place and forgets what was remembered of it."""
    source = apply_seal(
        plan, author=find_actor(desk), now=desk.clock(), random=desk.random, signer=signer
    )
    root = desk.book.root
    replace_file(root / plan.path, plan.record.encode(source))
    if plan.path != plan.record.path:
        remove_private(root / plan.record.path)
    remove_private(memory_path(desk, plan.path))


def describe_plan(desk: Desk, plan: SealPlan) -> str:
    """What becomes of a record, in one line for each group of readers."""
    groups: dict[tuple[str, ...], list[str]] = {}
    for task in plan.tasks:
        readers = tuple(reader.id for reader in task.readers)
        section = "the whole record" if plan.is_whole else task.section
        groups.setdefault(readers, []).append(f"{section}{' (unchanged)' if task.kept else ''}")
    return "\n".join(
        f"{plan.path}: {join(sections)} for {reader_names(desk.book, readers)}"
        for readers, sections in groups.items()
    )


def known_before(desk: Desk, record: Record) -> tuple[Before, ...]:
    """The record as it was sealed before: as remembered here, and as last committed."""
    remembered = read_private(memory_path(desk, record.path))
    kept = (parse_before(remembered),) if remembered is not None else ()
    data = desk.repository.committed(record.path)
    found = parse_record(record.path, data) if data is not None else None
    last = (Before(found),) if isinstance(found, Record) and is_sealed(found) else ()
    return (*kept, *last)


def sealings(plans: Iterable[SealPlan]) -> list[tuple[Sequence[Reader], Previous]]:
    """Readers of each part that is sealed anew, and those of the block before."""
    return [(task.readers, task.previous) for plan in plans for task in plan.fresh]


def memory_path(desk: Desk, path: str) -> Path:
    """Where `open --in-place` remembers a record as it was sealed."""
    name = path.rsplit("/", 1)[-1].removesuffix(".md")
    folder = application_folder(desk.environment) / "opened" / desk.book.trust.workspace
    return folder / f"{name}.json"


def _first_pins(desk: Desk) -> Pins:
    current = [keys[0].reader for keys in desk.book.keyring.keys.values()]
    pins = Pins().accept(current)
    desk.keystore.save_pins(pins)
    say(
        f"first use on this device: the {len(current)} keys in records/keys are taken as they "
        "are; a new or changed one will stop you from now on"
    )
    return pins


def _new_readers(desk: Desk, readers: Sequence[Reader], pins: Pins) -> NewReaderError:
    lines = [
        f"{display(desk.book, reader.id)} ({reader.id}) {_how_new(reader, pins)}: "
        f"{reader.fingerprint}"
        for reader in readers
    ]
    options = " ".join(f"--new-reader {reader.id}" for reader in readers)
    if not new_keys(readers, pins):
        return NewReaderError(
            "\n".join(["nothing was sealed, because more people would read the text:", *lines]),
            hint="if that is not meant, look at what was changed in the record, its form, the "
            f"policy and the roles\nif it is, repeat the command with: {options}",
        )
    return NewReaderError(
        "\n".join(["nothing was sealed, because this device has not met a reader:", *lines]),
        hint="ask them whether this is their key (coachbook keys list shows it to them)\n"
        f"if it is, repeat the command with: {options}",
    )


def _how_new(reader: Reader, pins: Pins) -> str:
    if reader.id not in pins.known:
        return "is new here"
    if pins.known[reader.id] != reader.fingerprint:
        return "has another key than before"
    return "could not read it before"
