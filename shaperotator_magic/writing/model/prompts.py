r"""The messages that a model gets: for a first draft, and for a repair. Pure.

The user's text is never put through ``format``, ``format_map`` or ``%``: a prompt with
``\frac{1}{2}``, ``{x}``, ``$x$`` or ``%s`` arrives byte for byte. Messages are joined, never
filled in.

Runs in the caller's process, or in the service's relay process.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import version
from keyword import iskeyword

from shaperotator_magic.core.errors import ConfigurationError
from shaperotator_magic.core.records import Finding, Prompt, Variable
from shaperotator_magic.core.styles.pack import StylePack
from shaperotator_magic.writing.model.extraction import drop_thinking
from shaperotator_magic.writing.model.given_files import describe_inputs
from shaperotator_magic.writing.model.language_model import Message
from shaperotator_magic.writing.model.styling import describe_pack

__all__ = [
    "ALLOWED_IMPORTS",
    "MAX_FINDINGS_CHARS",
    "TUNED_SYSTEM",
    "build_messages",
    "build_repair_messages",
]

MAX_FINDINGS_CHARS = 900
_MAX_FINDING_CHARS = 300
_SEVERITIES = ("error", "warning", "note")

# The imports that the prompt allows: a part of what the safety check allows.
ALLOWED_IMPORTS = (
    "manim",
    "numpy",
    "math",
    "cmath",
    "random",
    "itertools",
    "functools",
    "collections",
    "dataclasses",
    "typing",
)

# Every line answers a defect that was seen in real replies, or a refusal of the checks.
_SYSTEM = """\
You write animations that explain mathematics, for Manim Community VERSION (not ManimGL).
Answer with one Python code block that holds one complete file, and nothing after it.

The file
- starts with `from manim import *` and defines exactly one class based on Scene, ThreeDScene or \
MovingCameraScene, with its picture in construct(self).
- has only imports, constants, functions and classes at top level: no calls, no config, no \
`if __name__`.
- holds at its top, as literals with their range, two to five constants that a learner would want \
to change: `RATE = 0.3  # 0.01 to 2`. The scene fits the frame at both ends of each.
- imports nothing but IMPORTS; touches no files, images, sounds, network, os or sys.

The picture
- The frame is 14.2 wide and 8 high. Keep everything within x -6.5..6.5 and y -3.5..3.5.
- y below -2.8 is reserved for one caption at a time: caption.to_edge(DOWN, buff=0.5). Take the \
old caption away before the new one comes. The title goes to_edge(UP, buff=0.4).
- No text wider than 12: break it into lines, or scale_to_fit_width(12). font_size 24 to 44.
- Text never lies on text, curves, arrows or busy grids: use next_to with buff >= 0.2, and \
add_background_rectangle() where a line must pass behind. FadeOut what is done with.
- Light colours on the black background. Round the numbers that you show.

