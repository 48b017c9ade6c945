"""A scene is drawn while its model still writes it, and comes out as if it had been drawn after."""

from __future__ import annotations

import ast
import contextlib
import os
import random
import shutil
import signal
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from shaperotator_magic.checking.gate.gate import check_scene
from shaperotator_magic.core.errors import CheckFailedError, ShapeRotatorError
from shaperotator_magic.core.records import (
    CheckedScene,
    Completion,
    Event,
    Generation,
    Options,
    Prompt,
    Rehearsal,
    RenderedVideo,
    Repairing,
    SegmentReady,
    Writing,
)
from shaperotator_magic.keeping.store import Store
from shaperotator_magic.pipeline.pipeline import Pipeline
from shaperotator_magic.rendering.checkpoints.boundaries import find_cuts, find_function
from shaperotator_magic.rendering.renderer import GrowthEndedError
from shaperotator_magic.rendering.worker.worker import Worker
from shaperotator_magic.testing import RecordedModelServer, Reply, load_recorded_replies
from shaperotator_magic.writing.model.extraction import extract_scene
from shaperotator_magic.writing.model.growing_draft import GrowingDraft
from tests.scenes import build_construct, build_request

REPLIES = load_recorded_replies(Path(__file__).parent / "data" / "replies")

# Variables that functions see, names of a class's own, chance, a loop, a camera's frame.
BODY = """\
self.__size = 0.5
tracker = ValueTracker(0)
dots = VGroup(*[Dot([n / 4, 0, 0]) for n in range(3)])
line = always_redraw(lambda: Line(ORIGIN, [tracker.get_value(), 1, 0]))
self.add(line)
self.play(Create(dots), run_time=0.3)
for n in range(2):
    self.play(tracker.animate.set_value(n + random.random()), run_time=0.2)
scale = self.__size
self.play(self.camera.frame.animate.scale(scale), run_time=0.2)
label = Square(scale).shift([np.random.rand(), 0, 0])
self.play(FadeIn(label), run_time=0.2)
self.wait(0.2)"""
CODE = """\
from manim import *
import random


class Small(MovingCameraScene):
    def construct(self):
        circle = Circle()
        self.play(Create(circle), run_time=0.3)
        square = Square()
        self.play(Transform(circle, square), run_time=0.3)
        self.play(circle.animate.shift([random.random(), 0, 0]), run_time=0.3)
        self.wait(0.3)
"""


class Prefixes:
    """The code of a scene, a few statements more at every call."""

    def __init__(self, whole: CheckedScene, counts: Iterable[int]) -> None:
        self._whole = whole
        self._left = [self._cut(count) for count in counts]
        self.first = self._left.pop(0)
        self.is_over = False

    def _cut(self, count: int) -> CheckedScene:
        lines = self._whole.code.source.split("\n")
        body = find_function(ast.parse(self._whole.code.source), 3).body
        source = "\n".join(lines[: body[count - 1].end_lineno]) + "\n"
        code = self._whole.code.model_copy(update={"source": source})
        return CheckedScene(code=code)

    def has_more(self) -> bool:
        return True

    def call(self, work: Callable[[], Any]) -> Any:
        return work()

    def find_next(self, known: CheckedScene) -> tuple[CheckedScene, bool] | None:
        if self.is_over:
            raise GrowthEndedError
        return (self._left.pop(0), False) if self._left else (self._whole, True)


