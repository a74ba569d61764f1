"""`coachbook who-can-read`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.cli.desk import (
    COACH,
    COACHEE,
    DRAFT,
    DRAFT_TEXT,
    MONITOR,
    PLAIN_WHOLE,
    PLAIN_WHOLE_TEXT,
    SESSION,
    as_json,
)
from tests.workspaces import otterbeck_small as small

if TYPE_CHECKING:
    from tests.cli.desk import Desk


def fingerprint(owner: str) -> str:
    """The fingerprint of the owner's key."""
    return small.identity(owner).recipient().fingerprint()


def test_readers_are_named_without_a_key(desk: Desk) -> None:
    """Each part shows its readers, who holds their roles, and their fingerprints."""
    result = desk.run("who-can-read", "s-7kq2m4xa", words="")

    assert result.status == 0
    assert (
        result.out
        == f"""\
{SESSION}

header: in the clear
  Monitor, Otterbeck Primary (monitor@otterbeck), held by Petra Quillfeather
  Lead coach, Otterbeck Primary (lead-coach@otterbeck), held by Idris Marlowe-Beck
  Office, Otterbeck Primary (office@otterbeck), held by Sunniva Pell

Notes: sealed, revision 1; as the policy says
  Nerys Sallowfield ({COACHEE})  {fingerprint(COACHEE)}
  Idris Marlowe-Beck ({COACH})  {fingerprint(COACH)}
  Monitor, Otterbeck Primary (monitor@otterbeck), held by Petra Quillfeather  \
{fingerprint("monitor@otterbeck")}

Action steps: sealed, revision 1; as the policy says
  Nerys Sallowfield ({COACHEE})  {fingerprint(COACHEE)}
  Idris Marlowe-Beck ({COACH})  {fingerprint(COACH)}
  Monitor, Otterbeck Primary (monitor@otterbeck), held by Petra Quillfeather  \
{fingerprint("monitor@otterbeck")}

Sealed parts: as stated under the seal, confirmed whenever one of them opens it.
"""
    )


def test_what_is_not_sealed_yet(desk: Desk) -> None:
    """A section in the clear is shown with those it will be sealed to."""
    desk.write(DRAFT, DRAFT_TEXT)

    result = desk.run("who-can-read", DRAFT)

    assert result.status == 1
    assert (
        f"Coach notes: NOT SEALED YET; NOT as the policy says\n  Idris Marlowe-Beck ({COACH})"
        in (result.out)
    )


def test_drift_from_the_policy(desk: Desk) -> None:
    """A reader whom the policy does not name, or who is missing, is marked."""
    book = desk.book
    draft = DRAFT_TEXT.replace("s-2b4d6f8h", "s-2b4d6f8h")
    desk.write(DRAFT, draft)
    record = desk.record(DRAFT)
    desk.write(
        DRAFT,
        small.seal_sections(book, record, more_readers=["head@otterbeck"], instead_of=COACHEE),
    )

    result = desk.run("who-can-read", DRAFT)

    assert result.status == 1
    assert "Notes: sealed, revision 1; NOT as the policy says" in result.out
    assert "! the policy also names Nerys Sallowfield" in result.out
    assert "! the policy does not name Head, Otterbeck Primary" in result.out


def test_a_key_that_nobody_has(desk: Desk) -> None:
    """A reader's fingerprint that is not in the keyring is marked."""
    (desk.root / f"records/keys/{COACHEE}.pub").unlink()

    result = desk.run("who-can-read", SESSION)

    assert result.status == 1
    assert f"{fingerprint(COACHEE)}, NOT A KEY IN records/keys" in result.out


def test_a_damaged_block(desk: Desk) -> None:
    """A damaged block is called damaged."""
    text = desk.read(SESSION)
    at = text.index("\n", text.index("BEGIN AGE")) + 1
    desk.write(SESSION, text[:at] + "A" + text[at + 1 :])

    result = desk.run("who-can-read", SESSION)

    assert result.status == 1
    assert "Notes: DAMAGED" in result.out


def test_a_record_sealed_whole(desk: Desk) -> None:
    """A record that is sealed whole shows its readers and not what it is."""
    desk.write(PLAIN_WHOLE, PLAIN_WHOLE_TEXT)
    path = desk.run("seal", person=MONITOR).out.split(":")[0]

    result = desk.run("who-can-read", path)

    assert result.status == 0
    assert "whole record: sealed, revision 1; what it is" in result.out
    assert "capability-mentoring" not in result.out


def test_json(desk: Desk) -> None:
    """The same as JSON, in a form that programs can rely on."""
    found = as_json(desk.run("who-can-read", SESSION, "--format", "json"))

    assert isinstance(found, dict)
    assert (found["version"], found["id"]) == (1, "s-7kq2m4xa")
    assert found["parts"][1]["part"] == "Notes"
    assert found["parts"][1]["agrees"] is True
    assert found["parts"][1]["readers"][2] == {
        "id": "monitor@otterbeck",
        "name": "Monitor, Otterbeck Primary",
        "holders": ["Petra Quillfeather"],
        "fingerprint": fingerprint("monitor@otterbeck"),
        "key": "current",
    }


def test_all_records_are_one_table(desk: Desk) -> None:
    """Without a record, every sealed part stands beside the people whose keys open it."""
    result = desk.run("who-can-read", words="")

    assert result.status == 0
    head, *rows = result.out.splitlines()
    assert head.split() == ["Record", "Who", "can", "open", "them", "Sealed", "parts"]
    assert [" ".join(row.split()) for row in rows if row.startswith("s-7kq2m4xa")] == [
        "s-7kq2m4xa Idris, Nerys, Petra Notes, Action steps"
    ]
    assert "What stands in the clear" in result.out


def test_the_table_tells_what_keys_do(desk: Desk) -> None:
    """Who has left stands in the table, and who opens a part only with an earlier key."""
    role = "monitor@otterbeck"
    desk.run("keys", "grant", role, COACH, person=MONITOR)
    desk.run("keys", "revoke", role, MONITOR)
    desk.run("keys", "replace", COACHEE, "--lost", words="")
    person = desk.book.people[MONITOR].path
    desk.write(person, desk.read(person).replace("\n---\n", "\nend: 2026-11-15\n---\n", 1))

    result = desk.run("who-can-read", "records/otterbeck/2026-27", "--today", "2026-11-20")

    assert "Idris, Nerys (with an earlier key), Petra (has left)" in result.out


def test_a_table_names_what_differs_from_the_policy(desk: Desk) -> None:
    """A confidential part that stands in the clear is no sealed part, and is told."""
    desk.write(DRAFT, DRAFT_TEXT)

    result = desk.run("who-can-read", "--format", "json")

    assert result.status == 1
    assert f"{DRAFT}: not as the policy says" in result.err
    assert as_json(result)["parts"][0]["people"][0]["earlier_key"] is False  # type: ignore[index]


def test_a_damaged_part_has_no_readers(desk: Desk) -> None:
    """Nobody can tell whom a damaged part opens for, and the table says so."""
    text = desk.read(SESSION)
    line = text.splitlines()[text.splitlines().index("-----BEGIN AGE ENCRYPTED FILE-----") + 1]
    desk.write(SESSION, text.replace(f"{line}\n", "", 1))

    assert "DAMAGED: nobody can tell" in desk.run("who-can-read").out


def test_a_folder_with_nothing_sealed(desk: Desk) -> None:
    """Of records that stand in the clear the table says that, and is no error."""
    result = desk.run("who-can-read", "records/people")

    assert result.status == 0
    assert result.out.startswith("nothing is sealed here\n")
