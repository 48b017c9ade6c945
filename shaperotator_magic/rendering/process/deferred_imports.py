"""manim without what few scenes use: those packages are imported at their first use.

A third of the time of ``import manim`` goes into packages of which it only keeps a name for later:
scipy's rotations, networkx, bs4. While it is imported, placeholders stand in ``sys.modules`` in
their places; afterwards these are gone, so that a scene that imports such a package gets the real
one. The names that manim's modules have kept are resolved at their first use, in the process of the
scene that uses them.

Placeholders are used where the importing module's source is known (``stand_ins``): another version
might derive a class from such a name.

Runs in the supervisor and in a scene's process.
"""

from __future__ import annotations

import importlib
import math
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from types import ModuleType
from typing import Any

import numpy as np

from shaperotator_magic.rendering.stand_ins.installed import find_target, is_on
from shaperotator_magic.rendering.stand_ins.table import STAND_INS

# What is deferred, by the entry of the table that says which module of manim imports it.
_DEFERRED = {
    "deferred rotations": "scipy.spatial.transform",
    "deferred graphs": "networkx",
    "deferred markup": "bs4",
}
_TRIED_SCIPY = {"1.14", "1.15", "1.16", "1.17", "1.18"}
_SMALL_ANGLE = 1e-3  # below it scipy's quaternions are those of a series


@contextmanager
def deferred_imports() -> Iterator[None]:
    """Put placeholders for packages in ``sys.modules`` while manim is imported."""
    names = [name for entry, name in _DEFERRED.items() if is_on(entry)]
    if "scipy.spatial.transform" in names and not _is_scipy_known():
        names.remove("scipy.spatial.transform")
    placed: dict[str, ModuleType | None] = {
        name: DeferredModule(name) for name in names if name not in sys.modules
    }
    if "IPython" not in sys.modules:
        placed["IPython"] = None  # manim asks for it in a try statement, for its own magic
    sys.modules.update(placed)  # type: ignore[arg-type]
    try:
        yield
    finally:
        for name in placed:
            del sys.modules[name]
    if "scipy.spatial.transform" in placed:
        owner, attribute = find_target(STAND_INS["deferred rotations"])
        setattr(owner, attribute, Rotations("scipy.spatial.transform", attribute))


def _is_scipy_known() -> bool:
    major, minor, *_ = version("scipy").split(".")
    return f"{major}.{minor}" in _TRIED_SCIPY


class DeferredModule(ModuleType):
    """A module that is imported when one of its names is used."""

    def __getattr__(self, name: str) -> DeferredName:
        if name.startswith("__"):
            raise AttributeError(name)
        return DeferredName(self.__name__, name)


class DeferredName:
    """A name of a module that is not imported yet: what is done with it, the real one does.

    Parameters
    ----------
    module
        Name of the module.
    path
        The name in it, with dots for attributes of attributes.
    """

    def __init__(self, module: str, path: str) -> None:
        self._module = module
        self._path = path

    def _resolve(self) -> Any:
        found: Any = importlib.import_module(self._module)
        for part in self._path.split("."):
            found = getattr(found, part)
        return found

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            return getattr(self._resolve(), name)
        return DeferredName(self._module, f"{self._path}.{name}")

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._resolve()(*args, **kwargs)

    def __instancecheck__(self, instance: Any) -> bool:
        return isinstance(instance, self._resolve())

    def __mro_entries__(self, bases: tuple[Any, ...]) -> tuple[type, ...]:
        return (self._resolve(),)

    def __or__(self, other: Any) -> Any:
        return self._resolve() | other

    def __repr__(self) -> str:
        return f"{self._module}.{self._path}"


class Rotations(DeferredName):
    """scipy's ``Rotation``: of one vector, the only use in manim, without scipy."""

    def from_rotvec(self, rotvec: Any, *args: Any, **kwargs: Any) -> Any:
        """Return the rotation about ``rotvec``, of shape (3,), by its length in radians."""
        is_plain = type(rotvec) is np.ndarray and rotvec.dtype == np.float64
        if is_plain and rotvec.shape == (3,) and not (args or kwargs):
            x, y, z = rotvec.tolist()
            square = x * x + y * y + z * z  # sum() is another number since Python 3.12
            if square < math.inf:
                return VectorRotation(rotvec, math.sqrt(square))
        return self._resolve().from_rotvec(rotvec, *args, **kwargs)


class VectorRotation:
    """The rotation about a vector; its matrix equals scipy's to the last bit.

    After scipy's ``Rotation.from_rotvec`` and ``as_matrix``: by way of the unit quaternion, see
    https://en.wikipedia.org/wiki/Quaternions_and_spatial_rotation.
    """

    def __init__(self, rotvec: np.ndarray, angle: float) -> None:
        self._rotvec = rotvec
        self._angle = angle

    def as_matrix(self) -> np.ndarray:
        """Return the matrix, of shape (3, 3)."""
        scale = _find_scale(self._angle)
        x, y, z = (scale * number for number in self._rotvec.tolist())
        return _to_matrix(x, y, z, math.cos(self._angle / 2))

    def __getattr__(self, name: str) -> Any:
        transform = importlib.import_module("scipy.spatial.transform")
        return getattr(transform.Rotation.from_rotvec(self._rotvec), name)


def _find_scale(angle: float) -> float:
    """Return by what a rotation vector is multiplied for the vector part of its quaternion."""
    if angle > _SMALL_ANGLE:
        return math.sin(angle / 2) / angle
    square = angle * angle
    return 0.5 - square / 48 + square * square / 3840


def _to_matrix(x: float, y: float, z: float, w: float) -> np.ndarray:
    """Return the rotation matrix of a unit quaternion, in scipy's order of operations."""
    xx, yy, zz, ww = x * x, y * y, z * z, w * w
    xy, zw, xz, yw, yz, xw = x * y, z * w, x * z, y * w, y * z, x * w
    return np.array(
        [
            [xx - yy - zz + ww, 2 * (xy - zw), 2 * (xz + yw)],
            [2 * (xy + zw), -xx + yy - zz + ww, 2 * (yz - xw)],
            [2 * (xz - yw), 2 * (yz + xw), -xx - yy + zz + ww],
        ]
    )
