"""From the folder `records/` to a Book."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from coachbook.book import find_root, load_book, read_text
from coachbook.diagnostics import Consequence
from coachbook.errors import FormError, InputError
from coachbook.rules import check_book
from tests.workspaces import otterbeck_small as small

if TYPE_CHECKING:
    from pathlib import Path

SESSION = small.SESSION


def edit(root: Path, path: str, old: str, new: str) -> None:
    """Replaces a text that has to be there."""
    text = (root / path).read_text(encoding="utf-8")
    assert old in text
    (root / path).write_text(text.replace(old, new), encoding="utf-8", newline="\n")


def test_a_book_holds_everything_under_records(root: Path) -> None:
    """People, schools, roles, partnerships, policies, calendars and keys are loaded."""
    book = load_book(root)

    assert len(book.records) == 20
    assert book.trust.name == "Lantern Hill Learning Trust"
    assert book.schools["otterbeck"].name == "Otterbeck Primary"
    assert book.people["p-e6f1u8gd"].name == "Wren Ashgrove"
    assert book.partnerships["pt-6r1e9k3w"].coach == small.COACH
    assert [policy.version for policy in book.policies["otterbeck"]] == ["2026-09"]
    assert ("otterbeck", "2026-27") in book.calendars
    assert book.keyring.current(small.MONITOR) is not None
    assert [one.person for one in book.roles["head@otterbeck"]] == ["p-h7d2k9qm"]
    assert book.findings == ()


def test_records_are_found_by_id_and_by_what_refers_to_them(root: Path) -> None:
    """An id leads to its record, and to the records that name it."""
    book = load_book(root)

    assert [record.path for record in book.by_id["s-7kq2m4xa"]] == [SESSION]
    assert [record.id for record in book.referring["c-0a1b2c3d"]] == ["s-7kq2m4xa"]
    assert [record.id for record in book.referring["pt-6r1e9k3w"]] == ["c-0a1b2c3d"]


def test_today_is_what_the_caller_says(root: Path) -> None:
    """A day that is handed in goes before the trust's own and before the clock."""
    today = date(2027, 1, 5)

    assert load_book(root, today=today, clock=lambda: date(2030, 1, 1)).today == today


def test_today_is_otherwise_the_trusts_fixed_day(root: Path) -> None:
    """A demonstration stays on the day it was made for."""
    assert load_book(root, clock=lambda: date(2030, 1, 1)).today == date(2026, 11, 20)


def test_today_is_otherwise_the_clocks(root: Path) -> None:
    """A real workspace has no fixed day."""
    edit(root, "records/trust.md", "as_of: 2026-11-20\n", "")

    assert load_book(root, clock=lambda: date(2030, 1, 1)).today == date(2030, 1, 1)


def test_a_header_that_cannot_be_read_is_held_back(root: Path) -> None:
    """The other records are loaded, and the file is counted as unreadable."""
    edit(root, SESSION, "kind: coaching", "kind: coaching: peer")

    book = load_book(root)

    assert book.unreadable == (SESSION,)
    assert SESSION not in book.records
    assert [(f.code, f.consequence, f.school) for f in book.findings] == [
        ("CB101", Consequence.HELD_BACK, "otterbeck")
    ]


def test_a_policy_that_cannot_be_read_stops_its_school(root: Path) -> None:
    """Without the newest policy an older one would decide who may read."""
    edit(root, small.POLICY, "version: 2026-09", "version: 2026-09: draft")

    (finding,) = load_book(root).findings

    assert (finding.code, finding.consequence) == ("CB101", Consequence.STOPS)


@pytest.mark.parametrize(("kind", "shown"), [("session", True), ("concern", False), ("x", False)])
def test_only_a_header_that_stands_in_clear_may_be_quoted(
    root: Path,
    kind: str,
    shown: bool,  # noqa: FBT001 (a column of the table)
) -> None:
    """A line of a header that cannot be read is shown only for types whose header is clear."""
    edit(root, SESSION, "type: session", f"type: {kind}")
    edit(root, SESSION, "kind: coaching", "kind: coaching: peer")

    (finding,) = load_book(root).findings

    assert finding.quotable is shown


def test_a_word_document_called_md_is_named(root: Path) -> None:
    """A document that was only renamed says what it is."""
    (root / SESSION).write_bytes(b"PK\x03\x04" + b"\x00" * 200)

    (finding,) = load_book(root).findings

    assert finding.code == "CB101"
    assert "Word" in finding.message


def test_without_a_trust_there_is_no_book(root: Path) -> None:
    """The record of the trust is what makes a folder a workspace."""
    edit(root, "records/trust.md", "type: trust", "type: school")

    with pytest.raises(InputError, match=r"trust\.md cannot be used"):
        load_book(root)


def test_a_trust_that_cannot_be_read_says_why(root: Path) -> None:
    """What is wrong with the trust's header is in the message."""
    edit(root, "records/trust.md", "name: Lantern", "name: a: Lantern")

    with pytest.raises(InputError, match="second colon"):
        load_book(root)


