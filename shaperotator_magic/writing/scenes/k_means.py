"""k-means clustering: assign to the nearest centre, move the centres, repeat.

Each point joins its nearest centre. Each centre then moves to the mean of its points. Both steps
make the sum of squared distances smaller or leave it, so it stops; where, depends on the start.
Source: Lloyd, Least squares quantization in PCM, 1982.

Parameters
----------
CLUSTERS : integer in [2, 5]
    The number k of centres.
COUNT : integer in [12, 60]
    How many points are drawn at random.
SEED : integer in [0, 9999]
    Which random points; the same seed gives the same ones.

Example prompts
---------------
- How does k-means clustering work?
- k-means with 4 clusters
- cluster 40 random points into 3 groups
- Show Lloyd's algorithm: assign and move the centroids

Keywords
--------
k-means, k means, clustering, cluster, clusters, centroid, centroids, Lloyd's algorithm, group the
points, unsupervised learning, nearest centre, nearest center, assign points, partition points,
inertia, number of clusters

Subjects
--------
k-means, k-means clustering, Lloyd's algorithm, clustering points, centroids of clusters

Not
---
k nearest, nearest neighbours, hierarchical, dendrogram, DBSCAN, spectral clustering, Gaussian
    mixture, k-medoids, mean shift: another method
star cluster, computer cluster, cluster munition: no data
hierarchical clustering: no tree of clusters
k nearest neighbours: nothing is classified by labels
DBSCAN: no densities
"""

import numpy as np
from manim import (
    BLUE,
    GREEN,
    GREY_B,
    ORANGE,
    RED,
    WHITE,
    YELLOW,
    Dot,
    FadeIn,
    Star,
    VGroup,
)

from shaperotator_magic.writing.scenes._stage import (
    CaptionedScene,
    chart_in,
    number,
)

CLUSTERS = 3
COUNT = 30
SEED = 4

CENTER = (-2.3, 0.15)
ROUNDS = 6


def draw_points():
    """Points around as many middles as there are clusters, and the starting centres."""
    random = np.random.default_rng(SEED)
    turns = 2 * np.pi * (np.arange(CLUSTERS) + random.uniform()) / CLUSTERS
    middles = np.array([8 + 4.8 * np.cos(turns), 5 + 2.9 * np.sin(turns)]).T
    chosen = middles[random.integers(CLUSTERS, size=COUNT)]
    points = np.clip(chosen + random.normal(0, 1.1, (COUNT, 2)), [0.3, 0.3], [15.7, 9.7])
    return points, points[random.choice(COUNT, CLUSTERS, replace=False)]


def nearest(points, centres):
    return np.linalg.norm(points[:, None] - centres[None], axis=2).argmin(axis=1)


class KMeans(CaptionedScene):
    def construct(self):
        self.begin(f"k-means with {CLUSTERS} clusters")
        self.points, self.centres = draw_points()
        self.colors = (YELLOW, GREEN, RED, BLUE, ORANGE)[:CLUSTERS]
        self.show_points()
        self.place_centres()
        for turn_number in range(1, ROUNDS + 1):
            self.assign(turn_number)
            if not self.move_centres(turn_number):
                break
        else:
            self.say("It is shown so far; a few more rounds bring it to rest", 2.4)

    def show_points(self):
        self.axes = chart_in((0, 16), (0, 10), (7.6, 4.75), CENTER)
        self.dots = VGroup(
            *(Dot(self.axes.c2p(*p), radius=0.07, color=GREY_B) for p in self.points)
        )
        self.play(FadeIn(self.axes), FadeIn(self.dots, lag_ratio=0.05), run_time=1.2)
        self.say(f"{COUNT} points without any labels: which belong together?", 0.6)

    def star(self, centre, color):
        star = Star(5, outer_radius=0.24, color=WHITE, stroke_width=2).set_fill(color, 1)
        return star.move_to(self.axes.c2p(*centre)).set_z_index(4)

    def place_centres(self):
        self.stars = VGroup(
            *(self.star(c, color) for c, color in zip(self.centres, self.colors, strict=True))
        )
        self.play(FadeIn(self.stars, scale=2), run_time=0.7)
        self.say(f"Begin with {CLUSTERS} of the points as centres", 0.5)

    def cost(self):
        return float(((self.points - self.centres[self.owner]) ** 2).sum())

    def assign(self, turn_number):
        """Colour every point like its nearest centre."""
        self.owner = nearest(self.points, self.centres)
        if turn_number == 1:
            self.say("Each point joins the nearest centre", 0)
        paint = [
            dot.animate.set_color(self.colors[owner])
            for dot, owner in zip(self.dots, self.owner, strict=True)
        ]
        self.play(*paint, run_time=0.9 if turn_number < 3 else 0.6)
        if turn_number == 1:
            self.write("sum of squares", (2.6, 2.4), GREY_B, 4.2)
        self.before = self.cost()

    def move_centres(self, turn_number):
        """Move every centre to its points' mean; return whether any moved."""
        means = np.array([
            self.points[self.owner == i].mean(axis=0) if (self.owner == i).any() else centre
            for i, centre in enumerate(self.centres)
        ])  # fmt: skip
        moved = bool(np.abs(means - self.centres).max() > 1e-9)
        if turn_number == 1:
            self.say("Each centre moves to the mean of its points", 0)
        self.centres = means
        targets = [self.axes.c2p(*mean) for mean in means]
        if moved:
            shifts = (s.animate.move_to(t) for s, t in zip(self.stars, targets, strict=True))
            self.play(*shifts, run_time=0.9 if turn_number < 3 else 0.6)
            row = f"round {turn_number}: {number(self.before, 1)} → {number(self.cost(), 1)}"
            self.write(row, (2.6, 2.4 - 0.55 * turn_number), WHITE, 4.2)
        if turn_number == 1:
            self.say("Assign again, move again: the sum of squares only falls", 0)
        if not moved:
            self.say("No point changes its cluster any more: it has come to rest", 1.2)
            self.say("Another start may end in other clusters", 2)
        return moved
