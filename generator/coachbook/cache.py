"""A derived store that may be deleted at any time: what was worked out from records before.

    cache = open_cache(environment, root)
    cache.read("findings/otterbeck")            # None, or what was written
    cache.write("findings/otterbeck", value)

It lies in a folder of this user's own and outside the repository: a store that came along with
records, or that somebody else can write to, could tell a check that nothing is wrong. Each entry
is a pickle behind a MAC under a random key that lies beside the entries, so an entry that is
damaged, half written, of another version of coachbook or of another workspace is no entry, and is
never unpickled. Entries are written whole or not at all, so that two processes may use one store;
the later one's stays.

No confidential text is in it: whoever writes an entry sees to that. Nothing in it is older than
sixty days.
"""

from __future__ import annotations

import hashlib
import hmac
import io
import os
import pickle
import secrets
import sys
import sysconfig
import time
from contextlib import contextmanager, suppress
from dataclasses import field, fields, is_dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from coachbook import __version__
from coachbook.errors import InputError
from coachbook.private import is_private, read_own, write_private
from coachbook.values import frozen

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

FOLDER = "COACHBOOK_CACHE"
"""The variable that names another folder; an empty one means no store at all."""

B = TypeVar("B")

_FORMAT = b"coachbook cache 1\n"
_KEY = "key"
_KEY_SIZE = 32
_MAC_SIZE = 32
_DRAFT = ".new"
_PROGRAM = (".py", ".yml", ".md", ".json", ".txt")
_DAY = 24 * 60 * 60
_LONGEST = 60 * _DAY


@frozen
class Live:
    """What a program that runs on has in memory: entries, and those that no disk has yet.

    A copy of that process, which helps it, writes to the disk at once: it has a memory of its own.
    `records` holds, by path, the hash of a file and the record that was read from it; `books`,
    by school, the hash of what a book follows from, and the book.
    """

    entries: dict[str, object] = field(default_factory=dict)
    unwritten: set[str] = field(default_factory=set)
    records: dict[str, tuple[bytes, Any]] = field(default_factory=dict)
    books: dict[str, tuple[bytes, Any]] = field(default_factory=dict)
    process: int = field(default_factory=os.getpid)

    def once(self, school: str, print_: bytes, load: Callable[[], B]) -> B:
        """The book of a school as it is in memory, or as it is loaded now."""
        if self.books.get(school, (b"", None))[0] != print_:
            self.books[school] = (print_, load())
        found: B = self.books[school][1]
        return found

    def book(self, school: str) -> Any | None:  # noqa: ANN401 (it is imported later than this)
        """The last book of a school that was loaded."""
        return self.books.get(school, (b"", None))[1]


