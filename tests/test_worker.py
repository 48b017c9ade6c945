"""The warm process: right videos, clear errors, and nothing left behind."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from shaperotator_magic.core.errors import RenderError, RenderTimeoutError, VariableError
from shaperotator_magic.core.records import CheckedScene, RenderedVideo
from shaperotator_magic.rendering.exchange.finished import FinishedFiles
from shaperotator_magic.rendering.isolation.confining import Layers
from shaperotator_magic.rendering.process.watchdog import find_children
from shaperotator_magic.rendering.renderer import build_timeout_error
from shaperotator_magic.rendering.worker.worker import Worker
from tests.pace import Stopwatch, interrupt_when, measure_slowdown
from tests.scenes import CIRCLE, build_construct, build_request, build_scene

pytestmark = pytest.mark.render


@pytest.fixture(scope="module")
def worker() -> Iterator[Worker]:
    """One warm process for all tests here: that it survives them is part of the test."""
    worker = Worker()
    worker.warm_up()
    yield worker
    worker.close()


@contextmanager
def started_worker(**options: Any) -> Iterator[Worker]:
    """A process of a test's own, where the shared one will not do."""
    worker = Worker(**options)
    worker.warm_up()
    yield worker
    worker.close()


def render(worker: Worker, scene: CheckedScene, media_dir: Path, **changes: Any) -> RenderedVideo:
    variables = changes.pop("variables", {})
    return worker.render(
        scene,
        build_request(media_dir, **changes),
        variables=variables,
        on_progress=changes.pop("on_progress", lambda done, total: None),
    )


def read_frames(path: Path, fps: int = 10) -> list[Any]:
    """Return the pictures of a video, one a frame: a picture that stays is there more than once."""
    import av

    with av.open(str(path)) as source:
        stream = source.streams.video[0]
        shown = [(float(f.time), f.to_ndarray(format="rgb24")) for f in source.decode(stream)]
        length_s = float(stream.duration * stream.time_base)
    ends = [*(time for time, _ in shown[1:]), length_s]
    return [
        picture
        for (begin, picture), end in zip(shown, ends, strict=True)
        for _ in range(round((end - begin) * fps))
    ]


def find_processes(marker: str) -> list[int]:
    """Return the descendants of this process whose working folder has ``marker`` in its name."""
    found, waiting = [], [os.getpid()]
    while waiting:
        for process in find_children(waiting.pop()):
            waiting.append(process)
            with suppress(OSError):
                if marker in str(Path(f"/proc/{process}/cwd").readlink()):
                    found.append(process)
    return found


def test_render_gives_a_video_of_the_asked_size_and_length(worker: Worker, tmp_path: Path) -> None:
    video = render(worker, build_scene(CIRCLE), tmp_path)
    frames = read_frames(video.path)
    assert (video.width_px, video.height_px, video.fps) == (128, 72, 10)
    assert video.duration_s == pytest.approx(1.5, abs=0.11)
    assert len(frames) == 15
    assert frames[4].max() > 100 > frames[-1].max()
    assert video.path.name == f"{video.sha256}.mp4"
    assert video.size_bytes == video.path.stat().st_size


def test_render_video_has_its_index_in_front_and_is_yuv420p(worker: Worker, tmp_path: Path) -> None:
    import av

    video = render(worker, build_scene(CIRCLE), tmp_path)
    content = video.path.read_bytes()
    assert 0 < content.index(b"moov") < content.index(b"mdat")
    with av.open(str(video.path)) as source:
        stream = source.streams.video[0].codec_context
        assert (stream.name, stream.pix_fmt) == ("h264", "yuv420p")


def test_render_poster_is_neither_black_nor_the_emptied_end(worker: Worker, tmp_path: Path) -> None:
    from PIL import Image

    video = render(worker, build_scene(CIRCLE), tmp_path)
    with Image.open(video.poster) as poster:
        assert poster.size == (128, 72)
        assert np.asarray(poster.convert("RGB")).max() > 100


