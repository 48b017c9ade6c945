"""Which isolation this machine offers, and whether that is enough.

Every scene runs in a process that confines itself before it reads the code, inside namespaces where
the system lets an ordinary user create them. This module finds out which of these layers work.
Runs in the caller's process, without importing manim, within milliseconds.
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from shaperotator_magic.core.errors import ConfigurationError
from shaperotator_magic.rendering.isolation import landlock, namespaces, seccomp


class Level(Enum):
    """How well a scene is isolated, from best to worst; the values are shown to people."""

    FULL = "full"
    NO_NAMESPACES = "without user namespaces"
    NO_LANDLOCK = "without Landlock"
    LIMITS_ONLY = "limits only"
    NONE = "none"


# What each level means to a user, in one line.
_MEANINGS = {
    Level.FULL: "a scene sees, touches and reaches nothing but its own folder",
    Level.NO_NAMESPACES: "a scene touches nothing but its own folder, but sees which files exist",
    Level.NO_LANDLOCK: "a scene touches nothing of yours, but what renders beside it",
    Level.LIMITS_ONLY: "time and memory are limited, but a scene can read your files",
    Level.NONE: "a scene could do whatever you can do",
}
_SAFE = frozenset({Level.FULL, Level.NO_NAMESPACES, Level.NO_LANDLOCK})


@dataclass(frozen=True)
class Isolation:
    """The layers that work here."""

    has_namespaces: bool
    has_seccomp: bool
    landlock_abi: int
    """Version of the kernel's Landlock; 0 where it has none."""
    has_limits: bool

    @property
    def level(self) -> Level:
        """The level that these layers give together."""
        if self.has_seccomp and self.landlock_abi:
            return Level.FULL if self.has_namespaces else Level.NO_NAMESPACES
        if self.has_seccomp and self.has_namespaces:
            return Level.NO_LANDLOCK
        return Level.LIMITS_ONLY if self.has_limits else Level.NONE

    @property
    def is_safe(self) -> bool:
        """Whether files, network and processes of the machine are out of a scene's reach."""
        return self.level in _SAFE

    def describe(self) -> str:
        """Describe the level in one line, with its layers."""
        layers = [
            "namespaces" if self.has_namespaces else "",
            f"Landlock {self.landlock_abi}" if self.landlock_abi else "",
            "seccomp" if self.has_seccomp else "",
            "resource limits" if self.has_limits else "",
        ]
        named = ", ".join(filter(None, layers)) or "no layer"
        return f"Isolation: {self.level.value} ({named}): {_MEANINGS[self.level]}."


@functools.cache
def probe_isolation() -> Isolation:
    """Try every layer on this machine, once a process: about 50 ms where bubblewrap is found."""
    is_linux = sys.platform == "linux"
    return Isolation(
        has_namespaces=is_linux and namespaces.find_bubblewrap() is not None,
        has_seccomp=is_linux and seccomp.is_available(),
        landlock_abi=landlock.find_abi() if is_linux else 0,
        has_limits=sys.platform != "win32",
    )


def require_isolation(probe: Callable[[], Isolation] = probe_isolation) -> Isolation:
    """Return the isolation of this machine, for a service that renders scenes of other people.

    Raises
    ------
    ConfigurationError
        Files, network or processes would be in a scene's reach.
    """
    found = probe()
    if not found.is_safe:
        raise ConfigurationError(
            f"Scenes cannot be isolated on this machine. {found.describe()}",
            hint="Use Linux 5.13 or newer with Landlock, or install bubblewrap "
            "(apt-get install bubblewrap) and allow user namespaces.",
            setting="isolation",
        )
    return found


def require_any_isolation(probe: Callable[[], Isolation] = probe_isolation) -> Isolation:
    """Return the isolation of this machine, for a user's own notebook.

    Raises
    ------
    ConfigurationError
        Nothing at all does.
    """
    found = probe()
    if found.level is Level.NONE:
        raise ConfigurationError(
            "Nothing on this system can hold a scene back.",
            hint="To run it in this kernel, where it can do whatever you can: --renderer kernel",
            setting="renderer",
        )
    return found