@pytest.mark.parametrize("key", ["workspace", "fragments"])
def test_a_trust_without_its_random_names_is_refused(root: Path, key: str) -> None:
    """Nothing can be sealed without the workspace's name, nor published without the other."""
    text = (root / "records/trust.md").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines(keepends=True) if not line.startswith(f"{key}:")]
    (root / "records/trust.md").write_text("".join(lines), encoding="utf-8")

    with pytest.raises(InputError, match=f"has no `{key}`"):
        load_book(root)


@pytest.mark.parametrize(
    ("line", "message"),
    [("format: 2", "this coachbook reads format 1"), ("format: zero", "does not say which format")],
)
def test_another_format_is_refused(root: Path, line: str, message: str) -> None:
    """A workspace of a later format is not half understood."""
    edit(root, "records/trust.md", "format: 1", line)

    with pytest.raises(InputError, match=message):
        load_book(root)


def test_a_school_can_add_a_form(root: Path) -> None:
    """A type of record is added by a file, without code."""
    form = root / "records/forms/open-morning.yml"
    form.parent.mkdir()
    form.write_text(
        "form: open-morning\nversion: 1\ntype: open-morning\ntitle: Open morning\n"
        "purpose: A colleague looks in.\nprefix: v\non: date\nrow: session header\n"
        'place: "records/{school}/visits/{date}-{id}.md"\n'
        "fields:\n  date: {type: date, required: true}\n",
        encoding="utf-8",
    )
    visit = root / "records/otterbeck/visits/2026-11-12-v-4k2m7x9a.md"
    visit.parent.mkdir()
    visit.write_text(
        "---\ntype: open-morning\nid: v-4k2m7x9a\nschool: otterbeck\ndate: 2026-11-12\n---\n"
    )

    book = load_book(root)

    assert book.entries[visit.relative_to(root).as_posix()].form.title == "Open morning"


def test_a_form_that_cannot_be_used_stops_the_loading(root: Path) -> None:
    """A form says who may read what, so a slip in one is never passed over."""
    form = root / "records/forms/open-morning.yml"
    form.parent.mkdir()
    form.write_text("form: peer-visit\nversion: 1\nseald: true\n", encoding="utf-8")

    with pytest.raises(FormError):
        load_book(root)


def test_the_book_says_little_about_itself(root: Path) -> None:
    """A book that is printed by accident shows how much it holds and nothing of it."""
    book = load_book(root)

    assert repr(book) == f"Book({str(root)!r}, 20 records)"
    assert repr(book.entries[SESSION]) == f"Entry({SESSION!r})"


def test_a_line_can_be_quoted_from_a_file_that_is_no_record(root: Path) -> None:
    """The text of a key, or of a file that cannot be parsed, is at hand for the report."""
    (root / SESSION).write_bytes(b"no header\n")
    book = load_book(root)

    assert read_text(book, SESSION) == "no header\n"
    assert read_text(book, "records/keys/nobody.pub") == ""
    assert read_text(book, "records/trust.md").startswith("---\ntype: trust\n")


@pytest.mark.parametrize("inside", [".", "records", "records/otterbeck/2026-27"])
def test_the_workspace_is_found_from_inside(root: Path, inside: str) -> None:
    """A command works in every folder of the workspace."""
    assert find_root(root / inside) == root


def test_the_workspace_is_found_from_a_file(root: Path) -> None:
    """A path to a record leads to its workspace."""
    assert find_root(root / SESSION) == root


def test_outside_a_workspace_the_way_in_is_shown(tmp_path: Path) -> None:
    """Where there is no workspace the message says how to get to one."""
    with pytest.raises(InputError, match=r"there is no records/trust\.md") as caught:
        find_root(tmp_path)

    assert "coachbook init" in caught.value.hint


HUB = "---\ntype: hub\nid: north\nname: North\n---\n"


def put(root: Path, path: str, text: str) -> None:
    """A new file of the workspace."""
    place = root / path
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(text, encoding="utf-8", newline="\n")


def test_a_school_belongs_to_a_hub_and_the_hub_to_the_trust(root: Path) -> None:
    """The hub is named by its id or by its name, and shown by its name."""
    put(root, "records/hubs/north.md", HUB)
    edit(root, "records/otterbeck/school.md", "hub: North", "hub: north")

    book = load_book(root)

    assert book.hubs["north"].name == "North"
    assert book.schools["otterbeck"].hub == "North"
    assert check_book(book) == check_book(load_book(small.ROOT))


def test_a_hub_that_is_not_there_is_told_with_the_nearest(root: Path) -> None:
    """Once the trust has hubs, a school names one of them."""
    put(root, "records/hubs/north.md", HUB)
    edit(root, "records/otterbeck/school.md", "hub: North", "hub: Norht")

    findings = [one for one in check_book(load_book(root)) if one.path.endswith("school.md")]

    assert [(one.code, one.message, one.hint) for one in findings] == [
        ("CB201", "there is no hub `Norht`", "did you mean `North`?")
    ]


