"""A workspace checked school by school is found to be as it is found as a whole."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coachbook.book import load_book
from coachbook.book.workspace import Workspace
from coachbook.rules import BOOK_RULES, check_book
from coachbook.rules.parting import JOINED, OF_PART, SHARED, check_part, joined
from tests.schools import FIRST, SECOND, make_schools
from tests.test_example import ROOT as EXAMPLE

if TYPE_CHECKING:
    from coachbook.diagnostics import Diagnostic

SCHOOLS = (FIRST, SECOND, "fennimoor")
with tempfile.TemporaryDirectory() as _folder:
    FILES = make_schools(Path(_folder), SCHOOLS)
RECORDS = [path for path in FILES if path.endswith(".md") and path != "records/trust.md"]
IDS = sorted(
    {found[0] for path in RECORDS if (found := re.search(r"[a-z]{1,2}-\w{8}(?=\.md)", path))}
)
KEYS = ("id", "school", "type", "schools", "person", "coach", "coachee", "cycle", "partnership")
VALUES = (*SCHOOLS, "nowhere", "session", "training", *IDS)

edits = st.tuples(
    st.sampled_from(["set", "set", "set", "drop", "move", "copy block", "break"]),
    st.sampled_from(RECORDS),
    st.sampled_from(RECORDS),
    st.sampled_from((*KEYS, "about", "members", "observers", "observed", "granted_by")),
    st.sampled_from(VALUES),
)


def in_parts(root: Path) -> tuple[Diagnostic, ...]:
    """What is found school by school, put together."""
    workspace = Workspace(root)
    parts = [check_part(workspace.book_of(part), part) for part in workspace.plan.parts]
    return joined(workspace.shared, parts)


def edited(files: dict[str, bytes], edit: tuple[str, str, str, str, str]) -> None:
    """Does to the files what a slip of the hand may do."""
    what, path, other, key, value = edit
    content = files.get(path)
    if content is None:
        return
    header, line, body = content.decode().partition("\n---\n")
    match what:
        case "set":
            rest = [one for one in header.split("\n") if not one.startswith(f"{key}:")]
            files[path] = "\n".join((*rest, f"{key}: {value}{line}{body}")).encode()
        case "drop":
            del files[path]
        case "move":
            files[f"{other.rpartition('/')[0]}/{path.rpartition('/')[2]}"] = content
        case "copy block":
            files[other] = files.get(other, b"") + f"\n## Notes\n\n{body}".encode()
        case "break":
            files[path] = content.replace(b"---\n", b"--\n", 1)


@settings(max_examples=40)
@given(st.lists(edits, min_size=1, max_size=5))
def test_whatever_is_wrong_is_found_school_by_school_too(
    changes: list[tuple[str, str, str, str, str]],
) -> None:
    """Every finding about the whole is made in some part, and no part makes another one."""
    files = dict(FILES)
    for change in changes:
        edited(files, change)
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for path, content in files.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_bytes(content)

        assert in_parts(root) == check_book(load_book(root))


def test_the_example_is_found_to_be_what_it_is() -> None:
    """People at two schools, shared partners and a trust lead are judged as in the whole trust."""
    assert in_parts(EXAMPLE) == check_book(load_book(EXAMPLE))


def test_a_person_is_judged_by_what_they_do_at_every_school(tmp_path: Path) -> None:
    """A visit at the other school answers the policy of the school that asks for it."""
    make_schools(tmp_path)
    person = tmp_path / "records/people/p-e6f1u8gd.md"
    text = person.read_text(encoding="utf-8").replace(f"[{FIRST}]", f"[{FIRST}, {SECOND}]")
    person.write_text(text, encoding="utf-8", newline="\n")
    visit = tmp_path / f"records/{SECOND}/2026-27/visits/2026-11-10-o-1m8n2b7v.md"
    seen = visit.read_text(encoding="utf-8").replace("p-16f1u8gd", "p-e6f1u8gd")
    visit.write_text(seen, encoding="utf-8", newline="\n")
    workspace = Workspace(tmp_path)

    part = next(one for one in workspace.plan.parts if one.school == FIRST)

    assert visit.relative_to(tmp_path).as_posix() in part.visiting
    assert in_parts(tmp_path) == check_book(load_book(tmp_path))


def test_parts_of_an_older_key_are_counted_over_all_schools(tmp_path: Path) -> None:
    """How many parts are sealed to an earlier key is one number, whichever school has them."""
    make_schools(tmp_path)
    key = tmp_path / "records/keys/p-c5t0w6ze.pub"
    other = tmp_path / "records/keys/p-n9b4j2ys.pub"
    newer = other.read_text(encoding="utf-8").replace("generation: 1", "generation: 2")
    key.write_text(
        newer.replace("p-n9b4j2ys", "p-c5t0w6ze") + "\n" + key.read_text(encoding="utf-8"),
        encoding="utf-8",
        newline="\n",
    )

    assert in_parts(tmp_path) == check_book(load_book(tmp_path))


@pytest.mark.parametrize("rule", BOOK_RULES, ids=lambda rule: rule.code)
def test_each_rule_about_the_workspace_knows_where_it_runs(rule: object) -> None:
    """A rule about the workspace is answered by each part, by what they share, or put together."""
    code = getattr(rule, "code", "")

    assert [code in codes for codes in (OF_PART, SHARED, JOINED)].count(True) == 1
