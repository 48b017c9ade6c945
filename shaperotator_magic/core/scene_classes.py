"""Which classes of a module are scenes, which statements are inert. Imports nothing of ours.

Runs in every process.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

Classes = Mapping[str, ast.ClassDef]
SCENE_ENDINGS = ("Scene", "Slide")
_SEEDING = frozenset({"random.seed", "np.random.seed", "numpy.random.seed"})


def find_classes(tree: ast.Module) -> dict[str, ast.ClassDef]:
    """Return the classes at the top level, in the order of the file."""
    return {node.name: node for node in tree.body if isinstance(node, ast.ClassDef)}


def is_scene(name: str, classes: Classes) -> bool:
    """Tell whether a class has a ``construct`` and a base from elsewhere named ``…Scene``
    (or ``…Slide``, as a plugin calls it).

    Either may come from a base that stands among ``classes`` itself.
    """
    family = list(_walk_family(name, classes))
    outer = [base for node in family for base in find_bases(node) if base not in classes]
    has_construct = any(_defines(node, "construct") for node in family)
    return has_construct and any(base.endswith(SCENE_ENDINGS) for base in outer)


def find_bases(node: ast.ClassDef) -> list[str]:
    """Return the last part of every base's name: ``Scene`` of ``manim.Scene``."""
    names = (getattr(base, "id", None) or getattr(base, "attr", None) for base in node.bases)
    return [str(name) for name in names if name]


def _walk_family(name: str, classes: Classes) -> Iterator[ast.ClassDef]:
    """Yield a class and those of its bases that stand in the file."""
    seen: set[str] = set()
    waiting = [name]
    while waiting:
        current = waiting.pop()
        if current in classes and current not in seen:
            seen.add(current)
            yield classes[current]
            waiting.extend(find_bases(classes[current]))


def _defines(node: ast.ClassDef, function: str) -> bool:
    return any(isinstance(row, ast.FunctionDef) and row.name == function for row in node.body)


def is_inert(node: ast.stmt) -> bool:
    """Return whether nothing is lost where a statement does not run while a module is defined.

    Those are docstrings, ``pass``, what only a script runs (``if __name__ == "__main__":``), and
    the seed of a generator of random numbers, which renders have of their own.
    """
    if isinstance(node, ast.Expr):
        return isinstance(node.value, ast.Constant) or _is_seed(node.value)
    return isinstance(node, ast.Pass) or is_script_part(node)


def is_script_part(node: ast.stmt) -> bool:
    """Return whether a statement runs only where its file is the program."""
    if not isinstance(node, ast.If) or node.orelse:
        return False
    return ast.unparse(node.test) == "__name__ == '__main__'"


def _is_seed(node: ast.expr) -> bool:
    if not isinstance(node, ast.Call) or ast.unparse(node.func) not in _SEEDING:
        return False
    values = [*node.args, *(keyword.value for keyword in node.keywords)]
    return all(isinstance(value, ast.Constant) for value in values)
