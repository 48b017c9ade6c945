"""Quicksort: split around a pivot, again and again.

One number of the list is the pivot. The smaller ones go to its left, the others to its right, so
the pivot stands in its final place. Both parts are sorted in the same way. On average about
1.39 n log₂ n comparisons are needed, at worst n(n − 1)/2: where every pivot is the least or the
greatest of its part. Source: Sedgewick and Wayne, Algorithms, section 2.3.

Parameters
----------
NUMBERS : list of 3 to 9 numbers in [-99, 999]
    The list that is sorted.
PIVOT : one of: last, first, middle
    Which number of each part is its pivot.

Example prompts
---------------
- How does quicksort work?
- quicksort on 5, 3, 8, 1, 9, 2
- Show quick sort with the first element as pivot
- Partitioning around a pivot: sort [7, 2, 9, 4, 3] by quicksort

Keywords
--------
quicksort, quick sort, pivot, partition, partitioning, divide and conquer, sorting algorithm,
recursion, recursive sort, Hoare, Lomuto, smaller left, larger right, worst case of quicksort,
n log n, fast sorting, pivot element, subarray

Subjects
--------
quicksort, quick sort, partitioning around a pivot, choosing a pivot, partition step,
worst case of quicksort

Not
---
heap sort, heapsort, radix sort, shell sort, counting sort, quickselect, tim sort, timsort,
    topological: another algorithm
merge sort: splits in the middle and merges
quickselect: only one part is followed
heap sort: a heap is built
"""

from manim import (
    BLUE,
    DOWN,
    GREEN,
    YELLOW,
    FadeIn,
    LaggedStart,
    VGroup,
)

from shaperotator_magic.writing.scenes._stage import (
    CaptionedScene,
    cell,
    number,
)

NUMBERS = [5, 3, 8, 1, 9, 2, 6]
PIVOT = "last"

TOP = 2.3


def split(part):
    """Return the smaller numbers of a part, its pivot, and the others."""
    place = {"last": len(part) - 1, "first": 0, "middle": (len(part) - 1) // 2}[PIVOT]
    rest = [item for i, item in enumerate(part) if i != place]
    pivot = part[place]
    smaller = [item for item in rest if item[0] < pivot[0]]
    return smaller, pivot, [item for item in rest if item[0] >= pivot[0]]


def plan_levels(items):
    """For every level the parts, each with the place of its first number."""
    levels, parts = [], [(0, items)]
    for _ in items:
        levels.append(parts)
        below = []
        for start, part in parts:
            smaller, _, larger = split(part)
            below += [(start, smaller), (start + len(smaller) + 1, larger)]
        parts = [(start, part) for start, part in below if part]
        if not parts:
            break
    return levels


class Quicksort(CaptionedScene):
    def construct(self):
        self.begin(f"Quicksort: the {PIVOT} number of each part is its pivot")
        items = [(value, index) for index, value in enumerate(NUMBERS)]
        self.levels = plan_levels(items)
        self.gap = min(0.85, 4.7 / (len(self.levels) + 1))
        self.size = (min(1.2, 11 / len(NUMBERS)), min(0.62, 0.8 * self.gap))
        self.compared = 0
        row = self.build_row(0, [(0, items)])
        self.play(LaggedStart(*map(FadeIn, row), lag_ratio=0.15), run_time=1)
        for depth in range(len(self.levels)):
            self.partition(depth, row)
            row = self.drop_parts(depth)
        self.collect(items)

    def build_row(self, row, parts, color=BLUE):
        cells = VGroup()
        for start, part in parts:
            for place, (value, _) in enumerate(part, start):
                x = 1.12 * self.size[0] * (place - (len(NUMBERS) - 1) / 2)
                cells.add(cell(number(value), (x, TOP - self.gap * row), self.size, color))
        return cells

    def partition(self, depth, row):
        """Mark the pivots of a row; what stands alone is in its place already."""
        parts = self.levels[depth]
        items = [item for _, part in parts for item in part]
        chosen = {split(part)[1][1] for _, part in parts}
        pivots = [c for c, item in zip(row, items, strict=True) if item[1] in chosen]
        if depth == 0:
            self.say(f"Take the {PIVOT} number as pivot", 0)
        self.play(*(c.animate.set_color(YELLOW) for c in pivots), run_time=0.6)
        self.compared += sum(len(part) - 1 for _, part in parts)

    def drop_parts(self, depth):
        """Write what the pivots of a row leave, below it: the smaller left, the others right."""
        below = self.levels[depth + 1] if depth + 1 < len(self.levels) else []
        if depth == 0:
            self.say("Smaller numbers go to its left, the others to its right", 0)
        elif depth == 1:
            self.say("Every pivot is in its final place; do the same with each part", 0)
        row = self.build_row(depth + 1, below)
        if row:
            pace = 1.4 if depth < 2 else 0.8
            drops = (FadeIn(c, shift=0.2 * DOWN) for c in row)
            self.play(LaggedStart(*drops, lag_ratio=0.4), run_time=pace)
        return row

    def collect(self, items):
        self.say("Nothing is left to split: every pivot, read from left to right", 0)
        row = self.build_row(len(self.levels), [(0, sorted(items))], GREEN)
        drops = (FadeIn(c, shift=0.2 * DOWN) for c in row)
        self.play(LaggedStart(*drops, lag_ratio=0.3), run_time=1.4)
        self.wait(0.6)
        most = len(items) * (len(items) - 1) // 2
        self.say(
            f"Sorted with {self.compared} comparisons; the worst pivots would need {most}", 2.4
        )
