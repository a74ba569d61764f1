"""A portal made school by school, and one in which a school is stopped."""

from __future__ import annotations

import gc
import re
import shutil
from typing import TYPE_CHECKING

import pytest

from coachbook.book import load_book
from coachbook.book.workspace import Workspace
from coachbook.cache import FORGETFUL, Cache, open_cache
from coachbook.copies import without_collection
from coachbook.pages import open_templates, render_page
from coachbook.partcheck import check_workspace
from coachbook.partportal import PartedPortal, Tools
from coachbook.portal import plan_portal
from coachbook.rules import check_book
from coachbook.stopped import stopped_schools
from coachbook.views import open_view
from tests.test_example import ROOT as EXAMPLE

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from coachbook.audience import Audience
    from coachbook.fragments import Fragment
    from coachbook.listings import Shown

CANARY = "Heliotrope"
STOPPED, NAME = "otterbeck", "Otterbeck Primary"
GONE, ELSEWHERE = "p-mwg5htfp", "saltmere"
"""Somebody who goes from that school to another one."""
TEMPLATES = open_templates(EXAMPLE)


def render(name: str, model: Mapping[str, object], audience: Audience) -> str:
    """A page of the example's own look."""
    return render_page(TEMPLATES, name, model, audience)


class Made:
    """A portal that was made of a workspace, with the fragments that were handed on for it."""

    def __init__(self, root: Path, cache: Cache = FORGETFUL, last: Made | None = None) -> None:
        workspace = Workspace(root, cache=cache)
        findings = check_workspace(workspace).findings
        there = {one.name: one.print for one in last.shown} if last else {}
        self.fragments: dict[str, Fragment] = {}
        self.stopped = stopped_schools(workspace.shared, findings)

        def keep(fragment: Fragment) -> None:
            assert fragment.name not in self.fragments
            self.fragments[fragment.name] = fragment

        def is_there(shown: Shown) -> bool:
            return there.get(shown.name) == shown.print

        tools = Tools(render, keep, lambda _view, _school: None, is_there)
        self.shown = PartedPortal(workspace, findings, tools, self.stopped).make()

    def texts(self) -> dict[str, bytes]:
        """The plaintext of everything that was made."""
        return {name: one.plaintext for name, one in self.fragments.items()}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the example that is changed step by step; people of two schools begin elsewhere."""
    place = tmp_path_factory.mktemp("parted")
    shutil.copytree(EXAMPLE / "records", place / "records")
    for path in (place / "records/people").glob("*.md"):
        text = path.read_text(encoding="utf-8")
        turned = re.sub(rf"(?m)^schools: \[{STOPPED}, (\w+)\]$", rf"schools: [\1, {STOPPED}]", text)
        path.write_text(turned, encoding="utf-8", newline="\n")
    shutil.copytree(place / "records", place / "as it was")
    return place


@pytest.fixture(scope="module")
def cache(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Cache:
    """A store for it."""
    place = tmp_path_factory.mktemp("cache") / "cache"
    return open_cache({"COACHBOOK_CACHE": str(place)}, folder)


@pytest.fixture(scope="module")
def good(folder: Path, cache: Cache) -> Made:
    """The portal before anything is wrong."""
    return Made(folder, cache)


@pytest.fixture(scope="module")
def unsealed(folder: Path, good: Made) -> Path:
    """The same records; in one school a note is not sealed, and a canary stands in its headers.

    Somebody has gone from there to another school meanwhile.
    """
    assert good.stopped == {}
    person = folder / f"records/people/{GONE}.md"
    text = person.read_text(encoding="utf-8").replace(f"[{STOPPED}]", f"[{ELSEWHERE}]")
    person.write_text(text, encoding="utf-8", newline="\n")
    school = folder / "records" / STOPPED
    for path in (*school.rglob("c-*/*-s-*.md"), *school.rglob("visits/*.md")):
        text = path.read_text(encoding="utf-8")
        text = re.sub(r"(?m)^subject: .*\n", "", text)
        text = text.replace("\nschool:", f"\nsubject: {CANARY}\nschool:", 1)
        path.write_text(text, encoding="utf-8", newline="\n")
    note = next(iter(sorted(school.rglob("c-*/*-s-*.md"))))
    text = note.read_text(encoding="utf-8")
    plain = re.sub(r"```age.*?```", f"{CANARY} waited.", text, count=1, flags=re.DOTALL)
    note.write_text(plain, encoding="utf-8", newline="\n")
    return folder


@pytest.fixture(scope="module")
def stopped(unsealed: Path, cache: Cache, good: Made) -> Made:
    """The portal of those, on a computer that made the last good one."""
    return Made(unsealed, cache, last=good)


@pytest.fixture(scope="module")
def elsewhere(unsealed: Path) -> Made:
    """The portal of those, on a computer that has never made one."""
    return Made(unsealed)


def test_every_fragment_is_that_of_the_whole(good: Made, folder: Path) -> None:
    """People at two schools, shared partners and the page about the trust included."""
    book = load_book(folder)
    whole = plan_portal(open_view(book, check_book(book)), render)

    assert good.texts() == {one.name: one.plaintext for one in whole}


def test_a_school_goes_before_the_next_one_comes(
    folder: Path, good: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A school whose pages are made is let go at once: memory is not searched for it."""
    monkeypatch.setattr(gc, "collect", lambda: pytest.fail("memory was searched for a book"))

    with without_collection():
        assert Made(folder).texts() == good.texts()


