"""Page models become Markdown or HTML through sandboxed templates.

Every leaf of a model is `Labelled`, and is unwrapped only for the audience of
the page it goes on:

    templates = open_templates(workspace)
    render_page(templates, "handbook/policy.md", {"title": public("…", "policy")}, PUBLIC)

A leaf without a label, or one that is meant for fewer people than the page,
ends the build. A template sees its model and nothing else: neither files nor
the environment.

Templates are looked up in the workspace's `site_templates` first, then in the
installed package, then in the source tree (an editable install has no copy).
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from types import BuiltinMethodType
from typing import TYPE_CHECKING, cast

import jinja2
import markupsafe
from jinja2 import nodes
from jinja2.compiler import CodeGenerator
from jinja2.environment import TemplateModule
from jinja2.runtime import LoopContext, Macro
from jinja2.sandbox import SandboxedEnvironment
from jinja2.utils import Namespace

import coachbook
from coachbook.audience import Labelled, flow
from coachbook.cache import FORGETFUL, Cache
from coachbook.errors import BuildError
from coachbook.watching import MOST_SOURCE, Watched

if TYPE_CHECKING:
    from jinja2.bccache import Bucket
    from jinja2.compiler import Frame
    from jinja2.runtime import Context

    from coachbook.audience import Audience

_FOLDER = "site_templates"
_FOLDERS = frozenset({_FOLDER, f"_{_FOLDER}"})
_SETTINGS = "mkdocs.yml"
_LARGEST = 32 * 2**20
"""Bytes of a file in that folder; the pictures of a look may have so many together."""
_COMPILED = "templates"
_GLOBALS = ("cycler", "joiner", "namespace", "range")
_LEAVES = frozenset({str, bool, int, float, type(None), markupsafe.Markup})
_PLAIN = (LoopContext, Namespace, TemplateModule, dt.date)
"""What a template meets besides its model: nothing on these leads out of the sandbox."""

_ABSENT = object()
_NUMBERS = frozenset({int, float})
_MARKS = re.compile(r"[&<>'\"]").search
"""Finds what means something in HTML."""

_MARKDOWN = str.maketrans({mark: f"\\{mark}" for mark in "\\`*_{}[]()#+-.!|"})


@dataclass(frozen=True, slots=True)
class Templates:
    """The templates of a workspace, ready to render, and what the builder needs of it.

    `theme` holds our own theme templates, `assets` the workspace's style sheets
    and pictures if it has any, `settings` the bytes of its `mkdocs.yml` or ours.
    """

    environment: SandboxedEnvironment
    theme: Path
    assets: Path | None
    settings: bytes


def open_templates(workspace: Path | None = None, cache: Cache = FORGETFUL) -> Templates:
    """The templates that pages of this workspace are rendered with.

    Args:
        workspace: whose own templates come first.
        cache: where templates are kept as an earlier run has compiled them.
    """
    own = _ours("_site_templates", _FOLDER)
    theirs = workspace / _FOLDER if workspace else own
    assets = theirs / "theme" / "assets"
    if workspace:
        _require_no_links(workspace, (theirs, assets.parent, assets, workspace / _SETTINGS))
    return Templates(
        environment=_environment(
            [theirs, own], _Sandbox if theirs == own else _kind(theirs), _Compiled(cache)
        ),
        theme=own / "theme",
        assets=assets if theirs != own and assets.is_dir() else None,
        settings=_settings(workspace),
    )


def our_templates(templates: Templates) -> Templates:
    """The templates that coachbook brings along, and none of the workspace that these are for."""
    own = _ours("_site_templates", _FOLDER)
    compiled = templates.environment.bytecode_cache
    assert isinstance(compiled, _Compiled)  # noqa: S101 (every environment here has one)
    return Templates(_environment([own], _Sandbox, compiled), own / "theme", None, _settings(None))


def templates_stamp(workspace: Path) -> bytes:
    """What changes with every template, style and setting that pages of this workspace have."""
    stamp = hashlib.blake2b(digest_size=16)
    for folder in (workspace / _FOLDER, _ours("_site_templates", _FOLDER)):
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            size, time = path.stat().st_size, path.stat().st_mtime_ns
            # Reading what is larger could take all memory; its time tells whether it has changed.
            data = path.read_bytes() if size <= _LARGEST else f"{time}".encode()
            stamp.update(f"{path.relative_to(folder)} {size}\n".encode() + data)
    stamp.update(_settings(workspace))
    return stamp.digest()


def compile_pages(templates: Templates, folder: str) -> None:
    """Readies every template of a folder, so that processes that begin as copies have them all."""
    names = templates.environment.list_templates(
        filter_func=lambda name: name.startswith(f"{folder}/") and name.endswith(".html")
    )
    for name in names:
        with _translated(name):
            templates.environment.get_template(name)
    compiled = templates.environment.bytecode_cache
    if isinstance(compiled, _Compiled):
        compiled.keep()


def render_page(
    templates: Templates, name: str, model: Mapping[str, object], audience: Audience
) -> str:
    """A page as Markdown or HTML; FlowError if it would show a value to more people."""
    values = unwrap(model, audience)
    environment = templates.environment
    if isinstance(environment, Watched):
        environment.start_page()
    with _translated(name):
        return environment.get_template(name).render(values)


def unwrap(model: Mapping[str, object], audience: Audience) -> dict[str, object]:
    """The values of a model as they are; FlowError if one is meant for fewer people."""
    try:
        return {key: _unwrap(value, audience) for key, value in model.items()}
    except _UnlabelledError:
        place = next(place for key in model for place in _unlabelled(model[key], key))
        message = f"the page's value {place} does not say who may see it"
        raise BuildError(message) from None


def plain(text: object) -> markupsafe.Markup:
    """Text as itself inside Markdown: no mark of it is read as formatting or HTML."""
    line = " ".join(str(text).split())
    escaped = markupsafe.escape(line.translate(_MARKDOWN))
    return markupsafe.Markup(escaped)  # noqa: S704 - escaped in the line above


def _ours(packaged: str, source: str) -> Path:
    """A file or folder of the installed package, or of the tree it runs from."""
    place = Path(str(resources.files(coachbook))) / packaged
    return place if place.exists() else Path(coachbook.__file__).parents[2] / source


def _require_no_links(workspace: Path, places: Iterable[Path]) -> None:
    """Raises BuildError for a place that leads out of the workspace: its files would be public."""
    for place in places:
        if place.is_symlink():
            raise BuildError(
                f"{place.relative_to(workspace).as_posix()} is a link to another place",
                hint="put a copy of what it leads to in its place",
            )


def _settings(workspace: Path | None) -> bytes:
    own = workspace / _SETTINGS if workspace else None
    try:
        place = own if own and own.exists() else _ours("_mkdocs.yml", _SETTINGS)
        if not place.is_file():  # a pipe would be waited for without end
            raise BuildError(f"{_SETTINGS} is not a file")
        return place.read_bytes()
    except OSError as error:
        raise BuildError(f"{_SETTINGS} cannot be read: {error.strerror}") from error


def _kind(folder: Path) -> type[_Sandbox]:
    """Templates of a workspace's own are watched; where it has none, nothing needs to be."""
    return _WatchedSandbox if folder.is_dir() else _Sandbox


