"""What a scene shows at one moment, as paths, styles and items that a page can draw from any side.

Runs in a scene's process. ``ShapeReader`` knows how manim's cameras look at mobjects;
``moments.py`` gathers what it reads, and ``exchange/geometry.py`` says how that is stored.

A mobject may keep points with four coordinates: ``points_4d``, a row for each row of ``points``,
and ``projection_4d``, a dict with the fields of ``Projection``. Both are plain attributes, so the
scene runs in manim as it is; where they do not give the points that are shown, they are ignored.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from pydantic import ValidationError

from shaperotator_magic.rendering.exchange.geometry import (
    BY_DEPTH,
    FACING,
    FIXED,
    FREE,
    IS_CLOSED,
    IS_STRAIGHT,
    CameraView,
    Projection,
)

Floats = npt.NDArray[np.float64]

_LEAST_DEPTH = 0.05
_SAME_PLACE = 1e-4
_STRAIGHT = 1e-3
_NEARLY = 0.02  # of what is shown, where points with four coordinates are projected
_FARTHEST = 1e4
_MOST_WIDTH = 1000.0


@dataclass(frozen=True)
class Style:
    """Colours as rows of red, green, blue and opacity in 0..255, widths in manim's units."""

    fill: bytes
    stroke: bytes
    back: bytes
    width: float
    back_width: float
    joint: int
    cap: int


@dataclass(frozen=True)
class Item:
    """One path in one style; ``anchor`` is its place in depth, or the point that it faces from."""

    points: Floats
    points_4d: Floats | None
    projection: Projection | None
    style: Style
    flags: int
    anchor: Floats
    gradient: Floats

    @functools.cached_property
    def curves(self) -> list[tuple[int, Floats]]:
        """Flags and corners of the parts that are joined, in four dimensions where it has them."""
        points = self.points if self.points_4d is None else self.points_4d
        return [_describe_curve(curve) for curve in _split(points)]


class UnknownShapeError(Exception):
    """Something is visible that is no path: a picture, or a cloud of points."""


