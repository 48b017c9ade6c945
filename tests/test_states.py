"""What is to be seen of a scene: two that are alike have one digest, any difference another."""

from __future__ import annotations

import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from shaperotator_magic.rendering.checkpoints import digests
from shaperotator_magic.rendering.drawing.compiled.extensions import load_extension

pytestmark = pytest.mark.render


@pytest.fixture(params=["compiled", "python"])
def look(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[Callable[..., digests.SceneDigest]]:
    """Returns what is seen of objects in a scene of their own."""
    if request.param == "python":
        monkeypatch.setattr(digests, "load_extension", lambda name: None)
    elif load_extension("_objects") is None:
        pytest.skip("the extension was not built")
    digests._find_show.cache_clear()
    from manim import Scene, tempconfig

    def look(*mobjects: Any) -> digests.SceneDigest:
        scene = Scene()
        random.seed(1)
        np.random.seed(1)
        scene.mobjects = list(mobjects)
        return digests.digest_scene(scene)

    with tempconfig({"media_dir": str(tmp_path), "dry_run": True}):
        yield look
    digests._find_show.cache_clear()


def build() -> Any:
    from manim import RED, Circle, Dot, ImageMobject, Square, Text, VGroup

    image = ImageMobject(np.zeros((2, 2, 3), dtype=np.uint8))
    inner = VGroup(Circle(color=RED), Square(), Dot())
    inner[2].number = 2.5
    return VGroup(inner, Text("ab"), Dot(), VGroup()), image


def change(make: Callable[[Any, Any], Any]) -> tuple[Any, Any]:
    group, image = build()
    make(group, image)
    return group, image


CHANGES: dict[str, Callable[[Any, Any], Any]] = {
    "a point": lambda group, image: group[2].points.__setitem__((3, 1), 1e-9),
    "a sign of 0": lambda group, image: group[2].points.__setitem__((0, 2), -0.0),
    "a color": lambda group, image: group[0][0].stroke_rgbas.__setitem__((0, 0), 0.123),
    "a width": lambda group, image: group[0][1].set_stroke(width=3),
    "a background": lambda group, image: group[0][1].set_stroke(width=3, background=True),
    "a depth": lambda group, image: group[1].set_z_index(2),
    "a joint": lambda group, image: setattr(
        group[2], "joint_type", type(group[2].joint_type).BEVEL
    ),
    "a cap": lambda group, image: group[2].set_cap_style(type(group[2].cap_style).ROUND),
    "an order": lambda group, image: group.submobjects.reverse(),
    "a nesting": lambda group, image: group.add(group.submobjects.pop(0)[0]),
    "a part less": lambda group, image: group.submobjects.pop(),
    "a part twice": lambda group, image: group.submobjects.append(group[0][0]),
    "a number": lambda group, image: setattr(group[0][2], "number", 2.25),
    "a class": lambda group, image: setattr(group[0][0], "__class__", type(group[2])),
    "a pixel": lambda group, image: image.pixel_array.__setitem__((0, 0, 0), 1),
    "an updater": lambda group, image: group[2].add_updater(lambda m: m),
    "no updating": lambda group, image: group.suspend_updating(),
    "points in another order": lambda group, image: setattr(
        group[2], "points", np.asfortranarray(group[2].points[::-1])
    ),
    "a type of colors": lambda group, image: setattr(
        group[2], "fill_rgbas", group[2].fill_rgbas.astype(np.float32)
    ),
    "a width that is no number": lambda group, image: setattr(group[2], "stroke_width", "4"),
    "a width missing": lambda group, image: delattr(group[2], "stroke_width"),
    "a large number": lambda group, image: setattr(group[0][2], "number", 10**30),
    "a complex number": lambda group, image: setattr(group[0][2], "number", 1j),
}


def test_scenes_that_are_alike_look_alike(look: Callable[..., digests.SceneDigest]) -> None:
    assert look(*build()) == look(*build())
    group, image = build()
    in_other_memory = group.copy(), image.copy()
    in_other_memory[0][2].points = np.asfortranarray(group[2].points)
    assert look(group, image) == look(*in_other_memory)


def test_every_difference_is_seen(look: Callable[..., digests.SceneDigest]) -> None:
    seen = {name: look(*change(make)).digest for name, make in CHANGES.items()}
    assert len({look(*build()).digest, *seen.values()}) == len(CHANGES) + 1, seen


def test_updaters_are_found_wherever_they_are(look: Callable[..., digests.SceneDigest]) -> None:
    assert not look(*build()).has_updaters
    group, image = build()
    group[0][1].add_updater(lambda m: m)
    assert look(group, image).has_updaters


def test_object_that_is_in_itself_is_looked_at_once(
    look: Callable[..., digests.SceneDigest],
) -> None:
    group, _ = build()
    group[0].submobjects.append(group)
    assert look(group).digest != look(build()[0]).digest
    assert look(group) == look(group)


def test_object_that_cannot_be_looked_at_says_so(look: Callable[..., digests.SceneDigest]) -> None:
    group, _ = build()
    group[0][1].points = None
    with pytest.raises(TypeError):
        look(group)


def test_state_is_the_same_in_another_process(tmp_path: Path) -> None:
    program = (
        "import random; random.seed(1); from manim import Scene, np; np.random.seed(1); "
        "from shaperotator_magic.rendering.checkpoints.digests import digest_scene; "
        "scene = Scene(); random.seed(1); np.random.seed(1); print(digest_scene(scene).digest)"
    )
    runs = [
        subprocess.run(
            [sys.executable, "-c", program],
            capture_output=True,
            text=True,
            check=True,
            cwd=tmp_path,
        )
        for _ in range(2)
    ]
    assert runs[0].stdout == runs[1].stdout
