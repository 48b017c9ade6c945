"""Scenes of the user's own files: a table is plotted, pictures and drawings are shown and moved.

Which words mean what stands in tables here; the words that mean nothing are told. The scene reads
the file itself, so that it is drawn again from whatever the file then holds. Pure.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from shaperotator_magic.core.errors import NothingFitsError
from shaperotator_magic.core.scene_inputs import SceneInput
from shaperotator_magic.writing.library.table_scenes import Style, TableView, write_table_scene

_WORD = re.compile(r"[^\W_]+(?:[-'][^\W_]+)*|\d+(?:\.\d+)?")
_ANGLE = re.compile(r"(-?\d+(?:\.\d+)?)\s*(?:°|deg(?:rees?)?\b)")
_AGAINST = frozenset({"over", "against", "vs", "versus", "by"})
_LINE = frozenset({"line", "lines", "curve", "connected", "connect", "joined", "series"})
_BARS = frozenset({"bar", "bars", "chart", "histogram", "columns"})
_MOVES = {"left": "LEFT", "right": "RIGHT", "up": "UP", "down": "DOWN"}
_TURNS = frozenset({"rotate", "turn", "spin", "rotated", "turning", "spinning", "rotates"})
_GROWS = frozenset({"grow", "enlarge", "zoom", "bigger", "larger", "scale"})
_SHRINKS = frozenset({"shrink", "smaller"})
_FADES = frozenset({"out", "disappear", "vanish"})
_COLOURS = frozenset(
    "red blue green yellow orange purple pink teal gold maroon white grey gray".split()
)
_COMMON = frozenset(
    "a an and the of in on to from it its then with as my this that these me please i want file "
    "files data table points point dots dot scatter plot draw show shows graph display animate "
    "picture image photo logo drawing icon svg png csv rows values use using make fade beside next "
    "by degrees degree deg".split()
)


@dataclass(frozen=True)
class FileScene:
    """A scene of files: its source, what it is called, and what of the sentence it is."""

    source: str
    scene_name: str
    files: tuple[str, ...]
    subject: str
    understood: str
    unused: tuple[str, ...]


def write_file_scene(text: str, inputs: Sequence[SceneInput]) -> FileScene | None:
    """Return a scene of the files that a sentence names, None where it names none.

    One file that was given alone need not be named: 'plot the points'.

    Raises
    ------
    NothingFitsError
        The table holds no numbers.
    """
    named = _find_named(text, inputs)
    if not named:
        return None
    rest = _cut_names(text, named)
    words = [word.lower() for word in _WORD.findall(rest)]
    tables = [given for given in named if given.kind == "table"]
    pictures = [given for given in named if given.kind in {"picture", "drawing"}]
    if tables:
        return _write_table(tables[0], words)
    return _write_pictures(pictures, words, rest) if pictures else None


def _find_named(text: str, inputs: Sequence[SceneInput]) -> list[SceneInput]:
    shown = [given for given in inputs if given.kind != "font"]
    lowered = text.lower()
    found = [
        (at, given)
        for given in shown
        if (at := _find_name(lowered, given.name.lower())) is not None
    ]
    if not found and len(shown) == 1 and _means_file(text, shown[0]):
        return shown
    return [given for _, given in sorted(found, key=lambda pair: pair[0])]


def _find_name(text: str, name: str) -> int | None:
    path = PurePosixPath(name)
    for form in (name, path.name):
        match = re.search(rf"(?<![\w.]){re.escape(form)}(?![\w])", text)
        if match:
            return match.start()
    return None


_MEANT = {
    "table": frozenset("plot data table points scatter csv values file".split()),
    "picture": frozenset("picture image photo file".split()),
    "drawing": frozenset("drawing logo icon svg image picture file".split()),
}


def _means_file(text: str, given: SceneInput) -> bool:
    """Whether every word of a sentence may be about a file that it does not name."""
    words = {word.lower() for word in _WORD.findall(text)}
    known = _COMMON | _LINE | _BARS | _TURNS | _GROWS | _SHRINKS | _MOVES.keys() | _AGAINST
    own = {word for column in given.columns for word in _split(column.name)}
    return bool(words & _MEANT[given.kind]) and words <= known | own | _COLOURS


def _cut_names(text: str, named: Iterable[SceneInput]) -> str:
    for given in named:
        for form in (given.name, PurePosixPath(given.name).name):
            text = re.sub(rf"(?<![\w.]){re.escape(form)}(?![\w])", " ", text, flags=re.IGNORECASE)
    return text


def _split(name: str) -> list[str]:
    return [word.lower() for word in _WORD.findall(name)]


# --- tables -----------------------------------------------------------------------------


def _write_table(given: SceneInput, words: list[str]) -> FileScene:
    numeric = list(given.numeric_columns)
    if not numeric:
        raise NothingFitsError(
            f"{given.name} has no column of numbers to plot.",
            hint="Numbers are written with a point: 1.5. Each column holds numbers alone, "
            "but for its name in the first row.",
            understood="",
            nearest=[],
            subjects=[],
        )
    chosen = _choose_columns(given, words)
    x, y = (chosen[0] if len(chosen) > 1 else None), chosen[-1]
    label = next((at for at in range(len(given.columns)) if at not in numeric), None)
    is_labelled = label is not None and (len(numeric) == 1 or bool(_BARS & set(words)))
    style: Style = "bars" if is_labelled else "line" if _LINE & set(words) else "points"
    view = TableView(
        given,
        x=label if style == "bars" else x,
        y=y,
        style=style,
        colour=next((word.upper() for word in words if word in _COLOURS), "YELLOW"),
    )
    names = [given.columns[at].name for at in (view.x, view.y) if at is not None]
    used = {word for name in names for word in _split(name)}
    scene_name = _name_scene(given)
    return FileScene(
        source=write_table_scene(view, scene_name),
        scene_name=scene_name,
        files=(given.name,),
        subject=given.name,
        understood=f"{given.name}: {given.rows} rows, {' and '.join(names)} as {style}",
        unused=_list_unused(words, used | _LINE | _BARS | _AGAINST),
    )


def _choose_columns(given: SceneInput, words: list[str]) -> list[int]:
    """Return the columns for x and y: those that the sentence names, else the first ones."""
    numeric = list(given.numeric_columns)
    places = {at: _find_words(words, _split(given.columns[at].name)) for at in numeric}
    named = sorted((at for at in numeric if places[at] >= 0), key=lambda at: places[at])[:2]
    if len(named) == 2:  # noqa: PLR2004 - two axes
        between = words[places[named[0]] : places[named[1]]]
        return named[::-1] if _AGAINST & set(between) else named
    if len(named) == 1 and len(numeric) > 1:
        first = next(at for at in numeric if at != named[0])
        return [first, named[0]]
    return numeric[:2]


def _find_words(words: list[str], wanted: list[str]) -> int:
    """Return where the wanted words stand beside each other, -1 where they do not."""
    count = len(wanted)
    starts = range(len(words) - count + 1) if count else range(0)
    return next((at for at in starts if words[at : at + count] == wanted), -1)


# --- pictures ---------------------------------------------------------------------------


def _write_pictures(pictures: list[SceneInput], words: list[str], rest: str) -> FileScene:
    said = set(words)
    makers = [
        f"ImageMobject({given.name!r})"
        if given.kind == "picture"
        else f"SVGMobject({given.name!r})"
        for given in pictures
    ]
    shown = ["shown = Group(", *(f"    {maker}.scale_to_fit_height(HEIGHT)," for maker in makers)]
    lines = [
        *shown,
        ").arrange(RIGHT, buff=0.6)",
        "if shown.width > 12:",
        "    shown.scale_to_fit_width(12)",
        "self.play(FadeIn(shown, scale=0.8), run_time=1.5)",
        *_list_moves(said, rest),
        "self.wait(2)",
    ]
    body = "\n".join(f"        {line}" for line in lines)
    scene_name = _name_scene(pictures[0])
    files = tuple(given.name for given in pictures)
    return FileScene(
        source=(
            "from manim import *\n\nHEIGHT = 4.0  # 1 to 6\n\n\n"
            f"class {scene_name}(Scene):\n    def construct(self):\n{body}\n"
        ),
        scene_name=scene_name,
        files=files,
        subject=", ".join(files),
        understood=", ".join(files),
        unused=_list_unused(words, _TURNS | _GROWS | _SHRINKS | _FADES | _MOVES.keys() | {"move"}),
    )


def _list_moves(said: set[str], rest: str) -> Iterator[str]:
    if said & _TURNS:
        found = _ANGLE.search(rest)
        angle = f"{float(found[1]):g} * DEGREES" if found else "TAU"
        yield f"self.play(*[Rotate(part, angle={angle}) for part in shown], run_time=2)"
    if said & (_GROWS | _SHRINKS):
        yield f"self.play(shown.animate.scale({0.5 if said & _SHRINKS else 1.3}), run_time=1.5)"
    for word, direction in _MOVES.items():
        if word in said:
            yield f"self.play(shown.animate.shift(2 * {direction}), run_time=1.5)"
    if said & _FADES:
        yield "self.play(FadeOut(shown))"


def _list_unused(words: Iterable[str], known: Iterable[str]) -> tuple[str, ...]:
    understood = _COMMON | _COLOURS | set(known)
    return tuple(
        dict.fromkeys(word for word in words if word not in understood and not word[0].isdigit())
    )


def _name_scene(given: SceneInput) -> str:
    words = re.findall(r"[A-Za-z0-9]+", PurePosixPath(given.name).stem)
    name = "".join(word.capitalize() for word in words)[:40]
    return f"{name if name[:1].isalpha() else f'File{name}'}Scene"
