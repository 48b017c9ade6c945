"""Injects scenes in a process of its own and reports what they ran or changed.

Reads ``{name: [source, scene_name]}`` from stdin and writes ``{name: [what happened, ...]}``. With
``execute`` as argument it executes the sources as they are: what the probe must notice.

Watched are audit events (files, sockets, processes, imports, memory), printed marks, and a
fingerprint of what belongs to others: builtins, the user's names and values, manim, NumPy and the
standard library.
"""

from __future__ import annotations

import atexit
import builtins
import contextlib
import gc
import importlib
import io
import json
import random
import sys
import warnings
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

# Started as a file, for the folder in which it runs is watched.
sys.path.insert(0, str(Path(__file__).parents[1]))

import manim
import numpy as np

from shaperotator_magic.checking.gate.refused import ALLOWED_MODULES
from shaperotator_magic.core.errors import SceneCodeError, ShapeRotatorError
from shaperotator_magic.core.records import CheckedScene, Origin, SceneCode
from shaperotator_magic.notebook.session.injection import Injector
from shaperotator_magic.rendering.defining.definitions import Definitions
from shaperotator_magic.rendering.worker.worker import Worker

MARK = "RANMARK"
# What assembling does itself, and what dataclasses and named tuples do.
INERT = frozenset(
    "compile exec object.__getattr__ sys._getframe sys._getframemodulename code.__new__ "
    "sys.setprofile function.__new__ builtins.id object.__setattr__".split()
)
# Registers of classes that Python and manim keep by weak or plain reference.
_REGISTERS = frozenset(
    {"_converted_classes", "_abc_impl", "__abstractmethods__", "__subclasshook__"}
)
_PRIVATE_USER_NAMES = ("In", "Out", "get_ipython", "exit", "quit", "_", "__", "___", "_ih", "_oh")


class _UserObject:
    @property
    def secret(self) -> str:
        print(MARK)  # noqa: T201 - the probe looks for it
        return "secret"


def build_user() -> ModuleType:
    """Return the user's ``__main__``, with IPython's names and variables of their own."""
    import pandas

    user = ModuleType("__main__")
    vars(user).update({name: f"the user's {name}" for name in _PRIVATE_USER_NAMES})
    vars(user).update(
        user_list=[1, 2],
        user_frame=pandas.DataFrame({"a": [1, 2]}),
        user_function=print,
        user_object=_UserObject(),
        _shape="the user's _shape",
    )
    return user


def fingerprint(user: ModuleType) -> dict[str, Any]:
    """Return what must be as before; equal dictionaries mean that nothing was changed."""
    found: dict[str, Any] = {f"builtins.{k}": id(v) for k, v in vars(builtins).items()}
    classes: dict[int, type[Any]] = {}
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] == "manim" or name in ALLOWED_MODULES:
            for key, value in list(vars(module).items()):
                found[f"{name}.{key}"] = _describe(value)
                if isinstance(value, type) and value.__module__.startswith("manim"):
                    classes[id(value)] = value
    for owner in classes.values():
        for key, value in vars(owner).items():
            if key not in _REGISTERS:
                found[f"{owner.__module__}.{owner.__qualname__}.{key}"] = _describe(value)
    found |= {
        "random": hash(random.getstate()),
        "numpy.random": np.random.get_state()[1].tobytes(),  # type: ignore[index]
        "numpy.errors": (id(np.geterrcall()), repr(np.geterr())),
        "warnings": repr(warnings.filters),
        "config": repr(sorted(manim.config.items(), key=repr)),
        "atexit": atexit._ncallbacks(),
        "recursion": sys.getrecursionlimit(),
        "path": repr(sys.path),
    }
    found.update({f"user.{k}": (id(v), repr(v)) for k, v in vars(user).items()})
    found["user.user_frame.attributes"] = sorted(vars(user.user_frame))
    return found


def _describe(value: Any) -> Any:
    if type(value) is FunctionType:
        return id(value), id(value.__code__), tuple(vars(value)), id(value.__defaults__)
    if isinstance(value, np.ndarray):
        return id(value), value.tobytes()
    return id(value)


