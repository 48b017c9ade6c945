"""Letters from the SVG that Pango writes: each glyph is parsed and traced once a process.

manim parses the whole file twice for every text, and every occurrence of a letter anew: some
2 ms a letter. Here the file's structure is read, each distinct glyph is built by manim's own
import, at the origin, and its occurrences are copies with moved points: the same bits. Only
``path_obj``, which manim reads no more, is that of the glyph at the origin.
What is not of that structure (an underline, a picture) is left to manim.

Runs in a scene's process, the confined fork that draws it.
"""

from __future__ import annotations

import contextlib
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from xml.etree import ElementTree

import numpy as np

from shaperotator_magic.rendering.stand_ins.installed import replace

_SVG = "{http://www.w3.org/2000/svg}"
_GROUP, _USE, _PATH, _DEFS = f"{_SVG}g", f"{_SVG}use", f"{_SVG}path", f"{_SVG}defs"
_HOLDERS = frozenset({_GROUP, f"{_SVG}symbol"})
_LINK = "{http://www.w3.org/1999/xlink}href"
_PLACE = frozenset({_LINK, "x", "y"})
_MOST_KNOWN = 2_000  # glyphs
_LINE, _QUADRATIC, _CUBIC = range(3)
_ROOT_DEPTH = 4  # of the first group of the file, below the two that manim puts around all
_LARGEST_GAP = 0.0001  # manim closes a contour by a line where its ends are further apart


@dataclass(frozen=True)
class _Use:
    """An occurrence of a glyph: its definition, the groups around it, its place."""

    glyph: ElementTree.Element
    groups: tuple[ElementTree.Element, ...]
    x: float
    y: float


class _Pattern:
    """A mobject without members, and which of its attributes no two mobjects may share."""

    def __init__(self, mobject: Any) -> None:
        self._kind = type(mobject)
        self._shared = dict(mobject.__dict__)
        own = (np.ndarray, list, dict)
        self._own = {name: v.copy() for name, v in self._shared.items() if isinstance(v, own)}

    def copy(self) -> Any:
        made = object.__new__(self._kind)
        attributes = made.__dict__
        attributes.update(self._shared)
        for name, value in self._own.items():
            attributes[name] = value.copy()
        return made


@dataclass(frozen=True)
class _Known:
    """A glyph at the origin.

    ``curves`` has shape (n, 4, 2); ``kinds`` says of each whether it is a line or quadratic: then
    its inner control points are found when it is at its place. ``elements`` are those that manim
    meets below the groups: whether named like the glyph, how deep, whether it is the letter.
    """

    letter: _Pattern | None
    curves: Any
    kinds: Any
    elements: tuple[tuple[bool, int, bool], ...]


def install() -> None:
    """Install this reader in manim's import of SVG files."""
    replace("text outlines", _build_generate)


def _build_generate(stock: Callable[[Any], Any]) -> Callable[[Any], Any]:
    from manim import RIGHT, Mobject

    watch = Mobject.__init__
    known: dict[Any, _Known] = {}

    def generate_mobject(mobject: Any) -> Any:
        context = _describe(mobject)
        uses = _read_uses(mobject) if context is not None else None
        if uses is None:
            return stock(mobject)
        with _unwatched(watch):
            glyphs = [_find_glyph(mobject, use, context, known) for use in uses]
        maker = _Maker(watch)
        letters = maker.place(list(zip(uses, glyphs, strict=True)))
        mobject.add(*letters)
        mobject.id_to_vgroup_dict = maker.groups
        mobject.flip(RIGHT)
        return mobject

    return generate_mobject


def _describe(mobject: Any) -> Any:
    """Return what the import depends on beside the file; None where it is not the usual one."""
    from manim import MarkupText, RendererType, SVGMobject, Text, VGroup, VMobject, config
    from manim.mobject.svg.svg_mobject import VMobjectFromSVGPath

    is_text = isinstance(mobject, Text | MarkupText)
    if not is_text or mobject.path_string_config or config.renderer != RendererType.CAIRO:
        return None
    own = ("modify_xml_tree", "get_mobjects_from", "get_mob_from_shape_element", "path_to_mobject",
           "apply_style_to_mobject", "handle_transform", "generate_config_style_dict")  # fmt: skip
    if any(getattr(type(mobject), name) is not getattr(SVGMobject, name) for name in own):
        return None
    makers = (VGroup, VMobject, VMobjectFromSVGPath)  # their defaults may be changed
    style = tuple((name, repr(value)) for name, value in mobject.svg_default.items())
    return (*style, *[maker.__init__ for maker in makers])


# --- the file ---------------------------------------------------------------------------


