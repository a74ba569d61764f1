"""What lies under `records/`: records, forms, keys, and what is none of these.

The walk never follows a link, opens nothing but regular files, and reads at
most `LIMIT` bytes of one. Whatever cannot be a record is a finding, because a
file that nobody looks at may hold what nobody should see.
"""

from __future__ import annotations

import errno
import hashlib
import os
import re
import stat
import unicodedata
from bisect import bisect_left
from typing import TYPE_CHECKING

from coachbook.diagnostics import Consequence, Diagnostic, Severity, Span
from coachbook.values import frozen

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from pathlib import Path

RECORDS = "records"
"""The folder of a workspace that holds everything written by people."""

LIMIT = 16 << 20
"""The most bytes that one file may measure."""

IGNORED = frozenset(
    {
        "records/README.md",
        "records/demo-passphrases.csv",
        "records/keys/approvals.md",
        "records/keys/drills.md",
    }
)
"""The only files that may lie beside the records without being one."""

NOT_SCHOOLS = frozenset({"people", "keys", "forms"})
"""Folders directly under `records/` that do not belong to one school."""

_PRINT = 16
_PLAIN_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]*")
_COPY = re.compile(
    r"\(\d+\)|\bcop(?:y|ies)\b|conflict|\.(?:bak|orig|rej|swp|swo|tmp|txt)$|~$", re.IGNORECASE
)
_DOCUMENTS = (".docx", ".doc", ".odt", ".rtf", ".pdf", ".pages")
_OPEN_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)


@frozen
class Listing:
    """Paths by kind, each sorted, and what was found to be no record."""

    records: tuple[str, ...]
    forms: tuple[str, ...]
    keys: tuple[str, ...]
    findings: tuple[Diagnostic, ...]


def list_files(root: Path) -> Listing:
    """Every path under `root/records`, sorted into records, forms, keys and findings."""
    kinds: dict[str, list[str]] = {"record": [], "form": [], "key": []}
    findings: list[Diagnostic] = []
    waiting = [RECORDS]
    while waiting:
        folder = waiting.pop()
        entries = _entries(root, folder)
        if isinstance(entries, Diagnostic):
            findings.append(entries)
            continue
        findings += _clashes(folder, entries)
        kind, endings = _kind(f"{folder}/"), _endings(f"{folder}/")
        for name, mode in entries.items():
            path = f"{folder}/{name}"
            if mode == stat.S_IFREG and name.endswith(endings) and _PLAIN_NAME.fullmatch(name):
                if path not in IGNORED:
                    kinds[kind].append(path)
                continue
            finding = _misfit(root, folder, name, mode, entries)
            if finding is not None:
                findings.append(finding)
            elif stat.S_ISDIR(mode):
                waiting.append(path)
    return Listing(
        records=tuple(sorted(kinds["record"])),
        forms=tuple(sorted(kinds["form"])),
        keys=tuple(sorted(kinds["key"])),
        findings=tuple(findings),
    )


def read_file(root: Path, path: str) -> bytes | Diagnostic:
    """The bytes of a regular file of at most `LIMIT` bytes, or why it cannot be read."""
    try:
        handle = os.open(f"{root}/{path}", _OPEN_FLAGS)
    except OSError as error:
        return _unreadable(path, error)
    try:
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode):
            return not_a_record(path, "is not a file with text", _REMOVE)
        if status.st_size > LIMIT:
            size, limit = status.st_size >> 20, LIMIT >> 20
            return not_a_record(
                path,
                f"measures {size} MB; a record has at most {limit} MB",
                "keep pictures and films elsewhere and write where they are",
                consequence=Consequence.HELD_BACK,
            )
        return _read_all(handle, status.st_size)
    except OSError as error:
        return _unreadable(path, error)
    finally:
        os.close(handle)


def print_of(content: bytes | Diagnostic) -> bytes:
    """The hash by which a file is known again, or what keeps it from being read (BLAKE2b)."""
    if isinstance(content, bytes):
        return hashlib.blake2b(content, digest_size=_PRINT).digest()
    reason = repr(content).encode("utf-8", "surrogatepass")
    return hashlib.blake2b(reason, digest_size=_PRINT, person=b"unreadable").digest()


