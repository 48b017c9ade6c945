"""One changed animation is drawn again, and never a picture shown that is not the scene's."""

from __future__ import annotations

import random
import textwrap
from dataclasses import replace
from pathlib import Path
from typing import Any

import av
import pytest

from shaperotator_magic.core.errors import RenderError
from shaperotator_magic.core.records import CheckedScene, RenderedVideo, SegmentReady
from shaperotator_magic.rendering.caching.video_cache import describe_request
from shaperotator_magic.rendering.checkpoints.dependencies import Script, read_script
from shaperotator_magic.rendering.checkpoints.segment_cache import (
    NOTHING,
    SegmentCache,
    describe_tools,
)
from shaperotator_magic.rendering.checkpoints.skipping import _TIMELESS
from shaperotator_magic.rendering.exchange.plays import DrawnPlay, PlayStep, name_segment
from shaperotator_magic.rendering.worker.worker import Worker
from tests.scenes import build_construct, build_request, build_scene

BODY = "a = Square()\nself.play(Create(a))\nself.play(FadeOut(a))"


def read(scene: CheckedScene, **changes: Any) -> Script | None:
    request = build_request(Path(), **changes)
    facts = {**describe_request(request, {}), **describe_tools()}
    return read_script(scene.code, request, facts)


def read_keys(scene: CheckedScene, **changes: Any) -> tuple[str, ...]:
    script = read(scene, **changes)
    assert script is not None
    return script.keys


# --- scripts --------------------------------------------------------------------------


def test_script_changed_statement_changes_its_key_and_all_after_it() -> None:
    before = read_keys(build_construct(BODY))
    after = read_keys(build_construct(BODY.replace("Create(a)", "FadeIn(a)")))
    assert [one == other for one, other in zip(before, after, strict=True)] == [True, False, False]


def test_script_comments_and_later_statements_change_nothing() -> None:
    before = read_keys(build_construct(BODY))
    after = read_keys(build_construct(f"# a square\n{BODY}\nself.wait()"))
    assert after[:3] == before
    assert len(after) == 4


def test_script_every_thing_outside_construct_changes_every_key(tmp_path: Path) -> None:
    scene = build_construct(BODY)
    source = scene.code.source
    keys = [
        read_keys(scene),
        read_keys(scene, fps=11),
        read_keys(scene, width_px=130),
        read_keys(scene, seed=3),
        read_keys(scene, math="latex"),
        read_keys(build_scene(source + "\nprint(2)\n")),
        read_keys(build_scene(source.replace("(Scene)", "(MovingCameraScene)"))),
        read_keys(build_scene(source + "    def draw(self):\n        pass\n")),
    ]
    assert len({key for row in keys for key in row}) == 8 * 3


REACHING = """\
from manim import *
RATE = 0.3
SIDE = 2


def grow(mobject):
    return mobject.animate.scale(RATE)


class Small(Scene):
    def construct(self):
        a = Square(SIDE)
        self.play(Create(a))
        self.show_growth(a)
        self.wait()

    def show_growth(self, a):
        self.play(grow(a))
"""


@pytest.mark.parametrize(
    ("old", "new", "changed_from"),
    [
        ("RATE = 0.3", "RATE = 0.5", 2),
        ("SIDE = 2", "SIDE = 3", 0),
        ("scale(RATE)", "scale(2 * RATE)", 2),
        ("self.play(grow(a))", "self.wait(RATE)", 2),
        ("SIDE = 2", "SIDE = RATE", 0),
        ("def grow(mobject)", "UNUSED = 3\n\n\ndef grow(mobject)", 4),
        ("def show_growth", "def wait(self):\n        print(RATE)\n\n    def show_growth", 0),
        ("def grow(mobject)", "def grow(mobject, n=print(SIDE))", 0),
        ("class Small(Scene)", "class Small(Scene, metaclass=type)", 0),
    ],
)
def test_script_definition_changes_the_keys_from_where_it_is_reached(
    old: str, new: str, changed_from: int
) -> None:
    before = read_keys(build_scene(REACHING))
    after = read_keys(build_scene(REACHING.replace(old, new)))
    same = [one == other for one, other in zip(before, after, strict=True)]
    assert same == [at < changed_from for at in range(4)]


