"""A workspace in parts: for each school the records that have to be looked at together.

    for part in plan_parts(lines).parts:
        part.school, part.own, part.visiting

What schools share is there in every part: the trust, its schools, people, roles, policies and
calendars, lines of accountability, and everything that belongs to no school. All else belongs to
the part of its school. Records of other schools visit a part where something of its own may look
at them: what they lead to or come from, has an id or a sealed block in common with one of them,
or names a person whom one of them names or who is at home there, with all that belongs to it.

A finding about a record is made in the part that the record belongs to: a person's in that of
the first of their schools. Findings about visitors are made where they are at home.

Everything here follows from a line about each record, so no record is loaded in order to find
out whether any has to be.
"""

from __future__ import annotations

import hashlib
from array import array
from collections import defaultdict
from itertools import chain
from typing import TYPE_CHECKING

from coachbook.book.ground import GROUND
from coachbook.book.lines import word_of
from coachbook.values import frozen

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from coachbook.book.lines import Line

SHARED = GROUND - {"waiver"} | {"accountability"}
"""The types of record that are in every part."""

GATHERING = frozenset({"cpd-activity", "schedule"})
"""Types of record that name many people, and whose rules look at none of their other records."""

_PERSON, _SCHOOL = "person", "school"


@frozen
class Part:
    """The records of a school, by path and each sorted; "" is the part of what has no school.

    `own` are those about which findings are made here; some of these are shared by all parts.
    `visiting` are those of other schools.
    """

    school: str
    own: tuple[str, ...]
    visiting: tuple[str, ...]


@frozen
class Plan:
    """What is shared by all parts, and the parts by school; that of no school comes last."""

    shared: tuple[str, ...]
    parts: tuple[Part, ...]
    crossing: frozenset[str] = frozenset()
    """The ids of people who take part in something that belongs to another part than theirs."""

    def beside(self, part: Part) -> tuple[str, ...]:
        """What a part has beside what all share, by path and sorted."""
        return tuple(sorted({*part.own, *part.visiting} - set(self.shared)))


@frozen
class NumberedPlan:
    """A plan whose paths are told by their numbers in a list of all of them, to be kept."""

    shared: array[int]
    parts: tuple[tuple[str, array[int], array[int]], ...]
    crossing: frozenset[str]

    def named(self, paths: Sequence[str]) -> Plan:
        """The plan, for the same list."""

        def at(numbers: array[int]) -> tuple[str, ...]:
            return tuple(map(paths.__getitem__, numbers))

        parts = (Part(school, at(own), at(visiting)) for school, own, visiting in self.parts)
        return Plan(at(self.shared), tuple(parts), self.crossing)


def numbered(plan: Plan, paths: Sequence[str]) -> NumberedPlan:
    """The plan by numbers: small to keep, and nobody who reads it holds its paths twice."""
    places = {path: number for number, path in enumerate(paths)}

    def of(some: Sequence[str]) -> array[int]:
        return array("I", map(places.__getitem__, some))

    parts = tuple((part.school, of(part.own), of(part.visiting)) for part in plan.parts)
    return NumberedPlan(of(plan.shared), parts, plan.crossing)


def print_of_part(part: Part, prints: Mapping[str, bytes], shared: bytes) -> bytes:
    """A hash of everything that findings in a part follow from.

    Args:
        part: the part.
        prints: the hashes of all records by path.
        shared: a hash of what all parts share, and of everything that is no record.
    """
    found = hashlib.blake2b(shared, digest_size=16)
    for paths in (part.own, part.visiting):
        found.update("\n".join((*paths, "")).encode("utf-8", "surrogatepass"))
        found.update(b"".join(map(prints.__getitem__, paths)))
    return found.digest()


def plan_parts(lines: Mapping[str, Line]) -> Plan:
    """The parts of a workspace, from a line about each of its records."""
    return _Planner(lines).plan()


