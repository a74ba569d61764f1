"""`coachbook seal`."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

import pytest

from coachbook.age import X25519Identity
from coachbook.publickey import format_public_key, public_key_of
from coachbook.readers import stated_readers
from coachbook.rules import TEXT_RULES
from coachbook.sealing import open_block
from tests.cli.desk import (
    COACH,
    COACHEE,
    DRAFT,
    DRAFT_TEXT,
    HEAD,
    MONITOR,
    NOTE,
    PLAIN_WHOLE,
    PLAIN_WHOLE_TEXT,
    SESSION,
)
from tests.workspaces import otterbeck_small as small

if TYPE_CHECKING:
    from coachbook.sections import SealedBlock
    from tests.cli.desk import Desk


def block(desk: Desk, path: str, section: str) -> SealedBlock:
    """The sealed block of a section as it lies on disk."""
    found = desk.record(path).section(section)
    assert found is not None
    return found.blocks[0]


def readers(desk: Desk, path: str, section: str) -> list[str]:
    """Whom a section on disk is sealed to."""
    return [reader for reader, _ in stated_readers(block(desk, path, section).armor)]


def replace_key(desk: Desk, owner: str) -> str:
    """Puts another key in the place of the owner's; its fingerprint."""
    made = public_key_of(X25519Identity.generate(), owner=owner, generation=1, created=small.MADE)
    desk.write(made.path, format_public_key(made))
    return made.fingerprint


def test_confidential_sections_are_sealed(desk: Desk) -> None:
    """`seal` seals every confidential section, and no word of it stays in the clear."""
    desk.write(DRAFT, DRAFT_TEXT)

    result = desk.run("seal", person=COACH)

    assert result.status == 0, result.err
    assert result.out.splitlines() == [
        f"{DRAFT}: Notes and Action steps for Nerys, Idris and the impact monitor (Petra)",
        f"{DRAFT}: Coach notes for Idris",
    ]
    assert NOTE.encode() not in desk.everything()
    assert readers(desk, DRAFT, "Notes") == [COACHEE, COACH, "monitor@otterbeck"]
    assert readers(desk, DRAFT, "Coach notes") == [COACH]
    assert "minutes: 15" in desk.read(DRAFT)
    assert "3 sections sealed" in result.err


def test_the_payload_says_where_it_belongs(desk: Desk) -> None:
    """What is sealed says where it belongs, who sealed it and which text rules ran."""
    desk.write(DRAFT, DRAFT_TEXT)
    desk.run("seal", person=COACH)

    payload = open_block(
        block(desk, DRAFT, "Action steps").armor,
        {COACHEE: small.identity(COACHEE)},
        None,
        revision=1,
    )

    assert (payload.record, payload.section) == ("s-2b4d6f8h", "Action steps")
    assert payload.parties == (("coach", COACH), ("coachee", COACHEE))
    assert (payload.author, payload.policy) == (COACH, "2026-09")
    assert payload.rules == tuple(rule.code for rule in TEXT_RULES)
    assert payload.data["steps"] == [
        {"done": False, "due": "2026-11-26", "text": "Count to three after every question"}
    ]


def test_the_head_opens_nothing(desk: Desk) -> None:
    """No key of the head opens any section that was sealed."""
    desk.write(DRAFT, DRAFT_TEXT)
    desk.run("seal", person=COACH)

    for section in ("Notes", "Action steps", "Coach notes"):
        result = desk.run("open", DRAFT, "--section", section, person=HEAD)
        assert (result.status, result.out) == (2, "")


def test_sealing_twice_changes_nothing(desk: Desk) -> None:
    """A record that is sealed is left exactly as it is."""
    desk.write(DRAFT, DRAFT_TEXT)
    desk.run("seal", person=COACH)
    sealed = desk.read(DRAFT)

    result = desk.run("seal", DRAFT, person=COACH)

    assert (result.status, result.out) == (0, "")
    assert "no sections sealed" in result.err
    assert desk.read(DRAFT) == sealed


def test_nobody_has_to_be_named(desk: Desk) -> None:
    """Sealing needs no key of one's own; then no author is named."""
    desk.write(DRAFT, DRAFT_TEXT)

    assert desk.run("seal", words="").status == 0

    payload = open_block(
        block(desk, DRAFT, "Notes").armor, {COACH: small.identity(COACH)}, None, revision=1
    )
    assert payload.author == ""


