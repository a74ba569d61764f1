"""What a form is: its fields, sections and typed lines, as values."""

from __future__ import annotations

from dataclasses import field, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from coachbook.values import frozen

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from coachbook.record import Record

IMPLIED = ("type", "id", "school", "form")
"""Fields that a form has without naming them."""

ROW_WRITERS = "row-writers"
"""As a section's author: whoever the policy's table lets write the section's row."""

WRITER = "writer"
"""As a field's author: whoever writes the record."""

_DIGITS = 10
"""Python reads no number of thousands of digits, and no form has such a version."""

ALWAYS_LINTED = ("pupils", "safeguarding")
"""What every section's text is searched for."""

_IMPLIED = {
    (has_id, has_school): tuple(
        key for key in IMPLIED if (has_id or key != "id") and (has_school or key != "school")
    )
    for has_id in (True, False)
    for has_school in (True, False)
}


@frozen
class FieldForm:
    """One field of the header; `row` is the row of the access table that admits its readers.

    `author` is whose word the field is: whoever writes the record, or people of it, whom that
    writer has asked, as for the day of a consent.
    `to` is the type a reference leads to; `default` is a value or a word for one, such as
    `@today` or `@policy`.
    """

    name: str
    type: str
    many: bool = False
    required: bool = False
    choices: tuple[str, ...] = ()
    to: str = ""
    minimum: float | None = None
    maximum: float | None = None
    row: str = ""
    help: str = ""
    default: str = ""
    author: tuple[str, ...] = (WRITER,)


@frozen
class LineForm:
    """A typed line inside a section, such as `Rating: fully`.

    `scale` names the scale of the form that its choices are those of; `aside` are the choices
    that no average counts, such as "n/a this time". `shown_by` and `helped_by` pair a value with
    the line or section that has to stand beside it: what shows it, or the support that is offered.
    `listed` names the list of the trust that a line of text takes its words from; the `choices` of
    such a line are what stands in that list, and no value is lost that is not among them.
    `needed_by` is the policy parameter that makes it required where it says yes.
    """

    name: str
    type: str = "text"
    choices: tuple[str, ...] = ()
    required: bool = False
    help: str = ""
    scale: str = ""
    aside: tuple[str, ...] = ()
    shown_by: tuple[tuple[str, str], ...] = ()
    helped_by: tuple[tuple[str, str], ...] = ()
    listed: str = ""
    needed_by: str = ""


@frozen
class SectionForm:
    """One section of the body; `words` is the policy parameter that caps its length.

    `author` is who writes it: relations and roles, a person field of the header, `row-writers`.
    `when` is a field of the header and the values with which the section belongs to a record;
    `items` is the most points that its list may have; `lint` names what its text is searched for
    beside the names of pupils and matters of safeguarding, which no section may hold.
    """

    name: str
    row: str = ""
    sealed: bool = False
    author: tuple[str, ...] = ()
    prompt: str = ""
    required: bool = False
    steps: bool = False
    lines: tuple[LineForm, ...] = ()
    words: str = ""
    when: tuple[str, tuple[str, ...]] | None = None
    items: int | None = None
    lint: tuple[str, ...] = ()

    @property
    def lints(self) -> tuple[str, ...]:
        """Everything that the section's text is searched for."""
        return (*ALWAYS_LINTED, *self.lint)

    def asking(self, is_asked: Callable[[str], bool]) -> SectionForm:
        """The section as one policy has it: with the lines required that its settings ask for."""
        if not any(line.needed_by for line in self.lines):
            return self
        lines = tuple(
            replace(
                line, required=line.required or bool(line.needed_by and is_asked(line.needed_by))
            )
            for line in self.lines
        )
        return replace(self, lines=lines)

    def applies(self, values: Mapping[str, object]) -> bool:
        """True if a record with these values in its header has the section."""
        if self.when is None:
            return True
        key, wanted = self.when
        value = values.get(key)
        found = value if isinstance(value, tuple) else (value,)
        return any(one in wanted for one in found)


