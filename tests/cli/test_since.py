"""`coachbook check --since` and `coachbook keys approve`."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import pytest

from coachbook.age import X25519Identity
from coachbook.approvals import PATH
from coachbook.publickey import format_public_key, public_key_of
from tests.cli.desk import COACH, COACHEE, DRAFT, DRAFT_TEXT, HEAD, MONITOR, SESSION
from tests.workspaces import otterbeck_small as small

if TYPE_CHECKING:
    from tests.cli.desk import Desk, Result

CAIUS = "p-e6f1u8gd"
ROLE = "monitor@otterbeck"
NEW_ROLE = "records/otterbeck/roles/r-newmonit.md"
CYCLE = "records/otterbeck/2026-27/c-0a1b2c3d/cycle.md"


@pytest.fixture
def committed(desk: Desk) -> Desk:
    """The small school, with everything committed."""
    desk.commit_all()
    return desk


def assign(desk: Desk, start: str = "2026-09-01") -> None:
    """Makes Idris a monitor."""
    desk.write(
        NEW_ROLE,
        "---\ntype: role-assignment\nid: r-newmonit\nschool: otterbeck\n"
        f"person: {COACH}\nrole: monitor\nfrom: {start}\n---\n",
    )


def commit(desk: Desk) -> None:
    """Commits what has changed."""
    desk.git("add", "-A")
    desk.git("commit", "-q", "-m", "more")


def since(desk: Desk, revision: str = "HEAD") -> list[str]:
    """What `check` says of readers and of what went back, without hints."""
    said = desk.run("check", "--since", revision).out.splitlines()
    return [line for line in said if " CB509 " in line or " CB510 " in line]


def approve(desk: Desk, person: str = MONITOR, revision: str = "HEAD") -> Result:
    """Approves what has changed, as the person."""
    return desk.run("keys", "approve", revision, "--yes", person=person)


def test_nothing_has_changed(committed: Desk) -> None:
    """Where nobody becomes a reader, there is nothing to approve."""
    assert since(committed) == []
    assert committed.run("check", "--since", "HEAD").status == 0
    assert "nothing is to be approved since HEAD" in approve(committed).err


def test_a_new_holder_is_named_until_approved(committed: Desk) -> None:
    """Whoever is given a role is named, until one who held it has signed a line."""
    assign(committed)
    assert committed.run("check", "--since", "HEAD").status == 1
    (found,) = since(committed)
    assert found.startswith(f"{NEW_ROLE}:1:1: CB509 Idris becomes a holder of {ROLE}, and reads")

    result = approve(committed, revision="HEAD..")

    assert result.status == 0, result.err
    assert f"1 line added to {PATH}" in result.err
    assert since(committed) == []


def test_a_first_day_to_come_is_named_now(committed: Desk) -> None:
    """A role that begins next year is named when it is written, not when it has begun."""
    assign(committed, "2027-09-01")

    assert len(since(committed)) == 1


def test_nobody_approves_what_they_gain(committed: Desk) -> None:
    """Who gains by a change cannot approve it; the command says who can."""
    assign(committed)

    result = approve(committed, COACH)

    assert result.status == 1
    assert "left for Petra to approve: Idris becomes a holder" in result.err
    assert not (committed.root / PATH).exists()


def test_a_former_holder_approves_nothing_of_the_role(committed: Desk) -> None:
    """Whoever has just lost a role does not say who holds it, or with which key."""
    committed.run("keys", "grant", ROLE, COACH, person=MONITOR)
    commit(committed)
    committed.run("keys", "revoke", ROLE, MONITOR)

    result = approve(committed, MONITOR)

    assert "left for Idris to approve: the impact monitor has another key" in result.err
    assert approve(committed, COACH).status == 0
    assert since(committed) == []


def swap_key(desk: Desk) -> None:
    """Puts a stranger's key in the place of Nerys's."""
    stranger = X25519Identity.generate(os.urandom)
    key = public_key_of(stranger, owner=COACHEE, generation=2, created=small.MADE)
    old = desk.read(key.path)
    desk.write(f"records/keys/{COACHEE}.1.pub", old)
    desk.write(key.path, format_public_key(key))


def change_relation(desk: Desk) -> None:
    """Makes Caius the coach of the pair."""
    path = "records/otterbeck/partnerships/pt-6r1e9k3w.md"
    desk.write(path, desk.read(path).replace(f"coach: {COACH}", f"coach: {CAIUS}"))


def widen_row(desk: Desk) -> None:
    """Lets the head read session notes."""
    desk.write(small.POLICY, _with_head(desk.read(small.POLICY)))


def _with_head(policy: str) -> str:
    lines = policy.splitlines(keepends=True)
    head = next(line for line in lines if line.startswith("| Part of a record"))
    column = [cell.strip().lower() for cell in head.split("|")].index("head")
    for number, line in enumerate(lines):
        if line.startswith("| Session notes"):
            cells = line.split("|")
            cells[column] = " read "
            lines[number] = "|".join(cells)
    return "".join(lines)


def new_version(desk: Desk) -> None:
    """Adds a version for next year that lets the head read session notes."""
    text = _with_head(desk.read(small.POLICY))
    text = text.replace("effective_from: 2026-09-01", "effective_from: 2027-09-01")
    text = text.replace("2026-09\n", "2027-09\n", 2)
    desk.write("records/otterbeck/policy-2027-09.md", text)


def add_recovery(desk: Desk) -> None:
    """Lets the head open everything in need."""
    policy = desk.read(small.POLICY)
    desk.write(small.POLICY, policy.replace("recovery.holder: nobody", "recovery.holder: head"))


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (swap_key, "Nerys has another key than before"),
        (change_relation, "becomes a reader of this record"),
        (widen_row, 'lets the head read "Session notes'),
        (new_version, 'the policy 2027-09 of otterbeck lets the head read "Session notes'),
        (add_recovery, "lets the head open everything in need"),
    ],
)
def test_every_way_in_is_named(committed: Desk, change: object, named: str) -> None:
    """A key line, a relation, a row, a version and a recovery holder each make readers."""
    assert callable(change)
    change(committed)

    found = since(committed)

    assert found
    assert all(named in line for line in found)
    assert approve(committed).status == 0
    assert since(committed) == []


def test_a_block_for_one_more(committed: Desk) -> None:
    """A part that is sealed to one more person makes them a reader of it."""
    committed.write(SESSION, (small.RULES / "CB503" / "bad.md").read_text(encoding="utf-8"))

    (found,) = (line for line in since(committed) if "CB509" in line)
    assert found.startswith(f"{SESSION}:1:1: CB509 Head, Otterbeck Primary becomes a reader")


def test_a_new_note_and_a_shared_draft_need_nobody(committed: Desk) -> None:
    """A new record, and a draft that its author shares, open nothing that was there before."""
    draft = DRAFT_TEXT.replace("minutes: 15\n", f"minutes: 15\nnote: draft\ndrafted_by: {COACH}\n")
    committed.write(DRAFT, draft)
    assert committed.run("seal", person=COACH).status == 0
    assert since(committed) == []
    commit(committed)

    assert committed.run("share", DRAFT, "--yes", person=COACH).status == 0

    assert since(committed) == []


def test_the_first_keys_of_a_school_need_nobody(desk: Desk) -> None:
    """Where nobody had a key, nothing was sealed that a first key could open."""
    keys = desk.root / "records/keys"
    shutil.move(keys, desk.root.parent / "keys")
    (desk.root / SESSION).unlink()
    desk.commit_all()
    shutil.move(desk.root.parent / "keys", keys)

    assert since(desk) == []


def test_a_second_key_is_let_in_by_the_first(desk: Desk) -> None:
    """Where one person had a key, the next key is theirs to approve."""
    key = desk.root / f"records/keys/{HEAD}.pub"
    kept = key.read_bytes()
    key.unlink()
    desk.commit_all()
    key.write_bytes(kept)

    (found,) = since(desk)

    assert "has a key, " in found
    assert approve(desk, COACH).status == 0
    assert since(desk) == []


def test_an_approval_counts_once(committed: Desk) -> None:
    """A line from before lets nobody in again who was shut out since."""
    assign(committed)
    approve(committed)
    commit(committed)
    (committed.root / NEW_ROLE).unlink()
    commit(committed)
    assign(committed)

    assert len(since(committed)) == 1


def test_an_approval_is_never_taken_out(committed: Desk) -> None:
    """A line that was taken out or altered is missed."""
    assign(committed)
    approve(committed)
    commit(committed)
    committed.write(PATH, "# Approvals\n")

    assert since(committed) == [
        f"{PATH}:1:1: CB510 the approval of 2026-11-20 by Petra was taken out or changed"
    ]


@pytest.mark.parametrize(
    ("find", "put", "reason"),
    [
        (MONITOR, HEAD, "the signature does not match"),
        (ROLE, "head@otterbeck", "the signature does not match"),
        ("2026-11-20", "2026-11-21", "the signature does not match"),
        (" approves ", " allows ", "this line is no approval that can be read"),
    ],
)
def test_a_line_that_is_altered_approves_nothing(
    committed: Desk, find: str, put: str, reason: str
) -> None:
    """A line with another name, change or day than was signed approves nothing."""
    assign(committed)
    approve(committed)
    committed.write(PATH, committed.read(PATH).replace(find, put))

    found = since(committed)

    assert len(found) == 2
    assert reason in found[0]
    assert "not approved" in found[1]


def test_a_new_key_approves_nothing(committed: Desk) -> None:
    """Who put a key of their own in a holder's place cannot approve with it."""
    assign(committed)
    words = committed.run("keys", "new", MONITOR, "--leaked").out

    result = committed.run("keys", "approve", "HEAD", "--yes", person=MONITOR, words=words)

    assert result.status == 1
    assert any("Idris becomes a holder" in line for line in since(committed))


