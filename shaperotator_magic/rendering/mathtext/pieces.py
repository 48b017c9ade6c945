"""Outlines cut into the pieces of which LaTeX's fonts build tall brackets, braces and arrows.

A scene that says ``tex[0][3]`` counts those pieces. They are as many as cmex10's, and lie where our
font's outline lies; what moves apart is only seen when a piece is moved alone.

Runs in a scene's process, the confined fork that draws it.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable

import numpy as np

from shaperotator_magic.rendering.mathtext.arrow_pieces import (
    split_dashes,
    split_hook,
    split_long_arrow,
    split_over_arrow,
)
from shaperotator_magic.rendering.mathtext.contours import (
    cut,
    find_box,
    find_columns,
    find_rows,
    list_contours,
    make_box,
    stack,
)
from shaperotator_magic.rendering.mathtext.outlines import Outline, Points

# Heights of cmex10, in pt: what a bracket is when it is built of two ends alone, and its steps.
_ENDS_PT, _STEP_PT = 36.0, 6.0
_ROOT_ENDS_PT, _LARGEST_ROOT_PT, _ROOT_FOOT_PT = 24.0, 30.0, 18.0
_BRACKETS_PT = (10.0, 12.0, 18.0, 24.0, 30.0)  # those of one glyph
_LARGEST_SINGLE_BAR_PT = 10.5
# Up to here our font has glyphs of some heights only, so a bar may be higher than it must be.
_LARGEST_DRAWN_BAR_PT, _BAR_SLACK_PT = 36.5, 1.1
_BRACE_END_PT = 4.82
_HALF_BAR_PT = 0.2
_FRAME_GAP_PT, _RULE_OFF_PT = 3.0, 1.9
_SLACK_PT = 0.4
_HOOKS_PT = 18.0
_MOUSTACHE_SHARE = 0.9
_LEAST_PIECES = 3
_CEDILLA_SHARE = 0.28  # of the height of a letter with one


def split_into_pieces(shape: str, outlines: list[Outline]) -> list[Points]:
    """Return the pieces of a leaf: of ``shape``, or one an outline where it has none."""
    if not outlines or not shape:
        return [outline.points for outline in outlines]
    name, _, detail = shape.partition(":")
    return _SPLITTERS[name](outlines, detail)


def _count_steps(height: float, ends: float) -> int:
    return max(0, math.ceil((height - ends - _SLACK_PT) / _STEP_PT))


def _split_contours(outlines: list[Outline], counts: str) -> list[Points]:
    """Cut between contours, from above: ``1,2`` puts the two lower ones together."""
    wanted = [int(count) for count in counts.split(",")]
    contours = sorted(list_contours(outlines), key=lambda points: -float(points[:, 1].max()))
    if len(contours) != sum(wanted):
        return [outline.points for outline in outlines]
    found = []
    for count in wanted:
        found.append(np.concatenate(contours[:count]))
        contours = contours[count:]
    return found


def _split_accent(outlines: list[Outline], place: str) -> list[Points]:
    """Cut an accented letter into the mark and the letter, in the order of LaTeX's fonts."""
    contours = list_contours(outlines)
    tallest = max(contours, key=lambda points: float(np.ptp(points[:, 1])))
    low, high = float(tallest[:, 1].min()), float(tallest[:, 1].max())
    middles = [float(points[:, 1].min() + points[:, 1].max()) / 2 for points in contours]
    is_mark = [not low < middle < high for middle in middles]
    marks = list(itertools.compress(contours, is_mark))
    letter = [points for points, is_one in zip(contours, is_mark, strict=True) if not is_one]
    if not marks:  # grown together, as bold letters and their cedillas are
        mark, rest = cut(tallest, low + _CEDILLA_SHARE * (high - low), axis=1)
        marks, letter = [mark], [rest, *(points for points in contours if points is not tallest)]
    found = [np.concatenate(marks), np.concatenate(letter)]
    return found if place == "above" else found[::-1]


def _split_bar(outlines: list[Outline], _: str) -> list[Points]:
    low, high = find_rows(outlines)
    if high - low < _LARGEST_SINGLE_BAR_PT:
        return [outline.points for outline in outlines]
    slack = _BAR_SLACK_PT if high - low < _LARGEST_DRAWN_BAR_PT else _SLACK_PT
    count = math.ceil((high - low - slack) / _STEP_PT)
    grown = (count * _STEP_PT - (high - low)) / 2
    columns = {(float(c[:, 0].min()), float(c[:, 0].max())) for c in list_contours(outlines)}
    stacks = [stack(begin, low - grown, end, high + grown, count) for begin, end in sorted(columns)]
    return [np.concatenate(pieces) for pieces in zip(*stacks, strict=True)]


