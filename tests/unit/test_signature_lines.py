"""The fence of a signature after a sealed block: what may stand there, and where it may stand."""

from __future__ import annotations

import pytest
from hypothesis import given

from coachbook.age.armor import armor
from coachbook.record import Record, format_block, parse_record, replace_section
from coachbook.signature_lines import SignatureLines, format_signature, parse_signature
from tests.strategies import signatures

HEADER = "---\ntype: session\nid: s-7kq2m4xa\n---\n\n## Notes\n\n"
BLOCK = format_block(("coach",), 1, armor(b"sealed" * 9))
LINES = SignatureLines("p-7kq2m4xa", "zqvolpv2ncbzaxilqwlivlhnhe", "2026-11-12", "A" * 86 + "==")
FENCE = format_signature(LINES)


def record(body: str) -> Record:
    """The session with this body."""
    found = parse_record("records/a.md", (HEADER + body).encode())
    assert isinstance(found, Record)
    return found


def faults(body: str) -> list[str]:
    """What is wrong with the shape of the session with this body."""
    return [fault.message for fault in record(body).faults if fault.code == "CB504"]


@given(lines=signatures)
def test_reading_is_the_inverse_of_writing(lines: SignatureLines) -> None:
    """What is written under a block is read back as it was."""
    content = format_signature(lines).removeprefix("```age-signature").removesuffix("```")

    assert parse_signature(content) == lines


@pytest.mark.parametrize("gap", ["\n", "\n\n", "\n\n\n", "\n  \n", "\r\n\r\n"])
def test_a_signature_belongs_to_the_block_before_it(gap: str) -> None:
    """The block with its signature is one piece, whatever blank lines are between them."""
    found = record(f"{BLOCK}{gap}{FENCE}\n")

    section = found.sections[0]
    (block,) = section.blocks
    assert block.signature == LINES
    assert found.source[block.start : block.end] == f"{BLOCK}{gap}{FENCE}"
    assert section.stray is None
    assert found.faults == ()


def test_a_block_without_one_is_sound() -> None:
    """Sealing needs no key, so most blocks may stand without a signature."""
    found = record(f"{BLOCK}\n")

    assert found.sections[0].blocks[0].signature is None
    assert found.faults == ()


def test_what_editors_and_mail_put_round_lines_does_no_harm() -> None:
    """An indented fence with carriage returns is read as it was written."""
    body = f"{BLOCK}\n\n{FENCE}\n".replace("\n", "\r\n  ")

    assert record(body).sections[0].blocks[0].signature == LINES


def test_replacing_a_section_takes_its_signature_with_it() -> None:
    """No signature is left behind under a text that it was not made for."""
    assert "age-signature" not in replace_section(record(f"{BLOCK}\n\n{FENCE}\n"), "Notes", "New.")


@pytest.mark.parametrize(
    "body",
    [
        f"{FENCE}\n",
        f"{FENCE}\n\n{BLOCK}\n",
        f"{BLOCK}\n\nA word.\n\n{FENCE}\n",
        f"{BLOCK}\n\n{FENCE}\n\n{FENCE}\n",
        f"{BLOCK}\n\n## Practice\n\n{FENCE}\n",
    ],
    ids=["alone", "before", "behind text", "twice", "in another section"],
)
def test_a_signature_without_its_block_stops(body: str) -> None:
    """A signature stands right under one block, and under no other thing."""
    assert faults(body) == ["a signature stands here without the sealed block that it belongs to"]


@pytest.mark.parametrize(
    "old",
    ["signer: p-7kq2m4xa", "key: zqvolpv2ncbzaxilqwlivlhnhe", "day: 2026-11-12", "AA=="],
)
@pytest.mark.parametrize("new", ["", "Nobody waited.", "signer: head@otterbeck", "AB=="])
def test_whatever_else_stands_in_the_fence_stops(old: str, new: str) -> None:
    """Plain text in the fence would pass for sealed, so nothing but the four lines may be there."""
    body = f"{BLOCK}\n\n{FENCE.replace(old, new)}\n"

    found = faults(body)

    assert found == ["the signature here is damaged: expected signer, key, day and signature"]
    assert "Nobody waited" not in "".join(found)


@pytest.mark.parametrize("info", ["age-signature coach", "age-signature  x"])
def test_the_fence_has_no_other_words(info: str) -> None:
    """Beside its name nothing stands in the first line, where it could be plain text."""
    assert faults(f"{BLOCK}\n\n{FENCE.replace('age-signature', info)}\n") != []


def test_a_fence_that_never_ends_stops() -> None:
    """All below an open fence would be neither sealed nor read."""
    assert faults(f"{BLOCK}\n\n{FENCE.removesuffix('```')}") == [
        "the signature that opens here never ends"
    ]
