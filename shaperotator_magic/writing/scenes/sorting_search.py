"""Binary search in a sorted list, or a sort of the list by comparing and moving.

Binary search looks at the middle of what is left and throws half of it away, so n numbers take at
most ⌊log₂ n⌋ + 1 looks. Bubble sort swaps neighbours that stand the wrong way round, selection
sort brings the smallest of the rest to the front, insertion sort moves each number left into
its place; each takes at most n(n − 1)/2 comparisons. Source: Knuth, volume 3, chapters 5 and 6.

Parameters
----------
ALGORITHM : one of: binary search, bubble sort, selection sort, insertion sort
    What is done with the list.
NUMBERS : list of 3 to 8 numbers in [-99, 999]
    The list. Binary search sorts it first.
TARGET : number in [-99, 999]
    What binary search looks for; without one, the last number but one.

Example prompts
---------------
- Show binary search for 23 in [4, 8, 15, 16, 23, 42]
- How does bubble sort work on the list 5, 2, 9, 1?
- visualise insertion sort step by step
- Why is binary search so fast?
- Animate selection sort with [64, 25, 12, 22, 11]

Keywords
--------
binary search, search, sorted list, bubble sort, insertion sort, selection sort, sorting algorithm,
algorithm, array, list, compare, swap, halving, logarithm, complexity, log n, n squared, target,
swap neighbours, put in order, ascending, find a number, divide and conquer, lookup, bubble,
insertion, selection, sorted array, comparisons

Subjects
--------
binary search, binary search for, bubble sort, insertion sort, selection sort, sorting algorithm,
sorting algorithms, sort a list, sort numbers, sort the numbers, sorting numbers, sorting, sort, put
in order, search in a sorted list, search a sorted array, sorted array, sorted list, find a number
in a sorted list, halving the list, halving, bubble sorting, looking up a word in a dictionary,
divide the list in two, swap neighbours

Not
---
quicksort, quick sort, merge sort, mergesort, heap sort, heapsort, radix sort, bucket sort, counting
    sort, shell sort, tim sort, timsort, comb sort, cocktail: another sort
topological sort: graphs
binary search tree: a tree
linear search: every place
hash table: another lookup
bogo: a joke
exponential search, interpolation search, ternary search: another search
full-text search: documents
sorting network, bitonic: circuits
sorting waste: rubbish
sort my CSV: files
linear search engine: the web
sorting hat: a film
binary star: astronomy
bubble tea: a drink
natural selection, protein sorting: biology
soap bubble: physics
job search: work
sort of: a phrase
external sort: disks
lookup table: spreadsheets
mail sorting: post
feature selection: learning
parallel sort: many processors
pancake: a puzzle
pandas: tables
binary system: numbers
sediment: geology
string search: letters
housing bubble: money
"""

import numpy as np
from manim import (
    BLUE,
    DOWN,
    GREEN,
    UP,
    WHITE,
    YELLOW,
    FadeIn,
    FadeOut,
    LaggedStart,
    Rectangle,
    Scene,
    Text,
    VGroup,
)

from shaperotator_magic.writing.scenes._stage import replace_words

ALGORITHM = "binary search"
NUMBERS = [23, 4, 42, 8, 16, 15, 50]
TARGET = None  # None looks for the last number but one


def label(words, size=28, color=WHITE):
    return Text(words, font="Sans", font_size=size, color=color, warn_missing_font=False)


def show_number(value):
    return f"{round(value, 2):g}".replace("-", "−")


def bubble_sort(numbers):
    """Yield what is done: compare i, j; swap i, j; or done i (this place is final)."""
    for last in range(len(numbers) - 1, 0, -1):
        has_swapped = False
        for i in range(last):
            yield "compare", i, i + 1
            if numbers[i] > numbers[i + 1]:
                numbers[i], numbers[i + 1] = numbers[i + 1], numbers[i]
                has_swapped = True
                yield "swap", i, i + 1
        if not has_swapped:
            return
        yield "done", last, last


