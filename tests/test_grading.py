"""Two runs compared, results graded by eye, and how far graders agree."""

from __future__ import annotations

import json
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from shaperotator_magic.cli import main
from shaperotator_magic.cli.learning.grade import collect
from shaperotator_magic.core.errors import ConfigurationError
from shaperotator_magic.core.records import (
    Attempt,
    Completion,
    ErrorReport,
    Finding,
    Generation,
    Options,
    Prompt,
    Step,
)
from shaperotator_magic.learning.grading.agreement import measure_agreement
from shaperotator_magic.learning.grading.comparing import (
    compare_runs,
    conclude,
    find_interval,
    find_p_value,
)
from shaperotator_magic.learning.grading.grades import GradeBook, read_grades
from shaperotator_magic.learning.grading.runs import RESULTS, RUN, describe_run, read_results
from shaperotator_magic.learning.grading.serving import build_grading_page
from shaperotator_magic.learning.grading.table import GradedRun, build_table, describe_grades
from shaperotator_magic.learning.sheets import choose_times, draw_sheet
from tests.fakes import build_checked, describe_video, make_video

if TYPE_CHECKING:
    from playwright.sync_api import Browser

HEALED = Finding(rule="healed-renamed", severity="note", message="Mended: this.")
FLAW = Finding(rule="layout-text-over-text", severity="warning", message="a lies over b.")
BROKEN = ErrorReport(type="RenderError", message="ValueError: no")
ANSWER = Completion(text="", model="m")


def build_run(text: str, kind: str, video: Any = None) -> Generation:
    """Return a run: ``clean``, ``flawed``, ``healed``, ``repaired`` or ``failed``."""
    findings = {"flawed": (FLAW,), "healed": (HEALED,)}.get(kind, ())
    good = Attempt(completion=ANSWER, findings=findings)
    bad = Attempt(completion=ANSWER, error=BROKEN)
    failed = kind == "failed"
    return Generation(
        prompt=Prompt(text=text),
        status="failed" if failed else "completed",
        attempts={"failed": (bad,), "repaired": (bad, good)}.get(kind, (good,)),
        scene=build_checked("").model_copy(update={"findings": findings}),
        error=BROKEN if failed else None,
        video=None if failed else video,
    )


def build_runs(*kinds: str) -> dict[str, Generation]:
    return {str(n): build_run(f"prompt {n}", kind) for n, kind in enumerate(kinds)}


# --- comparing ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("gained", "lost", "p_value"), [(0, 0, 1), (10, 0, 2 / 1024), (3, 3, 1), (1, 7, 18 / 256)]
)
def test_mcnemars_test_is_exact(gained: int, lost: int, p_value: float) -> None:
    assert find_p_value(gained, lost) == pytest.approx(p_value)
    assert find_p_value(lost, gained) == pytest.approx(p_value)


def test_bootstrap_of_the_pairs_is_the_same_every_time() -> None:
    low, high = find_interval([1] * 30 + [0] * 60 + [-1] * 10)
    assert 0.05 < low < 0.2 < high < 0.35
    assert (low, high) == find_interval([1] * 30 + [0] * 60 + [-1] * 10)
    assert find_interval([0, 0, 0]) == (0, 0)


def test_comparison_counts_with_the_loop_off_and_on() -> None:
    before = build_runs("clean", "flawed", "healed", "repaired", "failed")
    after = build_runs("clean", "clean", "clean", "failed", "clean")
    off, off_clean, on, on_clean = compare_runs(before, after)
    assert (off.before.hits, off.after.hits, off.gained, off.lost) == (2, 4, 2, 0)
    assert (off_clean.before.hits, off_clean.after.hits) == (1, 4)
    assert (on.before.hits, on.after.hits, on.gained, on.lost) == (4, 4, 1, 1)
    assert (on_clean.before.hits, on_clean.after.hits) == (3, 4)
    assert off.difference == pytest.approx(0.4)


def test_training_that_loses_is_said_to_lose() -> None:
    good, bad = build_runs(*["clean"] * 20), build_runs(*["failed"] * 12, *["clean"] * 8)
    said = conclude(compare_runs(good, bad), "base", "tuned")
    assert said.startswith("tuned loses to base. Worse: loop off")
    assert conclude(compare_runs(bad, good), "base", "tuned").startswith("tuned wins over base")
    few = conclude(compare_runs(build_runs("clean"), build_runs("failed")), "base", "tuned")
    assert few == "1 prompts show no difference between base and tuned."


def test_runs_over_other_prompts_are_not_compared() -> None:
    with pytest.raises(ConfigurationError, match="no prompt in common"):
        compare_runs({"a": build_run("x", "clean")}, {"b": build_run("x", "clean")})
    with pytest.raises(ConfigurationError, match="Prompt a is not the same"):
        compare_runs({"a": build_run("x", "clean")}, {"a": build_run("y", "clean")})


