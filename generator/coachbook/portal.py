"""Fragments and indexes: planned, sealed, named; what is gone is removed by the swap.

The plan is deterministic and holds plaintext; sealing gives fresh bytes each
time (design, "From record to page"). A person's index says what they can open;
each page is a fragment sealed to exactly its audience. Names are HMACs under
the trust's random value, so that they tell a host nothing.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import orjson

from coachbook.age import encrypt
from coachbook.audience import Audience, flow
from coachbook.book import display, policy_now, short
from coachbook.errors import BuildError
from coachbook.githost import edit_page
from coachbook.overviews.budget import budget_page
from coachbook.overviews.checks import checks_page
from coachbook.overviews.counted import counted_pages
from coachbook.overviews.coverage import coverage_page
from coachbook.overviews.cycle import cycle_page
from coachbook.overviews.governors import governors_pages
from coachbook.overviews.groups import group_pages
from coachbook.overviews.head import head_pages
from coachbook.overviews.induction import induction_page
from coachbook.overviews.lead import lead_page
from coachbook.overviews.me import me_page
from coachbook.overviews.pair import pair_page
from coachbook.overviews.probation import probation_page
from coachbook.overviews.protection import protection_pages
from coachbook.overviews.school import school_page
from coachbook.overviews.subject import subject_page
from coachbook.overviews.takeaway import homes_of, takeaway_pages
from coachbook.overviews.trust import trust_pages
from coachbook.overviews.visit import visit_page
from coachbook.overviews.visits import visits_pages
from coachbook.overviews.write import write_desks
from coachbook.overviews.write_closing import MONITOR
from coachbook.packing import pack
from coachbook.pages import unwrap
from coachbook.people import roles_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from coachbook.age import Random
    from coachbook.book import Book
    from coachbook.overviews import Page
    from coachbook.overviews.write import Desks
    from coachbook.overviews.write_shelves import Shelf
    from coachbook.people import Person
    from coachbook.views import View

    Renderer = Callable[[str, Mapping[str, object], Audience], str]
    Listing = dict[str, str]

VERSION = 1
_NAME_LENGTH = 32
_PUBLISH = "keys.publish_protected"


@dataclass(frozen=True, slots=True, repr=False)
class Fragment:
    """Something to be sealed: its name, its readers and its plaintext (UTF-8 JSON)."""

    name: str
    audience: Audience
    plaintext: bytes

    def __repr__(self) -> str:
        """Names it without its text."""
        return f"Fragment({self.name})"


@dataclass(frozen=True, slots=True)
class Entry:
    """Where a sign-in leads: the name of an index, and the protected key where published."""

    name: str
    index: str
    identity: str


@dataclass(frozen=True, slots=True)
class PortalPlan:
    """Everything the portal will hold, before sealing."""

    fragments: tuple[Fragment, ...]
    entries: tuple[Entry, ...]


class Names:
    """Names for the portal's files under the trust's random value (HMAC-SHA256)."""

    def __init__(self, secret: str) -> None:
        """Takes the trust's random value, in hexadecimal."""
        self._key = bytes.fromhex(secret)

    @property
    def entry_salt(self) -> str:
        """The value that lets a browser find the entry of a sign-in; it is in the page."""
        return hmac.new(self._key, b"entry salt", hashlib.sha256).hexdigest()

    def entry(self, sign_in: str) -> str:
        """The name of the file a sign-in leads to."""
        return _hmac_name(self.entry_salt.encode(), f"entry:{sign_in.strip().lower()}")

    def fragment(self, kind: str, path: str, audience: Audience) -> str:
        """The name of a page's or index's file for one audience."""
        return _hmac_name(self._key, f"{kind}:{path}:{audience}")


def plan_portal(view: View, render: Renderer) -> PortalPlan:
    """Renders every private page and index; raises FlowError where one would be too wide."""
    names = Names(view.book.trust.fragments)
    people = [p for p in view.book.people.values() if view.book.keyring.current(p.id)]
    pages = [page for page in _pages(view, people) if page.audience.principals]
    pages += takeaway_pages(view, (person.id for person in people), homes_of(pages))
    desks = write_desks(view, (*(person.id for person in people), *_writing_roles(view, people)))
    return PortalPlan(
        fragments=(
            *(_page_fragment(page, names, render) for page in pages),
            *(_shelf_fragment(shelf, names) for shelf in desks.shelves),
            *(_write_fragment(writer, desks, names) for writer in desks.pages),
            *_indexes(view, people, _listings(pages, desks, names), names),
        ),
        entries=plan_entries(view.book),
    )


