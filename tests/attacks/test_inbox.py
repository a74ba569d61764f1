"""Files that somebody sends in, filed with `coachbook inbox` by whoever keeps the records."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.cli.desk import COACH, COACHEE, DRAFT, DRAFT_TEXT, make_desk

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.desk import Desk

POLICY = "records/otterbeck/policy-2026-09.md"
CALENDAR = "records/otterbeck/calendar-2026-27.md"
ROLE = """\
---
type: role-assignment
id: r-zzzz1111
school: otterbeck
person: p-h7d2k9qm
role: monitor
from: 2026-09-01
---
"""
ANSWER = "records/otterbeck/2026-27/addenda/2026-11-19-ad-2b4d6f8h.md"
ANSWER_TEXT = f"""\
---
type: addendum
id: ad-2b4d6f8h
school: otterbeck
form: session-addendum@1
to: s-2b4d6f8h
by: {COACHEE}
on: 2026-11-19
---

## Addendum

Response: agreed
"""
PERSON = """\
---
type: person
id: p-zzzz1111
display_name: Orrin Fallowmere
category: teacher
schools: [otterbeck]
start: 2026-09-01
---
"""


@pytest.fixture
def desk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Desk:
    """The small school, and a sealed session that has not been filed."""
    desk = make_desk(tmp_path, monkeypatch, capsys)
    desk.write(DRAFT, DRAFT_TEXT)
    assert desk.run("seal", DRAFT, person=COACH).status == 0
    sealed = desk.read(DRAFT)
    (desk.root / DRAFT).unlink()
    arrive(desk, sealed)
    return desk


def arrive(desk: Desk, text: str) -> Path:
    """The file as it lies in the inbox, outside the workspace."""
    place = desk.home / "inbox" / "arrived.md"
    place.parent.mkdir(exist_ok=True)
    place.write_bytes(text.encode())
    return place


def arrived(desk: Desk) -> str:
    """The sealed session in the inbox."""
    return (desk.home / "inbox" / "arrived.md").read_bytes().decode()


def everything(desk: Desk) -> dict[str, bytes]:
    """Every file below the folder that the workspace and the inbox lie in.

    The store of what was worked out from them is left out: it may be deleted at any time.
    """
    top, store = desk.root.parent, desk.home / ".cache"
    files = (p for p in top.rglob("*") if p.is_file() and not p.is_relative_to(store))
    return {str(p.relative_to(top)): p.read_bytes() for p in files}


def require_refused(desk: Desk, text: str) -> str:
    """Fails unless the file is refused and not one file is changed; returns the reason."""
    place = arrive(desk, text)
    before = everything(desk)

    result = desk.run("inbox", str(place.parent))

    assert (result.status, result.out) == (1, "")
    assert "refused arrived.md: " in result.err
    assert everything(desk) == before
    return result.err


def test_an_honest_session_is_filed(desk: Desk) -> None:
    """A session that was sealed as the policy says is put in its place."""
    result = desk.run("inbox", str(desk.home / "inbox"))

    assert (result.status, result.out) == (0, f"{DRAFT}\n")
    assert (desk.root / DRAFT).is_file()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("id: s-2b4d6f8h", "id: s-../../../../outside"),
        ("id: s-2b4d6f8h", "id: /s-outside"),
        ("id: s-2b4d6f8h", r"id: s-..\..\outside"),
        ("school: otterbeck", "school: ../../outside"),
        ("cycle: c-0a1b2c3d", "cycle: ../../../outside"),
        ("date: 2026-11-19", "date: ../../../outside"),
        ("type: session", "type: ../session"),
        ("type: session", "type: session\nform: ../../x@1"),
    ],
)
def test_no_value_leads_out_of_the_workspace(desk: Desk, old: str, new: str) -> None:
    """A file name is made of ids and dates alone; whatever would lead elsewhere is refused."""
    require_refused(desk, arrived(desk).replace(old, new, 1))


def test_a_policy_is_not_sent_in(desk: Desk) -> None:
    """A policy that lets more people read cannot come by post, nor be written elsewhere by it."""
    text = desk.read(POLICY)

    wider = text.replace("version: 2026-09", "version: 2026-10", 1)
    outside = text.replace("version: 2026-09", "version: ../../../../outside", 1)

    assert "a policy is made where the records are" in require_refused(desk, wider)
    require_refused(desk, outside)


def test_a_calendar_is_not_sent_in(desk: Desk) -> None:
    """A calendar, whose year is a free text, writes no file anywhere."""
    require_refused(desk, desk.read(CALENDAR).replace("2026-27", "../../../../outside", 1))


@pytest.mark.parametrize("text", [ROLE, PERSON])
def test_nobody_is_given_a_role_by_post(desk: Desk, text: str) -> None:
    """A file that makes somebody the monitor, or a person of the school, is refused."""
    assert "is made where the records are" in require_refused(desk, text)


def test_a_session_in_the_name_of_others(desk: Desk) -> None:
    """A session that is sealed to other people than those of its cycle is refused."""
    cycle = "records/otterbeck/2026-27/c-0a1b2c3d/cycle.md"
    other = desk.read(cycle).replace("c-0a1b2c3d", "c-9z9z9z9z")
    pair = next((desk.root / "records/otterbeck/partnerships").iterdir())
    second = pair.read_text(encoding="utf-8").replace(pair.stem, "pt-9z9z9z9z")
    desk.write("records/otterbeck/partnerships/pt-9z9z9z9z.md", second.replace(COACH, "p-e6f1u8gd"))
    desk.write(
        "records/otterbeck/2026-27/c-9z9z9z9z/cycle.md", other.replace(pair.stem, "pt-9z9z9z9z")
    )

    reason = require_refused(desk, arrived(desk).replace("c-0a1b2c3d", "c-9z9z9z9z"))

    assert "CB503" in reason


def test_nothing_is_added_to_a_draft_by_post(desk: Desk) -> None:
    """A file that is sent in makes nobody's draft final, nor stops the school's site by trying."""
    life = f"minutes: 15\nnote: draft\ndrafted_by: {COACH}\n"
    desk.write(DRAFT, DRAFT_TEXT.replace("minutes: 15\n", life))
    assert desk.run("seal", DRAFT, person=COACH).status == 0
    desk.write(ANSWER, ANSWER_TEXT)
    assert desk.run("seal", ANSWER, person=COACHEE).status == 0
    answer = desk.read(ANSWER)
    (desk.root / ANSWER).unlink()

    assert "is a draft still" in require_refused(desk, answer)


@pytest.mark.parametrize("body", ["", "\n## Addendum\n", "\n## Addendum\n\n \n"])
def test_an_empty_addendum_makes_no_note_final(desk: Desk, body: str) -> None:
    """An addendum with nothing in it is signed by nobody, so it is not taken by post either."""
    assert desk.run("inbox", str(desk.home / "inbox")).status == 0
    (desk.home / "inbox" / "arrived.md").unlink(missing_ok=True)

    reason = require_refused(desk, ANSWER_TEXT.partition("\n## Addendum")[0] + body)

    assert "nobody has signed it" in reason


def test_text_in_the_clear_is_not_repeated(desk: Desk) -> None:
    """Confidential text that arrives in the clear is refused, and no word of it is printed."""
    reason = require_refused(desk, DRAFT_TEXT)

    assert "CB501" in reason
    assert "Two pupils" not in reason


@pytest.mark.parametrize(
    "text",
    ["", "---\n", "\x00" * 100, "PK\x03\x04" + "x" * 100, "---\n" + "a: [" * 50_000, "\ufeff" * 9],
)
def test_what_is_no_record_is_refused(desk: Desk, text: str) -> None:
    """An empty file, a document, or a file made to crash whatever reads it is refused."""
    require_refused(desk, text)
