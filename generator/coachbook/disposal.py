"""The certificate that a repository was done away with: what it held, and where copies were.

    held = what_was_held(book)
    early = gone_too_early(book, following)
    text = format_certificate(Certificate(...))

It counts records by kind and names nobody but whoever signs it, so that it can be kept for
longer than what it is about.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from typing import TYPE_CHECKING

from coachbook.book import policy_now
from coachbook.calendar import format_date
from coachbook.keeping import STANDING, State, is_open_request, kept, kept_records
from coachbook.values import frozen

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Sequence

    from coachbook.book import Book, Entry
    from coachbook.keeping import Kept

_STILL_KEPT = frozenset({State.KEPT, State.RUNNING, State.SEALED, State.BY_HAND})


@frozen
class Held:
    """Records of one kind at a school: how many, with how many sealed parts, from when to when."""

    school: str
    kind: str
    records: int
    parts: int
    first: dt.date | None
    last: dt.date | None
    words: str
    clause: str
    carried: int


@frozen
class Copies:
    """Where copies were, and that they are gone, as whoever signs says."""

    clones: str
    portal: str
    backups: str


@frozen
class Certificate:
    """Everything that stands on the sheet."""

    trust: str
    workspace: str
    commit: str
    commits: int
    day: dt.date
    signed_by: str
    held: tuple[Held, ...]
    copies: Copies
    following: str = ""
    """The last commit of the repository in which things go on; "" where there is none."""
    early: int = 0
    reason: str = ""


def what_was_held(book: Book, following: Book | None = None) -> tuple[Held, ...]:
    """The records of the workspace by school and kind, with how many go on elsewhere."""
    groups: dict[tuple[str, str], list[Entry]] = {}
    for entry in book.entries.values():
        school = entry.record.school
        name = book.schools[school].name if school in book.schools else ""
        groups.setdefault((name, entry.form.title), []).append(entry)
    return tuple(
        _held(book, school, kind, found, following)
        for (school, kind), found in sorted(groups.items())
    )


def _held(
    book: Book, school: str, kind: str, found: Sequence[Entry], following: Book | None
) -> Held:
    one = kept(book, found[0])
    policy = policy_now(book, one.school)
    days = [entry.day for entry in found if entry.day]
    return Held(
        school=school,
        kind=kind,
        records=len(found),
        parts=sum(sum(1 for _ in entry.record.blocks()) for entry in found),
        first=min(days, default=None),
        last=max(days, default=None),
        words=str(policy.get(one.parameter) or "") if policy and one.parameter else "",
        clause=policy.clause_of(one.parameter) if policy and one.parameter else "",
        carried=sum(_goes_on(entry, following) for entry in found) if following else 0,
    )


def gone_too_early(book: Book, following: Book | None) -> tuple[Kept, ...]:
    """The records whose time is not over, or can't be told, and that do not go on elsewhere."""
    return tuple(
        one
        for one in kept_records(book)
        if one.state in _STILL_KEPT and not _goes_on(book.entries[one.path], following)
    )


def open_requests(book: Book) -> tuple[str, ...]:
    """The schools at which somebody waits for what is held about them."""
    return tuple(one.name for one in book.schools.values() if is_open_request(book, one.id))


def _goes_on(entry: Entry, following: Book | None) -> bool:
    """True if the record is in the other workspace too, with as many sealed parts or more."""
    record = entry.record
    if following is None:
        return False
    if entry.form.type in STANDING or not record.id:
        return record.path in following.records
    parts = sum(1 for _ in record.blocks())
    return any(sum(1 for _ in one.blocks()) >= parts for one in following.by_id.get(record.id, ()))


def format_certificate(one: Certificate) -> str:
    """The certificate in Markdown."""
    lines = ["# Certificate of disposal", ""]
    lines += [f"- {name}: {_marked(value)}" for name, value in _facts(one)]
    for school, rows in _by_school(one.held):
        lines += ["", f"## {_marked(school)}", "", f"| {' | '.join(_HEAD)} |", _RULE]
        lines += [f"| {' | '.join(map(_marked, cells))} |" for cells in rows]
    lines += ["", "## Where copies were, and what became of them", ""]
    lines += [f"- {name}: {_marked(value)}" for name, value in _copies(one)]
    lines += ["", *_SAID, "", f"Signed: ______________________ {_marked(one.signed_by)}"]
    return "\n".join([*lines, "", f"Day: {format_date(one.day)}"]) + "\n"


