"""Outlines cut into the pieces of which LaTeX's fonts build tall brackets, braces and arrows.

A scene that says ``tex[0][3]`` counts those pieces. They are as many as cmex10's, and lie where our
font's outline lies; what moves apart is only seen when a piece is moved alone.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable

import numpy as np

from shaperotator_magic.rendering.mathtext.outlines import Outline, Points, join_corners

# Heights of cmex10, in pt: what a bracket is when it is built of two ends alone, and its steps.
_ENDS_PT, _STEP_PT = 36.0, 6.0
_ROOT_ENDS_PT, _LARGEST_ROOT_PT, _ROOT_FOOT_PT = 24.0, 30.0, 18.0
_LARGEST_SINGLE_BAR_PT = 10.5
_BRACE_END_PT = 4.82
_RELBAR_PT, _ARROW_PT, _LEADER_PT, _BEARINGS_PT = 6.1, 10.0, 5.556, 1.6
_SHORTFALL_PT = 1.0
_HALF_BAR_PT = 0.2
_FRAME_GAP_PT, _RULE_OFF_PT = 3.0, 1.9
# From a rule over a body to an arrow that touches the body; and what an arrow lacks at its ends.
_RULE_GAP_PT, _BEARING_PT = 1.6, 0.55
_SLACK_PT = 0.4
_LEAST_PIECES = 3


def split_into_pieces(shape: str, outlines: list[Outline]) -> list[Points]:
    """Return the pieces of a leaf: of ``shape``, or one an outline where it has none."""
    if not outlines or not shape:
        return [outline.points for outline in outlines]
    name, _, detail = shape.partition(":")
    return _SPLITTERS[name](outlines, detail)


def _find_box(outlines: list[Outline]) -> tuple[float, float, float, float]:
    points = np.concatenate([outline.points for outline in outlines])
    (left, low), (right, high) = points.min(axis=0), points.max(axis=0)
    return float(left), float(low), float(right), float(high)


def _find_rows(outlines: list[Outline]) -> tuple[float, float]:
    _, low, _, high = _find_box(outlines)
    return low, high


def _find_columns(outlines: list[Outline]) -> tuple[float, float]:
    left, _, right, _ = _find_box(outlines)
    return left, right


def _make_box(left: float, low: float, right: float, high: float) -> Points:
    return join_corners(np.array([[right, high], [left, high], [left, low], [right, low]]))


def _stack(left: float, low: float, right: float, high: float, count: int) -> list[Points]:
    """Return boxes one below the other."""
    edges = np.linspace(high, low, count + 1)
    return [_make_box(left, lower, right, upper) for upper, lower in itertools.pairwise(edges)]


def _find_need(height: float) -> float:
    r"""Return how high TeX wants a bracket that Typst made this high (``\delimiterfactor``)."""
    return max(0.901 * (height + _SHORTFALL_PT), height + _SHORTFALL_PT - 5.0)


def _count_steps(height: float, ends: float) -> int:
    return max(0, math.ceil((height - ends - _SLACK_PT) / _STEP_PT))


def _list_contours(outlines: list[Outline]) -> list[Points]:
    return [contour for outline in outlines for contour in outline.list_contours()]


def _split_contours(outlines: list[Outline], counts: str) -> list[Points]:
    """Cut between contours, from above: ``1,2`` puts the two lower ones together."""
    wanted = [int(count) for count in counts.split(",")]
    contours = sorted(_list_contours(outlines), key=lambda points: -float(points[:, 1].max()))
    if len(contours) != sum(wanted):
        return [outline.points for outline in outlines]
    found = []
    for count in wanted:
        found.append(np.concatenate(contours[:count]))
        contours = contours[count:]
    return found


def _split_bar(outlines: list[Outline], _: str) -> list[Points]:
    low, high = _find_rows(outlines)
    if high - low < _LARGEST_SINGLE_BAR_PT:
        return [outline.points for outline in outlines]
    count = math.ceil((_find_need(high - low) - _SLACK_PT) / _STEP_PT)
    columns = {(float(c[:, 0].min()), float(c[:, 0].max())) for c in _list_contours(outlines)}
    stacks = [_stack(begin, low, end, high, count) for begin, end in sorted(columns)]
    return [np.concatenate(pieces) for pieces in zip(*stacks, strict=True)]


def _sort_down(outlines: list[Outline]) -> list[Outline]:
    return sorted(outlines, key=lambda outline: -float(outline.points[:, 1].mean()))


def _split_bracket(outlines: list[Outline], _: str) -> list[Points]:
    if len(outlines) < _LEAST_PIECES:
        return [outline.points for outline in _sort_down(outlines)]
    low, high = _find_rows(outlines)
    top, *middle, bottom = _sort_down(outlines)
    count = _count_steps(_find_need(high - low), _ENDS_PT)
    left, lower, right, upper = _find_box(middle)
    if count == 0:
        joined = np.concatenate([top.points, *(outline.points for outline in middle)])
        return [joined, bottom.points]
    return [top.points, *_stack(left, lower, right, upper, count), bottom.points]


def _split_brace(outlines: list[Outline], _: str) -> list[Points]:
    if len(outlines) < _LEAST_PIECES:
        return [outline.points for outline in _sort_down(outlines)]
    low, high = _find_rows(outlines)
    ordered = _sort_down(outlines)
    half = len(ordered) // 2
    count = _count_steps(_find_need(high - low), _ENDS_PT)
    found: list[Points] = []
    for end, between in ((ordered[0], ordered[1:half]), (ordered[-1], ordered[half + 1 : -1])):
        bars = _stack(*_find_box(between), count) if between and count else []
        rest = [] if count else [outline.points for outline in between]
        pieces = [np.concatenate([end.points, *rest]), *bars]
        found = [*found, *pieces] if end is ordered[0] else [*found, *bars, pieces[0]]
        if end is ordered[0]:
            found.append(ordered[half].points)
    return found


def _split_root(outlines: list[Outline], _: str) -> list[Points]:
    """Cut a tall root sign, and keep the bar over the body behind it."""
    sign = [outline for outline in outlines if not outline.is_rule]
    rules = [outline.points for outline in outlines if outline.is_rule]
    low, high = _find_rows(sign)
    if high - low <= _LARGEST_ROOT_PT + _SLACK_PT or len(sign) > 1:
        return [*(outline.points for outline in _sort_down(sign)), *rules]
    count = _count_steps(high - low, _ROOT_ENDS_PT)
    heights = np.linspace(high, low + _ROOT_FOOT_PT, count + 2)[1:]
    rest, found = sign[0].points, []
    for height in heights:
        lower, upper = _cut(rest, float(height), axis=1)
        found.append(upper)
        rest = lower
    return [*found, rest, *rules]


def _split_wide_brace(outlines: list[Outline], _: str) -> list[Points]:
    """Cut a brace over or under a body into LaTeX's six: end, bar, two halves, bar, end."""
    left, right = _find_columns(outlines)
    middle = (left + right) / 2
    inner = [left + _BRACE_END_PT, middle - _BRACE_END_PT, middle]
    cuts = [*inner, middle + _BRACE_END_PT, right - _BRACE_END_PT]
    found: list[list[Points]] = [[] for _ in range(6)]
    for rest in _list_contours(outlines):
        remaining = rest
        for place, cut in enumerate(cuts):
            before, remaining = _cut(remaining, cut, axis=0)
            if len(before):
                found[place].append(before)
        if len(remaining):
            found[-1].append(remaining)
    return [np.concatenate(pieces) for pieces in found if pieces]


