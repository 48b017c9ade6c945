"""A removed result can be brought back until the kernel ends; a refined one keeps its question."""

from __future__ import annotations

import base64
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from IPython.core.interactiveshell import InteractiveShell

from shaperotator_magic.core.errors import (
    ConfigurationError,
    GenerationCancelled,
    GenerationNotFoundError,
)
from shaperotator_magic.core.records import Generation, Prompt, RenderedVideo
from shaperotator_magic.notebook.card.bundle import build_bundle
from shaperotator_magic.notebook.card.card import cut_printed
from shaperotator_magic.notebook.card.downloads import PART_BYTES
from shaperotator_magic.notebook.card.mime import MIME_TYPE
from shaperotator_magic.notebook.session.background import BackgroundRun
from shaperotator_magic.notebook.verdicts.removals import Removals
from shaperotator_magic.rendering.exchange.manim_flags import (
    describe_idle_flags,
    drop_idle_switches,
    split_flags,
)
from tests.shells import running_shell


@pytest.fixture(scope="module")
def module_shell(tmp_path_factory: pytest.TempPathFactory) -> Iterator[InteractiveShell]:
    """One shell for the tests that only need results."""
    with running_shell() as shell:
        yield shell


def find_session(shell: InteractiveShell) -> Any:
    return shell.magics_manager.registry["ShapeRotatorMagics"].session


def make(shell: InteractiveShell, text: str, options: str = "") -> Generation:
    shell.run_cell(f"%%shaperotate --code-only {options}\n{text}")
    made: Generation = shell.user_ns["_shape"]
    return made


@pytest.fixture
def video(tmp_path: Path) -> RenderedVideo:
    path, poster = tmp_path / "a.mp4", tmp_path / "a.png"
    path.write_bytes(b"video")
    poster.write_bytes(b"poster")
    return RenderedVideo(
        path=path, poster=poster, sha256="0" * 64, size_bytes=5, duration_s=1.0, width_px=854,
        height_px=480, fps=15.0, renderer="worker", printed=("line 5: <b>42</b>",),
    )  # fmt: skip


def test_removed_files_come_back_or_go_with_the_kernel(video: RenderedVideo) -> None:
    generation = Generation(prompt=Prompt(text="a circle"), video=video)
    removals = Removals()
    removals.put_away(generation, is_wanted=False)
    assert not video.path.exists() and not video.poster.exists()
    assert removals.latest == generation.generation_id
    removals.restore(generation.generation_id)
    assert video.path.read_bytes() == b"video" and video.poster.exists()
    removals.put_away(generation, is_wanted=False)
    folder = removals._find_folder()
    assert len(list(folder.iterdir())) == 2
    removals.close()
    assert not folder.exists() and not removals.can_restore(generation.generation_id)


def test_video_that_another_result_shows_stays(video: RenderedVideo) -> None:
    removals = Removals()
    removals.put_away(Generation(prompt=Prompt(text="a"), video=video), is_wanted=True)
    assert video.path.exists()


@pytest.mark.render
def test_magic_removes_lists_and_brings_back(module_shell: InteractiveShell) -> None:
    made = make(module_shell, "unit circle at 30 degrees")
    run = module_shell.run_line_magic
    assert "brings it back" in run("shaperotate", "remove")
    assert f"{made.generation_id}" in repr(run("shaperotate", "list"))
    assert "removed" in repr(run("shaperotate", "list"))
    shown = find_session(module_shell).find_display(made.generation_id)
    assert shown.is_finished
    run("shaperotate", "undo")
    assert "removed" not in repr(run("shaperotate", "list"))
    run("shaperotate", f"remove {made.generation_id} --now")
    with pytest.raises(GenerationNotFoundError, match="cannot be brought back"):
        run("shaperotate", f"undo {made.generation_id}")


def test_page_is_told_what_is_left_and_can_bring_it_back(module_shell: InteractiveShell) -> None:
    made = make(module_shell, "unit circle at 40 degrees")
    session = find_session(module_shell)
    asked = {"kind": "feedback", "generation_id": made.generation_id, "remove": True}
    facts = session.answer(asked)["data"][MIME_TYPE]
    assert (facts["status"], facts["title"]) == ("removed", "unit circle at 40 degrees")
    assert session.answer({**asked, "kind": "state"})["can_restore"] is True
    session.answer({"kind": "restore", "generation_id": made.generation_id})
    shown = session.answer({"kind": "show", "generation_id": made.generation_id})
    assert shown["data"][MIME_TYPE]["status"] == "completed"
    assert session.answer({**asked, "kind": "state"})["can_restore"] is False


@pytest.mark.render
def test_button_cannot_judge_a_run_that_failed(module_shell: InteractiveShell) -> None:
    failed = make(module_shell, "a circle", "--model m --base-url http://127.0.0.1:9")
    session = find_session(module_shell)
    asked = {"kind": "feedback", "generation_id": failed.generation_id, "is_positive": False}
    assert "nothing to judge" in session.answer(asked)["error"]