def test_render_reports_frames_and_at_last_the_total(worker: Worker, tmp_path: Path) -> None:
    seen: list[tuple[int, int | None]] = []
    long = build_construct("for _ in range(20):\n    self.play(Create(Circle()))")
    worker.render(
        long,
        build_request(tmp_path),
        variables={},
        on_progress=lambda done, total: seen.append((done, total)),
    )
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)
    assert {total for _, total in seen if total} == {200}


def test_render_still_is_the_last_frame_as_png(worker: Worker, tmp_path: Path) -> None:
    scene = build_construct("self.play(FadeIn(Square(fill_opacity=1)), run_time=0.2)")
    video = render(worker, scene, tmp_path, still=True)
    assert (video.media_type, video.duration_s) == ("image/png", 0)
    assert video.path.read_bytes().startswith(b"\x89PNG")


def test_render_scene_that_never_plays_is_a_short_video(worker: Worker, tmp_path: Path) -> None:
    video = render(worker, build_construct("self.add(Circle())"), tmp_path)
    assert (video.media_type, video.duration_s) == ("video/mp4", 2.0)


def test_render_variables_are_globals_of_the_scene(worker: Worker, tmp_path: Path) -> None:
    scene = build_construct("self.play(FadeIn(Square()), run_time=A[0, 1])")
    video = render(worker, scene, tmp_path, variables={"A": np.array([[0.0, 0.8]])})
    assert len(read_frames(video.path)) == 8


def test_render_refused_variable_is_named_before_anything_runs(
    worker: Worker, tmp_path: Path
) -> None:
    with pytest.raises(VariableError, match="lock"):
        render(worker, build_scene(CIRCLE), tmp_path, variables={"lock": threading.Lock()})


def test_render_same_seed_gives_the_same_frames(worker: Worker, tmp_path: Path) -> None:
    scene = build_construct("import random\nself.play(FadeIn(Dot([random.random(), 0, 0])))")
    first, second = (
        read_frames(render(worker, scene, tmp_path, seed=3, use_cache=False).path) for _ in range(2)
    )
    assert np.array_equal(first, second)


@pytest.mark.parametrize(
    ("body", "message", "line"),
    [
        ("c = Circle()\nself.play(ShowCreation(c))", "NameError: name 'ShowCreation'", 5),
        ("self.play(Create(Circle(colour=RED)))", "TypeError", 4),
        ("1 / 0", "ZeroDivisionError: division by zero", 4),
        ("raise SystemExit(3)", "SystemExit: 3", 4),
        ("raise KeyboardInterrupt", "KeyboardInterrupt", 4),
    ],
)
def test_render_error_names_what_and_the_line(
    worker: Worker, tmp_path: Path, body: str, message: str, line: int
) -> None:
    with pytest.raises(RenderError, match=message) as caught:
        render(worker, build_construct(body), tmp_path)
    assert caught.value.line == line
    assert f"line {line}, in construct" in caught.value.log_tail


def test_render_formula_without_latex_names_it_and_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with started_worker() as worker, pytest.raises(RenderError) as caught:
        scene = build_construct(r"self.add(MathTex(r'\frac{1}{2022}'))")
        render(worker, scene, tmp_path, math="latex")
    assert r"needs LaTeX, which is not installed here: \frac{1}{2022}" in caught.value.message
    assert "texlive-latex-extra" in caught.value.hint
    assert caught.value.line == 4


def test_render_unknown_command_without_latex_names_it_the_formula_and_the_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with started_worker() as worker, pytest.raises(RenderError) as caught:
        render(worker, build_construct(r"self.add(MathTex(r'a \xyzzy b'))"), tmp_path)
    assert r"\xyzzy is not known. The formula: a \xyzzy b" in caught.value.message
    assert "install LaTeX" in caught.value.hint
    assert caught.value.line == 4


def test_render_formula_without_latex_is_drawn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    scene = build_construct(r"self.add(MathTex(r'\frac{1}{2022}'))")
    with started_worker() as worker:
        video = render(worker, scene, tmp_path, still=True)
    assert video.size_bytes > 0
    assert not video.notes


def test_render_with_broken_definitions_names_the_line(worker: Worker, tmp_path: Path) -> None:
    source = "from manim import *\nclass Small(Scene):\n    size = undefined\n"
    with pytest.raises(RenderError, match="undefined") as caught:
        render(worker, build_scene(source), tmp_path)
    assert caught.value.line == 3