@frozen(repr=False)
class Cache:
    """The store of one workspace; without a folder it forgets everything."""

    folder: Path | None
    key: bytes = b""
    live: Live | None = field(default=None, compare=False)
    token: str = ""
    """Marks what is held back; without it, everything that is written counts at once."""
    waiting: dict[str, object] = field(default_factory=dict, compare=False)
    """The entries that are held back in memory."""

    def __repr__(self) -> str:
        """Shows the place, not the key."""
        return f"Cache({str(self.folder)!r})"

    @property
    def is_lasting(self) -> bool:
        """Whether anything that is written can be read again."""
        return self.folder is not None or self.live is not None

    def read(self, name: str) -> object | None:
        """What was last written under the name, or None where nothing of ours is there."""
        if self.live is not None and name in self.live.entries:
            return self.live.entries[name]
        if self.folder is None:
            return None
        try:
            data = self._place(self.folder, name).read_bytes()
        except OSError:
            return None
        start = len(_FORMAT)
        mac, body = data[start : start + _MAC_SIZE], data[start + _MAC_SIZE :]
        if data[:start] != _FORMAT or not hmac.compare_digest(mac, self._mac(name, body)):
            return None
        found: object = pickle.loads(body)  # noqa: S301 (its MAC shows that we wrote it)
        return found

    def is_empty(self, name: str) -> bool:
        """Whether nothing lies under a name on the disk, where something could."""
        return (
            self.live is None
            and self.folder is not None
            and not (self._place(self.folder, name).exists())
        )

    def kept(self, name: str, key: bytes) -> object | None:
        """What was written under the name as a pair with this key; None for another key."""
        found = self.read(name)
        return found[1] if isinstance(found, tuple) and found[0] == key else None

    def write(self, name: str, value: object) -> None:
        """Keeps a value, or keeps what is there where the disk does not let it."""
        if self.live is None or self.live.process != os.getpid():
            self._write(name, value)
        elif self.token:
            self.waiting[name] = value
        else:
            self.live.entries[name] = value
            self.live.unwritten.add(name)

    def remembering(self) -> Cache:
        """The same for a program that runs on: it holds its entries in memory until `flush`."""
        return Cache(self.folder, self.key, Live())

    def flush(self) -> None:
        """Writes to the disk what was kept in memory since the last time."""
        while self.live is not None and self.live.unwritten:
            name = self.live.unwritten.pop()
            self._write(name, self.live.entries[name])

    def settle(self) -> None:
        """Lets what was held back count."""
        for draft in self._drafts():
            with suppress(OSError):  # on Windows, an entry that another process reads
                draft.replace(draft.with_name(draft.name.partition(".")[0]))
        if self.live is not None:
            self.live.entries.update(self.waiting)
            self.live.unwritten.update(self.waiting)

    def drop(self) -> None:
        """Removes what was held back and does not count."""
        for draft in self._drafts():
            with suppress(OSError):
                draft.unlink()

    def _drafts(self) -> tuple[Path, ...]:
        """The entries that are held back on the disk."""
        if self.folder is None or not self.token:
            return ()
        return tuple(self.folder.glob(f"*.{self.token}{_DRAFT}"))

    def _write(self, name: str, value: object) -> None:
        if self.folder is None:
            return
        body = pickled(value)
        place = self._place(self.folder, name)
        draft = place.with_name(f"{place.name}.{self.token or secrets.token_hex(4)}{_DRAFT}")
        try:
            draft.write_bytes(_FORMAT + self._mac(name, body) + body)
            if not self.token:
                draft.replace(place)
        except BaseException as error:
            with suppress(OSError):
                draft.unlink(missing_ok=True)
            # A full disk, or on Windows an entry that another process reads, stops nobody.
            if not isinstance(error, OSError):
                raise

    def _place(self, folder: Path, name: str) -> Path:
        return folder / hashlib.blake2b(name.encode(), digest_size=16).hexdigest()

    def _mac(self, name: str, body: bytes) -> bytes:
        mac = hashlib.blake2b(tool_stamp(), key=self.key, digest_size=_MAC_SIZE)
        mac.update(f"{name}\n".encode())
        mac.update(body)
        return mac.digest()


def pickled(value: object) -> bytes:
    """The value as a pickle, in which our own values are calls with what they are made of.

    Values with slots would otherwise be written and read field by field, in Python.
    """
    written = io.BytesIO()
    pickler = pickle.Pickler(written, pickle.HIGHEST_PROTOCOL)
    pickler.dispatch_table = _REDUCERS
    pickler.dump(value)
    return written.getvalue()


class _Reducers(dict[type, "Callable[[Any], tuple[Any, ...]]"]):
    """How a value is written, by its type; one that is not just its fields has no entry."""

    def __missing__(self, kind: type) -> Callable[[Any], tuple[Any, ...]]:
        reducer = _reducer(kind)
        if reducer is None:
            raise KeyError(kind)
        return self.setdefault(kind, reducer)


def _reducer(kind: type) -> Callable[[Any], tuple[Any, ...]] | None:
    """None for a type that is more than its fields, or is written in a way of its own."""
    if not is_dataclass(kind) or hasattr(kind, "__post_init__") or "__reduce__" in vars(kind):
        return None
    if not all(one.init and not one.kw_only for one in fields(kind)):
        return None
    names = [one.name for one in fields(kind)]

    def reduce(value: object) -> tuple[Any, ...]:
        return kind, tuple([getattr(value, name) for name in names])

    return reduce


_REDUCERS = _Reducers()