def covers(path: str, chosen: Iterable[str]) -> bool:
    """Whether a path is one of the files, or under one of the folders, that were chosen."""
    return any(
        one in {"", "."} or path == one or path.startswith(f"{one.rstrip('/')}/") for one in chosen
    )


def is_under(path: str, chosen: Collection[str]) -> bool:
    """The same, asked of very many that were chosen, none of which ends in a slash."""
    places = (path[:end] for end, letter in enumerate(f"{path}/") if letter == "/")
    return "." in chosen or any(place in chosen for place in places)


def covered(paths: Sequence[str], chosen: Iterable[str]) -> frozenset[str]:
    """Those of sorted paths that are files, or lie in folders, that were chosen."""
    found: set[str] = set()
    for one in chosen:
        if one in {"", "."}:
            return frozenset(paths)
        name = one.rstrip("/")
        found.update(paths[slice(bisect_left(paths, f"{name}/"), bisect_left(paths, f"{name}0"))])
        place = bisect_left(paths, name)
        found.update(path for path in paths[place : place + 1] if path == name)
    return frozenset(found)


def school_of(path: str) -> str:
    """The school a path belongs to, or "" where it belongs to the trust."""
    parts = path.split("/", 2)
    return parts[1] if len(parts) == 3 and parts[1] not in NOT_SCHOOLS else ""  # noqa: PLR2004


def printable(name: str) -> str:
    """The name with everything that a terminal could act on written out."""
    return "".join(
        character
        if character.isprintable()
        else character.encode("unicode_escape", "surrogatepass").decode("ascii")
        for character in name
    )


def not_a_record(
    path: str, message: str, hint: str, *, consequence: Consequence = Consequence.LISTED
) -> Diagnostic:
    """The finding CB110 about a whole file, whose name is made safe to print."""
    return Diagnostic(
        path=printable(path),
        span=Span(1),
        code="CB110",
        severity=Severity.ERROR,
        message=f"`{printable(path.rsplit('/', 1)[-1])}` {message}",
        hint=hint,
        consequence=consequence,
        quotable=False,
        school=school_of(path),
    )


_REMOVE = "move it out of `records`, or delete it"


def _entries(root: Path, folder: str) -> Mapping[str, int] | Diagnostic:
    """Name and mode of everything in a folder, by name, links not followed."""
    try:
        with os.scandir(root / folder) as found:
            modes = {entry.name: _mode(entry) for entry in found}
    except OSError as error:
        return _unreadable(folder, error, consequence=Consequence.STOPS)
    return dict(sorted(modes.items()))


def _mode(entry: os.DirEntry[str]) -> int:
    """The kind of an entry, from the folder itself where the system tells it there."""
    if entry.is_file(follow_symlinks=False):
        return stat.S_IFREG
    if entry.is_dir(follow_symlinks=False):
        return stat.S_IFDIR
    return stat.S_IFLNK if entry.is_symlink() else 0


def _kind(path: str) -> str:
    top = path.split("/", 2)[1]
    return {"keys": "key", "forms": "form"}.get(top, "record")


def _misfit(
    root: Path, folder: str, name: str, mode: int, entries: Iterable[str]
) -> Diagnostic | None:
    """Why an entry without the name of a record, form or key is no folder; None where it is one."""
    path = f"{folder}/{name}"
    if stat.S_ISLNK(mode):
        return not_a_record(path, "is a link to another place", "put the record itself here")
    if stat.S_ISDIR(mode):
        return _misfit_folder(path, name)
    if not stat.S_ISREG(mode):
        return not_a_record(path, "is not a file with text", _REMOVE)
    return None if path in IGNORED else _misfit_file(root, path, name, entries)


def _misfit_folder(path: str, name: str) -> Diagnostic | None:
    if name.endswith(".md"):
        return not_a_record(path, "is a folder with the name of a record", "rename the folder")
    if not _PLAIN_NAME.fullmatch(name):
        return not_a_record(
            path,
            "is not a name for a folder of records; nothing in it was read",
            "use letters, digits and hyphens, or move the folder out of `records`",
        )
    return None


