"""Rewrites classes: bases of scenes, CONFIG dicts, calls of a base's __init__. Pure.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

import ast

import libcst as cst

from shaperotator_magic.checking.dialect.syntax import (
    build_assignment,
    read_config,
    rejoin,
    spell,
)
from shaperotator_magic.converting.reading.bindings import list_entries
from shaperotator_magic.converting.rewriting.context import Context
from shaperotator_magic.converting.rewriting.pictures import PICTURES
from shaperotator_magic.converting.rewriting.shaders import has_shader, replace_shaded
from shaperotator_magic.converting.rules import names

_TURNING = frozenset(
    "reorient set_euler_angles set_theta set_phi set_gamma increment_theta increment_phi "
    "increment_gamma add_ambient_rotation set_field_of_view set_focal_distance get_theta get_phi "
    "get_euler_angles to_default_state get_implied_camera_location get_orientation "
    "get_inverse_camera_rotation_matrix make_orientation_default get_shape get_gamma "
    "get_field_of_view get_view_matrix".split()
)
_SPACE = frozenset(
    "Sphere Torus Surface ParametricSurface ThreeDAxes SurfaceMesh TexturedSurface Cube VCube "
    "Prism VPrism Cylinder Cone Line3D Disk3D Square3D Dodecahedron VGroup3D Arrow3D Dot3D".split()
)
# Entries of CONFIG that are computed properties of manim's mobjects.
_COMPUTED = frozenset({"width", "height", "depth"})
# Entries that are, too; a class that sets none in CONFIG chooses one before its base is made.
_COLORS = frozenset({"fill_color", "stroke_color"})
# What manimgl's scenes have, and only the helper GLScene brings.
_OF_GL_SCENES = frozenset(
    "get_mobjects get_time get_points get_mobjects_from_last_animation add_mobjects_among "
    "set_variables_as_attrs add_sound force_skipping get_image replace remove_all_except "
    "reset_background paint_into_background freeze_background set_background_color "
    "get_frame_center frame_duration num_plays shake_screen tear_down remove".split()
)
_SPACIOUS = frozenset({"ThreeDScene", "SpecialThreeDScene"})
_FRAMED = frozenset({"Scene", "InteractiveScene"})


class ClassRules:
    """The classes on the way down to the node that is rewritten."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._stack: list[str] = []
        context.is_in_scene = False
        context.scene_methods = frozenset(
            child.name
            for name, node in context.classes.items()
            if context.is_scene(name)
            for child in node.body
            if isinstance(child, ast.FunctionDef)
        )
        self._stored = {name: _list_stored(node) for name, node in context.classes.items()}

    @property
    def is_in_scene(self) -> bool:
        """Whether the current class is a scene."""
        return bool(self._stack) and self._context.is_scene(self._stack[-1])

    @property
    def is_in_animation(self) -> bool:
        """Whether the current class is an animation."""
        return bool(self._stack) and self._context.is_animation(self._stack[0])

    def stores_attribute(self, name: str) -> bool:
        """Whether the current class assigns ``self.name`` itself, or its source defines it."""
        return name in self._stored.get(self._stack[0], set()) or name in self._context.own_methods

    def list_examples(self, count: int) -> list[str]:
        """Return the first arguments of ``args_list``: manimlib ran a scene with each."""
        if len(self._stack) != 1:
            return []
        own = self._stack[0]
        for name in (own, *_list_ancestors(self._context, own)):
            value = _find_value(self._context.classes.get(name), "args_list")
            if isinstance(value, ast.List) and value.elts:
                first = value.elts[0]
                parts = first.elts if isinstance(first, ast.Tuple) else [first]
                return [ast.unparse(part) for part in parts]
            if value is not None:
                owner = "" if name == own else f"{name}."
                return [f"{owner}args_list[0][{number}]" for number in range(count)]
        return []

    def is_given(self, name: str) -> bool:
        """Whether CONFIG of the current class, or of a base, has a size that manim computes."""
        if name not in _COMPUTED | _COLORS or not self._stack or self.is_in_scene:
            return False
        family = [self._stack[0], *_list_ancestors(self._context, self._stack[0])]
        listed = list_entries if name in _COMPUTED else _list_unset
        nodes = self._context.classes
        return any(name in listed(nodes[c]) for c in family if c in nodes)

    def enter(self, node: cst.ClassDef) -> None:
        """Begin a class."""
        self._stack.append(node.name.value)
        self._context.is_in_scene = self.is_in_scene

    def leave(self, original: cst.ClassDef, updated: cst.ClassDef, line: int) -> cst.ClassDef:
        """End a class, and return what stands for it."""
        name = original.name.value
        is_scene = self.is_in_scene
        if len(self._stack) == 1:
            if is_scene:
                updated = self._choose_base(name, updated, line)
                updated = self._unfold_config(name, updated, line)
            else:
                self._note_drawing(name)
                updated = self._replace_shader(name, updated, line)
                updated = self._group_base(name, updated, line)
                updated = self._configure(name, updated, line)
        self._stack.pop()
        self._context.is_in_scene = self.is_in_scene
        return updated

    # --- scenes -----------------------------------------------------------------------

    def _note_drawing(self, name: str) -> None:
        """A class of its own for a drawing names a file that is not public."""
        if PICTURES & self._context.list_roots(name):
            self._context.missing[f"drawing of {name}"] = None

    def _choose_base(self, name: str, updated: cst.ClassDef, line: int) -> cst.ClassDef:
        """``InteractiveScene`` becomes the smallest scene of manim that has what is used."""
        bases: list[cst.Arg] = []
        for argument in updated.bases:
            base = spell(argument.value)
            new = self._choose(name, base) if base not in self._context.classes else base
            if new != base:
                self._context.note("scene", line, f"{name} is a {new} now, and was a {base}")
                argument = argument.with_changes(value=cst.Name(new))  # noqa: PLW2901 - in place
            if new not in {spell(kept.value) for kept in bases}:  # two may have become the same
                bases.append(argument)
        return updated.with_changes(bases=rejoin(bases) if bases != updated.bases else bases)

    def _choose(self, name: str, base: str) -> str:
        context = self._context
        if context.is_ce and base in context.api.names:
            return self._choose_ce(name, base)
        if base in _SPACIOUS | _FRAMED | {"MovingCameraScene"}:
            return self._choose_smallest(name, base)
        return names.SCENE_BASES.get(base, base)

    def _choose_smallest(self, name: str, base: str) -> str:
        """Return the smallest scene that has what a scene, its bases and its heirs use."""
        node = self._gather(name)
        attributes = {n.attr for n in ast.walk(node) if isinstance(n, ast.Attribute)}
        used = {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}
        asks_frame = bool(attributes & {"frame", "camera_frame", "reorient"})
        is_space = bool(used & _SPACE) or base in _SPACIOUS
        if asks_frame and (attributes & _TURNING or (is_space and base not in _SPACIOUS)):
            return "FrameScene"
        if is_space:
            return "GLThreeDScene" if not asks_frame else "FrameScene"
        if asks_frame or base == "MovingCameraScene":
            return "GLMovingScene"
        return "GLScene" if _needs_tolerance(node) else "Scene"

    def _choose_ce(self, name: str, base: str) -> str:
        """Manim's scenes had ``self.camera_frame`` until 0.3; else a base stays as it is."""
        used = ast.unparse(self._gather(name))
        return "MovingCameraScene" if base == "Scene" and "self.camera_frame" in used else base

    def _gather(self, name: str) -> ast.Module:
        """Return a scene with its bases and the scenes that derive from it."""
        context = self._context
        related = {name}
        for other in context.classes:
            if name in _list_ancestors(context, other):
                related.add(other)
        return ast.Module([context.classes[n] for n in related if n in context.classes], [])

    def _unfold_config(self, name: str, updated: cst.ClassDef, line: int) -> cst.ClassDef:
        """``CONFIG = {"a": 1}`` becomes ``a = 1``: scenes read it as attributes."""
        if not isinstance(updated.body, cst.IndentedBlock):
            return updated
        body: list[cst.BaseStatement] = []
        for statement in updated.body.body:
            entries = read_config(statement)
            if entries is None:
                body.append(statement)
                continue
            self._context.note("config", line, "CONFIG is now attributes of the class")
            for entry, value in entries:
                body.append(build_assignment(entry, self._merge(name, entry, value)))
        return updated.with_changes(body=updated.body.with_changes(body=body))

    def _merge(self, name: str, entry: str, value: cst.BaseExpression) -> cst.BaseExpression:
        """A dict is merged with the base's of the same name, as manimlib did."""
        if not isinstance(value, cst.Dict):
            return value
        for ancestor in _list_ancestors(self._context, name):
            if entry in list_entries(self._context.classes[ancestor]):
                spread = cst.StarredDictElement(cst.parse_expression(f"{ancestor}.{entry}"))
                return value.with_changes(elements=[spread, *value.elements])
        return value

    # --- other classes ----------------------------------------------------------------

    def _replace_shader(self, name: str, updated: cst.ClassDef, line: int) -> cst.ClassDef:
        """A shape that is colored by a shader is plain, and named among the placeholders."""
        node = self._context.classes.get(name)
        if self._context.is_ce or node is None or not has_shader(node):
            return updated
        self._context.note("shader", line, f"{name} is plain: manim has no shaders")
        self._context.missing[f"shader of {name}"] = None
        return replace_shaded(updated)

    def _group_base(self, name: str, updated: cst.ClassDef, line: int) -> cst.ClassDef:
        """A class whose base is made of parts derives from the group of them."""
        node = self._context.classes.get(name)
        if node is None or not any(_makes_base_of_parts(n) for n in ast.walk(node)):
            return updated
        bases = []
        for argument in updated.bases:
            group = self._context.choose_group(spell(argument.value))
            if group:
                self._context.note("group", line, f"{name}, made of parts, is a {group} now")
            value = cst.Name(group) if group else argument.value
            bases.append(argument.with_changes(value=value))
        return updated.with_changes(bases=bases)

    def _configure(self, name: str, updated: cst.ClassDef, line: int) -> cst.ClassDef:
        """A class with CONFIG reads it through the helper Configured."""
        context = self._context
        node = context.classes.get(name)
        has_config = node is not None and any(
            isinstance(s, ast.Assign) and ast.unparse(s.targets[0]) == "CONFIG" for s in node.body
        )
        roots = context.list_roots(name) - {"object"}
        is_first = not any(_has_config(context.classes[a]) for a in _list_ancestors(context, name))
        if not has_config or not roots or not is_first:
            return updated
        context.note("config", line, f"{name} reads its CONFIG by the helper Configured")
        first = cst.Arg(cst.Name(context.need("Configured")))
        comma = cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))
        bases = [b for b in updated.bases if spell(b.value) != "object"]
        if bases:
            first = first.with_changes(comma=comma)
        return updated.with_changes(bases=[first, *bases])

    def find_explicit_base(self, call: cst.Call) -> str | None:
        """Return the base whose ``__init__`` is called by name: ``Circle.__init__(self, …)``."""
        function = call.func
        if not isinstance(function, cst.Attribute) or function.attr.value != "__init__":
            return None
        owner = spell(function.value)
        is_self = bool(call.args) and spell(call.args[0].value) == "self"
        if not self._stack or not is_self or not owner:
            return None
        node = self._context.classes.get(self._stack[0])
        bases = [ast.unparse(base) for base in node.bases] if node else []
        if self._context.is_ce and owner in self._context.api.names:
            return None  # the base keeps its name
        is_base = len(bases) == 1 and owner in {
            bases[0],
            names.VARIANTS.get(bases[0], ""),
            names.RENAMED.get(bases[0], ""),
        }
        return owner if is_base or self._is_no_base(owner) else None

    def _is_no_base(self, name: str) -> bool:
        """Whether a class derives from another one by now: its base is gone."""
        context = self._context
        if not name.isidentifier() or name in context.own:
            return False
        roots = context.list_roots(self._stack[0])
        if name in context.api.names:
            return not any(root == name or context.api.is_a(root, name) for root in roots)
        known = context.helpers.keys() | names.RENAMED.keys() | names.GROUPS.keys()
        return name not in known and name.removeprefix("GL") not in roots


