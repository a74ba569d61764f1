"""A trust of any size: as many schools as it takes, each with a policy and pairs of its own.

    make_trust(Path("here"), Trust(records=20_000))

A school has a head, a lead coach, a monitor and an office, keys for its people and roles, its
own policy and calendar, and pairs who meet once a week for a year. Every session has its
sections sealed for its readers, and in every second pair they are signed. Nothing in it is left
to chance, and the whole of it passes `coachbook check`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from benchmarks.workspace import FIRST_DAY, LAST_DAY, name_of, school_name
from coachbook.book import load_book
from coachbook.calendar import school_days
from coachbook.frontmatter import format_header
from coachbook.presets import fill_preset
from coachbook.publickey import format_public_key, private_key_path, public_key_of
from coachbook.readers import Reader
from coachbook.record import Record, parse_record
from coachbook.sealing import seal_role_identity
from coachbook.signatures import signer_of
from coachbook.workers import Crew, parts_of
from tests.workspaces import otterbeck_small as small

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from coachbook.book import Book
    from coachbook.frontmatter import Value
    from coachbook.publickey import PublicKey
    from coachbook.signatures import Signer

SCHOOL_RECORDS = 2000
"""Records of a school: about a year of weekly coaching in a school of fifty teachers."""

WEEKS = 38
"""Sessions of a pair: one in each week of a school year."""

_YEAR = "2026-27"
_BEGAN = date(2026, 9, 1)
_STAFF = {
    "head": "senior-leader",
    "monitor": "senior-leader",
    "lead-coach": "teacher",
    "office": "other",
}
_WITH_KEYS = ("head", "monitor", "lead-coach")
_OWN_FILES = 3 + 2 * len(_STAFF)  # school, calendar, policy; a person and their role each
_LEAST = _OWN_FILES + 5  # a coach, and a coachee, partnership, cycle and session of one pair
_MINUTES = (15, 20, 25, 30)
_DAYS = (5, 10)


@dataclass(frozen=True, slots=True)
class Trust:
    """How much there is: records in all and of a school, sessions of a pair, pairs of a coach."""

    records: int
    school_records: int = SCHOOL_RECORDS
    sessions_each: int = WEEKS
    pairs_each: int = 3

    @property
    def schools(self) -> tuple[School, ...]:
        """Its schools; the last one may be smaller than the others, or a little larger."""
        full, rest = divmod(self.records - 1, self.school_records)  # one is the trust's own
        sizes = [self.school_records] * full
        if rest >= _LEAST:
            sizes.append(rest)
        elif sizes:
            sizes[-1] += rest
        else:
            raise ValueError(f"a trust has at least {_LEAST + 1} records")
        return tuple(School(number, size, self) for number, size in enumerate(sizes))


@dataclass(frozen=True, slots=True)
class School:
    """One school of a trust: which it is, and how many records it has."""

    number: int
    records: int
    trust: Trust

    @property
    def id(self) -> str:
        """Its id."""
        return self.name.lower().replace(" ", "-")

    @property
    def name(self) -> str:
        """Its name, which nobody has heard before."""
        return school_name(self.number)

    @property
    def pairs(self) -> int:
        """As few pairs as have room for all of its sessions."""
        pairs = 1
        while self._room(pairs) < 0 or self._room(pairs) > pairs * self.trust.sessions_each:
            pairs += 1
        return pairs

    @property
    def coaches(self) -> int:
        """Its coaches."""
        return -(-self.pairs // self.trust.pairs_each)

    @property
    def sessions(self) -> int:
        """Its sessions: what is left once everything else is there."""
        return self._room(self.pairs)

    def parts(self) -> Iterator[tuple[int, ...]]:
        """Its pairs, so many at a time that two processes can share one school."""
        return parts_of(range(self.pairs), size=10)

    def sessions_of(self, pair: int) -> range:
        """The numbers of the sessions of a pair; the last pair may have fewer than others."""
        first = pair * self.trust.sessions_each
        return range(first, min(first + self.trust.sessions_each, self.sessions))

    def _room(self, pairs: int) -> int:
        """Records left beside so many pairs: a coachee, a partnership and a cycle each."""
        return self.records - _OWN_FILES - 3 * pairs - -(-pairs // self.trust.pairs_each)

    def person(self, number: int) -> str:
        """The id of one of its people: the staff first, then the coachees, then the coaches."""
        return f"p-{self.number:03}x{number:04}"

    def staff(self, role: str) -> str:
        """The id of whoever holds a role."""
        return self.person(list(_STAFF).index(role))

    def coachee(self, pair: int) -> str:
        """The id of the coachee of a pair."""
        return self.person(len(_STAFF) + pair)

    def coach(self, pair: int) -> str:
        """The id of the coach of a pair."""
        return self.person(len(_STAFF) + self.pairs + pair // self.trust.pairs_each)

    def partnership(self, pair: int) -> str:
        """The id of a pair."""
        return f"pt-{self.number:03}x{pair:04}"

    def cycle(self, pair: int) -> str:
        """The id of a pair's cycle."""
        return f"c-{self.number:03}x{pair:04}"

    def session(self, number: int) -> str:
        """The id of one of its sessions."""
        return f"s-{self.number:03}{number:05}"