def plan_entries(book: Book) -> tuple[Entry, ...]:
    """Where each sign-in leads; raises BuildError where two people have the same one."""
    names = Names(book.trust.fragments)
    people = [person for person in book.people.values() if book.keyring.current(person.id)]
    found: dict[str, tuple[Person, Entry]] = {}
    for person in people:
        for entry in _entries(book, person, names):
            other, _ = found.setdefault(entry.name, (person, entry))
            if other is not person:
                raise BuildError(
                    f"{other.id} and {person.id} would sign in with the same word",
                    hint="give one of them another `sign_in`, which is nobody's id",
                )
    return tuple(entry for _, entry in found.values())


def seal_fragment(fragment: Fragment, book: Book, random: Random) -> bytes:
    """The classic script that carries one sealed fragment."""
    keys = [book.keyring.current(one) for one in sorted(fragment.audience.principals or ())]
    recipients = [key.recipient for key in keys if key is not None]
    if not recipients or len(recipients) != len(keys):
        raise BuildError(f"fragment {fragment.name} has a reader without a key")
    sealed = encrypt(pack(fragment.plaintext), recipients, random=random)
    return b'coachbook.put("%s","%s");\n' % (fragment.name.encode(), base64.b64encode(sealed))


def format_entry(entry: Entry) -> bytes:
    """The classic script that a sign-in leads to."""
    content = orjson.dumps({"identity": entry.identity, "index": entry.index})
    return b'coachbook.put("%s",%s);\n' % (entry.name.encode(), content)


def _pages(view: View, people: list[Person]) -> Iterator[Page]:
    for person in people:
        yield me_page(view, person.id)
    for cycle in view.cycles.values():
        yield cycle_page(view, cycle)
    for pair in view.pairs.values():
        yield pair_page(view, pair)
    for visit in view.of_type("observation"):
        yield visit_page(view, visit)
    for school in view.book.schools:
        if policy_now(view.book, school) is not None:
            yield school_page(view, school)
            yield lead_page(view, school)
            yield from group_pages(view, school)
            yield subject_page(view, school)
            yield budget_page(view, school)
            yield induction_page(view, school)
            yield probation_page(view, school)
            yield coverage_page(view, school)
            yield from visits_pages(view, school)
            yield checks_page(view, school)
            yield from head_pages(view, school)
            yield from counted_pages(view, school)
            yield from governors_pages(view, school)
            yield from protection_pages(view, school)
    yield from trust_pages(view)


def _page_fragment(page: Page, names: Names, render: Renderer) -> Fragment:
    content = {
        "v": VERSION,
        "kind": "page",
        "title": flow(page.title, page.audience),
        "html": render(f"pages/{page.template}", page.model, page.audience),
        "blocks": {
            name: block.as_json() | _origin(page, name) for name, block in page.blocks.items()
        },
        **({"data": unwrap(page.data, page.audience)} if page.data else {}),
    }
    return _fragment(names.fragment("page", page.path, page.audience), page.audience, content)


def _origin(page: Page, name: str) -> Listing:
    """The day of the block's record and its place in the portal, where the page says so."""
    origin = page.origins.get(name)
    if origin is None:
        return {}
    return {"date": flow(origin.date, page.audience), "path": flow(origin.path, page.audience)}


def _write_fragment(writer: str, desks: Desks, names: Names) -> Fragment:
    audience = Audience(frozenset({writer}))
    shelves = [_shelf_name(one, names) for one in desks.shelves if writer in one.writers]
    content = {**desks.pages[writer], "shelves": shelves}
    return _fragment(names.fragment("write", "write", audience), audience, content)


def _shelf_fragment(shelf: Shelf, names: Names) -> Fragment:
    return _fragment(_shelf_name(shelf, names), shelf.audience, shelf.as_json())