def _sort_down(outlines: list[Outline]) -> list[Outline]:
    return sorted(outlines, key=lambda outline: -float(outline.points[:, 1].mean()))


def _split_bracket(outlines: list[Outline], _: str) -> list[Points]:
    if len(outlines) < _LEAST_PIECES:
        return _grow(outlines)
    low, high = find_rows(outlines)
    top, *middle, bottom = _sort_down(outlines)
    count = _count_steps(high - low, _ENDS_PT)
    grown = (_ENDS_PT + count * _STEP_PT - (high - low)) / 2
    up = np.array([0.0, grown])
    upper_end, lower_end = top.points + up, bottom.points - up
    left, lower, right, upper = find_box(middle)
    lower, upper = lower - grown, upper + grown
    if count == 0:
        return [np.concatenate([upper_end, make_box(left, lower, right, upper)]), lower_end]
    return [upper_end, *stack(left, lower, right, upper, count), lower_end]


def _grow(outlines: list[Outline]) -> list[Points]:
    """Return a bracket that is one glyph, as high as the next one of LaTeX's font."""
    low, high = find_rows(outlines)
    sizes = (size for size in _BRACKETS_PT if high - low <= size + _SLACK_PT)
    middle, factor = (low + high) / 2, next(sizes, high - low) / (high - low)
    scale, move = np.array([1.0, factor]), np.array([0.0, middle * (1 - factor)])
    return [outline.points * scale + move for outline in _sort_down(outlines)]


def _split_brace(outlines: list[Outline], _: str) -> list[Points]:
    if len(outlines) < _LEAST_PIECES:
        return _grow(outlines)
    low, high = find_rows(outlines)
    ordered = _sort_down(outlines)
    half = len(ordered) // 2
    count = _count_steps(high - low, _ENDS_PT)
    grown = (_ENDS_PT + count * _STEP_PT - (high - low)) / 2
    found: list[Points] = []
    for end, between, by in (
        (ordered[0], ordered[1:half], grown),
        (ordered[-1], ordered[half + 1 : -1], -grown),
    ):
        bars = _stack_between(between, by, max(count, 1))
        rest = [] if count else bars
        pieces = [np.concatenate([end.points + np.array([0.0, by]), *rest])]
        bars = bars if count else []
        found = [*found, *pieces, *bars] if by is grown else [*found, *bars, *pieces]
        if by is grown:
            found.append(ordered[half].points)
    return found


def _stack_between(between: list[Outline], by: float, count: int) -> list[Points]:
    """Return the bars from an end of a brace, which moves away, to its middle."""
    if not between:
        return []
    left, low, right, high = find_box(between)
    return stack(left, low + min(by, 0.0), right, high + max(by, 0.0), count)


def _split_root(outlines: list[Outline], _: str) -> list[Points]:
    """Cut a tall root sign, and keep the bar over the body behind it."""
    sign = [outline for outline in outlines if not outline.is_rule]
    rules = [outline.points for outline in outlines if outline.is_rule]
    low, high = find_rows(sign)
    if high - low <= _LARGEST_ROOT_PT + _SLACK_PT or len(sign) > 1:
        return [*(outline.points for outline in _sort_down(sign)), *rules]
    count = _count_steps(high - low, _ROOT_ENDS_PT)
    heights = np.linspace(high, low + _ROOT_FOOT_PT, count + 2)[1:]
    rest, found = sign[0].points, []
    for height in heights:
        lower, upper = cut(rest, float(height), axis=1)
        found.append(upper)
        rest = lower
    return [*found, rest, *rules]


def _split_wide_brace(outlines: list[Outline], _: str) -> list[Points]:
    """Cut a brace over or under a body into LaTeX's six: end, bar, two halves, bar, end."""
    left, right = find_columns(outlines)
    middle = (left + right) / 2
    inner = [left + _BRACE_END_PT, middle - _BRACE_END_PT, middle]
    cuts = [*inner, middle + _BRACE_END_PT, right - _BRACE_END_PT]
    found: list[list[Points]] = [[] for _ in range(6)]
    for rest in list_contours(outlines):
        remaining = rest
        for place, at in enumerate(cuts):
            before, remaining = cut(remaining, at, axis=0)
            if len(before):
                found[place].append(before)
        if len(remaining):
            found[-1].append(remaining)
    return [np.concatenate(pieces) for pieces in found if pieces]