def test_windows_line_endings_stay(desk: Desk) -> None:
    """A record with Windows line endings keeps them."""
    desk.write(DRAFT, DRAFT_TEXT.replace("\n", "\r\n"))

    assert desk.run("seal").status == 0

    assert re.search(r"(?<!\r)\n", desk.read(DRAFT)) is None
    assert desk.run("open", DRAFT, "--section", "Notes", person=COACH).out == f"{NOTE}\n"


def test_guide_lines_are_dropped(desk: Desk) -> None:
    """The guide lines of a new record are not sealed, and do not stay."""
    guide = "<!-- guide: Only Nerys can read this. In your own words. What are you noticing? -->"
    empty = f"## Practice\n{guide}\n\n## Coach notes"
    text = DRAFT_TEXT.replace("## Notes\n", f"## Notes\n{guide}\n")
    desk.write(DRAFT, text.replace("## Coach notes", empty))

    assert desk.run("seal").status == 0

    assert "guide" not in desk.read(DRAFT)
    assert "## Practice\n\n\n## Coach notes" in desk.read(DRAFT)
    assert desk.run("open", DRAFT, "--section", "Notes", person=COACH).out == f"{NOTE}\n"


def test_check_reports_and_seals_nothing(desk: Desk) -> None:
    """`seal --check` names what is not sealed, seals nothing and quotes nothing."""
    desk.write(DRAFT, DRAFT_TEXT)

    result = desk.run("seal", "--check")

    assert result.status == 1
    assert f"{DRAFT}:12:1: CB501" in result.out
    assert NOTE not in result.out + result.err
    assert desk.read(DRAFT) == DRAFT_TEXT


def test_check_is_clean_when_all_is_sealed(desk: Desk) -> None:
    """`seal --check` has nothing to say when everything is sealed."""
    assert desk.run("seal", "--check").status == 0


def test_check_takes_a_byte_order_mark(desk: Desk) -> None:
    """A byte order mark in front of a sealed record hides nothing, so it holds up no commit."""
    place = desk.root / SESSION
    place.write_bytes(b"\xef\xbb\xbf" + place.read_bytes())

    assert desk.run("seal", "--check").status == 0


def test_a_dry_run_writes_nothing(desk: Desk) -> None:
    """`seal --dry-run` says what would be sealed for whom and writes nothing."""
    desk.write(DRAFT, DRAFT_TEXT)

    result = desk.run("seal", "--dry-run")

    assert result.status == 0
    assert "Coach notes for Idris" in result.out
    assert "3 sections would be sealed" in result.err
    assert desk.read(DRAFT) == DRAFT_TEXT


@pytest.mark.parametrize("path", ["records/otterbek", "records/README.md", "nothing.md"])
def test_a_path_without_records_is_an_error(desk: Desk, path: str) -> None:
    """A misspelt path is an error, so that nothing stays unsealed in silence."""
    desk.write("records/README.md", "# About these records\n")

    result = desk.run("seal", path)

    assert result.status == 2
    assert "there is no" in result.err


def test_only_the_given_records_are_sealed(desk: Desk) -> None:
    """Records outside the given path are left alone."""
    desk.write(DRAFT, DRAFT_TEXT)

    assert desk.run("seal", SESSION).status == 0
    assert desk.read(DRAFT) == DRAFT_TEXT


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("## Coach notes", "#Coach notes", "CB108"),
        ("## Coach notes", "**Coach notes**", "CB108"),
        ("## Coach notes", "Coach notes\n---", "CB108"),
        ("## Coach notes", "### Coach notes", "CB108"),
        ("## Coach notes", "## Coach note", "CB109"),
        ("\n## Notes", "I spoke too soon.\n\n## Notes", "CB108"),
        ("type: session", "type: sesion", "CB501"),
        ("cycle: c-0a1b2c3d", "cycle: c-0a1b2c3e", "CB501"),
        ("school: otterbeck", "school: bramblewick", "CB501"),
        ("date: 2026-11-19", "date: 2026-08-19", "CB501"),
    ],
)
def test_what_is_not_certain_is_not_sealed(desk: Desk, old: str, new: str, code: str) -> None:
    """A record whose sections, people or policy are not certain is not sealed, and not quoted."""
    text = DRAFT_TEXT.replace(old, new)
    desk.write(DRAFT, text)

    result = desk.run("seal", DRAFT)

    assert result.status == 1
    assert code in result.err
    assert NOTE not in result.err
    assert "spoke" not in result.err
    assert desk.read(DRAFT) == text