@pytest.mark.parametrize("body", ["import os; os._exit(7)", "import os; os.kill(os.getpid(), 9)"])
def test_render_process_that_dies_leaves_the_worker_alive(
    worker: Worker, tmp_path: Path, body: str
) -> None:
    with pytest.raises(RenderError, match="was ended by"):
        render(worker, build_construct(body), tmp_path)
    assert render(worker, build_scene(CIRCLE), tmp_path).size_bytes > 0


def test_render_beyond_its_time_is_stopped(worker: Worker, tmp_path: Path) -> None:
    body = "while True: pass"
    with Stopwatch() as watch, pytest.raises(RenderTimeoutError, match="after 1 s") as caught:
        render(worker, build_construct(body), tmp_path, timeout_s=1.0)
    assert watch.seconds < 10
    assert caught.value.timeout_s == 1.0
    assert caught.value.hint.endswith("give it more time: --timeout 600")
    assert find_processes("shaperotator-job-") == []


@pytest.mark.parametrize(
    ("timeout_s", "longest_s", "way_out"),
    [
        (180.0, None, "simpler, or give it more time: --timeout 600"),
        (600.0, None, "simpler, or give it more time: --timeout 1200"),
        (60.0, 60.0, "simpler: 60 s is the most that this service gives a scene."),
        (20.0, 60.0, "or give it more time: this service gives a scene 60 s at most."),
    ],
)
def test_way_out_of_a_time_limit_is_one_that_there_is(
    tmp_path: Path, timeout_s: float, longest_s: float | None, way_out: str
) -> None:
    request = build_request(tmp_path, timeout_s=timeout_s, longest_timeout_s=longest_s)
    error = build_timeout_error(request, log_tail="")
    assert error.hint.startswith("Ask for something simpler")
    assert error.hint.endswith(way_out)


def test_render_interrupted_stops_within_a_second_and_the_next_one_works(
    worker: Worker, tmp_path: Path
) -> None:
    endless = build_construct("while True: self.play(Create(Circle()))")
    is_drawn = threading.Event()
    with Stopwatch() as watch, pytest.raises(KeyboardInterrupt):
        interrupter = interrupt_when(is_drawn, watch)
        worker.render(
            endless, build_request(tmp_path), variables={},
            on_progress=lambda done, total: is_drawn.set(),
        )  # fmt: skip
    interrupter.join()
    assert watch.seconds < 1
    assert find_processes("shaperotator-job-") == []
    assert render(worker, build_scene(CIRCLE), tmp_path).size_bytes > 0


def test_render_with_a_process_that_left_its_group_ends_that_too(tmp_path: Path) -> None:
    body = (
        "import subprocess\n"
        "subprocess.Popen(['sh', '-c', 'sleep 60 & sleep 61'], start_new_session=True)\n"
        "self.add(Dot())"
    )
    # Nothing but the tidying up is left to end them.
    layers = Layers(namespaces=False, landlock=False, seccomp=False, process_limits=False)
    with started_worker(layers=layers) as worker:
        assert render(worker, build_construct(body), tmp_path, still=True).size_bytes > 0
        assert find_processes("shaperotator-job-") == []


def test_render_two_at_once_run_side_by_side_and_stop_one_by_one(
    worker: Worker, tmp_path: Path
) -> None:
    endless = build_construct("while True: self.play(Create(Circle()))")
    failed: list[Exception] = []
    longer_than_a_circle_s = 3 * measure_slowdown()

    def run_too_long() -> None:
        try:
            render(worker, endless, tmp_path, timeout_s=longer_than_a_circle_s)
        except RenderTimeoutError as exc:
            failed.append(exc)

    other = threading.Thread(target=run_too_long)
    other.start()
    video = render(worker, build_scene(CIRCLE), tmp_path)
    assert other.is_alive()
    assert len(read_frames(video.path)) == 15
    other.join()
    assert len(failed) == 1