def test_script_variables_change_every_key() -> None:
    request, code = build_request(Path()), build_construct(BODY).code
    first, other = (
        read_script(code, request, describe_request(request, {"A": value})) for value in (1, 2)
    )
    assert first is not None and other is not None
    assert not set(first.keys) & set(other.keys)


NEVER_THE_SAME = {
    "time": "import time\nself.wait(time.time() % 1)",
    "datetime": "from datetime import datetime\nself.wait()",
    "generator": "r = np.random.default_rng()\nself.wait(r.random())",
    "no seed": "import random\nrandom.seed()\nself.wait()",
    "seed None": "import random\nrandom.seed(None)\nself.wait()",
    "renamed": "from random import Random as R\nself.wait(R().random())",
    "passed on": "make = np.random.default_rng\nself.wait(make().random())",
    "address": "self.wait(1 + id(self) % 2)",
    "picture": "self.add(ImageMobject(self.camera.pixel_array))",
    "renderer": "self.renderer.update_frame(self)",
    "file": "self.add(ImageMobject('cat.png'))\nself.wait()",
    "itself": "if not self.mobjects:\n    self.add(Dot())\n    self.construct()\nself.wait()",
    "by name": "getattr(self, 'construct')",
}


@pytest.mark.parametrize("name", NEVER_THE_SAME)
def test_script_of_what_may_be_another_each_time_is_none(name: str) -> None:
    assert read(build_construct(NEVER_THE_SAME[name])) is None


@pytest.mark.parametrize(
    "body", ["r = np.random.default_rng(3)", "import random\nrandom.seed(4)", "x = random_color()"]
)
def test_script_with_seeds_is_one(body: str) -> None:
    assert read(build_construct(body)) is not None


@pytest.mark.parametrize(
    "source",
    [
        "from manim import *\nclass Small(Scene):\n    construct = draw",
        "from manim import *\nclass Small(Scene):\n    @twice\n    def construct(self):\n"
        "        pass",
        "from manim import *\nclass Other(Scene):\n    def construct(self):\n        pass",
        "from manim import *\nclass Small(Scene):\n    def construct(self):\n        pass\n"
        "    if True:\n        def construct(self):\n            self.wait()",
        "from manim import *\nclass Small(Scene):\n    def construct(self):\n        self.wait()\n"
        "def again(scene):\n    Small.construct(scene)",
    ],
)
def test_script_of_another_construct_is_none(source: str) -> None:
    assert read(build_scene(source)) is None


# --- what is kept ---------------------------------------------------------------------

SCRIPT = Script(4, ((5, 5), (6, 7)), ("a" * 64, "b" * 64), (1,))
PIECE = b"\0\0\0\x18ftyp a piece"


def build_drawn(**changes: Any) -> DrawnPlay:
    facts = {"statement": 1, "number": 0, "animation": 0, "begin": "c" * 64, "after": "d" * 40}
    return DrawnPlay(**{**facts, "share": 0.5, "step": PlayStep(frames=3), **changes})


def keep(cache: SegmentCache, folder: Path, *drawn: DrawnPlay, piece: bytes = PIECE) -> None:
    for play in drawn:
        file = folder / name_segment(play.animation)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(piece + str(play.animation).encode())
    cache.write(SCRIPT, drawn, NOTHING, folder)


