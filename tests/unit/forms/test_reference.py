"""The page that tells a school how to write a form."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from coachbook.forms import builtin_forms, load_forms, reading
from coachbook.forms.values import TYPES

PAGE = Path(__file__).parents[3].joinpath("docs/forms.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)


@pytest.mark.parametrize(
    "word", [*reading.FORM_KEYS, *reading.FIELD_KEYS, *reading.SECTION_KEYS, *reading.LINE_KEYS,
             *reading.SCALE_KEYS, *reading.LINE_TYPES, *TYPES]
)  # fmt: skip
def test_the_page_names_every_word_of_a_form(word: str) -> None:
    """Nothing that a form may say has to be looked up in the program."""
    assert f"`{word}`" in PAGE or f"`{word}:" in PAGE or f"{word}:" in PAGE


def test_the_example_of_the_page_is_a_form() -> None:
    """It can be copied as it stands, and becomes what new records are written on."""
    forms = load_forms([("peer-visit.yml", EXAMPLES[0].encode())], base=builtin_forms())

    latest, first = forms.latest("peer-visit"), forms.find("peer-visit", 1)
    assert latest is not None
    assert first is not None
    assert (latest.version, latest.place, latest.relations) == (2, first.place, first.relations)
    assert [section.name for section in latest.sections] == [
        "What I noticed", "Question to take away",
    ]  # fmt: skip


def test_the_scale_of_the_page_is_one() -> None:
    """Two lines share their answers."""
    head = "form: x\nversion: 1\ntype: x\nprefix: x\ntitle: X\npurpose: X.\nplace: records/x.md\n"

    (form,) = load_forms([("x.yml", f"{head}{EXAMPLES[1]}".encode())])

    assert {line.scale for line in form.sections[0].lines} == {"demonstrated"}
