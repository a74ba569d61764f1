"""The examples of the rules, each checked once for all tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.rules.samples import check_sample, load_sample

if TYPE_CHECKING:
    from collections.abc import Callable

    from coachbook.diagnostics import Diagnostic

    Checked = Callable[[str, str], tuple[tuple[Diagnostic, ...], str]]


@pytest.fixture(scope="session")
def checked(tmp_path_factory: pytest.TempPathFactory) -> Checked:
    """Findings and report of `ok.md` or `bad.md` of a rule."""
    results: dict[tuple[str, str], tuple[tuple[Diagnostic, ...], str]] = {}
    folder = tmp_path_factory.mktemp("samples")

    def check(code: str, name: str) -> tuple[tuple[Diagnostic, ...], str]:
        if (code, name) not in results:
            place = folder / f"{code}-{name}"
            results[code, name] = check_sample(load_sample(code), name, place)
        return results[code, name]

    return check
