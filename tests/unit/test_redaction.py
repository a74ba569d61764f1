"""Attacks on the redaction of other people's names: however they are written, they go."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coachbook.book import load_book
from coachbook.redaction import ANOTHER, Redactor
from tests.workspaces import otterbeck_small as small

OTHERS = (
    ("Wren Ashgrove", "wren.ashgrove", "p-e6f1u8gd"),
    ("Zoë Bjørnsdal",),
    ("Siobhán O\u2019Neill", "Shiv"),
    ("Idris Marlowe-Beck",),
    ("Jürgen Wäldner",),
    ("Will Marsh",),
    ("Nerys Pell",),
    ("Bo Tang",),
)
KEPT = (("Nerys Sallowfield", "p-n9b4j2ys"),)
REDACTOR = Redactor(OTHERS, KEPT)


@pytest.mark.parametrize(
    "text",
    [
        "Wren Ashgrove",
        "wren ashgrove",
        "WREN ASHGROVE",
        "Ashgrove",
        "Wren\u2019s",
        "Wren's",
        "Wrens",
        "**Wren** Ashgrove",
        "**Wr**en",
        "_Wren_ _Ashgrove_",
        "Wren_Ashgrove",
        "*W*ren",
        "Wren\nAshgrove",
        "Wren\n> Ashgrove",
        "Ash-\ngrove",
        "A\u00adshgrove",
        "Ash\u200bgrove",
        "Wren\u00a0Ashgrove",
        "WrenAshgrove",
        "IdrisMarlowe-Beck",
        "IM",
        "wren.ashgrove",
        "p-e6f1u8gd",
        "W&#114;en",
        "W<b>r</b>en",
        "W.A.",
        "W. A.",
        "WA",
        "Zoe Bjornsdal",
        "Zoe\u0308 Bjo\u0338rnsdal",
        "BJØRNSDAL",
        "Bjoernsdal",
        "O'Neill",
        "O\u2019Neill's",
        "ONeill",
        "O Neill",
        "Siobhan",
        "Shiv",
        "shiv",
        "Marlowe\u2011Beck",
        "Marlowe Beck",
        "marlowe",
        "I.M-B",
        "Waeldner",
        "Waldner",
        "Will",
        "Bo",
        "Nerys Pell",
        "Pell, Nerys",
    ],
)
def test_a_name_goes_however_it_is_written(text: str) -> None:
    """No part of another person's name is left, whatever letters and marks it is written with."""
    parts = ("wren", "ashgrove", "bj", "neill", "siobh", "shiv", "marlowe", "beck", "pell")

    for around in ("{}", "I saw {} today.", "({})", "## {}", "- [ ] ask {}!"):
        found = REDACTOR.redacted(around.format(text))
        left = found.text.replace(ANOTHER, "").lower()
        assert text not in found.text
        assert not any(part in left for part in parts)


@pytest.mark.parametrize(
    "text",
    [
        "Nerys Sallowfield's own words",
        "Nerys said it, and Sallowfield wrote it.",
        "p-n9b4j2ys",
        "We will wait three seconds, and mark the rest.",
        "The PSHE lead and the SENCO",
        "",
    ],
)
def test_what_is_theirs_stays(text: str) -> None:
    """The person's own name stays, and so do words that are no name."""
    assert REDACTOR.redacted(text).text == text


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("I asked Zubair to read.", f"I asked {ANOTHER} to read."),
        ("Mrs Vexley rang; vexley is a word.", f"Mrs {ANOTHER} rang; vexley is a word."),
        ("Mr K. came", f"Mr {ANOTHER}. came"),
        ("Mrs Sallowfield and Nerys", "Mrs Sallowfield and Nerys"),
        ("On Monday in Year 4 we read Macbeth", "On Monday in Year 4 we read Macbeth"),
    ],
)
def test_whom_no_record_knows_goes_too(text: str, left: str) -> None:
    """A pupil, a parent or a visitor goes where the text shows that somebody is meant."""
    assert REDACTOR.redacted(text).text == left


def test_what_may_be_a_name_is_counted() -> None:
    """A word in small letters that is a colleague's name too is left, and told to whoever reads."""
    found = REDACTOR.redacted("then will asked")

    assert (found.text, found.count, found.doubtful) == ("then will asked", 0, 1)


def test_the_first_name_of_two_is_not_enough() -> None:
    """A first name that two people share names neither for certain; a whole name does."""
    assert not REDACTOR.names_kept("Nerys came late")
    assert REDACTOR.names_shared("Nerys came late")
    assert REDACTOR.names_kept("Nerys Sallowfield came late")
    assert REDACTOR.names_kept("SALLOWFIELD\u2019s class")
    assert not REDACTOR.names_kept("Nerys Pell came late")


def test_further_names_can_be_added() -> None:
    """A nickname that no record knows goes when somebody names it."""
    book = load_book(small.ROOT)
    redactor = Redactor.around(book, {"p-n9b4j2ys"}, also=("Dizzy", "Dr Orrin Vane"))

    text = redactor.redacted("Dizzy and Vane met Nerys and Idris.").text

    assert text == f"{ANOTHER} and {ANOTHER} met Nerys and {ANOTHER}."


@given(st.text(max_size=60), st.sampled_from(["Wren Ashgrove", "O'Neill", "Zoë", "Marlowe-Beck"]))
def test_once_is_enough(around: str, name: str) -> None:
    """A text that was redacted once has nothing left to redact."""
    once = REDACTOR.redacted(f"{around} {name} {around}").text

    assert REDACTOR.redacted(once).text == once
