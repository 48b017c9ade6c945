"""The house stays readable: imports point down, heavy packages stay in their rooms."""

from __future__ import annotations

import ast
import functools
import graphlib
import inspect
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import shaperotator_magic

PACKAGE = Path(shaperotator_magic.__file__).parent
NAME = "shaperotator_magic"

# A room may import rooms of lower levels, and itself; within a room any order without a circle
# will do, but in rendering, where the levels say what runs where.
LEVELS = {
    "": {
        "core": 0,
        "writing": 1, "checking": 1, "rendering": 1, "keeping": 1,
        "converting": 2,
        "pipeline": 3,
        "service": 4, "testing": 4, "learning": 4,
        "notebook": 5,  # uses the service's client
        "cli": 6, "__main__": 7, "__init__": 7,
    },
    "rendering": {
        "__init__": 0, "exchange": 0, "stand_ins": 0, "renderer": 0,
        "caching": 1, "isolation": 1, "mathtext": 1, "drawing": 1,
        "scene": 2, "video": 2,
        "checkpoints": 3, "defining": 3,
        "worker": 4, "process": 4,
        "kernel": 5,
    },
}  # fmt: skip

# Which rooms may import a heavy package, and only within a function or in a process of their own.
HEAVY_ROOMS = {
    "manim": (
        "checking.names",
        "checking.repairs.translation.stand_ins.",
        "rendering.",
        "writing.scenes.",
        "writing.kit.blocks.",
        "notebook.session.injection",
    ),
    "openai": ("writing.",),
    "fastapi": ("service.",),
    "dask": ("service.tasks.cluster",),
    "distributed": ("service.tasks.cluster",),
    "sqlalchemy": ("keeping.",),
    "anywidget": ("notebook.",),
    "torch": ("learning.training.",),
    "transformers": ("learning.training.",),
    "tokenizers": ("learning.training.",),
    "datasets": ("learning.training.",),
    "trl": ("learning.training.",),
    "peft": ("learning.training.",),
}

# Function-level imports of our own modules, each with its reason in the code.
LATE_IMPORTS = {
    "__init__.load_ipython_extension",
    "__init__.unload_ipython_extension",
    "notebook.magic.session",
    "notebook.sharing.video_posters.build_poster",  # %load_ext registers it, and imports no numpy
    # They subclass manim's classes, and manim is imported in import_manim alone.
    "writing.library.library._compose",  # a sentence that names a scene needs none of it
    "notebook.commands.missing_latex.note_missing_latex",  # %load_ext imports no pydantic
    "rendering.process.__main__.main",  # what it imports is imported with the collector off
    "rendering.process.scene_run.import_manim",
    "rendering.process.scene_run._find_encoder_options",
    "rendering.process.scene_run._write_segments",
    "rendering.process.scene_run.configure_manim",
    "rendering.worker.environment._probe_cairo",  # it loads cairo, which only doctor asks for
    "service.serving.running_app",  # the application needs packages of an extra
    "service.serving._build_server",  # and so does the server
}

MODULES = {
    ".".join(path.relative_to(PACKAGE).with_suffix("").parts).removesuffix(".__init__"): path
    for path in sorted(PACKAGE.rglob("*.py"))
}


@functools.cache
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


def find_room(module: str) -> str:
    """Name the folder whose entry a module is; ``""`` is the package itself."""
    is_folder = MODULES[module].name == "__init__.py" and module != "__init__"
    return module if is_folder else module.rpartition(".")[0]


def find_arrow(source: str, target: str) -> tuple[str, str, str] | None:
    """Find the innermost folder that holds both ends of an import, and its two entries."""
    ends = [[*m.split("."), *(["__init__"] if find_room(m) == m else [])] for m in (source, target)]
    depth = 0
    while depth < min(map(len, ends)) and ends[0][depth] == ends[1][depth]:
        depth += 1
    if depth == min(map(len, ends)):
        return None
    return ".".join(ends[0][:depth]), ends[0][depth], ends[1][depth]


@functools.cache
def list_arrows() -> dict[str, dict[tuple[str, str], str]]:
    """Collect what imports what in every folder: {folder: {(entry, entry): example}}."""
    arrows: dict[str, dict[tuple[str, str], str]] = {}
    for module in MODULES:
        for imported in find_own_imports(parse(module)):
            arrow = find_arrow(module, imported)
            if arrow is not None:
                pair = arrow[1:]
                arrows.setdefault(arrow[0], {}).setdefault(pair, f"{module} -> {imported}")
    return arrows


