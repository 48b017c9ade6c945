"""Searching a graph: breadth first or depth first.

Both visit every node that can be reached, once. A queue (first in, first out) takes the nodes in
order of their distance; a stack (last in, first out) goes as deep as it can and then comes back.
Source: Cormen, Leiserson, Rivest and Stein, Introduction to Algorithms, chapter 22.

Parameters
----------
ALGORITHM : one of: breadth first search, depth first search
    Which search is shown.
START : integer in [1, 8]
    The number of the node where it begins.

Example prompts
---------------
- Show breadth first search on a graph
- How does DFS work?
- BFS vs DFS: which node comes next? start at 3
- depth-first traversal with a stack

Keywords
--------
breadth first search, depth first search, BFS, DFS, graph traversal, graph search, traversal, queue,
stack, visit every node, nodes and edges, breadth-first, depth-first, neighbours, maze, graph,
vertices, vertex, level by level, connected component, traverse

Subjects
--------
search of a graph, breadth first search, depth first search, breadth first traversal, depth first
traversal, BFS, DFS, graph search, graph traversal, traverse a graph, searching a graph, search a
graph, walk through a graph, visit every node, visiting nodes, queue versus stack, level by level,
finding a way through a maze, maze

Not
---
A* search, best-first search: has a heuristic
minimax: games
graph of a function, graph of: a curve
graph isomorphism: equal graphs
graph colouring, bipartite: colours
graph neural network: learning
topological sort: an order
strongly connected components: direct edges
beam search: keeps a few
Google search, search engine, web crawler: the web
spanning tree: no search
inorder traversal: of trees
graph database, stack and queue: data
maze generation: makes mazes
stack overflow: programs
job search: work
iterative deepening, bidirectional search: another search
Eulerian: edges
Hamiltonian: a round trip
"""

from manim import (
    BLUE,
    GREEN,
    GREY_D,
    LEFT,
    YELLOW,
    Create,
    FadeIn,
    VGroup,
)

from shaperotator_magic.writing.scenes._stage import (
    CaptionedScene,
    label,
    link,
    node,
    replace_words,
)

ALGORITHM = "breadth first search"
START = 1

PLACES = {
    1: (-5.9, 0.2), 2: (-4.2, 1.8), 3: (-4.2, -1.5), 4: (-2.3, 2.1),
    5: (-2.3, 0.2), 6: (-2.3, -2.0), 7: (-0.4, 1.3), 8: (-0.4, -1.3),
}  # fmt: skip
EDGES = [(1, 2), (1, 3), (2, 4), (2, 5), (3, 5), (3, 6), (4, 7), (5, 8), (6, 8), (7, 8)]


class GraphSearch(CaptionedScene):
    def construct(self):
        self.is_broad = ALGORITHM.startswith("breadth")
        self.begin(f"{ALGORITHM.capitalize()} in a graph")
        self.show_graph()
        kind = "queue: first in, first out" if self.is_broad else "stack: last in, first out"
        self.say(f"What is still to be visited waits in a {kind}", 0.5)
        self.search()
        self.conclude()

    def show_graph(self):
        self.nodes = {n: node(str(n), at, BLUE) for n, at in PLACES.items()}
        self.edges = {}
        for a, b in EDGES:
            self.edges[a, b] = self.edges[b, a] = link(PLACES[a], PLACES[b], GREY_D)
        lines = VGroup(*(self.edges[edge] for edge in EDGES))
        self.play(Create(lines, lag_ratio=0.1), run_time=0.9)
        self.play(FadeIn(*self.nodes.values(), lag_ratio=0.1), run_time=0.7)
        name = "queue" if self.is_broad else "stack"
        self.waiting_name = label(f"{name}:", 28, YELLOW).move_to([1.2, 1.9, 0], LEFT)
        order = label("visited:", 28, GREEN).move_to([1.2, 0.4, 0], LEFT)
        self.play(FadeIn(self.waiting_name, order), run_time=0.4)
        self.waiting_shown = VGroup()
        self.visited_shown = VGroup()

    def neighbours(self, n):
        return sorted(b for a, b in (*EDGES, *((b, a) for a, b in EDGES)) if a == n)

    def search(self):
        waiting, found, self.order = [(START, None)], {START}, []
        done = set()
        self.show_lists(waiting, [self.paint(START, YELLOW)])
        while waiting:
            n, before = waiting.pop(0 if self.is_broad else -1)
            if n in done:
                continue
            done.add(n)
            self.order.append(n)
            moves = [self.paint(n, GREEN)]
            if before is not None:
                moves.append(self.edges[before, n].animate.set_color(GREEN).set_stroke(width=7))
            # A stack gives back the last first: so the smallest number goes in last.
            near = self.neighbours(n) if self.is_broad else self.neighbours(n)[::-1]
            for m in near:
                if m in done or (self.is_broad and m in found):
                    continue
                moves += [] if m in found else [self.paint(m, YELLOW)]
                found.add(m)
                waiting.append((m, n))
            if not self.is_broad:
                waiting = [pair for at, pair in enumerate(waiting) if pair[0] not in done
                           and all(later[0] != pair[0] for later in waiting[at + 1 :])]  # fmt: skip
            self.show_lists(waiting, moves)
            self.comment(len(self.order))

    def paint(self, n, color):
        return self.nodes[n][0].animate.set_stroke(color, 6).set_fill(color, 0.35)

    def show_lists(self, waiting, moves):
        """Show what waits and what is visited, with other changes at once."""
        queue = label("  ".join(str(n) for n, _ in waiting) or "empty", 32, YELLOW, width=5.2)
        visited = label("  ".join(map(str, self.order)) if getattr(self, "order", []) else "none",
                        32, GREEN, width=5.2)  # fmt: skip
        queue.move_to([1.2, 1.3, 0], LEFT)
        visited.move_to([1.2, -0.2, 0], LEFT)
        old, new = VGroup(self.waiting_shown, self.visited_shown), VGroup(queue, visited)
        self.play(*replace_words(old, new, rise=0), *moves, run_time=0.7)
        self.waiting_shown, self.visited_shown = queue, visited

    def comment(self, count):
        if count == 1:
            self.say("Visit the next in line; its new neighbours join", 0.3)
        elif count == 3:
            deep = "Those that came first are visited first" if self.is_broad else (
                "The newest comes first: it goes deeper and deeper")  # fmt: skip
            self.say(deep, 0.3)

    def conclude(self):
        if self.is_broad:
            self.say("So nodes come in order of distance: the green tree has shortest paths", 2.2)
        else:
            self.say("So one branch is followed to its end before the next begins", 2.2)
