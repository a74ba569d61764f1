"""What is read from a file keeps its promises, whatever the file holds."""

from __future__ import annotations

import base64
import re
import time
from itertools import islice
from typing import TYPE_CHECKING

import pytest

from coachbook import frontmatter, merging, payload, sections
from coachbook.age import file as age_file
from coachbook.age import format as age_format
from fuzz.__main__ import REGRESSIONS, fuzz_drawn, main
from fuzz.search import draw
from fuzz.targets import MODULES, Target, find_target

if TYPE_CHECKING:
    from pathlib import Path

EXAMPLES = {"front-matter": 2000, "record": 400, "age": 2000, "payload": 2000, "merge": 1000}
"""How many inputs of each target every test run draws; `make fuzz` tries millions."""
FOUND = sorted(path for path in REGRESSIONS.glob("*/*") if path.is_file())
SECONDS = 20
"""One input takes thousandths of a second; this is a hang, on a slow computer too."""


@pytest.mark.parametrize("name", MODULES)
def test_every_promise_holds_where_fuzzing_begins(name: str) -> None:
    """Files of the example, and the slips that people make, break no promise as they are."""
    for seed in find_target(name).seeds():
        find_target(name).check(seed)


@pytest.mark.parametrize("path", FOUND, ids=lambda path: f"{path.parent.name}-{path.name}")
def test_what_was_found_once_stays_mended(path: Path) -> None:
    """Each input that broke a promise once is tried again, and soon done with."""
    began = time.monotonic()

    find_target(path.parent.name).check(path.read_bytes())

    assert time.monotonic() - began < SECONDS


@pytest.mark.parametrize("name", MODULES)
def test_random_changes_break_no_promise(name: str) -> None:
    """Seeds with random changes crash nothing, lose nothing and open nothing."""
    target = find_target(name)

    for data in islice(draw(target, 1), EXAMPLES[name]):
        target.check(data)


# A search that finds nothing may be blind, so each target is shown a fault that it has to find.


def _nothing(*_: object) -> None:
    """Checks nothing."""


def _lenient(text: bytes) -> bytes:
    """Takes more than the one spelling."""
    return base64.b64decode(text + b"==")


def _ours(_base: object, ours: object, _theirs: object) -> object:
    """Takes our side and says nothing of the other."""
    return ours


def _breaks(target: Target, data: bytes) -> bool:
    try:
        target.check(data)
    except Exception:  # noqa: BLE001 (a fault may show itself in any way)
        return True
    return False


FAULTS = (
    ("front-matter", frontmatter, "_require_lone_comments", _nothing),
    ("record", sections, "_ARMOR", bytes(range(128))),
    ("age", age_file, "require_mac", _nothing),
    ("age", age_format, "parse_base64", _lenient),
    ("payload", payload, "_require_padding", _nothing),
    ("merge", merging, "join_sides", _ours),
)


@pytest.mark.parametrize(
    ("name", "place", "part", "fault"), FAULTS, ids=[f"{one[0]} {one[2]}" for one in FAULTS]
)
def test_a_fault_that_is_put_in_is_found(
    name: str,
    place: object,
    part: str,
    fault: object,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Take one check out of the program, and the search finds an input that shows it."""
    target = find_target(name)
    monkeypatch.setattr(place, part, fault)

    found = next(data for data in islice(draw(target, 1), 20_000) if _breaks(target, data))

    monkeypatch.undo()
    target.check(found)


# The command


def test_what_is_found_is_kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Without atheris, Hypothesis searches; what it finds becomes a file to be tried again."""
    monkeypatch.setattr(merging, "join_sides", _ours)

    outcome = fuzz_drawn(find_target("merge"), 60, tmp_path)

    assert list(outcome.found) == list(tmp_path.iterdir())
    with pytest.raises(AssertionError):
        find_target("merge").check(outcome.found[0].read_bytes())


def test_the_command_says_how_it_went(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """One line for each target: how many inputs, how much of the code, and what broke."""
    monkeypatch.setattr("fuzz.__main__.CORPUS", tmp_path)

    assert main(["--seconds", "1", "payload"]) == 0

    assert re.match(
        r"payload +[\d,]+ tried in 1 s(, \d+ places of the code reached)?: nothing broken\n",
        capsys.readouterr().out,
    )
