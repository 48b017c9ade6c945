"""Runs one scene without drawing, and writes the box of all that is to be seen after each play.

    PYTHON boxes.py FILE SCENE [FOLDER …]

PYTHON has either manim or manimgl; FOLDERs are searched for the scene's own modules. Prints one
JSON object: ``boxes`` (left, bottom, right, top of each play; null where nothing is to be seen),
``waits`` and, where the scene fails, ``failure``. Run by ``benchmarks.converting --manimgl``; it
imports nothing of this project but the rehearsal, and that only where manim is installed.
"""

from __future__ import annotations

import importlib.util
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest.mock import MagicMock

import numpy as np

# Packages of manimgl's own LaTeX preamble that a small installation lacks.
_LARGE_PACKAGES = ("dsfont", "tipa", "calligra", "microtype", "fontenc", "Ligatures", "physics")
_MOST_MISSING = 20
_ALONG_A_CURVE = np.linspace(0, 1, 5)[:, None, None]

Box = list[float] | None


class Record:
    """What was seen of a scene so far."""

    def __init__(self) -> None:
        self.boxes: list[Box] = []
        self.waits = 0
        self.failure = ""

    def take(self, points: Iterator[Any]) -> None:
        """Note the box of points."""
        found = [p for p in points if len(p)]
        if not found:
            self.boxes.append(None)
            return
        every = np.concatenate(found)[:, :2]
        every = every[np.all(np.isfinite(every), axis=1)]
        low, high = every.min(axis=0), every.max(axis=0)
        self.boxes.append([float(v) for v in (*low, *high)])


def main(arguments: list[str]) -> None:
    """Run the scene in whichever manim is there."""
    file, scene, *folders = arguments
    sys.path[:0] = folders
    record = Record()
    out = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what scenes print is not the result
    run = _run_in_manim if importlib.util.find_spec("manim") else _run_in_manimgl
    try:
        run(Path(file), scene, record)
    except BaseException as exc:  # noqa: BLE001 - whatever foreign code raises is the result
        record.failure = f"{type(exc).__name__}: {exc}"[:300]
    json.dump(vars(record), out)
    out.close()


def _load(file: Path, scene: str) -> Any:
    spec = importlib.util.spec_from_file_location("scene_module", file)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["scene_module"] = module
    for _ in range(_MOST_MISSING):
        try:
            spec.loader.exec_module(module)
            break
        except ModuleNotFoundError as exc:
            # Other scenes of the file may need it.
            sys.modules[str(exc.name)] = MagicMock()
    return getattr(module, scene)


# --- manim ------------------------------------------------------------------------------


def _run_in_manim(file: Path, scene: str, record: Record) -> None:
    from manim import Wait, config

    from shaperotator_magic.rendering.process.rehearsal import rehearse_class

    config.verbosity, config.progress_bar = "CRITICAL", "none"

    def note(stage: Any, _: int) -> None:
        if len(stage.animations) == 1 and isinstance(stage.animations[0], Wait):
            record.waits += 1
        else:
            record.take(_list_points_of_manim(stage))

    rehearse_class(_load(file, scene), fps=10, on_play=note)


def _list_points_of_manim(stage: Any) -> Iterator[Any]:
    from manim import VMobject

    frame = getattr(stage.camera, "frame", None)
    for mobject in stage.mobjects:
        for part in mobject.get_family() if mobject is not frame else ():
            if not isinstance(part, VMobject):
                yield part.points
            elif _is_seen(part) and len(part.points) > 3:
                curves = part.points[: len(part.points) // 4 * 4].reshape(-1, 4, 3)
                yield _sample(curves, (1, 3, 3, 1))


def _sample(curves: Any, factors: tuple[int, ...]) -> Any:
    """Return points on Bézier curves: the points that steer them may lie far outside."""
    t, last = _ALONG_A_CURVE, len(factors) - 1
    found = sum(
        factor * t**n * (1 - t) ** (last - n) * curves[None, :, n]
        for n, factor in enumerate(factors)
    )
    return np.asarray(found).reshape(-1, 3)


def _is_seen(part: Any) -> bool:
    """Whether a shape has a stroke or a fill to be seen."""
    is_filled = np.any(np.asarray(part.get_fill_opacity()) > 0)
    has_several = hasattr(type(part), "get_stroke_widths")  # manim's objects answer any get_…()
    widths = part.get_stroke_widths() if has_several else part.get_stroke_width()
    has_stroke = np.any(np.asarray(widths) > 0)
    return bool(is_filled or (has_stroke and np.any(np.asarray(part.get_stroke_opacity()) > 0)))


# --- manimgl ----------------------------------------------------------------------------


def _run_in_manimgl(file: Path, scene: str, record: Record) -> None:
    import manimlib.scene.scene as scenes
    import manimlib.utils.tex_file_writing as tex

    scenes.Camera = _make_blind(scenes.Camera)
    find_template = tex.get_tex_template_config

    def find_small_template(name: str) -> Any:
        template = dict(find_template(name))
        lines = template["preamble"].splitlines()
        kept = [line for line in lines if not any(p in line for p in _LARGE_PACKAGES)]
        return {**template, "preamble": "\n".join([*kept, r"\newcommand{\mathds}{\mathbb}"])}

    tex.get_tex_template_config = find_small_template
    _watch(scenes.Scene, record)
    _load(file, scene)(skip_animations=True).run()


def _make_blind(camera: type[Any]) -> type[Any]:
    class BlindCamera(camera):
        """A camera without a graphics card."""

        def init_renderer(self) -> None: ...

        def init_target(self) -> None:
            self.pixel_shape = self.default_pixel_shape

        def capture(self, *_: Any) -> None: ...

        def resize_target(self) -> None: ...

    return BlindCamera


def _watch(kind: type[Any], record: Record) -> None:
    play, wait = kind.play, kind.wait

    def play_and_note(self: Any, *animations: Any, **options: Any) -> Any:
        result = play(self, *animations, **options)
        if animations:
            record.take(_list_points_of_manimgl(self))
        return result

    def wait_and_note(self: Any, *given: Any, **options: Any) -> Any:
        record.waits += 1
        return wait(self, *given, **options)

    kind.play, kind.wait = play_and_note, wait_and_note


def _list_points_of_manimgl(stage: Any) -> Iterator[Any]:
    from manimlib.mobject.types.dot_cloud import DotCloud
    from manimlib.mobject.types.vectorized_mobject import VMobject

    for mobject in stage.mobjects:
        for part in mobject.get_family() if mobject is not stage.frame else ():
            points = part.get_points()
            if isinstance(part, DotCloud):
                reach = part.get_radius() * np.array([[1, 1, 0], [-1, -1, 0]])
                yield (points[:, None] + reach).reshape(-1, 3)
            elif not isinstance(part, VMobject):
                yield points
            elif _is_seen(part) and len(points) > 2:
                curves = np.stack([points[:-2:2], points[1:-1:2], points[2::2]], axis=1)
                # A curve whose handle is its own start leads from one outline to the next.
                is_drawn = ~np.all(np.isclose(curves[:, 0], curves[:, 1]), axis=1)
                yield _sample(curves[is_drawn], (1, 2, 1))


if __name__ == "__main__":
    main(sys.argv[1:])
