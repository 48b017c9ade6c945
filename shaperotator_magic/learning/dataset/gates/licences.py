"""Which makers of models forbid to train others on what their models write. Pure.

Runs in a command's process.
"""

from __future__ import annotations

import re

_MAKERS = (
    (re.compile(r"\b(?:gpt|chatgpt|o[134](?:-|$)|codex|davinci)", re.I), "OpenAI"),
    (re.compile(r"claude", re.I), "Anthropic"),
    (re.compile(r"\bgemini", re.I), "Google"),
    (re.compile(r"\bgrok", re.I), "xAI"),
    (re.compile(r"\bcommand-(?:r|a|light)", re.I), "Cohere"),
)
_OPEN = re.compile(r"gpt-oss|gpt-?(?:2|j|neo)", re.I)


def find_restriction(model: str) -> str:
    """Return the maker whose terms forbid training on this model's replies; empty for others."""
    if _OPEN.search(model):
        return ""
    return next((maker for pattern, maker in _MAKERS if pattern.search(model)), "")
