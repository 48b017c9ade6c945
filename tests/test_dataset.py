"""Data sets: what gets in, what stays out, and that a second build has the same bytes."""

from __future__ import annotations

import errno
import hashlib
import json
import random
import sqlite3
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from shaperotator_magic.cli import main
from shaperotator_magic.core import atomic_files
from shaperotator_magic.core.records import (
    Attempt,
    Completion,
    ErrorReport,
    FeedbackRecord,
    Finding,
    Generation,
    Origin,
    Prompt,
    SceneCode,
    Variable,
)
from shaperotator_magic.core.records import CheckedScene as Checked
from shaperotator_magic.keeping.store import STORE_NAME, Store
from shaperotator_magic.learning.dataset.folder import read_rows
from shaperotator_magic.learning.dataset.gates.judging import Verdict, digest_code
from shaperotator_magic.learning.dataset.gates.licences import find_restriction
from shaperotator_magic.learning.dataset.gates.likeness import (
    LEAK,
    Index,
    measure_likeness,
    split_pieces,
)
from shaperotator_magic.learning.dataset.gates.private import find_private
from shaperotator_magic.learning.dataset.gates.splitting import find_leaks, is_held_out
from shaperotator_magic.learning.dataset.gathering import admit
from shaperotator_magic.learning.dataset.messages import build_prompt
from shaperotator_magic.learning.dataset.review.decisions import Decisions
from shaperotator_magic.learning.dataset.review.items import list_items
from shaperotator_magic.learning.dataset.review.serving import build_review_page
from shaperotator_magic.learning.dataset.sources.library import list_library_samples
from shaperotator_magic.learning.dataset.sources.mending import Broken
from shaperotator_magic.learning.dataset.sources.phrasing import list_said, load_phrases
from shaperotator_magic.learning.dataset.sources.refining import list_refinements
from shaperotator_magic.learning.dataset.sources.sample import Sample
from shaperotator_magic.learning.dataset.sources.store import list_store_samples
from shaperotator_magic.learning.private_page import PrivatePage
from shaperotator_magic.pipeline.exploring.parameters import read_parameters
from shaperotator_magic.writing.library.library import SceneLibrary
from shaperotator_magic.writing.library.scene_files import load_scenes

PROMPTS = Path(__file__).parent / "data" / "prompts"
if TYPE_CHECKING:
    from playwright.sync_api import Browser

TEST_SHARE = 0.3
SIZE = "--codes 1 --sentences 2 --calls 1 --layouts 1 --refinements 1 --ignored 1 --conversions 1"
KEY = "sk-" + "proj-Abc123def456ghi789jkl"


def write_scene(colour: str, words: str = "") -> str:
    """Return a scene that runs in a moment and moves."""
    return (
        "from manim import *\n\n\nclass Shape(Scene):\n    def construct(self):\n"
        f"        shape = Square(color={colour})  # {words}\n"
        "        self.play(Create(shape))\n        self.wait()\n"
    )


def make_code(source: str, model: str = "qwen3-coder") -> SceneCode:
    origin = Origin(writer="model", model=model)
    return SceneCode(source=source, scene_name="Shape", origin=origin)


def make_run(number: int, text: str, source: str, **facts: Any) -> Generation:
    code = make_code(source, facts.pop("model", "qwen3-coder"))
    attempts = facts.pop("attempts", ())
    completion = Completion(text=source, model=code.origin.model or "")
    return Generation(
        generation_id=f"{number:08x}",
        prompt=Prompt(text=text, **facts),
        scene=Checked(code=code),
        attempts=(*attempts, Attempt(completion=completion, code=code)),
    )


RUNS = {
    "kept": make_run(1, "an orange hexagon", write_scene("BLUE")),
    "refined": make_run(
        2,
        "now in red",
        write_scene("RED"),
        parent="00000001",
        question="an orange hexagon",
    ),
    "mended": make_run(
        3,
        "three dots in a row",
        write_scene("GREEN"),
        attempts=(
            Attempt(
                code=make_code(write_scene("GRENE")),
                error=ErrorReport(
                    type="RenderError", message="name 'GRENE' is not defined", details={"line": 6}
                ),
            ),
        ),
    ),
    "held out": make_run(13, "two circles side by side", write_scene("BLUE_E")),
    "disliked": make_run(4, "a square that nobody likes", write_scene("PINK")),
    "key": make_run(5, "a planted-key square", write_scene("TEAL", f"token {KEY}")),
    "path": make_run(6, "read /home/planted-path/notes and draw it", write_scene("GOLD")),
    "file": make_run(7, "plot planted-file.csv as a square", write_scene("MAROON")),
    "value": make_run(
        8,
        "draw the planted-value",
        write_scene("PURPLE"),
        variables=(Variable(name="salary", type_name="int", value="4217"),),
    ),
    "restricted": make_run(9, "a planted-maker square", write_scene("WHITE"), model="gpt-5.2"),
    "refused": make_run(10, "a square that I refused, planted-no", write_scene("GREY")),
    "removed": make_run(11, "a planted-removed square", write_scene("ORANGE")),
    "broken": make_run(12, "a planted-broken square", write_scene("NO_SUCH_COLOUR")),
}


