"""Areas that a school shares."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coachbook.book import load_book
from coachbook.cache import FOLDER, FORGETFUL, Cache, open_cache
from coachbook.errors import UsageError
from coachbook.storage import require_apart, require_no_source, require_unshared
from tests.workspaces.otterbeck_small import ROOT

WORDS = st.text("abcXYZ 09", min_size=1, max_size=8).map(str.strip).filter(bool)
SCHOOL = "records/otterbeck/school.md"


def share(workspace: Path, area: str) -> None:
    """Lists an area of the small school as shared."""
    place = workspace / SCHOOL
    text = place.read_text(encoding="utf-8").replace("\n---\n", f"\nshared_areas: [{area}]\n---\n")
    place.write_text(text, encoding="utf-8", newline="\n")


@pytest.mark.parametrize(
    ("area", "place"),
    [
        ("/srv/staff", "/srv/staff/site"),
        ("/srv/staff/", "/srv/staff"),
        ("Staff shared", "/home/office/staff SHARED/site"),
    ],
)
def test_nothing_is_put_into_a_shared_area(workspace: Path, area: str, place: str) -> None:
    """What is made from records is never put where all staff can open it."""
    share(workspace, area)

    with pytest.raises(UsageError) as refusal:
        require_unshared(load_book(workspace), Path(place))

    assert "lies in a shared area of Otterbeck Primary" in refusal.value.message
    assert refusal.value.hint


@pytest.mark.parametrize("place", ["/srv/staffroom", "/home/office/staff", "/srv"])
def test_a_place_that_only_sounds_like_it_is_free(workspace: Path, place: str) -> None:
    """A folder whose name begins like a shared one is no shared one."""
    share(workspace, "/srv/staff")

    require_unshared(load_book(workspace), Path(place))


def test_the_refusal_quotes_the_clause_about_storage(workspace: Path) -> None:
    """The policy says where things are kept, and the message says which clause."""
    share(workspace, "/srv/staff")

    with pytest.raises(UsageError, match=r"\[10\.1\]$"):
        require_unshared(load_book(workspace), Path("/srv/staff/site"))


def test_a_link_into_a_shared_area_leads_there(workspace: Path, tmp_path: Path) -> None:
    """A link with a harmless name is followed."""
    shared = tmp_path / "everybody"
    shared.mkdir()
    (tmp_path / "mine").symlink_to(shared)
    share(workspace, str(shared))

    with pytest.raises(UsageError):
        require_unshared(load_book(workspace), tmp_path / "mine" / "site")


@settings(max_examples=20)
@given(folders=st.lists(WORDS, min_size=1, max_size=4), more=st.lists(WORDS, max_size=3))
def test_whatever_lies_in_a_shared_area_is_refused(
    tmp_path_factory: pytest.TempPathFactory, folders: list[str], more: list[str]
) -> None:
    """However deep it lies, and in whatever case it is written."""
    root = tmp_path_factory.mktemp("school") / "workspace"
    shutil.copytree(ROOT, root)
    share(root, "/" + "/".join(folders).upper())

    with pytest.raises(UsageError):
        require_unshared(load_book(root), Path("/", *folders, *more))


@pytest.fixture
def cache(workspace: Path, tmp_path: Path) -> Cache:
    """A store in a folder that COACHBOOK_CACHE names."""
    return open_cache({FOLDER: str(tmp_path / "public" / "cache")}, workspace)


@pytest.mark.parametrize(
    ("place", "words"),
    [
        ("public", "lies in the place of the site"),
        ("public/cache/../../public", "lies in the place of the site"),
        ("public/cache", "lies in the place of the site"),
        ("public/cache/site", "lies in the folder of the cache"),
    ],
)
def test_the_cache_and_a_site_lie_apart(
    cache: Cache, tmp_path: Path, place: str, words: str
) -> None:
    """What lies in a site is published, so the cache is not there; and the other way round."""
    with pytest.raises(UsageError, match=words) as refusal:
        require_apart(cache, tmp_path / place)

    assert "--out" in refusal.value.hint
    assert FOLDER in refusal.value.hint


def test_a_link_does_not_hide_that_a_site_lies_in_the_cache(cache: Cache, tmp_path: Path) -> None:
    """It is the place itself that counts."""
    (tmp_path / "elsewhere").symlink_to(tmp_path / "public" / "cache")

    with pytest.raises(UsageError, match="lies in the folder of the cache"):
        require_apart(cache, tmp_path / "elsewhere" / "site")


def test_a_site_beside_the_cache_is_built(cache: Cache, tmp_path: Path) -> None:
    """Neither lies in the other; and without a cache there is nothing to keep apart."""
    require_apart(cache, tmp_path / "public" / "site")
    require_apart(FORGETFUL, tmp_path)


@pytest.mark.parametrize(
    "place", ["records", "records/../records/site", "site_templates/x", "link"]
)
def test_a_site_does_not_lie_in_what_it_is_made_from(tmp_path: Path, place: str) -> None:
    """Its files would be taken for records that nobody understands."""
    (tmp_path / "records").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "records")

    with pytest.raises(UsageError, match="which a site is made from") as refusal:
        require_no_source(tmp_path, tmp_path / place)

    assert "--out" in refusal.value.hint


def test_a_site_beside_the_records_is_built(tmp_path: Path) -> None:
    """Also where its name begins like theirs."""
    require_no_source(tmp_path, tmp_path / "site")
    require_no_source(tmp_path, tmp_path / "records-site")
