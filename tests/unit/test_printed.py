"""What is printed: one page, no script, and nothing of the workspace's own templates."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

import pytest
import segno

from coachbook.audience import audience
from coachbook.book import load_book
from coachbook.invitation import Card
from coachbook.paperkey import new_paper_key
from coachbook.printed import (
    RecoverySheet,
    format_recovery_sheet,
    grouped,
    qr_code,
    recovery_sheet,
    render_cards,
    render_recovery_sheet,
)
from coachbook.publickey import public_key_of
from tests.workspaces.otterbeck_small import ROOT, stream

if TYPE_CHECKING:
    from pathlib import Path

OWNER = "envelope@otterbeck"
CARD = Card(
    trust="Lantern Hill",
    name='<b onclick="alert(1)">Wren</b>',
    sign_in="wren.ashgrove",
    link="https://portal.example.org/#person=wren.ashgrove",
    address="https://portal.example.org/",
    key_file="p-7kq2m4xa.age",
    helpers=("Petra Quill", "Caius Rudge"),
    fingerprint="abcdefghijklmnopqrstuvwxyz",
    generation=1,
)


@pytest.fixture(scope="module")
def sheet() -> RecoverySheet:
    """The sheet of a key of the small school."""
    made = new_paper_key(stream("a key on paper"))
    public = public_key_of(made.identity, owner=OWNER, generation=2, created=date(2026, 11, 20))
    return recovery_sheet(load_book(ROOT), "otterbeck", made, public)


def squares(text: str) -> list[list[int]]:
    """The dark and light squares that the drawing of a QR code makes."""
    found = qr_code(text)
    size = int(str(found["size"])) - 8
    rows = [[0] * size for _ in range(size)]
    for x, y, width in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\d+z", str(found["path"])):
        for n in range(int(width)):
            rows[int(y) - 4][int(x) - 4 + n] = 1
    return rows


def test_the_drawing_is_the_qr_code() -> None:
    """Every dark square of the code is drawn, with a white margin, and no other."""
    text = "AGE-SECRET-KEY-1EXAMPLE"

    assert squares(text) == [list(row) for row in segno.make_qr(text, error="m").matrix]


def test_the_sheet_says_what_it_opens_and_who_may_break_the_seal(sheet: RecoverySheet) -> None:
    """The policy's own clause stands on the paper, with the commands as they are typed."""
    page = render_recovery_sheet(sheet)

    assert "Key 2, made on 20 Nov 2026" in page
    assert "The policy says in 10.3" in page
    assert "coachbook keys drill otterbeck" in page
    assert all(f'<span class="word">{word}</span>' in page for word in sheet.words)


def test_text_and_page_hold_the_same_words(sheet: RecoverySheet) -> None:
    """Whoever prints plain text has all that is needed, too."""
    text = format_recovery_sheet(sheet)

    assert all(f"{n} {word}" in text for n, word in enumerate(sheet.words, start=1))
    assert sheet.line in text
    assert max(map(len, text.splitlines())) <= 96


def test_a_sheet_runs_nothing_and_asks_nobody(sheet: RecoverySheet) -> None:
    """No script, no address of another file, and a policy that would refuse both."""
    for page in (render_recovery_sheet(sheet), render_cards([CARD], audience("p-7kq2m4xa"))):
        assert "<script" not in page
        assert "default-src 'none'" in page
        assert not re.search(r"(?:src|href|url)\s*[=(]", page)


def test_a_sheet_shows_its_words_in_no_message(sheet: RecoverySheet) -> None:
    """What Python would print of the sheet holds neither words nor secret line."""
    assert sheet.words[0] not in repr(sheet)
    assert sheet.line not in repr(sheet)


def test_a_template_of_the_workspace_never_sees_the_words(
    sheet: RecoverySheet, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A workspace can bring templates of its own for pages, and none for what is printed."""
    own = tmp_path / "site_templates" / "paper"
    own.mkdir(parents=True)
    (own / "recovery.html").write_text("{{ line }} to somebody else")
    monkeypatch.chdir(tmp_path)

    assert "to somebody else" not in render_recovery_sheet(sheet)


def test_a_name_on_a_card_is_text() -> None:
    """Whatever a name looks like, it is shown as it is written."""
    page = render_cards([CARD], audience("p-7kq2m4xa"))

    assert "&lt;b onclick=" in page
    assert "<b onclick" not in page


def test_fingerprints_are_read_out_in_groups() -> None:
    """Four letters at a time."""
    assert grouped("abcdefghij") == "abcd efgh ij"
