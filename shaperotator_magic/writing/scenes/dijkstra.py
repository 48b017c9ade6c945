"""Dijkstra's algorithm: shortest paths in a graph with lengths.

Each node has the length of the best way known to it. The nearest node that is not settled is
settled: no later way to it can be shorter, as lengths are not negative. Then the ways through it
are tried. Source: Cormen, Leiserson, Rivest and Stein, Introduction to Algorithms, section 24.3.

Parameters
----------
START : integer in [1, 6]
    The number of the node where all paths begin.

Example prompts
---------------
- How does Dijkstra's algorithm find shortest paths?
- shortest path in a weighted graph
- dijkstra from node 2
- How does a route planner find the fastest way

Keywords
--------
Dijkstra, Dijkstra's algorithm, shortest path, shortest paths, weighted graph, route planner,
navigation, fastest route, priority queue, distances, edge weights, relax, relaxation, GPS, cheapest
route, road network, distance between cities, shortest route

Subjects
--------
Dijkstra, Dijkstra's algorithm, shortest path, shortest paths, shortest route, fastest route,
fastest way, cheapest route, route planner, shortest distance in a graph, weighted graph, route
planning, distance between cities, navigation route

Not
---
A*: has a heuristic
Bellman-Ford: negative weights
Floyd-Warshall: all pairs
travelling salesman: a round trip
minimum spanning tree: no paths
Kruskal, Prim: a spanning tree
geodesic: a curved surface
maximum flow, minimum cut: capacities
negative weights: not with Dijkstra
shunting-yard: parsing
banker's algorithm: locks
"""

import numpy as np
from manim import (
    BLUE,
    GREEN,
    GREY_B,
    GREY_D,
    LEFT,
    WHITE,
    YELLOW,
    Create,
    FadeIn,
    VGroup,
    there_and_back,
)

from shaperotator_magic.writing.scenes._stage import (
    CaptionedScene,
    label,
    link,
    node,
    replace_words,
)

START = 1

PLACES = {
    1: (-6.1, 0.0), 2: (-3.9, 1.8), 3: (-3.9, -1.8),
    4: (-1.0, 1.8), 5: (-1.0, -1.8), 6: (1.2, 0.0),
}  # fmt: skip
LENGTHS = {(1, 2): 4, (1, 3): 2, (2, 3): 1, (2, 4): 5, (3, 5): 10, (3, 4): 8, (4, 5): 2, (4, 6): 6,
           (5, 6): 3}  # fmt: skip


class Dijkstra(CaptionedScene):
    def construct(self):
        self.begin(f"Dijkstra's algorithm: shortest paths from node {START}")
        self.best = {n: (0 if n == START else None) for n in PLACES}
        self.before = {}
        self.show_graph()
        self.show_table()
        self.say("The best way known to each node: 0 to the start, none yet to the others", 0.5)
        open_nodes = set(PLACES)
        for step in range(len(PLACES)):
            n = min(open_nodes, key=lambda m: (self.best[m] is None, self.best[m] or 0, m))
            open_nodes.discard(n)
            self.settle(n, step)
            self.try_ways(n, open_nodes, step)
        self.conclude()

    def show_graph(self):
        self.nodes = {n: node(str(n), at, BLUE) for n, at in PLACES.items()}
        self.lines, names = {}, VGroup()
        for (a, b), length in LENGTHS.items():
            start, end = (np.array([*PLACES[n], 0]) for n in (a, b))
            line = link(start, end, GREY_D)
            self.lines[a, b] = self.lines[b, a] = line
            way = (end - start) / np.linalg.norm(end - start)
            across = np.array([-way[1], way[0], 0])
            # The long diagonal is named nearer its start, where no other line passes.
            share = 0.5 if (a, b) != (3, 4) else 0.4
            names.add(label(str(length), 26, GREY_B).move_to(
                start + share * (end - start) + 0.28 * across))  # fmt: skip
        self.play(Create(VGroup(*(self.lines[e] for e in LENGTHS)), lag_ratio=0.1), run_time=0.8)
        self.play(FadeIn(*self.nodes.values(), lag_ratio=0.1), FadeIn(names), run_time=0.8)

    def show_table(self):
        self.table = {}
        for n in PLACES:
            self.table[n] = self.build_row(n)
        self.play(FadeIn(*self.table.values()), run_time=0.5)

    def build_row(self, n, color=WHITE):
        best = "?" if self.best[n] is None else str(self.best[n])
        via = f"  via {self.before[n]}" if n in self.before else ""
        words = label(f"to {n}:  {best}{via}", 28, color)
        return words.move_to([3.3, 2.1 - 0.62 * (n - 1), 0], LEFT)

    def settle(self, n, step):
        moves = [self.nodes[n][0].animate.set_stroke(GREEN, 6).set_fill(GREEN, 0.35)]
        if n in self.before:
            line = self.lines[self.before[n], n]
            moves.append(line.animate.set_color(GREEN).set_stroke(width=7))
        row = self.build_row(n, GREEN)
        moves += replace_words(self.table[n], row, rise=0)
        if step == 1:
            self.say("The nearest node is settled: no detour can be shorter", 0)
        self.play(*moves, run_time=0.6)
        self.table[n] = row

    def try_ways(self, n, open_nodes, step):
        """Try the ways through a settled node; note those that are shorter."""
        moves, tried = [], []
        for m in sorted(open_nodes):
            length = LENGTHS.get((n, m)) or LENGTHS.get((m, n))
            if length is None:
                continue
            tried.append(self.lines[n, m])
            total = self.best[n] + length
            if self.best[m] is None or total < self.best[m]:
                self.best[m], self.before[m] = total, n
                row = self.build_row(m, YELLOW)
                moves += replace_words(self.table[m], row, rise=0)
                self.table[m] = row
        if not tried:
            return
        if step == 0:
            self.say("Try the lines that begin here; shorter ways go into the table", 0)
        flash = [line.animate(rate_func=there_and_back).set_color(YELLOW) for line in tried]
        self.play(*moves, *flash, run_time=0.9)

    def conclude(self):
        far = max(PLACES, key=lambda n: self.best[n])
        path = [far]
        while path[-1] != START:
            path.append(self.before[path[-1]])
        way = " – ".join(map(str, reversed(path)))
        marks = [
            self.lines[a, b].animate.set_color(YELLOW).set_stroke(width=9)
            for a, b in zip(path[1:], path[:-1], strict=True)
        ]
        self.say("All nodes are settled; the green lines are the shortest paths", 0.8)
        self.play(*marks, run_time=0.8)
        self.say(f"To {far} the shortest way is {way}, of length {self.best[far]}", 2.2)