@frozen
class Form:
    """A type of record: where it lies, what it holds, who its people are.

    `on` is the field that dates the record; `whole` means that even its existence is sealed;
    `relations` say by which fields its people are found. Of the fields in `needs`, a record has
    at least one. `life` is a note's: draft, shared, final; `grades` says whose grades it holds;
    `suits` are the models and kinds whose usual form it is.
    """

    name: str
    version: int
    type: str
    title: str
    purpose: str
    prefix: str
    identity: str
    place: str
    on: str
    level: str
    row: str
    whole: bool
    body: str
    relations: Mapping[str, str]
    fields: Mapping[str, FieldForm]
    sections: tuple[SectionForm, ...]
    blank: bool
    like: str = ""
    needs: tuple[str, ...] = ()
    life: bool = False
    grades: str = ""
    suits: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """The form as a record's `form` field names it, such as `coaching-session@1`."""
        return f"{self.name}@{self.version}"

    def section(self, name: str) -> SectionForm | None:
        """The section with exactly this name."""
        for section in self.sections:  # a loop, as every section of every record asks
            if section.name == name:
                return section
        return None

    def has_line(self, section: str, line: str) -> bool:
        """True if the section has a typed line of exactly this name."""
        found = self.section(section)
        return found is not None and any(one.name == line for one in found.lines)

    def applying(self, values: Mapping[str, object]) -> tuple[SectionForm, ...]:
        """The sections that a record with these values in its header has."""
        return tuple(section for section in self.sections if section.applies(values))

    def implied(self) -> tuple[str, ...]:
        """The fields that every record of this form has beside its own."""
        return _IMPLIED[self.identity != "none", self.level != "trust"]


def version_number(text: str) -> int:
    """The number of a form's version as a record or a form names it; 0 where it is none."""
    is_number = text.isascii() and text.isdigit() and len(text) < _DIGITS
    return int(text) if is_number else 0


@lru_cache(maxsize=256)
def alternatives(path: str) -> tuple[str, ...]:
    """The paths of a relation: `cycle.partnership.coach | partnership.coach` has two."""
    return tuple(part.strip() for part in path.split("|"))


def first_keys(path: str) -> tuple[str, ...]:
    """The field that each alternative of a relation's path begins with."""
    return tuple(part.partition(".")[0] for part in alternatives(path))


@frozen
class Forms:
    """Every form of a workspace, by name and version.

    `defaults` gives the name of the form that a type has where a record names none. Such a record
    is read on the first version of that form, so that a later one changes nothing that is written.
    """

    all: Mapping[tuple[str, int], Form]
    defaults: Mapping[str, str]
    _newest: Mapping[str, Form] = field(init=False, repr=False, compare=False)
    _first: Mapping[str, Form] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Notes the last and the first version of every form, which each record asks for."""
        object.__setattr__(self, "_newest", {form.name: form for form in self})
        object.__setattr__(self, "_first", {form.name: form for form in reversed(tuple(self))})

    def __iter__(self) -> Iterator[Form]:
        """The forms in the order of name and version."""
        return iter(self.all.values())

    def types(self) -> tuple[str, ...]:
        """Every type of record, sorted."""
        return tuple(sorted({form.type for form in self}))

    def newest(self) -> tuple[Form, ...]:
        """The latest version of every form, by name."""
        return tuple(self._newest.values())

    def find(self, name: str, version: int) -> Form | None:
        """The form of this name and version."""
        return self.all.get((name, version))

    def latest(self, name: str) -> Form | None:
        """The latest version of the form of this name."""
        return self._newest.get(name)

    def latest_of_type(self, kind: str) -> Form | None:
        """The form that a new record of this type is usually begun on."""
        return self.latest(self.defaults.get(kind, ""))

    def first_of_type(self, kind: str) -> Form | None:
        """The form that a record of this type has if it names none."""
        return self._first.get(self.defaults.get(kind, ""))

    def for_record(self, record: Record) -> Form | None:
        """The form of a record; None if its type or form is unknown or the two disagree."""
        pinned = record.value("form")
        if pinned is None:
            return self.first_of_type(record.type)
        name, _, version = str(pinned).partition("@")
        form = self.find(name, version_number(version))
        return form if form is not None and form.type == record.type else None

    def with_lists(self, lists: Mapping[str, tuple[str, ...]]) -> Forms:
        """The same forms, with the words of the trust's lists where their lines name a list."""
        if not any(lists.values()):
            return self
        return Forms({key: _listed(form, lists) for key, form in self.all.items()}, self.defaults)


def _listed(form: Form, lists: Mapping[str, tuple[str, ...]]) -> Form:
    """The form with the choices of its lines that name a list; itself where none does."""
    if not any(line.listed for section in form.sections for line in section.lines):
        return form
    sections = (
        replace(
            section,
            lines=tuple(
                replace(line, choices=lists.get(line.listed, ())) if line.listed else line
                for line in section.lines
            ),
        )
        for section in form.sections
    )
    return replace(form, sections=tuple(sections))
