"""Rewrites calls: methods, functions for methods that manim lacks, keywords, animations. Pure.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

import ast
from collections.abc import Callable

import libcst as cst

from shaperotator_magic.checking.dialect.syntax import (
    find_called,
    name_argument,
    rejoin,
    spell,
    turn,
)
from shaperotator_magic.converting.rewriting.context import Context
from shaperotator_magic.converting.rewriting.method_calls import is_animated, rewrite_method
from shaperotator_magic.converting.rewriting.old_manim import rewrite_old_call
from shaperotator_magic.converting.rewriting.pictures import (
    PICTURES,
    replace_missing,
    rewrite_picture,
)
from shaperotator_magic.converting.rewriting.updaters import (
    is_kept_up,
    rewrite_kept_up,
    rewrite_redrawn,
)
from shaperotator_magic.converting.rules import methods, names


def rewrite_call(context: Context, call: cst.Call, line: int | None) -> cst.BaseExpression:
    """Return what stands for a call in manim; its parts are rewritten already."""
    name = find_called(call.func)
    if not name:
        return call
    call = _drop_keywords(context, call, name, line)
    if isinstance(call.func, cst.Attribute):
        if is_kept_up(call.func):
            return rewrite_kept_up(context, call, line, lambda c: rewrite_call(context, c, line))
        return rewrite_method(context, call, call.func, name, line)
    by_place = [a for a in call.args if a.keyword is None]
    is_empty = name == "Mobject" and not call.args and not context.is_ce
    if is_empty or (name in {*names.GROUPS, "GLGroup"} and by_place):
        return _make_group(context, call, name, line)
    if name in context.own:
        return call
    if context.is_ce:
        call = rewrite_old_call(context, call, name, line)
    return _rewrite_function(context, call, name, line)


def _make_group(context: Context, call: cst.Call, name: str, line: int | None) -> cst.Call:
    """``Mobject(left, right)`` was a group of its parts."""
    chosen = context.choose_group(name) or name
    group = "GLVGroup" if _holds_curves(context, call) else chosen
    if group == name:
        return call
    context.note("group", line, f"{name}(…) of parts is now {group}(…)")
    return call.with_changes(func=cst.Name(context.need(group)))


# --- functions and classes --------------------------------------------------------------


def _rewrite_function(
    context: Context, call: cst.Call, name: str, line: int | None
) -> cst.BaseExpression:
    args = list(call.args)
    if name == "always_redraw":
        return rewrite_redrawn(context, call, line)
    if name in PICTURES and context.is_ce:
        return replace_missing(context, call, name, line)
    if name.removeprefix("GL") in PICTURES and not context.is_ce:
        return rewrite_picture(context, call, name.removeprefix("GL"), line)
    is_by_place = len(args) > 1 and args[1].keyword is None and not (args[0].star or args[1].star)
    if name in names.SECOND_ARGUMENT and is_by_place:
        new, keyword, is_turned = names.SECOND_ARGUMENT[name]
        value = turn(args[1].value, is_turned)
        args[1] = name_argument(args[1].with_changes(value=value), keyword)
        context.note("renamed", line, f"{name} is now {new}(…, {keyword}=…)")
        call = call.with_changes(func=cst.Name(context.choose_variant(new)), args=args)
    elif name in names.IMPLIED:
        new, keyword, implied = names.IMPLIED[name]
        given = {a.keyword.value for a in args if a.keyword}
        if keyword not in given:
            args.append(name_argument(cst.Arg(cst.parse_expression(implied)), keyword))
        context.note("renamed", line, f"{name} is now {new}(…, {keyword}={implied})")
        chosen = cst.Name(context.choose_variant(new))
        call = call.with_changes(func=chosen, args=rejoin(args))
    elif name in names.SECOND_ARGUMENT:
        new = names.SECOND_ARGUMENT[name][0]
        context.note("renamed", line, f"{name} is now {new}")
        call = call.with_changes(func=cst.Name(context.choose_variant(new)))
    return _move_time_span(context, call, line)


def _move_time_span(context: Context, call: cst.Call, line: int | None) -> cst.BaseExpression:
    """``FadeIn(a, time_span=(1, 2))`` plays only in that part of the animation's time."""
    spans = [a for a in call.args if a.keyword and a.keyword.value == "time_span"]
    if not spans:
        return call
    rest = [a for a in call.args if a is not spans[0]]
    context.note("time-span", line, "time_span= is now the helper play_within()")
    inner = call.with_changes(args=rejoin(rest))
    function = cst.Name(context.need("play_within"))
    return cst.Call(function, rejoin([cst.Arg(inner), cst.Arg(spans[0].value)]))


def _holds_curves(context: Context, call: cst.Call) -> bool:
    """Whether all that a group is given is made of curves: ``Mobject(*[Line(a, b) for …])``."""
    made: set[str] = set()
    for argument in call.args:
        tree = ast.parse(f"({cst.Module([]).code_for_node(argument.value)})", mode="eval")
        made |= {
            node.func.id.removeprefix("GL")
            for node in ast.walk(tree)
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        }
    classes = {name for name in made if context.api.is_class(name)}
    return bool(classes) and all(context.api.is_a(name, "VMobject") for name in classes)


