"""What somebody asked for, as files: a page and data for them, and an account for the school.

The page is for the person. The account stays at the school: it says what was left out and why,
by kind and number, whom to ask for it, and which places to read before the page is handed on.
"""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

from coachbook.calendar import format_date
from coachbook.sentences import join
from coachbook.values import frozen

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterator

    from coachbook.subjectaccess import Item, LeftOut, Pack, Part

VERSION = 1


@frozen
class Request:
    """When somebody asked, by when they are answered, who gathered it and when."""

    received: dt.date
    due: dt.date
    made_on: dt.date
    made_by: str
    record: str
    """The id of the record of the request, in which nobody is named."""


def pack_json(pack: Pack, request: Request) -> dict[str, object]:
    """The pack for programs; a documented contract."""
    return {
        "version": VERSION,
        "person": {"id": pack.person, "name": pack.name},
        "received_on": request.received.isoformat(),
        "made_on": request.made_on.isoformat(),
        "records": [_item_json(one) for one in pack.items],
    }


def _item_json(item: Item) -> dict[str, object]:
    return {
        "id": item.id,
        "kind": item.kind,
        "school": item.school,
        "date": item.day.isoformat() if item.day else None,
        "people": [{"relation": relation, "names": names} for relation, names in item.people],
        "facts": [{"name": name, "value": value} for name, value in item.facts],
        "parts": [{"name": one.name, "text": one.text} for one in item.parts],
    }


def format_pack(pack: Pack, request: Request) -> str:
    """The page for the person: no script, nothing fetched from anywhere, ready to print."""
    body = "\n".join(_article(item) for item in pack.items)
    return _PAGE.format(
        name=html.escape(pack.name),
        received=format_date(request.received),
        made=format_date(request.made_on),
        count=_many(len(pack.items), "record names", "records name"),
        left=_left_words(pack),
        body=body,
    )


def _left_words(pack: Pack) -> str:
    """What the person is told about what they are not given."""
    return (
        "<p>Some things are not in it, and the school keeps a list of what and why. You can ask "
        "for that list, and complain to the school or to the Information Commissioner.</p>"
        if pack.left_out
        else ""
    )


def _article(item: Item) -> str:
    where = ", ".join(filter(None, (item.school, format_date(item.day) if item.day else "")))
    rows = "".join(
        f"<dt>{html.escape(name[:1].upper() + name[1:])}</dt><dd>{html.escape(value)}</dd>"
        for name, value in (*item.people, *item.facts)
    )
    return (
        f"<article><h2>{html.escape(item.kind)} <small>{html.escape(item.id)}</small></h2>"
        f"<p>{html.escape(where)}</p><dl>{rows}</dl>{''.join(map(_part, item.parts))}</article>"
    )


def _part(part: Part) -> str:
    mark = " <small>sealed</small>" if part.sealed else ""
    text = html.escape(part.text)
    return f"<h3>{html.escape(part.name)}{mark}</h3><pre>{text}</pre>"


def format_account(pack: Pack, request: Request, named: Callable[[str], str]) -> str:
    """The account for the school, in Markdown; it quotes nothing.

    Args:
        named: what a reader, a person or a role, is called.
    """
    when = f"{format_date(request.received)}, to be answered by {format_date(request.due)}"
    given = _many(len(pack.items), "record", "records")
    names = _many(pack.names_taken_out, "name", "names")
    lines = [
        f"# What was left out: {request.record}",
        "",
        f"- Request received on {when}",
        f"- Gathered on {format_date(request.made_on)} with the keys of {request.made_by}",
        f"- Given: {given}; {names} of other people taken out",
        "",
        "## Not given",
        "",
    ]
    lines += [_left_line(one, named) for one in pack.left_out] or ["Nothing."]
    lines += ["", "## Read before you hand it on", ""]
    lines += list(_looks(pack))
    lines += ["", *_REST]
    return "\n".join(lines) + "\n"


def _left_line(one: LeftOut, named: Callable[[str], str]) -> str:
    ask = f". Who could open it: {join([named(reader) for reader in one.openers])}"
    return f"- {one.kind}: {one.count}, {one.why.value}{ask if one.openers else ''}"


def _looks(pack: Pack) -> Iterator[str]:
    yield "- All of it. Names that no record knows, such as a nickname, can't be found by a search."
    for one in pack.look:
        yield f"- {one.record}, {one.part}: {one.words}"


_OTHERS = """\
Others who could open what is missing run the same command with their own key: \
`coachbook subject-access PERSON --request ID --out DIR`."""
_REST = (
    "## What is not looked at",
    "",
    "- The lines that approve readers in `records/keys`, where people stand by their id.",
    "- Mail, prints, take-away files and other copies outside the records.",
    "- Records of safeguarding, which have their own route and are never kept here.",
    "- Repositories of earlier school years that have not been deleted: run it there too.",
    "",
    _OTHERS,
)
_PAGE = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>What is held about you</title>
<style>
  :root {{ color-scheme: light dark; }}
  body {{ font: 1rem/1.5 system-ui, sans-serif; }}
  body {{ margin: 2rem auto; max-width: 44rem; padding: 0 1rem; }}
  article {{ border-top: 1px solid #888; margin-top: 2rem; }}
  dl {{ display: grid; gap: .1rem 1rem; grid-template-columns: max-content 1fr; }}
  dt {{ font-weight: 600; }} dd {{ margin: 0; overflow-wrap: anywhere; }}
  pre {{ font: inherit; overflow-wrap: anywhere; white-space: pre-wrap; }}
  small {{ font-weight: 400; opacity: .75; }}
  @page {{ size: A4; margin: 16mm; }}
  @media print {{ body {{ margin: 0; max-width: none; padding: 0; }} }}
  h2, h3 {{ break-after: avoid; }}
</style>
</head>
<body>
<h1>What is held about you</h1>
<p>{name}. You asked on {received}; this was gathered on {made}. {count} you.</p>
<p>Names of other people are taken out where you don't know them from working together. What is
marked as sealed could be read only with a key.</p>
{left}
{body}
</body>
</html>
"""


def _many(count: int, one: str, more: str) -> str:
    return f"{count} {one if count == 1 else more}"
