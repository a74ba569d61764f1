"""Which schools are stopped by what was found."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from coachbook.book import load_book
from coachbook.book.workspace import Workspace
from coachbook.cache import open_cache
from coachbook.diagnostics import Consequence, Diagnostic, Severity, Span
from coachbook.errors import FindingsError
from coachbook.pages import open_templates
from coachbook.publicpart import handbook_texts, keep_texts
from coachbook.stopped import notice, stopped_schools
from tests.schools import FIRST, SECOND, make_schools

if TYPE_CHECKING:
    from pathlib import Path

    from coachbook.book import Book

THIRD = "fennimoor"


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Book:
    """Three schools, of which the last takes over the policy of the second."""
    root = tmp_path_factory.mktemp("schools")
    make_schools(root, (FIRST, SECOND, THIRD))
    (root / f"records/{THIRD}/policy-2026-09.md").unlink()
    school = root / f"records/{THIRD}/school.md"
    text = school.read_text(encoding="utf-8")
    school.write_text(
        text.replace("\n---\n", f"\npolicy_of: {SECOND}\n---\n", 1), encoding="utf-8", newline="\n"
    )
    return load_book(root)


def found(school: str, code: str = "CB501", what: Consequence = Consequence.STOPS) -> Diagnostic:
    """A finding about a school."""
    path = f"records/{school}/x.md"
    return Diagnostic(path, Span(1), code, Severity.ERROR, "x", consequence=what, school=school)


def test_what_is_found_at_a_school_stops_that_school(book: Book) -> None:
    """Each with the codes of what was found."""
    findings = [found(FIRST), found(FIRST, "CB701"), found(FIRST)]

    assert stopped_schools(book, findings) == {FIRST: ("CB501", "CB701")}


def test_what_is_listed_or_held_back_stops_nothing(book: Book) -> None:
    """A breach of policy is published, and one record is left out."""
    findings = [found(FIRST, what=what) for what in Consequence if what is not Consequence.STOPS]

    assert stopped_schools(book, findings) == {}


def test_a_school_that_takes_over_a_policy_is_stopped_with_it(book: Book) -> None:
    """What is at fault in the policy is at fault for both."""
    assert [*stopped_schools(book, [found(SECOND)])] == [THIRD, SECOND]
    assert [*stopped_schools(book, [found(THIRD)])] == [THIRD]


@pytest.mark.parametrize("schools", [[""], [FIRST, ""], ["nowhere"], [FIRST, SECOND]])
def test_what_is_at_fault_for_all_stops_all(book: Book, schools: list[str]) -> None:
    """A key of a person, the trust's own record, or the last of the schools."""
    with pytest.raises(FindingsError, match="nothing was published"):
        stopped_schools(book, [found(one) for one in schools])


def test_public_pages_name_the_school_that_is_stopped(book: Book) -> None:
    """So that nobody takes an older page for today's."""
    assert notice(book, [SECOND]) == (
        "Nothing new from Saltmere Primary Academy is published at the moment: what is shown of "
        "it is older."
    )
    assert notice(book, []) == ""


def test_the_handbook_has_the_last_good_pages_of_a_stopped_school(
    tmp_path: Path, book: Book
) -> None:
    """On a computer that made them; elsewhere it has none of that school."""
    cache = open_cache({"COACHBOOK_CACHE": str(tmp_path / "cache")}, book.root)
    templates = open_templates(book.root)
    good = handbook_texts(book, templates)
    keep_texts(book, good, cache)

    kept = handbook_texts(book, templates, cache, {SECOND})
    elsewhere = handbook_texts(book, templates, stopped={SECOND})

    assert {one for one in good if one.path.startswith(f"{SECOND}/")} <= {*kept}
    assert not [one for one in elsewhere if one.path.startswith(f"{SECOND}/")]
    assert not [one for one in elsewhere if one.path == "index.md" and SECOND in one.text]


def test_a_school_by_itself_is_not_parted(tmp_path: Path) -> None:
    """With one school everything stops, as before."""
    make_schools(tmp_path, [FIRST])

    assert not Workspace(tmp_path).is_parted
