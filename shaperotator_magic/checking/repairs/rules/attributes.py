"""Names and attributes that do not exist: the equivalent one, else no call of it. Pure.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from shaperotator_magic.checking.api import suggest_keyword
from shaperotator_magic.checking.names import is_of_kind
from shaperotator_magic.checking.repairs.failing import Edit, Failing, Repair, call_without
from shaperotator_magic.checking.repairs.translation.translating import translate_name

_NO_ATTRIBUTE = re.compile(r"(?P<owner>\w+)'? object has no attribute '(?P<name>\w+)'")
_NO_MEMBER = re.compile(r"module '(?P<owner>[\w.]+)' has no attribute '(?P<name>\w+)'")
_NO_NAME = re.compile(r"name '(?P<name>\w+)' is not defined")
_COLOR_WORDS = re.compile(r"^[A-Z]+(?:_[A-Z]+)*(?:_[A-Z0-9])?$")
# Members that numpy had once, and what does the same.
_LONG = 8
_TOO_SHORT = frozenset("set get add is to".split())
CORNERS = {
    "bottom_left": "DL", "bottom_right": "DR", "top_left": "UL", "top_right": "UR",
    "lower_left": "DL", "lower_right": "DR", "upper_left": "UL", "upper_right": "UR",
    "left_bottom": "DL", "right_bottom": "DR", "left_top": "UL", "right_top": "UR",
}  # fmt: skip
# A point of a surface by its parameters, in the words of other libraries.
_OF_SURFACES = re.compile(r"(?:get_)?(?:point|uv|func|param|position|coord)\w*")
_ZOOMS = frozenset({"zoom", "set_zoom", "zoom_in", "zoom_to"})
_OF_VIEW = frozenset({"phi", "theta", "gamma", "zoom", "focal_distance"})
AXES = {"X": "RIGHT", "Y": "UP", "Z": "OUT", "X_AXIS": "RIGHT", "Y_AXIS": "UP", "Z_AXIS": "OUT"}
MEMBERS = {
    "math": "math",
    "float": "float",
    "int": "int",
    "bool": "bool",
    "object": "object",
    "product": "prod",
    "trapz": "trapezoid",
}


def turn_corner(failing: Failing) -> Iterator[Repair]:
    """``box.get_bottom_left()`` and ``box.bottom_left`` become ``box.get_corner(DL)``."""
    found = _NO_ATTRIBUTE.search(failing.failure.message)
    corner = CORNERS.get(found["name"]) if found else None
    if found is None or corner is None:
        return
    edits: list[Edit] = []
    for name in (found["name"], f"get_{found['name']}"):
        for node in ast.walk(failing.tree):
            if isinstance(node, ast.Attribute) and node.attr == name:
                parent = failing.parents[node]
                whole = parent if isinstance(parent, ast.Call) and parent.func is node else node
                edits.append((whole, f"{failing.read(node.value)}.get_corner({corner})"))
    if edits:
        yield failing.repair(edits, f"{found['name']} is now get_corner({corner})")


def move_frame(failing: Failing) -> Iterator[Repair]:
    """``self.camera.animate.set_width(5)`` and ``self.camera.zoom(2)`` move the camera's frame."""
    found = _NO_ATTRIBUTE.search(failing.failure.message)
    if found is None or not found["owner"].endswith("Camera"):
        return
    if found["owner"].startswith("ThreeD"):
        yield from _move_in_space(failing)
        return
    edits: list[Edit] = [*_free_scene(failing)]
    for node in ast.walk(failing.tree):
        if not isinstance(node, ast.Attribute) or failing.read(node.value) != "self.camera":
            continue
        call = failing.parents.get(node)
        if node.attr in _ZOOMS and isinstance(call, ast.Call) and call.args:
            text = f"self.camera.frame.scale(1 / ({failing.read(call.args[0])}))"
            edits.append((call, text))
        elif node.attr == found["name"]:
            edits.append((node, f"self.camera.frame.{node.attr}"))
    yield failing.repair(edits, "the frame of the camera moves")


def _free_scene(failing: Failing) -> Iterator[Edit]:
    for node in failing.tree.body:
        for base in node.bases if isinstance(node, ast.ClassDef) else ():
            if failing.read(base) == "Scene":
                yield base, "MovingCameraScene"


