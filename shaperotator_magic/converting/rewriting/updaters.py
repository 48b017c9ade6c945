"""Rewrites what manimgl keeps up to date: ``.always``, ``.f_always``, ``always_redraw``. Pure.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

from collections.abc import Callable

import libcst as cst

from shaperotator_magic.checking.dialect.syntax import rejoin
from shaperotator_magic.converting.rewriting.context import Context

Rewrite = Callable[[cst.Call], cst.BaseExpression]

_KEPT = frozenset({"always", "f_always"})


def is_kept_up(function: cst.Attribute) -> bool:
    """Whether a method is called on ``x.always`` or ``x.f_always``."""
    return isinstance(function.value, cst.Attribute) and function.value.attr.value in _KEPT


def rewrite_kept_up(
    context: Context, call: cst.Call, line: int | None, rewrite: Rewrite
) -> cst.BaseExpression:
    """``x.f_always.move_to(f)`` becomes ``x.add_updater(lambda m: m.move_to(f()), …)``.

    Parameters
    ----------
    rewrite
        What stands for the call itself in manim.
    """
    function = cst.ensure_type(call.func, cst.Attribute)
    builder = cst.ensure_type(function.value, cst.Attribute)
    evaluates = builder.attr.value == "f_always"
    args = [
        a.with_changes(value=_call(a.value)) if evaluates and a.keyword is None else a
        for a in call.args
    ]
    step = cst.Call(cst.Attribute(cst.Name("m"), function.attr), args)
    made = rewrite(step)
    if made is step and not evaluates:
        return call  # manim has .always, too
    context.note("updater", line, f".{builder.attr.value} is now .add_updater()")
    updater = cst.Lambda(cst.Parameters([cst.Param(cst.Name("m"))]), made)
    at_once = cst.parse_expression("f(call_updater=True)")
    at_once_args = cst.ensure_type(at_once, cst.Call).args
    add = cst.Attribute(builder.value, cst.Name("add_updater"))
    return cst.Call(add, rejoin([cst.Arg(updater), *at_once_args]))


def _call(value: cst.BaseExpression) -> cst.BaseExpression:
    if isinstance(value, cst.Lambda) and not value.params.params:
        return value.body
    return cst.Call(value)


def rewrite_redrawn(context: Context, call: cst.Call, line: int | None) -> cst.Call:
    """``always_redraw(Brace, x, UP)`` becomes ``always_redraw(lambda: Brace(x, UP))``."""
    if len(call.args) < 2:  # noqa: PLR2004 - the function alone
        return call
    context.note("updater", line, "always_redraw(f, x) is now always_redraw(lambda: f(x))")
    made = cst.Lambda(cst.Parameters(), cst.Call(call.args[0].value, rejoin(call.args[1:])))
    return call.with_changes(args=[cst.Arg(made)])
