"""Two records that both say that they are the same one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.attacks.hostile import build, opened
from tests.cli.desk import SESSION
from tests.workspaces import otterbeck_small as small

if TYPE_CHECKING:
    from tests.cli.desk import Desk


def test_a_second_record_takes_nobodys_place(hostile: Desk) -> None:
    """Of two records with one id both are named, and no page shows either of them."""
    second = SESSION.replace("2026-11-12", "2026-11-13")
    header = hostile.read(SESSION).split("## ")[0]
    hostile.write(second, header.replace("2026-11-12", "2026-11-13"))

    found = hostile.run("check").out
    status, said = build(hostile, "--only", "portal")

    assert [path for path in (SESSION, second) if f"{path}:" not in found] == []
    assert found.count("CB106") == 2
    assert (status, "2 records held back" in said) == (0, True)
    pages = opened(hostile.root / "site", small.COACH)
    assert any(page["title"].startswith("Nerys") for page in pages)
    assert [one for page in pages for one in page["blocks"]] == []