def test_an_older_text_is_refused(committed: Desk) -> None:
    """A sealed part that goes back to an earlier revision is refused."""
    before = committed.read(SESSION)
    committed.write(
        SESSION,
        (small.RULES / "CB510" / "ok.md").read_text(encoding="utf-8"),
    )
    commit(committed)
    committed.write(SESSION, before)

    found = since(committed)

    assert 'CB510 section "Notes" is revision 1, and was revision 2' in found[0]
    assert committed.run("check", "--since", "HEAD").status == 1


def test_another_text_under_the_same_revision(committed: Desk) -> None:
    """A part that was sealed anew without a new number is refused too."""
    committed.write(SESSION, (small.RULES / "CB503" / "bad.md").read_text(encoding="utf-8"))

    assert any("was sealed anew and is revision 1 still" in line for line in since(committed))


def test_an_older_key_is_refused(committed: Desk) -> None:
    """A key that goes back to an earlier generation is refused."""
    committed.run("keys", "new", COACHEE, "--leaked")
    commit(committed)
    committed.write(f"records/keys/{COACHEE}.pub", committed.read(f"records/keys/{COACHEE}.1.pub"))
    (committed.root / f"records/keys/{COACHEE}.1.pub").unlink()

    assert any("is generation 1, and was 2" in line for line in since(committed))


