"""A digest of everything visible in a scene, and of everything that determines its next frame.

Runs in a scene's process only. Two runs of the same code in the same state have the same digest,
in whichever process. A difference in any point, colour, number or order changes it.
"""

from __future__ import annotations

import functools
import hashlib
import marshal
import operator
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from shaperotator_magic.rendering.drawing.compiled.extensions import load_extension

_ARRAYS = ("points", "fill_rgbas", "stroke_rgbas", "background_stroke_rgbas", "rgbas")
_NUMBERS = operator.attrgetter(
    "stroke_width",
    "background_stroke_width",
    "z_index",
    "sheen_factor",
    "joint_type._value_",
    "cap_style._value_",
    "shade_in_3d",
    "updating_suspended",
)
_MARSHAL_VERSION = 2  # the last one that writes equal objects alike, shared or not
_ADDRESS = re.compile(r" at 0x[0-9a-f]+")


@dataclass(frozen=True)
class SceneDigest:
    """The digest of a scene at one moment."""

    digest: str
    has_updaters: bool
    """Whether an updater changes anything in the scene, or anything that is animated."""


def digest_scene(scene: Any, *, have_ended: bool = False) -> SceneDigest:
    """Digest everything in a scene, in its animations and in its camera.

    Parameters
    ----------
    have_ended
        The animations have ended, so that their results are in their mobjects.
    """
    waiting = list(_find_roots(scene, () if have_ended else ("target_mobject",)))
    waiting.reverse()
    shown, has_updaters = _find_show()(waiting)
    seen = hashlib.blake2b(_describe_rest(scene) + b"|" + shown, digest_size=20)
    return SceneDigest(seen.hexdigest(), has_updaters or bool(scene.updaters))


@functools.cache
def _find_show() -> Callable[[list[Any]], tuple[bytes, bool]]:
    """Return a function that serialises mobjects and their submobjects, the last of a list first.

    It also returns whether any of them has an updater. The compiled function and the Python one
    return different bytes; the key of a render names which one is used
    (``segment_cache.describe_tools``).
    """
    extension = load_extension("_objects")
    if extension is None:
        return _show
    return lambda waiting: extension.show(waiting, _describe, np.ndarray)


def _show(waiting: list[Any]) -> tuple[bytes, bool]:
    parts: list[bytes] = []
    has_updaters = False
    seen: dict[int, int] = {}
    while waiting:
        mobject = waiting.pop()
        if id(mobject) in seen:
            parts.append(b"=%d" % seen[id(mobject)])
            continue
        seen[id(mobject)] = len(seen)
        has_updaters = has_updaters or bool(mobject.updaters)
        parts.append(_describe(mobject))
        waiting.extend(reversed(mobject.submobjects))
    return b"|".join(parts), has_updaters


def _describe(mobject: Any) -> bytes:
    """Serialise one mobject, without its submobjects."""
    parts: list[bytes] = []
    attributes = mobject.__dict__
    for name in _ARRAYS:
        array = attributes.get(name)
        if isinstance(array, np.ndarray):
            parts.append(array.tobytes())
    try:
        numbers: Any = _NUMBERS(mobject)
    except AttributeError:  # it is no vector object
        numbers = mobject.z_index, mobject.updating_suspended
        # A camera within the scene is drawn again in every frame.
        if "pixel_array" in attributes and not hasattr(mobject, "camera"):
            parts.append(attributes["pixel_array"].tobytes())
    sizes = len(mobject.points), len(mobject.submobjects), len(mobject.updaters)
    facts = type(mobject).__name__, attributes.get("number"), sizes, numbers
    try:
        parts.append(marshal.dumps(facts, _MARSHAL_VERSION))
    except ValueError:
        # What is neither number nor text may have an address there: another one in every process.
        parts.append(_ADDRESS.sub("", repr(facts)).encode())
    return b"|".join(parts)


def _find_roots(scene: Any, others: tuple[str, ...]) -> Iterator[Any]:
    yield from scene.mobjects
    yield from scene.foreground_mobjects
    camera = scene.camera
    for name in ("frame", "_frame_center", "light_source"):
        if (found := getattr(camera, name, None)) is not None:
            yield found
    if hasattr(camera, "get_value_trackers"):
        yield from camera.get_value_trackers()
    for animation in scene.animations or ():
        yield from _find_animated(animation, others)


def _find_animated(animation: Any, others: tuple[str, ...]) -> Iterator[Any]:
    for name in ("mobject", *others):
        if (found := getattr(animation, name, None)) is not None:
            yield found
    for inner in getattr(animation, "animations", ()):
        yield from _find_animated(inner, others)


def _describe_rest(scene: Any) -> bytes:
    animations = [
        (
            type(animation).__name__,
            animation.run_time,
            animation.lag_ratio,
            getattr(animation.rate_func, "__qualname__", ""),
        )
        for animation in scene.animations or ()
    ]
    camera = scene.camera
    _, keys, drawn, *_ = np.random.get_state()
    facts = (
        len(scene.mobjects),
        len(scene.foreground_mobjects),
        len(scene.updaters),
        animations,
        scene.renderer.time,
        type(camera).__name__,
        str(camera.background_color),
        camera.background_opacity,
        len(getattr(camera, "fixed_in_frame_mobjects", ())),
        len(getattr(camera, "fixed_orientation_mobjects", ())),
        drawn,
    )
    # A hash of it would be another one in every process: it holds None.
    chances = marshal.dumps(random.getstate(), _MARSHAL_VERSION)
    return repr(facts).encode() + np.asarray(keys).tobytes() + chances