def _environment(
    folders: Sequence[Path], kind: type[_Sandbox], compiled: _Compiled
) -> SandboxedEnvironment:
    environment = kind(
        loader=_OwnFiles(folders),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
        bytecode_cache=compiled,
    )
    environment.globals = {name: environment.globals[name] for name in _GLOBALS}
    environment.filters["plain"] = plain
    environment.tests["mapping"] = _is_mapping
    if isinstance(environment, Watched):
        environment.watch_filters()
    return environment


def _is_mapping(value: object) -> bool:
    """The test `mapping`, which a text need not be put to."""
    return type(value) is dict or (type(value) not in _LEAVES and isinstance(value, Mapping))


class _Compiled(jinja2.BytecodeCache):
    """Templates as they were compiled for a kind of environment, by name and text."""

    def __init__(self, cache: Cache) -> None:
        self._cache = cache
        self._found = cast("dict[str, bytes]", cache.read(_COMPILED) or {})
        self._is_new = False

    def load_bytecode(self, bucket: Bucket) -> None:
        known = self._found.get(_bucket_key(bucket))
        if known is not None:
            bucket.bytecode_from_string(known)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._found[_bucket_key(bucket)] = bucket.bytecode_to_string()
        self._is_new = True

    def keep(self) -> None:
        """Leaves to the next run what was compiled anew."""
        if self._is_new:
            self._cache.write(_COMPILED, self._found)


