"""What the proof sends, and the module that a kernel makes of it.

Runs in the caller's process and in a scene's.
"""

from __future__ import annotations

import ast
import json
import linecache
import sys
from collections.abc import Mapping
from types import ModuleType
from typing import Any

from shaperotator_magic.core.errors import RenderError, SceneCodeError
from shaperotator_magic.core.records import CheckedScene
from shaperotator_magic.rendering.defining.assembling import assemble, find_scene
from shaperotator_magic.rendering.defining.expressions import DefinitionError, Scope
from shaperotator_magic.rendering.defining.proving import Position, find_position
from shaperotator_magic.rendering.defining.transport import SpoiledValueError, decode
from shaperotator_magic.rendering.exchange.plays import SPOILED

LARGEST_DEFINITIONS_BYTES = 20_000_000
_NOT_INJECTED = "The scene was not injected."


class Definitions:
    """A checked scene whose definitions are proved to run nothing.

    Parameters
    ----------
    scene
        The scene.
    values
        The computed values by their expressions' positions, as ``transport`` writes them.
    """

    def __init__(self, scene: CheckedScene, values: Mapping[Position, Any]) -> None:
        self.scene = scene
        self._values = values
        tree = ast.walk(ast.parse(scene.code.source))
        self._names = frozenset(
            node.id if isinstance(node, ast.Name) else node.attr
            for node in tree
            if isinstance(node, ast.Name | ast.Attribute)
        )

    @classmethod
    def read(cls, scene: CheckedScene, content: bytes) -> Definitions:
        """Read what the confined process wrote.

        Raises
        ------
        RenderError
            It is not what we write there.
        """
        try:
            rows = json.loads(content)
            return cls(scene, {_check_position(position): value for position, value in rows})
        except (ValueError, TypeError, OverflowError, RecursionError) as exc:
            raise RenderError(SPOILED) from exc

    def build_module(self, name: str, file: str, variables: Mapping[str, Any]) -> ModuleType:
        """Return a new module with the scene's functions and classes; none of them has run.

        Parameters
        ----------
        name
            Its name in ``sys.modules``, by which tracebacks and ``inspect`` find the source.
        file
            The file name that tracebacks show.
        variables
            Variables of the user's that the scene refers to by name.

        Raises
        ------
        SceneCodeError
            A definition cannot be made here, with its line.
        """
        source = self.scene.code.source
        module = ModuleType(name)
        module.__file__ = file
        vars(module).update(variables)
        linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)
        sys.modules[name] = module
        try:
            assemble(source, module, self)
            find_scene(module, self.scene.code.scene_name)
        except DefinitionError as exc:
            del sys.modules[name]
            raise build_definition_error(exc.message, exc.line, source) from exc
        return module

    def compute(self, node: ast.expr, scope: Scope, made: list[Any]) -> Any:
        """Return the value that the proof computed of this expression."""
        try:
            return decode(self._values[find_position(node)], made, self._names)
        except (KeyError, SpoiledValueError) as exc:
            raise DefinitionError(f"{ast.unparse(node)[:60]} was not proved.", node.lineno) from exc

    def configure(self, target: ast.expr, value: Any) -> None:
        """Leave the user's configuration of manim as it is."""


def build_definition_error(message: str, line: int | None, source: str) -> SceneCodeError:
    """Return the error for a definition that cannot be made."""
    where = f"Line {line}: " if line else ""
    return SceneCodeError(f"{where}{message}", hint=_NOT_INJECTED, source=source)


def _check_position(position: Any) -> Position:
    first, first_column, last, last_column = (int(number) for number in position)
    return first, first_column, last, last_column
