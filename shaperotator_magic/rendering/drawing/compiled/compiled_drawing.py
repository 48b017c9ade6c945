"""Drawing with the C extension ``_drawing`` in place of the methods of manim's cameras.

One call a frame collects the visible mobjects, one draws them: in the plane, or in space with
projection, light and depth order. The cairo operations, their order and their numbers are manim's,
so the pixels are the same in 2D. In space, a colour may differ in the last of its 8 bits, because
numpy's BLAS rounds products in another order (``tests/test_drawing.py`` compares them).

The extension is optional: without it ``drawing.py`` draws.

Runs in a scene's process, the confined fork that draws it.
"""

from __future__ import annotations

import itertools
import operator
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from shaperotator_magic.rendering.stand_ins.stock_types import StockTypes

if TYPE_CHECKING:
    from manim.camera.camera import Camera
    from manim.camera.three_d_camera import ThreeDCamera
    from manim.mobject.mobject import Mobject

DrawOne = Callable[..., None]

# Flags that describe a class of mobjects to the extension.
_STOCK_FAMILY, _VECTOR, _STOCK_STYLE, _STOCK_CENTER, _UNSEEN = 1, 2, 4, 8, 16
_FAMILY_METHODS = ("get_family", "_iter_family", "family_members_with_points", "get_num_points")
_STYLE_METHODS = (
    "get_fill_rgbas",
    "get_stroke_rgbas",
    "get_stroke_width",
    "get_gradient_start_and_end_points",
    "get_subpath_split_indices_from_points",
)
_CENTER_METHODS = (
    "get_z_index_reference_point",
    "get_center",
    "get_critical_point",
    "get_extremum_along_dim",
    "get_points_defining_boundary",
    "get_anchors",
)
_CAMERA_METHODS = (
    "transform_points_pre_display",
    "get_fill_rgbas",
    "get_stroke_rgbas",
    "display_vectorized",
    "set_cairo_context_path",
    "set_cairo_context_color",
    "apply_fill",
    "apply_stroke",
)
_CAPTURE_METHODS = (
    "capture_mobjects",
    "get_mobjects_to_display",
    "reset",
    "set_frame_to_background",
    "set_pixel_array",
    "get_cairo_context",
)
_SPACE_METHODS = (*_CAMERA_METHODS, "modified_rgbas", "project_points")


@dataclass(frozen=True)
class Recording:
    """A display list: what a camera showed at one moment; any thread may draw it."""

    _extension: Any
    _recorded: Any
    _matrix: tuple[float, ...]

    def paint(self, base: Any, pixels: Any) -> None:
        """Copy a picture, (height, width, 4) RGBA, into another and draw this on it."""
        height, width = base.shape[:2]
        self._extension.paint(self._recorded, base, pixels, width, height, self._matrix)


