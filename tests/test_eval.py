"""``shaperotator eval``: rates and their intervals, a page, going on, comparing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from shaperotator_magic.cli import main
from shaperotator_magic.core.records import (
    Attempt,
    CheckedScene,
    Completion,
    ErrorReport,
    Finding,
    Generation,
    Origin,
    Prompt,
    SceneCode,
    Usage,
)
from shaperotator_magic.learning.grading.figures import (
    Rate,
    build_page,
    list_flaws,
    summarise,
)
from shaperotator_magic.testing import ChatRequest, RecordedModelServer, Reply

REPLY = """```python
from manim import *

class Small(Scene):
    def construct(self):
        self.play({animation}(Circle()), run_time=0.5)
        self.wait(0.5)
```"""
CODE = SceneCode(source="", scene_name="S", origin=Origin(writer="model"))
FLAW = Finding(rule="layout-text-over-text", severity="warning", message="a lies over b.")
NOTE = Finding(rule="healed-renamed", severity="note", message="Mended: this.")
BROKEN = ErrorReport(type="RenderError", message="ValueError: no")


def attempt(*findings: Finding, error: ErrorReport | None = None) -> Attempt:
    usage = Usage(prompt_tokens=10, completion_tokens=5)
    completion = Completion(text="", model="m", usage=usage)
    return Attempt(completion=completion, findings=findings, error=error)


def generation(*attempts: Attempt, error: ErrorReport | None = None) -> Generation:
    return Generation(
        prompt=Prompt(text="draw <it>"),
        status="failed" if error else "completed",
        attempts=attempts,
        scene=CheckedScene(code=CODE, findings=attempts[-1].findings),
        error=error,
        elapsed_s=2.0,
    )


RUNS = [
    generation(attempt()),
    generation(attempt(NOTE)),
    generation(attempt(error=BROKEN), attempt(FLAW)),
    generation(attempt(error=BROKEN), error=BROKEN),
]


def test_summary_counts_first_try_healed_repaired_and_clean() -> None:
    summary = summarise(RUNS)
    counts = [summary.first_try, summary.healed, summary.repaired, summary.clean]
    assert [rate.hits for rate in counts] == [1, 2, 3, 2]
    assert summary.failures == {"ValueError": 1}
    assert (summary.tokens, summary.seconds) == (15, 2.0)


@pytest.mark.parametrize(
    ("hits", "total", "low", "high"), [(5, 10, 0.237, 0.763), (26, 26, 0.871, 1.0), (0, 4, 0, 0.49)]
)
def test_interval_is_wilsons(hits: int, total: int, low: float, high: float) -> None:
    assert Rate(hits, total).interval == pytest.approx((low, high), abs=0.001)


def test_page_escapes_and_names_flaws() -> None:
    page = build_page(RUNS, {RUNS[0].generation_id: "posters/a.png"})
    assert "draw &lt;it&gt;" in page and "<it>" not in page
    assert "a lies over b." in page and 'src="posters/a.png"' in page
    assert list_flaws(RUNS[2]) == ["a lies over b."]


@pytest.mark.render
def test_eval_replays_goes_on_and_compares(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = []
    for name, animation in (("a", "Create"), ("b", "ShowCreation")):
        (tmp_path / f"{name}.md").write_text(REPLY.format(animation=animation))
        rows.append({"id": name, "prompt": f"prompt {name}", "reply": f"{name}.md"})
    (tmp_path / "verdicts.jsonl").write_text("\n".join(map(json.dumps, rows)))
    output = tmp_path / "out"
    words = ["eval", "--replay", str(tmp_path), "-o", str(output), "-r", "128x72", "--fps", "4"]
    assert main([*words, "--limit", "1"]) == 0
    assert main([*words, "--against", str(output)]) == 0
    said = capsys.readouterr()
    assert "2/2 b: shown" in said.err and said.err.count("a: shown") == 1
    assert "healed and mended included" in said.out
    assert "2 prompts show no difference" in said.out
    assert (output / "page.html").read_text().count("<img") == 2
    assert len((output / "generations.jsonl").read_text().splitlines()) == 2


@pytest.mark.render
def test_eval_measures_two_models_by_their_names(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def reply(request: ChatRequest) -> Reply:
        is_tuned = request.body["model"] == "org/tuned"
        text = REPLY.format(animation="Create")
        return Reply(text if is_tuned else text.replace("Circle()", "1 / 0"))

    (tmp_path / "prompts.txt").write_text("a circle\n")
    words = ["eval", str(tmp_path / "prompts.txt"), "-o", str(tmp_path / "runs"), "--attempts", "1"]
    words += ["-r", "128x72", "--fps", "4", "--compare", "base", "org/tuned"]
    with RecordedModelServer(reply) as server:
        assert main([*words, "--base-url", server.base_url]) == 0
        said = capsys.readouterr().out
        assert len(server.requests) == 2
        assert main([*words, "--base-url", server.base_url]) == 0  # goes on: nothing is missing
        assert len(server.requests) == 2
    assert {path.name for path in (tmp_path / "runs").iterdir()} == {"base", "org-tuned"}
    assert said.strip().splitlines()[-1] == capsys.readouterr().out.strip().splitlines()[-1]
    assert "org/tuned" in said.strip().splitlines()[-1]