def _needs_tolerance(node: ast.Module) -> bool:
    """Whether a scene plays or waits in ways that manim's own scene refuses."""
    calls = [n for n in ast.walk(node) if isinstance(n, ast.Call)]
    used = {n.attr for n in ast.walk(node) if isinstance(n, ast.Attribute)}
    hands_out = any(_hands_out_method(call) for call in calls)
    return hands_out or bool(used & _OF_GL_SCENES) or any(_is_tolerated(call) for call in calls)


def _makes_base_of_parts(node: ast.AST) -> bool:
    """``Mobject.__init__(self, left, right)``, or the same by super()."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return False
    owner = ast.unparse(node.func.value)
    own = 0 if owner.startswith("super(") else 1
    is_base = own == 0 or owner in names.GROUPS
    return node.func.attr == "__init__" and is_base and len(node.args) > own


def _hands_out_method(call: ast.Call) -> bool:
    """Whether a call is given ``self.name``: a mobject that keeps a method copies its scene."""
    given = [*call.args, *(k.value for k in call.keywords)]
    name = call.func.attr if isinstance(call.func, ast.Attribute) else ""
    return name == "add_updater" and any(
        isinstance(a, ast.Attribute) and ast.unparse(a.value) == "self" for a in given
    )


def _is_tolerated(call: ast.Call) -> bool:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else ""
    if name == "play":
        is_open = not call.args or any(isinstance(a, ast.Starred | ast.List) for a in call.args)
        return is_open or any(k.arg is None for k in call.keywords)
    given = [*call.args, *(k.value for k in call.keywords)]
    is_plain = all(isinstance(a, ast.Constant) and bool(a.value) for a in given)
    has_no_time = any(k.arg == "run_time" and _is_zero(k.value) for k in call.keywords)
    return (name in {"wait", "dither"} and not is_plain) or has_no_time


def _is_zero(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and value.value == 0


def _list_stored(node: ast.ClassDef) -> set[str]:
    stored = {
        n.attr
        for n in ast.walk(node)
        if isinstance(n, ast.Attribute) and isinstance(n.ctx, ast.Store)
    }
    return stored | list_entries(node)


def _list_unset(node: ast.ClassDef) -> set[str]:
    """Return the keys of CONFIG whose values are None."""
    config = _find_value(node, "CONFIG")
    pairs = zip(config.keys, config.values, strict=True) if isinstance(config, ast.Dict) else ()
    return {
        str(key.value)
        for key, value in pairs
        if isinstance(key, ast.Constant) and isinstance(value, ast.Constant) and value.value is None
    }


def _find_value(node: ast.ClassDef | None, name: str) -> ast.expr | None:
    """Return what a class body assigns to a name."""
    for statement in node.body if node else ():
        if isinstance(statement, ast.Assign) and ast.unparse(statement.targets[0]) == name:
            return statement.value
    return None


def _has_config(node: ast.ClassDef) -> bool:
    return "CONFIG" in list_entries(node)


def _list_ancestors(context: Context, name: str) -> list[str]:
    """Return the source's own classes from which a class derives, the nearest first."""
    found: list[str] = []
    todo = [name]
    while todo:
        node = context.classes.get(todo.pop(0))
        for base in node.bases if node else ():
            text = ast.unparse(base)
            if text in context.classes and text not in found:
                found.append(text)
                todo.append(text)
    return found
