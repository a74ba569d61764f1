"""`coachbook build --explain-flow`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.cli.desk import as_json

if TYPE_CHECKING:
    from typing import Any

    from tests.cli.desk import Desk

TODAY = ("--today", "2026-11-16")


def test_what_goes_further_is_listed_and_nothing_is_built(desk: Desk) -> None:
    """The list says what goes to whom and why, needs no key, and makes no site."""
    result = desk.run("build", "--explain-flow", *TODAY)

    assert (result.status, result.err) == (0, "")
    assert result.out.startswith("figure: a number counted from headers")
    assert "0 would be refused" in result.out
    assert not (desk.root / "site").exists()


def test_one_page(desk: Desk) -> None:
    """With a page's path it lists what that page shows, from where, and to whom."""
    result = desk.run("build", "--explain-flow", "--page", "cycle/c-0a1b2c3d", *TODAY)

    assert result.status == 0
    assert result.out.startswith("cycle/c-0a1b2c3d: seen by ")
    assert "2026-11-12-s-7kq2m4xa.md: date" in result.out


def test_for_programs(desk: Desk) -> None:
    """As JSON the list holds every ground, and every page with its readers and inputs."""
    found: Any = as_json(desk.run("build", "--explain-flow", "--format", "json", *TODAY))

    assert found["version"] == 1
    assert "figure" in found["grounds"]
    cycle = next(one for one in found["pages"] if one["path"] == "cycle/c-0a1b2c3d")
    assert "p-c5t0w6ze" in cycle["seen_by"]
    assert {"source", "readers", "count", "ground"} <= cycle["inputs"][0].keys()


def test_an_unknown_page(desk: Desk) -> None:
    """A page that is not there is an error that says what pages begin with."""
    result = desk.run("build", "--explain-flow", "--page", "nowhere", *TODAY)

    assert (result.status, result.out) == (2, "")
    assert "there is no page 'nowhere'" in result.err


def test_options_that_would_do_nothing(desk: Desk) -> None:
    """A page or a format without --explain-flow is a slip, and builds nothing."""
    result = desk.run("build", "--page", "me", *TODAY)

    assert result.status == 2
    assert "--page and --format belong to --explain-flow" in result.err
    assert not (desk.root / "site").exists()
