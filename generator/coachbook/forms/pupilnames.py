"""Words of a text that may name a pupil: a lint, so it warns, by place, and may be wrong.

A word with a capital is told from the others in four steps. What the records know (staff,
schools) and what is no name (days, subjects, acronyms, the first words of sentences) is passed
over. A given name from the list is found anywhere. A word that is now and then a name ("Rose")
counts inside a sentence. Any other word counts where it stands as a person does: "asked Zubair",
"Oluwakemi said", "Tomasz's book". The portal's script decides alike: `pupilnames.ts`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from coachbook.forms.tokens import phrase_length
from coachbook.forms.wordlists import word_lists

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from coachbook.forms.tokens import Token


def pupil_names(words: Sequence[Token], known: frozenset[str]) -> Iterator[Token]:
    """The words that may name a pupil, each name where it first stands.

    Args:
        known: folded words of names that the records know, of people and of schools.
    """
    masked = _masked(words)
    able = {
        at
        for at, word in enumerate(words)
        if at not in masked and _may_be_name(word, known) and not _is_title(words, at)
    }
    found = {at for at in able if _is_name(words, at, able)}
    told: set[str] = set()
    for at in sorted(found | _joined(words, able, found)):
        if words[at].folded not in told:
            told.add(words[at].folded)
            yield words[at]


def _masked(words: Sequence[Token]) -> frozenset[int]:
    """Places inside well-known names, such as "Florence Nightingale"."""
    return frozenset(
        place
        for at in range(len(words))
        for place in range(at, at + phrase_length(words, at, word_lists().phrases))
    )


def _may_be_name(word: Token, known: frozenset[str]) -> bool:
    lists = word_lists()
    if len(word.text) == 1 or not word.is_capitalised or known.intersection(_parts(word)):
        return False
    return word.folded not in lists.never


def _parts(word: Token) -> tuple[str, ...]:
    """The word and, of one with hyphens, what it is made of."""
    return (word.folded, *word.folded.split("-"))


def _is_title(words: Sequence[Token], at: int) -> bool:
    """True in "Queen Victoria", "Henry VIII", "Willow class"."""
    lists = word_lists()
    before, after = _before(words, at), _after(words, at)
    if before and before.folded in lists.titles and before.is_capitalised:
        return True
    if after is None or words[at].owns:
        return False
    return after.folded in lists.ordinals or after.folded in lists.places


def _is_name(words: Sequence[Token], at: int, able: set[int]) -> bool:
    word, lists = words[at], word_lists()
    if word.folded in lists.names or word.folded.split("-")[0] in lists.names:
        return True
    before = _before(words, at)
    if before and not word.fresh and (before.folded in lists.articles or _leads_on(words, at)):
        return False
    if word.folded in lists.sometimes and not word.fresh and not _leads_on(words, at + 1):
        return True
    if at - 1 in able and before and not word.fresh:
        return False
    return _acts(words, at, able)


def _leads_on(words: Sequence[Token], at: int) -> bool:
    """True where a word with a capital stands close before this one with a capital: "Iron Age"."""
    if at >= len(words) or words[at].fresh:
        return False
    before = _before(words, at)
    if before is None or before.fresh:
        return False
    return words[at].is_capitalised and before.is_capitalised


def _acts(words: Sequence[Token], at: int, able: set[int]) -> bool:
    """True where the word, or the words with capitals that it begins, stand as a person does."""
    lists, word = word_lists(), words[at]
    last = at
    while last + 1 in able and words[last + 1].close:
        last += 1
    after = _after(words, last)
    if after and after.folded in lists.between:
        after = _after(words, last + 1)
    if word.fresh and any(part.endswith(lists.endings) for part in _parts(word)):
        return False
    if words[last].owns and after and not after.is_capitalised:
        return True
    if after and after.folded in lists.verbs:
        return True
    if word.fresh:
        return False
    return _is_led(words, at) or bool(after and after.folded in lists.weakverbs)


def _is_led(words: Sequence[Token], at: int) -> bool:
    """True after "asked", "sat with", "a girl"."""
    lists, before = word_lists(), _before(words, at)
    if before is None:
        return False
    pair = f"{words[at - 2].folded} {before.folded}" if at > 1 and before.close else ""
    return before.folded in lists.leads or pair in lists.leadpairs


def _joined(words: Sequence[Token], able: set[int], found: set[int]) -> set[int]:
    """What stands beside a name as "Amelia, Zubair and Kemi" do."""
    joined: set[int] = set()
    for order, step in ((sorted(able), -1), (sorted(able, reverse=True), 1)):
        for at in order:
            beside = _beside(words, at, step)
            if any(other in found or other in joined for other in beside):
                joined.add(at)
    return joined


def _beside(words: Sequence[Token], at: int, step: int) -> tuple[int, ...]:
    """The places of the words that a comma or "and" ties to this one, before it or after it."""
    near = at + step
    if not 0 <= near < len(words):
        return ()
    gap = words[max(at, near)].gap
    if gap == ", ":
        return (near,)
    if words[near].folded in {"and", "or"} and gap == " " and 0 <= near + step < len(words):
        return (near + step,)
    return ()


def _before(words: Sequence[Token], at: int) -> Token | None:
    return words[at - 1] if at > 0 and words[at].close else None


def _after(words: Sequence[Token], at: int) -> Token | None:
    return words[at + 1] if at + 1 < len(words) and words[at + 1].close else None
