"""`coachbook keys grant`, `revoke` and `reseal`: roles change over the years.

Each command works out everything before it writes anything, writes whole files only, and in an
order in which a kill at any step leaves keys that open what they are for. Run again, it goes on.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from coachbook.book import role_holders
from coachbook.cli.context import say, workspace_options
from coachbook.cli.desk import (
    find_person,
    new_reader_option,
    open_desk,
    person_option,
    reader_name,
    reader_names,
    reloaded,
)
from coachbook.cli.making import accept_role, require_role, write_key_files
from coachbook.cli.resealed import reseal as reseal_records
from coachbook.cli.resealed import say_left, show_due
from coachbook.cli.unlocking import passphrase_option, unlock_actor
from coachbook.errors import KeyringError, UsageError
from coachbook.people import is_envelope
from coachbook.publickey import is_role, private_key_path, public_key_path
from coachbook.readers import stated_readers
from coachbook.rolekeys import (
    Change,
    new_role_key,
    plan_role,
    reseal_earlier_keys,
    reseal_role_key,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date
    from pathlib import Path

    from coachbook.age import X25519Identity
    from coachbook.cli.desk import Desk
    from coachbook.frontmatter import Value
    from coachbook.rolekeys import RolePlan


def dry_run_option(command: Any) -> Any:  # noqa: ANN401 (click's own decorators)
    """Adds `--dry-run`."""
    return click.option("--dry-run", is_flag=True, help="Say what would be done, and do nothing.")(
        command
    )


@click.command()
@click.argument("role", metavar="ROLE@SCHOOL")
@click.argument("holder", metavar="PERSON")
@dry_run_option
@person_option
@passphrase_option
@workspace_options
def grant(
    role: str,
    holder: str,
    dry_run: bool,
    person: str,
    passphrase_file: Path | None,
    directory: Path | None,
    today: date | None,
) -> int:
    """Give a person a role from today on, with the keys of the role.

    One who holds the role runs it, with their key. The new holder reads what is
    sealed to the role from now on, and what was sealed to it before. Exit
    status: 0 done, 1 an earlier key of the role is left, 2 it could not run.

    Example: coachbook keys grant monitor@otterbeck p-7kq2m4xa
    """
    desk = open_desk(directory, today, person=person)
    require_role(desk, role)
    owner = find_person(desk.book, holder)
    if desk.book.keyring.current(owner) is None:
        raise KeyringError(
            f"{reader_name(desk.book, owner)} has no key that the role's could be sealed to",
            hint=f"first, at their own computer: coachbook keys new {owner}",
        )
    people = tuple(sorted({*role_holders(desk.book, role), owner}))
    plan = plan_role(desk.book.keyring, role, people)
    files = _assignment(desk, role, owner)
    if dry_run:
        _show(desk, plan, files, is_passed_on=True)
        return 0
    identities = _keys_for(desk, plan, passphrase_file)
    write_key_files(desk, {**files, **_role_files(desk, plan, identities)})
    accept_role(desk, role)
    shut = pass_on_earlier(reloaded(desk), plan, identities)
    say_role(desk, plan)
    for generation in shut:
        say(f"left as it is: generation {generation} of the key of {role}, which does not open")
    return int(bool(shut))


@click.command()
@click.argument("role", metavar="ROLE@SCHOOL")
@click.argument("holder", metavar="PERSON")
@dry_run_option
@workspace_options
def revoke(
    role: str, holder: str, dry_run: bool, directory: Path | None, today: date | None
) -> int:
    """Take a role from a person, and make a new key of the role for those who remain.

    It needs no key. What is sealed to the role from now on, the person cannot
    open. What was sealed before they could read, and nothing takes that back;
    it stays as it is until somebody seals it again (coachbook keys reseal).

    Example: coachbook keys revoke monitor@otterbeck p-7kq2m4xa
    """
    desk = open_desk(directory, today)
    require_role(desk, role)
    owner = find_person(desk.book, holder)
    rest = tuple(one for one in role_holders(desk.book, role) if one != owner)
    ends = _ended(desk, role, owner)
    if not any(desk.book.keyring.current(one) for one in rest):
        raise UsageError(
            f"{reader_name(desk.book, owner)} is the last who holds {role} and has a key: nobody "
            "could open what is sealed to it",
            hint=f"first give it to a successor: coachbook keys grant {role} PERSON",
        )
    plan = plan_role(desk.book.keyring, role, rest)
    is_new = plan.change in {Change.MAKE, Change.REPLACE}
    if dry_run:
        _show(desk, plan if is_new else replace(plan, change=Change.NONE), ends)
        return 0
    files = new_role_key(plan, desk.book.keyring, created=desk.book.today, random=desk.random).files
    write_key_files(desk, files if is_new else {})
    _end(desk, ends)
    accept_role(desk, role)
    say_role(desk, plan)
    say_past(reloaded(desk), role)
    return 0


@click.command()
@click.argument("owners", nargs=-1, required=True, metavar="OWNER...")
@dry_run_option
@new_reader_option
@person_option
@passphrase_option
@workspace_options
def reseal(
    owners: tuple[str, ...],
    dry_run: bool,
    new_readers: tuple[str, ...],
    person: str,
    passphrase_file: Path | None,
    directory: Path | None,
    today: date | None,
) -> int:
    """Seal again what is sealed to other keys than these people and roles have now.

    OWNER is a person or a role. Only parts whose readers the policy wants
    otherwise are touched; the texts stay as they are. What your key does not
    open is left and listed: another reader runs the same. Exit status: 0
    nothing is left, 1 something is, 2 it could not run.

    Example: coachbook keys reseal p-7kq2m4xa --dry-run
    """
    desk = open_desk(directory, today, person=person)
    chosen = tuple(dict.fromkeys(_owner(desk, one) for one in owners))
    if dry_run:
        return int(bool(show_due(desk, chosen)))
    left = reseal_records(desk, chosen, unlock_actor(desk, passphrase_file), new_readers)
    say_left(left)
    return int(bool(left))


def _owner(desk: Desk, named: str) -> str:
    if not is_role(named):
        return find_person(desk.book, named)
    if not (is_envelope(named) and desk.book.keyring.current(named)):
        require_role(desk, named)
    return named


def _assignment(desk: Desk, role: str, owner: str) -> dict[str, str]:
    """The record that gives the person the role, unless there is one."""
    from coachbook.frontmatter import format_header

    if owner in role_holders(desk.book, role):
        return {}
    name, _, school = role.partition("@")
    found = _assignment_id(desk, role, owner)
    header: dict[str, Value] = {
        "type": "role-assignment",
        "id": found,
        "school": school,
        "person": owner,
        "role": name,
        "from": desk.book.today,
    }
    return {f"records/{school}/roles/{found}.md": format_header(header)}


def _assignment_id(desk: Desk, role: str, owner: str) -> str:
    """An id that is the same when a command that was killed is run again."""
    from hashlib import shake_256
    from itertools import count

    from coachbook.newrecord import ID_LENGTH, random_name

    what = f"{desk.book.trust.workspace} {role} {owner} {desk.book.today}"
    names = (shake_256(f"{what} {number}".encode()).digest for number in count())
    ids = (f"r-{random_name(ID_LENGTH, name)}" for name in names)
    return next(one for one in ids if one not in desk.book.by_id)


def _ended(desk: Desk, role: str, owner: str) -> dict[str, str | None]:
    """The person's assignments as of yesterday; None for one that had not begun by then."""
    from datetime import timedelta

    from coachbook.record import replace_field

    last = desk.book.today - timedelta(days=1)
    found: dict[str, str | None] = {}
    for one in desk.book.roles.get(role, ()):
        if one.person == owner and (one.end is None or one.end > last):
            for record in desk.book.by_id.get(one.id, ()):
                text = replace_field(record, "to", last)
                found[record.path] = text if one.start <= last else None
    return found


