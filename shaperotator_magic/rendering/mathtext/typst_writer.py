"""The tree -> Typst source, and the order in which LaTeX would draw what it holds.

Every sign is written in a color of its own, which identifies its outline in the SVG (measured:
the color moves no glyph). TeX's spaces are written out, so that Typst adds none of its own.

Runs in a scene's process, the confined fork that draws it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from typing import Any, ClassVar

from shaperotator_magic.rendering.mathtext import nodes, symbols
from shaperotator_magic.rendering.mathtext.leaves import LeafBook
from shaperotator_magic.rendering.mathtext.math_parser import find_limits
from shaperotator_magic.rendering.mathtext.nodes import MathList, Node
from shaperotator_magic.rendering.mathtext.spacing import resolve_kinds
from shaperotator_magic.rendering.mathtext.typst_syntax import (
    WRAPPERS,
    Row,
    wrap,
    write_sign,
    write_space,
    write_string,
)
from shaperotator_magic.rendering.mathtext.words import write_word

_SCRIPT = {"D": "S", "T": "S", "S": "SS", "SS": "SS"}
_PART_OF_FRACTION = {"D": "T", "T": "S", "S": "SS", "SS": "SS"}
_SCALES = {"D": 1.0, "T": 1.0, "S": 0.7, "SS": 0.5}
_BRACKET_EM = {"D": 2.4, "T": 1.2, "S": 0.0, "SS": 0.0}
_FRAME_EM = 0.34
_HEADS = {"→": "→", "←": "←", "↔": "←→"}
_SHORTEST_EM = {"→": 1.0, "←": 1.0, "↔": 1.22}  # an arrow over a body
_LINE_SHAPES = {"brace": "wide brace"}
INTERWORD_EM = 1 / 3
SENTENCE_EM = 1 / 9  # more than that, behind a sentence
# Signs that LaTeX draws as several, and which of our outlines' parts go together.
_SHAPES = {
    "≅": "contours:1,2", "≐": "contours:1,2", "↪": "hook:left", "↩": "hook:right",
    "⇢": "dashes", "⇠": "dashes",
}  # fmt: skip
# What LaTeX builds of the hooks of a brace: above, below; its width, and that of our bracket.
_HOOKS = {"⟮": "⎧⎩", "⟯": "⎫⎭", "⎰": "⎧⎭", "⎱": "⎫⎩"}
_HOOK_EM, _BRACKET_EM_OF_HOOKS = 0.889, 0.55
_BRACKET_SHAPES = {
    **dict.fromkeys("()[]⌊⌋⌈⌉⟨⟩", "bracket"), **dict.fromkeys("{}", "brace"),
    **dict.fromkeys("|∥", "bar"),
}  # fmt: skip
# What Typst sets closer than LaTeX does, or lower (measured on the classroom formulas).
_LIMIT_GAP_EM = 0.1
_SUBSCRIPT_EM = 0.097
_FENCE_SUBSCRIPT_EM = 0.15
# Beside a label on an arrow, 5 and 9 mu, in em of the label; and how far down it belongs.
_LABEL_SIDES_EM = (0.325, 0.54)
_LABEL_DEPTH_EM, _LABEL_LOWERED_EM = 0.3, 0.361
_DESCENDERS, _DESCENDER_RAISED_EM = frozenset("fgjpqyQβγζημξρφχψ,;()[]{}|/"), 0.047
# What TeX leaves beside a fraction in any style, 1.2 pt, less what Typst does, in em of the style.
_BESIDE_FRACTION_EM = {"D": 0.02, "T": 0.02, "S": 0.071, "SS": 0.14}
# The same between an angle bracket and what it holds.
_ANGLES, _BESIDE_ANGLE_EM = frozenset("⟨⟩"), 0.045
# TeX's delimiterfactor, and what Typst takes away itself.
_FENCE_SIZE = "#(90.1% + 0.1em)"


class TypstWriter(LeafBook):
    """Writes nodes in the order in which TeX puts them on the page."""

    writers: ClassVar[dict[type, Callable[[Any, Any, str], str]]] = {}

    # Math

    def write_formula(self, formula: nodes.Formula) -> str:
        """Return an equation."""
        body = self.write(formula.body, formula.style)
        if formula.size != 1.0:
            return f"#text(size: {10 * formula.size:.4g}pt)[${wrap(formula.style, body)}$]"
        return f"${wrap(formula.style, body)}$"

    def write(self, node: Node, style: str) -> str:
        """Return a node as Typst math."""
        return self.writers[type(node)](self, node, style)

    def write_list(self, found: MathList, style: str) -> str:
        """Return a list with TeX's spaces between its nodes."""
        kinds = resolve_kinds(found.items)
        row = Row()
        for item, kind in zip(found.items, kinds, strict=True):
            if isinstance(item, nodes.Style):
                style = item.name
                row.open(style)
            elif isinstance(item, nodes.Space):
                row.space(item.em)
            elif isinstance(item, nodes.Mark):
                self.order.append(item)
            else:
                row.add(self.write(item, style), kind, style, is_plain=_is_plain(item))
        return row.close()

    def write_mark(self, mark: nodes.Mark, _: str) -> str:
        """Remember where a part of manim's begins or ends."""
        self.order.append(mark)
        return ""

    def write_sign(self, sign: nodes.Sign, _: str) -> str:
        """Return one sign."""
        self.check_signs(sign.text)
        name = self.leaf(sign.color, _SHAPES.get(sign.text, ""))
        function = "sb" if sign.is_bold else "se" if sign.text == "∅" else "ss"
        return f"{function}(#{name},{write_sign(sign.text)})"

    def write_word(self, word: nodes.Word, _: str) -> str:
        """Return text within math."""
        return self.write_typed_word(word, hash_sign="#")

    def write_typed_word(self, word: nodes.Word, hash_sign: str) -> str:
        """Return text within math, or within text where ``hash_sign`` is empty."""
        self.check_signs(word.text)
        return write_word(word, self.leaf, hash_sign)

    def write_space(self, space: nodes.Space, _: str) -> str:
        """Return a space."""
        return write_space(space.em)

    def write_blank(self, blank: nodes.Blank, _: str) -> str:
        """Return a space between words."""
        em = INTERWORD_EM + SENTENCE_EM * blank.is_wide
        return write_space(em * blank.face.size)

    def write_scripts(self, found: nodes.Scripts, style: str) -> str:
        """Return a base with what is above and below."""
        if found.above is None and found.below is None:
            return self.write(found.base, style)
        has_limits = found.has_limits
        if has_limits is None:
            has_limits = style == "D"
        inner = _SCRIPT[style]
        is_tall = isinstance(found.base, nodes.Line) or (
            isinstance(found.base, nodes.Sign) and found.base.is_large
        )
        pad = write_space(0) + "st(#{},#({}))" if has_limits and is_tall else ""
        gap = round(_LIMIT_GAP_EM / _SCALES[inner], 3)
        above = self._write_script(found.above, inner) if has_limits else ""
        base = self.write(found.base, style)
        if not has_limits:
            above = self._write_script(found.above, inner)
        outer = self.raised_em
        if not has_limits:
            self.raised_em += _find_lift(found) * _SCALES[style]
        below = self._write_script(found.below, inner)
        self.raised_em = outer
        placed = "limits" if has_limits else "scripts"
        top = f",t:{above}{pad.format(0, gap)}" if above else ""
        bottom = f",b:{below}{pad.format(0.694 + gap, 0)}" if below else ""
        return f"attach({placed}({base}){top}{bottom})"

    def _write_script(self, script: Node | None, style: str) -> str:
        return "" if script is None else self.write(script, style)

    def write_fraction(self, found: nodes.Fraction, style: str) -> str:
        """Return a fraction, or a binomial coefficient."""
        style = found.style or style
        inner = _PART_OF_FRACTION[style]
        name, draw = self.later(found.color)
        left = self._write_bracket(found.left, found.color, style)
        above = self.write(found.above, inner)
        if found.has_rule:
            draw()
        below = self.write(found.below, inner)
        right = self._write_bracket(found.right, found.color, style)
        if found.has_rule:
            side = write_space(_BESIDE_FRACTION_EM[style])
            body = f"{side}ss(#{name},frac({above},{below})){side}"
        else:
            body = f"mat(delim:#none,row-gap:#0.25em,{wrap(inner, above)};{wrap(inner, below)})"
        fenced = f"{left}{body}{right}"
        return f"{WRAPPERS[style]}({fenced})" if found.style else fenced

    def _write_bracket(self, sign: str, color: str | None, style: str) -> str:
        return self._tall(sign, _BRACKET_EM[style], color) if sign else ""

    def write_root(self, found: nodes.Root, style: str) -> str:
        """Return a root: index, hook, bar, body."""
        index = "" if found.index is None else self.write(found.index, "SS")
        name = self.leaf(found.color, "root")
        body = self.write(found.body, style)
        if index:
            return f"ss(#{name},root({index},{body}))"
        return f"ss(#{name},sqrt({body}))"

    def write_accent(self, found: nodes.Accent, style: str) -> str:
        """Return an accent over its body."""
        name = self.leaf(found.color)
        body = self.write(found.body, style)
        size = "" if found.is_wide else ",size:#0%"
        return f"ss(#{name},accent({body},#{write_string(found.sign)}{size},dotless:#false))"

    def write_line(self, found: nodes.Line, style: str) -> str:
        """Return a body with a rule, a brace or an arrow over or under it."""
        is_arrow = found.sign in _HEADS
        shape = "over arrow" if is_arrow else _LINE_SHAPES.get(found.sign, "")
        name, draw = self.later(found.color, shape)
        if found.is_over:
            draw()
        body = self.write(found.body, style)
        if is_arrow:
            body = f"mn(#{_SHORTEST_EM[found.sign]},{body})"
        if not found.is_over:
            draw()
        side = "over" if found.is_over else "under"
        if not is_arrow:
            return f"ss(#{name},{side}{found.sign or 'line'}({body}))"
        # The line has the length of the arrow, whose glyphs are at the line's beginning.
        heads = "".join(f"ov(ss(#{name},{write_sign(sign)}))" for sign in _HEADS[found.sign])
        return f"{heads}{write_space(0)}ss(#{name},{side}line({body}))"

    def write_delimiter(self, found: nodes.Delimiter, style: str) -> str:
        r"""Return what ``\big`` or ``\middle`` made."""
        del style
        if not found.sign:
            return "nn()"
        if found.em:
            return self._tall(found.sign, found.em, found.color)
        return f"mid({self._bracket(found.sign, found.color)})"

    def _bracket(self, sign: str, color: str | None) -> str:
        name = self.leaf(color, _BRACKET_SHAPES.get(sign, ""))
        return f"fe(ss(#{name},{write_sign(sign)}))"

    def _tall(self, sign: str, em: float, color: str | None) -> str:
        if not sign:
            return ""
        bracket = self._bracket(sign, color)
        return f"lr(size:#{em}em,{bracket})" if em else bracket

    def write_fence(self, found: nodes.Fence, style: str) -> str:
        r"""Return ``\left … \right``."""
        before, left = self._write_side(found.left)
        body = self.write(found.body, style)
        after, right = self._write_side(found.right)
        sides = (side.sign in _ANGLES for side in (found.left, found.right))
        before_body, after_body = (write_space(_BESIDE_ANGLE_EM * is_angle) for is_angle in sides)
        inner = f"{left}{before_body}{body}{after_body}{right}"
        return f"{before}lr(size:{_FENCE_SIZE},{inner}){after}"

    def _write_side(self, side: nodes.Delimiter) -> tuple[str, str]:
        """Return what stands beside a fence, and its bracket."""
        if not side.sign:
            return "", "nn()"
        if side.sign not in _HOOKS:
            return "", self._bracket(side.sign, side.color)
        # The bracket says how high the hooks must be.
        is_left = side.kind == symbols.OPEN
        name = self.leaf(side.color, "hooks:left" if is_left else "hooks:right")
        hooks = "".join(f"ov(ss(#{name},{write_sign(sign)}))" for sign in _HOOKS[side.sign])
        bracket = f"fe(ss(#{name},{write_sign('(' if is_left else ')')}))"
        if is_left:
            return hooks + write_space(_HOOK_EM - _BRACKET_EM_OF_HOOKS), bracket
        return write_space(-_BRACKET_EM_OF_HOOKS) + hooks + write_space(_HOOK_EM), bracket

    def write_long_arrow(self, found: nodes.LongArrow, style: str) -> str:
        """Return an arrow as long as what it carries."""
        inner = _SCRIPT[style]
        before, after = map(write_space, _LABEL_SIDES_EM)
        # All labels are equally deep; those with descenders TeX moves up.
        lowered = _LABEL_LOWERED_EM - _DESCENDER_RAISED_EM * _has_descender(found.above)
        self.raised_em -= lowered
        above = before + self.write(found.above, inner) + after + f"st(#0,#{_LABEL_DEPTH_EM})"
        self.raised_em += lowered
        heads = _HEADS.get(found.sign, "")
        name = self.leaf(found.color, "long arrow" if heads else "")
        below = "" if found.below is None else before + self.write(found.below, inner) + after
        if heads:
            glyphs = "".join(f"ov(ss(#{name},{write_sign(sign)}))" for sign in heads)
            labels = ",".join(wrap(inner, label) for label in (above, below) if label)
            arrow = f"la(#{name},{glyphs},{labels})"
        else:
            arrow = f"stretch(ss(#{name},{write_sign(found.sign)}),size:#100%)"
        bottom = f",b:{below}" if below else ""
        return f"attach(limits({arrow}),t:{above}{bottom})"

    def write_box(self, found: nodes.Box, style: str) -> str:
        """Return a body with a frame around it."""
        del style
        body = self.write(found.body, "D")
        name = self.leaf(found.color, "frame")
        # Two lines mark the size of the body; pieces.py puts the frame around them.
        side = write_space(_FRAME_EM)
        return f"{side}ss(#{name},underline(overline(display({body})))){side}"

    def write_cancel(self, found: nodes.Cancel, style: str) -> str:
        """Return a body that is struck out."""
        options = {"\\": ",inverted:#true", "x": ",cross:#true", "-": ",angle:#90deg"}
        name = self.leaf(found.color)
        body = self.write(found.body, style)
        return f"cn(#{name},{body}{options.get(found.strokes, '')})"

    def write_phantom(self, found: nodes.Phantom, style: str) -> str:
        """Return the space of a body."""
        body = self.write(found.body, style)
        if found.is_shown:
            return body if found.keeps_width else f"ov({wrap(style, body)})"
        if found.keeps_width and found.keeps_height:
            return f"hd({body})"
        return f"{'vp' if found.keeps_height else 'hp'}({wrap(style, body)})"

    def write_rule(self, rule: nodes.Rule, _: str) -> str:
        """Return a black box."""
        name = self.leaf(rule.color)
        size = f"#{rule.width:.4g},#{rule.height:.4g},#({rule.raised:.4g})"
        return f"rr(#{name},{size})"

    def write_inner_formula(self, formula: nodes.Formula, _: str) -> str:
        """Return math within text within math."""
        return wrap(formula.style, self.write(formula.body, formula.style))

    def write_underline(self, found: nodes.Underline, style: str) -> str:
        """Return underlined text."""
        name, draw = self.later(found.color)
        body = self.write(found.body, style)
        draw()
        return f"ss(#{name},underline({body}))"

    def write_strut(self, strut: nodes.Strut, _: str) -> str:
        """Return room without a picture."""
        return f"st(#{strut.height:.4g},#({strut.depth:.4g}))"

    def write_raised(self, found: nodes.Raised, style: str) -> str:
        """Return text moved up."""
        return f"up(#({found.em:.4g}),{self.write(found.body, style)})"

    def write_lowered(self, found: nodes.Lowered, style: str) -> str:
        """Return a body whose outlines are moved down when all is set."""
        self.raised_em -= found.em
        body = self.write(found.body, style)
        self.raised_em += found.em
        return body

    def write_fixed_box(self, found: nodes.FixedBox, style: str) -> str:
        """Return a body in a box of a fixed width."""
        body = wrap(style, self.write(found.body, style))
        return f"fx(#{found.em:.4g},#{found.place},{body})"

    def write_nothing(self, _: Node, __: str) -> str:
        """Return nothing, for what has no meaning within math."""
        return ""

    def write_paragraphs_in_math(self, found: nodes.Paragraphs, style: str) -> str:
        """Return text within a formula, on one line."""
        return self.write(MathList(found.items), style)