class CompiledDrawing:
    """Stands in for the drawing methods of manim's cameras.

    Parameters
    ----------
    extension
        The compiled module.
    draw_one
        Draws one object that the extension leaves: ``draw_one(camera, mobject, context, address)``.
    find_address
        Returns the ``cairo_t *`` of a pycairo context.
    """

    def __init__(self, extension: Any, draw_one: DrawOne, find_address: Callable[..., int]) -> None:
        from manim.camera.camera import CAP_STYLE_MAP, LINE_JOIN_MAP, Camera
        from manim.camera.moving_camera import MovingCamera
        from manim.camera.three_d_camera import ThreeDCamera

        self._extension = extension
        self._draw_one = draw_one
        self._find_address = find_address
        self._joins = {member: int(value) for member, value in LINE_JOIN_MAP.items()}
        self._caps = {member: int(value) for member, value in CAP_STYLE_MAP.items()}
        self._multiplies_rows = _rounds_rows_alike()
        self._kinds: dict[type, int] = {}
        self._displays: dict[type, dict[type, Any]] = {}
        self._stock_cameras = (
            StockTypes(Camera, *_CAMERA_METHODS, *_CAPTURE_METHODS),
            StockTypes(MovingCamera, *_CAMERA_METHODS, *_CAPTURE_METHODS),
            StockTypes(ThreeDCamera, *_SPACE_METHODS, *_CAPTURE_METHODS),
        )
        self._find_stock = Camera.get_mobjects_to_display
        self._plane = [getattr(Camera, name) for name in _CAMERA_METHODS]
        self._space = [getattr(ThreeDCamera, name) for name in _SPACE_METHODS]

    # --- what replaces manim's methods ------------------------------------------------

    def capture(self, camera: Camera, mobjects: Iterable[Mobject], **options: Any) -> None:
        """Stand in for ``Camera.capture_mobjects``."""
        shown = camera.get_mobjects_to_display(mobjects, **options)
        plain = self._extension.find_plain(shown, self._kinds, _classify)
        if plain is not None:
            camera.display_multiple_non_background_colored_vmobjects(plain, camera.pixel_array)
            return
        for kind, group in itertools.groupby(shown, lambda m: self._find_display(camera, m)):
            camera.display_funcs[kind](list(group), camera.pixel_array)

    def _find_display(self, camera: Camera, mobject: Mobject) -> Any:
        """Return what ``camera.type_or_raise`` returns, called once for each class."""
        known = self._displays.setdefault(type(camera), {})
        kind = type(mobject)
        # Asking also sets the functions of this camera.
        if kind not in known or not hasattr(camera, "display_funcs"):
            known[kind] = camera.type_or_raise(mobject)
        return known[kind]

    def find_shown(
        self,
        camera: Camera,
        mobjects: Iterable[Mobject],
        include_submobjects: bool = True,
        excluded_mobjects: list[Mobject] | None = None,
    ) -> list[Mobject]:
        """Stand in for ``Camera.get_mobjects_to_display``."""
        given = list(mobjects)
        if include_submobjects and not excluded_mobjects:
            found = self._extension.families(given, self._kinds, _classify)
            if found is not None:
                return self._sort(camera, found)
        return self._find_stock(camera, given, include_submobjects, excluded_mobjects)

    @staticmethod
    def _sort(camera: Camera, found: list[Mobject]) -> list[Mobject]:
        return sorted(found, key=operator.attrgetter("z_index")) if camera.use_z_index else found

    def find_by_depth(self, camera: ThreeDCamera, *args: Any, **options: Any) -> list[Mobject]:
        """Stand in for ``ThreeDCamera.get_mobjects_to_display``: the farthest first."""
        from manim.camera.camera import Camera

        shown = Camera.get_mobjects_to_display(camera, *args, **options)
        deep = [index for index, m in enumerate(shown) if getattr(m, "shade_in_3d", False)]
        centers = np.empty((len(deep), 3))
        mobjects = [shown[index] for index in deep]
        for index in self._extension.centers(mobjects, self._kinds, _classify, centers):
            centers[index] = mobjects[index].get_z_index_reference_point()
        depths = [np.inf] * len(shown)
        for index, depth in zip(
            deep, self._find_depths(centers, camera.get_rotation_matrix().T), strict=True
        ):
            depths[index] = depth
        return [shown[index] for index in sorted(range(len(shown)), key=depths.__getitem__)]

    def _find_depths(self, centers: Any, towards: Any) -> list[float]:
        # As if one by one, as manim does: a product of all as one matrix would be rounded in
        # another way, and faces at the same depth would change places.
        if self._multiplies_rows:
            return np.matmul(centers[:, None, :], towards)[:, 0, 2].tolist()  # type: ignore[no-any-return]
        return [np.dot(center, towards)[2] for center in centers]

    def draw_all(self, camera: Camera, vmobjects: Iterable[Any], pixels: Any) -> None:
        """Stand in for ``Camera.display_multiple_non_background_colored_vmobjects``."""
        context = camera.get_cairo_context(pixels)
        address = self._find_address(context)

        def draw_left(vmobject: Any) -> None:
            self._draw_one(camera, vmobject, context, address)

        view = self._find_view(camera)
        if view is None and not self._is_plane(camera):
            for vmobject in vmobjects:
                draw_left(vmobject)
            return
        self._extension.draw(address, list(vmobjects), self._describe(camera, view), draw_left)

    def _describe(self, camera: Camera, view: Any) -> tuple[Any, ...]:
        line_width = camera.cairo_line_width_multiple
        return self._kinds, _classify, self._joins, self._caps, line_width, view

    # --- what is drawn later ----------------------------------------------------------

    def record(self, camera: Any, mobjects: Iterable[Mobject]) -> Recording | None:
        """Record what ``camera.capture_mobjects`` would draw; None where it has to draw itself.

        It does where the camera is not one of manim's own, or where anything that it shows is not
        plain.
        """
        if not any(types[type(camera)] for types in self._stock_cameras):
            return None
        if hasattr(camera, "reset_rotation_matrix"):
            camera.reset_rotation_matrix()
        shown = camera.get_mobjects_to_display(mobjects)
        plain = self._extension.find_plain(shown, self._kinds, _classify)
        if plain is None:
            return None
        facts = self._describe(camera, self._find_view(camera))
        recorded = self._extension.record(plain, facts)
        if recorded is None:
            return None
        matrix = tuple(camera.get_cairo_context(vars(camera)["pixel_array"]).get_matrix())
        return Recording(self._extension, recorded, matrix)

    def _is_plane(self, camera: Camera) -> bool:
        return [getattr(type(camera), name) for name in _CAMERA_METHODS] == self._plane

    def _find_view(self, camera: Any) -> tuple[Any, ...] | None:
        """Return what the extension needs to draw in space; None for any other camera."""
        if [getattr(type(camera), name, None) for name in _SPACE_METHODS] != self._space:
            return None
        return (
            camera.get_rotation_matrix().ravel().tolist(),
            list(map(float, camera.frame_center)),
            list(map(float, camera.light_source.points[0])),
            float(camera.get_focal_distance()),
            float(camera.get_zoom()),
            bool(camera.exponential_projection),
            bool(camera.should_apply_shading),
            camera.fixed_in_frame_mobjects,
            camera.fixed_orientation_mobjects,
        )


