"""Rewrites calls of methods: other names, functions of the helpers, none at all. Pure.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from shaperotator_magic.checking.dialect.syntax import name_argument, rejoin, spell
from shaperotator_magic.converting.rewriting.context import Context
from shaperotator_magic.converting.rules import methods, old_manim


def rewrite_method(
    context: Context, call: cst.Call, function: cst.Attribute, name: str, line: int | None
) -> cst.BaseExpression:
    owner = spell(function.value)
    is_own = name in context.own_methods and not _is_animation_call(context, function.value)
    # Animations had the method, too: what stands for it asks which of them it is.
    is_updated = name == "update" and (context.renews or owner != "self")
    if (is_own and not is_updated) or (context.is_ce and context.has_method(name)):
        return call
    if name in _SPECIAL:
        return _SPECIAL[name](context, call, function, line)
    is_kept = context.shades and name in methods.FUNCTIONS
    if name in methods.DROPPED_METHODS and not is_kept:
        context.note("dropped", line, f".{name}() is manimgl's own and was left out")
        return function.value
    if name in methods.WIDTHS:
        return _fit(context, call, function, name, line)
    is_scene = owner == "self" and context.is_in_scene
    is_lost = context.is_ce and name in old_manim.FUNCTIONS
    if not is_scene and (is_lost or methods.FUNCTIONS.get(name) in context.helpers):
        return _call_function(context, call, function, name, line)
    return call


def _is_animation_call(context: Context, value: cst.BaseExpression) -> bool:
    """Whether an expression makes an animation: ``ChangeDecimalToValue(number, 3)``."""
    if not isinstance(value, cst.Call) or not isinstance(value.func, cst.Name):
        return False
    return context.is_animation(value.func.value)


def _scale(
    context: Context, call: cst.Call, function: cst.Attribute, line: int | None
) -> cst.BaseExpression:
    """``x.scale(2, point)`` scaled about the point."""
    if context.is_ce or len(call.args) < 2 or call.args[1].keyword or call.args[1].star:  # noqa: PLR2004
        return call
    if call.args[0].star:
        return call
    context.note("keyword", line, ".scale(x, point) is now .scale(x, about_point=point)")
    args = [call.args[0], name_argument(call.args[1], "about_point"), *call.args[2:]]
    return call.with_changes(args=rejoin(args))


def _match_coordinate(
    context: Context, call: cst.Call, function: cst.Attribute, line: int | None
) -> cst.BaseExpression:
    """``x.match_y(other.get_top())`` took a point, too: ``x.set_y(other.get_top()[1])``."""
    point = call.args[0].value if call.args and not call.args[0].star else None
    if context.is_ce or not isinstance(point, cst.Call) or not _finds_point(point):
        return call
    axis = function.attr.value[-1]
    context.note("renamed", line, f".match_{axis}(point) is now .set_{axis}(point[…])")
    index = cst.SubscriptElement(cst.Index(cst.Integer(str("xyz".index(axis)))))
    value = cst.Subscript(point, [index])
    new = function.with_changes(attr=cst.Name(f"set_{axis}"))
    return call.with_changes(func=new, args=rejoin([cst.Arg(value), *call.args[1:]]))


def _finds_point(call: cst.Call) -> bool:
    return isinstance(call.func, cst.Attribute) and call.func.attr.value in methods.POINTS


def _change_creature(
    context: Context, call: cst.Call, function: cst.Attribute, line: int | None
) -> cst.BaseExpression:
    """``pi.change("happy")`` is an animation in manimgl."""
    new = function.with_changes(attr=cst.Name("set_mode"))
    if not is_animated(function.value):
        new = cst.Attribute(
            cst.Attribute(function.value, cst.Name("animate")), cst.Name("set_mode")
        )
    context.note("creature", line, ".change(…) is now .animate.set_mode(…)")
    return call.with_changes(func=new)


def _fit(
    context: Context, call: cst.Call, function: cst.Attribute, name: str, line: int | None
) -> cst.BaseExpression:
    """``set_width(3, stretch=True)`` is ``stretch_to_fit_width(3)``."""
    fitted, stretched = methods.WIDTHS[name]
    keywords = {a.keyword.value: a for a in call.args if a.keyword}
    stretch = keywords.get("stretch")
    is_plain = stretch is None or isinstance(stretch.value, cst.Name)
    if not is_plain or keywords.keys() - {
        "stretch",
        "about_point",
        "about_edge",
        "width",
        "height",
    }:
        return _call_function(context, call, function, name, line)
    by_place = [a for a in call.args if not a.keyword]
    if len(by_place) > 1 or any(a.star for a in call.args):
        return _call_function(context, call, function, name, line)
    is_stretched = stretch is not None and spell(stretch.value) == "True"
    new = stretched if is_stretched else fitted
    context.note("renamed", line, f".{name}() is now .{new}()")
    rest = [a for a in call.args if a is not stretch]
    return call.with_changes(func=function.with_changes(attr=cst.Name(new)), args=rejoin(rest))


def _tapers(call: cst.Call) -> bool:
    """Whether a stroke is given several widths, which only manimgl draws."""
    given = [a.value for a in call.args if a.keyword and a.keyword.value == "width"]
    by_place = [a.value for a in call.args if a.keyword is None]
    return any(_is_sequence(value) for value in [*given, *by_place[1:2]])


def _is_sequence(value: cst.BaseExpression) -> bool:
    if isinstance(value, cst.BinaryOperation):
        return _is_sequence(value.left) or _is_sequence(value.right)
    is_array = isinstance(value, cst.Call) and spell(value.func).startswith("np.")
    return is_array or isinstance(value, cst.List | cst.Tuple | cst.ListComp)


def _call_function(
    context: Context, call: cst.Call, function: cst.Attribute, name: str, line: int | None
) -> cst.BaseExpression:
    """``x.replicate(3)`` becomes ``replicate(x, 3)``, also within ``x.animate``."""
    new = context.need(methods.FUNCTIONS.get(name, name))
    if new not in context.helpers:
        return call
    context.note("helper", line, f".{name}() is now the helper {new}()")
    first = [cst.Arg(function.value)]
    if is_animated(function.value):
        context.need("animate_by")
        first.append(cst.Arg(cst.Name(new)))
        return cst.Call(cst.Name("animate_by"), rejoin([*first, *call.args]))
    return cst.Call(cst.Name(new), rejoin([*first, *call.args]), lpar=call.lpar, rpar=call.rpar)


def is_animated(value: cst.BaseExpression) -> bool:
    """Whether an expression is a chain of ``.animate``."""
    while isinstance(value, cst.Call | cst.Attribute):
        if isinstance(value, cst.Attribute) and value.attr.value == "animate":
            return True
        if isinstance(value, cst.Call) and spell(value.func) == "animate_by":
            return True
        value = value.func if isinstance(value, cst.Call) else value.value
    return False


def _move_animation_arguments(
    context: Context, call: cst.Call, function: cst.Attribute, line: int | None
) -> cst.BaseExpression:
    """``x.animate.shift(UP).set_anim_args(run_time=2)`` is ``x.animate(run_time=2).shift(UP)``."""
    spans = [a for a in call.args if a.keyword and a.keyword.value == "time_span"]
    rest = [a for a in call.args if a not in spans]
    context.note("animate", line, ".set_anim_args(…) is now .animate(…)")
    made = _give_animate(function.value, rest) if rest else function.value
    if spans:
        context.need("play_within")
        made = cst.Call(cst.Name("play_within"), rejoin([cst.Arg(made), cst.Arg(spans[0].value)]))
    return made


def _give_animate(value: cst.BaseExpression, args: Sequence[cst.Arg]) -> cst.BaseExpression:
    if isinstance(value, cst.Attribute) and value.attr.value == "animate":
        return cst.Call(value, rejoin(args))
    if isinstance(value, cst.Attribute):
        return value.with_changes(value=_give_animate(value.value, args))
    if isinstance(value, cst.Call) and spell(value.func) == "animate_by":
        first = value.args[0].with_changes(value=_give_animate(value.args[0].value, args))
        return value.with_changes(args=[first, *value.args[1:]])
    if isinstance(value, cst.Call):
        if isinstance(value.func, cst.Attribute) and value.func.attr.value == "animate":
            return value.with_changes(args=rejoin([*value.args, *args]))
        return value.with_changes(func=_give_animate(value.func, args))
    return value


def _copy(
    context: Context, call: cst.Call, function: cst.Attribute, line: int | None
) -> cst.BaseExpression:
    """``x.deepcopy()`` is ``x.copy()``; ``copy.deepcopy(x)`` is Python's."""
    if call.args:
        return call
    context.note("renamed", line, ".deepcopy() is now .copy()")
    if "copy" in context.own_methods and spell(function.value) == "self":
        function = function.with_changes(value=cst.parse_expression("super()"))
    return call.with_changes(func=function.with_changes(attr=cst.Name("copy")))


