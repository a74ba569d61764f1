"""Who may read which part of a record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coachbook.book import (
    access_of,
    display,
    form_of,
    holders_of_repository,
    load_book,
    place_of,
    recovery_role,
    role_holders,
    section_info,
    section_readers,
    short,
)
from tests.workspaces import otterbeck_small as small

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from coachbook.book import Book
    from coachbook.forms import SectionForm

POLICY = small.POLICY
PARTNERSHIP = "records/otterbeck/partnerships/pt-6r1e9k3w.md"
HEAD, HEAD_ROLE = "p-h7d2k9qm", "records/otterbeck/roles/r-2k7m4q9x.md"


def section(book: Book, name: str) -> SectionForm:
    """A section of the session's form."""
    form = form_of(book, book.records[small.SESSION])
    assert form is not None
    found = form.section(name)
    assert found is not None
    return found


def readers(book: Book, name: str) -> tuple[str, ...]:
    """Whom a section of the session is to be sealed to."""
    return section_readers(book, book.records[small.SESSION], section(book, name))


def edit(root: Path, path: str, old: str, new: str) -> None:
    """Replaces a text that has to be there."""
    text = (root / path).read_text(encoding="utf-8")
    assert old in text
    (root / path).write_text(text.replace(old, new), encoding="utf-8", newline="\n")


def later_policy(root: Path, old: str, new: str) -> None:
    """Adds a version of the policy that holds from November."""
    text = (root / POLICY).read_text(encoding="utf-8")
    text = text.replace("version: 2026-09", "version: 2026-11")
    text = text.replace("effective_from: 2026-09-01", "effective_from: 2026-11-15")
    assert old in text
    path = root / "records/otterbeck/policy-2026-11.md"
    path.write_text(text.replace(old, new), encoding="utf-8", newline="\n")


def test_notes_are_for_the_pair_and_the_monitor(root: Path) -> None:
    """Where the policy keeps the head out, notes have three readers."""
    book = load_book(root)

    assert readers(book, "Notes") == (small.COACHEE, small.COACH, "monitor@otterbeck")
    assert section_info(book, book.records[small.SESSION], section(book, "Notes")) == (
        "coachee",
        "coach",
        "monitor",
    )


def test_a_coachs_private_notes_are_the_coachs_alone(root: Path) -> None:
    """One reader is enough."""
    assert readers(load_book(root), "Coach notes") == (small.COACH,)


def test_a_role_that_nobody_holds_is_left_out(root: Path) -> None:
    """While there is no monitor, notes are sealed to the pair."""
    edit(root, "records/otterbeck/roles/r-4d6t0b8v.md", "from: 2026-09-01", "from: 2026-11-16")
    book = load_book(root)

    assert readers(book, "Notes") == (small.COACHEE, small.COACH)
    assert section_info(book, book.records[small.SESSION], section(book, "Notes")) == (
        "coachee",
        "coach",
    )


def test_a_role_that_ended_later_stays_a_reader(root: Path) -> None:
    """A role that was held on the record's date keeps its place in the list."""
    edit(
        root,
        "records/otterbeck/roles/r-4d6t0b8v.md",
        "from: 2026-09-01",
        "from: 2026-09-01\nto: 2026-11-16",
    )

    assert "monitor@otterbeck" in readers(load_book(root), "Notes")


def test_the_recovery_holder_is_in_every_list(root: Path) -> None:
    """Where the policy names one, the recovery holder can read every sealed part."""
    edit(root, POLICY, "recovery.holder: nobody", "recovery.holder: deputy")
    book = load_book(root)
    record = book.records[small.SESSION]

    assert readers(book, "Coach notes") == (small.COACH, "deputy@otterbeck")
    assert section_info(book, record, section(book, "Coach notes")) == ("coach", "deputy")


def test_a_later_policy_never_opens_an_old_record(root: Path) -> None:
    """A wider table in a later version changes nothing for what was written before."""
    row = "| Session notes | write | write | read | – | – |"
    later_policy(root, row, "| Session notes | write | write | read | – | read |")

    assert "head@otterbeck" not in readers(load_book(root), "Notes")


