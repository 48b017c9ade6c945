"""The magics in a real Jupyter kernel, message by message."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from benchmarks.kernels import Kernel, Running, start_kernel
from shaperotator_magic.keeping.store import Store
from shaperotator_magic.testing import RecordedModelServer, Reply

pytestmark = pytest.mark.kernel

HEAVY = ("manim", "openai", "pydantic", "sqlalchemy", "anywidget", "ipywidgets", "fastapi", "httpx")
SCENE = """```python
from manim import *

class Small(Scene):
    def construct(self):
        self.play(Create(Circle()), run_time=0.3)
```"""
# Long to draw, and soon checked: 900 new circles would take half a minute before the first frame.
LONG = SCENE.replace(
    "self.play(Create(Circle())",
    "circle = Circle()\n        for n in range(900): self.play(Rotate(circle, 1 + n)",
)


@pytest.fixture(scope="module")
def kernel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kernel]:
    """One kernel with the extension loaded."""
    with start_kernel(tmp_path_factory.mktemp("kernel")) as kernel:
        yield kernel


@pytest.fixture(scope="module", autouse=True)
def loaded(kernel: Kernel) -> list[str]:
    """The heavy modules that ``%load_ext`` has brought in."""
    before = set(
        ast.literal_eval(kernel.value(f"[n for n in {HEAVY} if n in __import__('sys').modules]"))
    )
    assert kernel.run("%load_ext shaperotator_magic").reply["status"] == "ok"
    after = ast.literal_eval(
        kernel.value(f"[n for n in {HEAVY} if n in __import__('sys').modules]")
    )
    return [name for name in after if name not in before]


@pytest.fixture
def ask(kernel: Kernel) -> Iterator[Callable[..., Running]]:
    """Run a cell whose reply is given, and return what came back."""
    servers: list[RecordedModelServer] = []

    def run(reply: Reply | str, *options: str, **arguments: Any) -> Running:
        server = RecordedModelServer(lambda _: reply)
        servers.append(server.__enter__())
        line = f"%%shaperotate --model m --base-url {server.base_url} --attempts 1"
        return kernel.run(f"{line} {' '.join(options)}\na small circle", **arguments)

    yield run
    for server in servers:
        server.__exit__(None, None, None)


def interrupt_at(kernel: Kernel, word: str) -> Callable[[Running, dict[str, Any]], None]:
    """Interrupt the kernel once, when the card first says ``word``."""
    waiting = [word]

    def watch(running: Running, message: dict[str, Any]) -> None:
        if waiting and waiting[0] in running.html:
            waiting.clear()
            kernel.manager.interrupt_kernel()

    return watch


def outputs(running: Running, *kinds: str) -> list[dict[str, Any]]:
    return [m["content"] for _, m in running.messages if m["msg_type"] in kinds]


def test_load_ext_imports_nothing_heavy(loaded: list[str]) -> None:
    assert loaded == []


def test_cell_shows_its_card_first_and_changes_that_one(ask: Callable[..., Running]) -> None:
    running = ask(SCENE)
    first, *others = outputs(running, "display_data", "stream", "execute_result", "error")
    assert "Starting" in first["data"]["text/html"] and others == []
    updates = outputs(running, "update_display_data")
    assert {u["transient"]["display_id"] for u in updates} == {first["transient"]["display_id"]}
    said = " ".join(update["data"]["text/html"] for update in updates)
    assert all(word in said for word in ("tokens from m", "Rendering", "<video"))
    assert running.reply["status"] == "ok"


def test_scene_of_a_cell_is_a_class_of_the_kernel(
    kernel: Kernel, ask: Callable[..., Running]
) -> None:
    ask(SCENE)
    assert kernel.run("class Mine(Small):\n    colour = RED").reply["status"] == "ok"
    assert kernel.value("Mine.__mro__[1].__name__") == "'Small'"
    assert kernel.value("_shape.status") == "'completed'"


@pytest.mark.parametrize(
    ("reply", "word"),
    [
        (Reply(LONG, chunk_chars=2, chunk_delay_s=0.3), "tokens from m"),
        (Reply(SCENE, delay_s=60), "asking m"),
        (Reply(LONG), " frames"),
    ],
    ids=["while writing", "before the first token", "while rendering"],
)
def test_interrupt_leaves_a_cancelled_card_and_a_working_kernel(
    kernel: Kernel, ask: Callable[..., Running], reply: Reply, word: str
) -> None:
    running = ask(reply, on_message=interrupt_at(kernel, word))
    assert "<b>Cancelled.</b>" in running.html and 'data-sr-status="cancelled"' in running.html
    (error,) = outputs(running, "error")
    assert (error["ename"], len(error["traceback"])) == ("GenerationCancelled", 1)
    assert kernel.value("6 * 7") == "42"
    assert kernel.value("_shape.status") == "'cancelled'"


def test_failed_cell_is_a_card_and_a_two_line_error(ask: Callable[..., Running]) -> None:
    running = ask(SCENE.replace("Circle()", "Circle(radius='x')"))
    (error,) = outputs(running, "error")
    assert error["ename"] == "RenderError" and len(error["traceback"]) <= 2
    assert "Line 5" in running.html and 'data-sr-status="failed"' in running.html
    assert "details open" in running.html


def test_refused_prompt_says_what_there_is_and_how_to_configure_a_model(kernel: Kernel) -> None:
    running = kernel.run("%%shaperotate --offline\nwhat is the capital of France")
    assert running.reply["status"] == "ok" and not outputs(running, "error")
    assert running.html.count("<li>") == 2 and "ShapeRotatorMagics.model" in running.html
    assert 'data-sr-status="failed"' in running.html


def test_line_magic_verdict_is_a_row_in_the_store(
    kernel: Kernel, ask: Callable[..., Running]
) -> None:
    ask(SCENE)
    kernel.run("%shaperotate down it's too fast")
    identifier = ast.literal_eval(kernel.value("_shape.generation_id"))
    folder = ast.literal_eval(kernel.value("__import__('os').environ['SHAPEROTATOR_DATA_DIR']"))
    (row,) = Store(Path(folder)).read_feedback(identifier)
    assert (row.is_positive, row.comment) == (False, "it's too fast")


def test_kernel_renderer_shows_our_card_and_nothing_of_manim(ask: Callable[..., Running]) -> None:
    running = ask(SCENE, "--renderer kernel --no-cache")
    assert "<video" in running.html
    assert outputs(running, "stream", "execute_result", "error") == []
    assert len(outputs(running, "display_data")) == 1


def test_manim_in_the_kernel_leaves_logging_as_the_user_has_it(
    kernel: Kernel, ask: Callable[..., Running]
) -> None:
    ask(SCENE)
    assert kernel.value("'manim' in __import__('sys').modules") == "True"
    logging = "__import__('logging').getLogger()"
    assert kernel.value(f"({logging}.handlers, {logging}.level)") == "([], 30)"
    kernel.run("from rich.logging import RichHandler")
    kernel.run(f"{logging}.addHandler(RichHandler()); {logging}.setLevel('INFO')")
    shown = outputs(ask(SCENE), "display_data", "stream")
    kernel.run(f"{logging}.handlers.clear(); {logging}.setLevel('WARNING')")
    assert len(shown) == 1  # no 'HTTP Request: POST …' beside the card


def test_named_variable_reaches_the_scene_and_the_model_learns_no_value(
    kernel: Kernel,
) -> None:
    kernel.run("import numpy as np; A = np.array([[31337, 1], [1, 2]])")
    scene = SCENE.replace("Circle()", "Circle(radius=A[1, 1])")
    with RecordedModelServer([scene]) as server:
        line = f"%%shaperotate --model m --base-url {server.base_url} --with A"
        running = kernel.run(f"{line}\nuse A")
    assert "<video" in running.html
    sent = str(server.requests[0].body)
    assert "ndarray" in sent and "31337" not in sent


def test_completion_over_the_wire_offers_options_only(kernel: Kernel) -> None:
    kernel.client.complete("%%shaperotate --qual", 20)
    reply = kernel.client.get_shell_msg(timeout=300)["content"]
    assert reply["matches"] == ["--quality"]


def test_unload_ext_takes_everything_away(kernel: Kernel, ask: Callable[..., Running]) -> None:
    ask(SCENE, "--no-cache")
    kernel.run("%unload_ext shaperotator_magic")
    assert kernel.run("%shaperotate status").reply["status"] == "error"
    assert kernel.run("%%shaperotate\nx").reply["status"] == "error"
    kernel.run("%load_ext shaperotator_magic")
    assert kernel.run("%%shaperotate --offline --code-only\nbubble sort").reply["status"] == "ok"
