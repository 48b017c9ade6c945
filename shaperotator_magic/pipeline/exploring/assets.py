"""The front end of a result, as files and as one text.

JupyterLab's extension bundles the files, the service serves them. A shared page and the widget of
a kernel need one text: the modules joined in the order of their imports.

Runs wherever results are shown: in a kernel, a service or ``share``.
"""

from __future__ import annotations

import functools
import re
from pathlib import Path

STATIC = Path(__file__).with_name("static")
STYLE = "explore.css"
MODULES = (
    "dom.js", "steps.js", "geometry.js", "viewer.js", "blending.js", "turning.js",
    "presenting.js", "player.js", "knobs.js", "pages.js",
)  # fmt: skip
"""The modules, each after those that it imports."""

_IMPORT = re.compile(r"^import \{[^}]*\} from '\./[a-z_]+\.js';\n", re.M)
# Whole lines of comments, and how far lines are indented: a third of the text.
_COMMENT = re.compile(r"^[ ]*(?:/\*\*(?:[^*]|\*(?!/))*\*/|//[^\n]*)\n", re.M)
_INDENT = re.compile(r"^[ ]+", re.M)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:function|class|const)\b)", re.M)


@functools.cache
def read_script() -> str:
    """Return all modules as one script, without imports, exports and comments.

    A module exports by ``export function``, ``class`` or ``const``, and its names are its own.
    """
    texts = ((STATIC / name).read_text(encoding="utf-8") for name in MODULES)
    joined = "\n".join(_EXPORT.sub("", _IMPORT.sub("", text)) for text in texts)
    return _INDENT.sub("", _COMMENT.sub("", joined))


@functools.cache
def read_style() -> str:
    """Return the style sheet of the player, the viewer and the knobs."""
    return (STATIC / STYLE).read_text(encoding="utf-8")