def _find_lift(found: nodes.Scripts) -> float:
    """Return how much too low Typst sets a subscript, in em."""
    if isinstance(found.base, nodes.Fence) or (
        isinstance(found.base, nodes.Delimiter) and found.base.em
    ):
        return _FENCE_SUBSCRIPT_EM
    return _SUBSCRIPT_EM if found.above is None and _is_character(found.base) else 0.0


def _is_character(base: Node) -> bool:
    if isinstance(base, nodes.MathList):
        return not base.items or (len(base.items) == 1 and _is_character(base.items[0]))
    return isinstance(base, nodes.Word) or (isinstance(base, nodes.Sign) and not base.is_large)


def _has_descender(node: Node) -> bool:
    """Whether a sign of a label goes below the line; words stand higher already."""
    if isinstance(node, nodes.MathList):
        return any(map(_has_descender, node.items))
    if isinstance(node, nodes.Scripts):
        return node.below is not None or _has_descender(node.base)
    text = node.text if isinstance(node, nodes.Sign) else ""
    return not _DESCENDERS.isdisjoint(unicodedata.normalize("NFKC", text))


def _is_plain(item: Node) -> bool:
    if isinstance(item, nodes.Scripts):
        return _is_plain(item.base) and find_limits(item.base) is False
    return isinstance(item, nodes.Sign) and item.kind == symbols.ORD and item.text.isalnum()


