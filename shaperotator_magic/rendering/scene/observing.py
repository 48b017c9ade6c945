"""The geometry of a scene at one moment: boxes, outlines near texts, colours.

The points of all mobjects are projected at once, as the camera would. A mobject that looks as it
did before is recorded once.

Runs in a scene's process, the confined fork that draws it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from shaperotator_magic.core.records import Drawn, Moment
from shaperotator_magic.rendering.scene.naming import Namer
from shaperotator_magic.rendering.scene.visible import SceneWalk, VisibleMobject

_NEAR = 0.12
_UNMOVED = 0.03
_STEP = 0.05
_MOST_STEPS = 120

Array = Any


class Observer:
    """Records the moments of one scene.

    Parameters
    ----------
    scene
        The scene, before it runs.
    names
        What its source calls things.
    """

    def __init__(self, scene: Any, names: Namer) -> None:
        self.things: list[Drawn] = []
        self.moments: list[Moment] = []
        self._known: dict[Any, int] = {}
        self._names = names
        self._walk = SceneWalk()
        self.background: tuple[float, float, float] = _read_background(scene)

    def look(self, scene: Any, *, play: int, at: float, stays_s: float = 0.0) -> None:
        """Record the present moment."""
        # A scene may set it in construct(); the last one counts.
        self.background = _read_background(scene)
        view = _View(scene)
        seen = self._walk.find_visible(scene, view.fixed)
        boxes = _measure(seen, view)
        restless = _find_restless(scene) if at < 1 else frozenset[int]()
        near = _find_near_texts(seen, boxes)
        numbers = [
            self._write_down(one, box, view, near[i], restless)
            for i, (one, box) in enumerate(zip(seen, boxes, strict=True))
            if box is not None
        ]
        self.moments.append(
            Moment(
                play=play,
                at=round(at, 3),
                line=self._names.line,
                stays_s=round(stays_s, 3),
                is_zoomed=view.is_zoomed,
                things=tuple(numbers),
            )
        )

    def prolong(self, duration_s: float) -> bool:
        """Extend the last moment; False where there is none."""
        if not self.moments:
            return False
        last = self.moments[-1]
        stays_s = round(last.stays_s + duration_s, 3)
        self.moments[-1] = last.model_copy(update={"stays_s": stays_s})
        return True

    def _write_down(
        self, seen: VisibleMobject, boxes: Array, view: _View, near: Array, restless: frozenset[int]
    ) -> int:
        mobject = seen.mobject
        path = _trace(seen, view, near) if len(near) else ()
        look = _describe_paint(seen)
        is_restless = id(mobject) in restless
        key = (id(mobject), boxes.tobytes(), path, is_restless, *look.values())
        if key not in self._known:
            self._known[key] = len(self.things)
            self.things.append(
                Drawn(
                    identity=self._names.identify(mobject),
                    name=self._names.find_name(mobject),
                    line=self._names.find_line(mobject),
                    type_name=type(mobject).__name__,
                    text=seen.text,
                    boxes=tuple(map(tuple, boxes.tolist())),
                    path=path,
                    is_on_plane=seen.is_on_plane,
                    is_in_space=view.is_in_space and not seen.is_fixed,
                    is_restless=is_restless,
                    **look,
                )
            )
        return self._known[key]


class _View:
    """The present projection of the camera."""

    def __init__(self, scene: Any) -> None:
        from manim import ThreeDCamera, config

        camera = scene.renderer.camera
        self._camera = camera
        self.is_in_space = isinstance(camera, ThreeDCamera)
        self.fixed: frozenset[int] = frozenset()
        self._scale, self._middle = 1.0, np.zeros(3)
        if self.is_in_space:
            camera.reset_rotation_matrix()
            self.fixed = frozenset(
                id(part) for m in camera.fixed_in_frame_mobjects for part in m.get_family()
            )
        elif hasattr(camera, "frame"):
            self._scale = config.frame_height / camera.frame.height
            self._middle = camera.frame.get_center()
        moved = abs(self._scale - 1), *np.abs(self._middle)
        self.is_zoomed = bool(max(moved) > _UNMOVED)

    def project(self, points: Array, *, is_fixed: bool) -> Array:
        if is_fixed:
            return points
        if self.is_in_space:
            return self._camera.project_points(points)
        return (points - self._middle) * self._scale


def _measure(seen: list[VisibleMobject], view: _View) -> list[Array | None]:
    """Return the boxes of every mobject, one row a part; None where they are not finite."""
    results: list[Array | None] = []
    parts = [(part, one.is_fixed) for one in seen for part in one.parts]
    boxes = np.full((len(parts), 4), np.nan)
    for is_fixed in (False, True):
        chosen = [i for i, (_, fixed) in enumerate(parts) if fixed == is_fixed]
        if not chosen:
            continue
        sizes = [len(parts[i][0].points) for i in chosen]
        starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
        points = np.concatenate([parts[i][0].points for i in chosen])
        flat = view.project(points, is_fixed=is_fixed)[:, :2]
        boxes[chosen, :2] = np.minimum.reduceat(flat, starts)
        boxes[chosen, 2:] = np.maximum.reduceat(flat, starts)
    boxes = np.round(boxes, 3)
    at = 0
    for one in seen:
        own = boxes[at : at + len(one.parts)]
        at += len(one.parts)
        own = own[np.isfinite(own).all(axis=1)]
        if one.text is None and len(own):
            own = np.concatenate([own[:, :2].min(axis=0), own[:, 2:].max(axis=0)])[None]
        results.append(own if len(own) else None)
    return results


def _find_near_texts(seen: list[VisibleMobject], boxes: list[Array | None]) -> list[Array]:
    """Return for every shape the boxes of the texts that its own box touches."""
    nothing = np.empty((0, 4))
    wholes = [
        np.concatenate([b[:, :2].min(axis=0) - _NEAR, b[:, 2:].max(axis=0) + _NEAR])
        for one, b in zip(seen, boxes, strict=True)
        if one.text is not None and b is not None
    ]
    if not wholes:
        return [nothing] * len(seen)
    texts = np.array(wholes)
    near = []
    for one, box in zip(seen, boxes, strict=True):
        if one.text is not None or box is None:
            near.append(nothing)
            continue
        left, bottom, right, top = box[0]
        touches = (
            (texts[:, 0] <= right)
            & (texts[:, 2] >= left)
            & (texts[:, 1] <= top)
            & (texts[:, 3] >= bottom)
        )
        near.append(texts[touches])
    return near


def _trace(seen: VisibleMobject, view: _View, near: Array) -> tuple[tuple[float, float], ...]:
    """Return the points of the outline that lie within the boxes, at most about 0.05 apart."""
    points = [_sample(part.points) for part in seen.parts if hasattr(part, "fill_rgbas")]
    points = [p for p in points if len(p)]
    if not points:
        return ()
    if len(seen.parts) > 1:  # a mesh: the middles of its faces stand for what they cover
        points.append(np.array([p.mean(axis=0) for p in points]))
    flat = view.project(np.concatenate(points), is_fixed=seen.is_fixed)[:, :2]
    x, y = flat[:, 0, None], flat[:, 1, None]
    inside = (
        (x >= near[None, :, 0])
        & (y >= near[None, :, 1])
        & (x <= near[None, :, 2])
        & (y <= near[None, :, 3])
    ).any(axis=1)
    return tuple(map(tuple, np.round(flat[inside], 3).tolist()))


def _sample(points: Array) -> Array:
    quads = points[: len(points) // 4 * 4].reshape(-1, 4, 3)
    if not len(quads):
        return np.empty((0, 3))
    reach = float(np.linalg.norm(quads[:, 3] - quads[:, 0], axis=1).max())
    steps = int(np.clip(reach / _STEP if np.isfinite(reach) else 2, 2, _MOST_STEPS))
    t = np.linspace(0, 1, steps, endpoint=False)[None, :, None]
    a, b, c, d = (quads[:, None, k] for k in range(4))
    curve = (1 - t) ** 3 * a + 3 * (1 - t) ** 2 * t * b + 3 * (1 - t) * t**2 * c + t**3 * d
    return np.concatenate([curve.reshape(-1, 3), quads[-1:, 3]])


def _describe_paint(seen: VisibleMobject) -> dict[str, Any]:
    part = seen.parts[len(seen.parts) // 2]
    if not hasattr(part, "fill_rgbas"):
        return {"fill_opacity": 1.0}
    fill, stroke = part.fill_rgbas, part.stroke_rgbas
    paint: dict[str, Any] = {}
    if len(fill):
        paint |= {"fill": _round_colour(fill[0]), "fill_opacity": round(float(fill[:, 3].max()), 2)}
    if len(stroke):
        paint |= {
            "stroke": _round_colour(stroke[0]),
            "stroke_opacity": round(float(stroke[:, 3].max()), 2),
            "stroke_width": round(float(np.max(part.stroke_width)), 2),
        }
    return paint


def _read_background(scene: Any) -> tuple[float, float, float]:
    from manim import ManimColor

    return _round_colour(ManimColor(scene.camera.background_color).to_rgb())


def _round_colour(colour: Array) -> tuple[float, float, float]:
    red, green, blue = (round(float(value), 2) for value in colour[:3])
    return red, green, blue


def _find_restless(scene: Any) -> frozenset[int]:
    """Return what appears, vanishes or changes its shape now: it is not judged on its way."""
    return frozenset(
        id(part)
        for animation in _flatten(scene.animations)
        if not _keeps_shape(animation)
        for part in animation.mobject.get_family()
    )


def _flatten(animations: Any) -> Iterator[Any]:
    from manim import AnimationGroup

    for animation in animations:
        if isinstance(animation, AnimationGroup):
            yield from _flatten(animation.animations)
        elif animation.mobject is not None:
            yield animation


def _keeps_shape(animation: Any) -> bool:
    from manim import ApplyMethod, MoveAlongPath, MoveToTarget, Rotate, Rotating
    from manim.animation.transform import _MethodAnimation

    return isinstance(
        animation, _MethodAnimation | ApplyMethod | MoveToTarget | MoveAlongPath | Rotate | Rotating
    )
