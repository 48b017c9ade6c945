"""Serialises a scene between two statements of construct(), and restores it from these bytes.

Runs in a scene's process only, in both directions. Mobjects are pickled with all that they share.
Objects that every process has of its own (the scene, its renderer and camera, modules, manim's
settings) are replaced by names, and functions get the module of the restoring process: the bytes
hold what the scene has made, and no copy of the program. A scene that cannot be serialised has no
checkpoint.

Unpickling runs code that the writer of the bytes chose. The writer was the process of a scene that
begins with the same statements, and the reader is confined in the same way.
"""

from __future__ import annotations

import importlib
import io
import marshal
import pickle
import random
import sys
import types
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

import numpy as np
import svgelements

# What manim sets again for every animation, or what belongs to the process.
_NOT_OF_THE_SCENE = frozenset(
    "animations moving_mobjects static_mobjects stop_condition time_progression queue manager "
    "renderer session_spec output_plan file_writer_settings _log_file_path".split()
)
# What the camera draws into, and how.
_NOT_OF_THE_CAMERA = frozenset(
    "pixel_array background background_colored_vmobject_displayer pixel_array_to_cairo_context "
    "display_funcs".split()
)
_DEEPEST = 5000

# The own objects of the one scene of this process, by name, for unpickling.
_OWN: dict[str, Any] = {}


class CheckpointError(Exception):
    """A scene cannot be serialised, or not be restored."""


@dataclass(frozen=True)
class SceneState:
    """The state of a scene between two statements."""

    variables: Mapping[str, Any]
    scene: Mapping[str, Any]
    camera: Mapping[str, Any]
    chances: tuple[Any, Any]
    rest: Any


class Constants:
    """manim's arrays, such as ``ORIGIN``, which a scene may change in place.

    Made before construct() begins.
    """

    def __init__(self) -> None:
        self._before = [(value, value.tobytes()) for value in _find_constants().values()]

    def are_unchanged(self) -> bool:
        """Return whether all of them are as they were."""
        return all(value.tobytes() == was for value, was in self._before)


def _find_constants() -> dict[str, Any]:
    import manim

    return {name: value for name, value in vars(manim).items() if type(value) is np.ndarray}


def serialize_scene(scene: Any, variables: Mapping[str, Any], rest: Any) -> bytes:
    """Return the bytes of a scene and of the local variables of its construct().

    Parameters
    ----------
    rest
        Further data that is stored with them.

    Raises
    ------
    CheckpointError
        Something in it cannot be serialised.
    """
    memory = SceneState(
        variables=dict(variables),
        scene=_select(vars(scene), _NOT_OF_THE_SCENE),
        camera=_select(vars(scene.camera), _NOT_OF_THE_CAMERA),
        chances=(random.getstate(), np.random.get_state()),
        rest=rest,
    )
    written = io.BytesIO()
    try:
        with _going_deep():
            _Pickler(written, _name_own(scene)).dump(vars(memory))
    except Exception as exc:
        # An object may refuse pickling with any exception.
        raise CheckpointError(f"{type(exc).__name__}: {exc}") from exc
    return written.getvalue()


def restore_scene(scene: Any, content: bytes) -> SceneState:
    """Restore a scene to the state that ``serialize_scene`` read; no frame is drawn.

    Raises
    ------
    CheckpointError
        The bytes are of something else.
    """
    _OWN.update({name: value for value, name in _name_own(scene).values()})
    try:
        with _going_deep():
            memory = SceneState(**pickle.loads(content))  # noqa: S301 - see above
        vars(scene).update(memory.scene)
        vars(scene.camera).update(memory.camera)
        scene.camera.init_background()
        state, numpy_state = memory.chances
        random.setstate(state)
        np.random.set_state(numpy_state)
    except Exception as exc:
        raise CheckpointError(f"{type(exc).__name__}: {exc}") from exc
    return memory


def _select(attributes: Mapping[str, Any], left_out: frozenset[str]) -> dict[str, Any]:
    return {name: value for name, value in attributes.items() if name not in left_out}


def _name_own(scene: Any) -> dict[int, tuple[Any, str]]:
    """Return the objects that every process has of its own: their names by their id."""
    import manim

    own: dict[str, Any] = {
        # Every reference to one of them becomes a reference to the process's own.
        **_find_constants(),
        "scene": scene,
        "renderer": scene.renderer,
        "camera": scene.camera,
        "file writer": scene.renderer.file_writer,
        "manager": getattr(scene, "manager", None),
        "config": manim.config,
    }
    return {id(value): (value, name) for name, value in own.items() if value is not None}