FORGETFUL = Cache(None)
"""No store: nothing is read and nothing written."""


@contextmanager
def held_back(cache: Cache) -> Iterator[Cache]:
    """The same store, in which what is written counts once the context has ended well.

    Nothing of it is read before, by this process or another, and nothing ever if it ends badly.
    """
    later = replace(cache, token=secrets.token_hex(4), waiting={})
    try:
        yield later
        later.settle()
    finally:
        later.drop()


def open_cache(environment: Mapping[str, str], root: Path) -> Cache:
    """The store of a workspace; a forgetful one where none is wanted or its folder can't be used.

    Args:
        environment: says where, by COACHBOOK_CACHE or by the system's own variables.
        root: the workspace.

    Raises InputError where COACHBOOK_CACHE names a folder of the repository itself.
    """
    base = _base(environment)
    if base is None or not _is_outside(base, root, is_named=FOLDER in environment):
        return FORGETFUL
    digest = hashlib.blake2b(os.fsencode(root.absolute()), digest_size=16).hexdigest()
    folder = base / digest
    try:
        if os.path.lexists(folder) and not is_private(folder):
            return FORGETFUL
        key = _key_of(folder)
    except InputError:
        return FORGETFUL
    _tidy(folder)
    return Cache(folder, key)


@cache
def tool_stamp() -> bytes:
    """What changes whenever this program does: its version and the files that it is made of."""
    stamp = hashlib.blake2b(f"{__version__} {sys.version}".encode(), digest_size=16)
    for line in sorted((*_made_of(Path(__file__).parent), *_installed())):
        stamp.update(f"{line}\n".encode())
    return stamp.digest()


def _made_of(folder: os.PathLike[str]) -> Iterator[str]:
    """The files of a program, each with its size and its last change; read again in every run."""
    with os.scandir(folder) as found:
        for one in found:
            if one.is_dir():
                yield from _made_of(one)
            elif one.name.endswith(_PROGRAM):
                stat = one.stat()
                yield f"{one.path} {stat.st_size} {stat.st_mtime_ns}"


def _installed() -> list[str]:
    """The packages beside which this program runs, with their versions."""
    folder = Path(sysconfig.get_path("purelib"))
    return [path.name for path in folder.glob("*.dist-info")]


def _key_of(folder: Path) -> bytes:
    """The key of the store, made where there is none; raises InputError where that can't be."""
    place = folder / _KEY
    found = read_own(place)
    if found is None or len(found) != _KEY_SIZE:
        write_private(place, secrets.token_bytes(_KEY_SIZE))
        found = read_own(place)
    if found is None:
        raise InputError(f"{place} can be read by others", hint="name another folder")
    return found


def _is_outside(base: Path, root: Path, *, is_named: bool) -> bool:
    """Whether a folder lies outside the repository; raises InputError if it was named and doesn't.

    Who can commit to the repository could bring entries, and a key that they fit.
    """
    top = root.resolve()
    repository = next((one for one in (top, *top.parents) if (one / ".git").exists()), top)
    if not base.resolve().is_relative_to(repository):
        return True
    if is_named:
        raise InputError(
            f"{FOLDER} names a folder inside the repository: {base}",
            hint="what comes along with records must not tell what is right; name one outside",
        )
    return False


def _tidy(folder: Path) -> None:
    """Removes what nobody has written for long, and drafts of processes that were killed."""
    now = time.time()
    with suppress(OSError):  # another process may do the same
        for path in folder.iterdir():
            age = now - path.stat().st_mtime
            if path.name != _KEY and age > (_DAY if path.suffix == _DRAFT else _LONGEST):
                path.unlink()


def _base(environment: Mapping[str, str]) -> Path | None:
    named = environment.get(FOLDER)
    if named is not None:
        return Path(named) if named else None
    if sys.platform == "win32":
        local = environment.get("LOCALAPPDATA")
        return Path(local) / "coachbook" / "cache" if local else None
    home = environment.get("HOME")
    usual = environment.get("XDG_CACHE_HOME") or (f"{home}/.cache" if home else "")
    return Path(usual) / "coachbook" if usual else None
