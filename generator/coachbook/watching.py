"""Templates of a workspace's own, watched while they run, so that none takes all time or memory.

Jinja's sandbox keeps a template from Python, files and the environment. It does not keep it from
`'a' * 10**9`, from loops in loops, or from a text that doubles itself forty times. So a page has
an allowance: each round of a loop, each call and each letter that is made is taken from it, before
it is made where that can be told. Filters and methods that make much of little are not there.

A workspace without templates of its own is not watched, and pays nothing for it.
"""

from __future__ import annotations

from collections.abc import ItemsView, KeysView, ValuesView
from functools import wraps
from types import BuiltinMethodType
from typing import TYPE_CHECKING, Any

from jinja2 import nodes
from jinja2.exceptions import SecurityError
from jinja2.sandbox import SandboxedEnvironment
from jinja2.utils import Namespace
from jinja2.visitor import NodeTransformer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from jinja2.runtime import Context

MOST_SOURCE = 256 * 1024
"""So many bytes a template file may have."""

_ALLOWANCE = 40_000_000
"""What one page may use, in letters."""

_ROUND, _CALL, _LOOK = 100, 400, 100
"""What a round of a loop, a call, and a look at a value inside another cost in letters."""

_BIGGEST_NUMBER = 10_000
_LONGEST_NUMBER = 4_096
"""So many bits a number may have."""

_FILTERS = (
    *("abs", "capitalize", "count", "d", "default", "dictsort", "e", "escape", "first", "float"),
    *("groupby", "int", "items", "join", "last", "length", "list", "lower", "map", "max", "min"),
    *("plain", "reject", "rejectattr", "replace", "reverse", "round", "safe", "select"),
    *("selectattr", "sort", "string", "sum", "title", "tojson", "trim", "truncate", "unique"),
    *("upper", "urlencode"),
)
_OF_TEXT = frozenset(
    (
        *("capitalize", "e", "escape", "join", "lower", "plain", "replace", "string", "title"),
        *("tojson", "trim", "truncate", "upper", "urlencode"),
    )
)
"""Filters that make a text of whatever they are given."""

_METHODS: dict[type, frozenset[str]] = {
    str: frozenset(
        (
            *("capitalize", "count", "endswith", "find", "isalpha", "isdigit", "lower", "lstrip"),
            *("removeprefix", "removesuffix", "rstrip", "split", "startswith", "strip", "title"),
            "upper",
        )
    ),
    dict: frozenset({"get", "items", "keys", "values"}),
    list: frozenset({"append", "count", "index"}),
}
"""What may be called on a text, a mapping and a list; on anything else only what is no method."""

_ROUNDS, _JOINED = "rounds", "joined"


