"""Boxes, flows, arrays, tables and graphs, with their words inside."""

import numpy as np
from manim import (
    BLUE,
    DOWN,
    LEFT,
    RIGHT,
    TAU,
    UP,
    WHITE,
    YELLOW,
    Arrow,
    Circle,
    Line,
    Rectangle,
    RoundedRectangle,
    Square,
    VGroup,
)

from shaperotator_magic.writing.kit.blocks.stage import kit_words


def kit_box(words, color=BLUE, width=None):
    """Return words in a box that is wide enough for them."""
    text = kit_words(words, size=28, width=(width or 3.6) - 0.4)
    frame = RoundedRectangle(width=width or text.width + 0.6, height=text.height + 0.6)
    frame.set_stroke(color).set_fill(color, opacity=0.2)
    return VGroup(frame, text.move_to(frame))


def kit_flow(*words, color=BLUE):
    """Return boxes from left to right, joined by arrows: ``flow[0]`` are the boxes."""
    boxes = VGroup(*[kit_box(word, color) for word in words]).arrange(RIGHT, buff=0.9)
    pairs = range(len(words) - 1)
    arrows = VGroup(
        *[Arrow(boxes[n].get_right(), boxes[n + 1].get_left(), buff=0.1) for n in pairs]
    )
    flow = VGroup(boxes, arrows)
    return flow.scale_to_fit_width(12.5) if flow.width > 12.5 else flow


def kit_array(values, color=WHITE):
    """Return values in a row of squares: ``array[2][1]`` is the third value."""
    side = min(1.0, 12 / max(len(values), 1))
    cells = VGroup()
    for value in values:
        square = Square(side, color=color)
        cells.add(VGroup(square, kit_words(value, size=30, width=0.8 * side).move_to(square)))
    return cells.arrange(RIGHT, buff=0)


def kit_pointer(array, index, words="", color=YELLOW):
    """Return an arrow that points at a cell of an array from below, with words."""
    foot = array[index].get_bottom()
    arrow = Arrow(foot + 0.9 * DOWN, foot, buff=0.1, color=color)
    return VGroup(arrow, kit_words(words, size=26, width=3).next_to(arrow, DOWN, buff=0.1))


def kit_move_pointer(scene, pointer, array, index):
    """Move a pointer to another cell of its array."""
    scene.play(pointer.animate.next_to(array[index], DOWN, buff=0.1))


def kit_swap(scene, array, first, second):
    """Let two cells of an array change places."""
    a, b = array[first], array[second]
    places = a.get_center(), b.get_center()
    scene.play(
        a.animate(path_arc=1.5).move_to(places[1]), b.animate(path_arc=1.5).move_to(places[0])
    )
    array.submobjects[first], array.submobjects[second] = b, a


def kit_table(rows, header=None, color=BLUE):
    """Return rows of words with lines between them: ``table[0][1][2]`` is row 1, column 2."""
    lines = [list(header), *map(list, rows)] if header else [list(row) for row in rows]
    count = max(len(line) for line in lines)
    width, height = min(2.6, 12 / count), 0.7
    cells, frames = VGroup(), VGroup()
    for number, line in enumerate(lines):
        row = VGroup()
        for column, value in enumerate(line):
            shade = color if header and number == 0 else WHITE
            frame = Rectangle(width=width, height=height, color=shade, stroke_width=1.5)
            frames.add(frame.move_to([column * width, -number * height, 0]))
            row.add(kit_words(value, size=26, width=0.85 * width).move_to(frame))
        cells.add(row)
    return VGroup(cells, frames).move_to([0, 0, 0])


def kit_network(edges, radius=2.1, color=BLUE):
    """Return a graph on a circle; edges are (a, b) or (a, b, weight). Parts: lines, nodes."""
    names = list(dict.fromkeys(name for edge in edges for name in edge[:2]))
    spots = {
        name: radius * np.array([np.sin(TAU * n / len(names)), np.cos(TAU * n / len(names)), 0])
        for n, name in enumerate(names)
    }
    lines, nodes = VGroup(), VGroup()
    for edge in edges:
        line = Line(spots[edge[0]], spots[edge[1]], buff=0.35)
        lines.add(line)
        if len(edge) > 2:
            way = line.get_unit_vector()
            aside = 0.28 * np.array([-way[1], way[0], 0])
            lines.add(kit_words(edge[2], size=24, width=1).move_to(line.get_center() + aside))
    for name in names:
        circle = Circle(0.35, color=color).set_fill(color, opacity=0.3).move_to(spots[name])
        nodes.add(VGroup(circle, kit_words(name, size=26, width=0.5).move_to(circle)))
    return VGroup(lines, nodes)


def kit_compare(left, right, left_words="", right_words=""):
    """Return two mobjects side by side, their names above them."""
    pair = VGroup()
    for place, mobject, words in ((-3.3, left, left_words), (3.3, right, right_words)):
        if mobject.width > 5.6:
            mobject.scale_to_fit_width(5.6)
        if mobject.height > 3.8:
            mobject.scale_to_fit_height(3.8)
        mobject.move_to([place, -0.2, 0])
        pair.add(mobject, kit_words(words, size=30, width=5.6).move_to([place, 2.2, 0]))
    return pair


def kit_timeline(*events):
    """Return events along a line, their words above and below by turns."""
    line = Line(6 * LEFT, 6 * RIGHT)
    marks = VGroup()
    for number, words in enumerate(events):
        spot = line.point_from_proportion((number + 0.5) / len(events))
        tick = Line(spot + 0.12 * DOWN, spot + 0.12 * UP)
        side = UP if number % 2 == 0 else DOWN
        width = min(3.4, 20 / len(events))
        marks.add(VGroup(tick, kit_words(words, size=26, width=width).next_to(tick, side)))
    return VGroup(line, marks)
