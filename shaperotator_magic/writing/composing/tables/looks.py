"""The tables of appearances: colours, sizes, lines and fills. Pure data.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

_COLOURS = {
    "RED": "red", "GREEN": "green", "BLUE": "blue", "YELLOW": "yellow", "ORANGE": "orange",
    "PURPLE": "purple|violet", "PINK": "pink", "WHITE": "white", "GREY": "grey|gray",
    "BLACK": "black", "TEAL": "teal|turquoise", "GOLD": "gold|golden|amber",
    "MAROON": "maroon|burgundy", "LIGHT_BROWN": "brown", "#00E5FF": "cyan|aqua",
    "#FF40FF": "magenta|fuchsia", "#4B5FE0": "indigo", "#3050A0": "navy|navy blue",
    "#A6E22E": "lime|lime green", "#C0C8D0": "silver", "#DC143C": "crimson|scarlet",
    "#FF7F50": "coral|salmon", "#808A20": "olive", "#F5E6C8": "beige|cream|ivory",
    "#C8A2FF": "lavender|lilac",
}  # fmt: skip
_LIGHT = {
    "RED": "RED_B", "GREEN": "GREEN_B", "BLUE": "BLUE_B", "YELLOW": "YELLOW_B",
    "PURPLE": "PURPLE_B", "GREY": "GREY_B", "TEAL": "TEAL_B", "ORANGE": "#FFC08A",
    "PINK": "#F8C8E0", "LIGHT_BROWN": "#E0B890", "GOLD": "GOLD_B",
}  # fmt: skip
_DARK = {
    "RED": "RED_E", "GREEN": "GREEN_E", "BLUE": "BLUE_E", "YELLOW": "YELLOW_E",
    "PURPLE": "PURPLE_E", "GREY": "GREY_D", "TEAL": "TEAL_E", "ORANGE": "#C05A10",
    "PINK": "#B04080", "LIGHT_BROWN": "DARK_BROWN", "GOLD": "GOLD_E",
}  # fmt: skip

COLOURS: dict[str, str] = {
    word: colour for colour, words in _COLOURS.items() for word in words.split("|")
}
for _shade, _table in (("light", _LIGHT), ("pale", _LIGHT), ("bright", {}), ("dark", _DARK),
                       ("deep", _DARK)):  # fmt: skip
    COLOURS.update(
        {
            f"{_shade} {word}": _table.get(colour, colour)
            for word, colour in list(COLOURS.items())
            if " " not in word and colour in (_table or COLOURS.values())
        }
    )

# Words for a look: (which look, its value).
LOOKS: dict[str, tuple[str, object]] = {
    **{
        word: ("size", size)
        for size, words in {
            0.35: "tiny|very small|minuscule",
            0.6: "small|little|short",
            1.5: "large|big|long|tall",
            2.0: "huge|very big|very large|giant|enormous",
        }.items()
        for word in words.split("|")
    },
    **dict.fromkeys(("filled", "solid-coloured", "filled in", "shaded", "solid"), ("fill", 1.0)),
    **dict.fromkeys(
        ("unfilled", "hollow", "empty", "outlined", "not filled", "without fill", "outline only"),
        ("fill", 0.0),
    ),
    **dict.fromkeys(
        ("transparent", "semi-transparent", "translucent", "see-through", "half transparent",
         "semi transparent", "see through"),
        ("fill", 0.25),
    ),
    **dict.fromkeys(("dashed", "dotted", "broken", "with dashes"), ("dashed", True)),
    **dict.fromkeys(("thick", "bold", "fat", "heavy"), ("stroke", 10.0)),
    **dict.fromkeys(("rounded corners", "round corners"), ("rounded", True)),
    **dict.fromkeys(("without outline", "no outline", "without border", "without an outline"),
                    ("stroke", 0.0)),
    **dict.fromkeys(("thin", "fine"), ("stroke", 2.0)),
}  # fmt: skip

# What may become of a size: bigger, smaller.
COMPARED: dict[str, float] = {
    **dict.fromkeys("bigger larger taller longer wider".split(), 1.5),
    **dict.fromkeys(("smaller", "shorter", "tinier"), 0.6),
    "twice as big": 2.0, "twice as large": 2.0, "half as big": 0.5, "half as large": 0.5,
    "double the size": 2.0, "twice its size": 2.0, "half its size": 0.5, "double its size": 2.0,
    "three times as big": 3.0,
}  # fmt: skip

# One after another, where a sentence names no colour: on a dark and on a light background.
PALETTE = ("BLUE", "YELLOW", "GREEN", "RED", "PURPLE", "ORANGE", "TEAL", "PINK")
DARK_PALETTE = ("BLUE_E", "RED_E", "GREEN_E", "PURPLE_E", "#C05A10", "TEAL_E", "MAROON_E", "BLACK")
RAINBOW = ("RED", "ORANGE", "YELLOW", "GREEN", "BLUE", "PURPLE")
# On these, letters are black.
BRIGHT = frozenset(
    "YELLOW WHITE GOLD PINK #00E5FF #A6E22E #C0C8D0 #F5E6C8 #C8A2FF ORANGE TEAL GREEN".split()
    + list(_LIGHT.values())
)
