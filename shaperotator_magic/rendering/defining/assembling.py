"""Making the functions and classes of a checked source, statement by statement.

The source is compiled, which runs nothing, and its code objects become functions. Imports are
made as Python makes them; the gate has seen to it that they name allowed modules. Classes are made
only with metaclasses, bases and decorators that ``known`` recognises.

Runs in the caller's process and in a scene's.
"""

from __future__ import annotations

import ast
import builtins
import functools
import importlib
import itertools
import sys
import types
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from enum import Enum, EnumType
from types import CodeType, ModuleType
from typing import Any, Generic, NamedTuple, Protocol, TypeGuard

from shaperotator_magic.core.scene_classes import is_inert
from shaperotator_magic.rendering.defining import known
from shaperotator_magic.rendering.defining.expressions import (
    DefinitionError,
    Evaluator,
    Scope,
    Values,
)
from shaperotator_magic.rendering.defining.watching import (
    ForbiddenCallError,
    ForbiddenEventError,
    watching_calls,
)

_MODULE_DUNDERS = frozenset({"__doc__", "__all__", "__version__", "__author__"})
_PROPERTY_PARTS = frozenset({"setter", "getter", "deleter"})


def assemble(
    source: str,
    module: ModuleType,
    values: Values,
    *,
    watch: Callable[[], AbstractContextManager[None]] | None = None,
) -> None:
    """Fill a module with what the source of a checked scene defines; nothing of it runs.

    Parameters
    ----------
    module
        Named and with its ``__file__``; registered in ``sys.modules`` by the caller.
    values
        Where computed values come from.
    watch
        Returns what watches over one statement; by default ``watching_calls`` alone.

    Raises
    ------
    DefinitionError
        Something in it would run, cannot be handed over, or raised.
    """
    file = str(module.__file__)
    code = compile(source, file, "exec", dont_inherit=True)
    tree = ast.parse(source)
    assembler = _Assembler(module, Evaluator(file, values), values)
    # As exec() does: what is written in C and imports something looks for it there.
    vars(module)["__builtins__"] = vars(builtins)
    scope = Scope(vars(module), vars(module))
    watch = watch or functools.partial(watching_calls, file)
    module.__doc__ = ast.get_docstring(tree, clean=False)
    for statement in tree.body:
        with _line_named(statement):
            if isinstance(statement, ast.Import | ast.ImportFrom):
                assembler.run_import(statement, scope)
                continue
            # Not around imports: those of a large package would take twice as long.
            with watch():
                assembler.run(statement, code, scope)


def find_scene(module: ModuleType, name: str) -> type[Any]:
    """Return the scene class of an assembled module.

    Raises
    ------
    DefinitionError
        The name stands for something else: a class of manim's, or what the user has.
    """
    import manim

    found = vars(module).get(name)
    if not _is_class(found) or not issubclass(found, manim.Scene):
        raise DefinitionError(f"{name} is no scene when everything is defined.", None)
    if found.__module__ != module.__name__:
        raise DefinitionError(f"{name} is bound to something that is not the scene's.", None)
    return found


def _is_class(value: Any) -> TypeGuard[type[Any]]:
    return issubclass(type(value), type)  # not isinstance(), which asks the value


@contextmanager
def _line_named(node: ast.stmt) -> Iterator[None]:
    try:
        yield
    except DefinitionError:
        raise
    except (ForbiddenCallError, ForbiddenEventError) as exc:
        raise DefinitionError(str(exc), node.lineno) from exc
    except Exception as exc:
        raise DefinitionError(f"{type(exc).__name__}: {exc}", node.lineno) from exc


