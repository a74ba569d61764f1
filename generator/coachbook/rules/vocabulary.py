"""CB2xx: one language for the whole trust."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coachbook.book import values_of
from coachbook.rules.about import ANY_TYPE, about
from coachbook.rules.rule import Case, Finding
from coachbook.spelling import closest, normal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from coachbook.diagnostics import Span
    from coachbook.forms import FieldValue

_LISTS = {
    "subject": ("subjects", "subject"),
    "subjects": ("subjects", "subject"),
    "subject.allowed.books": ("subjects", "subject"),
    "subject.allowed.groups": ("subjects", "subject"),
    "characteristic": ("characteristics", "learning characteristic"),
    "rubric": ("rubric", "strand of the rubric"),
}
"""Field or setting of a policy: the trust's list that it is held against, and a word for one."""

_PRIORITY, _WORDS = "priority", "words"

_WORDED = (*_LISTS, _PRIORITY, _WORDS)
"""Every field or setting whose words are looked at."""

_ALIKE = 4
"""So many first letters in common make two words look like one that was shortened."""

_TRUST = "records/trust.md"


@about(ANY_TYPE, fields=_WORDED)
def local_variant(case: Case) -> Iterator[Finding]:
    """Subjects, characteristics and words are those of the trust, where it has a list of them.

    A school may add words of its own; it does not give another meaning to one
    that the trust has. A priority is one that the school or the trust has on record,
    as soon as there is one.

    Why: with two spellings of a subject every count of it falls in two, and
    nobody notices.
    Example:
        subject: P.E.
        `P.E.` is no subject of the trust
    Remedy: write it as the trust does, or add it to the trust's list.
    Source: C-05, C-06, E-07, domain section 4
    """
    yield from _unknown_priority(case)
    used = [key for key in _LISTS if key in case.record.fields]
    if case.form.type == "trust" or not (used or case.form.type == "school"):
        return
    trust = _trust(case)
    for key in used:
        listed, noun = _LISTS[key]
        known = trust.get(listed)
        if isinstance(known, tuple) and known:
            yield from _unlisted(case, key, tuple(str(one) for one in known), noun)
    if case.form.type == "school":
        yield from _other_meaning(case, trust.get("words"))


def _unknown_priority(case: Case) -> Iterator[Finding]:
    """A short name that no priority of the school or of the trust has."""
    if _PRIORITY not in case.record.fields:
        return
    known = tuple(
        str(entry.values["name"])
        for entry in case.known.of_type["priority"]
        if entry.record.school in {case.record.school, ""} and "name" in entry.values
    )
    if known:
        yield from _unlisted(case, _PRIORITY, known, "priority of the school or")


def _unlisted(case: Case, key: str, known: tuple[str, ...], noun: str) -> Iterator[Finding]:
    for value, span in _entries(case, key):
        if value not in known:
            near = closest(value, known) or _begun_alike(value, known)
            hint = f"did you mean `{near}`?" if near else f"it has: {', '.join(known)}"
            yield Finding(span, f"`{value}` is no {noun} of the trust", hint)


def _begun_alike(value: str, known: tuple[str, ...]) -> str:
    """A known word that begins as this one does, as "maths" and "mathematics" do."""
    start = normal(value)[:_ALIKE]
    found = (one for one in known if len(start) == _ALIKE and normal(one).startswith(start))
    return next(found, "")


def _other_meaning(case: Case, words: object) -> Iterator[Finding]:
    """A school's word that means something else at the trust."""
    shared = dict(_meaning(str(one)) for one in (words if isinstance(words, tuple) else ()))
    for value, span in _entries(case, _WORDS):
        word, meaning = _meaning(value)
        if shared.get(word, meaning) != meaning:
            yield Finding(
                span,
                f"`{word}` means {shared[word]} in the whole trust, and {meaning} here",
                "choose another word, or change it for the whole trust",
            )


def _meaning(text: str) -> tuple[str, str]:
    word, _, meaning = text.partition("=")
    return normal(word), normal(meaning)


def _entries(case: Case, key: str) -> Iterator[tuple[str, Span]]:
    """(text, place) of every entry of a field, or of a setting, which no form has as a field."""
    value, field = case.value(key), case.record.fields.get(key)
    if case.form.body == "policy" and field is not None:
        value = field.value
    entries = value if isinstance(value, tuple) else (value,)
    spans = field.items if field and len(field.items) == len(entries) else ()
    for number, entry in enumerate(entries):
        if isinstance(entry, str):
            yield entry, spans[number] if spans else case.span(key)


def _trust(case: Case) -> Mapping[str, FieldValue]:
    record = case.book.records.get(_TRUST)
    return values_of(case.book, record) if record else {}