class ShapeReader:
    """Reads the shapes of one scene; an item that is there again is not read anew."""

    def __init__(self, scene: Any) -> None:
        from manim.camera.three_d_camera import ThreeDCamera
        from manim.mobject.types.image_mobject import AbstractImageMobject
        from manim.mobject.types.point_cloud_mobject import PMobject
        from manim.mobject.types.vectorized_mobject import VMobject

        self._scene = scene
        self._camera = scene.camera
        self._is_space = isinstance(self._camera, ThreeDCamera)
        self._path_type = VMobject
        self._other_types = (AbstractImageMobject, PMobject)
        self._known: dict[tuple[Any, ...], Item] = {}
        self.new_items = 0
        """How many items of those that were read last had not been there before."""

    @property
    def is_space(self) -> bool:
        """Whether the camera stands in space."""
        return self._is_space

    def has_depth(self) -> bool:
        """Tell whether anything that is shown can be looked at from another side."""
        free = (m for m in self._scene.mobjects if not self._is_fixed(m))
        if self._is_space:
            return any(m.has_points() for top in free for m in top.get_family())
        return any(map(_has_depth, free))

    def read(self) -> list[Item]:
        """Return what is shown now, in the order in which manim draws it but for its depth.

        Raises
        ------
        UnknownShapeError
            Not all of it consists of paths.
        """
        from manim.camera.camera import Camera
        from manim.utils.iterables import list_update

        shown = list_update(self._scene.mobjects, self._scene.foreground_mobjects)
        turned = self._find_turned(shown)
        found = Camera.get_mobjects_to_display(self._camera, shown)
        known = len(self._known)
        items = [self._read_item(mobject, turned) for mobject in found]
        self.new_items = len(self._known) - known
        return [item for item in items if item is not None]

    def read_camera(self) -> CameraView:
        """Return how the scene looks at it.

        Raises
        ------
        pydantic.ValidationError
            The camera stands nowhere, or has no picture.
        """
        from manim import ManimColor

        camera = self._camera
        red, green, blue = (round(255 * c) for c in ManimColor(camera.background_color).to_rgb())
        facts: dict[str, Any] = {
            "kind": "space" if self._is_space else "flat",
            "frame": (float(camera.frame_width), float(camera.frame_height)),
            "center": tuple(map(float, camera.frame_center)),
            "background": (red, green, blue),
        }
        if self._is_space:
            facts |= {
                "phi": camera.get_phi(),
                "theta": camera.get_theta(),
                "gamma": camera.get_gamma(),
                "focal": camera.get_focal_distance(),
                "zoom": camera.get_zoom(),
                "is_exponential": bool(camera.exponential_projection),
            }
        return CameraView.model_validate(facts)

    def _is_fixed(self, mobject: Any) -> bool:
        return self._is_space and mobject in self._camera.fixed_in_frame_mobjects

    def _find_turned(self, shown: Iterable[Any]) -> set[int] | None:
        """Return the mobjects that a flat camera would turn; None where all but labels turn."""
        if self._is_space:
            return None
        deep = (top for top in shown if _has_depth(top))
        return {id(mobject) for top in deep for mobject in top.get_family()}

    def _read_item(self, mobject: Any, turned: set[int] | None) -> Item | None:
        if isinstance(mobject, self._other_types):
            raise UnknownShapeError(type(mobject).__name__)
        if not isinstance(mobject, self._path_type):
            return None  # a ValueTracker, which has a point and is not drawn
        points = np.asarray(mobject.points, dtype=float)
        if not len(points) or not np.isfinite(points).all() or abs(points).max() > _FARTHEST:
            return None
        flags = self._find_flags(mobject, turned)
        anchor = self._find_anchor(mobject, points, flags)
        four = getattr(mobject, "points_4d", None)
        colors = (mobject.fill_rgbas, mobject.stroke_rgbas, mobject.background_stroke_rgbas)
        key = (
            points.tobytes(), flags, anchor.tobytes(), *(np.asarray(c).tobytes() for c in colors),
            float(mobject.stroke_width), float(mobject.background_stroke_width),
            mobject.joint_type.value, mobject.cap_style.value,
            None if four is None else np.asarray(four).tobytes(),
        )  # fmt: skip
        if key not in self._known:
            style = self._read_style(mobject, points)
            lies = _read_four(mobject, points) if flags & FIXED == 0 else (None, None)
            gradient = np.zeros((2, 3))
            if max(len(style.fill), len(style.stroke), len(style.back)) > 4:  # noqa: PLR2004 - one colour
                gradient = np.asarray(mobject.get_gradient_start_and_end_points(), dtype=float)
            self._known[key] = Item(points, *lies, style, flags, anchor, gradient)
        item = self._known[key]
        return item if _is_visible(item.style) else None

    def _find_flags(self, mobject: Any, turned: set[int] | None) -> int:
        by_depth = BY_DEPTH if getattr(mobject, "shade_in_3d", False) else 0
        if turned is not None:
            return (FREE | BY_DEPTH) if id(mobject) in turned else FIXED
        if mobject in self._camera.fixed_in_frame_mobjects:
            return FIXED | by_depth
        if mobject in self._camera.fixed_orientation_mobjects:
            return FACING | by_depth
        return FREE | by_depth

    def _find_anchor(self, mobject: Any, points: Floats, flags: int) -> Floats:
        if flags & FACING:
            return np.asarray(self._camera.fixed_orientation_mobjects[mobject](), dtype=float)
        if flags & BY_DEPTH == 0:
            return np.zeros(3)
        if mobject.submobjects or hasattr(mobject, "z_index_group"):
            return np.asarray(mobject.get_z_index_reference_point(), dtype=float)
        ends = np.concatenate([points[::4], points[3::4]])
        middle: Floats = (ends.min(axis=0) + ends.max(axis=0)) / 2
        return middle

    def _read_style(self, mobject: Any, points: Floats) -> Style:
        light = np.zeros(2)
        is_shaded = self._is_space and self._camera.should_apply_shading and mobject.shade_in_3d
        if is_shaded:
            light = _find_light(mobject, points, self._camera.light_source.points[0])

        def read(rgbas: Any) -> bytes:
            rows = np.array(rgbas, dtype=float)
            if is_shaded:
                rows = rows.repeat(2, axis=0) if len(rows) == 1 else rows[:2]
                rows[:, :3] += light[:, None]
            elif len(rows) > 1 and (rows == rows[0]).all():
                rows = rows[:1]
            levels: npt.NDArray[np.uint8] = np.round(255 * rows.clip(0, 1)).astype(np.uint8)
            return levels.tobytes() if levels[:, 3].any() else b""

        width, back_width = float(mobject.stroke_width), float(mobject.background_stroke_width)
        return Style(
            fill=read(mobject.get_fill_rgbas()),
            stroke=read(mobject.get_stroke_rgbas()) if width > 0 else b"",
            back=read(mobject.get_stroke_rgbas(background=True)) if back_width > 0 else b"",
            width=min(width, _MOST_WIDTH),
            back_width=min(back_width, _MOST_WIDTH),
            joint=int(mobject.joint_type.value),
            cap=int(mobject.cap_style.value),
        )