def _end(desk: Desk, ends: Mapping[str, str | None]) -> None:
    from coachbook.private import remove_private, replace_file

    for path, text in ends.items():
        record = desk.book.records[path]
        if text is None:
            remove_private(desk.book.root / path)
        else:
            replace_file(desk.book.root / path, record.encode(text))


def _keys_for(
    desk: Desk, plan: RolePlan, passphrase_file: Path | None
) -> Mapping[str, X25519Identity]:
    """The actor's keys, where a key of the role has to be opened to be passed on."""
    has_earlier = bool(desk.book.keyring.earlier_roles.get(plan.role))
    if plan.change is Change.EXTEND or has_earlier or plan.change is Change.REPLACE:
        return unlock_actor(desk, passphrase_file)
    return {}


def _role_files(
    desk: Desk, plan: RolePlan, identities: Mapping[str, X25519Identity]
) -> Mapping[str, str]:
    """The files of the role's current key for its holders."""
    from functools import partial

    keyring = desk.book.keyring
    if plan.change is Change.NONE:
        return {}
    if plan.change is Change.EXTEND:
        name = partial(reader_name, desk.book)
        return reseal_role_key(plan, keyring, identities, random=desk.random, name=name)
    return new_role_key(plan, keyring, created=desk.book.today, random=desk.random).files


