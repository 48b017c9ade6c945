"""Rewrites what Python 2, or numpy of its time, understood in another way. Pure.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

import libcst as cst

from shaperotator_magic.checking.dialect.syntax import spell
from shaperotator_magic.converting.rewriting.context import Context

# What returned a list in Python 2.
_LISTS = frozenset({"zip", "map", "filter"})
_VIEWS = frozenset({"keys", "values", "items"})
_COMPARED = {cst.Equal: cst.Is, cst.NotEqual: cst.IsNot}


def divide_whole(context: Context, node: cst.BaseExpression, line: int) -> cst.BaseExpression:
    """``parts[n / 2]`` and ``range(n / 2)`` divided whole numbers, and never took others."""
    if context.is_ce or not isinstance(node, cst.BinaryOperation):
        return node
    if not isinstance(node.operator, cst.Divide):
        left, right = (divide_whole(context, side, line) for side in (node.left, node.right))
        is_same = left is node.left and right is node.right
        return node if is_same else node.with_changes(left=left, right=right)
    context.note("python2", line, "/ of whole numbers is now //")
    spaces = node.operator
    whole = cst.FloorDivide(spaces.whitespace_before, spaces.whitespace_after)
    return node.with_changes(operator=whole)


def divide_index(context: Context, node: cst.Subscript, line: int) -> cst.Subscript:
    """Return ``parts[n / 2]`` with an index that is a whole number, of what has indexes."""
    elements = [e.with_changes(slice=_divide_slice(context, e.slice, line)) for e in node.slice]
    return node.with_changes(value=_make_list(context, node.value, line), slice=elements)


def _make_list(context: Context, value: cst.BaseExpression, line: int) -> cst.BaseExpression:
    """``zip(a, b)[1:]`` and ``table.keys()[0]`` took their items from a list."""
    if context.is_ce or not isinstance(value, cst.Call):
        return value
    function = value.func
    name = spell(function)
    is_view = isinstance(function, cst.Attribute) and function.attr.value in _VIEWS
    if not (is_view and not value.args) and (name not in _LISTS or name in context.own):
        return value
    context.note("python2", line, "what was a list in Python 2 is now list(…)")
    return cst.Call(cst.Name("list"), [cst.Arg(value)])


def _divide_slice(context: Context, part: cst.BaseSlice, line: int) -> cst.BaseSlice:
    if isinstance(part, cst.Index):
        return part.with_changes(value=divide_whole(context, part.value, line))
    ends = {
        name: divide_whole(context, end, line)
        for name in ("lower", "upper", "step")
        if (end := getattr(part, name, None)) is not None
    }
    return part.with_changes(**ends)


def divide_range(context: Context, call: cst.Call, line: int) -> cst.Call:
    """Return ``range(n / 2)`` with whole numbers."""
    if spell(call.func) != "range":
        return call
    args = [a.with_changes(value=divide_whole(context, a.value, line)) for a in call.args]
    return call.with_changes(args=args)


def compare_none(context: Context, node: cst.Comparison, line: int) -> cst.Comparison:
    """``point != None`` asks every number of an array today: ``point is not None``."""
    parts = node.comparisons
    if context.is_ce or len(parts) != 1 or spell(parts[0].comparator) != "None":
        return node
    new = _COMPARED.get(type(parts[0].operator))
    if new is None:
        return node
    context.note("python2", line, "a comparison with None is now one by 'is'")
    return node.with_changes(comparisons=[parts[0].with_changes(operator=new())])


def name_linear(context: Context, node: cst.Assign, line: int) -> cst.Assign:
    """``kwargs["rate_func"] = None`` meant a steady one."""
    target = node.targets[0].target
    is_key = isinstance(target, cst.Subscript) and spell(node.value) == "None"
    if context.is_ce or not is_key or "rate_func" not in cst.Module([]).code_for_node(target):
        return node
    context.note("keyword", line, "rate_func=None is now rate_func=linear")
    return node.with_changes(value=cst.Name("linear"))
