"""CB41x and CB42x: rules for the text itself, run where the plain text is.

They run before a section is sealed, in `coachbook seal` and `edit` and on the
portal's Write page; the sealed section says which of them ran.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from coachbook.lints import GRADES_GIVEN, IDENTITY_LINT, NEXT_STEPS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from coachbook.rules.rule import Finding, Passage

CONCERN_ROUTE = "concern.route"


def step_without_date(passage: Passage) -> Iterable[Finding]:
    """An action step says by when.

    Why: a step without a day is the one that is never looked at again.
    Example:
        - [ ] Wait three seconds after a question
        this action step has no date
    Remedy: end it with the day in brackets: (by 19 Nov)
    Source: B-32
    """
    return passage.found_earlier("CB411")


def step_date_unreadable(passage: Passage) -> Iterable[Finding]:
    """The date of an action step can be read.

    Why: what is due can be listed only if the day is understood.
    Example:
        - [ ] Wait three seconds after a question (by next week)
        the date of this action step cannot be read
    Remedy: write it as 19 Nov or 2026-11-19.
    Source: B-32, mistake 8
    """
    return passage.found_earlier("CB412")


def line_not_a_choice(passage: Passage) -> Iterable[Finding]:
    """A line such as `Outcome: met` has one of the form's words.

    Why: words that differ cannot be counted.
    Example:
        Outcome: mostly
        the value of "Outcome" is not among its choices
    Remedy: choose the word that comes nearest.
    Source: mistake 24
    """
    return passage.found_earlier("CB413")


def required_text_missing(passage: Passage) -> Iterable[Finding]:
    """A section or a line that the form requires is filled in.

    Why: the form asks for it because somebody needs it later.
    Example:
        ## Statement, and nothing under it
        section "Statement" is empty and has to be filled in
    Remedy: write it, even if it is one sentence.
    Source: B-13
    """
    return passage.found_earlier("CB414")


def too_many_words(passage: Passage) -> Iterable[Finding]:
    """A text that the policy limits keeps to its number of words.

    Why: an impact statement is read in a meeting; short ones are read.
    Example:
        a statement of 163 words, where the policy allows 150
        the section has 163 words, 150 is the most
    Remedy: shorten it, or ask for the limit to be changed.
    Source: B-13
    """
    return _cited(passage, passage.section.words, "CB415")


def pupil_name(passage: Passage) -> Iterable[Finding]:
    """A text about coaching names no pupil.

    What pupils do is the best evidence there is, and none of it needs a name.
    The rule knows many given names, and sees where any other word stands as a
    person does; it can be wrong, so it warns and quotes nothing.
    Why: a pupil is not a party to the coaching and cannot ask for the text.
    Example:
        In the first pair, Jayden got there before his partner.
        this word may name a pupil
    Remedy: write "a pupil" or a group. If it is nobody's name, leave it.
    Source: B-19, mistake 5
    """
    return passage.found_earlier("CB416")


def identity(passage: Passage) -> Iterable[Finding]:
    """What goes to the governors does not tell who somebody is.

    Names that the records know are found, in full and as people are called,
    and so are initials. A policy can leave the search out with
    `identity.lint: no`.
    Why: an impact statement tells how the coaching developed, not who was coached.
    Example:
        W.A. rehearsed the opening question each week.
        this may tell who somebody is (initials)
    Remedy: describe the coaching, not the people.
    Source: B-14, mistake 28
    """
    return _cited(passage, IDENTITY_LINT, "CB417")


def grade_or_judgement(passage: Passage) -> Iterable[Finding]:
    """What goes to the governors holds no grade and judges nobody.

    Why: it tells how the coaching developed, not how good a teacher is.
    Example:
        The teaching moved from RI to good.
        this may be a grade or a judgement of somebody
    Remedy: say what the coaching changed.
    Source: B-14, mistake 28
    """
    return _cited(passage, IDENTITY_LINT, "CB418")


def safeguarding(passage: Passage) -> Iterable[Finding]:
    """Nothing about safeguarding is recorded here; such a text is not sealed.

    The words that show it are few and plain, and some of them count only beside
    a word of home. "No safeguarding concern" passes. The message shows nothing
    of the text.
    Why: safeguarding has people, a duty and a record of its own. A note that few
    can open would delay all three.
    Example:
        A pupil disclosed that his uncle shouts at him.
        this may be about safeguarding, which is never recorded here
    Remedy: take it out, and speak to the safeguarding lead today.
    Source: A-27, D-52, mistake 30
    """
    return _cited(passage, CONCERN_ROUTE, "CB419")


def too_many_points(passage: Passage) -> Iterable[Finding]:
    """A list has at most as many points as its form asks for.

    Why: three points are worked on, ten are read and put away.
    Example:
        four strengths, where the form has room for three
        the section has 4 points, 3 is the most
    Remedy: keep the ones that matter most.
    Source: D-73, D-74, A2 of A-38
    """
    return passage.found_earlier("CB420")


def met_without_evidence(passage: Passage) -> Iterable[Finding]:
    """A goal that was met says what shows it.

    Why: the loop ends when the goal is reached, and somebody has to see that it is.
    Example:
        Outcome: met, and no line that begins with Evidence:
        what "Outcome" says has to be shown by "Evidence"
    Remedy: write what shows it: pupils' work, a film, a count.
    Source: B-18
    """
    return passage.found_earlier("CB424")


def off_track_without_support(passage: Passage) -> Iterable[Finding]:
    """Somebody who is not on track is offered a plan of support in the same record.

    Why: the answer alone is a verdict; with a plan it is help.
    Example:
        On track: no, and no line that begins with Support plan:
        what "On track" says asks for "Support plan" as well
    Remedy: write the plan before the record is sealed.
    Source: D-76
    """
    return passage.found_earlier("CB425")


def step_in_a_drop_in(passage: Passage) -> Iterable[Finding]:
    """What is written about a drop-in holds no next steps, where the policy says so.

    Lines that begin as a task does, with "Next steps" or with "Target:" are found, and so is a
    step within a sentence: "as a next step", "next time you could". What pupils did next passes.
    CB406 finds headings for steps; this looks at the text under the other headings.

    Why: an open door stays open if what comes through it is interest.
    Example:
        Next steps: try the same with division
        this looks like a next step, and a drop-in records good practice only
    Remedy: move it to an observation, or delete it.
    Source: D-10, mistake 23
    """
    return _cited(passage, NEXT_STEPS, "CB431")


def grade_in_a_drop_in(passage: Passage) -> Iterable[Finding]:
    """What is written about a drop-in holds no grade, whoever may give one elsewhere.

    "Grade:" and "Rating:" are found, and "graded", "rated" or "judged" before a word of a scale:
    of the scales that are known everywhere, and of those on the school's own forms. CB407 finds a
    form for grades; this looks at the text of a form without. It can be wrong, so it warns.

    Why: whoever fears a grade closes the door. A grade has a form, and somebody who may give it.
    Example:
        A calm start. Rating: outstanding
        this looks like a grade, and a drop-in records good practice only
    Remedy: say what was good about it; a grade belongs where the policy allows one.
    Source: D-10, A-18
    """
    return _cited(passage, GRADES_GIVEN, "CB442")


def _cited(passage: Passage, parameter: str, code: str) -> Iterable[Finding]:
    """What reading has found under a code, with the clause that holds a parameter."""
    clause = passage.case.clause(parameter)
    return (replace(found, clause=clause) for found in passage.found_earlier(code))


def word_off_the_list(passage: Passage) -> Iterable[Finding]:
    """A line that takes its words from a list of the trust has one that stands there.

    The strand of the rubric in a cycle's goal is such a line. CB215 looks at the same lists in
    headers; this looks where a key is needed. A workspace's own form names its list with
    `list: rubric`, `subjects` or `characteristics`.

    Why: goals are counted by strand, and with two spellings every count falls in two.
    Example:
        Rubric: Question and talk
        the value of "Rubric" is not on the trust's list
    Remedy: write it as the trust does, or add it to the trust's list.
    Source: B-31, C-06, E-19
    """
    return passage.found_earlier("CB440")
