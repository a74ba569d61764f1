"""Guide lines: under a heading, who will read it and what belongs there.

`new` writes them and sealing drops them, so nobody has to delete them. A line
that somebody has written in is theirs, and is never dropped.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from coachbook.sentences import join

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator, Mapping, Sequence

    from coachbook.forms import Form, LineForm, SectionForm
    from coachbook.record import Record

_GUIDE = re.compile(
    r"^[ \t]*<!-- guide: (?:(?P<names>.*) can read this(?: while it is a draft)?\."
    r"(?: The head cannot\.)?"
    r"|This record will be sealed whole\.) (?P<prompt>.*?) -->[ \t]*\r?\n?",
    re.MULTILINE,
)

_BUT_ENDS = re.compile(r"[^\r\n]")
_BETWEEN = re.compile(", | and ")
_WANTED = {"integer": "a whole number", "date": "a day, such as 19 Nov"}
_NOT_NAMES = ("Nobody", "Everyone who holds the repository", "you")


def format_guide(line: str, section: SectionForm) -> str:
    """The guide line of a section; `line` says who will read it."""
    return f"<!-- guide: {line} {guide_prompt(section)} -->"


def guide_prompt(section: SectionForm) -> str:
    """What belongs into a section, with the answers and the sense of its lines."""
    named: dict[tuple[str, ...], list[str]] = {}
    for line in section.lines:
        if line.listed:
            continue  # a list of the trust changes, and guide lines are known by their words
        answers = ("yes", "no") if line.type == "boolean" else line.choices
        if answers:
            named.setdefault(answers, []).append(line.name)
    told = [f"{_which(names, named)}: {join(answers, 'or')}." for answers, names in named.items()]
    return " ".join([section.prompt, *told, *_free(section)])


def _free(section: SectionForm) -> Iterator[str]:
    """What is asked for on each line that offers no answers: "Review date: a day, as 19 Nov."."""
    for line in section.lines:
        wanted = _WANTED.get(line.type, "")
        said = line.help[:1].lower() + line.help[1:].rstrip(".")
        is_free = not line.choices and line.type != "boolean"
        if (is_free or line.listed) and (wanted or said):
            yield f"{line.name}: {'; '.join(filter(None, (wanted, said)))}."


def _which(names: Sequence[str], named: Mapping[tuple[str, ...], list[str]]) -> str:
    """The lines that have the same answers."""
    if len(names) == 1:
        return names[0]
    return "The other lines" if len(named) > 1 else "Each line"


def blank_lines(lines: Iterable[LineForm]) -> str:
    """The lines of a section that are to be filled in, each with its name."""
    return "".join(f"{line.name}: \n" for line in lines)


def with_blank_lines(record: Record, form: Form, closed: Container[str]) -> str:
    """The record's text with a line ready for each one that its open sections lack.

    Args:
        closed: the sections that are not for this person to read or to write.
    """
    source = record.source
    for section in reversed(record.sections):
        part = form.section(section.name)
        if part is None or section.blocks or section.name in closed:
            continue
        text = source[section.start : section.end]
        present = {row.partition(":")[0].strip() for row in text.splitlines() if ":" in row}
        lines = blank_lines([line for line in part.lines if line.name not in present])
        if lines:
            kept = text.rstrip()
            begins = f"{kept}\n\n" if kept else ""
            source = f"{source[: section.start]}{begins}{lines}\n{source[section.end :]}"
    return source


def without_guides(text: str, form: Form, names: frozenset[str]) -> str:
    """Section text as it is sealed: guide lines gone, every other line as it was.

    Lines such as `Rating:` that nobody has filled in are gone too, unless something stands
    below one that is its answer.

    Args:
        names: what a reader can be called; a line with any other word is somebody's text.
    """
    prompts = _prompts(form)
    found = _GUIDE.sub(lambda line: "" if _is_ours(line, prompts, names) else line[0], text)
    return _without_blank_lines(found, form)


def blanked_guides(text: str, form: Form, names: frozenset[str]) -> str:
    """The same with an empty line where each guide line was, so that places stay what they are."""
    prompts = _prompts(form)
    return _GUIDE.sub(
        lambda line: _BUT_ENDS.sub("", line[0]) if _is_ours(line, prompts, names) else line[0], text
    )


def _prompts(form: Form) -> set[str]:
    return {text for one in form.sections for text in (one.prompt, guide_prompt(one))}


def _without_blank_lines(text: str, form: Form) -> str:
    names = {f"{line.name}:" for section in form.sections for line in section.lines}
    if not names:
        return text
    kept: list[str] = []
    is_blank = True  # whether nothing that is an answer stands below
    for row in reversed(text.splitlines(keepends=True)):
        said = row.strip()
        if said in names and is_blank:
            continue
        kept.append(row)
        if said:
            is_blank = said.startswith("## ") or f"{said.partition(':')[0]}:" in names
    return "".join(reversed(kept))


def _is_ours(line: re.Match[str], prompts: set[str], names: frozenset[str]) -> bool:
    said = line["names"]
    if line["prompt"] not in prompts:
        return False
    return said is None or names.union(_NOT_NAMES).issuperset(
        _BETWEEN.split(said.removeprefix("Only "))
    )
