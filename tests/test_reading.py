"""Values of a sentence: every notation is read, and nothing is read that is none."""

from __future__ import annotations

from typing import Any

import pytest

from shaperotator_magic.writing.reading import Formula, read_values


def read(text: str) -> list[tuple[str, Any]]:
    """Return kind and value of all that is no mere word; of formulas their code."""
    return [
        (v.kind, v.value.code if isinstance(v.value, Formula) else v.value)
        for v in read_values(text)
        if not v.is_weak
    ]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("legs 5 and 12", [("integer", 5), ("integer", 12)]),
        ("sort 9 4 7 1 3", [("list", [9, 4, 7, 1, 3])]),
        ("insert 8, 3, 10, and 14", [("list", [8, 3, 10, 14])]),
        ("shape 2x3x2", [("shape", [2, 3, 2])]),
        ("multiply 2+i by 1-3i", [("complex", [2, 1]), ("complex", [1, -3])]),
        ("when i multiply by i", [("complex", [0, 1])]),
        ("complex z = -i and w = 2i", [("complex", [0, -1]), ("complex", [0, 2])]),
        ("(1+i)*2i", [("complex", [1, 1]), ("complex", [0, 2])]),
        ("-i * (2 + i)", [("complex", [0, -1]), ("complex", [2, 1])]),
        ("(1+2i)(i)", [("complex", [1, 2]), ("complex", [0, 1])]),
        ("Bin(20, 1/4)", [("integer", 20), ("number", 0.25)]),
        ("N(10, 3²)", [("integer", 10), ("integer", 3)]),
        ("Po(2.5)", [("number", 2.5)]),
        ("corners A(1, 2) and N(3, 4)", [("point", [1, 2]), ("point", [3, 4])]),
        ("three quarters of pi", [("number", 2.356195)]),
        ("half of 90 degrees", [("number", 45)]),
        ("a quarter of 80 %", [("integer", 80)]),
        ("3i + j and <1,0,2>", [("vector", [3, 1]), ("vector", [1, 0, 2])]),
        ("the rows 1 2 and 3 4", [("matrix", [[1, 2], [3, 4]])]),
        ("the columns (1,2) and (3,4)", [("matrix", [[1, 3], [2, 4]])]),
        ("1 2; 3 4", [("matrix", [[1, 2], [3, 4]])]),
        (r"\begin{pmatrix}1 & 2\\3 & 4\end{pmatrix}", [("matrix", [[1, 2], [3, 4]])]),
        (r"\begin{pmatrix}1\\2\end{pmatrix}", [("vector", [1, 2])]),
        ("((1, 2), (3, 1/2))", [("matrix", [[1, 2], [3, 0.5]])]),
        ("diag(2, 3)", [("matrix", [[2, 0], [0, 3]])]),
        ("between 0 and pi", [("range", [0, 3.141593])]),
        ("0 <= x <= 2", [("range", [0, 2])]),
        (r"\int_0^2 x^2 dx", [("range", [0, 2]), ("expression", "x**2")]),
        ("from (0,0) to (1,1)", [("point", [0, 0]), ("point", [1, 1])]),
        ("with twelve rectangles, a dozen dice", [("integer", 12), ("integer", 12)]),
        ("1,000 flips", [("integer", 1000)]),
        ("x² + 10 y^2", [("expression", "x**2 + 10 * y**2")]),
        ("e^(-x^2/2) at √2", [("expression", "np.exp(-x**2 / 2)"), ("number", 1.414214)]),
        ("x squared at pi/3", [("expression", "x**2"), ("number", 1.047198)]),
        ("x^3 = 2", [("expression", "x**3 - 2")]),
        ("z = x^2 - y^2", [("expression", "x**2 - y**2")]),
        ("cs101, 3D, L1 and x-axis, a 2nd t-test", []),
        ("the 24-cell beside a 4-cube and a 3-sphere", []),
    ],
)
def test_read_values_finds_every_notation(text: str, wanted: list[tuple[str, Any]]) -> None:
    assert read(text)[: len(wanted) or None] == wanted


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("30 m/s", 30, "m/s"),
        ("9.81 m/s^2", 9.81, "m/s²"),
        ("45°", 45, "degree"),
        ("1/2 pi radians", 1.570796, "rad"),
        ("95 percent", 95, "%"),
        ("1 in 50", 0.02, "share"),
        ("2.5 kHz", 2.5, "kHz"),
        ("3 kg", 3, "kg"),
        ("2 AU", 2, "AU"),
    ],
)
def test_read_values_names_the_unit(text: str, value: float, unit: str) -> None:
    (found,) = read_values(text)
    assert (found.value, found.unit, found.text) == (value, unit, text)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("third harmonic", [3]),
        ("of 4th degree", [4]),
        ("a 2nd-order polynomial", [2]),
        ("the third law", []),
        ("second derivative", []),
    ],
)
def test_ordinal_is_a_number_where_it_counts_what_has_one(text: str, wanted: list[int]) -> None:
    assert [value.value for value in read_values(text)] == wanted


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("120 and 90 degrees", ["degree", "degree"]),
        ("3, 4 Hz", ["Hz", "Hz"]),
        ("5 rods and 90 degrees", ["", "degree"]),
        ("n = 3 and p = 20 %", ["", "%"]),
    ],
)
def test_numbers_that_are_joined_share_a_unit(text: str, units: list[str]) -> None:
    assert [value.unit for value in read_values(text)] == units


@pytest.mark.parametrize(("text", "is_weak"), [("a 3x3 matrix", False), ("a 3x3 chessboard", True)])
def test_size_counts_where_it_is_that_of_a_matrix(text: str, is_weak: bool) -> None:
    assert [(v.value, v.is_weak) for v in read_values(text)] == [([3, 3], is_weak)]


def test_read_values_gives_places_and_labels_of_the_sentence() -> None:
    text = "the normal curve with σ = 3"
    (found,) = read_values(text)
    assert text[found.start : found.end] == "3" and found.label == "σ"


def test_read_values_gives_the_coordinates_of_a_curve() -> None:
    (found, _) = read_values("(cos t, sin 2t) for t from 0 to 2pi")
    assert [formula.code for formula in found.value] == ["np.cos(t)", "np.sin(2 * t)"]


def test_read_values_computes_no_tower_of_powers() -> None:
    assert not any(kind == "expression" for kind, _ in read("x + 9**9**9**9"))
