"""The Write pages as the browser has them: each with its shelves put in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from coachbook.overviews.write import Desks
from coachbook.overviews.write_readers import WRITER

if TYPE_CHECKING:
    from collections.abc import Iterable

    from coachbook.views import View


def write_models(view: View, writers: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Each writer's page with everything in it that stands on a shelf of theirs."""
    everyone = tuple(writers)
    desks = Desks(view, everyone)
    return {
        writer: _whole(page, writer, [one for one in desks.shelves if writer in one.writers])
        for writer in everyone
        if (page := desks.page(writer))
    }


def _whole(page: Any, writer: str, shelves: Iterable[Any]) -> dict[str, Any]:  # noqa: ANN401
    held = {shelf.school: shelf.as_json() for shelf in shelves}
    whole = dict(page)
    for part in ("readers", "forms"):
        whole[part] = {key: one for shelf in held.values() for key, one in shelf[part].items()}
        whole[part] |= page[part]
    whole["arounds"] = [
        held[one]["around"] if isinstance(one, str) else one for one in page["arounds"]
    ]
    whole["places"] = [
        {**place, "people": _people(place, writer, held, whole["readers"])}
        for place in page["places"]
    ]
    return whole


def _people(place: Any, writer: str, held: Any, readers: Any) -> list[dict[str, Any]]:  # noqa: ANN401
    if not isinstance(place["people"], str):
        return list(place["people"])
    shown = held[place["school"]]["visits"][place["people"]]
    name = readers[writer]["label"]
    return [
        one
        | {
            "rows": one["rows"]
            and {key: _by(row, writer, name) for key, row in one["rows"].items()}
        }
        for one in shown
        if one["id"] != writer
    ]


def _by(row: dict[str, Any], writer: str, name: str) -> dict[str, Any]:
    readers = [writer if one == WRITER else one for one in row["readers"]]
    return row | {"readers": readers, "line": row["line"].replace(WRITER, name)}
