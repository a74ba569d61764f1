"""What IT asks before it lets a school use coachbook: two pages of answers, and where to host it.

How the product works is the same everywhere; what a policy decides, such as who holds a copy of
the records, is put in for each school, and once where all schools say the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from coachbook.audience import public
from coachbook.handbook.document import Question, answers
from coachbook.handbook.guesses import guesses
from coachbook.handbook.model import HandbookPage
from coachbook.handbook.trust import in_force
from coachbook.sentences import join

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from coachbook.handbook.model import Handbook, SchoolPart
    from coachbook.policy import Policy

    Pairs = Sequence[tuple[SchoolPart, Policy]]

TITLE = "How this is kept private"

_SOURCE = "policies of the trust"
_PUBLISH = "keys.publish_protected"
_SILENT = "the policy does not say"
_ASKED = (
    Question("repository.holders", "Who holds a copy of all records"),
    Question(_PUBLISH, "Keys, under their passphrases"),
    Question("recovery.holder", "Who may open a part when all its readers have left"),
    Question("storage.outputs", "Where what is made from the records is kept"),
    Question("portal.idle_minutes", "The portal locks itself after", "{} minutes without use"),
    Question("portal.stay_hours", "A device may keep somebody signed in", "for {} hours"),
    Question("retention.notes", "How long notes are kept"),
    Question("retention.separate", "How long records kept apart are kept"),
)


def it_pages(handbook: Handbook) -> Iterator[HandbookPage]:
    """The answer sheet for IT, and the page on hosting."""
    pairs = in_force(handbook)
    decided = {"decided": public(list(_decided(pairs)), _SOURCE), **guesses()}
    yield _page("answers", "Answers for IT", decided)
    yield _page("hosting", "Where to host it", {"keys": public(_keys(pairs), _SOURCE)})


def _page(name: str, title: str, model: Mapping[str, object]) -> HandbookPage:
    path = f"private/{name}.md"
    return HandbookPage(path, (TITLE, title), f"handbook/{path}", model)


def _decided(pairs: Pairs) -> Iterator[Mapping[str, object]]:
    """Each question with its answers, and the schools behind each where they differ."""
    for question in _ASKED:
        found: dict[str, list[str]] = {}
        for school, policy in pairs:
            rows = answers(policy, (question,))
            words = rows[0]["answer"] if rows else _SILENT
            found.setdefault(words, []).append(school.name)
        if found:
            yield {"question": question.text, "answers": _by_school(found)}


def _by_school(found: Mapping[str, Sequence[str]]) -> list[Mapping[str, str]]:
    alike = len(found) == 1
    return [
        {"words": words[:1].upper() + words[1:], "schools": "" if alike else join(schools)}
        for words, schools in found.items()
    ]


def _keys(pairs: Pairs) -> Mapping[str, str]:
    """The schools whose policy publishes protected keys, and those whose policy does not."""
    published = [school.name for school, policy in pairs if policy.get(_PUBLISH) is True]
    kept = [school.name for school, policy in pairs if policy.get(_PUBLISH) is not True]
    return {"published": join(published), "kept": join(kept)}
