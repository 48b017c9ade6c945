"""Loads the files of library scenes, and rehearses them in this process."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MethodType, ModuleType
from typing import Any

import pytest

from shaperotator_magic.core.records import Rehearsal
from shaperotator_magic.rendering.drawing.texts.fonts import installed
from shaperotator_magic.rendering.process import rehearsal
from shaperotator_magic.rendering.process.rehearsal import OnPlay, rehearse_class
from shaperotator_magic.rendering.process.scene_run import SCENE_FILE
from shaperotator_magic.writing.library.scene_files import read_scene


def load_scene(
    path: Path, parameters: Mapping[str, object] | None = None
) -> tuple[ModuleType, Any]:
    """Execute a scene as a user gets it, some constants replaced; return it and its class."""
    scene = read_scene(path)
    module = _execute(scene.body)
    unknown = set(parameters or {}) - set(vars(module))
    if unknown:
        raise KeyError(f"{path.name} has no {', '.join(sorted(unknown))}")
    vars(module).update(parameters or {})
    return module, getattr(module, scene.class_name)


def load_source(source: str, name: str) -> Any:
    """Execute the source of a scene; return its class of that name."""
    return getattr(_execute(source), name)


def _execute(source: str) -> ModuleType:
    module = ModuleType("scene")
    exec(compile(source, SCENE_FILE, "exec"), module.__dict__)
    return module


def draw_frame(scene: Any) -> Any:
    """Draw what a rehearsed scene shows now: an array of height, width and RGBA."""
    # The rehearsal has put a no-op in front of the renderer's own method.
    renderer = scene.renderer
    renderer.static_image = None
    MethodType(type(renderer).update_frame, renderer)(scene)
    return renderer.get_frame()


def rehearse(
    scene_class: Any,
    *,
    source: str = "",
    on_play: OnPlay | None = None,
    looks_at_fades: bool = False,
) -> Rehearsal:
    """Run ``scene_class`` without drawing it; ``on_play(scene, n)`` is called after animation n.

    With ``looks_at_fades`` the record holds moments within animations that move nothing, too.
    """
    from manim import Wait, config, tempconfig

    quiet = {"progress_bar": "none", "verbosity": "ERROR", "disable_caching": True}
    with pytest.MonkeyPatch.context() as patch, installed("bundled", _refuse):
        if looks_at_fades:
            patch.setattr(rehearsal, "_moves", lambda animation: not isinstance(animation, Wait))
        with tempconfig({**quiet, "dry_run": True}):
            return rehearse_class(
                scene_class, fps=config.frame_rate, source=source, on_play=on_play
            )


def _refuse(note: str) -> None:
    """A library scene looks the same everywhere: it needs no font of the machine."""
    raise AssertionError(note)
