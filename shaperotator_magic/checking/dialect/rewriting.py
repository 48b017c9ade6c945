"""Applies the table of rules to a source with libcst, so that formatting and comments survive.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

import ast
import functools
from collections.abc import Mapping
from dataclasses import dataclass

import libcst as cst
from libcst.metadata import CodeRange, MetadataWrapper, PositionProvider

from shaperotator_magic.checking.dialect import rules
from shaperotator_magic.checking.dialect.syntax import (
    build_assignment,
    find_called,
    has_direction,
    is_animation,
    is_spoiled,
    name_argument,
    read_config,
    rejoin,
    spell,
    spell_animated,
    turn,
)

__all__ = ["Change", "rewrite"]


Place = tuple[int, int]
_OLD_NAMES = frozenset(
    {**rules.RENAMED, **rules.REPLACED, **rules.SECOND_ARGUMENT, **rules.IMPLIED}
)
_OLD_METHODS = frozenset({*rules.METHODS, *rules.SETTERS, *rules.DROPPED_METHODS})


@dataclass(frozen=True)
class Change:
    """One rewrite, as a sentence; ``line`` is of the source before."""

    rule: str
    message: str
    line: int | None = None


def rewrite(
    source: str, *, known: frozenset[str] = frozenset(), working: frozenset[Place] = frozenset()
) -> tuple[str, list[Change]]:
    """Return the source in the words of today's manim, and what was changed.

    Parameters
    ----------
    known
        Names of the installed manim: a rule for an old name is not for these.
    working
        Where calls end that the installed manim understands: line, and column in letters.

    Raises
    ------
    libcst.ParserSyntaxError
        The source is not Python.
    """
    module = cst.parse_module(source)
    rewriter = _Rewriter(module, _find_own_names(source) | known & _OLD_NAMES, working)
    made = module.visit(rewriter)
    return (made.code, rewriter.changes) if rewriter.changes else (source, [])


def _find_own_names(source: str) -> frozenset[str]:
    """Return what the source itself defines: no rule is for those."""
    own: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            own.add(node.name)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            own.add(node.id)
        elif isinstance(node, ast.arg):
            own.add(node.arg)
    return frozenset(own)


class _Rewriter(cst.CSTTransformer):
    def __init__(self, module: cst.Module, own: frozenset[str], working: frozenset[Place]) -> None:
        super().__init__()
        self._module = module
        self.changes: list[Change] = []
        self._own = own
        self._working = working
        self._needs_frame: list[bool] = []

    @functools.cached_property
    def _places(self) -> Mapping[cst.CSTNode, CodeRange]:
        """Where each node is: found for the first change, for most sources have none."""
        wrapper = MetadataWrapper(self._module, unsafe_skip_copy=True)
        return wrapper.resolve(PositionProvider)

    def _note(self, rule: str, node: cst.CSTNode, message: str) -> None:
        line = self._places[node].start.line
        change = Change(rule, message, line)
        if change not in self.changes:
            self.changes.append(change)

    # --- imports ----------------------------------------------------------------------

    def leave_ImportFrom(  # noqa: N802 - libcst's name
        self, original_node: cst.ImportFrom, updated_node: cst.ImportFrom
    ) -> cst.ImportFrom:
        module = spell(updated_node.module) if updated_node.module else ""
        if module not in rules.OTHER_MANIMS and module.split(".")[0] != "manimlib":
            return updated_node
        self._note("import", original_node, f"from {module} is now from manim import *")
        return updated_node.with_changes(module=cst.Name("manim"), names=cst.ImportStar())

    # --- names ------------------------------------------------------------------------

    def leave_Name(  # noqa: N802 - libcst's name
        self, original_node: cst.Name, updated_node: cst.Name
    ) -> cst.BaseExpression:
        name = updated_node.value
        if name in self._own:
            return updated_node
        if rules.RENAMED.get(name, name) != name:
            self._note("renamed", original_node, f"{name} is now {rules.RENAMED[name]}")
            return updated_node.with_changes(value=rules.RENAMED[name])
        if name in rules.REPLACED:
            self._note("renamed", original_node, f"{name} is now {rules.REPLACED[name]}")
            return cst.parse_expression(rules.REPLACED[name])
        return updated_node

    def leave_Attribute(  # noqa: N802 - libcst's name
        self, original_node: cst.Attribute, updated_node: cst.Attribute
    ) -> cst.Attribute:
        name = original_node.attr.value
        updated_node = updated_node.with_changes(attr=cst.Name(name))
        owner = spell(original_node.value)
        if owner == "self" and name in {"frame", "camera_frame"} and name not in self._own:
            self._note("camera", original_node, f"self.{name} is now self.camera.frame")
            self._mark_frame()
            camera = cst.Attribute(cst.Name("self"), cst.Name("camera"))
            return cst.Attribute(camera, cst.Name("frame"))
        if owner == "self.camera" and name == "frame":
            self._mark_frame()
        return updated_node

    # --- scenes -----------------------------------------------------------------------

    def visit_ClassDef(self, node: cst.ClassDef) -> None:  # noqa: N802 - libcst's name
        self._needs_frame.append(False)

    def _mark_frame(self) -> None:
        if self._needs_frame:
            self._needs_frame[-1] = True

    def leave_ClassDef(  # noqa: N802 - libcst's name
        self, original_node: cst.ClassDef, updated_node: cst.ClassDef
    ) -> cst.ClassDef:
        updated_node = self._unfold_config(original_node, updated_node)
        if not self._needs_frame.pop():
            return updated_node
        bases = [spell(argument.value) for argument in updated_node.bases]
        if bases != ["Scene"]:
            return updated_node
        self._note("camera", original_node, "a scene that moves its camera is a MovingCameraScene")
        return updated_node.with_changes(bases=[cst.Arg(cst.Name("MovingCameraScene"))])

    def _unfold_config(self, original: cst.ClassDef, updated: cst.ClassDef) -> cst.ClassDef:
        """``CONFIG = {"a": 1}`` becomes ``a = 1``; scenes read it as attributes anyway."""
        if not any("Scene" in spell(argument.value) for argument in updated.bases):
            return updated
        if not isinstance(updated.body, cst.IndentedBlock):
            return updated
        body: list[cst.BaseStatement] = []
        for statement in updated.body.body:
            entries = read_config(statement)
            if entries is None:
                body.append(statement)
                continue
            self._note("config", original, "CONFIG is now attributes of the class")
            body += [build_assignment(name, value) for name, value in entries]
        return updated.with_changes(body=updated.body.with_changes(body=body))

    # --- calls ------------------------------------------------------------------------

    def leave_Call(  # noqa: N802 - libcst's name
        self, original_node: cst.Call, updated_node: cst.Call
    ) -> cst.BaseExpression:
        name = find_called(original_node.func)
        if not name or name in self._own:
            return updated_node
        is_method = isinstance(original_node.func, cst.Attribute)
        if is_method:
            changed = self._rewrite_method(original_node, updated_node, name)
            if not isinstance(changed, cst.Call):
                return changed
            updated_node = changed
        else:
            updated_node = self._rewrite_animation(original_node, updated_node, name)
        updated_node = self._rewrite_keywords(original_node, updated_node, name)
        if is_method and name == "play" and spell(original_node.func) == "self.play":
            updated_node = self._rewrite_play(original_node, updated_node)
        if rules.RENAMED.get(name, name) in rules.FORMULAS and not is_method:
            updated_node = self._make_raw(original_node, updated_node)
        return updated_node

    def _rewrite_method(
        self, original: cst.Call, updated: cst.Call, name: str
    ) -> cst.BaseExpression:
        function = cst.ensure_type(updated.func, cst.Attribute)
        if name not in _OLD_METHODS or self._works(original):
            return updated
        if name in rules.METHODS:
            new = rules.METHODS[name]
            rule = "setter" if name.startswith("set_") else "renamed"
            self._note(rule, original, f".{name}() is now .{new}()")
            return updated.with_changes(func=function.with_changes(attr=cst.Name(new)))
        if name in rules.SETTERS and len(updated.args) == 1 and updated.args[0].keyword is None:
            new, keyword = rules.SETTERS[name]
            self._note("setter", original, f".{name}(…) is now .{new}({keyword}=…)")
            argument = name_argument(updated.args[0], keyword)
            return updated.with_changes(
                func=function.with_changes(attr=cst.Name(new)), args=[argument]
            )
        if name in rules.DROPPED_METHODS:
            self._note("dropped", original, f".{name}() is manimgl's own and was left out")
            return function.value
        return updated

    def _works(self, call: cst.Call) -> bool:
        end = self._places[call].end
        return (end.line, end.column) in self._working

    def _rewrite_animation(self, original: cst.Call, updated: cst.Call, name: str) -> cst.Call:
        args = list(updated.args)
        has_second = len(args) > 1 and args[1].keyword is None
        if name in rules.SECOND_ARGUMENT and has_second:
            new, keyword, is_turned = rules.SECOND_ARGUMENT[name]
            value = args[1].value
            args[1] = name_argument(args[1].with_changes(value=turn(value, is_turned)), keyword)
            self._note("renamed", original, f"{name} is now {new}(…, {keyword}=…)")
            return updated.with_changes(func=cst.Name(new), args=args)
        if name in rules.SECOND_ARGUMENT:
            new = rules.SECOND_ARGUMENT[name][0]
            self._note("renamed", original, f"{name} is now {new}")
            return updated.with_changes(func=cst.Name(new))
        if name in rules.IMPLIED:
            keyword, implied = rules.IMPLIED[name]
            extra = name_argument(cst.Arg(cst.parse_expression(implied)), keyword)
            return updated.with_changes(args=[*args, extra])
        if name in rules.FADES and has_direction(args):
            self._note("keyword", original, f"{name} takes its direction as shift=")
            args[1] = name_argument(args[1], "shift")
            return updated.with_changes(args=args)
        return updated

    def _rewrite_keywords(self, original: cst.Call, updated: cst.Call, name: str) -> cst.Call:
        args = []
        for argument in updated.args:
            keyword = argument.keyword.value if argument.keyword else ""
            new = rules.KEYWORDS_OF.get((name, keyword)) or rules.KEYWORDS.get(keyword)
            if keyword in rules.DROPPED_KEYWORDS:
                self._note("dropped", original, f"{keyword}= is manimgl's own and was left out")
                continue
            if new:
                self._note("keyword", original, f"{keyword}= is now {new}=")
                argument = argument.with_changes(keyword=cst.Name(new))  # noqa: PLW2901 - in place
            args.append(argument)
        args = self._join_ranges(original, args, name)
        return updated if args == list(updated.args) else updated.with_changes(args=args)

    def _join_ranges(self, original: cst.Call, args: list[cst.Arg], name: str) -> list[cst.Arg]:
        for low, high, whole, owners in rules.RANGES:
            ends = {
                a.keyword.value: a for a in args if a.keyword and a.keyword.value in (low, high)
            }
            if name not in owners or len(ends) != 2:  # noqa: PLR2004 - both ends
                continue
            listed = [cst.Element(ends[low].value), cst.Element(ends[high].value)]
            joined = name_argument(cst.Arg(cst.List(listed)), whole)
            at = args.index(next(iter(ends.values())))
            args = [a for a in args if a not in ends.values()]
            args.insert(min(at, len(args)), joined)
            self._note("keyword", original, f"{low}= and {high}= are now {whole}=[…]")
        return args

    def _rewrite_play(self, original: cst.Call, updated: cst.Call) -> cst.Call:
        """``play(circle.shift, UP)`` becomes ``play(circle.animate.shift(UP))``."""
        args: list[cst.Arg] = []
        pending = list(updated.args)
        while pending:
            first = pending.pop(0)
            method = first.value
            is_old = (
                first.keyword is None
                and isinstance(method, cst.Attribute)
                and method.attr.value in rules.ANIMATED_METHODS
            )
            if not is_old:
                args.append(first)
                continue
            taken = []
            while pending and pending[0].keyword is None and not is_animation(pending[0].value):
                taken.append(pending.pop(0))
            method = cst.ensure_type(method, cst.Attribute)
            owner: cst.BaseExpression = cst.Attribute(method.value, cst.Name("animate"))
            if args and spell_animated(args[-1].value) == spell(method.value):
                owner = args.pop().value  # two of one thing in one play: the last would win
            animated = cst.Attribute(owner, method.attr)
            args.append(cst.Arg(cst.Call(animated, rejoin(taken))))
            self._note("animate", original, f"play(….{method.attr.value}, …) is now .animate")
        return updated.with_changes(args=rejoin(args)) if args != list(updated.args) else updated

    def _make_raw(self, original: cst.Call, updated: cst.Call) -> cst.Call:
        args = []
        for argument in updated.args:
            value = argument.value
            if isinstance(value, cst.SimpleString) and is_spoiled(value):
                self._note("raw", original, f"{value.value[:40]} is now a raw string")
                argument = argument.with_changes(  # noqa: PLW2901 - in place
                    value=value.with_changes(value="r" + value.value)
                )
            args.append(argument)
        return updated.with_changes(args=args)