def test_find_returns_what_was_written(tmp_path: Path) -> None:
    cache = SegmentCache(tmp_path / "media")
    keep(cache, tmp_path / "job", build_drawn(), build_drawn(number=1, animation=1))
    offer = cache.find(SCRIPT)
    assert [(row["statement"], row["number"]) for row in offer.describe()["kept"]] == [
        (1, 0),
        (1, 1),
    ]
    (tmp_path / "next").mkdir()
    offer.place(tmp_path / "next")
    assert (tmp_path / "next" / "kept" / "1-1.mp4").read_bytes() == PIECE + b"1"
    assert cache.find(replace(SCRIPT, keys=("a" * 64, "e" * 64))).describe()["kept"] == []


@pytest.mark.parametrize("at", [0, 70, -1])
def test_find_damaged_pieces_is_a_miss(tmp_path: Path, at: int) -> None:
    cache = SegmentCache(tmp_path / "media")
    keep(cache, tmp_path / "job", build_drawn())
    (file,) = (tmp_path / "media" / "segments").iterdir()
    content = bytearray(file.read_bytes())
    content[at] ^= 1
    file.write_bytes(content)
    assert cache.find(SCRIPT).describe()["kept"] == []


def test_write_beyond_the_bound_deletes_what_was_used_longest_ago(tmp_path: Path) -> None:
    import os

    cache = SegmentCache(tmp_path / "media", largest_bytes=1500)
    keep(cache, tmp_path / "job", build_drawn(statement=0), piece=PIECE + bytes(800))
    (file,) = (tmp_path / "media" / "segments").iterdir()
    os.utime(file, (1, 1))
    keep(cache, tmp_path / "job", build_drawn(statement=1), piece=PIECE + bytes(800))
    assert [row["statement"] for row in cache.find(SCRIPT).describe()["kept"]] == [1]


def test_write_what_a_process_cannot_have_drawn_is_refused(tmp_path: Path) -> None:
    cache = SegmentCache(tmp_path / "media")
    with pytest.raises(RenderError, match="spoiled"):
        keep(cache, tmp_path / "job", build_drawn(statement=2))
    with pytest.raises(RenderError, match="is none"):
        keep(cache, tmp_path / "job", build_drawn(), piece=b"<html>")
    (tmp_path / "job" / name_segment(0)).unlink()
    (tmp_path / "job" / name_segment(0)).symlink_to("/etc/hostname")
    with pytest.raises(RenderError, match="left no"):
        cache.write(SCRIPT, [build_drawn()], NOTHING, tmp_path / "job")
    assert cache.find(SCRIPT).describe()["kept"] == []


def test_poster_is_kept_with_the_animation_at_whose_end_it_was_taken(tmp_path: Path) -> None:
    cache = SegmentCache(tmp_path / "media")
    job = tmp_path / "job"
    keep(cache, job, build_drawn(), build_drawn(number=1, animation=1))
    offer = cache.find(SCRIPT)
    assert not offer.posters
    poster = b"\x89PNG\r\n\x1a\n a poster"
    (job / "poster.png").write_bytes(poster)
    cache.write(SCRIPT, [], offer, job, poster_of=(1, 2))  # there is none
    assert not cache.find(SCRIPT).posters
    cache.write(SCRIPT, [], offer, job, poster_of=(1, 1))
    offer = cache.find(SCRIPT)
    assert offer.posters == {(1, 1): poster}
    (tmp_path / "next").mkdir()
    offer.place(tmp_path / "next")
    assert (tmp_path / "next" / "kept" / "1-1.png").read_bytes() == poster
    # The animation is another one now, so the poster is not its own.
    keep(cache, job, build_drawn(number=1, animation=1, begin="e" * 64))
    assert not cache.find(SCRIPT).posters
    cache.write(SCRIPT, [], cache.find(SCRIPT), job, poster_of=(1, 1))
    cache.forget(SCRIPT)
    assert not list((tmp_path / "media" / "segments").iterdir())


def test_poster_that_is_none_is_refused(tmp_path: Path) -> None:
    cache = SegmentCache(tmp_path / "media")
    keep(cache, tmp_path / "job", build_drawn())
    (tmp_path / "job" / "poster.png").write_bytes(b"<html>")
    with pytest.raises(RenderError, match="is none"):
        cache.write(SCRIPT, [], cache.find(SCRIPT), tmp_path / "job", poster_of=(1, 0))


