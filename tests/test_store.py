"""The store keeps what it was given, whoever else writes and however the process ends."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest

from shaperotator_magic.core.errors import FeedbackError, GenerationNotFoundError
from shaperotator_magic.core.records import (
    Attempt,
    CheckedScene,
    Completion,
    ErrorReport,
    FeedbackRecord,
    Finding,
    Generation,
    Origin,
    Prompt,
    Reading,
    ReadValue,
    RenderedVideo,
    SceneCode,
    UnusedValue,
    Usage,
)
from shaperotator_magic.keeping.database import Database
from shaperotator_magic.keeping.store import STORE_NAME, Store

SCENE = CheckedScene(
    code=SceneCode(source="class A: ...", scene_name="A", origin=Origin(writer="user"))
)


def build_generation(sha256: str = "00ff") -> Generation:
    video = RenderedVideo(
        path=Path("v.mp4"), sha256=sha256, size_bytes=1, duration_s=2.0, width_px=854,
        height_px=480, fps=15, poster=Path("v.png"), renderer="worker",
    )  # fmt: skip
    failed = Attempt(
        completion=Completion(text="…", model="m", usage=Usage(prompt_tokens=5)),
        code=SCENE.code,
        findings=(Finding(rule="r", severity="error", message="no", line=3),),
        error=ErrorReport(type="RenderError", message="boom"),
        writing_s=1.5,
    )
    return Generation(
        prompt=Prompt(text=r"Show \frac{1}{2} and {x} — λ"), attempts=(failed,), scene=SCENE,
        video=video,
    )  # fmt: skip


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    if request.param == "sqlite":
        return Store(tmp_path / "data")
    url = request.getfixturevalue("postgres").make_database()
    return Store(tmp_path / "data", database=Database(tmp_path / "none.db", url=url))


def test_append_generation_read_back_is_equal(store: Store) -> None:
    generation = build_generation()
    store.append_generation(generation)
    assert store.read_generation(generation.generation_id) == generation
    assert store.read_generation(generation.generation_id[:5]) == generation


def test_list_generations_with_limit_returns_newest_first(store: Store) -> None:
    made = [build_generation() for _ in range(3)]
    for generation in made:
        store.append_generation(generation)
    ids = [generation.generation_id for generation in store.list_generations(limit=2)]
    assert ids == [made[2].generation_id, made[1].generation_id]


@pytest.mark.parametrize("wanted", ["ffffffff", "ab", "", "%%%%%%"])
def test_read_generation_unknown_id_says_how_to_list(store: Store, wanted: str) -> None:
    store.append_generation(build_generation())
    with pytest.raises(GenerationNotFoundError, match="No result") as caught:
        store.read_generation(wanted)
    assert "list" in caught.value.hint


def test_append_feedback_keeps_order_and_text(store: Store) -> None:
    generation = build_generation()
    store.append_generation(generation)
    said = [
        FeedbackRecord(generation_id=generation.generation_id, is_positive=False, comment="<b>"),
        FeedbackRecord(generation_id=generation.generation_id, is_positive=True),
    ]
    for feedback in said:
        store.append_feedback(feedback)
    assert store.read_feedback(generation.generation_id) == said
    assert store.read_feedback("other") == []


def test_append_feedback_unknown_generation_is_refused(store: Store) -> None:
    with pytest.raises(GenerationNotFoundError):
        store.append_feedback(FeedbackRecord(generation_id="deadbeef", is_positive=True))


def test_is_video_wanted_after_removal_of_last_user_is_false(store: Store) -> None:
    first, second = build_generation("aa"), build_generation("aa")
    for generation in (first, second):
        store.append_generation(generation)
    store.append_feedback(FeedbackRecord(generation_id=first.generation_id, remove=True))
    assert store.is_video_wanted("aa")
    store.append_feedback(FeedbackRecord(generation_id=second.generation_id, remove=True))
    assert not store.is_video_wanted("aa")


def test_append_generation_damaged_file_names_it_and_the_way_out(tmp_path: Path) -> None:
    (tmp_path / STORE_NAME).write_bytes(b"this is not a database" * 100)
    with pytest.raises(FeedbackError, match=STORE_NAME) as caught:
        Store(tmp_path).append_generation(build_generation())
    assert "SHAPEROTATOR_DATA_DIR" in caught.value.hint


def test_append_generation_folder_is_a_file_names_the_store(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("in the way")
    with pytest.raises(FeedbackError, match="cannot be used"):
        Store(tmp_path / "data").append_generation(build_generation())


@pytest.fixture
def unprivileged() -> Iterator[Path]:
    """A folder that an ordinary user may enter; the test then acts as that user, even in CI."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o777)
    is_root = os.geteuid() == 0
    if is_root:
        os.seteuid(65534)
    yield folder
    if is_root:
        os.seteuid(0)
    shutil.rmtree(folder)


