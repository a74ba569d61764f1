"""What is said of a record by its school alone is what the whole workspace says.

Edits are drawn at random, of every sort that people make in files. After every few of them some
records are looked at with nothing but their school, and once more with everything: what is found
in them, for whom each part is sealed, and the very bytes that sealing makes of them.
"""

from __future__ import annotations

import os
import random
import re
import shutil
from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from coachbook.approvals import parse_approvals
from coachbook.book import load_book
from coachbook.book.near import near_each, near_for
from coachbook.book.states import states_of
from coachbook.book.workspace import Workspace
from coachbook.cache import FOLDER, FORGETFUL, Cache, open_cache
from coachbook.drafting import apply_seal, expected_readers, plan_seal
from coachbook.inbox import plan_delivery
from coachbook.opening import Before
from coachbook.partcheck import check_workspace
from coachbook.record import Record, parse_record, replace_section
from coachbook.rules import Since, check_book, check_record, check_since
from tests.test_incremental import OTHER, SCHOOL, SEED, Editor, make_workspace
from tests.workspaces import otterbeck_small as small

if TYPE_CHECKING:
    from pathlib import Path

    from coachbook.book import Book

ROUNDS = int(os.environ.get("NEAR_ROUNDS", "4"))
MOST_AT_ONCE = 7
ASKED = 12
"""So many records are looked at after each round."""

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
TEXT = "She waited three seconds after each question.\n"


def test_one_school_says_what_the_whole_says(tmp_path: Path) -> None:
    """Findings, readers and sealed bytes of a record are those that they are in the whole."""
    root, draw = tmp_path / "workspace", random.Random(SEED)  # noqa: S311 (nothing secret)
    make_workspace(root, SCHOOL, OTHER)
    editor = Editor(root, draw)
    store = open_cache({FOLDER: str(tmp_path / "cache")}, root)
    seen: Counter[str] = Counter()
    for number in range(ROUNDS):
        told = "\n".join(editor.edit() for _ in range(draw.randint(1, MOST_AT_ONCE)))
        seen += _compare(root, store if number % 2 else FORGETFUL, draw, told)
    assert seen["sealed"] > ROUNDS
    assert seen["refused"]
    assert seen["known"] > ROUNDS
    assert seen["unknown"]
    assert seen["arriving"] > ROUNDS
    assert seen["elsewhere"]


def test_two_states_of_one_school_say_what_the_whole_says(tmp_path: Path) -> None:
    """Who became a reader since, and what went back, is told by the schools that have changed."""
    root, draw = tmp_path / "workspace", random.Random(SEED)  # noqa: S311 (nothing secret)
    make_workspace(root, SCHOOL, OTHER)
    editor = Editor(root, draw)
    compared = found = 0
    for number in range(ROUNDS * 2):
        before = shutil.copytree(root, tmp_path / str(number))
        told = "\n".join(editor.edit() for _ in range(draw.randint(1, 2)))
        _swap_people(root, draw)
        now, workspace = load_book(root), Workspace(root)
        states = states_of(workspace, *_differing(before, root))
        if states is None:
            continue
        whole = _since(load_book(before, today=now.today), now)
        assert check_since(_since(*states)) == check_since(whole), told
        compared, found = compared + 1, found + bool(check_since(whole))
    assert compared > 1
    assert found > 1


def _swap_people(root: Path, draw: random.Random) -> None:
    """Gives a pair another coach or coachee, who becomes a reader of what is about it."""
    path = draw.choice(sorted(root.glob("records/*/partnerships/*.md")))
    people = sorted(one.stem for one in (root / "records/people").glob("*.md"))
    text = path.read_text(encoding="utf-8")
    role = draw.choice(("coach", "coachee"))
    other = re.sub(rf"(?m)^{role}: .*$", f"{role}: {draw.choice(people)}", text)
    path.write_text(other, encoding="utf-8")


def _differing(before: Path, now: Path) -> tuple[set[str], dict[str, bytes]]:
    """The files that there were, and what was in those that are others now."""
    were, are = (
        {path.relative_to(one).as_posix(): path.read_bytes() for path in files}
        for one in (before, now)
        for files in [[path for path in one.rglob("*") if path.is_file()]]
    )
    return set(were), {path: data for path, data in were.items() if are.get(path) != data}


def _since(before: Book, now: Book) -> Since:
    nothing = parse_approvals("")
    return Since(before, now, nothing, nothing, "HEAD")


def _compare(root: Path, cache: Cache, draw: random.Random, told: str) -> Counter[str]:
    """Looks at some records in both ways; says how often there was something to be seen."""
    book, workspace = load_book(root), Workspace(root, cache=cache)
    everything = check_book(book)
    asked = draw.sample(workspace.listing.records, ASKED)
    found = check_workspace(workspace, chosen=asked).about(asked)
    assert found == tuple(one for one in everything if one.path in asked), told
    seen: Counter[str] = Counter()
    for near in near_each(workspace, asked):
        for path in near.own:
            is_read = path in book.records
            assert is_read == (path in near.book.records), told
            if not is_read:
                continue
            result = _sealed(book, path)
            assert _sealed(near.book, path) == result, f"{path}\n{told}"
            seen["sealed" if isinstance(result[-1], str) else "refused"] += 1
            rewritten = _rewritten(book, path, draw)
            is_known = near.knows(rewritten.encode(), path)
            seen["known" if is_known else "unknown"] += 1
            if is_known:
                expected = check_record(book, rewritten)
                assert check_record(near.book, rewritten) == expected, f"{path}\n{told}"
            seen += _arriving(book, workspace, path, f"{path}\n{told}")
    return seen


def _arriving(book: Book, workspace: Workspace, path: str, told: str) -> Counter[str]:
    """What the inbox makes of a record of the same people, as often as its school is enough."""
    record = book.records[path]
    data = record.encode().replace(record.id.encode(), b"s-9z8y7x6w", 1) if record.id else b""
    near = near_for(workspace, data)
    if near is None:
        return Counter(elsewhere=1)
    expected = plan_delivery(book, "download.md", data)
    assert plan_delivery(near.book, "download.md", data) == expected, told
    return Counter(arriving=1, refusing=bool(expected.refusals))


def _sealed(book: Book, path: str) -> tuple[object, ...]:
    """For whom the parts of a record are sealed, and the source once they are, or why not."""
    record = book.records[path]
    plain = record
    for section in record.sections:
        if section.blocks:
            found = parse_record(path, plain.encode(replace_section(plain, section.name, TEXT)))
            plain = found if isinstance(found, Record) else plain
    plan = plan_seal(book, plain, [Before(record)], random=small.stream("plan"))
    readers = expected_readers(book, record)
    if plan.findings:
        return readers, plan.findings
    source = apply_seal(plan, author="", now=NOW, random=small.stream("seal"))
    return readers, plan.remarks, plan.path, source


def _rewritten(book: Book, path: str, draw: random.Random) -> Record:
    """The record with another id or word in one line of its header."""
    record = book.records[path]
    lines = record.source.split("\n")
    end = lines.index("---", 1)
    fields = [number for number in range(1, end) if ": " in lines[number]]
    number, ids = draw.choice(fields), sorted(book.by_id)
    lines[number] = f"{lines[number].partition(': ')[0]}: {draw.choice(ids)}"
    found = parse_record(path, record.encode("\n".join(lines)))
    return found if isinstance(found, Record) else record
