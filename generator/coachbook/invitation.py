"""An invitation to make a key, and the welcome card of somebody who has one.

Neither holds a secret: a link fills in who somebody is, and a fingerprint stands for a public
key. Where the portal lies is what the trust's record says; without it there is no link.
"""

from __future__ import annotations

from textwrap import fill, indent
from typing import TYPE_CHECKING
from urllib.parse import quote

from coachbook.book import holders_of_repository, policy_now, role_holders
from coachbook.publickey import private_key_path, public_key_path
from coachbook.sentences import join
from coachbook.values import frozen

if TYPE_CHECKING:
    from collections.abc import Iterable

    from coachbook.book import Book
    from coachbook.people import Person
    from coachbook.publickey import PublicKey

_PUBLISH = "keys.publish_protected"
_WIDTH = 76
_HELPERS = 3
"""As many names are enough to ask."""


@frozen
class Invitation:
    """What somebody needs to know to make a key of their own."""

    name: str
    person: str
    schools: tuple[str, ...]
    generation: int
    link: str
    """The portal's page for making a key, with who it is for; "" where no address is known."""
    publishes: bool
    helpers: tuple[str, ...]

    @property
    def public_file(self) -> str:
        """The file that is sent in."""
        return public_key_path(self.person, self.generation).rpartition("/")[2]

    @property
    def private_file(self) -> str:
        """The file that holds the key under its six words."""
        return private_key_path(self.person, self.generation).rpartition("/")[2]


@frozen
class Card:
    """What stands on a welcome card."""

    trust: str
    name: str
    sign_in: str
    link: str
    address: str
    key_file: str
    """The file that the portal asks for; "" where it is published with the portal."""
    helpers: tuple[str, ...]
    fingerprint: str
    generation: int


def invitation(book: Book, person: Person) -> Invitation:
    """The invitation for a person's first key, or for the one after theirs."""
    current = book.keyring.current(person.id)
    generation = current.generation + 1 if current else 1
    return Invitation(
        name=person.name,
        person=person.id,
        schools=tuple(book.schools[one].name for one in person.schools if one in book.schools),
        generation=generation,
        link=_link(book, "new-key", f"{person.id}.{generation}"),
        publishes=publishes_keys(book, person.schools),
        helpers=_helpers(book, person),
    )


def welcome_card(book: Book, person: Person, key: PublicKey) -> Card:
    """The card of somebody who has a key."""
    sign_in = person.sign_in or person.id
    is_published = publishes_keys(book, person.schools)
    return Card(
        trust=book.trust.name,
        name=person.name,
        sign_in=sign_in,
        link=_link(book, "person", sign_in),
        address=book.trust.portal_url,
        key_file="" if is_published else private_key_path(person.id, 1).rpartition("/")[2],
        helpers=_helpers(book, person),
        fingerprint=key.fingerprint,
        generation=key.generation,
    )


def publishes_keys(book: Book, schools: Iterable[str]) -> bool:
    """True where each of the schools publishes protected keys beside its portal."""
    policies = [policy_now(book, school) for school in schools]
    return bool(policies) and all(p is not None and p.get(_PUBLISH) is True for p in policies)


def format_invitation(found: Invitation) -> str:
    """The invitation as a message to send."""
    asked = join(found.helpers, "or") or "whoever sent you this"
    parts = (
        f"Dear {found.name}",
        _wrapped(
            f"Coaching records of {join(found.schools) or 'your school'} are sealed: they open for "
            "the people whom the school's policy names, each with a key of their own. This is how "
            f"you make {'your next one' if found.generation > 1 else 'yours'}. It takes five "
            "minutes, and nobody else ever sees its passphrase."
        ),
        "\n".join((*_first_step(found), _words_step(), _files_step(found, asked), _call_step())),
        f"At a computer with coachbook and a copy of the records, instead:\n   {_command(found)}",
        _wrapped(f"Questions go to {asked}."),
    )
    return "\n\n".join(parts) + "\n"


def _first_step(found: Invitation) -> tuple[str, str]:
    if found.link:
        return "1. On your own computer, open this page:", f"   {found.link}"
    return (
        _step(1, 'On your own computer, open the portal and choose "Make my key". Your id there:'),
        f"   {found.person}.{found.generation}",
    )


def _words_step() -> str:
    return _step(
        2,
        "Write down the six words that you are shown, on paper, and type them back. Nobody can "
        "look them up for you later.",
    )


def _files_step(found: Invitation, asked: str) -> str:
    public, private = found.public_file, found.private_file
    if found.publishes:
        return _step(
            3,
            f"You get two files, {public} and {private}. Send both to {asked}, and keep a copy of "
            "the second.",
        )
    return _step(
        3,
        f"You get two files. Send {public} to {asked}. Keep {private} and a copy of it, as the "
        "portal asks for it; send it to nobody.",
    )


def _call_step() -> str:
    return _step(
        4,
        "They ring you or come by, and ask you to read out your fingerprint: 26 letters and "
        "digits, shown with the files. Never tell anybody the six words.",
    )


def _wrapped(text: str) -> str:
    return fill(text, _WIDTH, break_long_words=False, break_on_hyphens=False)


def _step(number: int, text: str) -> str:
    lines = fill(text, _WIDTH - 3, break_long_words=False, break_on_hyphens=False)
    return f"{number}. {indent(lines, '   ')[3:]}"


def _command(found: Invitation) -> str:
    if found.generation > 1:
        return f"coachbook keys replace {found.person} --lost"
    return f"coachbook keys new {found.person}"


def _link(book: Book, what: str, value: str) -> str:
    address = book.trust.portal_url.partition("#")[0]
    return f"{address}#{what}={quote(value, safe='')}" if address else ""


def _helpers(book: Book, person: Person) -> tuple[str, ...]:
    """Those who look after the records at the person's schools, by name; not the person."""
    roles = (role for school in person.schools for role in holders_of_repository(book, school))
    people = dict.fromkeys(one for role in roles for one in role_holders(book, role))
    names = [book.people[one].name for one in people if one != person.id]
    return tuple(names[:_HELPERS])