def _read_uses(mobject: Any) -> list[_Use] | None:
    """Return the occurrences of glyphs in a file of Pango's; None where there is anything else."""
    # Pango has just written it, in this process.
    root = ElementTree.parse(mobject.get_file_path()).getroot()  # noqa: S314
    glyphs: dict[str, ElementTree.Element] = {}
    found: list[_Use] = []
    try:
        for child in root:
            if child.tag == _DEFS:
                glyphs |= _read_glyphs(child)
            else:
                found += _walk_group(child, (), glyphs)
    except _OtherStructureError:
        return None
    return found


class _OtherStructureError(Exception):
    """The file has something that this reader does not know."""


def _read_glyphs(definitions: ElementTree.Element) -> dict[str, ElementTree.Element]:
    glyphs = {}
    for holder in definitions:
        for glyph in holder:
            if glyph.tag not in _HOLDERS or [part.tag for part in glyph] != [_PATH]:
                raise _OtherStructureError
            glyphs[glyph.attrib["id"]] = glyph
    return glyphs


def _walk_group(
    group: ElementTree.Element,
    outer: tuple[ElementTree.Element, ...],
    glyphs: dict[str, ElementTree.Element],
) -> Iterator[_Use]:
    if group.tag != _GROUP or "transform" in group.attrib or not len(group):
        raise _OtherStructureError
    groups = (*outer, group)
    for child in group:
        if child.tag != _USE:
            yield from _walk_group(child, groups, glyphs)
            continue
        glyph = glyphs.get(child.attrib.get(_LINK, "").removeprefix("#"))
        if glyph is None or child.attrib.keys() != _PLACE:
            raise _OtherStructureError
        yield _Use(glyph, groups, float(child.attrib["x"]), float(child.attrib["y"]))


# --- one glyph --------------------------------------------------------------------------


def _find_glyph(mobject: Any, use: _Use, context: Any, known: dict[Any, _Known]) -> _Known:
    attributes = [tuple(sorted(_drop_id(group).items())) for group in use.groups]
    path = tuple(sorted(use.glyph[0].attrib.items()))
    key = (*context, *attributes, use.glyph.tag, tuple(_drop_id(use.glyph).items()), path)
    if key not in known:
        if len(known) >= _MOST_KNOWN:
            known.clear()
        known[key] = _build_glyph(mobject, use)
    return known[key]


def _drop_id(element: ElementTree.Element) -> dict[str, str]:
    return {name: value for name, value in element.attrib.items() if name != "id"}


def _build_glyph(mobject: Any, use: _Use) -> _Known:
    """Let manim import a file with this glyph alone, at the origin."""
    import svgelements

    root = ElementTree.Element(f"{_SVG}svg")
    holder = ElementTree.SubElement(ElementTree.SubElement(root, _DEFS), _GROUP)
    holder.append(use.glyph)
    inner = root
    for group in use.groups:
        inner = ElementTree.SubElement(inner, _GROUP, _drop_id(group))
    link = f"#{use.glyph.attrib['id']}"
    ElementTree.SubElement(inner, _USE, {_LINK: link, "x": "0", "y": "0"})
    written = io.BytesIO()
    mobject.modify_xml_tree(ElementTree.ElementTree(root)).write(written)
    written.seek(0)
    parsed = svgelements.SVG.parse(written)
    made, _ = mobject.get_mobjects_from(parsed)
    above = len(use.groups) + _ROOT_DEPTH - 1
    elements = tuple(_list_elements(parsed, svgelements, above, bool(made)))
    if not made:  # a space
        return _Known(None, np.zeros((0, 4, 2)), np.zeros(0), elements)
    curves, kinds = _trace(made[0].path_obj, svgelements)
    return _Known(_Pattern(made[0]), curves, kinds, elements)


@contextlib.contextmanager
def _unwatched(construct: Any) -> Iterator[None]:
    """Build glyphs unseen by who watches constructions: their occurrences are what is made."""
    from manim import Mobject

    watching = Mobject.__init__
    Mobject.__init__ = construct  # type: ignore[method-assign]
    try:
        yield
    finally:
        Mobject.__init__ = watching  # type: ignore[method-assign]


def _list_elements(
    parsed: Any, svgelements: Any, above: int, has_letter: bool
) -> Iterator[tuple[bool, int, bool]]:
    """List the elements below the groups, in the order in which manim meets them."""
    stack = [(parsed, 1)]
    while stack:
        element, depth = stack.pop()
        if isinstance(element, svgelements.Group | svgelements.Use):
            stack.extend((part, depth + 1) for part in element[::-1])
        if depth > above:
            is_named = "id" in getattr(element, "values", {})
            yield is_named, depth - above, has_letter and isinstance(element, svgelements.Path)


