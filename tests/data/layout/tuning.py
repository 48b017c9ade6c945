"""Scenes with a planted defect, and clean ones; the docstring names the rules that must speak.

The rules of layout were tuned on these; ``heldout.py`` has those that they were not.
"""

from manim import *


class T01(Scene):
    """text-off-frame"""

    def construct(self):
        title = Text("A very long title that does not fit into the frame at all", font_size=48)
        self.play(Write(title.to_edge(LEFT)))
        self.wait()


class T02(Scene):
    """text-off-frame"""

    def construct(self):
        box = Square().shift(6 * RIGHT)
        label = Text("output").next_to(box, RIGHT)
        self.play(Create(box), FadeIn(label))
        self.wait()


class T03(Scene):
    """text-over-text"""

    def construct(self):
        first = Text("First we add the numbers", font_size=32).to_edge(DOWN)
        second = Text("Then we divide by two", font_size=32).to_edge(DOWN)
        self.play(Write(first))
        self.wait()
        self.play(Write(second))
        self.wait()


class T04(Scene):
    """text-over-text"""

    def construct(self):
        row = VGroup(*[Text(str(n)) for n in range(5)]).arrange(RIGHT, buff=1)
        mark = Text("min", color=YELLOW).move_to(row[2])
        self.play(FadeIn(row))
        self.play(FadeIn(mark))
        self.wait()


class T05(Scene):
    """text-crossed"""

    def construct(self):
        curve = FunctionGraph(lambda x: np.sin(2 * x), x_range=[-6, 6])
        note = Text("it oscillates for ever", font_size=36)
        self.play(Create(curve))
        self.play(FadeIn(note))
        self.wait()


class T06(Scene):
    """text-crossed"""

    def construct(self):
        arrow = Arrow(LEFT * 3, RIGHT * 3)
        label = Text("force").move_to(arrow)
        self.play(GrowArrow(arrow), FadeIn(label))
        self.wait()


class T07(Scene):
    """text-crossed"""

    def construct(self):
        plane = NumberPlane()
        title = Text("The plane", font_size=40).to_edge(UP)
        self.play(Create(plane), Write(title))
        self.wait()


class T08(Scene):
    """text-covered"""

    def construct(self):
        text = Text("secret")
        card = Rectangle(width=4, height=2, fill_opacity=1, color=BLUE)
        self.play(FadeIn(text))
        self.play(FadeIn(card))
        self.wait()


class T09(Scene):
    """low-contrast"""

    def construct(self):
        disc = Circle(radius=1.5, fill_opacity=1, color=BLUE)
        label = Text("node", color=BLUE).move_to(disc)
        self.play(FadeIn(disc), FadeIn(label))
        self.wait()


class T10(Scene):
    """low-contrast"""

    def construct(self):
        self.play(Write(Text("hard to see", color="#222222")))
        self.wait()


class T11(Scene):
    """tiny-text"""

    def construct(self):
        cells = VGroup(*[Square(0.4) for _ in range(6)]).arrange(RIGHT, buff=0)
        numbers = VGroup(*[Text(f"{n}7", font_size=9).move_to(c) for n, c in enumerate(cells)])
        self.play(Create(cells), FadeIn(numbers))
        self.wait()


class T12(Scene):
    """empty-frame"""

    def construct(self):
        dot = Dot()
        self.play(FadeIn(dot))
        self.play(FadeOut(dot))
        self.wait(3)
        self.play(FadeIn(Text("Back again")))
        self.wait()


class T13(Scene):
    """crossing-on-the-way"""

    def construct(self):
        left, middle = Text("walker").shift(4 * LEFT), Text("wall")
        self.add(left, middle)
        self.play(left.animate.shift(8 * RIGHT))
        self.wait()


class T14(Scene):
    """absent-fade"""

    def construct(self):
        old, new = Text("x + 1"), Text("x + 2")
        self.play(Write(old))
        self.play(Transform(old, new))
        self.play(FadeOut(new))
        self.play(Create(Square()))
        self.wait()


class T15(Scene):
    """object-off-frame"""

    def construct(self):
        circle = Circle(radius=1.5).shift(3.4 * UP)
        self.play(Create(circle))
        self.wait()


class T16(Scene):
    """unrounded-number"""

    def construct(self):
        self.play(Write(Text(f"mean = {1 / 3}", font_size=32)))
        self.wait()


class T17(ThreeDScene):
    """text-crossed"""

    def construct(self):
        self.set_camera_orientation(phi=60 * DEGREES, theta=-45 * DEGREES)
        bowl = Surface(
            lambda u, v: np.array([u, v, 0.3 * (u * u + v * v)]),
            u_range=[-2, 2],
            v_range=[-2, 2],
            resolution=(8, 8),
        )
        title = Text("a bowl of values")
        self.add_fixed_in_frame_mobjects(title)
        self.play(FadeIn(bowl), FadeIn(title))
        self.wait()


class T18(Scene):
    """same-target-twice"""

    def construct(self):
        parts = VGroup(Dot(LEFT), Dot(RIGHT))
        whole = Square()
        self.add(parts)
        self.play(*[TransformFromCopy(part, whole) for part in parts])
        self.wait()


