"""Confidential text that stands in a file by accident is in no message about that file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.cli.desk import COACH, DRAFT, SESSION, make_desk

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.desk import Desk

WORD = "zqcanary"
HEADER = """\
---
type: session
id: s-2b4d6f8h
school: otterbeck
cycle: c-0a1b2c3d
date: 2026-11-19
status: held
kind: coaching
---
"""
UNCLOSED = HEADER.removesuffix("---\n")
COMMANDS = (
    ("check",),
    ("check", "--format", "json"),
    ("check", "--format", "github"),
    ("check", "--strict", DRAFT),
    ("fix", "--dry-run"),
    ("seal", "--check"),
    ("seal", "--dry-run"),
    ("seal",),
    ("who-can-read", DRAFT),
    ("open", DRAFT),
    ("save",),
    ("build", "--only", "portal"),
    ("doctor",),
)


@pytest.fixture
def desk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Desk:
    """The small school under git, with the keys of four people."""
    desk = make_desk(tmp_path, monkeypatch, capsys)
    desk.commit_all()
    return desk


@pytest.mark.parametrize(
    "draft",
    [
        f"{HEADER}\n## Notes\n\n{WORD} in an ordinary note.\n",
        f"{HEADER}\n{WORD} in front of the first heading.\n\n## Notes\n\nText.\n",
        f"{HEADER}\n## {WORD} as a heading\n\nText.\n",
        f"{HEADER}\nNotes\n-----\n\n{WORD} under a line that looks like a heading.\n",
        f"{HEADER}\n## Notes\n\n## Notes\n\n{WORD} under a heading that is there twice.\n",
        f"{HEADER}\n## Action steps\n\n- [ ] {WORD} (by 31 Feb {WORD})\n- [q] {WORD}\n",
        f"{HEADER}\n## Notes\n\n```age coach, {WORD}\nrevision: {WORD}\n{WORD}\n```\n",
        f"{HEADER}\n## Notes\n\n```\n{WORD} in a fence that never ends\n",
        f"{UNCLOSED}\n## Notes\n\n{WORD} below a header that never ends.\n",
        f"{UNCLOSED}kinds: [a\n---\n\n## Notes\n\n{WORD} below a header that cannot be read.\n",
        f"\n{HEADER}\n## Notes\n\n{WORD} below a header that does not come first.\n",
        f"{HEADER.replace('session', 'concern', 1)}\n## What happened\n\n{WORD}\n",
        f"{HEADER.replace('session', 'consern', 1)}\n## What happened\n\n{WORD}\n",
        f"{HEADER.replace('2026-11-19', '1999-01-01')}\n## Notes\n\n{WORD}\n",
        f"{HEADER.replace('c-0a1b2c3d', 'c-nowhere')}\n## Notes\n\n{WORD}\n",
        f"{HEADER.replace('otterbeck', 'elsewhere')}\n## Notes\n\n{WORD}\n",
    ],
)
def test_no_message_quotes_confidential_text(desk: Desk, draft: str) -> None:
    """However a record is wrong, no command that looks at it prints a word of its sections."""
    for command in COMMANDS:
        desk.write(DRAFT, draft)

        result = desk.run(*command, person=COACH)

        if command != ("open", DRAFT):  # prints what the file holds, as anybody could
            assert WORD not in result.out + result.err, command


@pytest.mark.parametrize("cut", [1, 40, 200, 700, 1500])
def test_a_cut_block_gives_no_part_of_its_text(desk: Desk, cut: int) -> None:
    """A block that was cut short opens not at all, rather than as far as it goes."""
    source = desk.read(SESSION)
    end = source.index("-----END AGE")
    desk.write(SESSION, source[: end - cut] + source[end:])

    result = desk.run("open", SESSION, "--section", "Notes", person=COACH)

    assert (result.status, result.out) == (2, "")
    assert "damaged" in result.err


def test_values_do_not_show_what_they_hold(desk: Desk) -> None:
    """What a traceback or a debugger prints of a record, a book or a payload has no text in it."""
    desk.write(DRAFT, f"{HEADER}\n## Notes\n\n{WORD}\n")
    record = desk.record(DRAFT)

    shown = [repr(record), repr(desk.book), repr(desk.book.entries[DRAFT]), str(record)]

    assert WORD in record.source
    assert not any(WORD in text for text in shown)
