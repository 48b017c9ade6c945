"""The tree of a formula. Every node of a math list has a TeX class, ``kind``, that sets its spaces.

Lengths are in em of the surrounding text (10 pt in manim's document). A color is None where the
mobject's own color applies.

Runs in a scene's process, the confined fork that draws it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from shaperotator_magic.rendering.mathtext.symbols import INNER, ORD, REL


@dataclass(slots=True)
class Mark:
    """Begin of a part of manim's, or the end of the innermost where the name is empty."""

    name: str
    kind: str = ""


@dataclass(slots=True)
class Space:
    """A space, negative to move back."""

    em: float
    kind: str = ""


@dataclass(slots=True)
class Break:
    """End of a line of text, with extra room below."""

    em: float = 0.0
    kind: str = ""


@dataclass(slots=True)
class Tab:
    """An ampersand: a place where lines are aligned, or a new cell."""

    kind: str = ""


@dataclass(slots=True)
class Sign:
    """One sign of the math font; ``is_large``: of two sizes, as a sum is."""

    text: str
    kind: str = ORD
    color: str | None = None
    is_bold: bool = False
    is_large: bool = False


@dataclass(frozen=True, slots=True)
class Face:
    """How text is set: family ``serif``, ``sans`` or ``mono``, and its size relative to 10 pt."""

    family: str = "serif"
    is_bold: bool = False
    is_italic: bool = False
    is_small_caps: bool = False
    size: float = 1.0
    color: str | None = None


PLAIN = Face()


@dataclass(slots=True)
class Word:
    """Letters set as text, with kerning and ligatures; never with a space inside."""

    text: str
    face: Face
    kind: str = ORD


@dataclass(slots=True)
class Blank:
    """A space between words, where a line may end unless it is tied; wide behind a sentence."""

    is_tied: bool = False
    face: Face = PLAIN
    is_wide: bool = False
    kind: str = ""


@dataclass(slots=True)
class MathList:
    """Nodes in a row, as within braces."""

    items: list[Node]
    kind: str = ORD


@dataclass(slots=True)
class Style:
    """Switch to display ``D``, text ``T``, script ``S`` or scriptscript ``SS`` for what follows."""

    name: str
    kind: str = ""


@dataclass(slots=True)
class Scripts:
    """A base with what stands above and below it; ``has_limits`` None: the style decides."""

    base: Node
    above: Node | None = None
    below: Node | None = None
    has_limits: bool | None = False
    kind: str = ORD


@dataclass(slots=True)
class Fraction:
    """Numerator over denominator; ``style`` as in Style, '' for the usual one."""

    above: Node
    below: Node
    style: str = ""
    has_rule: bool = True
    left: str = ""
    right: str = ""
    color: str | None = None
    kind: str = ORD


@dataclass(slots=True)
class Root:
    """A square root, or one with an index."""

    body: Node
    index: Node | None = None
    color: str | None = None
    kind: str = ORD


@dataclass(slots=True)
class Accent:
    """A mark above a body; a wide one is as wide as the body."""

    sign: str
    body: Node
    is_wide: bool = False
    color: str | None = None
    kind: str = ORD


@dataclass(slots=True)
class Line:
    """A rule over or under a body, or a brace or an arrow as ``sign`` selects."""

    body: Node
    is_over: bool
    sign: str = ""
    color: str | None = None
    kind: str = ORD


@dataclass(slots=True)
class Delimiter:
    r"""A bracket: ``em`` high, as ``\big`` makes it, or as high as its fence where that is 0."""

    sign: str
    em: float = 0.0
    color: str | None = None
    kind: str = ORD


@dataclass(slots=True)
class Fence:
    r"""``\left … \right``."""

    left: Delimiter
    body: MathList
    right: Delimiter
    kind: str = INNER


