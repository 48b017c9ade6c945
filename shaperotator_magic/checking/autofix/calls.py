"""Auto-fixes that change a call in place: animations without effect, colours, numbers. Pure.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator

from shaperotator_magic.checking.autofix.scene_edits import Fix, SceneEdits, is_callable_name
from shaperotator_magic.checking.layout.layout import Flaw
from shaperotator_magic.core.records import AnimationMistake

_PAIR = 2
_PAUSE_S = "0.5"
_ZOOMS = (0.8, 0.65, 0.5)


def fix_mistake(scene: SceneEdits, mistake: AnimationMistake) -> Iterator[Fix]:
    """Change the animations of a play so that they have the effect of their line."""
    if mistake.rule == "same-target-twice":
        yield from _give_copies(scene, mistake)
    elif mistake.rule == "same-thing-twice":
        yield from _chain(scene, mistake)
    else:
        yield from _fade_what_is_there(scene, mistake)


def _give_copies(scene: SceneEdits, mistake: AnimationMistake) -> Iterator[Fix]:
    """Several copies may become one mobject, but not by running backwards from it."""

    def change(call: ast.Call) -> str | None:
        if _name(call) != "TransformFromCopy" or len(call.args) < _PAIR:
            return None
        first, *rest = (scene.read(a) for a in (*call.args, *(k.value for k in call.keywords)))
        names = [None] * (len(call.args) - 1) + [k.arg for k in call.keywords]
        told = [f"{n}={text}" if n else text for n, text in zip(names, rest, strict=True)]
        return f"ReplacementTransform({', '.join([f'{first}.copy()', *told])})"

    yield from scene.change_calls(
        mistake.line, change, f"copies turn into {mistake.name} one by one"
    )


def _chain(scene: SceneEdits, mistake: AnimationMistake) -> Iterator[Fix]:
    """``a.animate.x(), a.animate.y()`` becomes ``a.animate.x().y()``."""

    def change(call: ast.Call) -> str | None:
        if _name(call) != "play" or (call.keywords and any(k.arg is None for k in call.keywords)):
            return None
        texts: dict[str, str] = {}
        for number, argument in enumerate(call.args):
            text = scene.read(argument)
            root, found, methods = text.partition(".animate.")
            is_known = bool(found) and root in texts
            texts[root if found else f"#{number}"] = (
                f"{texts[root]}.{methods}" if is_known else text
            )
        if len(texts) == len(call.args):
            return None
        options = [f"{k.arg}={scene.read(k.value)}" for k in call.keywords]
        return f"{scene.read(call.func)}({', '.join([*texts.values(), *options])})"

    message = f"the two animations of {mistake.name} in one play became one"
    yield from scene.change_calls(mistake.line, change, message)


def _fade_what_is_there(scene: SceneEdits, mistake: AnimationMistake) -> Iterator[Fix]:
    place = scene.find_statement(mistake.line) if mistake.line is not None else None
    if not is_callable_name(mistake.other) or not mistake.name or place is None:
        return
    fades = [n for n in ast.walk(place) if isinstance(n, ast.Call) and _name(n) == "FadeOut"]
    if any(mistake.other == scene.read(a) for fade in fades for a in fade.args):
        return  # it fades anyway

    def change(call: ast.Call) -> str | None:
        texts = [scene.read(argument) for argument in call.args]
        if _name(call) != "FadeOut" or mistake.name not in texts:
            return None
        options = [f"{k.arg}={scene.read(k.value)}" for k in call.keywords if k.arg]
        named = [mistake.other if text == mistake.name else text for text in texts]
        return f"FadeOut({', '.join([*named, *options])})"

    message = f"{mistake.other} fades out, which {mistake.name} stood for"
    yield from scene.change_calls(mistake.line, change, message)


def spare_labels(scene: SceneEdits, flaw: Flaw) -> Iterator[Fix]:
    """Colour a mobject, but not the text on it."""
    message = "the colour is given to the shape and not to its label"
    spare = _add(scene, {"set_fill", "set_color"}, "family", "family=False")
    yield from scene.change_calls(scene.find_line(flaw), spare, message)
    made = flaw.subject.line if flaw.subject else None
    lighten = _add(scene, {"Graph", "DiGraph"}, "label_fill_color", "label_fill_color=WHITE")
    yield from scene.change_calls(made, lighten, "the labels of the graph are white now")


def round_numbers(scene: SceneEdits, flaw: Flaw) -> Iterator[Fix]:
    """Round what the statement prints."""
    made = flaw.subject.line if flaw.subject else None
    rounded = 'label_constructor=lambda value: MathTex(f"{float(value):.2f}")'
    add = _add(scene, {"get_bar_labels"}, "label_constructor", rounded)
    yield from scene.change_calls(made, add, "the bars' numbers were rounded")

    def format_one(call: ast.Call) -> str | None:
        if _name(call) != "str" or len(call.args) != 1:
            return None
        text = scene.read(call.args[0])
        return None if '"' in text or "\n" in text else f'f"{{{text}:.2f}}"'

    yield from scene.change_calls(made, format_one, "a number was rounded")
    place = scene.find_statement(made) if made is not None else None
    if place is not None:
        yield from _round_in_strings(scene, place)


def _round_in_strings(scene: SceneEdits, place: ast.stmt) -> Iterator[Fix]:
    """``{x}`` becomes ``{x:.2f}``, one at a time: only some of them may be numbers."""
    values = [
        value
        for node in ast.walk(place)
        if isinstance(node, ast.JoinedStr)
        for value in node.values
        if isinstance(value, ast.FormattedValue) and value.format_spec is None
    ]
    lines = scene.source.split("\n")
    first, last = place.lineno - 1, place.end_lineno or place.lineno
    text = "\n".join(lines[first:last])
    for value in values:
        # Positions within an f-string are known from Python 3.12 on only.
        inner = "{" + ast.unparse(value.value) + "}"
        if value.conversion == -1 and text.count(inner) == 1:
            changed = text.replace(inner, inner[:-1] + ":.2f}")
            source = "\n".join([*lines[:first], changed, *lines[last:]])
            yield Fix(f"{inner[1:-1]} was rounded", source)


def bend_way(scene: SceneEdits, flaw: Flaw) -> Iterator[Fix]:
    """Let what moves go round what is in its way, where nothing else moves with it."""
    for arc in ("PI / 2", "-PI / 2"):

        def change(call: ast.Call, arc: str = arc) -> str | None:
            if _name(call) != "play" or any(k.arg == "path_arc" for k in call.keywords):
                return None
            if len(call.args) != 1 or isinstance(call.args[0], ast.Starred):
                return None  # the arc would bend the others, too
            if ".animate." not in scene.read(call) and "Transform" not in scene.read(call):
                return None
            return f"{scene.read(call).rstrip()[:-1].rstrip().rstrip(',')}, path_arc={arc})"

        yield from scene.change_calls(scene.find_line(flaw), change, "it moves along an arc")


def step_back(scene: SceneEdits, flaw: Flaw) -> Iterator[Fix]:
    """Move the camera away from the bodies."""
    body = flaw.other or flaw.subject
    for factor in _ZOOMS if body is not None and body.is_in_space else ():
        message = f"the camera stands back (zoom {factor:g})"

        def change(call: ast.Call, factor: float = factor) -> str | None:
            if _name(call) not in ("set_camera_orientation", "move_camera"):
                return None
            zooms = [k.value for k in call.keywords if k.arg == "zoom"]
            if not zooms or not isinstance(zooms[0], ast.Constant):
                return None
            old, value = scene.read(zooms[0]), zooms[0].value
            if not isinstance(value, int | float):
                return None
            return re.sub(
                rf"zoom\s*=\s*{re.escape(old)}", f"zoom={value * factor:g}", scene.read(call)
            )

        told = list(scene.change_all_calls(change, message))
        text = f"self.set_camera_orientation(zoom={factor:g})"
        yield from told or scene.insert_first(text, message)


def shorten_wait(scene: SceneEdits, flaw: Flaw) -> Iterator[Fix]:
    """Let an empty picture stay for a moment only."""
    line = scene.find_line(flaw)
    wait = scene.find_next_wait(line) if line is not None else None

    def change(call: ast.Call) -> str | None:
        return f"self.wait({_PAUSE_S})" if scene.read(call.func) == "self.wait" else None

    yield from scene.change_calls(wait, change, f"the wait with nothing to see lasts {_PAUSE_S} s")


def _add(
    scene: SceneEdits, names: set[str], keyword: str, text: str
) -> Callable[[ast.Call], str | None]:
    """Return a change that gives one more argument to calls that lack it."""

    def change(call: ast.Call) -> str | None:
        if _name(call) not in names or any(k.arg in (keyword, None) for k in call.keywords):
            return None
        old = scene.read(call).rstrip()[:-1].rstrip().rstrip(",")
        return f"{old}{', ' if call.args or call.keywords else ''}{text})"

    return change


def _name(call: ast.Call) -> str:
    function = call.func
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""
