"""`coachbook disposal`: the certificate that a repository was deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.cli.desk import COACH, NOTE, SESSION

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.desk import Desk, Result

CYCLE = "records/otterbeck/2026-27/c-0a1b2c3d/cycle.md"
ANSWERS = {
    "--clones": "Petra's laptop, deleted",
    "--portal": "staff <intranet>, taken | down",
    "--backups": "overwritten after 30 days",
    "--signed-by": "Mira Oakhurst, data protection lead",
}
REQUEST = """\
---
type: subject-access-log
id: sl-3c5e7g9j
school: otterbeck
requested_on: 2027-01-11
due: 2027-02-11
by: p-m3v8x1ra
---
"""


def close(desk: Desk) -> None:
    """Closes the cycle."""
    text = desk.read(CYCLE)
    desk.write(CYCLE, text.replace("status: open", "status: closed\nclosed_on: 2026-12-18"))


def certify(desk: Desk, *options: str, without: str = "", day: str = "2027-09-01") -> Result:
    """Runs it with every answer, into the folder `certificates` beside the workspace."""
    given = [part for name, text in ANSWERS.items() if name != without for part in (name, text)]
    arguments = ("disposal", "--out", "../certificates", "--today", day, *given, *options)
    return desk.run(*arguments, words="")


def certificates(desk: Desk) -> dict[str, str]:
    """The files that were written, by ending."""
    folder = desk.root.parent / "certificates"
    files: list[Path] = list(folder.iterdir()) if folder.is_dir() else []
    return {file.suffix: file.read_text(encoding="utf-8") for file in files}


def test_a_certificate_counts_and_names_nobody(desk: Desk) -> None:
    """It holds counts, days, clauses and the last commit, and no name but that of who signs."""
    close(desk)
    desk.commit_all()
    head = desk.git("rev-parse", "HEAD").strip()

    result = certify(desk)

    assert result.status == 0, result.err
    text = certificates(desk)[".md"]
    assert f"- Last commit: {head}, the last of 1" in text
    kept = "until 31 August after the cycle closes \\[10.4\\]"
    assert f"| Coaching session | 1 | 2 | 12 Nov 2026 | 12 Nov 2026 | {kept} |  |" in text
    for name in ("Idris", "Nerys", "Sallowfield", "p-c5t0w6ze", "s-7kq2m4xa"):
        assert name not in "".join(certificates(desk).values())
    assert "Mira Oakhurst, data protection lead" in text


def test_what_was_typed_is_shown_as_text(desk: Desk) -> None:
    """An answer with marks in it stays text, in Markdown and on the page."""
    close(desk)
    desk.commit_all()

    certify(desk)

    found = certificates(desk)
    assert "- Portal and handbook: staff \\<intranet\\>, taken \\| down" in found[".md"]
    assert "<dd>staff &lt;intranet&gt;, taken | down</dd>" in found[".html"]


def test_what_is_to_be_kept_stops_it(desk: Desk) -> None:
    """While a cycle is open, and goes on nowhere else, there is no certificate."""
    desk.commit_all()

    result = certify(desk)

    assert result.status == 2
    assert "2 records are to be kept for longer" in result.err
    assert f"{SESSION}: cycle still open" in result.err
    assert certificates(desk) == {}


def test_what_goes_on_elsewhere_may_go(desk: Desk) -> None:
    """With the new repository named, what went along is counted, and its commit stands there."""
    desk.commit_all()
    desk.run("rollover", "../next", "--year", "2027-28", "--today", "2027-09-01", words="")

    result = certify(desk, "--next", "../next")

    assert result.status == 0, result.err
    text = certificates(desk)[".md"]
    assert "- Work goes on in the repository with the commit: " in text
    assert "| Coaching cycle | 1 |  | 14 Sep 2026 | 14 Sep 2026 |" in text
    assert text.count(" | 1 |\n") >= 3


def test_a_header_alone_is_not_enough(desk: Desk) -> None:
    """A record whose text did not go along, and is to be kept, is not taken for carried over."""
    desk.commit_all()
    desk.run("rollover", "../next", "--year", "2027-28", "--today", "2027-09-01", words="")
    there = desk.root.parent / "next" / SESSION
    header = there.read_text(encoding="utf-8").split("## Notes")[0]
    there.write_text(header, encoding="utf-8")

    result = certify(desk, "--next", "../next")

    assert result.status == 2
    assert "1 record is to be kept for longer" in result.err


def test_an_early_end_says_why(desk: Desk) -> None:
    """What goes before its time goes with a reason, which stands on the certificate."""
    desk.commit_all()

    result = certify(desk, "--early", "the school has closed")

    assert result.status == 0, result.err
    words = "Deleted before their time was over: 2 records, because: the school has closed"
    assert words in certificates(desk)[".md"]


def test_an_open_request_stops_it(desk: Desk) -> None:
    """While somebody waits for what is held about them nothing is certified."""
    desk.write("records/otterbeck/logs/2027-01-11-sl-3c5e7g9j.md", REQUEST)
    desk.commit_all()

    result = certify(desk, "--early", "tidying up")

    assert result.status == 2
    assert "somebody waits for what is held about them" in result.err


@pytest.mark.parametrize("missing", list(ANSWERS))
def test_every_answer_is_needed(desk: Desk, missing: str) -> None:
    """Without a terminal a certificate with a gap is not written."""
    close(desk)
    desk.commit_all()

    result = certify(desk, without=missing)

    assert result.status == 2
    assert f"add {missing}, or run this at a terminal" in result.err
    assert certificates(desk) == {}


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--out", "certificates"), "lies in the workspace that is being deleted"),
        (("--next", "."), "does not go on from this workspace"),
    ],
)
def test_places_are_looked_at(desk: Desk, options: tuple[str, str], message: str) -> None:
    """The certificate is kept elsewhere, and the new repository is another one."""
    close(desk)
    desk.commit_all()

    result = certify(desk, *options)

    assert result.status == 2
    assert message in result.err


def test_a_certificate_is_not_written_over(desk: Desk) -> None:
    """A second run on the same day leaves the signed one alone."""
    close(desk)
    desk.commit_all()
    certify(desk)

    result = certify(desk, "--signed-by", "Somebody Else")

    assert result.status == 2
    assert "is there already" in result.err
    assert "Somebody Else" not in certificates(desk)[".md"]


def test_no_text_of_a_note_is_in_it(desk: Desk) -> None:
    """What was sealed, and what lies plain by mistake, is counted and not quoted."""
    path = SESSION.replace("s-7kq2m4xa", "s-9plain00")
    text = desk.read(SESSION).split("## Notes")[0].replace("s-7kq2m4xa", "s-9plain00")
    desk.write(path, f"{text}## Notes\n\n{NOTE}\n")
    close(desk)
    desk.commit_all()

    result = certify(desk)

    assert result.status == 0, result.err
    assert NOTE not in "".join(certificates(desk).values()) + result.out + result.err
    assert COACH not in certificates(desk)[".md"]
