"""A pack that a follow-up asks for in words: 'in the chalk style', 'use the paper style'. Pure.

Runs in every process.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from shaperotator_magic.core.records import Prompt

_FILLING = frozenset(
    "a all and again as draw everything for give in into it its look make me now of on please put "
    "redraw scene set show style that the this to use using video want with would i like should be "
    "have switch change".split()
)


def take_style_request(prompt: Prompt, names: Sequence[str]) -> tuple[Prompt, str]:
    """Return a follow-up with the pack that it asks for in words, and what else it asks."""
    name, rest = read_style_request(prompt.text, names)
    if name is None:
        return prompt, rest
    options = prompt.options.model_copy(update={"style": name})
    return prompt.model_copy(update={"options": options}), rest


def read_style_request(text: str, names: Sequence[str]) -> tuple[str | None, str]:
    """Return the pack that a sentence asks for, and what else it asks; that may be nothing.

    Parameters
    ----------
    names
        The packs that there are; other words before 'style' ask for none.
    """
    known = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    asked = re.compile(
        rf"[\"'‘“]?\b(?P<before>{known})\b[\"'’”]?\s+style\b"
        rf"|\bstyle\s*(?:pack)?\s*[:=]?\s*[\"'‘“]?(?P<after>{known})\b[\"'’”]?"
        rf"|--style[ =](?P<flag>{known})\b",
        re.IGNORECASE,
    )
    found = asked.search(text)
    if found is None:
        return None, text
    name = (found["before"] or found["after"] or found["flag"]).lower()
    rest = f"{text[: found.start()]} {text[found.end() :]}"
    words = re.findall(r"[^\W_]+", rest.lower())
    return name, "" if all(word in _FILLING for word in words) else rest