def test_a_school_has_the_words_of_its_trust_and_its_own(root: Path) -> None:
    """A word of the school comes before the trust's; capitals make no difference."""
    trust = 'words: ["Buddy = coach", "triplet = group"]\nsubjects: [maths, writing]\ndemonstration'
    edit(root, "records/trust.md", "demonstration", trust)
    edit(root, "records/otterbeck/school.md", "hub:", "words: [Buddy = partnership]\nhub:")

    book = load_book(root)

    assert dict(book.trust.words) == {"buddy": "coach", "triplet": "group"}
    assert dict(book.schools["otterbeck"].words) == {"buddy": "partnership", "triplet": "group"}
    assert book.trust.subjects == ("maths", "writing")


def test_a_school_says_where_its_own_ways_lead(root: Path) -> None:
    """The form for safeguarding, and whom to turn to."""
    own = "safeguarding_form: https://example.org/form\nwellbeing_contact: the counsellor\n"
    edit(root, "records/otterbeck/school.md", "hub:", f"{own}hub:")

    school = load_book(root).schools["otterbeck"]

    assert school.safeguarding_form == "https://example.org/form"
    assert school.wellbeing_contact == "the counsellor"


def test_a_school_without_a_policy_has_that_of_the_school_it_names(root: Path) -> None:
    """The policy holds there in every word, and is judged there as its own."""
    put(
        root,
        "records/saltmere/school.md",
        "---\ntype: school\nid: saltmere\nname: Saltmere\nphase: primary\n"
        "policy_of: otterbeck\n---\n",
    )

    book = load_book(root)

    (policy,), (own,) = book.policies["saltmere"], book.policies["otterbeck"]
    assert (policy.school, policy.path, policy.version) == ("saltmere", own.path, own.version)


def test_a_policy_is_taken_only_from_a_school_that_is_there(root: Path) -> None:
    """A slip in the name is told with the nearest school."""
    edit(root, "records/otterbeck/school.md", "hub:", "policy_of: oterbeck\nhub:")

    findings = [one for one in check_book(load_book(root)) if one.path.endswith("school.md")]

    assert [(one.code, one.message, one.hint) for one in findings] == [
        ("CB201", "there is no school `oterbeck`", "did you mean `otterbeck`?")
    ]


def test_no_school_takes_its_policy_from_itself(root: Path) -> None:
    """A school that names itself has named nobody, and is told so."""
    edit(root, "records/otterbeck/school.md", "hub:", "policy_of: otterbeck\nhub:")

    findings = [one for one in check_book(load_book(root)) if one.path.endswith("school.md")]

    assert [(one.code, one.message) for one in findings] == [
        ("CB201", "`policy_of` names `otterbeck` itself")
    ]


CHANGED_CYCLE = (
    "form: cycle\nversion: 2\nlike: cycle@1\ntitle: Cycle\npurpose: A round of coaching.\n"
    "fields:\n  room: {type: text, required: true}\n"
)


def test_a_record_that_names_no_form_keeps_the_first_version(root: Path) -> None:
    """A second version with a field that must be there makes no fault of what is there."""
    before = check_book(load_book(root))
    put(root, "records/forms/cycle.yml", CHANGED_CYCLE)

    book = load_book(root)

    cycles = [entry.form.key for entry in book.entries.values() if entry.record.type == "cycle"]
    assert set(cycles) == {"cycle@1"}
    assert [one.code for one in check_book(book)] == [one.code for one in before]


def test_a_record_moves_to_a_later_version_by_naming_it(root: Path) -> None:
    """From then on it is held to what that version asks for."""
    put(root, "records/forms/cycle.yml", CHANGED_CYCLE)
    (path,) = (one.path for one in load_book(root).records.values() if one.type == "cycle")
    edit(root, path, "type: cycle", "type: cycle\nform: cycle@2")

    found = [one.message for one in check_book(load_book(root)) if one.path == path]

    assert [message for message in found if "room" in message]


def test_a_form_changed_by_a_school_leaves_old_records_theirs(root: Path) -> None:
    """New records are written on version 2; a record that names version 1 is read by that."""
    put(
        root,
        "records/forms/coaching-session.yml",
        "form: coaching-session\nversion: 2\nlike: coaching-session@1\ntitle: Coaching session\n"
        "purpose: What was seen and agreed.\n"
        "fields:\n  room: {type: text}\n"
        "sections:\n  Notes: {row: session notes, sealed: true, prompt: What we looked at.}\n",
    )
    edit(root, SESSION, "cycle:", "form: coaching-session@1\ncycle:")

    book = load_book(root)

    assert book.entries[SESSION].form.version == 1
    latest = book.forms.latest_of_type("session")
    assert latest is not None
    assert (latest.version, [part.name for part in latest.sections]) == (2, ["Notes"])
    assert "room" in latest.fields