def _split_arrow(outlines: list[Outline], _: str) -> list[Points]:
    r"""Return bars and head, as ``\rightarrowfill`` makes them; the head where it points."""
    head = max(outlines, key=lambda outline: float(np.ptp(outline.points[:, 1])))
    return _build_arrow(head.points, *_find_columns(outlines))


def _split_over_arrow(outlines: list[Outline], _: str) -> list[Points]:
    """Put an arrow where a rule over or under a body is, which says how long it must be."""
    rules = [outline for outline in outlines if outline.is_rule]
    glyphs = [outline.points for outline in outlines if not outline.is_rule]
    left, low, right, high = _find_box(rules)
    left, right = left + _BEARING_PT, right - _BEARING_PT
    head = max(glyphs, key=lambda points: float(np.ptp(points[:, 1])))
    is_over = low > float(head[:, 1].mean())
    move = np.zeros(2)
    move[0] = right - head[:, 0].max() if _points_right(head) else left - head[:, 0].min()
    touching = low - _RULE_GAP_PT, high + _RULE_GAP_PT
    move[1] = touching[0] - head[:, 1].min() if is_over else touching[1] - head[:, 1].max()
    return _build_arrow(head + move, left, right)


def _build_arrow(head: Points, left: float, right: float) -> list[Points]:
    center = float(head[:, 1].min() + head[:, 1].max()) / 2
    count = 1 + max(0, math.floor((right - left + _BEARINGS_PT - _ARROW_PT) / _LEADER_PT))
    is_right = _points_right(head)
    begin, end = left, max(left + _RELBAR_PT, float(head[:, 0].min()) + 1)
    if not is_right:
        begin, end = min(right - _RELBAR_PT, float(head[:, 0].max()) - 1), right
    edges = np.linspace(begin, end, count + 1)
    bars = [
        _make_box(first, center - _HALF_BAR_PT, last, center + _HALF_BAR_PT)
        for first, last in itertools.pairwise(edges)
    ]
    return [*bars, head] if is_right else [head, *bars]


