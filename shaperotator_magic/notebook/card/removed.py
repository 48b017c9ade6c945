"""What is left of a result that was removed: one line, and what brings it back.

Imports nothing heavy.

Runs in the user's kernel.
"""

from __future__ import annotations

from typing import Any

from shaperotator_magic.core.control_characters import escape_shown, show_controls
from shaperotator_magic.notebook.card.look import FAINT
from shaperotator_magic.notebook.card.mime import MIME_TYPE

_HINT = "'%shaperotate undo {}' brings it back until this kernel ends."


def build_removed(
    generation_id: str, title: str, *, kernel_id: str, is_final: bool = False
) -> dict[str, Any]:
    """Return the data of the output in which a removed result was.

    Parameters
    ----------
    generation_id, title
        The result.
    kernel_id
        The kernel that can bring it back; empty: none.
    is_final
        Its file is deleted: nothing brings it back.
    """
    said = show_controls(f"{title}: removed.")
    hint = "" if is_final else _HINT.format(generation_id)
    below = f'<div style="{FAINT}">{escape_shown(hint)}</div>' if hint else ""
    html = (
        f'<figure class="shaperotator" data-sr-id="{escape_shown(generation_id)}"'
        f' data-sr-kernel="{escape_shown("" if is_final else kernel_id)}"'
        f' data-sr-status="removed" style="margin:6px 0">'
        f'<figcaption><div style="{FAINT}">{escape_shown(said)}</div>{below}</figcaption></figure>'
    )
    text = "\n".join(filter(None, (said, hint)))
    facts = {
        "schema": 1,
        "id": generation_id,
        "kernel": "" if is_final else kernel_id,
        "status": "removed",
        "title": show_controls(title),
    }
    return {MIME_TYPE: facts, "text/html": html, "text/markdown": text, "text/plain": text}
