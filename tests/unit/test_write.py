"""What the Write page is given: places, forms, and who will read each part."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from coachbook.book import Access, load_book, policy_now
from coachbook.forms import builtin_forms
from coachbook.overviews.write_forms import form_model
from coachbook.overviews.write_readers import VISITED
from coachbook.readership import reader_line
from coachbook.rules import check_book
from coachbook.views import View, open_view
from tests.unit.conftest import TODAY
from tests.unit.write_pages import write_models
from tests.workspaces.otterbeck_small import COACH, COACHEE

if TYPE_CHECKING:
    from coachbook.book import Book

HEAD = "p-h7d2k9qm"
FORMS = "forms.used: [basic, growth, observation]"
EXAMPLE = Path(__file__).parents[2]


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


def test_a_session_begins_with_the_phase_of_its_cycle(book: Book) -> None:
    """What the cycle says of its phase need not be said again for the next session."""
    model: Any = write_models(open_view(book), [COACH])[COACH]

    prefilled = {place["kind"]: place["prefilled"] for place in model["places"]}
    assert prefilled["cycle"] == {"phase": "learn"}
    assert prefilled["visit"] == {}


def test_the_form_used_last_comes_first_where_none_suits_better(workspace: Path) -> None:
    """A pair that has begun to write on one of several forms is offered that one first."""
    folder = workspace / "records/otterbeck"
    policy, session = folder / "policy-2026-09.md", next(folder.glob("2026-27/*/*-s-7kq2m4xa.md"))
    text = re.sub(r"^forms.used: .*$", FORMS, policy.read_text(), flags=re.MULTILINE)
    policy.write_text(text)
    session.write_text(session.read_text().replace("\nschool:", "\nform: growth@1\nschool:"))

    model: Any = write_models(_view(workspace), [COACH])[COACH]

    assert model["places"][0]["order"] == ["growth@1", "basic@1"]


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
    assert draft["readers"] == [COACHEE]
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


def test_the_readers_of_a_visit_are_those_of_the_policy_whoever_visits_whom() -> None:
    """What the browser puts together for two people is what the policy says of just these two."""
    book = load_book(EXAMPLE)
    models = write_models(open_view(book), sorted(book.people)[::7])

    compared = 0
    for person, model in models.items():
        places: Any = model["places"]
        for place in (one for one in places if one["kind"] == "visit"):
            for visited in place["people"]:
                shown = visited["rows"] or {
                    name: filled(row, visited) for name, row in place["rows"].items()
                }
                assert shown == expected(book, place, visited["id"], person)
                compared += 1
    assert compared > 500


def filled(row: dict[str, Any], visited: dict[str, Any]) -> dict[str, Any]:
    """A row as the browser fills it in."""
    readers = [visited["id"] if one == VISITED else one for one in row["readers"]]
    line = row["line"].replace(VISITED, visited["short"])
    return {"info": row["info"], "readers": readers, "line": line}


def expected(book: Book, place: dict[str, Any], visited: str, person: str) -> dict[str, Any]:
    """The rows worked out for these two people and nobody else."""
    policy = policy_now(book, place["school"])
    parties = {"observed": (visited,), "observers": (person,)}
    access = Access(book, place["school"], policy, policy, parties, book.today)
    return {
        row: {
            "info": access.info(row),
            "readers": list(access.sealed_to(row)),
            "line": reader_line(book, place["school"], access.sealed_to(row)),
        }
        for row in place["rows"]
    }


def test_whom_the_policy_keeps_out_is_not_visited(book: Book) -> None:
    """At a school whose head takes no part in coaching, the head is not among those to visit."""
    model: Any = write_models(open_view(book), [COACH])[COACH]

    (visit,) = [place for place in model["places"] if place["kind"] == "visit"]
    people = {one["id"] for one in visit["people"]}
    assert people
    assert HEAD not in people
    assert COACH not in people


def test_governors_without_pairs_are_offered_nothing_to_write() -> None:
    """Whom a visit could be about is a list of staff, and governors read figures (B-05, B-13)."""
    book = load_book(Path(__file__).parents[2])
    governors = [one.id for one in book.people.values() if one.category == "governor"]

    assert len(governors) >= 4
    assert write_models(open_view(book), governors) == {}


def test_a_record_from_the_page_has_its_place(book: Book) -> None:
    """Year, day and id are left to the browser; the rest of the path is settled."""
    model: Any = write_models(open_view(book), [COACH])[COACH]

    paths = {place["kind"]: place["path"] for place in model["places"]}
    assert paths["cycle"] == "records/otterbeck/{year}/c-0a1b2c3d/{day}-{id}.md"
    assert paths["visit"] == "records/otterbeck/{year}/visits/{day}-{id}.md"
    assert paths["note"] == "records/otterbeck/{year}/addenda/{day}-{id}.md"


def test_the_goal_of_a_cycle_can_be_checked_there(book: Book) -> None:
    """Beside its sessions a cycle has a goal to look at and needs to name."""
    model: Any = write_models(open_view(book), [COACHEE])[COACHEE]

    beside = {
        form: place["path"]
        for place in model["places"]
        if place["kind"] == "beside"
        for form in place["forms"]
    }
    assert beside == {
        "goal-check@1": "records/otterbeck/{year}/c-0a1b2c3d/{day}-{id}.md",
        "cpd-need@1": "records/otterbeck/{year}/development/{id}.md",
    }


def test_a_form_whose_row_the_policy_lacks_is_not_offered(book: Book) -> None:
    """Otterbeck has no row for drop-ins and none for graded sheets."""
    model: Any = write_models(open_view(book), [COACH])[COACH]

    offered = {form.partition("@")[0] for place in model["places"] for form in place["forms"]}
    assert "observation" in offered
    assert offered.isdisjoint({"slt-drop-in", "graded-sheet", "mentor-meeting"})


def test_a_drop_in_is_searched_for_next_steps_on_whatever_form() -> None:
    """Where the policy wants none, the browser looks for next steps in any drop-in's words."""
    book = load_book(EXAMPLE)
    form = builtin_forms().latest("observation")
    assert form is not None
    school = next(
        one
        for one in book.schools
        if (policy := policy_now(book, one)) and policy.get("dropin.next_steps") == "forbidden"
    )

    model: Any = form_model(book, form, school)

    gained = [set(one["dropInLints"]) - set(one["lints"]) for one in model["sections"]]
    assert {"steps", "grades"} in gained


def test_the_subject_that_a_policy_asks_for_stands_open() -> None:
    """Where groups work on a few subjects, a note of theirs asks for one and says which."""
    book = load_book(EXAMPLE, today=TODAY)
    form = book.forms.latest("group-session")
    assert form is not None

    def told(school: str) -> tuple[bool, str]:
        fields: Any = form_model(book, form, school)["fields"]
        subject = next(one for one in fields if one["name"] == "subject")
        return subject["inView"], subject["help"]

    assert told("saltmere") == (True, "The policy has maths, reading or writing here.")
    assert told("bramblewick") == (False, "")