@pytest.mark.parametrize(
    "said",
    [
        r"b'no json\n'", r"b'[1]\n'", r"b'{\"ended\": 0}\n'", r"b'{\"job\": 1, \"group\": 1}\n'",
        r"b'\xff' * 200_000 + b'\n'", r"b'{\"frames\": \"many\"}\n'", r"b'[' * 90_000 + b'\n'",
        r"b'{\"total\": -5, \"result\": 3}\n'", r"b'{\"error\": []}\n'",
    ],
)  # fmt: skip
def test_render_that_writes_into_its_report_is_not_believed(
    worker: Worker, tmp_path: Path, said: str
) -> None:
    scene = build_construct(f"import os\nos.write(3, {said})\nself.add(Dot())")
    assert render(worker, scene, tmp_path, still=True).media_type == "image/png"


@pytest.mark.parametrize("file", ["/etc/hostname", "../../x.mp4", "log.txt"])
def test_render_that_forges_its_result_is_refused(
    worker: Worker, tmp_path: Path, file: str
) -> None:
    forged = {"result": {"file": file, "poster": "poster.png", "duration_s": 1, "width_px": 1}}
    body = f"import json, os\nos.write(3, json.dumps({forged!r}).encode() + b'\\n')\nos._exit(0)"
    with pytest.raises(RenderError, match="spoiled the report"):
        render(worker, build_construct(body), tmp_path)


