"""Finds the module that defines a name which a source uses and imports from nowhere. Pure.

Old sources relied on star imports of one large module; what it brought lies in some file of the
repository today. Nothing is executed: the files are searched for top-level definitions.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

_DEFINITION = re.compile(r"^(?:class|def) +(\w+)|^([A-Z]\w+) *=(?!=)", re.MULTILINE)
_LARGEST_MODULE_BYTES = 2_000_000
_MOST_FILES = 5_000
_SKIPPED = frozenset({"manimlib", "manimgl", "manim", "node_modules", "site-packages"})


def find_definitions(names: Collection[str], folders: Collection[Path]) -> dict[str, Path]:
    """Return for each name the one file nearest to the first folder that defines it.

    A name that several files at the same distance define is left out: which is meant is not known.
    """
    found: dict[str, list[Path]] = {}
    for path in _list_files(folders):
        for name in _list_defined(path) & set(names):
            found.setdefault(name, []).append(path)
    near = next(iter(folders), Path()).resolve()
    chosen = {name: _choose_nearest(paths, near) for name, paths in found.items()}
    return {name: path for name, path in chosen.items() if path is not None}


def _choose_nearest(paths: Iterable[Path], near: Path) -> Path | None:
    ranked = sorted((_measure_distance(path, near), path) for path in set(paths))
    is_clear = len(ranked) == 1 or ranked[0][0] < ranked[1][0]
    return ranked[0][1] if is_clear else None


def _measure_distance(path: Path, near: Path) -> int:
    """Return how many folders lie between a file and a folder."""
    parts, others = path.parent.parts, near.parts
    common = next(
        (n for n, (a, b) in enumerate(zip(parts, others, strict=False)) if a != b),
        min(len(parts), len(others)),
    )
    return len(parts) + len(others) - 2 * common


def _list_files(folders: Collection[Path]) -> Iterator[Path]:
    count = 0
    for folder in dict.fromkeys(folder.resolve() for folder in folders):
        for path in sorted(folder.rglob("*.py")):
            parts = path.relative_to(folder).parts
            if any(part in _SKIPPED or part.startswith(".") for part in parts):
                continue
            count += 1
            if count > _MOST_FILES:
                return
            yield path


def _list_defined(path: Path) -> set[str]:
    try:
        if path.is_symlink() or path.stat().st_size > _LARGEST_MODULE_BYTES:
            return set()
        text = path.read_text(encoding="utf-8-sig", errors="replace")
    except OSError:
        return set()
    return {match[1] or match[2] for match in _DEFINITION.finditer(text)}