def _trace(path: Any, svgelements: Any) -> tuple[Any, Any]:
    """Return the curves of a path as ``VMobjectFromSVGPath.handle_commands`` finds them."""
    curves: list[Any] = []
    kinds: list[int] = []
    last = began = (0.0, 0.0)
    for segment in path:
        end = tuple(segment.end)
        if isinstance(segment, svgelements.Move):
            last = began = end
            continue
        if isinstance(segment, svgelements.Close):
            if np.hypot(last[0] - began[0], last[1] - began[1]) <= _LARGEST_GAP:
                continue
            end, controls, kind = began, (last, began), _LINE
        elif isinstance(segment, svgelements.CubicBezier):
            controls, kind = (tuple(segment.control1), tuple(segment.control2)), _CUBIC
        elif isinstance(segment, svgelements.QuadraticBezier):
            controls, kind = (tuple(segment.control),) * 2, _QUADRATIC
        else:
            controls, kind = (last, end), _LINE
        curves.append((last, *controls, end))
        kinds.append(kind)
        last = end
    return np.array(curves, dtype=float).reshape(-1, 4, 2), np.array(kinds)


# --- the letters ------------------------------------------------------------------------


@dataclass
class _Maker:
    """Makes letters and groups by copying, so that who watches constructions sees each."""

    watch: Any
    """manim's own ``Mobject.__init__``."""
    groups: dict[str, Any] = field(default_factory=dict)
    _stack: list[str] = field(default_factory=lambda: ["root"])
    _unnamed: int = 0

    def place(self, found: list[tuple[_Use, _Known]]) -> list[Any]:
        """Make the letters in the file's order, and the groups that manim names."""
        from manim import VGroup

        self.groups["root"] = VGroup()
        self._empty = _Pattern(self.groups["root"])
        for depth in range(1, _ROOT_DEPTH):
            self._enter(None, depth)
        letters = []
        open_groups: tuple[ElementTree.Element, ...] = ()
        for use, glyph in found:
            self._open(open_groups, use.groups)
            open_groups = use.groups
            letter = self._place_glyph(use, glyph)
            if letter is not None:
                letters.append(letter)
        return letters

    def _open(self, before: tuple[Any, ...], groups: tuple[Any, ...]) -> None:
        shared = 0
        while shared < min(len(before), len(groups)) and before[shared] is groups[shared]:
            shared += 1
        for number in range(shared, len(groups)):
            self._enter(groups[number].attrib.get("id"), _ROOT_DEPTH + number)

    def _enter(self, name: str | None, depth: int) -> None:
        del self._stack[depth:]
        if name is None:
            name = f"numbered_group_{self._unnamed}"
            self._unnamed += 1
        self._stack.append(name)
        self.groups[name] = self._copy(self._empty)

    def _place_glyph(self, use: _Use, glyph: _Known) -> Any:
        letter = None
        for is_named, depth, is_letter in glyph.elements:
            name = use.glyph.attrib["id"] if is_named else None
            self._enter(name, len(use.groups) + _ROOT_DEPTH - 1 + depth)
            if is_letter and glyph.letter is not None:
                letter = self._copy(glyph.letter)
                letter.points = _move(glyph, use)
                for parent in self._stack[:-1]:
                    self.groups[parent].submobjects.append(letter)
        return letter

    def _copy(self, pattern: _Pattern) -> Any:
        from manim import Mobject

        made = pattern.copy()
        if Mobject.__init__ is not self.watch:
            made.path_obj = ()  # of which manim's own makes no points
            Mobject.__init__(made)
            made.__dict__.clear()
            made.__dict__.update(pattern.copy().__dict__)
        return made


def _move(glyph: _Known, use: _Use) -> Any:
    """Return a letter's points, shape (4 n, 3), at the place of an occurrence."""
    curves = np.zeros((len(glyph.curves), 4, 3))
    curves[:, :, :2] = glyph.curves + np.array([use.x, use.y])
    start, control, end = curves[:, 0], curves[:, 1], curves[:, 3]
    lines, quadratic = glyph.kinds == _LINE, glyph.kinds == _QUADRATIC
    # In manim's order of operations, for the same bits.
    thirds = (start + start + end) / 3, (start + end + end) / 3
    cubic = (start + control + control) / 3, (control + control + end) / 3
    for place, (third, raised) in enumerate(zip(thirds, cubic, strict=True), 1):
        curves[quadratic, place] = raised[quadratic]
        curves[lines, place] = third[lines]
    return curves.reshape(-1, 3)
