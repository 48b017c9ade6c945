"""Rewrites what manim itself took until 0.19: keywords, ranges, modules of its package. Pure.

Runs in the caller's process: a kernel, a command or a service.
"""

from __future__ import annotations

import ast
import functools
from collections.abc import Collection
from pathlib import Path

import libcst as cst

from shaperotator_magic.checking.dialect.syntax import name_argument, rejoin
from shaperotator_magic.converting.reading.bindings import list_bound
from shaperotator_magic.converting.rewriting.context import Context
from shaperotator_magic.converting.rewriting.pictures import rewrite_picture
from shaperotator_magic.converting.rules import names, old_manim
from shaperotator_magic.core.installed_manim import find_manim

_SMALLEST_FONT_SIZE = 8


def rewrite_old_call(context: Context, call: cst.Call, name: str, line: int | None) -> cst.Call:
    """Return the call of a class with today's keywords; what is understood stays as it is."""
    given = {a.keyword.value for a in call.args if a.keyword}
    variant = _find_variant(context, name, given)
    if variant:
        context.note("helper", line, f"{name} with keywords of before is now the helper {variant}")
        call = call.with_changes(func=cst.Name(variant))
        is_of_file = not given & {"code", "code_string"}
        return rewrite_picture(context, call, name, line) if name == "Code" and is_of_file else call
    args = _join_ranges(context, list(call.args), name, line)
    args = [a for a in (_rewrite_keyword(context, a, name, line) for a in args) if a is not None]
    return call if args == list(call.args) else call.with_changes(args=rejoin(args))


def _find_variant(context: Context, name: str, given: set[str]) -> str:
    """Return the helper that takes what a class of manim took before, or nothing."""
    old, variant = old_manim.VARIANTS.get(name, (frozenset(), ""))
    if given & old and variant in context.helpers:
        return variant
    variant = names.VARIANTS.get(name, "")
    is_ranged = bool(given & old_manim.RANGES) and variant in context.helpers
    return variant if is_ranged else ""


def _join_ranges(
    context: Context, args: list[cst.Arg], name: str, line: int | None
) -> list[cst.Arg]:
    """``u_min=0, u_max=2`` becomes ``u_range=[0, 2]``."""
    if name not in old_manim.SURFACES:
        return args
    for low, high, whole in old_manim.PAIRS:
        ends = {a.keyword.value: a for a in args if a.keyword and a.keyword.value in (low, high)}
        if not ends:
            continue
        values = [
            ends[k].value if k in ends else cst.Integer(d) for k, d in ((low, "0"), (high, "1"))
        ]
        joined = name_argument(cst.Arg(cst.List([cst.Element(v) for v in values])), whole)
        at = args.index(next(iter(ends.values())))
        args = [joined if n == at else a for n, a in enumerate(args)]
        args = [a for a in args if a not in ends.values()]
        context.note("keyword", line, f"{low}= and {high}= are now {whole}=[…]")
    return args


def _rewrite_keyword(
    context: Context, argument: cst.Arg, name: str, line: int | None
) -> cst.Arg | None:
    keyword = argument.keyword.value if argument.keyword else ""
    new = old_manim.KEYWORDS_OF.get((name, keyword))
    if new is None and not context.takes_keyword(name, keyword):
        new = old_manim.KEYWORDS.get(keyword)
    if new:
        context.note("keyword", line, f"{keyword}= is now {new}=")
        return argument.with_changes(keyword=cst.Name(new))
    if (name, keyword) in old_manim.SCALED_KEYWORDS:
        return _scale(context, argument, old_manim.SCALED_KEYWORDS[name, keyword], line)
    if keyword and context.api.is_class(name) and not context.takes_keyword(name, keyword):
        context.note("dropped", line, f"{name} takes no {keyword}=, which had no effect, any more")
        return None
    return argument


def _scale(context: Context, argument: cst.Arg, new: str, line: int | None) -> cst.Arg:
    """``size=0.5`` becomes ``font_size=48 * 0.5``; a size in points stays one."""
    context.note("keyword", line, f"a size of letters is now {new}=, in points")
    if _is_font_size(argument.value):
        return argument.with_changes(keyword=cst.Name(new))
    size = cst.parse_expression("48 * x").with_changes(right=_bracket(argument.value))
    return name_argument(argument.with_changes(value=size), new)


def _is_font_size(value: cst.BaseExpression) -> bool:
    """Whether a size is one in points already."""
    return isinstance(value, cst.Integer | cst.Float) and float(value.value) > _SMALLEST_FONT_SIZE


def _bracket(value: cst.BaseExpression) -> cst.BaseExpression:
    if isinstance(value, cst.BinaryOperation | cst.IfExp):
        return value.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])
    return value


# --- modules ----------------------------------------------------------------------------


def has_module_names(module: str, wanted: Collection[str]) -> bool:
    """Whether the installed manim has a module that binds these names."""
    bound = _list_module_names(module)
    return bound is None or set(wanted) <= bound | _list_submodules(module)


@functools.cache
def _find_module(module: str) -> Path | None:
    folder = find_manim()
    if folder is None:
        return None
    path = folder.joinpath(*module.split(".")[1:])
    return next((p for p in (path / "__init__.py", path.with_suffix(".py")) if p.is_file()), None)


@functools.cache
def _list_module_names(module: str) -> frozenset[str] | None:
    """Return what a module of manim binds; None where it binds what others do."""
    path = _find_module(module)
    if path is None:
        return frozenset()
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and any(a.name == "*" for a in node.names):
            return None
        if isinstance(node, ast.stmt):
            found.update(list_bound(node))
    return frozenset(found)


def _list_submodules(module: str) -> set[str]:
    path = _find_module(module)
    if path is None or path.name != "__init__.py":
        return set()
    return {p.stem for p in path.parent.iterdir() if p.suffix == ".py" or p.is_dir()}