def test_render_that_links_its_result_to_a_file_of_the_user_is_refused(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret")
    forged = FinishedFiles(
        file="result.png", duration_s=0, width_px=1, height_px=1, fps=0, media_type="image/png"
    )
    body = (
        f"import os\nos.symlink({str(tmp_path / 'secret')!r}, 'result.png')\n"
        f"os.write(3, b'{{\"result\": ' + {forged.model_dump_json()!r}.encode() + b'}}\\n')\n"
        "os._exit(0)"
    )
    layers = Layers(namespaces=False, landlock=False, seccomp=False)
    with (
        started_worker(layers=layers) as worker,
        pytest.raises(RenderError, match="left no result"),
    ):
        render(worker, build_construct(body), tmp_path / "media")
    assert list((tmp_path / "media").glob("*")) == []


def test_render_with_sound_keeps_it(worker: Worker, tmp_path: Path) -> None:
    import wave

    import av

    sound = tmp_path / "tone.wav"
    with wave.open(str(sound), "wb") as tone:
        tone.setparams((1, 2, 8000, 0, "NONE", ""))
        tone.writeframes(b"\x00\x40" * 4000)
    scene = build_construct("self.add_sound('tone.wav')\nself.play(Create(Dot()))")
    video = render(worker, scene, tmp_path / "media", inputs=(sound,))
    with av.open(str(video.path)) as source:
        assert [stream.codec_context.name for stream in source.streams] == ["h264", "aac"]
    assert len(read_frames(video.path)) == 10
    # The sound may be another one next time, though the cell is the same.
    assert not render(worker, scene, tmp_path / "media", inputs=(sound,)).is_from_cache


def test_render_in_a_process_for_each_where_forking_is_not_safe(tmp_path: Path) -> None:
    before = set(find_processes("shaperotator-"))
    with started_worker(is_single_use=True) as worker:
        first = render(worker, build_scene(CIRCLE), tmp_path)
        with pytest.raises(RenderTimeoutError):
            render(worker, build_construct("while True: pass"), tmp_path, timeout_s=0.5)
        again = render(worker, build_scene(CIRCLE), tmp_path, use_cache=False)
    assert (len(read_frames(first.path)), again.duration_s) == (15, first.duration_s)
    assert set(find_processes("shaperotator-")) == before


def test_render_is_not_changed_by_the_users_manim_cfg(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = tmp_path / ".config" / "manim"
    settings.mkdir(parents=True)
    (settings / "manim.cfg").write_text("[CLI]\nbackground_color = WHITE\nseed = 7\n")
    monkeypatch.setenv("HOME", str(tmp_path))
    with started_worker() as worker:
        video = render(worker, build_construct("self.wait(0.2)"), tmp_path / "media")
    assert read_frames(video.path)[0].max() < 30


def test_render_again_is_from_the_cache_and_fast(worker: Worker, tmp_path: Path) -> None:
    first = render(worker, build_scene(CIRCLE), tmp_path)
    with Stopwatch() as watch:
        second = render(worker, build_scene(CIRCLE), tmp_path)
    assert watch.seconds < 0.15
    assert second == first.model_copy(update={"is_from_cache": True})


def test_render_leaves_no_file_but_the_media(
    worker: Worker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    media_dir, here = tmp_path / "media", tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    video = render(worker, build_scene(CIRCLE), media_dir)
    kept = {path.name for path in media_dir.glob("*.*") if path.suffix != ".json"}
    assert kept == {video.path.name, video.poster.name}
    assert len(list(media_dir.iterdir())) == 4  # the entry, and the pieces
    assert {path.suffix for path in (media_dir / "segments").iterdir()} == {".plays", ".poster"}
    assert list(here.iterdir()) == []
    assert worker._pipe is not None
    assert list((worker._pipe.folder / "jobs").iterdir()) == []
    assert list((worker._pipe.folder / "formulas").iterdir()) == []


def test_render_process_sees_no_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret")
    monkeypatch.setenv("MY_TOKEN", "sk-secret")
    worker = Worker()
    body = "import os\nassert 'sk-secret' not in os.environ.values()\nself.add(Dot())"
    try:
        assert render(worker, build_construct(body), tmp_path).size_bytes > 0
    finally:
        worker.close()


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_process_that_forks_has_one_thread(worker: Worker, tmp_path: Path) -> None:
    # What another thread holds, a forked process waits for without end.
    render(worker, build_scene(CIRCLE), tmp_path)
    assert worker._pipe is not None
    found, waiting = {}, [worker._pipe.process.pid]
    while waiting:
        process = waiting.pop()
        waiting.extend(find_children(process))
        command = Path(f"/proc/{process}/cmdline").read_bytes().decode().split("\0")
        if "python" in command[0]:
            facts = Path(f"/proc/{process}/status").read_text()
            found[process] = re.findall(r"Threads:\s*(\d+)", facts)
    assert list(found.values()) == [["1"]]


def test_worker_whose_process_was_killed_starts_a_new_one(tmp_path: Path) -> None:
    worker = Worker()
    worker.warm_up()
    assert worker._pipe is not None
    worker._pipe.process.kill()
    worker._pipe.process.wait()
    try:
        assert render(worker, build_scene(CIRCLE), tmp_path).size_bytes > 0
    finally:
        worker.close()


def test_render_whose_warm_process_is_killed_says_so_and_the_next_one_works(tmp_path: Path) -> None:
    body = "import os\nos.kill(os.getppid(), 9)"
    layers = Layers(namespaces=False, landlock=False, seccomp=False)
    with started_worker(layers=layers) as worker:
        with pytest.raises(RenderError, match="ended unexpectedly"):
            render(worker, build_construct(body), tmp_path)
        assert render(worker, build_scene(CIRCLE), tmp_path).size_bytes > 0


def test_worker_ends_when_its_kernel_is_killed(tmp_path: Path) -> None:
    code = (
        "import sys, time\nfrom pathlib import Path\n"
        "from shaperotator_magic.rendering.worker.worker import Worker\n"
        "from tests.scenes import build_construct, build_request\n"
        "worker = Worker(); worker.warm_up(); print(worker._pipe.process.pid, flush=True)\n"
        "worker.render(build_construct('while True: pass'), build_request(Path(sys.argv[1])),\n"
        "    variables={}, on_progress=print)\n"
    )
    root = Path(__file__).parents[1]
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    kernel = subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=root,
        env={**os.environ, "TMPDIR": str(temporary)},
    )
    assert kernel.stdout is not None
    worker_pid = int(kernel.stdout.readline())
    deadline = time.monotonic() + 300
    while not find_processes("shaperotator-job-") and time.monotonic() < deadline:
        time.sleep(0.05)
    kernel.kill()
    kernel.wait()
    while Path(f"/proc/{worker_pid}").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not Path(f"/proc/{worker_pid}").exists()
    # Its folder goes when nothing that could use it is left.
    assert list(temporary.glob("shaperotator-*")) == []
