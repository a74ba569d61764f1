"""`coachbook keys rotate` and `replace`: a key gets a new generation.

What belongs to a new key is done in an order that can be broken off anywhere: its six words, its
private half, its public line, the roles, then record by record. Run again, it goes on.
"""

from __future__ import annotations

import dataclasses
from enum import Enum
from functools import partial
from typing import TYPE_CHECKING

import click

from coachbook.book import role_holders
from coachbook.cli.context import say, workspace_options
from coachbook.cli.desk import (
    find_person,
    new_reader_option,
    open_desk,
    reader_name,
    reader_names,
    reloaded,
)
from coachbook.cli.making import accept_role, make_person, require_role, write_key_files
from coachbook.cli.renewing import dry_run_option, say_past, say_role
from coachbook.cli.resealed import reseal, say_left
from coachbook.cli.unlocking import passphrase_option, with_roles
from coachbook.errors import KeyringError, UsageError
from coachbook.generations import count_stated
from coachbook.publickey import is_role
from coachbook.renewal import Left
from coachbook.rolekeys import Change, new_role_key, plan_role, reseal_role_key

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from pathlib import Path

    from coachbook.age import X25519Identity
    from coachbook.cli.desk import Desk
    from coachbook.rolekeys import RolePlan


class Reason(Enum):
    """Why a person's key is replaced: it decides what becomes of their roles and records."""

    AGE = "age"
    LOST = "lost"
    LEAKED = "leaked"


@click.command()
@click.argument("owner", metavar="ROLE@SCHOOL|PERSON")
@dry_run_option
@passphrase_option
@workspace_options
def rotate(
    owner: str,
    dry_run: bool,
    passphrase_file: Path | None,
    directory: Path | None,
    today: date | None,
) -> int:
    """Make a new generation of a key, with nothing wrong with the one before.

    A role's needs no key. A person's is made at their own computer with their
    passphrase; the new six words are printed once. What was sealed before stays
    as it is and opens as before; to seal it again: coachbook keys reseal OWNER.

    Example: coachbook keys rotate monitor@otterbeck
    """
    if is_role(owner):
        return _rotate_role(open_desk(directory, today), owner, dry_run=dry_run)
    desk = open_desk(directory, today, person=owner)
    person = _require_key(desk, owner)
    if dry_run:
        return _show(desk, person)
    identities = make_person(desk, person, passphrase_file, keeps_earlier=True)
    left = _renew_roles(reloaded(desk), person, identities, Reason.AGE)
    desk.keystore.forget_begun(person)
    say_left(left)
    return int(bool(left))


@click.command()
@click.argument("person")
@click.option("--lost", is_flag=True, help="Nobody has the key or its passphrase any more.")
@click.option("--leaked", is_flag=True, help="Others may have the key and its passphrase.")
@dry_run_option
@new_reader_option
@passphrase_option
@workspace_options
def replace(
    person: str,
    lost: bool,
    leaked: bool,
    dry_run: bool,
    new_readers: tuple[str, ...],
    passphrase_file: Path | None,
    directory: Path | None,
    today: date | None,
) -> int:
    """Replace a person's key that is lost or leaked, at their own computer.

    It makes a new key, gives each of their roles what it needs, and seals again
    what the keys at hand open. What they do not open is left and listed: other
    readers run coachbook keys reseal PERSON. After a leak, nothing takes back
    what can be read with the old key. Exit status: 0 nothing is left, 1
    something is, 2 it could not run.

    Example: coachbook keys replace p-7kq2m4xa --leaked
    """
    if lost == leaked:
        raise UsageError("is the key lost, or leaked?", hint="add --lost or --leaked")
    desk = open_desk(directory, today, person=person)
    owner = _require_key(desk, person)
    if dry_run:
        return _show(desk, owner)
    identities = make_person(desk, owner, passphrase_file, keeps_earlier=leaked)
    reason = Reason.LEAKED if leaked else Reason.LOST
    left = _renew_roles(reloaded(desk), owner, identities, reason)
    left += _reseal(reloaded(desk), owner, identities, new_readers)
    desk.keystore.forget_begun(owner)
    say_left(left)
    if left:
        say(f"another reader of a record runs: coachbook keys reseal {owner}")
    return int(bool(left))


