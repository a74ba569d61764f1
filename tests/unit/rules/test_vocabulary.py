"""One language for the whole trust."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.unit.rules.conftest import School

CYCLE = "otterbeck/2026-27/c-0a1b2c3d/cycle.md"


def trust(school: School, line: str) -> None:
    """Gives the trust a list."""
    school.change("trust.md", "type: trust", f"type: trust\n{line}")


def test_without_a_list_every_word_is_right(school: School) -> None:
    """A trust that has agreed on nothing asks for nothing."""
    school.change(CYCLE, "status: open", "status: open\nsubject: P.E.")

    assert school.messages("CB215") == []


def test_a_slip_is_put_right(school: School) -> None:
    """What was probably meant is named."""
    trust(school, "subjects: [maths, writing]")
    school.change(CYCLE, "status: open", "status: open\nsubject: writting")
    (finding,) = school.found("CB215")

    assert finding.message == "`writting` is no subject of the trust"
    assert finding.hint == "did you mean `writing`?"


def test_a_policy_names_the_subjects_of_its_trust(school: School) -> None:
    """What a policy calls maths is what the records of its school have to say."""
    trust(school, "subjects: [science, writing]")
    school.change(
        "otterbeck/policy-2026-09.md",
        "preset:",
        "subject.allowed.books: [writing, sience]\npreset:",
    )
    (finding,) = school.found("CB215")

    assert (finding.message, finding.hint) == (
        "`sience` is no subject of the trust",
        "did you mean `science`?",
    )


def test_a_long_form_of_a_short_word_is_known(school: School) -> None:
    """Mathematics is maths with more letters."""
    trust(school, "subjects: [maths, writing]")
    school.change(CYCLE, "status: open", "status: open\nsubject: Mathematics")

    assert [one.hint for one in school.found("CB215")] == ["did you mean `maths`?"]


def test_each_word_of_a_list_is_looked_at(school: School) -> None:
    """The one that is not among the trust's is marked where it stands."""
    trust(school, "characteristics: [curious, brave]")
    school.change(CYCLE, "status: open", "status: open\ncharacteristic: [brave, bold]")
    (finding,) = school.found("CB215")

    assert finding.message == "`bold` is no learning characteristic of the trust"
    assert finding.span.column == len("characteristic: [brave, ") + 1


def test_a_school_may_have_words_of_its_own(school: School) -> None:
    """A word that the trust does not have takes nothing from it."""
    trust(school, "words: [buddy = coach]")
    school.change("otterbeck/school.md", "hub: North", "words: [learner = coachee]")

    assert school.messages("CB215") == []


def test_a_school_gives_no_other_meaning_to_a_word_of_the_trust(school: School) -> None:
    """One word means one thing everywhere."""
    trust(school, "words: [buddy = coach]")
    school.change("otterbeck/school.md", "hub: North", "words: [Buddy = coachee]")

    assert school.messages("CB215") == ["`buddy` means coach in the whole trust, and coachee here"]


PRIORITY = """\
type: priority
id: pr-4m7x2k9q
{school}name: oracy
title: Whole sentences in every subject
year: 2026-27
"""


def test_a_priority_that_nobody_set_is_told(school: School) -> None:
    """A slip in a priority's short name would count its goals nowhere."""
    school.write(
        "otterbeck/priorities/pr-4m7x2k9q.md", PRIORITY.format(school="school: otterbeck\n")
    )
    school.change(CYCLE, "status: open", "status: open\npriority: [oracy, orracy]")
    (finding,) = school.found("CB215")

    assert finding.message == "`orracy` is no priority of the school or of the trust"
    assert finding.hint == "did you mean `oracy`?"


def test_a_priority_of_the_trust_is_a_priority_of_its_schools(school: School) -> None:
    """A cycle may serve what the whole trust has set out to improve."""
    form = "form: trust-priority@1\n"
    school.write("priorities/pr-4m7x2k9q.md", PRIORITY.format(school=form))
    school.change(CYCLE, "status: open", "status: open\npriority: [oracy]")

    assert school.messages("CB215") == []


def test_a_school_without_priorities_may_use_any_word(school: School) -> None:
    """Where none is on record there is nothing that a word could be held against."""
    school.change(CYCLE, "status: open", "status: open\npriority: [orracy]")

    assert school.messages("CB215") == []