class Watched(SandboxedEnvironment):
    """A sandbox in which a page has an allowance."""

    intercepted_binops = frozenset({"*", "**", "%", "+"})

    def __init__(self, **options: Any) -> None:  # noqa: ANN401 (Jinja's own options)
        """Takes what Jinja takes; filters are added before `watch_filters`."""
        super().__init__(**options, finalize=self._put_out)
        self._left = _ALLOWANCE

    def watch_filters(self) -> None:
        """Leaves the filters that make little of much, each watched."""
        kept = {name: self.filters[name] for name in _FILTERS if name in self.filters}
        self.filters = {name: self._watched(name, kept[name]) for name in kept}
        self.filters[_ROUNDS] = self._rounds
        self.filters[_JOINED] = self._joined

    def start_page(self) -> None:
        """Gives the next page a new allowance."""
        self._left = _ALLOWANCE

    def call(self, context: Context, called: Any, /, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401
        """Calls what a template may call, for its part of the allowance."""
        self._take(_CALL)
        owner = getattr(called, "__self__", None)
        is_method = isinstance(owner, (str, int, float, bytes, list, dict, tuple))
        if is_method or isinstance(called, BuiltinMethodType):
            self._require_method(owner, getattr(called, "__name__", ""))
        return self._measured(super().call(context, called, *args, **kwargs))

    def wrap_str_format(self, value: Any) -> Callable[..., str] | None:  # noqa: ANN401
        """Refuses the filling in of a text, in which a width can be any number."""
        if getattr(value, "__name__", "") in {"format", "format_map"}:
            self._require_method(getattr(value, "__self__", None), value.__name__)
        return super().wrap_str_format(value)

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:  # noqa: ANN401
        """Works out an operator, if what comes of it is of ordinary size."""
        if operator == "%" and isinstance(left, str):
            raise SecurityError("a text can't be filled in with %")
        if operator in {"*", "**"}:
            self._require_ordinary(operator, left, right)
        return self._measured(super().call_binop(context, operator, left, right))

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        """The template with each loop and each joining of texts led past the watch."""
        tree = super()._parse(source, name, filename)
        found = _Watching().visit(tree)
        assert isinstance(found, nodes.Template)  # noqa: S101 (what was put in is what comes out)
        return found

    def _watched(self, name: str, inner: Callable[..., Any]) -> Callable[..., Any]:
        is_told = hasattr(inner, "jinja_pass_arg")

        @wraps(inner)
        def outer(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401
            given = args[1:] if is_told else args
            if name in _OF_TEXT:
                self._take_size((*given, *kwargs.values()))
            if name == "sum" and not isinstance(kwargs.get("start", 0), (int, float)):
                raise SecurityError("a sum that does not start with a number")
            if name == "replace":
                self._take_replaced(*map(str, given[:3]))
            if any(
                isinstance(n, int) and n > _BIGGEST_NUMBER for n in (*given[1:], *kwargs.values())
            ):
                raise SecurityError(f"{name} of a number beyond {_BIGGEST_NUMBER:,}")
            return self._measured(inner(*args, **kwargs))

        return outer

    def _rounds(self, iterable: Iterable[object], cost: int) -> Iterator[object]:
        for one in iterable:
            self._take(cost)
            yield one

    def _joined(self, parts: list[object]) -> list[object]:
        self._take_size(parts)
        return parts

    def _put_out(self, value: object) -> object:
        """What stands in a page, which is measured before it becomes text."""
        self._take_size(value)
        return value

    def _measured(self, value: object) -> object:
        if isinstance(value, (str, list, dict, tuple)):
            self._take(len(value))
        return value

    def _require_ordinary(self, operator: str, left: object, right: object) -> None:
        if isinstance(left, int) and isinstance(right, int):
            bits = left.bit_length() * max(1, right) if operator == "**" else left.bit_length()
            if bits + right.bit_length() > _LONGEST_NUMBER:
                raise SecurityError("a number of extraordinary size")
        for text, times in ((left, right), (right, left)):
            if isinstance(text, (str, list, tuple)) and isinstance(times, int):
                self._take(len(text) * max(0, times))

    def _require_method(self, owner: object, name: str) -> None:
        """Refuses methods that make much of little, such as `center` and `format`."""
        kinds = [kind for kind in _METHODS if isinstance(owner, kind)]
        if isinstance(owner, (str, int, float, bytes, list, dict, tuple)) and not any(
            name in _METHODS[kind] for kind in kinds
        ):
            raise SecurityError(f"the method {name} is not there in a workspace's own templates")

    def _take_replaced(self, text: str, old: str, new: str) -> None:
        self._take(len(text) // max(1, len(old)) * len(new) + len(new))

    def _take_size(self, value: object) -> None:
        """Takes as much as the value would be as text, without making one of it."""
        self._take(_LOOK)
        if isinstance(value, str):
            self._take(len(value))
        elif isinstance(value, dict):
            for key, entry in value.items():
                self._take_size(key)
                self._take_size(entry)
        elif isinstance(value, (list, tuple, KeysView, ValuesView, ItemsView)):
            for entry in value:
                self._take_size(entry)
        elif isinstance(value, Namespace):
            self._take_size(getattr(value, "_Namespace__attrs"))  # noqa: B009 (Jinja hides it)

    def _take(self, cost: int) -> None:
        self._left -= cost
        if self._left < 0:
            raise SecurityError("the page takes more time or room than a page may")


class _Watching(NodeTransformer):
    """Leads loops and joined texts through filters that take their cost."""

    def visit_For(self, node: nodes.For) -> nodes.For:  # noqa: N802 (Jinja's own name)
        """The loop, each round of which costs what its body writes."""
        self.generic_visit(node)
        written = sum(len(data.data) for data in node.find_all(nodes.TemplateData))
        includes = any(True for _ in node.find_all(nodes.Include))
        cost = _ROUND + written + (MOST_SOURCE if includes else 0)
        node.iter = _filtered(node.iter, _ROUNDS, nodes.Const(cost, lineno=node.lineno))
        return node

    def visit_Concat(self, node: nodes.Concat) -> nodes.Filter:  # noqa: N802 (Jinja's own name)
        """The texts, measured before they are joined."""
        self.generic_visit(node)
        parts = nodes.List(node.nodes, lineno=node.lineno)
        return _filtered(_filtered(parts, _JOINED), "join")


def _filtered(node: nodes.Node, name: str, *args: nodes.Expr) -> nodes.Filter:
    return nodes.Filter(node, name, list(args), [], None, None, lineno=node.lineno)
