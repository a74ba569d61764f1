"""What a guess at a passphrase costs: the arithmetic on the page for IT."""

from __future__ import annotations

import os

import pytest

from coachbook.age import X25519Identity, dearmor, read_header
from coachbook.guessing import (
    PASSPHRASE_WORDS,
    WORK_FACTOR,
    Cost,
    Guesser,
    bits,
    count,
    duration,
    measured_cost,
    memory,
    passphrases,
    seconds_for,
    seconds_to_find,
)
from coachbook.handbook.guesses import guesses
from coachbook.keystore import new_passphrase, protect
from coachbook.wordlist import word_list


def test_the_figures_are_of_keys_as_they_are_made() -> None:
    """A key that is made today has the work factor, the words and the list that the page names."""
    words = new_passphrase(os.urandom)
    file = protect([X25519Identity.generate()], "p-zzzz1111", 1, words, os.urandom)

    (stanza,) = read_header(dearmor(file)).stanzas
    assert stanza.args[1] == str(WORK_FACTOR)
    assert len(words.split("-")) == PASSPHRASE_WORDS
    assert set(words.split("-")) <= set(word_list())
    assert len(set(word_list())) ** PASSPHRASE_WORDS == passphrases()


def test_the_cost_was_measured_with_the_work_factor_of_today() -> None:
    """A changed work factor asks for a new measurement: python -m benchmarks guess --record."""
    cost = measured_cost()

    assert cost.work_factor == WORK_FACTOR
    assert 0.005 < cost.seconds < 5


def test_six_words_are_more_than_75_bits() -> None:
    """Six words of the list have about 77 bits, whatever else the page says."""
    assert 75 < bits() < 80
    assert 2 ** bits() == pytest.approx(passphrases())


def test_memory_of_a_guess() -> None:
    """A guess at 2^15 with r = 8 fills 32 MB."""
    assert memory() == 32 << 20


def test_half_of_all_passphrases_are_tried_on_average() -> None:
    """A thousand cores, ten times as fast, need a ten-thousandth of the time of one."""
    cost = Cost(0.1, WORK_FACTOR, measured_cost().measured_on, "")

    alone = seconds_to_find(2, Guesser(1), cost)
    assert alone == passphrases(2) / 2 * 0.1
    assert seconds_to_find(2, Guesser(1000, 10), cost) == pytest.approx(alone / 10_000)
    assert seconds_for(50, Guesser(1), cost) == 5


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0.5, "0.5"),
        (1, "1"),
        (4.84, "4.8"),
        (12.2, "12"),
        (554, "550"),
        (123_456, "120,000"),
        (1e9, "1,000 million"),
        (4.7e11, "470,000 million"),
        (2.2e23, "220,000 million million million"),
    ],
)
def test_a_number_is_said_to_two_figures(number: float, words: str) -> None:
    """Numbers are said to two figures, and very large ones as millions of millions."""
    assert count(number) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.25, "0.25 seconds"),
        (90, "90 seconds"),
        (840, "14 minutes"),
        (23 * 3600, "23 hours"),
        (220 * 86400, "220 days"),
        (4.7e6 * 365.25 * 86400, "4.7 million years"),
    ],
)
def test_a_time_is_said_in_words(seconds: float, words: str) -> None:
    """A time is said in the largest unit of which it has at least two."""
    assert duration(seconds) == words


def test_the_page_says_what_the_arithmetic_says() -> None:
    """Six words hold out for millions of years against the largest guesser on the page."""
    said = guesses()["guesses"].value

    assert isinstance(said, dict)
    ours = said["rows"][-1]
    assert (ours["words"], ours["ours"]) == (PASSPHRASE_WORDS, True)
    assert ours["times"][-1].endswith("million years")
    assert said["listed"] == f"{len(word_list()):,}"
