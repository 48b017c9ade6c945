"""Subjects of the library's scenes, and the phrases in which sentences name their values."""

from __future__ import annotations

from dataclasses import dataclass

from tests.sentence_notations import (
    Maker,
    angle,
    choice,
    complex_number,
    decimal,
    expression,
    matrix,
    measured,
    numbers,
    pair,
    shape,
    share,
    vector,
    whole,
)


@dataclass(frozen=True)
class Slot:
    """A parameter with the phrases that may name it; ``{}`` is its value."""

    parameter: str
    make: Maker
    phrases: tuple[str, ...]


@dataclass(frozen=True)
class Subject:
    """A scene, what people call its subject, and the values that a sentence on it may have."""

    scene: str
    names: tuple[str, ...]
    slots: tuple[Slot, ...]
    is_ordered: bool = False


_SPEED = measured(
    (5, 10, 15, 20, 25, 30, 40, 50),
    ((" m/s", 1), (" metres per second", 1), (" meters per second", 1), (" km/h", 1 / 3.6)),
)
_LENGTH = measured(
    (0.5, 0.8, 1, 1.5, 2, 2.5, 3, 4),
    ((" m", 1), (" metres", 1), (" meters", 1), (" cm", 0.01), ("m", 1)),
)
_HERTZ = measured((1, 2, 3, 4, 5, 6, 8, 9, 10, 12), ((" Hz", 1), (" hertz", 1), ("Hz", 1)))
_SORTS = choice(
    bubble_sort=("bubble sort", "bubblesort", "Bubble Sort"),
    insertion_sort=("insertion sort", "insertion-sort"),
    selection_sort=("selection sort", "Selection sort"),
)

