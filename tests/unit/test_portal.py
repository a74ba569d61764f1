"""Tests of fragments, indexes and entries."""

from __future__ import annotations

import base64
import json
import os
import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from coachbook.age import decrypt, read_header
from coachbook.audience import Audience, FlowError, Labelled
from coachbook.book import load_book
from coachbook.entries import format_entry, plan_entries
from coachbook.errors import AgeNoMatchError
from coachbook.fragments import Fragment, Names, seal_fragment
from coachbook.overviews import Page
from coachbook.overviews.cycle import cycle_page
from coachbook.packing import pack, unpack
from coachbook.pages import open_templates, render_page
from coachbook.portal import page_fragment, plan_portal
from coachbook.views import open_view, public
from tests.unit.conftest import TODAY
from tests.workspaces.otterbeck_small import COACH, COACHEE, MONITOR, ROOT, identity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from coachbook.book import Book

HEAD = "head@otterbeck"


def _render(name: str, model: Mapping[str, object], audience: Audience) -> str:
    return render_page(open_templates(), name, model, audience)


def _plan(book: Book) -> tuple[Fragment, ...]:
    return plan_portal(open_view(book), _render)


@pytest.fixture(scope="module")
def plan() -> tuple[Fragment, ...]:
    """What the portal of the small workspace holds, planned once."""
    return _plan(load_book(ROOT, today=TODAY))


def _index(plan: tuple[Fragment, ...], reader: str) -> dict[str, list[dict[str, str]]]:
    found = [
        json.loads(f.plaintext)
        for f in plan
        if b'"kind":"index"' in f.plaintext and f.audience == Audience(frozenset({reader}))
    ]
    assert len(found) == 1
    return found[0]


def test_index_lists_what_a_reader_opens(plan: tuple[Fragment, ...]) -> None:
    """A coachee's index leads to their own page and take-away, their cycle and the Write page."""
    index = _index(plan, COACHEE)

    assert {page["kind"] for page in index["pages"]} == {"me", "take-away", "cycle", "write"}


def test_head_has_figures_and_no_cycle(plan: tuple[Fragment, ...]) -> None:
    """The head's role opens the school's figures and not one cycle."""
    index = _index(plan, HEAD)

    kinds = {page["kind"] for page in index["pages"]}
    assert {"school", "head"} <= kinds
    assert not kinds & {"cycle", "pair", "visit", "visits", "coverage", "counted"}


def test_fragment_opens_for_its_readers_alone(plan: tuple[Fragment, ...], book: Book) -> None:
    """A cycle's page opens with the coach's key and not with the head's."""
    cycle = next(
        f
        for f in plan
        if COACH in (f.audience.principals or ()) and MONITOR in (f.audience.principals or ())
    )

    script = seal_fragment(cycle, book, os.urandom)

    sealed = base64.b64decode(re.findall(rb'","([^"]+)"', script)[0])
    assert unpack(decrypt(sealed, [identity(COACH)])) == cycle.plaintext
    with pytest.raises(AgeNoMatchError):
        decrypt(sealed, [identity(HEAD), identity("p-h7d2k9qm")])
    assert len(read_header(sealed).stanzas) == len(cycle.audience.principals or ())


def test_plan_is_deterministic(plan: tuple[Fragment, ...], book: Book) -> None:
    """The same records give the same names, readers and plaintext of every private page."""
    assert _plan(book) == plan


def test_names_tell_nothing(book: Book) -> None:
    """A file of the portal is named by an HMAC, which without the random value tells nothing."""
    names = Names(book.trust.fragments)
    other = Names("00" * 32)
    audience = Audience(frozenset({COACH}))

    assert re.fullmatch(r"[0-9a-f]{32}", names.fragment("page", "me", audience))
    assert names.fragment("page", "me", audience) != other.fragment("page", "me", audience)
    assert names.fragment("page", "me", audience) != names.fragment(
        "page", "me", Audience(frozenset({COACHEE}))
    )


