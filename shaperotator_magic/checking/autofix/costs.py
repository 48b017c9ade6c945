"""What drawing a scene in space will cost, known before it is drawn, and how to make it less. Pure.

A surface is drawn face by face in every frame: the product of faces and frames decides how
long a scene takes to draw. Where it is too large, arrows of 800 faces become plain ones, and
surfaces get fewer faces. Shapes and motions stay; an edit is rehearsed before it is accepted.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Iterator

from shaperotator_magic.checking.autofix.scene_edits import Fix, SceneEdits
from shaperotator_magic.core.records import Finding, Rehearsal

# Measured with the compiled drawing at 480p; the number of pixels changes little.
SECONDS_PER_FACE = 27e-6
LONGEST_DRAWING_S = 40.0
_LEAST_RESOLUTION = 6
_MARGIN = 0.9
# manim's default resolution: u and v.
_RESOLUTIONS = {
    "Surface": (32, 32), "Sphere": (24, 12), "Torus": (24, 24), "Cylinder": (24, 24),
    "Cone": (32, 32), "Dot3D": (8, 8), "Line3D": (2, 24), "plot_surface": (32, 32),
}  # fmt: skip
# manim's Arrow has other options, and a place and a colour in common.
_ARROW_OPTIONS = frozenset({"start", "end", "color"})


def estimate_drawing_s(rehearsal: Rehearsal) -> float:
    """Return the processor seconds that the faces of a scene will take to draw at 480p."""
    return rehearsal.face_frames * SECONDS_PER_FACE


def check_cost(rehearsal: Rehearsal) -> list[Finding]:
    """Return a warning for a scene whose faces take too long to draw."""
    cost_s = estimate_drawing_s(rehearsal)
    if cost_s <= LONGEST_DRAWING_S:
        return []
    return [
        Finding(
            rule="cost-faces",
            severity="warning",
            message=f"The scene has up to {rehearsal.faces} faces in space and {rehearsal.frames} "
            f"frames: about {cost_s:.0f} s of computing, {LONGEST_DRAWING_S:.0f} s are allowed.",
            hint="Give surfaces a resolution of 12 or less, draw Arrow for Arrow3D and Dot for "
            "Dot3D, and move the camera for a shorter time.",
        )
    ]


_STRONGEST = 0.4


def propose_coarser(source: str, rehearsal: Rehearsal) -> Iterator[Fix]:
    """Return edits that make a scene cheaper, the one that changes least first."""
    cost_s = estimate_drawing_s(rehearsal)
    if cost_s <= LONGEST_DRAWING_S:
        return
    scene = SceneEdits(source, rehearsal)
    yield from scene.change_all_calls(
        lambda call: _flatten(scene, call), "arrows in space are plain ones, to draw in time"
    )
    # Faces go with the square of the resolution.
    factor = math.sqrt(_MARGIN * LONGEST_DRAWING_S / cost_s)
    yield from scene.change_all_calls(
        lambda call: _coarsen(scene, call, factor), "surfaces have fewer faces, to draw in time"
    )


def propose_cheapest(source: str) -> Iterator[Fix]:
    """Return edits for a scene that was not even rehearsed in time, the strongest first."""
    scene = SceneEdits(source, Rehearsal())

    def change(call: ast.Call) -> str | None:
        return _flatten(scene, call) or _coarsen(scene, call, _STRONGEST)

    yield from scene.change_all_calls(change, "what stands in space is simpler, to be in time")


def _find_name(call: ast.Call) -> str:
    if isinstance(call.func, ast.Attribute):
        return call.func.attr
    return call.func.id if isinstance(call.func, ast.Name) else ""


def _flatten(scene: SceneEdits, call: ast.Call) -> str | None:
    """``Arrow3D(a, b, color=RED)`` becomes ``Arrow(a, b, buff=0, color=RED)``."""
    named = {k.arg: scene.read(k.value) for k in call.keywords}
    if any(isinstance(argument, ast.Starred) for argument in call.args):
        return None
    if _find_name(call) != "Arrow3D" or len(call.args) > len(("start", "end")) or None in named:
        return None
    kept = [f"{name}={text}" for name, text in named.items() if name in _ARROW_OPTIONS]
    return f"Arrow({', '.join([*map(scene.read, call.args), *kept, 'buff=0'])})"


def _coarsen(scene: SceneEdits, call: ast.Call, factor: float) -> str | None:
    kind = _find_name(call)
    if kind not in _RESOLUTIONS or any(k.arg is None for k in call.keywords):
        return None
    given = next((k.value for k in call.keywords if k.arg == "resolution"), None)
    before = _RESOLUTIONS[kind] if given is None else _read_resolution(given)
    if before is None:
        return None
    after = tuple(max(min(_LEAST_RESOLUTION, n), round(n * factor)) for n in before)
    if after == before:
        return None
    kept = [f"{k.arg}={scene.read(k.value)}" for k in call.keywords if k.arg != "resolution"]
    told = f"resolution=({', '.join(map(str, after))})"
    return f"{scene.read(call.func)}({', '.join([*map(scene.read, call.args), *kept, told])})"


def _read_resolution(node: ast.expr) -> tuple[int, ...] | None:
    try:
        value = ast.literal_eval(node)
    except ValueError:
        return None
    numbers = (value, value) if isinstance(value, int) else value
    is_pair = isinstance(numbers, tuple | list) and len(numbers) == len(("u", "v"))
    if not is_pair or not all(isinstance(number, int) for number in numbers):
        return None
    return tuple(numbers)