@dataclass(slots=True)
class Grid:
    """Rows of cells.

    ``columns`` holds one letter a column (l, c, r, or a for pairs aligned at tabs); ``strut`` the
    least height and depth of a row, ``gap`` what lies between rows, ``column_gap`` between columns,
    all in em; ``rules`` the columns that have a vertical rule before them, ``lines`` the rows that
    have a horizontal one above; ``extra`` is room below a row. ``between`` is what stands in the
    place of the gap before a column; ``is_spread`` says that pairs share the width of the page.
    """

    rows: list[list[MathList]]
    columns: str
    style: str = "T"
    strut: tuple[float, float] = (0.84, 0.36)
    gap: float = 0.0
    column_gap: float = 1.0
    side_gap: float = 0.0
    rules: list[int] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    extra: dict[int, float] = field(default_factory=dict)
    between: dict[int, MathList] = field(default_factory=dict)
    is_spread: bool = False
    color: str | None = None
    kind: str = ORD


@dataclass(slots=True)
class LongArrow:
    """An arrow as long as what stands above and below it."""

    sign: str
    above: Node
    below: Node | None = None
    color: str | None = None
    kind: str = REL


@dataclass(slots=True)
class Box:
    r"""A frame around a body."""

    body: Node
    color: str | None = None
    kind: str = ORD


@dataclass(slots=True)
class Cancel:
    r"""A body with a stroke through it: ``/``, ``\``, ``x`` or ``-``."""

    body: Node
    strokes: str = "/"
    color: str | None = None
    kind: str = ORD


@dataclass(slots=True)
class Phantom:
    """The space of a body, or a part of that space, without the body (a phantom)."""

    body: Node
    keeps_width: bool = True
    keeps_height: bool = True
    is_shown: bool = False
    kind: str = ORD


@dataclass(slots=True)
class Rule:
    """A black box: width, height and how far it is raised, in em."""

    width: float
    height: float
    raised: float = 0.0
    color: str | None = None
    kind: str = ORD


@dataclass(slots=True)
class Formula:
    """Math within text."""

    body: MathList
    style: str = "T"
    size: float = 1.0
    kind: str = ORD


@dataclass(slots=True)
class Raised:
    """Text moved up, or down where ``em`` is negative."""

    body: Node
    em: float
    kind: str = ORD


@dataclass(slots=True)
class Lowered:
    """What is drawn lower than it stands, without another place for anything else."""

    body: Node
    em: float
    kind: str = ORD


@dataclass(slots=True)
class FixedBox:
    r"""A box of a width in em, as ``\makebox`` makes it, with its body ``place``\ d in it."""

    body: Node
    em: float
    place: str = "center"
    kind: str = ORD


@dataclass(slots=True)
class Strut:
    """Room above and below the line, in em, without a picture."""

    height: float
    depth: float = 0.0
    kind: str = ""


@dataclass(slots=True)
class Paragraphs:
    """Text: words, blanks, breaks and formulas; ``align`` is left, center or right."""

    items: list[Node]
    align: str = "center"
    indent: float = 0.0
    label: list[Node] = field(default_factory=list)
    width: float | None = None
    kind: str = ORD


@dataclass(slots=True)
class Underline:
    """Text with a line below."""

    body: MathList
    color: str | None = None
    kind: str = ORD


Node = (
    Mark | Space | Break | Tab | Sign | Word | Blank | MathList | Style | Scripts | Fraction | Root
    | Accent | Line | Delimiter | Fence | Grid | LongArrow | Box | Cancel | Phantom | Rule | Formula
    | Paragraphs | Underline | Raised | Lowered | FixedBox | Strut
)  # fmt: skip
__all__ = [  # noqa: RUF022 - in the order of the file
    "Mark", "Space", "Break", "Tab", "Sign", "Face", "Word", "Blank", "MathList", "Style",
    "Scripts", "Fraction", "Root", "Accent", "Line", "Delimiter", "Fence", "Grid", "LongArrow",
    "Box", "Cancel", "Phantom", "Rule", "Formula", "Paragraphs", "Underline", "Raised",
    "Lowered", "FixedBox", "Strut", "Node",
]  # fmt: skip
