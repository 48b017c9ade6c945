"""The reference of the installed manim, read from its sources: one entry for each public name.

Pure but for reading these files; nothing of manim is imported or run.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from shaperotator_magic.core.scene_classes import find_classes

# The OpenGL renderer, the command line and what builds manim's own documentation.
_SKIPPED = {"opengl", "cli", "docbuild", "plugins", "templates", "testing", "_config", "grpc"}
_DIRECTIVE = re.compile(r"^( *)\.\. manim ?:: .*\n", re.MULTILINE)
_ROLE = re.compile(r":[a-z:]+:`~?\.?([^`<]*?)(?: <[^>]*>)?`")
_SECTION = re.compile(r"\n\s*\n")


@dataclass(frozen=True)
class Entry:
    """One class, function or method.

    Parameters
    ----------
    name
        ``Circle`` or ``Circle.surround``.
    signature
        As it is written where it is defined, without annotations of types.
    summary
        The first paragraph of its docstring, in one line; empty where there is none.
    text
        The whole docstring.
    example
        The scene of its first example, empty where it has none.
    bases
        Of a class, as they are written.
    """

    name: str
    signature: str
    summary: str
    text: str
    example: str
    bases: tuple[str, ...] = ()

    @property
    def is_method(self) -> bool:
        """Whether it belongs to a class."""
        return "." in self.name


def read_manual(folder: Path) -> list[Entry]:
    """Return an entry for every public name of a manim that lies in ``folder``."""
    entries: dict[str, Entry] = {}
    for file in sorted(folder.rglob("*.py")):
        if _SKIPPED.isdisjoint(file.relative_to(folder).parts):
            tree = ast.parse(file.read_text(encoding="utf-8"))
            for entry in _read_module(tree):
                entries.setdefault(entry.name, entry)
    return list(entries.values())


def _read_module(tree: ast.Module) -> Iterator[Entry]:
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            yield _describe(node, node.name)
        if isinstance(node, ast.ClassDef) and not node.name.startswith(("_", "OpenGL")):
            yield _describe_class(node)
            yield from _read_methods(node)


def _read_methods(cls: ast.ClassDef) -> Iterator[Entry]:
    for node in cls.body:
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            yield _describe(node, f"{cls.name}.{node.name}", is_bound=True)


def _describe_class(cls: ast.ClassDef) -> Entry:
    inits = [n for n in cls.body if isinstance(n, ast.FunctionDef) and n.name == "__init__"]
    arguments = _write_arguments(inits[0], is_bound=True) if inits else "..."
    entry = _build(cls.name, f"{cls.name}({arguments})", ast.get_docstring(cls) or "")
    return replace(entry, bases=tuple(ast.unparse(base) for base in cls.bases))


def _describe(node: ast.FunctionDef, name: str, *, is_bound: bool = False) -> Entry:
    is_property = any(ast.unparse(d).endswith("property") for d in node.decorator_list)
    is_static = any(ast.unparse(d) == "staticmethod" for d in node.decorator_list)
    arguments = _write_arguments(node, is_bound=is_bound and not is_static)
    signature = name if is_property else f"{name}({arguments})"
    return _build(name, signature, ast.get_docstring(node) or "")


def _write_arguments(function: ast.FunctionDef, *, is_bound: bool) -> str:
    """Return parameters and defaults, without annotations; the function loses them."""
    arguments = function.args
    every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    for argument in [*every, arguments.vararg, arguments.kwarg]:
        if argument is not None:
            argument.annotation = None
    if is_bound:
        (arguments.posonlyargs or arguments.args)[:1] = []
    return ast.unparse(arguments)


def _build(name: str, signature: str, text: str) -> Entry:
    plain = _ROLE.sub(r"\1", text)
    summary = " ".join(_SECTION.split(plain.strip())[0].split())
    return Entry(name, signature, summary, plain, _find_example(text))


def _find_example(text: str) -> str:
    """Return the code below the first ``.. manim::`` of a docstring."""
    found = _DIRECTIVE.search(text)
    if found is None:
        return ""
    inner = len(found[1]) + 1
    lines: list[str] = []
    for line in text[found.end() :].splitlines():
        if line.strip() and len(line) - len(line.lstrip()) < inner:
            break
        lines.append(line)
    return _dedent_code(lines)


def _dedent_code(lines: list[str]) -> str:
    """Return the lines without their indent and without the options of the directive."""
    code = [line for line in lines if not re.match(r"\s*:\w+:", line)]
    written = [line for line in code if line.strip()]
    indent = min((len(line) - len(line.lstrip()) for line in written), default=0)
    return _keep_scene("\n".join(line[indent:].rstrip() for line in code).strip())


def _keep_scene(code: str) -> str:
    """Return the code where it is a scene that can be run alone, otherwise nothing."""
    try:
        tree = ast.parse(code)
    except SyntaxError:
        return ""
    return code if find_classes(tree) else ""
