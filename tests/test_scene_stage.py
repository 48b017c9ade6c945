"""What the built-in scenes share: numbers as they are written, and marks along axes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from shaperotator_magic.writing.library.scene_files import FOLDER
from shaperotator_magic.writing.scenes import _stage as stage
from tests.library_probe import load_scene, rehearse


@pytest.mark.parametrize(
    ("value", "digits", "written"),
    [(0.5, 2, "= 0.5"), (1 / 3, 2, "≈ 0.33"), (-2.0, 3, "= −2"), (1e6 + 0.25, 1, "≈ 1000000.2")],
)
def test_sign_before_a_number_tells_whether_it_is_exact(
    value: float, digits: int, written: str
) -> None:
    assert stage.approx(value, digits) == written


@pytest.mark.parametrize(
    ("low", "high", "count"), [(0, 1, 5), (-3.7, 12.9, 6), (1e-4, 3e-4, 4), (-1e5, 2e5, 3)]
)
def test_marks_along_an_axis_are_round_and_within_its_range(
    low: float, high: float, count: int
) -> None:
    marks = stage.ticks(low, high, count)
    steps = np.diff(marks)
    assert len(marks) in range(2, 2 * count + 1)
    assert low - 1e-9 <= marks[0] and marks[-1] <= high + 1e-9
    assert np.allclose(steps, steps[0]) and f"{steps[0]:.0e}"[0] in "125"


def test_chart_has_its_numbers_outside_of_the_drawing() -> None:
    axes = stage.chart_in((-2, 3), (0, 10), (6, 4), names=("x", "y"))
    texts = [m for m in axes.submobjects if type(m).__name__ == "Text"]
    left, low = axes.c2p(-2, 0)[:2]
    assert len(texts) >= 8
    assert all(
        t.get_top()[1] < low or t.get_right()[0] < left or t.get_left()[0] > axes.c2p(3, 0)[0]
        for t in texts
        if t.text != "y"
    )


def test_attention_weights_as_shown_add_up_to_one() -> None:
    module, _ = load_scene(FOLDER / "attention.py")
    for seed in range(40):
        weights = np.random.default_rng(seed).dirichlet(np.ones(5))
        assert abs(module.in_hundredths(weights).sum() - 1) < 1e-9


@pytest.mark.render
def test_pascal_triangle_has_as_many_rows_as_asked_for(tmp_path: Path) -> None:
    scene = _rehearse("pascal_triangle", {"ROWS": 6}, tmp_path)
    assert [len(row) for row in scene.rows] == [1, 2, 3, 4, 5, 6]


@pytest.mark.render
def test_newton_method_points_out_the_other_zero_of_a_parabola(tmp_path: Path) -> None:
    scene = _rehearse("newton_method", {"START": 3}, tmp_path)
    assert scene.others == [pytest.approx(-np.sqrt(2), abs=0.01)]


def _rehearse(name: str, parameters: dict[str, Any], tmp_path: Path) -> Any:
    from manim import tempconfig

    seen: list[Any] = []
    with tempconfig({"media_dir": str(tmp_path), "frame_rate": 4}):
        _, scene_class = load_scene(FOLDER / f"{name}.py", parameters)
        rehearse(scene_class, on_play=lambda scene, _: seen.append(scene))
    return seen[-1]


@pytest.mark.parametrize(
    ("factors", "digits", "expected"),
    [
        ((2, 3.5), 2, (2, "= 7")),
        ((20, 1 / 64), 3, (4, "≈ 0.312")),
        ((20, *[1 / 6] * 3, *[5 / 6] * 3), 3, (3, "≈ 0.054")),
        ((2**0.5, 2**0.5), 2, (3, "≈ 2")),
        ((0, 1 / 3), 2, (2, "≈ 0")),
    ],
)
def test_product_is_true_as_it_is_written(
    factors: tuple[float, ...], digits: int, expected: tuple[int, str]
) -> None:
    more, result = stage.product(factors, digits)
    assert (more, result) == expected
    written = np.prod([float(stage.number(factor, more)) for factor in factors])
    assert stage.number(written, digits) == result[2:]