def find_own_imports(tree: ast.AST) -> Iterator[str]:
    """Yield modules of ours that a module imports, those for type checking alone included."""
    for node in ast.walk(tree):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        for name in names:
            own = name.removeprefix(f"{NAME}.")
            if own != name:
                yield own if own in MODULES else own.rpartition(".")[0] or "__init__"


@pytest.mark.parametrize("folder", LEVELS)
def test_imports_point_down(folder: str) -> None:
    levels = LEVELS[folder]
    up = [
        example
        for (source, target), example in list_arrows()[folder].items()
        if levels[target] >= levels[source]
    ]
    assert not up


def test_no_folder_has_a_circle_of_imports() -> None:
    circles = {}
    for folder, arrows in list_arrows().items():
        graph: dict[str, set[str]] = {}
        for source, target in arrows:
            graph.setdefault(source, set()).add(target)
        try:
            tuple(graphlib.TopologicalSorter(graph).static_order())
        except graphlib.CycleError as exc:
            circle = exc.args[1]
            pairs = zip(circle[1:], circle, strict=False)
            circles[folder] = [arrows[pair] for pair in pairs]
    assert not circles


@pytest.mark.parametrize("room", [m for m in MODULES if MODULES[m].name == "__init__.py"][1:])
def test_room_says_where_it_runs_and_what_it_may_import(room: str) -> None:
    said = ast.get_docstring(parse(room)) or ""
    assert re.search(r"\b[Rr]uns?\b", said)
    assert re.search(r"\b[Ii]mports?\b", said)


# Their docstrings are the help of a command, or the code is read as text and inlined into scenes.
WITHOUT_PROCESS = ("writing.scenes.", "writing.kit.blocks.", "converting.helpers.",
                   "checking.repairs.translation.stand_ins.")  # fmt: skip


def test_every_module_says_where_it_runs() -> None:
    silent = []
    for module, path in MODULES.items():
        if path.name == "__init__.py" or "." not in module or module.startswith(WITHOUT_PROCESS):
            continue
        if room_of(module) == "cli" and "def add_arguments" in path.read_text("utf-8"):
            continue
        said = " ".join((ast.get_docstring(parse(module)) or "").split())
        if not re.search(r"\bRuns (in|wherever|twice)\b|runs in a scene's process", said):
            silent.append(module)
    assert not silent


# CONTRIBUTING.md, 'Words', has the terms that stand in their place.
OWN_LANGUAGE = re.compile(
    r"(?i)\b(put aside|taken up|passed over|late frames?|warm (render )?process|"
    r"made anew|pieces of video|written down|begun again|(is|are) told of)\b"
)


def test_docstrings_use_the_terms_of_the_glossary() -> None:
    found = []
    for module in MODULES:
        for node in ast.walk(parse(module)):
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
                words = " ".join((ast.get_docstring(node) or "").split())
                found += [f"{module}: {match[0]}" for match in OWN_LANGUAGE.finditer(words)]
    assert not found


# Tables, one file an entry, are read by name and not from top to bottom.
FULL_FOLDERS = {"writing.scenes", "rendering.mathtext"}


def test_no_folder_has_more_than_15_entries() -> None:
    counts: dict[str, set[str]] = {}
    for path in PACKAGE.rglob("*"):
        parts = path.relative_to(PACKAGE).parts
        is_source = path.suffix in {".py", ".c", ".h", ".toml", ".js", ".html", ".css", ".typed"}
        if is_source and "labextension" not in parts:
            for depth, part in enumerate(parts):
                counts.setdefault(".".join(parts[:depth]), set()).add(part)
    full = {folder: len(names) for folder, names in counts.items() if len(names) > 15}
    assert set(full) <= FULL_FOLDERS, full


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


@pytest.mark.parametrize("folder", LEVELS)
def test_levels_name_every_entry(folder: str) -> None:
    prefix = f"{folder}." if folder else ""
    entries = {m.removeprefix(prefix).split(".")[0] for m in MODULES if m.startswith(prefix)}
    assert entries <= set(LEVELS[folder])


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
