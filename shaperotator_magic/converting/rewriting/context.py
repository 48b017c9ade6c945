"""What the rules know of the source that they rewrite, and what they note. Pure.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from shaperotator_magic.checking.api import Api
from shaperotator_magic.converting.helper_table import Helper, load_helpers
from shaperotator_magic.converting.reading.bindings import (
    list_loaded,
    list_nodes,
    list_own_methods,
    list_own_names,
)
from shaperotator_magic.converting.rewriting.changes import Change
from shaperotator_magic.converting.rewriting.shaders import has_shader
from shaperotator_magic.converting.rules import methods, names
from shaperotator_magic.core.scene_classes import find_bases

PICTURES_OF_PIXELS = frozenset({"ImageMobject", "ImageMobjectFromCamera", "PMobject"})
_ANIMATIONS = ("Fade", "Write", "Create", "Transform", "Show", "Apply", "Grow", "Move", "Animation")
_GONE_KEYWORDS = frozenset({"n_rows", "n_cols", "radians", "gloss", "shadow"})


def _list_foreign(tree: ast.Module) -> frozenset[str]:
    """Return the names that a source imports from elsewhere than manim, or gives itself."""
    return frozenset(
        alias.asname or alias.name
        for node in list_nodes(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
        if alias.asname or (node.module or "").split(".")[0] != "manim"
    )


@dataclass
class Context:
    """The source's own names, its classes, the installed manim, and the changes so far.

    ``spaces_grids`` says that parts of a grid were put apart by their sizes, as manimgl does;
    ``renews`` that a shape of the source has an ``update()`` of its own, which nobody else called:
    manim calls it with each frame; ``shades`` that a shape of the source has a shader of its own.
    """

    tree: ast.Module
    api: Api
    aliases: Collection[str] = ()
    followed: Collection[str] = ()
    folders: Collection[Path] = ()
    changes: dict[Change, None] = field(default_factory=dict)
    lost: dict[Change, None] = field(default_factory=dict)
    missing: dict[str, None] = field(default_factory=dict)
    is_ce: bool = False
    spaces_grids: bool = False
    is_in_scene: bool = False
    scene_methods: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        self.own = list_own_names(self.tree)
        if self.is_ce:  # there every import stays
            self.own |= _list_foreign(self.tree)
        self.own_methods = list_own_methods(self.tree)
        self.classes = {n.name: n for n in self.tree.body if isinstance(n, ast.ClassDef)}
        self.attributes = {n.attr for n in list_nodes(self.tree) if isinstance(n, ast.Attribute)}
        loaded = list_loaded(self.tree)
        self.makes_groups = bool(loaded & {"Group", "Mobject", "PMobject"})
        self.shows_pictures = any(
            name in PICTURES_OF_PIXELS or PICTURES_OF_PIXELS & self.list_roots(name)
            for name in loaded
        )
        self.renews = not self.is_ce and any(
            isinstance(part, ast.FunctionDef)
            and part.name == "update"
            and ast.unparse(part.args) == "self"
            for name, node in self.classes.items()
            for part in node.body
            if not self.is_scene(name)
        )
        self.shades = not self.is_ce and any(map(has_shader, self.classes.values()))
        self._helpers = load_helpers()

    @property
    def helpers(self) -> Mapping[str, Helper]:
        """The helpers by name."""
        return self._helpers

    def choose_variant(self, name: str) -> str:
        """Return the helper that stands for a name of manim's in manimgl, if there is one."""
        if self.is_ce and name in self.api.names:
            return name
        if name == "Group":
            return "GLGroup" if self.shows_pictures else "GLVGroup"
        if name in names.ONLY_WITH_GROUPS and not self.makes_groups:
            return name
        variant = names.VARIANTS.get(name, name)
        return variant if variant in self._helpers else name

    def choose_group(self, name: str) -> str:
        """Return the group that stands for a class that is given parts; empty where none does.

        That of curves takes anything, and may be part of any shape; it cannot show pictures.
        """
        group = names.GROUPS.get(name, "")
        return "GLVGroup" if group and not self.shows_pictures else group

    def has_word(self, word: str) -> bool:
        """Whether the source names a parameter, an attribute or an entry of a dict so."""
        return word in self.attributes or any(
            (isinstance(n, ast.arg) and n.arg == word)
            or (isinstance(n, ast.Constant) and n.value == word)
            for n in list_nodes(self.tree)
        )

    def takes_keyword(self, name: str, keyword: str) -> bool:
        """Whether the installed manim takes a keyword: then nothing of it is gone."""
        if not keyword:
            return True
        if self.api.is_class(name):
            known = self.api.list_keywords(name)
            return known is None or keyword in known
        return keyword not in _GONE_KEYWORDS

    def has_method(self, name: str) -> bool:
        """Whether any class of the installed manim has a method or attribute of this name."""
        is_made = name[:4] in {"get_", "set_"} and name not in methods.GONE_METHODS
        return name in self.api.list_all_attributes() or is_made

    def note(self, rule: str, line: int | None, message: str) -> None:
        """Remember what a rule did, once for each line."""
        self.changes[Change(rule, message, line)] = None

    def lose(self, rule: str, line: int | None, message: str) -> None:
        """Remember what could not be converted."""
        self.lost[Change(rule, message, line)] = None

    def need(self, name: str) -> str:
        """Return the name of a helper: what is named in the end is inlined."""
        return name

    def list_roots(self, name: str) -> set[str]:
        """Return the classes that are not the source's own and from which a class derives."""
        found: set[str] = set()
        todo, seen = [name], set()
        while todo:
            current = todo.pop()
            if current in seen:
                continue
            seen.add(current)
            if current in self.classes:
                todo += find_bases(self.classes[current])
            else:
                found.add(current)
        return found

    def is_animation(self, name: str) -> bool:
        """Whether a class is an animation: of the helpers, of manim, or by its name."""
        helper = self._helpers.get(name)
        if helper is not None and helper.is_animation:
            return True
        kinds = {self.api.kind_of(root) for root in self.list_roots(name)}
        return "Animation" in kinds or name.removeprefix("GL").startswith(_ANIMATIONS)

    def is_scene(self, name: str) -> bool:
        """Whether a class of the source is a scene, by the names of what it derives from."""
        return any(
            root.endswith(("Scene", "EndScreen", "VideoWrapper", "Thanks", "Quote", "Stub"))
            or self.api.is_a(root, "Scene")
            for root in self.list_roots(name)
        )
