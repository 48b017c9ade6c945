"""The folder of a data set: its files and its manifest; whether it is whole.

Every file is written whole or not at all; the manifest says first that the folder is unfinished,
and last what its files hold. Nothing in it depends on the time or the machine.

Runs in a command's process.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from shaperotator_magic.core.atomic_files import make_output_folder, write_output
from shaperotator_magic.core.errors import ConfigurationError

__all__ = ["MANIFEST", "begin_folder", "finish_folder", "read_manifest", "read_rows", "write_rows"]

MANIFEST = "dataset.json"
CARD = "README.md"
FORMAT = 1
_LINE_ENDS = re.compile("[\x85\u2028\u2029]")  # at which some readers split lines
_GO_ON = "The same command goes on: what was rehearsed is kept."


def begin_folder(folder: Path) -> None:
    """Make the folder, or take one that a build began.

    Raises
    ------
    ConfigurationError
        There is something else in it, or it cannot be written.
    """
    make_output_folder(folder)
    is_ours = (folder / MANIFEST).is_file()
    if not is_ours and any(folder.iterdir()):
        raise ConfigurationError(
            f"{folder} holds other files than a data set.", hint="Name another folder with -o."
        )
    _write(folder / MANIFEST, _dump({"format": FORMAT, "is_finished": False}))


def write_rows(folder: Path, name: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write rows as JSON lines; where there are none, there is no file."""
    if rows:
        _write(folder / name, "".join(f"{_dump_line(row)}\n" for row in rows))
    else:
        (folder / name).unlink(missing_ok=True)


def finish_folder(folder: Path, facts: Mapping[str, Any], card: str) -> None:
    """Write the card, then the manifest with the digest of every file."""
    _write(folder / CARD, card)
    manifest = {"format": FORMAT, "is_finished": True, **facts, "files": _digest_files(folder)}
    _write(folder / MANIFEST, _dump(manifest))


def read_manifest(folder: Path) -> dict[str, Any]:
    """Return the manifest of a data set that is whole.

    Raises
    ------
    ConfigurationError
        There is none, it is half written, of another format, or a file is not what it was.
    """
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        form = manifest["format"]
    except (OSError, ValueError, TypeError, KeyError) as exc:
        raise ConfigurationError(
            f"There is no data set in {folder}.",
            hint="'shaperotator dataset build -o DIR' makes one.",
        ) from exc
    if form != FORMAT:
        raise ConfigurationError(
            f"The data set in {folder} has format {form}; this version reads {FORMAT}.",
            hint="Build it again.",
        )
    if not manifest.get("is_finished"):
        raise ConfigurationError(f"The data set in {folder} is half written.", hint=_GO_ON)
    changed = [n for n, d in manifest["files"].items() if _digest_file(folder / n) != d]
    if changed:
        raise ConfigurationError(
            f"{folder / changed[0]} is not as it was built.", hint="Build the data set again."
        )
    return dict(manifest)


def read_rows(folder: Path, name: str) -> Iterator[dict[str, Any]]:
    """Yield the rows of a file; none where there is no such file."""
    path = folder / name
    if path.is_file():
        with path.open(encoding="utf-8") as lines:
            yield from map(json.loads, lines)


def _write(path: Path, text: str) -> None:
    try:
        write_output(path, text)
    except ConfigurationError as exc:
        raise ConfigurationError(exc.message, hint=f"{exc.hint} {_GO_ON}") from exc


def _dump(content: Mapping[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _dump_line(row: Mapping[str, Any]) -> str:
    text = json.dumps(row, ensure_ascii=False)
    return _LINE_ENDS.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def _digest_files(folder: Path) -> dict[str, str]:
    paths = sorted(path for path in folder.rglob("*") if path.suffix in {".jsonl", ".md"})
    return {str(path.relative_to(folder).as_posix()): _digest_file(path) for path in paths}


def _digest_file(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
