"""Findings that are set aside for a time."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING

import pytest

from coachbook.book import load_book
from coachbook.diagnostics import Consequence, Diagnostic, Severity
from coachbook.overviews.checks import checks_page
from coachbook.pages import open_templates, render_page
from coachbook.report import render_github, render_json, render_text
from coachbook.rules import check_book, tally
from coachbook.views import open_view
from tests.unit.conftest import TODAY

if TYPE_CHECKING:
    from pathlib import Path

SESSION = "records/otterbeck/2026-27/c-0a1b2c3d/2026-11-05-s-3x9p5w1d.md"
LONG = """\
---
type: session
id: s-3x9p5w1d
school: otterbeck
cycle: c-0a1b2c3d
date: 2026-11-05
status: held
kind: coaching
minutes: 18
---
"""
WAIVER = """\
---
type: waiver
id: w-4b7c1n9e
school: otterbeck
code: CB302
about: s-3x9p5w1d
reason: agreed-exception
granted_by: p-m3v8x1ra
granted_on: 2026-11-06
until: 2027-07-21
---
"""


def check(workspace: Path, waiver: str = WAIVER, session: str = LONG) -> tuple[Diagnostic, ...]:
    """What is found with a session that was too long, and a waiver."""
    place = workspace / "records/otterbeck/waivers/w-4b7c1n9e.md"
    place.parent.mkdir()
    place.write_text(waiver, encoding="utf-8")
    (workspace / SESSION).write_text(session, encoding="utf-8")
    return check_book(load_book(workspace, today=TODAY))


def told(findings: tuple[Diagnostic, ...]) -> list[str]:
    """The messages about waivers."""
    return [finding.message for finding in findings if finding.code == "CB432"]


def test_a_finding_that_is_set_aside_leads_to_nothing(workspace: Path) -> None:
    """It stays in the list, with why and until when, and counts for nothing."""
    (finding,) = [one for one in check(workspace) if one.code == "CB302"]

    assert (finding.severity, finding.consequence) == (Severity.INFO, Consequence.NONE)
    assert finding.waiver is not None
    assert (finding.waiver.id, finding.waiver.reason) == ("w-4b7c1n9e", "agreed-exception")
    assert finding.waiver.until == date(2027, 7, 21)


def test_the_report_counts_what_is_set_aside(workspace: Path) -> None:
    """Without being asked, `check` says how many findings are waived, and no more."""
    findings = check(workspace)
    text = render_text(findings, {}, tally(load_book(workspace)))

    assert "CB302" not in text
    assert "1 waived" in text


def test_the_report_shows_what_is_set_aside_on_request(workspace: Path) -> None:
    """With --waived each stands with its reason and its last day."""
    text = render_text(check(workspace), {}, tally(load_book(workspace)), waived=True)

    assert "CB302 waived: 18 minutes" in text
    assert "set aside until 21 Jul 2027: agreed-exception (w-4b7c1n9e)" in text


def test_programs_are_told_of_the_waiver(workspace: Path) -> None:
    """The JSON report carries the finding with its waiver."""
    report = json.loads(render_json(check(workspace), tally(load_book(workspace))))
    (finding,) = [one for one in report["findings"] if one["code"] == "CB302"]

    assert report["summary"]["waived"] == 1
    assert finding["waiver"] == {
        "id": "w-4b7c1n9e",
        "reason": "agreed-exception",
        "until": "2027-07-21",
    }


def test_a_git_host_shows_what_is_set_aside_in_its_summary_alone(workspace: Path) -> None:
    """An annotation would ask somebody to do something."""
    said = render_github(check(workspace), tally(load_book(workspace)))

    assert "title=CB302" not in said.log
    assert "set aside until 21 Jul 2027" in said.summary


def test_the_overseer_sees_what_is_set_aside(workspace: Path) -> None:
    """The page of checks lists it apart from what counts."""
    findings = check(workspace)
    page = checks_page(open_view(load_book(workspace, today=TODAY), findings), "otterbeck")

    assert [one["code"].value for one in page.model["waived"]] == ["CB302"]
    assert page.model["waived"][0]["until"].value == "21 Jul 2027"
    assert "CB302" not in [one["code"].value for one in page.model["findings"]]


@pytest.mark.parametrize("code", ["CB501", "cb504", "CB602", "CB432"])
def test_confidentiality_and_keys_are_never_set_aside(workspace: Path, code: str) -> None:
    """A waiver of such a finding is itself an error."""
    findings = check(workspace, WAIVER.replace("CB302", code))
    (refused,) = [one for one in findings if one.code == "CB432"]

    assert refused.severity is Severity.ERROR
    assert "never set aside" in refused.message


def test_what_holds_a_record_back_is_not_set_aside(workspace: Path) -> None:
    """Nobody can read the record, so nobody can say that it is as it should be."""
    findings = check(workspace, WAIVER.replace("CB302", "CB104"), LONG.replace("18", "eighteen"))

    assert [one.consequence for one in findings if one.code == "CB104"] == [Consequence.HELD_BACK]
    assert told(findings) == ["there is no `CB104` about `s-3x9p5w1d` that could be set aside"]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("2027-07-21", "2026-11-15", "this waiver ran out on 15 Nov 2026, so the finding counts "),
        ("2027-07-21", "2028-07-21", "21 Jul 2028 is more than a year ahead"),
        ("s-3x9p5w1d", "s-0n0n0n0n", "there is no record `s-0n0n0n0n`, so this waiver is about "),
        ("p-m3v8x1ra", "p-n9b4j2ys", "Nerys Sallowfield does not hold a role that grants waivers"),
        ("p-m3v8x1ra", "p-h7d2k9qm", "Odalys Renwick-Tarn does not hold a role that grants "),
        ("p-m3v8x1ra", "p-c5t0w6ze", "Idris Marlowe-Beck takes part in the record that this is "),
    ],
    ids=["over", "too-long", "unknown", "no-role", "kept-out", "takes-part"],
)
def test_a_waiver_that_does_not_fit_sets_nothing_aside(
    workspace: Path, old: str, new: str, message: str
) -> None:
    """It is named with what is wrong, and the finding counts as before."""
    findings = check(workspace, WAIVER.replace(old, new))

    assert any(message in one for one in told(findings))
    assert not any(finding.waiver for finding in findings)


def test_a_waiver_of_nothing_is_told(workspace: Path) -> None:
    """Once a finding is gone its waiver can go too."""
    findings = check(workspace, session=LONG.replace("18", "14"))

    assert told(findings) == ["there is no `CB302` about `s-3x9p5w1d` that could be set aside"]


def test_a_waiver_counts_on_its_last_day(workspace: Path) -> None:
    """Until means up to the end of that day."""
    findings = check(workspace, WAIVER.replace("2027-07-21", TODAY.isoformat()))

    assert any(finding.waiver for finding in findings)


def test_the_page_of_checks_says_why_and_until_when(workspace: Path) -> None:
    """Overseers read the reason and the last day in words."""
    findings = check(workspace)
    book = load_book(workspace, today=TODAY)
    page = checks_page(open_view(book, findings), "otterbeck")

    text = render_page(open_templates(), f"pages/{page.template}", page.model, page.audience)

    assert "Set aside until 21 Jul 2027: agreed exception" in text


def test_a_waiver_hides_nothing_that_is_unsealed(workspace: Path) -> None:
    """Whatever a waiver says, confidential text in the clear stops publication."""
    findings = check(
        workspace,
        WAIVER.replace("CB302", "CB501"),
        LONG + "\n## Notes\n\nThe room was silent.\n",
    )
    (unsealed,) = [one for one in findings if one.code == "CB501"]

    assert unsealed.waiver is None
    assert (unsealed.severity, unsealed.consequence) == (Severity.ERROR, Consequence.STOPS)


def test_a_waiver_is_about_one_record(workspace: Path) -> None:
    """The same finding about another record counts as before."""
    other = SESSION.replace("11-05-s-3x9p5w1d", "11-06-s-8h6g4f2d")
    text = LONG.replace("11-05", "11-06").replace("s-3x9p5w1d", "s-8h6g4f2d")
    (workspace / other).write_text(text, encoding="utf-8")

    waived = {one.record: bool(one.waiver) for one in check(workspace) if one.code == "CB302"}

    assert waived == {"s-3x9p5w1d": True, "s-8h6g4f2d": False}
