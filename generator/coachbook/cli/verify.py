"""`verify`: a hosted copy of the site beside a local build."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from coachbook.cli.context import directory_option, open_book, say

if TYPE_CHECKING:
    from coachbook.hosted import Copy
    from coachbook.verification import Verdict


_SHOWN = 40
"""Faults that are listed for a person; what could take a passphrase comes first."""


@click.command()
@click.argument("place")
@click.option(
    "--against",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="The site that `coachbook build` made; by default site/ in the workspace.",
)
@click.option(
    "--part",
    type=click.Choice(["portal", "handbook", "site"]),
    help="What lies there; by default the portal, or the site where a folder holds both.",
)
@click.option(
    "--other-build",
    is_flag=True,
    help="Private pages may have been sealed by another build of the same records.",
)
@click.option(
    "--headers",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="A file of your own with headers to send, such as the cookie of a sign-in.",
)
@click.option("--timeout", default=20.0, type=click.FloatRange(1, 600), help="Seconds to wait.")
@click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text")
@directory_option
def verify(
    place: str,
    against: Path | None,
    part: str | None,
    other_build: bool,
    headers: Path | None,
    timeout: float,
    format_: str,
    directory: Path | None,
) -> int:
    """Compare a hosted copy, an address or a folder, with the site that you built.

    Looks first at the page and the script that take a passphrase.

    Example: coachbook verify https://portal.example.org/ --against site
    """
    from coachbook.verification import load_expected
    from coachbook.verification import verify as compare

    copy, part = _copy(place, part, headers, timeout)
    site = against or open_book(directory, None).root / "site"
    expected = load_expected(site, part)
    say(f"comparing {len(expected.items)} files with {site}")
    verdict = compare(copy, expected)
    if format_ == "json":
        _show_json(verdict)
    else:
        _show(verdict, part, other_build=other_build)
    return 1 if verdict.faults or (verdict.sealed_anew and not other_build) else 0


def _copy(place: str, part: str | None, headers: Path | None, timeout: float) -> tuple[Copy, str]:
    """The copy, and which part of a site it is."""
    from coachbook.errors import UsageError
    from coachbook.hosted import AddressCopy, FolderCopy, parse_address, parse_headers

    if place.lower().startswith(("http://", "https://")):
        extra = parse_headers(headers.read_text("utf-8", "replace")) if headers else {}
        return AddressCopy(parse_address(place), timeout, extra), part or "portal"
    folder = Path(place)
    if not folder.is_dir():
        raise UsageError(
            f"{place} is no folder",
            hint="an address begins with https://, a folder has to be there",
        )
    both = (folder / "portal").is_dir() or (folder / "handbook").is_dir()
    return FolderCopy(folder), part or ("site" if both else "portal")


def _show(verdict: Verdict, part: str, *, other_build: bool) -> None:
    from coachbook.hostheaders import remarks

    for fault in verdict.faults[:_SHOWN]:
        click.echo(f"{fault.file}: {fault.words}")
    if len(verdict.faults) > _SHOWN:
        say(f"and {len(verdict.faults) - _SHOWN} more, listed by --format json")
    if verdict.headers:
        click.echo("what the host sends with the page:")
        for one in remarks(verdict.headers):
            click.echo(f"  {'good' if one.is_good else 'missing'}: {one.header}: {one.words}")
    count = len(verdict.faults)
    found = f"{count} {'fault' if count == 1 else 'faults'} found" if count else "no fault found"
    say(f"{verdict.same} files are those of the build, {found}")
    if verdict.sealed_anew:
        say(f"{verdict.sealed_anew} private pages were sealed anew, as by another build")
        if not other_build:
            say("hint: if that is so, add --other-build")
    if part != "handbook":
        say(_advice(verdict))


def _advice(verdict: Verdict) -> str:
    if verdict.is_safe:
        return "the page and the script that take a passphrase are those of the build"
    return "type no passphrase there: something that could take it is not of the build"


def _show_json(verdict: Verdict) -> None:
    import json

    from coachbook.hostheaders import remarks

    content = {
        "safe": verdict.is_safe,
        "same": verdict.same,
        "sealed_anew": verdict.sealed_anew,
        "faults": [
            {"file": one.file, "words": one.words, "strict": one.strict} for one in verdict.faults
        ],
        "headers": [
            {"header": one.header, "good": one.is_good, "words": one.words}
            for one in (remarks(verdict.headers) if verdict.headers else ())
        ],
    }
    click.echo(json.dumps(content, ensure_ascii=False))
