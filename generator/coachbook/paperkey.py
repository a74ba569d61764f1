"""A private key that is on paper alone: twelve words with a check, and back.

    made = new_paper_key(os.urandom)
    made.words                                  # ("sprinkle", "unrest", …), to be printed
    read_paper_key(" ".join(made.words))        # the same identity

Sixteen random bytes and three bytes of check stand in the words, as one number to the base of
the word list. The key follows from the bytes by HKDF-SHA-256; its standard line
`AGE-SECRET-KEY-1…` is printed too, so that stock tools open what was sealed to it.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import field
from typing import TYPE_CHECKING

from coachbook.age import X25519Identity
from coachbook.age.format import derive
from coachbook.errors import KeyringError, WrongPassphraseError
from coachbook.values import frozen
from coachbook.wordlist import word_list

if TYPE_CHECKING:
    from collections.abc import Sequence

    from coachbook.age import Random

WORDS = 12

_SEED_LENGTH = 16
_CHECK_LENGTH = 3
_KEY_LABEL = b"coachbook recovery key v1"
_CHECK_LABEL = b"coachbook recovery check v1\n"
_SECRET_LINE = re.compile(r"AGE-SECRET-KEY-1[02-9AC-HJ-NP-Z]+", re.IGNORECASE)
_NOT_WORDS = re.compile(r"[^a-z]+")
_HINT = "compare each word with the paper; capitals, commas and line breaks do not matter"


@frozen
class PaperKey:
    """A new key and the words that stand for it; nothing else holds it."""

    words: tuple[str, ...] = field(repr=False)
    identity: X25519Identity = field(repr=False)


def new_paper_key(random: Random) -> PaperKey:
    """A key that nobody has yet."""
    seed = random(_SEED_LENGTH)
    return PaperKey(_words_of(seed), _identity(seed))


def read_paper_key(typed: str) -> X25519Identity:
    """The key that was typed from the paper: its words, or its line for stock tools.

    Raises:
        WrongPassphraseError: it is none; the message names positions and never a word.
    """
    line = _SECRET_LINE.fullmatch("".join(typed.split()))
    if line:
        return _parse_line(line[0].upper())
    return _identity(_seed_of(tuple(filter(None, _NOT_WORDS.split(typed.lower())))))


def _parse_line(line: str) -> X25519Identity:
    try:
        return X25519Identity.parse(line)
    except KeyringError as error:
        raise WrongPassphraseError(
            f"the secret line was not typed as it is on the paper: {error.message}",
            hint="type it again, or the twelve words",
        ) from error


def _words_of(seed: bytes) -> tuple[str, ...]:
    words = word_list()
    number = int.from_bytes(seed + _check(seed), "big")
    found = []
    for _ in range(WORDS):
        number, place = divmod(number, len(words))
        found.append(words[place])
    return tuple(reversed(found))


def _seed_of(typed: Sequence[str]) -> bytes:
    if len(typed) != WORDS:
        raise WrongPassphraseError(
            f"{WORDS} words are on the paper, {len(typed)} were typed", hint=_HINT
        )
    places = {word: place for place, word in enumerate(word_list())}
    strange = [str(n) for n, word in enumerate(typed, start=1) if word not in places]
    if strange:
        which = f"word {strange[0]} is" if len(strange) == 1 else f"words {', '.join(strange)} are"
        raise WrongPassphraseError(f"{which} not on the list of words", hint=_HINT)
    number = 0
    for word in typed:
        number = number * len(places) + places[word]
    data = number.to_bytes(_SEED_LENGTH + _CHECK_LENGTH + 1, "big")
    seed, check = data[1 : _SEED_LENGTH + 1], data[_SEED_LENGTH + 1 :]
    if data[0] or check != _check(seed):
        raise WrongPassphraseError(
            "the words do not belong together: one of them is another, or two changed places",
            hint=_HINT,
        )
    return seed


def _check(seed: bytes) -> bytes:
    return hashlib.sha256(_CHECK_LABEL + seed).digest()[:_CHECK_LENGTH]


def _identity(seed: bytes) -> X25519Identity:
    return X25519Identity(derive(seed, salt=b"", info=_KEY_LABEL))
