"""The subjects of the built-in scenes, for declined sentences. Pure.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

from collections.abc import Collection

# Two lines on a card: a field, its topics, and the scenes of each by their files' names.
_FIELDS: dict[str, dict[str, tuple[str, ...]]] = {
    "Mathematics": {
        "vectors and matrices": (
            "matrix_on_plane", "determinant_area", "change_of_basis", "dot_product",
            "vector_spaces", "tensor_boxes", "cross_product", "linear_independence",
            "matrix_product", "rank_null_space", "gram_schmidt", "singular_values",
        ),
        "derivatives, integrals and series": (
            "derivative_secant", "riemann_sums", "taylor_polynomials", "fourier_vectors",
            "geometric_series", "newton_method", "gradient_contour",
            "chain_rule", "epsilon_limit", "integration_by_parts", "lagrange_multipliers",
        ),
        "geometry and numbers": (
            "tesseract", "pythagoras", "unit_circle", "euler_formula", "complex_multiplication",
            "odd_squares", "pascal_triangle", "mandelbrot", "prime_sieve",
            "golden_ratio", "sixteen_cell", "twenty_four_cell", "clifford_torus",
            "four_ball_slices",
        ),
        "probability": (
            "bayes_square", "binomial_distribution", "central_limit", "large_numbers",
            "normal_distribution", "random_walk", "markov_chain", "monty_hall",
            "poisson_distribution", "linear_regression",
        ),
    },
    "Computing and physics": {
        "algorithms": (
            "sorting_search", "dijkstra", "graph_search", "search_tree", "hanoi",
            "quicksort", "merge_sort", "hash_table",
        ),
        "machine learning": (
            "gradient_descent", "weight_decay", "softmax_temperature", "neural_network",
            "backpropagation", "k_means", "attention", "principal_components",
        ),
        "signals and motion": (
            "convolution", "wave_superposition", "pendulum", "projectile", "standing_waves",
            "planetary_orbit", "double_pendulum", "heat_rod",
        ),
    },
}  # fmt: skip


def describe_subjects(scenes: Collection[str]) -> list[str]:
    """Return a line for each field: its topics, and how many of the scenes each has."""
    lines = []
    for field, topics in _FIELDS.items():
        counts = {topic: sum(name in scenes for name in names) for topic, names in topics.items()}
        told = [f"{topic} ({count})" for topic, count in counts.items() if count]
        lines += [f"{field}: {', '.join(told)}"] if told else []
    return lines


def list_without_subject(scenes: Collection[str]) -> list[str]:
    """Return the scenes that no topic names."""
    named = {name for topics in _FIELDS.values() for names in topics.values() for name in names}
    return sorted(set(scenes) - named)