class _Watch:
    """An audit hook that stops and notes what assembling does not do."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        self.is_on = False
        sys.addaudithook(self._look)

    def _look(self, event: str, arguments: tuple[Any, ...]) -> None:
        if not self.is_on or event in INERT:
            return
        if event == "import" and arguments[0] in sys.modules:
            return
        self.seen.append(f"{event} {arguments[:1]}")
        raise RuntimeError(f"stopped: {event}")


class _Unproved(Definitions):
    """Definitions whose confined process answered with None for everything, and refused nothing."""

    def compute(self, *_: Any) -> Any:
        return None


class Probe:
    """Injects one scene after the other."""

    def __init__(self) -> None:
        self._worker = Worker()
        self._user = build_user()
        sys.modules["__main__"] = self._user
        self._watch = _Watch()
        self._number = 0
        self._last: dict[str, Any] | None = None

    def close(self) -> None:
        self._worker.close()

    def try_scene(self, source: str, scene_name: str, *, executes: bool) -> list[str]:
        """Return what a scene ran or changed; refusals first."""
        if executes:
            return self._observe(lambda: exec(source, {"__name__": "scene"}))
        code = SceneCode(source=source, scene_name=scene_name, origin=Origin(writer="model"))
        scene = CheckedScene(code=code)
        names = ("user_list", "user_frame")
        variables = {n: getattr(self._user, n) for n in names if n in source}
        try:
            definitions = self._worker.define(scene, variables=variables, config={})
        except ShapeRotatorError as exc:
            # The kernel must hold alone: the confined process may have been taken over.
            happened = self._inject(_Unproved(scene, {}), variables)
            return [f"refused: {exc}", *(found for found in happened if "raised" not in found)]
        return self._inject(definitions, variables)

    def _inject(self, definitions: Definitions, variables: Mapping[str, Any]) -> list[str]:
        self._number += 1
        injector = Injector(vars(self._user), lambda *_, **__: definitions)
        return self._observe(
            lambda: injector.inject(
                definitions.scene, generation_id=f"probe{self._number}", variables=variables
            ),
            definitions.scene.code.scene_name,
        )

    def _observe(self, run: Callable[[], Any], scene_name: str = "") -> list[str]:
        modules = set(sys.modules)
        before = self._last or fingerprint(self._user)
        happened: list[str] = []
        printed = io.StringIO()
        self._watch.seen, self._watch.is_on = [], True
        try:
            with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
                run()
                gc.collect()  # finalizers, too
        except SceneCodeError as exc:
            happened.append(f"raised {exc}")
        except BaseException as exc:  # noqa: BLE001 - SystemExit would end the user's kernel
            happened.append(f"raised unnamed {type(exc).__name__}: {exc}")
        self._watch.is_on = False
        happened += self._watch.seen
        if printed.getvalue():
            happened.append(f"printed {printed.getvalue()[:60]!r}")
        after = fingerprint(self._user)
        changed = list(self._compare(before, after, scene_name))
        # The next one begins as this one ends, where nothing was changed or given.
        self._last = after if after == before else None
        happened += changed
        for name in set(sys.modules) - modules:
            del sys.modules[name]
        return happened

    def _compare(
        self, before: Mapping[str, Any], after: Mapping[str, Any], scene_name: str
    ) -> Iterator[str]:
        for name in before.keys() | after.keys():
            if before.get(name) == after.get(name):
                continue
            is_new_name = name.startswith("user.") and name not in before
            if not (is_new_name and self._is_given(name.removeprefix("user."), scene_name)):
                yield f"changed {name}"
        for name in [n for n in vars(self._user) if f"user.{n}" not in before]:
            delattr(self._user, name)

    def _is_given(self, name: str, scene_name: str) -> bool:
        """Tell whether the user was promised this name: the scene's class, or manim's own."""
        value = getattr(self._user, name)
        if getattr(manim, name, None) is value:
            return True
        is_own = isinstance(value, type) and value.__name__ == scene_name
        is_free = not name.startswith("_") and not hasattr(manim, name)
        return is_own and is_free and name.isidentifier()


def main() -> None:
    """Try every scene of stdin."""
    for name in sorted(ALLOWED_MODULES):
        importlib.import_module(name)
    scenes = json.load(sys.stdin)
    probe = Probe()
    gc.freeze()  # so that looking for finalizers takes no time
    executes = sys.argv[1:] == ["execute"]
    answer = {
        name: probe.try_scene(source, scene_name, executes=executes)
        for name, (source, scene_name) in scenes.items()
    }
    probe.close()
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main()
