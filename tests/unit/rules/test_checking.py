"""What the rules do with cases that no single example shows."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from coachbook.book import load_book
from coachbook.diagnostics import Consequence, Diagnostic
from coachbook.record import Record, parse_record
from coachbook.rules import check_book, check_record, check_text, find_rule, tally
from tests.workspaces import otterbeck_small as small

FOLDER = "records/otterbeck/2026-27/c-0a1b2c3d"
PAIR = "records/otterbeck/partnerships/pt-6r1e9k3w.md"
HEADER = """\
---
type: session
id: s-3x9p5w1d
school: otterbeck
cycle: c-0a1b2c3d
date: 2026-11-05
status: held
kind: coaching
minutes: 14
---
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A copy of the small workspace."""
    return Path(shutil.copytree(small.ROOT, tmp_path / "workspace"))


def edit(root: Path, path: str, old: str, new: str) -> None:
    """Replaces a text that has to be there."""
    text = (root / path).read_text(encoding="utf-8")
    assert old in text
    (root / path).write_text(text.replace(old, new), encoding="utf-8", newline="\n")


def write(root: Path, path: str, text: str) -> None:
    """Puts a record into the workspace."""
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_text(text, encoding="utf-8", newline="\n")


def session(root: Path, text: str, day: str = "2026-11-05") -> str:
    """Adds a session and returns its path."""
    path = f"{FOLDER}/{day}-s-3x9p5w1d.md"
    write(root, path, text)
    return path


def found(root: Path) -> list[tuple[str, str]]:
    """Code and path of every finding."""
    return [(finding.code, finding.path) for finding in check_book(load_book(root))]


def only(root: Path) -> Diagnostic:
    """The one finding in the workspace."""
    (finding,) = check_book(load_book(root))
    return finding


def test_what_is_wrong_with_a_pair_is_said_once(root: Path) -> None:
    """A partnership with the head is reported there, not on its cycle and sessions too."""
    edit(root, PAIR, f"coachee: {small.COACHEE}", "coachee: p-h7d2k9qm")
    codes = [(code, path) for code, path in found(root) if code == "CB203"]

    assert codes == [("CB203", PAIR)]


def test_a_colleague_who_becomes_head_leaves_coaching(root: Path) -> None:
    """Where the pair was right when it began, the session with the new head is reported."""
    edit(
        root,
        "records/otterbeck/roles/r-2k7m4q9x.md",
        "person: p-h7d2k9qm",
        f"person: {small.COACH}",
    )
    edit(root, "records/otterbeck/roles/r-2k7m4q9x.md", "from: 2019-09-01", "from: 2026-11-01")

    assert ("CB203", small.SESSION) in found(root)
    assert ("CB203", PAIR) not in found(root)


def test_a_coach_who_left_since_is_named_on_the_later_session(root: Path) -> None:
    """Whoever left in October did not coach in November."""
    edit(
        root,
        f"records/people/{small.COACH}.md",
        "start: 2016-09-01",
        "start: 2016-09-01\nend: 2026-10-23",
    )
    (message,) = [f.message for f in check_book(load_book(root)) if f.code == "CB204"]

    assert message == "Idris Marlowe-Beck left on 23 Oct 2026; this is dated 12 Nov 2026"


def test_an_early_career_teacher_is_reported_on_the_partnership_alone(root: Path) -> None:
    """The sessions of a partnership that should not be are not reported one by one."""
    edit(root, PAIR, f"coachee: {small.COACHEE}", "coachee: p-e6f1u8gd")

    assert [path for code, path in found(root) if code == "CB403"] == [PAIR]


def test_a_session_after_the_cycle_closed_belongs_elsewhere(root: Path) -> None:
    """A date behind the end of its cycle is a slip, or a new cycle."""
    edit(root, f"{FOLDER}/cycle.md", "status: open", "status: ended\nclosed_on: 2026-11-10")

    finding = next(f for f in check_book(load_book(root)) if f.code == "CB206")

    assert finding.message == "12 Nov 2026 is after the cycle ended, on 10 Nov 2026"


def test_a_closed_cycle_with_its_statement_is_sound(root: Path) -> None:
    """With an impact statement the cycle may close."""
    edit(root, f"{FOLDER}/cycle.md", "status: open", "status: closed\nclosed_on: 2026-11-19")
    write(
        root,
        f"{FOLDER}/2026-11-19-i-2b5n8v1c.md",
        "---\ntype: impact-statement\nid: i-2b5n8v1c\nschool: otterbeck\ncycle: c-0a1b2c3d\n"
        "date: 2026-11-19\nauthor: p-m3v8x1ra\n---\n\n## Statement\n",
    )

    assert found(root) == []


@pytest.mark.parametrize("style", ["facilitative", "dialogical"])
def test_an_intended_style_is_no_finding(root: Path, style: str) -> None:
    """The policy's styles pass in silence."""
    session(root, HEADER.replace("minutes: 14", f"minutes: 14\nstyle: {style}"))

    assert found(root) == []


