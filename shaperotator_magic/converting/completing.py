"""Lets a model mend what the rules of conversion could not, and keeps only what gets further.

The model sees the failing definition, the finding and what the installed manim really has there. It
answers with whole definitions, which replace those of the same name: the rest of the file is not
its to change. A proposal is kept only where the calls of play() and wait() are the same, the filter
refuses nothing in it that was not there before, and the scene gets further.

Runs in the caller's process: a kernel or a command.
"""

from __future__ import annotations

import ast
import dataclasses
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from shaperotator_magic.checking.api import Api
from shaperotator_magic.checking.gate.safety import check_safety
from shaperotator_magic.converting.checks import count_calls, find_swallowed, find_undefined
from shaperotator_magic.converting.converter import Conversion
from shaperotator_magic.converting.reading.bindings import list_bound, parse_source
from shaperotator_magic.converting.rewriting.changes import Change
from shaperotator_magic.core.records import (
    CheckedScene,
    Finding,
    Origin,
    Rehearsal,
    RehearsalFailure,
    SceneCode,
)
from shaperotator_magic.rendering.renderer import Rehearser, RenderRequest
from shaperotator_magic.writing.model.language_model import LanguageModel

MOST_ROUNDS = 3
_KEPT = "its correction is kept"
_FENCE = re.compile(r"^```[^\n]*\n(.*?)^```", re.MULTILINE | re.DOTALL)
_ASKED = """\
This scene was written for another version of manim, and most of it is converted to the installed \
manim already. It fails:

{finding}
{facts}
The definitions that matter, from a file of {lines} lines that begins with from manim import *:

```python
{code}
```

Correct what fails, so that the scene shows what it showed before. Keep every call of play() and \
wait(). Answer with one Python block that holds each definition that you change, whole, under its \
own name, and nothing else."""

Describe = Callable[[Sequence[Finding], str], str]


@dataclass(frozen=True)
class _Standing:
    """A source after the model's rounds, the rehearsal of it, and what became of each round."""

    source: str
    seen: Rehearsal
    rounds: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Completer:
    """Rehearses a converted scene, and has a model mend it where it fails.

    Parameters
    ----------
    api
        The table of the installed manim.
    model
        None: the scene is rehearsed only.
    describe
        Returns, in lines, what the installed manim has where a source fails.
    """

    rehearser: Rehearser
    request: RenderRequest
    api: Api
    model: LanguageModel | None
    describe: Describe

    def complete(self, conversion: Conversion, scene: str) -> tuple[Conversion, Rehearsal]:
        """Return the conversion with what was mended, and the last rehearsal of the scene.

        Raises
        ------
        ModelError
            The model does not answer.
        RenderError
            The rehearsal came to no end.
        """
        standing = _Standing(conversion.source, self._rehearse(conversion.source, scene))
        model = self.model
        if model is None or standing.seen.failure is None:
            return conversion, standing.seen
        while standing.seen.failure is not None and len(standing.rounds) < MOST_ROUNDS:
            question = _build_question(standing, standing.seen.failure, scene, self.describe)
            messages = [{"role": "user", "content": question}]
            reply = model.complete(messages, on_delta=lambda _: None).text
            standing = self._weigh(standing, reply, scene)
        noted = [
            Change("model", f"{model.name}, round {number} for {scene}: {said}")
            for number, said in enumerate(standing.rounds, 1)
        ]
        completed = dataclasses.replace(
            conversion,
            source=standing.source,
            changes=(*conversion.changes, *noted),
            undefined=tuple(find_undefined(standing.source, self.api)),
            swallowed=tuple(find_swallowed(standing.source, self.api)),
        )
        return completed, standing.seen

    def _weigh(self, standing: _Standing, reply: str, scene: str) -> _Standing:
        """Return the better of what stands and what a reply makes of it."""
        try:
            proposed = replace_definitions(standing.source, reply)
        except SyntaxError as exc:
            return _leave_out(standing, f"the reply is no Python ({exc.msg})")
        reason = _find_objection(standing.source, proposed)
        if reason:
            return _leave_out(standing, reason)
        seen = self._rehearse(proposed, scene)
        if seen.failure is not None and _measure(seen) <= _measure(standing.seen):
            return _leave_out(standing, f"it gets no further ({seen.failure.message})")
        return _Standing(proposed, seen, [*standing.rounds, _KEPT])

    def _rehearse(self, source: str, scene: str) -> Rehearsal:
        code = SceneCode(source=source, scene_name=scene, origin=Origin(writer="user"))
        return self.rehearser.rehearse(CheckedScene(code=code), self.request, variables={})


