"""Arrows cut into the pieces of which LaTeX builds them: bars, heads, hooks, dashes.

Runs in a scene's process, the confined fork that draws it.
"""

from __future__ import annotations

import itertools
import math

import numpy as np

from shaperotator_magic.rendering.mathtext.contours import (
    cut,
    find_box,
    find_columns,
    list_contours,
    make_box,
)
from shaperotator_magic.rendering.mathtext.outlines import Outline, Points

_HEAD_PT = 6.67  # of an arrow between two heads
_RELBAR_PT, _ARROW_PT, _LEADER_PT, _BEARINGS_PT = 6.1, 10.0, 5.556, 1.6
_HALF_BAR_PT = 0.2
# From a rule over a body to an arrow that touches the body; and what an arrow lacks at its ends.
_RULE_GAP_PT, _BEARING_PT = 1.6, 0.55
_HOOK_PT = 2.8
# Of LaTeX's hook: width and height, and how far its outer edge and the shaft's are from our tail.
_HOOK_SIZE_PT, _HOOK_OUT_PT, _SHAFT_IN_PT = (1.66, 2.33), 1.13, 0.02


def split_long_arrow(outlines: list[Outline], _: str) -> list[Points]:
    """Put an arrow where a rule is, which says how long it must be."""
    left, right = find_columns([outline for outline in outlines if outline.is_rule])
    heads = [outline.points for outline in outlines if not outline.is_rule]
    return _join_heads([(head, 0.0) for head in heads], left + _BEARING_PT, right - _BEARING_PT)


def split_over_arrow(outlines: list[Outline], _: str) -> list[Points]:
    """Put an arrow where a rule over or under a body is, which says how long it must be."""
    rules = [outline for outline in outlines if outline.is_rule]
    glyphs = [outline.points for outline in outlines if not outline.is_rule]
    left, low, right, high = find_box(rules)
    left, right = left + _BEARING_PT, right - _BEARING_PT
    heads = []
    for head in glyphs:
        over, under = low - _RULE_GAP_PT - head[:, 1].min(), high + _RULE_GAP_PT - head[:, 1].max()
        heads.append((head, float(over if low > float(head[:, 1].mean()) else under)))
    return _join_heads(heads, left, right)


def _join_heads(heads: list[tuple[Points, float]], left: float, right: float) -> list[Points]:
    """Return an arrow with one head or two, each of which is moved up by so much."""
    moved = []
    for head, up in heads:
        across = right - head[:, 0].max() if _points_right(head) else left - head[:, 0].min()
        moved.append(head + np.array([across, up]))
    if len(moved) == 1:
        return _build_arrow(moved[0], left, right)
    return [moved[0], *_build_leaders(moved[0], left, right), moved[1]]


def _build_leaders(head: Points, left: float, right: float) -> list[Points]:
    r"""Return the bars between two heads, as ``\leftrightarrowfill`` makes them."""
    center = float(head[:, 1].min() + head[:, 1].max()) / 2
    begin, end = left + _HEAD_PT, right - _HEAD_PT
    count = max(0, math.floor((end - begin + _BEARINGS_PT) / _LEADER_PT))
    edges = np.linspace(begin, end, count + 1)
    return [
        make_box(first, center - _HALF_BAR_PT, last, center + _HALF_BAR_PT)
        for first, last in itertools.pairwise(edges)
    ][:count]


def _build_arrow(head: Points, left: float, right: float) -> list[Points]:
    center = float(head[:, 1].min() + head[:, 1].max()) / 2
    count = 1 + max(0, math.floor((right - left + _BEARINGS_PT - _ARROW_PT) / _LEADER_PT))
    is_right = _points_right(head)
    begin, end = left, max(left + _RELBAR_PT, float(head[:, 0].min()) + 1)
    if not is_right:
        begin, end = min(right - _RELBAR_PT, float(head[:, 0].max()) - 1), right
    edges = np.linspace(begin, end, count + 1)
    bars = [
        make_box(first, center - _HALF_BAR_PT, last, center + _HALF_BAR_PT)
        for first, last in itertools.pairwise(edges)
    ]
    return [*bars, head] if is_right else [head, *bars]


def _points_right(points: Points) -> bool:
    """Return whether an arrow's barbs, its highest points, lie in its right half."""
    highest = points[np.argmax(points[:, 1]), 0]
    return bool(highest > (points[:, 0].min() + points[:, 0].max()) / 2)


def split_hook(outlines: list[Outline], side: str) -> list[Points]:
    """Cut the hook off the tail of an arrow; what is on the left is drawn first."""
    left, right = find_columns(outlines)
    is_left = side == "left"
    tail, outwards = (left, -1) if is_left else (right, 1)
    at = tail - outwards * _HOOK_PT
    halves = [cut(points, at, axis=0) for points in list_contours(outlines)]
    pair = [np.concatenate([half[place] for half in halves]) for place in range(2)]
    hook, arrow = pair if is_left else pair[::-1]
    hook, arrow = _shape_hook(hook, tail, outwards), arrow.copy()
    # The shaft goes on to where the tail was.
    arrow[np.abs(arrow[:, 0] - at) < _HALF_BAR_PT / 2, 0] = tail + outwards * _SHAFT_IN_PT
    return [hook, arrow] if is_left else [arrow, hook]


def _shape_hook(hook: Points, tail: float, outwards: int) -> Points:
    """Return a hook of the size of LaTeX's, beyond the tail of an arrow."""
    low = hook.min(axis=0)
    width, height = _HOOK_SIZE_PT
    left = tail + _HOOK_OUT_PT - width if outwards > 0 else tail - _HOOK_OUT_PT
    shaped: Points = (hook - low) * (width, height) / np.ptp(hook, axis=0) + (left, low[1])
    return shaped


def split_dashes(outlines: list[Outline], _: str) -> list[Points]:
    """Cut a dashed arrow into its dashes, from the left."""
    wide = [points for points in list_contours(outlines) if float(np.ptp(points[:, 0])) > 0]
    return sorted(wide, key=lambda points: float(points[:, 0].min()))
