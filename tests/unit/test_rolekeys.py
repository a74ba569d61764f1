"""The key of a role: made, passed on, replaced."""

from __future__ import annotations

from os import urandom

import pytest

from coachbook.keyring import Keyring, load_keyring
from coachbook.publickey import format_public_key, public_key_of
from coachbook.readers import stated_readers
from coachbook.rolekeys import Change, new_role_key, plan_role, reseal_earlier_keys
from tests.workspaces import otterbeck_small as small

ROLE = small.MONITOR
WREN, IDRIS, PETRA = "p-e6f1u8gd", "p-c5t0w6ze", "p-m3v8x1ra"


def people(*owners: str) -> dict[str, bytes]:
    """The public key files of these people."""
    keys = (
        public_key_of(small.identity(one), owner=one, generation=1, created=small.MADE)
        for one in owners
    )
    return {key.path: format_public_key(key).encode() for key in keys}


def after(files: dict[str, bytes], role: dict[str, str]) -> dict[str, bytes]:
    """The files with those of a role among them."""
    return files | {path: text.encode() for path, text in role.items()}


def load(files: dict[str, bytes]) -> Keyring:
    """The keyring in the files, in which nothing is wrong."""
    keyring, findings = load_keyring(files)
    assert findings == ()
    return keyring


def made(files: dict[str, bytes], *holders: str) -> dict[str, bytes]:
    """The files with a new generation of the role's key for these holders."""
    keyring = load(files)
    plan = plan_role(keyring, ROLE, holders)
    found = new_role_key(plan, keyring, created=small.MADE, random=urandom)
    return after(files, dict(found.files))


def test_the_private_half_comes_first() -> None:
    """A role's private key is written before its public line, which others seal to."""
    keyring = load(people(PETRA))

    found = new_role_key(
        plan_role(keyring, ROLE, [PETRA]), keyring, created=small.MADE, random=urandom
    )

    assert [path.rsplit(".", 1)[1] for path in found.files] == ["age", "pub"]


@pytest.mark.parametrize(
    ("holders", "change"),
    [
        ([PETRA], Change.NONE),
        ([PETRA, WREN], Change.EXTEND),
        ([WREN], Change.REPLACE),
    ],
)
def test_what_has_to_happen_follows_from_the_holders(holders: list[str], change: Change) -> None:
    """A new holder gets the key as it is; a holder who goes means a new one."""
    keyring = load(made(people(PETRA, WREN), PETRA))

    assert plan_role(keyring, ROLE, holders).change is change


def test_earlier_keys_are_passed_on_to_every_holder() -> None:
    """A holder who comes later is given the earlier keys of the role as well."""
    files = made(made(people(PETRA, WREN), PETRA), PETRA)
    plan = plan_role(load(files), ROLE, [PETRA, WREN])
    keys = {PETRA: small.identity(PETRA)}

    found, shut = reseal_earlier_keys(plan, load(files), keys, random=urandom)

    assert shut == ()
    ((path, armor),) = found.items()
    assert path.endswith(f"{ROLE}.1.age")
    assert set(dict(stated_readers(armor))) == {PETRA, WREN}
    again = load(after(files, dict(found)))
    assert reseal_earlier_keys(plan, again, keys, random=urandom) == ({}, ())


def test_an_earlier_key_that_does_not_open_is_named() -> None:
    """Which earlier keys of a role stay shut is told by their generation."""
    files = made(made(people(PETRA, WREN, IDRIS), PETRA), WREN)
    plan = plan_role(load(files), ROLE, [WREN, IDRIS])

    found, shut = reseal_earlier_keys(
        plan, load(files), {WREN: small.identity(WREN)}, random=urandom
    )

    assert (found, shut) == ({}, (1,))