def pass_on_earlier(
    desk: Desk, plan: RolePlan, identities: Mapping[str, X25519Identity]
) -> tuple[int, ...]:
    """Seals the role's earlier keys to its holders too; the generations that stay shut."""
    files, shut = reseal_earlier_keys(plan, desk.book.keyring, identities, random=desk.random)
    write_key_files(desk, files)
    return shut


def say_role(desk: Desk, plan: RolePlan) -> None:
    """Says what became of a role's key, and for whom it opens."""
    words = {
        Change.NONE: "stays as it is; it opens for",
        Change.EXTEND: "is passed on; it opens for",
        Change.MAKE: "is new; it opens for",
        Change.REPLACE: "has a new generation; it opens for",
    }[plan.change]
    holders = reader_names(desk.book, [holder.id for holder in plan.holders])
    say(f"the key of {plan.role} {words} {holders}")


def say_past(desk: Desk, role: str) -> None:
    """Says how much stays sealed to earlier keys of the role, and that it stays so."""
    from coachbook.renewal import due_records

    count = len(due_records(desk.book, {role}))
    if count:
        say(
            f"{count} {'record holds' if count == 1 else 'records hold'} parts that are sealed to "
            "an earlier key of the role; whoever could read them still can, and nothing takes "
            f"that back\nto seal them again all the same: coachbook keys reseal {role}"
        )


def _show(desk: Desk, plan: RolePlan, files: Iterable[str], *, is_passed_on: bool = False) -> None:
    """Says which files would be written, and for whom the role's key would open."""
    for path in (*files, *_key_paths(desk, plan, is_passed_on=is_passed_on)):
        click.echo(f"would write {path}")
    holders = reader_names(desk.book, [holder.id for holder in plan.holders])
    say(f"the key of {plan.role} would open for {holders}")


def _key_paths(desk: Desk, plan: RolePlan, *, is_passed_on: bool) -> Iterator[str]:
    current = desk.book.keyring.current(plan.role)
    generation = current.generation if current else 0
    if plan.change is Change.EXTEND:
        yield private_key_path(plan.role, generation)
    elif plan.change is not Change.NONE:
        yield private_key_path(plan.role, generation + 1)
        yield public_key_path(plan.role, generation + 1)
    earlier = desk.book.keyring.earlier_roles.get(plan.role, ()) if is_passed_on else ()
    due = {holder.stated for holder in plan.holders}
    for public, armor in earlier:
        if not due <= set(stated_readers(armor)):
            yield private_key_path(plan.role, public.generation)
