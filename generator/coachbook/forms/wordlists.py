"""The words that the rules for running text know, read once from `_text_lists.json`."""

from __future__ import annotations

import json
from functools import cache, cached_property
from importlib import resources
from typing import TYPE_CHECKING

from coachbook.values import frozen

if TYPE_CHECKING:
    from collections.abc import Mapping

Words = frozenset[str]


@frozen(slots=False)
class WordLists:
    """Each list by its name in the file; a word of `names` is hardly ever anything else."""

    names: Words
    sometimes: Words
    titles: Words
    honorifics: Words
    places: Words
    ordinals: Words
    articles: Words
    between: Words
    verbs: Words
    weakverbs: Words
    leads: Words
    ordinary: Words
    starters: Words
    acronyms: Words
    leadpairs: tuple[str, ...]
    endings: tuple[str, ...]
    phrases: tuple[str, ...]
    judgements: tuple[str, ...]
    grades: tuple[str, ...]
    gradesigns: tuple[str, ...]
    safeguarding: tuple[str, ...]
    harms: tuple[str, ...]
    homes: tuple[str, ...]
    denials: tuple[str, ...]
    folds: Mapping[str, str]

    @cached_property
    def never(self) -> Words:
        """Words with a capital that are no names: days, subjects, what sentences begin with."""
        return self.ordinary | self.starters | self.titles | self.leads | self.acronyms


@cache
def word_lists() -> WordLists:
    """Every list, with the places in its phrases filled in."""
    source = resources.files("coachbook") / "_text_lists.json"
    raw = json.loads(source.read_text(encoding="utf-8"))
    return WordLists(
        names=_words(raw["names"]),
        sometimes=_words(raw["sometimes"]),
        titles=_words(raw["titles"]),
        honorifics=_words(raw["honorifics"]),
        places=_words(raw["places"]),
        ordinals=_words(raw["ordinals"]),
        articles=_words(raw["articles"]),
        between=_words(raw["between"]),
        verbs=_words(raw["verbs"]),
        weakverbs=_words(raw["weakverbs"]),
        leads=_words(raw["leads"]),
        ordinary=_words(raw["ordinary"]),
        starters=_words(raw["starters"]),
        acronyms=_words(raw["acronyms"]),
        leadpairs=tuple(raw["leadpairs"]),
        endings=tuple(raw["endings"]),
        phrases=tuple(raw["phrases"]),
        grades=tuple(raw["grades"]),
        gradesigns=tuple(raw["gradesigns"]),
        harms=tuple(raw["harms"]),
        homes=tuple(raw["homes"]),
        denials=tuple(raw["denials"]),
        judgements=_filled(raw["judgements"], "{grade}", raw["grades"]),
        safeguarding=_filled(raw["safeguarding"], "{parent}", raw["parents"]),
        folds=raw["folds"],
    )


def _words(rows: list[str]) -> Words:
    return frozenset(" ".join(rows).split())


def _filled(phrases: list[str], part: str, words: list[str]) -> tuple[str, ...]:
    """The phrases; one that has the part becomes as many as there are words for it."""
    return tuple(
        phrase.replace(part, word)
        for phrase in phrases
        for word in (words if part in phrase else [""])
    )
