"""Giving a checked scene's definitions to the user, without taking anything from them.

The source is executed as a module of its own, so its functions and ``from manim import *`` do not
write over the user's names. Then the scene classes are bound in the user's namespace, and whatever
else the scene defines or imports where the name is still free: ``class Mine(MyScene)`` in the next
cell finds ``FadeOut`` and ``RED``.
"""

from __future__ import annotations

import contextlib
import linecache
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from shaperotator_magic.errors import SceneCodeError
from shaperotator_magic.records import CheckedScene

_MODULE_PREFIX = "shaperotator_scene_"


@dataclass(frozen=True)
class Injected:
    """What an injection did: the scene class and its name in the user's namespace.

    ``kept`` are names of the scene that the user already used for something else.
    """

    scene_class: type[Any]
    scene_class_name: str
    added: tuple[str, ...]
    kept: tuple[str, ...]


def inject(
    scene: CheckedScene,
    user_ns: dict[str, Any],
    *,
    generation_id: str,
    variables: Mapping[str, Any] | None = None,
) -> Injected:
    """Execute a checked scene's definitions and bind them in the user's namespace.

    Parameters
    ----------
    scene
        Passed the checks: executing it only defines.
    user_ns
        The user's namespace; changed only when the definitions succeeded.
    generation_id
        Names the module, and the file name that tracebacks show.
    variables
        Kernel variables that the scene refers to by name.

    Raises
    ------
    SceneCodeError
        A definition raised, such as an unknown name in a class body.
    """
    module = _build_module(scene, generation_id, variables or {})
    _execute(scene, module)
    own = {
        n: v
        for n, v in vars(module).items()
        if not n.startswith("__") and n not in (variables or {})
    }
    name = scene.code.scene_name
    scene_class = own.pop(name)
    bound_name = _find_free_name(name, user_ns)
    user_ns[bound_name] = scene_class
    added, kept = [bound_name], []
    for other, value in own.items():
        is_of_scene = getattr(value, "__module__", "") == module.__name__
        if other not in user_ns or (is_of_scene and _is_injected(user_ns[other])):
            user_ns[other] = value
            added.append(other)
        elif user_ns[other] is not value and is_of_scene:
            kept.append(other)
    return Injected(scene_class, bound_name, tuple(added), tuple(kept))


def _build_module(
    scene: CheckedScene, generation_id: str, variables: Mapping[str, Any]
) -> ModuleType:
    module = ModuleType(f"{_MODULE_PREFIX}{generation_id}")
    module.__file__ = f"<shaperotate {generation_id}>"
    module.__dict__.update(variables)
    source = scene.code.source
    lines = source.splitlines(keepends=True)
    linecache.cache[module.__file__] = (len(source), None, lines, module.__file__)
    return module


def _execute(scene: CheckedScene, module: ModuleType) -> None:
    source = scene.code.source
    # Python asks sys.modules for the source of a class, so inspect and tracebacks work.
    sys.modules[module.__name__] = module
    try:
        with _config_kept():
            exec(compile(source, str(module.__file__), "exec"), module.__dict__)  # noqa: S102 - checked: it only defines
    except Exception as exc:
        del sys.modules[module.__name__]
        line = _find_line(exc, str(module.__file__))
        where = f"Line {line}: " if line else ""
        raise SceneCodeError(
            f"{where}{type(exc).__name__}: {exc}", hint="The scene was not injected.", source=source
        ) from exc


@contextlib.contextmanager
def _config_kept() -> Iterator[None]:
    """Let ``config.background_color = …`` of a scene not change the user's later renders."""
    import manim

    before = dict(manim.config._d)
    try:
        yield
    finally:
        manim.config._d.update(before)


def _find_line(error: BaseException, file: str) -> int | None:
    trace, line = error.__traceback__, None
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == file:
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


def _is_injected(value: Any) -> bool:
    return str(getattr(value, "__module__", "")).startswith(_MODULE_PREFIX)


def _find_free_name(name: str, user_ns: Mapping[str, Any]) -> str:
    """Return the name, or name_2, name_3 … where the user has something of their own there."""
    candidate, number = name, 1
    while candidate in user_ns and not _is_injected(user_ns[candidate]):
        number += 1
        candidate = f"{name}_{number}"
    return candidate