class _Planner:
    """The web of records: who names whom, in both directions."""

    def __init__(self, lines: Mapping[str, Line]) -> None:
        self._lines = lines
        self._schools = sorted({one.id for one in lines.values() if one.type == _SCHOOL and one.id})
        self._known = frozenset(self._schools)
        ids = ((path, word_of(line.id)) for path, line in lines.items() if line.id)
        self._holders = _by_word(ids)
        armors = ((path, word) for path, line in lines.items() for word in line.armors)
        self._twins = _groups_of(self._holders.values(), _by_word(armors).values())
        self._shared = {path for path, line in lines.items() if self._is_shared(line)}
        self._to: dict[str, list[str]] = {}
        self._named: dict[str, list[str]] = {}
        self._from: defaultdict[str, list[str]] = defaultdict(list)
        self._naming: defaultdict[str, list[str]] = defaultdict(list)
        self._crossing: set[str] = set()
        for path, line in lines.items():
            self._follow(path, line)
        self._share_what_is_led_to()

    def plan(self) -> Plan:
        """Shares the records out."""
        own: dict[str, list[str]] = {school: [] for school in (*self._schools, "")}
        for path in sorted(self._lines):
            own[self._home(path)].append(path)
        parts = tuple(
            Part(school, tuple(paths), tuple(sorted(self._visitors(frozenset(paths)))))
            for school, paths in own.items()
        )
        return Plan(tuple(sorted(self._shared)), parts, frozenset(self._crossing))

    def _is_shared(self, line: Line) -> bool:
        return line.type in SHARED or line.school not in self._known

    def _follow(self, path: str, line: Line) -> None:
        """Notes which records the words of a header lead to, and whom they name."""
        found = self._to[path] = []
        people = self._named[path] = []
        for word in line.words:
            for other in self._holders.get(word, ()):
                kind = self._lines[other].type
                if kind == _PERSON:
                    self._naming[other].append(path)
                    people.append(other)
                elif other != path and kind not in SHARED:
                    found.append(other)
                    self._from[other].append(path)

    def _share_what_is_led_to(self) -> None:
        """Whatever a shared record leads to, or has in common with another, is shared as well."""
        self._shared |= self._reached(
            self._shared, lambda path: (*self._to[path], *self._alike(path)), lambda _: True
        )

    def _home(self, path: str) -> str:
        line = self._lines[path]
        names = line.schools if line.type == _PERSON else (line.school,)
        return next((one for one in names if one in self._known), "")

    def _alike(self, path: str) -> list[str]:
        """The other records with the same id, or with a sealed block that one has too."""
        groups = self._twins.get(path, ())
        return [one for group in groups for one in group if one != path]

    def _around(self, path: str) -> list[str]:
        """All records that one leads to, is led to from, or has something in common with."""
        return [*self._to[path], *self._from.get(path, ()), *self._alike(path)]

    def _visitors(self, own: frozenset[str]) -> set[str]:
        """The records of other schools that something of a school's own may look at."""

        def is_strange(path: str) -> bool:
            return path not in own and path not in self._shared

        leaves = [path for path in own if self._lines[path].type not in SHARED]
        beside = {one for path in leaves for one in self._around(path) if is_strange(one)}
        beside |= {one for path in own - set(leaves) for one in self._alike(path)}
        found = {*beside, *self._reached(beside, self._around, is_strange)}
        people = {path for path in own if self._lines[path].type == _PERSON}
        self._crossing |= {
            self._lines[one].id
            for path in (*leaves, *found)
            for one in self._named[path]
            if one not in own
        }
        naming = (path for path in (*leaves, *found) if self._lines[path].type not in GATHERING)
        people |= {one for path in naming for one in self._named[path]}
        theirs = {one for person in people for one in self._naming.get(person, ())}
        theirs = {one for one in theirs if is_strange(one)}
        theirs |= self._reached(theirs, lambda one: self._from.get(one, ()), is_strange)
        found |= theirs | self._reached(theirs, lambda one: self._to[one], is_strange)
        return {one for one in found if is_strange(one)}

    @staticmethod
    def _reached(
        start: Iterable[str],
        step: Callable[[str], Iterable[str]],
        may_enter: Callable[[str], bool],
    ) -> set[str]:
        """What can be reached from some records, step by step."""
        waiting, found = list(start), set()
        while waiting:
            for one in step(waiting.pop()):
                if one not in found and may_enter(one):
                    found.add(one)
                    waiting.append(one)
        return found


def _by_word(pairs: Iterable[tuple[str, int]]) -> dict[int, list[str]]:
    """The paths that have each word."""
    found: defaultdict[int, list[str]] = defaultdict(list)
    for path, word in pairs:
        found[word].append(path)
    return dict(found)


def _groups_of(*several: Iterable[list[str]]) -> Mapping[str, list[list[str]]]:
    """For each path the groups of two or more in which it is."""
    found: defaultdict[str, list[list[str]]] = defaultdict(list)
    for group in chain.from_iterable(several):
        for path in group if len(group) > 1 else ():
            found[path].append(group)
    return dict(found)