def _endings(path: str) -> tuple[str, ...]:
    kind = _kind(path)
    return {"key": (".pub", ".age"), "form": (".yml",)}.get(kind, (".md",))


def _misfit_file(root: Path, path: str, name: str, entries: Iterable[str]) -> Diagnostic:
    if name.lower().endswith(_DOCUMENTS):
        return not_a_record(
            path,
            "is a document; records are plain text files that end in `.md`",
            "make the record with `coachbook new` and paste the text into it",
        )
    if _COPY.search(name):
        return _copy(root, path, name, entries)
    endings = " or ".join(f"`{ending}`" for ending in _endings(path))
    return not_a_record(
        path,
        f"is not a record; names here have letters, digits and hyphens and end in {endings}",
        f"rename it, or {_REMOVE}",
    )


def _copy(root: Path, path: str, name: str, entries: Iterable[str]) -> Diagnostic:
    """The finding about a second copy that a synced folder or an editor left."""
    folder = path.rsplit("/", 1)[0]
    stems = [other for other in entries if other.endswith(".md") and other != name]
    original = max((o for o in stems if name.startswith(o[:-3])), key=len, default="")
    if not original:
        return not_a_record(
            path,
            "has the name of a spare copy; it is not read",
            "rename it so that it ends in `.md` and has no bracket or space, or delete it",
        )
    return not_a_record(
        path,
        f"is a second copy of `{original}`: {_difference(root, f'{folder}/{original}', path)}",
        "keep what you need in one of them and delete the other",
    )


def _difference(root: Path, first: str, second: str) -> str:
    texts = read_file(root, first), read_file(root, second)
    if isinstance(texts[0], bytes) and isinstance(texts[1], bytes):
        return difference(texts[0].splitlines(), texts[1].splitlines())
    return "they could not be compared"


def difference(first: Sequence[bytes | str], second: Sequence[bytes | str]) -> str:
    """Where two lists of lines differ, in words and without quoting them."""
    lines = [
        number
        for number, (one, other) in enumerate(zip(first, second, strict=False), start=1)
        if one != other
    ]
    if len(first) != len(second):
        lines.append(min(len(first), len(second)) + 1)
    if not lines:
        return "the two are identical"
    if len(lines) == 1:
        return f"the two are identical except line {lines[0]}"
    return f"the two differ on {len(lines)} lines, first on line {lines[0]}"


def _clashes(folder: str, names: Collection[str]) -> list[Diagnostic]:
    """Names that Windows or a Mac would take for one."""
    if "".join(names).isascii() and len(set(map(str.casefold, names))) == len(names):
        return []
    seen: dict[str, str] = {}
    findings = []
    for name in names:
        whole = name if name.isascii() else unicodedata.normalize("NFC", name)
        other = seen.setdefault(whole.casefold(), name)
        if other != name:
            findings.append(
                not_a_record(
                    f"{folder}/{name}",
                    f"and `{printable(other)}` are one name on Windows and on a Mac",
                    "rename or delete one of them",
                )
            )
    return findings


def _read_all(handle: int, size: int) -> bytes:
    """All bytes of an open file, also where it grew while it was read."""
    parts = [os.read(handle, size + 1)]
    if len(parts[0]) == size:  # asked for one more, so this was the end
        return parts[0]
    while parts[-1] and sum(map(len, parts)) <= LIMIT:
        parts.append(os.read(handle, 1 << 20))
    return b"".join(parts)


def _unreadable(
    path: str, error: OSError, *, consequence: Consequence = Consequence.HELD_BACK
) -> Diagnostic:
    if error.errno == errno.ELOOP:
        return not_a_record(path, "is a link to another place", "put the record itself here")
    reason = (error.strerror or "no reason given").lower()
    return not_a_record(
        path,
        f"cannot be read: {reason}",
        "ask whoever looks after this computer to let you read it",
        consequence=consequence,
    )
