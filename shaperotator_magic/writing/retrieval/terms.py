"""The words of a question and of an entry, reduced to stems that both sides share. Pure.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

import functools
import re

# "FadeIn" and "get_riemann_rectangles" are words, "3D" is one.
_WORD = re.compile(r"\d+[dD]\b|[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+")
_ENDINGS = ("ations", "ation", "ating", "ings", "ing", "ies", "ied", "ers", "er", "es", "ed", "s")
_SHORTEST_STEM = 3
_STOPS = frozenset(
    "a an the of to for in on at by with and or is are be it its this that how do does i my me can "
    "some something someone thing what which from as into onto one all another like show shows "
    "make makes made change changes set let lets draw draws drawn want need please object "
    "objects".split()
)

# How learners say what manim names otherwise; on the right manim's words, added to the question.
_ALSO_SAID: dict[str, str] = {
    "colour": "color", "colours": "color", "coloured": "color", "spin": "rotate rotating",
    "turn": "rotate transform", "turns": "rotate", "morph": "transform", "become": "transform",
    "bigger": "scale", "smaller": "scale", "big": "scale", "size": "scale", "resize": "scale",
    "enlarge": "scale", "border": "stroke", "outline": "stroke", "thick": "width",
    "thicker": "stroke width", "transparent": "opacity", "row": "arrange", "column": "arrange",
    "label": "label text", "title": "title edge", "beside": "next", "near": "next",
    "together": "group", "several": "group", "shade": "area", "shaded": "area",
    "curly": "brace", "curve": "graph plot", "bent": "curved", "heads": "double",
    "doughnut": "torus", "donut": "torus", "ring": "annulus", "slice": "sector", "pie": "sector",
    "ball": "sphere", "box": "rectangle surrounding", "around": "surrounding",
    "highlight": "indicate", "attention": "indicate circumscribe", "emphasise": "indicate",
    "emphasize": "indicate", "shake": "wiggle", "spotlight": "focus", "trace": "traced path",
    "trail": "traced path", "count": "decimal number", "counts": "decimal number",
    "counter": "decimal number integer", "slider": "value tracker", "every": "updater always",
    "frame": "updater", "stop": "remove clear suspend", "delay": "lag lagged",
    "simultaneously": "group", "after": "succession", "pause": "wait", "sleep": "wait",
    "seconds": "wait duration", "slow": "rate ease", "slower": "rate smooth ease",
    "constant": "linear", "whole": "integer", "bars": "bar chart", "heights": "values",
    "nodes": "vertices graph", "tree": "graph", "network": "graph", "vertex": "vertices",
    "list": "list", "bulleted": "bulleted", "equation": "tex implicit", "formula": "tex math",
    "latex": "tex", "font": "text", "bold": "markup", "words": "text", "word": "text",
    "letter": "letter text", "letters": "letter text", "lines": "paragraph line",
    "equal": "regular", "round": "rounded corner", "overlap": "intersection",
    "cut": "difference cutout", "subtract": "difference", "picture": "image", "photo": "image",
    "image": "image", "drawing": "svg", "zoom": "zoomed camera", "camera": "camera",
    "dimensional": "3d three d", "three": "three d", "3d": "three d", "fixed": "fixed",
    "viewing": "camera orientation", "matrix": "matrix linear", "flow": "stream vector field",
    "front": "front z index", "behind": "background", "dim": "background", "back": "restore",
    "exchange": "swap", "mirror": "flip", "centre": "center", "middle": "center",
    "shrink": "shrink", "vanish": "fade out", "disappear": "fade out", "appear": "create fade",
    "hand": "write", "handwriting": "write", "slope": "tangent secant",
    "riemann": "riemann rectangles", "grid": "plane grid", "coordinates": "coords point",
    "axes": "axes", "axis": "axis", "origin": "vector", "wave": "wave", "delete": "remove",
    "hide": "remove", "erase": "uncreate remove", "program": "code", "highlighted": "code",
    "table": "table", "move": "move shift", "place": "move", "put": "move", "sides": "polygon",
    "smooth": "smooth", "dots": "dot", "sound": "sound", "audio": "sound", "music": "sound",
    "play": "play animation", "half": "opacity", "degrees": "rotate angle", "90": "angle",
}  # fmt: skip


def split_terms(text: str) -> list[str]:
    """Return the stems of a text's words, without those that say nothing."""
    words = (word.lower() for word in _WORD.findall(text))
    return [_stem(word) for word in words if word not in _STOPS]


def split_question(text: str) -> list[str]:
    """Return the stems of a question, with what manim calls them."""
    words = [word.lower() for word in _WORD.findall(text)]
    said = split_terms(text)
    return [*said, *split_terms(" ".join(_ALSO_SAID.get(word, "") for word in words))]


@functools.lru_cache(maxsize=20_000)
def _stem(word: str) -> str:
    for ending in _ENDINGS:
        stem = word.removesuffix(ending)
        if stem != word and len(stem) >= _SHORTEST_STEM:
            return stem.removesuffix("e") if len(stem) > _SHORTEST_STEM else stem
    return word.removesuffix("e") if len(word) > _SHORTEST_STEM + 1 else word
