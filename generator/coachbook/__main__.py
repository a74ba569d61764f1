"""Where `coachbook` begins, and `python -m coachbook` with it."""

import os
import sys

_STOPPED = 130


def run() -> int:
    """Runs one command, with modules from where Python is installed and nowhere else.

    `-m` puts the current folder first, and that may be a workspace somebody else can
    write to: a file `click.py` in it would be run in place of the real one.
    """
    if not sys.flags.safe_path and sys.path[:1] == [os.getcwd()]:  # noqa: PTH109 (as -m wrote it)
        del sys.path[0]

    try:
        from coachbook.cli import main  # noqa: PLC0415 (only now is the path safe)
    except KeyboardInterrupt:  # what is said otherwise is not there yet
        sys.stderr.write("coachbook: stopped\n")
        return _STOPPED
    return main()


if __name__ == "__main__":
    sys.exit(run())
