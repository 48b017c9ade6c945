"""Scenes that were written against the construction of injection, and answers that were forged.

Each goes past the checks through the proof and the assembly, or, where the proof refuses it,
through the assembly alone; some go into a real kernel by every way in which code comes there.
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from benchmarks.injection import try_scenes
from shaperotator_magic.checking.gate.gate import check_scene
from shaperotator_magic.core.errors import RenderError, SceneCodeError
from shaperotator_magic.rendering.defining.definitions import Definitions
from tests.fakes import build_checked
from tests.injecting import CORPUS, inject_all, list_happened, read_scenes

NEW = CORPUS / "injection_new"
# Imports of an allowed package's own parts, which Python makes; the checks refuse both.
LIBRARY_IMPORTS = {"import_lazy", "import_submodule"}


@pytest.mark.render
def test_new_hostile_scenes_run_nothing_and_change_nothing(tmp_path: Path) -> None:
    scenes = read_scenes(NEW, str(tmp_path))
    kinds = Counter(name.partition("_")[0] for name in scenes)
    assert len(scenes) >= 150 and min(kinds.values()) >= 5
    happened = inject_all(scenes, tmp_path)
    did = {name: done for name, found in happened.items() if (done := list_happened(found))}
    assert did.keys() <= LIBRARY_IMPORTS
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", sorted(LIBRARY_IMPORTS))
def test_scene_that_imports_parts_of_packages_is_refused(name: str) -> None:
    source, scene_name = read_scenes(NEW)[name]
    with pytest.raises(SceneCodeError):
        check_scene(build_checked(source, scene_name).code)


@pytest.mark.render
def test_probe_notices_marks_and_changes(tmp_path: Path) -> None:
    scenes = {
        "mark": ("print('RANMARK')", "S"),
        "manim": ("import manim\nmanim.Scene.render = None", "S"),
        "array": ("import manim\nmanim.RIGHT[0] = 5", "S"),
        "builtin": ("import builtins\nbuiltins.extra = None", "S"),
        "seed": ("import random\nrandom.seed(1)", "S"),
        "user": ("import __main__\n__main__.user_list.append(3)", "S"),
    }
    happened = inject_all(scenes, tmp_path, "execute")
    assert all(map(list_happened, happened.values()))


@pytest.mark.render
def test_no_mark_of_generated_scenes_fires() -> None:
    counts = try_scenes(range(300))
    assert counts["marks fired in the kernel"] == 0
    assert counts["assembled"] > 60 and counts["refused by the proof"] > 20


@pytest.mark.render
def test_generated_scenes_fire_where_they_are_executed() -> None:
    assert try_scenes(range(300), is_plain=True)["marks fired in the kernel"] > 0


# --- forged answers ---------------------------------------------------------------------

FORGED = """from manim import *

def own():
    raise SystemExit


class K:
    keys = own


X = 1 + 1


class S(Scene):
    def construct(self):
        self.add(Dot())
