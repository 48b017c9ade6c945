"""What the built-in scenes are about, for whoever asks for something else. Pure."""

from __future__ import annotations

from collections.abc import Collection

# Two lines on a card: a field, its topics, and the scenes of each by their files' names.
_FIELDS: dict[str, dict[str, tuple[str, ...]]] = {
    "Mathematics": {
        "vectors and matrices": (
            "matrix_on_plane", "determinant_area", "change_of_basis", "dot_product",
            "vector_spaces", "tensor_boxes", "cross_product", "linear_independence",
        ),
        "derivatives, integrals and series": (
            "derivative_secant", "riemann_sums", "taylor_polynomials", "fourier_vectors",
            "geometric_series", "newton_method", "gradient_contour",
        ),
        "geometry and numbers": (
            "tesseract", "pythagoras", "unit_circle", "euler_formula", "complex_multiplication",
            "odd_squares", "pascal_triangle",
        ),
        "probability": (
            "bayes_square", "binomial_distribution", "central_limit", "large_numbers",
            "normal_distribution",
        ),
    },
    "Computing and physics": {
        "algorithms": (
            "sorting_search", "dijkstra", "graph_search", "search_tree", "hanoi",
        ),
        "machine learning": (
            "gradient_descent", "weight_decay", "softmax_temperature", "neural_network",
        ),
        "signals and motion": (
            "convolution", "wave_superposition", "pendulum", "projectile",
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