# --- keywords ---------------------------------------------------------------------------


def _drop_keywords(context: Context, call: cst.Call, name: str, line: int | None) -> cst.Call:
    args: list[cst.Arg] = []
    for argument in call.args:
        keyword = argument.keyword.value if argument.keyword else ""
        is_class = context.is_ce and context.api.is_class(name)
        if is_class or (context.is_ce and context.takes_keyword(name, keyword)):
            args.append(argument)
            continue
        new = methods.KEYWORDS_OF.get((name, keyword))
        is_dropped = keyword in methods.DROPPED_KEYWORDS and not (
            name in context.own and context.has_word(keyword)
        )
        if is_dropped or (name, keyword) in methods.DROPPED_KEYWORDS_OF:
            context.note("dropped", line, f"{keyword}= is manimgl's own and was left out")
            continue
        if new and name not in context.own | context.own_methods:
            context.note("keyword", line, f"{keyword}= is now {new}=")
            argument = argument.with_changes(keyword=cst.Name(new))  # noqa: PLW2901 - in place
        args.append(argument)
    return call if args == list(call.args) else call.with_changes(args=rejoin(args))


# --- play -------------------------------------------------------------------------------


def rewrite_play(
    context: Context, call: cst.Call, line: int | None, rewrite: Callable[[cst.Call], object]
) -> cst.Call:
    """``play(circle.shift, UP)`` becomes ``play(circle.animate.shift(UP))``."""
    args: list[cst.Arg] = []
    pending = list(call.args)
    while pending:
        first = pending.pop(0)
        if first.keyword is not None or first.star or not _is_method(context, first.value):
            args.append(first)
            continue
        taken: list[cst.Arg] = []
        while pending and _is_taken(context, pending[0]):
            taken.append(pending.pop(0))
        args.append(cst.Arg(_animate(context, args, first.value, taken, rewrite)))
        context.note("animate", line, "play(x.method, …) is now play(x.animate.method(…))")
    return call.with_changes(args=rejoin(args)) if args != list(call.args) else call


def _is_method(context: Context, value: cst.BaseExpression) -> bool:
    if not isinstance(value, cst.Attribute):
        return False
    name = value.attr.value
    if name in methods.ANIMATED_METHODS:
        return not (spell(value.value) == "self" and context.is_in_scene)
    is_own = name in context.own_methods and name not in context.scene_methods
    return is_own and spell(value.value) != "self"


def _is_taken(context: Context, argument: cst.Arg) -> bool:
    value = argument.value
    if argument.keyword is not None or argument.star or _is_method(context, value):
        return False
    if isinstance(value, cst.Call):
        name = find_called(value.func)
        if name in methods.ANIMATIONS_OF_SCENES and spell(value.func) == f"self.{name}":
            return False
        if "anim" in name.lower() and not is_animated(value):
            return False  # get_clock_anim(3) returns an animation
        is_class = name[:1].isupper() and isinstance(value.func, cst.Name)
        return not ((is_class and context.is_animation(name)) or is_animated(value))
    return True


def rewrite_list(
    context: Context, node: cst.List, line: int | None, rewrite: Callable[[cst.Call], object]
) -> cst.List:
    """``added_anims=[circle.shift, UP]`` is read as the arguments of a play are."""
    elements = [e for e in node.elements if isinstance(e, cst.Element)]
    if len(elements) != len(node.elements):
        return node
    call = cst.Call(cst.Name("play"), [cst.Arg(e.value) for e in elements])
    made = rewrite_play(context, call, line, rewrite)
    if made is call:
        return node
    return node.with_changes(elements=[cst.Element(a.value) for a in made.args])


def _animate(
    context: Context,
    args: list[cst.Arg],
    method: cst.BaseExpression,
    taken: list[cst.Arg],
    rewrite: Callable[[cst.Call], object],
) -> cst.BaseExpression:
    method = cst.ensure_type(method, cst.Attribute)
    settings = taken.pop() if taken and isinstance(taken[-1].value, cst.Dict) else None
    animate: cst.BaseExpression = cst.Attribute(method.value, cst.Name("animate"))
    if settings is not None:
        animate = cst.Call(animate, [cst.Arg(settings.value, star="**")])
    # Two of one object in one play: the last would win.
    if args and _spell_animated(args[-1].value) == (spell(method.value) or "?"):
        animate = args.pop().value
    made = rewrite(cst.Call(cst.Attribute(animate, method.attr), rejoin(taken)))
    return made if isinstance(made, cst.BaseExpression) else animate


def _spell_animated(value: cst.BaseExpression) -> str:
    """Return what ``circle.animate.shift(UP)`` animates."""
    while isinstance(value, cst.Call | cst.Attribute):
        if isinstance(value, cst.Attribute) and value.attr.value == "animate":
            return spell(value.value)
        if isinstance(value, cst.Call) and spell(value.func) == "animate_by":
            value = value.args[0].value
            continue
        value = value.func if isinstance(value, cst.Call) else value.value
    return ""
