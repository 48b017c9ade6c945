"""What a model is told besides the findings of a repair: what the failing names really are.

Documents at large hurt strong models and help weak ones; true signatures at the failing call and a
line that uses it help all. So a repair gets just these: of a name that manim has not, the one that
is meant; of a call, its signature and a use.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from shaperotator_magic.checking.api import Api, suggest_keyword
from shaperotator_magic.checking.dialect.rules import (
    DIRECTIONS,
    FADES,
    KEYWORDS,
    KEYWORDS_OF,
    METHODS,
    MODULES,
    OTHER_MANIMS,
    RENAMED,
    REPLACED,
    SECOND_ARGUMENT,
    SETTERS,
)
from shaperotator_magic.core.records import Finding, Prompt
from shaperotator_magic.pipeline.collaborators import Collaborators
from shaperotator_magic.pipeline.drafts import Stage
from shaperotator_magic.writing.examples import find_profile
from shaperotator_magic.writing.retrieval.index import Index
from shaperotator_magic.writing.retrieval.manual import Entry

MOST_CHARACTERS = 420  # of all facts together
_LONGEST_ROW, _LONGEST_SIGNATURE, _LONGEST_USE = 230, 120, 90
_MOST_FINDINGS, _MOST_CALLS, _MOST_NEAR = 2, 2, 2
_MOST_KEYWORDS = 10
_UNKNOWN = re.compile(r"name '(\w+)' is not defined|cannot import name '(?P<imported>\w+)'")
_ATTRIBUTE = re.compile(r"'?(?P<owner>\w+)'? object has no attribute '(?P<name>\w+)")
_KEYWORD = re.compile(r"unexpected keyword argument '(?P<name>\w+)'")
_MODULE = re.compile(r"No module named '(?P<name>\w+)")


@dataclass(frozen=True)
class Reference:
    """What the installed manim offers: its documentation, and its names."""

    index: Index
    api: Api

    def describe(self, findings: Sequence[Finding], source: str) -> str:
        """Return the facts that mend these findings, a line each; empty where none is known.

        Parameters
        ----------
        source
            The code that the lines of the findings count in.
        """
        errors = _list_errors(findings)
        rows: dict[str, None] = {}
        for finding in errors[:_MOST_FINDINGS]:
            statement = _find_statement(source, finding.line or 0)
            rows.update(dict.fromkeys(self._list_facts(finding.message, statement)))
        return "\n".join(_fit(rows))

    def _list_facts(self, message: str, statement: ast.stmt | None) -> Iterator[str]:
        calls = list(_list_calls(statement))
        if any(map(_gives_direction, calls)):
            yield "FadeIn and FadeOut take a direction by its name: shift=UP"
        if found := _MODULE.search(message):
            if found["name"] in OTHER_MANIMS:
                yield "Of manim, all comes by: from manim import *"
        elif found := _UNKNOWN.search(message):
            name = next(filter(None, found.groups()))
            is_manims = bool(found["imported"]) or name in map(_name_call, calls)
            yield from self._name(name, is_manims=is_manims or name[0].isupper())
        elif found := _ATTRIBUTE.search(message):
            yield from self._name_attribute(found["owner"], found["name"])
        elif found := _KEYWORD.search(message):
            yield from self._name_keyword(found["name"], calls)
        else:
            for call in calls[:_MOST_CALLS]:
                yield from map(self._show, self.index.find_entries(_name_call(call))[:1])

    # --- names ------------------------------------------------------------------------

    def _name(self, name: str, *, is_manims: bool) -> Iterator[str]:
        """Tell what a name is that is not defined; of a variable that was forgotten, nothing."""
        if name in MODULES:
            yield f"{name} needs its import: {MODULES[name]}"
        elif name in self.api.names:
            yield f"{name} is a name of manim that is not imported: from manim import *"
        elif name in REPLACED:
            yield f"Instead of {name}: {REPLACED[name]}"
        elif is_manims:
            yield from self._tell_instead(name, self._find_near(name))

    def _find_near(self, name: str) -> list[str]:
        if name in SECOND_ARGUMENT:
            new, keyword, _ = SECOND_ARGUMENT[name]
            return [f"{new}(…, {keyword}=…)", new]
        if name in RENAMED:
            return [RENAMED[name]]
        suggestion = self.api.suggest_name(name)
        found = [hit.entry.name for hit in self.index.search(_split(name), _MOST_NEAR)]
        return [*([suggestion.name] if suggestion else []), *found]

    def _name_attribute(self, owner: str, name: str) -> Iterator[str]:
        if name in SETTERS:
            method, keyword = SETTERS[name]
            yield from self._tell_instead(name, [f"{method}({keyword}=…)", method])
            return
        if name in METHODS:
            near = [METHODS[name]]
        else:
            suggestion = self.api.suggest_attribute(owner, name)
            owners = {owner, *self.api.list_bases(owner)}
            found = (hit.entry.name for hit in self.index.search(_split(name), 30))
            own = [n for n in found if n.rpartition(".")[0] in owners]
            near = [*([suggestion.name] if suggestion else []), *own[:_MOST_NEAR]]
        yield from self._tell_instead(name, near)

    def _tell_instead(self, name: str, near: Sequence[str]) -> Iterator[str]:
        """Name what is meant by a name that manim has not, and show what of it is documented."""
        if not near:
            return
        told = list(dict.fromkeys(near))[: 1 + _MOST_NEAR]
        entries = [entry for n in told for entry in self.index.find_entries(n)[:1]]
        documented = {entry.name.rpartition(".")[2] for entry in entries}
        plain = [n for n in told if n.rpartition(".")[2] not in documented]
        if plain:
            yield f"Instead of {name}: {', '.join(plain)}"
        yield from map(self._show, entries[:_MOST_NEAR])

    # --- keywords ---------------------------------------------------------------------

    def _name_keyword(self, keyword: str, calls: Sequence[ast.Call]) -> Iterator[str]:
        having = [c for c in calls if keyword in {row.arg for row in c.keywords}] or calls[:1]
        for call in having[:1]:
            name = _name_call(call)
            known = self._list_keywords(name)
            new = KEYWORDS_OF.get((name, keyword)) or KEYWORDS.get(keyword)
            near = suggest_keyword(keyword, known)
            new = new or (near.name if near else None)
            if new:
                yield f"{name} takes {new}=, not {keyword}="
            elif known:
                shown = sorted(known)
                yield f"{name} takes {', '.join(shown[:_MOST_KEYWORDS])}"
            yield from map(self._show, self.index.find_entries(name)[:1])

    def _list_keywords(self, name: str) -> frozenset[str]:
        if self.api.is_class(name):
            return self.api.list_keywords(name) or frozenset()
        own = {n for entry in self.index.find_entries(name)[:1] for n in _list_parameters(entry)}
        return frozenset(own) or self.api.list_keywords("VMobject") or frozenset()

    # --- entries ----------------------------------------------------------------------

    def _show(self, entry: Entry) -> str:
        signature = _cut(entry.signature, _LONGEST_SIGNATURE)
        use = self.index.find_use(entry, _LONGEST_USE)
        return _cut(signature + (f", as in `{use}`" if use else ""), _LONGEST_ROW)


class Asking(Protocol):
    """What is read of a run."""

    prompt: Prompt
    collaborators: Collaborators


def describe_facts(
    run: Asking, stage: Stage | None, findings: Sequence[Finding], source: str
) -> str:
    """Return what manim has at the failing calls, for a repair by the model of a run.

    A tuned model gets the message of the rows that it was trained on. The kernel renderer, which
    has no stage, has no table of manim's names.
    """
    is_tuned = find_profile(run.prompt.options.model).is_tuned
    if stage is None or is_tuned or not _list_errors(findings):
        return ""
    return Reference(run.collaborators.load_index(), stage.api).describe(findings, source)


def _list_errors(findings: Sequence[Finding]) -> list[Finding]:
    """Return the findings that a fact could mend: of a flaw of the layout, manim knows nothing."""
    return [f for f in findings if f.severity == "error" and f.line is not None]


def _find_statement(source: str, line: int) -> ast.stmt | None:
    """Return the smallest statement around a line."""
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return None
    around = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.stmt) and node.lineno <= line <= (node.end_lineno or node.lineno)
    ]
    return min(around, key=lambda node: (node.end_lineno or 0) - node.lineno, default=None)


def _list_calls(statement: ast.stmt | None) -> Iterator[ast.Call]:
    """Yield the calls of a statement, the inner ones first: these fail first."""
    if statement is None or isinstance(statement, ast.FunctionDef | ast.ClassDef):
        return
    calls = [node for node in ast.walk(statement) if isinstance(node, ast.Call)]
    yield from calls[::-1]


def _name_call(call: ast.Call) -> str:
    function = call.func
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def _gives_direction(call: ast.Call) -> bool:
    """Return whether a fade is given a direction as if it was one more mobject."""
    given = {row.id for row in call.args if isinstance(row, ast.Name)}
    return _name_call(call) in FADES and bool(given & DIRECTIONS)


def _list_parameters(entry: Entry) -> list[str]:
    return re.findall(r"[(,] *(\w+)", entry.signature)


def _split(name: str) -> str:
    return name.replace("_", " ")


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


def _fit(rows: Iterable[str]) -> Iterator[str]:
    room = MOST_CHARACTERS
    for row in rows:
        if len(row) + 3 <= room:
            yield "- " + row
            room -= len(row) + 3