class _Assembler:
    """Makes the statements of one module and its classes."""

    def __init__(self, module: ModuleType, evaluator: Evaluator, values: Values) -> None:
        self._module = module
        self._evaluator = evaluator
        self._values = values

    def run(self, node: ast.stmt, code: CodeType, scope: Scope) -> None:
        """Take one statement of a module or of a class body, whose code object is ``code``."""
        if isinstance(node, ast.FunctionDef):
            self._bind(node.name, self._make_function(node, code, scope, None), node, scope)
        elif isinstance(node, ast.ClassDef):
            self._bind(node.name, self._make_class(node, code, scope), node, scope)
        elif isinstance(node, ast.Assign):
            value = self._evaluator.evaluate(node.value, scope)
            for target in node.targets:
                self._assign(target, value, scope)
        elif isinstance(node, ast.AnnAssign):
            self._annotate(node, scope)
        elif not is_inert(node):
            raise DefinitionError(f"'{ast.unparse(node)[:60]}' would run.", node.lineno)

    def run_import(self, node: ast.Import | ast.ImportFrom, scope: Scope) -> None:
        """Import, and bind what the statement names."""
        if isinstance(node, ast.Import):
            for alias in node.names:
                found = importlib.import_module(alias.name)
                root = sys.modules[alias.name.partition(".")[0]]
                name = alias.asname or alias.name.partition(".")[0]
                self._bind(name, found if alias.asname else root, node, scope)
            return
        if node.module == "__future__":
            return
        module = importlib.import_module(str(node.module))
        for alias in node.names:
            if alias.name == "*":
                for name in _list_public(module):
                    scope.own[name] = getattr(module, name)
            else:
                self._bind(alias.asname or alias.name, _take(module, alias.name), node, scope)

    # --- names ------------------------------------------------------------------------

    def _assign(self, target: ast.expr, value: Any, scope: Scope) -> None:
        if isinstance(target, ast.Name):
            self._bind(target.id, value, target, scope)
        elif isinstance(target, ast.Tuple | ast.List):
            # Not tuple(value): a range may have no end.
            items = tuple(itertools.islice(iter(value), len(target.elts) + 1))
            for part, item in zip(target.elts, items, strict=True):
                self._assign(part, item, scope)
        else:
            self._values.configure(target, value)

    def _bind(self, name: str, value: Any, node: ast.AST, scope: Scope) -> None:
        is_of_class = scope.own is not scope.module
        allowed = known.CLASS_DUNDERS if is_of_class else _MODULE_DUNDERS
        is_refused = name.startswith("__") and name not in allowed
        # Of an enumeration everything with an underscore may be called while its members are made.
        is_refused |= is_of_class and type(scope.own) is not dict and name.startswith("_")
        if is_refused or (is_of_class and name in known.CLASS_HOOKS):
            raise DefinitionError(
                f"{name} has a meaning of its own to Python or manim while the scene is defined.",
                getattr(node, "lineno", None),
            )
        scope.own[name] = value

    def _annotate(self, node: ast.AnnAssign, scope: Scope) -> None:
        if isinstance(node.target, ast.Name):
            texts = scope.own.setdefault("__annotations__", {})
            texts[node.target.id] = ast.unparse(node.annotation)
        if node.value is not None:
            self._assign(node.target, self._evaluator.evaluate(node.value, scope), scope)

    # --- functions --------------------------------------------------------------------

    def _make_function(self, node: ast.FunctionDef, code: CodeType, scope: Scope, cell: Any) -> Any:
        decorators = [self._find_decorator(d, scope) for d in node.decorator_list]
        value = self._evaluator.make_function(node, _find_code(code, node), scope, cell)
        for decorator in reversed(decorators):
            value = self._evaluator.note_made(decorator(value))
        return value

    def _find_decorator(self, node: ast.expr, scope: Scope) -> Any:
        if isinstance(node, ast.Call):
            return self._evaluator.call_decorator_factory(node, scope)
        if isinstance(node, ast.Attribute) and node.attr in _PROPERTY_PARTS:
            owner = scope.own.get(node.value.id) if isinstance(node.value, ast.Name) else None
            if type(owner) is property:
                return getattr(owner, node.attr)
        decorator = self._evaluator.resolve(node, scope)
        if not known.is_function_decorator(decorator):
            raise DefinitionError(f"@{ast.unparse(node)} would run.", node.lineno)
        return decorator

    # --- classes ----------------------------------------------------------------------

    def _make_class(self, node: ast.ClassDef, code: CodeType, scope: Scope) -> type[Any]:
        if node.keywords:
            raise DefinitionError(f"class {node.name} has class keywords.", node.lineno)
        decorators = [self._find_class_decorator(d, scope) for d in node.decorator_list]
        named = tuple(self._find_base(base, scope) for base in node.bases)
        bases = types.resolve_bases(named)
        metaclass, space, _ = types.prepare_class(node.name, bases)
        self._check_bases(node, bases)
        own_code = _find_code(code, node)
        space["__module__"] = self._module.__name__
        space["__qualname__"] = own_code.co_qualname
        if sys.version_info >= (3, 13):
            space["__firstlineno__"] = own_code.co_firstlineno
        if (docstring := ast.get_docstring(node, clean=False)) is not None:
            space["__doc__"] = docstring
        if bases is not named:
            space["__orig_bases__"] = named
        self._fill_class(node, own_code, Scope(scope.module, space))
        _check_members(node, bases, space)
        made = metaclass(node.name, bases, space)
        if _read_text_signature(made) is not None:
            # inspect.signature(), which dataclass() calls, evaluates the names in it.
            raise DefinitionError(
                f"The docstring of {node.name} would be read as its signature.", node.lineno
            )
        for decorator in reversed(decorators):
            made = decorator(made)
        return self._evaluator.note_made(made)  # type: ignore[no-any-return]

    def _fill_class(self, node: ast.ClassDef, code: CodeType, scope: Scope) -> None:
        cell = types.CellType()
        for statement in node.body:
            if isinstance(statement, ast.FunctionDef):
                value = self._make_function(statement, code, scope, cell)
                self._bind(statement.name, value, statement, scope)
            elif isinstance(statement, ast.Import | ast.ImportFrom):
                self.run_import(statement, scope)
            else:
                self.run(statement, code, scope)
        if "__class__" in code.co_cellvars:
            scope.own["__classcell__"] = cell

    def _find_class_decorator(self, node: ast.expr, scope: Scope) -> Any:
        target = node.func if isinstance(node, ast.Call) else node
        if not known.is_class_decorator(self._evaluator.resolve(target, scope)):
            raise DefinitionError(f"@{ast.unparse(node)} would run.", node.lineno)
        if isinstance(node, ast.Call):
            return self._evaluator.call_decorator_factory(node, scope)
        return self._evaluator.resolve(node, scope)

    def _find_base(self, node: ast.expr, scope: Scope) -> Any:
        if isinstance(node, ast.Subscript):
            generic: Any = self._evaluator.resolve(node.value, scope)
            if not any(generic is one for one in (Generic, Protocol)):
                raise DefinitionError(f"{ast.unparse(node)} is computed.", node.lineno)
            return generic[self._evaluator.evaluate(node.slice, scope)]
        base = self._evaluator.resolve(node, scope)
        if base is not NamedTuple and not issubclass(type(base), type):
            raise DefinitionError(f"{ast.unparse(node)} is no class.", node.lineno)
        return base

    def _check_bases(self, node: ast.ClassDef, bases: tuple[Any, ...]) -> None:
        is_enum = any(issubclass(type(base), EnumType) for base in bases)
        for base in bases:
            hook = known.find_unknown_hook(base)
            if issubclass(base, type):
                hook = "its place as a metaclass"
            elif is_enum and not issubclass(base, Enum) and base not in known.ENUM_MIXINS:
                hook = "its part in making the members"
            if hook:
                raise DefinitionError(
                    f"{base.__qualname__} cannot be a base of {node.name}: {hook} may run code.",
                    node.lineno,
                )


