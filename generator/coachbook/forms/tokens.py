"""The words of a running text, each with its place and whether a sentence begins there.

Columns and sentences are found in one pass and the same in the portal's script: `tokens.ts`.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import TYPE_CHECKING

from coachbook.forms.wordlists import word_lists
from coachbook.values import frozen

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_LETTERS = r"(?:[^\W\d_]|[\u0300-\u036f])+"
_WORD = re.compile(rf"{_LETTERS}(?:['\u2019\u2010-]{_LETTERS})*")
_FRESH = re.compile(r"[.!?\u2026:;\"\u201c\u201d(\[\]|\n]|(?:^|[ \t])['\u2018]$")
_ENDED = re.compile(r"[.!?\u2026|]|\n[ \t]*\n|\n[ \t]*(?:[-*+#>]|[0-9]+[.)])[ \t]")
_CONTRACTED = re.compile(r"(.+)'(s|d|m|ll|re|ve)")
_MARKS = re.compile(r"[\u0300-\u036f]")


@frozen(repr=False)
class Token:
    """A word of the text; `folded` is it in small letters without accents or a final 's."""

    text: str
    folded: str
    line: int
    column: int
    owns: bool
    """True for a word that ends in an apostrophe and s."""
    fresh: bool
    """True where a sentence, a line or quoted words begin."""
    sentence: int
    """Which sentence of the text it belongs to."""
    close: bool
    """True if nothing but one space divides it from the word before."""
    gap: str
    """What stands between the word before and this one."""

    def __repr__(self) -> str:
        """Shows the place only: the text is confidential."""
        return f"Token({self.line}:{self.column})"

    @property
    def is_capitalised(self) -> bool:
        """True for "Kai", not for "kai" nor "KS"."""
        return self.text[0].isupper() and (len(self.text) == 1 or self.text[1:] != self.shouted)

    @property
    def shouted(self) -> str:
        """Everything but the first letter, in capitals."""
        return self.text[1:].upper()


def tokens_of(text: str) -> tuple[Token, ...]:
    """The words of the text in their order."""
    return tuple(_read(text))


def fold(word: str) -> str:
    """The word in small letters, without accents, and with plain apostrophes."""
    folds = word_lists().folds
    plain = _MARKS.sub("", unicodedata.normalize("NFKD", word))
    return "".join(folds.get(letter, letter) for letter in plain).lower()


def phrase_length(words: Sequence[Token], at: int, phrases: tuple[str, ...]) -> int:
    """How many words the longest of the phrases has that stands here in one sentence, or 0."""
    fitting = _by_first_word(phrases).get(words[at].folded, ())
    return max((len(one) for one in fitting if _stands(words, at, one)), default=0)


@cache
def _by_first_word(phrases: tuple[str, ...]) -> Mapping[str, list[tuple[str, ...]]]:
    found: dict[str, list[tuple[str, ...]]] = {}
    for phrase in phrases:
        folded = tuple(_stem(fold(word[0]))[0] for word in _WORD.finditer(phrase))
        found.setdefault(folded[0], []).append(folded)
    return found


def _stands(words: Sequence[Token], at: int, phrase: Sequence[str]) -> bool:
    found = words[at : at + len(phrase)]
    return len(found) == len(phrase) and all(
        token.folded == wanted and token.sentence == found[0].sentence
        for token, wanted in zip(found, phrase, strict=True)
    )


def _stem(word: str) -> tuple[str, str]:
    """A folded word and what an apostrophe ties to it: ("kai", "s") of "kai's"."""
    match = _CONTRACTED.fullmatch(word)
    return (match[1], match[2]) if match else (word, "")


def _read(text: str) -> Iterator[Token]:
    line, line_start, end, sentence = 1, 0, 0, 0
    for match in _WORD.finditer(text):
        gap = text[end : match.start()]
        line += gap.count("\n")
        if "\n" in gap:
            line_start = end + gap.rindex("\n") + 1
        first = end == 0
        sentence += bool(_ENDED.search(gap))
        stem, ending = _stem(fold(match[0]))
        yield Token(
            text=match[0],
            folded=stem,
            line=line,
            column=match.start() - line_start + 1,
            owns=ending == "s" or text[match.end() : match.end() + 2] in _OWNING,
            fresh=first or bool(_FRESH.search(gap)),
            sentence=sentence,
            close=gap == " ",
            gap=gap,
        )
        end = match.end()


_OWNING = ("' ", "\u2019 ")
