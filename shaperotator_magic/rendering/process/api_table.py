"""The API of the installed manim as a table: names, keywords, methods and return types.

Built in the supervisor, which has imported manim, so that the checks need not. The sources of
manim's classes are read for the attributes that only an ``__init__`` sets.

Runs in the supervisor, the process that forks one process for each scene.
"""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

from shaperotator_magic.rendering.exchange.channel import Job, Send
from shaperotator_magic.rendering.exchange.finished import TABLE_NAME

_KINDS = ("Mobject", "Animation", "Scene", "Camera")


def describe_manim(job: Job, send: Send) -> int:
    """Write the table into the job's folder; the result names its file."""
    import json

    table = build_table()
    (Path(job["folder"]) / TABLE_NAME).write_text(json.dumps(table))
    send(result={"file": TABLE_NAME})
    return 0


def build_table() -> dict[str, Any]:
    """Return names, classes and functions of ``from manim import *``."""
    import manim

    public = {name: value for name, value in vars(manim).items() if not name.startswith("_")}
    found = {value for value in public.values() if inspect.isclass(value)}
    classes = {base for cls in found for base in cls.__mro__ if base is not object}
    return {
        "version": manim.__version__,
        "names": sorted(public),
        "classes": {cls.__name__: _describe_class(cls) for cls in sorted(classes, key=_name_of)},
        "functions": {
            name: signature
            for name, value in public.items()
            if inspect.isfunction(value) and (signature := _describe_signature(value))
        },
    }


def _name_of(cls: type[Any]) -> str:
    return cls.__name__


def _describe_class(cls: type[Any]) -> dict[str, Any]:
    """Describe what the class itself defines; the rest is looked up along ``bases``."""
    own = {name: value for name, value in vars(cls).items() if not name.startswith("__")}
    methods = {}
    for name, value in own.items():
        function = value.__func__ if isinstance(value, staticmethod | classmethod) else value
        is_static = isinstance(value, staticmethod)
        if inspect.isfunction(function):
            signature = _describe_signature(function, is_bound=not is_static)
            if signature:
                methods[name] = signature
    init = vars(cls).get("__init__")
    names = [base.__name__ for base in cls.__mro__]
    return {
        "bases": names[1:-1],
        "kind": next((kind for kind in _KINDS if kind in names), ""),
        "init": _describe_signature(init, is_bound=True) if inspect.isfunction(init) else None,
        "methods": methods,
        "attributes": sorted({*own, *_find_instance_attributes(cls)}),
        "settable": sorted(name for name, value in own.items() if _is_settable(value)),
    }


def _is_settable(value: object) -> bool:
    return isinstance(value, property) and value.fset is not None


def _describe_signature(
    function: Callable[..., Any], *, is_bound: bool = False
) -> dict[str, Any] | None:
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):
        return None
    rows = list(signature.parameters.values())[1 if is_bound else 0 :]
    kinds = inspect.Parameter
    by_place = [r for r in rows if r.kind in {kinds.POSITIONAL_ONLY, kinds.POSITIONAL_OR_KEYWORD}]
    by_name = [r for r in rows if r.kind in {kinds.KEYWORD_ONLY, kinds.POSITIONAL_OR_KEYWORD}]
    has_more = any(r.kind is kinds.VAR_POSITIONAL for r in rows)
    returned = signature.return_annotation
    return {
        "keywords": [r.name for r in by_name],
        "places": None if has_more else len(by_place),
        "takes_any": any(r.kind is kinds.VAR_KEYWORD for r in rows),
        "returns": "" if returned is inspect.Signature.empty else str(returned).strip("'\""),
    }


def _find_instance_attributes(cls: type[Any]) -> set[str]:
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(cls)))
    except (OSError, TypeError, SyntaxError):
        return set()
    return {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "self"
        and isinstance(node.ctx, ast.Store)
    }