# --- grades ---------------------------------------------------------------------------


def test_kappa_is_cohens() -> None:
    # 20 times both yes, 15 both no, 5 and 10 apart: the example of the literature has 0.4.
    cells = [("right", "right")] * 20 + [("right", "major")] * 5
    cells += [("major", "right")] * 10 + [("major", "major")] * 15
    ours = {str(n): a for n, (a, _) in enumerate(cells)}
    theirs = {str(n): b for n, (_, b) in enumerate(cells)}
    found = measure_agreement(ours, theirs)
    assert (found.count, found.alike) == (50, 35) and found.kappa == pytest.approx(0.4)
    assert measure_agreement({"a": "right"}, {"a": "right"}).kappa is None
    assert measure_agreement({"a": "right"}, {"b": "right"}).count == 0


def test_grades_are_on_disk_at_once_and_can_be_taken_back(tmp_path: Path) -> None:
    book = GradeBook(tmp_path, "ann")
    book.write("1", "right", "")
    book.write("2", "major", " the label is <wrong> ")
    again = GradeBook(tmp_path, "ann").grades
    assert again["2"].grade == "major" and again["2"].note == "the label is <wrong>"
    book.write("1", None, "")
    assert set(read_grades(tmp_path)["ann"]) == {"2"}
    with pytest.raises(ValueError, match="fine"):
        book.write("1", "fine", "")


def test_grader_and_file_that_cannot_be_used_are_refused(tmp_path: Path) -> None:
    for name in ("", "../ann", "a/b", "x" * 60):
        with pytest.raises(ConfigurationError, match="grader's name"):
            GradeBook(tmp_path, name)
    (tmp_path / "grades").mkdir()
    (tmp_path / "grades" / "ann.json").write_text('{"1": {"grade": "ok"}}')
    with pytest.raises(ConfigurationError, match="no grades that can be read"):
        GradeBook(tmp_path, "ann")


# --- a run's folder, its sheets and its table -----------------------------------------


@pytest.fixture
def make_run(tmp_path: Path) -> Callable[..., Path]:
    def make(name: str, *kinds: str, model: str = "m") -> Path:
        folder = tmp_path / name
        video = describe_video(make_video(folder / "media"))
        runs = {str(n): build_run(f"draw <{n}>", kind, video) for n, kind in enumerate(kinds)}
        rows = [{"id": key, "generation": g.model_dump(mode="json")} for key, g in runs.items()]
        (folder / RESULTS).write_text("".join(json.dumps(row) + "\n" for row in rows))
        asked = [(key, g.prompt.text, 7) for key, g in runs.items()]
        (folder / RUN).write_text(describe_run(Options(model=model), asked, runs))
        return folder

    return make


def test_run_is_kept_as_json_with_its_seeds(make_run: Callable[..., Path]) -> None:
    folder = make_run("a", "clean", "failed", "flawed")
    facts = json.loads((folder / RUN).read_text())
    assert facts["rates"]["shown at the end"] == {"hits": 2, "total": 3}
    assert facts["rates"]["first reply runs untouched, without a major flaw"]["hits"] == 1
    assert facts["seeds"] == {"0": 7, "1": 7, "2": 7} and facts["failures"] == {"ValueError": 1}
    assert list(read_results(folder)) == ["0", "1", "2"]
    moved = folder.rename(folder.with_name("moved"))
    video = read_results(moved)["0"].video
    assert video is not None and video.path == moved / "media" / "fake.mp4"
    folder = moved
    with (folder / RESULTS).open("a") as file:
        file.write('{"id": "3", "gener')
    with pytest.raises(ConfigurationError, match="Line 4 of"):
        read_results(folder)


def test_sheet_shows_the_ends_of_steps(tmp_path: Path) -> None:
    from PIL import Image

    video = describe_video(make_video(tmp_path))
    steps = tuple(Step(name=str(n), start_s=n / 20, end_s=(n + 1) / 20) for n in range(20))
    times = choose_times(video.model_copy(update={"steps": steps}))
    assert len(times) == 9 and times[-1] == pytest.approx(0.95) and times == sorted(times)
    sheet = draw_sheet(build_run("a", "clean", video), tmp_path / "sheets")
    assert sheet is not None and Image.open(sheet).size == (1452, 546)
    # The square moves to the right: the last picture is not the first one.
    picture = Image.open(sheet).convert("L")
    tiles = [picture.crop((x, y, x + 480, y + 270)) for x, y in ((0, 0), (972, 276))]
    assert tiles[0].tobytes() != tiles[1].tobytes()
    gone = video.model_copy(update={"path": tmp_path / "gone.mp4"})
    assert draw_sheet(build_run("a", "clean", gone), tmp_path / "sheets") is None


