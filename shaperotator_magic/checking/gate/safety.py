"""What generated code may import, name and touch. A filter, **not** a sandbox.

Python cannot be confined from inside Python: a determined attacker gets past this file. It
stops accidents and the usual tricks before the kernel, and reports early to the model what cannot
work.
It reads the source only; nothing is executed, and manim is not imported.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

import ast
import re
import unicodedata
from collections.abc import Callable, Iterator

from shaperotator_magic.checking.gate.argument_nodes import (
    exceeds,
    is_array,
    is_one_of,
    is_plain_config,
    names_files,
)
from shaperotator_magic.checking.gate.counts import LARGEST_COUNT, find_large_counts
from shaperotator_magic.checking.gate.definitions import check_definitions, is_config
from shaperotator_magic.checking.gate.findings import build_finding
from shaperotator_magic.checking.gate.given_files import find_reading
from shaperotator_magic.checking.gate.refused import (
    ALLOWED_ATTRIBUTES,
    ALLOWED_CONFIG,
    ALLOWED_DUNDERS,
    ALLOWED_MODULES,
    DRAWING_ATTRIBUTES,
    FILE_CLASSES,
    FILE_KEYWORDS,
    LARGEST_KEYWORDS,
    LARGEST_NUMBER,
    LARGEST_POWER,
    LONGEST_SOURCE,
    LONGEST_WAIT_S,
    MODULE_NAMES,
    MOST_NODES,
    PRIVATE_ATTRIBUTES,
    REFUSED_ATTRIBUTE_PREFIXES,
    REFUSED_ATTRIBUTES,
    REFUSED_IMPORTS,
    REFUSED_NAMES,
    REFUSED_SUBMODULES,
    REFUSED_TEXT,
    TEX_COMPILERS,
)
from shaperotator_magic.core.records import Finding

_CODING = re.compile(r"^[ \t\f]*#.*?coding[:=][ \t]*(?!utf-?8)", re.IGNORECASE | re.MULTILINE)
_FIELD_ACCESS = re.compile(r"\{[^{}]*(\.|\[)[^{}:!]*_")
_HAS_DUNDER = re.compile(r"__|\{[^{}:!]*[.\[]")
_MODULES_WITH_ATTRIBUTES = frozenset({"np", "numpy", "nx", "networkx", "math", "scipy", "config",
                                      "json", "manim", "random"})  # fmt: skip


def check_safety(source: str, files: frozenset[str] = frozenset()) -> list[Finding]:
    """Return what the filter refuses in a scene's source, in the order of its lines.

    Parameters
    ----------
    files
        The user's files, which may be read where they are named in full.

    Returns
    -------
    list
        An empty one means: executing the module defines, and runs nothing else; and nothing in it
        uses a name that this filter knows to run code, open other files or sockets.
    """
    refused = _check_text(source)
    if refused:
        return [refused]
    tree = ast.parse(source)
    nodes = list(ast.walk(tree))
    if len(nodes) > MOST_NODES:
        return [_refuse_whole("size", f"The scene has more than {MOST_NODES} parts.")]
    found = [*check_definitions(tree), *_Walk(nodes, files).check()]
    return sorted(found, key=lambda finding: (finding.line or 0, finding.column or 0))


def _refuse_whole(rule: str, message: str, line: int | None = None) -> Finding:
    return Finding(rule=rule, severity="error", message=message, line=line)


def _check_text(source: str) -> Finding | None:
    if len(source) > LONGEST_SOURCE:
        return _refuse_whole("size", f"The scene is longer than {LONGEST_SOURCE} characters.")
    if "\0" in source:
        return _refuse_whole("text", "The scene holds a null character.")
    if _CODING.search("\n".join(source.split("\n")[:2])):
        return _refuse_whole("text", "The scene declares another encoding than UTF-8.", 1)
    try:
        ast.parse(source)
    except SyntaxError as exc:
        return _refuse_whole("syntax", f"This is not Python: {exc.msg}.", exc.lineno)
    except (ValueError, RecursionError, MemoryError) as exc:
        return _refuse_whole("syntax", f"This cannot be read as Python: {exc}.")
    return None


class _Walk:
    """Visits every node once; facts about the whole module are collected first."""

    def __init__(self, nodes: list[ast.AST], files: frozenset[str]) -> None:
        self._nodes = nodes
        self._reading = find_reading(nodes, files)
        self._bound = {
            *(n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)),
            *(n.arg for n in nodes if isinstance(n, ast.arg)),
            *(n.name for n in nodes if isinstance(n, ast.FunctionDef | ast.ClassDef)),
        }
        self._drawing = self._bound | DRAWING_ATTRIBUTES
        self._builds_names = any(
            (
                isinstance(n, ast.Constant)
                and isinstance(n.value, str)
                and _HAS_DUNDER.search(n.value)
            )
            or (isinstance(n, ast.Name) and n.id in {"chr", "bytes", "bytearray"})
            for n in nodes
        )
        self._counts = find_large_counts(nodes)
        self._called = {id(n.func) for n in nodes if isinstance(n, ast.Call)}
        self._manim_aliases = {
            (alias.asname or alias.name).split(".")[0]
            for n in nodes
            if isinstance(n, ast.Import)
            for alias in n.names
            if alias.name.split(".")[0] == "manim"
        }
        self._rules: dict[type[ast.AST], Callable[[ast.AST], Iterator[Finding]]] = {
            ast.Import: self._check_import,
            ast.ImportFrom: self._check_import_from,
            ast.Name: self._check_name,
            ast.Attribute: self._check_attribute,
            ast.Subscript: self._check_subscript,
            ast.FunctionDef: self._check_definition,
            ast.AsyncFunctionDef: self._check_async,
            ast.ClassDef: self._check_definition,
            ast.MatchClass: self._check_pattern,
            ast.Call: self._check_call,
            ast.Constant: self._check_constant,
            ast.While: self._check_loop,
            ast.BinOp: self._check_power,
        }

    def check(self) -> Iterator[Finding]:
        for node in self._nodes:
            if id(node) in self._counts:
                yield build_finding("size", node, f"A count above {LARGEST_COUNT:.0e}.")
            rule = self._rules.get(type(node))
            if rule is not None:
                yield from rule(node)

    # --- imports ----------------------------------------------------------------------

    def _check_import(self, node: ast.AST) -> Iterator[Finding]:
        assert isinstance(node, ast.Import)  # noqa: S101 - the table of rules ensures it
        for alias in node.names:
            if not _is_allowed_module(alias.name):
                yield _refuse_import(node, alias.name)

    def _check_import_from(self, node: ast.AST) -> Iterator[Finding]:
        assert isinstance(node, ast.ImportFrom)  # noqa: S101 - the table of rules ensures it
        module = node.module or ""
        if node.level or not _is_allowed_module(module):
            yield _refuse_import(node, "." * node.level + module)
            return
        for alias in node.names:
            whole = f"{module}.{alias.name}"
            if (
                REFUSED_SUBMODULES.match(whole)
                or alias.name in REFUSED_ATTRIBUTES
                or alias.name in REFUSED_IMPORTS.get(module, ())
                or alias.name in REFUSED_NAMES
                or (alias.name.startswith("_") and module != "__future__")
            ):
                yield _refuse_import(node, whole)

    # --- names ------------------------------------------------------------------------

    def _check_name(self, node: ast.AST) -> Iterator[Finding]:
        assert isinstance(node, ast.Name)  # noqa: S101 - the table of rules ensures it
        name = unicodedata.normalize("NFKC", node.id)
        is_own = name in self._bound and not name.startswith("__")
        if name in REFUSED_NAMES and not (is_own and name not in _NEVER_REBOUND):
            yield build_finding("name", node, f"{name} is refused: {REFUSED_NAMES[name]}.")
        elif name in _ONLY_CALLED and id(node) not in self._called and not is_own:
            yield build_finding("name", node, f"{name} is called by its own name only.")
        elif name in MODULE_NAMES and not is_own:
            yield build_finding(
                "name", node, f"{name} is a module of manim; name the class itself."
            )
        elif name.startswith("__") and name not in ALLOWED_DUNDERS and name not in REFUSED_NAMES:
            yield build_finding("name", node, f"{name} reaches Python's machinery.")

    def _check_attribute(self, node: ast.AST) -> Iterator[Finding]:
        assert isinstance(node, ast.Attribute)  # noqa: S101 - the table of rules ensures it
        name = unicodedata.normalize("NFKC", node.attr)
        owner = node.value.id if isinstance(node.value, ast.Name) else ""
        if (owner, name) not in ALLOWED_ATTRIBUTES and id(node) not in self._reading:
            yield from self._check_attribute_name(node, name)
        if name in MODULE_NAMES and owner in self._manim_aliases:
            yield build_finding("attribute", node, f"{owner}.{name} is a module of manim.")
        if name == "format":
            yield from self._check_format(node)
        is_written = isinstance(node.ctx, ast.Store | ast.Del)
        if is_written and name.startswith("__"):
            yield build_finding("attribute", node, f"{name} is Python's own; it is not assigned.")
        if owner == "config" and "config" not in self._bound and name not in ALLOWED_CONFIG:
            yield build_finding("config", node, f"config.{name} is not for scenes.")

    def _check_attribute_name(self, node: ast.AST, name: str) -> Iterator[Finding]:
        is_dunder = name.startswith("__") and name not in ALLOWED_DUNDERS
        if (
            is_dunder
            or name in REFUSED_ATTRIBUTES
            or name in PRIVATE_ATTRIBUTES
            or (name.startswith(REFUSED_ATTRIBUTE_PREFIXES) and name not in self._drawing)
        ):
            yield build_finding(
                "attribute", node, f".{name} is refused: it leads to files, code or the system."
            )

    def _check_subscript(self, node: ast.AST) -> Iterator[Finding]:
        assert isinstance(node, ast.Subscript)  # noqa: S101 - the table of rules ensures it
        is_of_config = isinstance(node.value, ast.Name) and node.value.id == "config"
        if is_of_config and "config" not in self._bound and not is_config(node):
            yield build_finding("config", node, "This part of config is not for scenes.")

    def _check_definition(self, node: ast.AST) -> Iterator[Finding]:
        assert isinstance(node, ast.FunctionDef | ast.ClassDef)  # noqa: S101 - as above
        if node.name.startswith("__") and node.name not in ALLOWED_DUNDERS:
            yield build_finding("name", node, f"{node.name} is a hook of Python's machinery.")
        if isinstance(node, ast.ClassDef) and node.keywords:
            yield build_finding("class-keyword", node, f"class {node.name} has class keywords.")

    def _check_async(self, node: ast.AST) -> Iterator[Finding]:
        yield build_finding("async", node, "Scenes are not asynchronous; write def.")

    def _check_pattern(self, node: ast.AST) -> Iterator[Finding]:
        assert isinstance(node, ast.MatchClass)  # noqa: S101 - the table of rules ensures it
        for name in node.kwd_attrs:
            yield from self._check_attribute_name(node, unicodedata.normalize("NFKC", name))

    # --- calls ------------------------------------------------------------------------

    def _check_call(self, node: ast.AST) -> Iterator[Finding]:
        assert isinstance(node, ast.Call)  # noqa: S101 - the table of rules ensures it
        function = node.func
        name = getattr(function, "id", None) or getattr(function, "attr", "")
        if isinstance(function, ast.Name) and name in {"getattr", "setattr", "hasattr"}:
            yield from self._check_getattr(node)
        if name == "type" and len(node.args) == 3:  # noqa: PLR2004 - type(name, bases, dict)
            yield build_finding("name", node, "type() with three arguments makes classes unseen.")
        is_read = id(function) in self._reading
        if name in FILE_CLASSES and node.args and not (is_read or is_array(name, node.args[0])):
            yield build_finding(
                "file", node, f"{name} reads a file.", "Draw it with shapes, or use an array."
            )
        if name == "tempconfig" and not is_plain_config(node):
            yield build_finding("config", node, "This part of config is not for scenes.")
        if name == "wait" and node.args and exceeds(node.args[0], LONGEST_WAIT_S):
            yield build_finding("size", node, f"A wait lasts at most {LONGEST_WAIT_S} s.")
        yield from self._check_keywords(node)

    def _check_getattr(self, node: ast.Call) -> Iterator[Finding]:
        if len(node.args) < 2:  # noqa: PLR2004 - object, name
            return
        owner, wanted = node.args[:2]
        if isinstance(wanted, ast.Constant) and isinstance(wanted.value, str):
            yield from self._check_attribute_name(node, wanted.value)
        elif isinstance(owner, ast.Name) and owner.id in _MODULES_WITH_ATTRIBUTES - self._bound:
            yield build_finding("attribute", node, f"getattr({owner.id}, …) with a computed name.")
        elif self._builds_names:
            yield build_finding("attribute", node, "getattr() with a computed name.")

    def _check_format(self, node: ast.Attribute) -> Iterator[Finding]:
        template = node.value
        if isinstance(template, ast.Constant) and isinstance(template.value, str):
            if _FIELD_ACCESS.search(template.value):
                yield build_finding("format", node, "This template reaches into its arguments.")
        elif self._builds_names:
            yield build_finding("format", node, "format() on a computed template.")

    def _check_keywords(self, node: ast.Call) -> Iterator[Finding]:
        for keyword in node.keywords:
            name = keyword.arg
            if name in FILE_KEYWORDS and id(keyword) not in self._reading:
                yield build_finding("file", keyword.value, f"{name}= names a file.")
            elif name is None and names_files(keyword.value):
                yield build_finding(
                    "file", keyword.value, "**{…} names a file, or a key that is computed."
                )
            elif name == "tex_compiler" and not is_one_of(keyword.value, TEX_COMPILERS):
                yield build_finding("file", keyword.value, "tex_compiler= names a program.")
            elif name in LARGEST_KEYWORDS and exceeds(keyword.value, LARGEST_KEYWORDS[name]):
                largest = LARGEST_KEYWORDS[name]
                yield build_finding("size", keyword.value, f"{name} is at most {largest}.")

    # --- values -----------------------------------------------------------------------

    def _check_constant(self, node: ast.AST) -> Iterator[Finding]:
        assert isinstance(node, ast.Constant)  # noqa: S101 - the table of rules ensures it
        value = node.value
        if isinstance(value, str) and REFUSED_TEXT.search(value):
            yield build_finding("text", node, "A TeX or Typst command in this text reads or runs.")
        if isinstance(value, int | float) and abs(value) > LARGEST_NUMBER:
            yield build_finding("size", node, f"A number above {LARGEST_NUMBER:.0e}.")

    def _check_loop(self, node: ast.AST) -> Iterator[Finding]:
        assert isinstance(node, ast.While)  # noqa: S101 - the table of rules ensures it
        is_endless = isinstance(node.test, ast.Constant) and bool(node.test.value)
        leaves = ast.Break | ast.Return | ast.Raise | ast.Yield
        if is_endless and not any(isinstance(part, leaves) for part in ast.walk(node)):
            yield build_finding("size", node, "This loop never ends.")

    def _check_power(self, node: ast.AST) -> Iterator[Finding]:
        assert isinstance(node, ast.BinOp)  # noqa: S101 - the table of rules ensures it
        if isinstance(node.op, ast.Pow) and exceeds(node.right, LARGEST_POWER):
            yield build_finding("size", node, f"A power above {LARGEST_POWER}.")


# By another name their arguments would go unseen.
_ONLY_CALLED = FILE_CLASSES | {"getattr", "setattr", "Code", "tempconfig"}

# Even a scene's own variable of this name does not make the builtin harmless elsewhere.
_NEVER_REBOUND = frozenset({"eval", "exec", "compile", "__import__", "open", "globals", "vars"})


def _is_allowed_module(name: str) -> bool:
    return name.split(".", maxsplit=1)[0] in ALLOWED_MODULES and not REFUSED_SUBMODULES.match(name)


def _refuse_import(node: ast.AST, name: str) -> Finding:
    return build_finding(
        "import",
        node,
        f"import of {name} is refused.",
        "Scenes use manim, numpy, scipy, sympy, networkx and plain parts of the standard library.",
    )