def test_a_later_policy_can_close_an_old_record(root: Path) -> None:
    """A narrower table in a later version takes readers away from what was written before."""
    later_policy(
        root,
        "| Session notes | write | write | read |",
        "| Session notes | write | write | – |",
    )

    assert readers(load_book(root), "Notes") == (small.COACHEE, small.COACH)


def test_a_later_recovery_holder_is_not_added_to_an_old_record(root: Path) -> None:
    """Somebody who is named for recovery later does not open what was sealed before."""
    later_policy(root, "recovery.holder: nobody", "recovery.holder: deputy")

    assert readers(load_book(root), "Coach notes") == (small.COACH,)


def test_without_a_policy_nobody_reads(root: Path) -> None:
    """Fail closed: where no policy holds, nobody is named."""
    (root / POLICY).unlink()
    book = load_book(root)

    assert readers(book, "Notes") == ()
    assert access_of(book, book.records[small.SESSION]).readers("session header") == ()
    assert section_info(book, book.records[small.SESSION], section(book, "Notes")) == ()
    assert holders_of_repository(book, "otterbeck") == ()
    assert recovery_role(None, None) == ""


def test_holders_of_the_repository_are_roles_of_the_school(root: Path) -> None:
    """The policy says who has a copy of all records."""
    assert holders_of_repository(load_book(root), "otterbeck") == (
        "monitor@otterbeck",
        "lead-coach@otterbeck",
        "office@otterbeck",
    )


def test_a_role_has_holders_on_a_day(root: Path) -> None:
    """Whoever holds a role today need not have held it before."""
    from datetime import date as day

    book = load_book(root)
    before: date = day(2026, 8, 31)

    assert role_holders(book, "monitor@otterbeck") == ("p-m3v8x1ra",)
    assert role_holders(book, "monitor@otterbeck", before) == ()
    assert role_holders(book, "counsellor@otterbeck") == ()


def test_principals_have_names(root: Path) -> None:
    """A person is called as colleagues call them, a role by its school."""
    book = load_book(root)

    assert display(book, "p-e6f1u8gd") == "Wren Ashgrove"
    assert short(book, "p-e6f1u8gd") == "Wren"
    assert display(book, "monitor@otterbeck") == "Monitor, Otterbeck Primary"
    assert short(book, "monitor@otterbeck") == "the impact monitor"
    assert display(book, "p-unknown1") == short(book, "p-unknown1") == "p-unknown1"


def test_two_people_of_one_name_are_called_by_the_full_one(root: Path) -> None:
    """Who can read a note is never told by a name that two people at the school go by."""
    edit(root, f"records/people/{HEAD}.md", "display_name: ", "known_as: Nerys\ndisplay_name: ")
    book = load_book(root)

    assert short(book, small.COACHEE) == "Nerys Sallowfield"
    assert short(book, HEAD) == display(book, HEAD)
    assert short(book, small.COACH) == "Idris"


def test_a_place_names_workspace_record_section_and_people(root: Path) -> None:
    """What is sealed in one place opens in no other."""
    book = load_book(root)
    place = place_of(book, book.records[small.SESSION], "Notes")

    assert (place.workspace, place.record) == ("4n7d0q2m8x1v6b3k", "s-7kq2m4xa")
    assert (place.type, place.section) == ("session", "Notes")
    assert place.parties == (("coach", small.COACH), ("coachee", small.COACHEE))


def test_a_role_that_is_kept_out_reads_nothing(root: Path) -> None:
    """A head who is named as coach by mistake gets no key to the notes."""
    edit(root, PARTNERSHIP, f"coach: {small.COACH}", f"coach: {HEAD}")
    book = load_book(root)

    assert readers(book, "Notes") == (small.COACHEE, "monitor@otterbeck")


def test_a_former_coach_who_becomes_head_keeps_their_notes(root: Path) -> None:
    """Who is kept out is told by the role on the day of the record, not by today's."""
    edit(root, HEAD_ROLE, f"person: {HEAD}", f"person: {small.COACH}")
    edit(root, HEAD_ROLE, "from: 2019-09-01", "from: 2026-11-16")
    book = load_book(root)

    assert role_holders(book, "head@otterbeck") == (small.COACH,)
    assert readers(book, "Notes") == (small.COACHEE, small.COACH, "monitor@otterbeck")
