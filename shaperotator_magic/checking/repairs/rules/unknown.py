"""Classes that nobody knows: the animation that their name says, or words in a frame. Pure.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from shaperotator_magic.checking.repairs.failing import Failing, Repair, find_called
from shaperotator_magic.checking.repairs.translation.inlining import inline_stand_ins

_NO_NAME = re.compile(r"name '(?P<name>[A-Z]\w*[a-z]\w*)' is not defined")
_NO_IMPORT = re.compile(r"cannot import name '\w+' from '(?:manim)\b|No module named '(?:manim)\b")
_PLAYING = frozenset("play AnimationGroup LaggedStart Succession LaggedStartMap".split())
# What part of a name says which animation it is, the first that is found.
_ANIMATIONS = (
    (("Out", "Hide", "Vanish", "Disappear", "Remove", "Dissolve", "Leave"), "FadeOut"),
    (("Write", "Type", "Text"), "Write"),
    (("Create", "Draw", "Trace"), "Create"),
    (("Grow", "Pop", "Zoom", "Expand"), "GrowFromCenter"),
    (("In", "Show", "Appear", "Fade", "Enter", "Reveal", "Display"), "FadeIn"),
    (("Transform", "Morph", "Change"), "Transform"),
    (("Rotat", "Spin", "Turn"), "Rotate"),
)


def import_from_manim(failing: Failing) -> Iterator[Repair]:
    """``from manim.shapes import Circle, Blob``: what manim has comes from manim itself."""
    statement = failing.statement
    if not _NO_IMPORT.search(failing.failure.message) or not isinstance(
        statement, ast.Import | ast.ImportFrom
    ):
        return
    names = statement.names if isinstance(statement, ast.ImportFrom) else []
    known = [
        f"{a.name} as {a.asname}" if a.asname else a.name
        for a in names
        if a.name in failing.api.names or a.name == "*"
    ]
    text = f"from manim import {', '.join(known)}" if known else "from manim import *"
    yield failing.repair([(statement, text)], "what manim has is imported from manim")


def name_animation(failing: Failing) -> Iterator[Repair]:
    """``FadeInFromBottom(x)`` in a play is what the words of its name say, else Indicate."""
    name = _find_unknown(failing)
    uses = _list_uses(failing, name)
    if not uses or not any(_is_played(failing, use) for use in uses):
        return
    words = re.findall(r"[A-Z][a-z]+", name)
    meant = next((new for parts, new in _ANIMATIONS if _says(words, parts)), "Indicate")
    few = any(len(use.args) != 2 for use in uses)  # noqa: PLR2004 - from what, into what
    new = "Indicate" if meant == "Transform" and few else meant
    edits = [(use.func, new) for use in uses]
    yield failing.repair(edits, f"{name} is now {new}")
    if new == "Write":
        edits = [(use.func, "FadeIn") for use in uses]
        yield failing.repair(edits, f"{name} is now FadeIn")
    first = [(use, f"{new}({failing.read(use.args[0])})") for use in uses if use.args]
    if len(first) == len(uses):
        yield failing.repair(first, f"{name} is now {new}")


def frame_unknown(failing: Failing) -> Iterator[Repair]:
    """A picture that manim has not: what it is given in a frame, else its name in one."""
    name = _find_unknown(failing)
    uses = _list_uses(failing, name)
    if not uses:
        return
    edits = []
    for use in uses:
        given = [failing.read(a) for a in use.args]
        given += [f"{k.arg}={failing.read(k.value)}" for k in use.keywords if k.arg]
        edits.append((use, f"framed({', '.join([repr(name), *given])})"))
    repaired = failing.repair(edits, f"a frame stands for {name}, which manim has not")
    source = inline_stand_ins(repaired.source, failing.api.names)
    yield Repair(source, repaired.message, "framed")


def _find_unknown(failing: Failing) -> str:
    found = _NO_NAME.search(failing.failure.message)
    return found["name"] if found else ""


def _list_uses(failing: Failing, name: str) -> list[ast.Call]:
    calls = [n for n in ast.walk(failing.tree) if isinstance(n, ast.Call)]
    return [c for c in calls if name and isinstance(c.func, ast.Name) and c.func.id == name]


def _is_played(failing: Failing, node: ast.Call) -> bool:
    parent = failing.parents.get(node)
    while isinstance(parent, ast.Starred | ast.List | ast.ListComp | ast.GeneratorExp):
        parent = failing.parents.get(parent)
    return isinstance(parent, ast.Call) and find_called(parent) in _PLAYING


def _says(words: list[str], parts: tuple[str, ...]) -> bool:
    return any(word.startswith(part) for word in words for part in parts)
