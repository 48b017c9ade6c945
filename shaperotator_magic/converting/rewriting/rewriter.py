"""Applies the tables of rules to a source with libcst, so that formatting and comments survive.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

import io
import tokenize
from collections.abc import Iterator

import libcst as cst

from shaperotator_magic.checking.dialect.syntax import find_called, spell
from shaperotator_magic.converting.rewriting.calls import rewrite_call, rewrite_list, rewrite_play
from shaperotator_magic.converting.rewriting.classes import ClassRules
from shaperotator_magic.converting.rewriting.context import Context
from shaperotator_magic.converting.rewriting.imports import rewrite_import, rewrite_import_from
from shaperotator_magic.converting.rewriting.line_counter import LineCounter
from shaperotator_magic.converting.rewriting.relics import (
    compare_none,
    divide_index,
    divide_range,
    name_linear,
)
from shaperotator_magic.converting.rules import methods, names, old_manim

_SCENE_FRAMES = frozenset({"frame", "camera_frame"})


def rewrite(source: str, context: Context) -> str:
    """Return the source in the words of the installed manim; the context notes what was changed.

    Raises
    ------
    libcst.ParserSyntaxError
        The source is not Python.
    """
    return _parse(source).visit(_Rewriter(context)).code


def _parse(source: str) -> cst.Module:
    """Python reads tabs beside spaces in more ways than libcst."""
    try:
        return cst.parse_module(source)
    except cst.ParserSyntaxError:
        return cst.parse_module(_indent_by_spaces(source))


def _indent_by_spaces(source: str) -> str:
    """Return a source without tabs in front; within a text of several lines they stay."""
    first = {token.start[0] for token in _list_tokens(source)}
    lines = source.split("\n")
    return "\n".join(_expand(line) if n in first else line for n, line in enumerate(lines, 1))


def _list_tokens(source: str) -> Iterator[tokenize.TokenInfo]:
    return tokenize.generate_tokens(io.StringIO(source).readline)


def _expand(line: str) -> str:
    text = line.lstrip(" \t")
    return line[: len(line) - len(text)].expandtabs(8) + text


class _Rewriter(LineCounter):
    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._classes = ClassRules(context)

    # --- imports ----------------------------------------------------------------------

    def leave_ImportFrom(  # noqa: N802 - libcst's name
        self, original_node: cst.ImportFrom, updated_node: cst.ImportFrom
    ) -> cst.ImportFrom | cst.RemovalSentinel:
        return rewrite_import_from(self._context, updated_node, self.find_line(original_node))

    def leave_Import(  # noqa: N802 - libcst's name
        self, original_node: cst.Import, updated_node: cst.Import
    ) -> cst.Import | cst.ImportFrom | cst.RemovalSentinel:
        return rewrite_import(self._context, updated_node, self.find_line(original_node))

    def leave_SimpleString(  # noqa: N802 - libcst's name
        self, original_node: cst.SimpleString, updated_node: cst.SimpleString
    ) -> cst.SimpleString:
        new = names.COLOR_NAMES.get(str(original_node.evaluated_value))
        if new is None or self._context.is_ce:
            return updated_node
        message = f"{original_node.value} is {new}"
        self._context.note("color", self.find_line(original_node), message)
        return updated_node.with_changes(value=f'"{new}"')

    # --- names ------------------------------------------------------------------------

    def leave_Name(  # noqa: N802 - libcst's name
        self, original_node: cst.Name, updated_node: cst.Name
    ) -> cst.BaseExpression:
        name = updated_node.value
        context = self._context
        if name in context.own or (context.is_ce and name in context.api.names):
            return updated_node
        old = old_manim.RENAMED if context.is_ce else {}
        new = context.choose_variant(old.get(name) or names.RENAMED.get(name, name))
        if new != name:
            context.note("renamed", self.find_line(original_node), f"{name} is now {new}")
        return updated_node.with_changes(value=new) if new != name else updated_node

    def leave_Attribute(  # noqa: N802 - libcst's name
        self, original_node: cst.Attribute, updated_node: cst.Attribute
    ) -> cst.BaseExpression:
        name = original_node.attr.value
        updated_node = updated_node.with_changes(attr=cst.Name(name))
        context = self._context
        owner = spell(original_node.value)
        if owner in context.aliases:
            return cst.Name(name)
        whole = self._replace_attribute(updated_node, owner, self.find_line(original_node))
        if whole is not None:
            return whole
        is_frame = owner == "self" and name in _SCENE_FRAMES and self._classes.is_in_scene
        if is_frame and not self._classes.stores_attribute(name):
            message = f"self.{name} is now self.camera.frame"
            context.note("camera", self.find_line(original_node), message)
            camera = cst.Attribute(cst.Name("self"), cst.Name("camera"))
            return cst.Attribute(camera, cst.Name("frame"))
        if owner == "self" and self._classes.is_given(name):
            return updated_node.with_changes(attr=cst.Name(f"given_{name}"))
        method = self._find_method(name, owner)
        if method is not None:
            context.note("renamed", self.find_line(original_node), f".{name} is now .{method}")
            return updated_node.with_changes(attr=cst.Name(method))
        return updated_node

    def _replace_attribute(
        self, node: cst.Attribute, owner: str, line: int
    ) -> cst.BaseExpression | None:
        """Return what stands for a whole attribute of numpy, or of a class of manim; else None."""
        name = node.attr.value
        function = methods.ATTRIBUTES.get(name)
        if function and not self._context.is_ce:
            message = f".{name}, which manim lacks, is now {function}(…)"
            self._context.note("helper", line, message)
            return cst.Call(cst.Name(self._context.need(function)), [cst.Arg(node.value)])
        rule, new = "numpy", names.NUMPY.get(name) if owner in {"np", "numpy"} else None
        if new is None and self._context.is_ce:
            rule, new = "renamed", methods.GONE_ATTRIBUTES.get(f"{owner}.{name}")
        if new is None and owner == "self" and self._classes.is_in_animation:
            rule, new = "renamed", methods.OF_ANIMATIONS.get(name)
        if new is None:
            return None
        self._context.note(rule, line, f"{owner}.{name} is now {new}")
        return cst.parse_expression(new)

    def _find_method(self, name: str, owner: str) -> str | None:
        """Return today's name of a method, where it is another one."""
        context = self._context
        if name in context.own_methods:
            return None
        if not context.is_ce:
            return methods.METHODS.get(name)
        if name in context.api.list_all_attributes():
            return None
        # Manim's scene with axes had methods of these names, too; the helper has them.
        of_mobjects = methods.GONE_METHODS.get(name) if owner != "self" else None
        return of_mobjects or methods.METHODS.get(name)

    def leave_Arg(  # noqa: N802 - libcst's name
        self, original_node: cst.Arg, updated_node: cst.Arg
    ) -> cst.Arg:
        updated_node = updated_node.with_changes(keyword=original_node.keyword)
        value = updated_node.value
        keyword = original_node.keyword.value if original_node.keyword else ""
        if keyword == "rate_func" and not self._context.is_ce and spell(value) == "None":
            value = cst.Name("linear")
            line = self.find_line(original_node)
            self._context.note("keyword", line, "rate_func=None is now rate_func=linear")
        if isinstance(value, cst.List) and keyword in methods.LISTS_OF_ANIMATIONS:
            value = self._rewrite_list(value, self.find_line(original_node))
        return updated_node.with_changes(value=value)

    def _rewrite_list(self, node: cst.List, line: int) -> cst.List:
        context = self._context
        return rewrite_list(context, node, line, lambda call: rewrite_call(context, call, line))

    def leave_Param(  # noqa: N802 - libcst's name
        self, original_node: cst.Param, updated_node: cst.Param
    ) -> cst.Param:
        return updated_node.with_changes(name=original_node.name)

    # --- classes ----------------------------------------------------------------------

    def visit_ClassDef(self, node: cst.ClassDef) -> None:  # noqa: N802 - libcst's name
        self._classes.enter(node)

    def leave_ClassDef(  # noqa: N802 - libcst's name
        self, original_node: cst.ClassDef, updated_node: cst.ClassDef
    ) -> cst.ClassDef:
        updated_node = updated_node.with_changes(name=original_node.name)
        return self._classes.leave(original_node, updated_node, self.find_line(original_node))

    def leave_FunctionDef(  # noqa: N802 - libcst's name
        self, original_node: cst.FunctionDef, updated_node: cst.FunctionDef
    ) -> cst.FunctionDef:
        updated_node = updated_node.with_changes(name=original_node.name)
        name = original_node.name.value
        if name in {"construct", "__init__"} and self._classes.is_in_scene:
            return self._give_examples(updated_node, self.find_line(original_node))
        if self._classes.is_in_scene:
            return updated_node
        if name == "update" and self._context.renews:
            return updated_node.with_changes(name=cst.Name("renew"))
        new = methods.DEFINITIONS.get(name, name)
        return updated_node.with_changes(name=cst.Name(new)) if new != name else updated_node

    def _give_examples(self, node: cst.FunctionDef, line: int) -> cst.FunctionDef:
        """A scene that takes arguments takes the first of its ``args_list`` by default."""
        params = list(node.params.params)
        examples = self._classes.list_examples(len(params) - 1)
        for number, (param, example) in enumerate(zip(params[1:], examples, strict=False), 1):
            if param.default is None:
                value = cst.parse_expression(example)
                plain = cst.AssignEqual(cst.SimpleWhitespace(""), cst.SimpleWhitespace(""))
                params[number] = param.with_changes(default=value, equal=plain)
                self._context.note("arguments", line, f"{param.name.value} is {example} by default")
        return node.with_changes(params=node.params.with_changes(params=params))

    # --- calls ------------------------------------------------------------------------

    def leave_Call(  # noqa: N802 - libcst's name
        self, original_node: cst.Call, updated_node: cst.Call
    ) -> cst.BaseExpression:
        line = self.find_line(original_node)
        context = self._context
        name = find_called(updated_node.func)
        base = self._classes.find_explicit_base(updated_node)
        if base is not None:
            context.note("super", line, f"{base}.__init__(self, …) is now super().__init__(…)")
            function = cst.parse_expression("super().__init__")
            return updated_node.with_changes(func=function, args=updated_node.args[1:])
        if name in {"play", "anims_from_play_args"} and isinstance(
            updated_node.func, cst.Attribute
        ):
            updated_node = rewrite_play(
                context, updated_node, line, lambda call: rewrite_call(context, call, line)
            )
        return rewrite_call(context, divide_range(context, updated_node, line), line)

    def leave_Subscript(  # noqa: N802 - libcst's name
        self, original_node: cst.Subscript, updated_node: cst.Subscript
    ) -> cst.Subscript:
        return divide_index(self._context, updated_node, self.find_line(original_node))

    def leave_Comparison(  # noqa: N802 - libcst's name
        self, original_node: cst.Comparison, updated_node: cst.Comparison
    ) -> cst.Comparison:
        return compare_none(self._context, updated_node, self.find_line(original_node))

    def leave_Expr(  # noqa: N802 - libcst's name
        self, original_node: cst.Expr, updated_node: cst.Expr
    ) -> cst.Expr | cst.RemovalSentinel:
        call = original_node.value
        if not isinstance(call, cst.Call) or not isinstance(call.func, cst.Attribute):
            return updated_node
        name = call.func.attr.value
        if name == "change":
            return updated_node.with_changes(value=_change_at_once(updated_node.value))
        is_dropped = name in methods.DROPPED_CALLS and name not in self._context.own_methods
        if self._context.is_ce:
            return updated_node
        if is_dropped and spell(call.func.value).split(".")[0] in {"self", "frame"}:
            self._context.note("dropped", self.find_line(original_node), f"{name}() was left out")
            return cst.RemoveFromParent()
        return updated_node

    def leave_IndentedBlock(  # noqa: N802 - libcst's name
        self, original_node: cst.IndentedBlock, updated_node: cst.IndentedBlock
    ) -> cst.IndentedBlock:
        if updated_node.body:
            return updated_node
        return updated_node.with_changes(body=[cst.parse_statement("pass")])

    def leave_Assign(  # noqa: N802 - libcst's name
        self, original_node: cst.Assign, updated_node: cst.Assign
    ) -> cst.Assign:
        return name_linear(self._context, updated_node, self.find_line(original_node))

    def leave_DictElement(  # noqa: N802 - libcst's name
        self, original_node: cst.DictElement, updated_node: cst.DictElement
    ) -> cst.DictElement | cst.RemovalSentinel:
        key = original_node.key
        if not isinstance(key, cst.SimpleString) or self._context.is_ce:
            return updated_node
        if key.evaluated_value in methods.DROPPED_KEYWORDS:
            return cst.RemoveFromParent()
        if key.evaluated_value == "rate_func" and spell(updated_node.value) == "None":
            return updated_node.with_changes(value=cst.Name("linear"))
        return updated_node


def _change_at_once(value: cst.BaseExpression) -> cst.BaseExpression:
    """A statement of its own plays nothing: ``pi.animate.set_mode("sad")`` is ``pi.set_mode``."""
    if not isinstance(value, cst.Call) or not isinstance(value.func, cst.Attribute):
        return value
    owner = value.func.value
    if isinstance(owner, cst.Attribute) and owner.attr.value == "animate":
        return value.with_changes(func=value.func.with_changes(value=owner.value))
    return value