The motion
- Nothing moves without self.play; end with self.wait(2).
- Length follows the request. A plain one ('create a blue rectangle and rotate it'): just that, in \
3 to 8 seconds, without title, caption or lecture. 'Show': 10 to 20 seconds. 'Explain', 'prove', \
'compare': 15 to 40 seconds, 8 to 20 plays, with captions.
- One animation of each mobject in a play. Several copies never turn into one target.
- Change numbers with ValueTracker and always_redraw. self.camera.frame: MovingCameraScene only.
- Call apply_matrix on mobjects; LinearTransformationScene.apply_matrix fails after a play.
- Names of today: Create, not ShowCreation; axes.plot, not get_graph; color=, not colour=.
- 3D is slow: flat Arrow, Line and Dot, no Arrow3D, Line3D or Dot3D; Surface resolution at most \
(16, 16); camera moves of at most 4 s; labels by add_fixed_in_frame_mobjects.
"""

TUNED_SYSTEM = (
    "You write animations for Manim Community. Answer with one Python code block that holds one "
    "complete file with one scene class."
)
"""The whole system text of a tuned model: what the long prompt asks for is in its weights."""

_WITH_LATEX = """\
- Formulas: MathTex(r"...") with raw strings, short ones; plain words: Text, not Tex.
"""

_WITHOUT_LATEX = """\
- LaTeX is not installed. Use Text for everything, formulas too, with Unicode signs such as \
x², √2, λ, ∑, ∫, →. These need LaTeX and fail: MathTex, Tex, Title, BulletedList, Matrix, Brace, \
BarChart, Variable, get_graph_label, Graph(labels=True), string arguments of get_axis_labels. \
Write DecimalNumber(x, mob_class=Text), Integer(n, mob_class=Text), and \
axis_config={"label_constructor": Text} where axes carry numbers.
"""


_LEVELS = {
    "beginner": "For somebody who meets this for the first time: one idea, few symbols, an example "
    "with small numbers first.",
    "intermediate": "For somebody who knows the basics: the idea, then the formula, then why.",
    "expert": "For an expert: to the point, with the exact statement and its conditions.",
}
_GRID = "Places are cells of a grid: columns A to F from left to right, rows 1 to 4 downwards.\n"
_GO_ON = (
    "Your reply was cut off. Do not repeat any of it: answer with one code block that holds only "
    "the lines of construct() that are missing, with their indentation. The last line is "
)
_SIMPLER = (
    "This was found before. Do not mend that construction again: leave that part out, or replace "
    "it by a simpler one. Keep what works.\n"
)


def build_messages(
    prompt: Prompt,
    *,
    has_latex: bool,
    examples: Sequence[str] = (),
    kit: str = "",
    style: StylePack | None = None,
    is_tuned: bool = False,
) -> list[Message]:
    """Return system prompt and user message for a first draft.

    The system prompt begins the same for every prompt, so that servers can cache it. Of kernel
    variables the model gets name, type, shape and summary, and the value only where the user has
    allowed it to be sent.

    Parameters
    ----------
    has_latex
        Whether formulas can be set.
    examples
        Sources of scenes that work, on something near to the prompt.
    kit
        What is said of the building blocks; empty for a model that needs none.
    style
        The pack that the scene is drawn in; words on its style are in the options.
    is_tuned
        The model was fine-tuned on rows with the short system text, and gets that one.

    Raises
    ------
    ConfigurationError
        ``prompt.options.name`` cannot be the name of a class.
    """
    parts = [prompt.text]
    if prompt.variables:
        parts.append(_describe_variables(prompt.variables))
    if prompt.inputs:
        parts.append(describe_inputs(prompt.inputs))
    if prompt.options.level:
        parts.append(_LEVELS[prompt.options.level])
    if style is not None:
        parts.append(describe_pack(style))
    elif prompt.options.style:
        parts.append("Style: " + prompt.options.style)
    if prompt.options.name:
        parts.append("Call the scene class " + _check_name(prompt.options.name) + ".")
    system = TUNED_SYSTEM if is_tuned else _build_system(has_latex=has_latex)
    return [
        {"role": "system", "content": system + kit + _show(examples)},
        {"role": "user", "content": "\n\n".join(parts)},
    ]


def _build_system(*, has_latex: bool) -> str:
    rules = _SYSTEM.replace("IMPORTS", ", ".join(ALLOWED_IMPORTS))
    rules = rules.replace("VERSION", version("manim"))
    return rules + (_WITH_LATEX if has_latex else _WITHOUT_LATEX)


def _show(examples: Sequence[str]) -> str:
    if not examples:
        return ""
    blocks = ["```python\n" + example + "\n```\n" for example in examples]
    return "\nOf scenes that work, on something near:\n" + "".join(blocks)


def _describe_variables(variables: Sequence[Variable]) -> str:
    head = (
        "These variables exist while the scene runs, as globals. Read them by name inside "
        "construct; do not define, import or copy them:"
    )
    return "\n".join([head, *("- " + _describe_variable(row) for row in variables)])


def _describe_variable(variable: Variable) -> str:
    shape = "" if variable.shape is None else ", shape " + repr(variable.shape)
    summary = "" if not variable.summary else ": " + variable.summary
    return variable.name + " (" + variable.type_name + shape + ")" + summary + _say_value(variable)


def _say_value(variable: Variable) -> str:
    if not variable.value:
        return ""
    is_cut = len(variable.value) < variable.value_chars
    said = "\n  It begins with:\n" if is_cut else "\n  Its value now:\n"
    return said + variable.value


def _check_name(name: str) -> str:
    if name.isidentifier() and not iskeyword(name):
        return name
    raise ConfigurationError(
        f"{name!r} cannot be the name of a scene class.",
        hint="Use letters, digits and _, beginning with a letter: --name MyScene.",
        setting="name",
    )


def build_repair_messages(
    messages: Sequence[Message],
    *,
    reply: str,
    findings: Sequence[Finding],
    source: str = "",
    facts: str = "",
    is_repeated: bool = False,
) -> list[Message]:
    """Return the conversation so far, the reply that failed, and what was found in it.

    The earlier messages stay as they are, so that servers can use what they have cached.

    Parameters
    ----------
    findings
        Errors come first, then warnings, then notes; they are cut to 900 characters in all.
    source
        The scene's source, if there is one: each finding then quotes the line that it means.
    facts
        What manim has at the failing calls, a line each; empty where nothing is known.
    is_repeated
        The findings are those of the attempt before: the model is asked for a simpler construction.
    """
    request = (
        "That scene has to be mended. Answer with the whole corrected file in one code block.\n"
    )
    if any(finding.rule.startswith("layout-") for finding in findings):
        request += _GRID
    if is_repeated:
        request += _SIMPLER
    found = _list_findings(findings, source.split("\n"))
    known = f"Of manim {version('manim')}:\n{facts}" if facts else ""
    return [
        *messages,
        {"role": "assistant", "content": drop_thinking(reply)},
        {"role": "user", "content": request + "\n".join(filter(None, [found, known]))},
    ]


def build_continuation(messages: Sequence[Message], *, begun: str) -> list[Message]:
    """Return the conversation that asks a model to go on where its reply was cut off.

    Parameters
    ----------
    begun
        The reply up to its last whole statement.
    """
    code = drop_thinking(begun).rstrip()
    return [
        *messages,
        {"role": "assistant", "content": code},
        {"role": "user", "content": _GO_ON + "`" + code.rpartition("\n")[2].strip()[:120] + "`"},
    ]


def _list_findings(findings: Sequence[Finding], lines: Sequence[str]) -> str:
    by_severity = sorted(findings, key=lambda finding: _SEVERITIES.index(finding.severity))
    rows: list[str] = []
    room = MAX_FINDINGS_CHARS - len("- and 000 more like these")
    for finding in by_severity:
        row = _describe_finding(finding, lines)
        if len(row) + 1 > room:
            rows.append("- and " + str(len(by_severity) - len(rows)) + " more like these")
            break
        rows.append(row)
        room -= len(row) + 1
    return "\n".join(rows)


def _describe_finding(finding: Finding, lines: Sequence[str]) -> str:
    words = " ".join((finding.message + " " + finding.hint).split())
    place = ""
    if finding.line is not None:
        place = "line " + str(finding.line) + _quote_line(finding.line, lines) + ": "
    row = "- " + place + words
    return row if len(row) <= _MAX_FINDING_CHARS else row[: _MAX_FINDING_CHARS - 1] + "…"


def _quote_line(line: int, lines: Sequence[str]) -> str:
    quoted = lines[line - 1].strip()[:80] if 0 < line <= len(lines) else ""
    return " `" + quoted + "`" if quoted else ""
