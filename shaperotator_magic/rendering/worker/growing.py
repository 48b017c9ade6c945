"""Scenes whose code is still being written: one job that is given more whenever it has run all.

The job draws, or rehearses, what is known and then asks. Where the code has grown in a way in which
construct() can go on (``read_growth``), the job is handed the new source, in a file of its folder.
While it waits it has no time limit to keep.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

import ast
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shaperotator_magic.core.records import CheckedScene, SceneCode
from shaperotator_magic.core.styles.look import build_look
from shaperotator_magic.rendering.checkpoints.boundaries import find_cuts
from shaperotator_magic.rendering.checkpoints.dependencies import Script
from shaperotator_magic.rendering.exchange.regular_files import create_regular
from shaperotator_magic.rendering.renderer import GrowingCode, GrowthEndedError, RenderRequest
from shaperotator_magic.rendering.worker.pipe import Report
from shaperotator_magic.rendering.worker.reports import RunningRender

OfferMore = Callable[[Script, int], list[dict[str, Any]]]
"""Takes a script and a statement; returns what of it is cached from there on."""
ReadScript = Callable[[SceneCode], Script | None]


@dataclass(frozen=True)
class _Parts:
    """A source in the parts that matter to growth: construct(), and all that is around it."""

    construct: ast.FunctionDef
    statements: tuple[str, ...]
    around: str


def _split(code: SceneCode) -> _Parts | None:
    tree = ast.parse(code.source)
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and node.name == code.scene_name:
            for part in node.body:
                if isinstance(part, ast.FunctionDef) and part.name == "construct":
                    statements = tuple(map(ast.dump, part.body))
                    body, part.body = part.body, []
                    around = f"{part.lineno} {ast.dump(tree)}"
                    part.body = body
                    return _Parts(part, statements, around)
    return None


class Growth:
    """How far the code of one job has come, and what it was given of it.

    Parameters
    ----------
    code
        Where more comes from.
    request
        How it is drawn.
    read_script
        Returns the script of a scene; None where nothing of it is cached. Then ``offer`` is not
        called.

    Raises
    ------
    GrowthEndedError
        The scene has no construct() of its own.
    """

    def __init__(self, code: GrowingCode, request: RenderRequest, read_script: ReadScript) -> None:
        self._code = code
        self._request = request
        self._read_script = read_script
        self.scene = code.first
        parts = _split(self.scene.code)
        if parts is None:
            raise GrowthEndedError
        self._parts = parts
        self._cuts: set[int] = set()
        self.script = read_script(self.scene.code)
        self._look = build_look(request.style, self.scene.code.source)
        self.offer: OfferMore = lambda script, begin: []

    def describe(self) -> dict[str, Any]:
        """Return what a job is told that begins with the first part."""
        parts = self._parts
        return {"construct_line": parts.construct.lineno, "statements": len(parts.statements)}

    def find_more(self) -> dict[str, Any] | None:
        """Return what has come since, for the job; None where it has to wait.

        Raises
        ------
        GrowthEndedError
            The code has ended, or has become another, and this job cannot go on with it.
        """
        return self._code.call(self._find_more) if self._code.has_more() else None

    def _find_more(self) -> dict[str, Any] | None:
        found = self._code.find_next(self.scene)
        if found is None:
            return None
        scene, is_whole = found
        begin = len(self._parts.statements)
        self._take(scene)
        facts = {"source": scene.code.source, "statements": len(self._parts.statements)}
        script = None
        if self.script is not None:
            script = {
                "lines": self.script.lines,
                "boundaries": self.script.boundaries,
                "kept": self.offer(self.script, begin),
            }
        return {**facts, "look": self._look, "is_whole": is_whole, "script": script}

    def _take(self, scene: CheckedScene) -> None:
        parts = _split(scene.code)
        known = len(self._parts.statements)
        if parts is None or parts.around != self._parts.around:
            raise GrowthEndedError
        if parts.statements[:known] != self._parts.statements:
            raise GrowthEndedError
        if len(parts.statements) > known:
            self._cuts.add(known)
        if not self._cuts <= find_cuts(scene.code.source, parts.construct):
            raise GrowthEndedError
        look = build_look(self._request.style, scene.code.source)
        if _without_literals(look) != _without_literals(self._look):
            raise GrowthEndedError
        script = self._read_script(scene.code)
        if (script is None) != (self.script is None):
            raise GrowthEndedError
        self.scene, self._parts, self.script, self._look = scene, parts, script, look


def _without_literals(look: Mapping[str, Any] | None) -> dict[str, Any]:
    return {key: value for key, value in (look or {}).items() if key != "literals"}


class GrowthDesk:
    """Answers the questions of one job for more of its code.

    Parameters
    ----------
    folder
        The job's folder.
    send
        Sends an order to the supervisor.
    """

    def __init__(
        self, growth: Growth, folder: Path, render: RunningRender, send: Callable[[Report], None]
    ) -> None:
        self._growth = growth
        self._folder = folder
        self._render = render
        self._send = send
        self._process: int | None = None
        self._asked_at = 0.0
        self._given = 0

    def takes(self, report: Report) -> bool:
        """Take a report that is such a question."""
        if "more" not in report.get("question", {}):
            return False
        self._process, self._asked_at = report["process"], time.monotonic()
        return True

    def answer(self) -> None:
        """Hand over what has come since, if the job waits for it.

        Raises
        ------
        GrowthEndedError
            See ``Growth.find_more``.
        """
        if self._process is None:
            return
        more = self._growth.find_more()
        now = time.monotonic()
        self._render.wait(now - self._asked_at)
        self._asked_at = now
        if more is None:
            return
        self._given += 1
        name = f"more-{self._given}.json"
        create_regular(self._folder / name, json.dumps(more).encode())
        process, self._process = self._process, None
        self._send({"answer": {"file": name}, "process": process})
