"""Hostile scenes are refused by the checks, or their definitions do nothing when injected.

What the checks let pass is injected for real, in a process of its own whose audit hook stops and
notes whatever opens a file, a socket or a process, loads a module or touches memory.
"""

from __future__ import annotations

import enum
import re
from pathlib import Path

import pytest

from shaperotator_magic.checking.gate import definitions, refused
from shaperotator_magic.checking.gate.gate import check_scene
from shaperotator_magic.core.errors import CheckFailedError, SceneCodeError
from shaperotator_magic.rendering.defining import known
from tests.injecting import CORPUS, inject_all, list_happened, read_scene

HOSTILE = sorted((CORPUS / "hostile").glob("*.py"))
INJECTION = sorted((CORPUS / "injection").glob("*.py"))
BENIGN = sorted((CORPUS / "benign").glob("*.py"))


@pytest.mark.render
def test_hostile_scenes_are_refused_or_inert_when_injected(tmp_path: Path) -> None:
    passed: dict[str, tuple[str, str]] = {}
    for path in HOSTILE:
        try:
            code = check_scene(read_scene(path, str(tmp_path))).code
        except SceneCodeError:
            continue
        passed[path.stem] = (code.source, code.scene_name)
    assert len(HOSTILE) >= 100 and len(passed) < len(HOSTILE) / 4
    events = inject_all(passed, tmp_path)
    assert {name: found for name, found in events.items() if list_happened(found)} == {}
    assert not list(tmp_path.iterdir())


@pytest.mark.render
def test_scenes_that_run_something_while_they_are_defined_are_held(tmp_path: Path) -> None:
    scenes = {path.stem: (path.read_text(), find_scene_name(path)) for path in INJECTION}
    assert len(scenes) == 21
    # Past the gate, as if it had let all of them through.
    events = inject_all(scenes, tmp_path)
    assert {name for name, found in events.items() if not found} == {"k_rebind"}
    assert not any(map(list_happened, events.values()))


@pytest.mark.parametrize("path", INJECTION, ids=lambda path: path.stem)
def test_scene_that_runs_something_while_it_is_defined_is_refused_with_its_line(path: Path) -> None:
    if path.stem == "k_rebind":  # its names stay in a module of their own
        check_scene(read_scene(path))
        return
    with pytest.raises(CheckFailedError, match=r"^Line \d+: ") as caught:
        check_scene(read_scene(path))
    assert caught.value.hint


def find_scene_name(path: Path) -> str:
    return re.findall(r"class (\w+)\(Scene\)", path.read_text())[-1]


@pytest.mark.render
@pytest.mark.parametrize(
    "line",
    [
        "open('pwned', 'w')",
        "import subprocess; subprocess.run(['true'])",
        "import socket; socket.socket()",
        "import antigravity",
        "__import__('os').remove('x')",
    ],
)
def test_probe_notices_what_it_has_to(line: str, tmp_path: Path) -> None:
    scene = f"from manim import *\n{line}\nclass S(Scene):\n    pass\n"
    (events,) = inject_all({"control": (scene, "S")}, tmp_path, "execute").values()
    assert events and not list(tmp_path.iterdir())


@pytest.mark.parametrize("path", HOSTILE, ids=lambda path: path.stem)
def test_refused_scene_names_a_line_and_a_reason(path: Path) -> None:
    try:
        check_scene(read_scene(path))
    except CheckFailedError as error:
        first = next(f for f in error.findings if f["severity"] == "error")
        assert first["line"] is None or first["line"] >= 1
        assert len(first["message"]) > 10 and error.hint
    except SceneCodeError as error:
        assert error.message and error.hint


@pytest.mark.parametrize("path", BENIGN, ids=lambda path: path.stem)
def test_benign_scene_passes(path: Path) -> None:
    check_scene(read_scene(path))


def test_gate_and_assembly_refuse_the_same_hooks_and_allow_the_same_mixins() -> None:
    hooks = {name for name in definitions._HOOKS if not name.startswith("__")}
    assert hooks <= known.CLASS_HOOKS
    # Of an enumeration the gate refuses every name with an underscore.
    assert all(hasattr(enum.Flag, name) for name in known.CLASS_HOOKS - hooks)
    assert not definitions._HOOKS & known.CLASS_DUNDERS
    assert {mixin.__name__ for mixin in known.ENUM_MIXINS} == refused.ENUM_MIXINS
