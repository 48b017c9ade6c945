"""A changed scene begins where it is another, and looks as if it had been drawn whole."""

from __future__ import annotations

import ast
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from shaperotator_magic.core.errors import RenderError
from shaperotator_magic.core.records import CheckedScene, SegmentReady
from shaperotator_magic.rendering.checkpoints.boundaries import choose_useful, find_boundaries
from shaperotator_magic.rendering.checkpoints.dependencies import Script
from shaperotator_magic.rendering.checkpoints.segment_cache import Offer, SegmentCache
from shaperotator_magic.rendering.worker import jobs
from shaperotator_magic.rendering.worker.worker import Worker
from tests.scenes import build_construct, build_scene
from tests.test_segment_cache import read_frames, render

pytestmark = pytest.mark.render


def fill(body: str, last: str) -> CheckedScene:
    """Build a scene with one construct(), of which LAST is a number of seconds."""
    return build_construct(body.replace("LAST", last))


def draw_like_whole(
    worker: Worker, changed: CheckedScene, folder: Path, *, use_cache: bool = True, **options: Any
) -> tuple[list[SegmentReady], list[SegmentReady]]:
    """Draw a changed scene with what is kept and whole: it looks the same; return its parts."""
    video, segments = render(worker, changed, folder, **options)
    whole, others = render(worker, changed, folder / "new", use_cache=use_cache, **options)
    assert read_frames(video.path) == read_frames(whole.path)
    return segments, others


def spoil(folder: Path, change: Callable[[str, Any, bytes], tuple[Any, bytes]]) -> None:
    """Change what is kept, each file by its kind, what describes it and its content."""
    files = SegmentCache(folder)._files
    for file in (folder / "segments").iterdir():
        found = files.read(file.name)
        assert found is not None
        files.write(file.name, *change(file.suffix, *found))


def forget_names(kind: str, header: Any, kept: bytes) -> tuple[Any, bytes]:
    """Let the statements after a checkpoint not know their variables."""
    return {**header, "names": []} if kind == ".scene" else header, kept


@pytest.fixture
def begun_at(monkeypatch: pytest.MonkeyPatch) -> list[int | None]:
    """The statement that each render began with, and None for each that ran them all.

    Every place that a scene can be taken up at is written down, as if that took no time. A scene
    that was out of step is in the list twice.
    """
    monkeypatch.setattr(jobs, "_CHECKPOINT_SHARE", 1e9)
    found: list[int | None] = []
    find = SegmentCache.find

    def note(cache: SegmentCache, script: Script) -> Offer:
        offer = find(cache, script)
        found.append(offer.checkpoint.checkpoint.statement if offer.checkpoint else None)
        return offer

    monkeypatch.setattr(SegmentCache, "find", note)
    return found


