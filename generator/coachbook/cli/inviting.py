"""`coachbook keys invite` and `card`: how somebody comes to a key, and what they hold after."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from coachbook.cli.context import say, workspace_options
from coachbook.cli.desk import find_person, open_desk, reader_name
from coachbook.errors import KeyringError, UsageError
from coachbook.invitation import format_invitation, invitation, welcome_card
from coachbook.people import active

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from coachbook.book import Book
    from coachbook.invitation import Card


@click.command()
@click.argument("person")
@workspace_options
def invite(person: str, directory: Path | None, today: date | None) -> int:
    """Print an invitation, with which a person makes their own key.

    Send it by any route: it holds no secret. The person makes the key in the
    portal, or with coachbook; what they send back is filed with: coachbook
    inbox DIR. Nobody else sees their passphrase.

    Example: coachbook keys invite p-7kq2m4xa
    """
    book = open_desk(directory, today).book
    one = book.people[find_person(book, person)]
    if not active(one, book.today):
        last = f"left on {one.end}" if one.end and one.end < book.today else "is not here yet"
        raise UsageError(
            f"{reader_name(book, one.id)} {last}, so there is nobody to invite",
            hint=f"look at {one.path}",
        )
    found = invitation(book, one)
    click.echo(format_invitation(found), nl=False)
    if found.generation > 1:
        say(f"{reader_name(book, one.id)} has a key already: this is for the one that replaces it")
    _say_address(book)
    return 0


@click.command()
@click.argument("people", nargs=-1, required=True, metavar="PERSON...")
@click.option(
    "--format", "form", type=click.Choice(["html", "text"]), default="html", show_default=True
)
@workspace_options
def card(people: tuple[str, ...], form: str, directory: Path | None, today: date | None) -> int:
    """Print welcome cards: who, how to open the portal, whom to ask, the key's fingerprint.

    HTML for paper goes to stdout, four A6 cards to a sheet of A4. The link as a
    QR code fills in who somebody is. No passphrase is on a card.

    Example: coachbook keys card p-7kq2m4xa > card.html
    """
    from coachbook.audience import Audience
    from coachbook.printed import format_card, render_cards

    book = open_desk(directory, today).book
    owners = tuple(dict.fromkeys(find_person(book, one) for one in people))
    cards = [_card(book, owner) for owner in owners]
    if form == "text":
        click.echo("\n".join(map(format_card, cards)), nl=False)
    else:
        click.echo(render_cards(cards, Audience(frozenset(owners))), nl=False)
    _say_address(book)
    return 0


def _card(book: Book, owner: str) -> Card:
    key = book.keyring.current(owner)
    if key is None:
        raise KeyringError(
            f"{reader_name(book, owner)} has no key yet, so there is no card to print",
            hint=f"first: coachbook keys invite {owner}",
        )
    return welcome_card(book, book.people[owner], key)


def _say_address(book: Book) -> None:
    if not book.trust.portal_url:
        say(
            f"there is no link, as {book.trust.path} does not say where the portal lies; "
            "add it there: portal_url: https://…"
        )