def _leave_out(standing: _Standing, reason: str) -> _Standing:
    return dataclasses.replace(standing, rounds=[*standing.rounds, f"left out: {reason}"])


def _measure(seen: Rehearsal) -> int:
    """Return how far a scene came."""
    return seen.plays + seen.waits


def _find_objection(before: str, after: str) -> str:
    """Return why a proposal is not even tried; empty where it is."""
    if after == before:
        return "nothing was changed"
    if count_calls(after) != count_calls(before):
        return "it has other calls of play() and wait()"
    refused = {f.message for f in check_safety(before) if f.severity == "error"}
    added = [f.message for f in check_safety(after) if f.severity == "error"]
    return next((message for message in added if message not in refused), "")


# --- the question -----------------------------------------------------------------------


def _build_question(
    standing: _Standing, failure: RehearsalFailure, scene: str, describe: Describe
) -> str:
    where = f"line {failure.line}: " if failure.line else ""
    found = Finding(
        rule="rehearsal", severity="error", message=failure.message, hint=failure.hint,
        line=failure.line,
    )  # fmt: skip
    facts = describe([found], standing.source)
    return _ASKED.format(
        finding="\n".join(filter(None, (f"{where}{failure.message}", failure.hint))),
        facts=f"\n{facts}\n" if facts else "",
        lines=standing.source.count("\n"),
        code="\n\n\n".join(_list_shown(standing.source, scene, failure.line or 0)),
    )


def _list_shown(source: str, scene: str, line: int) -> Iterator[str]:
    """Yield the definition that fails, and the scene where that is another."""
    for node in parse_source(source).body:
        begin, end = _find_lines(node)
        if begin <= line <= end or getattr(node, "name", "") == scene:
            yield "\n".join(source.split("\n")[begin - 1 : end])


# --- the answer -------------------------------------------------------------------------


def replace_definitions(source: str, reply: str) -> str:
    """Return a source with the definitions of a reply in the place of those of the same name.

    A definition of a new name comes before the first that the reply replaces. Whatever else the
    reply holds is left out.

    Raises
    ------
    SyntaxError
        The reply's code is not Python.
    """
    code = "\n\n\n".join(_FENCE.findall(reply)) or reply
    given = [n for n in parse_source(code).body if isinstance(n, ast.ClassDef | ast.FunctionDef)]
    places = {
        name: _find_lines(node) for node in parse_source(source).body for name in list_bound(node)
    }
    lines = source.split("\n")
    new = [node for node in given if node.name not in places]
    old = [node for node in given if node.name in places]
    for node in sorted(old, key=lambda n: places[n.name], reverse=True):
        begin, end = places[node.name]
        lines[begin - 1 : end] = _cut(code, node)
    if old and new:
        first = min(places[node.name][0] for node in old)
        added = [line for node in new for line in (*_cut(code, node), "", "")]
        lines[first - 1 : first - 1] = added
    return "\n".join(lines)


def _cut(code: str, node: ast.stmt) -> list[str]:
    begin, end = _find_lines(node)
    return code.split("\n")[begin - 1 : end]


def _find_lines(node: ast.stmt) -> tuple[int, int]:
    """Return the first and the last line of a statement, decorators included."""
    decorators = getattr(node, "decorator_list", [])
    begin = min([node.lineno, *(d.lineno for d in decorators)])
    return begin, node.end_lineno or node.lineno
