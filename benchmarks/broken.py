"""Breaks scenes that work, in the ways that models break them: by seed, so that it can be repeated.

    python -m benchmarks.broken [--seed 1] [--per-scene 7]

The scenes are the library's and those of the layout tests. Every variant gets one to three faults,
from misspelt names to words of manimgl, is healed without a model, and rehearsed.
"""

from __future__ import annotations

import argparse
import ast
import random
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from shaperotator_magic.checking.api import Api
from shaperotator_magic.checking.gate import check_scene
from shaperotator_magic.checking.healing import heal_scene
from shaperotator_magic.errors import CheckFailedError
from shaperotator_magic.records import CheckedScene, Origin, SceneCode
from shaperotator_magic.rendering.renderer import RenderRequest
from shaperotator_magic.rendering.worker import Worker

ROOT = Path(__file__).parents[1]
Fault = Callable[[str, random.Random], str | None]


@dataclass(frozen=True)
class Variant:
    """A broken scene, and what was done to it."""

    scene: str
    faults: tuple[str, ...]
    source: str


def _swap(pattern: str, new: str) -> Fault:
    """Return a fault that changes one occurrence of a pattern."""

    def break_it(source: str, rng: random.Random) -> str | None:
        found = list(re.finditer(pattern, source))
        if not found:
            return None
        one = rng.choice(found)
        return source[: one.start()] + one.expand(new) + source[one.end() :]

    return break_it


def _misspell(source: str, rng: random.Random) -> str | None:
    """Swap two letters, drop one or double one, in a name of manim."""
    words = r"\b(?:next_to|move_to|to_edge|to_corner|arrange|FadeIn|FadeOut|Create|Write|Circle"
    words += r"|Square|Rectangle|Arrow|VGroup|set_color|shift|ReplacementTransform|font_size)\b"
    found = list(re.finditer(words, source))
    if not found:
        return None
    one = rng.choice(found)
    name = one[0]
    at = rng.randrange(1, len(name) - 1)
    spoilt = rng.choice(
        [
            name[:at] + name[at + 1] + name[at] + name[at + 2 :],
            name[:at] + name[at + 1 :],
            name[:at] + name[at] + name[at:],
        ]
    )
    return source[: one.start()] + spoilt + source[one.end() :] if spoilt != name else None


FAULTS: dict[str, Fault] = {
    "ShowCreation": _swap(r"\bCreate\(", "ShowCreation("),
    "colour=": _swap(r"\bcolor=", "colour="),
    "set_colour": _swap(r"\.set_color\(", ".set_colour("),
    "FadeInFrom": _swap(r"\bFadeIn\((\w+)\)", r"FadeInFrom(\1, DOWN)"),
    "FadeInFromDown": _swap(r"\bFadeIn\((\w+)\)", r"FadeInFromDown(\1)"),
    "FadeOutAndShift": _swap(r"\bFadeOut\((\w+)\)", r"FadeOutAndShift(\1, UP)"),
    "FadeIn with a direction": _swap(r"\bFadeIn\((\w+)\)", r"FadeIn(\1, UP)"),
    "get_graph": _swap(r"\.plot\(", ".get_graph("),
    "play(method)": _swap(r"\b(\w+)\.animate\.(shift|move_to|set_color)\(([^()]*)\)", r"\1.\2, \3"),
    "run_time": _swap(r"\brun_time=", "runtime="),
    "manimlib": _swap(r"from manim import \*", "from manimlib.imports import *"),
    "no import of numpy": _swap(r"import numpy as np\n", ""),
    "font_sise": _swap(r"\bfont_size=", "font_sise="),
    "ShowCreationThenDestruction": _swap(r"\bFlash\(", "FlashAround("),
    "CONFIG": _swap(r"(    def construct)", r'    CONFIG = {"speed": 2}\n\n\1'),
    "FRAME_WIDTH": _swap(
        r"(    def construct\(self\):\n(?:        \"\"\"[^\"]*\"\"\"\n)?)",
        r"\1        half = FRAME_WIDTH / 2 + FRAME_Y_RADIUS\n",
    ),
    "get_norm": _swap(
        r"(    def construct\(self\):\n(?:        \"\"\"[^\"]*\"\"\"\n)?)",
        r"\1        size = get_norm(UP)\n",
    ),
    "misspelt": _misspell,
    "misspelt twice": lambda source, rng: _misspell(_misspell(source, rng) or source, rng),
}


