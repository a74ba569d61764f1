"""The key of a role: made, sealed to one more holder, or replaced when a holder leaves.

A role's private key lies in the workspace, sealed to those who hold the role. A new holder gets
the key as it is, and with it what was sealed before. When somebody can open it who no longer
holds the role, what is sealed from now on needs a key they do not have: a new generation.
"""

from __future__ import annotations

from dataclasses import field
from enum import Enum
from typing import TYPE_CHECKING

from coachbook.age import X25519Identity
from coachbook.errors import KeyringError, NotAReaderError
from coachbook.publickey import (
    PublicKey,
    format_public_key,
    private_key_path,
    public_key_of,
)
from coachbook.readers import Reader, stated_readers
from coachbook.sealing import role_identity, seal_role_identity
from coachbook.values import frozen

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import date

    from coachbook.age import Random
    from coachbook.keyring import Keyring


class Change(Enum):
    """What has to happen to a role's key so that exactly its holders open it."""

    NONE = "none"
    MAKE = "make"
    EXTEND = "extend"
    REPLACE = "replace"


@frozen
class RolePlan:
    """A role, those who hold it and have a key, and what has to happen."""

    role: str
    change: Change
    holders: tuple[Reader, ...]
    stated: tuple[tuple[str, str], ...] = ()
    """Whom the current key is sealed to."""

    @property
    def leavers(self) -> tuple[str, ...]:
        """Those who open the current key and should no longer."""
        due = {holder.stated for holder in self.holders}
        return tuple(person for person, key in self.stated if (person, key) not in due)


@frozen
class RoleFiles:
    """What to write for a role: its newest public key, and files by path.

    They are written in this order, so that no public key is ever there without its private half:
    somebody would seal to it what nobody could open.
    """

    public: PublicKey
    files: Mapping[str, str] = field(repr=False)


def plan_role(keyring: Keyring, role: str, people: Iterable[str]) -> RolePlan:
    """What has to happen to the key of a role that these people hold."""
    keys = (keyring.current(person) for person in people)
    holders = tuple(sorted((key.reader for key in keys if key), key=lambda reader: reader.id))
    if not holders:
        raise KeyringError(
            f"nobody who holds {role} has a key",
            hint="first make one for each of them: coachbook keys new PERSON",
        )
    if keyring.current(role) is None:
        return RolePlan(role, Change.MAKE, holders)
    armor = keyring.sealed_roles.get(role)
    if armor is None:
        return RolePlan(role, Change.REPLACE, holders)
    stated = stated_readers(armor)
    due = {holder.stated for holder in holders}
    if set(stated) == due:
        return RolePlan(role, Change.NONE, holders, stated)
    change = Change.EXTEND if set(stated) < due else Change.REPLACE
    return RolePlan(role, change, holders, stated)


def new_role_key(plan: RolePlan, keyring: Keyring, *, created: date, random: Random) -> RoleFiles:
    """A new generation of the role's key, sealed to its holders."""
    current = keyring.current(plan.role)
    generation = current.generation + 1 if current else 1
    identity = X25519Identity.generate(random)
    public = public_key_of(identity, owner=plan.role, generation=generation, created=created)
    sealed = _sealed(plan, identity, generation, random)
    return RoleFiles(public, {**sealed, public.path: format_public_key(public)})


def reseal_role_key(
    plan: RolePlan,
    keyring: Keyring,
    identities: Mapping[str, X25519Identity],
    *,
    random: Random,
    name: Callable[[str], str] = str,
) -> Mapping[str, str]:
    """The role's current key sealed to its holders; raises NotAReaderError for a stranger."""
    public = keyring.keys[plan.role][0]
    identity = role_identity(keyring.sealed_roles[plan.role], identities, public, name=name)
    return _sealed(plan, identity, public.generation, random)


def reseal_earlier_keys(
    plan: RolePlan,
    keyring: Keyring,
    identities: Mapping[str, X25519Identity],
    *,
    random: Random,
) -> tuple[Mapping[str, str], tuple[int, ...]]:
    """The role's earlier keys for its holders: files by path, and generations that stay shut.

    A holder reads what was sealed to the role before, whichever of its keys it was sealed to. A
    key that is sealed to all of them already is left as it is.
    """
    files: dict[str, str] = {}
    shut = []
    due = {holder.stated for holder in plan.holders}
    for public, armor in keyring.earlier_roles.get(plan.role, ()):
        if due <= set(stated_readers(armor)):
            continue
        try:
            identity = role_identity(armor, identities, public)
            files |= _sealed(plan, identity, public.generation, random)
        except NotAReaderError:
            shut.append(public.generation)
    return files, tuple(shut)


def _sealed(
    plan: RolePlan, identity: X25519Identity, generation: int, random: Random
) -> dict[str, str]:
    armor = seal_role_identity(
        identity, owner=plan.role, generation=generation, holders=plan.holders, random=random
    )
    return {private_key_path(plan.role, generation): armor}
