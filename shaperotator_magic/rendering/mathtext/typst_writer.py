"""The tree -> Typst source, and the order in which LaTeX would draw what it holds.

Every sign is written in a color of its own, which says in the SVG whose outline it is (measured:
the color moves no glyph). TeX's spaces are written out, so that Typst adds none of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from shaperotator_magic.rendering.mathtext import nodes, symbols
from shaperotator_magic.rendering.mathtext.math_parser import find_limits
from shaperotator_magic.rendering.mathtext.nodes import MathList, Node
from shaperotator_magic.rendering.mathtext.spacing import find_space, resolve_kinds

_WRAPPERS = {"D": "display", "T": "inline", "S": "script", "SS": "sscript"}
_SCRIPT = {"D": "S", "T": "S", "S": "SS", "SS": "SS"}
_PART_OF_FRACTION = {"D": "T", "T": "S", "S": "SS", "SS": "SS"}
_BRACKET_EM = {"D": 2.4, "T": 1.2, "S": 0.0, "SS": 0.0}
_SAFE = set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")
_INTERWORD_EM = 1 / 3
_FAMILIES = {"sans": "sf", "mono": "tt"}
# Signs that LaTeX draws as several, and which of our outlines' parts go together.
CONTOURS = {"⋮": (1, 1, 1), "⋱": (1, 1, 1), "≅": (1, 2), "≐": (1, 2)}


@dataclass(frozen=True)
class Leaf:
    """What is drawn in one identifying color: the color to show, and how its outline is split."""

    color: str | None
    contours: tuple[int, ...] = ()


@dataclass(frozen=True)
class Drawn:
    """Outlines of a leaf, from ``start`` to ``stop`` in the order of the SVG."""

    leaf: int
    start: int = 0
    stop: int | None = None


class TypstWriter:
    """Writes nodes in the order in which TeX puts them on the page."""

    def __init__(self) -> None:
        self.leaves: list[Leaf] = []
        self.order: list[Drawn | nodes.Mark] = []

    # Leaves

    def _number(self, color: str | None, contours: tuple[int, ...] = ()) -> int:
        self.leaves.append(Leaf(color, contours))
        return len(self.leaves)

    def _leaf(self, color: str | None, contours: tuple[int, ...] = ()) -> str:
        number = self._number(color, contours)
        self.order.append(Drawn(number))
        return _spell_number(number)

    def _later(self, color: str | None) -> tuple[str, Callable[..., None]]:
        """Return a leaf's name, and what puts (a part of) it into the order."""
        number = self._number(color)

        def draw(start: int = 0, stop: int | None = None) -> None:
            self.order.append(Drawn(number, start, stop))

        return _spell_number(number), draw

    # Math

    def write_formula(self, formula: nodes.Formula) -> str:
        """Return an equation."""
        body = self.write(formula.body, formula.style)
        if formula.size != 1.0:
            return f"#text(size: {10 * formula.size:.4g}pt)[${_wrap(formula.style, body)}$]"
        return f"${_wrap(formula.style, body)}$"

    def write(self, node: Node, style: str) -> str:
        """Return a node as Typst math."""
        return _WRITERS[type(node)](self, node, style)

    def write_list(self, found: MathList, style: str) -> str:
        """Return a list with TeX's spaces between its nodes."""
        kinds = resolve_kinds(found.items)
        pieces: list[str] = []
        wrapped = 0
        previous = ""
        is_plain = True  # nothing stands before that Typst would space
        for item, kind in zip(found.items, kinds, strict=True):
            if isinstance(item, nodes.Style):
                style = item.name
                pieces.append(f"{_WRAPPERS[style]}(")
                wrapped += 1
                continue
            if kind:
                space = find_space(previous, kind, style) if previous else 0.0
                plain = _is_plain(item)
                if previous and (space or not (plain and is_plain)):
                    pieces.append(_space(space))
                previous, is_plain = kind, plain
            pieces.append(self.write(item, style))
        written = "".join(pieces) + ")" * wrapped
        return written if any(pieces) else "nn()"

    def write_mark(self, mark: nodes.Mark, _: str) -> str:
        """Remember where a part of manim's begins or ends."""
        self.order.append(mark)
        return ""

    def write_sign(self, sign: nodes.Sign, _: str) -> str:
        """Return one sign."""
        name = self._leaf(sign.color, CONTOURS.get(sign.text, ()))
        if sign.text == "\u0338":
            # The stroke of \not has no width in TeX and lies over what follows.
            return f"hh(#0.389em)ss(#{name},{_sign(sign.text)})hh(#(-0.667em))"
        return f"{'sb' if sign.is_bold else 'ss'}(#{name},{_sign(sign.text)})"

    def write_word(self, word: nodes.Word, _: str) -> str:
        """Return text within math."""
        return self.write_typed_word(word, hash_sign="#")

    def write_typed_word(self, word: nodes.Word, hash_sign: str) -> str:
        face = word.face
        text = word.text.upper() if face.is_small_caps else word.text
        options = {}
        if face.is_bold:
            options["weight"] = '"bold"'
        if face.size != 1.0:
            options["size"] = f"{10 * face.size:.4g}pt"
        if face.is_small_caps:
            options["size"] = f"{8 * face.size:.4g}pt"
        if face.is_italic:
            options["style"] = '"italic"'
        function = "tw"
        if face.family != "serif":
            function = "tm"
            text = "".join(_style_text(letter, _FAMILIES[face.family]) for letter in text)
        given = "".join(f",{key}:{hash_sign}{value}" for key, value in options.items())
        name = self._leaf(face.color)
        return f"{function}({hash_sign}{name},{_string(text)}{given})"

    def write_space(self, space: nodes.Space, _: str) -> str:
        """Return a space."""
        return _space(space.em)

    def write_blank(self, blank: nodes.Blank, _: str) -> str:
        """Return a space between words."""
        return _space(_INTERWORD_EM * blank.face.size)

    def write_scripts(self, found: nodes.Scripts, style: str) -> str:
        """Return a base with what is above and below."""
        if found.above is None and found.below is None:
            return self.write(found.base, style)
        has_limits = found.has_limits
        if has_limits is None:
            has_limits = style == "D"
        inner = _SCRIPT[style]
        above = self._write_script(found.above, inner) if has_limits else ""
        base = self.write(found.base, style)
        if not has_limits:
            above = self._write_script(found.above, inner)
        below = self._write_script(found.below, inner)
        placed = "limits" if has_limits else "scripts"
        top = f",t:{above}" if above else ""
        bottom = f",b:{below}" if below else ""
        return f"attach({placed}({base}){top}{bottom})"

    def _write_script(self, script: Node | None, style: str) -> str:
        return "" if script is None else self.write(script, style)

    def write_fraction(self, found: nodes.Fraction, style: str) -> str:
        """Return a fraction, or a binomial coefficient."""
        style = found.style or style
        inner = _PART_OF_FRACTION[style]
        name, draw = self._later(found.color)
        left = self._write_bracket(found.left, found.color, style)
        above = self.write(found.above, inner)
        if found.has_rule:
            draw()
        below = self.write(found.below, inner)
        right = self._write_bracket(found.right, found.color, style)
        if found.has_rule:
            body = f"ss(#{name},frac({above},{below}))"
        else:
            body = f"mat(delim:#none,row-gap:#0.25em,{_wrap(inner, above)};{_wrap(inner, below)})"
        fenced = f"{left}{body}{right}"
        return f"{_WRAPPERS[style]}({fenced})" if found.style else fenced

    def _write_bracket(self, sign: str, color: str | None, style: str) -> str:
        return self._tall(sign, _BRACKET_EM[style], color) if sign else ""

    def write_root(self, found: nodes.Root, style: str) -> str:
        """Return a root: index, hook, bar, body."""
        index = "" if found.index is None else self.write(found.index, "SS")
        name = self._leaf(found.color)
        body = self.write(found.body, style)
        if index:
            return f"ss(#{name},root({index},{body}))"
        return f"ss(#{name},sqrt({body}))"

    def write_accent(self, found: nodes.Accent, style: str) -> str:
        """Return an accent over its body."""
        name = self._leaf(found.color)
        body = self.write(found.body, style)
        size = "" if found.is_wide else ",size:#0%"
        return f"ss(#{name},accent({body},#{_string(found.sign)}{size},dotless:#false))"

    def write_line(self, found: nodes.Line, style: str) -> str:
        """Return a body with a rule, a brace or an arrow over or under it."""
        name, draw = self._later(found.color)
        if found.is_over:
            draw()
        body = self.write(found.body, style)
        if not found.is_over:
            draw()
        side = "over" if found.is_over else "under"
        if found.sign in {"", "brace", "bracket"}:
            return f"ss(#{name},{side}{found.sign or 'line'}({body}))"
        if found.is_over:
            return f"ss(#{name},accent({body},{_sign(found.sign)},dotless:#false))"
        return f"attach(limits({body}),b:ss(#{name},stretch({_sign(found.sign)},size:#100%)))"

    def write_delimiter(self, found: nodes.Delimiter, style: str) -> str:
        r"""Return what ``\big`` or ``\middle`` made."""
        del style
        if not found.sign:
            return "nn()"
        if found.em:
            return self._tall(found.sign, found.em, found.color)
        return f"mid({self._bracket(found.sign, found.color)})"

    def _bracket(self, sign: str, color: str | None) -> str:
        return f"fe(ss(#{self._leaf(color)},{_sign(sign)}))"

    def _tall(self, sign: str, em: float, color: str | None) -> str:
        if not sign:
            return ""
        bracket = self._bracket(sign, color)
        return f"lr(size:#{em}em,{bracket})" if em else bracket

    def write_fence(self, found: nodes.Fence, style: str) -> str:
        r"""Return ``\left … \right``."""
        left = self._bracket(found.left.sign, found.left.color) if found.left.sign else "nn()"
        body = self.write(found.body, style)
        right = self._bracket(found.right.sign, found.right.color) if found.right.sign else "nn()"
        return f"lr({left}{_space(0)}{body}{_space(0)}{right})"

    def write_grid(self, grid: nodes.Grid, style: str) -> str:
        """Return rows of cells."""
        inner = grid.style or style
        if len(grid.rows) == 1 and grid.columns in {"a", "c"} and len(grid.rows[0]) == 1:
            return _wrap(inner, self.write(grid.rows[0][0], inner))
        rows = [self._write_row(grid, number, row, inner) for number, row in enumerate(grid.rows)]
        gap = f"row-gap:#{grid.gap}em,column-gap:#{grid.column_gap:.4g}em"
        rules = self._write_rules(grid)
        return f"mat(delim:#none,{gap}{rules},{';'.join(rows)})"

    def _write_rules(self, grid: nodes.Grid) -> str:
        vertical = [place for place in grid.rules if 0 < place < len(grid.columns)]
        horizontal = sorted({place for place in grid.lines if 0 < place < len(grid.rows)})
        if not vertical and not horizontal:
            return ""
        name = self._leaf(grid.color)
        places = ",".join(
            f"{key}:({''.join(f'{place},' for place in found)})"
            for key, found in (("hline", horizontal), ("vline", vertical))
            if found
        )
        return f",augment:#({places},stroke:0.4pt+rgb({name}))"

    def _write_row(self, grid: nodes.Grid, number: int, row: list[MathList], style: str) -> str:
        height, depth = grid.strut
        depth += grid.extra.get(number, 0.0)
        strut = f"st(#{height:.4g},#({depth:.4g}))" if height or depth else ""
        if grid.columns == "a":
            cells = [self.write(_lead(cell, place), style) for place, cell in enumerate(row)]
            return _wrap(style, strut + _space(0) + _join_pairs(cells))
        written = []
        for place in range(len(grid.columns)):
            cell = self.write(row[place], style) if place < len(row) else "nn()"
            lead = strut + _space(0) if place == 0 else ""
            before, after = _ALIGNS[grid.columns[place]]
            written.append(f"{before}{_wrap(style, lead + cell)}{after}")
        return ",".join(written)

    def write_long_arrow(self, found: nodes.LongArrow, style: str) -> str:
        """Return an arrow as long as what it carries."""
        inner = _SCRIPT[style]
        above = self.write(found.above, inner)
        name = self._leaf(found.color)
        below = self._write_script(found.below, inner)
        arrow = f"stretch(ss(#{name},{_sign(found.sign)}),size:#(100% + 1em))"
        bottom = f",b:{below}" if below else ""
        return f"attach(limits({arrow}),t:{above}{bottom})"

    def write_box(self, found: nodes.Box, style: str) -> str:
        """Return a frame: top and left, what is in it, right and bottom."""
        del style
        name, draw = self._later(found.color)
        draw(0, 2)
        body = self.write(found.body, "D")
        draw(2)
        return f"bx(#{name},{body})"

    def write_cancel(self, found: nodes.Cancel, style: str) -> str:
        """Return a body that is struck out."""
        options = {"\\": ",inverted:#true", "x": ",cross:#true", "-": ",angle:#90deg"}
        name = self._leaf(found.color)
        body = self.write(found.body, style)
        return f"cn(#{name},{body}{options.get(found.strokes, '')})"

    def write_phantom(self, found: nodes.Phantom, style: str) -> str:
        """Return the room of a body."""
        body = self.write(found.body, style)
        if found.is_shown:
            return body if found.keeps_width else f"ov({_wrap(style, body)})"
        if found.keeps_width and found.keeps_height:
            return f"hide({body})"
        return f"{'vp' if found.keeps_height else 'hp'}({_wrap(style, body)})"

    def write_rule(self, rule: nodes.Rule, _: str) -> str:
        """Return a black box."""
        name = self._leaf(rule.color)
        size = f"#{rule.width:.4g},#{rule.height:.4g},#({rule.raised:.4g})"
        return f"rr(#{name},{size})hh(#(-{rule.width:.4g}em))"

    def write_inner_formula(self, formula: nodes.Formula, _: str) -> str:
        """Return math within text within math."""
        return _wrap(formula.style, self.write(formula.body, formula.style))

    def write_underline(self, found: nodes.Underline, style: str) -> str:
        """Return underlined text."""
        name, draw = self._later(found.color)
        body = self.write(found.body, style)
        draw()
        return f"ss(#{name},underline({body}))"

    def write_raised(self, found: nodes.Raised, style: str) -> str:
        """Return text moved up."""
        return f"up(#({found.em:.4g}),{self.write(found.body, style)})"

    def write_nothing(self, _: Node, __: str) -> str:
        """Return nothing, for what has no meaning within math."""
        return ""

    def write_paragraphs_in_math(self, found: nodes.Paragraphs, style: str) -> str:
        """Return text within a formula, on one line."""
        return self.write(MathList(found.items), style)


