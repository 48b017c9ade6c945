"""From a model's reply, as models really write, to scene code. Pure: nothing is run.

A reply holds prose, shell commands, one or several code blocks, or bare code; fences may be
unlabelled, indented, unclosed, or stand inside a string of the code itself. What is taken is one
file with one chosen scene class; whether it is safe and correct is decided by the checks.

Runs in the caller's process, or in the service's relay process.
"""

from __future__ import annotations

import ast
import builtins
import io
import re
import textwrap
import tokenize
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

from shaperotator_magic.core.errors import NoSceneError, SceneCodeError
from shaperotator_magic.core.records import Completion, Origin, SceneCode
from shaperotator_magic.core.scene_classes import find_classes, is_scene
from shaperotator_magic.writing.model.salvaging import salvage
from shaperotator_magic.writing.model.shaping import shape_scene

__all__ = ["drop_thinking", "extract_scene"]

PYTHON_LABELS = {"", "python", "py", "python3", "py3", "manim", "ipython", "ipython3", "sage"}
FENCE = re.compile(r"^(?P<indent>[ \t]*)(?P<mark>`{3,}|~{3,})[ \t]*(?P<label>[^`]*)$")
_SCENE_CLASS = re.compile(r"^[ \t]*class[ \t]+\w+[ \t]*\(.*Scene\b", re.MULTILINE)
_FIRST_LINE = re.compile(r"def[ \t]+construct\b[^\n]*:[^\n]*\n(?:[ \t]*\n)*([ \t]+)")
_PLAYS = re.compile(r"\.(?:play|wait|add)\(")
CODE_START = re.compile(
    r"^(?:from[ \t]+[\w.]+[ \t]+import\b|import[ \t]+[\w.]+([ \t]+as[ \t]+\w+)?[ \t]*(,.*)?(#.*)?$"
    r"|class[ \t]+\w+[ \t]*[(:]|def[ \t]+\w+[ \t]*\(|@\w|\w+[ \t]*=[^=]|[)\]}])"
)
_SHELL_LINE = re.compile(r"^(?:[!%$]|(?:pip3?|manim|python3?|conda|uv|apt)[ \t]+[\w-]).*$", re.M)
THINK_END = re.compile(r"</think(?:ing)?>[ \t]*\n?", re.IGNORECASE)
THINK_START = re.compile(r"\s*<think(?:ing)?>", re.IGNORECASE)

# A reply full of fences must not cost a parse of everything for each of them.
_TRIED_ENDS = 20
_PARSE_ERRORS = (SyntaxError, ValueError, RecursionError, MemoryError)


def extract_scene(completion: Completion, *, name: str | None = None) -> SceneCode:
    """Return the file that a reply holds, and the scene class in it that is meant.

    That is the class called ``name``, or else the last one that is a scene and has a
    ``construct``; it is then renamed to ``name``. Missing ``from manim import *`` is put in, and
    what only runs as a script (``if __name__ == "__main__":``) is left out. Where the code does
    not parse, the smallest edit that lets it is made and noted.

    Raises
    ------
    NoSceneError
        The reply holds no Python, or no scene class with a ``construct``.
    SceneCodeError
        The code with the scene is not valid Python; ``details["line"]`` is its line.
    """
    text = drop_thinking(completion.text.replace("\r\n", "\n").lstrip("\ufeff"))
    blocks, notes = _salvage_main(_find_blocks(text), name)
    blocks, shaped = _shape_main(blocks, name)
    notes += shaped
    source = _join(blocks, name) if blocks else ""
    if not source:
        raise _explain_missing(completion.text, blocks)
    source = _add_manim_import(_drop_script_part(source))
    chosen = _choose_scene(ast_of(source), name)
    if name is not None and chosen != name:
        source, chosen = _rename(source, chosen, name), name
    origin = Origin(writer="model", model=completion.model)
    return SceneCode(source=source, scene_name=chosen, origin=origin, notes=notes)


