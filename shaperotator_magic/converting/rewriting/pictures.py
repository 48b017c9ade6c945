"""Files that a scene shows: those that lie beside it are used, others become placeholders.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import libcst as cst

from shaperotator_magic.converting.rewriting.context import Context

PICTURES = frozenset({"ImageMobject", "SVGMobject"})
_SUBFOLDERS = (
    "",
    "assets",
    "assets/codes",
    "images",
    "img",
    "svg",
    "svg_images",
    "raster_images",
    "media",
)
_WORDS = {"Code": "listing"}
_SUFFIXES = {"ImageMobject": (".png", ".jpg", ".jpeg", ".gif"), "SVGMobject": (".svg",), "Code": ()}


def rewrite_picture(context: Context, call: cst.Call, kind: str, line: int | None) -> cst.Call:
    """Return the call with the whole path of its file; where there is none it is reported."""
    given = [a for a in call.args if a.keyword is None or a.keyword.value == "file_name"]
    text = given[0].value if given else None
    if not isinstance(text, cst.SimpleString):
        context.missing[f"{kind}(…) in line {line}"] = None
        return call
    name = str(text.evaluated_value)
    found = find_picture(name, kind, context.folders)
    if found is None:
        context.missing[f"{_WORDS.get(kind, 'picture')} {name}"] = None
        return call
    context.note("picture", line, f"{name} is {found}")
    first = given[0].with_changes(value=cst.SimpleString(repr(str(found))))
    args = [first if a is given[0] else a for a in call.args]
    is_drawing = kind == "SVGMobject"  # manim's own reads a file that is there
    return call.with_changes(func=cst.Name(kind) if is_drawing else call.func, args=args)


def replace_missing(context: Context, call: cst.Call, kind: str, line: int | None) -> cst.Call:
    """A picture of a scene for manim stays where it is; one that is nowhere is a placeholder."""
    given = [a.value for a in call.args if a.keyword is None or a.keyword.value == "file_name"]
    name = given[0].evaluated_value if given and isinstance(given[0], cst.SimpleString) else None
    if not context.folders or not isinstance(name, str) or Path(name).is_file():
        return call
    if find_picture(name, kind, context.folders) is not None:
        return call
    context.missing[f"picture {name}"] = None
    context.note("picture", line, f"{name} is not there: {kind} is the helper GL{kind}")
    return call.with_changes(func=cst.Name(f"GL{kind}"))


def find_picture(name: str, kind: str, folders: Collection[Path]) -> Path | None:
    """Return the file of a picture that lies in one of the folders, or below."""
    for folder in folders:
        root = folder.resolve()
        for part in _SUBFOLDERS:
            for suffix in ("", *_SUFFIXES[kind]):
                candidate = (root / part / f"{name}{suffix}").resolve()
                if candidate.is_relative_to(root) and candidate.is_file():
                    return candidate
    return None