def _widen(
    context: Context, call: cst.Call, function: cst.Attribute, line: int | None
) -> cst.BaseExpression:
    """A stroke of several widths is drawn with the widest."""
    return _call_function(context, call, function, "set_stroke", line) if _tapers(call) else call


def _name_variables(
    context: Context, call: cst.Call, function: cst.Attribute, line: int | None
) -> cst.BaseExpression:
    """``self.set_variables_as_attrs(dot)`` found the names of what it was given by itself."""
    named = [
        name_argument(a, a.value.value)
        if a.keyword is None and isinstance(a.value, cst.Name)
        else a
        for a in call.args
    ]
    context.note("attributes", line, "set_variables_as_attrs(x) is now …(x=x)")
    return call.with_changes(args=named)


def _color(
    context: Context, call: cst.Call, function: cst.Attribute, line: int | None
) -> cst.BaseExpression:
    """``x.set_color()`` was yellow in manimlib."""
    if context.is_ce or call.args:
        return call
    context.note("color", line, ".set_color() without a color is yellow")
    return call.with_changes(args=[cst.Arg(cst.Name("YELLOW_C"))])


def _update(
    context: Context, call: cst.Call, function: cst.Attribute, line: int | None
) -> cst.BaseExpression:
    """``animation.update(alpha)`` set an animation to a share of its way until 2019."""
    if context.renews and not call.args:
        context.note("renamed", line, ".update() of the source's own is now .renew()")
        return call.with_changes(func=function.with_changes(attr=cst.Name("renew")))
    values = [a.value for a in call.args if a.keyword is None and not a.star]
    is_one = len(values) == len(call.args) == 1 and not context.is_ce
    if is_one and (_is_number(values[0]) or spell(values[0]) == "alpha"):
        return _call_function(context, call, function, "update_by", line)
    return call


