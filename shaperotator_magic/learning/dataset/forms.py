"""The rows of each form, as trainers read them, and where they lie in the folder. Pure.

sft, repair   TRL's SFTTrainer: {"messages": [...]}
preference    TRL's DPOTrainer: {"prompt": [...], "chosen": [...], "rejected": [...]}
verdict       TRL's KTOTrainer: {"prompt": [...], "completion": [...], "label": true}
reward        TRL's GRPOTrainer: {"prompt": [...]} and what the reward needs
openai        OpenAI's fine-tuning of chats: {"messages": [...]} and nothing else

Runs in a command's process.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any, Literal

from shaperotator_magic.learning.dataset.gates.judging import describe_versions, digest_code
from shaperotator_magic.learning.dataset.messages import wrap_code
from shaperotator_magic.learning.dataset.sources.sample import Sample
from shaperotator_magic.writing.model.language_model import Message

__all__ = ["FOLDERS", "PROVENANCE", "build_openai", "build_reward", "build_row", "name_file"]

Split = Literal["train", "test"]
FOLDERS = {"sft": "sft", "repair": "repair", "preference": "preference", "verdict": "verdicts"}
PROVENANCE = ("id", "subject", "source", "licence", "model", "versions", "code_digest")
Row = dict[str, Any]


def name_file(folder: str, split: Split) -> str:
    """Return where the rows of a form lie, relative to the folder of the data set."""
    return f"{folder}/{split}.jsonl"


def build_row(sample: Sample) -> Row:
    """Return the row of a sample, in its form."""
    prompt, answer = list(sample.prompt), [_answer(sample.code.source)]
    if sample.form == "preference":
        assert sample.rejected is not None  # noqa: S101 - a preference is made of two
        rejected = [_answer(sample.rejected.source)]
        content: Row = {"prompt": prompt, "chosen": answer, "rejected": rejected}
    elif sample.form == "verdict":
        content = {"prompt": prompt, "completion": answer, "label": sample.is_liked}
    else:
        content = {"messages": [*prompt, *answer]}
    return {**content, **_describe_provenance(sample, content)}


def build_reward(sample: Sample, duration_s: float) -> Row:
    """Return the prompt of a sample with what a reward compares an answer with.

    ``values`` are the values that the prompt names, as JSON; ``duration_s`` is how long the known
    answer is.
    """
    facts = {"values": json.dumps(sample.values, sort_keys=True), "duration_s": duration_s}
    content: Row = {"prompt": list(sample.prompt), **facts}
    return {**content, **_describe_provenance(sample, content)}


def build_openai(row: Row) -> Row:
    """Return a row with its messages alone."""
    return {"messages": row["messages"]}


def _answer(source: str) -> Message:
    return {"role": "assistant", "content": wrap_code(source)}


def _describe_provenance(sample: Sample, content: Row) -> Row:
    text = json.dumps(content, ensure_ascii=False, sort_keys=True)
    return {
        "id": hashlib.sha256(text.encode()).hexdigest()[:16],
        "subject": sample.subject,
        "source": sample.source,
        "licence": sample.licence,
        "model": sample.model,
        "versions": describe_versions(),
        "code_digest": digest_code(sample.code),
    }
