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
    r"^[ \t]*<!-- guide: (?:.* can read this\.(?: The head cannot\.)?|This record will be sealed "
    r"whole\.) (?P<prompt>.*?) -->[ \t]*\r?\n?",
    re.MULTILINE,
)


def format_guide(line: str, section: SectionForm) -> str:
    """The guide line of a section; `line` says who will read it."""
    return f"<!-- guide: {line} {section.prompt} -->"


def without_guides(text: str, form: Form) -> str:
    """Section text as it is sealed: guide lines gone, every other line as it was."""
    prompts = {section.prompt for section in form.sections}
    return _GUIDE.sub(lambda line: "" if line["prompt"] in prompts else line[0], text)
