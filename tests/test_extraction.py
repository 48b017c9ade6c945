"""Replies as models really write them."""

from __future__ import annotations

import ast
import time
from pathlib import Path

import pytest

from shaperotator_magic.core.errors import NoSceneError, SceneCodeError
from shaperotator_magic.core.records import Completion, SceneCode
from shaperotator_magic.testing import RecordedReply, load_recorded_replies
from shaperotator_magic.writing.model.extraction import drop_thinking, extract_scene

REPLIES = Path(__file__).parent / "data" / "replies"
BODY = "    def construct(self):\n        self.wait()\n"
CODE = f"from manim import *\n\nclass Dot1(Scene):\n{BODY}"
NESTED = CODE + "        Text('''\n```\nx = 1\n```\n''')\n"
INDENTED = "".join(f"    {line}\n" if line else "\n" for line in CODE.split("\n"))


def extract(text: str, name: str | None = None) -> SceneCode:
    return extract_scene(Completion(text=text, model="tiny"), name=name)


@pytest.mark.parametrize("row", load_recorded_replies(REPLIES), ids=lambda row: row.id)
def test_extract_scene_takes_every_recorded_reply_whole(row: RecordedReply) -> None:
    for text in (row.reply, *row.repairs):
        scene = extract(text)
        assert scene.source.strip() == text.split("```python\n")[1].split("\n```")[0].strip()
        assert f"class {scene.scene_name}(" in scene.source
        assert (scene.origin.writer, scene.origin.model) == ("model", "tiny")


SHAPES = {
    "python": f"Here it is:\n\n```python\n{CODE}```\nRun it with `manim -pql a.py Dot1`.",
    "py": f"```py\n{CODE}```",
    "capital": f"```Python\n{CODE}```",
    "file-name": f"```python:scene.py\n{CODE}```",
    "title": f'```python title="scene.py"\n{CODE}```',
    "braces": f"``` {{.python}}\n{CODE}```",
    "unlabelled": f"```\n{CODE}```",
    "tildes": f"~~~python\n{CODE}~~~",
    "four-ticks": f"````python\n{CODE}````",
    "unclosed": f"Sure!\n```python\n{CODE}",
    "unclosed-with-prose": f"```python\n{CODE}\nThis shows a dot, and that's all.\nEnjoy it!",
    "unopened": f"{CODE}```\nThat's it.",
    "bare": CODE,
    "bare-with-prose": f"Here's the scene:\n\n{CODE}\nIt shows a dot; isn't it nice?\nBye.",
    "indented-fence": f"1. Write:\n\n    ```python\n{INDENTED}    ```\n2. Run.",
    "crlf": f"Sure.\n```python\n{CODE}```\n".replace("\n", "\r\n"),
    "byte-order-mark": f"\ufeff{CODE}",
    "thinking": f"<think>\n```python\nclass No(Scene): pass\n```\n</think>\n```python\n{CODE}```",
    "thinking-unopened": f"Maybe a dot.\n</think>\n\n```python\n{CODE}```",
    "thinking-unclosed": f"<think>\nA dot.\n```python\n{CODE}```",
    "shell-first": f"```bash\npip install manim\n```\n```python\n{CODE}```",
    "shell-unlabelled": f"```\npip install manim\n```\n```\n{CODE}```\n```\nmanim -pql a.py\n```",
    "shell-in-code": f"```python\n!pip install manim\n{CODE}```",
    "notebook-magic": f"```python\n%%manim -qm Dot1\n{CODE}```",
    "script-part": f"```python\n{CODE}\nif __name__ == '__main__':\n    Dot1().render()\n```",
    "output-block": f"```python\n{CODE}```\nOutput:\n```text\nclass X(Scene): done\n```",
    "open-string-in-text": f'```text\na = """\n```\n```python\n{CODE}```',
    "given-twice": f"```python\n{CODE}```\nAgain:\n```python\n{CODE}```",
    "import-missing": f"```python\nclass Dot1(Scene):\n{BODY}```",
    "import-apart": f"```\nfrom manim import *\n```\n```python\nclass Dot1(Scene):\n{BODY}```",
    "snippet-after": f"```python\n{CODE}```\nTo slow it down:\n```python\nself.wait(3)\n```",
}


