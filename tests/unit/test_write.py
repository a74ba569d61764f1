"""What the Write page is given: places, forms, and who will read each part."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from coachbook.book import load_book
from coachbook.forms import builtin_forms
from coachbook.overviews.write import write_models
from coachbook.overviews.write_forms import form_model
from coachbook.rules import check_book
from coachbook.views import View, open_view
from tests.unit.conftest import TODAY
from tests.workspaces.otterbeck_small import COACH, COACHEE

if TYPE_CHECKING:
    from pathlib import Path

    from coachbook.book import Book

HEAD = "p-h7d2k9qm"


def _view(root: Path) -> View:
    book = load_book(root, today=TODAY)
    return open_view(book, check_book(book))


def test_write_offers_only_what_one_may_write(book: Book) -> None:
    """The coach's private notes are not offered to the coachee, nor the reflection to the coach."""
    view = open_view(book)

    def offered(person: str) -> set[str]:
        model: Any = write_models(view, [person])[person]
        return set(model["places"][0]["forms"]["coaching-session@1"])

    assert "Coachee reflection" in offered(COACHEE) - offered(COACH)
    assert "Coach notes" in offered(COACH) - offered(COACHEE)


def test_write_names_readers_with_their_keys(book: Book) -> None:
    """The browser learns each reader's key and fingerprint, so that it can seal."""
    model: Any = write_models(open_view(book), [COACHEE])[COACHEE]

    notes = model["places"][0]["rows"]["session notes"]
    assert set(notes["readers"]) == {COACH, COACHEE, "monitor@otterbeck"}
    assert all(model["readers"][one]["recipient"].startswith("age1") for one in notes["readers"])
    assert notes["info"] == ("coachee", "coach", "monitor")


def test_write_tells_two_cycles_with_one_person_apart(workspace: Path) -> None:
    """Each cycle to write in says when it began, and the one under way comes first."""
    folder = workspace / "records/otterbeck/2026-27"
    now = (folder / "c-0a1b2c3d/cycle.md").read_text()
    later = now.replace("c-0a1b2c3d", "c-later001").replace("status: open", "status: planned")
    later = re.sub(r"^start: .*$", "start: 2027-06-07", later, flags=re.MULTILINE)
    later = re.sub(r"^planned_end: .*$", "planned_end: 2027-07-09", later, flags=re.MULTILINE)
    (folder / "c-later001").mkdir()
    (folder / "c-later001/cycle.md").write_text(later.split("\n## ")[0])

    model: Any = write_models(_view(workspace), [COACHEE])[COACHEE]

    labels = [place["label"] for place in model["places"] if place["kind"] == "cycle"]
    assert len(labels) == len(set(labels)) == 2
    assert labels[1].endswith(", from June 2027")


def test_whom_the_policy_keeps_out_has_nothing_to_write(book: Book) -> None:
    """The head takes no part in coaching here, and has no Write page."""
    assert write_models(open_view(book), [HEAD]) == {}


def test_a_draft_written_there_is_for_its_author_alone(book: Book) -> None:
    """The browser is told who reads a draft: nobody but who writes it."""
    model: Any = write_models(open_view(book), [COACHEE])[COACHEE]

    draft = model["places"][0]["draft"]
    assert draft["readers"] == (COACHEE,)
    assert draft["line"] == "Only you can read this while it is a draft."


def test_write_limits_words_as_the_policy_does(workspace: Path) -> None:
    """A section's cap stands in the policy, and the browser counts by it."""
    form = builtin_forms().latest("impact-statement")
    assert form is not None
    model: Any = form_model(_view(workspace).book, form, "otterbeck")

    assert [section["words"] for section in model["sections"]] == [150]
    assert "identity" in model["sections"][0]["lints"]


def test_a_note_can_be_added_to_by_those_whom_it_is_about(book: Book) -> None:
    """An addendum goes to the note's own readers, and names note and writer."""
    model: Any = write_models(open_view(book), [COACH])[COACH]

    (note,) = [place for place in model["places"] if place["kind"] == "note"]
    assert note["links"] == {"to": "s-7kq2m4xa", "by": COACH}
    assert set(note["rows"]["session notes"]["readers"]) == {COACH, COACHEE, "monitor@otterbeck"}
    assert list(note["forms"]) == ["session-addendum@1"]
