"""`coachbook subject-access`: what is held about a person, gathered for them."""

from __future__ import annotations

import json
import stat
from typing import TYPE_CHECKING

import pytest

from tests.cli.desk import (
    COACH,
    COACHEE,
    DRAFT,
    DRAFT_TEXT,
    HEAD,
    MONITOR,
    PLAIN_WHOLE,
    PLAIN_WHOLE_TEXT,
)

if TYPE_CHECKING:
    from tests.cli.desk import Desk, Result

NOTE = """\
Nerys waited. **Wr**en Ashgrove's class did not, nor did Odalys
Renwick-Tarn's. Idris counted. <script>alert(1)</script>"""
TRAINING = "records/otterbeck/training/t-3d5f7h9k.md"
TRAINING_TEXT = """\
---
type: training
id: t-3d5f7h9k
school: otterbeck
person: p-e6f1u8gd
title: Practice with Nerys Sallowfield and Petra Quillfeather
date: 2026-10-09
---
"""


def ask(desk: Desk, *options: str, runner: str = COACH, words: str = "") -> Result:
    """Gathers what is held about the coachee, into the folder `request`."""
    arguments = ("subject-access", COACHEE, "--out", "../request", "--today", "2027-01-11")
    return desk.run(*arguments, *options, person=runner, **({"words": words} if words else {}))


def given(desk: Desk, name: str) -> str:
    """A file of the pack."""
    return (desk.root.parent / "request" / name).read_text(encoding="utf-8")


def sealed_note(desk: Desk, text: str = NOTE, *, private: str = "") -> None:
    """Seals a session with this note, as its coach."""
    source = DRAFT_TEXT.split("## Notes")[0] + f"## Notes\n\n{text}\n"
    desk.write(DRAFT, source + (f"\n## Coach notes\n\n{private}\n" if private else ""))
    assert desk.run("seal", DRAFT, person=COACH).status == 0


def part(desk: Desk, record: str, name: str) -> str:
    """The text of a section in the data file; "" where it is not given."""
    records = json.loads(given(desk, "for-them.json"))["records"]
    parts = [one for found in records if found["id"] == record for one in found["parts"]]
    return next((str(one["text"]) for one in parts if one["name"] == name), "")


def test_a_note_is_given_without_other_peoples_names(desk: Desk) -> None:
    """The person gets what was written about them; who took part stays named, others don't."""
    sealed_note(desk)

    result = ask(desk)

    assert result.status == 0, result.err
    text = part(desk, "s-2b4d6f8h", "Notes")
    assert text.startswith("Nerys waited. **[another person]'s class did not, nor did")
    assert "Idris counted" in text
    for name in ("Ashgrove", "Odalys", "Renwick", "Tarn", "en Ash"):
        assert name not in given(desk, "for-them.html") + given(desk, "for-them.json")


def test_what_a_note_holds_does_nothing_on_the_page(desk: Desk) -> None:
    """Markup in a note is shown as text, and the page may run and fetch nothing."""
    sealed_note(desk)
    ask(desk)

    page = given(desk, "for-them.html")

    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script" not in page
    assert "default-src 'none'" in page


def test_private_notes_of_a_coach_are_about_somebody_too(desk: Desk) -> None:
    """What a coach wrote for themselves about the person is given where the coach gathers it."""
    sealed_note(desk, private="Nerys seemed tired; Petra knows.")

    ask(desk)

    assert part(desk, "s-2b4d6f8h", "Coach notes") == "Nerys seemed tired; [another person] knows."


def test_what_is_sealed_to_others_is_counted_and_not_given(desk: Desk) -> None:
    """The account names kind, number, reason and whom to ask, and holds no word of a note."""
    sealed_note(desk, private="Nerys seemed tired.")

    result = ask(desk, runner=HEAD)

    assert result.status == 0, result.err
    account = given(desk, "left-out.md")
    assert "- Coaching session: 4, sealed to others. Who could open it: " in account
    assert "tired" not in account + given(desk, "for-them.json") + given(desk, "for-them.html")
    assert part(desk, "s-2b4d6f8h", "Notes") == ""


