"""The tables of text mode: signs, accents, fonts, breaks, and what has no picture.

Runs in a scene's process, the confined fork that draws it.
"""

from __future__ import annotations

from typing import Any

SIZES = {"tiny": 0.5, "scriptsize": 0.7, "footnotesize": 0.8, "small": 0.9, "normalsize": 1.0,
          "large": 1.2, "Large": 1.44, "LARGE": 1.728, "huge": 2.074, "Huge": 2.488}  # fmt: skip
FACES: dict[str, dict[str, Any]] = {
    "textbf": {"is_bold": True}, "textit": {"is_italic": True}, "textsl": {"is_italic": True},
    "textrm": {"family": "serif"}, "textsf": {"family": "sans"}, "texttt": {"family": "mono"},
    "textsc": {"is_small_caps": True}, "textup": {"is_italic": False}, "textmd": {"is_bold": False},
    "text": {}, "mbox": {}, "hbox": {}, "textnormal": {}, "parbox@": {},
    "uppercase@": {},
}  # fmt: skip
SWITCHES: dict[str, dict[str, Any]] = {
    "bf": {"is_bold": True}, "bfseries": {"is_bold": True}, "it": {"is_italic": True},
    "itshape": {"is_italic": True}, "sl": {"is_italic": True}, "slshape": {"is_italic": True},
    "tt": {"family": "mono"}, "ttfamily": {"family": "mono"}, "sf": {"family": "sans"},
    "sffamily": {"family": "sans"}, "rm": {"family": "serif"}, "rmfamily": {"family": "serif"},
    "sc": {"is_small_caps": True}, "scshape": {"is_small_caps": True},
    "upshape": {"is_italic": False}, "mdseries": {"is_bold": False},
    "normalfont": {"family": "serif", "is_bold": False, "is_italic": False},
    **{name: {"size": size} for name, size in SIZES.items()},
}  # fmt: skip
SIGNS = {
    "%": "%", "&": "&", "#": "#", "_": "_", "$": "$", "{": "{", "}": "}", "textbackslash": "\\",
    "textasciitilde": "~", "textasciicircum": "^", "ss": "ß", "ae": "æ", "AE": "Æ", "oe": "œ",
    "OE": "Œ", "o": "ø", "O": "Ø", "aa": "å", "AA": "Å", "l": "ł", "L": "Ł", "i": "ı", "j": "ȷ",
    "S": "§", "P": "¶", "copyright": "©", "textcopyright": "©", "pounds": "£", "euro": "€",
    "texteuro": "€", "textdegree": "°", "degree": "°", "dag": "†", "ddag": "‡",
    "textbullet": "•", "textendash": "–", "textemdash": "—",
    "textquoteleft": "‘", "textquoteright": "’", "textquotedblleft": "“",
    "textquotedblright": "”", "textbar": "|", "textless": "<", "textgreater": ">",
    "textregistered": "®", "texttrademark": "™", "slash": "/", "lq": "‘", "rq": "’",
    "textperiodcentered": "·", "guillemotleft": "«", "guillemotright": "»", "textquestiondown": "¿",
    "textexclamdown": "¡", "textasteriskcentered": "∗", "checkmark": "✓", "textmu": "µ",
}  # fmt: skip
ACCENTS = {"'": "\u0301", "`": "\u0300", "^": "\u0302", '"': "\u0308", "~": "\u0303",
            "=": "\u0304", ".": "\u0307", "u": "\u0306", "v": "\u030c", "H": "\u030b",
            "c": "\u0327", "k": "\u0328", "r": "\u030a", "d": "\u0323", "b": "\u0331"}  # fmt: skip
LIGATURES = (("---", "—"), ("--", "–"), ("``", "“"), ("''", "”"), ("`", "‘"), ("'", "’"),
              ("?`", "¿"), ("!`", "¡"), ('"', "”"))  # fmt: skip
IGNORED = {"noindent", "centering", "raggedright", "raggedleft", "protect", "relax", "/",
            "selectfont", "strut", "leavevmode", "indent", "sloppy", "hline", "null", "-",
            "nonumber", "hfill", "displaystyle", "boldmath", "unboldmath", "vfill"}  # fmt: skip
BREAKS = {"\\": 0.0, "newline": 0.0, "par": 0.0, "smallskip": 0.3, "medskip": 0.6,
           "bigskip": 1.2, "linebreak": 0.0, "cr": 0.0, "tabularnewline": 0.0}  # fmt: skip
DEFINITIONS = {"newcommand", "renewcommand", "providecommand", "def", "DeclareMathOperator",
                "DeclareMathOperator*", "newcommand*", "renewcommand*"}  # fmt: skip
ALIGNMENTS = {"center": "center", "flushleft": "left", "flushright": "right", "quote": "left",
               "quotation": "left", "document": "left", "justify": "left"}  # fmt: skip
BULLETS = ("•", "–", "∗", "·")
# Letter, size, how far it is raised, and the space after it, in em.
_TEX = (("T", 1.0, 0.0, -0.1667), ("E", 1.0, -0.2153, -0.125), ("X", 1.0, 0.0, 0.0))
DOTS = {"ldots", "dots", "textellipsis"}
DOT_SPACE_EM = 1 / 6  # behind each of them
# Behind these TeX's spaces are wider; brackets and quotes between change nothing.
SENTENCE_ENDS = tuple(".?!:")
TRANSPARENT = ")]’”"
LOGOS = {"TeX": _TEX, "LaTeX": (("L", 1.0, 0.0, -0.36), ("A", 0.7, 0.21, -0.15), *_TEX)}
