"""What is typed: thirty mistakes, and some more that each need their own message."""

from __future__ import annotations

from tests.cli.mistakes import CYCLE, FOLDER, PAIR, SESSION, VISITS, Mistake, session, write
from tests.workspaces import otterbeck_small as small

PERSON = "records/people/p-q5w8e1r4.md"
SPARE = "records/otterbeck/partnerships/pt-2z4x6c8v.md"
STATEMENT = f"{FOLDER}/2026-11-19-i-4c8e2a6g.md"
CONCERN = "records/otterbeck/sealed/k-5b9d3f7h.md"
VISIT = f"{VISITS}/2026-11-05-o-7h3k9m1p.md"
NOTE = "\n## Notes\n\nWe counted the waits: nine.\n"


def pair(**lines: str) -> str:
    """A partnership of the small workspace, with some lines changed."""
    values = {
        "type": "partnership",
        "id": "pt-2z4x6c8v",
        "school": "otterbeck",
        "kind": "coaching",
        "coach": "p-c5t0w6ze",
        "coachee": "p-n9b4j2ys",
        "start": "2026-11-02",
        "status": "active",
        "chosen_by": "team",
    }
    rows = "".join(f"{key}: {value}\n" for key, value in (values | lines).items())
    return f"---\n{rows}---\n"


def visit(**lines: object) -> str:
    """An observation, with some lines changed."""
    values: dict[str, object] = {
        "type": "observation",
        "id": "o-7h3k9m1p",
        "school": "otterbeck",
        "kind": "formal",
        "observed": "p-n9b4j2ys",
        "observers": "[p-m3v8x1ra]",
        "date": "2026-11-05",
        "status": "held",
        "minutes": 20,
    }
    rows = "".join(f"{key}: {value}\n" for key, value in (values | lines).items())
    return f"---\n{rows}---\n"


STATEMENT_TEXT = """\
---
type: impact-statement
id: i-4c8e2a6g
school: otterbeck
cycle: c-0a1b2c3d
date: 2026-11-19
author: p-m3v8x1ra
---

## Statement

N.S. has improved from RI to good.
"""

CONCERN_TEXT = """\
---
type: concern
id: k-5b9d3f7h
school: otterbeck
raised_on: 2026-11-19
raised_by: p-c5t0w6ze
about: p-n9b4j2ys
reported_to: p-m3v8x1ra
status: open
---

## What was noticed

A pupil disclosed abuse at home.
"""

GROUP = """\
---
type: group
id: g-1t6y4u8i
school: otterbeck
kind: support-triad
members: [p-e6f1u8gd, p-n9b4j2ys]
from: 2026-09-01
---
"""

NAMED = """\
---
type: person
id: p-q5w8e1r4
display_name: No
category: other
schools: [otterbeck]
start: 2026-09-01
---
"""

