"""Whether a module only defines: what is executed when it is executed, and nothing more.

Executing a checked source must bind names and run no behaviour. So at the top level and in class
bodies there may be imports, constants, functions and classes; everything that Python evaluates on
the way (defaults, decorators, annotations, base classes) may only name things, build literals, or
call what is in a short list.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence

from shaperotator_magic.checking.gate.findings import Reported, build_finding
from shaperotator_magic.checking.gate.refused import (
    ALLOWED_CONFIG,
    DEFINING_CALLS,
    DEFINING_DECORATORS,
    ENUM_BASES,
    ENUM_MIXINS,
    GRAPH_CALLS,
)
from shaperotator_magic.checking.gate.shadowing import check_shadowing
from shaperotator_magic.checking.gate.sizes import Bound, SizeBounds
from shaperotator_magic.core.records import Finding
from shaperotator_magic.core.scene_classes import is_inert

_CALLS = DEFINING_CALLS | GRAPH_CALLS
_INTO_CONSTRUCT = "Move it into construct()."
_INERT = (
    ast.Constant, ast.Name, ast.Attribute, ast.Tuple, ast.List, ast.Set, ast.Dict, ast.UnaryOp,
    ast.BinOp, ast.Compare, ast.BoolOp, ast.IfExp, ast.Subscript, ast.Slice, ast.JoinedStr,
    ast.FormattedValue, ast.Starred, ast.Lambda, ast.Call, ast.keyword,
    ast.operator, ast.unaryop, ast.cmpop, ast.boolop, ast.expr_context,
)  # fmt: skip
_ANNOTATION = (
    ast.Constant, ast.Name, ast.Attribute, ast.Tuple, ast.List, ast.Subscript, ast.BinOp,
    ast.BitOr, ast.expr_context,
)  # fmt: skip

# Run by Python or manim when a class is made, an object dies, or an operator meets a class.
_HOOKS = frozenset(
    "_add_intrinsic_animation_overrides add_animation_override animation_overrides "
    "_original__init__ _converted_classes _generate_next_value_ _missing_ _ignore_ _order_ "
    "__init_subclass__ __set_name__ __class_getitem__ __mro_entries__ __prepare__ __del__ "
    "__instancecheck__ __subclasscheck__ __subclasshook__ __getattr__ __getattribute__ "
    "__format__ __reduce__ __reduce_ex__ __getstate__ __setstate__ __index__ __missing__ "
    "__get__ __set__ __delete__".split()
)


def check_definitions(tree: ast.Module) -> Reported:
    """Yield a finding for everything that would run when the module is executed."""
    yield from check_shadowing(tree)
    yield from _Body(SizeBounds()).check(tree.body)


class _Body:
    """The statements of a module or of a class."""

    def __init__(self, sizes: SizeBounds, *, is_class: bool = False, is_enum: bool = False) -> None:
        self._sizes = sizes
        self._properties: set[str] = set()
        self._is_class = is_class
        self._is_enum = is_enum

    def check(self, body: list[ast.stmt]) -> Reported:
        for statement in body:
            yield from self._check_statement(statement)

    def _check_statement(self, node: ast.stmt) -> Reported:
        if isinstance(node, ast.Import | ast.ImportFrom):
            for alias in node.names:
                yield from self._check_hook(alias.asname or alias.name, node)
        elif is_inert(node):
            return
        elif isinstance(node, ast.FunctionDef):
            yield from self._check_function(node)
        elif isinstance(node, ast.ClassDef):
            yield from self._check_class(node)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            yield from self._check_assignment(node)
        else:
            what = ast.unparse(node).splitlines()[0][:60]
            yield build_finding(
                "top-level",
                node,
                f"'{what}' would run while the scene is defined.",
                _INTO_CONSTRUCT,
            )

    def _check_assignment(self, node: ast.Assign | ast.AnnAssign) -> Reported:
        targets = list(node.targets) if isinstance(node, ast.Assign) else [node.target]
        if isinstance(node, ast.AnnAssign):
            yield from _check_annotation(node.annotation)
        for target in targets:
            yield from self._check_names(target)
            if not _is_constant_target(target):
                yield build_finding(
                    "top-level",
                    target,
                    f"{ast.unparse(target)} is changed while the scene is defined.",
                    _INTO_CONSTRUCT,
                )
        if node.value is not None:
            yield from _check_inert(node.value, self._sizes)
            bound = self._sizes.bound(node.value)
            if bound.is_huge:
                yield build_finding("size", node, f"{ast.unparse(targets[0])} may be huge.")
            self._bind(targets, bound)

    def _bind(self, targets: Sequence[ast.expr], bound: Bound) -> None:
        for target in targets:
            for part in ast.walk(target):
                if isinstance(part, ast.Name):
                    self._sizes.bind(part.id, bound)

    def _check_names(self, target: ast.expr) -> Reported:
        for part in ast.walk(target):
            if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store):
                yield from self._check_hook(part.id, part)

    def _check_hook(self, name: str, node: ast.AST) -> Reported:
        is_hook = self._is_class and name in _HOOKS
        if is_hook or (self._is_enum and name.startswith("_")):
            yield build_finding(
                "hook", node, f"Python or manim uses {name} by itself while the scene is defined."
            )

    def _check_function(self, node: ast.FunctionDef) -> Reported:
        yield from self._check_hook(node.name, node)
        for decorator in node.decorator_list:
            if not self._is_known_decorator(decorator):
                yield _refuse_decorator(decorator)
            elif ast.unparse(decorator).endswith("property"):
                self._properties.add(node.name)
        arguments = node.args
        for default in (*arguments.defaults, *arguments.kw_defaults):
            if default is not None:
                yield from _check_inert(default, self._sizes)
        every = (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)
        extra = [argument for argument in (arguments.vararg, arguments.kwarg) if argument]
        annotations = [argument.annotation for argument in (*every, *extra)] + [node.returns]
        for annotation in annotations:
            yield from _check_annotation(annotation)
        yield from _check_type_parameters(node)

    def _is_known_decorator(self, node: ast.expr) -> bool:
        if isinstance(node, ast.Attribute) and node.attr in {"setter", "getter", "deleter"}:
            return isinstance(node.value, ast.Name) and node.value.id in self._properties
        target = node.func if isinstance(node, ast.Call) else node
        arguments = [*node.args, *node.keywords] if isinstance(node, ast.Call) else []
        values = [a.value if isinstance(a, ast.keyword) else a for a in arguments]
        is_plain = all(isinstance(value, ast.Constant | ast.Name) for value in values)
        return is_plain and ast.unparse(target) in DEFINING_DECORATORS

    def _check_class(self, node: ast.ClassDef) -> Reported:
        for decorator in node.decorator_list:
            if not self._is_known_decorator(decorator):
                yield _refuse_decorator(decorator)
        for keyword in node.keywords:
            yield build_finding(
                "class-keyword", keyword.value, f"class {node.name}({keyword.arg}=…) runs code."
            )
        is_enum = any(_name_base(base) in ENUM_BASES for base in node.bases)
        for base in node.bases:
            name = ast.unparse(base)
            if is_enum and _name_base(base) not in ENUM_BASES | ENUM_MIXINS:
                yield build_finding(
                    "base",
                    base,
                    f"{name} would take part in making the members of {node.name}.",
                    "Let the enumeration have no other base than Enum and int, str or float.",
                )
            if not _is_dotted_name(base) and not name.startswith(("Generic[", "Protocol[")):
                yield build_finding("base", base, f"{name} is computed; a base class is a name.")
        yield from _check_type_parameters(node)
        yield from _Body(self._sizes, is_class=True, is_enum=is_enum).check(node.body)


def _name_base(node: ast.expr) -> str:
    return ast.unparse(node).rpartition(".")[2]


def _refuse_decorator(node: ast.expr) -> Finding:
    return build_finding(
        "decorator",
        node,
        f"@{ast.unparse(node)} would run while the scene is defined.",
        "Call the function inside construct() instead.",
    )


def _check_type_parameters(node: ast.FunctionDef | ast.ClassDef) -> Reported:
    # Bounds and defaults of 3.12's type parameters are code, even if it runs late.
    for parameter in getattr(node, "type_params", ()):
        yield build_finding("type-parameter", parameter, "Type parameters are not needed here.")


def _check_annotation(node: ast.expr | None) -> Reported:
    if node is not None:
        for part in ast.walk(node):
            if not isinstance(part, _ANNOTATION):
                yield build_finding("annotation", node, "This annotation runs code.")
                return


def _is_constant_target(target: ast.expr) -> bool:
    if isinstance(target, ast.Tuple | ast.List):
        return all(isinstance(item, ast.Name) for item in target.elts)
    return isinstance(target, ast.Name) or is_config(target)


def is_config(target: ast.expr) -> bool:
    """Return whether this is ``config.NAME`` or ``config["NAME"]`` of a setting of the picture."""
    if isinstance(target, ast.Attribute):
        owner, key = target.value, target.attr
    elif isinstance(target, ast.Subscript) and isinstance(target.slice, ast.Constant):
        owner, key = target.value, str(target.slice.value)
    else:
        return False
    return isinstance(owner, ast.Name) and owner.id == "config" and key in ALLOWED_CONFIG


def _check_inert(value: ast.expr, sizes: SizeBounds) -> Reported:
    """Yield a finding for every part of an expression that does more than build a constant."""
    todo: list[ast.AST] = [value]
    while todo:
        node = todo.pop()
        if not isinstance(node, _INERT):
            kind = type(node).__name__
            yield build_finding(
                "top-level",
                node,
                f"A {kind} runs code while the scene is defined.",
                _INTO_CONSTRUCT,
            )
            continue
        if isinstance(node, ast.Call) and ast.unparse(node.func) not in _CALLS:
            called = ast.unparse(node.func)[:40]
            yield build_finding(
                "top-level", node, f"{called}() runs while the scene is defined.", _INTO_CONSTRUCT
            )
        if isinstance(node, ast.BinOp | ast.Call) and sizes.bound(node).is_huge:
            yield build_finding("size", node, f"{ast.unparse(node)[:40]} may be huge.")
        if isinstance(node, ast.FormattedValue) and not _is_dotted_name(node.value):
            yield build_finding("top-level", node, "This f-string runs code.", _INTO_CONSTRUCT)
        # The body of a lambda does not run here, its defaults do.
        todo.extend(_defaults(node) if isinstance(node, ast.Lambda) else ast.iter_child_nodes(node))


def _defaults(node: ast.Lambda) -> list[ast.AST]:
    return [d for d in (*node.args.defaults, *node.args.kw_defaults) if d is not None]


def _is_dotted_name(node: ast.expr) -> bool:
    while isinstance(node, ast.Attribute):
        node = node.value
    return isinstance(node, ast.Name)