def test_of_a_record_about_somebody_else_the_fact_alone_is_given(desk: Desk) -> None:
    """A record about a colleague that mentions the person gives no name but theirs."""
    desk.write(TRAINING, TRAINING_TEXT)

    ask(desk)

    records = json.loads(given(desk, "for-them.json"))["records"]
    found = next(one for one in records if one["id"] == "t-3d5f7h9k")
    assert found["people"] == [{"relation": "subject", "names": "[another person]"}]
    facts = {one["name"]: one["value"] for one in found["facts"]}
    assert facts["title"] == "Practice with Nerys Sallowfield and [another person]"


def test_a_record_sealed_whole_is_given_by_who_can_open_it(desk: Desk) -> None:
    """A record whose existence is confidential is given where a key opens it, else counted."""
    desk.write(PLAIN_WHOLE, PLAIN_WHOLE_TEXT)
    assert desk.run("seal", person=MONITOR).status == 0

    ask(desk, runner=HEAD)
    opened = given(desk, "for-them.json")
    for file in (desk.root.parent / "request").iterdir():
        file.unlink()
    ask(desk, runner=COACH)

    assert "Planning came in late twice." in opened
    assert "Planning" not in given(desk, "for-them.json")
    line = "- Record sealed whole at Otterbeck Primary: 1, sealed whole to others"
    assert line in given(desk, "left-out.md")


def test_the_clock_starts(desk: Desk) -> None:
    """A record of the request says by when it is answered, and names neither person nor text."""
    sealed_note(desk)

    result = ask(desk, "--received", "2026-12-31")

    logs = list((desk.root / "records/otterbeck/logs").iterdir())
    text = logs[0].read_text(encoding="utf-8")
    assert [one.name.startswith("2026-12-31-sl-") for one in logs] == [True]
    assert "requested_on: 2026-12-31\ndue: 2027-02-01\n" in text
    assert COACHEE not in text
    assert "Nerys" not in text
    assert "to be answered by 1 Feb 2027" in result.err
    assert desk.run("check", str(logs[0]), "--today", "2027-01-11", words="").status == 0


def test_another_reader_adds_to_a_request(desk: Desk) -> None:
    """A second run for the same request keeps its day and counts anew."""
    ask(desk)
    log = next((desk.root / "records/otterbeck/logs").iterdir())
    name = log.stem[-11:]

    result = desk.run(
        *("subject-access", COACHEE, "--out", "../more", "--request", name),
        *("--today", "2027-01-20"),
        person=HEAD,
    )

    assert result.status == 0, result.err
    assert len(list(log.parent.iterdir())) == 1
    assert "requested_on: 2027-01-11" in log.read_text(encoding="utf-8")
    assert "Request received on 11 Jan 2027" in (desk.root.parent / "more/left-out.md").read_text()


def test_the_files_are_for_nobody_else(desk: Desk) -> None:
    """The folder and its files can be read by whoever gathered them, and by no other user."""
    ask(desk)

    folder = desk.root.parent / "request"

    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(one.stat().st_mode) for one in folder.iterdir()} == {0o600}


def test_nothing_of_it_is_said(desk: Desk) -> None:
    """What the command prints is how much, where and by when."""
    sealed_note(desk)

    result = ask(desk)

    for word in ("Nerys", "waited", "Ashgrove", "Idris"):
        assert word not in result.out + result.err


def test_a_nickname_is_taken_out_where_it_is_named(desk: Desk) -> None:
    """A name that no record knows goes when whoever gathers it says so."""
    sealed_note(desk, "Nerys asked Dizzy to count.")

    ask(desk, "--take-out", "Dizzy")

    assert part(desk, "s-2b4d6f8h", "Notes") == "Nerys asked [another person] to count."


