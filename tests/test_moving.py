"""What would run while a scene is defined: it passes if harmless, or moves into construct()."""

from __future__ import annotations

import pytest

from shaperotator_magic.checking.gate.safety import check_safety
from shaperotator_magic.checking.repairs.moving import move_into_construct

SCENE = "class S(Scene):\n    def construct(self):\n        self.wait()\n"
HEAD = (
    "import random\nimport re\nimport networkx as nx\nimport numpy as np\nfrom manim import *\n\n"
)


def check(head: str) -> list[str]:
    return [finding.rule for finding in check_safety(f"{HEAD}{head}\n\n{SCENE}")]


@pytest.mark.parametrize(
    "head",
    [
        "G = nx.erdos_renyi_graph(14, 0.5)",
        "G = nx.balanced_tree(2, 3)",
        "G = nx.Graph([(1, 2), (2, 3)])",
        "random.seed(3)",
        "np.random.seed(42)",
        "rng = np.random.default_rng(0)",
        "WORD = re.compile('a+')",
        "M = np.diag([1, 2])",
        "M = np.full((3, 3), 2)",
        'if __name__ == "__main__":\n    print(1)',
    ],
)
def test_harmless_definition_passes(head: str) -> None:
    assert check(head) == []


@pytest.mark.parametrize(
    "head",
    [
        "G = nx.complete_graph(100_000)",
        "G = nx.balanced_tree(2, 40)",
        "M = np.identity(100_000)",
        "random.seed(print())",
        "G = nx.read_gpickle('x')",
        'if __name__ == "__main__":\n    import os',
        'if __name__ == "__main__":\n    pass\nelse:\n    print(1)',
        'if __name__ != "__main__":\n    print(1)',
    ],
)
def test_definition_that_is_large_or_runs_is_refused(head: str) -> None:
    assert check(head)


MOVED = [
    ("def f():\n    return 3\nN = f()", "global N", "N = f()"),
    ("A = str.upper('a')\nB = A[0]", "global A, B", "A = str.upper('a')", "B = A[0]"),
    ("Text.set_default(font_size=20)", "Text.set_default(font_size=20)"),
    ("A = []\nfor i in A:\n    A.append(i)", "global i", "for i in A:", "    A.append(i)"),
]


@pytest.mark.parametrize("row", MOVED, ids=lambda row: row[0][:30])
def test_statement_that_would_run_moves_to_the_start_of_construct(row: tuple[str, ...]) -> None:
    source = f"{HEAD}{row[0]}\n\n{SCENE}"
    moved, changes = move_into_construct(source, "S")
    body = moved.split("def construct(self):\n")[1].splitlines()
    assert [line.removeprefix(" " * 8) for line in body] == [*row[1:], "self.wait()"]
    assert changes and check_safety(moved) == []


def test_attribute_of_the_scene_moves_to_self() -> None:
    source = SCENE.replace("    def", '    title = Text("a")\n    size = 3\n\n    def', 1)
    moved, _ = move_into_construct(f"from manim import *\n\n{source}", "S")
    assert '        self.title = Text("a")\n        self.wait()\n' in moved
    assert "    size = 3\n" in moved and check_safety(moved) == []


@pytest.mark.parametrize(
    "head",
    [
        "def f():\n    return 3\nN = f()\n\nclass Big(Circle):\n    n = N",
        "def f():\n    return 3\nN = f()\n\ndef g(n=N):\n    return n",
        "N = 3",
    ],
)
def test_what_definitions_need_stays(head: str) -> None:
    source = f"{HEAD}{head}\n\n{SCENE}"
    assert move_into_construct(source, "S") == (source, [])
