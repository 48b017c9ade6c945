"""Points are one where numpy says that they are."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from shaperotator_magic.rendering.drawing.comparing import are_close

ODD = [0.0, -0.0, 1e-9, 1e-6, 1.1e-6, 1.0, 1.00001, 1.0000111, -3.0, 1e300, np.inf, -np.inf, np.nan]


@pytest.mark.parametrize("tolerance", [1e-6, 0.0, 0.5])
def test_are_close_is_what_numpy_says_of_odd_numbers(tolerance: float) -> None:
    for a, b in itertools.product(ODD, repeat=2):
        with np.errstate(invalid="ignore"):
            expected = bool(np.allclose([1.0, a, 2.0], [1.0, b, 2.0], atol=tolerance))
        assert are_close([1.0, a, 2.0], [1.0, b, 2.0], tolerance) is expected, (a, b)


def test_are_close_is_what_numpy_says_of_near_points() -> None:
    generator = np.random.default_rng(1)
    answers = set()
    for _ in range(2000):
        a = generator.normal(size=3) * 10 ** generator.uniform(-3, 3)
        b = a * (1 + generator.normal(size=3) * 1e-5) + generator.normal(size=3) * 1e-6
        expected = bool(np.allclose(a, b, atol=1e-6))
        answers.add(expected)
        assert are_close(a.tolist(), b.tolist(), 1e-6) is expected
    assert answers == {True, False}