SCENES = {
    "text": ("Scene", """
        title = Text("Title").to_edge(UP)
        self.play(Write(title), run_time=0.3)
        word = Text("word", t2c={"wo": RED})
        self.play(FadeIn(word[1:]), run_time=0.3)
        self.play(title.animate.become(word.copy().shift(UP)), run_time=LAST)
        self.add(Text("end"), word[0])
        """),
    "formulas": ("Scene", r"""
        one, two = MathTex("a^2", "+", "b^2"), MathTex("b^2", "=", "c^2")
        number = DecimalNumber(2.5).to_edge(UP)
        self.play(Write(one), FadeIn(number), run_time=0.3)
        self.play(TransformMatchingTex(one, two), run_time=0.3)
        self.play(ChangeDecimalToValue(number, 3), two[0].animate.set_color(RED), run_time=LAST)
        """),
    "updaters": ("Scene", """
        seen = []
        t = ValueTracker(0)
        axes = Axes(x_range=[0, 3], y_range=[0, 2])
        graph = always_redraw(lambda: axes.plot(lambda x: np.sin(x + t.get_value())))
        counted = Dot().add_updater(lambda d: seen.append(1) or d.set_x(len(seen) / 20))
        path = TracedPath(counted.get_center)
        self.add(axes, graph, counted, path)
        self.play(t.animate.set_value(1), run_time=0.3)
        self.wait(0.3)
        self.play(t.animate.set_value(len(seen) / 10), run_time=LAST)
        """),
    "space": ("ThreeDScene", """
        self.set_camera_orientation(phi=60 * DEGREES, theta=20 * DEGREES)
        cube = Cube()
        label = Text("a").to_corner(UL)
        self.add_fixed_in_frame_mobjects(label)
        self.play(FadeIn(cube), run_time=0.3)
        self.begin_ambient_camera_rotation(rate=0.3)
        self.wait(0.3)
        self.move_camera(phi=30 * DEGREES, zoom=0.8, run_time=LAST)
        self.stop_ambient_camera_rotation()
        """),
    "camera": ("MovingCameraScene", """
        square = Square(fill_opacity=1).set_z_index(1)
        other = Circle(fill_opacity=1, color=RED)
        self.camera.frame.save_state()
        self.camera.background_color = DARK_BLUE
        self.play(Create(square), self.camera.frame.animate.scale(0.5), run_time=0.3)
        self.add_foreground_mobjects(other)
        self.play(square.animate.shift(RIGHT), run_time=0.3)
        self.play(Restore(self.camera.frame), run_time=LAST)
        """),
    "shared": ("Scene", """
        self.kept = [Dot(LEFT), Dot(RIGHT)]
        pair = VGroup(*self.kept)
        line = Line(LEFT, RIGHT).add_updater(lambda m: m.put_start_and_end_on(
            self.kept[0].get_center(), self.kept[1].get_center() + 1e-3 * UP))
        self.add(line)
        moved = {dot: k for k, dot in enumerate(pair)}
        self.play(pair.animate.arrange(DOWN), run_time=0.3)
        pair.save_state()
        self.play(self.kept[0].animate.shift(UP), run_time=0.3)
        self.play(Restore(pair), Flash(pair[moved[self.kept[1]]]), run_time=LAST)
        """),
    "chances": ("Scene", """
        import random
        draw = np.random.default_rng(3)
        dots = VGroup(*[Dot(random.uniform(-3, 3) * RIGHT) for _ in range(3)])
        self.play(FadeIn(dots), run_time=0.3)
        self.play(dots.animate.shift(draw.random() * UP), run_time=0.3)
        place = random.random() * UP + np.random.random() * LEFT + draw.random() * RIGHT
        self.play(dots.animate.shift(place), run_time=LAST)
        """),
    "deep": ("Scene", """
        group = Dot()
        for k in range(60):
            group = VGroup(group)
        def turn(m, make=lambda a: a * PI):
            return m.rotate(make(0.1)) if make else turn(m)
        self.play(FadeIn(group), run_time=0.3)
        self.play(ApplyFunction(turn, group), run_time=0.3)
        self.play(group.animate.apply_function(lambda p: p + 0.1 * UP), run_time=LAST)
        """),
}  # fmt: skip


def build(name: str, last: str) -> Any:
    base, body = SCENES[name]
    return build_construct(textwrap.dedent(body).strip().replace("LAST", last), base)


def test_poster_is_that_of_the_whole_scene(
    worker: Worker, tmp_path: Path, begun_at: list[int | None]
) -> None:
    body = """
        square = Square(fill_opacity=1)
        self.play(Create(square), run_time=0.2)
        self.play(square.animate.rotate(0.5), run_time=0.2)
        self.play(FadeOut(square), run_time=LAST)
        """
    # What is decoded from a piece of video would have other pixels than what was drawn.
    first, _ = render(worker, fill(body, "1"), tmp_path)
    changed, _ = render(worker, fill(body, "1.2"), tmp_path)
    assert begun_at == [None, 3]
    assert changed.poster.read_bytes() == first.poster.read_bytes()


@pytest.mark.parametrize("name", SCENES)
def test_render_changed_at_its_end_begins_there_and_looks_the_same(
    worker: Worker, tmp_path: Path, begun_at: list[int | None], name: str
) -> None:
    render(worker, build(name, "0.3"), tmp_path)
    segments, others = draw_like_whole(worker, build(name, "0.4"), tmp_path)
    statements = textwrap.dedent(SCENES[name][1]).strip().splitlines()
    before, begun, new = begun_at
    assert (before, new) == (None, None)
    assert begun is not None and begun >= len(statements) // 3
    assert [s.duration_s for s in segments] == [s.duration_s for s in others]


