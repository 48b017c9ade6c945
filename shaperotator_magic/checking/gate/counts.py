"""Numbers that are counts: a large one would take all memory. Pure.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

# Places of counts: arguments of these calls, and repetitions.
LARGEST_COUNT = 1e9
COUNTING_CALLS = frozenset(
    "range arange linspace logspace zeros ones full empty eye identity repeat tile resize reshape "
    "ljust rjust center zfill rand randn random_sample choices sample islice "
    "combinations permutations product bytes bytearray default_rng normal uniform integers "
    "get_samples pad broadcast_to factorial comb perm".split()
)


def find_large_counts(nodes: Iterable[ast.AST]) -> set[int]:
    """Return the identities of the nodes that count more than may be made.

    Such a node is a number, or a name that is assigned one.
    """
    nodes = list(nodes)
    large = {
        target.id
        for node in nodes
        if isinstance(node, ast.Assign) and _is_large(node.value)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    counts = (part for node in nodes for part in _list_counts(node))
    return {
        id(part)
        for part in counts
        if _is_large(part) or (isinstance(part, ast.Name) and part.id in large)
    }


def _is_large(node: ast.AST) -> bool:
    value = node.value if isinstance(node, ast.Constant) else None
    return isinstance(value, int | float) and value > LARGEST_COUNT


def _list_counts(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the numbers that are counts."""
    if isinstance(node, ast.Call):
        name = getattr(node.func, "id", None) or getattr(node.func, "attr", "")
        given = [*node.args, *(k.value for k in node.keywords)] if name in COUNTING_CALLS else []
        yield from (part for value in given for part in ast.walk(value))
    elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult | ast.LShift):
        sides = (node.left, node.right)
        if isinstance(node.op, ast.LShift) or not all(map(_is_arithmetic, sides)):
            yield from sides


def _is_arithmetic(node: ast.expr) -> bool:
    """Whether this is a number, and no text or list that would be repeated."""
    repeated = ast.List | ast.Tuple | ast.JoinedStr | ast.ListComp
    is_text = isinstance(node, ast.Constant) and isinstance(node.value, str | bytes)
    return not (isinstance(node, repeated) or is_text)
