"""Giving a scene's definitions to the user, without running or taking anything.

The definitions are proved in a confined process (``rendering.defining``), and put together here
from values and function bodies that nobody has called. The scene class is then bound in the user's
namespace. What else the scene defines stays in a module beside it, ``MyScene.scene_module``. The
public names of manim and ``np`` are bound where they are free: ``class Mine(MyScene)`` in the next
cell finds ``FadeOut`` and ``RED``.

Runs in the user's kernel.
"""

from __future__ import annotations

import builtins
import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from shaperotator_magic.checking.gate.refused import MODULE_NAMES, REFUSED_NAMES
from shaperotator_magic.core.records import CheckedScene
from shaperotator_magic.rendering.defining.definitions import Definitions

_MODULE_PREFIX = "shaperotator_scene_"
MODULE_ATTRIBUTE = "scene_module"

# Settings of manim that a scene may read, and that differ from kernel to kernel.
_NUMERIC_CONFIG = ("frame_width", "frame_height", "pixel_width", "pixel_height", "frame_rate")

Define = Callable[..., Definitions]
"""``Worker.define``: proves the definitions of a scene in a confined process."""


@dataclass(frozen=True)
class Injected:
    """What an injection did: the scene class and its name in the user's namespace."""

    scene_class: type[Any]
    scene_class_name: str


class Injector:
    """Binds scene classes in one user's namespace, and remembers which names it bound.

    Parameters
    ----------
    user_ns
        The user's namespace; changed only when the definitions succeeded.
    define
        Proves the definitions of a scene; see ``Worker.define``.
    """

    def __init__(self, user_ns: dict[str, Any], define: Define) -> None:
        self._user_ns = user_ns
        self._define = define
        self._bound: dict[str, type[Any]] = {}

    def inject(
        self,
        scene: CheckedScene,
        *,
        generation_id: str,
        variables: Mapping[str, Any] | None = None,
    ) -> Injected:
        """Bind the scene class, under another name where the user has something there.

        Parameters
        ----------
        generation_id
            Names the module, and the file name that tracebacks show.
        variables
            Kernel variables that the scene refers to by name.

        Raises
        ------
        SceneCodeError
            A definition would run something, cannot be handed over, or raised.
        RenderError
            The confined process ended before it could report anything.
        """
        import manim

        given = dict(variables or {})
        definitions = self._define(scene, variables=given, config=_describe_config(manim.config))
        module = definitions.build_module(
            f"{_MODULE_PREFIX}{generation_id}", f"<shaperotate {generation_id}>", given
        )
        scene_class = vars(module)[scene.code.scene_name]
        if MODULE_ATTRIBUTE not in vars(scene_class):
            setattr(scene_class, MODULE_ATTRIBUTE, module)
        name = self._find_free_name(scene.code.scene_name, manim)
        self._user_ns[name] = self._bound[name] = scene_class
        self._bind_public_names(module, manim)
        return Injected(scene_class, name)

    def _find_free_name(self, name: str, manim: ModuleType) -> str:
        """Return the name, or name_2, name_3 … where the user, Python or manim has one such."""
        stem = name.strip("_") if name.strip("_").isidentifier() else "Scene"
        candidate, number = name, 1
        while not self._is_free(candidate, manim):
            number += 1
            candidate = f"{stem}_{number}"
        return candidate

    def _is_free(self, name: str, manim: ModuleType) -> bool:
        # With an underscore begin IPython's names of what comes next (_5, _i5), and our _shape.
        if hasattr(builtins, name) or hasattr(manim, name) or name.startswith("_"):
            return False
        return name not in self._user_ns or self._user_ns[name] is self._bound.get(name)

    def _bind_public_names(self, module: ModuleType, manim: ModuleType) -> None:
        """Bind what a scene's subclass is written with, where the scene itself imports it so."""
        for name, value in vars(module).items():
            is_public = vars(manim).get(name) is value and is_public_name(name, value)
            if is_public and name not in self._user_ns and not hasattr(builtins, name):
                self._user_ns[name] = value


def is_public_name(name: str, value: Any) -> bool:
    """Return whether manim means a name for scenes: no module but ``np``, no machinery."""
    if name.startswith("_") or name in REFUSED_NAMES or name in MODULE_NAMES:
        return False
    return name == "np" or not inspect.ismodule(value)


def _describe_config(config: Any) -> dict[str, float]:
    return {name: getattr(config, name) for name in _NUMERIC_CONFIG}
