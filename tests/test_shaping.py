"""Code that parses and is no scene: what it becomes, and what is left alone."""

from __future__ import annotations

import pytest

from shaperotator_magic.checking.api import Api
from shaperotator_magic.checking.api_correction import correct_api
from shaperotator_magic.checking.gate.gate import check_scene
from shaperotator_magic.core.errors import CheckFailedError
from shaperotator_magic.core.records import Completion, SceneCode
from shaperotator_magic.writing.model.extraction import extract_scene

HEAD = "from manim import *\n\n"
BODY = "        self.play(Create(Circle()))\n"
METHOD = "    def construct(self):\n" + BODY


def shape(code: str) -> str:
    return extract_scene(Completion(text=f"```python\n{code}\n```", model="recorded")).source


SHAPED = [
    "class A(Scene):\n    def animate(self):\n" + BODY,
    "class A(Scene):\n    def create_animation(self):\n" + BODY,
    "class A(Scene):\n    def helper(self):\n"
    + BODY
    + "    def run(self):\n        self.helper()\n"
    + BODY,
    "class A:\n" + METHOD,
    "class A():\n    def main(self):\n" + BODY,
    "class A(Slide):\n" + METHOD + "        self.next_slide()\n",
    "def construct(self):\n    self.play(Create(Circle()))\n",
    "def animation(self):\n    c = Circle()\n    self.play(Create(c))\n",
    "scene = Scene()\nc = Circle()\nscene.play(Create(c))\nscene.wait()\nscene.render()\n",
    "c = Circle()\nself.play(Create(c))\n",
    "class A(Scene):\n" + METHOD + "\nself.play(FadeOut(Circle()))\nself.wait()\n",
]


@pytest.fixture(scope="module")
def api() -> Api:
    from shaperotator_magic.rendering.process.api_table import build_table

    return Api(build_table())


@pytest.mark.parametrize("code", SHAPED)
def test_code_without_a_scene_becomes_one_that_passes_the_checks(code: str, api: Api) -> None:
    scene = extract_scene(Completion(text=f"```python\n{HEAD}{code}\n```", model="recorded"))
    healed, _ = correct_api(scene, api)
    check_scene(healed)
    assert scene.notes or "Slide" in code
    assert "def construct(self" in healed.source
    assert "self.play" in healed.source or "scene.play" in healed.source


@pytest.mark.parametrize(
    "code",
    [
        HEAD + "class A(Scene):\n" + METHOD,
        HEAD + "class A(Scene):\n" + METHOD + "\n\ndef helper(x):\n    return x\n",
        HEAD
        + "class B:\n    def add(self, x):\n        self.add(x)\n\n\nclass A(Scene):\n"
        + METHOD,
    ],
)
def test_a_proper_scene_is_left_alone(code: str) -> None:
    assert shape(code).strip() == code.strip()


STRUCTURE = [
    ("import os\n", "", "import os"),
    ("from manim_voiceover import VoiceoverScene\n", "(VoiceoverScene)", "voiceover"),
    ("from manim_slides import Slide\n", "(Slide)", "import Slide"),
    ("from manim_slides import Slide\n", "(Slide, MovingCameraScene)", "import Slide"),
    ("import matplotlib.pyplot as plt\n", "", "matplotlib"),
    ("from manim_physics import *\n", "(SpaceScene)", "physics"),
]


@pytest.mark.parametrize(("imports", "bases", "gone"), STRUCTURE)
def test_imports_that_scenes_have_no_use_for_are_left_out(
    imports: str, bases: str, gone: str, api: Api
) -> None:
    code = HEAD + imports + f"\nclass A{bases or '(Scene)'}:\n{METHOD}"
    healed, _ = correct_api(extract(code), api)
    check_scene(healed)
    assert gone not in healed.source


def extract(code: str) -> SceneCode:
    return extract_scene(Completion(text=f"```python\n{code}\n```", model="recorded"))


METHODS = [
    ("class A(Scene):\n    def construct():\n" + BODY, "def construct(self):"),
    (
        "class A(Scene):\n    def construct(self):\n        self.draw(Circle())\n"
        "    def draw(c):\n        self.play(Create(c))\n",
        "def draw(self, c):",
    ),
    (
        "class A(Scene):\n    def __init__(self):\n        self.size = 2\n" + METHOD,
        "super().__init__()",
    ),
    (
        "class B(VGroup):\n    def __init__(self, **options):\n        self.size = 2\n\n\n"
        "class A(Scene):\n" + METHOD,
        "super().__init__(**options)",
    ),
    (
        "class A(Scene):\n    def __init__(self, n, **k):\n        super().__init__(**k)\n"
        "        self.n = n\n" + METHOD,
        "n=None",
    ),
    (
        "class A(Scene):\n" + METHOD + "        self.set_camera_orientation(phi=1)\n",
        "(ThreeDScene)",
    ),
    ("class A(Scene):\n" + METHOD + "        self.activate_zooming()\n", "(ZoomedScene)"),
    (
        "class A(Scene):\n" + METHOD + '        self.add(Tex("a 95% test"))\n',
        'Tex("a 95\\\\% test")',
    ),
    (
        "class A(Scene):\n" + METHOD + '        self.add(Tex(r"a 95% test"))\n',
        'Tex(r"a 95\\% test")',
    ),
]


@pytest.mark.parametrize(("code", "expected"), METHODS)
def test_methods_and_bases_are_as_manim_needs_them(code: str, expected: str, api: Api) -> None:
    healed, findings = correct_api(extract(HEAD + code), api)
    check_scene(healed)
    assert expected in healed.source
    rule = "healed-percent" if "%" in expected else "healed-structure"
    assert any(finding.rule == rule for finding in findings)


@pytest.mark.parametrize(
    "setting",
    ["config.save_last_frame = True", 'config["verbosity"] = config["format"] = "ERROR"'],
)
def test_settings_of_the_output_are_left_out(setting: str, api: Api) -> None:
    code = f"{HEAD}{setting}\nconfig.background_color = BLUE\n\n\nclass A(Scene):\n{METHOD}"
    healed, findings = correct_api(extract(code), api)
    check_scene(healed)
    assert setting not in healed.source
    assert "config.background_color = BLUE" in healed.source
    assert "healed-structure" in {finding.rule for finding in findings}


@pytest.mark.parametrize("setting", ['config["media_dir"] = "/"', "config.verbosity = print()"])
def test_other_settings_stay_refused(setting: str, api: Api) -> None:
    healed, _ = correct_api(extract(f"{HEAD}{setting}\n\n\nclass A(Scene):\n{METHOD}"), api)
    with pytest.raises(CheckFailedError):
        check_scene(healed)


def test_narration_has_a_duration(api: Api) -> None:
    code = (
        HEAD + "from manim_voiceover import VoiceoverScene\n\nclass A(VoiceoverScene):\n"
        "    def construct(self):\n        self.set_speech_service(GTTSService())\n"
        '        with self.voiceover(text="Here") as tracker:\n'
        "            self.play(Create(Circle()), run_time=tracker.duration)\n"
    )
    healed, _ = correct_api(extract(code), api)
    check_scene(healed)
    assert "with Narration(" in healed.source
