"""What any built-in scene lets a further sentence change: speed, title, colours, background.

A sentence is read by a few patterns; what they find is stored with the scene's parameters, so that
the next sentence starts from there. The source is then edited where the scene's files are alike:
the call that writes the title, and a method that every scene class can take; for colours see
`recolouring`. Pure; nothing is evaluated.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from typing import Any

from shaperotator_magic.writing.library.recolouring import (
    Adjustments,
    change_background,
    read_background,
    read_colour_changes,
    recolour,
)
from shaperotator_magic.writing.library.things import recolour_thing

_QUOTED = re.compile(r"[\"“‘«](.+?)[\"”’»]|(?<!\w)'(.+?)'(?!\w)")
_TITLE = re.compile(
    r"\b(?:(?:re)?name\s+it|call\s+it|(?:set|change|make)\s+the\s+(?:title|heading)(?:\s+to)?"
    r"|(?:title|heading)(?:\s+(?:it|to|should\s+be|is))?|retitle\s+it)(?:\s+(?:to|as))?\s*[:=]?\s+"
    r"(?P<title>.+?)\s*(?:[.;!]|,?\s+(?:and|but|please)\b|$)",
    re.IGNORECASE,
)
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


def read_adjustments(text: str, before: Mapping[str, Any], source: str) -> Adjustments:
    """Read what a sentence wants changed of a scene that has been adjusted before.

    Parameters
    ----------
    before
        Values of earlier adjustments: ``speed``, ``title``, ``colours``, ``things``,
        ``background``.
    source
        The scene as it is now.
    """
    found = Adjustments()
    title = _read_title(text)
    if title:
        _take_title(title, source, found)
        text = text.replace(title, " ")
    _read_speed(text, before, found)
    read_colour_changes(read_background(text, found), before, source, found)
    return found


def cut_speed(text: str) -> str:
    """Return a sentence without the number for how much faster or slower."""
    return _TIMES.sub(" ", text) if _SLOWER.search(text) or _FASTER.search(text) else text


def adjust(source: str, class_name: str, values: Mapping[str, Any]) -> str:
    """Return a scene's source with its adjustments made."""
    if "title" in values:
        source = _replace_title(source, str(values["title"]))
    if "colours" in values:
        source = recolour(source, values["colours"])
    for name, colour in values.get("things", {}).items():
        source = recolour_thing(source, name, colour)
    if "background" in values:
        source = change_background(source, class_name, values["background"])
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
        found.changes.append(f"the title is '{title}'")


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
    # 'too fast' means slower, so it is searched first.
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
    found.changes.append(f"the speed is {speed:g} times the scene's own")
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
