"""The folder of one evaluation: its results, what they were made with, and the figures, as JSON.

    generations.jsonl  {"id", "generation"} a line: every attempt, finding and video
    run.json           model, loop, prompts with their digest and seeds, versions, figures
    grades/NAME.json   what one person said of each result

Runs in a command's process.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from shaperotator_magic.core.errors import ConfigurationError
from shaperotator_magic.core.records import Generation, Options
from shaperotator_magic.learning.grading.figures import Rate, has_clean_first, summarise

__all__ = ["RESULTS", "RUN", "describe_run", "read_results", "read_run"]

RESULTS, RUN = "generations.jsonl", "run.json"
_OTHER = "Name a folder that 'shaperotator eval' wrote with -o."


def read_results(folder: Path) -> dict[str, Generation]:
    """Return the finished prompts of a run by their identifiers; none where none is finished.

    Raises
    ------
    ConfigurationError
        A line cannot be read, such as one that was cut off when the machine stopped.
    """
    path = folder / RESULTS
    if not path.is_file():
        return {}
    found: dict[str, Generation] = {}
    lines = path.read_text(encoding="utf-8").split("\n")
    for number, line in enumerate(lines, start=1):
        if not line:
            continue
        try:
            row = json.loads(line)
            generation = Generation.model_validate(row["generation"])
            found[row["id"]] = _find_video(generation, folder)
        except (ValueError, KeyError, TypeError, ValidationError) as exc:
            raise ConfigurationError(
                f"Line {number} of {path} cannot be read.",
                hint="Delete that line: its prompt is then measured again.",
            ) from exc
    return found


def _find_video(generation: Generation, folder: Path) -> Generation:
    """Return a result whose video lies where the folder does: it may have been moved."""
    video = generation.video
    moved = folder / "media" / video.path.name if video else None
    if video is None or moved is None or video.path.is_file() or not moved.is_file():
        return generation
    return generation.model_copy(update={"video": video.model_copy(update={"path": moved})})


def read_run(folder: Path) -> dict[str, Any]:
    """Return what run.json holds.

    Raises
    ------
    ConfigurationError
        There is none.
    """
    try:
        return dict(json.loads((folder / RUN).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError) as exc:
        raise ConfigurationError(f"{folder} holds no evaluation.", hint=_OTHER) from exc


def describe_run(
    options: Options,
    asked: Sequence[tuple[str, str, int | None]],
    done: Mapping[str, Generation],
) -> str:
    """Return run.json: what was measured, and what came out.

    Parameters
    ----------
    asked
        Identifier, sentence and seed of every prompt.
    """
    generations = list(done.values())
    summary = summarise(generations)
    first_clean = Rate(sum(map(has_clean_first, generations)), len(generations))
    rates = {
        "first reply runs untouched": summary.first_try,
        "first reply runs untouched, without a major flaw": first_clean,
        "first reply runs, corrected": summary.healed,
        "shown at the end": summary.repaired,
        "shown without a major flaw": summary.clean,
    }
    facts = {
        "format": 1,
        "written_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "model": options.model or "built-in library",
        "attempts": options.attempts,
        "seed": options.seed,
        "prompts": len(asked),
        "prompts_sha256": hashlib.sha256(json.dumps(list(asked)).encode()).hexdigest(),
        "seeds": {name: seed for name, _, seed in asked if seed is not None},
        "versions": {n: version(n) for n in ("shaperotator-magic", "manim")},
        "rates": {name: {"hits": r.hits, "total": r.total} for name, r in rates.items()},
        "tokens_median": summary.tokens,
        "seconds_median": summary.seconds,
        "failures": dict(summary.failures),
    }
    return json.dumps(facts, ensure_ascii=False, indent=1) + "\n"
