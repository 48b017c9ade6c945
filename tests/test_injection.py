"""Injected definitions belong to the user, and take nothing of the user's away."""

from __future__ import annotations

import inspect
import sys
from typing import Any

import pytest

from shaperotator_magic.errors import SceneCodeError
from shaperotator_magic.notebook.injection import inject
from tests.fakes import build_checked

pytestmark = pytest.mark.render

SOURCE = """from manim import *
import numpy as np

COUNT = 3


def helper(x):
    return x + COUNT


class S(Scene):
    def construct(self):
        self.add(Circle().shift(helper(1) * RIGHT))
"""


def put(source: str, user_ns: dict[str, Any], **variables: Any) -> Any:
    scene = build_checked(source)
    return inject(scene, user_ns, generation_id="0badcafe", variables=variables)


def test_inject_binds_the_scene_and_what_it_needs() -> None:
    user_ns: dict[str, Any] = {}
    injected = put(SOURCE, user_ns)
    assert user_ns["S"] is injected.scene_class and injected.scene_class_name == "S"
    exec("class Mine(S):\n    colour = RED\n    move = FadeOut", user_ns)
    assert user_ns["Mine"].__mro__[1] is injected.scene_class


def test_inject_keeps_what_the_user_has() -> None:
    mine = {"helper": "mine", "COUNT": 99, "RED": "my red", "np": "my np", "Circle": print}
    user_ns: dict[str, Any] = dict(mine)
    injected = put(SOURCE, user_ns)
    assert {name: user_ns[name] for name in mine} == mine
    assert "helper" in injected.kept
    assert user_ns["S"].construct.__globals__["COUNT"] == 3


def test_inject_with_a_taken_class_name_binds_the_next_one() -> None:
    user_ns: dict[str, Any] = {"S": "my S", "S_2": 2}
    assert put(SOURCE, user_ns).scene_class_name == "S_3"
    assert user_ns["S"] == "my S"


def test_inject_again_replaces_its_own_definitions() -> None:
    user_ns: dict[str, Any] = {}
    first = put(SOURCE, user_ns).scene_class
    second = put(SOURCE.replace("COUNT = 3", "COUNT = 4"), user_ns)
    assert second.scene_class_name == "S" and user_ns["S"] is not first
    assert user_ns["helper"](1) == 5


def test_inject_gives_the_scene_its_variables_and_not_the_user() -> None:
    user_ns: dict[str, Any] = {}
    scene_class = put(SOURCE, user_ns, A=[1, 2]).scene_class
    assert scene_class.construct.__globals__["A"] == [1, 2]
    assert "A" not in user_ns


def test_inject_keeps_the_users_manim_config() -> None:
    from manim import config

    before = config.background_color
    put(SOURCE.replace("COUNT = 3", 'COUNT = 3\nconfig.background_color = "#123456"'), {})
    assert config.background_color == before


@pytest.mark.parametrize("line", ["COUNT = missing", "class T(Nothing): pass", "X = 1 / 0"])
def test_inject_that_raises_binds_nothing_and_names_the_line(line: str) -> None:
    user_ns: dict[str, Any] = {}
    with pytest.raises(SceneCodeError, match="Line 4: ") as caught:
        put(SOURCE.replace("COUNT = 3", line), user_ns)
    assert user_ns == {} and caught.value.hint
    assert "shaperotator_scene_0badcafe" not in sys.modules


def test_injected_source_can_be_read() -> None:
    scene_class = put(SOURCE, {}).scene_class
    assert inspect.getsource(scene_class).startswith("class S(Scene):")