def _bucket_key(bucket: Bucket) -> str:
    kind = type(bucket.environment)
    return f"{kind.__module__} {kind.__qualname__} {bucket.key} {bucket.checksum}"


class _Writer(CodeGenerator):
    """Compiles templates for `_Sandbox`: what stands between braces is written by `written`.

    What is asked of a mapping by a name (`row.get("href")`) goes to `entry`. Calls are not told
    of the variables around them, for which only functions of Jinja's own ask, and none is there.
    """

    def visit_Call(  # noqa: N802 (so named by Jinja)
        self,
        node: nodes.Call,
        frame: Frame,
        forward_caller: bool = False,  # noqa: FBT001, FBT002 (Jinja passes it so)
    ) -> None:
        owner = _asked_for_entry(node)
        if owner is None:
            alone = frame.copy()
            alone.loop_frame = alone.block_frame = False
            super().visit_Call(node, alone, forward_caller=forward_caller)
            return
        self.write("environment.entry(context")
        for part in (owner, *node.args):
            self.write(", ")
            self.visit(part, frame)
        self.write(")")

    def _output_child_pre(
        self, node: nodes.Expr, frame: Frame, finalize: CodeGenerator._FinalizeInfo
    ) -> None:
        context = frame.eval_ctx
        if finalize.src is not None or context.volatile or not context.autoescape:
            super()._output_child_pre(node, frame, finalize)
        else:
            self.write("environment.written(")


def _asked_for_entry(node: nodes.Call) -> nodes.Expr | None:
    """What `x` is in `x.get("key")` and `x.get("key", otherwise)`; None in other calls."""
    asked = node.node
    if not isinstance(asked, nodes.Getattr) or asked.attr != "get":
        return None
    is_plain = not (node.kwargs or node.dyn_args or node.dyn_kwargs)
    return asked.node if is_plain and len(node.args) in {1, 2} else None


class _Sandbox(SandboxedEnvironment):
    """Jinja's sandbox, which first tries what our templates ask most.

    That is a key of a model, which is a plain dictionary, and a call of a macro. Neither can
    lead out of the sandbox, and its own checks are half of the time that a page takes.
    """

    code_generator_class: type[CodeGenerator] = _Writer

    @staticmethod
    def written(value: object) -> str:
        """The value as it stands in a page; what a macro has made is HTML already."""
        if type(value) is str and not _MARKS(value):
            return value
        if type(value) in _NUMBERS:
            return str(value)
        return value if type(value) is markupsafe.Markup else markupsafe.escape(value)

    def entry(self, context: Context, owner: object, /, *asked: object) -> object:
        """What `owner.get` gives, most often of a model."""
        if type(owner) is dict:
            return owner.get(*asked)
        return self.call(context, self.getattr(owner, "get"), *asked)

    def getattr(self, obj: object, attribute: str) -> object:
        if type(obj) is dict:
            if attribute in obj:
                return obj[attribute]
            if attribute == "get":
                return obj.get
        elif type(obj) in _PLAIN and not attribute.startswith("_"):
            found = getattr(obj, attribute, _ABSENT)
            if found is not _ABSENT:
                return found
        return super().getattr(obj, attribute)

    def call(self, context: Context, called: object, /, *args: object, **kwargs: object) -> object:
        if type(called) is Macro:
            if len(args) == len(called.arguments) and not (kwargs or _takes_more(called)):
                # Nothing is left to do of what Jinja does before it calls the same function.
                return markupsafe.Markup(called._func(*args))  # noqa: S704, SLF001
            return called(context.eval_ctx, *args, **_asked(kwargs))
        if type(called) is BuiltinMethodType and type(called.__self__) in (dict, dt.date):
            return called(*args, **_asked(kwargs))
        return super().call(context, called, *args, **kwargs)


class _WatchedSandbox(Watched, _Sandbox):
    """The same, with an allowance for each page, which every call is taken from."""

    code_generator_class = CodeGenerator


def _takes_more(macro: Macro) -> bool:
    """Whether a macro is given something besides its own arguments, or asks how it is called."""
    return macro.caller or macro.catch_kwargs or macro.catch_varargs


def _asked(kwargs: dict[str, object]) -> dict[str, object]:
    """The keywords that a template wrote, without those that Jinja adds for itself."""
    if kwargs:
        kwargs.pop("_block_vars", None)
        kwargs.pop("_loop_vars", None)
    return kwargs


