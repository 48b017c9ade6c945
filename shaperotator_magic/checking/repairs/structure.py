"""Edits of a scene file around its statements that the source alone justifies. Pure.

Imports and settings that scenes have no use for, base classes of plugins, a forgotten ``self``, a
missing ``super().__init__()``, and parameters that nobody passes.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator

from shaperotator_magic.checking.api import Api
from shaperotator_magic.checking.dialect.rewriting import Change
from shaperotator_magic.checking.dialect.rules import FORMULAS
from shaperotator_magic.checking.gate.refused import ALLOWED_MODULES
from shaperotator_magic.checking.repairs.failing import Edit, EmptyHead, splice
from shaperotator_magic.checking.repairs.translation.names import SCENE_BASES, SCENES_OF

__all__ = ["mend_structure"]

_LIBRARIES = frozenset(
    "matplotlib pandas requests PIL cv2 torch tensorflow sklearn seaborn plotly pygame tqdm "
    "IPython moviepy pydub imageio skimage numba jax statsmodels dotenv openai".split()
)
_PLUGINS = ("manim_", "chanim", "manimpango", "gtts", "pyttsx3", "colour")
_PERCENT = re.compile(r"(?<=\d)%(?!\s*[\n\"'])")
# How manim's own command writes and tells: a cell's options and the card decide that here.
_OUTPUT_SETTINGS = frozenset(
    "save_last_frame write_to_movie write_all save_as_gif save_pngs format preview "
    "show_in_file_browser verbosity progress_bar media_width media_embed renderer "
    "notify_outdated_version log_to_file flush_cache".split()
)
_MARKS = frozenset({"staticmethod", "classmethod", "property"})

_Change = tuple[ast.AST, str, str]


def mend_structure(source: str, api: Api) -> tuple[str, list[Change]]:
    """Return the source with its imports, bases and methods as a scene of manim has them."""
    tree = ast.parse(source)
    unneeded = [*_drop_imports(tree), *_drop_settings(tree)]
    found = [*unneeded, *_choose_bases(tree, api), *_mend_methods(tree, api)]
    percents = list(_escape_percents(tree, source))
    if not found and not percents:
        return source, []
    edits: list[Edit] = [(node, text) for node, text, _ in (*found, *percents)]
    changes = [*_note("structure", found), *_note("percent", percents)]
    return splice(source, edits), list(dict.fromkeys(changes))


def _note(rule: str, found: list[_Change]) -> Iterator[Change]:
    for node, _, words in found:
        yield Change(rule, words, getattr(node, "lineno", 1))


def _drop_imports(tree: ast.Module) -> Iterator[_Change]:
    """Imports that the checks refuse: of plugins, and of what the scene never uses."""
    used = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name)}
    for node in tree.body:
        if not isinstance(node, ast.Import | ast.ImportFrom):
            continue
        modules = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        modules = modules or [alias.name for alias in node.names]
        refused = [m for m in modules if _is_refused(m)]
        bound = {(alias.asname or alias.name).split(".")[0] for alias in node.names}
        is_plugin = all(m.startswith(_PLUGINS) for m in refused)
        is_unused = used.isdisjoint(bound) and "*" not in bound
        if len(refused) == len(modules) and (is_plugin or is_unused):
            words = "is not needed" if is_plugin else "is not used"
            yield node, "pass", f"import of {refused[0]} was left out: it {words}"


def _drop_settings(tree: ast.Module) -> Iterator[_Change]:
    """Settings of manim's output, ``config.verbosity = "ERROR"``, which the checks refuse."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
            names = [_read_setting(target) for target in node.targets]
            if _OUTPUT_SETTINGS.issuperset(names):
                yield (
                    node,
                    "pass",
                    f"config.{names[0]} was left out: scenes do not set their output",
                )


def _read_setting(target: ast.expr) -> str:
    """Return the name in ``config.name`` and ``config["name"]``; of others, nothing."""
    if not isinstance(target, ast.Attribute | ast.Subscript):
        return ""
    is_of_config = isinstance(target.value, ast.Name) and target.value.id == "config"
    if isinstance(target, ast.Attribute):
        return target.attr if is_of_config else ""
    key = target.slice
    return str(key.value) if is_of_config and isinstance(key, ast.Constant) else ""


def _is_refused(module: str) -> bool:
    """Whether a known module is none for scenes; one of the user's own is left alone."""
    top = module.split(".", maxsplit=1)[0]
    is_known = top in sys.stdlib_module_names or top in _LIBRARIES or top.startswith(_PLUGINS)
    return is_known and top not in ALLOWED_MODULES


