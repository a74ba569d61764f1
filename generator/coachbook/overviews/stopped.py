"""What people of a school are told while nothing new of it is published."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coachbook.audience import Audience
from coachbook.overviews import Page
from coachbook.views import keyed, public

if TYPE_CHECKING:
    from coachbook.views import View


def stopped_page(view: View, school: str, *, is_kept: bool) -> Page:
    """The page for everyone who works at the school and has a key.

    Args:
        view: what may be shown.
        school: the school that is stopped.
        is_kept: whether its last good pages are there.
    """
    people = (one.id for one in view.book.people.values() if school in one.schools)
    return Page(
        kind="stopped",
        path=f"stopped/{school}",
        title=public("Nothing new at the moment"),
        group=public(view.school_name(school)),
        audience=keyed(view.book, Audience(frozenset(people))),
        template="stopped.html",
        model={"name": public(view.school_name(school)), "is_kept": public(is_kept)},
        blocks={},
    )