def test_table_has_the_runs_with_what_people_said(
    make_run: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    folder = make_run("a", *["clean"] * 6, *["failed"] * 2, model="a|b")
    for grader, grades in (("ann", ["right"] * 4 + ["minor", "major"]), ("bob", ["right"] * 6)):
        for name, grade in enumerate(grades):
            GradeBook(folder, grader).write(str(name), grade, "")
    run = GradedRun(json.loads((folder / RUN).read_text()), read_grades(folder))
    cells = build_table([run]).splitlines()[-1].split(" | ")
    assert cells[0] == "| a/b" and cells[1] == "8" and cells[2].startswith("75% (")
    assert cells[5].startswith("50% (") and "75% (" in cells[5] and cells[6] == "κ 0.00 |"
    assert describe_grades(run)[0].startswith("ann: right 4, minor 1, major 1 of 8 prompts")
    assert main(["grade", str(folder), "--table"]) == 0
    assert "| a/b | 8 |" in capsys.readouterr().out
    assert main(["grade", str(folder.parent)]) == 2


def test_eval_compares_two_folders(
    make_run: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    before, after = make_run("a", *["clean"] * 9), make_run("b", *["failed"] * 9)
    assert main(["eval", "--compare", str(before), str(after)]) == 0
    said = capsys.readouterr().out
    assert "9/9 (100%, 95 % 70% to 100%) -> 0/9" in said
    assert said.splitlines()[-1].startswith(f"{after} loses to {before}")
    assert main(["eval", "--compare", "base", "tuned"]) == 2


# --- the page -------------------------------------------------------------------------


@pytest.fixture
def page(make_run: Callable[..., Path]) -> Iterator[tuple[str, Path]]:
    folder = make_run("a", "clean", "failed", "flawed")
    served = build_grading_page(collect([folder], "ann"))
    thread = threading.Thread(target=served.serve)
    thread.start()
    try:
        yield served.address, folder
    finally:
        served.close()
        thread.join()


def send(address: str, content: bytes | None = None, **headers: str) -> tuple[int, bytes]:
    kind = {"Content-Type": "application/json"} if content else {}
    request = urllib.request.Request(address, content, {**kind, **headers})
    try:
        with closing(urllib.request.urlopen(request)) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as exc:
        return exc.code, b""


def test_page_shows_what_is_drawn_and_takes_grades(page: tuple[str, Path]) -> None:
    address, folder = page
    _, content = send(address)
    text = content.decode()
    assert "draw \\u003c0>" in text and "draw <" not in text and '"0-1"' not in text
    assert send(f"{address}sheet/0-0")[1][:2] == b"\xff\xd8"
    assert send(f"{address}video/0-0")[1][4:8] == b"ftyp"
    row = json.dumps({"key": "0-2", "grade": "minor", "note": "a touch"}).encode()
    assert send(f"{address}grade", row)[0] == 200
    assert read_grades(folder)["ann"]["2"].note == "a touch"
    assert '"grade": "minor"' in send(address)[1].decode()


def test_page_refuses_strangers_and_nonsense(page: tuple[str, Path]) -> None:
    address, folder = page
    port = address.split(":")[2].split("/")[0]
    row = b'{"key": "0-0", "grade": "right", "note": ""}'
    assert send(f"http://127.0.0.1:{port}/grade", row)[0] == 403
    assert send(f"http://127.0.0.1:{port}/{'x' * 32}/grade", row)[0] == 403
    assert send(f"{address}grade", row, Host="evil.example")[0] == 403
    assert send(f"{address}grade", row, **{"Content-Type": "text/plain"})[0] == 415
    assert send(f"{address}grade", b" " * 30_000)[0] == 413
    assert send(f"{address}other", row)[0] == send(f"{address}sheet/9-9")[0] == 404
    for wrong in (b"{", b"[]", b'{"key": "9-9"}', row.replace(b"right", b"fine")):
        assert send(f"{address}grade", wrong)[0] == 422
    assert read_grades(folder) == {}


@pytest.mark.browser
def test_keys_grade_and_notes_are_saved(page: tuple[str, Path], browser: Browser) -> None:
    address, folder = page
    view = browser.new_page(viewport={"width": 1280, "height": 900})
    try:
        view.goto(address)
        view.keyboard.press("n")
        view.locator("#note").fill("odd 3 pause")
        view.keyboard.press("Escape")
        view.keyboard.press("2")
        view.get_by_text("2 of 2, 1 graded").wait_for()
        view.keyboard.press("3")
        view.keyboard.press("ArrowLeft")
        view.get_by_text("1 of 2, 2 graded").wait_for()
        assert view.locator("#note").input_value() == "odd 3 pause"
        view.keyboard.press("u")
        view.get_by_text("1 of 2, 1 graded").wait_for()
        view.get_by_text("saved", exact=True).wait_for()
    finally:
        view.close()
    said = read_grades(folder)["ann"]
    assert sorted((graded.grade or "", graded.note) for graded in said.values()) == [
        ("", "odd 3 pause"), ("major", ""),
    ]  # fmt: skip
