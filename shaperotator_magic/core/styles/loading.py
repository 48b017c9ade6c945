"""The file of a style pack, YAML or TOML, as keys and values.

Runs in every process.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from shaperotator_magic.core.errors import ConfigurationError

KINDS = (".yaml", ".yml", ".toml")
PACK_STEMS = ("style", "pack")
"""Names of the file in a pack's folder, after which no pack is called."""
_LARGEST_BYTES = 100_000


def find_pack_file(folder: Path) -> Path:
    """Return the file of a pack's folder: ``style.yaml``, or its only YAML or TOML file.

    Raises
    ------
    ConfigurationError
        There is none, or several are there.
    """
    found = sorted(path for path in folder.iterdir() if path.suffix.lower() in KINDS)
    named = [path for path in found if path.stem in (*PACK_STEMS, folder.name)]
    if len(named or found) == 1:
        return (named or found)[0]
    raise ConfigurationError(
        f"{folder} holds {'no' if not found else 'more than one'} style file.",
        hint="Name it style.yaml or style.toml.",
        setting="style",
    )


def load_mapping(path: Path) -> dict[str, Any]:
    """Return the entries of a YAML or TOML file.

    Raises
    ------
    ConfigurationError
        It cannot be read, is too large, or holds something else than keys and values.
    """
    try:
        if path.stat().st_size > _LARGEST_BYTES:
            raise _refuse(path, "is too large for a style pack (100 kB at most)")
        text = path.read_text(encoding="utf-8-sig")
        said = tomllib.loads(text) if path.suffix.lower() == ".toml" else _load_yaml(path, text)
    except OSError as exc:
        raise _refuse(path, f"cannot be read: {exc.strerror}") from exc
    except UnicodeDecodeError as exc:
        raise _refuse(path, "is no text in UTF-8") from exc
    except tomllib.TOMLDecodeError as exc:
        raise _refuse(path, f"is no TOML: {exc}") from exc
    if not isinstance(said, dict):
        raise _refuse(path, "holds no keys and values")
    return said


def _load_yaml(path: Path, text: str) -> Any:
    import yaml  # type: ignore[import-untyped,unused-ignore]

    try:
        return yaml.safe_load(text)
    except (yaml.YAMLError, ValueError, RecursionError) as exc:
        mark = getattr(exc, "problem_mark", None)
        where = f"line {mark.line + 1}: " if mark else ""
        problem = getattr(exc, "problem", None) or "it is nested too deeply"
        raise _refuse(path, f"is no YAML: {where}{problem}") from exc


def _refuse(path: Path, why: str) -> ConfigurationError:
    return ConfigurationError(
        f"{path.name} {why}.",
        hint='A short one is: colors: {background: "#FFFFFF"}; docs/styles.md shows a whole one.',
        setting="style",
    )
