"""A workspace of any size to measure on: the tests' small one, and many sealed sessions more.

    made = make_workspace(Path("here"), Size(sessions=2000, sessions_each=5))

Its people are fictional, their keys come from fixed seeds, and every section is
sealed as `coachbook seal` does it. The whole of it passes `coachbook check`.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from coachbook.book import load_book
from coachbook.calendar import school_days
from coachbook.frontmatter import format_header
from coachbook.publickey import format_public_key, public_key_of
from coachbook.record import Record, parse_record
from tests.workspaces import otterbeck_small as small

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from coachbook.book import Book
    from coachbook.frontmatter import Value

FIRST_DAY, LAST_DAY = date(2026, 9, 14), date(2027, 7, 22)

_SCHOOL = "otterbeck"
_CYCLES = f"records/{_SCHOOL}/2026-27"
_GIVEN = (
    *("Alder", "Briony", "Corin", "Delphine", "Emrys", "Fenella", "Garrick", "Hesper"),
    *("Isolde", "Jorah", "Kestrel", "Linnet", "Merrin", "Nerys", "Osric", "Perdita"),
)
_FIRST_HALF = (
    *("Amber", "Bram", "Cinder", "Dapple", "Elder", "Frost", "Gorse", "Heron"),
    *("Ivy", "Juniper", "Kettle", "Larch"),
)
_SECOND_HALF = (
    *("beck", "combe", "dyke", "fold", "garth", "holt"),
    *("mere", "nook", "rigg", "shaw", "thwaite", "wick"),
)


@dataclass(frozen=True, slots=True)
class Size:
    """How much there is: sessions in all, sessions in each cycle, coachees of each coach."""

    sessions: int
    sessions_each: int = 40
    coachees_each: int = 3

    @property
    def cycles(self) -> int:
        """The number of cycles, each with a coachee of its own."""
        return -(-self.sessions // self.sessions_each)

    @property
    def coaches(self) -> int:
        """The number of coaches."""
        return -(-self.cycles // self.coachees_each)

    @property
    def people(self) -> int:
        """Everyone who is added to the people of the small workspace."""
        return self.cycles + self.coaches


def make_workspace(root: Path, size: Size) -> tuple[str, ...]:
    """Writes the workspace into the new folder `root`; the paths of the records added to it."""
    shutil.copytree(small.ROOT, root)
    trust = root / "records/trust.md"
    text = trust.read_text(encoding="utf-8")
    trust.write_text(text.replace("2026-11-20", str(LAST_DAY)), encoding="utf-8")
    clear = [
        *(_person(root, number) for number in range(size.people)),
        *(_partnership(root, size, number) for number in range(size.cycles)),
        *(_cycle(root, number) for number in range(size.cycles)),
    ]
    return (*clear, *_sessions(load_book(root), size))


def _person(root: Path, number: int) -> str:
    person = _person_id(number)
    key = public_key_of(
        small.identity(person), owner=person, generation=1, created=date(2026, 9, 1)
    )
    (root / key.path).write_text(format_public_key(key), encoding="utf-8")
    fields: dict[str, Value] = {
        "type": "person",
        "id": person,
        "display_name": name_of(number),
        "category": "teacher",
        "schools": (_SCHOOL,),
        "start": date(2018, 9, 1),
        "career_stage": "experienced",
    }
    return _write(root, f"records/people/{person}.md", fields)


def _partnership(root: Path, size: Size, number: int) -> str:
    fields: dict[str, Value] = {
        "type": "partnership",
        "id": f"pt-bench{number:05}",
        "school": _SCHOOL,
        "kind": "coaching",
        "coach": _person_id(size.cycles + number // size.coachees_each),
        "coachee": _person_id(number),
        "start": FIRST_DAY,
        "status": "active",
        "chosen_by": "team",
        "agreed_on": FIRST_DAY.replace(),  # one date twice would be an anchor of YAML
    }
    return _write(root, f"records/{_SCHOOL}/partnerships/{fields['id']}.md", fields)


def _cycle(root: Path, number: int) -> str:
    cycle = _cycle_id(number)
    fields: dict[str, Value] = {
        "type": "cycle",
        "id": cycle,
        "school": _SCHOOL,
        "partnership": f"pt-bench{number:05}",
        "model": "impact-cycle",
        "focus_type": "lesson",
        "start": FIRST_DAY,
        "planned_end": LAST_DAY,
        "phase": "learn",
        "status": "open",
    }
    return _write(root, f"{_CYCLES}/{cycle}/cycle.md", fields)


def _sessions(book: Book, size: Size) -> Iterator[str]:
    days = [day for day in school_days(book.calendars[_SCHOOL, "2026-27"]) if day >= FIRST_DAY]
    for number in range(size.sessions):
        cycle, place = divmod(number, size.sessions_each)
        day = days[place * len(days) // size.sessions_each]
        yield _session(book, _cycle_id(cycle), f"s-bench{number:06}", day)


def _session(book: Book, cycle: str, session: str, day: date) -> str:
    path = f"{_CYCLES}/{cycle}/{day}-{session}.md"
    text = small.SESSION_TEXT.replace("s-7kq2m4xa", session).replace("c-0a1b2c3d", cycle)
    record = parse_record(path, text.replace("2026-11-12", str(day), 1).encode())
    if not isinstance(record, Record):
        raise TypeError(record.message)
    sealed = small.seal_sections(book, record)
    (book.root / path).write_text(sealed, encoding="utf-8", newline="\n")
    return path


def _write(root: Path, path: str, fields: dict[str, Value]) -> str:
    place = root / path
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(format_header(fields), encoding="utf-8", newline="\n")
    return path


def school_name(number: int) -> str:
    """A place that nobody has heard of: 144 of them before the first with a numeral."""
    again, place = divmod(number, len(_FIRST_HALF) * len(_SECOND_HALF))
    second, first = divmod(place, len(_FIRST_HALF))
    name = f"{_FIRST_HALF[first]}{_SECOND_HALF[second]}"
    return f"{name} {again + 1}" if again else name


def _person_id(number: int) -> str:
    return f"p-bench{number:05}"


def _cycle_id(number: int) -> str:
    return f"c-bench{number:05}"


def name_of(number: int) -> str:
    """A name that nobody has: 2,304 of them before the first with a numeral."""
    rest, given = divmod(number, len(_GIVEN))
    rest, second = divmod(rest, len(_SECOND_HALF))
    again, first = divmod(rest, len(_FIRST_HALF))
    name = f"{_GIVEN[given]} {_FIRST_HALF[first]}{_SECOND_HALF[second]}"
    return f"{name} {again + 1}" if again else name
