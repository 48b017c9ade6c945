"""What the recorded model of the browser tests writes: a circle, quickly, slowly or many times."""

from __future__ import annotations

from shaperotator_magic.testing import ChatRequest, Reply

SCENE = """from manim import *


class Small(Scene):
    def construct(self):
        self.play(Create(Circle(color={color})), run_time=0.5)
"""
LONG = """from manim import *


class Long(Scene):
    def construct(self):
        for _ in range(80):
            self.play(Create(Circle()))
"""


def reply_to(request: ChatRequest) -> Reply:
    """Write a circle in the colour that the last message asks for, or something long."""
    said = str(request.body["messages"][-1]["content"])
    if "slowly" in said:
        return Reply(f"```python\n{LONG}```", chunk_chars=2, chunk_delay_s=0.5)
    if "long" in said:
        return Reply(f"```python\n{LONG}```")
    return Reply(f"```python\n{SCENE.format(color='RED' if 'red' in said else 'BLUE')}```")