_ALIGNS = {"l": ("&", ""), "r": ("", "&"), "c": ("", "")}


def _lead(cell: MathList, place: int) -> MathList:
    # In an aligned pair, the right half begins after an empty atom: its relation is spaced.
    return MathList([MathList([]), *cell.items]) if place % 2 else cell


def _join_pairs(cells: list[str]) -> str:
    joined = cells[0]
    for place, cell in enumerate(cells[1:], start=1):
        joined += f"&{cell}" if place % 2 else f"&{_space(2)}{cell}"
    return joined


def _is_plain(item: Node) -> bool:
    if isinstance(item, nodes.Scripts):
        return _is_plain(item.base) and find_limits(item.base) is False
    return isinstance(item, nodes.Sign) and item.kind == symbols.ORD and item.text.isalnum()


def _wrap(style: str, body: str) -> str:
    return f"{_WRAPPERS[style]}({body})"


def _space(em: float) -> str:
    return f"hh(#({em:.4g}em))"


def _sign(text: str) -> str:
    return "".join(char if char in _SAFE else f"\\u{{{ord(char):x}}}" for char in text)


def _string(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ")
    return f'"{escaped}"'


def _style_text(letter: str, alphabet: str) -> str:
    is_known = letter.isascii() and letter.isalnum()
    return symbols.style_letter(letter, alphabet) if is_known else letter


def _spell_number(number: int) -> str:
    return f'"#{number:06x}"'


_WRITERS: dict[type, Callable[[TypstWriter, Any, str], str]] = {
    nodes.Mark: TypstWriter.write_mark, nodes.Sign: TypstWriter.write_sign,
    nodes.Word: TypstWriter.write_word, nodes.Space: TypstWriter.write_space,
    nodes.Blank: TypstWriter.write_blank, nodes.MathList: TypstWriter.write_list,
    nodes.Scripts: TypstWriter.write_scripts, nodes.Fraction: TypstWriter.write_fraction,
    nodes.Root: TypstWriter.write_root, nodes.Accent: TypstWriter.write_accent,
    nodes.Line: TypstWriter.write_line, nodes.Delimiter: TypstWriter.write_delimiter,
    nodes.Fence: TypstWriter.write_fence, nodes.Grid: TypstWriter.write_grid,
    nodes.LongArrow: TypstWriter.write_long_arrow, nodes.Box: TypstWriter.write_box,
    nodes.Cancel: TypstWriter.write_cancel, nodes.Phantom: TypstWriter.write_phantom,
    nodes.Rule: TypstWriter.write_rule, nodes.Formula: TypstWriter.write_inner_formula,
    nodes.Underline: TypstWriter.write_underline, nodes.Raised: TypstWriter.write_raised,
    nodes.Break: TypstWriter.write_nothing, nodes.Tab: TypstWriter.write_nothing,
    nodes.Style: TypstWriter.write_nothing,
    nodes.Paragraphs: TypstWriter.write_paragraphs_in_math,
}  # fmt: skip
