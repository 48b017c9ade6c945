"""Inserting numbers into a binary search tree.

A new number goes left where it is smaller than a node's and right where it is larger, until a free
place is found. Read from left to right the tree is sorted. A search takes at most as many
comparisons as the tree is deep. Source: Cormen, Leiserson, Rivest and Stein, Introduction to
Algorithms, chapter 12.

Parameters
----------
NUMBERS : list of 3 to 9 numbers in [-99, 999]
    The numbers, in the order of their insertion; a number that is there already is left out.

Example prompts
---------------
- How does a binary search tree work?
- insert 8, 3, 10, 1, 6, 14 into a binary search tree
- BST insertion step by step
- Why is an unbalanced search tree slow?

Keywords
--------
binary search tree, BST, search tree, tree insertion, insert into a tree, binary tree, balanced,
unbalanced tree, left child, right child, inorder traversal, tree data structure, root, leaf, keys,
key, insertion, lookup

Subjects
--------
binary search tree, binary search trees, search tree, BST, insert into a tree, insertion into a
binary tree, insert into a binary search tree, tree insertion, binary tree insertion, unbalanced
tree, unbalanced search tree, binary tree, insert a key, keys in a tree, inorder traversal, sorted
tree

Not
---
red-black tree, AVL, splay, tree rotation, treap: rotations
heap: another order
B-tree: disks
decision tree, random forest: learning
spanning tree: graphs
family tree: people
trie, suffix tree: letters
binary tree of a tournament: matches
expression tree: formulas
syntax tree: parsing
segment tree: intervals
Huffman: codes
phylogenetic, tree of life: biology
game tree, behaviour tree: games
delete, deletion: removing
Merkle: hashes
k-d tree, kd-tree: points
binary star: astronomy
probability tree: chances
quadtree, space partitioning: areas
Christmas tree: a plant
directory tree: files
Fenwick: sums
DOM: web
perfect binary tree: counts
"""

import numpy as np
from manim import (
    BLUE,
    GREEN,
    GREY_B,
    YELLOW,
    Create,
    FadeIn,
    FadeOut,
    LaggedStart,
    there_and_back,
)

from shaperotator_magic.writing.scenes._stage import (
    CaptionedScene,
    label,
    link,
    node,
    number,
)

NUMBERS = [8, 3, 10, 1, 6, 14, 4]

RADIUS = 0.42


class SearchTree(CaptionedScene):
    def construct(self):
        self.numbers = list(dict.fromkeys(NUMBERS))
        self.begin("Inserting into a binary search tree")
        self.plan()
        self.nodes = {}
        for step, value in enumerate(self.numbers):
            self.insert(value, step)
        self.read_sorted()

    def plan(self):
        """Find everybody's parents first, so that the tree can be laid out once and for all."""
        self.paths, children = {}, {}
        for value in self.numbers:
            path, here = [], self.numbers[0]
            while here != value and here is not None:
                path.append(here)
                side = value > here
                below = children.get((here, side))
                if below is None:
                    children[here, side] = value
                    break
                here = below
            self.paths[value] = path
        depth = max(map(len, self.paths.values()))
        self.depth = depth + 1
        gap = min(1.15, 4.2 / max(depth, 1))
        wide = min(1.5, 12 / len(self.numbers))
        middle = (len(self.numbers) - 1) / 2
        self.places = {
            value: np.array([wide * (rank - middle), 1.9 - gap * len(self.paths[value]), 0])
            for rank, value in enumerate(sorted(self.numbers))
        }

    def insert(self, value, step):
        path = self.paths[value]
        name = label(f"insert {number(value, 1)}", 30, YELLOW).move_to([-5.6, 2.75, 0])
        self.play(FadeIn(name), run_time=0.25)
        new = node(number(value, 1), self.places[value], YELLOW, RADIUS)
        if path:
            self.compare(value, path, step)
            edge = link(self.places[path[-1]], self.places[value], GREY_B, RADIUS)
            self.play(Create(edge), FadeIn(new, scale=1.3), run_time=0.4)
        else:
            self.say(f"The first number, {number(value, 1)}, becomes the root", 0.2)
            self.play(FadeIn(new, scale=1.3), run_time=0.4)
        self.play(FadeOut(name), new[0].animate.set_stroke(BLUE), run_time=0.2)
        self.nodes[value] = new

    def compare(self, value, path, step):
        """Light up the nodes that the number is compared with, one after the other."""
        if step in {1, 2}:
            side, sign = ("left", "smaller") if value < path[-1] else ("right", "larger")
            self.say(f"{number(value, 1)} is {sign} than {number(path[-1], 1)}: go {side}", 0.1)
        elif step == 3:
            self.say("At every node: smaller to the left, larger to the right", 0)
        looks = [
            self.nodes[p][0].animate(rate_func=there_and_back).set_stroke(YELLOW, 9) for p in path
        ]
        pace = min(0.35 * len(path) + 0.2, 1.1)
        self.play(LaggedStart(*looks, lag_ratio=0.6), run_time=pace)

    def read_sorted(self):
        self.say("Read from left to right, the tree is sorted", 0)
        light = [
            self.nodes[value][0].animate.set_stroke(GREEN, 6).set_fill(GREEN, 0.35)
            for value in sorted(self.numbers)
        ]
        self.play(LaggedStart(*light, lag_ratio=0.5), run_time=2)
        ordered = ", ".join(number(v, 1) for v in sorted(self.numbers))
        self.say(f"In order: {ordered}", 1.2)
        count, best = len(self.numbers), len(self.numbers).bit_length()
        if self.depth > best:
            words = f"{self.depth} levels for {count} numbers; well balanced, {best} would do"
            self.say(words, 2.2)
        else:
            self.say(f"{self.depth} levels hold {count} numbers: {self.depth} looks at most", 2.2)