@pytest.fixture(scope="module")
def data_dir(temporary_folder: Path) -> Path:
    """A data folder whose store has every kind of run; yes was said to all but one."""
    folder = temporary_folder / "dataset-store"
    store = Store(folder)
    for generation in RUNS.values():
        store.append_generation(generation)
    said = {"kept": True, "disliked": False}
    for name, is_positive in said.items():
        run = RUNS[name].generation_id
        store.append_feedback(
            FeedbackRecord(generation_id=run, is_positive=is_positive, comment="planted-comment")
        )
    store.append_feedback(FeedbackRecord(generation_id=RUNS["removed"].generation_id, remove=True))
    decisions = Decisions(folder)
    for item in list_items(list_store_samples(store, SceneLibrary.load())[0]):
        refused = item.generation.generation_id == RUNS["refused"].generation_id
        decisions.append(item.key, "no" if refused else "yes")
    return folder


@pytest.fixture(scope="module")
def built(temporary_folder: Path, data_dir: Path) -> Path:
    """A small data set of one scene of the library and the store."""
    folder = temporary_folder / "dataset"
    assert build(folder, data_dir) == 0
    return folder


def build(folder: Path, data_dir: Path) -> int:
    scenes = f"--scenes pendulum --test-share {TEST_SHARE}"
    return main(f"dataset build -o {folder} --data-dir {data_dir} {scenes} {SIZE}".split())