def _rounds_rows_alike() -> bool:
    """Whether numpy's product of many rows is, bit by bit, that of one after the other."""
    generator = np.random.default_rng(1)
    rows, matrix = generator.normal(size=(200, 3)), generator.normal(size=(3, 3)).T
    together = np.matmul(rows[:, None, :], matrix)[:, 0]
    return np.array_equal(together, [np.dot(row, matrix) for row in rows])


def _classify(kind: type) -> int:
    """Return flags for the methods that a class has unchanged from manim."""
    from manim.mobject.mobject import Mobject
    from manim.mobject.types.image_mobject import AbstractImageMobject
    from manim.mobject.types.point_cloud_mobject import PMobject
    from manim.mobject.types.vectorized_mobject import VMobject

    found = _STOCK_FAMILY * _has_stock(kind, Mobject, _FAMILY_METHODS)
    if issubclass(kind, VMobject):
        found |= _VECTOR
        found |= _STOCK_STYLE * _has_stock(kind, VMobject, _STYLE_METHODS)
        found |= _STOCK_CENTER * _has_stock(kind, VMobject, _CENTER_METHODS)
    elif issubclass(kind, Mobject) and not issubclass(kind, (PMobject, AbstractImageMobject)):
        found |= _UNSEEN  # such as a ValueTracker
    return found


def _has_stock(kind: type, owner: type, names: tuple[str, ...]) -> bool:
    return all(getattr(kind, name) is getattr(owner, name) for name in names)
