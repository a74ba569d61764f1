"""The search with atheris, in a process of its own, since libFuzzer ends the one it runs in.

python -m fuzz.guided age -max_total_time=60 corpus/
"""

from __future__ import annotations

import sys

import atheris

from fuzz.targets import find_target


def main() -> None:
    """Fuzzes the target of the first argument; the others are libFuzzer's."""
    with atheris.instrument_imports(include=["coachbook"]):
        target = find_target(sys.argv[1])
    atheris.Setup([sys.argv[0], *sys.argv[2:]], target.check)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
