"""Refinement of a scene by a further sentence: the messages, and the resulting diff. Pure.

Runs in the caller's process, or in the service's relay process.
"""

from __future__ import annotations

import ast
import difflib
from collections import Counter
from collections.abc import Sequence

from shaperotator_magic.core.records import SceneCode
from shaperotator_magic.writing.model.language_model import Message

__all__ = ["build_diff", "build_refinement", "measure_kept"]

_MOST_EARLIER = 6
_LONGEST_EARLIER = 300

_REQUEST = """\
Change the scene above as follows, and only so. Everything that is not named stays as it is: \
texts, colours, order and timing. Answer with the whole new file in one code block.
"""


def build_refinement(
    first: Message, earlier: Sequence[str], code: SceneCode, request: str
) -> list[Message]:
    """Return the messages that ask a model to change a scene.

    Parameters
    ----------
    first
        The system prompt.
    earlier
        The sentences that led to the scene so far, the first one first.
    code
        The scene as it is now, also where a user has changed it by hand.
    request
        What the user wants changed, exactly as typed.
    """
    told = "\n".join(_shorten(text) for text in earlier[-_MOST_EARLIER:])
    return [
        first,
        {"role": "user", "content": told},
        {"role": "assistant", "content": "```python\n" + code.source.rstrip() + "\n```"},
        {"role": "user", "content": _REQUEST + "\n" + request},
    ]


def _shorten(text: str) -> str:
    return text if len(text) <= _LONGEST_EARLIER else text[: _LONGEST_EARLIER - 1] + "…"


def build_diff(before: SceneCode, after: SceneCode) -> str:
    """Return what changed as a unified diff; empty where nothing did."""
    lines = difflib.unified_diff(
        before.source.splitlines(), after.source.splitlines(), "before", "after", lineterm="", n=2
    )
    return "\n".join(lines)


def measure_kept(before: SceneCode, after: SceneCode) -> float:
    """Return which share of the earlier scene's simple statements is in the new one, 0 to 1."""
    old, new = _count_statements(before.source), _count_statements(after.source)
    whole = sum(old.values())
    return sum((old & new).values()) / whole if whole else 1.0


def _count_statements(source: str) -> Counter[str]:
    blocks = ast.FunctionDef | ast.ClassDef | ast.For | ast.While | ast.If | ast.With
    return Counter(
        ast.unparse(node)
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.stmt) and not isinstance(node, blocks)
    )
