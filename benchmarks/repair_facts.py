"""Whether a repair tells a model what mends the scene: the right name or signature, by rule.

    python -m benchmarks.repair_facts [--seed 1] [--per-scene 4] [--part 1/4]

One fault is put into each of the scenes of ``benchmarks.broken``, and nothing is healed. Where the
rehearsal fails, the message is built that a model would be sent, without and with the facts of the
installed manim. It holds what is needed where it has the right word, outside of the line it quotes.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from benchmarks.broken import Variant, build_code, find_failure, list_scenes
from shaperotator_magic.checking.api import Api
from shaperotator_magic.core.records import CheckedScene, Finding
from shaperotator_magic.learning.dataset.sources.faults import CALLS
from shaperotator_magic.pipeline.facts import Reference
from shaperotator_magic.rendering.renderer import RenderRequest
from shaperotator_magic.rendering.worker.worker import Worker
from shaperotator_magic.writing.model.prompts import build_repair_messages
from shaperotator_magic.writing.retrieval.index import load_index

# What a message has to hold, one of them, by the kind of fault; of a misspelt name, that name.
RIGHT = {
    "ShowCreation": ("Create",),
    "colour=": ("color",),
    "set_colour": ("set_color",),
    "FadeInFrom": ("FadeIn",),
    "FadeInFromDown": ("FadeIn",),
    "FadeOutAndShift": ("FadeOut",),
    "FadeIn with a direction": ("shift",),
    "get_graph": ("plot",),
    "play(method)": ("animate",),
    "run_time": ("run_time",),
    "manimlib": ("from manim import",),
    "no import of numpy": ("import numpy",),
    "font_sise": ("font_size",),
    "ShowCreationThenDestruction": ("Flash", "Circumscribe"),
    "FRAME_WIDTH": ("frame_width",),
    "get_norm": ("norm",),
}
_QUOTED = re.compile(r"line \d+ `[^\n]*?`: ")


def build_variants(seed: int, per_scene: int) -> Iterator[tuple[Variant, tuple[str, ...]]]:
    """Yield scenes with one fault each, and the words of which one mends it."""
    rng = random.Random(seed)
    for name, source in list_scenes():
        for fault in rng.sample(sorted(CALLS), k=per_scene):
            broken = CALLS[fault](source, rng)
            if broken is not None and broken != source:
                right = RIGHT.get(fault) or _list_lost(source, broken)
                yield Variant(name, (fault,), broken), right


def _list_lost(source: str, broken: str) -> tuple[str, ...]:
    """Return the words that the whole source has more often than the broken one."""
    whole, left = (Counter(re.findall(r"\w+", text)) for text in (source, broken))
    return tuple(whole - left)


def holds(message: str, right: tuple[str, ...]) -> bool:
    """Return whether a message has one of the words, outside of the lines that it quotes."""
    said = _QUOTED.sub("", message)
    return any(re.search(rf"\b{re.escape(word)}\b", said) for word in right)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--per-scene", type=int, default=4)
    parser.add_argument("--part", default="1/1", help="as in 2/4: the second quarter alone")
    arguments = parser.parse_args()
    part, parts = map(int, arguments.part.split("/"))
    variants = list(build_variants(arguments.seed, arguments.per_scene))[part - 1 :: parts]
    without, having, lengths = Counter[str](), Counter[str](), []
    failing = Counter[str]()
    with tempfile.TemporaryDirectory() as name:
        request = RenderRequest(426, 240, 4, Path(name), seed=1)
        worker = Worker()
        reference = Reference(load_index(Path(name)), Api(worker.describe_manim(request)))
        for variant, right in variants:
            scene = CheckedScene(code=build_code(variant))
            finding = find_failure(scene, worker.rehearse(scene, request, variables={}))
            if finding is None:
                continue
            (fault,) = variant.faults
            failing[fault] += 1
            facts = reference.describe([finding], variant.source)
            plain, told = (_write(finding, variant.source, known) for known in ("", facts))
            without[fault] += holds(plain, right)
            having[fault] += holds(told, right)
            lengths.append(len(told))
            if not holds(told, right):
                print(f"{variant.scene}, {fault}; wanted {', '.join(right)}:\n{told}\n", flush=True)
        worker.close()
    for fault, count in failing.most_common():
        print(f"    {fault:30} {without[fault]:3} -> {having[fault]:3} of {count}")
    total = failing.total()
    print(f"{total} messages; they hold what mends the scene: ", end="")
    print(
        f"{without.total() / total:.1%} without the facts, {having.total() / total:.1%} with them"
    )
    print(f"median {median(lengths):.0f}, longest {max(lengths)} characters")
    return 0


def _write(finding: Finding, source: str, facts: str) -> str:
    sent = build_repair_messages([], reply="", findings=[finding], source=source, facts=facts)
    return sent[-1]["content"]


if __name__ == "__main__":
    sys.exit(main())