# --- drawn and passed over ------------------------------------------------------------


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many animations each render drew."""
    counts: list[int] = []
    write = SegmentCache.write

    def count(cache: SegmentCache, script: Script, plays: Any, *others: Any, **named: Any) -> None:
        counts.append(len(plays))
        write(cache, script, plays, *others, **named)

    monkeypatch.setattr(SegmentCache, "write", count)
    return counts


def render(
    worker: Worker, scene: CheckedScene, media_dir: Path, **changes: Any
) -> tuple[RenderedVideo, list[SegmentReady]]:
    segments: list[SegmentReady] = []
    variables = changes.pop("variables", {})
    video = worker.render(
        scene,
        build_request(media_dir, **changes),
        variables=variables,
        on_progress=lambda *_: None,
        on_segment=segments.append,
    )
    return video, segments


def read_frames(video: Path) -> list[tuple[int | None, bytes]]:
    with av.open(str(video)) as source:
        return [(f.pts, f.to_ndarray().tobytes()) for f in source.decode(video=0)]


BODIES = {
    # Each frame moves the dot from where the last one left it, so the roundings add up.
    "path": ("Scene", """
        walk = VMobject().set_points_as_corners(
            [[n / 3, n * n % 5 / 3, 0] for n in range(-6, 6)]
        )
        dot = Dot(2 * UP)
        self.play(FadeIn(dot), run_time=0.3)
        self.play(Create(walk), MoveAlongPath(dot, walk), run_time=1.3, rate_func=linear)
        self.play(MoveAlongPath(dot, Circle(radius=1.7)), run_time=0.9)
        """),
    "plain": ("Scene", """
        dots = VGroup(*[Dot(random.uniform(-3, 3) * RIGHT) for _ in range(4)])
        self.play(LaggedStart(*[FadeIn(d) for d in dots], lag_ratio=0.3), run_time=0.6)
        for d in dots:
            self.play(d.animate.shift(random.random() * UP), run_time=0.3)
        self.wait(0.5)
        self.play(Succession(Create(Square()), Wait(0.2), FadeOut(dots)), run_time=0.9)
        """),
    "updaters": ("Scene", """
        seen = []
        t = ValueTracker(0)
        dot = Dot(color=RED).add_updater(lambda d, dt: d.rotate(dt * dt, about_point=LEFT))
        line = always_redraw(lambda: Line(LEFT, dot.get_center() + t.get_value() * UP))
        path = TracedPath(dot.get_center)
        counted = Dot().add_updater(lambda d: seen.append(1) or d.set_x(len(seen) / 20))
        self.add(dot, line, path, counted)
        self.play(t.animate.set_value(1), run_time=0.5)
        self.wait(0.4)
        self.play(UpdateFromAlphaFunc(Square(), lambda m, a: m.shift(a * 0.1 * UP)), run_time=0.5)
        self.play(Homotopy(lambda x, y, z, s: (x + s, y, z), Circle()), run_time=0.3)
        dot.clear_updaters()
        self.wait_until(lambda: len(seen) > 40, max_time=3)
        self.play(dot.animate.move_to(UP), run_time=0.4)
        """),
    "space": ("ThreeDScene", """
        self.set_camera_orientation(phi=60 * DEGREES, theta=20 * DEGREES)
        cube = Cube()
        label = Text("a")
        self.add_fixed_in_frame_mobjects(label)
        self.play(FadeIn(cube), run_time=0.3)
        self.begin_ambient_camera_rotation(rate=0.3)
        self.wait(0.5)
        self.stop_ambient_camera_rotation()
        self.move_camera(phi=30 * DEGREES, zoom=0.8, run_time=0.5)
        self.play(Rotate(cube, 1), run_time=0.4)
        """),
    "camera": ("MovingCameraScene", """
        square = Square(fill_opacity=1)
        self.camera.frame.save_state()
        self.play(Create(square), run_time=0.3)
        self.play(self.camera.frame.animate.scale(0.5).move_to(square), run_time=0.4)
        self.next_section("skipped", skip_animations=True)
        self.play(square.animate.shift(RIGHT))
        self.next_section("shown")
        self.play(Restore(self.camera.frame), run_time=0.4)
        """),
    "zoomed": ("ZoomedScene", """
        dot = Dot()
        self.add(dot)
        self.activate_zooming(animate=False)
        self.play(self.zoomed_camera.frame.animate.shift(RIGHT), run_time=0.4)
        self.play(dot.animate.shift(UP), run_time=0.4)
        """),
    "formulas": ("Scene", r"""
        one, two = MathTex("a^2", "+", "b^2"), MathTex("b^2", "=", "c^2", "-", "a^2")
        number = DecimalNumber(A).to_edge(UP)
        self.play(Write(one), FadeIn(number), run_time=0.5)
        self.play(TransformMatchingTex(one, two), run_time=0.5)
        self.play(ChangeDecimalToValue(number, 3), run_time=0.4)
        self.play(TransformMatchingShapes(two, Text("cab")), run_time=0.5)
        """),
}  # fmt: skip


def build(name: str, end: str = "") -> CheckedScene:
    base, body = BODIES[name]
    lines = textwrap.dedent(body).strip() + end
    return build_construct(f"import random\n{lines}", base)


@pytest.mark.render
@pytest.mark.parametrize("name", BODIES)
def test_render_with_kept_animations_shows_the_same(
    worker: Worker, tmp_path: Path, drawn: list[int], name: str
) -> None:
    render(worker, build(name), tmp_path / "kept", variables={"A": 2.5})
    changed = build(name, "\nself.play(FadeIn(Circle()), run_time=0.4)\nself.wait(0.2)")
    options: dict[str, Any] = {"variables": {"A": 2.5}}
    video, segments = render(worker, changed, tmp_path / "kept", **options)
    other, others = render(worker, changed, tmp_path / "new", **options)
    assert drawn == [len(others) - 2, 2, len(others)]
    assert [s.duration_s for s in segments] == [s.duration_s for s in others]
    assert read_frames(video.path) == read_frames(other.path)


@pytest.mark.render
def test_render_every_timeless_animation_may_be_passed_over(
    worker: Worker, tmp_path: Path, drawn: list[int]
) -> None:
    special = {
        "AnimationGroup": "AnimationGroup(FadeIn(a), FadeIn(b))",
        "LaggedStart": "LaggedStart(FadeIn(a), Create(b))",
        "LaggedStartMap": "LaggedStartMap(FadeIn, VGroup(a, b))",
        "Succession": "Succession(FadeIn(a), Wait(0.1), Create(b))",
        "ApplyMethod": "ApplyMethod(a.shift, UP)",
        "CyclicReplace": "CyclicReplace(a, b)", "Swap": "Swap(a, b)",
        "FadeToColor": "FadeToColor(a, RED)", "ScaleInPlace": "ScaleInPlace(a, 2)",
        "Restore": "Restore(a)", "MoveToTarget": "MoveToTarget(a)", "Wait": "Wait(0.3)",
        "GrowFromPoint": "GrowFromPoint(a, UP)", "GrowFromEdge": "GrowFromEdge(a, UP)",
        "GrowArrow": "GrowArrow(Arrow(LEFT, UP))",
        "TransformMatchingTex": "TransformMatchingTex(MathTex('a','b'), MathTex('b','c'))",
        "_MethodAnimation": "a.animate(path_arc=1).shift(UP).set_color(GREEN)",
        "SpiralIn": "SpiralIn(VGroup(a, b))", "Add": "Succession(Add(a), Wait(0.2), Add(b))",
        "Flash": "Flash(UP)", "Rotating": "Rotating(a, angle=2)",
        "Write": "Write(Text('ab'))",
    }  # fmt: skip
    pairs = {n for n in _TIMELESS if "Transform" in n} - set(special)
    lines = []
    for name in sorted(_TIMELESS):
        made = special.get(name) or (f"{name}(a, b)" if name in pairs else f"{name}(a)")
        lines.append(
            "a = Square(fill_opacity=0.5); b = Circle(color=RED).shift(UP); a.generate_target(); "
            "a.target.scale(2); a.save_state(); a.shift(LEFT)"
        )
        lines.append(f"self.play({made}, run_time=0.4)" if name != "Wait" else "self.wait(0.4)")
    body = "\n".join(lines)
    render(worker, build_construct(body), tmp_path / "kept")
    changed = build_construct(f"{body}\nself.play(FadeOut(*self.mobjects), run_time=0.4)")
    video, _ = render(worker, changed, tmp_path / "kept")
    other, _ = render(worker, changed, tmp_path / "new")
    assert drawn == [len(_TIMELESS), 1, len(_TIMELESS) + 1]
    assert read_frames(video.path) == read_frames(other.path)


@pytest.mark.render
def test_render_of_scenes_that_differ_anywhere_never_shows_another_picture(
    worker: Worker, tmp_path: Path
) -> None:
    """Scenes are drawn at random from few statements, so that many begin alike."""
    choose = random.Random(5)
    statements = [
        "self.play(a.animate.shift(RIGHT), run_time=0.3)",
        "self.play(a.animate.shift(0.1 * random.choice([UP, DOWN])), run_time=0.3)",
        "a.set_color(BLUE)",
        "a.rotate(0.3)",
        "a.add_updater(lambda m, dt: m.shift(dt * UP))",
        "self.wait(0.3)",
        "for n in range(2):\n    self.play(a.animate.scale(0.8), run_time=0.2)",
        "self.add(b)",
        "self.play(FadeOut(b) if b in self.mobjects else FadeIn(b), run_time=0.3)",
    ]
    for _ in range(8):
        body = "\n".join(
            [
                "import random",
                "a, b = Square(fill_opacity=1), Dot(2 * LEFT)",
                "self.add(a)",
                *choose.choices(statements, k=choose.randint(3, 5)),
                "self.wait(0.2)",
            ]
        )
        scene = build_construct(body)
        video, _ = render(worker, scene, tmp_path / "kept")
        other, _ = render(worker, scene, tmp_path / "never", use_cache=False, seed=0)
        assert read_frames(video.path) == read_frames(other.path), body
    kept = list((tmp_path / "kept" / "segments").iterdir())
    assert kept
    assert not (tmp_path / "never" / "segments").exists()


@pytest.mark.render
def test_render_where_what_is_kept_does_not_fit_is_drawn_from_the_beginning(
    worker: Worker, tmp_path: Path, drawn: list[int]
) -> None:
    scene = build_construct(BODY)
    render(worker, scene, tmp_path)
    script = read(scene)
    assert script is not None
    cache = SegmentCache(tmp_path)
    offer = cache.find(script)
    for statement, plays in offer.statements.items():
        spoiled = {n: (p.model_copy(update={"after": "0" * 40}), b) for n, (p, b) in plays.items()}
        cache._write(script.keys[statement], spoiled)
    changed = build_construct(f"{BODY}\nself.wait(0.5)")
    video, _ = render(worker, changed, tmp_path)
    other, _ = render(worker, changed, tmp_path / "new")
    assert drawn == [2, 3, 3]
    assert read_frames(video.path) == read_frames(other.path)


@pytest.mark.render
def test_render_without_the_cache_neither_takes_nor_leaves_pieces(
    worker: Worker, tmp_path: Path, drawn: list[int]
) -> None:
    render(worker, build_construct(BODY), tmp_path, use_cache=False)
    assert drawn == []
    assert not (tmp_path / "segments").exists()