def selection_sort(numbers):
    for first in range(len(numbers) - 1):
        least = first
        for i in range(first + 1, len(numbers)):
            yield "compare", least, i
            if numbers[i] < numbers[least]:
                least = i
        if least != first:
            numbers[first], numbers[least] = numbers[least], numbers[first]
            yield "swap", first, least
        yield "done", first, first


def insertion_sort(numbers):
    for start in range(1, len(numbers)):
        i = start
        while i > 0:
            yield "compare", i - 1, i
            if numbers[i - 1] <= numbers[i]:
                break
            numbers[i - 1], numbers[i] = numbers[i], numbers[i - 1]
            yield "swap", i - 1, i
            i -= 1


SORTS = {
    "bubble sort": (bubble_sort, "Neighbours in the wrong order change places"),
    "selection sort": (selection_sort, "Find the smallest of the rest and put it in front"),
    "insertion sort": (insertion_sort, "Move each number left until it is in its place"),
}


class SortingSearch(Scene):
    def construct(self):
        self.caption = VGroup()
        title = label(ALGORITHM.capitalize(), 40).to_edge(UP, buff=0.35)
        self.play(FadeIn(title), run_time=0.6)
        if ALGORITHM == "binary search":
            self.show_list(sorted(NUMBERS), y=0.6)
            self.search()
        else:
            self.show_list(list(NUMBERS), y=-1.9)
            self.sort()
        self.wait(2)

    def say(self, words):
        """Replace the caption at the bottom."""
        new = label(words, 28).to_edge(DOWN, buff=0.35)
        self.play(*replace_words(self.caption, new), run_time=0.5)
        self.caption = new

    def show_list(self, numbers, y):
        side = min(1.3, 11.5 / len(numbers))
        self.cells = []
        low, high = min(numbers), max(numbers)
        for index, number in enumerate(numbers):
            box = Rectangle(width=side, height=1, color=BLUE, stroke_width=3)
            name = label(show_number(number), 32)
            if name.width > 0.88 * side:
                name.set(width=0.88 * side)
            cell = VGroup(box.set_fill(BLUE, opacity=0.2), name)
            cell.move_to([side * 1.06 * (index - (len(numbers) - 1) / 2), y, 0])
            if ALGORITHM != "binary search":
                height = 0.3 + 2.9 * (number - low) / (high - low or 1)
                bar = Rectangle(width=0.7 * side, height=height, stroke_width=0)
                cell.add(bar.set_fill(BLUE, opacity=0.8).next_to(cell, UP, buff=0.15))
            self.cells.append(cell)
        self.places = [cell.get_x() for cell in self.cells]
        self.play(LaggedStart(*(FadeIn(c, shift=0.2 * UP) for c in self.cells), lag_ratio=0.15))

    # --- binary search ------------------------------------------------------------------

    def search(self):
        numbers = sorted(NUMBERS)
        self.target = numbers[-2] if TARGET is None else TARGET
        target = show_number(self.target)
        low, high, looks = 0, len(numbers) - 1, 0
        self.say(f"The list is sorted. Where is {target}?")
        self.range = self.build_range(low, high)
        self.play(FadeIn(self.range), run_time=0.5)
        found = None
        while low <= high and found is None:
            middle, looks = (low + high) // 2, looks + 1
            self.look_at(middle, numbers[middle])
            if numbers[middle] == self.target:
                found = middle
            elif numbers[middle] < self.target:
                low = self.discard(range(low, middle + 1), middle + 1, "right", low, high)
            else:
                high = self.discard(range(middle, high + 1), middle - 1, "left", low, high)
        self.report(found, looks, target)

    def build_range(self, low, high):
        """The bar under what is left, with its two ends named."""
        half = self.cells[0].width / 2
        left, right = self.places[low] - half, self.places[high] + half
        bar = Rectangle(width=right - left, height=0.12, stroke_width=0).set_fill(YELLOW, 1)
        bar.move_to([(left + right) / 2, -0.3, 0])
        names = VGroup(label("low", 26, YELLOW), label("high", 26, YELLOW))
        names[0].move_to([left + half, -0.6, 0], aligned_edge=UP)
        names[1].move_to([right - half, -0.6 if high > low else -1.1, 0], aligned_edge=UP)
        return VGroup(bar, names)

    def look_at(self, middle, number):
        sign = "=" if number == self.target else "<" if number < self.target else ">"
        words = f"{show_number(number)} {sign} {show_number(self.target)}"
        self.comparison = label(words, 32, YELLOW).move_to([self.places[middle], 1.6, 0])
        self.say("Look in the middle of what is left")
        frame = self.cells[middle][0]
        self.play(frame.animate.set_stroke(YELLOW, 6), FadeIn(self.comparison), run_time=0.6)
        self.wait(0.4)

    def discard(self, indices, end, side, low, high):
        """Dim the half that is ruled out; return the new end of what is left."""
        self.say(f"So it can only be to the {side}: drop the rest")
        low, high = (end, high) if side == "right" else (low, end)
        moves = [self.cells[i].animate.fade(0.75) for i in indices]
        moves += [FadeOut(self.comparison), FadeOut(self.range)]
        if low <= high:
            self.range = self.build_range(low, high)
            moves.append(FadeIn(self.range))
        self.play(*moves, run_time=0.7)
        return end

    def report(self, found, looks, target):
        times = "1 look" if looks == 1 else f"{looks} looks"
        if found is None:
            self.say(f"Nothing is left after {times}: {target} is not in the list")
        else:
            box = self.cells[found][0]
            self.play(box.animate.set_stroke(GREEN, 6).set_fill(GREEN, 0.5), run_time=0.5)
            self.say(f"Found {target} after {times}, at index {found} (counted from 0)")
        self.wait(1)
        count = len(NUMBERS)
        self.say(f"{count} numbers take at most {count.bit_length()} looks; a million take 20")

    # --- sorts --------------------------------------------------------------------------

    def sort(self):
        algorithm, rule = SORTS[ALGORITHM]
        self.say(rule)
        steps = list(algorithm(list(NUMBERS)))
        run_time = min(0.7, max(0.18, 13 / len(steps)))
        self.lit, self.done = [], []
        for action, i, j in steps:
            if action == "swap":
                self.swap(i, j, run_time)
            elif action == "compare":
                self.light([self.cells[i], self.cells[j]], run_time)
            else:
                self.done.append(self.cells[i])
        self.light([], 0.3)
        self.play(*(self.paint(cell, GREEN) for cell in self.cells), run_time=0.6)
        self.count_up(steps)

    def paint(self, cell, color):
        return VGroup(cell[0], cell[2]).animate.set_color(color)

    def light(self, cells, run_time):
        """Colour what is compared; what was compared before goes back to its colour."""
        moves = []
        for cell in self.lit:
            if cell not in cells:
                moves.append(self.paint(cell, GREEN if cell in self.done else BLUE))
        moves += [self.paint(cell, YELLOW) for cell in cells if cell not in self.lit]
        self.lit = cells
        if moves:
            self.play(*moves, run_time=run_time)
        else:
            self.wait(run_time)

    def swap(self, i, j, run_time):
        first, second = self.cells[i], self.cells[j]
        # One passes below the other, by the height of a number, however far they go.
        arc = 4 * np.arctan2(1.3, abs(self.places[j] - self.places[i]))
        self.play(
            first.animate(path_arc=arc).set_x(self.places[j]),
            second.animate(path_arc=arc).set_x(self.places[i]),
            run_time=run_time,
        )
        self.cells[i], self.cells[j] = second, first

    def count_up(self, steps):
        actions = [action for action, _, _ in steps]
        compared, swapped = actions.count("compare"), actions.count("swap")
        most = len(NUMBERS) * (len(NUMBERS) - 1) // 2
        self.say(f"Sorted, with {compared} comparisons and {swapped} swaps")
        self.wait(1)
        self.say(f"{len(NUMBERS)} numbers never need more than {most} comparisons")
