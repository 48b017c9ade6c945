"""A 2x2 matrix acting on the plane, and its eigenvectors.

The grid is carried along: the columns of the matrix are where the basis vectors go. An eigenvector
is a direction that stays on its own line and is only stretched, by its eigenvalue. Turning
matrices have none, shears only one. Source: Strang, Introduction to Linear Algebra, chapter 6.

Parameters
----------
MATRIX : 2x2 matrix, entries in [-5, 5]
    The linear map.

Example prompts
---------------
- Show what [[2, 1], [1, 2]] does to the plane, and why (1, 1) and (1, -1) are special
- What are eigenvectors and eigenvalues of a matrix?
- How does the matrix [[0, -1], [1, 0]] move the plane?
- Visualise the linear transformation 1 1; 0 1, a shear
- eigenvectors of [[3, 0], [0, -1]] as directions that are only stretched
- Why does a rotation have no real eigenvector?

Keywords
--------
eigenvector, eigenvalue, eigenspace, linear map, linear transformation, matrix, plane, grid,
stretch, shear, rotation matrix, basis vectors, columns, special directions, lambda, characteristic,
acts on, transforms space, does to space, unchanged directions, matrix transformation

Shows
-----
eigenvectors of MATRIX, eigenvalues of MATRIX

Subjects
--------
action on the plane, acts on the plane, action of a matrix, eigenvector, eigenvectors, eigenvalue,
eigenvalues, eigenspace, eigen, linear map, linear transformation, linear transformations, matrix
transformation, matrix as a transformation, matrix acting on the plane, matrix to the plane, matrix
to space, matrix to vectors, matrix move the plane, what a matrix does, matrix do to the plane,
matrix does to the plane, transformation of the grid, transform the grid, rotation matrix, rotation
by a matrix, matrix of a rotation, rotate a vector, rotating a vector, rotate the plane, turn the
plane, shear, shear matrix, shearing, scaling matrix, stretch matrix, reflection matrix, reflection
across, reflection in the line, projection matrix, reflection as a matrix, projection as a matrix,
matrix of a shear, directions unchanged, directions leave unchanged, unchanged directions, special
directions, directions only stretched, covariance matrix, principal axes of a matrix, matrix, mirror
at the axis, reflect the plane, identity matrix, diagonal matrix, characteristic polynomial, scale
the plane, stretch the plane

Not
---
3x3, 4x4, 5x5, 2x3, 3x2: two rows and two columns only
inverse: solves for the source
inverse matrix, matrix inversion: undoes it
transpose, transposed: swaps rows and columns
rank: a dimension
trace, matrix addition: a sum
null space, kernel: what is sent to zero
column space: an image
row reduction, Gaussian elimination, system of linear equations, augmented matrix: equations
LU, QR, Cholesky, diagonalise, diagonalisation, Householder: a factorisation
singular value, SVD: another decomposition
product of two matrices, matrix multiplication, matrix product, multiply two matrices: a composition
confusion matrix, correlation matrix: statistics
adjacency matrix, distance matrix: graphs
transition matrix: chains or bases
Hessian matrix: second derivatives
Jacobian: of maps
matrix exponential: a series
matrix movie, matrix film: a film
sparse matrix: storage
rotation in space: three dimensions
orthogonal matrix: a class
Hadamard: entrywise
density matrix: quantum
matrix norm: a size
condition number: of errors
power iteration: an algorithm
Jordan: a normal form
Cayley-Hamilton: a theorem
affine: with a shift
Markov: a chain
eigenfaces: images
matrix factorisation: recommendations
extracellular matrix: biology
dot matrix: printers
tensor: more axes
determinant: an area
matrix algebra: a field
shear stress, shear force: mechanics
eigenvalue spacing: random matrices
rotation of the earth: astronomy
rotating frame: physics
crop rotation: farming
reflection of light, total internal reflection: optics
"""

