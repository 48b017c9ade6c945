"""What any built-in scene lets a further sentence change: its speed, its colours, its title.

A sentence is read by a few patterns; what they find is kept with the scene's parameters, so that
the next sentence goes on from there. The source is then edited where the scene's files are alike:
names of manim's colours, the call that writes the title, and a method that every scene class can
take. Pure; nothing is evaluated.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

_SHADED = ("BLUE", "TEAL", "GREEN", "YELLOW", "GOLD", "RED", "MAROON", "PURPLE", "GREY", "GRAY")
_COLOURS = (*_SHADED, "ORANGE", "PINK", "WHITE")
_WORDS = "|".join((*(name.lower() for name in _COLOURS), "violet"))
_CONSTANT = re.compile(rf"({'|'.join(_COLOURS)})(_[A-E])?$")
_FROM_TO = re.compile(rf"\b({_WORDS})\b(?:\W+\w+){{0,4}}?\W+({_WORDS})\b", re.IGNORECASE)
_ONE = re.compile(rf"\b({_WORDS})\b", re.IGNORECASE)
_QUOTED = re.compile(r"[\"“‘«](.+?)[\"”’»]|(?<!\w)'(.+?)'(?!\w)")
_TITLE = re.compile(
    r"\b(?:(?:re)?name\s+it|call\s+it|(?:set|change|make)\s+the\s+(?:title|heading)(?:\s+to)?"
    r"|(?:title|heading)(?:\s+(?:it|to|should\s+be|is))?|retitle\s+it)(?:\s+(?:to|as))?\s*[:=]?\s+"
    r"(?P<title>.+?)\s*(?:[.;!]|,?\s+(?:and|but|please)\b|$)",
    re.IGNORECASE,
)
# What people call a thing: what the scenes' own names call it.
_THINGS = {"grid": "plane", "function": "curve", "graph": "curve", "path": "trail"}
_LONGEST_TITLE = 45  # characters at the size of a title, in the frame's width
_TITLE_SIZE = 40
_TIMES = re.compile(r"(\d+(?:\.\d+)?)\s*(?:x|×|times)(?!\w)", re.IGNORECASE)
_SLOWER = re.compile(r"\bslow(?:er|ly|\s+down)?\b|\bhalf\s+(?:the\s+)?speed\b|\btoo\s+fast\b", re.I)
_FASTER = re.compile(
    r"\bfast(?:er)?\b|\bquick(?:er|ly)?\b|\bspeed\s+(?:it\s+)?up\b|\b(?:double|twice)\s+the\s+speed\b"
    r"|\btoo\s+slow\b",
    re.I,
)
_TWICE = re.compile(r"\btwice\b|\bdouble\b|\bhalf\b", re.I)
_MUCH = re.compile(r"\bmuch\b|\ba lot\b|\bvery\b|\bfar\b", re.I)
_LITTLE = re.compile(r"\ba (?:little|bit|touch)\b|\bslightly\b|\bsomewhat\b", re.I)
_PART = re.compile(r"\b(?:end|ending|beginning|first|last|middle|part)\b", re.IGNORECASE)
_SPEEDS = (0.25, 4.0)
_METHOD = '''
    def compile_animations(self, *animations, **options):
        """Everything takes {times} times as long."""
        compiled = super().compile_animations(*animations, **options)
        for animation in compiled:
            animation.run_time *= {times}
        return compiled
'''


@dataclass
class Adjustments:
    """What a sentence says of speed, colours and title, and what is to be said of it."""

    values: dict[str, Any] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def read_adjustments(text: str, before: Mapping[str, Any], source: str) -> Adjustments:
    """Read what a sentence wants changed of a scene that has been adjusted before.

    Parameters
    ----------
    before
        Values of earlier adjustments: ``speed``, ``title``, ``colours``.
    source
        The scene as it is now.
    """
    found = Adjustments()
    title = _read_title(text)
    if title:
        _take_title(title, source, found)
        text = text.replace(title, " ")
    _read_speed(text, before, found)
    _read_colours(text, before, source, found)
    return found


def cut_speed(text: str) -> str:
    """Return a sentence without the number that says how much faster or slower."""
    return _TIMES.sub(" ", text) if _SLOWER.search(text) or _FASTER.search(text) else text


def adjust(source: str, class_name: str, values: Mapping[str, Any]) -> str:
    """Return a scene's source with its adjustments made."""
    if "title" in values:
        source = _replace_title(source, str(values["title"]))
    if "colours" in values:
        source = _recolour(source, values["colours"])
    if "speed" in values:
        source = _change_speed(source, class_name, float(values["speed"]))
    return source


# --- title ----------------------------------------------------------------------------


def _read_title(text: str) -> str:
    said = _TITLE.search(text)
    if said is None:
        return ""
    quoted = _QUOTED.search(text, said.start())
    return next(filter(None, quoted.groups())) if quoted else said["title"].strip(" \"'“”‘’")


def _take_title(title: str, source: str, found: Adjustments) -> None:
    if _find_title(source) is None:
        found.notes.append("The title of this scene cannot be changed: it writes several.")
    elif len(title) > _LONGEST_TITLE:
        found.notes.append(
            f"The title stays: {len(title)} characters do not fit, at most {_LONGEST_TITLE} do."
        )
    else:
        found.values["title"] = title


def _find_title(source: str) -> ast.expr | None:
    """Return the argument of the one call that writes the title."""
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    titles = [call.args[0] for call in calls if call.args and _is_begin(call)]
    titles = titles or [call.args[0] for call in calls if call.args and _is_title(call)]
    return titles[0] if len(titles) == 1 and not isinstance(titles[0], ast.Name) else None


def _is_begin(call: ast.Call) -> bool:
    return ast.unparse(call.func) == "self.begin"


