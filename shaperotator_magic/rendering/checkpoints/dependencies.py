"""What each animation of a scene depends on, as far as its source shows: pure, without manim.

construct() runs from its first statement to its last. So an animation is determined by the
statements up to the one that plays it, and by what these reach outside construct()
(``reaching.py``); later statements cannot change it. ``read_script`` turns that into one key for
each statement.

This holds only where the same code does the same again. A scene has no script where it reads the
time, draws numbers from a generator without a seed, reads files or its own pixels, or where its
construct() cannot be separated from the rest.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

import ast
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from shaperotator_magic.core.records import SceneCode
from shaperotator_magic.rendering.caching.video_cache import reads_files
from shaperotator_magic.rendering.checkpoints.boundaries import choose_useful, find_boundaries
from shaperotator_magic.rendering.checkpoints.reaching import Reach
from shaperotator_magic.rendering.renderer import RenderRequest

# Beyond what these give, a scene's own code is all that decides.
_REPEATABLE_MODULES = frozenset(
    "manim numpy math cmath random itertools functools collections typing dataclasses colorsys "
    "enum fractions decimal statistics string re copy operator abc heapq bisect textwrap json "
    "networkx scipy sympy warnings contextlib numbers calendar unicodedata __future__".split()
)
# With a seed as their argument these repeat themselves, and without one they do not.
_SEEDED = frozenset({"default_rng", "RandomState", "Random", "SeedSequence", "seed"})
# The machine's own state, addresses of objects, and pictures that are not drawn again.
_NEVER_REPEATED = frozenset(
    "SystemRandom Generator PCG64 PCG64DXSM MT19937 Philox SFC64 BitGenerator randMatrix id hash "
    "original_id __hash__ __code__ locals pixel_array get_image get_frame renderer "
    "file_writer".split()
)


@dataclass(frozen=True)
class Script:
    """The statements of one scene's construct().

    ``keys`` has one SHA-256 for each: of everything that decides how what it plays looks.
    ``lines`` are its first and last line, ``construct_line`` is that of the function itself.
    ``boundaries`` are the statements before which a scene can be checkpointed.
    """

    construct_line: int
    lines: tuple[tuple[int, int], ...]
    keys: tuple[str, ...]
    boundaries: tuple[int, ...]


def read_script(code: SceneCode, request: RenderRequest, facts: Mapping[str, Any]) -> Script | None:
    """Return the statements of a scene with their keys, None where they would not hold.

    Parameters
    ----------
    facts
        What else decides how the scene looks: JSON-able.
    """
    if request.still or reads_files(code):
        return None
    tree = ast.parse(code.source)
    nodes = list(ast.walk(tree))
    construct = _find_construct(tree, nodes, code.scene_name)
    if construct is None or not _is_repeatable(nodes):
        return None
    possible = find_boundaries(code.source, tree, nodes, construct)
    boundaries = choose_useful(possible, construct)
    body = construct.body
    context = json.dumps([facts, code.scene_name], sort_keys=True)
    reach = Reach(tree, _find_scene(tree, construct), construct)
    keys = [
        hashlib.sha256(f"{context} {reach.take(statement)}".encode()).hexdigest()
        for statement in body
    ]
    lines = tuple(
        (statement.lineno, statement.end_lineno or statement.lineno) for statement in body
    )
    return Script(construct.lineno, lines, tuple(keys), boundaries)


def _find_construct(
    tree: ast.Module, nodes: list[ast.AST], scene_name: str
) -> ast.FunctionDef | None:
    """Return construct() of the scene where it is the only one that runs its statements."""
    scenes = [n for n in tree.body if isinstance(n, ast.ClassDef) and n.name == scene_name]
    if len(scenes) != 1:
        return None
    found = [node for node in ast.walk(scenes[0]) if _binds_construct(node)]
    if len(found) != 1 or found[0] not in scenes[0].body:
        return None
    construct = found[0]
    if not isinstance(construct, ast.FunctionDef):
        return None
    # Called by anything else than manim, a later statement could run before an earlier one.
    is_plain = not construct.decorator_list and not scenes[0].decorator_list
    return construct if is_plain and not any(map(_calls_construct, nodes)) else None


def _find_scene(tree: ast.Module, construct: ast.FunctionDef) -> ast.ClassDef:
    return next(n for n in tree.body if isinstance(n, ast.ClassDef) and construct in n.body)


def _binds_construct(node: ast.AST) -> bool:
    if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return False
    return node.name == "construct"


def _calls_construct(node: ast.AST) -> bool:
    if isinstance(node, ast.Attribute):
        is_of_super = (
            isinstance(node.value, ast.Call)
            and isinstance(node.value.func, ast.Name)
            and node.value.func.id == "super"
        )
        return node.attr == "construct" and not is_of_super
    if isinstance(node, ast.Name):
        return node.id == "construct"
    return isinstance(node, ast.Constant) and node.value == "construct"


def _is_repeatable(nodes: list[ast.AST]) -> bool:
    seeded = {id(n.func) for n in nodes if isinstance(n, ast.Call) and _has_seed(n)}
    return all(_is_node_repeatable(node, seeded) for node in nodes)


def _has_seed(call: ast.Call) -> bool:
    given = [*call.args, *(keyword.value for keyword in call.keywords)]
    return bool(given) and not any(
        isinstance(value, ast.Constant) and value.value is None for value in given
    )


def _is_node_repeatable(node: ast.AST, seeded: set[int]) -> bool:
    if isinstance(node, ast.Import):
        return all(_is_known(alias.name) for alias in node.names)
    if isinstance(node, ast.ImportFrom):
        renamed = {alias.name for alias in node.names if alias.asname}
        unknown = {alias.name for alias in node.names} & _NEVER_REPEATED
        return _is_known(node.module or "") and not unknown and not renamed & _SEEDED
    if isinstance(node, ast.Attribute | ast.Name):
        name = node.attr if isinstance(node, ast.Attribute) else node.id
        return name not in _NEVER_REPEATED and (name not in _SEEDED or id(node) in seeded)
    return True


def _is_known(module: str) -> bool:
    return module.partition(".")[0] in _REPEATABLE_MODULES
