"""A parsed document -> Typst source: text as markup, formulas by the math writer.

Runs in a scene's process, the confined fork that draws it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from shaperotator_magic.rendering.mathtext import nodes
from shaperotator_magic.rendering.mathtext.grid_writer import GridWriter
from shaperotator_magic.rendering.mathtext.leaves import Drawn, Leaf
from shaperotator_magic.rendering.mathtext.nodes import MathList, Node
from shaperotator_magic.rendering.mathtext.typst_syntax import write_string
from shaperotator_magic.rendering.mathtext.typst_writer import INTERWORD_EM, SENTENCE_EM

_PREAMBLE = r"""#set page(width: PAGE, height: auto, margin: 0pt, fill: none)
#set text(font: "New Computer Modern", size: 10pt, top-edge: 8.4pt, bottom-edge: -3.6pt,
  hyphenate: false)
#set par(leading: 0pt, spacing: 0pt)
#show math.equation: set text(font: MATHFONT, weight: "regular",
  top-edge: "bounds", bottom-edge: "bounds")
#let ss(i, b) = text(fill: rgb(i), b)
#let se(i, b) = text(fill: rgb(i), features: ("cv02",), b)
#let sb(i, b) = text(fill: rgb(i), weight: "bold", b)
#let tw(i, b, ..a) = {
  let own = "weight" in a.named() or "style" in a.named()
  text(font: if own { "New Computer Modern" } else { WORDFONT }, fill: rgb(i), ..a, b)
}
#let tm(i, b, ..a) = text(font: MATHFONT, fill: rgb(i), weight: "regular", ..a, b)
#let hh(x) = h(x)
#let nn() = box(width: 0pt, height: 0pt)
#let st(a, d) = box(width: 0pt, height: (a + d) * 1em, baseline: d * 1em)
#let rr(i, w, t, up) = box(width: w * 1em, height: t * 1em, baseline: -up * 1em, fill: rgb(i))
#let fe(b) = math.class("fence", b)
#let cn(i, b, ..a) = math.cancel(stroke: 0.4pt + rgb(i), ..a, b)
#let up(dy, b) = box(baseline: -dy * 1em, b)
#let hd(b) = hide(b)
#let vp(b) = box(width: 0pt, hide($#b$))
#let hp(b) = box(height: 0pt, hide($#b$))
#let ov(b) = box(width: 0pt, $#b$)
#let la(i, glyphs, ..labels) = context {
  let widths = labels.pos().map(label => measure($#label$).width)
  let rule = box(width: calc.max(10pt, ..widths), height: 0.4pt, baseline: -2.3pt, fill: rgb(i))
  $#glyphs #h(0pt) #rule$
}
#let mn(w, b) = context {
  let side = h(calc.max(0pt, (w * 1em).to-absolute() - measure($#b$).width) / 2)
  $#side#b#side$
}
#let fx(w, a, b) = box(width: w * 1em, align(a, $#b$))
"""


@dataclass
class TypstSource:
    """Source, the leaves by number, and their order with manim's marks in between."""

    text: str = ""
    leaves: list[Leaf] = field(default_factory=list)
    order: list[Drawn | nodes.Mark] = field(default_factory=list)


def write_document(items: list[Node], width_pt: float, family: str = "") -> TypstSource:
    """Write a parsed document; text is broken at ``width_pt``, formulas alone are not.

    Parameters
    ----------
    family
        Of a math font that is taken before New Computer Modern; words in bold or italics, which
        such a font has not, stay in that.
    """
    writer = DocumentWriter()
    shown = [item for item in items if not isinstance(item, nodes.Mark | nodes.Blank | nodes.Break)]
    if len(shown) == 1 and isinstance(shown[0], nodes.Formula):
        body = _write_lone_formula(writer, items)
        page = "auto"
    else:
        body = writer.write_text(items)
        page = f"{width_pt}pt"
    text = _write_preamble(page, family) + body
    return TypstSource(text, writer.leaves, writer.order)


def _write_preamble(page: str, family: str) -> str:
    own = [family] if family else []
    faces = {"MATHFONT": "New Computer Modern Math", "WORDFONT": "New Computer Modern"}
    written = _PREAMBLE.replace("PAGE", page)
    for name, usual in faces.items():
        written = written.replace(name, f"({', '.join(map(write_string, [*own, usual]))},)")
    return written


def _write_lone_formula(writer: DocumentWriter, items: list[Node]) -> str:
    body = ""
    for item in items:
        if isinstance(item, nodes.Mark):
            writer.order.append(item)
        elif isinstance(item, nodes.Formula):
            body = writer.write_formula(item)
    return body


class DocumentWriter(GridWriter):
    """Writes text, too."""

    def write_text(self, items: list[Node]) -> str:
        """Return text as Typst markup."""
        return "".join(self._write_text_item(item) for item in items)

    def _write_text_item(self, item: Node) -> str:
        if isinstance(item, nodes.Word):
            return self.write_typed_word(item, hash_sign="")
        write = _TEXT_WRITERS.get(type(item))
        return f"${self.write(item, 'T')}$" if write is None else write(self, item)

    def _write_text_mark(self, mark: nodes.Mark) -> str:
        return self.write_mark(mark, "T")

    def _write_text_blank(self, blank: nodes.Blank) -> str:
        if blank.is_wide:
            em = (INTERWORD_EM + SENTENCE_EM) * blank.face.size
            return f"#h({em:.4g}em, weak: true)"
        return "~" if blank.is_tied else " "

    def _write_break(self, _: nodes.Break) -> str:
        return " \\\n"

    def _write_text_space(self, space: nodes.Space) -> str:
        return f"#h({space.em:.4g}em)"

    def _write_fixed_box(self, found: nodes.FixedBox) -> str:
        body = self.write_text(list(found.body.items) if isinstance(found.body, MathList) else [])
        return f"#box(width: {found.em:.4g}em, align({found.place})[{body}])"

    def _write_paragraphs(self, found: nodes.Paragraphs) -> str:
        if found.label:
            label = self.write_text(found.label)
            body = self.write_text(_trim(found.items))
            return (
                f"\n#grid(columns: ({found.indent - 0.5:.4g}em, 1fr), inset: (y: 0.4em), "
                f"column-gutter: 0.5em, align: (right, left), [{label}], [{body}])\n"
            )
        body = self.write_text(_trim(found.items))
        width = "100%" if found.width is None else f"{found.width:.4g}em"
        return f"\n#block(width: {width})[#set align({found.align})\n{body}]\n"


def _trim(items: list[Node]) -> list[Node]:
    empty = (nodes.Blank, nodes.Break)
    found = list(items)
    while found and isinstance(found[0], nodes.Blank):
        found.pop(0)
    while found and isinstance(found[-1], empty):
        found.pop()
    return found


_TEXT_WRITERS: dict[type, Callable[[DocumentWriter, Any], str]] = {
    nodes.Mark: DocumentWriter._write_text_mark,
    nodes.Blank: DocumentWriter._write_text_blank,
    nodes.Break: DocumentWriter._write_break,
    nodes.Space: DocumentWriter._write_text_space,
    nodes.Formula: DocumentWriter.write_formula,
    nodes.FixedBox: DocumentWriter._write_fixed_box,
    nodes.Paragraphs: DocumentWriter._write_paragraphs,
}