def test_scene_is_taken_up_after_another_start_of_the_program(
    worker: Worker, tmp_path: Path, begun_at: list[int | None]
) -> None:
    for name in SCENES:
        render(worker, build(name, "0.3"), tmp_path / name)
    begun_at.clear()
    other = Worker()
    try:
        for name in SCENES:
            render(other, build(name, "0.4"), tmp_path / name)
    finally:
        other.close()
    # One that was out of step would have been begun twice.
    assert len(begun_at) == len(SCENES)
    assert None not in begun_at


def test_render_with_helpers_and_classes_of_its_own_is_taken_up(
    worker: Worker, tmp_path: Path, begun_at: list[int | None]
) -> None:
    source = """
from manim import *
SIZE = 0.7
def shrink(m):
    return m.scale(SIZE)
class Marked(Square):
    def __init__(self, mark, **options):
        super().__init__(**options)
        self.mark = mark
        self.add(Dot())
class Small(Scene):
    def setup(self):
        self.count = 1
    def draw(self, mobject):
        self.count += 1
        self.play(FadeIn(mobject), run_time=0.3)
    def construct(self):
        a = Marked(shrink)
        self.draw(a)
        b = a.copy().add_updater(shrink)
        self.draw(a.mark(b))
        self.play(a.animate.shift(self.count * UP / 2), run_time=LAST)
"""
    render(worker, build_scene(source.replace("LAST", "0.3")), tmp_path)
    draw_like_whole(worker, build_scene(source.replace("LAST", "0.4")), tmp_path, use_cache=False)
    assert begun_at == [None, 4]


def test_render_changed_again_begins_at_what_the_last_one_left(
    worker: Worker, tmp_path: Path, begun_at: list[int | None]
) -> None:
    body = "d = Dot()\nself.play(FadeIn(d), run_time=0.2)\nself.play(FadeOut(d), run_time=0.2)\n"
    render(worker, build_construct(body), tmp_path)
    longer = body + "self.play(FadeIn(d), run_time=0.3)\n"
    render(worker, build_construct(longer), tmp_path)
    longest = build_construct(longer + "self.wait(0.2)")
    segments, _ = draw_like_whole(worker, longest, tmp_path)
    assert begun_at == [None, 2, 3, None]
    assert len(segments) == 4


# --- what cannot be taken up ----------------------------------------------------------

BEGIN = "a = Square()\nself.play(FadeIn(a), run_time=0.2)\n"
END = "self.play(a.animate.shift(UP), run_time=LAST)"
NEVER = {
    "a default": f"Circle.set_default(color=RED)\n{BEGIN}{END}\nself.add(Circle())",
    "a setting": f"config.frame_width = 8\n{BEGIN}{END}\nself.add(Square(config.frame_width / 9))",
    "settings": f"config.update({{'frame_width': 8}})\n{BEGIN}{END}",
    "settings by another name": f"c = config\n{BEGIN}{END}",
    "a class": f"Circle.tint = RED\n{BEGIN}{END}\nself.add(Dot(color=Circle.tint))",
    "a section": f"{BEGIN}self.next_section('b')\n{END}",
    "its own class": f"{BEGIN}type(self).size = 2\n{END}\nself.add(Square(type(self).size))",
    "manim's constant": f"p = ORIGIN\np += RIGHT\n{BEGIN}{END}\nself.add(Dot(ORIGIN))",
    "a background": f"self.camera.background = np.ones((72, 128, 4), 'uint8')\n{BEGIN}{END}",
}  # fmt: skip


@pytest.mark.parametrize("name", NEVER)
def test_render_that_changes_more_than_itself_runs_whole(
    worker: Worker, tmp_path: Path, begun_at: list[int | None], name: str
) -> None:
    render(worker, fill(NEVER[name], "0.3"), tmp_path)
    draw_like_whole(worker, fill(NEVER[name], "0.4"), tmp_path, use_cache=False)
    assert begun_at == [None, None]


def find(body: str, before: str = "") -> tuple[int, ...]:
    lines = textwrap.indent(body, " " * 8)
    source = f"from manim import *\n{before}\nclass S(Scene):\n    def construct(self):\n{lines}\n"
    tree = ast.parse(source)
    construct: Any = tree.body[-1].body[0]  # type: ignore[attr-defined]
    return find_boundaries(source, tree, list(ast.walk(tree)), construct)


