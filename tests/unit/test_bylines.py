"""Who wrote what was opened, in words."""

from __future__ import annotations

import pytest

from coachbook.bylines import byline
from coachbook.signatures import NO_INNER, NOT_THIS, REPLACED, UNKNOWN_KEY, Authorship, State

NAMES = {"p-7kq2m4xa": "Wren Abara"}
FIRST, LATER = "2026-11-12T16:30:00Z", "2027-03-03T08:00:00Z"


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (
            Authorship(State.SIGNED, "p-7kq2m4xa", FIRST, FIRST),
            "sealed by Wren Abara on 12 Nov 2026",
        ),
        (
            Authorship(State.SIGNED, "p-7kq2m4xa", FIRST, LATER),
            "written by Wren Abara on 12 Nov 2026, sealed again on 3 Mar 2027",
        ),
        (Authorship(State.UNSIGNED), "not signed"),
        (
            Authorship(State.UNSIGNED, "p-7kq2m4xa"),
            "not signed; Wren Abara is named as its author",
        ),
        (
            Authorship(State.MISMATCH, "p-7kq2m4xa", FIRST, fault=NOT_THIS),
            (
                "signature does not match: it was made for something else, or what it stands "
                "for was changed"
            ),
        ),
        (
            Authorship(State.MISMATCH, "p-7kq2m4xa", FIRST, fault=UNKNOWN_KEY),
            "signature does not match: the key it names is not among the keys of Wren Abara",
        ),
        (
            Authorship(State.MISMATCH, "p-7kq2m4xa", FIRST, fault=REPLACED),
            (
                "signature does not match: it was made with a key of Wren Abara after a newer "
                "one had taken its place"
            ),
        ),
        (
            Authorship(State.MISMATCH, "p-7kq2m4xa", fault=NO_INNER),
            (
                "signature does not match: Wren Abara signed the sealed block, and nobody the text "
                "inside it"
            ),
        ),
    ],
)
def test_each_case_has_its_own_words(found: Authorship, words: str) -> None:
    """A reader can tell what is known from what is claimed, and what is wrong from what is not."""
    assert byline(found, NAMES.__getitem__) == words