def test_a_look_without_a_signature(committed: Desk) -> None:
    """`--dry-run` shows every change and who may approve it, and needs no key."""
    assign(committed)

    result = committed.run("keys", "approve", "HEAD", "--dry-run", words="")

    assert result.status == 1
    assert "can be approved by Petra" in result.out
    assert not (committed.root / PATH).exists()


def test_nobody_is_asked_where_nobody_sits(committed: Desk) -> None:
    """Without a terminal nothing is signed unless `--yes` says so."""
    assign(committed)

    result = committed.run("keys", "approve", "HEAD", person=MONITOR)

    assert result.status == 2
    assert "add --yes" in result.err


@pytest.mark.parametrize("revision", ["nowhere", "--output=x", "HEAD~9", ""])
def test_a_revision_that_is_not_there(committed: Desk, revision: str) -> None:
    """A revision that git does not know is refused: a word, an option, a variable not set."""
    result = committed.run("check", f"--since={revision}")

    assert result.status == 2
    assert f"there is no revision {revision!r}" in result.err


def test_a_revision_without_records(desk: Desk) -> None:
    """A revision from before there were records cannot be compared with."""
    desk.git("init", "-q", "-b", "main")
    desk.git("commit", "-q", "--allow-empty", "-m", "empty")

    result = desk.run("check", "--since", "HEAD")

    assert result.status == 2
    assert "the records at 'HEAD' cannot be looked at" in result.err


def test_paths_narrow_what_is_said(committed: Desk) -> None:
    """With a path, only what has changed there is reported."""
    assign(committed)

    assert " CB509 " not in committed.run("check", "--since", "HEAD", "records/people").out
