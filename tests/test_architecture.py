"""The house stays readable: imports point down, heavy packages stay in their rooms."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from pathlib import Path

import pytest

import shaperotator_magic

PACKAGE = Path(shaperotator_magic.__file__).parent
NAME = "shaperotator_magic"

# A room may import rooms of lower levels, and itself.
LEVELS = {
    "records": 0, "errors": 0, "scene_classes": 0,
    "settings": 1,
    "options": 2,
    "writing": 2, "checking": 2, "rendering": 2, "keeping": 2,
    "drafts": 2.5, "attempts": 2.7,
    "pipeline": 3,
    "service": 4, "testing": 4, "evaluation": 4,
    "notebook": 5,  # uses the service's client
    "cli": 6, "__main__": 6, "__init__": 6,
}  # fmt: skip

# Which rooms may import a heavy package, and only within a function or in a process of their own.
HEAVY_ROOMS = {
    "manim": ("checking.names", "rendering.", "writing.scenes.", "notebook.injection"),
    "openai": ("writing.",),
    "fastapi": ("service.",),
    "dask": ("service.cluster",),
    "distributed": ("service.cluster",),
    "sqlalchemy": ("keeping.",),
    "anywidget": ("notebook.",),
}

# Function-level imports of our own modules, each with its reason in the code.
LATE_IMPORTS = {
    "__init__.load_ipython_extension",
    "__init__.unload_ipython_extension",
    "notebook.magic.session",
    "notebook.video_posters.build_poster",  # %load_ext registers it, and imports no numpy
    # They subclass manim's classes, and manim is imported in import_manim alone.
    "rendering.scene_run.import_manim",
    "rendering.scene_run.enter_folder",
    "rendering.scene_run._draw",
    "service.serving.running_app",  # the application needs packages of an extra
}

MODULES = {
    ".".join(path.relative_to(PACKAGE).with_suffix("").parts).removesuffix(".__init__"): path
    for path in sorted(PACKAGE.rglob("*.py"))
}


def parse(module: str) -> ast.Module:
    return ast.parse(MODULES[module].read_text(encoding="utf-8"))


def is_type_checking(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)


def find_imports(node: ast.AST, function: str = "") -> Iterator[tuple[str, str]]:
    """Yield (imported module, enclosing function); imports for type checking do not count."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import):
            yield from ((alias.name, function) for alias in child.names)
        elif isinstance(child, ast.ImportFrom):
            yield child.module or "", function
        elif isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
            yield from find_imports(child, child.name)
        elif not is_type_checking(child):
            yield from find_imports(child, function)


def room_of(module: str) -> str:
    return module.split(".", maxsplit=1)[0]


@pytest.mark.parametrize("module", MODULES)
def test_imports_of_our_own_point_down(module: str) -> None:
    for imported, _ in find_imports(parse(module)):
        if not imported.startswith(f"{NAME}."):
            continue
        target = room_of(imported.removeprefix(f"{NAME}."))
        is_same_room = target == room_of(module)
        assert is_same_room or LEVELS[target] < LEVELS[room_of(module)], f"{module} -> {imported}"


@pytest.mark.parametrize("module", MODULES)
def test_imports_of_our_own_within_functions_are_the_known_ones(module: str) -> None:
    late = {
        f"{module}.{function}"
        for imported, function in find_imports(parse(module))
        if function and imported.startswith(NAME)
    }
    assert late <= LATE_IMPORTS or room_of(module) == "cli", late


@pytest.mark.parametrize("module", MODULES)
def test_heavy_packages_stay_in_their_rooms(module: str) -> None:
    for imported, _ in find_imports(parse(module)):
        rooms = HEAVY_ROOMS.get(imported.split(".")[0])
        assert rooms is None or module.startswith(rooms), f"{module} imports {imported}"


def test_levels_name_every_room() -> None:
    assert {room_of(module) for module in MODULES} <= set(LEVELS)


@pytest.mark.parametrize("module", [m for m in MODULES if not m.startswith("writing.scenes.")])
def test_module_has_at_most_300_lines_of_code(module: str) -> None:
    tree = parse(module)
    lines = {
        line
        for node in ast.walk(tree)
        if isinstance(node, ast.stmt) and not is_docstring(node)
        for line in range(node.lineno, (node.end_lineno or node.lineno) + 1)
    }
    text = MODULES[module].read_text(encoding="utf-8").splitlines()
    code = [n for n in lines if text[n - 1].strip() and not text[n - 1].strip().startswith("#")]
    docstrings = sum(
        (node.end_lineno or 0) - node.lineno + 1 for node in ast.walk(tree) if is_docstring(node)
    )
    assert len(code) - docstrings <= 300


def is_docstring(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )


@pytest.mark.parametrize("name", shaperotator_magic.__all__)
def test_public_name_has_a_docstring(name: str) -> None:
    value = getattr(shaperotator_magic, name)
    assert isinstance(value, str) or inspect.getdoc(value)