def _split(points: Floats) -> list[Floats]:
    """Return the parts of a path that are joined, each as (n, 4, coordinates)."""
    whole = len(points) // 4 * 4
    curves = points[:whole].reshape(-1, 4, points.shape[1])
    gaps = abs(curves[1:, 0] - curves[:-1, 3]).max(axis=1) > _SAME_PLACE
    return [part for part in np.split(curves, np.flatnonzero(gaps) + 1) if len(part)]


def _describe_curve(curve: Floats) -> tuple[int, Floats]:
    """Return the flags and corners of joined cubic curves, (n, 4, coordinates)."""
    start, end = curve[:, 0], curve[:, 3]
    thirds = np.stack([(2 * start + end) / 3, (start + 2 * end) / 3], axis=1)
    is_straight = bool(abs(curve[:, 1:3] - thirds).max() <= _STRAIGHT)
    is_closed = bool(abs(start[0] - end[-1]).max() <= _SAME_PLACE)
    flags = (IS_CLOSED if is_closed else 0) | (IS_STRAIGHT if is_straight else 0)
    if is_straight:
        corners = np.vstack([start, end[-1:]])
        if is_closed and len(corners) > 2:  # noqa: PLR2004 - a line there and back
            corners = corners[:-1]
    else:
        corners = np.vstack([curve[:, :3].reshape(-1, curve.shape[2]), end[-1:]])
    return flags, corners


def _is_visible(style: Style) -> bool:
    return bool(style.fill or style.stroke or style.back)


def _has_depth(top: Any) -> bool:
    """Tell whether a mobject is not flat; what lies in front of another as a whole may be."""
    drawn = [m for m in top.get_family() if len(m.points)]
    if any(getattr(m, "points_4d", None) is not None for m in drawn):
        return True
    heights = [m.points[:, 2] for m in drawn]
    low = min((h.min() for h in heights), default=0.0)
    return bool(max((h.max() for h in heights), default=0.0) - low > _LEAST_DEPTH)


def _find_light(mobject: Any, points: Floats, source: Floats) -> Floats:
    """Return what manim adds to the colours at the two corners that it shades."""
    light = np.zeros(2)
    # As get_3d_vmob_start_corner_index and get_3d_vmob_end_corner_index have them.
    for number, at in enumerate((0, (len(points) - 1) // 6 * 3)):
        normal = _find_normal(mobject, points, at)
        toward = source - points[at]
        distance = np.linalg.norm(toward)
        shade = 0.5 * float(np.dot(normal, toward / distance if distance else toward)) ** 3
        light[number] = shade if shade >= 0 else 0.5 * shade
    return light


def _find_normal(mobject: Any, points: Floats, at: int) -> Floats:
    from manim.mobject.three_d.three_d_utils import get_3d_vmob_unit_normal

    count = len(points)
    if count > 8:  # noqa: PLR2004 - more than two curves: as manim does it, without its detours
        before, after = (at - 3 if at > 2 else count - 4), (at + 3 if at < count - 3 else 3)  # noqa: PLR2004
        a, b = points[after] - points[at], points[before] - points[at]
        normal = np.array(
            [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
        )
        length = float(np.sqrt(normal @ normal))
        if length > 1e-9:  # noqa: PLR2004 - no plane
            return normal / length
    found: Floats = get_3d_vmob_unit_normal(mobject, at)
    return found


def _read_four(mobject: Any, points: Floats) -> tuple[Floats | None, Projection | None]:
    """Return the points with four coordinates, where they give the points that are shown."""
    given = getattr(mobject, "points_4d", None)
    if given is None:
        return None, None
    try:
        four = np.asarray(given, dtype=float)
        stated = dict(getattr(mobject, "projection_4d", None) or {})
        lists = {
            name: value if value is None else np.asarray(value, float).tolist()
            for name, value in stated.items()
        }
        projection = Projection.model_validate(lists)
    except (TypeError, ValueError, ValidationError):
        return None, None
    if four.shape != (len(points), 4) or not np.isfinite(four).all():
        return None, None
    with np.errstate(all="ignore"):
        shown = project(four, projection)
    is_so = np.isfinite(shown).all() and abs(shown - points).max() <= _NEARLY
    return (four, projection) if is_so else (None, None)


def project(four: Floats, projection: Projection) -> Floats:
    """Return where points with four coordinates are drawn; see ``Projection``."""
    solid = four[:, :3]
    if projection.eye is not None:
        solid = solid * (projection.eye / (projection.eye - four[:, 3:]))
    solid = solid @ np.array(projection.turn).T
    if projection.eye_3d is not None:
        scale = projection.eye_3d / (projection.eye_3d - solid[:, 2:])
        solid = np.concatenate([solid[:, :2] * scale, np.zeros((len(solid), 1))], axis=1)
    moved: Floats = solid + np.array(projection.center)
    return moved
