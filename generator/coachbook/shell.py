"""The portal's own page and the files beside it."""

from __future__ import annotations

from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

import coachbook
from coachbook.audience import PUBLIC
from coachbook.book import policy_now
from coachbook.declassified import DEMONSTRATION, declassify
from coachbook.errors import BuildError
from coachbook.invitation import publishes_keys
from coachbook.pages import find_file, render_page
from coachbook.people import scoped_role, split_principal
from coachbook.views import public
from coachbook.wordlist import word_script

if TYPE_CHECKING:
    from collections.abc import Mapping

    from coachbook.audience import Labelled
    from coachbook.book import Book
    from coachbook.book.demonstration import TryAs
    from coachbook.pages import Templates

SCRIPT = "portal.js"
STYLE = "portal.css"
LICENCES = "LICENSES.txt"
WORDS = "words.js"
_STYLES = (
    *("portal.css", "styles/frame.css", "styles/controls.css", "styles/gate.css"),
    *("styles/pages.css", "styles/sealed.css", "styles/figures.css", "styles/charts.css"),
    *(
        "styles/tables.css",
        "styles/write.css",
        "styles/threads.css",
        "styles/find.css",
        "styles/sheets.css",
        "styles/narrow.css",
        "styles/print.css",
    ),
)
"""The parts of the style sheet, in the order in which they stand in it.

The first holds the colours, letters and distances that the others are made of.
"""
_IDLE_MINUTES = 10
_HANDBOOK = "../handbook/index.html"
_SHOWN = {
    "coachee": "Coachee",
    "coach": "Coach",
    "mentee": "Mentee",
    "mentor": "Mentor",
    "monitor": "Monitor",
    "slt": "Senior team",
    "head": "Head",
    "governors": "Governor",
}
"""The parts that a demonstration offers, in the order of their buttons."""
_CHOSEN_FIRST = ("head", "governors", "monitor", "slt")
"""Parts that few people have; whoever is offered in one of them is not offered in another."""
_TRUST_LEAD = "trust-lead"


def render_shell(
    templates: Templates, book: Book, salt: str, tries: tuple[TryAs, ...], edition: str = ""
) -> str:
    """The portal's page: no name, no record, only what a browser needs to begin."""
    model = {**shell_model(book, salt, tries), "edition": public(edition)}
    return render_page(templates, "portal/index.html", model, PUBLIC)


def shell_model(book: Book, salt: str, tries: tuple[TryAs, ...]) -> Mapping[str, object]:
    """What the portal's page shows before anybody has signed in."""
    return {
        "trust": public(book.trust.name),
        "salt": public(salt),
        "idle_minutes": public(idle_minutes(book)),
        "publishes_keys": public(_publishing(book)),
        "stay_hours": public(stay_hours(book)),
        "demonstration": public(book.trust.demonstration),
        "handbook": public(_HANDBOOK),
        "tries": [
            {"school": public(school), "people": [_try(label, row) for label, row in people]}
            for school, people in _groups(book, tries)
        ],
    }


def idle_minutes(book: Book) -> int:
    """The shortest time any school of the trust lets the portal stay open unused, in minutes."""
    policies = (policy_now(book, school) for school in book.schools)
    stated = (policy.get("portal.idle_minutes") for policy in policies if policy)
    return min((m for m in stated if isinstance(m, int)), default=_IDLE_MINUTES)


def stay_hours(book: Book) -> int:
    """For how long every school of the trust lets a device keep somebody signed in, in hours.

    A school whose policy does not say so lets nobody.
    """
    policies = (policy_now(book, school) for school in book.schools)
    stated = (policy.get("portal.stay_hours") for policy in policies if policy)
    return min((h if isinstance(h, int) else 0 for h in stated), default=0)


def _publishing(book: Book) -> str:
    """Which schools publish protected keys beside the portal: all, none or some."""
    found = {publishes_keys(book, (school,)) for school in book.schools}
    return "some" if len(found) > 1 else "all" if found == {True} else "none"


def assets(templates: Templates) -> Mapping[str, bytes]:
    """The script, style sheet and licence notices of the portal."""
    bundle = Path(str(resources.files(coachbook))) / "_assets"
    try:
        return {
            SCRIPT: (bundle / SCRIPT).read_bytes(),
            LICENCES: (bundle / LICENCES).read_bytes(),
            STYLE: _style(templates),
            WORDS: word_script(),
        }
    except OSError as error:
        raise BuildError(
            "the portal's script is missing from this installation",
            hint="install coachbook again, or in its source tree run: make demo",
        ) from error


def _style(templates: Templates) -> bytes:
    """The style sheet in one piece; a workspace may bring any part of it."""
    return b"\n".join(find_file(templates, f"portal/{part}").read_bytes() for part in _STYLES)


def _groups(book: Book, tries: tuple[TryAs, ...]) -> list[tuple[str, list[tuple[str, TryAs]]]]:
    """The people of each school, then whoever leads across all of them."""
    lead = next((row for row in tries if _leads_the_trust(row)), None)
    if lead is None:
        return _by_school(book, tries)
    others = tuple(row for row in tries if row is not lead)
    return [*_by_school(book, others), (book.trust.name, [("Trust lead", lead)])]


def _leads_the_trust(row: TryAs) -> bool:
    return any(role.startswith(f"{_TRUST_LEAD}@") for role in row.roles)


def _by_school(book: Book, tries: tuple[TryAs, ...]) -> list[tuple[str, list[tuple[str, TryAs]]]]:
    """The name of each school with its people, the school of the first one before the others."""
    named = dict.fromkeys(split_principal(role)[1] for row in tries for role in row.roles)
    schools = [book.schools[one] for one in named if one in book.schools]
    found = [(school.name, _one_each(tries, school.id)) for school in schools]
    return [(name, people) for name, people in found if people]


def _one_each(tries: tuple[TryAs, ...], school: str) -> list[tuple[str, TryAs]]:
    """One person for each part that somebody has at a school, in a fixed order."""
    chosen: dict[str, TryAs] = {}
    for part in dict.fromkeys((*_CHOSEN_FIRST, *_SHOWN)):
        for row in tries:
            if scoped_role(part, school) in row.roles and row not in chosen.values():
                chosen[part] = row
                break
    return [(label, chosen[part]) for part, label in _SHOWN.items() if part in chosen]


def _try(label: str, row: TryAs) -> dict[str, object]:
    return {
        "label": public(label),
        "person": _shown(row.sign_in or row.person),
        "passphrase": _shown(row.passphrase),
    }


def _shown(words: str) -> Labelled[str]:
    source = "the people of the demonstration"
    return declassify(words, DEMONSTRATION, to=PUBLIC, source=source)
