"""Every scene of the built-in library: what its file promises, and how it looks.

Nothing of LaTeX can be reached here, so a scene that needs it fails. Scenes are rehearsed, and of
each some frames are drawn, small; what they look like is judged on `benchmarks.contact_sheets`.
"""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from functools import cache
from itertools import combinations
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import shaperotator_magic.writing
from benchmarks.knobs import fill, find_ends
from shaperotator_magic.checking.layout.layout import check_layout
from shaperotator_magic.checking.layout.rules import texts_overlap
from shaperotator_magic.core.records import Rehearsal
from shaperotator_magic.pipeline.exploring.parameters import read_parameters
from shaperotator_magic.pipeline.exploring.setting import set_parameters
from shaperotator_magic.rendering.process.scene_run import import_manim
from shaperotator_magic.writing.library.inlining import SHARED_MODULE
from shaperotator_magic.writing.library.scene_files import load_scenes
from tests.library_probe import draw_frame, load_scene, load_source, rehearse
from tests.written_numbers import find_wrong_equalities

SCENES = sorted(
    path
    for path in (Path(shaperotator_magic.writing.__file__).parent / "scenes").glob("*.py")
    if not path.name.startswith("_")
)
PARAMETER_TYPE = re.compile(
    r"2x2 matrix, entries in \[[^]]+\]"
    r"|vector of \d+ numbers, entries in \[[^]]+\]"
    r"|list of \d+ to \d+ numbers in \[[^]]+\]"
    r"|points, \d+ to \d+ of them, coordinates in \[[^]]+\]"
    r"|(number|integer) in \[[^]]+\]"
    r"|expression in x"
    r"|one of: .+, .+"
    r"|text, at most \d+ characters"
)
# The far corners of what the parameters allow: (scene, parameters).
EXTREMES: list[tuple[str, dict[str, Any]]] = [
    ("change_of_basis", {"VECTOR": [-5, 6], "BASIS_1": [4, -3], "BASIS_2": [1, 3]}),
    ("change_of_basis", {"VECTOR": [0, 0], "BASIS_1": [2, 1], "BASIS_2": [4, 2]}),
    ("change_of_basis", {"VECTOR": [6, -6], "BASIS_1": [4, 3.75], "BASIS_2": [4, 4]}),
    ("derivative_secant", {"POINT": -5}),
    ("derivative_secant", {"F": lambda x: 1 / x, "POINT": 0}),
    ("derivative_secant", {"F": lambda x: 1e3 * x**3, "POINT": 2.5, "F_TEXT": "1000x³"}),
    ("determinant_area", {"MATRIX": [[-5, 5], [-4.5, -5]]}),
    ("determinant_area", {"MATRIX": [[2, 4], [1, 2]]}),
    ("determinant_area", {"MATRIX": [[0, 0], [0, 0]]}),
    ("dot_product", {"VECTOR_A": [-5, 2], "VECTOR_B": [3, 6]}),
    ("dot_product", {"VECTOR_A": [2, 2], "VECTOR_B": [-3, 3]}),
    ("dot_product", {"VECTOR_A": [6, -6], "VECTOR_B": [0, 0]}),
    ("matrix_on_plane", {"MATRIX": [[5, -3], [4, 5]]}),
    ("matrix_on_plane", {"MATRIX": [[1, 1], [0, 1]]}),
    ("matrix_on_plane", {"MATRIX": [[-2.5, 0], [0, -2.5]]}),
    ("matrix_on_plane", {"MATRIX": [[-4.25, -5], [-5, -4.75]]}),
    ("riemann_sums", {"F": lambda x: x**3 - x, "START": -10, "END": 10, "RECTANGLES": 40}),
    ("riemann_sums", {"F": lambda x: 1 / x, "START": -1, "END": 1}),
    ("riemann_sums", {"F": lambda x: 0 * x, "START": 2, "END": 2, "F_TEXT": "0"}),
    ("taylor_polynomials", {"FUNCTION": "1/(1-x)", "DEGREE": 15}),
    ("taylor_polynomials", {"FUNCTION": "sqrt(1+x)", "DEGREE": 1}),
    ("taylor_polynomials", {"FUNCTION": "exp", "DEGREE": 6}),
    ("taylor_polynomials", {"FUNCTION": "arctan", "DEGREE": 14}),
    ("vector_spaces", {"SCALAR": -2.75}),
    ("convolution", {"SIGNAL": [-9, 8.25, 7, -6, 5.5, -4, 3, 9], "KERNEL": [-1.25, -9, 2, 8]}),
    ("convolution", {"SIGNAL": [0, 0, 0], "KERNEL": [0.5, 0.5]}),
    ("fourier_vectors", {"WAVE": "sawtooth", "TERMS": 12}),
    ("fourier_vectors", {"WAVE": "triangle", "TERMS": 1}),
    ("gradient_descent", {"LEARNING_RATE": 3, "START": [4, 4], "CURVATURES": [4, 0.25]}),
    ("gradient_descent", {"LEARNING_RATE": 0.01, "START": [0, -4], "CURVATURES": [0.25, 4]}),
    ("softmax_temperature", {"LOGITS": [-10, 10, 3.25, -3.25, 0, 1], "LOW_TEMPERATURE": 0.05}),
    ("softmax_temperature", {"LOGITS": [1, 1], "HIGH_TEMPERATURE": 20}),
    ("sorting_search", {"ALGORITHM": "bubble sort", "NUMBERS": [9, 8, 7, 6, 5, 4, 3, 2]}),
    ("sorting_search", {"ALGORITHM": "selection sort", "NUMBERS": [999, -99, 87.25, 3, 3]}),
    ("sorting_search", {"ALGORITHM": "insertion sort", "NUMBERS": [1, 2, 3]}),
    ("sorting_search", {"NUMBERS": [500, 999, -99, 3, 3, 87.25, 12, 0], "TARGET": 7.5}),
    ("tensor_boxes", {"SHAPE": [4, 4, 4]}),
    ("tensor_boxes", {"SHAPE": [2, 4, 2]}),
    ("tesseract", {"ROTATION": "double"}),
    ("bayes_square", {"PRIOR": 0.01, "SENSITIVITY": 1, "FALSE_POSITIVE": 0.6}),
    ("central_limit", {"DICE": 2}),
    ("complex_multiplication", {"Z": [0, 0], "W": [0, 0]}),
    ("cross_product", {"VECTOR_A": [0, 0, 0], "VECTOR_B": [3, -3, 3]}),
    ("gradient_contour", {"SURFACE": "saddle", "POINT": [0, 0]}),
    ("linear_independence", {"V": [1, 2], "W": [2, 4]}),
    ("linear_independence", {"V": [0, 0], "W": [0, 0]}),
    ("newton_method", {"F": lambda x: x**2 + 1, "START": 0, "F_TEXT": "x² + 1"}),
    ("pythagoras", {"LEGS": [1, 8]}),
    ("projectile", {"SPEED": 100, "ANGLE": 85}),
    ("search_tree", {"NUMBERS": [1, 2, 3, 4, 5, 6, 7, 8, 9]}),
    ("wave_superposition", {"FREQUENCY_1": 5, "FREQUENCY_2": 5, "PHASE": 180}),
    ("chain_rule", {"OUTER": "ln", "INNER": "x^3", "POINT": -1}),
    ("epsilon_limit", {"F": lambda x: x**2, "POINT": 2, "EPSILON": 0.5, "F_TEXT": "x²"}),
    ("epsilon_limit", {"F": lambda x: abs(x) / x, "F_TEXT": "abs(x) / x"}),
    ("epsilon_limit", {"F": lambda x: np.sin(1 / x), "F_TEXT": "sin(1 / x)"}),
    ("epsilon_limit", {"F": lambda x: 1e3 * x**3, "POINT": 2.5, "F_TEXT": "1000x³"}),
    ("gram_schmidt", {"VECTOR_1": [0, 0]}),
    ("hash_table", {"KEYS": [5, 10, 15, 20, 25, 30], "SLOTS": 5, "METHOD": "linear probing"}),
    ("lagrange_multipliers", {"OBJECTIVE": "x + 2y", "CONSTRAINT": "line"}),
    ("linear_regression", {"POINTS": [[-100, 100], [0, 0], [100, -100]]}),
    ("linear_regression", {"POINTS": [[1, 2], [3, 2], [4, 2]]}),
    ("markov_chain", {"MATRIX": [[0, 1], [1, 0]]}),
    ("rank_null_space", {"MATRIX": [[0, 0], [0, 0]]}),
    ("rank_null_space", {"MATRIX": [[0.5, 0], [-3, 5]]}),
    ("singular_values", {"MATRIX": [[1, 2], [3, 4]]}),
    ("singular_values", {"MATRIX": [[0, 0], [0, 0]]}),
    ("weight_decay", {"LAMBDA": 5, "OPTIMUM": [-3, 3]}),
    ("weight_decay", {"LAMBDA": 0.1, "OPTIMUM": [0, -2.5]}),
]


