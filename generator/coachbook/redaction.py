"""Other people's names taken out of a text that is given to one person.

    redactor = Redactor.around(book, keep={"p-7kq2m4xa"})
    redactor.redacted("**Wren** Ashgrove's plan").text      # "[another person]'s plan"

It finds the names that the records know, however they are written: in bold, with another
apostrophe, without accents, over the end of a line, as initials or as an id. It can't know a
nickname that nobody wrote down, so what it makes is read by a person before it is handed on.
Where a name is a word too, the word goes as well: too much is put right by hand, too little is not.
"""

from __future__ import annotations

import html
import re
import unicodedata
from functools import cached_property
from typing import TYPE_CHECKING

from coachbook.forms.pupilnames import pupil_names
from coachbook.forms.tokens import fold, tokens_of
from coachbook.forms.wordlists import word_lists
from coachbook.values import frozen

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from coachbook.book import Book
    from coachbook.people import Person

ANOTHER = "[another person]"

_SHORTEST, _SHORT = 2, 3
_PARTICLES = frozenset(
    {"al", "bin", "da", "de", "del", "der", "di", "du", "la", "le", "van", "von"}
)
_TITLES = frozenset({"mr", "mrs", "ms", "miss", "mx", "dr", "sir", "prof", "rev"})
_ENTITY = re.compile(r"&(?:#\d{1,6}|#x[0-9a-fA-F]{1,6}|[A-Za-z]{2,12});")
_TAG = re.compile(r"</?[A-Za-z][^<>\n]{0,80}>")
_BREAK = re.compile(r"[-\u2010\u00ad]\s*\n\s*")
_EMPHASIS = "*~`\\"
_APOSTROPHES = "'\u2018\u2019\u02bc\u00b4\uff07"
_HYPHENS = "-\u2010\u2011\u2012\u2013\u2014"
_SPELT_OUT = {"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa", "æ": "ae", "œ": "oe"}
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_INITIALS = re.compile(
    r"(?<![A-Za-z.])[A-Z](?:\.[ ]?|-)?[A-Z](?:(?:\.[ ]?|-)[A-Z])?\.?(?![A-Za-z])"
)
_BETWEEN = re.compile(r"[\s'.\-]{0,6}")
_LONGEST_NAME = 6


@frozen
class Redacted:
    """A text without other people's names, and how many were taken out.

    `doubtful` counts words in small letters that are names too, such as "will", and were left.
    """

    text: str
    count: int
    doubtful: int