def test_text_beside_a_block_is_refused(desk: Desk) -> None:
    """Text that was added below a sealed block is not sealed away unseen."""
    text = desk.read(SESSION).replace("## Action steps", "Pasted below.\n\n## Action steps")
    desk.write(SESSION, text)

    result = desk.run("seal", SESSION)

    assert result.status == 1
    assert "CB505" in result.err
    assert desk.read(SESSION) == text


def test_the_other_records_are_sealed_all_the_same(desk: Desk) -> None:
    """One record that cannot be sealed does not keep the others in the clear."""
    desk.write(DRAFT, DRAFT_TEXT)
    other = DRAFT.replace("2026-11-19-s-2b4d6f8h", "2026-11-18-s-3c5e7g9j")
    desk.write(
        other,
        DRAFT_TEXT.replace("s-2b4d6f8h", "s-3c5e7g9j").replace("## Notes", "#Notes"),
    )

    assert desk.run("seal").status == 1

    assert NOTE not in desk.read(DRAFT)
    assert NOTE in desk.read(other)


def test_a_file_that_is_no_record_is_named(desk: Desk) -> None:
    """A file whose header cannot be read is named, because it was not sealed."""
    desk.write(DRAFT, DRAFT_TEXT.replace("---\n\n##", "\n##"))

    result = desk.run("seal", DRAFT)

    assert result.status == 1
    assert f"{DRAFT}:" in result.err
    assert NOTE not in result.err


def test_a_reader_without_a_key_stops_the_record(desk: Desk) -> None:
    """Nothing is sealed while somebody who may read it has no key."""
    (desk.root / f"records/keys/{COACHEE}.pub").unlink()
    desk.write(DRAFT, DRAFT_TEXT)

    result = desk.run("seal", DRAFT)

    assert result.status == 1
    assert "CB602 Nerys Sallowfield may read this and has no key" in result.err
    assert f"run: coachbook keys new {COACHEE}" in result.err
    assert desk.read(DRAFT) == DRAFT_TEXT


@pytest.mark.parametrize("key", ["recovery.holder", "retention.notes", "repository.holders"])
def test_an_unfinished_policy_stops_sealing(desk: Desk, key: str) -> None:
    """Nothing is sealed before the policy answers retention, recovery and who holds a copy."""
    policy = desk.read(small.POLICY)
    desk.write(small.POLICY, re.sub(rf"^{re.escape(key)}:.*\n", "", policy, flags=re.MULTILINE))
    desk.write(DRAFT, DRAFT_TEXT)

    result = desk.run("seal", DRAFT)

    assert result.status == 1
    assert "the policy has to be mended first" in result.err
    assert desk.read(DRAFT) == DRAFT_TEXT


def test_first_use_takes_the_keys_as_they_are(desk: Desk) -> None:
    """On first use a device takes the keys it finds and says so in one line."""
    desk.write(DRAFT, DRAFT_TEXT)

    first = desk.run("seal")

    assert first.err.count("first use on this device: the 9 keys") == 1
    desk.write(DRAFT, DRAFT_TEXT)
    assert "first use" not in desk.run("seal").err


def test_a_swapped_key_stops_the_command(desk: Desk) -> None:
    """A key that is another than before stops the command, which names whose it is."""
    desk.run("seal", "--as", COACH)
    desk.write(DRAFT, DRAFT_TEXT)
    desk.run("seal")
    fingerprint = replace_key(desk, COACHEE)
    desk.write(DRAFT, DRAFT_TEXT)

    result = desk.run("seal")

    assert result.status == 2
    assert f"Nerys Sallowfield ({COACHEE}) has another key than before: {fingerprint}" in result.err
    assert f"--new-reader {COACHEE}" in result.err
    assert desk.read(DRAFT) == DRAFT_TEXT


def test_a_new_reader_is_accepted_by_name(desk: Desk) -> None:
    """A new key is accepted with --new-reader, and is known from then on."""
    desk.write(DRAFT, DRAFT_TEXT)
    desk.run("seal")
    replace_key(desk, COACHEE)
    replace_key(desk, COACH)
    desk.write(DRAFT, DRAFT_TEXT)

    assert desk.run("seal", "--new-reader", COACHEE).status == 2
    assert desk.run("seal", "--new-reader", COACHEE, "--new-reader", COACH).status == 0
    desk.write(DRAFT, DRAFT_TEXT)
    assert desk.run("seal").status == 0


