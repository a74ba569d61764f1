"""CB41x: rules for the text itself, run where the plain text is.

They run before a section is sealed, in `coachbook seal` and `edit` and on the
portal's Write page; the sealed section says which of them ran.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from coachbook.rules.rule import Finding, Passage


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
    return passage.found_earlier("CB415")
