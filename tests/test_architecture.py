"""The code keeps to the map in generator/README.md."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "generator" / "coachbook"
MAP = (ROOT / "generator" / "README.md").read_text(encoding="utf-8")


@cache
def on_map() -> list[str]:
    """The parts of the package in the order of the map."""
    block = MAP.split("```")[1]
    return re.findall(r"^([a-z_]+)/? ", block, re.MULTILINE)


@cache
def parts() -> dict[str, list[Path]]:
    """The files of each part: a module by itself, a package with all its modules."""
    found: dict[str, list[Path]] = {}
    for file in sorted(PACKAGE.rglob("*.py")):
        name = file.relative_to(PACKAGE).parts[0].removesuffix(".py")
        found.setdefault(name, []).append(file)
    return {name: files for name, files in found.items() if not name.startswith("__")}


@cache
def imports(file: Path) -> set[str]:
    """Every module that a file imports, wherever in it, by its full name."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def own(names: set[str]) -> set[str]:
    """The parts of our package among the imported names."""
    found = {name.split(".")[1] for name in names if name.startswith("coachbook.")}
    return found & set(parts())


def test_every_part_is_on_the_map() -> None:
    """The map names every module and package, and nothing that is gone."""
    assert sorted(on_map()) == sorted(parts())


@pytest.mark.parametrize("part", sorted(parts()))
def test_import_points_to_an_earlier_line(part: str) -> None:
    """A module imports only what stands above it on the map."""
    order = on_map()
    above = set(order[: order.index(part)]) if part in order else set()

    used = {name for file in parts()[part] for name in own(imports(file))} - {part}

    assert used - above == set()


def cycle_from(module: str, graph: dict[str, set[str]], path: tuple[str, ...] = ()) -> list[str]:
    """The modules of a cycle that leads back to `module`, or nothing."""
    for target in graph.get(path[-1] if path else module, set()):
        if target == module:
            return [module, *path, module]
        if target not in path:
            found = cycle_from(module, graph, (*path, target))
            if found:
                return found
    return []


@pytest.mark.parametrize("part", sorted(p for p, files in parts().items() if len(files) > 1))
def test_package_has_no_cycle(part: str) -> None:
    """The modules of one package don't import each other in a circle."""
    prefix = f"coachbook.{part}."
    graph = {
        f"{prefix}{file.stem}": {
            name for name in imports(file) if name.startswith(prefix) and name != prefix
        }
        for file in parts()[part]
        if file.stem != "__init__"
    }

    assert [cycle_from(module, graph) for module in graph if cycle_from(module, graph)] == []


def test_private_keys_are_reached_from_the_command_line_only() -> None:
    """Nothing but cli/ imports the keystore, so that no build can open anything."""
    users = {
        part
        for part, files in parts().items()
        for file in files
        if "keystore" in own(imports(file))
    }

    assert users <= {"cli", "keystore"}


@pytest.mark.parametrize(
    ("library", "owner"),
    [
        ("mkdocs", {"builder"}),
        ("jinja2", {"templates"}),
        ("frontmatter", {"frontmatter"}),
        ("cryptography", {"age", "keystore", "portal", "publickey", "sealing"}),
        ("click", {"cli", "keystore"}),
        ("rich", {"cli"}),
        ("segno", {"printed"}),
        ("dask", {"cluster"}),
        ("distributed", {"cluster"}),
    ],
)
def test_library_is_used_in_its_place(library: str, owner: set[str]) -> None:
    """Each foreign library is known to as few parts as possible."""
    users = {
        part
        for part, files in parts().items()
        for file in files
        for name in imports(file)
        if name.split(".")[0] == library
    }

    assert users <= owner


def test_no_module_is_imported_under_a_second_name() -> None:
    """Nobody imports generator.coachbook, which would be a copy of every module."""
    second = "generator" + ".coachbook"
    files = [*(ROOT / "generator").rglob("*.py"), *(ROOT / "tests").rglob("*.py")]
    own_files = [file for file in files if "node_modules" not in file.parts]

    assert [file for file in own_files if any(n.startswith(second) for n in imports(file))] == []


def test_module_says_what_it_is() -> None:
    """Every module begins with a sentence about itself, of at most twenty words."""
    silent = []
    for file in sorted(PACKAGE.rglob("*.py")):
        words = (ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or "").split("\n")
        if not 0 < len(words[0].split()) <= 20:
            silent.append(file.relative_to(PACKAGE).as_posix())

    assert silent == []