SUBJECTS = (
    Subject(
        "projectile",
        ("projectile motion", "path of a thrown ball", "trajectory of a projectile"),
        (
            Slot("SPEED", _SPEED, ("with {}", "at {}", "with a speed of {}", "v0 = {}")),
            Slot(
                "ANGLE", angle(15, 30, 36, 45, 60, 75), ("at {}", "at an angle of {}", "under {}")
            ),
        ),
    ),
    Subject(
        "pendulum",
        ("pendulum", "simple pendulum", "swinging pendulum"),
        (
            Slot("LENGTH", _LENGTH, ("with a length of {}", "of length {}", "length = {}")),
            Slot(
                "ANGLE",
                angle(10, 20, 30, 45, 60),
                ("released at {}", "starting at {}", "with an amplitude of {}"),
            ),
        ),
    ),
    Subject(
        "complex_multiplication",
        ("product of the complex numbers", "complex multiplication of"),
        (
            Slot("Z", complex_number(3), ("{}",)),
            Slot("W", complex_number(3), ("and {}", "times {}", "with {}")),
        ),
        is_ordered=True,
    ),
    Subject(
        "sorting_search",
        ("sorting of a list",),
        (
            Slot("ALGORITHM", _SORTS, ("with {}", "by {}", "using {}")),
            Slot("NUMBERS", numbers(3, 8), ("for the list {}", "for {}", "for the numbers {}")),
        ),
    ),
    Subject(
        "search_tree",
        ("binary search tree", "BST"),
        (
            Slot(
                "NUMBERS",
                numbers(3, 9, 200),
                ("with the numbers {}", "from {}", "after inserting {}"),
            ),
        ),
    ),
    Subject(
        "tensor_boxes",
        ("tensor of shape", "shape of a tensor"),
        (Slot("SHAPE", shape, ("{}", "of size {}")),),
        is_ordered=True,
    ),
    Subject(
        "derivative_secant",
        ("derivative of",),
        (
            Slot("F", expression, ("{}", "f(x) = {}", "the function {}")),
            Slot("POINT", whole(-4, 4), ("at x = {}", "at the point {}", "at {}")),
        ),
        is_ordered=True,
    ),
    Subject(
        "newton_method",
        ("Newton's method for", "Newton iteration for"),
        (
            Slot("F", expression, ("{}", "f(x) = {}")),
            Slot("START", decimal(-9, 9), ("starting at {}", "from x0 = {}", "with the start {}")),
        ),
        is_ordered=True,
    ),
    Subject(
        "riemann_sums",
        ("Riemann sum of", "Riemann sums for"),
        (
            Slot("F", expression, ("{}", "f(x) = {}")),
            Slot("START", whole(-4, 0), ("from {}",)),
            Slot("END", whole(1, 6), ("to {}",)),
            Slot(
                "RECTANGLES",
                whole(3, 40),
                ("with {} rectangles", "using {} rectangles", "with n = {}"),
            ),
        ),
        is_ordered=True,
    ),
    Subject(
        "gradient_descent",
        ("gradient descent",),
        (
            Slot(
                "LEARNING_RATE",
                decimal(0.01, 2.9, 2),
                ("with a learning rate of {}", "learning rate {}", "with step size {}"),
            ),
            Slot("START", vector(2, 4), ("starting at {}", "from the point {}", "start = {}")),
        ),
    ),
    Subject(
        "pythagoras",
        ("Pythagorean theorem", "theorem of Pythagoras"),
        (
            Slot(
                "LEGS",
                pair(1, 8),
                ("with legs {}", "for a right triangle with legs {}", "with the legs {}"),
            ),
        ),
    ),
    Subject(
        "bayes_square",
        ("Bayes' theorem", "medical test by Bayes"),
        (
            Slot(
                "PRIOR",
                share("0.01", "0.02", "0.05", "0.1", "0.2", "0.25"),
                ("a prior of {}", "a prevalence of {}"),
            ),
            Slot(
                "SENSITIVITY",
                share("0.8", "0.9", "0.95", "0.99"),
                ("a sensitivity of {}", "sensitivity {}"),
            ),
            Slot(
                "FALSE_POSITIVE",
                share("0.03", "0.08", "0.1", "0.15"),
                ("a false positive rate of {}", "{} false positives"),
            ),
        ),
    ),
    Subject(
        "binomial_distribution",
        ("binomial distribution",),
        (
            Slot("TRIALS", whole(2, 20), ("with {} trials", "with n = {}", "for {} trials")),
            Slot(
                "PROBABILITY",
                share("0.1", "0.3", "0.5", "0.75"),
                ("with p = {}", "with a probability of {}"),
            ),
        ),
    ),
    Subject(
        "central_limit",
        ("central limit theorem",),
        (Slot("DICE", whole(2, 10), ("with {} dice", "for {} dice")),),
    ),
    Subject(
        "large_numbers",
        ("law of large numbers",),
        (
            Slot(
                "FLIPS", whole(50, 2000), ("with {} flips", "after {} tosses", "with {} coin flips")
            ),
            Slot(
                "PROBABILITY",
                share("0.2", "0.4", "0.6", "0.75"),
                ("with p = {}", "with a probability of {}"),
            ),
        ),
    ),
    Subject(
        "change_of_basis",
        ("change of basis for", "coordinates of"),
        (
            Slot("VECTOR", vector(2, 6), ("{}", "the vector {}")),
            Slot("BASIS_1", vector(2, 4), ("in the basis {}",)),
            Slot("BASIS_2", vector(2, 4), ("and {}",)),
        ),
        is_ordered=True,
    ),
    Subject(
        "convolution",
        ("convolution of", "discrete convolution of"),
        (
            Slot("SIGNAL", numbers(3, 8, 10), ("{}", "the signal {}")),
            Slot("KERNEL", numbers(2, 4, 10), ("with the kernel {}",)),
        ),
        is_ordered=True,
    ),
    Subject(
        "cross_product",
        ("cross product of",),
        (
            Slot("VECTOR_A", vector(3, 3), ("{}",)),
            Slot("VECTOR_B", vector(3, 3), ("and {}", "with {}")),
        ),
        is_ordered=True,
    ),
    Subject(
        "dot_product",
        ("dot product of", "scalar product of"),
        (
            Slot("VECTOR_A", vector(2, 6), ("{}",)),
            Slot("VECTOR_B", vector(2, 6), ("and {}", "with {}")),
        ),
        is_ordered=True,
    ),
    Subject(
        "linear_independence",
        ("linear independence of", "span of"),
        (Slot("V", vector(2, 4), ("{}", "the vectors {}")), Slot("W", vector(2, 4), ("and {}",))),
        is_ordered=True,
    ),
    Subject(
        "determinant_area",
        ("determinant of the matrix", "determinant of a matrix"),
        (Slot("MATRIX", matrix(5), ("{}",)),),
        is_ordered=True,
    ),
    Subject(
        "matrix_on_plane",
        ("eigenvectors of the matrix", "action on the plane of the matrix"),
        (Slot("MATRIX", matrix(5), ("{}",)),),
        is_ordered=True,
    ),
    Subject(
        "dijkstra",
        ("Dijkstra's algorithm", "shortest path by Dijkstra"),
        (Slot("START", whole(1, 6), ("from node {}", "starting at vertex {}")),),
    ),
    Subject(
        "fourier_vectors",
        ("Fourier series",),
        (
            Slot(
                "WAVE",
                choice(
                    square=("a square wave",),
                    triangle=("a triangle wave",),
                    sawtooth=("a sawtooth wave", "a sawtooth"),
                ),
                ("of {}", "for {}"),
            ),
            Slot("TERMS", whole(1, 12), ("with {} terms", "with {} rotating vectors")),
        ),
    ),
    Subject(
        "graph_search",
        ("search of a graph",),
        (
            Slot(
                "ALGORITHM",
                choice(
                    breadth_first_search=("BFS", "breadth-first search"),
                    depth_first_search=("DFS", "depth first search"),
                ),
                ("by {}", "with {}"),
            ),
            Slot("START", whole(1, 8), ("from node {}", "starting at node {}")),
        ),
    ),
    Subject(
        "hanoi",
        ("towers of Hanoi", "Tower of Hanoi"),
        (Slot("DISKS", whole(2, 5), ("with {} disks", "for {} discs")),),
    ),
    Subject(
        "neural_network",
        ("forward pass of a neural network", "neural network forward pass"),
        (
            Slot("INPUTS", pair(-3, 3), ("for the inputs {}", "with inputs {}")),
            Slot(
                "ACTIVATION",
                choice(relu=("ReLU", "relu"), sigmoid=("sigmoid",), tanh=("tanh",)),
                ("with {}", "using {} activation"),
            ),
        ),
    ),
    Subject(
        "normal_distribution",
        ("normal distribution", "bell curve"),
        (
            Slot("MEAN", whole(-99, 200), ("with mean {}", "with a mean of {}", "μ = {}")),
            Slot(
                "SIGMA",
                decimal(0.5, 30),
                ("with standard deviation {}", "with sigma = {}", "with σ = {}"),
            ),
        ),
    ),
    Subject(
        "odd_squares",
        ("sum of odd numbers",),
        (Slot("COUNT", whole(3, 10), ("for the first {} odd numbers",)),),
    ),
    Subject(
        "pascal_triangle",
        ("Pascal's triangle", "Pascal triangle"),
        (Slot("ROWS", whole(4, 10), ("with {} rows", "for the first {} rows")),),
    ),
    Subject(
        "softmax_temperature",
        ("softmax of", "softmax of the logits"),
        (Slot("LOGITS", numbers(2, 6, 10), ("{}",)),),
        is_ordered=True,
    ),
    Subject(
        "taylor_polynomials",
        ("Taylor series of", "Taylor polynomial of"),
        (
            Slot(
                "FUNCTION",
                choice(
                    sin=("sin(x)", "sine", "sin x"),
                    cos=("cos(x)", "the cosine"),
                    exp=("e^x", "exp(x)", "the exponential function"),
                ),
                ("{}",),
            ),
            Slot("DEGREE", whole(1, 15), ("up to degree {}", "of degree {}", "to order {}")),
        ),
        is_ordered=True,
    ),
    Subject(
        "unit_circle",
        ("unit circle", "sine and cosine on the unit circle"),
        (
            Slot(
                "ANGLE",
                angle(30, 45, 60, 90, 120, 135, 150, 210, 270),
                ("at {}", "for an angle of {}"),
            ),
        ),
    ),
    Subject(
        "wave_superposition",
        ("superposition of two waves of", "beats of two tones of"),
        (Slot("FREQUENCY_1", _HERTZ, ("{}",)), Slot("FREQUENCY_2", _HERTZ, ("and {}",))),
        is_ordered=True,
    ),
    Subject(
        "weight_decay",
        ("weight decay", "L2 regularisation"),
        (Slot("LAMBDA", decimal(0.1, 4.9), ("with lambda = {}", "with λ = {}", "for lambda {}")),),
    ),
)
