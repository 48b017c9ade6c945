"""Large numbers are refused where they say how many of something are made, and nowhere else."""

from __future__ import annotations

import pytest

from shaperotator_magic.checking.gate.safety import check_safety

HEAD = "from manim import *\n\nclass S(Scene):\n    def construct(self):\n"


def check(body: str) -> list[str]:
    lines = "\n".join(f"        {line}" for line in body.splitlines())
    return [finding.rule for finding in check_safety(f"{HEAD}{lines}\n")]


@pytest.mark.parametrize(
    "body",
    [
        "mass = 10_000_000_000",
        "ratios = [(1, 10_000_000_000, 'a')]",
        "speed = 299_792_458 * 3_600_000_000",
        "avogadro = 6.02214076e23\nn = avogadro / 1e23",
        "x = 10_000_000_000\ny = x * 2",
    ],
)
def test_large_number_in_arithmetic_passes(body: str) -> None:
    assert check(body) == []


@pytest.mark.parametrize(
    "body",
    [
        "for i in range(10_000_000_000): pass",
        "x = np.zeros((3, 10_000_000_000))",
        "x = [0] * 10_000_000_000",
        "x = 'a' * 10_000_000_000",
        "n = 10_000_000_000\nx = np.linspace(0, 1, n)",
        "x = np.random.normal(0, 1, size=10_000_000_000)",
        "x = 1 << 10_000_000_000",
    ],
)
def test_large_count_is_refused(body: str) -> None:
    assert "size" in check(body)
