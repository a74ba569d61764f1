"""Guide lines: under a heading, who will read it and what belongs there.

`new` writes them and sealing drops them, so nobody has to delete them. A line
that somebody has written in is theirs, and is never dropped.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from coachbook.forms import Form, SectionForm

_GUIDE = re.compile(
    r"^[ \t]*<!-- guide: (?:(?P<names>.*) can read this(?: while it is a draft)?\."
    r"(?: The head cannot\.)?"
    r"|This record will be sealed whole\.) (?P<prompt>.*?) -->[ \t]*\r?\n?",
    re.MULTILINE,
)

_BUT_ENDS = re.compile(r"[^\r\n]")
_BETWEEN = re.compile(", | and ")
_NOT_NAMES = ("Nobody", "Everyone who holds the repository", "you")


def format_guide(line: str, section: SectionForm) -> str:
    """The guide line of a section; `line` says who will read it."""
    return f"<!-- guide: {line} {section.prompt} -->"


def without_guides(text: str, form: Form, names: frozenset[str]) -> str:
    """Section text as it is sealed: guide lines gone, every other line as it was.

    Args:
        names: what a reader can be called; a line with any other word is somebody's text.
    """
    prompts = {section.prompt for section in form.sections}
    return _GUIDE.sub(lambda line: "" if _is_ours(line, prompts, names) else line[0], text)


def blanked_guides(text: str, form: Form, names: frozenset[str]) -> str:
    """The same with an empty line where each guide line was, so that places stay what they are."""
    prompts = {section.prompt for section in form.sections}
    return _GUIDE.sub(
        lambda line: _BUT_ENDS.sub("", line[0]) if _is_ours(line, prompts, names) else line[0], text
    )


def _is_ours(line: re.Match[str], prompts: set[str], names: frozenset[str]) -> bool:
    said = line["names"]
    if line["prompt"] not in prompts:
        return False
    return said is None or names.union(_NOT_NAMES).issuperset(
        _BETWEEN.split(said.removeprefix("Only "))
    )