def make_trust(root: Path, trust: Trust, hands: int = 1) -> None:
    """Writes the trust into the new folder `root`; so many processes share the sealing."""
    (root / "records").mkdir(parents=True)
    _write(root, "records/trust.md", _trust_fields())
    for school in trust.schools:
        for path, fields in _records(school):
            _write(root, path, fields)
        _write_policy(root, school)
        _write_keys(root, school)
    book = load_book(root)
    for school in trust.schools:
        _write_role_keys(book, school)
    parts = [("pairs", (school, some)) for school in trust.schools for some in school.parts()]
    with Crew({"pairs": lambda part: _write_sessions(book, *part)}, hands) as crew:
        crew.do(parts)


def _trust_fields() -> dict[str, Value]:
    return {
        "type": "trust",
        "format": 1,
        "name": "Lantern Hill Learning Trust",
        "workspace": "7q2d9m4x1v8b3k6n",
        "fragments": "c41f07e69a3d2b854e8f20b97a65c3e1f8d702b4a96c5d8e0f3a17b2c4d695d2",
        "demonstration": True,
        "rubric": ("explaining", "asking", "checking", "practising"),
        "as_of": LAST_DAY,
    }


def _records(school: School) -> Iterator[tuple[str, dict[str, Value]]]:
    """Everything of a school that stands in clear, besides its policy."""
    folder = f"records/{school.id}"
    yield (
        f"{folder}/school.md",
        {"type": "school", "id": school.id, "name": f"{school.name} Primary", "phase": "primary"},
    )
    yield f"{folder}/calendar-{_YEAR}.md", _calendar(school)
    for number, category in enumerate(_categories(school)):
        yield f"records/people/{school.person(number)}.md", _person(school, number, category)
    for number, role in enumerate(_STAFF):
        name = f"r-{school.number:03}x{number:04}"
        yield f"{folder}/roles/{name}.md", _role(school, name, role)
    for pair in range(school.pairs):
        partnership, cycle = _partnership(school, pair), _cycle(school, pair)
        yield f"{folder}/partnerships/{partnership['id']}.md", partnership
        yield f"{folder}/{_YEAR}/{cycle['id']}/cycle.md", cycle


def _categories(school: School) -> Iterator[str]:
    yield from _STAFF.values()
    yield from ["teacher"] * (school.pairs + school.coaches)


def _calendar(school: School) -> dict[str, Value]:
    """The calendar of the small workspace; every second school has another day of training."""
    return {
        "type": "calendar",
        "school": school.id,
        "year": _YEAR,
        "autumn_1": "2026-09-02 to 2026-10-23",
        "autumn_2": "2026-11-02 to 2026-12-18",
        "spring_1": "2027-01-04 to 2027-02-12",
        "spring_2": "2027-02-22 to 2027-03-25",
        "summer_1": "2027-04-12 to 2027-05-28",
        "summer_2": "2027-06-07 to 2027-07-22",
        "inset": (date(2026, 9, 2), date(2027, 1, 4 + school.number % 2)),
        "bank_holidays": (date(2027, 5, 3),),
    }


def _person(school: School, number: int, category: str) -> dict[str, Value]:
    return {
        "type": "person",
        "id": school.person(number),
        "display_name": name_of(school.number * (len(_STAFF) + school.pairs * 2) + number),
        "category": category,
        "schools": (school.id,),
        "start": date(2018, 9, 1),
        "career_stage": "leader" if category == "senior-leader" else "experienced",
    }


