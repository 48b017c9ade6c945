"""A scene whose code is still being written: its construct() runs statement by statement.

The first statements run as the class has them. At their end the local variables are kept, the
process asks its caller for more, and waits. What comes is compiled as another construct(), which
begins with those variables: the same that ``checkpoints/restoring.py`` does in another process,
with the same conditions (``boundaries.find_cuts``), which the caller has checked.

Runs in a scene's process, the confined fork that draws it.
"""

from __future__ import annotations

import ast
import json
import linecache
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

from shaperotator_magic.rendering.checkpoints.boundaries import (
    AT_STATEMENT,
    HOLD,
    RESUME,
    divide,
    find_function,
    hold_at_end,
)
from shaperotator_magic.rendering.exchange.channel import Job, Send
from shaperotator_magic.rendering.scene.looks import recolor_source

GrownListener = Callable[[dict[str, Any], CodeType], None]
"""Called with what has come (see ``worker.growing``), and the code that is to run next."""


def begin_growing(job: Job, tree: ast.Module | None) -> ast.Module | None:
    """Return the tree to run first; as it was where the scene is whole."""
    if not job.get("grows"):
        return tree
    tree = tree or ast.parse(job["source"])
    hold_at_end(tree, job["grows"]["construct_line"])
    return tree


def continue_growing(
    scene_class: type[Any], job: Job, send: Send, on_grown: GrownListener | None
) -> None:
    """Let construct() of a scene's class go on with what is still to come."""
    if job.get("grows"):
        _GrowingConstruct(scene_class, job, send, on_grown)


class _GrowingConstruct:
    """Stands in for the construct() of one scene's class."""

    def __init__(
        self, scene_class: type[Any], job: Job, send: Send, on_grown: GrownListener | None
    ) -> None:
        self._job = job
        self._send = send
        self._on_grown = on_grown
        self._name = scene_class.__name__
        self._line: int = job["grows"]["construct_line"]
        self._count: int = job["grows"]["statements"]
        self._variables: dict[str, Any] | None = None
        self._module = sys.modules["scene"]
        first = scene_class.construct
        vars(self._module).update({HOLD: self._hold})
        vars(self._module).setdefault(AT_STATEMENT, lambda *_: None)
        scene_class.construct = lambda scene: self._run(scene, first)

    def _run(self, scene: Any, first: Callable[[Any], None]) -> None:
        first(scene)
        is_whole = False
        while not is_whole:
            more = self._ask()
            is_whole = more["is_whole"]
            if self._variables is None:
                continue  # it has returned before its last statement, and so would the whole
            begin, self._count = self._count, more["statements"]
            if self._count > begin:
                self._compile(more, begin)(scene)

    def _ask(self) -> dict[str, Any]:
        answer = self._send.ask({"more": self._count})
        more: dict[str, Any] = json.loads(Path(self._job["folder"], answer["file"]).read_text())
        return more

    def _hold(self, variables: Mapping[str, Any]) -> None:
        self._variables = dict(variables)

    def _compile(self, more: dict[str, Any], begin: int) -> FunctionType:
        """Return a construct() of the statements from ``begin`` on."""
        source = more["source"]
        linecache.cache["<scene>"] = (len(source), None, source.splitlines(True), "<scene>")
        variables, self._variables = self._variables or {}, None
        construct = find_function(ast.parse(source), self._line)
        arguments = construct.args.args
        own = {k: v for k, v in variables.items() if not arguments or k != arguments[0].arg}
        tree = divide(source, self._line, begin=begin, names=sorted(own))
        if not more["is_whole"]:
            hold_at_end(tree, self._line)
        tree = recolor_source(tree, more["look"])
        vars(self._module)[RESUME] = lambda: tuple(own[name] for name in sorted(own))
        # In a class of the same name: so names such as self.__step mean the same.
        holder = ast.ClassDef(self._name, [], [], [find_function(tree, self._line)], [])
        made = ast.Module([ast.fix_missing_locations(ast.copy_location(holder, construct))], [])
        space: dict[str, Any] = {}
        exec(compile(made, "<scene>", "exec"), vars(self._module), space)  # noqa: S102 - as the scene
        function: FunctionType = space[self._name].construct
        if self._on_grown is not None:
            self._on_grown(more, function.__code__)
        return function