TypstWriter.writers = {
    nodes.Mark: TypstWriter.write_mark, nodes.Sign: TypstWriter.write_sign,
    nodes.Word: TypstWriter.write_word, nodes.Space: TypstWriter.write_space,
    nodes.Blank: TypstWriter.write_blank, nodes.MathList: TypstWriter.write_list,
    nodes.Scripts: TypstWriter.write_scripts, nodes.Fraction: TypstWriter.write_fraction,
    nodes.Root: TypstWriter.write_root, nodes.Accent: TypstWriter.write_accent,
    nodes.Line: TypstWriter.write_line, nodes.Delimiter: TypstWriter.write_delimiter,
    nodes.Fence: TypstWriter.write_fence,
    nodes.LongArrow: TypstWriter.write_long_arrow, nodes.Box: TypstWriter.write_box,
    nodes.Cancel: TypstWriter.write_cancel, nodes.Phantom: TypstWriter.write_phantom,
    nodes.Rule: TypstWriter.write_rule, nodes.Formula: TypstWriter.write_inner_formula,
    nodes.Underline: TypstWriter.write_underline, nodes.Raised: TypstWriter.write_raised,
    nodes.Strut: TypstWriter.write_strut, nodes.Lowered: TypstWriter.write_lowered,
    nodes.FixedBox: TypstWriter.write_fixed_box,
    nodes.Break: TypstWriter.write_nothing, nodes.Tab: TypstWriter.write_nothing,
    nodes.Style: TypstWriter.write_nothing,
    nodes.Paragraphs: TypstWriter.write_paragraphs_in_math,
}  # fmt: skip
