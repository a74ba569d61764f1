"""What the documents say is what there is."""

from __future__ import annotations

import ast
import importlib.util
import re
import sys
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from coachbook import __version__
from coachbook.cli import COMMANDS, cli
from coachbook.rules import RULES

if TYPE_CHECKING:
    from types import ModuleType

    from coachbook.rules import AnyRule

ROOT = Path(__file__).parents[1]
DOCUMENTS = sorted(
    [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), ROOT / "generator/README.md"]
)


def build_docs() -> ModuleType:
    """The script that writes the reference pages."""
    path = ROOT / "generator" / "build_docs.py"
    spec = importlib.util.spec_from_file_location("build_docs", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", ["commands.md", "rules.md", "settings.md", "attacks.md"])
def test_reference_page_is_up_to_date(name: str) -> None:
    """The reference pages say what commands, rules and cases say; `make docs` writes them anew."""
    expected = build_docs().reference_pages()[name]

    assert (ROOT / "docs" / name).read_text(encoding="utf-8") == expected


def test_requirements_are_counted_anew() -> None:
    """The About page counts the requirements as they stand; `make docs` counts them anew."""
    made = build_docs()

    assert made.COVERAGE.read_text(encoding="utf-8") == made.coverage()


def test_every_command_has_an_example() -> None:
    """The help page of each command shows one line to copy."""
    pages = dict(build_docs().command_helps(cli, ("coachbook",)))
    groups = {name for name in pages if any(other.startswith(f"{name} ") for other in pages)}

    assert {f"coachbook {name}" for name in COMMANDS} <= set(pages)
    assert [
        name for name, text in pages.items() if name not in groups and "Example" not in text
    ] == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_rule_has_a_whole_page(rule: AnyRule) -> None:
    """A rule's page says what it wants, why, with an example, a remedy and its source."""
    page = rule.page

    assert "" not in {page.title, page.why, page.example, page.remedy, page.source}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_document_links_lead_somewhere(document: Path) -> None:
    """A link or picture in a document leads to a file that is there."""
    text = document.read_text(encoding="utf-8")
    targets = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text)

    assert [target for target in targets if not (document.parent / target).exists()] == []


def test_commands_in_the_readme_exist() -> None:
    """Each `coachbook …` line of the README names a command that there is."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    used = set(re.findall(r"^(?:\$ )?(?:[^ \n]*/)?coachbook ([a-z-]+)", readme, re.MULTILINE))

    assert used
    assert used - set(COMMANDS) == set()


def test_targets_in_the_readme_exist() -> None:
    """Each `make …` of the documents is a target of the Makefile."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    used = {
        target
        for document in DOCUMENTS
        for target in re.findall(r"`make ([a-z-]+)`", document.read_text(encoding="utf-8"))
    }

    assert used - targets == set()


def test_changelog_names_this_version_or_the_next() -> None:
    """The changelog begins with what is not released yet, or with this version."""
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    first = re.search(r"^## (.+)$", changelog, re.MULTILINE)

    assert first is not None
    assert first.group(1).split()[0] in {"Unreleased", __version__}


def imported_by(node: ast.AST) -> list[str]:
    """The modules that an import statement names."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [node.module] if isinstance(node, ast.ImportFrom) and node.module else []


def test_every_imported_package_is_declared() -> None:
    """Whatever the package imports is declared, and what is declared is imported."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    required = (*project["dependencies"], *project["optional-dependencies"]["scale"])
    declared = {re.split(r"[<>=]", entry)[0].lower() for entry in required}
    modules = {"frontmatter": "python-frontmatter", "yaml": "pyyaml"}
    found = {
        name.split(".")[0]
        for file in (ROOT / "generator/coachbook").rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        for name in imported_by(node)
    }
    foreign = found - sys.stdlib_module_names - {"coachbook"}
    # Run as a command and as its theme, and never imported.
    run = {"mkdocs", "mkdocs-material"}

    assert {modules.get(name, name) for name in foreign} | run == declared
