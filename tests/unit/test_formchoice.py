"""Which form a new record is written on."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from coachbook.book import load_book
from coachbook.errors import UsageError
from coachbook.fillin import begin, in_own_words
from coachbook.formchoice import (
    addendum_form,
    describe_forms,
    describe_types,
    find_form,
    find_wanted,
    require_used,
    suited_form,
    usable_forms,
)
from coachbook.forms import builtin_forms
from tests.unit.conftest import TODAY
from tests.workspaces.otterbeck_small import COACH, COACHEE, SESSION

if TYPE_CHECKING:
    from pathlib import Path

    from coachbook.book import Book
    from coachbook.frontmatter import Value

POLICY = "records/otterbeck/policy-2026-09.md"
CYCLE = "records/otterbeck/2026-27/c-0a1b2c3d/cycle.md"
PARTNERSHIP = "records/otterbeck/partnerships/pt-6r1e9k3w.md"
WORDS = {"buddy": "coach", "triad": "group", "ppdr": "appraisal"}


def edit(root: Path, path: str, old: str, new: str) -> None:
    """Replaces a text that has to be there."""
    text = (root / path).read_text(encoding="utf-8")
    assert old in text
    (root / path).write_text(text.replace(old, new), encoding="utf-8")


def start(book: Book, name: str, **given: str) -> tuple[str, dict[str, Value]]:
    """The form and the header of a record that is begun without a question."""
    wanted = find_wanted(book.forms, name)
    form, values = begin(book, wanted, given, school="", ask=None, random=os.urandom)
    return form.name, values


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("session", "coaching-session"),
        ("grow", "grow"),
        ("observation", "observation"),
        ("triplet", "group"),
        ("triad", "group"),
        ("drop-in", "slt-drop-in"),
        ("books", "books-session"),
        ("buddy", "partnership"),
        ("Buddy", "partnership"),
        ("PPDR", "appraisal-extract"),
        ("impact", "impact-statement"),
        ("letter", "comms-check"),
    ],
)
def test_a_form_is_found_by_every_word_for_it(name: str, form: str) -> None:
    """A type, a form, a kind, the beginning of a name, or a word of the trust will do."""
    assert find_form(builtin_forms(), name, WORDS).name == form


def test_a_kind_of_a_usual_form_is_filled_in() -> None:
    """A support triad is a group, and its kind needs no second word."""
    wanted = find_wanted(builtin_forms(), "support-triad")

    assert (wanted.form.name, dict(wanted.given)) == ("group", {"kind": "support-triad"})


def test_a_word_that_means_several_forms_is_a_question() -> None:
    """Peers are a kind of session and of partnership, and nobody guesses which."""
    with pytest.raises(UsageError) as caught:
        find_form(builtin_forms(), "peer")

    assert caught.value.message == "there are several forms for peer"
    assert caught.value.hint == "name one: coaching-session, partnership"


def test_an_unknown_word_names_the_nearest() -> None:
    """A slip is answered with the word that was probably meant."""
    with pytest.raises(UsageError) as caught:
        find_form(builtin_forms(), "observaton")

    assert caught.value.hint == "did you mean observation?"


def test_help_names_each_form_by_the_word_that_begins_it() -> None:
    """The usual form of a type is called as the type; every other by its own name."""
    types = [name for name, _ in describe_types(builtin_forms())]
    others = [name for name, _ in describe_forms(builtin_forms())]

    assert {"session", "observation", "addendum"} <= set(types)
    assert {"grow", "ect-observation", "trust-priority"} <= set(others)
    assert {"coaching-session", "drop-in-addendum"}.isdisjoint(types + others)


def test_fields_may_be_called_by_the_trust_s_words() -> None:
    """Where a coachee is called mentee, --mentee is the coachee; a field of that name is itself."""
    given = {"mentee": "wren", "coach": "idris"}

    assert in_own_words(given, ["coach", "coachee"], {"mentee": "coachee"}) == {
        "coachee": "wren", "coach": "idris",
    }  # fmt: skip
    assert in_own_words(given, ["mentee", "coach"], {"mentee": "coachee"}) == given


def with_rows(workspace: Path) -> None:
    """The small workspace, whose policy has rows for mentoring and observations."""
    head = "| Part of a record |"
    text = (workspace / POLICY).read_text(encoding="utf-8")
    columns = next(row for row in text.splitlines() if row.startswith(head)).count("|") - 2
    for row in ("General topics", "Mentor notes", "Observation form", "Graded sheet"):
        if f"| {row} |" not in text:
            edit(workspace, POLICY, "\n| Stop |", f"\n| {row} |{' read |' * columns}\n| Stop |")


def test_the_model_of_the_cycle_decides_the_form(workspace: Path) -> None:
    """A session in a cycle of BASIC conversations is begun on that form."""
    edit(workspace, POLICY, "forms.used: [coaching-session,", "forms.used: [basic,")
    edit(workspace, CYCLE, "model: impact-cycle", "model: basic")

    name, values = start(load_book(workspace, today=TODAY), "session")

    assert (name, values["form"], values["cycle"]) == ("basic", "basic@1", "c-0a1b2c3d")


def test_mentoring_has_the_form_of_mentor_meetings(workspace: Path) -> None:
    """A session of a mentoring partnership tells topics in general and notes apart."""
    with_rows(workspace)
    edit(workspace, PARTNERSHIP, "kind: coaching", "kind: ect-mentoring")

    name, values = start(load_book(workspace, today=TODAY), "session", partnership="pt-6r1e9k3w")

    assert (name, values["kind"]) == ("mentor-meeting", "mentoring")


def test_a_field_of_the_form_that_suits_can_be_given(workspace: Path) -> None:
    """Whether notes were made is asked of mentor meetings alone, and need not wait for the form."""
    with_rows(workspace)
    edit(workspace, PARTNERSHIP, "kind: coaching", "kind: mentoring")
    book = load_book(workspace, today=TODAY)

    name, values = start(book, "session", partnership="pt-6r1e9k3w", noted="yes")

    assert (name, values["noted"]) == ("mentor-meeting", True)
    with pytest.raises(UsageError, match="has no field 'notd'"):
        start(book, "session", partnership="pt-6r1e9k3w", notd="yes")


def test_a_form_that_was_named_is_taken(workspace: Path) -> None:
    """Whoever names a form has a reason."""
    edit(workspace, CYCLE, "model: impact-cycle", "model: basic")
    book = load_book(workspace, today=TODAY)

    assert suited_form(book, find_wanted(book.forms, "grow"), {}, "otterbeck").name == "grow"


def test_a_school_is_offered_the_forms_that_its_table_knows(workspace: Path) -> None:
    """Without a row for it, nobody could read what is written on a form."""
    edit(workspace, POLICY, "observation, peer-visit]", "observation, graded-sheet]")
    before = {form.name for form in usable_forms(load_book(workspace), "observation", "otterbeck")}
    with_rows(workspace)
    after = usable_forms(load_book(workspace), "observation", "otterbeck")

    assert "graded-sheet" not in before
    assert after[0].name == "observation"
    assert "graded-sheet" in {form.name for form in after}


def test_a_form_without_a_row_is_refused_before_a_word_is_written(book: Book) -> None:
    """The message names the row, and what can be done."""
    form = find_form(book.forms, "graded-sheet")

    with pytest.raises(UsageError) as caught:
        require_used(book, form, "otterbeck")

    assert caught.value.message == (
        'the policy has no row "Graded sheet", so this form is not used at Otterbeck Primary'
    )
    assert caught.value.hint


def test_an_addendum_has_the_readers_of_its_note(book: Book) -> None:
    """What is added to a session is written on the form whose row is that of its sections."""
    assert addendum_form(book, book.records[SESSION]).name == "session-addendum"
    assert start(book, "addendum", to="s-7kq2m4xa", by=COACHEE)[0] == "session-addendum"


def test_an_addendum_to_nothing_is_a_question(book: Book) -> None:
    """Without the note it is for, nobody could say who reads it."""
    with pytest.raises(UsageError) as caught:
        start(book, "addendum", to="s-7kq2m4x", by=COACHEE)

    assert (caught.value.message, caught.value.hint) == (
        "which note is it for?", "did you mean s-7kq2m4xa?",
    )  # fmt: skip


def test_a_record_that_is_no_note_has_no_addendum(book: Book) -> None:
    """A cycle is changed as it goes on; nothing is added to it."""
    with pytest.raises(UsageError, match="no form is known for adding to"):
        addendum_form(book, book.records[CYCLE])


def test_somebody_whom_the_policy_keeps_out_is_refused(book: Book) -> None:
    """Saving would refuse the record, so it is not begun."""
    with pytest.raises(UsageError) as caught:
        start(book, "partnership", coach="p-h7d2k9qm", coachee=COACHEE)

    assert "the head takes no part in coaching here" in caught.value.message
    assert caught.value.hint == ("name somebody else; capability mentoring is recorded elsewhere")


def test_the_school_is_that_of_the_people_who_are_named(workspace: Path) -> None:
    """Of two schools it is the one at which everybody works."""
    place = workspace / "records/saltmere/school.md"
    place.parent.mkdir()
    place.write_text("---\ntype: school\nid: saltmere\nname: Saltmere\nphase: primary\n---\n")
    book = load_book(workspace, today=TODAY)

    _, values = start(book, "partnership", coach=COACH, coachee=COACHEE)

    assert values["school"] == "otterbeck"
