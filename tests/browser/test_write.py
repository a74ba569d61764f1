"""Writing in the portal: every kind of note, what is warned of, and what is refused.

What was sealed there is taken by `inbox`, as the school would take it, and opened by its readers.
"""

from __future__ import annotations

import csv
import datetime as dt
import re
from typing import TYPE_CHECKING

import pytest

from coachbook.book import load_book
from coachbook.inbox import plan_delivery
from coachbook.readers import stated_readers
from coachbook.record import Record, parse_record
from tests.browser.conftest import ROOT, Desk, Tried

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from coachbook.book import Book

    MakeDesk = Callable[..., Desk]

pytestmark = pytest.mark.usefixtures("emptied_profile")

LEADER, ECT, HEAD = "Theodora Islwyn", "Thea Wanstrow", "Rosalind Keddleston"


@pytest.fixture(scope="module")
def book(example: Path) -> Book:
    """The records that the example's site was built from."""
    return load_book(example.parent)


@pytest.fixture
def writer(desk: MakeDesk, book: Book) -> Callable[[str], Desk]:
    """Opens the Write page of somebody, by name."""
    with (ROOT / "records" / "demo-passphrases.csv").open(encoding="utf-8") as file:
        passphrases = {row["person"]: row["passphrase"] for row in csv.DictReader(file)}
    ids = {person.name: person.id for person in book.people.values()}

    def open_page(name: str, **options: object) -> Desk:
        one = desk(**options)
        one.unlock(Tried(ids[name], (), passphrases[ids[name]]))
        one.go("write")
        return one

    return open_page


def _choose(one: Desk, about: str, form: str = "", visited: str = "") -> None:
    """Picks the first place whose words begin so, the person, and the form."""
    places = one.page.locator("#write-place option").all_inner_texts()
    label = next(place for place in places if re.match(about, place))
    one.page.get_by_label("About", exact=True).select_option(label=label)
    if visited:
        one.page.get_by_label("Whom you visited").select_option(label=visited)
    if form:
        one.page.get_by_label("Form", exact=True).select_option(label=form)


def _seal(one: Desk) -> str:
    """The sealed record; a second press goes past warnings."""
    seal = one.page.get_by_role("button", name="Seal", exact=True)
    seal.click()
    if one.page.get_by_text("Press Seal again if it is.").is_visible():
        seal.click()
    one.page.get_by_role("button", name="Download").wait_for()
    text = one.page.locator(".handover pre").text_content()
    assert text is not None
    one.page.get_by_role("button", name="Copy").click(force=True)
    return text


def _filed(book: Book, text: str) -> Record:
    """The record once the inbox has taken it without a word against it."""
    delivery = plan_delivery(book, "sent.md", text.encode())
    assert delivery.refusals == ()
    parsed = parse_record(delivery.path, text.encode())
    assert isinstance(parsed, Record)
    return parsed


def test_a_basic_conversation_is_written_on_its_own_form(
    writer: Callable[[str], Desk], book: Book
) -> None:
    """In a cycle that follows BASIC, its five parts are offered first, sealed for the pair."""
    one = writer(LEADER)
    _choose(one, "With Nerissa, from")
    assert one.page.get_by_label("Form", exact=True).input_value() == "see-name-do@1"
    _choose(one, "With Lysander, from")

    assert one.page.get_by_text("Written by somebody else: Commitment").is_visible()
    assert one.page.get_by_label("Form", exact=True).input_value() == "basic@1"
    one.page.get_by_label("Background").fill("Too many meetings are held to plan other meetings.")
    one.page.get_by_label("Action step", exact=True).fill("Cancel one of them")
    one.page.get_by_label("By", exact=True).fill("2027-03-19")
    one.page.get_by_role("button", name="Add step").click()
    record = _filed(book, _seal(one))

    assert [section.name for section in record.sections] == ["Background", "Implementation"]
    assert record.value("form") == "basic@1"
    assert record.sections[0].blocks[0].info == ("coachee", "coach")


def test_the_prompt_for_steps_speaks_plainly(writer: Callable[[str], Desk]) -> None:
    """A step has fields of its own, so nobody is shown how one is typed."""
    one = writer(LEADER)
    _choose(one, "With Lysander, from", "Coaching session")

    assert "- [ ]" not in one.page.locator("#content").inner_text()


