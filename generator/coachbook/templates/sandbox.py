"""The sandboxes that templates run in, with a code generator for those that coachbook brings along.

Jinja's own sandbox asks of each value that a template names whether it leads anywhere. In the
templates that coachbook brings along most such questions are about an entry of a plain dictionary
or a call of a macro, which lead nowhere: `Sandbox` answers these at once and leaves all others to
Jinja. In `WatchedSandbox`, for a workspace's own, nothing is answered before it is counted. Both
write the same page of the same template, by test.
"""

from __future__ import annotations

import datetime as dt
import re
from types import BuiltinMethodType
from typing import TYPE_CHECKING

import markupsafe
from jinja2 import nodes
from jinja2.compiler import CodeGenerator
from jinja2.environment import TemplateModule
from jinja2.runtime import LoopContext, Macro
from jinja2.sandbox import SandboxedEnvironment
from jinja2.utils import Namespace

from coachbook.templates.watching import Watched

if TYPE_CHECKING:
    from jinja2.compiler import Frame
    from jinja2.runtime import Context


_PLAIN = (LoopContext, Namespace, TemplateModule, dt.date)
"""What a template meets besides its model: nothing on these leads out of the sandbox."""

_ABSENT = object()
_NUMBERS = frozenset({int, float})
_MARKS = re.compile(r"[&<>'\"]").search
"""Finds what means something in HTML."""


class _Writer(CodeGenerator):
    """Compiles templates for `Sandbox`: what stands between braces is written by `written`.

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


class Sandbox(SandboxedEnvironment):
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
        """What `obj.attribute` is in a template: an entry first, then what is safe to see."""
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
        """What a call gives; macros, and methods of mappings and days, are called directly."""
        if type(called) is Macro:
            if len(args) == len(called.arguments) and not (kwargs or _takes_more(called)):
                # Nothing is left to do of what Jinja does before it calls the same function.
                return markupsafe.Markup(called._func(*args))  # noqa: S704, SLF001
            return called(context.eval_ctx, *args, **_asked(kwargs))
        if type(called) is BuiltinMethodType and type(called.__self__) in (dict, dt.date):
            return called(*args, **_asked(kwargs))
        return super().call(context, called, *args, **kwargs)


class WatchedSandbox(Watched, Sandbox):
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