@pytest.mark.render
def test_scene_that_grows_is_drawn_and_rehearsed_as_the_whole(
    worker: Worker, tmp_path: Path
) -> None:
    scene = build_construct(BODY.replace("random.", "np.random.", 1), "MovingCameraScene")
    drawn = worker.render(scene, build_request(tmp_path / "a"), variables={}, on_progress=_ignore)
    ready: list[SegmentReady] = []
    frames: list[int] = []
    grown = worker.render_growing(
        Prefixes(scene, (6, 7, 8, 10)),
        build_request(tmp_path / "b"),
        variables={},
        on_progress=lambda done, total: frames.append(done),
        on_segment=ready.append,
    )
    assert frames == sorted(frames) and 0 < frames[-1] <= 1.3 * grown.fps
    assert grown.path.read_bytes() == drawn.path.read_bytes()
    assert grown.poster.read_bytes() == drawn.poster.read_bytes()
    assert grown.steps == drawn.steps
    assert len(ready) == 6
    request = build_request(tmp_path / "c")
    seen = worker.rehearse(scene, request, variables={})
    grown_seen = worker.rehearse_growing(Prefixes(scene, (6, 9)), request, variables={})
    assert _without_time(grown_seen) == _without_time(seen)
    again = worker.render(scene, build_request(tmp_path / "b"), variables={}, on_progress=_ignore)
    assert again.is_from_cache


@pytest.mark.render
def test_scene_that_grows_skips_what_is_cached(worker: Worker, tmp_path: Path) -> None:
    scene = build_construct(BODY.replace("random.", "np.random.", 1), "MovingCameraScene")
    ready: list[SegmentReady] = []
    whole = Prefixes(scene, (7, 8))
    whole.has_more = lambda: len(ready) >= 2  # type: ignore[method-assign]  # one is whole then
    whole.find_next = lambda known: (_ for _ in ()).throw(GrowthEndedError)  # type: ignore[method-assign]
    with pytest.raises(GrowthEndedError):
        worker.render_growing(
            whole,
            build_request(tmp_path),
            variables={},
            on_progress=_ignore,
            on_segment=ready.append,
        )
    assert list((tmp_path / "segments").glob("*.plays"))
    assert not list(tmp_path.glob("*.mp4"))
    worker.render_growing(
        Prefixes(scene, (6, 8)),
        build_request(tmp_path),
        variables={},
        on_progress=_ignore,
        on_segment=_ignore,
    )


def _ignore(*_: object) -> None:
    """Take a report of progress."""


def _without_time(rehearsal: Rehearsal) -> Rehearsal:
    return rehearsal.model_copy(update={"cpu_s": 0.0})


@pytest.mark.parametrize(
    ("body", "cut", "can_go_on"),
    [
        ("a = 1\nf = lambda: a\nb = 2", 2, True),
        ("a = 1\nf = lambda: a\na = 2", 2, False),
        ("a = [n for n in range(3)]\nb = 1\nn = 2", 1, True),
        ("f = lambda: later\nlater = 2\nf()", 1, False),
        ("a = super().construct\nb = 2", 1, False),
        ("def f():\n    nonlocal_ = 1\nb = 2", 1, True),
        ("a = 1\ndef f():\n    nonlocal a\n    a = 2\nf()", 1, False),
        ("a = locals()\nb = 2", 1, False),
    ],
)
def test_construct_goes_on_only_where_no_function_would_see_another_variable(
    body: str, cut: int, can_go_on: bool
) -> None:
    source = build_construct(body).code.source
    construct = find_function(ast.parse(source), 3)
    assert (cut in find_cuts(source, construct)) == can_go_on


# --- the draft ------------------------------------------------------------------------


def feed(reply: str, size: int = 5) -> Iterator[str]:
    """Yield what can be drawn of a reply whenever that has become more."""
    draft = GrowingDraft()
    for at in range(0, len(reply), size):
        if draft.add(reply[at : at + size]):
            yield draft.prefix


FENCED = f"Here it is:\n```python\n{CODE}```\nThat was it."


@pytest.mark.parametrize(
    "reply",
    [
        FENCED,
        CODE + "\nThe end",
        f"<think>\n```python\n{CODE.replace('Circle', 'Star')}```\n</think>\n{FENCED}",
        f"Helpers:\n```python\nimport math\n```\nNow the scene:\n{FENCED}",
        "1. Code:\n" + "".join(f"   {line}\n" for line in FENCED.split("\n")[1:]),
        FENCED.replace("\n", "\r\n"),
        FENCED.replace("        ", "\t\t").replace("    ", "\t"),
        FENCED.replace("circle = Circle()", 'text = """\n```\n"""\n        circle = Circle()'),
    ],
    ids=["fence", "bare", "thinking", "two", "indented", "crlf", "tabs", "fence-in-a-string"],
)
def test_draft_grows_by_whole_statements_of_the_scene_that_is_meant(reply: str) -> None:
    whole = extract_scene(Completion(text=reply, model="m")).source
    prefixes = list(feed(reply))
    assert len(prefixes) >= 3
    assert prefixes[0].rstrip("` \r\n").endswith("self.play(Create(circle), run_time=0.3)")
    for prefix in prefixes:
        code = extract_scene(Completion(text=prefix, model="m"))
        assert not code.notes
        assert whole.startswith(code.source.rstrip())
        assert code.source.rstrip().endswith(")")