def _read_text_signature(made: type[Any]) -> str | None:
    # The descriptor itself: a class could have an attribute of that name.
    text: str | None = vars(type)["__text_signature__"].__get__(made)
    return text


def _check_members(
    node: ast.ClassDef, bases: tuple[type[Any], ...], space: Mapping[str, Any]
) -> None:
    """Refuse members that a text is decoded for: it imports a codec; or that fill the memory."""
    if type(space) is dict or not any(issubclass(base, str | bytes) for base in bases):
        return
    for name, value in space.items():
        if issubclass(type(value), tuple | int) and not name.startswith("_"):
            raise DefinitionError(
                f"{node.name}.{name} is not a text, as a member of such an enumeration is.",
                node.lineno,
            )


def _find_code(parent: CodeType, node: ast.FunctionDef | ast.ClassDef) -> CodeType:
    """Return the code object of a definition among those of the body in which it stands."""
    line = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
    for part in parent.co_consts:
        if isinstance(part, CodeType) and part.co_name == node.name and part.co_firstlineno == line:
            return part
    raise DefinitionError(f"{node.name} has no code of its own.", node.lineno)


def _list_public(module: ModuleType) -> list[str]:
    listed = getattr(module, "__all__", None)
    return list(listed) if listed is not None else [n for n in vars(module) if n[:1] != "_"]


def _take(module: ModuleType, name: str) -> Any:
    try:
        return getattr(module, name)
    except AttributeError:
        return importlib.import_module(f"{module.__name__}.{name}")
