"""The proof: definitions are assembled in a confined process before a kernel sees them.

What the kernel cannot put together itself is computed here, under an audit hook and a watch for
calls of the scene's own functions, and serialised as data.

Runs in a confined process.
"""

from __future__ import annotations

import ast
import contextlib
import json
import linecache
import sys
from collections.abc import Iterator
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

from shaperotator_magic.rendering.defining.assembling import assemble, find_scene
from shaperotator_magic.rendering.defining.expressions import DefinitionError, Scope
from shaperotator_magic.rendering.defining.transport import NotCarriedError, encode
from shaperotator_magic.rendering.defining.watching import Auditor, watching_calls
from shaperotator_magic.rendering.exchange.channel import Job, Send
from shaperotator_magic.rendering.exchange.variables import decode_variables
from shaperotator_magic.rendering.scene.failures import Failure

DEFINITIONS_NAME = "definitions.json"
_FILE = "<definitions>"

Position = tuple[int, int, int, int]
"""First line and column, last line and column of an expression, as in ``ast``."""


def find_position(node: ast.expr) -> Position:
    """Return where an expression stands in its source."""
    return node.lineno, node.col_offset, node.end_lineno or 0, node.end_col_offset or 0


def prove_definitions(job: Job, send: Send) -> int:
    """Assemble the scene of a job; the result names a file that holds its computed values."""
    import manim

    manim.config.update(job["config"])
    module = ModuleType("scene")
    module.__file__ = _FILE
    vars(module).update(decode_variables(job["variables"]))
    sys.modules["scene"] = module  # dataclasses look for it there
    source = job["source"]
    linecache.cache[_FILE] = (len(source), None, source.splitlines(keepends=True), _FILE)
    proof = _Proof()
    try:
        assemble(source, module, proof, watch=proof.watch)
        find_scene(module, job["scene_name"])
    except DefinitionError as exc:
        send(error=Failure(message=exc.message, line=exc.line).model_dump())
        return 1
    path = Path(job["folder"]) / DEFINITIONS_NAME
    path.write_text(json.dumps(proof.written), encoding="utf-8")
    send(result={"file": DEFINITIONS_NAME})
    return 0


class _Proof:
    """Evaluates expressions for real, and serialises every value."""

    def __init__(self) -> None:
        self.written: list[tuple[Position, Any]] = []
        self._evaluated: set[CodeType] = set()
        self._auditor = Auditor()

    @contextlib.contextmanager
    def watch(self) -> Iterator[None]:
        """Watch over the making of one statement."""
        with watching_calls(_FILE, allowed=self._evaluated), self._auditor.making():
            yield

    def compute(self, node: ast.expr, scope: Scope, made: list[Any]) -> Any:
        code = compile(ast.Expression(node), _FILE, "eval", dont_inherit=True)
        self._evaluated.add(code)
        with self._auditor.evaluating(code):
            value = eval(code, scope.module, scope.own)  # noqa: S307 - confined, watched, audited
        try:
            self.written.append((find_position(node), encode(value, made)))
        except NotCarriedError as exc:
            raise DefinitionError(
                f"{ast.unparse(node)[:60]} is {exc}, which cannot be a constant of a scene; "
                "make it inside construct().",
                node.lineno,
            ) from exc
        return value

    def configure(self, target: ast.expr, value: Any) -> None:
        """Set ``config.NAME``, so that a later constant may depend on it."""
        from manim import config

        if isinstance(target, ast.Attribute):
            setattr(config, target.attr, value)
        elif isinstance(target, ast.Subscript) and isinstance(target.slice, ast.Constant):
            config[str(target.slice.value)] = value
        else:
            raise DefinitionError(f"{ast.unparse(target)} would be changed.", target.lineno)
