"""Signatures under sealed parts, looked at without a key."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from coachbook.book import load_book
from coachbook.record import Record, parse_record
from coachbook.rules import check_book
from coachbook.signature_lines import SignatureLines, format_signature
from tests.rules.samples import FOLDER
from tests.unit.conftest import TODAY
from tests.workspaces.otterbeck_small import COACH, SESSION, SESSION_TEXT, seal_sections, signer

if TYPE_CHECKING:
    from pathlib import Path

LINES = SignatureLines(COACH, "a" * 26, "2026-11-12", "A" * 86 + "==")


def signed_session(workspace: Path) -> Path:
    """The session of the small workspace, signed by its coach."""
    record = parse_record(SESSION, SESSION_TEXT.encode())
    assert isinstance(record, Record)
    path = workspace / SESSION
    book = load_book(workspace, today=TODAY)
    path.write_text(seal_sections(book, record, signer=signer(COACH)), encoding="utf-8")
    return path


def found(workspace: Path) -> list[tuple[str, str]]:
    """What is found about signatures."""
    book = load_book(workspace, today=TODAY)
    return [(one.code, one.message) for one in check_book(book) if one.code.startswith("CB51")]


def test_a_true_signature_is_no_finding(workspace: Path) -> None:
    """What its author signed passes, and no key is needed to see that."""
    signed_session(workspace)

    assert found(workspace) == []


def test_a_file_with_windows_line_ends_keeps_its_signatures(workspace: Path) -> None:
    """Git may change the ends of lines; what is signed is the sealed file and not its lines."""
    path = signed_session(workspace)
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))

    assert found(workspace) == []


def test_a_key_that_is_not_there_is_named(workspace: Path) -> None:
    """If a key was taken out of records/keys, what was signed with it can't be shown any more."""
    path = signed_session(workspace)
    key = signer(COACH).key.fingerprint
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(f"key: {key}", f"key: {'a' * 26}"), encoding="utf-8")

    assert found(workspace)[0] == (
        "CB511",
        (
            'the signature of Idris under section "Notes" does not match: the key it names is not '
            "among the keys of Idris"
        ),
    )


def test_a_record_sealed_whole_names_nobody(workspace: Path) -> None:
    """Whoever signs a concern from outside tells everybody that they raised it."""
    folder = workspace / "records/otterbeck/sealed"
    folder.mkdir()
    text = (FOLDER / "CB605" / "ok.md").read_text(encoding="utf-8").rstrip()
    sealed = f"{text}\n\n{format_signature(LINES)}\n"
    (folder / "x-2b4d6f8h.md").write_text(sealed, encoding="utf-8")

    assert found(workspace) == [
        ("CB511", "a record that is sealed whole shows who sealed it: Idris")
    ]


@pytest.mark.parametrize(("last", "codes"), [("2026-11-11", {"CB513"}), ("2026-11-12", set())])
def test_what_was_signed_after_leaving_is_told(workspace: Path, last: str, codes: set[str]) -> None:
    """Somebody's last day still counts; what is dated after it is told."""
    signed_session(workspace)
    book = load_book(workspace, today=TODAY)
    person = workspace / book.by_id[COACH][0].path
    text = person.read_text(encoding="utf-8")
    person.write_text(text.replace("\n---\n", f"\nend: {last}\n---\n", 1), encoding="utf-8")

    assert {code for code, _ in found(workspace)} == codes
