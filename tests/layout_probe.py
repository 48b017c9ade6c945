"""Runs a scene, mostly without drawing it, and looks at where its texts lie after every animation.

A text is a ``Text``, ``MarkupText``, ``Paragraph`` or ``DecimalNumber``, or a handful of glyphs
cut out of one. It is judged by the boxes of its visible glyphs, never by the box of the whole:
two lines of text may interlock, two letters may not.

Sizes are in manim's units (the frame is 14.2 x 8). A text counts as tiny where its tallest glyph
is below that of 22-point type: 0.22 with a capital, a digit or an ascender, 0.155 without.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

MARGIN = 0.1
TINY_TALL, TINY_SHORT = 0.22, 0.155
SHORT_LETTERS = set("aceimnorsuvwxzαεικνοπρστυωgpqyμηγ+-−=·.,…→←×:~≈<>±_ ₀₁₂₃₄ᵢⱼ*")
VISIBLE_OPACITY = 0.08
FAINT_STROKE = 0.3  # opacity, at 4 pixels of width: grids may run under a text

Box = tuple[float, float, float, float]
OnPlay = Callable[[Any, int], None]


@dataclass(frozen=True)
class LayoutFinding:
    """One fault after animation ``play`` (from 0): ``rule`` and what it concerns."""

    play: int
    rule: str
    subject: str


@dataclass
class Rehearsal:
    """What one run of construct() did."""

    animations: int = 0
    waits: int = 0
    duration_s: float = 0.0
    ends_with_wait: bool = False
    findings: list[LayoutFinding] = field(default_factory=list)


def load_scene(
    path: Path, parameters: Mapping[str, object] | None = None
) -> tuple[ModuleType, Any]:
    """Execute a scene file with some constants replaced; return it and its Scene class."""
    from manim import Scene

    module = ModuleType(path.stem)
    exec(compile(path.read_text("utf-8"), str(path), "exec"), module.__dict__)
    unknown = set(parameters or {}) - set(vars(module))
    if unknown:
        raise KeyError(f"{path.name} has no {', '.join(sorted(unknown))}")
    vars(module).update(parameters or {})
    own = [c for c in vars(module).values() if isinstance(c, type) and issubclass(c, Scene)]
    return module, next(c for c in own if c.__module__ == module.__name__)


def rehearse(
    scene_class: Any, *, is_drawn: bool = False, on_play: OnPlay | None = None
) -> Rehearsal:
    """Run ``scene_class`` and inspect it; ``on_play(scene, n)`` is called after animation n.

    Nothing is drawn or written unless ``is_drawn``, which makes manim's ordinary video.
    """
    from manim import tempconfig

    result = Rehearsal()
    quiet = {"progress_bar": "none", "verbosity": "ERROR", "disable_caching": True}
    with tempconfig({**quiet, "dry_run": not is_drawn}):
        scene = _probed(scene_class, result, on_play)()
        if not is_drawn:
            scene.renderer.update_frame = lambda *_args, **_options: None
            scene.renderer.skip_animations = scene.renderer._original_skipping_status = True
        scene.render()
    return result


def _probed(scene_class: Any, result: Rehearsal, on_play: OnPlay | None) -> Any:
    from manim import Wait

    class Probed(scene_class):  # type: ignore[misc]
        def play(self, *animations: Any, **options: Any) -> None:
            super().play(*animations, **options)
            # Chained updaters lag by a whole animation when frames are skipped.
            self.update_mobjects(0)
            self.update_mobjects(0)
            number = result.animations + result.waits
            is_wait = len(animations) == 1 and isinstance(animations[0], Wait)
            result.animations += not is_wait
            result.waits += is_wait
            result.ends_with_wait = is_wait
            result.duration_s += self.duration
            result.findings += [LayoutFinding(number, *pair) for pair in inspect_layout(self)]
            if on_play is not None:
                on_play(self, number)

    Probed.__name__ = scene_class.__name__
    return Probed


# --- what lies where --------------------------------------------------------------------


@dataclass
class _Placed:
    """A visible thing: a text with its glyph boxes, or a shape with one box."""

    mobject: Any
    boxes: list[Box]
    order: tuple[float, int]

    @property
    def box(self) -> Box:
        b = np.array(self.boxes)
        return b[:, 0].min(), b[:, 1].min(), b[:, 2].max(), b[:, 3].max()

    @property
    def label(self) -> str:
        for name in ("original_text", "text", "number"):
            if value := str(getattr(self.mobject, name, "")):
                return repr(value[:40])
        return type(self.mobject).__name__


def inspect_layout(scene: Any) -> Iterator[tuple[str, str]]:
    """Yield ``(rule, subject)`` for every fault in the scene as it stands."""
    texts, shapes = _collect(scene)
    if not texts and not shapes:
        yield "empty frame", ""
    half_width = scene.camera.frame_width / 2 - MARGIN
    half_height = scene.camera.frame_height / 2 - MARGIN
    for text in texts:
        if _is_outside(text.box, half_width, half_height):
            yield "text off frame", text.label
        if _is_tiny(text):
            yield "tiny text", text.label
        for shape in shapes:
            if _crosses(shape, text, shapes):
                yield "text crossed", f"{text.label} by {type(shape.mobject).__name__}"
    for first, second in combinations(texts, 2):
        if _overlap(first, second):
            yield "texts overlap", f"{first.label} and {second.label}"


def _collect(scene: Any) -> tuple[list[_Placed], list[_Placed]]:
    from manim import DecimalNumber, MarkupText, Paragraph, Text
    from manim.mobject.svg.svg_mobject import VMobjectFromSVGPath

    text_types = (Text, MarkupText, Paragraph, DecimalNumber)
    texts: list[_Placed] = []
    shapes: list[_Placed] = []
    seen: set[int] = set()

    def visit(mobject: Any) -> None:
        if id(mobject) in seen:
            return
        order = (mobject.z_index, len(seen))
        is_cut = bool(mobject.submobjects) and isinstance(mobject[0], VMobjectFromSVGPath)
        if isinstance(mobject, text_types) or is_cut:
            glyphs = [g for g in mobject.get_family() if id(g) not in seen]
            seen.update(map(id, glyphs))
            boxes = [_box(g) for g in glyphs if _is_visible(g)]
            if boxes:
                texts.append(_Placed(mobject, boxes, order))
            return
        seen.add(id(mobject))
        if _is_visible(mobject):
            shapes.append(_Placed(mobject, [_box(mobject)], order))
        for part in mobject.submobjects:
            visit(part)

    for mobject in [*scene.mobjects, *scene.foreground_mobjects]:
        visit(mobject)
    return texts, shapes


def _is_visible(mobject: Any) -> bool:
    from manim import VMobject

    if not isinstance(mobject, VMobject) or not len(mobject.points):
        return False
    return _opacity(mobject, "fill") > VISIBLE_OPACITY or (
        _opacity(mobject, "stroke") > VISIBLE_OPACITY and np.max(mobject.stroke_width) > 0.1
    )


def _opacity(mobject: Any, kind: str) -> float:
    values = getattr(mobject, f"get_{kind}_opacities")()
    return float(np.max(values)) if len(values) else 0.0


def _box(mobject: Any) -> Box:
    low, high = mobject.points.min(axis=0), mobject.points.max(axis=0)
    return float(low[0]), float(low[1]), float(high[0]), float(high[1])


# --- the rules --------------------------------------------------------------------------


def _is_outside(box: Box, half_width: float, half_height: float) -> bool:
    return max(-box[0], box[2]) > half_width or max(-box[1], box[3]) > half_height


def _is_tiny(text: _Placed) -> bool:
    letters = set(str(getattr(text.mobject, "text", "0")))
    limit = TINY_SHORT if letters <= SHORT_LETTERS else TINY_TALL
    is_sign = not any(letter.isalnum() for letter in letters)
    return not is_sign and max(b[3] - b[1] for b in text.boxes) < limit


def _shared_area(a: Box, b: Box) -> float:
    width = min(a[2], b[2]) - max(a[0], b[0])
    height = min(a[3], b[3]) - max(a[1], b[1])
    return width * height if width > 0 and height > 0 else 0.0


def _overlap(first: _Placed, second: _Placed) -> bool:
    if not _shared_area(first.box, second.box):
        return False
    return any(
        _shared_area(a, b)
        > 0.05 * min((a[2] - a[0]) * (a[3] - a[1]), (b[2] - b[0]) * (b[3] - b[1]))
        for a in first.boxes
        for b in second.boxes
    )


def _crosses(shape: _Placed, text: _Placed, shapes: list[_Placed]) -> bool:
    """Whether a stroke of ``shape`` runs through a glyph and nothing opaque lies in between."""
    strength = _opacity(shape.mobject, "stroke") * min(np.max(shape.mobject.stroke_width), 4) / 4
    if strength < FAINT_STROKE or not _touch(shape.box, text.box):
        return False
    if any(shape.order < s.order < text.order and _backs(s, text) for s in shapes):
        return False
    points = _outline(shape.mobject)
    return any(_inside(points, glyph).any() for glyph in text.boxes)


def _touch(a: Box, b: Box) -> bool:
    return min(a[2], b[2]) >= max(a[0], b[0]) and min(a[3], b[3]) >= max(a[1], b[1])


def _backs(shape: _Placed, text: _Placed) -> bool:
    if _opacity(shape.mobject, "fill") < 0.6:
        return False
    (x0, y0, x1, y1), (a0, b0, a1, b1) = shape.box, text.box
    return x0 <= a0 + 0.02 and y0 <= b0 + 0.02 and x1 >= a1 - 0.02 and y1 >= b1 - 0.02


def _outline(mobject: Any) -> Any:
    """Points along the curves, at most about 0.05 apart on the straight parts."""
    quads = mobject.points[: len(mobject.points) // 4 * 4].reshape(-1, 4, 3)
    reach = np.linalg.norm(quads[:, 3] - quads[:, 0], axis=1).max(initial=0.0)
    t = np.linspace(0, 1, int(np.clip(reach / 0.05, 6, 300)))[:, None, None]
    a, b, c, d = (quads[None, :, k] for k in range(4))
    curve = (1 - t) ** 3 * a + 3 * (1 - t) ** 2 * t * b + 3 * (1 - t) * t**2 * c + t**3 * d
    return curve.reshape(-1, 3)


def _inside(points: Any, glyph: Box) -> Any:
    x, y, inset = points[:, 0], points[:, 1], 0.02
    return (
        (x > glyph[0] + inset)
        & (x < glyph[2] - inset)
        & (y > glyph[1] + inset)
        & (y < glyph[3] - inset)
    )