class T19(Scene):
    """left-behind"""

    def construct(self):
        wheel = Circle().shift(2 * LEFT)
        label = Text("wheel", font_size=30).next_to(wheel, UP)
        self.play(Create(wheel), FadeIn(label))
        self.wait()
        self.play(FadeOut(wheel))
        self.play(Create(Square().shift(3 * RIGHT)))
        self.wait()
        self.play(FadeIn(Text("Squares do not roll").to_edge(DOWN)))
        self.wait(2)


class T20(Scene):
    """"""

    def construct(self):
        title = Text("Clean", font_size=44).to_edge(UP)
        circle = Circle()
        label = Text("radius 1", font_size=30).next_to(circle, DOWN)
        self.play(Write(title))
        self.play(Create(circle), FadeIn(label))
        self.wait()


class T21(Scene):
    """"""

    def construct(self):
        axes = Axes(x_range=[-3, 3], y_range=[-2, 2], x_length=8, y_length=5)
        graph = axes.plot(lambda x: np.sin(x), color=YELLOW)
        name = Text("sin", color=YELLOW, font_size=30).next_to(axes.c2p(1.57, 1), UP, buff=0.3)
        self.play(Create(axes))
        self.play(Create(graph), FadeIn(name))
        self.wait()


class T22(Scene):
    """"""

    def construct(self):
        plane = NumberPlane()
        title = Text("With a backdrop").to_edge(UP).add_background_rectangle()
        self.add(plane)
        self.play(FadeIn(title))
        self.wait()


class T23(Scene):
    """"""

    def construct(self):
        bars = VGroup(*[Rectangle(width=0.8, height=h, fill_opacity=1) for h in (1, 3, 2)])
        bars.arrange(RIGHT, aligned_edge=DOWN).set_color(BLUE)
        for bar, h in zip(bars, (1, 3, 2)):
            self.add(bar, Text(str(h), font_size=30).move_to(bar))
        self.play(bars[1].animate.set_color(GREEN_E))
        self.wait()


class T24(Scene):
    """"""

    def construct(self):
        caption = Text("one", font_size=32).to_edge(DOWN)
        self.play(FadeIn(caption))
        for word in ("two", "three"):
            new = Text(word, font_size=32).to_edge(DOWN)
            self.play(ReplacementTransform(caption, new))
            caption = new
        self.wait()


class T25(Scene):
    """"""

    def construct(self):
        table = VGroup(*[Square(0.8) for _ in range(16)]).arrange_in_grid(4, 4, buff=0)
        numbers = VGroup(*[Text(str(n), font_size=26).move_to(c) for n, c in enumerate(table)])
        self.play(Create(table), FadeIn(numbers), run_time=2)
        self.play(table[3].animate.set_fill(RED, 0.5))
        self.play(Indicate(numbers[5]), Circumscribe(table[5]))
        self.wait()


class T26(MovingCameraScene):
    """"""

    def construct(self):
        words = VGroup(*[Text(w) for w in ("near", "far", "farther")]).arrange(RIGHT, buff=2)
        self.add(words)
        self.play(self.camera.frame.animate.scale(0.4).move_to(words[0]))
        self.wait()


class T27(Scene):
    """"""

    def construct(self):
        x = ValueTracker(-3)
        dot = always_redraw(lambda: Dot(x.get_value() * RIGHT, color=RED))
        tag = always_redraw(lambda: Text("p", font_size=30).next_to(dot, UP))
        self.add(NumberLine([-4, 4]), dot, tag)
        self.play(x.animate.set_value(3), run_time=2)
        self.wait()


class T28(Scene):
    """"""

    def construct(self):
        boxes = VGroup(*[Text(w, font_size=30) for w in ("in", "hidden", "out")])
        boxes.arrange(RIGHT, buff=2)
        frames = VGroup(*[SurroundingRectangle(b) for b in boxes])
        arrows = VGroup(
            *[Arrow(a.get_right(), b.get_left(), buff=0.1) for a, b in zip(frames, frames[1:])]
        )
        self.play(FadeIn(boxes), Create(frames), *map(GrowArrow, arrows))
        self.wait()


class T29(Scene):
    """"""

    def construct(self):
        formula = Text("a² + b² = c²")
        brace = Brace(formula, DOWN)
        told = Text("Pythagoras", font_size=32).next_to(brace, DOWN)
        self.play(Write(formula))
        self.play(GrowFromCenter(brace), FadeIn(told))
        self.play(FadeOut(brace), FadeOut(told))
        self.wait()


class T30(Scene):
    """"""

    def construct(self):
        steps = VGroup(*[Text(f"step {n}: halve it", font_size=32) for n in (1, 2, 3, 4)])
        steps.arrange(DOWN, aligned_edge=LEFT)
        self.play(LaggedStart(*[FadeIn(s, shift=UP) for s in steps], lag_ratio=0.3))
        self.play(steps[0].animate.set_opacity(0.3), steps[1].animate.set_color(YELLOW))
        self.wait()
