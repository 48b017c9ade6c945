"""Colours of a built-in scene that a follow-up sentence changes. Pure; nothing is evaluated.

'Make the circle red' changes the thing that is a circle; 'make the blue ones red' every constant of
manim that is a shade of blue; 'white background' what lies behind, and on a light one what was pale
becomes dark. The source is edited token by token.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

import ast
import colorsys
import io
import re
import tokenize
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from shaperotator_magic.writing.library.things import (
    Thing,
    find_thing,
    import_colour,
    list_things,
    read_colours,
)

_SHADED = ("BLUE", "TEAL", "GREEN", "YELLOW", "GOLD", "RED", "MAROON", "PURPLE", "GREY", "GRAY")
_COLOURS = (*_SHADED, "ORANGE", "PINK", "WHITE")
_SYNONYMS = {"VIOLET": "PURPLE", "GRAY": "GREY", "TURQUOISE": "TEAL", "CYAN": "TEAL",
             "MAGENTA": "PINK"}  # fmt: skip
_WORDS = "|".join(name.lower() for name in (*_COLOURS, *_SYNONYMS))
_CONSTANT = re.compile(rf"({'|'.join(_COLOURS)})(_[A-E])?$")
_FROM_TO = re.compile(rf"\b({_WORDS})\b(?:\W+\w+){{0,4}}?\W+({_WORDS})\b", re.IGNORECASE)
_ONE = re.compile(rf"\b({_WORDS})\b", re.IGNORECASE)
_SHADE = re.compile(rf"\b(dark|light|pale)\s+({_WORDS})\b", re.IGNORECASE)
_CLAUSES = re.compile(r"\s+(?:and|but|then|while)\s+|[,;\n]", re.IGNORECASE)
_BACKGROUND = re.compile(
    rf"(?:(dark|light|pale)\s+)?\b({_WORDS}|black|cream)\s+background"
    rf"|background\W+(?:\w+\W+){{0,3}}?(?:(dark|light|pale)\s+)?({_WORDS}|black|cream)\b",
    re.IGNORECASE,
)
_HEX = re.compile(r"([\"'])#([0-9A-Fa-f]{6})\1")
# Words of a request that name no thing.
_NO_NOUN = frozenset(
    "all also are bit bright can change color colored colors colour coloured colours could dark "
    "draw each every everything for have here instead into its just light like look make mark "
    "more much now one ones other paint pale parts please scene set should show some that the "
    "them then there these they thing things this those turn use very want way whole will with "
    "would you your background too but and from into give faster slower slow fast twice half "
    "speed title call name little".split()
)
_MOST_NAMED = 6
_BLACK = "#000000"
_DARK = {
    "black": _BLACK, "blue": "#10233F", "green": "#0F2E1E", "red": "#3B1212", "purple": "#25153C",
    "grey": "#2B2B2B", "teal": "#0D2F2C", "orange": "#3A2208", "yellow": "#33300A",
    "pink": "#3A1230", "maroon": "#331018", "gold": "#33270A", "white": "#2B2B2B",
}  # fmt: skip
_LIGHT = {
    "white": "#FFFFFF", "cream": "#FFFBEF", "yellow": "#FFFBE0", "blue": "#E1EEF9",
    "green": "#E5F4E3", "grey": "#EAEAEA", "pink": "#FCE7F1", "purple": "#F0E8F8",
    "teal": "#DFF3F0", "orange": "#FDEEDD", "red": "#FBE4E2", "gold": "#F8EFD8",
    "maroon": "#F6E3E7", "black": "#EAEAEA",
}  # fmt: skip
_LIGHT_BY_THEMSELVES = {"white", "cream", "yellow", "pink"}
# What manim's colours become on a light background; shades of a family become its darkest.
_ON_LIGHT = {"WHITE": "BLACK", "BLACK": "WHITE", "YELLOW": "GOLD_E", "GOLD": "GOLD_E"}
_MIRRORED = {"_A": "_E", "_B": "_D", "_C": "_C", "_D": "_B", "_E": "_A"}


@dataclass
class Adjustments:
    """What a sentence changes: values to store, what changed in words, and what could not."""

    values: dict[str, Any] = field(default_factory=dict)
    changes: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def read_background(text: str, found: Adjustments) -> str:
    """Read a colour of the background; returns the sentence without it."""
    said = _BACKGROUND.search(text)
    if said is None:
        if re.search(r"\bbackground\b", text, re.IGNORECASE):
            found.notes.append(f"A background can be {', '.join([*_LIGHT][:6])} or another colour.")
        return text
    shade = (said[1] or said[3] or "").lower()
    word = (said[2] or said[4]).lower()
    colour = _name(word).lower()
    is_light = shade in {"light", "pale"} or (not shade and word in _LIGHT_BY_THEMSELVES)
    found.values["background"] = (_LIGHT if is_light else _DARK)[colour]
    found.changes.append(f"the background is {f'{shade} {word}'.strip()}")
    return text.replace(said[0], " ")


def read_colour_changes(
    text: str, before: Mapping[str, Any], source: str, found: Adjustments
) -> None:
    """Read the colours that a sentence wants, clause by clause."""
    painter = _Painter(before, source, found)
    for clause in _CLAUSES.split(text):
        old, new = _find_colours(clause)
        if new:
            painter.paint(clause, old, new)


def recolour(source: str, colours: Mapping[str, str]) -> str:
    """Return the source with families of manim's colours changed."""

    def change(family: str, shade: str) -> str | None:
        new = colours.get(_name(family))
        return new and (new + shade if new in _SHADED else new)

    return _change_constants(source, change)


