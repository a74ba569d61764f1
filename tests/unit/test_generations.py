"""Earlier keys that something is still sealed to."""

from __future__ import annotations

from dataclasses import replace

from coachbook.book import load_book
from coachbook.generations import count_stated, earlier_keys, has_earlier_keys
from coachbook.keyring import load_keyring
from coachbook.publickey import format_public_key, public_key_of
from coachbook.record import Record, parse_record
from tests.workspaces import otterbeck_small as small

BOOK = load_book(small.ROOT)
OTHERS = ("p-e6f1u8gd", "p-m3v8x1ra")


def role_files(first: str, second: str) -> dict[str, bytes]:
    """The files of two keys of the monitor, each sealed to one person."""
    folder = small.RULES / "CB607"
    name = {"p-m3v8x1ra": "ok.md", "p-e6f1u8gd": "bad.md"}
    roles = folder / "also/records/keys/roles"
    found = {f"records/keys/roles/{file.name}": file.read_bytes() for file in roles.iterdir()}
    found[f"records/keys/roles/{small.MONITOR}.1.age"] = (folder / name[first]).read_bytes()
    for person in {first, second}:
        key = public_key_of(small.identity(person), owner=person, generation=1, created=small.MADE)
        found[key.path] = format_public_key(key).encode()
    return found


def test_parts_are_counted_by_reader_and_key() -> None:
    """Each sealed part counts for every reader whom it states, with the key it names."""
    counts = count_stated(BOOK.records.values())

    assert counts == {
        (owner, small.identity(owner).recipient().fingerprint()): 2
        for owner in (small.COACH, small.COACHEE, small.MONITOR)
    }


def test_a_damaged_block_counts_nowhere() -> None:
    """A block that opens for nobody is sealed to nobody."""
    damaged = parse_record(small.SESSION, (small.RULES / "CB504" / "bad.md").read_bytes())
    assert isinstance(damaged, Record)

    assert set(count_stated([damaged]).values()) == {1}


def test_keys_of_one_generation_have_nothing_before_them() -> None:
    """Where everybody has their first key, nothing is sealed to an earlier one."""
    stated = count_stated(BOOK.records.values())

    assert not has_earlier_keys(BOOK.keyring)
    assert earlier_keys(BOOK.keyring, stated) == ()


def test_an_earlier_role_key_tells_who_is_gone_and_who_is_shut_out() -> None:
    """Of an earlier key of a role it is told who opens it, who should not, and who cannot."""
    keyring, findings = load_keyring(role_files(OTHERS[0], OTHERS[1]))
    assert findings == ()

    (found,) = earlier_keys(keyring, count_stated(BOOK.records.values()))

    assert (found.key.generation, found.parts, found.openers) == (1, 2, (OTHERS[0],))
    assert found.former([OTHERS[1]]) == (OTHERS[0],)
    assert found.shut_out(keyring, [OTHERS[1], "p-nokey000"]) == (OTHERS[1],)


def test_an_earlier_key_that_nothing_is_sealed_to_is_not_told() -> None:
    """An earlier key of a person counts while something is sealed to it, and no longer."""
    first = public_key_of(small.identity("a"), owner=small.COACH, generation=1, created=small.MADE)
    second = public_key_of(small.identity("b"), owner=small.COACH, generation=2, created=small.MADE)
    first = replace(first, path=f"records/keys/{small.COACH}.1.pub")
    keyring, _ = load_keyring(
        {key.path: format_public_key(key).encode() for key in (first, second)}
    )

    assert earlier_keys(keyring, {}) == ()
    (found,) = earlier_keys(keyring, {(small.COACH, first.fingerprint): 3})
    assert (found.parts, found.openers) == (3, ())