@frozen(slots=False)
class Redactor:
    """Finds names of `others` in a text, and leaves those of `kept` alone.

    Each is the names of one person as they are written: in full, as they are called, and ids.
    Whoever stands behind "Mrs", and words that may name a pupil, go too, unless it is a place.
    """

    others: tuple[tuple[str, ...], ...]
    kept: tuple[tuple[str, ...], ...] = ()
    places: tuple[str, ...] = ()

    @classmethod
    def around(
        cls,
        book: Book,
        keep: Collection[str],
        also: Iterable[str] = (),
        called: Sequence[str] = (),
    ) -> Redactor:
        """A redactor for what is given to somebody.

        Args:
            keep: ids of the people whose names may stay.
            also: further names to take out, such as nicknames and names of people outside.
            called: further names that stay, such as a former name of the person who asks.
        """
        names = {one.id: _written(one) for one in book.people.values()}
        return cls(
            others=(
                *(found for person, found in names.items() if person not in keep),
                *((name,) for name in also),
            ),
            kept=(*(found for person, found in names.items() if person in keep), tuple(called)),
            places=(book.trust.name, *(school.name for school in book.schools.values())),
        )

    def redacted(self, text: str) -> Redacted:
        """The text with each name of another person replaced."""
        spans = _merged(self._spans(text), text)
        found, at = [], 0
        for start, end in spans:
            found += [text[at:start], ANOTHER]
            at = end
        return Redacted("".join((*found, text[at:])), len(spans), self._doubtful(text))

    def _doubtful(self, text: str) -> int:
        """How many words stand in small letters that are names with a capital."""
        view = next(_views(text))
        found = (word for word in view.words if not _has_capital(text[slice(*word.span)]))
        return sum(
            any(form in self._other_words and _is_careful(form) for form in word.forms)
            for word in found
        )

    def names_kept(self, text: str) -> bool:
        """True where the text names one of those whose names stay."""
        for view in _views(text):
            if any(_runs(view, self._own_names)):
                return True
            for word in view.words:
                found = next((one for one in word.forms if one in self._unshared_words), "")
                if found and (not _is_careful(found) or _has_capital(text[slice(*word.span)])):
                    return True
        return False

    def names_shared(self, text: str) -> bool:
        """True where a part of a kept name stands that is another person's too."""
        shared = self._own_words - self._unshared_words
        return any(
            not shared.isdisjoint(word.forms) and _has_capital(text[slice(*word.span)])
            for view in _views(text)
            for word in view.words
        )

    def _spans(self, text: str) -> Iterator[tuple[int, int]]:
        strangers = self._strangers(text)
        for view in _views(text):
            held = list(_runs(view, self._own_names))
            for span in (
                *_runs(view, self._other_names),
                *self._single(view, text, strangers),
            ):
                if not any(first <= span[0] and span[1] <= last for first, last in held):
                    yield span
        for match in _INITIALS.finditer(text):
            if _letters(match[0]) in self._initials:
                yield match.span()

    def _single(
        self, view: _View, text: str, strangers: frozenset[str]
    ) -> Iterator[tuple[int, int]]:
        """Words that are a part of another person's name, or that name somebody unknown."""
        before = ""
        for word in view.words:
            found = next((form for form in word.forms if form in self._other_words), "")
            is_capital = _has_capital(text[slice(*word.span)])
            is_called = before in word_lists().honorifics and word.gap
            if is_capital and (is_called or not strangers.isdisjoint(word.forms)):
                found = found or ("" if self._own_words.intersection(word.forms) else word.text)
            before = word.text
            if found and (is_capital or not _is_careful(found)):
                yield word.span[0], word.span[1] if found == word.text else word.stem_end

    def _strangers(self, text: str) -> frozenset[str]:
        """Words that may name a pupil or somebody else whom no record knows."""
        known = self._own_words | self._other_words | self._places
        return frozenset(word.folded for word in pupil_names(tokens_of(text), known))

    @cached_property
    def _places(self) -> frozenset[str]:
        return frozenset(word for place in self.places for word in _words(place))

    @cached_property
    def _own_words(self) -> frozenset[str]:
        return frozenset(word for names in self.kept for name in names for word in _words(name))

    @cached_property
    def _other_words(self) -> frozenset[str]:
        words = {word for names in self.others for name in names for word in _words(name)}
        return frozenset(words - self._own_words)

    @cached_property
    def _unshared_words(self) -> frozenset[str]:
        """Parts of the names that stay which nobody else has."""
        words = {word for names in self.others for name in names for word in _words(name)}
        return frozenset(self._own_words - words)

    @cached_property
    def _own_names(self) -> frozenset[tuple[str, ...]]:
        return frozenset(one for names in self.kept for name in names for one in _sequences(name))

    @cached_property
    def _other_names(self) -> frozenset[tuple[str, ...]]:
        found = {one for names in self.others for name in names for one in _sequences(name)}
        return frozenset(found - self._own_names)

    @cached_property
    def _initials(self) -> frozenset[str]:
        own = {one for names in self.kept for one in _initials_of(names)}
        found = {one for names in self.others for one in _initials_of(names)}
        return frozenset(found - own - word_lists().acronyms)


@frozen
class _Word:
    """A word in small letters without accents, where it stood, and what may stand before it."""

    text: str
    span: tuple[int, int]
    stem_end: int
    """Where the word ends without an apostrophe and s."""
    gap: bool
    """True if nothing but space and marks divides it from the word before."""

    @property
    def forms(self) -> tuple[str, ...]:
        """The word, and what is left of it without an s of possession or an apostrophe."""
        plain = self.text.removesuffix("'s")
        bare = plain.replace("'", "")
        return (self.text, plain, bare, bare.removesuffix("s"))


@frozen(slots=False)
class _View:
    """A text as names are looked for in it: its words, and where each stood."""

    words: tuple[_Word, ...]


def _written(person: Person) -> tuple[str, ...]:
    names = (person.name, person.known_as, person.sign_in, person.id)
    return tuple(dict.fromkeys(name for name in names if name))


def _views(text: str) -> Iterator[_View]:
    """The text with marks between letters dropped, and with a space in place of each."""
    for gap in ("", " "):
        folded, places = _projected(text, gap)
        words, last = [], 0
        for found in _WORD.finditer(folded):
            span = places[found.start()][0], places[found.end() - 1][1]
            is_next = _BETWEEN.fullmatch(folded, last, found.start()) is not None
            stem = found.end() - 2 * found[0].endswith("'s")
            words.append(_Word(found[0], span, places[stem - 1][1], is_next))
            last = found.end()
        yield _View(tuple(words))