@pytest.mark.parametrize("text", SHAPES.values(), ids=SHAPES.keys())
def test_extract_scene_finds_the_same_code_in_any_wrapping(text: str) -> None:
    scene = extract(text)
    assert scene.scene_name == "Dot1"
    assert ast.dump(ast.parse(scene.source)) == ast.dump(ast.parse(CODE))


def test_extract_scene_with_fences_inside_a_string_takes_the_whole_code() -> None:
    assert extract(f"```python\n{NESTED}```\nDone.").source == NESTED


def test_extract_scene_with_tabs_takes_the_code() -> None:
    tabbed = CODE.replace("    ", "\t")
    assert extract(f"```python\n{tabbed}```").source == tabbed


@pytest.mark.parametrize(
    ("text", "kept", "left_out"),
    [
        ("import manim as mn\nclass A(mn.Scene):\n", "mn.Scene", "import *"),
        ("from manim import Scene\nclass A(Scene):\n", "import Scene", "import *"),
        ("from manimlib import *\nclass A(Scene):\n", "manimlib", "from manim import"),
        ("import numpy as np\nclass A(Scene):\n", "from manim import *\n\nimport numpy", "#"),
        ('"""Doc."""\nclass A(Scene):\n', '"""Doc."""\nfrom manim import *\n', "#"),
        (
            "from __future__ import annotations\nclass A(Scene):\n",
            "annotations\nfrom manim import *\n",
            "#",
        ),
    ],
)
def test_extract_scene_imports_manim_only_where_it_is_missing(
    text: str, kept: str, left_out: str
) -> None:
    source = extract(f"```\n{text}{BODY}```").source
    assert kept in source
    assert left_out not in source


def test_extract_scene_joins_blocks_that_need_each_other() -> None:
    text = (
        "Imports:\n```python\nimport numpy as np\nfrom manim import *\n```\n"
        "Unused:\n```python\ndef unused():\n    return 1\n```\n"
        "Helper:\n```python\ndef wave(x):\n    return np.sin(x) * SCALE\n```\n"
        f"Scene:\n```python\nclass A(Scene):\n{BODY}        wave(1)\n```\n"
        "And a constant:\n```python\nSCALE = 2\n```"
    )
    source = extract(text).source
    assert [word in source for word in ("numpy", "wave(x)", "SCALE = 2", "unused")] == [
        True,
        True,
        True,
        False,
    ]
    assert source.rstrip().endswith("wave(1)")


def test_extract_scene_with_base_in_another_block_joins_them() -> None:
    text = (
        f"```python\nclass A(ThreeDScene):\n{BODY}```\n```python\nclass B(A):\n    speed = 2\n```"
    )
    scene = extract(text)
    assert scene.scene_name == "B"
    assert scene.source.index("class A") < scene.source.index("class B")


@pytest.mark.parametrize(
    ("code", "name", "chosen"),
    [
        (f"class A(Scene):\n{BODY}class B(Scene):\n{BODY}", None, "B"),
        (f"class A(Scene):\n{BODY}class B(Scene):\n{BODY}", "A", "A"),
        (f"class A(Scene):\n{BODY}class B(VGroup):\n    pass\n", None, "A"),
        (f"class Base(Scene):\n{BODY}class B(Base):\n    pass\n", None, "B"),
        (f"class A(Scene):\n{BODY}class Base(Scene):\n    pass\n", None, "A"),
        (f"class A(MovingCameraScene, Mixin):\n{BODY}", None, "A"),
        (f"class A(mn.ThreeDScene):\n{BODY}", None, "A"),
    ],
)
def test_extract_scene_chooses_the_last_concrete_scene_or_the_named_one(
    code: str, name: str | None, chosen: str
) -> None:
    assert extract(f"```python\n{code}```", name).scene_name == chosen