def read_all(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


# --- the library's sentences ------------------------------------------------------------


def test_phrases_say_parameters_of_scenes() -> None:
    scenes = {scene.name: {row.name for row in scene.parameters} for scene in load_scenes()}
    assert set(load_phrases()) == set(scenes)
    for name, parameters in scenes.items():
        assert set(list_said(name)) <= parameters


def test_values_of_a_sentence_are_in_its_code() -> None:
    library = SceneLibrary.load()
    library.scenes = tuple(s for s in library.scenes if s.name in {"hash_table", "newton_method"})
    samples = list(list_library_samples(library, codes=3, sentences=3, seed=5))
    assert len([sample for sample in samples if sample.values]) >= 6
    for sample in samples:
        held = {row.name: row.value for row in read_parameters(sample.code)}
        assert sample.values.items() <= held.items()
        assert "Built-in scene" not in sample.code.source
    again = list(list_library_samples(library, codes=3, sentences=3, seed=5))
    assert samples == again


# --- likeness ---------------------------------------------------------------------------


def test_no_pair_is_missed() -> None:
    rng = random.Random(3)
    words = "show the area of a circle with radius two three four on axes and its slope".split()
    texts = [split_pieces(" ".join(rng.choices(words, k=rng.randint(2, 9)))) for _ in range(300)]
    for bound in (0.5, 0.8):
        index = Index(texts, bound)
        for text in texts[:100]:
            alike = [n for n, o in enumerate(texts) if measure_likeness(text, o) >= bound]
            assert list(index.find(text)) == alike


def test_no_held_out_paraphrase_is_near_a_training_prompt() -> None:
    """What a library build would train on, against 300 sentences that it has never seen."""
    library = SceneLibrary.load()
    library.scenes = library.scenes[::9]
    samples = list(list_library_samples(library, codes=2, sentences=3, seed=1))
    held_out = read_held_out()
    assert len(held_out) >= 300
    leaks = find_leaks(samples, held_out)
    assert leaks, "without the gate there are some"
    kept = [s.asked for n, s in enumerate(samples) if n not in leaks]
    pieces = [split_pieces(text, masks_numbers=True) for text in kept]
    for text in held_out:
        own = split_pieces(text, masks_numbers=True)
        assert all(measure_likeness(own, other) < LEAK for other in pieces)


class OneVerdict:
    """A judge who finds that every scene but the first fails."""

    def __init__(self, good: SceneCode) -> None:
        self.good = good

    def find(self, code: SceneCode) -> Verdict:
        failure = Finding(rule="RenderError", severity="error", message="it fails", line=6)
        is_good = code.source == self.good.source
        return Verdict(digest=digest_code(code), plays=1, failure=None if is_good else failure)


@pytest.mark.parametrize(
    ("fault", "forms"),
    [
        ("shape.set_colour(RED)", ["preference", "repair"]),
        ("x = [s.set_color, RED for s in [shape]]", []),  # left out where the answer is read
    ],
)
def test_fault_is_a_row_where_the_answer_is_read_as_it_was_judged(
    fault: str, forms: list[str]
) -> None:
    good = make_code(write_scene("BLUE"))
    asked = "a blue square"
    sample = Sample(
        "sft", tuple(build_prompt(asked)), good, subject="s", source="library", asked=asked
    )
    spoilt = make_code(write_scene("BLUE").replace("self.wait()", fault))
    broken = Broken(sample, spoilt, "call", ("a fault",), 1)
    found = admit([], [broken], OneVerdict(good), test_share=0.0)  # type: ignore[arg-type]
    assert sorted(row.form for row in found.train) == forms
    is_refused = "a fault that was put in is mended where the answer is read" in found.refused
    assert is_refused != bool(forms)


def test_first_sentence_of_a_conversation_leaks_too() -> None:
    library = SceneLibrary.load()
    library.scenes = tuple(scene for scene in library.scenes if scene.name == "pendulum")
    (sample,) = list_refinements(library, count=1, seed=1)
    first = sample.prompt[1]["content"]
    assert measure_likeness(split_pieces(sample.asked), split_pieces(first)) < 1
    assert find_leaks([sample], [first]) == {0}
    assert find_leaks([sample], ["a proof that there are infinitely many primes"]) == set()


def read_held_out() -> list[str]:
    files = [json.loads(path.read_text("utf-8")) for path in sorted(PROMPTS.glob("[mp]*.json"))]
    by_scene = [file.get("in_scope", file) for file in files]
    return [text for scenes in by_scene for texts in scenes.values() for text in texts]


# --- a built folder -----------------------------------------------------------------------


@pytest.mark.render
def test_folder_has_every_form_and_loads_by_its_card(built: Path) -> None:
    header = yaml.safe_load((built / "README.md").read_text("utf-8").split("---")[1])
    listed = {part["path"] for row in header["configs"] for part in row["data_files"]}
    assert {f"{form}/train.jsonl" for form in ("sft", "repair", "preference", "verdicts")} <= listed
    assert all((built / path).is_file() for path in listed)
    sft = list(read_rows(built, "sft/train.jsonl"))
    assert {row["source"] for row in sft} == {"library", "refinement", "conversion", "store"}
    for row in sft:
        assert row["messages"][0]["role"] == "system"
        assert row["messages"][-1]["role"] == "assistant"
    repair = next(read_rows(built, "repair/train.jsonl"))["messages"]
    assert [m["role"] for m in repair] == ["system", "user", "assistant", "user", "assistant"]
    preference = next(read_rows(built, "preference/train.jsonl"))
    assert preference["chosen"][0]["content"] != preference["rejected"][0]["content"]
    openai = list(read_rows(built, "openai/sft.train.jsonl"))
    assert [list(row) for row in openai] == [["messages"]] * len(sft)


@pytest.mark.render
def test_subjects_are_on_one_side_alone(built: Path) -> None:
    for side in ("train", "test"):
        subjects = {row["subject"] for row in read_rows(built, f"sft/{side}.jsonl")}
        assert subjects
        assert {is_held_out(subject, TEST_SHARE) for subject in subjects} == {side == "test"}
    held_out = [row["messages"][1]["content"] for row in read_rows(built, "sft/test.jsonl")]
    assert held_out == [RUNS["held out"].prompt.text]


@pytest.mark.render
def test_nothing_planted_gets_in(built: Path) -> None:
    content = b"\n".join(read_all(built).values()).decode()
    for planted in (KEY, "planted-", "4217", "salary", "NO_SUCH_COLOUR", "/home/"):
        assert planted not in content
    sft = [r["messages"] for r in read_rows(built, "sft/train.jsonl") if r["source"] == "store"]
    assert {messages[1]["content"] for messages in sft} == {
        RUNS["kept"].prompt.text, RUNS["mended"].prompt.text,
    }  # fmt: skip


@pytest.mark.render
def test_refinements_and_repairs_of_the_store_are_rows(built: Path) -> None:
    asked = [
        [message["content"] for message in row["messages"] if message["role"] == "user"]
        for row in read_rows(built, "sft/train.jsonl")
    ]
    (refined,) = [words for words in asked if words[0] == RUNS["kept"].prompt.text and words[1:]]
    assert refined[1].startswith("Change the scene above") and refined[1].endswith("\nnow in red")
    repairs = [
        row["messages"]
        for row in read_rows(built, "repair/train.jsonl")
        if "GRENE" in row["messages"][2]["content"]
    ]
    assert len(repairs) == 1
    assert "name 'GRENE' is not defined" in repairs[0][3]["content"]
    assert "GREEN" in repairs[0][4]["content"]


@pytest.mark.render
def test_what_was_disliked_is_a_verdict_alone(built: Path) -> None:
    text = RUNS["disliked"].prompt.text
    files = [p for p in built.rglob("*.jsonl") if text in p.read_text("utf-8")]
    assert len(files) == 1
    rows = [row for row in read_rows(files[0].parent, files[0].name) if "PINK" in str(row)]
    assert [row["label"] for row in rows] == [False]


@pytest.mark.render
def test_second_build_has_the_same_bytes_and_rehearses_nothing(
    built: Path, data_dir: Path, tmp_path: Path
) -> None:
    verdicts = data_dir / "learning" / "verdicts.jsonl"
    known = verdicts.read_bytes()
    assert build(tmp_path / "again", data_dir) == 0
    assert read_all(tmp_path / "again") == read_all(built)
    assert verdicts.read_bytes() == known


@pytest.mark.render
def test_check_repeats_the_gates(
    built: Path, data_dir: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["dataset", "check", str(built), "--data-dir", str(data_dir)]) == 0
    assert ", 0 faults" in capsys.readouterr().out
    spoilt = copy_with_other_row(built, tmp_path / "spoilt")
    assert main(["dataset", "check", str(spoilt), "--data-dir", str(data_dir)]) == 2
    said = capsys.readouterr().out
    assert "sft/train.jsonl line 1: its code is no example today: it fails in rehearsal" in said


def copy_with_other_row(built: Path, folder: Path) -> Path:
    """Copy a data set; the code of its first row is one that does not run any more."""
    for name, content in read_all(built).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    rows = list(read_rows(folder, "sft/train.jsonl"))
    code = write_scene("NO_SUCH_COLOUR")
    rows[0]["messages"][-1]["content"] = f"```python\n{code.strip()}\n```"
    rows[0]["code_digest"] = hashlib.sha256(f"Shape\n{code.strip()}".encode()).hexdigest()
    text = "".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows)
    (folder / "sft" / "train.jsonl").write_text(text, "utf-8")
    manifest = json.loads((folder / "dataset.json").read_text("utf-8"))
    manifest["files"]["sft/train.jsonl"] = hashlib.sha256(text.encode()).hexdigest()
    (folder / "dataset.json").write_text(json.dumps(manifest), "utf-8")
    return folder


