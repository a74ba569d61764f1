"""What a form may say about lines that ask for company, and about lints."""

from __future__ import annotations

import pytest

from coachbook.errors import FormError
from coachbook.forms import Form, builtin_forms, load_forms

FORM = """\
form: chat
version: 1
type: chat
title: Chat
purpose: A short talk.
prefix: ch
place: "records/{{school}}/{{id}}.md"
row: session notes
sections:
  Talk:
    sealed: true
    lint: [{lint}]
    lines:
      Goal: {{type: choice, choices: [met, open]{more}}}
      Evidence: {{type: text}}
  Plan:
    sealed: true
"""


def chat(lint: str = "", more: str = "") -> Form:
    """A form with a lint and with more keys for its first line."""
    source = FORM.format(lint=lint, more=f", {more}" if more else "")
    form = load_forms([("chat.yml", source.encode())], builtin_forms()).latest("chat")
    assert form is not None
    return form


def test_a_value_can_ask_for_a_line_or_a_section() -> None:
    """What shows a value may be a line beside it; help may be a section of its own."""
    line = chat(more="shown_by: {met: Evidence}, helped_by: {open: Plan}").sections[0].lines[0]

    assert line.shown_by == (("met", "Evidence"),)
    assert line.helped_by == (("open", "Plan"),)


def test_every_section_is_searched_for_pupils_and_safeguarding() -> None:
    """A form adds to that, and cannot leave it out."""
    assert chat().sections[0].lints == ("pupils", "safeguarding")
    assert chat("identity").sections[0].lints == ("pupils", "safeguarding", "identity")


@pytest.mark.parametrize(
    ("lint", "more", "message", "hint"),
    [
        ("identty", "", 'section "Talk" has unknown lint `identty`', "did you mean `identity`?"),
        ("", "shown_by: {mett: Evidence}", "asks for more at unknown `mett`", "`met`"),
        (
            "",
            "helped_by: {met: Evidnce}",
            "asks for unknown line or section `Evidnce`",
            "`Evidence`",
        ),
        ("", "helped_by: {met: Talk}", "unknown line or section `Talk`", "Evidence"),
    ],
)
def test_a_form_that_asks_for_what_is_not_there_is_refused(
    lint: str, more: str, message: str, hint: str
) -> None:
    """A misspelt lint or line would be a check that never runs."""
    with pytest.raises(FormError) as refused:
        chat(lint, more)

    assert message in refused.value.message
    assert hint in (refused.value.hint or "")
