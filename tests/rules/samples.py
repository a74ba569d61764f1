"""The example of each rule, run inside the small workspace.

A folder such as `CB202` holds `ok.md`, which passes, `bad.md`, which does not,
and `expected.txt`, the report on it. The first lines of `expected.txt` say
where the two stand in the workspace. A folder may bring more of its workspace:

    policy.md      stands in place of the policy of the workspace's school
    settings.txt   lines such as `session.minutes.max: 30` for the header of that policy;
                   one that no clause shows gets a clause 9.3, 9.4 and so on; a line such as
                   `| Good practice | write |` becomes a row of its table
    also/PATH      stands at PATH, in place of what is there
    before/PATH    stands at PATH in the earlier state, which a rule about changes looks at too

To write a report anew, after looking at it: python -m tests.rules.samples CB202
"""

from __future__ import annotations

import re
import shutil
import sys
import tempfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from coachbook.approvals import PATH, parse_approvals
from coachbook.book import load_book, read_text
from coachbook.diagnostics import Severity
from coachbook.report import render_text
from coachbook.rules import (
    Since,
    check_book,
    check_plain,
    check_since,
    check_text,
    find_rule,
    tally,
)
from tests.workspaces import otterbeck_small as small

if TYPE_CHECKING:
    from coachbook.book import Book
    from coachbook.diagnostics import Diagnostic

FOLDER = Path(__file__).parent
TODAY = date(2026, 11, 20)
_MARK = " stands at "


@dataclass(frozen=True, slots=True)
class Sample:
    """One rule's example: its files, and where they stand."""

    code: str
    places: dict[str, str]
    expected: str

    def source(self, name: str) -> bytes:
        """The bytes of `ok.md` or `bad.md`."""
        return (FOLDER / self.code / name).read_bytes()


def codes() -> list[str]:
    """Every code that has a folder."""
    return sorted(folder.name for folder in FOLDER.iterdir() if folder.name.startswith("CB"))


def load_sample(code: str) -> Sample:
    """The example of a rule."""
    lines = (FOLDER / code / "expected.txt").read_text(encoding="utf-8").splitlines(keepends=True)
    heads = [line.removeprefix("# ").strip() for line in lines if line.startswith("# ")]
    places = dict(head.split(_MARK) for head in heads)
    return Sample(code, places, "".join(line for line in lines if not line.startswith("# ")))


def overlay(folder: Path, root: Path) -> None:
    """Puts what an example brings with it into a copy of the small workspace."""
    policy, also, settings = (folder / name for name in ("policy.md", "also", "settings.txt"))
    if policy.exists():
        shutil.copy(policy, root / small.POLICY)
    if settings.exists():
        lines = settings.read_text(encoding="utf-8").splitlines()
        text = decide((root / small.POLICY).read_text(encoding="utf-8"), lines)
        (root / small.POLICY).write_text(text, encoding="utf-8", newline="\n")
    if also.is_dir():
        shutil.copytree(also, root, dirs_exist_ok=True)


def decide(policy: str, lines: list[str]) -> str:
    """The policy with these settings, each in its header and in a clause, and with these rows."""
    for line in lines:
        if line.startswith("| "):
            policy = _add_row(policy, line)
            continue
        key = line.partition(":")[0]
        policy, found = re.subn(rf"^{re.escape(key)}:.*$", line, policy, flags=re.MULTILINE)
        if not found:
            policy = policy.replace("\n---\n", f"\n{line}\n---\n", 1)
        if f"{{{{ {key} }}}}" not in policy:
            number = max(int(n) for n in re.findall(r"^9\.(\d+) ", policy, re.MULTILINE)) + 1
            clause = f"9.{number} It is settled too that: {{{{ {key} }}}}.\n\n## 10 "
            policy = policy.replace("## 10 ", clause, 1)
    return policy


def _add_row(policy: str, line: str) -> str:
    """The policy with a row of its table; columns that it leaves out read nothing."""
    head = next(row for row in policy.splitlines() if row.startswith("| Part of a record"))
    cells = line.strip("| ").split(" | ")
    cells += ["–"] * (head.count("|") - 1 - len(cells))
    place = policy.index("| Session notes")
    return f"{policy[:place]}| {' | '.join(cells)} |\n{policy[place:]}"


def check_sample(sample: Sample, name: str, folder: Path) -> tuple[tuple[Diagnostic, ...], str]:
    """The findings with `ok.md` or `bad.md` in its place, and the report on them.

    Remarks of other rules stay out: there is always something to be said about a small school.
    """
    root = folder / "workspace"
    shutil.copytree(small.ROOT, root)
    overlay(FOLDER / sample.code, root)
    place = root / sample.places[name]
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(sample.source(name))
    has_day = "\nas_of:" in (root / "records/trust.md").read_text(encoding="utf-8")
    book = load_book(root) if has_day else load_book(root, today=TODAY)
    rule = find_rule(sample.code)
    assert rule is not None
    if rule.needs == "text":
        record = book.records[sample.places[name]]
        findings = tuple(
            finding
            for section in record.sections
            for finding in check_text(book, record, section.name, record.text(section))
        )
    elif rule.needs == "plain record":
        findings = check_plain(book, book.records[sample.places[name]])
    elif rule.needs == "earlier state":
        findings = check_since(_since(sample.code, book, folder / "earlier"))
    else:
        findings = check_book(book)
    findings = tuple(f for f in findings if f.code == rule.code or f.severity is not Severity.INFO)
    sources = {finding.path: read_text(book, finding.path) for finding in findings}
    return findings, render_text(findings, sources, tally(book))


def _since(code: str, now: Book, root: Path) -> Since:
    """The workspace beside its earlier state, which is the small workspace without the example."""
    shutil.copytree(small.ROOT, root)
    if (FOLDER / code / "before").is_dir():
        shutil.copytree(FOLDER / code / "before", root, dirs_exist_ok=True)
    before = load_book(root, today=now.today)
    earlier, approvals = (parse_approvals(read_text(book, PATH)) for book in (before, now))
    return Since(before, now, earlier, approvals, "main~1")


def main(chosen: list[str]) -> None:
    """Writes the reports of the rules named, or of all."""
    for code in chosen or codes():
        sample = load_sample(code)
        with tempfile.TemporaryDirectory() as folder:
            _, report = check_sample(sample, "bad.md", Path(folder))
        heads = "".join(f"# {name}{_MARK}{place}\n" for name, place in sample.places.items())
        (FOLDER / code / "expected.txt").write_text(heads + report, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main(sys.argv[1:])