import numpy as np
from manim import (
    BLACK,
    BLUE_D,
    DOWN,
    GREEN,
    GREY_B,
    LEFT,
    ORIGIN,
    RED,
    RIGHT,
    UP,
    WHITE,
    YELLOW,
    Arrow,
    Create,
    DashedLine,
    Dot,
    FadeIn,
    FadeOut,
    GrowArrow,
    Line,
    NumberPlane,
    Rectangle,
    ReplacementTransform,
    Scene,
    VGroup,
    Write,
)

from shaperotator_magic.writing.scenes._stage import axis_numbers, label, number, replace_words

MATRIX = [[2, 1], [1, 2]]

EIGEN_COLORS = [YELLOW, "#FF9F5A"]


def pair(vector):
    return f"({number(vector[0])}, {number(vector[1])})"


def matrix_block(rows, colors):
    """The numbers between brackets, one color a column."""
    columns = VGroup(
        *(
            VGroup(*(label(number(row[i]), 32, colors[i]) for row in rows)).arrange(DOWN, buff=0.25)
            for i in range(2)
        )
    ).arrange(RIGHT, buff=0.45)
    height = columns.height / 2 + 0.15
    brackets = VGroup()
    for side in (LEFT, RIGHT):
        x = columns.get_edge_center(side)[0] + side[0] * 0.2
        upright = Line([x, -height, 0], [x, height, 0])
        hooks = [Line([x, y, 0], [x - side[0] * 0.12, y, 0]) for y in (-height, height)]
        brackets.add(VGroup(upright, *hooks).shift(columns.get_center()[1] * UP))
    return VGroup(columns, brackets)


def find_eigenvectors(matrix):
    """Return (eigenvalue, direction) of the real eigenvectors, in whole numbers where possible."""
    (a, b), (c, d) = matrix
    half, discriminant = (a + d) / 2, ((a - d) / 2) ** 2 + b * c
    if discriminant < -1e-9:
        return []
    root = np.sqrt(max(discriminant, 0))
    values = [half + root, half - root] if root > 1e-6 else [half]
    if len(values) == 1 and abs(b) + abs(c) < 1e-9:
        return [(half, (1.0, 0.0)), (half, (0.0, 1.0))]
    return [(value, find_direction(matrix, value)) for value in values]


def find_direction(matrix, value):
    (a, b), (c, d) = matrix
    first, second = np.array([b, value - a]), np.array([value - d, c])
    direction = first if np.linalg.norm(first) >= np.linalg.norm(second) else second
    direction = direction / max(abs(direction))
    if direction[0] < -1e-9 or (abs(direction[0]) < 1e-9 and direction[1] < 0):
        direction = -direction
    return tuple(direction)


