"""The tables of math mode: commands of one kind, and how they differ.

Runs in a scene's process, the confined fork that draws it.
"""

from __future__ import annotations

from typing import Any

from shaperotator_magic.rendering.mathtext import symbols

BIG_EM = {"big": 1.2, "Big": 1.8, "bigg": 2.4, "Bigg": 3.0}
BIG_KINDS = {"": symbols.ORD, "l": symbols.OPEN, "r": symbols.CLOSE, "m": symbols.REL}
CLASSES = {"mathord": symbols.ORD, "mathop": symbols.OP, "mathbin": symbols.BIN,
            "mathrel": symbols.REL, "mathopen": symbols.OPEN, "mathclose": symbols.CLOSE,
            "mathpunct": symbols.PUNCT, "mathinner": symbols.INNER}  # fmt: skip
STYLES = {"displaystyle": "D", "textstyle": "T", "scriptstyle": "S", "scriptscriptstyle": "SS"}
FRACTIONS = {"frac": "", "dfrac": "D", "tfrac": "T", "cfrac": "D"}
ARROWS = {"xrightarrow": "→", "xleftarrow": "←", "xleftrightarrow": "↔", "xRightarrow": "⇒",
           "xLeftarrow": "⇐", "xLeftrightarrow": "⇔", "xmapsto": "↦", "xhookrightarrow": "↪",
           "xrightleftharpoons": "⇌"}  # fmt: skip
CANCELS = {"cancel": "/", "bcancel": "\\", "xcancel": "x", "sout": "-"}
LINES = {"overline": (True, ""), "underline": (False, ""), "overbrace": (True, "brace"),
          "underbrace": (False, "brace"), "underrightarrow": (False, "→"),
          "underleftarrow": (False, "←"), "underleftrightarrow": (False, "↔"),
          "overrightarrow": (True, "→"), "overleftarrow": (True, "←"),
          "overleftrightarrow": (True, "↔"), "overbracket": (True, "bracket"),
          "underbracket": (False, "bracket")}  # fmt: skip
OLD_ALPHABETS = {"rm": "rm", "bf": "bf", "it": "ti", "sf": "sf", "tt": "tt", "cal": "cal",
                  "mit": "it", "frak": "frak"}  # fmt: skip
PHANTOMS = {"phantom": (True, True, False), "vphantom": (False, True, False),
             "hphantom": (True, False, False), "smash": (True, False, True),
             "mathstrut": (False, True, False), "llap": (False, True, True)}  # fmt: skip
TEXT_FACES: dict[str, dict[str, Any]] = {
    "text": {}, "mbox": {}, "hbox": {}, "textnormal": {}, "textrm": {"family": "serif"},
    "textup": {"is_italic": False}, "textbf": {"is_bold": True}, "textit": {"is_italic": True},
    "textsl": {"is_italic": True}, "emph": {"is_italic": True}, "textsf": {"family": "sans"},
    "texttt": {"family": "mono"}, "textsc": {"is_small_caps": True}, "textmd": {"is_bold": False},
    "intertext": {},
}  # fmt: skip