@pytest.mark.parametrize(
    ("body", "boundaries"),
    [
        ("a = 1\nb = 2\nc = 3", (1, 2)),
        ("t = 1\nf = lambda: t\nt = 2\nf()", (1, 3)),
        ("t = 1\nf = lambda: [t for _ in 'ab']\nfor t in 'cd':\n    f()\nf()", (1, 3)),
        ("t = 1\nf = lambda t: t\nt = 2\nf(t)", (1, 2, 3)),
        ("def f():\n    return lambda: t\nt = 1\nu = f()", (2,)),
        ("a = 1; b = 2\nc = 3", (2,)),
        ("t = 1\ng = lambda: t\ndel t\nb = 1", (1, 3)),
        ("g = min\nf = lambda: g()\ndef g():\n    pass\nf()", (1, 3)),
        ("f = lambda: g()\nimport math as g\nf()", (2,)),
        ("f = lambda: g\nclass g:\n    pass\nf()", (2,)),
        ("f = lambda: g\ntry:\n    f()\nexcept NameError as g:\n    f()\nf()", (2,)),
    ],
)
def test_find_boundaries_not_between_a_function_and_another_value_that_it_sees(
    body: str, boundaries: tuple[int, ...]
) -> None:
    assert find(body) == boundaries


@pytest.mark.parametrize(
    ("body", "boundaries"),
    [
        ("self.play(a)\nself.play(b)\nself.play(c)", (1, 2)),
        ("self.play(a)\nself.wait()\nself.play(b)\nself.wait(2)", (2,)),
        ("a = Dot()\nself.add(a)\nself.play(a)\nb = Dot()\nself.play(b)", (3,)),
        ("def show(a):\n    self.play(a)\nshow(b)\nshow(c)", (1, 2)),
        ("show = lambda a: self.play(a)\nshow(b)\na = 1\nshow(c)", (1, 2)),
        ("draw(self)\na = 1\nself.move_camera(1)", (1,)),
        ("for a in b:\n    self.play(a)\na = self.camera.frame\nself.play(c)", (1,)),
    ],
)
def test_choose_useful_where_something_was_played_and_more_than_a_wait_comes(
    body: str, boundaries: tuple[int, ...]
) -> None:
    lines = textwrap.indent(body, " " * 4)
    construct: Any = ast.parse(f"def construct(self):\n{lines}\n").body[0]
    assert choose_useful(range(1, len(construct.body)), construct) == boundaries


@pytest.mark.parametrize(
    "before",
    [
        "seen = []",
        "class Marked(Dot):\n    all = {}",
        "def grow(a, into=[]):\n    into.append(a)",
        "import numpy\nnumpy.seterr(all='ignore')",
        "count = 0\ndef add():\n    global count\n    count += 1",
        "def f(n):\n    def add():\n        nonlocal n\n        n = 1\n    return add",
        "from manim import config as c\ndef f():\n    c.frame_width = 3",
        "import manim\ndef f():\n    manim.config.update({})",
        "def f():\n    exec('1')",
    ],
)
def test_find_boundaries_none_where_more_than_the_scene_may_change(before: str) -> None:
    assert find("a = 1\nb = 2", before) == ()


def test_render_with_what_cannot_be_written_down_runs_whole(
    worker: Worker, tmp_path: Path, begun_at: list[int | None]
) -> None:
    body = f"numbers = (k for k in range(9))\n{BEGIN}next(numbers)\n{END}\nself.wait(next(numbers))"
    for last in ("0.3", "0.4"):
        video, _ = render(worker, fill(body, last), tmp_path)
    assert begun_at == [None, None]
    assert video.duration_s == pytest.approx(0.2 + 0.4 + 1, abs=0.2)


def test_render_with_variables_that_it_changes_runs_whole(
    worker: Worker, tmp_path: Path, begun_at: list[int | None]
) -> None:
    body = f"A.sort()\n{BEGIN}{END}\nself.add(Dot(A[0] * RIGHT))\nself.wait(0.2)"
    options = {"variables": {"A": [3.0, 1.0]}}
    render(worker, fill(body, "0.3"), tmp_path, **options)
    draw_like_whole(worker, fill(body, "0.4"), tmp_path, **options)
    assert begun_at == [None, None, None]


