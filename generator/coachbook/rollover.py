"""A new school year in a repository of its own, planned as files before one is written.

    plan = plan_rollover(book, first=date(2027, 9, 1), random=os.urandom)
    plan.files       # path -> content of the new workspace
    plan.left        # what stays behind, by type, with the day until which it may be kept
    plan.next_steps  # what the school has to write now

Sealed parts are not opened and not sealed anew: a part is bound to its workspace, record and
section and not to a folder, and the new repository has the name of the old workspace. Only the
random value that names the portal's files is new, so that nobody can match the two portals.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import TYPE_CHECKING

from coachbook.book import policy_now
from coachbook.book.files import IGNORED, RECORDS, list_files, read_file
from coachbook.calendar import school_year
from coachbook.carrying import bare_source, choose
from coachbook.diagnostics import Diagnostic
from coachbook.errors import InputError, UsageError
from coachbook.frontmatter import format_header
from coachbook.keeping import kept
from coachbook.nextsteps import Step, next_steps, without_calendar
from coachbook.publickey import is_role, parse_key_path
from coachbook.record import replace_field
from coachbook.scaffold import HALF_TERMS, HOOKS, around_paths, plan_drivers
from coachbook.sentences import join
from coachbook.values import frozen

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from coachbook.book import Book
    from coachbook.carrying import Choice
    from coachbook.frontmatter import Value
    from coachbook.keeping import Kept

    Random = Callable[[int], bytes]

_TEMPLATES = "site_templates"
_SETTINGS = "mkdocs.yml"
_FRAGMENTS = 32
_EXAMPLE = frozenset({f"{RECORDS}/demo-passphrases.csv"})


@frozen
class LeftBehind:
    """Records of one kind that stay: how many, by which clause, and until when at the latest.

    `until` is None where nobody can say without a key, or at all.
    """

    school: str
    title: str
    count: int
    words: str
    clause: str
    until: dt.date | None


@frozen(repr=False)
class Plan:
    """The new workspace before it is written."""

    year: str
    first: dt.date
    files: Mapping[str, bytes]
    carried: Mapping[str, int]
    """Kind of record -> how many go along."""
    bare: int
    left: tuple[LeftBehind, ...]
    next_steps: tuple[Step, ...]

    def __repr__(self) -> str:
        """Shows the year and how much; what is in the files may be sealed."""
        return f"Plan({self.year!r}, {len(self.files)} files)"


def first_day(year: str) -> dt.date:
    """The first of September of a school year such as "2027-28"; UsageError for anything else."""
    try:
        first = dt.date(int(year[:4]), 9, 1)
    except ValueError:
        first = None
    if first is None or school_year(first) != year:
        raise UsageError(f"{year!r} is not a school year", hint="write it as 2027-28")
    return first


def require_next_year(first: dt.date, today: dt.date) -> None:
    """Raises UsageError for a year that is over, or that is not the next one."""
    year, now = school_year(first), school_year(today)
    following = school_year(today.replace(year=today.year + 1, day=1))
    if year < now:
        raise UsageError(f"the year {year} is over", hint=f"the next one is {following}")
    if year > following:
        raise UsageError(
            f"the year {year} is too far ahead, as nobody knows yet who and what goes on",
            hint=f"the next one is {following}",
        )


def plan_rollover(
    book: Book,
    first: dt.date,
    random: Random,
    terms: Mapping[str, str] | None = None,
) -> Plan:
    """What the new repository will hold.

    Args:
        terms: the half-terms of the new year, for each school that has no calendar of it yet.
    """
    _require_readable(book)
    choice = choose(book, first)
    calendars = dict(_calendars(book, first, terms or {}))
    records = {path: _content(book, path) for path in choice.whole}
    old = school_year(first - dt.timedelta(days=1))
    records |= {path: bare_source(book, book.records[path], old).encode() for path in choice.bare}
    records[book.trust.path] = _trust(book, random)
    return Plan(
        year=school_year(first),
        first=first,
        files=_ordered(
            records | calendars | dict(_beside(book, choice)) | dict(_around(book.root))
        ),
        carried=_counts(book, choice),
        bare=len(choice.bare),
        left=tuple(_left(book, choice)),
        next_steps=tuple(next_steps(book, choice, first, calendars)),
    )


def _require_readable(book: Book) -> None:
    if book.unreadable:
        raise UsageError(
            f"{book.unreadable[0]} can't be read, so nobody can tell whether it goes along",
            hint="put it right first; coachbook check says what is wrong",
        )


def _trust(book: Book, random: Random) -> bytes:
    record = book.records[book.trust.path]
    return record.encode(replace_field(record, "fragments", random(_FRAGMENTS).hex()))


def _ordered(files: Mapping[str, bytes]) -> dict[str, bytes]:
    return {path: files[path] for path in sorted(files)}


def _content(book: Book, path: str) -> bytes:
    found = read_file(book.root, path)
    if isinstance(found, Diagnostic):
        raise InputError(f"{path}: {found.message}", hint=found.hint)
    return found


def _beside(book: Book, choice: Choice) -> Iterator[tuple[str, bytes]]:
    """Forms, keys of roles and of the people who go along, and the approvals.

    All approvals: a line approves only where it is new, so one that was left out could be put
    in again and let somebody in who was shut out since.
    """
    listing = list_files(book.root)
    for path in (*listing.forms, *(one for one in listing.keys if _is_needed(one, choice))):
        yield path, _content(book, path)
    for path in sorted(IGNORED):
        if (book.root / path).is_file() and (path not in _EXAMPLE or book.trust.demonstration):
            yield path, _content(book, path)


def _is_needed(path: str, choice: Choice) -> bool:
    owner = parse_key_path(path)[0]
    return is_role(owner) or f"{RECORDS}/people/{owner}.md" in choice.whole


def _around(root: Path) -> Iterator[tuple[str, bytes]]:
    """The files around the records that coachbook knows: hooks, settings, templates.

    What a workspace lacks for git to run coachbook is there in the new one.
    """
    folder = root / _TEMPLATES
    own = folder.rglob("*") if folder.is_dir() and not folder.is_symlink() else ()
    for path in (*(root / path for path in (*around_paths(), _SETTINGS)), *own):
        if path.is_file() and not any(one.is_symlink() for one in _up_to(root, path)):
            yield path.relative_to(root).as_posix(), path.read_bytes()
    yield from ((path, text.encode()) for path, text in plan_drivers(root).items())


def _up_to(root: Path, path: Path) -> Iterator[Path]:
    """A file and the folders above it, below the root."""
    yield from (one for one in (path, *path.parents) if one.is_relative_to(root) and one != root)


def _calendars(book: Book, first: dt.date, terms: Mapping[str, str]) -> Iterator[tuple[str, bytes]]:
    year = school_year(first)
    if not terms:
        return
    missing = [name for name in HALF_TERMS if name not in terms]
    if missing:
        raise UsageError(
            f"the calendar has no dates for {join(missing)}",
            hint='write each as --term "autumn_1 2027-09-01 to 2027-10-22"',
        )
    for school in without_calendar(book, year):
        fields: dict[str, Value] = {"type": "calendar", "school": school, "year": year}
        fields |= {name: terms[name] for name in HALF_TERMS}
        yield f"{RECORDS}/{school}/calendar-{year}.md", format_header(fields).encode()


def _counts(book: Book, choice: Choice) -> Mapping[str, int]:
    found = Counter(book.entries[path].form.title for path in choice.whole)
    return dict(sorted(found.items()))


def _left(book: Book, choice: Choice) -> Iterator[LeftBehind]:
    """What stays behind, by school and kind; the latest day of each kind."""
    kinds: dict[tuple[str, str], list[Kept]] = {}
    for entry in book.entries.values():
        if entry.record.path not in choice.all:
            one = kept(book, entry)
            name = book.schools[one.school].name if one.school in book.schools else ""
            kinds.setdefault((name, one.title), []).append(one)
    for (school, title), found in sorted(kinds.items()):
        yield _left_of(book, school, title, found)


def _left_of(book: Book, school: str, title: str, found: Sequence[Kept]) -> LeftBehind:
    first = found[0]
    policy = policy_now(book, first.school)
    words = str(policy.get(first.parameter) or "") if policy and first.parameter else ""
    known = [one.until for one in found if one.until is not None]
    return LeftBehind(
        school,
        title,
        len(found),
        words,
        policy.clause_of(first.parameter) if policy and first.parameter else "",
        max(known) if len(known) == len(found) else None,
    )


def executables(files: Iterable[str]) -> tuple[str, ...]:
    """The files among these that git runs."""
    return tuple(path for path in files if path.startswith(f"{HOOKS}/"))