def _move_in_space(failing: Failing) -> Iterator[Repair]:
    """``self.camera.animate.set_phi(0)`` in space moves the tracker of the angle."""
    edits: list[Edit] = []
    for node in ast.walk(failing.statement or failing.tree):
        function = node.func if isinstance(node, ast.Call) else None
        if not isinstance(function, ast.Attribute) or not isinstance(node, ast.Call):
            continue
        part = function.attr.removeprefix("set_")
        if failing.read(function.value) == "self.camera.animate" and part in _OF_VIEW and node.args:
            value = failing.read(node.args[0])
            edits.append((node, f"self.camera.{part}_tracker.animate.set_value({value})"))
    if edits:
        yield failing.repair(edits, "the camera moves by its trackers")


def draw_group(failing: Failing) -> Iterator[Repair]:
    """A Group has no strokes and fills: of vector graphics it is a VGroup."""
    found = _NO_ATTRIBUTE.search(failing.failure.message)
    if found is None or found["owner"] != "Group":
        return
    if failing.api.find_method("VGroup", found["name"]) is None:
        return
    groups = [n for n in ast.walk(failing.tree) if isinstance(n, ast.Name) and n.id == "Group"]
    if groups:
        edits: list[Edit] = [(node, "VGroup") for node in groups]
        yield failing.repair(edits, "a Group of vector graphics is a VGroup")


def find_on_surface(failing: Failing) -> Iterator[Repair]:
    """Manim has the function of a surface as ``_func``."""
    found = _NO_ATTRIBUTE.search(failing.failure.message)
    if found is None or not _OF_SURFACES.fullmatch(found["name"]):
        return
    if not failing.api.is_a(failing.find_base(found["owner"]), "Surface"):
        return
    names = {found["name"], f"get_{found['name']}"}
    attributes = [n for n in ast.walk(failing.tree) if isinstance(n, ast.Attribute)]
    nodes = [n for n in attributes if n.attr in names]
    if nodes:
        edits: list[Edit] = [(n, f"{failing.read(n.value)}._func") for n in _outermost(nodes)]
        edits += [(a, f"*{failing.read(a)}") for a in _find_only_arguments(failing, nodes)]
        yield failing.repair(edits, f".{nodes[0].attr} is the function of the surface")


def _find_only_arguments(failing: Failing, nodes: list[ast.Attribute]) -> list[ast.expr]:
    """Return the argument of every call that has but one: a pair of parameters."""
    calls = [failing.parents.get(node) for node in nodes]
    return [c.args[0] for c in calls if isinstance(c, ast.Call) and len(c.args) == 1]


def rename_attribute(failing: Failing) -> Iterator[Repair]:
    """An attribute that the class of the value has not, but nearly."""
    found = _NO_ATTRIBUTE.search(failing.failure.message)
    if found is None:
        return
    name = found["name"]
    nodes = _find_attributes(failing, name)
    owner = failing.find_base(found["owner"])
    is_called = any(isinstance(failing.parents.get(n), ast.Call) for n in nodes)
    for new in _list_near(failing, owner, name):
        if is_called and failing.api.find_method(owner, new) is None:
            continue
        edits: list[Edit] = [(n, f"{failing.read(n.value)}.{new}") for n in _outermost(nodes)]
        repair = failing.repair(edits, f".{name} is now .{new}")
        yield Repair(repair.source, repair.message, "misspelt")


def _list_near(failing: Failing, owner: str, name: str) -> list[str]:
    """Return attributes that are nearly called so, or that go on or end as it does."""
    api = failing.api
    meant = api.suggest_attribute(owner, name)
    is_long = len(name) >= _LONG
    longer = [a for a in api.list_attributes(owner) if is_long and a.startswith(f"{name}_")]
    is_getter = name.startswith("get_") and api.has_attribute(owner, name[4:])
    getters = [f"get_{name}()"] if api.has_attribute(owner, f"get_{name}") else []
    shorter = [a for a in api.list_attributes(owner) if name.startswith(f"{a}_")]
    shorter = [a for a in shorter if a not in _TOO_SHORT]
    near = [*([meant.name] if meant and meant.is_sure else []), *sorted(longer, key=len)[:1]]
    near += [*sorted(shorter, key=len)[-1:], *getters]
    return list(dict.fromkeys([*near, *([name[4:]] if is_getter else [])]))


def _find_attributes(failing: Failing, name: str) -> list[ast.Attribute]:
    area = failing.statement or failing.tree
    return [n for n in ast.walk(area) if isinstance(n, ast.Attribute) and n.attr == name]


def _outermost(nodes: list[ast.Attribute]) -> list[ast.Attribute]:
    return [n for n in nodes if not any(n is not m and n in set(ast.walk(m)) for m in nodes)]