def test_render_that_plays_in_setup_shows_it_once(
    worker: Worker, tmp_path: Path, begun_at: list[int | None]
) -> None:
    source = """
from manim import *
class Small(Scene):
    def setup(self):
        self.play(FadeIn(Square()), run_time=0.2)
    def construct(self):
        scene = self
        scene.play(FadeIn(Dot()), run_time=0.2)
        scene.wait(LAST)
        scene.wait(0.2)
"""
    render(worker, build_scene(source.replace("LAST", "0.3")), tmp_path)
    changed = build_scene(source.replace("LAST", "0.4"))
    segments, others = draw_like_whole(worker, changed, tmp_path)
    assert len(segments) == len(others) == 4


def test_render_with_other_names_for_the_scene_is_taken_up(
    worker: Worker, tmp_path: Path, begun_at: list[int | None]
) -> None:
    body = f"me = self\n{BEGIN}me.add(Dot(UP))\nme.wait(LAST)\nme.wait(0.2)"
    render(worker, fill(body, "0.3"), tmp_path)
    draw_like_whole(worker, fill(body, "0.4"), tmp_path)
    assert begun_at == [None, 3, None]


def test_render_that_fails_where_it_was_taken_up_is_run_from_the_beginning(
    worker: Worker, tmp_path: Path, begun_at: list[int | None]
) -> None:
    body = f"{BEGIN}a.rotate(1)\n{END}\nself.wait(0.2)"
    render(worker, fill(body, "0.3"), tmp_path)
    spoil(tmp_path, forget_names)
    draw_like_whole(worker, fill(body, "0.4"), tmp_path)
    assert begun_at[0] is None and begun_at[1] is not None
    with pytest.raises(RenderError, match="never"):
        render(
            worker,
            build_construct(f"{body.replace('LAST', '0.4')}\nraise ValueError('never')"),
            tmp_path,
        )


def test_render_that_fails_and_is_out_of_step_from_the_beginning_is_drawn_whole(
    worker: Worker, tmp_path: Path, begun_at: list[int | None]
) -> None:
    body = f"{BEGIN}a.rotate(1)\n{END}\nself.wait(0.2)"
    render(worker, fill(body, "0.3"), tmp_path)

    def forget(kind: str, header: Any, kept: bytes) -> tuple[Any, bytes]:
        if kind == ".plays":
            header = [{**row, "after": "0" * 40} for row in header]
        return forget_names(kind, header, kept)

    spoil(tmp_path, forget)
    draw_like_whole(worker, fill(body, "0.4"), tmp_path)
    assert begun_at[0] is None and begun_at[1] is not None


def test_render_with_a_thousand_variables_is_drawn_without_being_put_aside(
    worker: Worker, tmp_path: Path, begun_at: list[int | None]
) -> None:
    many = "\n".join(f"v{k} = {k}" for k in range(1001))
    for last in ("0.3", "0.4"):
        body = f"{many}\n{BEGIN}{END}\nself.wait(v1 / 5)".replace("LAST", last)
        video, _ = render(worker, build_construct(body), tmp_path)
    assert begun_at == [None, None]
    assert video.duration_s == pytest.approx(0.2 + 0.4 + 0.2, abs=0.01)


def test_render_that_makes_a_glyph_anew_is_drawn_from_the_beginning(
    worker: Worker, tmp_path: Path, begun_at: list[int | None]
) -> None:
    body = f"w = Text('w')\n{BEGIN}{END}\nw[0].generate_points()\nself.add(w)\nself.wait(0.2)"
    render(worker, fill(body, "0.3"), tmp_path)
    draw_like_whole(worker, fill(body, "0.4"), tmp_path, use_cache=False)
    assert begun_at == [None, 3, None]


@pytest.mark.parametrize("content", [b"", b"no pickle", None])
def test_render_with_a_spoiled_snapshot_is_drawn_from_the_beginning(
    worker: Worker, tmp_path: Path, begun_at: list[int | None], content: bytes | None
) -> None:
    body = f"{BEGIN}a.rotate(1)\n{END}"
    render(worker, fill(body, "0.3"), tmp_path)

    def put(kind: str, header: Any, kept: bytes) -> tuple[Any, bytes]:
        # One of another state: its variables are there, what is seen is not.
        spoiled = kept.replace(b"shade_in_3d", b"shade_in_4d") if content is None else content
        return header, spoiled if kind == ".scene" else kept

    spoil(tmp_path, put)
    draw_like_whole(worker, fill(body, "0.4"), tmp_path, use_cache=False)
    assert begun_at == [None, 2, None]
