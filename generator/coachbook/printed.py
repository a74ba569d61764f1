"""What is printed and kept outside the records: the sheet of a recovery key, welcome cards.

Each page is one file without a script, made by our own templates alone: a template of the
workspace could carry a printed key away. Nothing here is written to disk.
"""

from __future__ import annotations

from dataclasses import field
from itertools import groupby
from textwrap import wrap
from typing import TYPE_CHECKING

import segno

from coachbook.audience import Audience, Labelled, audience
from coachbook.book import RECOVERY, policy_now
from coachbook.calendar import format_date
from coachbook.pages import open_templates, render_page
from coachbook.sentences import join
from coachbook.values import frozen

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from coachbook.book import Book
    from coachbook.invitation import Card
    from coachbook.paperkey import PaperKey
    from coachbook.publickey import PublicKey

_GROUP = 4
_QUIET = 4
"""The white squares that a QR code needs around it."""


@frozen
class RecoverySheet:
    """Everything that stands on the sheet of a recovery key."""

    school: str
    owner: str
    generation: int
    made: date
    recipient: str
    fingerprint: str
    clause: str
    clause_text: str
    words: tuple[str, ...] = field(repr=False)
    line: str = field(repr=False)

    @property
    def commands(self) -> Mapping[str, str]:
        """What is typed to prove the key, to use it, and to make the next one."""
        school = self.owner.partition("@")[2]
        return {
            "drill": f"coachbook keys drill {school}",
            "open": f"coachbook keys recovery open {school} PERSON",
            "renew": f"coachbook keys recovery new {school}",
            "reseal": f"coachbook keys reseal {self.owner}",
        }


def recovery_sheet(book: Book, school: str, made: PaperKey, public: PublicKey) -> RecoverySheet:
    """The sheet of a key that was just made for a school."""
    name = book.schools[school].name
    number, text = _clause(book, school)
    return RecoverySheet(
        school=name,
        owner=public.owner,
        generation=public.generation,
        made=public.created,
        recipient=public.recipient.format(),
        fingerprint=grouped(public.fingerprint),
        clause=number,
        clause_text=text,
        words=made.words,
        line=made.identity.reveal_private_key(),
    )


def _clause(book: Book, school: str) -> tuple[str, str]:
    """Number and words of the clause that says who may open everything in need."""
    policy = policy_now(book, school)
    number = policy.clause_of(RECOVERY) if policy else ""
    if policy is None or not number:
        return "", ""
    found = next(one for one in policy.clauses if one.number == number)
    return number, found.rendered(policy, book.schools[school].name)


def render_recovery_sheet(sheet: RecoverySheet) -> str:
    """The sheet as a page of HTML for A4 paper."""
    words = [{"number": number, "word": word} for number, word in enumerate(sheet.words, start=1)]
    model: dict[str, object] = {
        "school": sheet.school,
        "generation": sheet.generation,
        "made": format_date(sheet.made),
        "words": words,
        "line": sheet.line,
        "qr": qr_code(sheet.line),
        "recipient": sheet.recipient,
        "fingerprint": sheet.fingerprint,
        "clause": {"number": sheet.clause, "text": sheet.clause_text},
        "command": sheet.commands,
    }
    return _render("paper/recovery.html", model, audience(sheet.owner))


