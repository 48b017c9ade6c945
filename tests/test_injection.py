"""Injected definitions belong to the user, run nothing, and take nothing of the user's away."""

from __future__ import annotations

import builtins
import inspect
import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest

from shaperotator_magic.core.errors import SceneCodeError
from shaperotator_magic.core.records import build_generation_id
from shaperotator_magic.notebook.session.injection import Injected, Injector
from shaperotator_magic.rendering.worker.worker import Worker
from tests.fakes import build_checked

pytestmark = pytest.mark.render

Put = Callable[..., Injected]

SOURCE = """from manim import *
import numpy as np

COUNT = 3


def helper(x):
    return x + COUNT


class S(Scene):
    def construct(self):
        self.add(Circle().shift(helper(1) * RIGHT))
"""
EVERYTHING = """from manim import *
import math
from abc import ABC, abstractmethod
from collections import namedtuple
from dataclasses import dataclass, field
from enum import Enum, IntEnum
from fractions import Fraction
from functools import cached_property, lru_cache, total_ordering
from typing import Generic, NamedTuple, TypeVar

N = 3
A, B = 1, 2
COLORS = [RED, ManimColor("#123456"), interpolate_color(RED, BLUE, 0.5)]
HALF_FRAME = config.frame_width / 2
GRID = np.array([[2, 1], [1, 2]]) * N
EASE = rate_functions.ease_in_out_sine
FUNCTIONS = {"sin": np.sin, "own": lambda x, k=N: x * k}
TABLE = dict(shape=Circle, of=lambda t: t)
PICK = smooth if N > 2 else linear
KINDS = frozenset({1, 2}), range(3), Fraction(1, 2), f"{N} things", 2 + 1j
T = TypeVar("T")
Pair = namedtuple("Pair", "x y", defaults=(0,))
TEMPLATE = TexTemplate(preamble="x")


def helper(x: float, k: int = N * 2, *, c=RED) -> float:
    "what it does"
    return x * k


ALIAS = helper


@dataclass(frozen=True)
class Point:
    x: float
    y: float = 0.0
    tags: list = field(default_factory=list)

    def norm(self):
        return math.hypot(self.x, self.y)


class Shade(Enum):
    LIGHT = "l"
    DARK = "d"

    def describe(self):
        return self.value.upper()


class Text2(str, Enum):
    A = "a"


class Level(IntEnum):
    LOW = 1


DEFAULT = Shade.DARK
MIXED = list(Shade) + [helper]


class Row(NamedTuple):
    x: int
    y: float = 1.5

    def area(self):
        return self.x * self.y


class Base(ABC):
    @abstractmethod
    def f(self): ...


class Holder(Generic[T]):
    pass


@total_ordering
class Ordered:
    def __eq__(self, other):
        return True

    def __lt__(self, other):
        return False


class Ball(Circle):
    SIZE = N * 2

    def __init__(self, radius=0.5, **kwargs):
        super().__init__(radius=radius, **kwargs)
        self.k = 1

    @property
    def size(self):
        return self.k

    @size.setter
    def size(self, value):
        self.k = value

    @staticmethod
    def plus(x):
        return x + 1

    @classmethod
    def make(cls):
        return cls()

    @cached_property
    def cached(self):
        return 5

    @lru_cache(maxsize=None)
    def memo(self, x):
        return x

    @override_animation(FadeIn)
    def _fade(self, **options):
        return Create(self, **options)

    def clear(self):
        return self

    @override_animate(clear)
    def _clear(self, anim_args=None):
        return Uncreate(self)

    class Inner:
        def show(self):
            return super().__repr__()


class S(Scene):
    def construct(self):
        ball = Ball.make()
        ball.size = 4
        self.play(FadeIn(ball), run_time=0.1)
        self.play(ball.animate.clear(), run_time=0.1)
        assert (ball.size, ball.cached, ball.memo(2), Ball.plus(1), Ball.SIZE) == (4, 5, 2, 2, 6)
        assert (helper(2), helper.__doc__, ALIAS) == (12, "what it does", helper)
        assert (Point(3, 4).norm(), Row(2).area(), Pair(1).y) == (5, 3, 0)
        assert DEFAULT.describe() == "D" and MIXED == [Shade.LIGHT, Shade.DARK, helper]
        assert FUNCTIONS["own"](2) == 6 and PICK is smooth and Ordered() <= Ordered()
        assert "Inner" in Ball.Inner().show()
"""


