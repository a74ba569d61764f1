"""Records sealed anew for keys that have changed, as every `keys` command does it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import click

from coachbook.cli.context import say
from coachbook.cli.desk import find_actor, reader_name, reader_names
from coachbook.cli.resealing import memory_path, require_met, sealings
from coachbook.cli.signing import signer_at
from coachbook.private import remove_private, replace_file
from coachbook.renewal import Left, due_parts, due_records, plan_renewal, renewed_source

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from coachbook.age import X25519Identity
    from coachbook.cli.desk import Desk
    from coachbook.sharing import SharePlan
    from coachbook.signatures import Signer


def reseal(
    desk: Desk,
    owners: Collection[str],
    identities: Mapping[str, X25519Identity],
    new_readers: Sequence[str] = (),
) -> tuple[Left, ...]:
    """Seals anew what the keys open and the owners' keys ask for; what is left as it is.

    Every record is replaced whole, and one that is sealed rightly is not due any more: after a
    kill the same command goes on where it was.
    """
    name, signer = partial(reader_name, desk.book), signer_at(desk, identities)
    found = [
        plan_renewal(desk.book, record, owners, identities, random=desk.random, name=name)
        for record in due_records(desk.book, owners)
    ]
    plans = [one.plan for one in found if one.plan]
    require_met(desk, sealings([plan.seal for plan in plans]), new_readers)
    for plan in plans:
        _write(desk, plan, signer)
        click.echo(plan.seal.path)
    count = sum(len(plan.seal.fresh) for plan in plans)
    say(f"{count or 'no'} {'part' if count == 1 else 'parts'} sealed anew")
    return tuple(left for one in found for left in one.left)


def say_left(left: Sequence[Left]) -> None:
    """Lists what was left as it is."""
    if left:
        say("left as it is:")
        for one in left:
            say(f"  {one}")


def show_due(desk: Desk, owners: Collection[str]) -> int:
    """Prints which parts are due; how many they are. It needs no key."""
    count = 0
    for record in due_records(desk.book, owners):
        parts = due_parts(desk.book, record, owners)
        count += len(parts)
        click.echo(f"{record.path}: {', '.join(parts)}")
    what = "part is" if count == 1 else "parts are"
    say(
        f"{count or 'no'} {what} sealed to other keys than {reader_names(desk.book, owners)} "
        f"{'has' if len(owners) == 1 else 'have'} now"
    )
    return count


def _write(desk: Desk, plan: SharePlan, signer: Signer | None) -> None:
    source = renewed_source(
        plan, author=find_actor(desk), now=desk.clock(), random=desk.random, signer=signer
    )
    record = plan.seal.record
    replace_file(desk.book.root / plan.seal.path, record.encode(source))
    remove_private(memory_path(desk, plan.seal.path))
