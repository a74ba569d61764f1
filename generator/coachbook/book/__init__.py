"""Book: everything loaded, frozen, plus load findings; the only reader of `records/`.

    book = load_book(find_root(Path.cwd()), today=date(2026, 11, 20))
    session = book.records["records/otterbeck/2026-27/c-0a1b2c3d/2026-11-12-s-7kq2m4xa.md"]
    parties(book, session)      # {"coach": ("p-3fd0aaaa",), "coachee": ("p-7kq2m4xa",)}

`files` lists, `reading` makes records of bytes, `assembly` a Book of records, and `loading` does
all three; `relations` follows references from record to record, `access` answers who may read what.
"""

from coachbook.book.access import (
    FORBIDDEN_ROLES,
    RECOVERY,
    Access,
    access_of,
    display,
    holders_of_repository,
    is_filled,
    lost_relation,
    place_of,
    record_readers,
    recovery_role,
    role_holders,
    section_info,
    section_readers,
    short,
)
from coachbook.book.files import covers
from coachbook.book.ground import GROUND, ground_of
from coachbook.book.loading import find_root, load_book, load_people
from coachbook.book.model import Book, Entry, Hub, MoreNeededError, School, Trust
from coachbook.book.organisation import find_hub
from coachbook.book.reading import read_text, text_at
from coachbook.book.relations import (
    calendar_for,
    entry_of,
    expected_path,
    follow,
    follow_from,
    form_of,
    ids_in,
    is_in_place,
    parties,
    path_taken,
    policy_for,
    policy_now,
    record_date,
    values_of,
)

__all__ = [
    "FORBIDDEN_ROLES",
    "GROUND",
    "RECOVERY",
    "Access",
    "Book",
    "Entry",
    "Hub",
    "MoreNeededError",
    "School",
    "Trust",
    "access_of",
    "calendar_for",
    "covers",
    "display",
    "entry_of",
    "expected_path",
    "find_hub",
    "find_root",
    "follow",
    "follow_from",
    "form_of",
    "ground_of",
    "holders_of_repository",
    "ids_in",
    "is_filled",
    "is_in_place",
    "load_book",
    "load_people",
    "lost_relation",
    "parties",
    "path_taken",
    "place_of",
    "policy_for",
    "policy_now",
    "read_text",
    "record_date",
    "record_readers",
    "recovery_role",
    "role_holders",
    "section_info",
    "section_readers",
    "short",
    "text_at",
    "values_of",
]