def _is_title(call: ast.Call) -> bool:
    is_label = isinstance(call.func, ast.Name) and call.func.id == "label"
    sizes = [arg.value for arg in call.args[1:] if isinstance(arg, ast.Constant)]
    return is_label and sizes == [_TITLE_SIZE]


def _replace_title(source: str, title: str) -> str:
    node = _find_title(source)
    if node is None:
        return source
    lines = source.encode().splitlines(keepends=True)  # columns of ast count bytes
    assert node.end_lineno and node.end_col_offset is not None  # noqa: S101 - of parsed text
    first, last = lines[node.lineno - 1], lines[node.end_lineno - 1]
    new = first[: node.col_offset] + repr(title).encode() + last[node.end_col_offset :]
    lines[node.lineno - 1 : node.end_lineno] = [new]
    return b"".join(lines).decode()


# --- speed ----------------------------------------------------------------------------


def _read_speed(text: str, before: Mapping[str, Any], found: Adjustments) -> None:
    # 'too fast' asks for slower, so that is looked for first.
    is_slower = _SLOWER.search(text) is not None
    if re.search(r"\btoo\s+slow\b", text, re.IGNORECASE):
        is_slower = False
    elif not is_slower and not _FASTER.search(text):
        return
    times = _TIMES.search(text)
    factor = float(times[1]) if times else _guess_factor(text)
    wanted = float(before.get("speed", 1.0)) * (1 / factor if is_slower and factor else factor)
    lowest, highest = _SPEEDS
    speed = round(min(highest, max(lowest, wanted)), 3)
    found.values["speed"] = speed
    if _PART.search(text):
        found.notes.append("All of it changes its speed: one part alone cannot.")
    if speed != round(wanted, 3):
        found.notes.append(f"The speed can be {lowest} to {highest} times the scene's own.")


def _guess_factor(text: str) -> float:
    for pattern, factor in ((_TWICE, 2.0), (_MUCH, 2.5), (_LITTLE, 1.25)):
        if pattern.search(text):
            return factor
    return 1.6


def _change_speed(source: str, class_name: str, speed: float) -> str:
    times = round(1 / speed, 3)
    scene = next(
        node
        for node in ast.parse(source).body
        if isinstance(node, ast.ClassDef) and node.name == class_name
    )
    lines = source.splitlines(keepends=True)
    method = _METHOD.replace("{times}", f"{times:g}")
    lines.insert(scene.end_lineno or len(lines), method)
    return "".join(lines)


# --- colours --------------------------------------------------------------------------


def _read_colours(text: str, before: Mapping[str, Any], source: str, found: Adjustments) -> None:
    if re.search(r"\bbackground\b", text, re.IGNORECASE):
        found.notes.append("The background stays black: what is drawn in white would vanish.")
        return
    used = _count_colours(source)
    old, new = _find_colours(text)
    if not new:
        return
    if not used or (old and old not in used):
        named = ", ".join(name.lower() for name in used) or "no colour that could be changed"
        found.notes.append(f"There is nothing {old.lower()} in this scene; it has {named}.")
        return
    others = [name for name in used if name != new]
    old = old or _find_colour_of_thing(text, source, others) or next(iter(others), new)
    if old == new:
        found.notes.append(f"It is {new.lower()} already.")
        return
    # The two change places, so that what had the new colour can still be told apart.
    changes = {old: new, new: old} if new in used else {old: new}
    found.values["colours"] = _chain(before.get("colours", {}), changes)
    rest = [name.lower() for name in others if name != old]
    if rest and not _FROM_TO.search(text):
        found.notes.append(
            f"What was {old.lower()} is {new.lower()} now. To change {' or '.join(rest)}, say so: "
            f"'make the {rest[0]} ones pink'."
        )


def _find_colour_of_thing(text: str, source: str, colours: Sequence[str]) -> str:
    """Return the colour on the first line of the source that names a thing of the sentence."""
    words = {_THINGS.get(word, word) for word in re.findall(r"[a-z]{4,}", text.lower())}
    lines = source.splitlines()
    where = [(token.start[0] - 1, _name(family)) for token, family, _ in _find_constants(source)]
    for word in words - {"make", "colour", "color", *map(str.lower, _COLOURS)}:
        name = re.compile(rf"\b\w*{re.escape(word.removesuffix('s'))}\w*\b(?!\s*[\"'])")
        inside = ""
        for row, colour in where:
            heads = [line for line in lines[: row + 1] if line.lstrip().startswith("def ")]
            inside = inside or (colour if heads and name.search(heads[-1]) else "")
            if colour in colours and name.search(lines[row]):
                return colour
        if inside in colours:
            return inside
    return ""


def _find_colours(text: str) -> tuple[str, str]:
    pair = _FROM_TO.search(text)
    if pair:
        return _name(pair[1]), _name(pair[2])
    one = _ONE.search(text)
    return "", _name(one[1]) if one else ""


def _name(word: str) -> str:
    return {"VIOLET": "PURPLE", "GRAY": "GREY"}.get(word.upper(), word.upper())


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


def _find_constants(source: str) -> Iterator[tuple[tokenize.TokenInfo, str, str]]:
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        match = _CONSTANT.match(token.string) if token.type == tokenize.NAME else None
        if match:
            yield token, match[1], match[2] or ""


def _recolour(source: str, colours: Mapping[str, str]) -> str:
    lines = source.splitlines(keepends=True)
    for token, family, shade in reversed(list(_find_constants(source))):
        new = colours.get(_name(family))
        if new is not None:
            row, (start, end) = token.start[0] - 1, (token.start[1], token.end[1])
            name = new + shade if new in _SHADED else new
            lines[row] = lines[row][:start] + name + lines[row][end:]
    return "".join(lines)
