"""The preset documents: four ways of running coaching, each a whole policy to begin with.

A preset is the document itself. Its header holds its values, and a parameter that it leaves out
is a rule that it does not have. What no preset can answer, every school must: how long records
are kept, who may open a part when everyone who could has left, who holds the repository, and
whether protected keys are published.
"""

from __future__ import annotations

from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import TYPE_CHECKING

from coachbook.errors import UsageError
from coachbook.frontmatter import Value, format_header, parse_header
from coachbook.parameter_table import PARAMETERS
from coachbook.parameters import Setting, parse_setting
from coachbook.spelling import closest

if TYPE_CHECKING:
    from collections.abc import Mapping
    from importlib.resources.abc import Traversable

__all__ = [
    "PARAMETERS",
    "PRESETS",
    "SUMMARIES",
    "fill_preset",
    "preset_document",
    "preset_names",
    "preset_values",
]

COLLATES = "head-collates"
EXCLUDED = "head-excluded"
MODELS = "trust-two-models"
MENTOR = "mentor-and-slt"

SUMMARIES: Mapping[str, str] = MappingProxyType(
    {
        COLLATES: "the head reads every note and brings together what the school learns",
        EXCLUDED: "notes stay with the pair and the impact monitor; the head has no key to them",
        MODELS: "two models in every school of a trust, open doors, figures and consent",
        MENTOR: "everyone has a mentor; senior leaders read forms, and of meetings the topics",
    }
)
"""Each preset, in the order in which they are named, and what is special about it."""

PRESETS = tuple(SUMMARIES)


def preset_names() -> tuple[str, ...]:
    """The presets that have a document, in order."""
    files = {entry.name for entry in _folder().iterdir()}
    return tuple(name for name in PRESETS if f"{name}.md" in files)


def preset_document(name: str) -> str:
    """The policy document of a preset; UsageError when there is none of that name."""
    if name not in preset_names():
        near = closest(name, preset_names())
        meant = f"did you mean {near}? " if near else ""
        raise UsageError(
            f"there is no preset {name!r}",
            hint=f"{meant}choose one of: {', '.join(preset_names())}",
        )
    return (_folder() / f"{name}.md").read_text(encoding="utf-8")


@cache
def preset_values(name: str) -> Mapping[str, Setting]:
    """What a preset decides, by parameter, as its document says; UsageError as above."""
    fields = parse_header(preset_document(name)).fields
    found = {
        key: parse_setting(PARAMETERS[key], field.value)
        for key, field in fields.items()
        if key in PARAMETERS
    }
    return MappingProxyType({key: value for key, value in found.items() if value is not None})


def fill_preset(name: str, answers: Mapping[str, Value]) -> str:
    """The document of a preset with more header fields, as a school's own first policy.

    `answers` hold what a preset cannot know: school, version, dates, and every parameter with a
    question; an answer also takes the place of a value that the preset has.
    """
    text = preset_document(name)
    header = parse_header(text)
    own = {key: _plain(key, field.value) for key, field in header.fields.items()}
    values = own | {key: _plain(key, value) for key, value in answers.items()}
    return format_header(dict(sorted(values.items(), key=_rank))) + text[header.body_offset :]


_FIRST_KEYS = (
    *("type", "school", "version", "effective_from", "review_due"),
    *("ratified_on", "preset", *PARAMETERS),
)


def _rank(item: tuple[str, Value]) -> int:
    """Where a key stands in a header: the policy's own facts, then the table's order."""
    return _FIRST_KEYS.index(item[0]) if item[0] in _FIRST_KEYS else len(_FIRST_KEYS)


def _plain(key: str, value: Value) -> Value:
    """The value as its parameter has it, so that `yes` needs no quotes; others as they are."""
    spec = PARAMETERS.get(key)
    found = None if spec is None else parse_setting(spec, value)
    return value if found is None else found


def _folder() -> Traversable:
    return resources.files("coachbook") / "_presets"