# --- bad input ----------------------------------------------------------------------------


@pytest.mark.render
def test_build_without_room_says_so_and_is_gone_on_with(
    built: Path,
    data_dir: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    write, folder = atomic_files.write_output, tmp_path / "full"

    def fail(path: Path, content: bytes | str) -> Path:
        if path.parent.name == "preference":
            raise atomic_files._build_error(path, OSError(errno.ENOSPC, "No space left on device"))
        return write(path, content)

    monkeypatch.setattr("shaperotator_magic.learning.dataset.folder.write_output", fail)
    assert build(folder, data_dir) == 2
    said = capsys.readouterr().err
    assert "No space left on device" in said
    assert "what was rehearsed is kept" in said
    assert main(["dataset", "check", str(folder), "--data-dir", str(data_dir)]) == 2
    assert "is half written" in capsys.readouterr().err
    monkeypatch.undo()
    assert build(folder, data_dir) == 0
    assert read_all(folder) == read_all(built)


@pytest.mark.render
def test_changed_file_is_named(
    built: Path, data_dir: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copy = copy_with_other_row(built, tmp_path / "copy")
    with (copy / "repair" / "train.jsonl").open("a") as file:
        file.write("{}\n")
    assert main(["dataset", "check", str(copy), "--data-dir", str(data_dir)]) == 2
    assert "repair/train.jsonl is not as it was built" in capsys.readouterr().err


def test_folder_with_other_files_is_not_written_into(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "thesis"
    folder.mkdir()
    (folder / "thesis.tex").write_text("years of work")
    assert build(folder, tmp_path / "data") == 2
    assert "holds other files than a data set" in capsys.readouterr().err
    assert [path.name for path in folder.iterdir()] == ["thesis.tex"]


def test_rows_of_another_version_stay_out_and_stay(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store = Store(tmp_path)
    store.append_generation(RUNS["kept"])
    with closing(sqlite3.connect(tmp_path / STORE_NAME)) as connection, connection:
        connection.execute(
            "INSERT INTO generations SELECT 'older', created_at, status, title, scene_name, "
            'video_sha256, \'{"prompt": "as it was then"}\' FROM generations'
        )
    assert main(["dataset", "review", "--yes-to-all", "--data-dir", str(tmp_path)]) == 0
    said = capsys.readouterr()
    assert "Yes to all 1 results." in said.out
    assert "1 results are of another version and stay out" in said.err
    with closing(sqlite3.connect(tmp_path / STORE_NAME)) as connection:
        assert connection.execute("SELECT count(*) FROM generations").fetchone() == (2,)


def test_unknown_scene_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["dataset", "build", "-o", str(tmp_path / "new"), "--scenes", "pendulum,perpetuum"]
    assert main([*words, "--data-dir", str(tmp_path)]) == 2
    assert "no scene perpetuum" in capsys.readouterr().err
    assert not (tmp_path / "new").exists()


# --- single gates -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("model", "maker"),
    [
        ("gpt-5.2", "OpenAI"), ("openai/o3-mini", "OpenAI"), ("claude-opus-4-6", "Anthropic"),
        ("gemini-2.5-pro", "Google"), ("grok-4", "xAI"), ("qwen3-coder:30b", ""),
        ("gpt-oss:20b", ""), ("gemma-3-27b", ""), ("deepseek-r1:8b", ""), ("", ""),
    ],
)  # fmt: skip
def test_makers_that_forbid_training_are_known(model: str, maker: str) -> None:
    assert find_restriction(model) == maker


@pytest.mark.parametrize(
    "text",
    [f"use {KEY}", "password = 'hunter22x'", "see /etc/planted/file", "C:\\Users\\ada\\notes",
     "load results.xlsx", "mail me: ada@example.org"],
)  # fmt: skip
def test_private_text_is_found(text: str) -> None:
    assert find_private([text])


@pytest.mark.parametrize(
    "text",
    ["f(x) = 1/2 x", "np.sqrt(2)", "at 3 m/s and 60°", "self.camera.frame", "x e^x / y"],
)
def test_mathematics_is_not_private(text: str) -> None:
    assert not find_private([text])


# --- review -------------------------------------------------------------------------------


@pytest.fixture
def review(data_dir: Path, tmp_path: Path) -> Iterator[tuple[PrivatePage, Path]]:
    """The page on the store, with decisions of its own."""
    items = list_items(list_store_samples(Store(data_dir), SceneLibrary.load())[0])
    page = build_review_page(items, Decisions(tmp_path))
    thread = threading.Thread(target=page.serve)
    thread.start()
    yield page, tmp_path
    page.close()
    thread.join()


def test_page_needs_its_secret_and_its_own_host(review: tuple[PrivatePage, Path]) -> None:
    address = review[0].address
    for request in (
        urllib.request.Request(address.rpartition("/")[0].rpartition("/")[0] + "/"),
        urllib.request.Request(address, headers={"host": "evil.example"}),
        urllib.request.Request(f"{address[:-1]}x/items"),
    ):
        with pytest.raises(urllib.error.HTTPError, match="403"):
            urllib.request.urlopen(request)
    with urllib.request.urlopen(address) as answer:
        assert "default-src 'none'" in answer.headers["content-security-policy"]


@pytest.mark.browser
def test_keys_decide_and_undo(review: tuple[PrivatePage, Path], browser: Browser) -> None:
    from playwright.sync_api import expect

    server, folder = review
    page = browser.new_page()
    page.goto(server.address)
    expect(page.locator("#asked")).to_have_text(RUNS["kept"].prompt.text)
    expect(page.locator("#code")).to_contain_text("Square(color=BLUE)")
    page.keyboard.press("y")
    expect(page.locator("#asked")).to_have_text("now in red")
    expect(page.locator("#first")).to_contain_text(RUNS["kept"].prompt.text)
    page.keyboard.press("n")
    expect(page.locator("#asked")).to_have_text(RUNS["mended"].prompt.text)
    page.keyboard.press("u")
    expect(page.locator("#asked")).to_have_text("now in red")
    expect(page.locator("#state")).to_have_text("not decided")
    page.close()
    lines = [
        json.loads(line) for line in (folder / "dataset-review.jsonl").read_text().split("\n")[:-1]
    ]
    assert [line["decision"] for line in lines] == ["yes", "no", "open"]
