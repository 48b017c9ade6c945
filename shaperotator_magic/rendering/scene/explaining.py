"""Why a scene failed, for the writer of its code: the line, the values there, the true signature.

The errors of manim and Python fill pages. What helps is the scene's own line, the values of its
names, and the real signature of the function that raised.

Runs in a scene's process, the confined fork that draws it.
"""

from __future__ import annotations

import ast
import inspect
import re
import traceback
from difflib import get_close_matches
from pathlib import Path
from types import FrameType, ModuleType
from typing import Any

from shaperotator_magic.core.records import RehearsalFailure
from shaperotator_magic.rendering.scene.advice import advise
from shaperotator_magic.rendering.scene.failures import describe_failure
from shaperotator_magic.rendering.scene.locating import locate_failure, name_missing

LONGEST = 600
_LONGEST_VALUE = 60
_MOST_VALUES = 4
_LONGEST_SIGNATURE = 220
_MISSING = re.compile(r"^AttributeError: '?(\w+)'? object has no attribute '(\w+)'")
_NEAR = 0.7
# Where an object lies helps nobody, and differs from run to run.
_ADDRESS = re.compile(r"(?: object)? at 0x[0-9a-fA-F]+")


def explain_failure(error: BaseException, log: Path, scene_file: str) -> RehearsalFailure:
    """Return message, line and a hint of values and signature; at most 600 characters in all."""
    failure = describe_failure(error, log, scene_file)
    frames = [frame for frame, _ in traceback.walk_tb(error.__traceback__)]
    own = [i for i, frame in enumerate(frames) if frame.f_code.co_filename == scene_file]
    missing = name_missing(error, scene_file)
    parts = [hint] if (hint := failure.hint or advise(missing or failure.message)) else []
    if own:
        line = failure.line or 0
        parts += _name_nearest(missing or failure.message, frames[own[-1]])
        parts += _describe_call(frames[own[-1] + 1 :])
        parts += _describe_values(frames[own[-1]], line, error)
    message = _ADDRESS.sub("", missing or failure.message)[: LONGEST // 2]
    hint = " ".join(parts)
    return RehearsalFailure(
        message=message,
        hint=hint[: LONGEST - len(message)],
        line=failure.line,
        **locate_failure(error, scene_file),
    )


def _name_nearest(message: str, frame: FrameType) -> list[str]:
    """Name the attribute that a class has, where one it has not is misspelt or shortened."""
    found = _MISSING.match(message)
    owner = frame.f_globals.get(found[1]) if found else None
    if found is None or not isinstance(owner, type):
        return []
    names = [name for name in dir(owner) if not name.startswith("_")]
    near = get_close_matches(found[2], names, n=1, cutoff=_NEAR)
    return [f"Nearest: .{near[0]}."] if near else []


def _describe_call(inner: list[FrameType]) -> list[str]:
    """Describe the signature of the call, where it was manim's."""
    if not inner or "manim" not in Path(inner[0].f_code.co_filename).parts:
        return []
    frame = inner[0]
    owner = frame.f_locals.get("self", frame.f_locals.get("cls"))
    name = frame.f_code.co_name
    if name == "__getattr__":
        return []
    function = getattr(type(owner), name, None) if owner is not None else None
    function = function or frame.f_globals.get(name)
    try:
        signature = inspect.signature(function)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return []
    kept = [
        parameter.replace(annotation=inspect.Parameter.empty)
        for key, parameter in signature.parameters.items()
        if key not in {"self", "cls"}
    ]
    bare = signature.replace(parameters=kept, return_annotation=inspect.Signature.empty)
    shown = type(owner).__name__ if name == "__init__" else name
    return [f"Signature: {shown}{bare}"[:_LONGEST_SIGNATURE] + "."]


def _describe_values(frame: FrameType, line: int, error: BaseException) -> list[str]:
    """Describe the values of the names in the failing line."""
    names = _names_in_line(frame, line)
    rows = [
        f"{name} = {_shorten(frame.f_locals[name])}"
        for name in names
        if name in frame.f_locals and name != "self"
    ]
    return [f"There: {'; '.join(rows[:_MOST_VALUES])}."] if rows else []


def _names_in_line(frame: FrameType, line: int) -> list[str]:
    import linecache

    text = linecache.getline(frame.f_code.co_filename, line).strip().rstrip(":")
    try:
        tree = ast.parse(text)
    except SyntaxError:
        words = "".join(c if c.isalnum() or c == "_" else " " for c in text).split()
        return list(dict.fromkeys(words))
    return list(dict.fromkeys(n.id for n in ast.walk(tree) if isinstance(n, ast.Name)))


def _shorten(value: Any) -> str:
    if hasattr(value, "submobjects"):
        parts = len(value.submobjects)
        return f"{type(value).__name__} of {parts}" if parts else type(value).__name__
    shape = getattr(value, "shape", None)
    if isinstance(shape, tuple) and shape:
        return f"array of shape {shape}"
    if callable(value):
        return "a function"
    if isinstance(value, ModuleType):  # its text holds a path of this machine
        return "a module"
    try:
        text = _ADDRESS.sub("", repr(value))
    except Exception:  # noqa: BLE001 - a scene may define any __repr__
        return type(value).__name__
    return text if len(text) <= _LONGEST_VALUE else text[: _LONGEST_VALUE - 1] + "…"
