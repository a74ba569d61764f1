"""Schools of which nothing new is published, because of what was found there.

    stopped_schools(book, findings)     # {"otterbeck": ("CB501",)}

A fault of confidentiality, keys or policy stops the school that it is about: its last good pages
stay, and the other schools go on. What is at fault for more than one school stops all of them.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from coachbook.diagnostics import Consequence
from coachbook.errors import FindingsError
from coachbook.sentences import join

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from coachbook.book import Book
    from coachbook.diagnostics import Diagnostic


def stopped_schools(book: Book, findings: Iterable[Diagnostic]) -> dict[str, tuple[str, ...]]:
    """The schools that are stopped, each with the codes of what was found.

    A school that takes over another one's policy is stopped with it. Raises FindingsError where
    no school is left, or where a finding is about none of them alone.
    """
    stops = [one for one in findings if one.consequence is Consequence.STOPS]
    codes: defaultdict[str, set[str]] = defaultdict(set)
    for one in stops:
        codes[one.school].add(one.code)
    for school in book.schools.values():
        if school.policy_of in codes and not _has_policy(book, school.id):
            codes[school.id] |= codes[school.policy_of]
    if codes and (codes.keys() - book.schools.keys() or codes.keys() >= book.schools.keys()):
        raise nothing_published(stops)
    return {school: tuple(sorted(codes[school])) for school in book.schools if school in codes}


def nothing_published(stops: Collection[Diagnostic]) -> FindingsError:
    """What is said where the whole site stays as it was."""
    codes = ", ".join(sorted({one.code for one in stops}))
    places = "place" if len(stops) == 1 else "places"
    return FindingsError(
        f"nothing was published: {len(stops)} {places} where confidentiality, keys or the "
        f"policy are at fault ({codes})",
        hint="run: coachbook check",
    )


def notice(book: Book, schools: Collection[str]) -> str:
    """What every public page says of the schools that are stopped; "" where none is."""
    if not schools:
        return ""
    names = join([book.schools[one].name for one in schools])
    return f"Nothing new from {names} is published at the moment: what is shown of it is older."


def _has_policy(book: Book, school: str) -> bool:
    """Whether a school has a policy of its own."""
    own = f"records/{school}/"
    return any(policy.path.startswith(own) for policy in book.policies.get(school, ()))