def test_an_observation_with_ratings(writer: Callable[[str], Desk], book: Book) -> None:
    """The ratings of the standards are chosen from the scale, "n/a" among them."""
    one = writer(HEAD)
    _choose(one, "A visit", "Observation of an early career teacher", ECT)

    one.page.get_by_label("1a Safe and respectful room").select_option("fully")
    one.page.get_by_label("3d Early reading").select_option("n/a")
    one.page.get_by_role("combobox", name="On track (needed)").select_option("yes")
    record = _filed(book, _seal(one))

    names = [section.name for section in record.sections]
    assert names == [
        "Standard 1 - High expectations",
        "Standard 3 - Subject and curriculum knowledge",
        "On track",
    ]
    thea = next(person.id for person in book.people.values() if person.name == ECT)
    assert record.value("observed") == thea
    assert thea in _readers(record)


def _readers(record: Record) -> set[str]:
    """For whom the record's first part was sealed."""
    return {reader for reader, _ in stated_readers(record.sections[0].blocks[0].armor)}


def test_off_track_asks_for_support(writer: Callable[[str], Desk]) -> None:
    """An answer that calls for help is asked about before it is sealed."""
    one = writer(HEAD)
    _choose(one, "A visit", "Observation of an early career teacher", ECT)

    one.page.get_by_role("combobox", name="On track (needed)").select_option("no")
    one.page.get_by_role("button", name="Seal", exact=True).click()

    assert 'asks for "Support plan" as well' in one.page.locator(".write-problems").inner_text()


def test_a_drop_in_has_no_steps(writer: Callable[[str], Desk], book: Book) -> None:
    """A drop-in of the senior team holds what was good, and no place for next steps."""
    one = writer(HEAD)
    _choose(one, "A visit", "Drop-in by the senior team", ECT)

    assert one.page.get_by_role("button", name="Add step").count() == 0
    one.page.get_by_label("Good practice").fill("Every child had a pencil before the bell.")
    record = _filed(book, _seal(one))

    assert [section.name for section in record.sections] == ["Good practice"]


def test_nobody_is_visited_by_default(writer: Callable[[str], Desk]) -> None:
    """Until it is said who was visited, nothing can be written, as nobody knows who would read."""
    one = writer(HEAD)

    assert "Choose whom you visited" in one.page.locator("#content").inner_text()
    assert one.page.locator("textarea").count() == 0


def test_the_name_of_a_pupil_is_warned_of(writer: Callable[[str], Desk], book: Book) -> None:
    """The page says where a pupil may be named, and seals all the same if asked again."""
    one = writer(LEADER)
    _choose(one, "With Lysander, from")
    one.page.get_by_label("Background").fill("A long morning.\nThen Jayden got there first.")
    one.page.get_by_role("button", name="Seal", exact=True).click()

    said = one.page.locator(".write-problems").inner_text()
    assert "Background, line 2: this word may name a pupil" in said
    assert "Jayden" not in said
    one.page.locator(".write-problems button").first.click()
    assert one.page.evaluate("document.activeElement.selectionStart") == len(
        "A long morning.\nThen "
    )
    _filed(book, _seal(one))


def test_safeguarding_is_refused(writer: Callable[[str], Desk]) -> None:
    """What belongs to the safeguarding lead is not sealed, and the right way is named."""
    one = writer(LEADER)
    _choose(one, "With Lysander, from")
    one.page.get_by_label("Background").fill("A pupil disclosed that his uncle shouts at him.")
    seal = one.page.get_by_role("button", name="Seal", exact=True)
    seal.click()
    seal.click()

    said = one.page.locator(".write-problems").inner_text()
    assert "never recorded here" in said
    assert "safeguarding lead today" in said
    assert "https://forms.example/fennimoor/keeping-children-safe" in said
    assert one.page.get_by_role("button", name="Download").count() == 0


def test_a_draft_is_sealed_for_its_author_alone(writer: Callable[[str], Desk], book: Book) -> None:
    """Keeping a note as a draft leaves one reader, and the page says so under each heading."""
    one = writer(LEADER)
    _choose(one, "With Lysander, from")
    one.page.get_by_label("Background").fill("Not yet sure about any of this.")
    one.page.get_by_label("This note").select_option(label="Keep it as a draft")

    assert "Only you" in one.page.locator(".section-editor .readers").first.inner_text()
    record = _filed(book, _seal(one))
    author = next(person.id for person in book.people.values() if person.name == LEADER)
    assert record.value("note") == "draft"
    assert record.value("drafted_by") == author
    assert author in _readers(record)
    assert all(reader == author or "@" in reader for reader in _readers(record))


