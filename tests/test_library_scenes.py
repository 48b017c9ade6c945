"""Every scene of the built-in library: what its file promises, and how it looks.

Nothing of LaTeX can be reached here, so a scene that needs it fails. Scenes are rehearsed, and of
each some frames are drawn, small; what they look like is judged on `benchmarks.contact_sheets`.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import shaperotator_magic.writing
from shaperotator_magic.checking.layout import check_layout
from shaperotator_magic.records import Rehearsal
from shaperotator_magic.writing.inlining import SHARED_MODULE
from tests.library_probe import draw_frame, load_scene, rehearse
from tests.random_parameters import draw_parameters

SCENES = sorted(
    path
    for path in (Path(shaperotator_magic.writing.__file__).parent / "scenes").glob("*.py")
    if not path.name.startswith("_")
)
PARAMETER_TYPE = re.compile(
    r"2x2 matrix, entries in \[[^]]+\]"
    r"|vector of \d+ numbers, entries in \[[^]]+\]"
    r"|list of \d+ to \d+ numbers in \[[^]]+\]"
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
    ("weight_decay", {"LAMBDA": 5, "OPTIMUM": [-3, 3]}),
    ("weight_decay", {"LAMBDA": 0.1, "OPTIMUM": [0, -2.5]}),
]


@pytest.fixture(autouse=True)
def without_latex(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No program can be found, and manim writes below tmp_path."""
    from manim import tempconfig

    monkeypatch.setenv("PATH", str(tmp_path))
    with tempconfig({"media_dir": str(tmp_path / "media"), **QUALITY}):
        yield


QUALITY = {"pixel_width": 426, "pixel_height": 240, "frame_rate": 4}


def _split_docstring(path: Path) -> dict[str, str]:
    """The numpy sections of the module docstring, the summary under ``""``."""
    docstring = ast.get_docstring(ast.parse(path.read_text("utf-8"))) or ""
    parts = re.split(r"^(.+)\n-{3,}\n", docstring, flags=re.MULTILINE)
    return {"": parts[0], **dict(zip(parts[1::2], parts[2::2], strict=True))}


def _assert_good_layout(result: Rehearsal) -> None:
    findings = check_layout(result)
    assert not findings, "\n".join(map(str, findings[:10]))
    assert result.plays >= 5
    assert 8 <= result.duration_s <= 30
    assert result.ends_with_wait


# --- the file ---------------------------------------------------------------------------


@pytest.mark.parametrize("path", SCENES, ids=lambda p: p.stem)
def test_library_scene_docstring_has_every_section(path: Path) -> None:
    sections = _split_docstring(path)
    assert list(sections) == ["", "Parameters", "Example prompts", "Keywords"]
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


@pytest.mark.render
@pytest.mark.parametrize("path", SCENES, ids=lambda p: p.stem)
def test_library_scene_as_it_stands_renders_with_a_good_layout(path: Path) -> None:
    frames: list[Any] = []

    def keep(scene: Any, number: int) -> None:
        if number in {4, 8}:
            frames.append(draw_frame(scene)[:, :, :3].max(axis=2))

    _, scene_class = load_scene(path)
    _assert_good_layout(rehearse(scene_class, source=path.read_text("utf-8"), on_play=keep))
    assert len(frames) == 2
    assert all((frame > 60).sum() > 200 for frame in frames)
    assert any((frames[-1] != frame).any() for frame in frames[:-1])


@pytest.mark.render
@pytest.mark.parametrize(("name", "parameters"), EXTREMES)
def test_library_scene_with_extreme_parameters_has_a_good_layout(
    name: str, parameters: dict[str, Any]
) -> None:
    path = next(p for p in SCENES if p.stem == name)
    _, scene_class = load_scene(path, parameters)
    _assert_good_layout(rehearse(scene_class, source=path.read_text("utf-8")))


# The others are tried with their extremes; all with more seeds by benchmarks/contact_sheets.py.
WITHOUT_EXTREMES = [path for path in SCENES if path.stem not in dict(EXTREMES)]


@pytest.mark.render
@pytest.mark.parametrize("path", WITHOUT_EXTREMES, ids=lambda p: p.stem)
def test_library_scene_with_random_parameters_has_a_good_layout(path: Path) -> None:
    _, scene_class = load_scene(path, draw_parameters(path, seed=1))
    _assert_good_layout(rehearse(scene_class, source=path.read_text("utf-8")))