@pytest.fixture
def put(worker: Worker) -> Put:
    """Return what injects a source into a namespace, as one user's kernel does."""
    injectors: dict[int, Injector] = {}

    def inject(source: str, user_ns: dict[str, Any], name: str = "S", **variables: Any) -> Injected:
        injector = injectors.setdefault(id(user_ns), Injector(user_ns, worker.define))
        scene = build_checked(source, name)
        return injector.inject(scene, generation_id=build_generation_id(), variables=variables)

    return inject


def test_inject_binds_the_scene_and_manims_names(put: Put) -> None:
    user_ns: dict[str, Any] = {}
    injected = put(SOURCE, user_ns)
    assert user_ns["S"] is injected.scene_class and injected.scene_class_name == "S"
    exec("class Mine(S):\n    colour = RED\n    move = FadeOut\n    x = np.pi", user_ns)
    assert user_ns["Mine"].__mro__[1] is injected.scene_class


def test_inject_leaves_helpers_beside_the_class(put: Put) -> None:
    user_ns: dict[str, Any] = {}
    scene_class = put(SOURCE, user_ns).scene_class
    assert not {"helper", "COUNT"} & set(user_ns)
    assert scene_class.scene_module.helper(1) == 4  # type: ignore[attr-defined]


def test_inject_keeps_what_the_user_has(put: Put) -> None:
    mine = {"helper": "mine", "COUNT": 99, "RED": "my red", "np": "my np", "Circle": print}
    user_ns: dict[str, Any] = dict(mine)
    put(SOURCE, user_ns)
    assert {name: user_ns[name] for name in mine} == mine
    assert user_ns["S"].construct.__globals__["COUNT"] == 3


@pytest.mark.parametrize("name", ["print", "len", "Exception"])
def test_inject_takes_no_builtin_name(put: Put, name: str) -> None:
    before = dict(vars(builtins))
    user_ns: dict[str, Any] = {}
    source = SOURCE.replace("def helper", f"def {name}").replace("helper(1)", f"{name}(1)")
    put(source, user_ns)
    assert name not in user_ns and vars(builtins) == before


def test_inject_with_a_taken_class_name_binds_the_next_one(put: Put) -> None:
    user_ns: dict[str, Any] = {"S": "my S", "S_2": 2}
    assert put(SOURCE, user_ns).scene_class_name == "S_3"
    assert user_ns["S"] == "my S"


def test_inject_keeps_a_scene_that_the_user_gave_another_name(put: Put) -> None:
    user_ns: dict[str, Any] = {}
    first = put(SOURCE, user_ns).scene_class
    user_ns["T"] = user_ns["S"]
    second = put(SOURCE.replace("class S", "class T"), user_ns, "T")
    assert user_ns["T"] is first and second.scene_class_name == "T_2"


def test_inject_again_replaces_its_own_definitions(put: Put) -> None:
    user_ns: dict[str, Any] = {}
    first = put(SOURCE, user_ns).scene_class
    second = put(SOURCE.replace("COUNT = 3", "COUNT = 4"), user_ns)
    assert second.scene_class_name == "S" and user_ns["S"] is not first
    assert user_ns["S"].scene_module.helper(1) == 5


def test_inject_gives_the_scene_its_variables_and_not_the_user(put: Put) -> None:
    user_ns: dict[str, Any] = {}
    given = [1, 2]
    source = SOURCE.replace("COUNT = 3", "COUNT = len(A)\nMINE = A")
    scene_class = put(source, user_ns, A=given).scene_class
    found = scene_class.construct.__globals__
    assert found["A"] is found["MINE"] is given and found["COUNT"] == 2
    assert "A" not in user_ns