def test_extract_scene_with_another_name_renames_the_class_but_no_text() -> None:
    code = CODE + '        Text("Dot1")  # Dot1\n        super(Dot1, self)\n        Dot10 = Dot1\n'
    scene = extract(code, "Mine")
    assert scene.scene_name == "Mine"
    assert "class Mine(Scene):" in scene.source
    assert '        Text("Dot1")  # Dot1\n        super(Mine, self)' in scene.source
    assert "Dot10 = Mine" in scene.source


def test_extract_scene_with_corrected_version_takes_the_last() -> None:
    better = CODE.replace("self.wait()", "self.wait(2)")
    text = f"First:\n```python\n{CODE}```\nBetter:\n```python\n{better}```"
    assert extract(text).source == better


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is empty"),
        ("<think>hm</think>", "holds no scene code"),
        ("I cannot draw that.", "It begins: I cannot draw that."),
        ("x" * 500, "…"),
        ("```bash\npip install manim\n```", "holds no scene code"),
        ("```python\nprint(1)\nx = 2\n```", "defines no scene class"),
        ("```python\nclass A(VGroup):\n    pass\n```", "has no scene"),
        ("```python\nclass A(Scene):\n    pass\n```", "has no scene"),
        ("```python\nclass A(B):\n    pass\nclass B(A):\n    pass\n```", "has no scene"),
    ],
)
def test_extract_scene_without_scene_says_what_came_instead(text: str, message: str) -> None:
    with pytest.raises(NoSceneError) as caught:
        extract(text)
    assert message in caught.value.message
    assert len(caught.value.message) < 200
    assert caught.value.hint


@pytest.mark.parametrize("wrap", ["```python\n{}```", "```python\n{}", "{}", "Sure:\n{}\nBye!\n"])
def test_extract_scene_with_a_bracket_too_many_leaves_it_out_and_says_so(wrap: str) -> None:
    code = CODE + "        self.play(Create(x)))\n        self.wait()\n"
    scene = extract(wrap.replace("{}", code))
    assert "        self.play(Create(x))\n        self.wait()\n" in scene.source
    assert "line 6" in scene.notes[0]


def test_extract_scene_with_mistake_before_a_second_class_keeps_both_and_says_so() -> None:
    scene = extract(f"{CODE}        x = = 1\n\nclass Second(Scene):\n{BODY}")
    assert scene.scene_name == "Second"
    assert "class Dot1(Scene)" in scene.source
    assert scene.notes == ("line 6 is no Python and was left out: x = = 1",)


@pytest.mark.parametrize("code", ["class 1(Scene):\n    pass\n", f"```python\n{CODE}\0```"])
def test_extract_scene_with_unreadable_code_is_an_error_of_ours(code: str) -> None:
    with pytest.raises(SceneCodeError):
        extract(code)


def test_extract_scene_with_stray_backslashes_warns_nobody(
    recwarn: pytest.WarningsRecorder,
) -> None:
    extract(CODE + '        Text("\\frac")\n')
    assert not recwarn.list


def test_drop_thinking_leaves_a_mark_inside_the_code_alone() -> None:
    text = f'```python\n{CODE}        Text("</think>")\n```'
    assert drop_thinking(text) == text


@pytest.mark.parametrize("opening", ["x = (", 'x = """', "x = 1"])
def test_extract_scene_with_thousands_of_fences_stays_quick(opening: str) -> None:
    text = f"```python\nclass A(Scene):\n    {opening}\n```\n" * 4000
    started = time.process_time()
    with pytest.raises(SceneCodeError):
        extract(text)
    assert time.process_time() - started < 5