@pytest.fixture(scope="module")
def probe() -> Iterator[Executor]:
    """Start a process that draws as the product does, so that this one keeps manim's own drawing.

    It is forked, for parameters may be functions: what they are is read from this module's tables.
    """
    with ProcessPoolExecutor(1, get_context("fork"), initializer=import_manim) as executor:
        yield executor


_SEEN, _WHOLE = 0.12, 0.95  # opacities
# Two lists merge into their sum: the letters run together on purpose.
MERGING = {"vector_spaces"}
QUALITY = {"pixel_width": 426, "pixel_height": 240, "frame_rate": 4}


def _split_docstring(path: Path) -> dict[str, str]:
    """The numpy sections of the module docstring, the summary under ``""``."""
    docstring = ast.get_docstring(ast.parse(path.read_text("utf-8"))) or ""
    parts = re.split(r"^(.+)\n-{3,}\n", docstring, flags=re.MULTILINE)
    return {"": parts[0], **dict(zip(parts[1::2], parts[2::2], strict=True))}


def _assert_good_layout(result: Rehearsal) -> None:
    findings = check_layout(result)
    assert not findings, "\n".join(map(str, findings[:10]))
    assert _find_wrong_numbers(result) == []
    assert result.plays >= 5
    assert 8 <= result.duration_s <= 30
    assert result.ends_with_wait