def test_inject_keeps_the_users_manim_config(put: Put) -> None:
    from manim import config

    before = dict(config._d)
    settings = 'config.background_color = "#123456"\nconfig.frame_width = 20\n'
    user_ns: dict[str, Any] = {}
    put(SOURCE.replace("COUNT = 3", f"{settings}COUNT = config.frame_width"), user_ns)
    assert config._d == before
    assert user_ns["S"].scene_module.COUNT == 20


@pytest.mark.parametrize("line", ["COUNT = missing", "class T(Nothing): pass", "X = 1 / 0"])
def test_inject_that_raises_binds_nothing_and_names_the_line(put: Put, line: str) -> None:
    user_ns: dict[str, Any] = {}
    before = _list_scene_modules()
    with pytest.raises(SceneCodeError, match="Line 4: ") as caught:
        put(SOURCE.replace("COUNT = 3", line), user_ns)
    assert user_ns == {} and caught.value.hint
    assert _list_scene_modules() == before


def test_injected_source_can_be_read(put: Put) -> None:
    scene_class = put(SOURCE, {}).scene_class
    assert inspect.getsource(scene_class).startswith("class S(Scene):")


def test_inject_of_everything_that_may_be_defined_is_as_python_would_have_it(
    put: Put, monkeypatch: pytest.MonkeyPatch
) -> None:
    from manim import tempconfig

    scene_class = put(EVERYTHING, {}).scene_class
    module = ModuleType("plain")
    monkeypatch.setitem(sys.modules, "plain", module)  # dataclasses look for it there
    plain = vars(module)
    exec(EVERYTHING, plain)
    found = vars(scene_class.scene_module)  # type: ignore[attr-defined]
    for name in ("A", "B", "COLORS", "HALF_FRAME", "EASE", "PICK", "KINDS", "TEMPLATE"):
        assert found[name] == plain[name] and type(found[name]) is type(plain[name])
    assert (found["GRID"] == plain["GRID"]).all()
    assert {n for n in found if not n.startswith("__")} == {
        n for n in plain if not n.startswith("__")
    }
    with tempconfig({"dry_run": True, "verbosity": "ERROR", "progress_bar": "none"}):
        scene_class().render()


@pytest.mark.parametrize("line", ["S = Circle", "S = 3", "S = helper"])
def test_inject_of_a_name_that_is_no_class_of_the_scene_is_refused(put: Put, line: str) -> None:
    before = _describe_manim()
    user_ns: dict[str, Any] = {}
    with pytest.raises(SceneCodeError, match="S is "):
        put(f"{SOURCE}\n{line}\n", user_ns)
    assert user_ns == {} and _describe_manim() == before


def test_inject_calls_no_method_of_a_class_that_a_dictionary_is_made_of(put: Put) -> None:
    source = "class K:\n    def keys():\n        return []\n\n\nD = dict(K)"
    with pytest.raises(SceneCodeError, match=r"Line 9: keys\(\) of the scene's own"):
        put(SOURCE.replace("COUNT = 3", source), {})


def test_injected_function_may_call_what_imports_in_c(put: Put) -> None:
    source = SOURCE.replace("return x + COUNT", 'return datetime.strptime("2026", "%Y").year + x')
    imported = source.replace(
        "import numpy as np", "import numpy as np\nfrom datetime import datetime"
    )
    scene_class = put(imported, {}).scene_class
    assert scene_class.scene_module.helper(1) == 2027  # type: ignore[attr-defined]


def test_inject_changes_nothing_of_manims(put: Put) -> None:
    before = _describe_manim()
    put(EVERYTHING, {})
    assert _describe_manim() == before


def _list_scene_modules() -> set[str]:
    return {name for name in sys.modules if name.startswith("shaperotator_scene_")}


def _describe_manim() -> dict[str, int]:
    """Return the identity of every attribute of manim's modules and of its classes."""
    found: dict[str, int] = {}
    for module_name, module in sorted(sys.modules.items()):
        if module_name != "manim" and not module_name.startswith("manim."):
            continue
        for name, value in vars(module).items():
            found[f"{module_name}.{name}"] = id(value)
            if inspect.isclass(value):
                found |= {f"{value.__qualname__}.{k}": id(v) for k, v in vars(value).items()}
    return found