def _role(school: School, name: str, role: str) -> dict[str, Value]:
    return {
        "type": "role-assignment",
        "id": name,
        "school": school.id,
        "person": school.staff(role),
        "role": role,
        "from": date(2022, 9, 1),
    }


def _partnership(school: School, pair: int) -> dict[str, Value]:
    return {
        "type": "partnership",
        "id": school.partnership(pair),
        "school": school.id,
        "kind": "coaching",
        "coach": school.coach(pair),
        "coachee": school.coachee(pair),
        "start": FIRST_DAY,
        "status": "active",
        "chosen_by": "team",
        "agreed_on": FIRST_DAY.replace(),  # one date twice would be an anchor of YAML
    }


def _cycle(school: School, pair: int) -> dict[str, Value]:
    return {
        "type": "cycle",
        "id": school.cycle(pair),
        "school": school.id,
        "partnership": school.partnership(pair),
        "model": "impact-cycle",
        "focus_type": "lesson",
        "start": FIRST_DAY,
        "planned_end": LAST_DAY,
        "phase": "learn",
        "status": "open",
    }


def _write_policy(root: Path, school: School) -> None:
    """A policy of the school's own: how long a session is, when steps are looked at again."""
    minutes = _MINUTES[school.number % len(_MINUTES)]
    own: dict[str, Value] = {
        "school": school.id,
        "session.minutes.max": minutes,
        "session.minutes.target": minutes,
        "practice.check_back_days": _DAYS[school.number % len(_DAYS)],
    }
    text = fill_preset("head-excluded", small.ANSWERS | own)
    _write_text(root, f"records/{school.id}/policy-2026-09.md", text)


def _write_keys(root: Path, school: School) -> None:
    roles = [f"{role}@{school.id}" for role in _WITH_KEYS]
    people = len(_STAFF) + school.pairs + school.coaches
    for owner in (*(school.person(number) for number in range(people)), *roles):
        key = _public_key(owner)
        _write_text(root, key.path, format_public_key(key))


def _write_role_keys(book: Book, school: School) -> None:
    """The key of each role, sealed to whoever holds it."""
    for role in _WITH_KEYS:
        owner, holder = f"{role}@{school.id}", school.staff(role)
        armor = seal_role_identity(
            small.identity(owner),
            owner=owner,
            generation=1,
            holders=[Reader(holder, small.identity(holder).recipient())],
            random=small.stream(f"role {owner}"),
        )
        _write_text(book.root, private_key_path(owner, 1), armor)


def _write_sessions(book: Book, school: School, pairs: Iterable[int]) -> None:
    """Seals the sessions of some pairs, spread over the days of their school's year."""
    days = [day for day in school_days(book.calendars[school.id, _YEAR]) if day >= FIRST_DAY]
    for pair in pairs:
        signer = _signer(school.coach(pair)) if pair % 2 else None
        for place, number in enumerate(school.sessions_of(pair)):
            day = days[place * len(days) // school.trust.sessions_each]
            record = _session(school, pair, number, day)
            sealed = small.seal_sections(book, record, signer=signer)
            _write_text(book.root, record.path, sealed)


def _session(school: School, pair: int, number: int, day: date) -> Record:
    """A session before it is sealed: that of the small workspace, moved to its own place."""
    text = small.SESSION_TEXT
    for old, new in (
        ("s-7kq2m4xa", school.session(number)),
        ("otterbeck", school.id),
        ("c-0a1b2c3d", school.cycle(pair)),
        ("2026-11-12", str(day)),
    ):
        text = text.replace(old, new, 1)
    place = f"records/{school.id}/{_YEAR}/{school.cycle(pair)}/{day}-{school.session(number)}.md"
    record = parse_record(place, text.encode())
    if not isinstance(record, Record):
        raise TypeError(record.message)
    return record


def _signer(owner: str) -> Signer:
    return signer_of(small.identity(owner), _public_key(owner))


def _public_key(owner: str) -> PublicKey:
    return public_key_of(small.identity(owner), owner=owner, generation=1, created=_BEGAN)


def _write(root: Path, path: str, fields: dict[str, Value]) -> None:
    _write_text(root, path, format_header(fields))


def _write_text(root: Path, path: str, text: str) -> None:
    place = root / path
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(text, encoding="utf-8", newline="\n")