def change_background(source: str, class_name: str, colour: str) -> str:
    """Return the source of a scene with another background, legible on it."""
    if _measure_lightness(colour[1:]) > 0.5:  # noqa: PLR2004 - half way to white
        source = _HEX.sub(lambda said: f"{said[1]}#{_darken(said[2])}{said[1]}", source)
        source = _change_constants(source, _find_dark)
    construct = next(
        node
        for scene in ast.parse(source).body
        if isinstance(scene, ast.ClassDef) and scene.name == class_name
        for node in scene.body
        if isinstance(node, ast.FunctionDef) and node.name == "construct"
    )
    first = construct.body[0]
    lines = source.splitlines(keepends=True)
    indent = " " * first.col_offset
    said = f'{indent}self.camera.background_color = ManimColor("{colour}")\n'
    lines.insert(first.lineno - 1, said)
    return import_colour("".join(lines), "ManimColor")


# --- one clause -----------------------------------------------------------------------


class _Painter:
    """Reads clauses that want a colour; what they change is noted in ``found``."""

    def __init__(self, before: Mapping[str, Any], source: str, found: Adjustments) -> None:
        self._before = before
        self._source = source
        self._found = found
        self._used = _count_colours(source)

    def paint(self, clause: str, old: str, new: str) -> None:
        word = "" if old else self._find_noun(clause)
        thing = find_thing(self._source, word) if word else None
        if thing is not None:
            self._paint_thing(clause, word, thing, new)
        elif old and old not in self._used:
            named = ", ".join(name.lower() for name in self._used) or "none that can change"
            self._found.notes.append(
                f"There is nothing {old.lower()} in this scene; its colours: {named}."
            )
        else:
            self._paint_family(clause, word, old, new)

    def _find_noun(self, clause: str) -> str:
        """Return the word that names a thing, the best one that the scene has."""
        words = [
            word
            for word in re.findall(r"[a-z]{3,}", clause.lower())
            if word not in _NO_NOUN and not _ONE.fullmatch(word)
        ]
        known = (word for word in words if find_thing(self._source, word))
        return next(known, words[-1] if words else "")

    def _paint_thing(self, clause: str, word: str, thing: Thing, new: str) -> None:
        shade = _SHADE.search(clause)
        constant, said = new, new.lower()
        if shade and new in _SHADED:
            constant = f"{new}{'_E' if shade[1].lower() == 'dark' else '_A'}"
            said = f"{shade[1].lower()} {said}"
        colours = read_colours(thing)
        if set(colours) == {constant}:
            self._found.notes.append(f"The {word} is {said} already.")
            return
        was = [name.partition("_")[0].lower() for name in colours if _CONSTANT.match(name)]
        self._store("things", {**self._read("things"), thing.name: constant})
        self._found.changes.append(f"the {word} is {said}{f' (it was {was[0]})' if was else ''}")

    def _paint_family(self, clause: str, word: str, old: str, new: str) -> None:
        others = [name for name in self._used if name != new]
        if word:
            old = _find_colour_of_thing(word, self._source, others)
            if not old:
                told = describe_things(self._source)
                self._found.notes.append(f"There is no {word} in this scene; {told}.")
                return
        old = old or next(iter(others), new)
        if old == new:
            self._found.notes.append(f"It is {new.lower()} already.")
            return
        # The two are swapped, so that what had the new colour stays distinct.
        changes = {old: new, new: old} if new in self._used else {old: new}
        self._store("colours", _chain(self._read("colours"), changes))
        things = self._read("things")
        if things:
            self._store("things", {name: changes.get(now, now) for name, now in things.items()})
        self._found.changes.append(f"what was {old.lower()} is {new.lower()}")
        rest = [name.lower() for name in others if name != old]
        if rest and not _FROM_TO.search(clause):
            self._found.notes.append(
                f"To change {' or '.join(rest)}, say so: 'make the {rest[0]} ones pink'."
            )

    def _read(self, name: str) -> dict[str, str]:
        """Return what this sentence and those before it changed."""
        return dict(self._found.values.get(name, self._before.get(name, {})))

    def _store(self, name: str, value: dict[str, str]) -> None:
        self._found.values[name] = value