def _clear(
    context: Context, call: cst.Call, function: cst.Attribute, line: int | None
) -> cst.BaseExpression:
    """``group.clear()``; a scene has the method itself."""
    if context.is_ce or call.args or spell(function.value) in {"self", ""}:
        return call
    return _call_function(context, call, function, "clear", line)


def _save(
    context: Context, call: cst.Call, function: cst.Attribute, line: int | None
) -> cst.BaseExpression:
    """``x.save_state(True)`` chose how a copy is made."""
    if context.is_ce or not call.args:
        return call
    context.note("dropped", line, "arguments of .save_state() were left out")
    return call.with_changes(args=[])


def _space_grid(
    context: Context, call: cst.Call, function: cst.Attribute, line: int | None
) -> cst.BaseExpression:
    """The grids of manimgl have gaps in proportion to their parts."""
    if not context.spaces_grids:
        return call
    return _call_function(context, call, function, "arrange_in_grid", line)


def _make_array(
    context: Context, call: cst.Call, function: cst.Attribute, line: int | None
) -> cst.BaseExpression:
    """``np.array(list(parts))`` of mobjects: manim's are sequences that hold themselves."""
    given = call.args[0].value if len(call.args) == 1 else None
    if context.is_ce or spell(function.value) not in {"np", "numpy"}:
        return call
    if not isinstance(given, cst.Call) or spell(given.func) != "list" or len(given.args) != 1:
        return call
    parts = given.args[0].value
    is_copy = isinstance(parts, cst.Call) and spell(parts.func).endswith(".copy")
    if not is_copy and not isinstance(parts, cst.Name | cst.Attribute):
        return call
    context.note("helper", line, "np.array(list(…)) is now the helper make_array()")
    return call.with_changes(func=cst.Name(context.need("make_array")))


def _is_number(value: cst.BaseExpression) -> bool:
    return isinstance(value, cst.Integer | cst.Float | cst.BinaryOperation)


_SPECIAL = {
    "array": _make_array,
    "arrange_in_grid": _space_grid,
    "clear": _clear,
    "save_state": _save,
    "scale": _scale,
    "match_x": _match_coordinate,
    "match_y": _match_coordinate,
    "match_z": _match_coordinate,
    "update": _update,
    "set_variables_as_attrs": _name_variables,
    "set_color": _color,
    "set_stroke": _widen,
    "deepcopy": _copy,
    "change": _change_creature,
    "set_anim_args": _move_animation_arguments,
}
