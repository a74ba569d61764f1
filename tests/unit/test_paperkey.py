"""A key that is on paper alone: words, and back."""

from __future__ import annotations

from os import urandom
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coachbook.errors import WrongPassphraseError
from coachbook.paperkey import WORDS, new_paper_key, read_paper_key
from coachbook.wordlist import word_list

if TYPE_CHECKING:
    from collections.abc import Sequence

    from coachbook.paperkey import PaperKey

SEEDS = st.binary(min_size=16, max_size=16)


def made(seed: bytes) -> PaperKey:
    """The key of these sixteen bytes."""
    return new_paper_key(lambda length: seed[:length])


def read(words: Sequence[str]) -> bytes:
    """The secret of the key that these words stand for."""
    return read_paper_key(" ".join(words)).seed()


@given(SEEDS)
def test_words_are_read_back(seed: bytes) -> None:
    """Twelve words stand for a key, and lead back to it."""
    key = made(seed)

    assert len(key.words) == WORDS
    assert read(key.words) == key.identity.seed()


@given(SEEDS)
def test_the_line_for_stock_tools_is_the_same_key(seed: bytes) -> None:
    """The secret line on the paper is read too, in any capitals and with spaces in it."""
    key = made(seed)
    line = key.identity.reveal_private_key().lower()

    typed = " ".join(line[n : n + 10] for n in range(0, len(line), 10))
    assert read_paper_key(typed).seed() == key.identity.seed()


def test_words_as_they_stand_on_the_paper() -> None:
    """Numbers, capitals, commas and line breaks between the words do not matter."""
    key = made(bytes(range(16)))
    typed = "\n".join(f"{n:>2} {word.upper()}," for n, word in enumerate(key.words, start=1))

    assert read_paper_key(typed).seed() == key.identity.seed()


@given(SEEDS, st.integers(0, WORDS - 1), st.integers(0, len(word_list()) - 1))
def test_a_misread_word_is_noticed(seed: bytes, place: int, other: int) -> None:
    """Whichever word is taken for another of the list, no key comes out."""
    words = list(made(seed).words)
    if words[place] == word_list()[other]:
        return
    words[place] = word_list()[other]

    with pytest.raises(WrongPassphraseError, match="do not belong together"):
        read(words)


@given(SEEDS, st.integers(0, WORDS - 2))
def test_words_that_changed_places_are_noticed(seed: bytes, place: int) -> None:
    """Two neighbours in each other's place are no key, unless they are the same word."""
    words = list(made(seed).words)
    if words[place] == words[place + 1]:
        return
    words[place], words[place + 1] = words[place + 1], words[place]

    with pytest.raises(WrongPassphraseError):
        read(words)


@given(st.text())
def test_whatever_is_typed_is_a_key_or_none(typed: str) -> None:
    """No text that is typed leads to anything but a key or the calm answer that it is none."""
    with pytest.raises(WrongPassphraseError):
        read_paper_key(typed)


def said_of(words: Sequence[str]) -> str:
    """What is said of words that are no key."""
    with pytest.raises(WrongPassphraseError) as caught:
        read(words)
    return f"{caught.value.message} {caught.value.hint}"


@given(SEEDS, SEEDS, st.integers(0, WORDS - 1))
def test_a_message_repeats_no_word_of_the_paper(one: bytes, other: bytes, place: int) -> None:
    """What was typed wrong is told by its position alone: the words around it are secret."""
    papers = [list(made(seed).words) for seed in (one, other)]
    for paper, strange in zip(papers, ("xyzzy", "plugh"), strict=True):
        paper[place] = strange

    first, second = map(said_of, papers)

    assert f"word {place + 1} is not on the list" in first
    assert first == second


def test_two_keys_share_nothing() -> None:
    """Each key is made from fresh random bytes."""
    one, other = new_paper_key(urandom), new_paper_key(urandom)

    assert one.words != other.words
    assert one.identity.seed() != other.identity.seed()
    assert one.words[0] not in repr(one)