@pytest.mark.parametrize(
    "reply",
    ["", "I would rather not.", "```\npip install manim\n```", f"<think>\n{FENCED}", "�```"],
)
def test_draft_without_a_scene_offers_nothing(reply: str) -> None:
    assert not list(feed(reply))


def test_draft_cut_anywhere_holds_whole_statements_of_the_recorded_replies() -> None:
    chance = random.Random(18)
    whole = {row.id: _list_statements(row.reply) for row in REPLIES}
    for _ in range(300):
        row = chance.choice(REPLIES)
        content = row.reply.encode()
        cut = content[: chance.randrange(len(content))].decode(errors="replace")
        draft = GrowingDraft()
        draft.add(cut)
        if draft.shown:
            begun = _list_statements(draft.prefix)
            assert whole[row.id][: len(begun)] == begun


def _list_statements(reply: str) -> list[str]:
    source = extract_scene(Completion(text=reply, model="m")).source
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef) and node.name == "construct":
            return [ast.dump(statement) for statement in node.body]
    raise AssertionError(source)


# --- the checks -----------------------------------------------------------------------

HOSTILE = sorted((Path(__file__).parent / "data").glob("corpus*/hostile/*.py"))


def play_after_each(source: str) -> str:
    """Return a scene that shows something after each statement: so each may be drawn at once."""
    tree = ast.parse(source)
    (play,) = ast.parse("self.play(Create(Circle()))").body
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and node.name == "construct":
            node.body = [row for statement in node.body for row in (statement, play)]
    return ast.unparse(tree)


def find_refused_line(reply: str) -> int | None:
    """Return the first line for which the checks refuse the scene of a reply; None: they do not."""
    try:
        check_scene(extract_scene(Completion(text=reply, model="m")))
    except CheckFailedError as exc:
        return min(row["line"] or 1 for row in exc.findings if row["severity"] == "error")
    return None


def test_no_beginning_of_a_hostile_scene_passes_with_the_line_that_is_refused() -> None:
    tried = 0
    for path in HOSTILE:
        source = path.read_text("utf-8").replace("@PORT@", "80")
        reply = f"````python\n{play_after_each(source)}\n````"
        if (refused := find_refused_line(reply)) is None:
            continue  # what only its run shows: an endless loop, a number too large
        for prefix in feed(reply, 9):
            tried += 1
            is_whole = prefix.rstrip("`\n ").count("\n") >= refused
            assert (find_refused_line(prefix) is not None) == is_whole, path.name
    assert tried > 500


# --- a run ----------------------------------------------------------------------------


def run(
    folder: Path,
    worker: Worker,
    reply: Reply,
    on_event: Callable[[Event], None] = lambda _: None,
    **options: object,
) -> Generation:
    """Let a model write this reply, in a folder of its own."""
    store = Store(folder)
    media_dir = share_table(worker, folder / "media")
    pipeline = Pipeline(store=store, renderers={"worker": worker}, media_dir=media_dir)
    with RecordedModelServer([reply, reply]) as server:
        given = {"model": "m", "base_url": server.base_url, "resolution": "128x72", **options}
        prompt = Prompt(text="a circle", options=Options.model_validate(given))
        return pipeline.run(prompt, on_event)


def share_table(worker: Worker, media_dir: Path) -> Path:
    """Put the table of manim's API into a media folder; it is read once for all tests here."""
    media_dir.mkdir(parents=True)
    common = Path(tempfile.gettempdir()) / "table-of-live-tests"
    worker.describe_manim(build_request(common))
    for table in common.glob("manim-*.json"):
        shutil.copy(table, media_dir)
    return media_dir