def _shelf_name(shelf: Shelf, names: Names) -> str:
    return names.fragment("shelf", shelf.school, shelf.audience)


def _indexes(
    view: View, people: list[Person], listings: Mapping[str, list[Listing]], names: Names
) -> Iterator[Fragment]:
    held = {role for person in people for role in _roles(view.book, person)}
    for reader in [*(person.id for person in people), *sorted(held)]:
        audience = Audience(frozenset({reader}))
        content = {
            "v": VERSION,
            "kind": "index",
            "reader": {
                "id": reader,
                "label": display(view.book, reader),
                "short": short(view.book, reader),
            },
            "pages": listings.get(reader, []),
            "roles": _held_roles(view, reader, names),
            "edit": edit_page(view.book.trust.new_file_url),
        }
        yield _fragment(names.fragment("index", "index", audience), audience, content)


def _listings(pages: list[Page], desks: Desks, names: Names) -> Mapping[str, list[Listing]]:
    """What each reader's index lists, in the order of the pages; Write comes last."""
    found: dict[str, list[Listing]] = defaultdict(list)
    for page in pages:
        for reader in page.audience.principals or ():
            found[reader].append(_listing(page, Audience(frozenset({reader})), names))
    for writer, model in desks.pages.items():
        audience = Audience(frozenset({writer}))
        found[writer].append(_write_listing(audience, str(model["title"]), names))
    return found


def _listing(page: Page, audience: Audience, names: Names) -> Listing:
    return {
        "kind": page.kind,
        "title": flow(page.title, audience),
        "group": flow(page.group, audience),
        "path": page.path,
        "name": names.fragment("page", page.path, page.audience),
    }


def _write_listing(audience: Audience, title: str, names: Names) -> Listing:
    name = names.fragment("write", "write", audience)
    return {"kind": "write", "title": title, "group": "", "path": "write", "name": name}


def _roles(book: Book, person: Person) -> tuple[str, ...]:
    """The roles a person holds today whose key they can open."""
    held = roles_of(book.assignments, person.id, book.today)
    return tuple(role for role in held if role in book.keyring.sealed_roles)


def _writing_roles(view: View, people: list[Person]) -> list[str]:
    """The roles whose holders write what only the role may know of."""
    held = {role for person in people for role in _roles(view.book, person)}
    return sorted(role for role in held if role.startswith(f"{MONITOR}@"))


def _held_roles(view: View, reader: str, names: Names) -> list[dict[str, str]]:
    person = view.book.people.get(reader)
    if person is None:
        return []
    return [_role_json(view.book, role, names) for role in _roles(view.book, person)]


def _role_json(book: Book, role: str, names: Names) -> dict[str, str]:
    key = book.keyring.current(role)
    if key is None:
        raise BuildError(f"{role} has a sealed private key and no public one")
    return {
        "id": role,
        "label": display(book, role),
        "identity": book.keyring.sealed_roles[role],
        "recipient": key.recipient.format(),
        "index": names.fragment("index", "index", Audience(frozenset({role}))),
    }


def _entries(book: Book, person: Person, names: Names) -> Iterator[Entry]:
    index = names.fragment("index", "index", Audience(frozenset({person.id})))
    identity = book.keyring.protected.get(person.id, "") if _published(book, person) else ""
    for sign_in in dict.fromkeys(filter(None, (person.id, person.sign_in))):
        yield Entry(names.entry(sign_in), index, identity)


def _published(book: Book, person: Person) -> bool:
    """True where a school of this person publishes protected keys by its policy."""
    policies = (policy_now(book, school) for school in person.schools)
    return any(policy is not None and policy.get(_PUBLISH) is True for policy in policies)


def _fragment(name: str, audience: Audience, content: Mapping[str, object]) -> Fragment:
    """The content with its own name in it, by which the browser knows a page that was moved."""
    text = orjson.dumps({**content, "name": name}, option=orjson.OPT_SORT_KEYS)
    return Fragment(name, audience, text)


def _hmac_name(key: bytes, message: str) -> str:
    return hmac.new(key, message.encode(), hashlib.sha256).hexdigest()[:_NAME_LENGTH]