@pytest.mark.render
def test_versions_and_undo_take_the_last_finished_result(module_shell: InteractiveShell) -> None:
    made = make(module_shell, "unit circle at 50 degrees")
    refined = make(module_shell, "make it 60 degrees", "--refine")
    make(module_shell, "a circle", "--model m --base-url http://127.0.0.1:9")
    versions = module_shell.run_line_magic("shaperotate", "versions")
    assert [row[1] for row in versions.rows] == [made.generation_id, refined.generation_id]
    assert versions.rows[1][-1] == "← this one"
    module_shell.run_line_magic("shaperotate", "undo")
    assert module_shell.user_ns["_shape"].generation_id == made.generation_id


def test_refined_result_keeps_its_question(module_shell: InteractiveShell) -> None:
    make(module_shell, "unit circle at 70 degrees")
    make(module_shell, "make it 80 degrees", "--refine")
    refined = make(module_shell, "slower <b>", "--refine")
    assert (refined.title, refined.change) == ("unit circle at 70 degrees", "slower <b>")
    data, _ = find_session(module_shell).build_bundle(refined)
    facts = data[MIME_TYPE]
    assert facts["title"] == facts["alt"].removeprefix("Animation: ") == refined.title
    assert facts["change"] == "slower <b>"
    assert "Refined: slower &lt;b&gt;" in data["text/html"]
    steps = ["unit circle at 70 degrees", "make it 80 degrees", "slower <b>"]
    assert [version["prompt"] for version in facts["versions"]] == steps
    listed = module_shell.run_line_magic("shaperotate", "list").rows[0][-1]
    assert listed == "unit circle at 70 degrees → slower <b>"


def test_show_of_what_is_not_there_answers_at_once_with_what_is(
    module_shell: InteractiveShell,
) -> None:
    made = make(module_shell, "unit circle at 20 degrees")
    started = time.process_time()
    with pytest.raises(GenerationNotFoundError) as caught:
        module_shell.run_line_magic("shaperotate", "show nosuch")
    assert time.process_time() - started < 0.3
    assert made.generation_id in caught.value.hint


def test_made_in_is_what_the_user_waited(module_shell: InteractiveShell) -> None:
    session = find_session(module_shell)
    made = make(module_shell, "unit circle at 10 degrees")
    opened_at = session.find_display(made.generation_id).opened_at
    assert 0 < made.elapsed_s <= time.perf_counter() - opened_at
    prompt = made.prompt.model_copy(update={"text": "unit circle at 15 degrees"})
    waited = session.pipeline.run(prompt, lambda _: None, started=time.perf_counter() - 30)
    assert waited.elapsed_s >= 30


def test_card_holds_what_the_scene_printed(video: RenderedVideo) -> None:
    generation = Generation(prompt=Prompt(text="a circle"), video=video)
    data, _ = build_bundle(generation, kernel_id="")
    assert data[MIME_TYPE]["printed"] == ["line 5: <b>42</b>"]
    assert "line 5: &lt;b&gt;42&lt;/b&gt;" in data["text/html"]
    many = video.model_copy(update={"printed": ("x" * 9000,) * 80})
    shown = cut_printed(many)
    assert len(shown) == 51 and shown[-1] == "… and 30 more"
    assert len(shown[0]) < 500


def test_background_run_says_its_present_state() -> None:
    runs = []

    def end(error: BaseException | None) -> Generation:
        if error:
            raise error
        return Generation(prompt=Prompt(text="a circle"))

    for error in (None, ConfigurationError("no"), GenerationCancelled()):
        run = BackgroundRun("4a1fbeef", lambda error=error: end(error))
        assert "going on" in repr(run)
        run.start()
        run._thread.join()
        runs.append(run.state)
    assert runs == ["done", "failed", "cancelled"]


def test_manim_flags_without_effect_are_named() -> None:
    given = split_flags(["-pqh", "--fps=30", "-o", "x", "-sk"])
    assert given == ("-p", "-qh", "--fps=30", "-o", "x", "-s", "-k")
    assert [said.split()[0] for said in describe_idle_flags(given)] == ["-p", "-o"]
    assert drop_idle_switches(given) == tuple(flag for flag in given if flag != "-p")


def test_file_comes_in_parts_that_a_server_passes_on(
    module_shell: InteractiveShell, video: RenderedVideo
) -> None:
    session = find_session(module_shell)
    video.path.write_bytes(bytes(PART_BYTES) + b"rest")
    kept = Generation(prompt=Prompt(text="a circle"), video=video)
    session.pipeline.store.append_generation(kept)
    asked = {"kind": "download", "generation_id": kept.generation_id, "format": "original"}
    parts = [session.answer({**asked, "part": part}) for part in (0, 1)]
    assert [(said["part"], said["parts"]) for said in parts] == [(0, 2), (1, 2)]
    assert b"".join(base64.b64decode(said["base64"]) for said in parts) == video.path.read_bytes()
    assert "not understood" in session.answer({**asked, "part": 2})["error"]
    assert "cannot be had as doc" in session.answer({**asked, "format": "doc"})["error"]
