"""The card of a data set: README.md, whose header tells ``datasets`` what is where. Pure.

Runs in a command's process.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

_FOLDERS = {
    "sft": "a request, and the scene that answers it (TRL's SFTTrainer)",
    "repair": "a broken scene and what was found in it, and the mended one (SFTTrainer)",
    "preference": "one request, a better and a worse answer (DPOTrainer)",
    "verdicts": "a request, an answer, and whether it is a good one (KTOTrainer)",
    "reward": "requests, with what a reward needs (GRPOTrainer)",
}
_HEADER = (
    "---",
    "license: other",
    "license_name: see-the-card",
    "language: [en]",
    "task_categories: [text-generation]",
    "tags: [manim, code, trl]",
)
_HEAD = """\
# Scenes for Manim Community, checked

Every answer here passes the safety gate of shaperotator-magic, runs to its end in a confined
process, moves, and has no finding of the layout rules. Built with {versions}, seed {seed}.

## Load

```python
from datasets import load_dataset
rows = load_dataset("{here}", "sft", split="train")
print(rows[0]["messages"][1]["content"])
```

"""
_TAIL = """\
The sides of the split have no subject in common, and no training prompt has {leak} or more of its
words and pairs of words in common with a test prompt or with an excluded one (Jaccard, numbers
masked). `shaperotator dataset check DIR` repeats all of that.

What a model has learnt from this data is no better than the checks: they do not see whether what a
scene says is true.
"""


def build_card(facts: Mapping[str, Any]) -> str:
    """Return the text of the card."""
    head = _HEAD.format(versions=facts["versions"], seed=facts["options"]["seed"], here="DIR")
    parts = [
        _build_header(facts["rows"]),
        head,
        "## Rows\n\n",
        *_list_rows(facts["rows"]),
        _table("Sources", facts["sources"]),
        _table("Licences", facts["licences"]),
        _table("Models that wrote answers", facts["models"]),
        _table("Characters of an answer", facts["characters"]),
        _list_subjects(facts),
        _table("Left out, and why", facts["refused"]),
        _TAIL.format(leak="half"),
    ]
    return "".join(parts)


def _build_header(rows: Mapping[str, int]) -> str:
    lines = [*_HEADER, "configs:"]
    for folder in _FOLDERS:
        splits = [split for split in ("train", "test") if f"{folder}/{split}.jsonl" in rows]
        if splits:
            lines += [f"- config_name: {folder}", "  data_files:"]
        for split in splits:
            lines += [f"  - split: {split}", f"    path: {folder}/{split}.jsonl"]
    return "\n".join([*lines, "---", "", ""])


def _list_rows(rows: Mapping[str, int]) -> Iterator[str]:
    yield "| folder | train | test | a row is |\n| --- | --- | --- | --- |\n"
    for folder, said in _FOLDERS.items():
        train, test = (rows.get(f"{folder}/{split}.jsonl", 0) for split in ("train", "test"))
        yield f"| {folder} | {train} | {test} | {said} |\n"
    yield (
        "\n`openai/` has the rows of sft and repair with their messages alone, for OpenAI's "
        "fine-tuning of chats.\n\n"
    )


def _table(title: str, counts: Mapping[str, int]) -> str:
    if not counts:
        return ""
    rows = "".join(f"| {name} | {count} |\n" for name, count in counts.items())
    return f"## {title}\n\n| | |\n| --- | --- |\n{rows}\n"


def _list_subjects(facts: Mapping[str, Any]) -> str:
    sides = facts["subjects"]
    listed = "".join(
        f"{len(names)} in {side}: {', '.join(names)}\n\n" for side, names in sides.items()
    )
    return f"## Subjects\n\n{listed}"