def _require_key(desk: Desk, named: str) -> str:
    """The person's id; raises KeyringError where there is no key to replace."""
    owner = find_person(desk.book, named)
    if desk.book.keyring.current(owner) is None:
        raise KeyringError(
            f"{reader_name(desk.book, owner)} has no key yet, so there is none to replace",
            hint=f"run: coachbook keys new {owner}",
        )
    return owner


def _rotate_role(desk: Desk, role: str, *, dry_run: bool) -> int:
    plan = plan_role(desk.book.keyring, role, require_role(desk, role))
    holders = reader_names(desk.book, [holder.id for holder in plan.holders])
    if dry_run:
        click.echo(f"would make a new generation of the key of {role} for {holders}")
        return 0
    _new_generation(desk, plan)
    say(f"a new key of {role} opens for {holders}")
    say_past(reloaded(desk), role)
    return 0


def _new_generation(desk: Desk, plan: RolePlan) -> None:
    made = new_role_key(plan, desk.book.keyring, created=desk.book.today, random=desk.random)
    write_key_files(desk, made.files)
    accept_role(desk, plan.role)


def _renew_roles(
    desk: Desk, owner: str, identities: Sequence[X25519Identity], reason: Reason
) -> tuple[Left, ...]:
    """Brings the person's roles to their new key; the roles that others have to pass on."""
    left: list[Left] = []
    for role in _roles(desk, owner):
        plan = plan_role(desk.book.keyring, role, role_holders(desk.book, role))
        if plan.change is Change.NONE:
            continue
        others = [one for one, _ in plan.stated if one != owner]
        if reason is Reason.AGE:
            keys = with_roles(desk.book.keyring, owner, tuple(identities))
            name = partial(reader_name, desk.book)
            files = reseal_role_key(plan, desk.book.keyring, keys, random=desk.random, name=name)
            write_key_files(desk, files)
            plan = dataclasses.replace(plan, change=Change.EXTEND)  # the same key, for a new one
        elif reason is Reason.LOST and others:
            names = reader_names(desk.book, others)
            path = desk.book.keyring.keys[role][0].path
            words = f"passed on by {names} with: coachbook keys grant {role} {owner}"
            left.append(Left(path, "", f"the key of {role} has to be {words}"))
            continue
        else:
            _new_generation(desk, plan)
        say_role(reloaded(desk), plan)
    return tuple(left)


def _reseal(
    desk: Desk,
    owner: str,
    identities: Sequence[X25519Identity],
    new_readers: Sequence[str],
) -> tuple[Left, ...]:
    keys = with_roles(desk.book.keyring, owner, tuple(identities))
    return reseal(desk, {owner, *_roles(desk, owner)}, keys, new_readers)


def _roles(desk: Desk, owner: str) -> tuple[str, ...]:
    """The roles with a key that the person holds."""
    roles = sorted(desk.book.keyring.sealed_roles)
    return tuple(role for role in roles if owner in role_holders(desk.book, role))


def _show(desk: Desk, owner: str) -> int:
    """Says what a new key of the person would lead to; it needs no key."""
    current = desk.book.keyring.current(owner)
    generation = current.generation + 1 if current else 1
    name, roles = reader_name(desk.book, owner), _roles(desk, owner)
    click.echo(f"would make a key of {name}, generation {generation}")
    for role in roles:
        click.echo(f"would bring the key of {role} to it")
    stated = count_stated(desk.book.records.values())
    parts = sum(count for (reader, _), count in stated.items() if reader in {owner, *roles})
    click.echo(
        f"{parts} {'part is' if parts == 1 else 'parts are'} sealed to {name} or their roles"
    )
    return 0