def test_what_was_written_stays_when_another_form_is_chosen(
    writer: Callable[[str], Desk],
) -> None:
    """Text under a heading that both forms have is taken over, and the change is told."""
    one = writer(LEADER)
    _choose(one, "With Lysander, from")
    one.page.get_by_label("Coach notes").fill("Ask less, wait more.")
    one.page.get_by_label("Form", exact=True).select_option(label="Coaching session")

    assert one.page.get_by_label("Coach notes").input_value() == "Ask less, wait more."
    assert "still here" in one.page.locator(".write-problems").inner_text()


def test_each_form_begins_with_its_own_kind(writer: Callable[[str], Desk]) -> None:
    """What was filled in stays with the next form; what nobody touched is as that form has it."""
    one = writer(LEADER)
    _choose(one, "With Lysander, from", "Coaching session")
    one.page.get_by_label("Minutes", exact=True).fill("14")
    one.page.get_by_label("Form", exact=True).select_option(label="First meeting")

    assert one.page.get_by_label("Minutes", exact=True).input_value() == "14"
    assert one.page.locator("#field-kind").input_value() == "contracting"


def test_a_part_for_the_early_years_appears_with_its_stage(writer: Callable[[str], Desk]) -> None:
    """The parts of a mentor meeting about the early years are there once the stage is."""
    one = writer(ECT)
    _choose(one, "With ", "Mentor meeting")
    headings = one.page.locator(".section-editor h2")
    before = headings.count()

    one.page.locator("summary", has_text="More about it").click()
    one.page.get_by_label("Stage", exact=True).select_option("eyfs")

    assert headings.count() > before


def test_a_note_is_added_to(writer: Callable[[str], Desk], book: Book) -> None:
    """Whoever takes part in a note can add to it in a record of their own."""
    one = writer(LEADER)
    _choose(one, "Add to the note of")
    one.page.get_by_label("Response").select_option("addition")
    one.page.get_by_label("Addendum").fill("One thing I forgot: we also moved the chairs.")
    record = _filed(book, _seal(one))

    assert record.type == "addendum"
    assert record.value("on") == book.today
    assert str(record.value("to")).startswith("s-")


def test_a_goal_is_checked(writer: Callable[[str], Desk], book: Book) -> None:
    """The five questions of a goal are answered from the scale."""
    one = writer(LEADER)
    _choose(one, "Goal check, with Lysander")
    one.page.get_by_label("Powerful", exact=True).select_option("nearly")
    record = _filed(book, _seal(one))

    assert record.type == "goal-check"
    assert record.path.rpartition("/")[0].endswith(str(record.value("cycle")))


def test_a_need_is_named(writer: Callable[[str], Desk], book: Book) -> None:
    """A need is written beside the cycle; a status that only sessions know is not taken over."""
    one = writer(LEADER)
    _choose(one, "Development need, with Lysander")
    one.page.locator("#section-need").fill("How to end a meeting early and kindly.")
    record = _filed(book, _seal(one))

    assert "/development/" in record.path
    assert record.value("raised_on") == book.today


def test_a_number_out_of_bounds_says_its_bound(writer: Callable[[str], Desk]) -> None:
    """A class of three hundred is a slip, and the page says what would fit."""
    one = writer(HEAD)
    _choose(one, "A visit", "Observation", ECT)
    one.page.locator("summary", has_text="More about it").click()
    one.page.get_by_label("Class size").fill("300")
    one.page.get_by_role("button", name="Seal", exact=True).click()

    assert "Class size: 60 is the most." in one.page.locator(".write-problems").inner_text()


def test_writing_fits_a_phone(writer: Callable[..., Desk]) -> None:
    """The longest form has no sideways scroll at 360 pixels."""
    one = writer(HEAD, viewport={"width": 360, "height": 740})
    _choose(one, "A visit", "Observation of an early career teacher", ECT)

    assert one.page.evaluate("document.documentElement.scrollWidth") <= 360
    assert dt.date.fromisoformat(one.page.get_by_label("Date", exact=True).input_value())
