"""Hostile scenes are refused by the checks, or their definitions do nothing when injected.

What the checks let pass is injected for real, in a process of its own whose audit hook stops and
notes whatever opens a file, a socket or a process, loads a module or touches memory.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from shaperotator_magic.checking.gate import check_scene
from shaperotator_magic.errors import CheckFailedError, SceneCodeError
from shaperotator_magic.records import Completion
from shaperotator_magic.writing.extraction import extract_scene

CORPUS = Path(__file__).with_name("data") / "corpus"
HOSTILE = sorted((CORPUS / "hostile").glob("*.py"))
BENIGN = sorted((CORPUS / "benign").glob("*.py"))

# Reads {name: source} from stdin, injects each, and writes {name: [event, ...]}.
PROBE = """
import gc, json, sys
import manim
from shaperotator_magic.notebook.injection import inject
from shaperotator_magic.records import CheckedScene, Origin, SceneCode

INERT = {"compile", "exec", "object.__getattr__", "sys._getframe", "code.__new__"}
seen, is_watching = [], False

def watch(event, arguments):
    if not is_watching or event in INERT:
        return
    if event == "import" and arguments[0] in sys.modules:
        return
    seen.append(f"{event} {arguments[:1]}")
    raise RuntimeError(f"stopped: {event}")

sys.addaudithook(watch)
found = {}
for name, (source, scene_name) in json.load(sys.stdin).items():
    code = SceneCode(source=source, scene_name=scene_name, origin=Origin(writer="model"))
    seen, space, before = [], {}, set(sys.modules)
    is_watching = True
    try:
        inject(CheckedScene(code=code), space, generation_id=name)
        space.clear()
        for module in set(sys.modules) - before:
            del sys.modules[module]
        gc.collect()  # finalizers, too
    except Exception as exc:
        seen.append(f"raised {exc}")
    is_watching = False
    found[name] = seen
json.dump(found, sys.stdout)
"""
IMPORTS = "import math, random, typing, collections, itertools, functools, dataclasses, json, re"


def read_scene(path: Path, canary: str = "/nowhere") -> Any:
    source = path.read_text(encoding="utf-8").replace("@CANARY@", canary)
    return extract_scene(Completion(text=f"````python\n{source}\n````", model="corpus"))


def inject_all(scenes: dict[str, tuple[str, str]], folder: Path) -> dict[str, list[str]]:
    done = subprocess.run(
        [sys.executable, "-c", f"{IMPORTS}\n{PROBE}"],
        input=json.dumps(scenes),
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
        cwd=folder,
    )
    return dict(json.loads(done.stdout))


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
    assert events == {name: [] for name in passed}
    assert not list(tmp_path.iterdir())


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
    (events,) = inject_all({"control": (scene, "S")}, tmp_path).values()
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