def describe_things(source: str) -> str:
    """Return what can have another colour, in words."""
    return f"it has {', '.join(list_things(source)[:_MOST_NAMED])}"


def _find_colour_of_thing(word: str, source: str, colours: Sequence[str]) -> str:
    """Return the colour on the first line of the source that names a thing."""
    lines = source.splitlines()
    where = [(token.start[0] - 1, _name(family)) for token, family, _ in _find_constants(source)]
    wanted = {"grid": "plane"}.get(word.removesuffix("s"), word.removesuffix("s"))
    name = re.compile(rf"\b\w*{re.escape(wanted)}\w*\b(?!\s*[\"'])")
    inside = ""
    for row, colour in where:
        heads = [line for line in lines[: row + 1] if line.lstrip().startswith("def ")]
        inside = inside or (colour if heads and name.search(heads[-1]) else "")
        if colour in colours and name.search(lines[row]):
            return colour
    return inside if inside in colours else ""


def _find_colours(text: str) -> tuple[str, str]:
    pair = _FROM_TO.search(text)
    if pair:
        return _name(pair[1]), _name(pair[2])
    one = _ONE.search(text)
    return "", _name(one[1]) if one else ""


def _name(word: str) -> str:
    return _SYNONYMS.get(word.upper(), word.upper())


def _chain(earlier: Mapping[str, str], changes: Mapping[str, str]) -> dict[str, str]:
    """Return what becomes of the file's own colours when one change follows the other."""
    chained = {own: changes.get(now, now) for own, now in earlier.items()}
    known = {*earlier, *earlier.values()}
    untouched = {old: new for old, new in changes.items() if old not in known}
    return {own: now for own, now in {**untouched, **chained}.items() if own != now}


def _count_colours(source: str) -> Counter[str]:
    """Return the colours of a scene, the most used first; white and grey are for text and axes."""
    counts = Counter(_name(family) for _, family, _ in _find_constants(source))
    for plain in ("WHITE", "GREY"):
        del counts[plain]
    return Counter(dict(counts.most_common()))


# --- constants ------------------------------------------------------------------------


def _find_constants(source: str) -> Iterator[tuple[tokenize.TokenInfo, str, str]]:
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        match = _CONSTANT.match(token.string) if token.type == tokenize.NAME else None
        if match:
            yield token, match[1], match[2] or ""


def _change_constants(source: str, change: Callable[[str, str], str | None]) -> str:
    lines = source.splitlines(keepends=True)
    for token in reversed(list(tokenize.generate_tokens(io.StringIO(source).readline))):
        match = _CONSTANT.match(token.string) or re.fullmatch(r"(BLACK)()", token.string)
        new = change(match[1], match[2] or "") if match and token.type == tokenize.NAME else None
        if new is not None:
            row, (start, end) = token.start[0] - 1, (token.start[1], token.end[1])
            lines[row] = lines[row][:start] + new + lines[row][end:]
    return "".join(lines)


def _find_dark(family: str, shade: str) -> str | None:
    if family in _ON_LIGHT:
        return _ON_LIGHT[family]
    if family in {"GREY", "GRAY"}:
        return family + _MIRRORED.get(shade, shade)
    return f"{family}_E" if family in _SHADED else None


def _measure_lightness(digits: str) -> float:
    red, green, blue = (int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4))
    return colorsys.rgb_to_hls(red, green, blue)[1]


def _darken(digits: str) -> str:
    """Return a colour for a light background: greys are mirrored, the others darker."""
    red, green, blue = (int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4))
    hue, lightness, saturation = colorsys.rgb_to_hls(red, green, blue)
    is_grey = saturation < 0.15  # noqa: PLR2004 - hardly a colour
    lightness = 1 - lightness if is_grey else min(lightness, 0.4)
    rgb = colorsys.hls_to_rgb(hue, lightness, saturation)
    return "".join(f"{round(255 * part):02X}" for part in rgb)