def test_a_policy_without_a_limit_checks_no_minutes(root: Path) -> None:
    """A rule that the policy does not have is never checked."""
    text = (root / small.POLICY).read_text(encoding="utf-8")
    lines = [
        line for line in text.splitlines(keepends=True) if not line.startswith("session.minutes")
    ]
    gone = "".join(lines).replace("{{ session.minutes.target }}", "some").replace(
        "{{ session.minutes.max }}", "some"
    ).replace("{{ session.minutes.over }}", "fact")  # fmt: skip
    (root / small.POLICY).write_text(gone, encoding="utf-8", newline="\n")
    session(root, HEADER.replace("minutes: 14", "minutes: 90"))

    assert found(root) == []


def test_a_policy_decides_how_much_a_long_session_weighs(root: Path) -> None:
    """The same 18 minutes are a reminder at one school and a breach at another."""
    edit(root, small.POLICY, "session.minutes.over: warning", "session.minutes.over: error")
    session(root, HEADER.replace("minutes: 14", "minutes: 18"))

    assert only(root).severity.value == "error"
    assert only(root).consequence is Consequence.LISTED


def test_longer_than_meant_and_within_the_limit_is_a_remark(root: Path) -> None:
    """A session over the target that keeps to the limit is no more than noted."""
    edit(root, small.POLICY, "session.minutes.max: 15", "session.minutes.max: 20")
    session(root, HEADER.replace("minutes: 14", "minutes: 18"))

    assert only(root).severity.value == "information"
    assert only(root).clause == "4.2"


def test_a_session_outside_term_says_why(root: Path) -> None:
    """A session in a break is accepted with its reason."""
    text = HEADER.replace("2026-11-05", "2026-10-27").replace(
        "minutes: 14", "minutes: 14\noutside_term: yes"
    )
    session(root, text, "2026-10-27")

    assert only(root).message == "`outside_term` is yes, and there is no `outside_term_reason`"


def test_a_bank_holiday_is_named(root: Path) -> None:
    """A bank holiday in term is a day without school."""
    edit(root, "records/trust.md", "as_of: 2026-11-20", "as_of: 2027-06-20")
    edit(root, f"{FOLDER}/cycle.md", "planned_end: 2026-12-18", "planned_end: 2027-06-20")
    session(root, HEADER.replace("2026-11-05", "2027-05-03"), "2027-05-03")
    (message,) = [f.message for f in check_book(load_book(root)) if f.code == "CB301"]

    assert message == "3 May 2027 is on the bank holiday (3 May); the next school day is Tue 4 May"


def test_a_saturday_in_a_break_is_one_finding(root: Path) -> None:
    """A weekend inside a break is reported as the break and as the weekend that it is."""
    session(root, HEADER.replace("2026-11-05", "2026-10-24"), "2026-10-24")

    assert [code for code, _ in found(root)] == ["CB301", "CB304"]


def test_a_reader_without_a_known_key_is_named(root: Path) -> None:
    """A block that is sealed to a key nobody published, under a reader's name, is reported."""
    (root / f"records/keys/{small.COACHEE}.pub").unlink()

    messages = [f.message for f in check_book(load_book(root)) if f.code == "CB503"]

    assert len(messages) == 1
    assert messages[0].startswith('sections "Notes" and "Action steps" are sealed to a key under')


def test_a_lost_reference_is_named_instead_of_the_readers(root: Path) -> None:
    """Where a slip hides whom a note is for, the slip is to be mended, not the seal."""
    edit(root, small.SESSION, "cycle: c-0a1b2c3d", "cycle: c-0a1b2c3e")

    findings = [f for f in check_book(load_book(root)) if f.path == small.SESSION]

    assert [f.code for f in findings] == ["CB201", "CB503"]
    assert findings[1].message == (
        "whom this is for cannot be told: no coach is found through `cycle`"
    )
    assert "leave the sealed parts as they are" in findings[1].hint


def test_a_damaged_block_is_not_taken_for_text(root: Path) -> None:
    """Nobody is told to seal what is left of a sealed block; it has to be restored."""
    edit(root, small.SESSION, "revision: 1\n-----BEGIN", "revision: 1\n<<<<<<< HEAD\n-----BEGIN")

    findings = [f for f in check_book(load_book(root)) if f.path == small.SESSION]

    assert {f.code for f in findings} == {"CB504"}
    assert all("git checkout HEAD -- " in f.hint for f in findings)


