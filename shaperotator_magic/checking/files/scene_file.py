"""A scene file that the user chose: which scene in it is meant; nothing else is checked.

``checking/gate/safety.py`` filters what a model wrote before it reaches the kernel. A file is not
injected anywhere; it runs in a confined scene's process only, and there everything may be
written that runs there: helper functions called while the module is read, any import, any name.
What the process must not do, the operating system denies.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

import ast
import warnings
from pathlib import Path

from shaperotator_magic.core.errors import NoSceneError, SceneCodeError
from shaperotator_magic.core.records import CheckedScene, Origin, SceneCode
from shaperotator_magic.core.scene_classes import Classes, find_bases, find_classes, is_scene

_LARGEST_FILE_BYTES = 2_000_000


def read_scene_file(file: Path, scene_name: str | None = None) -> CheckedScene:
    """Return the scene of a file: the one named, else the last that is no base of another.

    Raises
    ------
    SceneCodeError
        The file cannot be read, or is not Python.
    NoSceneError
        It has no scene, or none of that name.
    """
    source = _read_source(file)
    tree = _parse(source, file)
    name = _choose(find_classes(tree), scene_name, file)
    origin = Origin(writer="user")
    return CheckedScene(code=SceneCode(source=source, scene_name=name, origin=origin))


def _read_source(file: Path) -> str:
    try:
        if file.stat().st_size > _LARGEST_FILE_BYTES:
            raise SceneCodeError(f"{file} is larger than 2 MB; a scene file is not.")
        return file.read_text(encoding="utf-8-sig")
    except OSError as exc:
        raise SceneCodeError(f"{file} cannot be read: {exc.strerror}.") from exc
    except UnicodeDecodeError as exc:
        raise SceneCodeError(f"{file} is not UTF-8 text.", hint="Save it as UTF-8.") from exc


def _parse(source: str, file: Path) -> ast.Module:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(source)
    except SyntaxError as exc:
        message = f"{file}, line {exc.lineno}: this is not Python: {exc.msg}."
        raise SceneCodeError(message, source=source, line=exc.lineno) from exc
    except (ValueError, RecursionError, MemoryError) as exc:
        message = f"{file} cannot be read as Python: {exc}."
        raise SceneCodeError(message, source=source) from exc


def _choose(classes: Classes, wanted: str | None, file: Path) -> str:
    scenes = [name for name in classes if is_scene(name, classes)]
    hint = f"Its scenes: {', '.join(scenes)}." if scenes else "A scene is a class with construct()."
    if wanted is not None:
        if wanted not in classes:
            raise NoSceneError(f"{file} has no scene class {wanted}.", hint=hint)
        return wanted
    used = {base for node in classes.values() for base in find_bases(node)}
    final = [name for name in scenes if name not in used]
    if not final:
        raise NoSceneError(f"{file} has no scene class.", hint=hint)
    return final[-1]
