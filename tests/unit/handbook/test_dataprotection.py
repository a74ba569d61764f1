"""Tests of the pages for the data protection lead and for IT."""

from __future__ import annotations

import re

import pytest

from coachbook.audience import PUBLIC
from coachbook.handbook import handbook_pages
from coachbook.pages import open_templates, render_page
from tests.unit.test_handbook_pages import handbook, policy

SETTINGS = """retention.notes: for one year
retention.separate: for six years
repository.holders: [office]
keys.publish_protected: {published}
recovery.holder: nobody
appraisal.use: none
"""
CLAUSES = """## 9 Records

9.1 A copy is held by {{ repository.holders }}. Keys {{ keys.publish_protected }}.

9.2 Notes are kept {{ retention.notes }}, and what is kept apart {{ retention.separate }}.

9.3 In the end {{ recovery.holder }}. Appraisal takes {{ appraisal.use }}.
"""
TABLE = """
## 11 Who can read what

| Part of a record | Coachee | Coach | Head | Office |
|---|---|---|---|---|
| Session notes | write | write | – | – |
| Session header | read | write | figures | write |
| Concern | – | – | read | – |
| Development needs | read | – | – | – |
"""


def pages(*published: str) -> dict[str, str]:
    """Every page of a trust with a school for each answer about protected keys."""
    book = handbook(*(policy(SETTINGS.format(published=one), CLAUSES, TABLE) for one in published))
    templates = open_templates()
    return {
        page.path: render_page(templates, page.template, page.model, PUBLIC)
        for page in handbook_pages(book)
    }


def test_each_part_stands_with_readers_and_time() -> None:
    """The record of processing says of each part who reads it and how long, with the clause."""
    page = pages("no")["bramblewick/processing.md"]

    row = next(line for line in page.splitlines() if 'scope="row">Session notes<' in line)
    assert "<td>sealed</td>" in row
    assert "Written and read by the coachee and the coach." in row
    assert 'for one year (<a href="policy.html#clause-9-2">9.2</a>)' in row


def test_what_the_policy_leaves_open_is_said() -> None:
    """A part of which no clause says how long it is kept is named, so that somebody decides."""
    page = pages("no")["bramblewick/processing.md"]

    assert "The policy does not say how long these are kept: development needs" in page


def test_what_only_the_school_knows_is_left_to_it() -> None:
    """Lawful basis, officer and processors are lines to fill in, not guesses."""
    page = pages("no")["bramblewick/processing.md"]

    for words in ("Lawful basis", "Data protection officer", "Processors"):
        line = next(line for line in page.splitlines() if words in line)
        assert '<td class="blank"><span></span></td>' in line


@pytest.mark.parametrize(("published", "told"), [("yes", True), ("no", False)])
def test_a_risk_stands_there_where_the_policy_takes_it(published: str, *, told: bool) -> None:
    """That strangers could guess at published keys is a risk only where keys are published."""
    page = pages(published)["bramblewick/assessment.md"]

    assert ("guesses at passphrases" in page) is told


def test_the_notice_says_what_somebody_can_ask_for() -> None:
    """Staff learn who reads what in their own words, and that a copy comes within a month."""
    page = pages("no")["bramblewick/privacy.md"]

    assert "You get it within one month." in page
    assert re.search(r"- Concern\\?\. .*Read by the head", page)
    assert "for one year" in page.lower()


def test_schools_that_differ_stand_beside_their_answer() -> None:
    """On the sheet for IT an answer that all schools share stands once, another with its school."""
    alike, apart = pages("no", "no"), pages("no", "yes")

    assert "<td>Stay with their owners</td>" in alike["private/answers.md"]
    assert "<li>Lie beside the portal <small>(Saltmere)</small></li>" in apart["private/answers.md"]


def test_hosting_warns_where_keys_are_published() -> None:
    """The page on hosting names the schools whose portal belongs behind a sign-in."""
    page = pages("yes", "no")["private/hosting.md"]

    assert "The policy of Bramblewick lets private keys lie beside the portal" in page
    assert "At Saltmere keys stay with their owners" in page


def test_names_of_nobody_stand_there() -> None:
    """The pages hold roles, and no value that is meant for fewer people than everybody."""
    for path, page in pages("yes").items():
        assert not re.search(r"\bp-[a-z0-9]{8}\b", page), path