def drop_from_chain(failing: Failing) -> Iterator[Repair]:
    """``a.missing(…).shift(UP)`` becomes ``a.shift(UP)``."""
    found = _NO_ATTRIBUTE.search(failing.failure.message)
    if found is None:
        return
    name = found["name"]
    for node in _find_attributes(failing, name):
        parent = failing.parents.get(node)
        is_call = isinstance(parent, ast.Call) and parent.func is node
        is_alone = isinstance(failing.parents.get(parent or node), ast.Expr)
        if is_call and not is_alone and parent is not None:
            owner = failing.read(node.value)
            owner = owner.removesuffix(".animate") if not _is_chained(failing, parent) else owner
            repair = failing.repair([(parent, owner)], f".{name}() was left out: there is none")
            yield Repair(repair.source, repair.message, "omitted")


def _is_chained(failing: Failing, call: ast.AST) -> bool:
    return isinstance(failing.parents.get(call), ast.Attribute)


def use_module(failing: Failing) -> Iterator[Repair]:
    """``np.math.sqrt`` and other members that numpy has no longer."""
    found = _NO_MEMBER.search(failing.failure.message)
    if found is None:
        return
    name = found["name"]
    nodes = [
        n
        for n in ast.walk(failing.tree)
        if isinstance(n, ast.Attribute) and n.attr == name and isinstance(n.value, ast.Name)
    ]
    if nodes and found["owner"].startswith("manim"):
        meant = translate_name(name, failing.api) or "smooth"
        yield failing.repair([(n, meant) for n in nodes], f"{name} is now {meant}")
        return
    if not nodes or name not in MEMBERS:
        return
    new = MEMBERS[name]
    is_member = new in {"prod", "trapezoid"}
    edits: list[Edit] = [(n, f"{failing.read(n.value)}.{new}" if is_member else new) for n in nodes]
    repaired = failing.repair(edits, f"{found['owner']}.{name} is now {new}")
    if new == "math" and "import math" not in repaired.source:
        yield Repair(f"import math\n{repaired.source}", repaired.message)
        return
    yield repaired


def rename_name(failing: Failing) -> Iterator[Repair]:
    """A name that is not defined: the scene's own that is nearest, or manim's."""
    found = _NO_NAME.search(failing.failure.message)
    if found is None or found["name"].startswith("OpenGL"):  # of another renderer
        return
    name = found["name"]
    uses: list[ast.AST] = [
        n for n in ast.walk(failing.tree) if isinstance(n, ast.Name) and n.id == name
    ]
    mentioned = {n.id for n in ast.walk(failing.tree) if isinstance(n, ast.Name)} - {name}
    own = {other for other in mentioned if is_of_kind(name, other)}
    colors = {c for c in failing.api.names if _COLOR_WORDS.match(c)}
    near = suggest_keyword(name, own), failing.api.suggest_name(name)
    candidates = [
        AXES.get(name, ""),
        _find_near_color(name, colors),
        *(s.name for s in near if s and s.is_sure and is_of_kind(name, s.name)),
        *_find_method(failing, name),
    ]
    for new in dict.fromkeys(c for c in candidates if c):
        edits = [_rename_use(failing, n, new) for n in uses]
        yield failing.repair(edits, f"{name} is now {new}")


def _rename_use(failing: Failing, node: ast.AST, new: str) -> Edit:
    """Return the edit of one use; of ``draw(self, x)`` the first argument goes, too."""
    call = failing.parents.get(node)
    if not isinstance(call, ast.Call) or call.func is not node or not new.startswith("self."):
        return node, new
    if not call.args or failing.read(call.args[0]) != "self":
        return node, new
    inner = call_without(failing, call, call.args[:1])
    return call, f"{new}{inner[inner.index('(') :]}"


def _find_method(failing: Failing, name: str) -> Iterator[str]:
    """A method of the scene that is called without ``self.``."""
    classes = (node for node in ast.walk(failing.tree) if isinstance(node, ast.ClassDef))
    methods = (part for node in classes for part in node.body if isinstance(part, ast.FunctionDef))
    if any(method.name == name for method in methods):
        yield f"self.{name}"


def _find_near_color(name: str, colors: set[str]) -> str:
    """``LIGHT_GREEN`` and ``CORAL_RED`` are shades of the colour in their last or first word."""
    if not _COLOR_WORDS.match(name):
        return ""
    words = name.split("_")
    for word in [*reversed(words), *words]:
        if word in colors and len(word) > 2:  # noqa: PLR2004 - UP and UL are no colours
            return word
    return ""
