"""Templates in a sandbox: the only place that knows Jinja.

    compiled = Compiled(cache)
    sandbox = open_sandbox(WatchedSandbox, OwnFiles([theirs, ours]), compiled)
    render(sandbox, "pages/errors.html", values)

A template sees the values that it is given and nothing else: neither Python, nor files, nor the
environment. `Sandbox` is for those that coachbook brings along, `WatchedSandbox` for those of a
workspace, which may use so much time and memory a page and no more. What fails is told with its
place and without a value. Whether a page may show a value at all is asked before (`pages`).
"""

from coachbook.templates.compiled import Compiled
from coachbook.templates.faults import FOLDER
from coachbook.templates.files import OwnFiles
from coachbook.templates.rendering import (
    LEAVES,
    compile_folder,
    find_template,
    open_sandbox,
    plain,
    render,
)
from coachbook.templates.sandbox import Sandbox, WatchedSandbox

__all__ = [
    "FOLDER",
    "LEAVES",
    "Compiled",
    "OwnFiles",
    "Sandbox",
    "WatchedSandbox",
    "compile_folder",
    "find_template",
    "open_sandbox",
    "plain",
    "render",
]
