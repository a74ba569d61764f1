"""`coachbook build` where one school of several is at fault."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from coachbook.cli import main as coachbook
from tests.schools import FIRST, SECOND, make_schools

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def unseal(root: Path, school: str) -> None:
    """Puts plain text into the place of a sealed block."""
    note = next(iter((root / "records" / school).rglob("*-s-*.md")))
    text = note.read_text(encoding="utf-8")
    plain = re.sub(r"```age.*?```", "She waited.", text, flags=re.DOTALL)
    assert plain != text
    note.write_text(plain, encoding="utf-8", newline="\n")


def build(root: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    """Exit status and talk of a build of the portal."""
    status = coachbook(["build", "-C", str(root), "--only", "portal"])
    return status, capsys.readouterr().err


def only_first_has_blocks(root: Path) -> None:
    """Takes the copied blocks out of the second school, and what cannot be without them."""
    for path in (root / "records" / SECOND / "2026-27").rglob("*.md"):
        path.unlink()


def test_one_school_is_stopped_and_the_others_are_published(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The command says which and why, and its status is 1; all at fault stop everything."""
    monkeypatch.setenv("COACHBOOK_CACHE", str(tmp_path / "cache"))
    root = tmp_path / "workspace"
    make_schools(root)
    only_first_has_blocks(root)
    status, said = build(root, capsys)
    assert (status, "nothing new" in said) == (0, False), said
    before = {path.name for path in (root / "site/portal/data").iterdir()}

    unseal(root, FIRST)
    status, said = build(root, capsys)

    assert status == 1
    assert re.search(r"nothing new was published of Otterbeck Primary \(CB50\d", said)
    assert "hint: run: coachbook check records/otterbeck" in said
    after = {path.name for path in (root / "site/portal/data").iterdir()}
    assert before < after
    assert coachbook(["audit", str(root / "site")]) == 0

    (root / "records" / SECOND / "policy-2026-09.md").unlink()
    status, said = build(root, capsys)

    assert status == 1
    assert "nothing was published" in said
    assert {path.name for path in (root / "site/portal/data").iterdir()} == after
