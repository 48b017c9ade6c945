"""Fine-tuning: what needs no torch. ``make train-demo`` runs the rest."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from shaperotator_magic.cli import main
from shaperotator_magic.core.errors import ConfigurationError, ShapeRotatorError
from shaperotator_magic.core.records import Finding, Origin, Prompt, SceneCode
from shaperotator_magic.learning.dataset import messages
from shaperotator_magic.learning.dataset.folder import begin_folder, finish_folder, write_rows
from shaperotator_magic.learning.training import machine
from shaperotator_magic.learning.training.bases import find_base
from shaperotator_magic.learning.training.card import build_card, summarise_log
from shaperotator_magic.learning.training.machine import (
    Machine,
    check_room,
    check_size,
    estimate_bytes,
    explaining,
)
from shaperotator_magic.learning.training.plan import (
    TINY,
    Plan,
    build_plan,
    count_accumulated,
    count_steps,
)
from shaperotator_magic.learning.training.reward import (
    WEIGHTS,
    Judged,
    SceneReward,
    read_reply,
    score_layout,
    score_length,
)
from shaperotator_magic.learning.training.rows import read_rows
from shaperotator_magic.learning.training.run_folder import RunFolder
from shaperotator_magic.learning.training.serving import build_command, name_model
from shaperotator_magic.learning.training.trainers import choose_evenly, find_broken
from shaperotator_magic.rendering.worker.worker import Worker
from shaperotator_magic.writing.examples import find_profile
from shaperotator_magic.writing.model.prompts import build_messages
from shaperotator_magic.writing.model.refining import build_refinement

ASKED = [{"role": "system", "content": "s"}, {"role": "user", "content": "a circle"}]
ANSWER = [{"role": "assistant", "content": "```python\n```"}]
GPU, NO_GPU = Machine("A card", 24.0, True), Machine()
Build = Callable[..., Path]


@pytest.fixture
def build_dataset(tmp_path: Path) -> Build:
    def build(files: dict[str, list[dict[str, Any]]], *, is_finished: bool = True) -> Path:
        folder = tmp_path / "data"
        begin_folder(folder)
        for name, rows in files.items():
            write_rows(folder, name, rows)
        if is_finished:
            finish_folder(folder, {}, "# card\n")
        return folder

    return build


def ask(method: str, base: str = "maker/model", *, has_gpu: bool = True, **said: Any) -> Plan:
    return build_plan(method, base, Path("data"), has_gpu=has_gpu, said=said)


# --- the plan -------------------------------------------------------------------------


def test_plan_suits_the_machine_and_the_method() -> None:
    large, small = ask("sft"), ask("sft", has_gpu=False)
    assert large.is_quantised and not small.is_quantised
    assert large.longest > small.longest and large.rate > ask("dpo").rate
    fresh = ask("sft", TINY, has_gpu=False)
    assert fresh.is_whole and fresh.rate > small.rate
    assert not ask("sft", rank=0).is_quantised


def test_plan_takes_what_the_user_says() -> None:
    plan = ask("grpo", steps=7, rate=0.001, group=3, batch=12, at_once=5)
    assert (plan.steps, plan.rate, plan.group) == (7, 0.001, 3)
    assert count_accumulated(plan) == 2 and count_steps(plan, 1000) == 7
    assert count_steps(ask("sft", epochs=2.0, batch=10), 95) == 20


@pytest.mark.parametrize(
    "said",
    [{"steps": 0}, {"epochs": 0.0}, {"rate": 2.0}, {"batch": 0}, {"rank": -1}, {"longest": 3},
     {"group": 1}, {"longest_reply": 1}],
)  # fmt: skip
def test_plan_refuses_what_cannot_be(said: dict[str, Any]) -> None:
    with pytest.raises(ConfigurationError):
        ask("grpo", **said)


def test_random_weights_cannot_begin_with_preferences() -> None:
    with pytest.raises(ConfigurationError, match="they write nothing yet"):
        ask("dpo", TINY)


# --- the rows -------------------------------------------------------------------------


def test_rows_of_every_method_are_as_its_trainer_takes_them(build_dataset: Build) -> None:
    chat = {"messages": [*ASKED, *ANSWER], "subject": "circle", "licence": "MIT"}
    pair = {"prompt": ASKED, "chosen": ANSWER, "rejected": ANSWER, "subject": "circle"}
    folder = build_dataset(
        {
            "sft/train.jsonl": [chat],
            "repair/train.jsonl": [chat],
            "sft/test.jsonl": [chat],
            "preference/train.jsonl": [pair],
            "verdicts/train.jsonl": [
                {"prompt": ASKED, "completion": ANSWER, "label": True, "subject": str(number % 5)}
                for number in range(20)
            ],
            "reward/train.jsonl": [{"prompt": ASKED, "duration_s": 4.5, "values": "{}"}],
        }
    )
    sft, dpo, kto, grpo = (read_rows(folder, method) for method in ("sft", "dpo", "kto", "grpo"))
    assert len(sft.train) == 2 and len(sft.test) == 1
    assert sft.train[0] == {"prompt": ASKED, "completion": ANSWER, "subject": "circle"}
    assert set(dpo.train[0]) == {"prompt", "chosen", "rejected", "subject"}
    assert grpo.train[0]["duration_s"] == 4.5
    # Without test rows, whole subjects are held out.
    held = {row["subject"] for row in kto.test}
    assert len(held) == 1 and held.isdisjoint(row["subject"] for row in kto.train)
    assert kto.train == read_rows(folder, "kto").train


@pytest.mark.parametrize(
    ("method", "name", "row"),
    [
        ("sft", "sft", {"messages": ASKED}),
        ("sft", "sft", {"text": "a"}),
        ("dpo", "preference", {"prompt": ASKED, "chosen": ANSWER}),
        ("kto", "verdicts", {"prompt": ASKED, "completion": ANSWER, "label": "yes"}),
        ("grpo", "reward", {"prompt": []}),
    ],
)
def test_row_of_another_form_is_named_with_its_line(
    build_dataset: Build, method: str, name: str, row: dict[str, Any]
) -> None:
    folder = build_dataset({f"{name}/train.jsonl": [row]})
    with pytest.raises(ConfigurationError, match=r"line 1 is no row"):
        read_rows(folder, method)


def test_half_written_or_missing_dataset_is_refused_in_a_sentence(
    build_dataset: Build, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    words = ["--base", TINY, "-o", str(out)]
    assert main(["train", str(tmp_path / "nothing"), *words]) == 2
    folder = build_dataset({"sft/train.jsonl": []}, is_finished=False)
    assert main(["train", str(folder), *words]) == 2
    said = capsys.readouterr().err.splitlines()
    assert len(said) == 4 and "half written" in said[2]
    assert not out.exists()


def test_dataset_without_rows_for_a_method_is_refused(build_dataset: Build) -> None:
    with pytest.raises(ConfigurationError, match="no rows for DPO"):
        read_rows(build_dataset({"sft/train.jsonl": [{"messages": []}]}), "dpo")


def test_rows_to_measure_by_come_from_all_over_the_list() -> None:
    rows: list[dict[str, Any]] = [{"n": n} for n in range(10)]
    assert [row["n"] for row in choose_evenly(rows, 4)] == [0, 2, 5, 7]
    assert choose_evenly(rows, 10) == rows


# --- the machine ----------------------------------------------------------------------


def test_missing_packages_are_named(
    build_dataset: Build, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    find_spec = importlib.util.find_spec
    monkeypatch.setattr(
        machine.importlib.util, "find_spec", lambda n: None if n == "trl" else find_spec(n)
    )
    monkeypatch.setattr(machine, "_PACKAGES", ("json", "trl"))
    folder = build_dataset({"sft/train.jsonl": [{"messages": [*ASKED, *ANSWER]}]})
    assert main(["train", str(folder), "--base", TINY, "-o", str(tmp_path / "out")]) == 2
    assert "needs trl." in capsys.readouterr().err


def test_large_model_without_a_gpu_is_refused_unless_forced() -> None:
    plan = ask("sft", has_gpu=False)
    with pytest.raises(ConfigurationError, match=r"No GPU .* 1\.5 billion"):
        check_size(plan, NO_GPU, 1_500_000_000, is_forced=False)
    check_size(plan, NO_GPU, 1_500_000_000, is_forced=True)
    check_size(plan, NO_GPU, 3_000_000, is_forced=False)
    check_size(plan, GPU, 8_000_000_000, is_forced=False)


def test_disk_without_room_is_refused_before_anything_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, adapter = ask("sft", rank=0), ask("sft")
    assert estimate_bytes(whole, 10**9, has_merge=False) > 10**9 * 4 * 10
    assert estimate_bytes(adapter, 10**9, has_merge=True) > 2 * 10**9
    monkeypatch.setattr(machine, "_find_free", lambda folder: 3 * 10**9)
    with pytest.raises(ConfigurationError, match=r"3\.0 GB free"):
        check_room(whole, tmp_path / "a" / "b", 10**9, has_merge=False)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("error", "said"),
    [(OSError(28, "No space left on device"), "disk"), (MemoryError(), "memory is full")],
)
def test_what_stops_a_training_is_said_in_a_sentence(
    tmp_path: Path, error: Exception, said: str
) -> None:
    with pytest.raises(ShapeRotatorError, match=said), explaining(tmp_path):
        raise error
    with pytest.raises(KeyError), explaining(tmp_path):
        raise KeyError("ours")


def test_base_that_is_not_there_is_refused(tmp_path: Path) -> None:
    for name in (str(tmp_path / "none"), "./none", "a/b/c"):
        with pytest.raises(ConfigurationError, match="no such folder"):
            find_base(name)
    with pytest.raises(ConfigurationError, match=r"no config\.json"):
        find_base(str(tmp_path))
    assert find_base("maker/model") == "maker/model"


# --- the folder of a run --------------------------------------------------------------


def test_run_goes_on_with_its_own_plan_alone(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path / "run")
    folder.begin(ask("sft"), "digest", {})
    folder.begin(ask("sft"), "digest", {})
    with pytest.raises(ConfigurationError, match="differs in rate"):
        folder.begin(ask("sft", rate=0.5), "digest", {})
    with pytest.raises(ConfigurationError, match="the rows of the dataset"):
        folder.begin(ask("sft"), "other", {})
    (tmp_path / "file").touch()
    with pytest.raises(ConfigurationError, match="is not empty"):
        RunFolder(tmp_path).begin(ask("sft"), "digest", {})


def test_checkpoint_that_was_cut_off_is_not_used(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path)
    for step in (9, 10, 100):
        checkpoint = folder.checkpoints / f"checkpoint-{step}"
        checkpoint.mkdir(parents=True)
        (checkpoint / "trainer_state.json").write_text("{}" if step < 100 else '{"epo')
    found = folder.find_checkpoint()
    assert found is not None and found.name == "checkpoint-10"
    assert not (folder.checkpoints / "checkpoint-100").exists()


def test_log_of_a_resumed_run_has_every_step_once(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path)
    for step, loss in ((1, 5.0), (2, 4.0), (2, 3.0)):
        folder.append_log({"step": step, "loss": loss})
    folder.append_log({"step": 2, "eval_loss": 3.5})
    with folder.log.open("a") as file:
        file.write('{"step": 3, "lo')
    assert [(row["step"], row.get("loss")) for row in folder.read_log()] == [
        (1, 5.0), (2, 3.0), (2, None),
    ]  # fmt: skip


def test_loss_that_is_not_a_number_is_found() -> None:
    assert find_broken({"step": 3, "loss": float("nan")}) == "loss"
    assert find_broken({"step": 3, "loss": 1.0, "grad_norm": float("inf")}) == "grad_norm"
    assert find_broken({"step": 3, "eval_loss": 1.0}) == ""


def describe(losses: list[float], method: str = "sft") -> str:
    rows = [{"step": n * 10, "eval_loss": loss} for n, loss in enumerate(losses)]
    figures = {**summarise_log([*rows, {"step": 40, "loss": 1.0}]), "rows": 100, "subjects": 9}
    state = {"plan": ask(method).as_dict(), "figures": figures, "dataset": "0" * 64,
             "versions": {"trl": "1.0"}}  # fmt: skip
    return build_card(state, "shaperotator-small")


def test_card_says_whether_the_training_helped() -> None:
    helped, overdone, useless = (
        describe(losses) for losses in ([4.0, 3.0, 2.0], [4.0, 2.0, 3.0], [4.0, 4.5, 5.0])
    )
    assert "fell by 50%" in helped and "rose" not in helped
    assert "It rose after step 10, whose weights these are" in overdone
    assert "did not help" in useless
    assert helped.startswith("---\nbase_model: maker/model\nlibrary_name: peft\n")
    assert "| rows, of subjects | 100, 9 |" in helped


# --- the reward -----------------------------------------------------------------------

SCENE = """```python
from manim import *

class S(Scene):
    def construct(self):
        {body}
```"""
REPLIES = {
    "prose": "I would draw a circle.",
    "cut off": SCENE.format(body="self.play(Create(Circle()))\n        self.play(Fade")[:-4],
    "refused": SCENE.format(body="open('/etc/passwd').read()"),
    "fails": SCENE.format(body="self.play(Create(circle))"),
    "still": SCENE.format(body="self.add(Circle())\n        self.wait()"),
    "off frame": SCENE.format(
        body="self.play(FadeIn(Text('far away').move_to(RIGHT * 7)), run_time=4)"
    ),
    "good": SCENE.format(body="self.play(Create(Circle()), run_time=4)"),
}


@pytest.fixture(scope="module")
def rewarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[list[float], Path]]:
    folder = tmp_path_factory.mktemp("reward")
    worker = Worker()
    try:
        reward = SceneReward(worker, folder, workers=2, log=folder / "log.jsonl")
        completions = [[{"role": "assistant", "content": text}] for text in REPLIES.values()]
        yield reward(completions, duration_s=[4.0] * len(completions)), folder / "log.jsonl"
    finally:
        worker.close()


@pytest.mark.render
def test_reward_rises_with_what_a_reply_gets_right(rewarded: tuple[list[float], Path]) -> None:
    found = dict(zip(REPLIES, rewarded[0], strict=True))
    assert found["prose"] == 0 < found["cut off"] < found["refused"] < found["fails"]
    assert found["fails"] < found["still"] < found["off frame"] < found["good"] == 1
    rows = [json.loads(line) for line in rewarded[1].read_text().splitlines()]
    assert [row["reward"] for row in rows] == rewarded[0]
    assert [row["rehearsal"] for row in rows] == [0, 0, 0, 0, 1, 1, 1]


def test_parts_of_the_reward_add_up_to_one() -> None:
    assert sum(WEIGHTS.values()) == pytest.approx(1)
    assert Judged(1, 1, 1, 1, 1, 1).reward == 1 and Judged().reward == 0


def test_layout_and_length_are_scored_by_degrees() -> None:
    warning = Finding(rule="layout-text-over-text", severity="warning", message="a")
    note = Finding(rule="layout-texts-touch", severity="note", message="a")
    other = Finding(rule="healed-renamed", severity="warning", message="a")
    assert score_layout([]) == score_layout([other]) == 1
    assert 1 > score_layout([note]) > score_layout([warning]) > score_layout([warning, warning])
    assert score_length(8, 8) == 1 and score_length(8, 16) == score_length(16, 8)
    assert score_length(1, 8) == 0 and score_length(15, None) == score_length(15, 0.0) == 1


def test_reply_is_read_as_trl_gives_it() -> None:
    assert read_reply("a") == read_reply([{"role": "assistant", "content": "a"}]) == "a"


# --- serving --------------------------------------------------------------------------


def test_tuned_model_is_served_under_a_name_that_gets_the_short_prompt(tmp_path: Path) -> None:
    name = name_model(tmp_path / "shaperotator-small")
    assert name == "shaperotator-small/model" and find_profile(name).is_tuned
    assert not find_profile("qwen2.5-coder:7b").is_tuned
    command = build_command(tmp_path / "shaperotator-small", 8001)
    assert command[1:] == ["serve", name, "--host", "127.0.0.1", "--port", "8001"]


def test_tuned_model_is_asked_as_it_was_trained() -> None:
    asked = build_messages(Prompt(text="a circle"), has_latex=True, is_tuned=True)
    assert messages.build_prompt("a circle") == asked
    code = SceneCode(source="x = 1", scene_name="S", origin=Origin(writer="user"))
    changed = build_refinement(asked[0], ["a circle"], code, "make it red")
    assert messages.build_refinement("a circle", code.source, "make it red") == changed