def test_what_is_listed_is_what_was_made(good: Made) -> None:
    """Each fragment is known by name and readers, so that the audit can count its keys."""
    assert {one.name: one.audience for one in good.shown} == {
        name: one.audience for name, one in good.fragments.items()
    }


def test_nothing_is_made_again_where_nothing_has_changed(
    good: Made, folder: Path, cache: Cache
) -> None:
    """Only indexes, and the page about the trust, are looked at once more."""
    again = Made(folder, cache, last=good)

    assert {one.name for one in again.shown} == {one.name for one in good.shown}
    assert {
        b'"kind":"index"' in one or b"The trust in figures" in one for one in again.texts().values()
    } == {True}


def test_one_school_is_stopped_for_what_is_its_own(stopped: Made) -> None:
    """The others go on."""
    assert stopped.stopped.keys() == {STOPPED}


def test_the_last_good_pages_of_a_stopped_school_stay(good: Made, stopped: Made) -> None:
    """They are listed, and not one of them is made anew."""
    pages = {one.name for one in good.shown if one.group.value == NAME}

    assert len(pages) > 10
    assert pages <= {one.name for one in stopped.shown}
    assert pages.isdisjoint(stopped.fragments)


@pytest.mark.parametrize("made", ["stopped", "elsewhere"])
def test_nothing_new_of_a_stopped_school_is_on_any_page(
    made: str, request: pytest.FixtureRequest
) -> None:
    """Not even on those of people and schools that have to do with it."""
    found: Made = request.getfixturevalue(made)

    assert [name for name, text in found.texts().items() if CANARY.encode() in text] == []


def test_what_is_new_would_be_on_pages_of_other_schools_too(unsealed: Path) -> None:
    """So that it is on none of them is due to its school being stopped."""
    book = load_book(unsealed)
    view = open_view(book, check_book(book))
    homes = {one.id for one in book.people.values() if one.schools[0] != STOPPED}

    found = [one for one in plan_portal(view, render) if CANARY.encode() in one.plaintext]

    assert len(found) > 10
    assert [one for one in found if homes & (one.audience.principals or frozenset())]


def test_without_a_last_good_site_a_stopped_school_has_no_page(elsewhere: Made) -> None:
    """But one that says so, for everyone who works there."""
    groups = [one for one in elsewhere.shown if one.group.value == NAME]

    assert {one.kind for one in groups} == {"stopped"}
    text = elsewhere.fragments[groups[0].name].plaintext
    assert f"So there is no page of {NAME} here.".encode() in text


def test_whoever_has_gone_to_another_school_has_pages_from_there(good: Made, stopped: Made) -> None:
    """And not those of the stopped school beside them, which have the same names."""
    names = [one.name for one in stopped.shown]
    theirs = {one.name for one in stopped.shown if one.audience.principals == {GONE}}

    assert len(names) == len({*names})
    assert theirs & {one.name for one in good.shown} & stopped.fragments.keys()


def test_whoever_works_at_a_stopped_school_is_told(stopped: Made) -> None:
    """Their index lists a page that says why there is nothing new."""
    notice = next(one for one in stopped.shown if one.kind == "stopped")
    text = stopped.fragments[notice.name].plaintext

    assert b"are those of the last time" in text
    for reader in notice.audience.principals or ():
        index = next(
            one
            for one in stopped.shown
            if one.kind == "index" and one.audience.principals == {reader}
        )
        assert notice.name.encode() in stopped.fragments[index.name].plaintext


def test_the_page_about_the_trust_names_the_school_that_it_is_made_without(stopped: Made) -> None:
    """A figure without a school says so, and does not count it as having done nothing."""
    text = next(one for one in stopped.texts().values() if b"The trust in figures" in one)

    assert b"nothing new from it is published at the moment" in text


def test_nobody_writes_for_a_school_whose_policy_may_be_at_fault(stopped: Made) -> None:
    """New text would be sealed to readers whom nobody has checked."""
    desks = [one for one in stopped.texts().values() if b'"kind":"write"' in one]

    assert desks
    assert [one for one in desks if f'"school":"{STOPPED}"'.encode() in one] == []


def test_what_is_put_right_is_published(good: Made, unsealed: Path, cache: Cache) -> None:
    """The portal is then what it would have been."""
    shutil.rmtree(unsealed / "records")
    shutil.copytree(unsealed / "as it was", unsealed / "records")

    again = Made(unsealed, cache)

    assert again.texts() == good.texts()
