"""What stands after ``--style``: a pack, or words for the model; told apart by what is there.

Runs in every process.
"""

from __future__ import annotations

import contextlib
import dataclasses
import difflib
import functools
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from shaperotator_magic.core.errors import ConfigurationError
from shaperotator_magic.core.styles import foreign
from shaperotator_magic.core.styles.colors import parse_color, to_rgb
from shaperotator_magic.core.styles.contrast import measure_luminance
from shaperotator_magic.core.styles.loading import KINDS, PACK_STEMS, find_pack_file, load_mapping
from shaperotator_magic.core.styles.pack import StylePack
from shaperotator_magic.core.styles.reading import PackReader

BUILT_IN = ("dark", "paper", "chalk", "contrast", "print")
_FOLDER = Path(__file__).parent / "builtin"
_SUFFIXES = (*KINDS, ".cfg")
_MIDDLE_GRAY = 0.18
_NEAR = 0.75


def load_builtin(name: str) -> StylePack:
    """Return a pack that comes with the package.

    Raises
    ------
    ConfigurationError
        There is none of that name.
    """
    if name not in BUILT_IN:
        raise ConfigurationError(
            f"There is no built-in style {name!r}.",
            hint=f"There are {', '.join(BUILT_IN)}.",
            setting="style",
        )
    return _load_builtin(name)


@functools.cache
def _load_builtin(name: str) -> StylePack:
    said = load_mapping(_FOLDER / f"{name}.yaml")
    return PackReader(_FOLDER, StylePack(name)).read(said)


def read_pack(path: Path) -> StylePack:
    """Return the pack of a folder, of a YAML or TOML file, or of manim's or manimgl's settings.

    Raises
    ------
    ConfigurationError
        It cannot be read, or is no pack at all; what is wrong within one is in its ``notes``.
    """
    whole = path.expanduser().absolute()
    if whole.is_dir():
        whole = find_pack_file(whole)
    if whole.suffix.lower() == ".cfg":
        said = foreign.read_cfg(whole)
    else:
        said = load_mapping(whole)
        if whole.name in foreign.MANIMGL_NAMES or foreign.is_manimgl(said):
            said = foreign.translate_manimgl(said)
    base, notes = _choose_base(said)
    reader = PackReader(whole.parent, _rename(base, name_style(str(whole))))
    reader.notes += notes
    return reader.read(said)


def _rename(pack: StylePack, name: str) -> StylePack:
    return dataclasses.replace(pack, name=name, about="", quality=None)


def _choose_base(said: Mapping[str, Any]) -> tuple[StylePack, list[str]]:
    """Return the pack that another one changes: ``base``, or what fits its background."""
    wanted = said.get("base")
    if wanted in BUILT_IN:
        return _load_builtin(str(wanted)), []
    notes = []
    if wanted is not None:
        near = difflib.get_close_matches(str(wanted), BUILT_IN, n=1, cutoff=0.5)
        hint = f"'{near[0]}' is the nearest" if near else f"there are {', '.join(BUILT_IN)}"
        notes.append(f"base = {wanted!r} is no built-in style; {hint}.")
    colors = said.get("colors", said.get("colours"))
    background = parse_color(colors.get("background")) if isinstance(colors, Mapping) else None
    is_light = background is not None and measure_luminance(to_rgb(background)) > _MIDDLE_GRAY
    return _load_builtin("paper" if is_light else "dark"), notes


class Styles:
    """The packs that may be chosen: the built-in ones, those in folders, and any path.

    Parameters
    ----------
    folders
        Folders of packs, each a folder or a file of its own, chosen by its name.
    takes_paths
        Whether a path chooses a pack; not where strangers choose.
    """

    def __init__(self, folders: Sequence[Path] = (), *, takes_paths: bool = True) -> None:
        self._folders = tuple(folders)
        self._takes_paths = takes_paths

    @property
    def names(self) -> tuple[str, ...]:
        """The names that choose a pack."""
        return tuple(dict.fromkeys((*BUILT_IN, *self._list_places())))

    def list_packs(self) -> Iterator[StylePack]:
        """Yield the packs that may be chosen by name; one that cannot be read is left out."""
        for name in self.names:
            with contextlib.suppress(ConfigurationError):
                if (pack := self.find(name)) is not None:
                    yield dataclasses.replace(pack, name=name)

    def find(self, said: str | None) -> StylePack | None:
        """Return the pack that is meant, None where it is none: words for the model.

        Raises
        ------
        ConfigurationError
            It is a path or nearly a name, and nothing is there; or the pack cannot be read.
        """
        wanted = (said or "").strip()
        if not wanted:
            return None
        places = self._list_places()
        if wanted.lower() in places:
            return read_pack(places[wanted.lower()])
        if wanted.lower() in BUILT_IN:
            return _load_builtin(wanted.lower())
        if _is_path(wanted):
            return self._read_path(wanted)
        near = difflib.get_close_matches(wanted.lower(), self.names, n=1, cutoff=_NEAR)
        if near:
            raise ConfigurationError(
                f"There is no style {wanted!r}.",
                hint=f"'{near[0]}' is the nearest; there are {', '.join(self.names)}.",
                setting="style",
            )
        return None

    def settle(self, said: str) -> str:
        """Return what means the same in another folder: a whole path, a name, or the words."""
        wanted = said.strip()
        if wanted.lower() in self.names:
            return wanted.lower()
        return str(Path(wanted).expanduser().absolute()) if _is_path(wanted) else wanted

    def _list_places(self) -> dict[str, Path]:
        found: dict[str, Path] = {}
        for folder in self._folders:
            for path in sorted(folder.iterdir()) if folder.is_dir() else ():
                is_pack = path.suffix.lower() in KINDS if path.is_file() else path.is_dir()
                if is_pack and not path.name.startswith("."):
                    found.setdefault(path.stem.lower(), path)
        return found

    def _read_path(self, wanted: str) -> StylePack:
        path = Path(wanted).expanduser()
        if not self._takes_paths:
            raise ConfigurationError(
                "A style is chosen by its name here, not by a path.",
                hint=f"There are {', '.join(self.names)}.",
                setting="style",
            )
        if not path.exists():
            raise ConfigurationError(
                f"There is no style {wanted!r}: no such file or folder.",
                hint=f"Give a folder or a file with a pack, or one of {', '.join(self.names)}.",
                setting="style",
            )
        return read_pack(path)


def name_style(said: str) -> str:
    """Return the name of a pack that was chosen by its name, or by a path."""
    wanted = said.strip()
    if not _is_path(wanted):
        return wanted.lower()
    path = Path(wanted).expanduser().absolute()
    named = path.stem if path.suffix.lower() in _SUFFIXES else path.name
    return path.parent.name if named in PACK_STEMS else named


def _is_path(said: str) -> bool:
    """Return whether a text names a place: it is there, or it is written like one."""
    if said.lower().endswith(_SUFFIXES) and len(said) < 300:  # noqa: PLR2004 - no sentence
        return True
    is_written_so = said.startswith(("./", "../", "/", "~", ".\\", "..\\"))
    return is_written_so or (" " not in said and ("/" in said or Path(said).is_dir()))