def test_sign_in_is_forgiving(book: Book) -> None:
    """Capitals and blanks around a sign-in lead to the same entry."""
    names = Names(book.trust.fragments)

    assert names.entry(" Idris.Marlowe ") == names.entry("idris.marlowe")


def test_no_key_is_published_unless_the_policy_says_so(book: Book) -> None:
    """Where the policy does not publish protected keys, an entry holds none."""
    keyring = replace(book.keyring, protected={COACH: "-----BEGIN AGE ENCRYPTED FILE-----"})

    entries = plan_entries(replace(book, keyring=keyring))

    assert entries
    assert {entry.identity.value for entry in entries} == {""}


def test_entry_is_one_line_of_script(book: Book) -> None:
    """An entry is a classic script that holds the index's name and nothing about the person."""
    entry = plan_entries(book)[0]

    script = format_entry(entry).decode()

    assert script == f'coachbook.put("{entry.name}",{{"identity":"","index":"{entry.index}"}});\n'


def test_page_that_shows_a_narrower_value_is_not_built(book: Book) -> None:
    """A page for the coachee that holds a value of the coach's alone stops the build."""
    view = open_view(book)
    page = cycle_page(view, view.cycles["c-0a1b2c3d"])
    secret = Labelled("not for everyone", Audience(frozenset({COACH})), "a private thought")
    wider = replace(page, model={**page.model, "path": secret})

    with pytest.raises(FlowError, match="a private thought"):
        page_fragment(wider, "a" * 32, _render)


def test_unlabelled_title_is_refused_by_type(book: Book) -> None:
    """The index of one reader never takes a title that is for others."""
    page = Page(
        kind="me",
        path="me",
        title=Labelled("Somebody's page", Audience(frozenset({COACH})), "title"),
        group=public(""),
        audience=Audience(frozenset({COACHEE})),
        template="me.html",
        model={},
        blocks={},
    )

    with pytest.raises(FlowError):
        page_fragment(page, "a" * 32, lambda *_: "")


def test_fragment_repr_hides_text() -> None:
    """A fragment in a traceback or a log shows its name and not its text."""
    fragment = Fragment("a" * 32, Audience(frozenset({COACH})), b"what was said", b"")

    assert "said" not in repr(fragment)


def test_padding_hides_exact_length(plan: tuple[Fragment, ...]) -> None:
    """Before it is sealed, every fragment is padded to a whole number of 2048 bytes."""
    packed = [pack(fragment.plaintext) for fragment in plan]

    assert all(len(one) % 2048 == 0 for one in packed)


def test_blocks_travel_sealed(plan: tuple[Fragment, ...]) -> None:
    """A page carries a sealed section as its block, with what the browser must find inside."""
    page = next(json.loads(f.plaintext) for f in plan if b'"section":"Notes"' in f.plaintext)

    block = next(b for b in page["blocks"].values() if b["section"] == "Notes")

    assert block["armor"].startswith("-----BEGIN AGE ENCRYPTED FILE-----")
    assert block["record"] == "s-7kq2m4xa"
    assert ["coachee", COACHEE] in block["parties"]


def test_a_page_says_its_own_name(plan: tuple[Fragment, ...]) -> None:
    """What is inside the seal names the file, so that two files can't change places unseen."""
    assert all(json.loads(one.plaintext)["name"] == one.name for one in plan)


def test_what_many_write_pages_share_is_for_just_their_writers(plan: tuple[Fragment, ...]) -> None:
    """The colleagues whom anybody can visit are sealed once, to everyone on whose page they are."""
    pages = [(one, json.loads(one.plaintext)) for one in plan]
    shelves = {one.name: one for one, page in pages if page["kind"] == "shelf"}
    users = {
        name: {who for one, page in pages if name in page.get("shelves", ()) for who in _ids(one)}
        for name in shelves
    }
    assert shelves
    assert users == {name: set(_ids(one)) for name, one in shelves.items()}


def _ids(fragment: Fragment) -> frozenset[str]:
    return fragment.audience.principals or frozenset()
