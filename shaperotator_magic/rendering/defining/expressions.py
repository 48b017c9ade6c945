"""What Python evaluates while definitions are made: constants, defaults, decorators, base classes.

Displays, names, lambdas and a few factories are put together here, by the same code in both
processes. Everything else, such as ``2 * PI`` or ``np.linspace(0, 1, 5)``, is *computed*: really
evaluated in the confined process, and in the kernel taken from what that process sent.

Runs in the caller's process and in a scene's.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Callable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from types import CodeType, FunctionType, ModuleType
from typing import Any, Protocol, TypeGuard

from shaperotator_magic.rendering.defining import known

_DISPLAYS: dict[type[ast.expr], Callable[[Any], Any]] = {
    ast.List: list,
    ast.Tuple: tuple,
    ast.Set: set,
}


class DefinitionError(Exception):
    """The definitions cannot be made: ``message`` says why, ``line`` where."""

    def __init__(self, message: str, line: int | None) -> None:
        super().__init__(message)
        self.message = message
        self.line = line


@dataclass(frozen=True)
class Scope:
    """Where names are looked up: a class's namespace, or the module's twice."""

    module: dict[str, Any]
    own: MutableMapping[str, Any]

    def look_up(self, name: str) -> Any:
        """Return what a name is bound to, as Python finds it in a class body.

        Raises
        ------
        NameError
            It is bound nowhere.
        """
        spaces: tuple[Mapping[str, Any], ...] = (self.own, self.module, vars(builtins))
        for space in spaces:
            if name in space:
                return space[name]
        raise NameError(f"name {name!r} is not defined")


class Values(Protocol):
    """Where computed values come from, and what becomes of settings; one for each process."""

    def compute(self, node: ast.expr, scope: Scope, made: list[Any]) -> Any:
        """Return the value of an expression that is no display, name, lambda or factory."""

    def configure(self, target: ast.expr, value: Any) -> None:
        """Take ``config.NAME = value``."""


class Evaluator:
    """Evaluates expressions; records the functions and classes that were made, in order.

    Parameters
    ----------
    file
        The file name for code objects, which tracebacks show.
    values
        Where computed values come from.
    """

    def __init__(self, file: str, values: Values) -> None:
        self.made: list[Any] = []
        self._file = file
        self._values = values
        self._identities: set[int] = set()

    def note_made(self, value: Any) -> Any:
        """Record a function or class that was assembled here; return it."""
        self.made.append(value)
        self._identities.add(id(value))
        return value

    def is_made(self, value: Any) -> bool:
        """Return whether a value was assembled here."""
        return id(value) in self._identities

    def evaluate(self, node: ast.expr, scope: Scope) -> Any:
        """Return the value of an expression."""
        if isinstance(node, ast.Constant):
            return node.value
        if isinstance(node, ast.Lambda):
            return self._make_lambda(node, scope)
        if isinstance(node, ast.Name | ast.Attribute):
            found, value = self._follow(node, scope)
            return value if found else self._values.compute(node, scope, self.made)
        if self._calls_factory(node, scope):
            return self._call(self.resolve(node.func, scope), node, scope)
        return self._evaluate_display(node, scope)

    def _evaluate_display(self, node: ast.expr, scope: Scope) -> Any:
        if isinstance(node, ast.List | ast.Tuple | ast.Set) and not _has_star(node.elts):
            return _DISPLAYS[type(node)](self.evaluate(item, scope) for item in node.elts)
        if isinstance(node, ast.Dict) and None not in node.keys:
            return self._evaluate_dict(node, scope)
        return self._values.compute(node, scope, self.made)

    def resolve(self, node: ast.expr, scope: Scope) -> Any:
        """Return the object that a dotted name stands for.

        Raises
        ------
        DefinitionError
            It is no dotted name of modules and classes.
        """
        found, value = self._follow(node, scope)
        if not found:
            raise DefinitionError(f"{ast.unparse(node)} is computed; name it.", node.lineno)
        return value

    def call_decorator_factory(self, node: ast.Call, scope: Scope) -> Any:
        """Return the decorator that a call such as ``lru_cache(maxsize=None)`` makes."""
        factory = self.resolve(node.func, scope)
        is_override = any(factory is one for one in known.find_override_decorators())
        if not is_override and not known.is_decorator_factory(factory):
            raise DefinitionError(f"@{ast.unparse(node)} would run.", node.lineno)
        if is_override and factory.__name__ == "override_animate":
            # It writes an attribute on its argument, which must not be one of manim's functions.
            is_one = len(node.args) == 1 and not node.keywords
            target = self.resolve(node.args[0], scope) if is_one else None
            if not known.is_own_function(target, self.is_made):
                raise DefinitionError(
                    f"@{ast.unparse(node)} would change something that is not the scene's.",
                    node.lineno,
                )
        if is_override:
            return self.note_made(factory(*(self.evaluate(part, scope) for part in node.args)))
        return self._call(factory, node, scope)

    def make_function(self, node: ast.FunctionDef, code: CodeType, scope: Scope, cell: Any) -> Any:
        """Return a function of a code object that was compiled with the source, not called."""
        function = self._build_function(node, code, scope, cell)
        function.__annotations__ = _describe_annotations(node)
        return function

    def _make_lambda(self, node: ast.Lambda, scope: Scope) -> Any:
        whole = compile(ast.Expression(node), self._file, "eval", dont_inherit=True)
        code = next(part for part in whole.co_consts if isinstance(part, CodeType))
        return self._build_function(node, code, scope, None)

    def _build_function(
        self, node: ast.FunctionDef | ast.Lambda, code: CodeType, scope: Scope, cell: Any
    ) -> FunctionType:
        arguments = node.args
        defaults = tuple(self.evaluate(default, scope) for default in arguments.defaults)
        closure = _close(code, cell, node)
        function = FunctionType(code, scope.module, code.co_name, defaults, closure)
        keywords = {
            argument.arg: self.evaluate(default, scope)
            for argument, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
            if default is not None
        }
        if keywords:
            function.__kwdefaults__ = keywords
        self.note_made(function)
        return function

    def _evaluate_dict(self, node: ast.Dict, scope: Scope) -> dict[Any, Any]:
        pairs = zip(node.keys, node.values, strict=True)
        return {
            self.evaluate(key, scope): self.evaluate(value, scope)
            for key, value in pairs
            if key is not None
        }

    def _follow(self, node: ast.expr, scope: Scope) -> tuple[bool, Any]:
        """Follow a dotted name through modules and classes; read no attribute of anything else.

        The type decides, not ``__class__``: a value could answer that itself.
        """
        if isinstance(node, ast.Name):
            return True, scope.look_up(node.id)
        if not isinstance(node, ast.Attribute):
            return False, None
        found, owner = self._follow(node.value, scope)
        if not found or not issubclass(type(owner), ModuleType | type):
            return False, None
        return True, getattr(owner, node.attr)

    def _calls_factory(self, node: ast.expr, scope: Scope) -> TypeGuard[ast.Call]:
        if not isinstance(node, ast.Call):
            return False
        found, function = self._follow(node.func, scope)
        is_plain = not _has_star(node.args) and all(keyword.arg for keyword in node.keywords)
        return found and is_plain and known.is_factory(function, has_arguments=bool(node.args))

    def _call(self, function: Any, node: ast.Call, scope: Scope) -> Any:
        arguments = [self.evaluate(argument, scope) for argument in node.args]
        keywords = {str(k.arg): self.evaluate(k.value, scope) for k in node.keywords}
        if not known.takes(function, arguments, keywords):
            raise DefinitionError(
                f"{ast.unparse(node)[:60]} would ask its arguments; give it plain values.",
                node.lineno,
            )
        made = function(*arguments, **keywords)
        if isinstance(made, type):
            made.__module__ = scope.module["__name__"]  # namedtuple() took this module's
        return self.note_made(made)


def _has_star(items: Sequence[ast.expr]) -> bool:
    return any(isinstance(item, ast.Starred) for item in items)


def _close(code: CodeType, cell: Any, node: ast.expr | ast.FunctionDef) -> tuple[Any, ...]:
    """Return the closure of a function: a method that says ``super()`` needs its class."""
    if not code.co_freevars:
        return ()
    if code.co_freevars != ("__class__",) or cell is None:
        names = ", ".join(code.co_freevars)
        raise DefinitionError(f"A function takes {names} from around it.", node.lineno)
    return (cell,)


def _describe_annotations(node: ast.FunctionDef) -> dict[str, str]:
    """Return annotations as text, as ``from __future__ import annotations`` keeps them."""
    arguments = node.args
    every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    every += [argument for argument in (arguments.vararg, arguments.kwarg) if argument]
    texts = {a.arg: ast.unparse(a.annotation) for a in every if a.annotation is not None}
    if node.returns is not None:
        texts["return"] = ast.unparse(node.returns)
    return texts