def join_continuation(begun: str, reply: str) -> str:
    """Return a reply that was cut off together with the one that goes on from there.

    A model that writes the whole file again is taken at its word.
    """
    text = drop_thinking(reply.replace("\r\n", "\n"))
    if _SCENE_CLASS.search(text):
        return text
    code = next(iter(_fenced_sources(text)), text)
    lines = [line for line in textwrap.dedent(code).split("\n") if not FENCE.match(line)]
    last = begun.rstrip("\n").rpartition("\n")[2]
    indent = _find_body_indent(begun)
    if lines and lines[0].strip() == last.strip():
        del lines[0]
    rest = "".join(f"{indent}{line}\n" if line.strip() else "\n" for line in lines)
    return f"{begun}{rest}"


def _find_body_indent(begun: str) -> str:
    """Return the indentation of the first line in construct() of an unfinished reply."""
    found = re.search(
        r"def[ \t]+construct\b[^\n]*:[^\n]*\n(?:[ \t]*(?:#[^\n]*)?\n)*([ \t]+)", begun
    )
    return found[1] if found else " " * 8


def drop_thinking(text: str) -> str:
    """Return a reply without the reasoning that some models write before it."""
    end = THINK_END.search(text)
    if THINK_START.match(text):
        return text[end.end() :] if end else THINK_START.sub("", text, count=1)
    # Some servers eat the opening mark. A closing one after the code belongs to the code.
    if end and not _SCENE_CLASS.search(text[: end.start()]):
        return text[end.end() :]
    return text