def format_recovery_sheet(sheet: RecoverySheet) -> str:
    """The same as plain text, without the QR code."""
    words = [f"{n:>2} {word}" for n, word in enumerate(sheet.words, start=1)]
    rows = ["   ".join(f"{word:<16}" for word in words[n : n + 3]) for n in range(0, 12, 3)]
    says = f'The policy says in {sheet.clause}: "{sheet.clause_text}"' if sheet.clause else ""
    command = sheet.commands
    lines = [
        f"RECOVERY KEY OF {sheet.school.upper()}",
        f"Key {sheet.generation}, made on {format_date(sheet.made)}.",
        "Confidential. Print once, check, seal; keep no other copy.",
        "",
        "The twelve words (a word that is misread or misplaced is noticed)",
        "",
        *(f"  {row}".rstrip() for row in rows),
        "",
        "What it opens",
        *_wrapped(
            f"Every sealed part of the records of {sheet.school} that was sealed while this "
            "key was in use, with a copy of the records."
        ),
        "",
        "Who may break the seal",
        *_wrapped(says or "As the school's policy says."),
        "Two people, together: ______________________   ______________________",
        "",
        "Where it is kept",
        *_wrapped(
            "In a safe of the school or its trust, apart from any copy of the records. Not "
            "photographed, scanned or copied."
        ),
        "",
        "How it is used",
        f"- Somebody lost their key, and made a new one: {command['open']}",
        f"- A broken seal is spent; on the same day:     {command['renew']}",
        f"  then, as somebody who reads the records:     {command['reseal']}",
        f"- Once a year, prove it and seal it again:     {command['drill']}",
        "",
        "Without coachbook, put this line into a file: age --decrypt --identity FILE PART",
        sheet.line,
        f"It is the private half of {sheet.recipient}",
        f"Fingerprint {sheet.fingerprint}",
        "",
        "Broken and sealed (day, why, two names, sealed again on)",
        *("_" * 76 for _ in range(3)),
    ]
    return "\n".join(lines) + "\n"


def render_cards(cards: Sequence[Card], readers: Audience) -> str:
    """Welcome cards as a page of HTML, four A6 cards to a sheet of A4."""
    rows = [
        {
            "trust": card.trust,
            "name": card.name,
            "sign_in": card.sign_in,
            "address": card.address,
            "qr": qr_code(card.link) if card.link else None,
            "key_file": card.key_file,
            "helpers": join(card.helpers, "or"),
            "fingerprint": grouped(card.fingerprint),
        }
        for card in cards
    ]
    return _render("paper/cards.html", {"cards": rows}, readers)


def format_card(card: Card) -> str:
    """A welcome card as plain text, without the QR code."""
    where = card.link or "the portal, at the address that your school gave you"
    lines = [
        f"WELCOME, {card.name.upper()}",
        card.trust,
        "",
        f"Open        {where}",
        f"Person      {card.sign_in}",
        "Passphrase  the six words that you wrote down; they are on no card",
        *([f"Key file    {card.key_file}, which the portal asks for"] if card.key_file else []),
        f"Questions go to {join(card.helpers, 'or') or 'whoever gave you this card'}.",
        "",
        f"Fingerprint of your key  {grouped(card.fingerprint)}",
        "Whoever seals a note for you for the first time may ask you to read it out.",
    ]
    return "\n".join(lines) + "\n"


def grouped(fingerprint: str) -> str:
    """A fingerprint in groups of letters, as people read it out."""
    return " ".join(fingerprint[n : n + _GROUP] for n in range(0, len(fingerprint), _GROUP))


def qr_code(text: str) -> Mapping[str, object]:
    """A QR code as the path of an SVG drawing, and how many squares it is wide."""
    rows = tuple(segno.make_qr(text, error="m").matrix)
    path = "".join(
        f"M{x + _QUIET} {y + _QUIET}h{width}v1h-{width}z"
        for y, row in enumerate(rows)
        for x, width in _runs(row)
    )
    return {"size": len(rows) + 2 * _QUIET, "path": path}


def _runs(row: bytearray) -> list[tuple[int, int]]:
    """Start and length of each run of dark squares."""
    found, x = [], 0
    for dark, squares in groupby(row):
        width = len(list(squares))
        if dark:
            found.append((x, width))
        x += width
    return found


def _wrapped(text: str) -> list[str]:
    return wrap(text, 76)


def _render(name: str, model: Mapping[str, object], readers: Audience) -> str:
    """The page for its readers alone, each of its values labelled with them."""
    labelled = {key: Labelled(value, readers, name) for key, value in model.items()}
    return render_page(open_templates(), name, labelled, readers)
