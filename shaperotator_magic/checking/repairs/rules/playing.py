"""What ``play()`` is given that is no animation, and functions with other signatures. Pure.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from shaperotator_magic.checking.repairs.failing import (
    Edit,
    EmptyHead,
    Failing,
    Repair,
    call_without,
    find_called,
)

_CALLED_BACK = re.compile(
    r"(?P<path>[\w.<>]+)\(\) (?:takes (?P<takes>\d+) positional arguments? but (?P<given>\d+)"
    r"|missing (?P<missing>\d+) required positional arguments?: '(?P<name>\w+)')"
)
_UNGIVEN = re.compile(r"^TypeError: (?P<name>\w+)\(\) missing \d+ required positional argument")
_MOST_LEFT_OUT = 4
_GROUPS = frozenset({"AnimationGroup", "LaggedStart", "Succession", "play"})


def animate_arguments(failing: Failing) -> Iterator[Repair]:
    """Mobjects fade in, lists are unpacked, and None is omitted."""
    call = failing.call
    if call is None or find_called(call) not in _GROUPS:
        return
    edits: list[Edit] = []
    gone: list[ast.AST] = []
    for argument in call.args:
        kind = failing.kind_of(argument)
        if kind == "mobject":
            edits.append((argument, f"FadeIn({failing.read(argument)})"))
        elif kind in {"animations", "mobjects"}:
            text = failing.read(argument)
            parts = text if kind == "animations" else f"map(FadeIn, {text})"
            edits.append((argument, f"*{parts}"))
        elif kind in {"none", "nothing", "number", "text"}:
            gone.append(argument)
    if edits:
        yield failing.repair(edits, "what was no animation in play() fades in")
    if gone and len(gone) < len(call.args):
        text = call_without(failing, call, gone)
        yield failing.repair([(call, text)], "what was no animation in play() was left out")


def animate_call(failing: Failing) -> Iterator[Repair]:
    """``ApplyMethod(c.shift(UP))`` and ``Transform(c, c.scale, 2)`` are ``c.animate.…``."""
    for node in ast.walk(failing.statement or failing.area):
        name = find_called(node) if isinstance(node, ast.Call) else ""
        if not isinstance(node, ast.Call) or name not in {"ApplyMethod", "Transform"}:
            continue
        text = _spell_animated(failing, node, name)
        if text:
            yield failing.repair([(node, text)], f"{name} of a method is .animate")


def _spell_animated(failing: Failing, call: ast.Call, name: str) -> str:
    first = call.args[0] if call.args else None
    if name == "ApplyMethod" and isinstance(first, ast.Call):
        method = first.func
        given = call_without(failing, first, [])[len(failing.read(method)) :]
        if isinstance(method, ast.Attribute):
            return f"{failing.read(method.value)}.animate.{method.attr}{given}"
    if name == "Transform" and len(call.args) > 1 and isinstance(call.args[1], ast.Attribute):
        method = call.args[1]
        given = ", ".join(map(failing.read, call.args[2:]))
        is_own = failing.read(method.value) == failing.read(call.args[0])
        return f"{failing.read(method.value)}.animate.{method.attr}({given})" if is_own else ""
    if name == "Transform" and len(call.args) > 1 and isinstance(call.args[1], ast.Lambda):
        return f"ApplyFunction({failing.read(call.args[1])}, {failing.read(call.args[0])})"
    return ""


def animate_once(failing: Failing) -> Iterator[Repair]:
    """``c.animate.rotate(1).animate.shift(UP)`` is one animation of two methods."""
    if "has no attribute" not in failing.failure.message:
        return
    edits: list[Edit] = [
        (node, failing.read(node.value))
        for node in ast.walk(failing.statement or failing.area)
        if isinstance(node, ast.Attribute)
        and node.attr == "animate"
        and ".animate" in failing.read(node.value)
    ]
    if edits:
        yield failing.repair(edits, ".animate stands once in a chain")


def set_by_animate(failing: Failing) -> Iterator[Repair]:
    """``tracker.animate(1)`` moves a tracker to a value."""
    if "_AnimationBuilder.__call__() takes 1" not in failing.failure.message:
        return
    edits: list[Edit] = [
        (node, f"{failing.read(node.func)}.set_value({failing.read(node.args[0])})")
        for node in ast.walk(failing.statement or failing.area)
        if isinstance(node, ast.Call) and find_called(node) == "animate" and node.args
    ]
    if edits:
        yield failing.repair(edits, "a tracker moves by .animate.set_value")


def map_over_group(failing: Failing) -> Iterator[Repair]:
    """``LaggedStartMap(FadeIn, a, b)`` takes one group."""
    call = failing.call
    if call is None or find_called(call) != "LaggedStartMap" or len(call.args) <= 1:
        return
    things = ", ".join(map(failing.read, call.args[1:]))
    rest = call_without(failing, call, call.args)[len("LaggedStartMap(") :]
    text = f"LaggedStartMap({failing.read(call.args[0])}, Group({things})"
    text += f"{'' if rest == ')' else ', '}{rest}"
    yield failing.repair([(call, text)], "LaggedStartMap got a group")


def name_function(failing: Failing) -> Iterator[Repair]:
    """``rate_func=linear()`` means the function itself."""
    found = _UNGIVEN.search(failing.failure.message)
    if found is None:
        return
    edits: list[Edit] = [
        (node, failing.read(node.func))
        for node in ast.walk(failing.statement or failing.area)
        if isinstance(node, ast.Call)
        and find_called(node) == found["name"]
        and not node.args
        and not node.keywords
    ]
    if edits and failing.api.find_function(found["name"]) is not None:
        yield failing.repair(edits, f"{found['name']} is given as a function")


def hoist_calls(failing: Failing) -> Iterator[Repair]:
    """``self.play(self.draw(), FadeIn(a))``: the method plays by itself and returns nothing."""
    call, statement = failing.call, failing.statement
    if call is None or find_called(call) != "play" or not isinstance(statement, ast.Expr):
        return
    if "None" not in failing.failure.message:
        return
    own = [a for a in call.args if isinstance(a, ast.Call) and _is_of_self(a)]
    if not own or statement.value is not call:
        return
    indent = " " * statement.col_offset
    first = [failing.read(argument) for argument in own]
    rest = [call_without(failing, call, own)] if len(own) < len(call.args) else []
    text = f"\n{indent}".join([*first, *rest])
    yield failing.repair([(statement, text)], "what plays by itself stands outside of play()")


def _is_of_self(call: ast.Call) -> bool:
    owner = call.func.value if isinstance(call.func, ast.Attribute) else None
    return isinstance(owner, ast.Name) and owner.id == "self"


def widen_group(failing: Failing) -> Iterator[Repair]:
    """A VGroup that is given what is no VMobject is a Group."""
    if "VMobject" not in failing.failure.message:
        return
    names: list[Edit] = [
        (node, "Group")
        for node in ast.walk(failing.statement or failing.tree)
        if isinstance(node, ast.Name) and node.id == "VGroup"
    ]
    if names:
        yield failing.repair(names, "a VGroup that holds more than VMobjects is a Group")


def leave_out_animation(failing: Failing) -> Iterator[Repair]:
    """Leave out the one of several animations that fails, whichever it is."""
    call = _find_play(failing)
    if call is None or len(call.args) <= 1:  # the only one is the statement itself
        return
    around = [a for a in call.args if failing.node in set(ast.walk(a))]
    for argument in around or call.args[:_MOST_LEFT_OUT]:
        text = call_without(failing, call, [argument])
        repair = failing.repair(
            [(call, text)], f"the animation {failing.read(argument)[:40]} fails and was left out"
        )
        yield Repair(repair.source, repair.message, "omitted")


def fit_lambda(failing: Failing) -> Iterator[Repair]:
    """An updater or function with more or fewer parameters than it is called with."""
    found = _CALLED_BACK.search(failing.failure.message)
    if found is None:
        return
    name = found["path"].rpartition(".")[2]
    message = "a function takes what it is called with"
    if name == "<lambda>":
        for node in _list_lambdas(failing, found):
            head = ", ".join(_fit([a.arg for a in node.args.args], found))
            text = f"lambda {head}: {failing.read(node.body)}"
            yield failing.repair([(node, text)], message)
    is_direct = failing.call is not None and find_called(failing.call) == name
    for function in [] if is_direct else _list_functions(failing, name):
        edits = _fit_function(failing, function, found)
        if edits:
            yield failing.repair(edits, message)


def _list_lambdas(failing: Failing, found: re.Match[str]) -> list[ast.Lambda]:
    """Return those in what failed, else those that have as many parameters as is said."""
    near = [n for n in ast.walk(failing.area) if isinstance(n, ast.Lambda)]
    every = [n for n in ast.walk(failing.tree) if isinstance(n, ast.Lambda)]
    if found["missing"]:
        alike = [n for n in every if n.args.args and n.args.args[-1].arg == found["name"]]
    else:
        alike = [n for n in every if len(n.args.args) == int(found["takes"])]
    return near or alike


def _list_functions(failing: Failing, name: str) -> list[ast.FunctionDef]:
    nodes = ast.walk(failing.tree)
    return [n for n in nodes if isinstance(n, ast.FunctionDef) and n.name == name]


def _fit(names: list[str], found: re.Match[str]) -> list[str]:
    if found["missing"]:
        kept = names[: len(names) - int(found["missing"])]
        return [*kept, *(f"{name}=0" for name in names[len(kept) :])]
    return [*names, *(f"_{i}=None" for i in range(int(found["given"]) - int(found["takes"])))]


def _fit_function(failing: Failing, function: ast.FunctionDef, found: re.Match[str]) -> list[Edit]:
    arguments = function.args
    if arguments.kwonlyargs or arguments.vararg or arguments.kwarg or arguments.posonlyargs:
        return []
    if not arguments.args:
        head = f"def {function.name}({', '.join(_fit([], found))}):"
        return [(EmptyHead(function), head)]
    if found["missing"]:
        last = arguments.args[-int(found["missing"]) :]
        return [] if arguments.defaults else [(a, f"{failing.read(a)}=0") for a in last]
    extra = ", ".join(_fit([], found))
    end = arguments.defaults[-1] if arguments.defaults else arguments.args[-1]
    return [(end, f"{failing.read(end)}, {extra}")]


def _find_play(failing: Failing) -> ast.Call | None:
    """Return the call of play() that failed, or in an argument of which something did."""
    value = getattr(failing.statement, "value", None)
    is_play = isinstance(value, ast.Call) and find_called(value) == "play"
    return value if is_play else None
