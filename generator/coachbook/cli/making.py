"""Keys of people and roles as `coachbook keys new` makes them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import click

from coachbook.book import policy_now, role_holders
from coachbook.cli.context import say
from coachbook.cli.desk import find_actor, reader_name, reader_names, reloaded
from coachbook.cli.unlocking import find_protected, read_passphrase, unlock_actor
from coachbook.errors import KeyringError, UsageError, WrongPassphraseError
from coachbook.invitation import publishes_keys
from coachbook.keycheck import making
from coachbook.keystore import create_key, unlock
from coachbook.people import ROLE_TITLES, is_envelope, roles_of, split_principal
from coachbook.private import remove_private, replace_file
from coachbook.publickey import (
    format_public_key,
    private_key_path,
    public_key_of,
    public_key_path,
)
from coachbook.rolekeys import Change, new_role_key, plan_role, reseal_role_key

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from coachbook.age import X25519Identity
    from coachbook.cli.desk import Desk
    from coachbook.publickey import PublicKey
    from coachbook.readers import Reader
    from coachbook.rolekeys import RolePlan


def make_person(
    desk: Desk, owner: str, passphrase_file: Path | None, *, keeps_earlier: bool
) -> tuple[X25519Identity, ...]:
    """Makes a key, keeps its private half on this device and writes its public line.

    The passphrase is printed before anything is kept under it, so that a kill leaves no key that
    nobody can open. Run again after a kill, it goes on with the key that was begun. The keys come
    back, the new one first; earlier ones are among them if they are kept.
    """
    identities = _begun_key(desk, owner, passphrase_file, keeps_earlier=keeps_earlier)
    begun = desk.keystore.find_begun(owner)
    if not identities or identities[0].recipient().fingerprint() != begun:
        identities = _new_key(desk, owner, identities)
    _publish(desk, owner, identities[0])
    return identities


def _begun_key(
    desk: Desk, owner: str, passphrase_file: Path | None, *, keeps_earlier: bool
) -> tuple[X25519Identity, ...]:
    """The keys on this device, where they are to be kept or one of them was begun."""
    if keeps_earlier:
        return unlock(find_protected(desk, owner), read_passphrase(desk, owner, passphrase_file))
    begun, protected = desk.keystore.find_begun(owner), desk.keystore.find(owner)
    if begun is None or protected is None or desk.book.keyring.current(owner) is None:
        return ()
    say("a new key was begun here and not finished: give its six words, or any to begin anew")
    try:
        found = unlock(protected, read_passphrase(desk, owner, passphrase_file))
    except WrongPassphraseError:
        return ()
    return found if found[0].recipient().fingerprint() == begun else ()


def _new_key(
    desk: Desk, owner: str, earlier: Sequence[X25519Identity]
) -> tuple[X25519Identity, ...]:
    current = desk.book.keyring.current(owner)
    made = create_key(
        owner,
        generation=current.generation + 1 if current else 1,
        created=desk.book.today,
        random=desk.random,
        earlier=earlier,
    )
    click.echo(made.passphrase)
    say("write the six words down now: they are shown once and stored nowhere")
    if current and not earlier:
        _keep_lost(desk, owner, current.generation)
    desk.keystore.save_begun(owner, made.public.fingerprint)
    desk.keystore.save(owner, made.protected)
    return (made.identity, *earlier)


def _keep_lost(desk: Desk, owner: str, generation: int) -> None:
    """Keeps the file of a lost key on this device: its words may be found again."""
    protected = desk.keystore.find(owner) or desk.book.keyring.protected.get(owner)
    if protected is not None:
        desk.keystore.keep_earlier(owner, generation, protected)
        say(f"the lost key is kept too; if its words are found: coachbook keys restore {owner}")


def _publish(desk: Desk, owner: str, identity: X25519Identity) -> None:
    """Writes the public line of a key, unless it is there; a key made here has been met here."""
    current = desk.book.keyring.current(owner)
    if current is None or current.recipient != identity.recipient():
        current = write_public(desk, owner, identity)
    publish_protected(desk, owner)
    accept(desk, [current.reader])
    say(f"{reader_name(desk.book, owner)} has a key, generation {current.generation}")
    say(f"fingerprint: {current.fingerprint}")
    say(f"where somebody else files the key, you read out: {current.read_out}")


def write_public(desk: Desk, owner: str, identity: X25519Identity) -> PublicKey:
    """Makes an identity the person's key in use: the next generation of their public line."""
    current = desk.book.keyring.current(owner)
    generation = current.generation + 1 if current else 1
    public = public_key_of(identity, owner=owner, generation=generation, created=desk.book.today)
    put_public(desk, public, current)
    return public


def put_public(desk: Desk, public: PublicKey, current: PublicKey | None) -> None:
    """Writes the `.pub` file, after the one before it was put aside."""
    root, owner = desk.book.root, public.owner
    if current:
        old = public_key_path(owner, current.generation, current=False)
        replace_file(root / old, format_public_key(current).encode("ascii"))
    replace_file(root / public.path, format_public_key(public).encode("ascii"))