"""
# fmt: off
VALUES: dict[str, Any] = {
    "unknown kind": {"kind": "pickle", "data": "gASV"},
    "kind that is no text": {"kind": [], "data": []},
    "no kind": {"data": 1},
    "list without kind": [1, 2],
    "own of the end": {"kind": "own", "data": -1},
    "own beyond the end": {"kind": "own", "data": 99},
    "own as truth": {"kind": "own", "data": True},
    "member of a function": {"kind": "member", "data": [0, "keys"]},
    "member of a class": {"kind": "member", "data": [1, "keys"]},
    "object dtype": {
        "kind": "array",
        "data": {"dtype": "|O", "shape": [1], "bytes": "AAAAAAAAAAA="},
    },
    "record dtype": {"kind": "array", "data": {"dtype": "i4,O", "shape": [1], "bytes": ""}},
    "dtype of objects": {
        "kind": "array",
        "data": {"dtype": [["a", "O"]], "shape": [], "bytes": ""},
    },
    "dtype that is code": {
        "kind": "array",
        "data": {"dtype": "(print(1),)i4", "shape": [], "bytes": ""},
    },
    "wrong shape": {"kind": "array", "data": {"dtype": "<f8", "shape": [9], "bytes": ""}},
    "shape of memory": {"kind": "array", "data": {"dtype": "<f8", "shape": [10**12], "bytes": ""}},
    "bytes that are none": {"kind": "bytes", "data": "%%%"},
    "range of text": {"kind": "range", "data": ["a"]},
    "range without step": {"kind": "range", "data": [0, 1, 0]},
    "fraction by nothing": {"kind": "fraction", "data": [1, 0]},
    "fraction of endless": {"kind": "fraction", "data": [float("inf"), 1]},
    "colour of words": {"kind": "colour", "data": ["__import__", 0, 0, 0]},
    "colour of endless": {"kind": "colour", "data": [float("inf"), 0, 0, 0]},
    "function of programs": {"kind": "public", "data": ["manim", "capture"]},
    "file of manim": {"kind": "public", "data": ["manim", "open_file"]},
    "files of NumPy": {"kind": "public", "data": ["numpy", "fromfile"]},
    "other module": {"kind": "public", "data": ["os", "system"]},
    "main module": {"kind": "public", "data": ["__main__", "print"]},
    "dotted name": {"kind": "public", "data": ["manim", "config.update"]},
    "name that is no text": {"kind": "public", "data": ["manim", 3]},
    "unhashable key": {"kind": "dict", "data": [[{"kind": "list", "data": []}, 1]]},
    "pair of three": {"kind": "dict", "data": [[1, 2, 3]]},
    "keys of one hash": {"kind": "set", "data": [k * (2**61 - 1) for k in range(20_000)]},
    "sympy": {"kind": "sympy", "data": {"number": "print(1)", "class": "Float"}},
    "frame": {"kind": "frame", "data": {}},
}
# fmt: on


def nest(depth: int) -> Any:
    value: Any = 1
    for _ in range(depth):
        value = {"kind": "list", "data": [value]}
    return value


@pytest.mark.render
@pytest.mark.parametrize("name", [*VALUES, "deep"])
def test_forged_value_is_refused_with_its_line(name: str) -> None:
    value = nest(80) if name == "deep" else VALUES[name]
    with pytest.raises(SceneCodeError, match=r"^Line 11: 1 \+ 1 was not proved"):
        build(FORGED, [[[11, 4, 11, 9], value]])


@pytest.mark.parametrize(
    "content",
    [
        b"", b"\xff", b"null", b"3", b"{}x", b"[1]", b"[[1, 2]]", b"[[[1, 2, 3], 4]]",
        b"[[[1, 2, 3, Infinity], 4]]", b'[[["a", 2, 3, 4], 4]]', b"[" * 100_000,
        b"[[[1, 2, 3, " + b"9" * 5000 + b"], 1]]",
    ],
)  # fmt: skip
def test_spoiled_answer_is_an_error_of_the_process(content: bytes) -> None:
    with pytest.raises(RenderError):
        Definitions.read(build_checked(FORGED), content)


@pytest.mark.render
@pytest.mark.parametrize("position", [[1, 0, 1, 1], [11, 4, 11, 8], [99, 0, 99, 0]])
def test_value_of_another_place_is_not_taken(position: list[int]) -> None:
    with pytest.raises(SceneCodeError, match="was not proved"):
        build(FORGED, [[position, 2]])


@pytest.mark.render
def test_forged_reference_reaches_nothing_but_the_scenes_own() -> None:
    module = build(FORGED, [[[11, 4, 11, 9], {"kind": "own", "data": 0}]])
    assert module.X is module.own  # not called


@pytest.mark.render
def test_forged_range_does_not_fill_the_memory() -> None:
    source = FORGED.replace("X = 1 + 1", "A, B = 1 + 1")
    with pytest.raises(SceneCodeError, match="Line 11: ValueError"):
        build(source, [[[11, 7, 11, 12], {"kind": "range", "data": [0, 10**15, 1]}]])


@pytest.mark.render
def test_forged_value_asks_nothing_of_a_factory() -> None:
    source = FORGED.replace("X = 1 + 1", "Y = 1 + 1\nX = namedtuple('X', Y)").replace(
        "from manim import *", "from manim import *; from collections import namedtuple"
    )
    with pytest.raises(SceneCodeError, match="would ask its arguments"):
        build(source, [[[11, 4, 11, 9], {"kind": "own", "data": 1}]])


def build(source: str, rows: list[Any]) -> Any:
    definitions = Definitions.read(build_checked(source), json.dumps(rows).encode())
    return definitions.build_module("forged_scene", "<forged>", {})
