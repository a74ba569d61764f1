"""What another computer has to know of a workspace in order to work on one school of it.

    portion = portion_of(workspace, part)              # here: names and hashes, no text
    book = load_portion(portion)              # there: the same book, or PortionError

Records are not sent: the other computer reads them from a folder that both see under the same
name. It looks at nothing but what the school's book is made of, and refuses where one file is
not what it is here.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from coachbook.book.files import IGNORED, print_of, read_file
from coachbook.book.loading import extend, load_listed
from coachbook.errors import InputError
from coachbook.values import frozen

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from pathlib import Path

    from coachbook.book.files import Listing
    from coachbook.book.model import Book
    from coachbook.book.parts import Part
    from coachbook.book.workspace import Workspace


class PortionError(InputError):
    """The files of a workspace are not those that they are elsewhere."""


@frozen(repr=False)
class Common:
    """What all parts of a workspace have in common: where it lies, and the hash of each file."""

    root: Path
    today: date
    listing: Listing
    prints: tuple[tuple[str, bytes], ...]


@frozen(repr=False)
class Portion:
    """A school's part of a workspace, with the hashes of what it has beside what all share."""

    common: Common
    part: Part
    prints: Mapping[str, bytes]


def portion_of(workspace: Workspace, part: Part) -> Portion:
    """What is to be known of a part."""
    plan, print_of = workspace.plan, workspace.print_of
    shared = {path: print_of(path) for path in plan.shared} | dict(workspace.other_prints)
    common = Common(
        root=workspace.root,
        today=workspace.shared.today,
        listing=replace(workspace.listing, records=plan.shared),
        prints=tuple(sorted(shared.items())),
    )
    return Portion(common, part, {path: print_of(path) for path in plan.beside(part)})


@lru_cache(maxsize=1)
def load_common(common: Common) -> Book:
    """The book of what all parts share; PortionError where a file of it is another one here.

    It is kept for the next part, which asks for just the same.
    """
    root = common.root
    try:
        book = load_listed(root, common.listing, today=common.today)
    except InputError as error:
        raise _differ(error.message) from error
    others = {path: print_of(read_file(root, path)) for path in IGNORED}
    _require_same(dict(common.prints), {**others, **book.prints})
    return book


def load_portion(portion: Portion) -> Book:
    """The book of a part; PortionError where a file of it is another one here."""
    book = extend(load_common(portion.common), portion.prints)
    _require_same(portion.prints, book.prints)
    return book


def _require_same(expected: Mapping[str, bytes], found: Mapping[str, bytes]) -> None:
    unlike = sum(print_ != found.get(path) for path, print_ in expected.items())
    if unlike:
        raise _differ(f"{unlike} of {len(expected)} files differ")


def _differ(what: str) -> PortionError:
    return PortionError(
        f"a worker does not see the same records: {what}",
        hint="let every computer see one folder under one name, and write nothing meanwhile",
    )
