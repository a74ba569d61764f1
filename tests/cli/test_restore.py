"""`coachbook keys restore`: a lost key is kept, because its words may turn up."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from coachbook import keystore
from tests.cli.desk import COACH, COACHEE, HEAD, MONITOR, NOTE, SESSION, WORDS

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.desk import Desk


@pytest.fixture(autouse=True)
def _little_work(monkeypatch: pytest.MonkeyPatch) -> None:
    """A new key asks for little work; the tests of `keys new` ask for all of it."""
    monkeypatch.setattr(keystore, "WORK_FACTOR", 10)


@pytest.fixture
def found(tmp_path: Path) -> Path:
    """The words of the lost key, in a file."""
    file = tmp_path / "found.txt"
    file.write_text(WORDS.title().replace("-", " "))
    return file


def lose(desk: Desk) -> str:
    """The coachee's key is lost, and a new one made; its words."""
    return desk.run("keys", "replace", COACHEE, "--lost").out.splitlines()[0]


def restore(desk: Desk, found: Path, words: str, *options: str) -> tuple[int, str]:
    """Status and words of `keys restore`."""
    result = desk.run(
        *("keys", "restore", COACHEE, "--old-passphrase-file", str(found), *options), words=words
    )
    return result.status, result.err


def test_old_notes_open_again_with_the_words_of_today(desk: Desk, found: Path) -> None:
    """Once the words of a lost key are found, old notes open beside new ones."""
    words = lose(desk)
    assert NOTE not in desk.run("open", SESSION, person=COACHEE, words=words).out

    status, said = restore(desk, found, words)

    assert status == 0, said
    assert "2 parts are sealed to it" in said
    assert desk.run("open", SESSION, person=COACHEE, words=words).status == 0


def test_the_lost_key_is_kept_until_then(desk: Desk, found: Path) -> None:
    """The file of the lost key lies beside the new one, and is taken away once it is restored."""
    words = lose(desk)
    assert list(desk.keystore.earlier(COACHEE)) == [1]
    assert desk.keystore.people().count(COACHEE) == 1

    restore(desk, found, words)

    assert desk.keystore.earlier(COACHEE) == {}


def test_a_key_that_was_begun_anew_does_not_take_its_place(desk: Desk, found: Path) -> None:
    """However often a replacement is made, the key that old notes are sealed to is kept."""
    lose(desk)
    words = lose(desk)
    assert list(desk.keystore.earlier(COACHEE)) == [2, 1]

    status, said = restore(desk, found, words)

    assert status == 0, said
    assert list(desk.keystore.earlier(COACHEE)) == [2]


def test_words_that_open_nothing(desk: Desk, tmp_path: Path) -> None:
    """Words that are not those of the lost key change nothing."""
    words = lose(desk)
    wrong = tmp_path / "wrong.txt"
    wrong.write_text("six other words than those before")
    before = desk.everything()

    status, said = restore(desk, wrong, words)

    assert status == 2
    assert "the words do not open the lost key" in said
    assert desk.everything() == before


def test_the_key_of_somebody_else_is_not_taken_in(desk: Desk, found: Path) -> None:
    """A key file of another person is refused, even with its own words."""
    words = lose(desk)
    file = desk.keystore.folder / f"{MONITOR}.age"

    status, said = restore(desk, found, words, "--key-file", str(file))

    assert status == 2
    assert "was never one of" in said


def test_no_lost_key_is_here(desk: Desk, found: Path) -> None:
    """Where no lost key is kept, the command says where else it may be."""
    status, said = restore(desk, found, WORDS)

    assert status == 2
    assert "no lost key of Nerys is kept on this device" in said


def test_a_published_key_is_kept_before_it_goes(desk: Desk) -> None:
    """A lost key that lay in the records alone is kept on the device when it is taken away."""
    published = desk.root / f"records/keys/{COACH}.age"
    mine = desk.keystore.folder / f"{COACH}.age"
    published.write_bytes(mine.read_bytes())
    mine.unlink()

    desk.run("keys", "replace", COACH, "--lost")

    assert list(desk.keystore.earlier(COACH)) == [1]
    assert not published.exists()


def test_a_leaked_key_needs_no_keeping(desk: Desk) -> None:
    """After a leak the earlier key is inside the new file, so no copy is kept beside it."""
    desk.run("keys", "replace", HEAD, "--leaked")

    assert desk.keystore.earlier(HEAD) == {}


def test_a_kept_key_that_nothing_needs_is_told(desk: Desk) -> None:
    """`doctor` names a lost key that is kept, once nothing is sealed to it any more."""
    lose(desk)
    assert "spare-key" not in desk.run("doctor").out
    desk.run("keys", "reseal", COACHEE, "--new-reader", COACHEE, person=COACH)

    assert f"the lost key 1 of {COACHEE} is kept on this device" in desk.run("doctor").out
