"""The take-away file in a real browser: what is in it, and what is not."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.browser.conftest import Desk, demonstration

if TYPE_CHECKING:
    from collections.abc import Callable

    MakeDesk = Callable[..., Desk]

COACHEE = demonstration()["coachee@otterbeck"]


def _taken(desk: Desk) -> tuple[str, dict[str, Any]]:
    """The text and the data of the file that the page makes."""
    with desk.page.expect_download() as waiting:
        desk.page.get_by_role("button", name="Make my take-away file").click()
    with zipfile.ZipFile(io.BytesIO(Path(waiting.value.path()).read_bytes())) as archive:
        assert archive.testzip() is None
        text = archive.read("about-me.md").decode("utf-8")
        return text, json.loads(archive.read("about-me.json"))


def test_a_person_takes_along_all_that_is_about_them(desk: MakeDesk) -> None:
    """One download holds a person's sessions as text and as data, opened with their own key."""
    one = desk()
    one.unlock(COACHEE)
    one.go("take-away")

    text, data = _taken(one)

    assert "tennis ball" in text
    assert "tennis ball" in json.dumps(data)
    assert {"cycle", "session"} <= {record["type"] for record in data["records"]}
    status = one.page.locator("[data-take-away] [role=status]").inner_text()
    assert status.startswith("The file is in your downloads. It holds ")
    assert "did not open" not in status


def test_what_is_sealed_for_others_is_named_and_not_in_it(desk: MakeDesk) -> None:
    """The coach's private notes stand in the coachee's file with their reader, without a word."""
    one = desk()
    one.unlock(COACHEE)
    one.go("take-away")

    _, data = _taken(one)

    parts = [part for record in data["records"] for part in record["sections"]]
    shut = [part for part in parts if part["name"] == "Coach notes"]
    assert shut
    assert {part["text"] for part in shut} == {None}
    assert all(part["readers"].startswith("Only ") for part in shut)