def test_a_block_in_two_places_is_reported_in_both(root: Path) -> None:
    """A copied block opens only where it was sealed, and nobody can tell which is the copy."""
    text = (root / small.SESSION).read_text(encoding="utf-8")
    other = text.replace("s-7kq2m4xa", "s-3x9p5w1d").replace("2026-11-12", "2026-11-05")
    path = session(root, other)

    assert {(code, where) for code, where in found(root)} == {
        ("CB504", path),
        ("CB504", small.SESSION),
    }


def test_a_block_that_only_ends_as_another_is_no_copy(root: Path) -> None:
    """Blocks are the same where every sign of them is."""
    text = (root / small.SESSION).read_text(encoding="utf-8")
    other = text.replace("s-7kq2m4xa", "s-3x9p5w1d").replace("2026-11-12", "2026-11-05")
    before_last = re.compile(r"^.(?=[^\n]{63}\n[^\n]+\n-----END)", re.MULTILINE)
    session(root, before_last.sub(lambda sign: "A" if sign[0] != "A" else "B", other))

    copied = [f for f in check_book(load_book(root)) if "the same sealed block" in f.message]

    assert len(before_last.findall(other)) > 1
    assert copied == []


def test_a_line_for_people_has_to_agree_with_the_block(root: Path) -> None:
    """An edited first line cannot promise other readers."""
    edit(root, small.SESSION, "```age coachee, coach, monitor", "```age coachee, coach")

    assert found(root) == [("CB504", small.SESSION)] * 2


def test_merge_marks_are_found(root: Path) -> None:
    """Marks that a merge left behind are named."""
    edit(root, small.SESSION, "## Action steps", "<<<<<<< HEAD\n## Action steps")

    assert "two versions of this file were merged, and the marks were left in" in {
        finding.message for finding in check_book(load_book(root))
    }


def test_between_the_marks_of_a_merge_only_the_merge_is_to_settle(root: Path) -> None:
    """A heading that stands on both sides is no slip, and no side is to be thrown away."""
    both = "<<<<<<< HEAD\n## Action steps\n=======\n## Action steps\n>>>>>>> side\n"
    edit(root, small.SESSION, "## Action steps\n", both)

    found = check_book(load_book(root))

    assert "CB108" not in {finding.code for finding in found}
    (damage,) = (finding for finding in found if finding.code == "CB504")
    assert damage.hint == f"join the two versions: coachbook merge {small.SESSION}"


def test_a_sealed_record_shows_its_readers_and_nothing_else(root: Path) -> None:
    """A record that is sealed whole is checked by what its block states."""
    sealed = (root / small.SESSION).read_text(encoding="utf-8")
    start = sealed.index("```age")
    block = sealed[start : sealed.index("```", start + 3) + 3]
    info = f"{small.COACHEE}, {small.COACH}, {small.MONITOR}"
    block = block.replace("coachee, coach, monitor", info)
    header = "---\ntype: sealed\nid: x-4k2m7x9a\nschool: otterbeck\n---\n\n"
    write(root, "records/otterbeck/sealed/x-4k2m7x9a.md", f"{header}{block}\n")
    (root / small.SESSION).unlink()

    assert found(root) == []

    edit(root, "records/otterbeck/sealed/x-4k2m7x9a.md", info, "head@otterbeck")

    assert found(root) == [("CB504", "records/otterbeck/sealed/x-4k2m7x9a.md")]


def test_a_confidential_type_is_told_by_its_file_only(root: Path) -> None:
    """Nothing of the header of a concern in the clear is repeated, right or wrong."""
    path = "records/otterbeck/sealed/k-5h8j2k4l.md"
    write(root, path, "---\ntype: concern\nid: k-5h8j2k4l\nschool: otterbeck\nstatus: zzz\n---\n")

    finding = only(root)

    assert (finding.code, finding.consequence, finding.quotable) == (
        "CB501",
        Consequence.STOPS,
        False,
    )
    assert "zzz" not in finding.message


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("type: sesion", "there is no form for `sesion`"),
        ("type: concren", "there is no form for this type of record"),
        ("type: zzzzzzzz", "there is no form for this type of record"),
        ("kinds: session", "the header does not say what this is"),
        ("type: session\nform: drop-in@3", "there is no such form for this type"),
    ],
)
def test_a_record_without_a_form_stops_its_school(root: Path, line: str, message: str) -> None:
    """What cannot be told may be confidential, so it is not repeated and nothing is published."""
    session(root, HEADER.replace("type: session", line))

    assert only(root).message.startswith(message)
    assert only(root).consequence is Consequence.STOPS