def test_append_generation_read_only_file_is_a_clear_error(unprivileged: Path) -> None:
    store = Store(unprivileged)
    store.append_generation(build_generation())
    store.path.chmod(0o444)
    with pytest.raises(FeedbackError, match="readonly"):
        store.append_generation(build_generation())


WRITER = textwrap.dedent("""
    import sys
    from pathlib import Path
    from shaperotator_magic.keeping.store import Store
    from shaperotator_magic.core.records import Generation, Prompt
    store = Store(Path(sys.argv[1]))
    for number in range(int(sys.argv[2])):
        generation = Generation(prompt=Prompt(text=str(number)))
        store.append_generation(generation)
        print(generation.generation_id, flush=True)
""")


def start_writer(data_dir: Path, rows: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", WRITER, str(data_dir), str(rows)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def test_two_processes_writing_at_once_lose_no_row(tmp_path: Path) -> None:
    writers = [start_writer(tmp_path / "new", 40) for _ in range(2)]
    printed = [writer.communicate(timeout=600)[0].split() for writer in writers]
    kept = {g.generation_id for g in Store(tmp_path / "new").list_generations(limit=100)}
    assert [writer.returncode for writer in writers] == [0, 0]
    assert kept == {*printed[0], *printed[1]}
    assert len(kept) == 80


def test_killed_writer_loses_no_finished_row(tmp_path: Path) -> None:
    writer = start_writer(tmp_path, 10_000)
    assert writer.stdout is not None
    printed = [writer.stdout.readline().strip() for _ in range(20)]
    writer.send_signal(signal.SIGKILL)
    printed += [line for line in writer.communicate()[0].split("\n") if len(line) == 8]
    kept = {g.generation_id for g in Store(tmp_path).list_generations(limit=20_000)}
    assert set(printed) <= kept


def test_store_that_several_threads_make_at_once_is_whole(tmp_path: Path) -> None:
    from concurrent.futures import ThreadPoolExecutor

    from shaperotator_magic.keeping.tasks import TaskStore

    for number in range(5):
        path = tmp_path / str(number) / "shaperotator.db"
        with ThreadPoolExecutor(8) as pool:
            found = pool.map(
                lambda _, path=path: TaskStore(Database(path)).list_running(), range(8)
            )
        assert list(found) == [[]] * 8


def test_origin_keeps_what_was_read_and_rows_of_before_still_load() -> None:
    value = ReadValue(parameter="SPEED", value=30, text="30 m/s", start=18, end=24)
    reading = Reading(
        subject="projectile motion",
        score=0.97,
        values=(value,),
        unused=(UnusedValue(text="12", reason="a leg may be 8 at most"),),
    )
    origin = Origin(writer="library", library_scene="projectile", reading=reading)
    assert Origin.model_validate_json(origin.model_dump_json()) == origin
    stored = origin.model_dump(mode="json")
    del stored["reading"]
    assert Origin.model_validate(stored) == origin.model_copy(update={"reading": None})