def _runs(view: _View, names: Collection[tuple[str, ...]]) -> Iterator[tuple[int, int]]:
    """Where several words in a row are somebody's whole name."""
    words = view.words
    for at in range(len(words)):
        for size in range(2, _LONGEST_NAME + 1):
            run = words[at : at + size]
            if len(run) < size or not run[-1].gap:
                break
            start = tuple(one.text for one in run[:-1])
            if any((*start, form) in names for form in run[-1].forms):
                yield run[0].span[0], run[-1].stem_end


def _has_capital(text: str) -> bool:
    return any(letter.isupper() for letter in text)


def _projected(text: str, gap: str) -> tuple[str, tuple[tuple[int, int], ...]]:
    letters: list[str] = []
    places: list[tuple[int, int]] = []
    at = 0
    while at < len(text):
        size, plain = _step(text, at, gap)
        letters.append(plain)
        places += [(at, at + size)] * len(plain)
        at += size
    return "".join(letters), tuple(places)


def _step(text: str, at: int, gap: str) -> tuple[int, str]:
    """How many characters are read at a place, and what they are looked at as."""
    letter = text[at]
    if letter == "&" and (entity := _ENTITY.match(text, at)):
        return len(entity[0]), "".join(_plain(one, gap) for one in html.unescape(entity[0]))
    if letter == "<" and (tag := _TAG.match(text, at)):
        return len(tag[0]), gap
    if letter in "-\u2010\u00ad" and (found := _BREAK.match(text, at)):
        return len(found[0]), gap or ""
    return 1, _plain(letter, gap)


def _plain(letter: str, gap: str) -> str:
    if letter in _EMPHASIS:
        return gap
    if letter in _APOSTROPHES:
        return "'"
    if letter in _HYPHENS:
        return "-"
    if letter == "_" or letter.isspace():
        return " "
    if unicodedata.category(letter) in {"Cf", "Mn"}:
        return ""
    return fold(letter)


def _merged(spans: Iterable[tuple[int, int]], text: str) -> list[tuple[int, int]]:
    """Spans that overlap, or that only marks and space divide, as one."""
    found: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if found and (start <= found[-1][1] or not text[found[-1][1] : start].strip(" *_~-\n")):
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


def _folded(name: str) -> str:
    return "".join(_plain(letter, "") for letter in name).strip()


def _spellings(name: str) -> Iterator[str]:
    """A name without accents, and with its umlauts spelt out."""
    yield _folded(name)
    yield _folded("".join(_SPELT_OUT.get(letter, letter) for letter in name.lower()))


def _sequences(name: str) -> Iterator[tuple[str, ...]]:
    """A whole name as the words in a row that it is written as."""
    for folded in _spellings(name):
        found = tuple(_WORD.findall(folded))
        if len(found) > 1:
            yield found


def _words(name: str) -> frozenset[str]:
    """What stands for somebody alone: parts of a name, its halves, and parts run together."""
    found: set[str] = set()
    for folded in _spellings(name):
        words = _WORD.findall(folded)
        found.update(words, (word.replace("'", "") for word in words), _run_together(words))
        found.update(word.rpartition("'")[2] for word in words)
    return frozenset(
        word
        for word in found
        if len(word) >= _SHORTEST and word not in _PARTICLES and word not in _TITLES
    )


def _run_together(words: Sequence[str]) -> Iterator[str]:
    """Parts of a name that follow each other, without what stands between them."""
    return (
        "".join(words[start:end])
        for start in range(len(words))
        for end in range(start + 2, len(words) + 1)
    )


def _is_careful(word: str) -> bool:
    """True for a part of a name that is a word too, or very short: it goes only with a capital."""
    lists = word_lists()
    return len(word) <= _SHORT or word in lists.never or word in lists.sometimes


def _initials_of(names: Sequence[str]) -> Iterator[str]:
    for name in names:
        folded = _folded(name)
        words = folded.replace("-", " ").split()
        if len(words) > 1:
            yield "".join(word[0] for word in words)
            yield words[0][0] + words[-1][0]
            yield words[0][0] + folded.split()[-1][0]  # IM for Idris Marlowe-Beck


def _letters(text: str) -> str:
    return re.sub(r"[. -]", "", text).lower()
