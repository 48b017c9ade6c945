"""Merge sort: split in halves, then merge sorted lists.

The list is halved until every part has one number. Then neighbours are merged: of two sorted lists
the smaller of the two first numbers comes next. There are about log₂ n levels, each with fewer
than n comparisons, so n log₂ n bounds them all. Source: Knuth, volume 3, section 5.2.4.

Parameters
----------
NUMBERS : list of 3 to 8 numbers in [-99, 999]
    The list that is sorted.

Example prompts
---------------
- How does merge sort work?
- mergesort of 38, 27, 43, 3, 9, 82, 10
- Show how two sorted lists are merged
- sort [6, 5, 3, 1, 8, 7, 2, 4] by splitting and merging

Keywords
--------
merge sort, mergesort, merge two sorted lists, merging, split in halves, divide and conquer,
sorting algorithm, recursion, stable sort, n log n, von Neumann, halves, sorted halves, top down

Subjects
--------
merge sort, mergesort, merging two sorted lists, splitting and merging, divide and conquer sort

Not
---
heap sort, heapsort, radix sort, shell sort, tim sort, timsort, topological: another algorithm
git, merge request, mail merge, merge cells, company: no list
quicksort: splits around a pivot
merging in databases: no tables are joined
"""

import numpy as np
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
    approx,
    cell,
    number,
)

NUMBERS = [38, 27, 43, 3, 9, 82, 10]

TOP = 2.45


def halve(part):
    middle = (len(part) + 1) // 2
    return part[:middle], part[middle:]


def merge(first, second):
    """The merged list, and how many comparisons it took."""
    first, second, merged, compared = list(first), list(second), [], 0
    for _ in range(len(first) + len(second)):
        if first and second:
            compared += 1
            source = first if first[0][0] <= second[0][0] else second
        else:
            source = first or second
        merged.append(source.pop(0))
    return merged, compared


class MergeSort(CaptionedScene):
    def construct(self):
        self.begin("Merge sort")
        items = [(value, index) for index, value in enumerate(NUMBERS)]
        self.levels = [[items]]
        for _ in NUMBERS:
            if all(len(part) == 1 for part in self.levels[-1]):
                break
            below = []
            for part in self.levels[-1]:
                below += [half for half in halve(part) if half]
            self.levels.append(below)
        self.depth = len(self.levels) - 1
        self.gap = 4.75 / (2 * self.depth)
        self.size = (min(1.1, 9.4 / len(NUMBERS)), min(0.55, 0.78 * self.gap))
        self.compared = 0
        self.split()
        self.merge_up()
        self.count()

    def build_row(self, row, level, color=BLUE):
        """The numbers of a level; its parts stand a little apart."""
        gap, side = 0.3, self.size[0]
        x = -(len(NUMBERS) * side + gap * (len(level) - 1)) / 2
        cells = VGroup()
        for part in level:
            for value, _ in part:
                at = (x + side / 2, TOP - self.gap * row)
                cells.add(cell(number(value), at, self.size, color))
                x += side
            x += gap
        return cells

    def drop(self, row, run_time):
        drops = (FadeIn(c, shift=0.2 * DOWN) for c in row)
        self.play(LaggedStart(*drops, lag_ratio=0.4), run_time=run_time)

    def split(self):
        self.drop(self.build_row(0, self.levels[0]), 1)
        self.say("Split the list into halves, and the halves again", 0)
        for row, level in enumerate(self.levels[1:], 1):
            self.drop(self.build_row(row, level), 0.9)
        self.say("Lists of one number are sorted already", 0.5)

    def merge_up(self):
        level = [list(part) for part in self.levels[-1]]
        self.say("Merge neighbours: the smaller of the two first numbers comes next", 0)
        for step in range(1, self.depth + 1):
            merged = []
            for part in self.levels[self.depth - step]:
                halves = [level.pop(0) for half in halve(part) if half]
                whole, compared = merge(*halves) if len(halves) == 2 else (halves[0], 0)
                self.compared += compared
                merged.append(whole)
            if step == self.depth:
                self.say("The last merge: two sorted halves become the whole list", 0)
            color = GREEN if step == self.depth else YELLOW
            self.drop(self.build_row(self.depth + step, merged, color), 1.4 + 0.4 * step)
            level = merged

    def count(self):
        count = len(NUMBERS)
        self.say(f"Sorted with {self.compared} comparisons", 0.8)
        bound = f"{count} · log₂ {count} {approx(count * np.log2(count), 1)}"
        self.say(f"Never more than n log₂ n, here {bound}", 2.4)