def find_video(generation: Generation) -> RenderedVideo:
    """Return the video of a run."""
    assert generation.video is not None
    return generation.video


class PatientModel:
    """Writes the last statements when somebody has seen the first."""

    name = "m"

    def __init__(self, text: str, is_seen: Callable[[], bool]) -> None:
        self._text = text
        self._is_seen = is_seen

    def complete(
        self, messages: object, *, on_delta: Callable[[str], None], seed: int | None = None
    ) -> Completion:
        at = self._text.index("        self.play(circle.animate")
        on_delta(self._text[:at])
        while not self._is_seen():
            time.sleep(0.02)
            on_delta("")
        on_delta(self._text[at:])
        return Completion(text=self._text, model="m", finish_reason="stop")


@pytest.mark.render
def test_run_shows_the_first_animation_while_the_model_writes_and_ends_as_without(
    worker: Worker, tmp_path: Path
) -> None:
    text = f"```python\n{CODE}```"
    events: list[Event] = []
    model = PatientModel(text, lambda: any(isinstance(e, SegmentReady) for e in events))
    pipeline = Pipeline(
        store=Store(tmp_path),
        renderers={"worker": worker},
        media_dir=share_table(worker, tmp_path / "live"),
        build_model=lambda *_, **__: model,
    )
    options = Options(model="m", resolution="128x72")
    live = pipeline.run(Prompt(text="a circle", options=options), events.append)
    assert max(event.animations for event in events if isinstance(event, Writing)) > 0
    usual = run(tmp_path / "usual", worker, Reply(text), live=False)
    assert live.scene == usual.scene
    assert find_video(live).sha256 == find_video(usual).sha256


@pytest.mark.render
def test_run_whose_scene_fails_while_it_is_written_ends_as_without(
    worker: Worker, tmp_path: Path
) -> None:
    text = f"```python\n{CODE.replace('square = Square()', 'square = 1 / 0')}```"
    slow = Reply(text, chunk_chars=4, chunk_delay_s=0.02)
    live = run(tmp_path / "live", worker, slow, attempts=1)
    usual = run(tmp_path / "usual", worker, Reply(text), attempts=1, live=False)
    assert live.scene == usual.scene
    assert live.scene is not None
    assert any(finding.rule.startswith("healed-") for finding in live.scene.findings)
    assert find_video(live).sha256 == find_video(usual).sha256


@pytest.mark.render
def test_run_that_is_interrupted_while_it_is_drawn_leaves_no_job(
    worker: Worker, tmp_path: Path
) -> None:
    class Stop(KeyboardInterrupt):
        pass

    def stop(event: Event) -> None:
        if isinstance(event, SegmentReady):
            raise Stop

    store = Store(tmp_path)
    pipeline = Pipeline(store=store, renderers={"worker": worker}, media_dir=tmp_path / "media")
    share_table(worker, tmp_path / "media")
    reply = Reply(f"```python\n{CODE}```", chunk_chars=4, chunk_delay_s=0.1)
    with RecordedModelServer([reply]) as server:
        options = Options(model="m", base_url=server.base_url, resolution="128x72")
        with pytest.raises(KeyboardInterrupt):
            pipeline.run(Prompt(text="a circle", options=options), stop)
        assert server.wait_for_disconnect()
    assert worker._pipe is not None
    assert not worker._pipe._inboxes


