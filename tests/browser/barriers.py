"""What would keep somebody from using a page: found by axe, and in the accessibility tree."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from tests.npm import modules

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page

CONTRAST = {"runOnly": ["color-contrast"]}
"""The one rule whose verdict hangs on the colour scheme."""

_RUN = """async (options) => {
    // What is in order is not described, which would take most of the time.
    const { violations } = await axe.run({ ...options, resultTypes: ["violations"] });
    return violations.map(({ id, nodes }) => `${id}: ${nodes[0].html.slice(0, 160)}`);
}"""


def barriers(page: Page, options: dict[str, list[str]] | None = None) -> list[str]:
    """What axe finds wrong on the page as it is, by rule."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(_axe())
    found: list[str] = page.evaluate(_RUN, options or {})
    return found


@cache
def _axe() -> str:
    return (modules() / "axe-core" / "axe.min.js").read_text(encoding="utf-8")


@dataclass(frozen=True, slots=True)
class Heard:
    """One thing that a screen reader comes to: what it is, and what it is called."""

    role: str
    name: str
    level: int = 0


def heard(page: Page) -> list[Heard]:
    """Everything that a screen reader comes to, in its order."""
    session = page.context.new_cdp_session(page)
    nodes = {node["nodeId"]: node for node in session.send("Accessibility.getFullAXTree")["nodes"]}
    session.detach()
    (root,) = [node for node in nodes.values() if "parentId" not in node]
    return [_heard(node) for node in _walk(root, nodes) if not node["ignored"]]


def _walk(node: dict[str, Any], nodes: dict[str, dict[str, Any]]) -> Iterator[dict[str, Any]]:
    yield node
    for child in node.get("childIds", ()):
        if child in nodes:
            yield from _walk(nodes[child], nodes)


def _heard(node: dict[str, Any]) -> Heard:
    properties = {one["name"]: one["value"].get("value") for one in node.get("properties", ())}
    return Heard(
        str(node["role"]["value"]),
        str(node.get("name", {}).get("value", "")),
        int(properties.get("level") or 0),
    )
