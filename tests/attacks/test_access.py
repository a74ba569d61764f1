"""Who opens which page: every key of the demonstration is tried on every sealed file."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from coachbook.book import load_book
from coachbook.pages import open_templates, render_page
from coachbook.portal import plan_portal
from coachbook.views import open_view
from tests.gallery.access import (
    Opened,
    access_table,
    first_of_each_kind,
    summary_table,
)

if TYPE_CHECKING:
    from coachbook.age import X25519Identity
    from tests.attacks.aviary import Marked

    Keys = dict[str, dict[str, X25519Identity]]

PAGE = Opened("f1", "head", "head/otterbeck", frozenset({"head@otterbeck", "p-7kq2m4xa"}))
OTHER = Opened("f2", "head", "head/saltmere", frozenset({"head@saltmere"}))


def test_each_page_opens_for_its_readers_and_for_nobody_else(
    found: tuple[Opened, ...], marked: Marked, keys: Keys
) -> None:
    """A key opens a page exactly if its owner is among those the page is planned for."""
    view = open_view(load_book(marked.root), ())
    plan = plan_portal(view, partial(render_page, open_templates()))
    held = {owner for own in keys.values() for owner in own}
    planned = {one.name: (one.audience.principals or frozenset()) & held for one in plan}

    assert {one.name: one.openers for one in found} == planned
    assert len(found) > len(keys)


def test_head_opens_no_note_where_the_policy_keeps_them_out(found: tuple[Opened, ...]) -> None:
    """At Otterbeck no key of the head opens a cycle, a visit or a list of names."""
    kinds = {one.kind for one in found if "head@otterbeck" in one.openers}

    assert "school" in kinds
    assert not kinds & {"cycle", "pair", "visit", "visits", "coverage", "lead", "budget"}


def test_table_names_those_who_open_a_page() -> None:
    """The table says for each page whose key opened it, people with their roles."""
    table = access_table([PAGE, OTHER], {"p-7kq2m4xa": {"p-7kq2m4xa": None, "slt@otterbeck": None}})

    assert "| head | `head/otterbeck` | head@otterbeck, p-7kq2m4xa (slt@otterbeck) |" in table


def test_summary_counts_pages_by_role() -> None:
    """The summary says how many pages of each kind the key of a role opens."""
    assert summary_table([PAGE, OTHER]).splitlines()[-1] == "| head | 1 | 1 |"


def test_gallery_shows_the_first_page_of_each_kind() -> None:
    """Of each kind of page that somebody opens one is photographed."""
    again = Opened("f3", "head", "head/bramblewick", frozenset({"head@otterbeck"}))

    assert first_of_each_kind([PAGE, again], "head@otterbeck") == {"head": "head/bramblewick"}