def list_scenes() -> Iterator[tuple[str, str]]:
    """Yield name and whole source of every scene that is broken here."""
    for path in sorted((ROOT / "shaperotator_magic" / "writing" / "scenes").glob("[a-z]*.py")):
        source = path.read_text("utf-8")
        yield find_scene_name(source), source
    source = (ROOT / "tests" / "data" / "layout" / "tuning.py").read_text("utf-8")
    tree = ast.parse(source)
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            yield node.name, f"from manim import *\n\n\n{ast.get_source_segment(source, node)}\n"


def find_scene_name(source: str) -> str:
    """Return the name of the last class."""
    return [n.name for n in ast.parse(source).body if isinstance(n, ast.ClassDef)][-1]


def build_variants(seed: int, per_scene: int) -> list[Variant]:
    """Return broken scenes, the same for the same seed; every one differs from its scene."""
    rng = random.Random(seed)
    variants = []
    for name, source in list_scenes():
        for _ in range(per_scene):
            broken, faults = source, []
            for fault in rng.sample(sorted(FAULTS), k=12):
                changed = FAULTS[fault](broken, rng)
                if changed is not None and changed != broken:
                    broken = changed
                    faults.append(fault)
                if len(faults) == rng.randint(1, 3):
                    break
            if faults:
                variants.append(Variant(name, tuple(faults), broken))
    return variants


def is_healed(variant: Variant, worker: Worker, request: RenderRequest, api: Api) -> str:
    """Return why a healed variant still fails; nothing if it runs to its end."""
    origin = Origin(writer="user")
    code = SceneCode(source=variant.source, scene_name=variant.scene, origin=origin)
    healed, findings = heal_scene(code, api)
    silent = [f.message for f in findings if f.rule == "manim-setter"]
    if silent:
        return silent[0]
    try:
        scene = check_scene(healed)
    except CheckFailedError as exc:
        return exc.message
    failure = worker.rehearse(scene, request, variables={}).failure
    return f"line {failure.line}: {failure.message}" if failure else ""


def runs_as_it_is(variant: Variant, worker: Worker, request: RenderRequest) -> bool:
    """Tell whether the variant would have run without being healed."""
    origin = Origin(writer="user")
    code = SceneCode(source=variant.source, scene_name=variant.scene, origin=origin)
    return worker.rehearse(CheckedScene(code=code), request, variables={}).failure is None


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--per-scene", type=int, default=4)
    parser.add_argument("--unhealed", action="store_true", help="also run them as they are")
    arguments = parser.parse_args()
    variants = build_variants(arguments.seed, arguments.per_scene)
    worker = Worker()
    healed, ran = 0, 0
    lost: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as name:
        request = RenderRequest(426, 240, 4, Path(name), seed=1)
        api = Api(worker.describe_manim(request))
        for variant in variants:
            if arguments.unhealed:
                ran += runs_as_it_is(variant, worker, request)
            reason = is_healed(variant, worker, request, api)
            healed += not reason
            if reason:
                lost.update(variant.faults)
                print(f"{variant.scene:24} {', '.join(variant.faults)}: {reason[:120]}", flush=True)
    worker.close()
    print(f"{len(variants)} broken variants: {healed} run healed")
    if arguments.unhealed:
        print(f"{ran} of them run without being healed")
    print("faults of those that do not:", dict(lost))
    return 0


if __name__ == "__main__":
    sys.exit(main())