def publish_protected(desk: Desk, owner: str) -> None:
    """Puts the protected key beside its public line if that is policy; takes away any other."""
    published = desk.book.root / private_key_path(owner, 1)
    protected = desk.keystore.find(owner)
    schools = desk.book.people[owner].schools
    if publishes_keys(desk.book, schools) and protected is not None:
        replace_file(published, protected.encode("ascii"))
        say(f"{private_key_path(owner, 1)}: published for the portal, as the policy says")
    else:
        remove_private(published)


def make_role(
    desk: Desk,
    role: str,
    identities: Mapping[str, X25519Identity],
    passphrase_file: Path | None,
) -> Mapping[str, X25519Identity]:
    """Brings a role's key to those who hold the role; the keys that were needed for it."""
    plan = plan_role(desk.book.keyring, role, require_role(desk, role))
    holders = reader_names(desk.book, [holder.id for holder in plan.holders])
    if plan.change is Change.NONE:
        say(f"the key of {role} opens for {holders} already")
        return identities
    if plan.change is Change.EXTEND:
        found = identities
        if not _opens(plan, identities):
            _require_holder(desk, plan)
            found = unlock_actor(desk, passphrase_file)
        _reseal(desk, plan, found)
        say(f"the key of {role} now opens for {holders}")
        return found
    _replace(desk, plan)
    say(f"a new key of {role} opens for {holders}")
    if plan.leavers:
        say(f"it was replaced because of {reader_names(desk.book, plan.leavers)}")
        say("what was sealed to the earlier key stays readable for those who could read it")
    return identities


def say_roles(desk: Desk, owner: str, handled: Sequence[str]) -> None:
    """Names the roles that the person holds and whose keys do not fit their holders yet."""
    book = desk.book
    for role in roles_of(book.assignments, owner, book.today):
        people = role_holders(book, role)
        if role in handled or owner not in people or not _may_read(desk, role):
            continue
        if plan_role(book.keyring, role, people).change is not Change.NONE:
            say(f"next, for those who hold {role}: coachbook keys new --role {role}")


def _may_read(desk: Desk, role: str) -> bool:
    """True if the policy's table has a column for the role."""
    name, school = split_principal(role)
    policy = policy_now(desk.book, school)
    return policy is not None and name in policy.columns


def _require_holder(desk: Desk, plan: RolePlan) -> None:
    """Raises KeyringError unless the person at work can pass the role's key on."""
    owners = [owner for owner, _ in plan.stated]
    if find_actor(desk) not in owners:
        raise KeyringError(
            f"the key of {plan.role} has to be passed on by {reader_names(desk.book, owners)}",
            hint=f"ask them to run: coachbook keys new --role {plan.role}",
        )


def _opens(plan: RolePlan, identities: Mapping[str, X25519Identity]) -> bool:
    mine = {identity.recipient().fingerprint() for identity in identities.values()}
    return bool(mine & {fingerprint for _, fingerprint in plan.stated})


def require_role(desk: Desk, role: str) -> tuple[str, ...]:
    """Who holds the role today; raises UsageError for a role or school that is not there."""
    name, school = split_principal(role)
    if is_envelope(role):
        raise UsageError(
            "the key of a sealed envelope is on paper, and nobody holds it",
            hint=f"see: coachbook keys recovery --help, or run: {making(role)}",
        )
    if name not in ROLE_TITLES or school not in desk.book.schools:
        raise UsageError(
            f"there is no role {role!r}",
            hint=f"write a role and its school, such as monitor@{next(iter(desk.book.schools))}",
        )
    return role_holders(desk.book, role)


def _reseal(desk: Desk, plan: RolePlan, identities: Mapping[str, X25519Identity]) -> None:
    name = partial(reader_name, desk.book)
    keyring = desk.book.keyring
    files = reseal_role_key(plan, keyring, identities, random=desk.random, name=name)
    write_key_files(desk, files)


def _replace(desk: Desk, plan: RolePlan) -> None:
    made = new_role_key(plan, desk.book.keyring, created=desk.book.today, random=desk.random)
    write_key_files(desk, made.files)
    accept(desk, [made.public.reader])


def write_key_files(desk: Desk, files: Mapping[str, str]) -> None:
    """Puts the files in place, in their order and each whole."""
    for path, text in files.items():
        replace_file(desk.book.root / path, text.encode("ascii"))


def accept(desk: Desk, readers: Sequence[Reader]) -> None:
    """A key that was made here has been met; on first use all keys will be."""
    pins = desk.keystore.load_pins()
    if pins is not None:
        desk.keystore.save_pins(pins.accept(readers))


def accept_role(desk: Desk, role: str) -> None:
    """A key that was made here has been met here."""
    key = reloaded(desk).book.keyring.current(role)
    if key is not None:
        accept(desk, [key.reader])
