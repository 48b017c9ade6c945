"""The guard: which stand-ins fit the sources of the manim that is installed here.

A source file counts as known when its digest is that of a version in ``known_sources.py``. Reading
and hashing all of them takes a few milliseconds a process (``tests/test_stand_ins.py``).

Runs in the caller's process and in a scene's.
"""

from __future__ import annotations

import functools
import hashlib
import importlib
import logging
from collections.abc import Callable, Iterable
from importlib.metadata import version
from pathlib import Path
from types import FunctionType
from typing import Any

from shaperotator_magic.core.installed_manim import find_manim
from shaperotator_magic.rendering.stand_ins.known_sources import KNOWN_SOURCES
from shaperotator_magic.rendering.stand_ins.table import COSTS, STAND_INS, StandIn

logger = logging.getLogger(__name__)

Build = Callable[[Any], Any]
Undo = Callable[[], None]


def hash_source(file: Path) -> str:
    """Return the digest of a source file, an empty one where there is none."""
    try:
        return hashlib.sha256(file.read_bytes()).hexdigest()[:16]
    except OSError:
        return ""


@functools.cache
def _read_installed() -> dict[str, str]:
    folder = find_manim()
    files = {file for entry in STAND_INS.values() for file in entry.files}
    return {file: hash_source(folder / file) for file in files} if folder else {}


def list_unknown(entry: StandIn) -> list[str]:
    """Return the source files for which an entry is off, an empty list where it is on.

    All files must be those of one version: that for which the fewest are missing is reported.
    """
    installed = _read_installed()
    different = [
        [file for file in entry.files if installed.get(file) != KNOWN_SOURCES[version].get(file)]
        for version in entry.versions
    ]
    return min(different, key=len, default=[])


@functools.cache
def is_on(name: str) -> bool:
    """Whether a stand-in fits the installed sources, so that it may be used."""
    return not list_unknown(STAND_INS[name])


def are_on(*names: str) -> bool:
    """Whether all of them are on."""
    return all(map(is_on, names))


def replace(name: str, build: Build) -> Undo:
    """Put a stand-in in the place of a function of manim, where it is on; returns what undoes it.

    Parameters
    ----------
    name
        Of the entry in ``STAND_INS``.
    build
        Is given manim's own function, to which the stand-in leaves what is out of the ordinary
        (None where manim has none of that name), and returns the stand-in.
    """
    if not is_on(name):
        return lambda: None
    owner, attribute = find_target(STAND_INS[name])
    stock = getattr(owner, attribute, None)
    made = build(stock)
    if isinstance(made, FunctionType) and stock is not None:
        functools.update_wrapper(made, stock)
    setattr(owner, attribute, made)
    return functools.partial(setattr, owner, attribute, stock)


def find_target(entry: StandIn) -> tuple[Any, str]:
    """Return the module or class that holds what an entry replaces, and the name of it there."""
    module, _, path = entry.target.partition(":")
    owner: Any = importlib.import_module(f"manim.{module}")
    *outer, attribute = path.split(".")
    return functools.reduce(getattr, outer, owner), attribute


def describe_off() -> list[str]:
    """Say which stand-ins are off, because of which files, and what that costs: a line a topic."""
    off = [entry for entry in STAND_INS.values() if list_unknown(entry)]
    return [
        _describe_topic(topic, [entry for entry in off if entry.topic == topic])
        for topic in dict.fromkeys(entry.topic for entry in off)
    ]


@functools.cache
def log_off() -> None:
    """Log once a process what is off: as a warning where the installed sources are not known."""
    level = logging.INFO if is_known() else logging.WARNING
    for line in describe_off():
        logger.log(level, "not used with this manim: %s", line)


def _describe_topic(topic: str, off: list[StandIn]) -> str:
    functions = _join(entry.target.partition(":")[2] for entry in off)
    files = _join(file for entry in off for file in list_unknown(entry))
    # A known version has fewer stand-ins, and nothing that the user could do about a file.
    reason = "" if is_known() else f", for these were not tried: {files}"
    return f"{topic}: manim's own code runs for {functions}{reason}. {COSTS[topic]}"


def _join(words: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(words))


def describe_manim() -> str:
    """Return the version of manim, with a digest of its sources where these are not known."""
    found = version("manim")
    if is_known():
        return found
    sources = repr(sorted(_read_installed().items())).encode()
    return f"{found} {hashlib.sha256(sources).hexdigest()[:16]}"


def is_known() -> bool:
    """Whether all the installed sources are those of one version that is known."""
    installed = _read_installed()
    return any(
        all(installed.get(file, "") == sources.get(file, "") for file in installed)
        for sources in KNOWN_SOURCES.values()
    )