class _going_deep:  # noqa: N801 - used like a function, as context managers are
    """Raises the recursion limit for deeply nested objects."""

    def __enter__(self) -> None:
        self._before = sys.getrecursionlimit()
        sys.setrecursionlimit(max(self._before, _DEEPEST))

    def __exit__(self, *_: object) -> None:
        sys.setrecursionlimit(self._before)


class ForgottenPath:
    """Stands in for the SVG path of a glyph, which is not serialised: it is large.

    Only code that rebuilds the glyph reads it. A scene that does has to be drawn from its
    beginning: ``on_use`` reports that, and does not return.
    """

    on_use: Callable[[], NoReturn]

    def __iter__(self) -> Iterator[Any]:
        type(self).on_use()

    def __len__(self) -> int:  # noqa: PLE0303 - it does not return
        type(self).on_use()

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        type(self).on_use()

    def __deepcopy__(self, memo: dict[int, Any]) -> ForgottenPath:
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        return ForgottenPath, ()


# --- pickling -------------------------------------------------------------------------


class _Pickler(pickle.Pickler):
    """Pickles the own objects of the process by name, functions by their bytecode, arrays quickly.

    It uses ``reducer_override``, because ``persistent_id`` is called for every number.
    """

    def __init__(self, file: Any, own: Mapping[int, tuple[Any, str]]) -> None:
        super().__init__(file, protocol=5)
        self._own = own

    def reducer_override(self, obj: Any) -> Any:
        kind = type(obj)
        if id(obj) in self._own:
            return _find_own, (self._own[id(obj)][1],)
        if kind is np.ndarray:
            return _reduce_array(obj)
        reduce = _REDUCES.get(kind)
        return reduce(obj) if reduce else NotImplemented


def _find_own(name: str) -> Any:
    return _OWN[name]


def _reduce_array(array: Any) -> Any:
    # Fortran's order and strides are left to NumPy: sums of other orders are rounded otherwise.
    if array.dtype.hasobject or not array.flags.c_contiguous:
        return NotImplemented
    # The type itself makes it: a function of ours would take longer than all the rest.
    return np.ndarray, (array.shape, array.dtype, bytearray(array))


def _reduce_path(path: Any) -> tuple[Any, ...]:
    del path
    return ForgottenPath, ()


def _reduce_module(module: types.ModuleType) -> tuple[Any, ...]:
    return importlib.import_module, (module.__name__,)


def _is_found_by_name(function: types.FunctionType) -> bool:
    found: Any = sys.modules.get(function.__module__)
    for name in function.__qualname__.split("."):
        found = getattr(found, name, None)
    return found is function


def _reduce_function(function: types.FunctionType) -> Any:
    if _is_found_by_name(function):
        return NotImplemented
    module = sys.modules.get(function.__module__)
    if module is None or module.__dict__ is not function.__globals__:
        raise pickle.PicklingError(f"{function.__qualname__} belongs to no module")
    made_of = (marshal.dumps(function.__code__), function.__module__, function.__closure__)
    state = {
        name: getattr(function, name)
        for name in ("__name__", "__qualname__", "__defaults__", "__kwdefaults__", "__doc__")
    }
    return _make_function, made_of, (state, function.__dict__), None, None, _fill_function


def _make_function(code: bytes, module: str, closure: tuple[Any, ...] | None) -> Any:
    # What marshal reads was written by the process that wrote the pickle around it.
    program: types.CodeType = marshal.loads(code)  # noqa: S302
    scope = vars(importlib.import_module(module))
    made = types.FunctionType(program, scope, closure=closure)
    made.__module__ = module
    return made


def _fill_function(function: Any, state: tuple[Mapping[str, Any], Mapping[str, Any]]) -> None:
    for name, value in state[0].items():
        setattr(function, name, value)
    function.__dict__.update(state[1])


def _reduce_cell(cell: types.CellType) -> tuple[Any, ...]:
    try:
        held = (cell.cell_contents,)
    except ValueError:  # its variable has no value yet
        return _make_cell, ()
    return _make_cell, (), held, None, None, _fill_cell


def _make_cell() -> types.CellType:
    return types.CellType()


def _fill_cell(cell: types.CellType, held: tuple[Any]) -> None:
    (cell.cell_contents,) = held


_REDUCES: dict[type, Callable[[Any], Any]] = {
    svgelements.Path: _reduce_path,
    types.FunctionType: _reduce_function,
    types.CellType: _reduce_cell,
    types.ModuleType: _reduce_module,
}
