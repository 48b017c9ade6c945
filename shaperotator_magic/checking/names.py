"""Names, keywords and signatures against the installed manim. Pure; reads the source only.

The class of an expression is followed as far as it is plain: a constructor, a fluent method, a
variable with one kind of value. What is not plain is not judged.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

import ast
import builtins
import functools
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from shaperotator_magic.checking.api import Api, Suggestion, suggest_keyword
from shaperotator_magic.core.records import Finding

__all__ = ["NameFault", "as_finding", "find_name_faults", "find_owners", "is_of_kind"]

_PLAY_KEYWORDS = frozenset(
    "run_time rate_func lag_ratio path_arc subcaption subcaption_duration subcaption_offset "
    "remover introducer name suspend_mobject_updating reverse_rate_function path_func".split()
)
_BUILTINS = frozenset(dir(builtins))
_DEEPEST = 8

Kind = Literal["name", "attribute", "setter", "keyword", "places"]


@dataclass(frozen=True)
class NameFault:
    """Something that manim does not have. Columns count bytes, as in ``ast``."""

    kind: Kind
    name: str
    owner: str
    line: int
    column: int
    suggestion: Suggestion | None = None
    known: tuple[str, ...] = ()


def find_name_faults(source: str, api: Api) -> list[NameFault]:
    """Return what a source uses that the installed manim does not have, in order of lines."""
    return list(_find_name_faults(source, api))


@functools.lru_cache(maxsize=2)  # a source is corrected, and then reviewed
def _find_name_faults(source: str, api: Api) -> tuple[NameFault, ...]:
    faults = _Reader(ast.parse(source), api).read()
    return tuple(sorted(set(faults), key=lambda fault: (fault.line, fault.column)))


def find_owners(tree: ast.Module, api: Api) -> Iterator[tuple[ast.Call, str, str]]:
    """Yield every call of a method, with its name and the class that has it ('' if not plain)."""
    reader = _Reader(tree, api)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield node, node.func.attr, reader.find_class(node.func.value) or ""


def as_finding(fault: NameFault) -> Finding:
    """Return a fault as people and models read it."""
    owner = f"{fault.owner} has no " if fault.owner else "manim has no "
    words = {
        "name": f"{fault.name} is not defined, and manim has none",
        "attribute": f"{owner}{fault.name}",
        "setter": f"{owner}{fault.name}; calling it changes nothing",
        "keyword": f"{fault.owner} takes no {fault.name}=",
        "places": f"{fault.owner} takes at most {fault.name} arguments by place",
    }[fault.kind]
    hint = f"Did you mean {fault.suggestion.name}?" if fault.suggestion else ""
    if not hint and fault.known:
        hint = "It takes " + ", ".join(fault.known[:12]) + "."
    return Finding(
        rule=f"manim-{fault.kind}",
        severity="warning" if fault.kind == "setter" else "note",
        message=words + ".",
        hint=hint,
        line=fault.line,
        column=fault.column,
    )


class _Reader:
    """Visits one source; the values of its variables are collected first."""

    def __init__(self, tree: ast.Module, api: Api) -> None:
        self._nodes = list(ast.walk(tree))
        self._api = api
        self._values: dict[str, list[ast.expr | None]] = defaultdict(list)
        self._own: set[str] = set()
        self._gather()

    def read(self) -> Iterator[NameFault]:
        yield from self._read_names()
        for node in self._nodes:
            if isinstance(node, ast.ClassDef):
                yield from self._read_class(node)
        for node in self._nodes:
            if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
                yield from self._read_attribute(node, self.find_class(node.value))
            elif isinstance(node, ast.Call):
                yield from self._read_call(node)

    # --- what is bound ----------------------------------------------------------------

    def _gather(self) -> None:
        for node in self._nodes:
            if isinstance(node, ast.Assign):
                self._bind_all(node.targets, node.value)
            elif isinstance(node, ast.AnnAssign | ast.NamedExpr):
                self._bind_all([node.target], node.value)
            elif isinstance(node, ast.AugAssign | ast.For | ast.comprehension):
                self._bind_all([node.target], None)
            elif isinstance(node, ast.arg):
                self._values[node.arg].append(None)
            elif isinstance(node, ast.FunctionDef | ast.ClassDef):
                self._own.add(node.name)
            elif isinstance(node, ast.Import | ast.ImportFrom):
                self._own.update(_list_imported(node))
            elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                self._own.add(node.id)
            elif isinstance(node, ast.ExceptHandler) and node.name:
                self._own.add(node.name)

    def _bind_all(self, targets: list[ast.expr], value: ast.expr | None) -> None:
        for target in targets:
            if isinstance(target, ast.Name):
                self._values[target.id].append(value)
            else:
                for part in ast.walk(target):
                    if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store):
                        self._values[part.id].append(None)

    def _is_own(self, name: str) -> bool:
        return name in self._own or name in self._values

    # --- the class of an expression ---------------------------------------------------

    def find_class(self, node: ast.expr, depth: int = 0) -> str | None:
        """Return the class of an expression; None where it is not plain."""
        if depth > _DEEPEST:
            return None
        if isinstance(node, ast.Attribute) and node.attr == "animate":
            return self.find_class(node.value, depth + 1)
        if isinstance(node, ast.Name):
            values = self._values.get(node.id)
            if not values:
                return None
            found = {self.find_class(v, depth + 1) if v is not None else None for v in values}
            return found.pop() if len(found) == 1 else None
        if isinstance(node, ast.Call):
            return self._find_result(node.func, depth)
        return None

    def _find_result(self, function: ast.expr, depth: int) -> str | None:
        if isinstance(function, ast.Name):
            is_class = self._api.is_class(function.id) and not self._is_own(function.id)
            return function.id if is_class else None
        if isinstance(function, ast.Attribute):
            owner = self.find_class(function.value, depth + 1)
            return self._api.find_result(owner, function.attr) if owner else None
        return None

    # --- the rules --------------------------------------------------------------------

    def _read_names(self) -> Iterator[NameFault]:
        for node in self._nodes:
            if isinstance(node, ast.ImportFrom) and node.module == "manim":
                for alias in node.names:
                    is_known = alias.name in self._api.names or alias.name.startswith("OpenGL")
                    if alias.name != "*" and not is_known:
                        meant = self._api.suggest_name(alias.name)
                        place = alias.lineno, alias.col_offset
                        yield NameFault("name", alias.name, "", *place, meant)
        for node in self._nodes:
            if not isinstance(node, ast.Name) or not isinstance(node.ctx, ast.Load):
                continue
            name = node.id
            if name in self._api.names or name in _BUILTINS or self._is_own(name):
                continue
            if name.startswith("OpenGL"):  # of another renderer, and no misspelling
                continue
            meant = self._api.suggest_name(name)
            if meant and not is_of_kind(name, meant.name):
                meant = None
            yield NameFault("name", name, "", node.lineno, node.col_offset, meant)

    def _read_class(self, node: ast.ClassDef) -> Iterator[NameFault]:
        """Attributes of ``self`` in a scene."""
        bases = [base.id for base in node.bases if isinstance(base, ast.Name)]
        base = next((b for b in bases if self._api.kind_of(b) == "Scene"), None)
        if base is None or len(bases) != 1:
            return
        own = {part.name for part in ast.walk(node) if isinstance(part, ast.FunctionDef)}
        own |= {t.attr for t in _find_own_attributes(node, ast.Store)}
        own |= {t.id for t in ast.walk(node) if isinstance(t, ast.Name)}
        for use in _find_own_attributes(node, ast.Load):
            if use.attr not in own:
                yield from self._read_attribute(use, base)
        for call in ast.walk(node):
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute):
                is_of_self = isinstance(call.func.value, ast.Name) and call.func.value.id == "self"
                if is_of_self and call.func.attr not in own:
                    yield from self._read_scene_call(call, call.func.attr, base)

    def _read_scene_call(self, call: ast.Call, name: str, base: str) -> Iterator[NameFault]:
        if name == "play":
            yield from self._read_keywords(call, "self.play", _PLAY_KEYWORDS)
            return
        signature = self._api.find_method(base, name)
        if signature and not signature["takes_any"]:
            known = frozenset(signature["keywords"])
            yield from self._read_keywords(call, f"{base}.{name}", known)

    def _read_attribute(self, node: ast.Attribute, owner: str | None) -> Iterator[NameFault]:
        name = node.attr
        if owner is None or self._api.kind_of(owner) not in {"Mobject", "Animation", "Scene"}:
            return
        if name == "animate" or name.startswith("__") or self._api.has_attribute(owner, name):
            return
        if self._api.is_magic(owner, name):
            return
        is_silent = name.startswith("set_") and self._api.is_a(owner, "Mobject")
        yield NameFault(
            "setter" if is_silent else "attribute",
            name,
            owner,
            node.end_lineno or node.lineno,
            (node.end_col_offset or 0) - len(name.encode()),
            self._api.suggest_attribute(owner, name),
        )

    def _read_call(self, call: ast.Call) -> Iterator[NameFault]:
        function = call.func
        if isinstance(function, ast.Name) and not self._is_own(function.id):
            yield from self._read_plain_call(call, function.id)
        elif isinstance(function, ast.Attribute):
            owner = self.find_class(function.value)
            signature = self._api.find_method(owner, function.attr) if owner else None
            if signature:
                label = f"{owner}.{function.attr}"
                if not signature["takes_any"]:
                    yield from self._read_keywords(call, label, frozenset(signature["keywords"]))
                yield from self._read_places(call, label, signature["places"])

    def _read_plain_call(self, call: ast.Call, name: str) -> Iterator[NameFault]:
        if self._api.kind_of(name) in {"Mobject", "Animation"}:
            keywords = self._api.list_keywords(name)
            init = self._api.find_init(name)
            if keywords is not None and not name.startswith("OpenGL"):
                yield from self._read_keywords(call, name, keywords)
            if init is not None:
                yield from self._read_places(call, name, init["places"])
            return
        signature = self._api.find_function(name)
        if signature and not signature["takes_any"]:
            yield from self._read_keywords(call, name, frozenset(signature["keywords"]))

    def _read_keywords(
        self, call: ast.Call, owner: str, known: frozenset[str]
    ) -> Iterator[NameFault]:
        for keyword in call.keywords:
            if keyword.arg and keyword.arg not in known:
                yield NameFault(
                    "keyword",
                    keyword.arg,
                    owner,
                    keyword.lineno,
                    keyword.col_offset,
                    suggest_keyword(keyword.arg, known - {k.arg for k in call.keywords if k.arg}),
                    tuple(sorted(known)),
                )

    def _read_places(self, call: ast.Call, owner: str, places: int | None) -> Iterator[NameFault]:
        has_star = any(isinstance(argument, ast.Starred) for argument in call.args)
        if places is not None and not has_star and len(call.args) > places:
            yield NameFault("places", str(places), owner, call.lineno, call.col_offset)


def is_of_kind(name: str, meant: str) -> bool:
    """Whether one may be the other misspelt: Normal is not NORMAL, and ``title`` is not Title."""
    is_constant = meant.isupper() and not name.isupper() and name[:1].isupper()
    is_class = meant[:1].isupper() and not meant.isupper() and name.islower()
    return not is_constant and not is_class


def _list_imported(node: ast.Import | ast.ImportFrom) -> Iterator[str]:
    """Return what an import binds; names of manim are manim's, however they are imported."""
    is_of_manim = isinstance(node, ast.ImportFrom) and node.module == "manim"
    for alias in node.names:
        if alias.asname or not is_of_manim:
            yield (alias.asname or alias.name).split(".")[0]


def _find_own_attributes(node: ast.AST, context: type[ast.expr_context]) -> list[ast.Attribute]:
    return [
        part
        for part in ast.walk(node)
        if isinstance(part, ast.Attribute)
        and isinstance(part.ctx, context)
        and isinstance(part.value, ast.Name)
        and part.value.id == "self"
    ]
