"""What the recorded model of the browser tests writes: a circle, or what takes very long."""

from __future__ import annotations

from shaperotator_magic.testing import ChatRequest, Reply

SCENE = """from manim import *


class Small(Scene):
    def construct(self):
        self.play(Create(Circle(color={color})), run_time=0.5)
"""
CREATE = "circle = Circle()\n        self.play(Create(circle)"
# A few short animations, so that something is finished soon, then what takes a minute at least
# to draw. No two are alike: what one run cached is little of the next.
LONG = """from manim import *


class Long(Scene):
    def construct(self):
        rings = VGroup(*[Circle(0.1 + n / 20) for n in range(40)])
        for n in range(3):
            self.play(Rotate(rings, 1 + n))
        for n in range(20):
            self.play(Rotate(rings, 4 + n), run_time=60)
"""


def reply_to(request: ChatRequest) -> Reply:
    """Write a circle in the colour that the last message asks for, or something long."""
    said = str(request.body["messages"][-1]["content"])
    if "slowly" in said:
        return Reply(f"```python\n{LONG}```", chunk_chars=2, chunk_delay_s=0.5)
    if "bit by bit" in said:
        more = "".join(
            f"        self.play(circle.animate.scale({n}), run_time=1)\n" for n in (2, 3)
        )
        begun = SCENE.replace("self.play(Create(Circle(color={color}))", CREATE) + more
        tail = "        # and so on, for a long time\n" * 200
        return Reply(f"```python\n{begun}{tail}```", chunk_chars=12, chunk_delay_s=0.15)
    if "long" in said:
        return Reply(f"```python\n{LONG}```")
    return Reply(f"```python\n{SCENE.format(color='RED' if 'red' in said else 'BLUE')}```")
