"""What the handbook explains in its own words: models, visits, styles, roles, the words we use.

The text is data, in `_explanations.yml` beside the package. What a school does differently, its
policy says, and the handbook quotes it.
"""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from coachbook.strict_yaml import parse_yaml
from coachbook.values import frozen

if TYPE_CHECKING:
    from collections.abc import Mapping

_FILE = "_explanations.yml"


@frozen
class Model:
    """A way of coaching: what it is in a line, what it suits, its steps and its form."""

    key: str
    title: str
    line: str
    suits: str
    form: str
    steps: Mapping[str, str]


@frozen
class Visit:
    """A kind of visit to a lesson, and what sets it apart from the others."""

    key: str
    title: str
    line: str


@frozen
class Explanations:
    """Everything that is explained, by the key that a policy or a record uses."""

    models: Mapping[str, Model]
    visits: Mapping[str, Visit]
    styles: Mapping[str, str]
    roles: Mapping[str, str]
    appraisal: Mapping[str, str]
    words: Mapping[str, str]


@cache
def explanations() -> Explanations:
    """The explanations that came with the package."""
    data: Mapping[str, Any] = parse_yaml((resources.files("coachbook") / _FILE).read_bytes(), _FILE)
    return Explanations(
        models={key: Model(key, **model) for key, model in data["models"].items()},
        visits={key: Visit(key, **visit) for key, visit in data["visits"].items()},
        styles=data["styles"],
        roles=data["roles"],
        appraisal=data["appraisal"],
        words=data["words"],
    )
