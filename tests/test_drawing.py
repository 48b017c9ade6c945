"""Drawing with fewer calls gives the pixels that manim's own drawing gives."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from shaperotator_magic.rendering.drawing import drawing
from shaperotator_magic.rendering.drawing.compiled.extensions import load_extension
from shaperotator_magic.rendering.stand_ins.installed import is_on

pytestmark = pytest.mark.render


@pytest.fixture(params=["compiled", "late", "python"])
def install(
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
    stock_manim_drawing: None,
) -> Callable[[], None]:
    """Put one way of drawing in manim's place when called; manim's own is put back afterwards."""
    if not is_on("draw"):
        pytest.skip("manim's own code draws here: its sources are not those of the stand-ins")
    if request.param != "python" and load_extension("_drawing") is None:
        pytest.skip("the extension was not built: no C compiler, or no cairo headers")

    def put() -> None:
        use_extension = request.param != "python"
        wanted = "compiled" if use_extension else "python"
        assert drawing.install(use_extension=use_extension) == wanted
        if request.param == "late":
            record_before_drawing(monkeypatch)

    return put


def record_before_drawing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let cameras record and then draw what can be recorded."""
    from manim.camera.camera import Camera

    compiled = drawing.install_compiled(load_extension("_drawing"))
    draw_at_once = Camera.capture_mobjects

    def capture(camera: Any, mobjects: Any, **options: Any) -> None:
        recording = compiled.record(camera, mobjects)
        if recording is None:
            draw_at_once(camera, mobjects, **options)
        else:
            recording.paint(camera.pixel_array.copy(), camera.pixel_array)

    monkeypatch.setattr(Camera, "capture_mobjects", capture)


@pytest.fixture
def camera() -> Any:
    from manim.camera.camera import Camera

    return Camera(pixel_width=320, pixel_height=180)


def draw_twice(camera: Any, mobjects: list[Any], install: Callable[[], None]) -> tuple[Any, Any]:
    """Return the pixels that manim draws, and ours, as integers that can be subtracted."""
    camera.capture_mobjects(mobjects)
    expected = camera.pixel_array.astype(int)
    camera.reset()
    install()
    camera.capture_mobjects(mobjects)
    return expected, camera.pixel_array.astype(int)


def build_hole() -> Any:
    from manim import Annulus, Circle, Difference, Square

    return Difference(Square(3), Circle(1)).add(Annulus(0.2, 0.6).shift([2, 1, 0]))


def build_styles() -> Any:
    from manim import BLUE, RED, YELLOW, DashedLine, LineJointType, Square, VGroup, VMobject

    corners = [[-2, -1, 0], [0, 1, 0], [2, -1, 0]]
    zigzag = VMobject(stroke_width=20, joint_type=LineJointType.BEVEL)
    zigzag.set_points_as_corners(corners)
    gradient = Square(2).set_color_by_gradient(RED, BLUE).set_fill([RED, YELLOW], opacity=0.6)
    outlined = Square(1, fill_opacity=1).set_background_stroke(width=9, color=YELLOW)
    invisible = Square(4, stroke_opacity=0, fill_opacity=0)
    colourful = Square(1, stroke_width=9).set_fill([RED, YELLOW, BLUE], opacity=[0.2, 1, 0.5])
    colourful.set_stroke([RED, YELLOW, BLUE, RED, YELLOW]).set_sheen_direction([1, 0.3, 0])
    others = (outlined, invisible, DashedLine(), colourful.shift([-3, 1, 0]))
    return VGroup(zigzag, gradient.shift([3, 1, 0]), *others)


def build_text() -> Any:
    from manim import Text

    return Text("Å, i; 8%&@ ∫").scale(2)


def build_odd_points() -> Any:
    from manim import VGroup, VMobject

    almost = VMobject(stroke_width=6)
    almost.points = np.array(
        [[0, 0, 0], [1, 1, 0], [2, 1, 0], [3, 0, 0], [3 + 1e-7, 0, 0], [2, -1, 0], [1, -1, 0],
         [1e-8, 0, 0], [4, 1, 0], [5, 1, 0]], dtype=float,
    )  # fmt: skip
    lonely, empty = VMobject(), VMobject()
    lonely.points = np.array([[1.0, 1.0, 0.0]])
    wild = VMobject(fill_opacity=1)
    wild.points = np.array([[0, 0, 0], [np.nan, 1, 0], [2, 1, 0], [3, 0, 0]], dtype=float)
    return VGroup(almost, lonely, empty, wild)