def test_of_what_only_mentions_them_the_passages_are_given(desk: Desk) -> None:
    """In a note about others the passages that name somebody are theirs, the rest is not."""
    text = "Nerys helped with the plan.\n\nIdris would rather not be filmed.\n\nSallowfield agreed."
    sealed_note(desk, text)
    pair = "records/otterbeck/partnerships/pt-6r1e9k3w.md"
    desk.write(pair, desk.read(pair).replace(f"coachee: {COACHEE}", "coachee: p-e6f1u8gd"))
    desk.write(DRAFT, DRAFT_TEXT.split("## Notes")[0] + f"## Notes\n\n{text}\n")
    assert desk.run("seal", DRAFT, "--new-reader", "p-e6f1u8gd", person=COACH).status == 0

    ask(desk)

    assert part(desk, "s-2b4d6f8h", "Notes") == (
        "Nerys helped with the plan.\n\n"
        "[a passage that is not about you was left out]\n\nSallowfield agreed."
    )
    assert "- Coaching session: 1, passages about other people" in given(desk, "left-out.md")
    assert "Idris" not in given(desk, "for-them.html")


def test_another_id_that_begins_alike_is_not_theirs(desk: Desk) -> None:
    """What the records hold about somebody whose id goes on after the same letters is not given."""
    longer = f"{COACHEE}9z"
    person = f"records/people/{COACHEE}.md"
    text = desk.read(person).replace(COACHEE, longer).replace("Nerys Sallowfield", "Ida Renwick")
    desk.write(f"records/people/{longer}.md", text)

    assert ask(desk).status == 0

    kinds = [one["kind"] for one in json.loads(given(desk, "for-them.json"))["records"]]
    assert kinds.count("Person") == 1


def test_a_former_name_is_looked_for(desk: Desk) -> None:
    """What names the person by another name is found when that name is given, and stays."""
    text = TRAINING_TEXT.replace("Nerys Sallowfield", "Miss Brightwater")
    desk.write(TRAINING, text)

    ask(desk, "--called", "Nerys Brightwater")

    records = json.loads(given(desk, "for-them.json"))["records"]
    facts = next(one["facts"] for one in records if one["id"] == "t-3d5f7h9k")
    title = "Practice with Miss Brightwater and [another person]"
    assert {"name": "title", "value": title} in facts


def test_their_key_is_among_it(desk: Desk) -> None:
    """The public key that lies under their id is told, with its generation."""
    ask(desk)

    records = json.loads(given(desk, "for-them.json"))["records"]

    key = next(one for one in records if one["kind"] == "Public key")
    assert {"name": "generation", "value": "1"} in key["facts"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--out", "records/otterbeck/pack"), "lies in the workspace"),
        (("--out", "../otterbeck"), "is there already"),
        (("--out", "../Staff shared/pack"), "shared area"),
        (("--received", "2027-02-01"), "is still to come"),
        (("--request", "sl-00000000"), "there is no request"),
    ],
)
def test_nothing_is_put_where_others_read(
    desk: Desk, options: tuple[str, str], message: str
) -> None:
    """A place in the records or in a shared area is refused, and so is a day to come."""
    school = "records/otterbeck/school.md"
    desk.write(school, desk.read(school).replace("phase:", "shared_areas: [Staff shared]\nphase:"))

    result = ask(desk, *options)

    assert result.status == 2
    assert message in result.err
    assert not (desk.root / "records/otterbeck/logs").exists()


def test_a_wrong_passphrase_gathers_nothing(desk: Desk) -> None:
    """Without the key nothing is written, and no clock runs."""
    result = ask(desk, words="not-these-six-words-at-all-today")

    assert result.status == 2
    assert not (desk.root.parent / "request").exists()
    assert not (desk.root / "records/otterbeck/logs").exists()