MISTAKES: tuple[Mistake, ...] = (
    Mistake(
        "1",
        "`minutes: 31` where the limit is 30",
        {SESSION: session(minutes=31)},
        preset="head-collates",
    ),
    Mistake(
        "2",
        "a session on 27 Oct 2026",
        {SESSION.replace("11-05", "10-27"): session(date="27 Oct 2026")},
    ),
    Mistake("3", "the same person as coach and coachee", {SPARE: pair(coachee="p-c5t0w6ze")}),
    Mistake(
        "4",
        "`status: closed` on a cycle without an impact statement",
        change=(CYCLE, "status: open", "status: closed\nclosed_on: 2026-11-19"),
    ),
    Mistake(
        "5",
        "a pupil's name in the notes",
        {SESSION: session() + "\n## Notes\n\nI asked Kai and he waited for the others.\n"},
        command="seal",
    ),
    Mistake(
        "6",
        "`subject: science` on coaching about books",
        {SESSION: session(kind="books", subject="science")},
        preset="head-collates",
    ),
    Mistake("7", "an id that is cut short", {SPARE: pair(coachee="p-n9b4j2y")}),
    Mistake("8", "`date: 11/03/2026`", {SESSION: session(date="11/03/2026")}),
    Mistake(
        "9",
        "curly quotes from Word round a value",
        {SESSION: session(phase="“learn”")},
    ),
    Mistake("10", "a tab before a line", {SESSION: session(kind="coaching\n\tphase: learn")}),
    Mistake("11", "`focus: Writing: stems`", {SESSION: session(focus="Writing: stems")}),
    Mistake("12", "`start_time: 10:00`", {SESSION: session(start_time="10:00")}),
    Mistake("13a", "`scheduled: No`", {SESSION: session(scheduled="No")}),
    Mistake("13b", "`scheduled: perhaps`", {SESSION: session(scheduled="perhaps")}),
    Mistake("13c", "`display_name: No`", {PERSON: NAMED}),
    Mistake(
        "14", "a header that is never closed", {SESSION: session().removesuffix("---\n") + NOTE}
    ),
    Mistake(
        "15",
        "the same line twice, with two dates",
        {SESSION: session(minutes="14\ndate: 2026-11-06")},
    ),
    Mistake(
        "16",
        "`cochee` for `coachee`",
        {SPARE: pair(coachee="p-n9b4j2ys").replace("coachee:", "cochee:")},
    ),
    Mistake(
        "17a",
        "`status: held` on a day to come",
        {SESSION.replace("2026-11-05", "2026-12-14"): session(date="2026-12-14")},
    ),
    Mistake("17b", "`date: 2027-02-31`", {SESSION: session(date="2027-02-31")}),
    Mistake(
        "18",
        "a session on a Saturday",
        {SESSION.replace("11-05", "11-14"): session(date="2026-11-14")},
    ),
    Mistake(
        "19", "the head as coach where the head is kept out", {SPARE: pair(coach="p-h7d2k9qm")}
    ),
    Mistake("20", "an early career teacher in coaching", {SPARE: pair(coachee="p-e6f1u8gd")}),
    Mistake("21", "`style: directive`", {SESSION: session(style="directive")}),
    Mistake(
        "22",
        "a three with two members",
        {"records/otterbeck/groups/g-1t6y4u8i.md": GROUP},
        preset="head-collates",
    ),
    Mistake(
        "23",
        "next steps on a drop-in",
        {
            VISIT: visit(form="slt-drop-in@1", kind="drop-in")
            + "\n## Good practice\n\n## Next steps\n\n- [ ] Wait longer (by 19 Nov)\n"
        },
        preset="mentor-and-slt",
    ),
    Mistake(
        "24",
        "the rating `Mostly` on the form for early career teachers",
        {
            VISIT: visit(form="ect-observation@1", observed="p-e6f1u8gd", observers="[p-c5t0w6ze]")
            + "\n## Standard 1 - High expectations\n\n1a Safe and respectful room: Mostly\n"
        },
        preset="mentor-and-slt",
        command="seal",
    ),
    Mistake("25", "a coach who has left", {SPARE: pair(coach="p-l8q3i0vp")}),
    Mistake(
        "26",
        "confidential text that is not sealed",
        {SESSION: session() + "\n## Coach notes\n\nI spoke more than I meant to.\n"},
    ),
    Mistake(
        "27a",
        "a line changed inside a sealed block",
        change=(
            small.SESSION,
            "-----BEGIN AGE ENCRYPTED FILE-----\nYWdl",
            "-----BEGIN AGE ENCRYPTED FILE-----\nYWdm",
        ),
    ),
    Mistake(
        "27b",
        "the marks of a merge left in",
        change=(small.SESSION, "## Notes\n", "## Notes\n\n<<<<<<< HEAD\n"),
    ),
    Mistake(
        "28",
        'an impact statement: "N.S. has improved from RI to good."',
        {STATEMENT: STATEMENT_TEXT},
        command="seal",
    ),
    Mistake(
        "29a",
        "the same session saved twice, as `… (1).md`",
        {
            SESSION: session(),
            SESSION.replace(".md", " (1).md"): session(minutes=15),
        },
    ),
    Mistake("29b", "a record saved as `.md.txt`", {f"{SESSION}.txt": session()}),
    Mistake(
        "29c",
        "the conflicted copy of a synced folder",
        {
            SESSION: session(),
            SESSION.replace(".md", " (Idris's conflicted copy 2026-11-06).md"): session(minutes=15),
        },
    ),
    Mistake(
        "29d",
        "one id in two files",
        {SESSION: session(), SESSION.replace("11-05", "11-06"): session(date="2026-11-06")},
    ),
    Mistake(
        "30",
        "a safeguarding matter in a concern",
        {CONCERN: CONCERN_TEXT},
        settings=("concern.route: [deputy]",),
        command="seal",
    ),
    Mistake(
        "+a",
        "a Word document with the ending .md",
        {SESSION: b"PK\x03\x04\x14\x00\x06\x00word/document.xml"},
    ),
    Mistake("+b", "a Word document beside the records", {f"{FOLDER}/Notes.docx": b"PK\x03\x04"}),
    Mistake("+c", "a byte order mark", {SESSION: b"\xef\xbb\xbf" + session().encode()}),
    Mistake("+d", "a file saved as UTF-16", {SESSION: session().encode("utf-16")}),
    Mistake("+e", "a year of three figures", {SESSION: session(date="202-11-05")}),
    Mistake("+f", '`minutes: "fifteen"`', {SESSION: session(minutes='"fifteen"')}),
    Mistake(
        "+g",
        "a cycle in the phase improve without a goal",
        change=(CYCLE, "phase: learn", "phase: improve"),
    ),
    Mistake(
        "+h",
        "a fourth observation, where three a year are agreed",
        {
            f"{VISITS}/2026-{day}-o-{name}.md": visit(
                id=f"o-{name}", date=f"2026-{day}", form="observation@1"
            )
            + "\n## What was seen\n"
            for day, name in (
                ("09-16", "1a1a1a1a"),
                ("10-07", "2b2b2b2b"),
                ("11-04", "3c3c3c3c"),
                ("11-11", "4d4d4d4d"),
            )
        },
        settings=("observation.limit.count: 3",),
    ),
    Mistake(
        "+i",
        "a class of 300",
        {VISIT: visit(class_size=300) + "\n## What was seen\n"},
    ),
    Mistake(
        "+j",
        "sealed notes with a reader whom the policy does not allow",
        {small.SESSION: (small.RULES / "CB503/bad.md").read_text(encoding="utf-8")},
    ),
    Mistake(
        "+k",
        "a record in the folder of another school",
        {SESSION.replace("otterbeck", "bramblewick"): session()},
    ),
    Mistake(
        "+l",
        "a session before the partnership began",
        {SESSION.replace("11-05", "09-10"): session(date="2026-09-10")},
    ),
    Mistake(
        "+m",
        "a session while the coaching is stopped",
        {
            SESSION: session(),
            PAIR: pair(id="pt-6r1e9k3w", status="paused", start="2026-09-14").replace(
                "chosen_by", "paused_from: 2026-11-02\nagreed_on: 2026-09-14\nchosen_by"
            ),
        },
    ),
)

if __name__ == "__main__":
    write(MISTAKES)