def test_an_unknown_new_reader_is_an_error(desk: Desk) -> None:
    """--new-reader names somebody who has a key."""
    result = desk.run("seal", "--new-reader", "p-nobody00")

    assert result.status == 2
    assert "p-nobody00 has no key" in result.err


def test_a_record_can_be_sealed_whole(desk: Desk) -> None:
    """A record whose existence is confidential shows nothing but its school and readers."""
    desk.write(PLAIN_WHOLE, PLAIN_WHOLE_TEXT)

    result = desk.run("seal", person=MONITOR)

    assert result.status == 0, result.err
    path = result.out.split(":")[0]
    assert re.fullmatch(r"records/otterbeck/sealed/x-[a-z0-9]{8}\.md", path)
    assert not (desk.root / PLAIN_WHOLE).exists()
    header, _, rest = desk.read(path).partition("---\n\n")
    name = path.rpartition("/")[2].removesuffix(".md")
    assert header == f"---\ntype: sealed\nid: {name}\nschool: otterbeck\n"
    assert rest.startswith("```age ")
    assert desk.run("open", path, person=HEAD).out == PLAIN_WHOLE_TEXT
    assert b"capability" not in desk.everything().replace(desk.read(small.POLICY).encode(), b"")


def test_an_interrupted_write_leaves_the_record(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A disk that is full leaves the record as it was, and no half-written file."""
    desk.write(DRAFT, DRAFT_TEXT)
    monkeypatch.setattr(os, "fsync", _full)

    result = desk.run("seal", words="")

    assert result.status == 2
    assert "no space left" in result.err
    assert desk.read(DRAFT) == DRAFT_TEXT
    assert [p for p in desk.root.rglob("*") if p.name.endswith(".new")] == []


def _full(_handle: int) -> None:
    raise OSError(28, "No space left on device")


def test_the_revision_follows_the_last_commit(desk: Desk) -> None:
    """Text that was typed over a sealed section gets the next revision."""
    desk.commit_all()
    name = "## Notes\n\n"
    source = desk.read(SESSION)
    found = block(desk, SESSION, "Notes")
    desk.write(SESSION, source.replace(source[found.start : found.end], "Typed over."))
    assert name in desk.read(SESSION)

    assert desk.run("seal", SESSION).status == 0

    assert block(desk, SESSION, "Notes").revision == 2
    assert block(desk, SESSION, "Action steps").revision == 1


def test_text_rules_speak_and_do_not_stop(desk: Desk) -> None:
    """What the text rules find is told by place, and the text is sealed all the same."""
    desk.write(DRAFT, DRAFT_TEXT.replace(" (by 26 Nov)", ""))

    result = desk.run("seal", DRAFT)

    assert f"{DRAFT}:18:1: CB411 warning: " in result.err
    assert "Count to three" not in result.err + result.out + desk.read(DRAFT)
    assert result.status == 0


STOP = """\
---
type: stop
id: k-9c1e5g3i
school: otterbeck
partnership: pt-6r1e9k3w
by: coachee
stopped_on: 2026-11-16
---
"""


def test_sealing_a_stop_says_that_the_partnership_goes_on(desk: Desk) -> None:
    """A stop is sealed from everybody else, so the clear partnership has to be paused by hand."""
    desk.write("records/otterbeck/sealed/k-9c1e5g3i.md", STOP)

    result = desk.run("seal", "records/otterbeck/sealed/k-9c1e5g3i.md", person=COACHEE)

    assert result.status == 0
    assert "CB437 warning: the partnership that this stops still stands as active" in result.err
    assert not (desk.root / "records/otterbeck/sealed/k-9c1e5g3i.md").exists()


@pytest.mark.parametrize("way", [(), ("--check",), ("--dry-run",)])
def test_text_where_nothing_is_ever_sealed(desk: Desk, way: tuple[str, ...]) -> None:
    """A note in a record that has no place for one is told, and never taken for sealed."""
    place = f"records/people/{COACHEE}.md"
    desk.write(place, (desk.root / place).read_text() + f"\n## Notes\n\n{NOTE}\n")

    result = desk.run("seal", place, *way, person=COACH)

    assert result.status == 1
    assert "CB109" in result.out + result.err
    assert NOTE not in result.out + result.err
