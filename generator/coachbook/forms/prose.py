"""What running text may give away: a pupil, a colleague, a grade, a matter of safeguarding.

    faults = check_prose(text, ("pupils", "safeguarding"), around)

These are lints. They know words and their order, not what is meant, so all but one of them warn
and everything is told by place. The portal's Write page finds the same, from the same lists.
"""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING

from coachbook.forms.dropins import grades, next_steps
from coachbook.forms.faults import TextFault, fault_of
from coachbook.forms.pupilnames import pupil_names
from coachbook.forms.tokens import fold, phrase_length, tokens_of
from coachbook.forms.wordlists import word_lists
from coachbook.values import frozen

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from coachbook.forms.tokens import Token

PUPILS, IDENTITY, JUDGEMENT, SAFEGUARDING = "pupils", "identity", "judgement", "safeguarding"
STEPS, GRADES = "steps", "grades"

_INITIALS = re.compile(r"(?:^|[^A-Za-z.])([A-Z]\. ?[A-Z](?:\. ?[A-Z])?)(?![A-Za-z])")
_REACH = 3


@frozen(slots=False)
class Around:
    """What the records know that a text may speak of.

    `people` are names as they are written, in full and as people are called; `places` the names
    of schools; `route` says where the school's own safeguarding form is; `grades` are the words of
    the scales on its forms.
    """

    people: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    route: str = ""
    grades: tuple[str, ...] = ()

    @cached_property
    def persons(self) -> frozenset[str]:
        """Every folded word of people's names, also the halves of one with a hyphen."""
        return _words_of(self.people)

    @cached_property
    def known(self) -> frozenset[str]:
        """Every folded word of a name that the records know."""
        return self.persons | _words_of(self.places)

    @cached_property
    def initials(self) -> frozenset[str]:
        """The initials of people, in small letters; a name in one word has none."""
        parts = (fold(name).replace("-", " ").split() for name in self.people)
        full = [words for words in parts if len(words) > 1]
        short = ((words[0], words[-1]) for words in full)
        return frozenset("".join(word[0] for word in words) for words in (*full, *short))


def check_prose(text: str, lints: Iterable[str], around: Around) -> tuple[TextFault, ...]:
    """What the lints of a section find in its text, in the order of the text."""
    words = tokens_of(text)
    found = [fault for lint in lints for fault in _LINTS[lint](text, words, around)]
    return tuple(sorted(found, key=lambda fault: fault.place))


def _pupils(_text: str, words: Sequence[Token], around: Around) -> Iterator[TextFault]:
    for word in pupil_names(words, around.known):
        yield fault_of("pupil-name", word.line, word.column)


def _identity(text: str, words: Sequence[Token], around: Around) -> Iterator[TextFault]:
    told: set[str] = set()
    initials = around.initials - word_lists().acronyms
    for at, word in enumerate(words):
        if word.folded not in told and _identifies(words, at, around):
            told.add(word.folded)
            yield fault_of("identity-name", word.line, word.column)
        elif word.text.isupper() and word.text.lower() in initials:
            yield fault_of("identity-initials", word.line, word.column)
    for line, row in enumerate(text.split("\n"), start=1):
        for match in _INITIALS.finditer(row):
            if re.sub(r"[. ]", "", match[1]).lower() not in word_lists().acronyms:
                yield fault_of("identity-initials", line, match.start(1) + 1)


def _identifies(words: Sequence[Token], at: int, around: Around) -> bool:
    """True for a name of the records, and for whatever follows "Mrs"."""
    word, lists = words[at], word_lists()
    if len(word.text) == 1 or not word.is_capitalised:
        return False
    before = words[at - 1].folded if at and (word.close or word.gap == ". ") else ""
    if before in lists.honorifics:
        return True
    if around.persons.isdisjoint({word.folded, *word.folded.split("-")}):
        return False
    return not (word.fresh and (word.folded in lists.never or word.folded in lists.sometimes))


def _judgement(_text: str, words: Sequence[Token], _around: Around) -> Iterator[TextFault]:
    lists, at = word_lists(), 0
    while at < len(words):
        length = phrase_length(words, at, lists.judgements)
        if length or words[at].text in lists.gradesigns:
            yield fault_of("judgement", words[at].line, words[at].column)
        at += length or 1


def _safeguarding(_text: str, words: Sequence[Token], around: Around) -> Iterator[TextFault]:
    """The first place alone: the whole text does not belong here."""
    homes = {words[at].sentence for at in _places(words, word_lists().homes)}
    harms = (at for at in _places(words, word_lists().harms) if words[at].sentence in homes)
    plain = (at for at in _places(words, word_lists().safeguarding) if not _is_denied(words, at))
    for at in sorted((*harms, *plain))[:1]:
        rule = "safeguarding-routed" if around.route else "safeguarding"
        yield fault_of(rule, words[at].line, words[at].column, route=around.route)


def _steps(text: str, _words: Sequence[Token], _around: Around) -> Iterator[TextFault]:
    return (fault_of("step-in-a-drop-in", *place) for place in next_steps(text))


def _grades(text: str, _words: Sequence[Token], around: Around) -> Iterator[TextFault]:
    return (fault_of("grade-in-a-drop-in", *place) for place in grades(text, around.grades))


def _is_denied(words: Sequence[Token], at: int) -> bool:
    """True where "no" or "not a" stands shortly before, in the same sentence."""
    before = words[max(0, at - _REACH) : at]
    return any(
        word.folded in word_lists().denials and word.sentence == words[at].sentence
        for word in before
    )


def _places(words: Sequence[Token], phrases: tuple[str, ...]) -> Iterator[int]:
    return (at for at in range(len(words)) if phrase_length(words, at, phrases))


def _words_of(names: Iterable[str]) -> frozenset[str]:
    words = {word for name in names for word in fold(name).split()}
    return frozenset(words | {part for word in words for part in word.split("-")})


_LINTS: dict[str, Callable[[str, Sequence[Token], Around], Iterator[TextFault]]] = {
    PUPILS: _pupils,
    IDENTITY: _identity,
    JUDGEMENT: _judgement,
    SAFEGUARDING: _safeguarding,
    STEPS: _steps,
    GRADES: _grades,
}
