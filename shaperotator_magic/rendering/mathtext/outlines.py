"""Typst's SVG -> outlines: curves as numbers, by the color that names them.

Typst writes glyphs as ``<use>`` of a symbol with relative path commands, rules as stroked paths.

Runs in a scene's process, the confined fork that draws it.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

Points = npt.NDArray[np.float64]

_DRAWN = re.compile(
    r"<g(?P<group>[^>/]*)>|(?P<end></g>)"
    r'|<use xlink:href="#(?P<symbol>\w+)" x="(?P<x>[^"]*)" y="(?P<y>[^"]*)" fill="(?P<fill>[^"]*)"'
    r'|<path (?P<path>[^>]*?)d="(?P<d>[^"]*)"[^>]*>'
)
_SYMBOL = re.compile(r'<symbol id="(\w+)"[^>]*><path d="([^"]*)"')
_TRANSFORM = re.compile(r"(matrix|translate|scale|rotate)\(([^)]*)\)")
_COMMAND = re.compile(r"([MmLlHhVvCcQqZz])([^MmLlHhVvCcQqZz]*)")
_ATTRIBUTE = re.compile(r'([\w-]+)="([^"]*)"')
_CLOSED = 1e-4  # nearer than this, as in manim, a contour needs no closing line
_IDENTITY = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
Matrix = tuple[float, float, float, float, float, float]


@dataclass(frozen=True)
class Outline:
    """One drawn shape: cubic curves, four points each, y upwards, in pt; ``starts`` of contours."""

    points: Points
    starts: tuple[int, ...]
    is_rule: bool = False

    def list_contours(self) -> list[Points]:
        """Return the closed contours one by one."""
        bounds = [4 * start for start in self.starts] + [len(self.points)]
        return [self.points[a:b] for a, b in itertools.pairwise(bounds)]


def read_outlines(svg: str) -> dict[int, list[Outline]]:
    """Return the outlines of every color, in the order in which they are drawn."""
    body, _, definitions = svg.partition("<defs>")
    symbols = dict(_SYMBOL.findall(definitions))
    found: dict[int, list[Outline]] = {}
    stack = [_IDENTITY]
    for match in _DRAWN.finditer(body):
        kind = match.lastgroup
        if kind == "group":
            stack.append(_compose(stack[-1], _read_transform(match["group"])))
        elif kind == "end":
            stack.pop()
        elif kind == "fill":
            place = (1.0, 0.0, 0.0, 1.0, float(match["x"]), float(match["y"]))
            points, starts = read_path(symbols[match["symbol"]])
            moved = _apply(_compose(stack[-1], place), points)
            found.setdefault(int(match["fill"][1:7], 16), []).append(Outline(moved, starts))
        else:
            _add_path(found, stack[-1], match["path"], match["d"])
    return found


def _add_path(found: dict[int, list[Outline]], outer: Matrix, head: str, path: str) -> None:
    attributes = dict(_ATTRIBUTE.findall(head))
    stroke, fill = attributes.get("stroke", "none"), attributes.get("fill", "none")
    matrix = _compose(outer, _read_transform(head))
    points, _ = read_path(path)
    if stroke == "none":
        number = int(fill[1:7], 16) if fill.startswith("#") else 0
        found.setdefault(number, []).append(Outline(_apply(matrix, points), (0,), is_rule=True))
        return
    number = int(stroke[1:7], 16)
    half = float(attributes.get("stroke-width", "1")) / 2
    lines = [
        Outline(_apply(matrix, _thicken(curve[0], curve[3], half)), (0,), is_rule=True)
        for curve in points.reshape(-1, 4, 2)
    ]
    found.setdefault(number, []).extend(lines)


def _thicken(start: Points, end: Points, half: float) -> Points:
    """Return a line as a filled rectangle, counted from its upper right corner as manim does."""
    along = end - start
    length = float(np.hypot(*along)) or 1.0
    across = np.array([-along[1], along[0]]) / length * half
    corners = np.array([end - across, start - across, start + across, end + across])
    if corners[0, 1] > corners[2, 1]:
        corners = corners[[3, 2, 1, 0]]
    return join_corners(corners)


def join_corners(corners: Points) -> Points:
    """Return a closed polygon as cubic curves."""
    following = np.roll(corners, -1, axis=0)
    steps = np.array([0.0, 1 / 3, 2 / 3, 1.0])[None, :, None]
    joined: Points = (corners[:, None, :] * (1 - steps) + following[:, None, :] * steps).reshape(
        -1, 2
    )
    return joined


def _read_transform(text: str) -> Matrix:
    matrix = _IDENTITY
    for name, arguments in _TRANSFORM.findall(text):
        step: Matrix
        numbers = [float(number) for number in re.split(r"[ ,]+", arguments.strip())]
        if name == "matrix":
            a, b, c, d, e, f = numbers
            step = (a, b, c, d, e, f)
        elif name == "translate":
            step = (1.0, 0.0, 0.0, 1.0, numbers[0], numbers[1] if len(numbers) > 1 else 0.0)
        elif name == "scale":
            step = (numbers[0], 0.0, 0.0, numbers[-1], 0.0, 0.0)
        else:
            turn = np.radians(numbers[0])
            step = (np.cos(turn), np.sin(turn), -np.sin(turn), np.cos(turn), 0.0, 0.0)
        matrix = _compose(matrix, step)
    return matrix


def _compose(outer: Matrix, inner: Matrix) -> Matrix:
    a, b, c, d, e, f = outer
    p, q, r, s, t, u = inner
    return (a * p + c * q, b * p + d * q, a * r + c * s, b * r + d * s,
            a * t + c * u + e, b * t + d * u + f)  # fmt: skip


def _apply(matrix: Matrix, points: Points) -> Points:
    a, b, c, d, e, f = matrix
    moved = np.empty_like(points)
    moved[:, 0] = points[:, 0] * a + points[:, 1] * c + e
    # The SVG counts downwards.
    moved[:, 1] = -(points[:, 0] * b + points[:, 1] * d + f)
    return moved


@lru_cache(maxsize=4096)
def read_path(path: str) -> tuple[Points, tuple[int, ...]]:
    """Return a path's cubic curves, and the index of the first curve of each contour."""
    pen = _Pen()
    for command, arguments in _COMMAND.findall(path):
        numbers = [float(number) for number in arguments.replace(",", " ").split()]
        pen.draw(command, numbers)
    points = np.array(pen.points, dtype=np.float64).reshape(-1, 2)
    points.flags.writeable = False
    return points, tuple(pen.starts)


