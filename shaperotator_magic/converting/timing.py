"""How long a scene lasts and how often it plays, read from its source as far as that says it. Pure.

What the source does not say is a range: a loop over a list runs any number of times, an animation
of the source's own takes any time. A range without end is no finding against a conversion.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from shaperotator_magic.core.scene_classes import find_bases, find_classes

_DEEPEST_CALL = 12
# How far a duration may be from what the source says.
_TOLERANCE = 0.1
# Each zero-length play of manimgl takes a frame here, and frames round up.
_SLACK_S = 0.5
# Seconds that manimgl's animations take by default, where it is not one.
_RUN_TIMES = {
    "Write": (1.0, 2.0), "DrawBorderThenFill": (2.0, 2.0), "LaggedStartMap": (2.0, 2.0),
    "ApplyPointwiseFunction": (3.0, 3.0), "ApplyMatrix": (3.0, 3.0),
    "Rotating": (5.0, 5.0), "Homotopy": (3.0, 3.0), "ComplexHomotopy": (3.0, 3.0),
    "SmoothedVectorizedHomotopy": (3.0, 3.0), "Broadcast": (3.0, 3.0), "FocusOn": (2.0, 2.0),
    "WiggleOutThenIn": (2.0, 2.0), "TransformMatchingParts": (2.0, 2.0),
    "TransformMatchingShapes": (2.0, 2.0), "TransformMatchingTex": (2.0, 2.0),
    "TransformMatchingStrings": (2.0, 2.0), "MoveCar": (5.0, 5.0), "ClockPassesTime": (5.0, 5.0),
    "PhaseFlow": (1.0, math.inf),
}  # fmt: skip
_OF_A_SECOND = frozenset(
    "FadeIn FadeOut ShowCreation Uncreate Transform ReplacementTransform MoveToTarget ApplyMethod "
    "GrowFromCenter GrowArrow GrowFromPoint GrowFromEdge Indicate Restore Rotate ApplyFunction "
    "TransformFromCopy FadeTransform CyclicReplace Swap "
    "FadeInFromDown FadeInFrom FadeOutAndShift FadeInFromLarge FadeInFromPoint FadeOutToPoint "
    "VFadeIn VFadeOut ShowPassingFlash ScaleInPlace ShrinkToCenter MoveAlongPath "
    "UpdateFromFunc UpdateFromAlphaFunc MaintainPositionRelativeTo FadeToColor Create "
    "ApplyComplexFunction ClockwiseTransform CounterclockwiseTransform SpinInFromNothing".split()
)


@dataclass(frozen=True)
class Range:
    """At least, and at most."""

    low: float = 0.0
    high: float = 0.0

    def __add__(self, other: Range) -> Range:
        return Range(self.low + other.low, self.high + other.high)

    def __or__(self, other: Range) -> Range:
        return Range(min(self.low, other.low), max(self.high, other.high))

    def repeat(self, times: Range) -> Range:
        """Return the range of as many in turn."""
        most = 0.0 if self.high == 0 or times.high == 0 else self.high * times.high
        return Range(self.low * times.low, most)


_ANY, _ONE = Range(0, math.inf), Range(1, 1)


@dataclass(frozen=True)
class Timing:
    """What a source says of a scene: seconds, plays and waits."""

    seconds: Range = Range()
    plays: Range = Range()
    waits: Range = Range()

    def __add__(self, other: Timing) -> Timing:
        return Timing(
            self.seconds + other.seconds, self.plays + other.plays, self.waits + other.waits
        )

    def __or__(self, other: Timing) -> Timing:
        return Timing(
            self.seconds | other.seconds, self.plays | other.plays, self.waits | other.waits
        )

    def repeat(self, times: Range) -> Timing:
        """Return the timing of as many in turn."""
        return Timing(
            self.seconds.repeat(times), self.plays.repeat(times), self.waits.repeat(times)
        )

    def find_difference(self, *, seconds: float, plays: int, waits: int) -> str:
        """Return what a run has otherwise than its source, or nothing.

        A scene that only shows something is shown for a moment.
        """
        if self.plays.high == self.waits.high == plays == 0:
            return ""
        if not self.plays.low <= plays <= self.plays.high:
            return f"{plays} animations, and {_describe(self.plays)} in the source"
        if not self.waits.low <= waits <= self.waits.high:
            return f"{waits} waits, and {_describe(self.waits)} in the source"
        low = (1 - _TOLERANCE) * self.seconds.low - _SLACK_S
        if not low <= seconds <= (1 + _TOLERANCE) * self.seconds.high + _SLACK_S:
            return f"{seconds:.1f} s, and {_describe(self.seconds)} s in the source"
        return ""


_UNKNOWN = Timing(_ANY, _ANY, _ANY)


def _describe(found: Range) -> str:
    if found.high == math.inf:
        return f"at least {found.low:g}"
    return f"{found.low:g}" if found.low == found.high else f"{found.low:g} to {found.high:g}"


def read_timing(tree: ast.Module, scene: str) -> Timing:
    """Return what the source says of one of its scenes."""
    return _Reader(tree, scene).read()


class _Reader:
    def __init__(self, tree: ast.Module, scene: str) -> None:
        self._classes = find_classes(tree)
        self._family = list(_list_family(scene, self._classes))
        self._nested = {
            inner.name
            for node in self._family
            for outer in node.body
            for inner in ast.walk(outer)
            if isinstance(inner, ast.FunctionDef) and inner is not outer
        }
        self._open: list[str] = []

    def read(self) -> Timing:
        known = Timing()
        for name in ("setup", "construct", "tear_down"):
            method = self._find(name)
            if method is not None:
                known += self._read_method(name, method)
            elif name == "construct":
                return _UNKNOWN
        # A base from elsewhere may play in its own setup, and a method of it at any time.
        return known

    def _find(self, name: str) -> ast.FunctionDef | None:
        for node in self._family:
            for part in node.body:
                if isinstance(part, ast.FunctionDef) and part.name == name:
                    return part
        return None

    def _read_method(self, name: str, method: ast.FunctionDef) -> Timing:
        if name in self._open or len(self._open) > _DEEPEST_CALL:
            return _UNKNOWN
        self._open.append(name)
        found = self._read_all(method.body)
        self._open.pop()
        return found

    def _read_all(self, body: Sequence[ast.stmt]) -> Timing:
        total = Timing()
        for statement in body:
            total += self._read_statement(statement)
            if _may_leave(statement):
                # What follows may not be reached.
                rest = body[body.index(statement) + 1 :]
                return total + (self._read_all(rest) | Timing())
        return total

    def _read_statement(self, node: ast.stmt) -> Timing:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            return Timing()
        if isinstance(node, ast.If):
            return self._read_calls(node.test) + (
                self._read_all(node.body) | self._read_all(node.orelse)
            )
        if isinstance(node, ast.For | ast.While):
            return self._read_loop(node)
        if isinstance(node, ast.With):
            return self._read_all(node.body)
        if isinstance(node, ast.Try):
            return self._read_all(node.body) | Timing()
        return self._read_calls(node)

    def _read_loop(self, node: ast.For | ast.While) -> Timing:
        if isinstance(node, ast.While):
            return self._read_all(node.body).repeat(_ANY)
        times = _count_turns(node.iter)
        if any(map(_may_leave, node.body)):
            times = times | Range()
        return self._read_calls(node.iter) + self._read_all(node.body).repeat(times)

    def _read_calls(self, node: ast.AST) -> Timing:
        if isinstance(node, ast.Assign) and ast.unparse(node.value) in {"self", "self.play"}:
            return _UNKNOWN
        total = Timing()
        repeated = _list_repeated(node)
        for call in _list_calls(node):
            found = self._read_call(call)
            total += found.repeat(_ANY) if call in repeated else found
        return total

    def _read_call(self, call: ast.Call) -> Timing:
        function = call.func
        if not isinstance(function, ast.Attribute):
            return self._read_foreign(call)
        owner, name = ast.unparse(function.value), function.attr
        if owner != "self" and not owner.startswith("super("):
            return self._read_foreign(call)
        own = self._find(name) if owner == "self" else None
        if own is not None:
            return self._read_method(name, own)
        if name == "play":
            return _read_play(call)
        if name in {"wait", "dither"}:
            return _read_wait(call)
        is_silent = name in _SILENT and not any(k.arg == "animate" for k in call.keywords)
        return Timing() if is_silent else _UNKNOWN

    def _read_foreign(self, call: ast.Call) -> Timing:
        """A function that is handed the scene itself may play."""
        given = [*call.args, *(k.value for k in call.keywords)]
        takes_scene = any(isinstance(a, ast.Name) and a.id == "self" for a in given)
        is_nested = isinstance(call.func, ast.Name) and call.func.id in self._nested
        return _UNKNOWN if takes_scene or is_nested else Timing()


# Methods of scenes that never play.
_SILENT = frozenset(
    "add remove clear bring_to_front bring_to_back add_foreground_mobjects embed get_mobjects "
    "add_foreground_mobject remove_foreground_mobjects add_fixed_in_frame_mobjects set_camera "
    "set_camera_orientation begin_ambient_camera_rotation stop_ambient_camera_rotation "
    "force_skipping revert_to_original_skipping_status add_sound get_top_level_mobjects "
    "setup_axes get_graph coords_to_point c2p get_time __init__ add_updater".split()
)


def _read_play(call: ast.Call) -> Timing:
    if any(isinstance(a, ast.Starred) for a in call.args) or any(
        k.arg is None for k in call.keywords
    ):
        known = _find_run_time(call.keywords)
        return Timing(Range(0, known or math.inf), Range(0, 1), Range())
    if not call.args:
        return Timing()
    known = _find_run_time(call.keywords)
    if known is not None:
        return Timing(Range(known, known), _ONE, Range())
    if any(k.arg == "run_time" for k in call.keywords):
        return Timing(_ANY, _ONE, Range())
    spans = [_read_animation(a) for a in call.args]
    low = max(span.low for span in spans)
    return Timing(Range(low, max(span.high for span in spans)), _ONE, Range())


def _read_animation(node: ast.expr) -> Range:
    """Return how long an animation takes."""
    if not isinstance(node, ast.Call):
        return _ANY
    is_built = ".animate" in ast.unparse(node.func)
    keywords = [k for call in _list_chain(node) for k in call.keywords if not is_built or k.arg]
    known = _find_run_time(keywords)
    name = node.func.id if isinstance(node.func, ast.Name) else ""
    if any(k.arg in {"run_time", "time_span", None} for k in keywords):
        return _ANY if known is None else Range(known, known)
    if is_built:
        return _ONE
    if name in _OF_A_SECOND:
        return _ONE
    if name in _RUN_TIMES:
        return Range(*_RUN_TIMES[name])
    return _ANY


def _list_chain(node: ast.expr) -> Iterator[ast.Call]:
    """Yield the calls of ``x.animate(run_time=2).shift(UP)``."""
    while isinstance(node, ast.Call | ast.Attribute):
        if isinstance(node, ast.Call):
            yield node
        node = node.func if isinstance(node, ast.Call) else node.value


def _find_run_time(keywords: Iterable[ast.keyword]) -> float | None:
    return next((_read_number(k.value) for k in keywords if k.arg == "run_time"), None)


def _read_number(node: ast.expr) -> float | None:
    try:
        value = ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return None
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if is_number else None


def _read_wait(call: ast.Call) -> Timing:
    named = [k.value for k in call.keywords if k.arg in {"duration", "time"}]
    given = [*call.args[:1], *named]
    if any(k.arg == "stop_condition" or k.arg is None for k in call.keywords):
        return Timing(_ANY, Range(), _ONE)
    if not given:
        return Timing(_ONE, Range(), _ONE)
    known = _read_number(given[0])
    return Timing(_ANY if known is None else Range(known, known), Range(), _ONE)


def _count_turns(node: ast.expr) -> Range:
    if isinstance(node, ast.List | ast.Tuple) and not any(
        isinstance(e, ast.Starred) for e in node.elts
    ):
        return Range(len(node.elts), len(node.elts))
    is_range = isinstance(node, ast.Call) and ast.unparse(node.func) in {"range", "xrange"}
    numbers = [_read_number(a) for a in node.args] if isinstance(node, ast.Call) else []
    if not is_range or not numbers or any(n is None for n in numbers):
        return _ANY
    try:
        turns = len(range(*(int(n or 0) for n in numbers)))
    except (ValueError, TypeError):
        return _ANY
    return Range(turns, turns)


def _may_leave(node: ast.stmt) -> bool:
    """Whether a statement may end what it stands in."""
    kinds = ast.Return | ast.Break | ast.Continue | ast.Raise
    return any(isinstance(part, kinds) for part in _walk_own(node))


def _walk_own(node: ast.AST) -> Iterator[ast.AST]:
    """Yield a node and what belongs to it, without functions that only are defined there."""
    yield node
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, ast.FunctionDef | ast.Lambda | ast.ClassDef):
            yield from _walk_own(child)


def _list_calls(node: ast.AST) -> Iterator[ast.Call]:
    return (part for part in _walk_own(node) if isinstance(part, ast.Call))


def _list_repeated(node: ast.AST) -> set[ast.Call]:
    """Return the calls that a comprehension makes any number of times."""
    kinds = ast.ListComp | ast.GeneratorExp | ast.SetComp | ast.DictComp
    return {c for part in _walk_own(node) if isinstance(part, kinds) for c in _list_calls(part)}


def _list_family(name: str, classes: dict[str, ast.ClassDef]) -> Iterator[ast.ClassDef]:
    """Yield a class and its bases of the same source, in the order methods are looked up."""
    node = classes.get(name)
    if node is not None:
        yield node
        for base in find_bases(node):
            yield from _list_family(base, classes)