def build_nested() -> Any:
    from manim import BLUE, Circle, Group, Square, VGroup

    inner = Circle(1, fill_opacity=0.5).set_z_index(2)
    shared = VGroup(inner, Square(2, fill_opacity=0.7, color=BLUE).set_z_index(-1))
    # The circle is there twice; the last place counts.
    return Group(shared, VGroup(), Square(1).rotate(0.3), VGroup(shared, inner))


def build_own_styles() -> Any:
    from manim import RED, Circle, Square, VGroup

    class Thick(Circle):
        def get_stroke_width(self, background: bool = False) -> float:
            return 0.0 if background else 15.0

    class Whole(Square):
        def get_family(self, recurse: bool = True) -> list[Any]:
            return [self]

    whole = Whole(2, color=RED).add(Circle(2))
    integers = Square(1)
    integers.points = np.round(integers.points * 2).astype(np.int64)
    return VGroup(Thick(), whole, integers.shift([2, 0, 0]))


def build_picture() -> Any:
    from manim import Circle, Dot, Group, ImageMobject, PMobject

    pixels = np.arange(48, dtype=np.uint8).reshape(4, 4, 3) * 5
    cloud = PMobject().add_points(np.array([[1.0, 1.0, 0.0], [2.0, 1.0, 0.0]]))
    return Group(Circle(2), ImageMobject(pixels).scale(8), cloud, Dot(color="#ff0000"))


def build_trackers() -> Any:
    from manim import Group, Mobject, Square, ValueTracker

    pointed = Mobject()
    pointed.points = np.ones((4, 3))
    return Group(Square(2), ValueTracker(3), pointed, Square(1, fill_opacity=1))


BUILDERS = [
    build_trackers,
    build_hole,
    build_styles,
    build_text,
    build_odd_points,
    build_nested,
    build_own_styles,
    build_picture,
]


@pytest.mark.parametrize("build", BUILDERS)
def test_draw_all_gives_the_same_pixels(
    camera: Any, install: Callable[[], None], build: Callable[[], Any]
) -> None:
    expected, ours = draw_twice(camera, [build()], install)
    assert expected.any()
    assert np.array_equal(ours, expected)


def test_draw_all_through_a_moving_camera_gives_the_same_pixels(
    install: Callable[[], None],
) -> None:
    from manim.camera.moving_camera import MovingCamera

    camera = MovingCamera(pixel_width=320, pixel_height=180)
    camera.frame.scale(0.4).shift([1, 0.5, 0])
    expected, ours = draw_twice(camera, [build_styles(), build_nested()], install)
    assert np.array_equal(ours, expected)


def build_space() -> list[Any]:
    from manim import BLUE, GREEN, RED, YELLOW, Arrow3D, Cube, Dot3D, Sphere, Square, Surface, Text

    surface = Surface(
        lambda u, v: np.array([u, v, np.sin(u) * np.cos(v)]),
        u_range=(-2, 2),
        v_range=(-2, 2),
        resolution=(12, 12),
        checkerboard_colors=[BLUE, GREEN],
        stroke_width=1,
    )
    ball = Sphere(radius=0.7, resolution=(8, 8)).shift([1, 1, 1]).set_opacity(0.6)
    flat = Square(2, fill_opacity=0.4).set_fill([RED, YELLOW]).shift([-2, 0, 1])
    flat.set_background_stroke(width=5)
    arrow = Arrow3D([-2, -2, 0], [1, -1, 2], resolution=4)
    return [surface, ball, flat, arrow, Cube(0.8).shift([-2, 2, 0]), Dot3D(), Text("z").scale(2)]


