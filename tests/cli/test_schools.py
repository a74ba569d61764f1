"""Commands about one record, in a workspace of two schools: the other one is not loaded."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from coachbook.book.near import Near, near_each
from coachbook.book.states import states_of
from coachbook.book.workspace import Workspace
from tests.cli.desk import COACH, DRAFT, DRAFT_TEXT, MONITOR, SESSION
from tests.schools import FIRST, SECOND, make_schools

if TYPE_CHECKING:
    from coachbook.book import Book
    from coachbook.book.parts import Part
    from tests.cli.desk import Desk

OTHERS = f"records/{SECOND}/2026-27/c-1a1b2c3d/2026-11-12-s-1kq2m4xa.md"
OTHER_COACH = "p-15t0w6ze"


@pytest.fixture
def two(desk: Desk) -> Desk:
    """Two schools, everything of them committed."""
    make_schools(desk.root)
    for path in (desk.root / f"records/{SECOND}").rglob("*.md"):
        text = path.read_text(encoding="utf-8")
        if "```age" in text:  # copies of blocks would tie the schools together
            path.write_text(text.partition("\n## ")[0] + "\n", encoding="utf-8", newline="\n")
    desk.commit_all()
    return desk


@pytest.fixture
def loaded(two: Desk) -> list[str]:
    """The schools that are loaded, each once, as they are; "all" where everything is at once."""
    names: list[str] = []

    def note(name: str) -> None:
        if name not in names:
            names.append(name)

    book_of, whole = Workspace.book_of, Workspace.load_whole

    def one(self: Workspace, part: Part) -> Book:
        note(part.school)
        return book_of(self, part)

    def everything(self: Workspace) -> Book:
        note("all")
        return whole(self)

    two.monkeypatch.setattr(Workspace, "book_of", one)
    two.monkeypatch.setattr(Workspace, "load_whole", everything)
    return names


@pytest.mark.parametrize(
    "command",
    [
        ("save",),
        ("seal", DRAFT),
        ("seal", "--check", DRAFT),
        ("check", DRAFT),
        ("who-can-read", "s-2b4d6f8h"),
        ("open", DRAFT),
        ("open", "s-7kq2m4xa"),
        ("share", "s-2b4d6f8h", "--yes"),
        ("new", "session", "--cycle", "c-0a1b2c3d", "--yes"),
        ("new", "session", "--school", FIRST, "--yes"),
        ("new", "session", "--yes"),
        ("check", "--since", "HEAD", DRAFT),
    ],
)
def test_one_school_is_enough(two: Desk, loaded: list[str], command: tuple[str, ...]) -> None:
    """Whoever works on one record does not wait for the records of other schools."""
    two.write(DRAFT, DRAFT_TEXT)

    result = two.run(*command, person=COACH)

    assert "Traceback" not in result.err
    assert loaded == [FIRST], result.err


def test_the_hook_loads_the_school_of_what_is_staged(two: Desk, loaded: list[str]) -> None:
    """What is about to be committed is sealed with its own school."""
    two.write(DRAFT, DRAFT_TEXT)
    two.git("add", "-A")

    assert two.run("seal", "--staged").status == 0
    assert loaded == [FIRST]
    assert "```age" in two.read(DRAFT)


def test_a_school_in_which_all_is_sealed_is_not_loaded_again(two: Desk, loaded: list[str]) -> None:
    """Sealing everything looks again at the schools in which something has changed."""
    two.monkeypatch.setenv("COACHBOOK_CACHE", str(two.root.parent / "store"))
    two.run("seal")
    assert sorted(loaded) == ["", FIRST, SECOND]
    loaded.clear()

    assert two.run("seal").err == "no sections sealed\n"
    assert loaded == []

    two.write(DRAFT, DRAFT_TEXT)
    assert "3 sections sealed" in two.run("seal").err
    assert loaded == [FIRST]


def test_a_form_that_seals_more_is_looked_at_by_all(two: Desk, loaded: list[str]) -> None:
    """What has to be sealed follows from the forms too, so another one settles nothing."""
    two.monkeypatch.setenv("COACHBOOK_CACHE", str(two.root.parent / "store"))
    two.run("seal")
    loaded.clear()
    two.write("records/trust.md", two.read("records/trust.md") + "\n")
    two.run("seal")

    assert sorted(loaded) == ["", FIRST, SECOND]


def test_what_belongs_to_another_school_is_found_there(two: Desk, loaded: list[str]) -> None:
    """A record that names somebody of another school is sealed with all of them in view."""
    pair = "records/otterbeck/partnerships/pt-6r1e9k3w.md"
    assert f"coach: {COACH}" in two.read(pair)
    two.write(pair, two.read(pair).replace(f"coach: {COACH}", f"coach: {OTHER_COACH}"))
    two.write(DRAFT, DRAFT_TEXT)

    result = two.run("seal", DRAFT)

    assert result.status == 1
    assert "may read this and has no key" in result.err
    assert loaded == [FIRST]


def test_an_id_of_another_school_is_not_taken(two: Desk) -> None:
    """A new record never gets an id that any record of any school has."""
    workspace = Workspace(two.root)
    near = next(near_each(workspace, [SESSION]))

    assert "s-1kq2m4xa" not in near.book.by_id
    assert "s-1kq2m4xa" in set(near.book.taken)


@pytest.fixture
def near(two: Desk) -> Near:
    """The first school."""
    return next(near_each(Workspace(two.root), [SESSION]))


@pytest.mark.parametrize(
    ("old", "new", "is_known"),
    [
        ("minutes: 15", "minutes: 16", True),
        ("cycle: c-0a1b2c3d", "cycle: c-1a1b2c3d", False),
        ("minutes: 15", f"joined_by: [{OTHER_COACH}]", False),
        ("id: s-2b4d6f8h", "id: s-1kq2m4xa", False),
        ("minutes: 15", f"joined_by: [{MONITOR}]", True),
    ],
)
def test_a_record_that_leads_elsewhere_is_not_known(
    near: Near, old: str, new: str, *, is_known: bool
) -> None:
    """What names a record or a person of another school, or has its id, hangs on more."""
    assert old in DRAFT_TEXT
    assert near.knows(DRAFT_TEXT.replace(old, new).encode(), DRAFT) is is_known


def test_who_is_led_to_from_elsewhere_is_not_known(two: Desk) -> None:
    """A new record that one of another school names already hangs on that one too."""
    two.write(
        f"records/{SECOND}/addenda/2026-11-20-a-2b4d6f8h.md",
        f"---\ntype: addendum\nid: a-2b4d6f8h\nschool: {SECOND}\nto: s-2b4d6f8h\n"
        f"by: {OTHER_COACH}\non: 2026-11-20\n---\n",
    )
    near = next(near_each(Workspace(two.root), [SESSION]))

    assert not near.knows(DRAFT_TEXT.encode(), DRAFT)


def test_a_state_with_another_approval_is_looked_at_whole(two: Desk) -> None:
    """A file of approvals that was not there before changes who is approved everywhere."""
    workspace = Workspace(two.root)
    listing = workspace.listing
    there = {*listing.records, *listing.keys, *listing.forms}
    assert states_of(workspace, there, {}) is not None

    two.write("records/keys/approvals.md", "")

    assert states_of(workspace, there, {}) is None


@pytest.mark.parametrize(
    "path",
    [
        f"records/{FIRST}/policy-2026-09.md",
        "records/people/p-c5t0w6ze.md",
        "records/keys/p-c5t0w6ze.pub",
        "records/forms/session.yml",
        "records/otterbeck/notes (1).md",
    ],
)
def test_a_state_with_another_ground_is_looked_at_whole(two: Desk, path: str) -> None:
    """Where a policy, a person, a key or a form was another one, everything may hang on it."""
    workspace = Workspace(two.root)
    listing = workspace.listing
    there = {*listing.records, *listing.keys, *listing.forms, path}

    assert states_of(workspace, there, {path: b"---\ntype: person\n---\n"}) is None
