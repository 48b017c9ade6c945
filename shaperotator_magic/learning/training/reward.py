"""What a reply is worth to GRPO: gate, rehearsal, motion, layout and length; never a render.

A reply is judged as it was written, without corrections: what the loop would mend, the model is to
learn. Scenes run in the confined worker, several at once. The reward does not know what was asked
for, beyond its length: a scene that runs and shows something else earns as much. So GRPO is kept
near its base (``Plan.pull``), and measured by eye.

Runs in a command's process.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from shaperotator_magic.checking.gate.gate import check_scene
from shaperotator_magic.core.errors import CheckFailedError, ModelError, RenderError, SceneCodeError
from shaperotator_magic.core.records import CheckedScene, Completion, Finding, Rehearsal
from shaperotator_magic.pipeline.drafts import Draft, rehearse_draft
from shaperotator_magic.rendering.renderer import Rehearser, RenderRequest
from shaperotator_magic.writing.model.extraction import extract_scene

__all__ = ["WEIGHTS", "Judged", "SceneReward"]

WEIGHTS = {
    "scene": 0.1,
    "gate": 0.1,
    "rehearsal": 0.4,
    "motion": 0.2,
    "layout": 0.15,
    "length": 0.05,
}
"""What each part adds; each depends on those before it."""
_LAYOUT_COST = {"warning": 0.5, "note": 0.1, "error": 1.0}
_SALVAGED = 0.5
_USUAL_S = 15.0
_TIMEOUT_S = 30.0


@dataclass(frozen=True)
class Judged:
    """The parts of one reply's reward, each in 0..1."""

    scene: float = 0.0
    gate: float = 0.0
    rehearsal: float = 0.0
    motion: float = 0.0
    layout: float = 0.0
    length: float = 0.0

    @property
    def reward(self) -> float:
        """The whole, in 0..1."""
        parts: dict[str, float] = asdict(self)
        return round(sum(weight * parts[name] for name, weight in WEIGHTS.items()), 4)


class SceneReward:
    """The function that TRL calls with the replies of one step.

    Parameters
    ----------
    rehearser
        Where scenes run; several threads ask it at once.
    workers
        How many scenes run at once.
    log
        File that gets a line for every reply: its parts, its length, how it begins.
    """

    __name__ = "scene_reward"  # TRL names its figures by it

    def __init__(self, rehearser: Rehearser, media_dir: Path, *, workers: int, log: Path) -> None:
        self._rehearser = rehearser
        self._request = RenderRequest(854, 480, 15, media_dir, timeout_s=_TIMEOUT_S, seed=1)
        self._workers = workers
        self._log = log

    def __call__(self, completions: Sequence[Any], **columns: Any) -> list[float]:
        """Return the reward of every reply, in their order."""
        texts = [read_reply(completion) for completion in completions]
        wanted = columns.get("duration_s") or [None] * len(texts)
        with ThreadPoolExecutor(self._workers) as pool:
            judged = list(pool.map(self.judge, texts, wanted))
        with self._log.open("a", encoding="utf-8") as file:
            for text, parts in zip(texts, judged, strict=True):
                row = {"reward": parts.reward, **asdict(parts), "characters": len(text)}
                file.write(json.dumps({**row, "begins": text[:120]}, ensure_ascii=False) + "\n")
        return [parts.reward for parts in judged]

    def judge(self, text: str, wanted_s: float | None = None) -> Judged:
        """Return the parts of one reply's reward.

        Parameters
        ----------
        wanted_s
            How long the known answer is, in seconds.
        """
        try:
            code = extract_scene(Completion(text=text, model=""))
        except (ModelError, SceneCodeError):
            return Judged()
        if code.notes:
            return Judged(scene=_SALVAGED)  # it was cut off or did not parse as it was written
        try:
            scene = check_scene(code)
        except CheckFailedError:
            return Judged(scene=1)
        try:
            draft = rehearse_draft(scene, self._rehearse)
        except RenderError:
            return Judged(scene=1, gate=1)
        return score(draft, wanted_s)

    def _rehearse(self, scene: CheckedScene) -> Rehearsal:
        return self._rehearser.rehearse(scene, self._request, variables={})


def read_reply(completion: Any) -> str:
    """Return the text of a reply, as TRL gives it: a text, or messages."""
    if isinstance(completion, str):
        return completion
    return "".join(str(message.get("content") or "") for message in completion)


def score(draft: Draft, wanted_s: float | None) -> Judged:
    """Return the parts of a scene that passed the gate and was rehearsed."""
    seen = draft.rehearsal
    if seen is None or seen.failure is not None:
        return Judged(scene=1, gate=1)
    if not seen.plays or draft.shows_nothing:
        return Judged(scene=1, gate=1, rehearsal=1)
    layout, length = score_layout(draft.scene.findings), score_length(seen.duration_s, wanted_s)
    return Judged(scene=1, gate=1, rehearsal=1, motion=1, layout=layout, length=length)


def score_layout(findings: Sequence[Finding]) -> float:
    """Return 1 for a picture without a flaw; each flaw of it takes away a part of what is left."""
    share = 1.0
    for finding in findings:
        if finding.rule.startswith(("layout-", "cost-")):
            share *= 1 - _LAYOUT_COST[finding.severity]
    return share


def score_length(seconds: float, wanted_s: float | None) -> float:
    """Return 1 for the length that was wanted, less the more it is off, 0 from a factor of 4 on."""
    wanted = wanted_s or _USUAL_S
    factor = max(seconds, wanted) / max(min(seconds, wanted), 0.1)
    return max(0.0, 1 - (factor - 1) / 3)
