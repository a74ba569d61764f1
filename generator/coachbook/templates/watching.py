"""Templates of a workspace's own, watched while they run, so that none takes all time or memory.

Jinja's sandbox keeps a template from Python, files and the environment. It does not keep it from
`'a' * 10**9`, from loops in loops, or from a text that doubles itself forty times. So a page has
an allowance: each round of a loop, each call and each letter that is made is taken from it, before
it is made where that can be told. Filters and methods that make much of little are not there.

A workspace without templates of its own is not watched, and pays nothing for it.
"""

from __future__ import annotations

import re
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
_WEIGHED = frozenset(
    (
        *("capitalize", "dictsort", "e", "escape", "groupby", "join", "lower", "max", "min"),
        *("plain", "replace", "sort", "string", "title", "tojson", "trim", "truncate", "unique"),
        *("upper", "urlencode"),
    )
)
"""Filters that make a text of whatever they are given, or compare all that is in it."""

_METHODS: dict[type, frozenset[str]] = {
    str: frozenset(
        (
            *("capitalize", "count", "endswith", "find", "isalpha", "isdigit", "lower", "lstrip"),
            *("removeprefix", "removesuffix", "rstrip", "split", "startswith", "strip", "title"),
            "upper",
        )
    ),
    dict: frozenset({"get", "items", "keys", "values"}),
    list: frozenset({"append"}),
}
"""What may be called on a text, a mapping and a list; on anything else only what is no method."""

_HEAVIEST_KEY = 20_000
"""A tuple can be a key, and what is in it is gone through each time it is looked up."""

_WIDE = re.compile(r"[0-9]{4}|\{[^{}]*\{")
"""A width of thousands, or one that is itself filled in."""

_ROUNDS, _HELD, _KEYED, _COMPARED = "its rounds", "held", "as a key", "compared"
"""Filters that only the watch itself can ask for, by names that no template can write."""


class Watched(SandboxedEnvironment):
    """A sandbox in which a page has an allowance."""

    intercepted_binops = frozenset({"*", "**", "%", "+"})

    def __init__(self, **options: Any) -> None:  # noqa: ANN401 (Jinja's own options)
        """Takes what Jinja takes; filters of one's own are added before `watch_filters`."""
        super().__init__(**options, finalize=self._put_out)
        self._left = _ALLOWANCE

    def watch_filters(self) -> None:
        """Leaves the filters that make little of much, each watched."""
        kept = {name: self.filters[name] for name in _FILTERS if name in self.filters}
        self.filters = {name: self._watched(name, kept[name]) for name in kept}
        self.filters[_ROUNDS] = self._rounds
        self.filters[_HELD] = self._held
        self.filters[_KEYED] = self._keyed
        self.filters[_COMPARED] = self._compared
        tests: dict[str, Any] = {**self.tests}
        self.tests = {name: self._weighed(test) for name, test in tests.items()}

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
        """The filling in of a text, in which no width is extraordinary."""
        inner = super().wrap_str_format(value)
        if inner is None:
            return None
        if _WIDE.search(str(value.__self__)):
            raise SecurityError("a text is filled in with a width that is not plain")

        def outer(*args: Any, **kwargs: Any) -> str:  # noqa: ANN401
            self._take_size((*args, *kwargs.values()))
            return inner(*args, **kwargs)

        return outer

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:  # noqa: ANN401
        """Works out an operator, if what comes of it is of ordinary size."""
        if operator == "%" and isinstance(left, str):
            raise SecurityError("a text is filled in with %")
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
            if name in _WEIGHED:
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

    def _weighed(self, test: Callable[..., Any]) -> Callable[..., Any]:
        """A test such as `eq`, for which what it is given is gone through."""

        @wraps(test)
        def outer(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401
            self._take_size(args)
            return test(*args, **kwargs)

        return outer

    def _rounds(self, iterable: Iterable[object], cost: int) -> Iterator[object]:
        for one in iterable:
            self._take(cost)
            yield one

    def _compared(self, value: object) -> object:
        self._take_size(value)
        return value

    def _held(self, value: object) -> object:
        """A new list or mapping, which may hold another many times over."""
        if _weigh(value, {}) > _ALLOWANCE:
            raise SecurityError(_TOO_MUCH)
        self._take(_LOOK)
        return value

    def _keyed(self, value: object) -> object:
        if _weigh(value, {}) > _HEAVIEST_KEY:
            raise SecurityError("a tuple that holds too much for a key")
        return value

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
            raise SecurityError(f"the method {name} is not there for a template of a workspace")

    def _take_replaced(self, text: str, old: str, new: str) -> None:
        self._take(len(text) // max(1, len(old)) * len(new) + len(new))

    def _take_size(self, value: object) -> None:
        """Takes as much as the value would be as text, without making one of it."""
        self._take(_weigh(value, {}))

    def _take(self, cost: int) -> None:
        self._left -= cost
        if self._left < 0:
            raise SecurityError(_TOO_MUCH)


_TOO_MUCH = "the page takes more time or room than a page may"


def _weigh(value: object, known: dict[int, int]) -> int:
    """About how many letters a value would be as text; what it holds twice counts twice.

    Each value inside is looked at once, and its weight kept in `known`, as a list of two that
    hold the same list of two, and so on, is soon more than could ever be gone through.
    """
    if isinstance(value, str):
        return _LOOK + len(value)
    inside = _inside(value)
    if inside is None:
        return _LOOK
    if id(value) not in known:
        known[id(value)] = _ALLOWANCE + 1  # for one that holds itself
        known[id(value)] = _LOOK + sum(_weigh(entry, known) for entry in inside)
    return known[id(value)]


def _inside(value: object) -> Iterable[object] | None:
    if isinstance(value, dict):
        return [part for pair in value.items() for part in pair]
    if isinstance(value, (list, tuple, KeysView, ValuesView, ItemsView)):
        return value
    if isinstance(value, Namespace):
        return [getattr(value, "_Namespace__attrs")]  # noqa: B009 (Jinja hides it)
    return None


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
        return _filtered(nodes.List(node.nodes, lineno=node.lineno), "join")

    def visit_Compare(self, node: nodes.Compare) -> nodes.Compare:  # noqa: N802 (Jinja's own name)
        """The comparison, each side weighed before."""
        self.generic_visit(node)
        node.expr = _filtered(node.expr, _COMPARED)
        for operand in node.ops:
            operand.expr = _filtered(operand.expr, _COMPARED)
        return node

    def visit_List(self, node: nodes.List) -> nodes.Filter:  # noqa: N802 (Jinja's own name)
        """The list, weighed once it is made."""
        self.generic_visit(node)
        return _filtered(node, _HELD)

    def visit_Dict(self, node: nodes.Dict) -> nodes.Filter:  # noqa: N802 (Jinja's own name)
        """The mapping, weighed once it is made."""
        self.generic_visit(node)
        return _filtered(node, _HELD)

    def visit_Tuple(self, node: nodes.Tuple) -> nodes.Expr:  # noqa: N802 (Jinja's own name)
        """The tuple, weighed where it is a value and not a place to put values."""
        self.generic_visit(node)
        return _filtered(node, _KEYED) if node.ctx == "load" else node


def _filtered(node: nodes.Node, name: str, *args: nodes.Expr) -> nodes.Filter:
    return nodes.Filter(node, name, list(args), [], None, None, lineno=node.lineno)