def _points_right(points: Points) -> bool:
    """Tell whether an arrow's barbs, its highest points, lie in its right half."""
    highest = points[np.argmax(points[:, 1]), 0]
    return bool(highest > (points[:, 0].min() + points[:, 0].max()) / 2)


def _split_frame(outlines: list[Outline], _: str) -> list[Points]:
    """Build a frame around the rules over and under a body: top, left, right, bottom."""
    left, low, right, high = _find_box(outlines)
    # From the rules' middle to the body, and from there to the inner edge of the frame.
    left, right = left - _FRAME_GAP_PT, right + _FRAME_GAP_PT
    low, high = low + _RULE_OFF_PT - _FRAME_GAP_PT, high - _RULE_OFF_PT + _FRAME_GAP_PT
    thick = 2 * _HALF_BAR_PT
    return [
        _make_box(left - thick, high, right + thick, high + thick),
        _make_box(left - thick, low, left, high),
        _make_box(right, low, right + thick, high),
        _make_box(left - thick, low - thick, right + thick, low),
    ]


def _split_rules(outlines: list[Outline], detail: str) -> list[Points]:
    """Cut the vertical rules of a table at its rows; the horizontal ones come behind.

    ``detail`` is the number of rows, and whether rules stand at both sides, where lines end.
    """
    rows, is_framed = detail.split(",")
    boxes = [(_find_box([outline]), outline.points) for outline in outlines]
    tall = [box for box, _ in boxes if box[2] - box[0] <= box[3] - box[1]]
    flat = [pair for pair in boxes if pair[0] not in tall]
    found = [piece for box in tall for piece in _stack(*box, int(rows))]
    if is_framed != "1":
        return [*found, *(points for _, points in flat)]
    left, right = min(box[0] for box in tall), max(box[2] for box in tall)
    return [*found, *(_make_box(left, box[1], right, box[3]) for box, _ in flat)]


def _cut(points: Points, at: float, *, axis: int) -> tuple[Points, Points]:
    """Cut a closed contour by a line across; return what lies below it, and above."""
    empty = points[:0]
    if not len(points) or float(points[:, axis].min()) >= at:
        return empty, points
    if float(points[:, axis].max()) <= at:
        return points, empty
    curves = points.reshape(-1, 4, 2)
    crossings = [(place, t) for place, curve in enumerate(curves) for t in _cross(curve, at, axis)]
    if len(crossings) != 2:  # noqa: PLR2004 - in and out
        return (points, empty) if float(points[:, axis].mean()) < at else (empty, points)
    first, second = (_take(curves, *pair) for pair in (crossings, crossings[::-1]))
    is_below = float(first[:, axis].mean()) < at
    return (first, second) if is_below else (second, first)


def _cross(curve: Points, at: float, axis: int) -> list[float]:
    a, b, c, d = (float(value) for value in curve[:, axis])
    roots = np.roots([d - 3 * c + 3 * b - a, 3 * (c - 2 * b + a), 3 * (b - a), a - at])
    real = (float(root.real) for root in roots if abs(root.imag) < 1e-9)  # noqa: PLR2004 - rounding
    return sorted(t for t in real if -1e-9 <= t < 1 - 1e-9)  # noqa: PLR2004 - rounding


def _take(curves: Points, begin: tuple[int, float], end: tuple[int, float]) -> Points:
    """Return the closed contour along the curves from one crossing to the other."""
    count = len(curves)
    start, stop = begin[0], end[0]
    if (stop, end[1]) < (start, begin[1]):
        stop += count
    pieces = [curves[place % count] for place in range(start, stop + 1)]
    if len(pieces) == 1:
        pieces = [_part(pieces[0], begin[1], end[1])]
    else:
        pieces[0], pieces[-1] = _part(pieces[0], begin[1], 1.0), _part(pieces[-1], 0.0, end[1])
    chain = np.concatenate(pieces)
    closing = np.linspace(chain[-1], chain[0], 4)
    return np.concatenate([chain, closing])


def _part(curve: Points, begin: float, end: float) -> Points:
    """Return the part of a cubic curve between two parameters (blossoms)."""

    def blossom(r: float, s: float, t: float) -> Points:
        rows = curve
        for u in (r, s, t):
            rows = rows[:-1] * (1 - u) + rows[1:] * u
        point: Points = rows[0]
        return point

    return np.array([
        blossom(begin, begin, begin), blossom(begin, begin, end),
        blossom(begin, end, end), blossom(end, end, end),
    ])  # fmt: skip


_SPLITTERS: dict[str, Callable[[list[Outline], str], list[Points]]] = {
    "contours": _split_contours,
    "bar": _split_bar,
    "bracket": _split_bracket,
    "brace": _split_brace,
    "root": _split_root,
    "wide brace": _split_wide_brace,
    "arrow": _split_arrow,
    "over arrow": _split_over_arrow,
    "frame": _split_frame,
    "rules": _split_rules,
}