def _find_wrong_numbers(result: Rehearsal) -> list[str]:
    texts = {thing.text for thing in result.things if thing.text}
    return [wrong for text in sorted(texts) for wrong in find_wrong_equalities(text)]


def _find_texts_in_one_place(result: Rehearsal) -> set[tuple[str | None, str | None]]:
    """Texts that lie over each other while one goes and the other comes."""
    found = set()
    for moment in result.moments:
        things = [result.things[place] for place in moment.things]
        fading = [t for t in things if t.text and _SEEN < t.fill_opacity < _WHOLE]
        found |= {(a.text, b.text) for a, b in combinations(fading, 2) if texts_overlap(a, b)}
    return found


# --- the file ---------------------------------------------------------------------------


@pytest.mark.parametrize("path", SCENES, ids=lambda p: p.stem)
def test_library_scene_docstring_has_every_section(path: Path) -> None:
    sections = _split_docstring(path)
    assert list(sections)[:4] == ["", "Parameters", "Example prompts", "Keywords"]
    assert set(list(sections)[4:]) <= {"Shows", "Cues", "Subjects", "Not"}
    assert len(sections.get("Subjects", "a, b, c").split(",")) >= 3
    assert "Not" not in sections or ": " in sections["Not"]
    assert sections[""].splitlines()[0].endswith(".")
    assert 4 <= len(re.findall(r"^- \S", sections["Example prompts"], re.MULTILINE)) <= 6
    assert len(sections["Keywords"].split(",")) >= 8


@pytest.mark.parametrize("path", SCENES, ids=lambda p: p.stem)
def test_library_scene_parameters_are_typed_and_defined(path: Path) -> None:
    declared = re.findall(r"^(\w+) : (.+)$", _split_docstring(path)["Parameters"], re.MULTILINE)
    module, _ = load_scene(path)
    for name, type_ in declared:
        assert PARAMETER_TYPE.fullmatch(type_), f"{name} : {type_}"
        assert callable(getattr(module, name)) == (type_ == "expression in x")


@pytest.mark.parametrize("path", SCENES, ids=lambda p: p.stem)
def test_library_scene_top_level_is_inert(path: Path) -> None:
    for node in ast.parse(path.read_text("utf-8")).body[1:]:
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else [node.module]
            assert set(names) <= {"manim", "numpy", "math", SHARED_MODULE}
        elif not isinstance(node, ast.Assign):
            assert isinstance(node, ast.FunctionDef | ast.ClassDef), ast.unparse(node)
    assert not re.search(r"\b(MathTex|Tex|SingleStringMathTex)\b", path.read_text("utf-8"))


# --- the picture ------------------------------------------------------------------------