def _choose_bases(tree: ast.Module, api: Api) -> Iterator[_Change]:
    """A scene derives from the class of manim that has what it calls."""
    own = {n.name for n in tree.body if isinstance(n, ast.ClassDef)}
    for node in tree.body:
        if not isinstance(node, ast.ClassDef):
            continue
        bases = [base.id for base in node.bases if isinstance(base, ast.Name)]
        new = [SCENE_BASES.get(b, b) if b not in own | api.names else b for b in bases]
        if new == ["Scene"]:
            new = [_find_scene(node) or "Scene"]
        if len(new) > 1 and "Scene" in new:
            new = [b for b in new if b != "Scene"]
        if new == bases or len(bases) != len(node.bases):
            continue
        words = f"{node.name} is a {new[0]}, and no {bases[0]}"
        yield _Span(node.bases[0], node.bases[-1]), ", ".join(dict.fromkeys(new)), words


class _Span(ast.AST):
    """What lies between the beginning of one node and the end of another."""

    def __init__(self, first: ast.expr, last: ast.expr) -> None:
        super().__init__()
        self.lineno, self.col_offset = first.lineno, first.col_offset
        self.end_lineno, self.end_col_offset = last.end_lineno, last.end_col_offset


def _find_scene(node: ast.ClassDef) -> str:
    """Return the scene whose methods a scene calls on itself."""
    defined = {part.name for part in node.body if isinstance(part, ast.FunctionDef)}
    called = {
        part.func.attr
        for part in ast.walk(node)
        if isinstance(part, ast.Call)
        and isinstance(part.func, ast.Attribute)
        and ast.unparse(part.func.value) == "self"
    }
    kinds = [SCENES_OF[name] for name in sorted(called - defined) if name in SCENES_OF]
    return kinds[0] if kinds else ""


def _mend_methods(tree: ast.Module, api: Api) -> Iterator[_Change]:
    for node in tree.body:
        if not isinstance(node, ast.ClassDef):
            continue
        own = {part.name for part in node.body if isinstance(part, ast.FunctionDef)}
        is_known = any(api.kind_of(ast.unparse(base)) for base in node.bases)
        is_scene = any(api.kind_of(ast.unparse(base)) == "Scene" for base in node.bases)
        called = _list_called(node)
        for part in node.body:
            if isinstance(part, ast.FunctionDef):
                yield from _add_self(part, is_called=part.name in called)
                if part.name == "__init__" and is_known:
                    yield from _call_base(part, own)
                if part.name == "__init__" and is_scene:
                    yield from _give_defaults(part)


def _list_called(node: ast.ClassDef) -> set[str]:
    return {
        part.attr
        for part in ast.walk(node)
        if isinstance(part, ast.Attribute) and ast.unparse(part.value) == "self"
    } | {"construct"}


def _add_self(method: ast.FunctionDef, *, is_called: bool) -> Iterator[_Change]:
    marks = {ast.unparse(mark) for mark in method.decorator_list}
    arguments = method.args
    names = [a.arg for a in (*arguments.posonlyargs, *arguments.args)]
    if marks & _MARKS or not is_called or arguments.vararg or "self" in names:
        return
    if names and not any(n.id == "self" for n in ast.walk(method) if isinstance(n, ast.Name)):
        return
    words = f"{method.name}() takes self"
    if names:
        first = (*arguments.posonlyargs, *arguments.args)[0]
        yield first, f"self, {ast.unparse(first)}", words
    elif not arguments.kwonlyargs and not arguments.kwarg:
        yield EmptyHead(method), f"def {method.name}(self):", words


def _call_base(method: ast.FunctionDef, own: set[str]) -> Iterator[_Change]:
    """``__init__`` of a mobject or scene makes its base first."""
    calls = [n for n in ast.walk(method) if isinstance(n, ast.Attribute) and n.attr == "__init__"]
    if calls:
        return
    first = method.body[0]
    is_docstring = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    if is_docstring and len(method.body) > 1:
        first = method.body[1]
    kwarg = f"**{method.args.kwarg.arg}" if method.args.kwarg else ""
    indent = " " * first.col_offset
    text = f"super().__init__({kwarg})\n{indent}{ast.unparse(first)}"
    yield first, text, f"{method.name} makes its base by super().__init__()"


def _give_defaults(method: ast.FunctionDef) -> Iterator[_Change]:
    """Nobody passes arguments to a scene."""
    arguments = [a for a in method.args.args if a.arg != "self"]
    bare = arguments[: len(arguments) - len(method.args.defaults)]
    for argument in bare:
        words = f"{argument.arg} of the scene is None: nobody passes it"
        yield argument, f"{ast.unparse(argument)}=None", words


def _escape_percents(tree: ast.Module, source: str) -> Iterator[_Change]:
    """``Tex("95% sure")`` ends at its percent sign: TeX takes the rest for a comment."""
    for node in ast.walk(tree):
        name = getattr(node.func, "id", "") if isinstance(node, ast.Call) else ""
        for part in node.args if isinstance(node, ast.Call) and name in FORMULAS else []:
            is_text = isinstance(part, ast.Constant) and isinstance(part.value, str)
            text = ast.get_source_segment(source, part) if is_text else None
            if text is not None and _PERCENT.search(text):
                sign = r"\\%" if text[:1] in "rR" else r"\\\\%"
                yield part, _PERCENT.sub(sign, text), "a percent sign in TeX has its backslash"