class _OwnFiles(jinja2.FileSystemLoader):
    """Loads templates from their folders, and follows no link out of them."""

    def __init__(self, folders: Sequence[Path]) -> None:
        super().__init__(folders)
        self._folders = tuple(folder.resolve() for folder in folders)

    def get_source(
        self, environment: jinja2.Environment, template: str
    ) -> tuple[str, str, Callable[[], bool]]:
        found = super().get_source(environment, template)
        place = Path(found[1]).resolve()
        if not any(map(place.is_relative_to, self._folders)):
            raise BuildError(
                f"{_FOLDER}/{template}: the template is a link to a file elsewhere",
                hint="put a copy of the file in its place",
            )
        if len(found[0]) > MOST_SOURCE:
            raise BuildError(f"{_FOLDER}/{template}: the file is far too long for a template")
        return found


@contextmanager
def _translated(name: str) -> Iterator[None]:
    try:
        yield
    except jinja2.TemplateError as error:
        raise BuildError(f"{_place(error, name)}: {_said(error, name)}", hint=_HINT) from None
    except _FAILURES as error:
        message = f"{_place(error, name)}: the template fails with {type(error).__name__}"
        raise BuildError(message, hint=_HINT) from None


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


def _place(error: BaseException, name: str) -> str:
    """The file of templates and the line in it where an error arose, as far as it can be told."""
    if isinstance(error, jinja2.TemplateSyntaxError):
        return f"{_FOLDER}/{error.name or name}:{error.lineno}"
    frame = _inside(error)
    if frame is None:
        return f"{_FOLDER}/{name}"
    parts = Path(frame.filename).parts
    below = parts[max(parts.index(one) for one in _FOLDERS if one in parts) + 1 :]
    return f"{_FOLDER}/{'/'.join(below)}:{frame.lineno}"


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
        wanted = f"{_FOLDER}/{error.name}"
        return f"there is no such template{f' as {wanted}' if str(error.name) in source else ''}"
    message = error.message or _NOT_THERE
    left = re.sub(r"'([^'\"]*)'", lambda m: "" if _is_known(m[1], source) else m[0], message)
    tells = "'" in left or '"' in left or " element " in left
    return _NOT_THERE if tells else message


def _is_known(word: str, source: str) -> bool:
    """Whether a word stands in the template anyway, or is a kind of value."""
    return word in source or word.removesuffix(" object").lower() in _KINDS


_NOT_THERE = "the template asks for something that is not there"
_HINT = "compare the template with the one that coachbook brings along"


class _UnlabelledError(Exception):
    """A leaf of a model has no label."""


def _unwrap(value: object, page: Audience) -> object:
    """The value without its labels, each having been let through to `page`."""
    if isinstance(value, Labelled):
        found = flow(value, page)
        return found if type(found) in _LEAVES else _within(found, page)
    if isinstance(value, dict):
        return {key: _unwrap(entry, page) for key, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return [_unwrap(entry, page) for entry in value]
    if isinstance(value, Mapping):
        return {key: _unwrap(entry, page) for key, entry in value.items()}
    raise _UnlabelledError


def _within(value: object, page: Audience) -> object:
    """What is inside a value that was let through; it may hold labels of its own."""
    if type(value) in _LEAVES:
        return value
    if isinstance(value, Labelled):
        return _within(flow(value, page), page)
    if isinstance(value, Mapping):
        return {key: _within(entry, page) for key, entry in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, (str, bytes)):
        return [_within(entry, page) for entry in value]
    return value


def _unlabelled(value: object, place: str) -> Iterator[str]:
    """The places of the leaves that have no label."""
    if isinstance(value, Labelled):
        return
    if isinstance(value, Mapping):
        for key, entry in value.items():
            yield from _unlabelled(entry, f"{place}.{key}")
    elif isinstance(value, (list, tuple)):
        for entry in value:
            yield from _unlabelled(entry, f"{place}[]")
    else:
        yield place


def find_file(templates: Templates, name: str) -> Path:
    """A file that lies beside the templates, the workspace's own first."""
    with _translated(name):
        source = templates.environment.loader
        if source is None:
            raise jinja2.TemplateNotFound(name)
        found = source.get_source(templates.environment, name)[1]
    return Path(str(found))
