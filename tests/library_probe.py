"""Loads the files of library scenes, and rehearses them in this process."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

from shaperotator_magic.records import Rehearsal
from shaperotator_magic.rendering.rehearsal import OnPlay, rehearse_class
from shaperotator_magic.rendering.scene_run import SCENE_FILE


def load_scene(
    path: Path, parameters: Mapping[str, object] | None = None
) -> tuple[ModuleType, Any]:
    """Execute a scene file with some constants replaced; return it and its Scene class."""
    from manim import Scene

    module = ModuleType(path.stem)
    exec(compile(path.read_text("utf-8"), SCENE_FILE, "exec"), module.__dict__)
    unknown = set(parameters or {}) - set(vars(module))
    if unknown:
        raise KeyError(f"{path.name} has no {', '.join(sorted(unknown))}")
    vars(module).update(parameters or {})
    own = [c for c in vars(module).values() if isinstance(c, type) and issubclass(c, Scene)]
    return module, next(c for c in own if c.__module__ == module.__name__)


def rehearse(scene_class: Any, *, source: str = "", on_play: OnPlay | None = None) -> Rehearsal:
    """Run ``scene_class`` without drawing it; ``on_play(scene, n)`` is called after animation n."""
    from manim import config, tempconfig

    quiet = {"progress_bar": "none", "verbosity": "ERROR", "disable_caching": True}
    with tempconfig({**quiet, "dry_run": True}):
        return rehearse_class(scene_class, fps=config.frame_rate, source=source, on_play=on_play)
