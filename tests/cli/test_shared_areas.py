"""Commands that would put what is made from records where all staff can see it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.cli.desk import COACH, SESSION

if TYPE_CHECKING:
    from tests.cli.desk import Desk

SCHOOL = "records/otterbeck/school.md"


def share(desk: Desk, area: str) -> None:
    """Lists an area of the school as shared."""
    desk.write(SCHOOL, desk.read(SCHOOL).replace("\n---\n", f"\nshared_areas: [{area}]\n---\n"))


def test_a_site_is_not_built_into_a_shared_area(desk: Desk) -> None:
    """Nothing is written there, and the message names the school and the clause."""
    share(desk, "Staff shared")

    result = desk.run("build", "--out", str(desk.home / "Staff shared" / "site"))

    assert result.status == 2
    assert "lies in a shared area of Otterbeck Primary" in result.err
    assert "[10.1]" in result.err
    assert not (desk.home / "Staff shared").exists()


def test_a_record_is_not_opened_in_place_in_a_shared_area(desk: Desk) -> None:
    """Where the workspace itself lies in one, text is printed and never left in its file."""
    share(desk, desk.root.name)
    before = desk.read(SESSION)

    result = desk.run("open", SESSION, "--in-place", person=COACH)

    assert result.status == 2
    assert "shared area" in result.err
    assert desk.read(SESSION) == before


def test_a_record_can_still_be_read_in_a_shared_area(desk: Desk) -> None:
    """Printing leaves nothing behind."""
    share(desk, desk.root.name)

    assert desk.run("open", SESSION, person=COACH).status == 0