def test_draw_all_in_space_differs_by_two_levels_at_most(install: Callable[[], None]) -> None:
    from manim import DEGREES, Square, Text
    from manim.camera.three_d_camera import ThreeDCamera

    camera = ThreeDCamera(
        pixel_width=320, pixel_height=180, phi=65 * DEGREES, theta=-40 * DEGREES, zoom=0.8
    )
    title, label = Text("fixed").to_edge([0, 1, 0]), Text("turned").shift([2, 2, 1])
    camera.add_fixed_in_frame_mobjects(title)
    camera.add_fixed_orientation_mobjects(label)
    behind = Square(1).shift([0, 0, 30])  # behind the eye
    expected, ours = draw_twice(camera, [*build_space(), title, label, behind], install)
    assert (expected[..., :3].max(axis=2) > 60).mean() > 0.03  # there is something to compare
    assert np.abs(ours - expected).max() <= 2


def test_draw_axes_in_space_takes_the_one_colour_that_light_gives_them(
    install: Callable[[], None],
) -> None:
    from manim import ThreeDAxes
    from manim.camera.three_d_camera import ThreeDCamera

    camera = ThreeDCamera(pixel_width=854, pixel_height=480, phi=1.26, theta=0.63)
    expected, ours = draw_twice(camera, [ThreeDAxes()], install)
    # The tolerance of manim's own graphical tests.
    assert (np.abs(ours - expected) > 1).mean() < 1e-5


def test_draw_all_in_space_without_light_is_the_same(install: Callable[[], None]) -> None:
    from manim.camera.three_d_camera import ThreeDCamera

    camera = ThreeDCamera(pixel_width=320, pixel_height=180, phi=1.0, should_apply_shading=False)
    camera.exponential_projection = True
    expected, ours = draw_twice(camera, build_space(), install)
    assert np.abs(ours - expected).max() <= 2


def test_draw_all_by_a_camera_of_the_user_asks_that_camera(install: Callable[[], None]) -> None:
    from manim import Circle
    from manim.camera.camera import Camera

    class Shifted(Camera):
        def transform_points_pre_display(self, mobject: Any, points: Any) -> Any:
            return points + np.array([1.0, 0.5, 0.0])

    camera = Shifted(pixel_width=320, pixel_height=180)
    expected, ours = draw_twice(camera, [Circle(1, fill_opacity=1)], install)
    assert np.array_equal(ours, expected)


def test_draw_all_a_path_longer_than_the_buffer_is_drawn_whole(
    camera: Any, install: Callable[[], None]
) -> None:
    from manim import VMobject

    angles = np.linspace(0, 40 * np.pi, 6000)
    spiral = VMobject(stroke_width=1)
    spiral.set_points_smoothly(
        np.stack([angles * np.cos(angles) / 40, angles * np.sin(angles) / 40, 0 * angles], axis=1)
    )
    expected, ours = draw_twice(camera, [spiral], install)
    assert np.array_equal(ours, expected)


def test_draw_all_of_a_family_without_end_is_left_to_manim(
    camera: Any, install: Callable[[], None]
) -> None:
    from manim import Circle, VGroup

    loop = VGroup(Circle(1))
    loop.submobjects.append(loop)
    expected, ours = draw_twice(camera, [loop], install)
    assert np.array_equal(ours, expected)


def test_draw_all_that_fails_in_an_object_raises_its_error(install: Callable[[], None]) -> None:
    from manim import Circle
    from manim.camera.camera import Camera

    class Broken(Circle):
        def get_stroke_width(self, background: bool = False) -> float:
            raise ZeroDivisionError("its own")

    install()
    with pytest.raises(ZeroDivisionError, match="its own"):
        Camera(pixel_width=64, pixel_height=36).capture_mobjects([Broken()])


def test_find_splits_of_a_hole_has_two_closed_subpaths() -> None:
    square = np.array([0, 1, 1, 1, 1, 1, 0, 0]) + 1j * np.array([0, 0, 0, 1, 1, 1, 1, 0])
    splits = drawing.find_splits(np.concatenate([square, square + 5]), 1e-6)
    assert splits is not None
    moves = (splits.headers == drawing._HEADERS[drawing._MOVE_TO]).sum()
    closings = (splits.headers == drawing._HEADERS[drawing._CLOSE_PATH]).sum()
    assert (moves, closings) == (2, 2)


def test_find_splits_of_too_few_points_is_none() -> None:
    assert drawing.find_splits(np.zeros(3, dtype=complex), 1e-6) is None