@pytest.mark.render
def test_run_refused_by_the_checks_stops_the_model_and_draws_nothing(
    worker: Worker, tmp_path: Path
) -> None:
    # Each line alone is harmless: what the second one calls is said in the first.
    bad = CODE.replace("import random", "import os as random")
    bad = bad.replace("Circle()", "Circle(random.getpid())")
    events: list[Event] = []
    pipeline = Pipeline(
        store=Store(tmp_path), renderers={"worker": worker}, media_dir=tmp_path / "media"
    )
    share_table(worker, tmp_path / "media")
    slow = Reply(f"```python\n{bad}```\n" + "x" * 20_000, chunk_chars=8, chunk_delay_s=0.02)
    with RecordedModelServer([slow, f"```python\n{CODE}```"]) as server:
        options = Options(model="m", base_url=server.base_url, resolution="128x72")
        made = pipeline.run(Prompt(text="a circle", options=options), events.append)
        assert server.wait_for_disconnect()
    kinds = [type(event) for event in events]
    assert SegmentReady not in kinds[: kinds.index(Repairing)]
    first = made.attempts[0].completion
    assert first is not None
    assert first.finish_reason == "stopped"
    assert len(first.text) < 2000


@pytest.mark.render
def test_reply_of_prose_alone_is_stopped(worker: Worker, tmp_path: Path) -> None:
    with pytest.raises(ShapeRotatorError, match="no scene code"):
        run(tmp_path, worker, Reply("I think so. " * 5000), attempts=1)


# --- faults ---------------------------------------------------------------------------

WHOLE = f"```python\n{CODE}```"
BEGUN = CODE.partition("        self.play(circle.animate")[0]
SHORT = CODE.replace("Circle()", "Triangle()")


def find_outcome(generation: Generation) -> tuple[object, ...]:
    """Return what a run has come to, without its times."""
    code, video = generation.scene, generation.video
    return (generation.status, code, video.sha256 if video else None, len(generation.attempts))


def try_both(folder: Path, worker: Worker, reply: Reply) -> list[tuple[object, ...]]:
    """Return the outcomes of a reply that is drawn while it comes, and of one drawn after."""
    outcomes: list[tuple[object, ...]] = []
    for is_live in (True, False):
        place = folder / f"live-{is_live}"
        try:
            made = run(place, worker, reply, attempts=1, live=is_live, reply_timeout_s=4)
            outcomes.append(find_outcome(made))
        except ShapeRotatorError as exc:
            outcomes.append((type(exc), exc.message))
    return outcomes


@pytest.mark.render
@pytest.mark.parametrize(
    "reply",
    [
        pytest.param(Reply(WHOLE.replace("\n", "\r\n"), chunk_chars=5), id="CRLF"),
        pytest.param(Reply(WHOLE.replace("        ", "\t\t").replace("    ", "\t")), id="tabs"),
        pytest.param(Reply(f"{WHOLE}\nNo, rather:\n```python\n{SHORT}```"), id="second block"),
        pytest.param(
            Reply(WHOLE + "x" * 10_000_000, chunk_chars=100_000, finish_reason="length"),
            id="10 MB",
        ),
        pytest.param(
            Reply(WHOLE, chunk_chars=8, cut_after_chars=len(BEGUN) + 40), id="lost connection"
        ),
        pytest.param(
            Reply(f"```python\n{BEGUN}", chunk_chars=len(BEGUN) // 2, chunk_delay_s=1.5),
            id="stalls",
        ),
        pytest.param(Reply("", finish_reason="stop"), id="nothing"),
    ],
)
def test_faulty_stream_ends_live_as_it_does_without(
    worker: Worker, tmp_path: Path, reply: Reply
) -> None:
    live, usual = try_both(tmp_path, worker, reply)
    assert live == usual
    assert worker._pipe is None or not worker._pipe._inboxes


@pytest.mark.render
def test_process_that_is_killed_while_it_draws_live_costs_no_result(tmp_path: Path) -> None:
    worker = Worker()
    killed: list[int] = []

    def kill(event: Event) -> None:
        if isinstance(event, SegmentReady) and not killed and worker._pipe is not None:
            killed.append(worker._pipe.process.pid)
            os.kill(killed[0], signal.SIGKILL)

    with contextlib.closing(worker):
        reply = Reply(WHOLE, chunk_chars=4, chunk_delay_s=0.02)
        live = run(tmp_path / "live", worker, reply, kill, attempts=1)
        assert killed
        usual = run(tmp_path / "usual", worker, reply, attempts=1, live=False)
    assert find_outcome(live) == find_outcome(usual)