def format_certificate_page(one: Certificate) -> str:
    """The same as a page that prints on A4 and asks nothing of any other place."""
    parts = [f"<h1>Certificate of disposal</h1>{_list(_facts(one))}"]
    for school, rows in _by_school(one.held):
        parts.append(f"<h2>{html.escape(school)}</h2>{_table(rows)}")
    parts.append(f"<h2>Where copies were, and what became of them</h2>{_list(_copies(one))}")
    parts += [f"<p>{html.escape(line)}</p>" for line in _SAID]
    signed = f"{html.escape(one.signed_by)}, {format_date(one.day)}"
    return _PAGE.format(body="\n".join(parts), signed=signed)


_HEAD = ("What", "Records", "Sealed parts", "From", "To", "Kept by the policy", "Go on elsewhere")
_RULE = "|" + "---|" * len(_HEAD)
_COPIED = """\
The repository, every copy of it that is named here and the portal that was made from it have been \
deleted. Whatever somebody printed, copied out or photographed is not covered by this."""
_SEALED = """\
Sealed parts can be opened only with keys that their readers hold; what they read, they know."""
_SAID = (_COPIED, _SEALED)
_PAGE = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Certificate of disposal</title>
<style>
  @page {{ size: A4; margin: 16mm; }}
  body {{ color: #000; background: #fff; font: 10pt/1.45 system-ui, sans-serif; }}
  body {{ margin: 2em auto; max-width: 46em; padding: 0 1em; }}
  h1 {{ font-size: 17pt; }} h2 {{ font-size: 12pt; break-after: avoid; }}
  table {{ border-collapse: collapse; width: 100%; }}
  th, td {{ border: 1px solid #888; padding: .25em .45em; text-align: left; vertical-align: top; }}
  td:is(:nth-child(4), :nth-child(5)) {{ white-space: nowrap; }}
  :is(th, td):nth-child(6) {{ min-width: 11em; }}
  .wide {{ overflow-x: auto; }}
  tr {{ break-inside: avoid; }}
  dt {{ font-weight: 600; }} dd {{ margin: 0 0 .4em; overflow-wrap: anywhere; }}
  .signed {{ border-top: 1px solid #000; margin-top: 5em; padding-top: .3em; width: 22em; }}
  @media print {{ body {{ margin: 0; max-width: none; padding: 0; }} }}
</style>
</head>
<body>
{body}
<p class="signed">{signed}</p>
</body>
</html>
"""


def _facts(one: Certificate) -> Iterator[tuple[str, str]]:
    yield "Trust", one.trust
    yield "Workspace", one.workspace
    if one.commit:
        yield "Last commit", f"{one.commit}, the last of {one.commits}"
    yield "Disposed of on", format_date(one.day)
    yield "By", one.signed_by
    yield "Records", str(sum(held.records for held in one.held))
    if one.following:
        yield "Work goes on in the repository with the commit", one.following
    if one.early:
        yield "Deleted before their time was over", f"{one.early} records, because: {one.reason}"


def _copies(one: Certificate) -> Iterator[tuple[str, str]]:
    yield "Clones", one.copies.clones
    yield "Portal and handbook", one.copies.portal
    yield "Backups", one.copies.backups


def _by_school(held: Sequence[Held]) -> Iterator[tuple[str, list[list[str]]]]:
    schools = Counter(one.school for one in held)
    for school in schools:
        yield school or "The trust", [_cells(one) for one in held if one.school == school]


def _cells(one: Held) -> list[str]:
    clause = f" [{one.clause}]" if one.clause else ""
    return [
        one.kind,
        str(one.records),
        str(one.parts) if one.parts else "",
        format_date(one.first) if one.first else "",
        format_date(one.last) if one.last else "",
        f"{one.words}{clause}" if one.words else "",
        str(one.carried) if one.carried else "",
    ]


def _list(rows: Iterator[tuple[str, str]]) -> str:
    found = (f"<dt>{html.escape(name)}</dt><dd>{html.escape(text)}</dd>" for name, text in rows)
    return f"<dl>{''.join(found)}</dl>"


def _table(rows: Sequence[Sequence[str]]) -> str:
    head = "".join(f'<th scope="col">{name}</th>' for name in _HEAD)
    body = "".join(
        f"<tr>{''.join(f'<td>{html.escape(cell)}</td>' for cell in cells)}</tr>" for cells in rows
    )
    return (
        f"<div class=wide><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _marked(text: str) -> str:
    """The text on one line, with nothing in it that Markdown would act on."""
    return re.sub(r"([\\`*_{}\[\]<>#|!])", r"\\\1", " ".join(text.split()))
