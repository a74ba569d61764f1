"""What does not belong in the text about a drop-in: a next step, a grade.

A drop-in notes what went well. Both are looked for as people write them, at the start of a line
and within a sentence, and few enough are looked for that a description of a lesson passes: what
pupils did next, and what they rated. The portal's Write page finds the same: `dropins.ts`.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, TypeAlias

from coachbook.forms.wordlists import word_lists

if TYPE_CHECKING:
    from collections.abc import Iterator

Place: TypeAlias = "tuple[int, int]"
"""Line and column, each from 1."""

_STEP = re.compile(
    r"[ \t]{0,20}((?:[-*+][ \t]{1,9})?"
    r"(?:[-*+]?[ \t]{0,9}\[[ xX]?\]|[*_]{0,3}(?:next steps?(?![a-z])|even better if(?![a-z])"
    r"|(?:targets?|actions?|action steps?|to do|to work on)[*_]{0,3}[ \t]{0,9}:)))",
    re.IGNORECASE,
)
_NEXT = re.compile(
    r"(?:^[ \t]{0,20}|[.!?][ \t]{1,9})(next (?:time|steps?)(?![a-z]))", re.IGNORECASE
)
_WITHIN = re.compile(
    r"(?:^|[^a-z])("
    r"as (?:an?|the|one|your|her|his|our) (?:possible |useful |good |first )?next steps?"
    r"(?![a-z]| of | in )"
    r"|(?:an?|the|one|another|your|her|his|our) (?:possible |useful |good |first )?next steps? "
    r"(?:is|are|(?:could|should|would|might|may|will) be) "
    r"|next steps? (?:for (?:you|her|him|us|me|both)|to (?:try|consider))(?![a-z])"
    r"|(?:next time|in future|from now on),? (?:(?:you|she|he|we|i) "
    r"(?:should|could|might|must|may|needs?|ought)|it (?:would|might) be"
    r"|try|aim|consider|remember)(?![a-z])"
    r"|(?:you|she|he|we|i) (?:should|could|might|must|needs? to|ought to) [^.!?]{1,60} "
    r"(?:next time|in future)(?![a-z]))",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"(?:^[ \t]{0,20}(?:[-*+][ \t]{1,9})?[*_]{0,3}|[.!?;(][ \t]{0,9})"
    r"((?:overall |my |final )?(?:grade|grading|rating|judge?ment)s?[*_]{0,3}[ \t]{0,9}[:=])",
    re.IGNORECASE,
)
_FILLER = (
    r"(?: (?:to be|it|this|that|her|him|as|at|an?|of|is|was|overall|very|securely"
    r"|the lesson|the teaching)){0,3}"
)
_END = (
    r"(?=[^a-z0-9 \t-]|[ \t]{0,9}$|[ \t](?:overall|for|by|in|on|or|to|and|but|with|as|again"
    r"|throughout|today|because)(?![a-z]))"
)


def next_steps(text: str) -> Iterator[Place]:
    """Where a text sets a next step: the first place of each line."""
    for line, row in enumerate(text.split("\n"), start=1):
        if match := _STEP.match(row) or _NEXT.search(row) or _WITHIN.search(row):
            yield line, match.start(1) + 1


def grades(text: str, scales: tuple[str, ...]) -> Iterator[Place]:
    """Where a text gives a grade: the first place of each line.

    Args:
        scales: the words of the school's own scales, beside those that are known everywhere.
    """
    graded = _graded(scales)
    for line, row in enumerate(text.split("\n"), start=1):
        if match := _LABEL.search(row) or graded.search(row):
            yield line, match.start(1) + 1


@cache
def _graded(scales: tuple[str, ...]) -> re.Pattern[str]:
    words = "|".join(re.escape(word) for word in (*word_lists().grades, *scales))
    return re.compile(
        rf"(?:^|[^a-z])((?:(?:re)?graded|rated|judged|grade|rating){_FILLER}:?[ \t]['\"*_]{{0,3}}"
        rf"(?:{words}){_END}|(?:(?:re)?graded|rated|judged){_FILLER}[ \t][1-9]{_END}"
        rf"|(?:grade|rating):[ \t]?[1-9]{_END})",
        re.IGNORECASE,
    )
