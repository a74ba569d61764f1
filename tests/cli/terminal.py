"""A real terminal for commands that ask."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


def at_terminal(
    arguments: Sequence[str], answers: Sequence[str], folder: Path
) -> tuple[int, str, str]:
    """Types the answers into a command; its status, its answer, and what the screen showed."""
    screen, keyboard = pty.openpty()
    try:
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "coachbook", *arguments],
            cwd=folder,
            stdin=keyboard,
            stdout=subprocess.PIPE,
            stderr=keyboard,
            text=True,
        )
        os.write(screen, "".join(f"{answer}\n" for answer in answers).encode())
        out, _ = process.communicate(timeout=60)
        return process.returncode, out, os.read(screen, 1 << 20).decode(errors="replace")
    finally:
        os.close(screen)
        os.close(keyboard)
