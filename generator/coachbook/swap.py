"""One whole site in the place of another, at every moment.

    require_place(out)
    staged = beside(out)       # a folder that is not there yet
    ...                        # the new site is built into it
    swap(staged, out)

Two renames put a site in place: the old one goes to a spare name, the new one gets the name. A
build that is killed between them leaves the old one as the spare, and the next puts it back.
"""

from __future__ import annotations

import re
import secrets
import shutil
from contextlib import suppress
from typing import TYPE_CHECKING

from coachbook.errors import BuildError
from coachbook.manifest import NAME

if TYPE_CHECKING:
    from pathlib import Path

_TOKEN = 8
_DAY = 24 * 60 * 60


def require_place(out: Path) -> None:
    """Puts back a site that was left half-way; BuildError where the place is not ours."""
    _require_folder(out)
    _recover(out)
    _require_ours(out)


def beside(out: Path) -> Path:
    """A name for a new folder beside the site, which nobody else has."""
    return out.with_name(f".{out.name}-{secrets.token_hex(_TOKEN // 2)}")


def remove_left_over(staged: Path) -> None:
    """Removes what builds that were killed have left beside a new folder more than a day ago."""
    name = re.compile(re.escape(staged.name[:-_TOKEN]) + rf"[0-9a-f]{{{_TOKEN}}}")
    made = staged.stat().st_mtime
    for one in staged.parent.iterdir():
        if name.fullmatch(one.name) and made - one.lstat().st_mtime > _DAY:
            shutil.rmtree(one, ignore_errors=True)


def swap(staged: Path, out: Path) -> None:
    """Puts the staged site in place; at every moment one whole site has the name or its spare.

    Windows cannot rename over a folder, nor rename one that a reader has open:
    then the old site is put back and the build says so.
    """
    spare = _spare(out)
    _discard(spare)
    try:
        if out.exists():
            out.replace(spare)
        staged.replace(out)
    except OSError as error:
        raise BuildError(
            f"{out} could not be replaced: {(error.strerror or 'no reason given').lower()}",
            hint=_put_back(spare, out),
        ) from error
    _discard(spare)


def _require_folder(out: Path) -> None:
    """Refuses a link: it would be replaced by a folder, and what it leads to would stay."""
    if out.is_symlink():
        raise BuildError(
            f"{out} is a link to another place", hint="name that place itself with --out"
        )


def _require_ours(out: Path) -> None:
    """Refuses to replace a folder that no build made."""
    if out.exists() and not (out / NAME).is_file() and (not out.is_dir() or any(out.iterdir())):
        raise BuildError(
            f"{out} holds something that coachbook did not build",
            hint="name another folder with --out, or move what is there",
        )


def _recover(out: Path) -> None:
    """Puts the last good site back where a build was killed between the two renames."""
    spare = _spare(out)
    if (spare / NAME).is_file() and not out.exists():
        spare.replace(out)


def _spare(out: Path) -> Path:
    return out.with_name(f".{out.name}-last")


def _discard(spare: Path) -> None:
    """Removes an old site, its manifest first: what is left of it is never put back."""
    with suppress(OSError):
        (spare / NAME).unlink(missing_ok=True)
        shutil.rmtree(spare)


def _put_back(spare: Path, out: Path) -> str:
    """Puts the old site back where nothing is in its place; what to do then."""
    if spare.exists() and not out.exists():
        try:
            spare.replace(out)
        except OSError:
            return (
                f"close the programs that have files of the site open; the last good site is in "
                f"{spare}, and the next build puts it back"
            )
    return "close the programs that have files of the site open, then build again"
