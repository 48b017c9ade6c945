"""What belongs together: a text and the box around it, a label and its arrow, cells of a column.

A text that belongs to something is never moved away from it: it is scaled, or its box is widened.
Pure: it only proposes.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

from collections.abc import Iterator

from shaperotator_magic.checking.autofix.scene_edits import Fix, SceneEdits, is_callable_name
from shaperotator_magic.checking.layout.geometry import lies_in, measure_area, measure_shared, unite
from shaperotator_magic.core.records import Box, Drawn

__all__ = ["find_container", "fit_each", "fit_in", "is_in_column", "list_attached"]

_CONTAINERS = frozenset(
    "Rectangle Square RoundedRectangle Circle Ellipse Polygon RegularPolygon Triangle Star "
    "SurroundingRectangle BackgroundRectangle Annulus Cutout LabeledDot Dot".split()
)
_ROUND = frozenset({"Circle", "Ellipse", "Annulus", "Dot", "Triangle", "Star", "LabeledDot"})
_LARGEST = 20.0
_LEAST_WIDTH = 0.5  # of a text: it only happens to lie on what is narrower
_WITHIN = 0.45  # share of a text that lies in its container
_FILLED, _FILLED_ROUND = 0.86, 0.7
_LEAST_SCALE, _LEAST_HEIGHT = 0.35, 0.16
_ALIKE = 0.03
_FEWEST_IN_COLUMN, _FEWEST_ALIKE = 3, 2
_REACH = 0.35


def find_container(scene: SceneEdits, text: Drawn) -> Drawn | None:
    """Return the smallest closed shape that a text stands in, even where it juts out of it."""
    box = unite(text.boxes)
    middle = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    around = [
        other
        for other in scene.list_companions(text)
        if other.text is None
        and other.type_name in _CONTAINERS
        and not other.is_on_plane
        and lies_in(*middle, other.boxes[0])
        and _may_hold(other.boxes[0], box)
    ]
    return min(around, key=lambda other: measure_area(other.boxes[0]), default=None)


def _may_hold(outer: Box, text: Box) -> bool:
    is_cell = measure_area(text) * 0.5 < measure_area(outer) < _LARGEST
    is_tall_enough = outer[3] - outer[1] > 0.6 * (text[3] - text[1])
    is_wide_enough = outer[2] - outer[0] > _LEAST_WIDTH * (text[2] - text[0])
    return (
        is_cell
        and is_tall_enough
        and is_wide_enough
        and measure_shared(outer, text) > _WITHIN * measure_area(text)
    )


def fit_in(scene: SceneEdits, text: Drawn, container: Drawn) -> Iterator[Fix]:
    """Scale a text into its container, or widen the container; the text stays where it is."""
    yield from fit_each(scene, text)
    factor, where = _measure_fit(text, container)
    tallest = max(box[3] - box[1] for box in text.boxes)
    if _LEAST_SCALE <= factor < 1 and factor * tallest >= _LEAST_HEIGHT:
        message = f"{text.name} was made smaller ({factor:.0%}), so that it stays in its box"
        yield from scene.insert(text, f"{{}}.scale({factor:.2f}){where}", message)
    others = scene.list_companions(container)
    has_siblings = any(t.line == container.line and t.text is None for t in others)
    if is_callable_name(container.name) and not has_siblings:  # boxes of a row stay alike
        box = unite(text.boxes)
        width = (box[2] - box[0]) / _share(container)
        old = container.boxes[0][2] - container.boxes[0][0]
        if width > old:
            message = f"{container.name} was widened, so that {text.name or 'its text'} fits"
            how = (
                f"scale({width / old:.2f})"
                if container.type_name in _ROUND
                else (f"stretch_to_fit_width({width:.2f})")
            )
            yield from scene.insert(container, f"{{}}.{how}", message)


def _share(container: Drawn) -> float:
    return _FILLED_ROUND if container.type_name in _ROUND else _FILLED


def _measure_fit(text: Drawn, container: Drawn) -> tuple[float, str]:
    """Return the scale with which a text fits, and the call that brings it to the middle."""
    box, outer = unite(text.boxes), container.boxes[0]
    share = _share(container)
    width, height = box[2] - box[0], box[3] - box[1]
    factor = min(
        share * (outer[2] - outer[0]) / max(width, 1e-6),
        share * (outer[3] - outer[1]) / max(height, 1e-6),
        1.0,
    )
    across = (outer[0] + outer[2] - box[0] - box[2]) / 2
    is_aside = abs(across) + factor * width / 2 > share * (outer[2] - outer[0]) / 2 + 0.05
    direction = "RIGHT" if across > 0 else "LEFT"
    return factor, f".shift({abs(across):.2f} * {direction})" if is_aside else ""


def fit_each(scene: SceneEdits, text: Drawn) -> Iterator[Fix]:
    """Scale all texts of a group alike, so that each fits into its own box.

    Those belong to one group that one line makes: ``cells[3][1]``, ``words[2]``.
    """
    texts = [text, *(t for t in scene.list_companions(text) if t.line == text.line and t.text)]
    named = [t.name for t in texts if "[" in t.name]
    boxes = [(t, box) for t in texts if (box := find_container(scene, t)) is not None]
    if not named or len(boxes) < _FEWEST_ALIKE:
        return
    factor = min(_measure_fit(t, box)[0] for t, box in boxes)
    tallest = max(box[3] - box[1] for box in text.boxes)
    if factor < 1 and factor >= _LEAST_SCALE and factor * tallest >= _LEAST_HEIGHT:
        base, _, keys = named[0].partition("[")
        inner = keys.partition("]")[2]
        message = f"the texts of {base} were made smaller ({factor:.0%}), to stay in their boxes"
        code = f"[part{inner}.scale({factor:.2f}) for part in {base}]"
        first = next(t for t in texts if t.name == named[0])
        yield from scene.insert(first, code, message)


def is_in_column(scene: SceneEdits, text: Drawn) -> bool:
    """Whether a text stands in a column or row with others of its group: a table stays one."""
    base = text.name.partition("[")[0]
    box = unite(text.boxes)
    others = [
        unite(other.boxes)
        for other in scene.list_companions(text)
        if other.text is not None
        and (other.line == text.line or (other.name.partition("[")[0] == base != other.name))
    ]
    lines = [(0, 0), (2, 2), (0, 2), (1, 1), (1, 3)]
    return any(
        sum(abs(o[a] + o[b] - box[a] - box[b]) < 2 * _ALIKE for o in others) + 1
        >= _FEWEST_IN_COLUMN
        for a, b in lines
    )


def list_attached(scene: SceneEdits, shape: Drawn) -> list[Drawn]:
    """Return the texts that go where a shape goes: in it, or close beside it."""
    box = shape.boxes[0]
    near = box[0] - _REACH, box[1] - _REACH, box[2] + _REACH, box[3] + _REACH
    texts = [other for other in scene.list_companions(shape) if other.text is not None]
    known = [text for text in texts if text.name.isidentifier() and not text.is_on_plane]
    return [text for text in known if measure_shared(near, unite(text.boxes))
            > 0.9 * measure_area(unite(text.boxes))]  # fmt: skip
