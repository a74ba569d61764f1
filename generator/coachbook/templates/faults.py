"""What went wrong in a template, in words that hold no value of a page.

A template's fault is told with its file and line to whoever can read a build's log. Those are more
people than read the page, so nothing of its values may be in what is said:

    with translated(name):
        environment.get_template(name).render(values)
"""

from __future__ import annotations

import re
import traceback
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import jinja2

from coachbook.errors import BuildError

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER = "site_templates"
"""Where templates lie in a workspace and in the source tree."""

_FOLDERS = frozenset({FOLDER, f"_{FOLDER}"})
_FAILURES = (
    *(ArithmeticError, AttributeError, LookupError, MemoryError),
    *(RecursionError, SyntaxError, TypeError, ValueError),
)
"""What Python may say of a template; its own message could hold a value."""

_KINDS = frozenset(
    (
        *("bool", "builtin_function_or_method", "cycler", "date", "dict", "float", "function"),
        *("int", "joiner", "list", "macro", "method", "namespace", "none", "range", "str"),
        *("templatereference", "tuple", "type"),
    )
)
_NOT_THERE = "the template asks for something that is not there"
_HINT = "compare the template with the one that coachbook brings along"


@contextmanager
def translated(name: str) -> Iterator[None]:
    """Raises BuildError where a template fails, with the place of its fault."""
    try:
        yield
    except jinja2.TemplateError as error:
        raise BuildError(f"{_place(error, name)}: {_said(error, name)}", hint=_HINT) from None
    except _FAILURES as error:
        message = f"{_place(error, name)}: the template fails with {type(error).__name__}"
        raise BuildError(message, hint=_HINT) from None


def _place(error: BaseException, name: str) -> str:
    """The file of templates and the line in it where an error arose, as far as it can be told."""
    if isinstance(error, jinja2.TemplateSyntaxError):
        return f"{FOLDER}/{error.name or name}:{error.lineno}"
    frame = _inside(error)
    if frame is None:
        return f"{FOLDER}/{name}"
    parts = Path(frame.filename).parts
    below = parts[max(parts.index(one) for one in _FOLDERS if one in parts) + 1 :]
    return f"{FOLDER}/{'/'.join(below)}:{frame.lineno}"


def _inside(error: BaseException) -> traceback.FrameSummary | None:
    """The last step of an error inside a template."""
    frames = traceback.extract_tb(error.__traceback__)
    inside = (one for one in frames[::-1] if not _FOLDERS.isdisjoint(Path(one.filename).parts))
    return next(inside, None)


def _said(error: jinja2.TemplateError, name: str) -> str:
    """What Jinja says, if it names nothing but words that stand in the template.

    A template can ask for something by a name that it has from a page's values. That name is in
    what Jinja says, and a build's log has more readers than the page.
    """
    if isinstance(error, jinja2.TemplateSyntaxError):
        return error.message or _NOT_THERE
    frame = _inside(error)
    source = Path(frame.filename).read_text(encoding="utf-8") if frame else name
    if isinstance(error, jinja2.TemplateNotFound):
        wanted = f"{FOLDER}/{error.name}"
        return f"there is no such template{f' as {wanted}' if str(error.name) in source else ''}"
    message = error.message or _NOT_THERE
    left = re.sub(r"'([^'\"]*)'", lambda m: "" if _is_known(m[1], source) else m[0], message)
    tells = "'" in left or '"' in left or " element " in left
    return _NOT_THERE if tells else message


def _is_known(word: str, source: str) -> bool:
    """Whether a word stands in the template anyway, or is a kind of value."""
    return word in source or word.removesuffix(" object").lower() in _KINDS