def test_a_record_before_the_first_policy_has_no_readers(root: Path) -> None:
    """Nothing can be sealed for a time in which no policy held."""
    assert find_rule("CB708") is not None
    edit(root, small.POLICY, "effective_from: 2026-09-01", "effective_from: 2026-11-15")

    assert ("CB708", small.SESSION) in found(root)


def test_a_person_at_no_school_that_exists_is_reported(root: Path) -> None:
    """Each school in a list is looked up, and the one that is wrong is marked."""
    path = "records/people/p-x2a7o5kh.md"
    edit(root, path, "schools: [otterbeck]", "schools: [otterbeck, oterbeck]")

    finding = next(f for f in check_book(load_book(root)) if f.code == "CB201")

    assert finding.hint == "did you mean `otterbeck`?"
    assert (finding.span.column, finding.span.end_column) == (22, 30)


def test_a_reference_to_the_wrong_kind_says_what_is_there(root: Path) -> None:
    """A person's id where a cycle belongs is named as what it is."""
    path = session(root, HEADER.replace("cycle: c-0a1b2c3d", "cycle: p-e6f1u8gd"))
    (root / path).unlink()
    write(
        root,
        "records/otterbeck/2026-27/p-e6f1u8gd/2026-11-05-s-3x9p5w1d.md",
        HEADER.replace("cycle: c-0a1b2c3d", "cycle: p-e6f1u8gd"),
    )

    assert only(root).message == (
        "`p-e6f1u8gd` is the id of another kind of record (person); a cycle belongs here"
    )


def test_a_report_can_be_narrowed(root: Path) -> None:
    """A folder or a file chooses what is reported; a name that only begins alike does not."""
    path = session(root, HEADER.replace("minutes: 14", "minuts: 14"))
    book = load_book(root)

    assert len(check_book(book, [path])) == 1
    assert len(check_book(book, iter([FOLDER, "records/people"]))) == 1
    assert check_book(book, ["records/otter"]) == ()
    assert len(check_book(book, ["."])) == 1


def test_the_tally_counts_what_nobody_could_see(root: Path) -> None:
    """Sealed sections are counted, for the whole workspace and for a part of it."""
    book = load_book(root)

    assert (tally(book).files, tally(book).sealed_sections) == (20, 2)
    assert (
        tally(book, ["records/people"]).files,
        tally(book, ["records/people"]).sealed_sections,
    ) == (8, 0)


def test_an_unreadable_file_is_counted(root: Path) -> None:
    """A file that is held back is still a file that was looked at."""
    session(root, "no header\n")

    assert tally(load_book(root)).files == 21


def test_a_draft_is_checked_before_it_is_saved(root: Path) -> None:
    """A record that is not in the book is checked against it."""
    record = parse_record(f"{FOLDER}/2026-11-05-s-3x9p5w1d.md", HEADER.replace("14", "99").encode())
    assert isinstance(record, Record)

    assert [finding.code for finding in check_record(load_book(root), record)] == ["CB302"]


def test_the_text_of_a_section_is_judged_by_the_policys_words(root: Path) -> None:
    """The limit of words comes from the policy in force on the record's date."""
    path = f"{FOLDER}/2026-11-19-i-2b5n8v1c.md"
    header = HEADER.replace("session", "impact-statement").replace("2026-11-05", "2026-11-19")
    record = parse_record(path, header.encode())
    assert isinstance(record, Record)
    book = load_book(root)

    assert check_text(book, record, "Statement", "One two three.\n") == ()
    assert [f.code for f in check_text(book, record, "Statement", "word " * 151)] == ["CB415"]


def test_text_of_an_unknown_section_has_no_rules(root: Path) -> None:
    """A section that the form does not have is left to the rule about headings."""
    record = parse_record(f"{FOLDER}/2026-11-05-s-3x9p5w1d.md", HEADER.encode())
    assert isinstance(record, Record)

    assert check_text(load_book(root), record, "Thoughts", "- [ ] x") == ()


@pytest.mark.parametrize("name", ["CB302", "cb302", "too-long", " Too-Long "])
def test_a_rule_is_found_by_code_or_name(name: str) -> None:
    """A rule can be called by its code or its name, in any case."""
    rule = find_rule(name)

    assert rule is not None
    assert rule.code == "CB302"


def test_there_is_no_rule_of_another_name() -> None:
    """A name that no rule has finds none."""
    assert find_rule("CB999") is None
