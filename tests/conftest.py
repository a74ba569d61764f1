"""What every test stands on: no one's own keys, no one's settings, no deadline on slow machines.

Three things are done once for all tests of a process, because most of the time went there:
the tests themselves are never searched for garbage, a template is compiled once however many
sites are built, and files that share a built site are given to one worker, the longest work first.
"""

from __future__ import annotations

import gc
import os
import signal
from itertools import count
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings
from jinja2.sandbox import SandboxedEnvironment
from xdist.scheduler import LoadFileScheduling

from tests.warm import warm_coachbook

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator
    from pathlib import Path
    from types import CodeType

    from xdist.remote import Producer

# Where tests run in the background, an interrupt is ignored by whatever they start.
signal.signal(signal.SIGINT, signal.default_int_handler)

settings.register_profile("coachbook", deadline=None, print_blob=False)
settings.load_profile("coachbook")

SHARING = {
    "tests/browser/test_first_note.py": "one browser",
    "tests/browser/test_handbook_payloads.py": "one browser",
    "tests/browser/test_hostile_note.py": "one browser",
    "tests/browser/test_many_sections.py": "one browser",
    "tests/browser/test_payloads.py": "one browser",
    "tests/browser/test_sizes.py": "one browser",
    "tests/browser/": "one browser and one site of the example",
    "tests/attacks/test_access.py": "the example's site and its unlocked keys",
    "tests/attacks/test_altered_site.py": "the example's site and its unlocked keys",
    "tests/attacks/test_canaries.py": "the example's site and its unlocked keys",
    "tests/attacks/test_keys.py": "the example's site and its unlocked keys",
    "tests/attacks/test_no_secret.py": "the example's site and its unlocked keys",
}
"""Start of a path -> what tests of one worker share there; the first that fits counts."""

LONG = (
    *SHARING,
    "tests/cli/test_presets.py",
    "tests/test_browser_script.py",
    "tests/test_benchmarks.py",
    "tests/test_wheel.py",
    "tests/test_five_years.py",
    "tests/test_incremental.py",
    "tests/unit/test_cluster.py",
    "tests/cli/",
    "tests/git/",
    "tests/attacks/",
    "tests/unit/test_site.py",
    "tests/unit/test_builder.py",
)
"""What takes long and begins early, so that no worker is left with it at the end."""


class _BySharing(LoadFileScheduling):
    """Gives each file to one worker, and files that share something to the same one."""

    def __init__(self, config: pytest.Config, log: Producer | None = None) -> None:
        super().__init__(config, log)
        config.option.loadscopereorder = False

    def _split_scope(self, nodeid: str) -> str:
        shared = (what for start, what in SHARING.items() if nodeid.startswith(start))
        return next(shared, super()._split_scope(nodeid))


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> _BySharing | None:
    """The order that `--dist loadfile` means here."""
    return _BySharing(config, log) if config.getvalue("dist") == "loadfile" else None


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Looks for no garbage among thousands of tests that are only just being made."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Puts what takes long first; within a file the order stays."""
    items.sort(key=lambda item: _rank(item.nodeid))


def _rank(nodeid: str) -> int:
    return next((rank for rank, start in enumerate(LONG) if nodeid.startswith(start)), len(LONG))


@pytest.fixture(autouse=True, scope="session")
def _tests_are_no_garbage() -> Iterator[None]:
    """Leaves the thousands of tests out of every search for garbage: they stay to the end.

    Such a search is part of the work of some commands, and would take most of their time here.
    Helpers of a command are copied with all that is left out, which their end would take in again.
    """
    gc.collect()
    gc.freeze()
    with pytest.MonkeyPatch.context() as patch:
        for name in ("freeze", "unfreeze"):
            patch.setattr(gc, name, lambda: None)
        yield


@pytest.fixture(autouse=True, scope="session")
def _templates_are_compiled_once() -> Iterator[None]:
    """Lets every build of this process use what Jinja has made of a template's text.

    The text, its name and all that decides what Jinja makes of it are the key.
    """
    compiled: dict[tuple[object, ...], CodeType] = {}
    compile_anew = SandboxedEnvironment.compile

    def compile_once(
        environment: SandboxedEnvironment, source: str, *arguments: object, **options: object
    ) -> CodeType:
        key = (
            source,
            arguments,
            *options.items(),
            type(environment),
            *environment.extensions,
            *environment.filters.items(),
            environment.autoescape,
            environment.trim_blocks,
            environment.lstrip_blocks,
            environment.keep_trailing_newline,
        )
        if key not in compiled:
            compiled[key] = compile_anew(environment, source, *arguments, **options)  # type: ignore[call-overload]
        return compiled[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(SandboxedEnvironment, "compile", compile_once)
        yield


@pytest.fixture(scope="session")
def warm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder of a `coachbook`, and of a `python` for git, that are kept warm."""
    with warm_coachbook(tmp_path_factory.mktemp("warm")) as commands:
        yield commands


@pytest.fixture(scope="session")
def _homes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A name for the folder of private files of each test; a folder is made if one is needed.

    Not in `tmp_path`, which would have to be made for thousands of tests that write no file.
    """
    folder = tmp_path_factory.mktemp("homes")
    return (folder / str(number) for number in count())


@pytest.fixture(autouse=True)
def _nobody_at_home(_homes: Iterator[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    """Keeps a test from the keys, passphrase and editor of whoever runs it."""
    for name in list(os.environ):
        if name.startswith("COACHBOOK_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("COACHBOOK_HOME", str(next(_homes)))
    monkeypatch.setenv("COACHBOOK_CACHE", "")  # nothing is taken over from another test
    for name in ("EDITOR", "VISUAL"):
        monkeypatch.delenv(name, raising=False)