def _split_hooks(outlines: list[Outline], side: str) -> list[Points]:
    r"""Build ``\lgroup`` of the hooks of a brace, which are on the outer side of a bracket."""
    found = [outline.points for outline in outlines]
    bracket = found[2:] if side == "left" else found[:-2]
    upper, lower = found[:2] if side == "left" else found[-2:]
    upper, lower = _narrow_moustache(upper, lower, side)
    low, high = (
        float(min(p[:, 1].min() for p in bracket)),
        float(max(p[:, 1].max() for p in bracket)),
    )
    count = math.ceil(max(0.0, high - low - _HOOKS_PT - _SLACK_PT) / (_STEP_PT / 2))
    half, middle = (_HOOKS_PT + count * _STEP_PT / 2) / 2, (low + high) / 2
    upper = upper + np.array([0.0, middle + half - float(upper[:, 1].max())])
    lower = lower + np.array([0.0, middle - half - float(lower[:, 1].min())])
    stem = upper[upper[:, 1] < upper[:, 1].min() + _HALF_BAR_PT / 2, 0]
    ends = float(lower[:, 1].max()), float(upper[:, 1].min())
    bars = stack(float(stem.min()), *_order(ends[0], float(stem.max()), ends[1]), max(count, 1))
    if not count:
        return [np.concatenate([upper, *bars]), lower]
    return [upper, *bars, lower]


def _narrow_moustache(upper: Points, lower: Points, side: str) -> tuple[Points, Points]:
    """Return two hooks; those that point to both sides are narrower in LaTeX's font."""
    both = np.concatenate([upper, lower])
    left, right = float(both[:, 0].min()), float(both[:, 0].max())
    if np.ptp(upper[:, 0]) > (right - left) - _SLACK_PT:
        return upper, lower
    edge = left if side == "right" else right
    scale, move = np.array([_MOUSTACHE_SHARE, 1.0]), np.array([edge * (1 - _MOUSTACHE_SHARE), 0.0])
    return upper * scale + move, lower * scale + move


def _order(low: float, right: float, high: float) -> tuple[float, float, float]:
    return min(low, high), right, max(low, high)


def _split_frame(outlines: list[Outline], _: str) -> list[Points]:
    """Build a frame around the rules over and under a body: top, left, right, bottom."""
    left, low, right, high = find_box(outlines)
    # From the rules' middle to the body, and from there to the inner edge of the frame.
    left, right = left - _FRAME_GAP_PT, right + _FRAME_GAP_PT
    low, high = low + _RULE_OFF_PT - _FRAME_GAP_PT, high - _RULE_OFF_PT + _FRAME_GAP_PT
    thick = 2 * _HALF_BAR_PT
    return [
        make_box(left - thick, high, right + thick, high + thick),
        make_box(left - thick, low, left, high),
        make_box(right, low, right + thick, high),
        make_box(left - thick, low - thick, right + thick, low),
    ]


def _split_rules(outlines: list[Outline], detail: str) -> list[Points]:
    """Cut the vertical rules of a table at its rows; the horizontal ones come behind.

    ``detail`` is the number of rows, and whether rules stand at both sides, where lines end.
    """
    rows, is_framed = detail.split(",")
    boxes = [(find_box([outline]), outline.points) for outline in outlines]
    tall = [box for box, _ in boxes if box[2] - box[0] <= box[3] - box[1]]
    flat = [pair for pair in boxes if pair[0] not in tall]
    found = [piece for box in tall for piece in stack(*box, int(rows))]
    if is_framed != "1":
        return [*found, *(points for _, points in flat)]
    left, right = min(box[0] for box in tall), max(box[2] for box in tall)
    return [*found, *(make_box(left, box[1], right, box[3]) for box, _ in flat)]


_SPLITTERS: dict[str, Callable[[list[Outline], str], list[Points]]] = {
    "accent": _split_accent,
    "contours": _split_contours,
    "bar": _split_bar,
    "bracket": _split_bracket,
    "brace": _split_brace,
    "root": _split_root,
    "wide brace": _split_wide_brace,
    "long arrow": split_long_arrow,
    "over arrow": split_over_arrow,
    "frame": _split_frame,
    "hook": split_hook,
    "hooks": _split_hooks,
    "dashes": split_dashes,
    "rules": _split_rules,
}