class _Pen:
    def __init__(self) -> None:
        self.points: list[complex | tuple[float, float]] = []
        self.starts: list[int] = []
        self._at = self._begin = (0.0, 0.0)
        self._is_new = True

    def draw(self, command: str, numbers: list[float]) -> None:
        x, y = self._at if command.islower() else (0.0, 0.0)
        name = command.lower()
        if name == "m":
            self._at = self._begin = (x + numbers[0], y + numbers[1])
            self._is_new = True
        elif name == "z":
            if abs(self._at[0] - self._begin[0]) + abs(self._at[1] - self._begin[1]) > _CLOSED:
                self._line(self._begin)
            self._at, self._is_new = self._begin, True
        elif name == "h":
            self._line((x + numbers[0], self._at[1]))
        elif name == "v":
            self._line((self._at[0], y + numbers[0]))
        elif name == "l":
            self._line((x + numbers[0], y + numbers[1]))
        elif name == "q":
            control, end = (x + numbers[0], y + numbers[1]), (x + numbers[2], y + numbers[3])
            self._curve(_between(control, self._at), _between(control, end), end)
        else:
            first, second, end = ((x + numbers[i], y + numbers[i + 1]) for i in (0, 2, 4))
            self._curve(first, second, end)

    def _line(self, end: tuple[float, float]) -> None:
        start = self._at
        self._curve(
            ((2 * start[0] + end[0]) / 3, (2 * start[1] + end[1]) / 3),
            ((start[0] + 2 * end[0]) / 3, (start[1] + 2 * end[1]) / 3),
            end,
        )

    def _curve(
        self, first: tuple[float, float], second: tuple[float, float], end: tuple[float, float]
    ) -> None:
        if self._is_new:
            self.starts.append(len(self.points) // 4)
            self._is_new = False
        self.points += [self._at, first, second, end]
        self._at = end


def _between(control: tuple[float, float], end: tuple[float, float]) -> tuple[float, float]:
    return (2 * control[0] + end[0]) / 3, (2 * control[1] + end[1]) / 3