class MatrixOnPlane(Scene):
    def construct(self):
        self.matrix = np.array(MATRIX, dtype=float)
        self.eigen = find_eigenvectors(MATRIX)
        # Every arrow has to stay between title and caption.
        moved = [self.matrix @ v for v in ((1, 0), (0, 1), *(v for _, v in self.eigen))]
        moved.append(self.matrix @ self.find_other() if self.eigen else np.ones(2))
        self.unit = min(1.2, *(min(2.7 / max(abs(y), 1), 6.4 / max(abs(x), 1)) for x, y in moved))
        self.caption = VGroup()
        self.show_plane()
        self.carry_plane()
        self.show_special_directions()

    def say(self, words):
        """Replace the caption at the bottom."""
        new = label(words, 28)
        new.scale_to_fit_width(min(new.width, 13)).to_edge(DOWN, buff=0.35).set_z_index(6)
        self.play(*replace_words(self.caption, new), run_time=0.6)
        self.caption = new

    def build_plane(self):
        count = int(np.ceil(9 / self.unit))
        lines = {"stroke_color": BLUE_D, "stroke_width": 1.6, "stroke_opacity": 0.8}
        axis = {"stroke_color": GREY_B, "stroke_width": 2.5}
        size = {"x_length": 2 * count * self.unit, "y_length": 2 * count * self.unit}
        span = [-count, count, 1]
        return NumberPlane(
            span, span, background_line_style=lines, axis_config=axis, faded_line_ratio=0, **size
        )

    def build_fixed_axes(self):
        """Axes, and numbers at the edges, that stay where they are while the plane is carried."""
        box = ((-6.3, -2.75), (7.0, 2.9))
        lines = VGroup(Line(7.2 * LEFT, 7.2 * RIGHT), Line(3 * DOWN, 3 * UP))
        lines.set_stroke(GREY_B, 1.5, opacity=0.6)
        numbers = axis_numbers(ORIGIN, self.unit, box, box[0]).set_z_index(6)
        return VGroup(lines.set_z_index(1), numbers)

    def arrow(self, vector, color, width=7):
        end = self.unit * np.array([*vector, 0])
        if np.linalg.norm(end) < 0.05:
            return Dot(ORIGIN, radius=0.11, color=color).set_z_index(3)
        tip = min(0.28, 0.45 * np.linalg.norm(end))
        made = Arrow(ORIGIN, end, buff=0, stroke_width=width, color=color, tip_length=tip)
        return made.set_z_index(3)

    def show_plane(self):
        bands = VGroup(
            Rectangle(width=15, height=1.05).to_edge(UP, buff=0),
            Rectangle(width=15, height=1.25).to_edge(DOWN, buff=0),
            Rectangle(width=0.81, height=8).to_edge(LEFT, buff=0),
        )
        bands.set_stroke(width=0).set_fill(BLACK, opacity=1).set_z_index(5)
        title = label("A matrix acts on the plane", 40).to_edge(UP, buff=0.3).set_z_index(6)
        block = matrix_block(MATRIX, [GREEN, RED])
        panel = Rectangle(width=block.width + 0.5, height=block.height + 0.4, stroke_width=1)
        panel.set_fill(BLACK, opacity=0.9).set_stroke(GREY_B).move_to(block)
        self.block = VGroup(panel, block).move_to([-6.1, 1.9, 0], aligned_edge=LEFT).set_z_index(5)
        self.plane = self.build_plane()
        self.add(bands)
        self.play(Write(title), Create(self.plane), FadeIn(self.build_fixed_axes()), run_time=1.5)
        self.basis = [self.arrow((1, 0), GREEN), self.arrow((0, 1), RED)]
        self.play(*(GrowArrow(arrow) for arrow in self.basis), FadeIn(self.block))
        self.say("The columns of the matrix say where the two basis vectors go")
        self.wait(0.6)

    def carry_plane(self):
        targets = [self.arrow(self.matrix[:, i], color) for i, color in enumerate((GREEN, RED))]
        moved = self.plane.copy().apply_matrix(self.matrix)
        self.play(
            ReplacementTransform(self.plane, moved),
            *(ReplacementTransform(a, b) for a, b in zip(self.basis, targets, strict=True)),
            run_time=2.5,
        )
        self.plane, self.basis = moved, targets
        area = float(np.linalg.det(self.matrix))
        if abs(area) < 1e-9:
            self.say("The whole plane is flattened: this matrix has determinant 0")
        else:
            turned = ", and the plane is turned over" if area < 0 else ""
            self.say(
                f"The grid stays straight and even; areas grow {number(abs(area))} times{turned}"
            )
        self.wait(0.8)

    def show_special_directions(self):
        fresh = self.build_plane()
        self.play(FadeOut(self.plane, *self.basis), FadeIn(fresh), run_time=0.8)
        self.plane = fresh
        if not self.eigen:
            self.show_turning()
            return
        lines = VGroup(*(self.build_line(v, c) for (_, v), c in self.pairs()))
        self.say(self.describe_lines())
        self.play(Create(lines), run_time=0.8)
        before = [self.arrow(v, color) for (_, v), color in self.pairs()]
        after = [self.arrow(self.matrix @ v, color) for (_, v), color in self.pairs()]
        other = self.find_other()
        before.append(self.arrow(other, WHITE, 5))
        after.append(self.arrow(self.matrix @ other, WHITE, 5))
        self.play(*(FadeIn(arrow) for arrow in before), run_time=0.6)
        moved = self.plane.copy().apply_matrix(self.matrix)
        self.play(
            ReplacementTransform(self.plane, moved),
            *(ReplacementTransform(a, b) for a, b in zip(before, after, strict=True)),
            run_time=2.5,
        )
        self.say(self.describe_result())
        self.play(FadeIn(self.build_summary(), shift=0.2 * LEFT), run_time=0.8)
        self.wait(2.5)

    def pairs(self):
        return zip(self.eigen, EIGEN_COLORS, strict=False)

    def build_line(self, direction, color):
        end = 8.5 * np.array([*direction, 0]) / np.linalg.norm(direction)
        return DashedLine(-end, end, dash_length=0.15, color=color, stroke_width=3).set_z_index(2)

    def find_other(self):
        """A vector off the special lines, to compare."""
        candidates = [(-1.0, 0.6), (0.6, 1.0), (-0.5, 1.0), (1.0, 0.35)]

        def distance(v):
            return min(abs(v[0] * e[1] - v[1] * e[0]) for _, e in self.eigen)

        return np.array(max(candidates, key=distance))

    def is_scaling(self):
        return len(self.eigen) == 2 and abs(self.eigen[0][0] - self.eigen[1][0]) < 1e-9

    def describe_lines(self):
        if self.is_scaling():
            return "This matrix only scales: every direction is special"
        if len(self.eigen) == 1:
            return f"One line is special: the one through {pair(self.eigen[0][1])}"
        return (
            f"Two lines are special: through {pair(self.eigen[0][1])} and {pair(self.eigen[1][1])}"
        )

    def describe_result(self):
        if self.is_scaling():
            return "No arrow has left its line: they were all scaled alike"
        if len(self.eigen) == 1:
            return "The white arrow was turned; the colored one stayed on its line"
        return "The white arrow was turned; the colored ones stayed on their lines"

    def build_summary(self):
        rows = [
            label(f"{pair(v)} → {number(value)} · {pair(v)}", 28, color)
            for (value, v), color in self.pairs()
        ]
        lines = VGroup(label("eigenvectors", 26, GREY_B), *rows).arrange(DOWN, buff=0.2)
        panel = Rectangle(width=lines.width + 0.5, height=lines.height + 0.4, stroke_width=1)
        panel.set_fill(BLACK, opacity=0.9).set_stroke(GREY_B).move_to(lines)
        return (
            VGroup(panel, lines).to_corner(DOWN + RIGHT, buff=0.3).shift(0.95 * UP).set_z_index(5)
        )

    def show_turning(self):
        self.say("Does any arrow keep its direction? Here are arrows all around")
        angles = np.linspace(0, np.pi, 6, endpoint=False) + 0.2
        directions = [np.array([np.cos(a), np.sin(a)]) for a in angles]
        before = [self.arrow(v, YELLOW, 5) for v in directions]
        after = [self.arrow(self.matrix @ v, YELLOW, 5) for v in directions]
        ghosts = VGroup(*(self.build_line(v, GREY_B).set_opacity(0.7) for v in directions))
        self.play(FadeIn(ghosts), *(FadeIn(arrow) for arrow in before), run_time=0.8)
        moved = self.plane.copy().apply_matrix(self.matrix)
        self.play(
            ReplacementTransform(self.plane, moved),
            *(ReplacementTransform(a, b) for a, b in zip(before, after, strict=True)),
            run_time=2.5,
        )
        self.say("Every arrow has left its line: there is no real eigenvector")
        self.wait(0.8)
        half = (self.matrix[0, 0] + self.matrix[1, 1]) / 2
        turn = np.sqrt(np.linalg.det(self.matrix) - half**2)
        real = f"{number(half)} " if abs(half) > 0.004 else ""
        self.say(f"Its eigenvalues are complex: {real}± {number(turn)}i, which means turning")
        self.wait(2.5)
