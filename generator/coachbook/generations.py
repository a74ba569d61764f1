"""Earlier keys that something is still sealed to, and who opens with them.

A new generation of a key is for what is sealed from then on. What was sealed before stays as it
is until somebody who can read it seals it again, and who could read it goes on being able to.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from coachbook.errors import DamagedError
from coachbook.publickey import is_role
from coachbook.readers import stated_readers
from coachbook.values import frozen

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from coachbook.keyring import Keyring
    from coachbook.publickey import PublicKey
    from coachbook.record import Record

    Stated = Mapping[tuple[str, str], int]


@frozen
class EarlierKey:
    """An earlier key, how many parts are sealed to it, and who opens them with a role's key."""

    key: PublicKey
    parts: int
    openers: tuple[str, ...] = ()

    def former(self, holders: Collection[str]) -> tuple[str, ...]:
        """Those who open with it and do not hold the role."""
        return tuple(one for one in self.openers if one not in holders)

    def shut_out(self, keyring: Keyring, holders: Iterable[str]) -> tuple[str, ...]:
        """Those who hold the role, have a key, and do not open with this one."""
        return tuple(one for one in holders if keyring.current(one) and one not in self.openers)


def count_stated(records: Iterable[Record]) -> Stated:
    """How many blocks are sealed to each reader with each key, as the blocks state it.

    A damaged block counts nowhere: it opens for nobody.
    """
    found: Counter[tuple[str, str]] = Counter()
    for record in records:
        for block in record.blocks():
            try:
                found.update(stated_readers(block.armor))
            except DamagedError:
                continue
    return found


def earlier_keys(keyring: Keyring, stated: Stated) -> tuple[EarlierKey, ...]:
    """The earlier keys that something is sealed to, by owner and newest first."""
    return tuple(
        EarlierKey(key, parts, _openers(keyring, key))
        for owner, keys in keyring.keys.items()
        for key in keys[1:]
        if (parts := stated.get((owner, key.fingerprint), 0))
    )


def has_earlier_keys(keyring: Keyring) -> bool:
    """True if anybody has had more than one key."""
    return any(len(keys) > 1 for keys in keyring.keys.values())


def _openers(keyring: Keyring, key: PublicKey) -> tuple[str, ...]:
    """Whom a role's earlier private key is sealed to, with a key of theirs that is known."""
    if not is_role(key.owner):
        return ()
    pairs = keyring.earlier_roles.get(key.owner, ())
    armor = next((armor for public, armor in pairs if public is key), None)
    stated = stated_readers(armor) if armor else ()
    known = {(one.owner, one.fingerprint) for one in keyring.all()}
    return tuple(person for person, fingerprint in stated if (person, fingerprint) in known)