def ast_of(source: str) -> ast.Module:
    """Parse ``source`` without the warnings that a stray backslash would print."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(source)


# --- blocks of code -------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class _Block:
    """A piece of the reply that may be code; ``tree`` is None where it is not valid Python."""

    source: str

    @cached_property
    def tree(self) -> ast.Module | None:
        try:
            return ast_of(self.source)
        except _PARSE_ERRORS:
            return None

    @cached_property
    def classes(self) -> dict[str, ast.ClassDef]:
        return find_classes(self.tree) if self.tree else {}

    @cached_property
    def defined(self) -> set[str]:
        return set(_defined_names(self.tree)) if self.tree else set()

    @cached_property
    def needed(self) -> set[str]:
        """Names that the block reads and neither it nor Python defines."""
        nodes = ast.walk(self.tree) if self.tree else ()
        read = {n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}
        return read - self.defined - set(dir(builtins))

    @property
    def is_code(self) -> bool:
        """Whether it defines or imports something, or is a scene with a mistake in it."""
        return bool(self.defined) if self.tree else bool(_SCENE_CLASS.search(self.source))


def _find_blocks(text: str) -> list[_Block]:
    fenced = [_Block(source) for source in _fenced_sources(text)]
    found = [block for block in fenced if block.is_code]
    if any(_SCENE_CLASS.search(block.source) for block in found):
        return found
    bare = _Block(_bare_source(text))
    is_picture = _SCENE_CLASS.search(bare.source) or (not found and _PLAYS.search(bare.source))
    return [bare] if bare.is_code and is_picture else found


def _fenced_sources(text: str) -> Iterator[str]:
    lines = text.split("\n")
    at = 0
    while at < len(lines):
        fence = FENCE.match(lines[at])
        if fence is None:
            at += 1
            continue
        label = re.split(r"\W", fence["label"].strip(" \t{."))[0].lower()
        is_python = label in PYTHON_LABELS
        end = _find_end(lines, at, fence, is_python=is_python)
        if is_python:
            body = [line.removeprefix(fence["indent"]) for line in lines[at + 1 : end]]
            yield _clean(body, is_closed=end < len(lines))
        at = end + 1


def _find_end(lines: Sequence[str], start: int, fence: re.Match[str], *, is_python: bool) -> int:
    """Return the line that closes a fence; ``len(lines)`` where none does.

    A fence may stand inside a string of Python code: an end that leaves a string open is
    skipped, as long as a later one closes it.
    """
    closing = re.compile(rf"^[ \t]*{re.escape(fence['mark'][0])}{{{len(fence['mark'])},}}[ \t]*$")
    ends = (i for i in range(start + 1, len(lines)) if closing.match(lines[i]))
    tried = list(islice(ends, _TRIED_ENDS))
    for end in tried:
        body = (line.removeprefix(fence["indent"]) for line in lines[start + 1 : end])
        if not (is_python and _leaves_string_open("\n".join(body))):
            return end
    return tried[0] if tried else len(lines)


def _leaves_string_open(source: str) -> bool:
    try:
        ast_of(textwrap.dedent(source))
    except SyntaxError as exc:
        return "unterminated triple-quoted" in exc.msg
    except (ValueError, RecursionError, MemoryError):
        return False
    return False


def _clean(lines: Sequence[str], *, is_closed: bool = True) -> str:
    """Dedent, and drop shell and notebook lines and, without a closing fence, trailing prose."""
    source = "\n".join(lines).strip("\n") + "\n"
    if _Block(source).tree:
        return source
    source = textwrap.dedent(source.expandtabs(4))
    source = _SHELL_LINE.sub("", source).strip("\n") + "\n"
    return source if is_closed else _drop_trailing_prose(source)


def _bare_source(text: str) -> str:
    """Return the code of a reply without fences: from the first line of code on."""
    lines = [line for line in text.split("\n") if not FENCE.match(line)]
    starts = (i for i, line in enumerate(lines) if CODE_START.match(line))
    return _clean(lines[next(starts, len(lines)) :], is_closed=False)


def _drop_trailing_prose(source: str) -> str:
    """Cut at an unindented line that is no code, as long as Python stumbles over one.

    A mistake inside the code is never cut away: it must be reported, not hidden.
    """
    while source.strip():
        try:
            ast_of(source)
        except SyntaxError as exc:
            lines = source.split("\n")
            at = _last_top_line(lines, exc.lineno or 1)
            if at is None or CODE_START.match(lines[at]):
                return source
            source = "\n".join(lines[:at]).rstrip() + "\n"
        except (ValueError, RecursionError, MemoryError):
            return source
        else:
            return source
    return ""


def _last_top_line(lines: Sequence[str], line: int) -> int | None:
    candidates = range(min(line, len(lines)) - 1, -1, -1)
    return next((i for i in candidates if lines[i][:1].strip(" \t#")), None)


# --- from blocks to one file ----------------------------------------------------------


def _join(blocks: Sequence[_Block], name: str | None) -> str:
    """Return the block with the scene, after those blocks that define what it needs."""
    main = _find_main(blocks, name)
    if main is None:
        return ""
    if main.tree is None:
        raise _explain_syntax(main.source)
    taken, defined, needed = [main], set(main.defined), set(main.needed)
    waiting = [block for block in reversed(blocks) if block is not main and block.tree]
    while found := next((block for block in waiting if needed & block.defined), None):
        waiting.remove(found)
        taken.append(found)
        defined |= found.defined
        needed = (needed | found.needed) - defined
    others = [block for block in blocks if block in taken and block is not main]
    return "\n\n".join(block.source.strip("\n") for block in [*others, main]) + "\n"


def _find_main(blocks: Sequence[_Block], name: str | None) -> _Block | None:
    classes = {key: node for block in blocks for key, node in block.classes.items()}
    scenes = [key for key in classes if is_scene(key, classes)]
    if name in scenes:
        scenes = [name]
    holders = [block for block in blocks if not block.classes.keys().isdisjoint(scenes)]
    broken = [block for block in blocks if block.tree is None]
    return next(iter([*reversed(holders), *reversed(broken)]), None)


def _salvage_main(blocks: list[_Block], name: str | None) -> tuple[list[_Block], tuple[str, ...]]:
    """Replace the block with the scene by one that parses, if it does not."""
    main = _find_main(blocks, name)
    salvaged = salvage(main.source) if main is not None and main.tree is None else None
    if salvaged is None:
        return blocks, ()
    parsed = _Block(salvaged.source)
    if not any(is_scene(key, parsed.classes) for key in parsed.classes):
        return blocks, ()
    return [parsed if block is main else block for block in blocks], salvaged.notes


def _shape_main(blocks: list[_Block], name: str | None) -> tuple[list[_Block], tuple[str, ...]]:
    """Give the block with the picture the form of a scene, if it has another."""
    main = _find_main(blocks, name)
    playing = [block for block in blocks if block.tree and _PLAYS.search(block.source)]
    chosen = main if main is not None else max(playing, key=lambda b: len(b.source), default=None)
    if chosen is None or chosen.tree is None:
        return blocks, ()
    shaped = shape_scene(chosen.source)
    if shaped is None:
        return blocks, ()
    new = _Block(shaped.source)
    return [new if block is chosen else block for block in blocks], shaped.notes


def _choose_scene(tree: ast.Module, name: str | None) -> str:
    classes = find_classes(tree)
    scenes = [key for key in classes if is_scene(key, classes)]
    return name if name in scenes else scenes[-1]


def _defined_names(tree: ast.Module) -> Iterator[str]:
    for node in tree.body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name
        elif isinstance(node, ast.Import | ast.ImportFrom):
            yield from (alias.asname or alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            nodes = (part for target in targets for part in ast.walk(target))
            yield from (part.id for part in nodes if isinstance(part, ast.Name))


# --- finishing the file ---------------------------------------------------------------


def _drop_script_part(source: str) -> str:
    lines = source.split("\n")
    for node in reversed(ast_of(source).body):
        if isinstance(node, ast.If) and _asks_for_main(node.test):
            del lines[node.lineno - 1 : node.end_lineno]
    return "\n".join(lines).rstrip() + "\n"


def _asks_for_main(test: ast.expr) -> bool:
    return isinstance(test, ast.Compare) and getattr(test.left, "id", "") == "__name__"


def _add_manim_import(source: str) -> str:
    tree = ast_of(source)
    imported = {
        module.partition(".")[0] for node in tree.body for module in _imported_modules(node)
    }
    if imported & {"manim", "manimlib", "manimgl", "big_ol_pile_of_manim_imports"}:
        return source
    lines = source.split("\n")
    at = max((node.end_lineno or 0 for node in tree.body if _must_come_first(node)), default=0)
    return "\n".join([*lines[:at], "from manim import *", "", *lines[at:]])


def _imported_modules(node: ast.stmt) -> list[str]:
    if isinstance(node, ast.ImportFrom):
        return [node.module or ""]
    return [alias.name for alias in node.names] if isinstance(node, ast.Import) else []


def _must_come_first(node: ast.stmt) -> bool:
    is_docstring = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    return is_docstring or "__future__" in _imported_modules(node)


def _rename(source: str, old: str, new: str) -> str:
    """Rename a class wherever its name stands as a name, leaving strings and comments alone."""
    lines = source.split("\n")
    tokens = list(tokenize.generate_tokens(io.StringIO(source).readline))
    for token in reversed(tokens):
        if token.type == tokenize.NAME and token.string == old:
            row, column = token.start
            line = lines[row - 1]
            lines[row - 1] = line[:column] + new + line[column + len(old) :]
    return "\n".join(lines)


# --- saying why not -------------------------------------------------------------------


def _explain_missing(text: str, blocks: Sequence[_Block]) -> NoSceneError:
    hint = "Run the cell again, or say more exactly what the picture should show."
    code = "\n".join(block.source for block in blocks)
    if not text.strip():
        return NoSceneError("The model's reply is empty.", hint=hint)
    if any(block.classes for block in blocks):
        message = "The reply's code has no scene: no class with a Scene base and a construct()."
        return NoSceneError(message, hint=hint, source=code)
    if blocks:
        return NoSceneError("The reply's code defines no scene class.", hint=hint, source=code)
    said = " ".join(drop_thinking(text).split())
    said = said if len(said) <= 120 else said[:119] + "…"  # noqa: PLR2004 - one line of a card
    return NoSceneError(f"The reply holds no scene code. It begins: {said}", hint=hint)


def _explain_syntax(source: str) -> SceneCodeError:
    hint = "Run the cell again; with more than one attempt the model mends this itself."
    try:
        ast_of(source)
    except SyntaxError as exc:
        message = f"The reply's code is not valid Python: line {exc.lineno}: {exc.msg}."
        return SceneCodeError(
            message, hint=hint, source=source, line=exc.lineno, column=max((exc.offset or 1) - 1, 0)
        )
    except (ValueError, RecursionError, MemoryError) as exc:
        message = f"The reply's code cannot be read as Python: {exc}."
        return SceneCodeError(message, hint=hint, source=source, line=None)
    raise AssertionError(source)
