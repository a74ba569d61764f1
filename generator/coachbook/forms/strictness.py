"""A form of a workspace's own keeps what other forms of its type promise.

The header of a record names its form, and anybody who can write to the repository can change
that word. So a text that one form seals is sealed, for the same row of the policy's table, by
every form that has a section of that name. What one person alone writes, what a text is searched
for and how long it may be, what is sealed whole, what begins as a draft, who the people of a
record are and to whom its header is shown do not depend on the form either.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from coachbook.errors import FormError
from coachbook.forms.model import ROW_WRITERS
from coachbook.sentences import join

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from coachbook.forms.model import Form, Forms, SectionForm

_STEPS = "steps"
_RENAME = "give the section another name, or write it as that form does"


def require_strict(forms: Forms, base: Forms, form: Form, place: str) -> None:
    """Raises FormError where a form loosens what another form of its type promises."""
    others = [one for one in forms if one.type == form.type and one.key != form.key]
    example = forms.find(*_key(form.like)) if form.like else None
    for one in [*others, *([example] if example else [])]:
        _require_as_closed(form, one, place)
    known = [one for one in others if base.find(one.name, one.version) is not None]
    for section in form.sections:
        _require_section(section, others, known, place)
    for relation, path in form.relations.items():
        paths = {one.relations[relation] for one in known if relation in one.relations}
        if paths and path not in paths:
            _fail(
                f"{place}: relation `{relation}` is found in another way than in other forms of "
                f"type {form.type}",
                f"write it as `{relation}: {min(paths)}`, or give it another name",
            )
    _require_rows(form, known, place)
    for section in form.sections:
        _require_author(section, known, place)
        _require_searched(section, known, place)


def _require_as_closed(form: Form, other: Form, place: str) -> None:
    """What is sealed whole stays so, and so does what begins as a draft."""
    if other.whole and not form.whole:
        hint = "write `whole: true`, or give the form another type and make it like no such form"
        _fail(f"{place}: form {other.key} is sealed whole, and this one is not", hint)
    if other.type == form.type and other.life != form.life:
        message = f"a note on form {other.key} begins as a draft, and one on this form would not"
        if form.life:
            message = f"a note on this form begins as a draft, and one on form {other.key} does not"
        _fail(f"{place}: {message}", "write `life` as that form does, or give this one a new type")


def _require_section(
    section: SectionForm, others: Iterable[Form], known: Sequence[Form], place: str
) -> None:
    """A section of a name that other forms have is sealed as there, for those readers."""
    for form, same in _of_name(section.name, others):
        if section.sealed != same.sealed:
            message = f'section "{section.name}" is {"sealed" if same.sealed else "clear"} in form'
            _fail(f"{place}: {message} {form.key}, and not here", _RENAME)
    rows = sorted({same.row for _, same in _of_name(section.name, known)})
    if rows and section.row not in rows:
        message = f'section "{section.name}" belongs to the row {join(rows, "or")}, not here'
        _fail(f"{place}: {message}", _RENAME)


def _require_author(section: SectionForm, known: Sequence[Form], place: str) -> None:
    """What is one person's alone to write stays theirs, as the coachee's own reflection does."""
    found = {same.author for _, same in _of_name(section.name, known)}
    alone = {one[0] for one in found if len(one) == 1 and one[0] != ROW_WRITERS}
    if len(found) == len(alone) == 1 and section.author not in found:
        message = f'section "{section.name}" is for the {alone.pop()} alone to write, not here'
        _fail(f"{place}: {message}", _RENAME)


def _require_searched(section: SectionForm, known: Sequence[Form], place: str) -> None:
    """Text for the readers of a row is searched, and capped, as it is in forms known before.

    By row and not by name alone: a statement that is called something else goes to the governors
    all the same.
    """
    for other in known:
        for same in other.sections:
            if same.row != section.row and same.name != section.name:
                continue
            kept = (*section.lint, _STEPS) if section.steps else section.lint
            if lost := [one for one in same.lint if one not in kept]:
                message = f'section "{section.name}" is not searched for {join(lost)}, as'
                hint = f"write `lint: [{', '.join((*section.lint, *lost))}]` there"
                _fail(f'{place}: {message} "{same.name}" is in form {other.key}', hint)
            if same.words and section.words != same.words:
                message = f'section "{section.name}" has not the most words that'
                hint = f"write `words: {same.words}` there"
                _fail(f'{place}: {message} "{same.name}" has in form {other.key}', hint)


def _require_rows(form: Form, known: Sequence[Form], place: str) -> None:
    """A header is shown to those of the same row, as a whole and field by field."""
    if known and form.row not in {one.row for one in known}:
        rows = join(sorted({one.row for one in known}), "or")
        message = f"the header of a {form.type} belongs to the row {rows}, not here"
        _fail(f"{place}: {message}", f"write `row: {known[0].row}`, or give the form a new type")
    for name, field in form.fields.items():
        same = {one.fields[name].row or one.row for one in known if name in one.fields}
        if same and (field.row or form.row) not in same:
            message = f"field `{name}` belongs to the row {join(sorted(same), 'or')}, not here"
            _fail(f"{place}: {message}", "give the field another name, or leave out its row")


def _of_name(name: str, forms: Iterable[Form]) -> Iterator[tuple[Form, SectionForm]]:
    for form in forms:
        found = form.section(name)
        if found is not None:
            yield form, found


def _key(like: str) -> tuple[str, int]:
    name, _, version = like.partition("@")
    return name, int(version)


def _fail(message: str, hint: str) -> NoReturn:
    raise FormError(message, hint=hint)
