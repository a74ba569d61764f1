"""What stands behind the handbook, counted: requirements, rules, forms, versions."""

from __future__ import annotations

import json
from collections import Counter
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from coachbook import __version__
from coachbook.audience import public
from coachbook.book.model import FORMAT
from coachbook.handbook.model import HandbookPage
from coachbook.rules import RULES
from coachbook.values import frozen

if TYPE_CHECKING:
    from collections.abc import Mapping

    from coachbook.handbook.model import Handbook

_FILE = "_coverage.json"
_FAMILIES = {
    "CB1": "how a file is written",
    "CB2": "people and what is referred to",
    "CB3": "dates, time and rhythm",
    "CB4": "how coaching is done",
    "CB5": "confidentiality",
    "CB6": "keys",
    "CB7": "the policy itself",
}


@frozen
class Coverage:
    """How many requirements there are, and how many are honoured in each way."""

    total: int
    honoured: Mapping[str, int]
    outside: int


@cache
def coverage() -> Coverage:
    """The counts of tests/coverage/requirements.csv as the package carries them."""
    data = json.loads((resources.files("coachbook") / _FILE).read_text(encoding="utf-8"))
    return Coverage(data["total"], data["honoured"], data["outside"])


def about_page(handbook: Handbook) -> HandbookPage:
    """The About page."""
    counted = coverage()
    model = {
        "total": public(counted.total, _FILE),
        "honoured": public(
            [{"way": way, "count": count} for way, count in counted.honoured.items()], _FILE
        ),
        "outside": public(counted.outside, _FILE),
        "families": public(_families(), "rules"),
        "rules": public(len(RULES), "rules"),
        "forms": public(len(handbook.forms.newest()), "forms"),
        "types": public(len(handbook.forms.types()), "forms"),
        "version": public(__version__, "package"),
        "format": public(FORMAT, "package"),
    }
    return HandbookPage("about.md", ("About",), "handbook/about.md", model)


def _families() -> list[Mapping[str, object]]:
    counts = Counter(rule.code[:3] for rule in RULES)
    return [
        {"codes": f"{family}xx", "about": _FAMILIES[family], "count": counts[family]}
        for family in sorted(_FAMILIES)
    ]