def _rehearse(folder: Path, path: Path, kind: str, choice: int) -> tuple[Rehearsal, list[Any]]:
    """Rehearse a scene where no program can be found; keep two frames of one as it stands.

    Runs in the probe. CHOICE is a row of EXTREMES where KIND is 'extreme'.
    """
    frames: list[Any] = []

    def keep(scene: Any, number: int) -> None:
        if kind == "as it stands" and number in {4, 8}:
            frames.append(draw_frame(scene)[:, :, :3].max(axis=2))

    looks = kind == "as it stands"
    _, scene_class = load_scene(path, None if looks else EXTREMES[choice][1])
    source = path.read_text("utf-8")
    result = _rehearse_at(folder, scene_class, source, on_play=keep, looks_at_fades=looks)
    return result, frames


def _rehearse_at(folder: Path, scene_class: Any, source: str, **options: Any) -> Rehearsal:
    """Rehearse a class with a folder in which it finds no program."""
    from manim import tempconfig

    os.environ["PATH"] = str(folder)
    with tempconfig({"media_dir": str(folder / "media"), **QUALITY}):
        return rehearse(scene_class, source=source, **options)


@pytest.fixture(scope="module")
def as_it_stands(
    probe: Executor, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[Path], tuple[Rehearsal, list[Any]]]:
    """Rehearse a scene as it stands, once for all tests."""

    @cache
    def run(path: Path) -> tuple[Rehearsal, list[Any]]:
        folder = tmp_path_factory.mktemp(path.stem)
        return probe.submit(_rehearse, folder, path, "as it stands", 0).result()

    return run


@pytest.mark.render
@pytest.mark.parametrize("path", SCENES, ids=lambda p: p.stem)
def test_library_scene_as_it_stands_renders_with_a_good_layout(
    path: Path, as_it_stands: Callable[[Path], tuple[Rehearsal, list[Any]]]
) -> None:
    result, frames = as_it_stands(path)
    _assert_good_layout(result)
    assert len(frames) == 2
    assert all((frame > 60).sum() > 200 for frame in frames)
    assert any((frames[-1] != frame).any() for frame in frames[:-1])


@pytest.mark.render
@pytest.mark.parametrize("path", SCENES, ids=lambda p: p.stem)
def test_library_scene_words_go_before_others_come_in_their_place(
    path: Path, as_it_stands: Callable[[Path], tuple[Rehearsal, list[Any]]]
) -> None:
    if path.stem not in MERGING:
        assert _find_texts_in_one_place(as_it_stands(path)[0]) == set()


@pytest.mark.render
@pytest.mark.parametrize("row", range(len(EXTREMES)), ids=lambda n: f"{EXTREMES[n][0]}-{n}")
def test_library_scene_with_extreme_parameters_has_a_good_layout(
    row: int, tmp_path: Path, probe: Executor
) -> None:
    path = next(p for p in SCENES if p.stem == EXTREMES[row][0])
    _assert_good_layout(probe.submit(_rehearse, tmp_path, path, "extreme", row).result()[0])


# Each parameter alone at each end: a sample. ``python -m benchmarks.knobs moves`` tries every one.
MOVES = [
    (scene.name, row.name, end)
    for scene in load_scenes()
    for row in read_parameters(fill(scene))
    for end in (0, 1)
]


@pytest.mark.render
@pytest.mark.parametrize("end", [0, 1], ids=["lower", "upper"])
@pytest.mark.parametrize("path", SCENES, ids=lambda p: p.stem)
def test_library_scene_with_all_parameters_at_one_end_has_a_good_layout(
    path: Path, end: int, tmp_path: Path, probe: Executor
) -> None:
    _assert_good_layout(probe.submit(_move, tmp_path, path.stem, None, end).result())


@pytest.mark.render
@pytest.mark.parametrize(("name", "parameter", "end"), MOVES[5::11])
def test_library_scene_with_one_parameter_at_an_end_has_a_good_layout(
    name: str, parameter: str, end: int, tmp_path: Path, probe: Executor
) -> None:
    _assert_good_layout(probe.submit(_move, tmp_path, name, parameter, end).result())


def _move(folder: Path, name: str, parameter: str | None, end: int) -> Rehearsal:
    """Rehearse a scene with one of its knobs, or all of them, at an end. Runs in the probe."""
    (scene,) = (scene for scene in load_scenes() if scene.name == name)
    code = fill(scene)
    rows = [row for row in read_parameters(code) if parameter in {row.name, None}]
    code = set_parameters(code, {row.name: find_ends(row)[end] for row in rows})
    return _rehearse_at(folder, load_source(code.source, code.scene_name), code.source)
