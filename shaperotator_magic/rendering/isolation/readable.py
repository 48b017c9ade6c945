"""Which folders of the machine a scene may read: code, fonts and what the libraries need.

Never the user's home, nor the folder that a notebook runs in: of an entry of ``sys.path`` outside
the interpreter's own folders only the packages are taken.

Runs in the supervisor and in a scene's process.
"""

from __future__ import annotations

import os
import site
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from pathlib import Path

from shaperotator_magic.core.styles.fonts.machine import list_machine_folders

_PACKAGES = ("site-packages", "dist-packages")
# Their parts are named below; whole they are more than a scene needs.
_TOO_WIDE = {Path("/"), Path("/usr"), Path("/usr/local"), Path("/opt"), Path("/home")}

_SYSTEM = (
    "/usr/lib", "/usr/lib32", "/usr/lib64", "/lib", "/lib64", "/usr/local/lib", "/nix/store",
    "/gnu/store", "/etc/ld.so.cache", "/etc/localtime", "/etc/fonts", "/usr/share/zoneinfo",
    "/usr/share/fonts", "/usr/local/share/fonts", "/usr/share/fontconfig", "/usr/share/texmf/fonts",
    "/usr/share/mime", "/usr/share/icu", "/usr/share/glib-2.0", "/usr/share/locale",
    "/var/cache/fontconfig", "/sys/devices/system/cpu",
)  # fmt: skip
_DEVICES = ("/dev/null", "/dev/zero", "/dev/urandom", "/dev/random")


def find_readable() -> tuple[Path, ...]:
    """Return the files and folders that every scene may read; all of them exist."""
    found = [*map(Path, _SYSTEM), *map(Path, _DEVICES), *_find_user_fonts(), *find_code()]
    return _drop_covered(path for path in dict.fromkeys(found) if path.exists())


def _drop_covered(paths: Iterable[Path]) -> tuple[Path, ...]:
    """Leave out what lies within another one: every rule costs time in every render."""
    kept: dict[Path, None] = {}
    for path in sorted(paths, key=lambda path: len(path.parts)):
        if path not in kept and kept.keys().isdisjoint(path.parents):
            kept[path] = None
    return tuple(kept)


def find_code() -> tuple[Path, ...]:
    """Return the folders of the interpreter and of every package that it can import.

    Each as it is named and as it really is, where that differs.
    """
    named = [*_find_prefixes(), *_find_packages()]
    resolved = [path.resolve() for path in named]
    return tuple(path for path in dict.fromkeys([*named, *resolved]) if _is_narrow(path))


def find_import_path() -> tuple[Path, ...]:
    """Return the import path (``sys.path``) of the supervisor.

    As this process has them, but without the folder that it runs in.
    """
    named = (Path(entry) for entry in sys.path if entry)
    ours = Path(__file__).parents[3]
    entries = [path for path in named if path == ours or not _is_where_we_are(path)]
    return tuple(dict.fromkeys([*entries, ours]))


def _is_narrow(path: Path) -> bool:
    home = Path(os.path.expanduser("~"))  # noqa: PTH111 - Path.home() raises where there is none
    return path.is_absolute() and path not in _TOO_WIDE and path not in (home, *home.parents)


def _find_prefixes() -> Iterator[Path]:
    yield from map(Path, (sys.prefix, sys.base_prefix, sys.exec_prefix, sys.base_exec_prefix))
    for name in ("stdlib", "platstdlib", "purelib", "platlib"):
        yield Path(sysconfig.get_path(name))
    yield Path(site.getusersitepackages())
    # A virtual environment's interpreter may be a link into yet another folder.
    yield Path(sys.executable).resolve().parent.parent


def _find_packages() -> Iterator[Path]:
    yield Path(__file__).parents[2]
    for entry in sys.path:
        path = Path(entry)
        if not entry or _is_where_we_are(path):
            continue
        if path.name in _PACKAGES or path.is_file():
            yield path
        elif path.is_dir():
            yield from _find_packages_in(path)


def _is_where_we_are(path: Path) -> bool:
    try:
        return path.resolve() == Path.cwd()
    except OSError:
        return False


def _find_packages_in(folder: Path) -> Iterable[Path]:
    try:
        children = list(folder.iterdir())
    except OSError:
        return
    for child in children:
        if (child / "__init__.py").is_file() or child.suffix in {".py", ".so"}:
            yield child


def _find_user_fonts() -> Iterator[Path]:
    home = Path(os.path.expanduser("~"))  # noqa: PTH111 - Path.home() raises where there is none
    data = Path(os.environ.get("XDG_DATA_HOME") or home / ".local/share")
    cache = Path(os.environ.get("XDG_CACHE_HOME") or home / ".cache")
    yield from (home / ".fonts", data / "fonts", cache / "fontconfig")
    yield from (home / ".config/fontconfig", home / ".fonts.conf")
    for folder in os.environ.get("FONTCONFIG_PATH", "").split(os.pathsep):
        if folder:
            yield Path(folder)
    yield from filter(_is_narrow, list_machine_folders())
