"""The book as outputs may use it, with the threads that run through it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import field
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from coachbook.book import form_of
from coachbook.calendar import half_term_of, school_year
from coachbook.diagnostics import Consequence
from coachbook.life import ADDENDUM
from coachbook.values import frozen
from coachbook.views.record import RecordView
from coachbook.views.threads import by_person, by_reference, in_order

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from coachbook.book import Book
    from coachbook.calendar import SchoolYear
    from coachbook.diagnostics import Diagnostic
    from coachbook.record import Record
    from coachbook.views.threads import Threads

K = TypeVar("K")
V = TypeVar("V")
T = TypeVar("T")

_LEADS_NOWHERE = "CB201"
_FINDINGS = "findings"
_THREADS: list[str] = []
"""The names of all threads of a view."""


def _thread(
    work_out: Callable[[View], Mapping[K, V]],
) -> cached_property[Mapping[K, V]]:
    """A thread that is worked out when it is first asked for, and whose look-ups are noted."""
    name = work_out.__name__
    _THREADS.append(name)

    def found(view: View) -> Mapping[K, V]:
        with view.book.reads.unnoted():
            return view.book.reads.watching(f"view.{name}", work_out(view))

    found.__doc__ = work_out.__doc__
    return cached_property(found)


@frozen(slots=False)
class View:
    """The book as outputs may use it; each thread is worked out when it is first asked for.

    `kept` holds what others have worked out from it once, by a key of their own.
    """

    book: Book
    types: Mapping[str, tuple[RecordView, ...]]
    all_findings: tuple[Diagnostic, ...]
    stopped: frozenset[str] = frozenset()
    """Schools of which nothing new is published, so that none of their records is here."""
    kept: dict[object, object] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Says where each thread is to be found by whoever asks what was looked up in it."""
        for name in ("types", "found", *_THREADS):
            self.book.reads.offer(f"view.{name}", lambda where: getattr(self, where[5:]))

    def of_type(self, kind: str) -> tuple[RecordView, ...]:
        """Every record of a type, in the order of the book."""
        self.book.reads.note("view.types", kind)
        return self.types.get(kind, ())

    def once(self, key: object, work_out: Callable[[], T]) -> T:
        """What is worked out once from these records for every page that asks."""
        return self.book.reads.once(self.kept, key, work_out)

    @property
    def findings(self) -> tuple[Diagnostic, ...]:
        """What the check has found."""
        self.book.reads.note("view.found", _FINDINGS)
        return self.all_findings

    @cached_property
    def found(self) -> Mapping[str, tuple[str, ...]]:
        """The findings as what has looked them up is judged by."""
        return {_FINDINGS: tuple(map(repr, self.all_findings))}

    @_thread
    def cycles(self) -> Mapping[str, RecordView]:
        """Every cycle by its id."""
        return {cycle.id: cycle for cycle in self.of_type("cycle")}

    @_thread
    def sessions(self) -> Threads:
        """The sessions of each cycle."""
        return by_reference(self.of_type("session"), "cycle")

    @_thread
    def meetings(self) -> Threads:
        """The sessions that belong to no cycle, by their pair or group."""
        outside = (s for s in self.of_type("session") if "cycle" not in s.record.fields)
        return by_reference(outside, "group", "partnership")

    @_thread
    def statements(self) -> Threads:
        """The impact statements of each cycle."""
        return by_reference(self.of_type("impact-statement"), "cycle")

    @_thread
    def goal_checks(self) -> Threads:
        """The goal checks of each cycle."""
        return by_reference(self.of_type("goal-check"), "cycle")

    @_thread
    def needs(self) -> Threads:
        """The development needs that each cycle has shown."""
        return by_reference(self.of_type("cpd-need"), "cycle")

    @_thread
    def followers(self) -> Threads:
        """The cycles that follow each cycle."""
        return by_reference(self.of_type("cycle"), "follows")

    @_thread
    def addenda(self) -> Threads:
        """What was added to each note."""
        return by_reference(self.of_type(ADDENDUM), "to")

    @_thread
    def feedback(self) -> Threads:
        """The sessions in which each visit was talked through."""
        return by_reference(self.of_type("session"), "visit")

    @_thread
    def by_person(self) -> Threads:
        """The cycles of each person, newest first."""
        return by_person(self.of_type("cycle"))

    @_thread
    def visits(self) -> Threads:
        """The observations of and by each person, newest first."""
        return by_person(self.of_type("observation"))

    @_thread
    def pairs(self) -> Mapping[str, RecordView]:
        """The partnerships and groups that meet outside cycles, by id."""
        found = (*self.of_type("partnership"), *self.of_type("group"))
        return {
            one.id: one for one in found if one.record.type == "group" or one.id in self.meetings
        }

    @_thread
    def pairs_by_person(self) -> Threads:
        """The same by each person in them."""
        return by_person(self.pairs.values())

    @_thread
    def trainings(self) -> Threads:
        """What each person was or is to be trained in."""
        return by_person(self.of_type("training"))

    @_thread
    def partnerships(self) -> Threads:
        """The pairs that each person is one of, newest first."""
        return by_person(self.of_type("partnership"))

    @_thread
    def about(self) -> Threads:
        """Every record by the people in it, newest first."""
        return by_person(record for records in self.types.values() for record in records)

    def cycles_of(self, person: str) -> tuple[RecordView, ...]:
        """The cycles in which the person coaches or is coached, newest first."""
        return self.by_person.get(person, ())

    def sessions_of(self, thread: str) -> tuple[RecordView, ...]:
        """The sessions of a cycle, or of a pair or group outside cycles, by date."""
        return self.sessions.get(thread) or self.meetings.get(thread, ())

    def visits_of(self, person: str) -> tuple[RecordView, ...]:
        """The visits to and by a person, newest first."""
        return self.visits.get(person, ())

    def visits_for(self, cycle: str) -> tuple[RecordView, ...]:
        """The visits that belong to a session of the cycle, or that one gives feedback on."""
        found: dict[str, RecordView] = {}
        for session in self.sessions_of(cycle):
            told = self._observations.get(str(session.raw("visit") or ""))
            for visit in (*self._by_session.get(session.id, ()), *([told] if told else [])):
                found[visit.id] = visit
        return in_order(found.values())

    @_thread
    def _observations(self) -> Mapping[str, RecordView]:
        return {visit.id: visit for visit in self.of_type("observation")}

    @_thread
    def _by_session(self) -> Threads:
        return by_reference(self.of_type("observation"), "session")

    def school_name(self, school: str) -> str:
        """The name of a school, which is public; its slug where nothing else is known of it."""
        found = self.book.schools.get(school)
        return found.name if found else school

    def half_term(self, record: RecordView) -> str:
        """The half-term a record falls in, by name, or an empty text."""
        day = record.day
        calendar = self.calendar_of(record)
        found = half_term_of(calendar, day) if calendar and day else None
        return found.name if found else ""

    def calendar_of(self, record: RecordView) -> SchoolYear | None:
        """The calendar of the record's school for the school year of its day."""
        day = record.day
        return self.book.calendars.get((record.school, school_year(day))) if day else None

    @property
    def held_back(self) -> tuple[Diagnostic, ...]:
        """The findings that keep a record out of every page."""
        self.book.reads.note("view.found", _FINDINGS)
        return self._held_back

    def held_back_for(self, person: str) -> tuple[str, ...]:
        """The paths of unreadable records in the cycles, pairs and groups of one person."""
        mine = {one.id for one in self.cycles_of(person)}
        mine |= {one.id for one in self.pairs_by_person.get(person, ())}
        found = (place for one in mine for place in self._held_back_below.get(one, ()))
        return tuple(path for _, path in sorted(set(found)))

    @_thread
    def _held_back_below(self) -> Mapping[str, list[tuple[int, str]]]:
        """Paths of unreadable records by each folder on the way, with their place in the list."""
        found: dict[str, list[tuple[int, str]]] = defaultdict(list)
        for place, path in enumerate(dict.fromkeys(f.path for f in self._held_back)):
            for part in dict.fromkeys(path.split("/")):
                found[part].append((place, path))
        return found

    @cached_property
    def _held_back(self) -> tuple[Diagnostic, ...]:
        return tuple(f for f in self.all_findings if f.consequence is Consequence.HELD_BACK)


def open_view(
    book: Book, findings: tuple[Diagnostic, ...] = (), stopped: frozenset[str] = frozenset()
) -> View:
    """Builds the view of a book that has been checked, without the records that are held back.

    Args:
        book: everything loaded.
        findings: what the check has found.
        stopped: schools of which nothing new is published.
    """
    types: dict[str, list[RecordView]] = defaultdict(list)
    held = {finding.path for finding in findings if _holds_back(finding)}
    for record in book.records.values():
        is_out = record.path in held or record.school in stopped
        view = None if is_out else _record_view(book, record)
        if view is not None:
            types[record.type].append(view)
    return View(book, {kind: tuple(views) for kind, views in types.items()}, findings, stopped)


def _holds_back(finding: Diagnostic) -> bool:
    """Whether a finding keeps its record out of every page.

    One that leads nowhere has lost the readers whom the way would have given it. Who is left
    oversees it, and is told of the hole on its page.
    """
    is_held = finding.consequence is Consequence.HELD_BACK and not finding.waiver
    return is_held and finding.code != _LEADS_NOWHERE


def _record_view(book: Book, record: Record) -> RecordView | None:
    form = form_of(book, record)
    return None if form is None else RecordView(book, record, form)
