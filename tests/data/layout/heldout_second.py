"""A second set held out: planted defects, and clean busy scenes, in the manner of models.

The docstring names the rules that must speak. They were written and labelled, and the labels looked
at in pictures, before the rules were first run on them: then 29 of 30 defects were found, with one
false alarm (G26 missed its text-off-frame, G24 was said to have text over text).
"""

from manim import *


class G01(Scene):
    """text-off-frame text-crossed"""

    def construct(self):
        axes = Axes(x_range=[0, 10, 2], y_range=[0, 5, 1], x_length=10, y_length=5).shift(LEFT)
        decay = axes.plot(lambda x: 4 * np.exp(-0.4 * x), color=BLUE)
        half = Dot(axes.c2p(9, 4 * np.exp(-3.6)), color=YELLOW)
        label = Text("almost nothing is left", font_size=32).next_to(half, RIGHT)
        self.play(Create(axes), run_time=1.5)
        self.play(Create(decay), run_time=2)
        self.play(FadeIn(half), Write(label))
        self.wait(2)


class G02(Scene):
    """text-off-frame"""

    def construct(self):
        title = Text("Newton's second law", font_size=40).to_edge(UP)
        block = Square(1.6, fill_opacity=0.6, color=GREEN).shift(2 * DOWN)
        force = Arrow(LEFT, RIGHT, color=RED).next_to(block, RIGHT)
        mass = Text("m = 3 kg", font_size=28).next_to(block, DOWN)
        note = Text("twice the force, twice the acceleration", font_size=30)
        note.next_to(mass, DOWN, buff=0.5)
        self.play(Write(title), FadeIn(block))
        self.play(GrowArrow(force), FadeIn(mass))
        self.play(Write(note))
        self.wait(2)


class G03(Scene):
    """text-off-frame"""

    def construct(self):
        boxes = VGroup(*[Square(1.3) for _ in range(9)]).arrange(RIGHT, buff=0.1)
        digits = VGroup(
            *[Integer(n).move_to(b) for n, b in zip([3, 1, 4, 1, 5, 9, 2, 6, 5], boxes)]
        )
        self.play(FadeIn(boxes), FadeIn(digits))
        pointer = Arrow(UP, DOWN).next_to(boxes[0], UP)
        word = Text("smallest so far", font_size=30).next_to(pointer, LEFT)
        self.play(GrowArrow(pointer), FadeIn(word))
        self.wait()


class G04(Scene):
    """text-over-text"""

    def construct(self):
        title = Text("Matrix times vector", font_size=44).to_edge(UP)
        self.play(Write(title))
        rows = VGroup(
            Text("2 * 1 + 1 * 3 = 5", font_size=36),
            Text("0 * 1 + 4 * 3 = 12", font_size=36),
            Text("1 * 1 - 1 * 3 = -2", font_size=36),
        ).arrange(DOWN, buff=0.5)
        self.play(FadeIn(rows, shift=UP))
        summary = Text("rows meet columns", font_size=36, color=YELLOW).next_to(
            rows[0], UP, buff=-0.2
        )
        self.play(FadeIn(summary))
        self.wait(2)


class G05(Scene):
    """text-over-text"""

    def construct(self):
        line = NumberLine(x_range=[0, 16, 1], length=12)
        self.play(Create(line))
        lo = Text("lo", font_size=28, color=BLUE).next_to(line.n2p(0), UP)
        hi = Text("hi", font_size=28, color=RED).next_to(line.n2p(16), UP)
        self.play(FadeIn(lo), FadeIn(hi))
        self.play(lo.animate.next_to(line.n2p(8), UP))
        self.play(hi.animate.next_to(line.n2p(8), UP))
        self.wait(2)


class G06(Scene):
    """text-over-text"""

    def construct(self):
        circle = Circle(1.8, color=BLUE)
        sectors = VGroup(
            *[
                Line(ORIGIN, 1.8 * np.array([np.cos(a), np.sin(a), 0]))
                for a in np.linspace(0, TAU, 12, endpoint=False)
            ]
        )
        counter = Text("sectors: 12", font_size=32).to_corner(UR)
        self.play(Create(circle), Create(sectors), FadeIn(counter))
        result = Text("area = pi r squared", font_size=32).to_corner(UR)
        self.play(Write(result))
        self.wait(2)


class G07(Scene):
    """text-crossed"""

    def construct(self):
        plane = NumberPlane(background_line_style={"stroke_opacity": 0.3})
        wave = plane.plot(lambda x: 1.5 * np.sin(x), color=YELLOW)
        word = Text("the wave repeats every 2 pi", font_size=34).move_to(0.4 * UP)
        self.play(Create(plane), run_time=1)
        self.play(Create(wave), run_time=2)
        self.play(FadeIn(word))
        self.wait(2)


class G08(Scene):
    """text-crossed"""

    def construct(self):
        a, b, c = Dot(3 * LEFT + DOWN), Dot(3 * RIGHT + DOWN), Dot(2 * UP)
        edges = VGroup(Line(a, b), Line(b, c), Line(c, a))
        names = VGroup(
            *[Text(n, font_size=30).next_to(d, UP, buff=0.15) for n, d in zip("ABC", (a, b, c))]
        )
        weight = Text("7.5", font_size=30, color=YELLOW).move_to(edges[1].get_center())
        self.play(Create(edges), FadeIn(a, b, c), FadeIn(names))
        self.play(Write(weight))
        self.wait(2)


class G09(Scene):
    """text-crossed"""

    def construct(self):
        nodes = VGroup(
            *[
                VGroup(*[Circle(0.25, color=BLUE) for _ in range(n)]).arrange(DOWN, buff=0.6)
                for n in (3, 4, 2)
            ]
        ).arrange(RIGHT, buff=3)
        wires = VGroup(
            *[
                Line(p.get_right(), q.get_left(), stroke_width=2)
                for left, right in zip(nodes[:-1], nodes[1:])
                for p in left
                for q in right
            ]
        )
        hidden = Text("hidden layer", font_size=32).next_to(nodes[1][1], RIGHT, buff=0.2)
        self.play(FadeIn(nodes))
        self.play(Create(wires), run_time=2)
        self.play(Write(hidden))
        self.wait(2)


class G10(ThreeDScene):
    """text-crossed"""

    def construct(self):
        self.set_camera_orientation(phi=65 * DEGREES, theta=-50 * DEGREES)
        axes = ThreeDAxes(x_range=[-3, 3], y_range=[-3, 3], z_range=[-2, 3])
        hill = Surface(
            lambda u, v: axes.c2p(u, v, 2.5 * np.exp(-0.4 * (u * u + v * v))),
            u_range=[-3, 3],
            v_range=[-3, 3],
            resolution=(12, 12),
        )
        words = Text("a hill with one summit", font_size=32).move_to(0.3 * UP)
        self.add_fixed_in_frame_mobjects(words)
        self.remove(words)
        self.play(Create(axes))
        self.play(FadeIn(hill))
        self.play(Write(words))
        self.wait(2)


class G11(Scene):
    """text-covered"""

    def construct(self):
        label = Text("sample space", font_size=36)
        self.play(Write(label))
        disc = Circle(2.2, fill_opacity=0.9, color=TEAL)
        self.play(GrowFromCenter(disc))
        self.wait(2)


class G12(Scene):
    """text-covered"""

    def construct(self):
        bars = VGroup(
            *[Rectangle(width=0.9, height=h, fill_opacity=1, color=BLUE) for h in (1, 2.4, 1.7, 3)]
        ).arrange(RIGHT, aligned_edge=DOWN)
        heights = VGroup(
            *[Text(str(h), font_size=30).move_to(b) for h, b in zip((1, 2.4, 1.7, 3), bars)]
        )
        self.play(FadeIn(heights))
        self.play(LaggedStart(*[GrowFromEdge(b, DOWN) for b in bars], lag_ratio=0.2))
        self.wait(2)


class G13(Scene):
    """low-contrast"""

    def construct(self):
        vertices = VGroup(*[Circle(0.45, fill_opacity=1, color=YELLOW) for _ in range(4)])
        vertices.arrange_in_grid(2, 2, buff=1.5)
        names = VGroup(
            *[Text(n, color=WHITE, font_size=32).move_to(v) for n, v in zip("ABCD", vertices)]
        )
        self.play(FadeIn(vertices), FadeIn(names))
        self.wait(2)


class G14(Scene):
    """low-contrast"""

    def construct(self):
        self.camera.background_color = "#1e1e3f"
        heading = Text("Entropy", font_size=48).to_edge(UP)
        remark = Text("it never decreases by itself", font_size=34, color="#2a2a55")
        self.play(Write(heading))
        self.play(FadeIn(remark))
        self.wait(2)


class G15(Scene):
    """tiny-text"""

    def construct(self):
        table = VGroup(*[VGroup(Square(0.45), Text(f"A{n}", font_size=11)) for n in range(60)])
        for cell in table:
            cell[1].move_to(cell[0])
        table.arrange_in_grid(6, 10, buff=0.1)
        self.play(FadeIn(table))
        self.wait(2)


class G16(Scene):
    """empty-frame"""

    def construct(self):
        question = Text("How many primes are there?")
        self.play(Write(question))
        self.wait()
        self.play(FadeOut(question))
        self.wait(3)
        answer = Text("Infinitely many")
        self.play(Write(answer))
        self.wait()


class G17(Scene):
    """crossing-on-the-way"""

    def construct(self):
        first = Text("3", font_size=60).shift(4 * LEFT)
        middle = Text("plus", font_size=60)
        second = Text("5", font_size=60).shift(4 * RIGHT)
        self.play(FadeIn(first, middle, second))
        self.play(first.animate.shift(6.5 * RIGHT), run_time=2)
        self.wait()


class G18(Scene):
    """absent-fade"""

    def construct(self):
        square, disc = Square(2), Circle(1.2, color=RED)
        self.play(Create(square))
        self.play(Transform(square, disc))
        self.wait()
        self.play(FadeOut(disc))
        end = Text("and gone").to_edge(DOWN)
        self.play(Write(end))
        self.wait()


class G19(Scene):
    """object-off-frame"""

    def construct(self):
        plane = NumberPlane()
        v = Arrow(ORIGIN, [2, 1.5, 0], buff=0, color=YELLOW)
        self.play(Create(plane), run_time=1)
        self.play(GrowArrow(v))
        self.play(v.animate.put_start_and_end_on(ORIGIN, [6, 5.5, 0]))
        self.wait(2)


class G20(Scene):
    """object-off-frame"""

    def construct(self):
        stack = VGroup()
        for n in range(7):
            disc = RoundedRectangle(
                width=4 - 0.4 * n, height=0.9, corner_radius=0.2, color=BLUE, fill_opacity=0.5
            )
            disc.move_to([0, -3 + 1.2 * n, 0])
            stack.add(disc)
            self.play(FadeIn(disc, shift=0.5 * DOWN), run_time=0.4)
        self.wait(2)


class G21(Scene):
    """unrounded-number"""

    def construct(self):
        data = [0.2, 0.35, 0.1]
        mean = sum(data) / 3
        dots = VGroup(*[Dot([20 * (x - 0.2), 0, 0]) for x in data])
        shown = Text(f"mean = {mean}", font_size=36).to_edge(UP)
        self.play(FadeIn(dots))
        self.play(Write(shown))
        self.wait(2)


class G22(Scene):
    """left-behind"""

    def construct(self):
        square = Square(1.5, color=GREEN).shift(3 * LEFT)
        name = Text("side a", font_size=30).next_to(square, DOWN)
        self.play(Create(square), Write(name))
        self.play(FadeOut(square))
        disc = Circle(1, color=RED).shift(2 * RIGHT)
        self.play(Create(disc))
        ring = Annulus(1.2, 1.4, color=YELLOW).shift(2 * RIGHT)
        self.play(FadeIn(ring))
        dot = Dot(2 * RIGHT + 2.5 * UP)
        self.play(FadeIn(dot))
        self.wait(2)


class G23(Scene):
    """same-thing-twice"""

    def construct(self):
        cells = VGroup(*[Square(0.8) for _ in range(5)]).arrange(RIGHT)
        self.play(FadeIn(cells))
        self.play(cells[2].animate.set_fill(RED, opacity=0.8), cells[2].animate.shift(UP))
        self.wait(2)


class G24(Scene):
    """same-target-twice"""

    def construct(self):
        sources = VGroup(*[Text(t, font_size=36) for t in ("2", "3", "5")]).arrange(RIGHT, buff=2)
        sources.shift(2 * UP)
        total = Text("30", font_size=60).shift(DOWN)
        self.play(FadeIn(sources))
        self.play(*[TransformFromCopy(s, total) for s in sources])
        self.wait(2)


class G25(Scene):
    """text-crossed text-over-text"""

    def construct(self):
        axes = Axes(x_range=[-3, 3], y_range=[0, 9, 3], x_length=7, y_length=5)
        curve = axes.plot(lambda x: x * x, color=BLUE)
        caption = Text("the slope at x is 2x", font_size=34).move_to(axes.c2p(0, 2.5))
        self.play(Create(axes), Create(curve))
        self.play(FadeIn(caption))
        second = Text("at x = 2 it is 4", font_size=34, color=YELLOW).move_to(axes.c2p(0, 2.2))
        self.play(FadeIn(second))
        self.wait(2)


class G26(Scene):
    """text-off-frame text-over-text"""

    def construct(self):
        steps = VGroup(
            *[
                Text(t, font_size=34)
                for t in ("1. choose the pivot", "2. split the list in two", "3. sort both halves")
            ]
        )
        steps.arrange(DOWN, aligned_edge=LEFT).to_edge(LEFT)
        self.play(FadeIn(steps))
        cost = Text("on average n log n comparisons", font_size=40).next_to(steps, RIGHT, buff=2.5)
        self.play(Write(cost))
        joke = Text("quick indeed!", font_size=34, color=RED).move_to(steps[1])
        self.play(FadeIn(joke))
        self.wait(2)


class G27(Scene):
    """text-crossed"""

    def construct(self):
        title = Text("Bubble sort", font_size=40).to_edge(UP)
        values = [5, 2, 4, 1, 3]
        bars = (
            VGroup(
                *[
                    Rectangle(width=0.8, height=0.6 * v, fill_opacity=0.8, color=BLUE)
                    for v in values
                ]
            )
            .arrange(RIGHT, aligned_edge=DOWN)
            .shift(DOWN)
        )
        for bar, value in zip(bars, values):
            bar.add(Text(str(value), font_size=28).next_to(bar, UP, buff=0.1))
        self.play(Write(title), FadeIn(bars))
        note = Text("swap neighbours", font_size=30).to_edge(DOWN)
        self.play(FadeIn(note))
        self.play(Swap(bars[0], bars[1]), run_time=1)
        self.play(FadeOut(note))
        done = Text("the largest rises to its place", font_size=30).to_edge(DOWN)
        self.play(FadeIn(done))
        self.wait(2)


class G28(Scene):
    """"""

    def construct(self):
        axes = Axes(
            x_range=[0, 6, 1],
            y_range=[0, 4, 1],
            x_length=7,
            y_length=4,
            axis_config={"include_numbers": True},
        ).shift(0.3 * DOWN)
        line = axes.plot(lambda x: 0.5 * x + 0.5, color=GREEN)
        rng = np.random.default_rng(2)
        points = VGroup(
            *[
                Dot(axes.c2p(x, 0.5 * x + 0.5 + rng.normal(0, 0.3)), radius=0.06)
                for x in np.linspace(0.4, 5.6, 14)
            ]
        )
        legend = Text("fitted line", font_size=28, color=GREEN).next_to(axes, UP, buff=0.1)
        self.play(Create(axes))
        self.play(LaggedStart(*map(FadeIn, points), lag_ratio=0.1))
        self.play(Create(line), FadeIn(legend))
        self.wait(2)


class G29(Scene):
    """"""

    def construct(self):
        left, right = (
            Circle(1.8, color=BLUE, fill_opacity=0.3),
            Circle(1.8, color=RED, fill_opacity=0.3),
        )
        left.shift(1.1 * LEFT)
        right.shift(1.1 * RIGHT)
        a = Text("A", font_size=40).move_to(1.9 * LEFT)
        b = Text("B", font_size=40).move_to(1.9 * RIGHT)
        both = Text("both", font_size=28)
        self.play(Create(left), Create(right))
        self.play(Write(a), Write(b))
        self.play(FadeIn(both))
        self.play(Indicate(both))
        self.wait(2)


class G30(ThreeDScene):
    """"""

    def construct(self):
        self.set_camera_orientation(phi=70 * DEGREES, theta=-45 * DEGREES, zoom=0.7)
        cube = Cube(2, fill_opacity=0.6)
        title = Text("A cube has 12 edges", font_size=36).to_edge(UP)
        self.add_fixed_in_frame_mobjects(title)
        self.play(Create(cube))
        self.begin_ambient_camera_rotation(rate=0.3)
        self.wait(2)
        self.stop_ambient_camera_rotation()
        self.wait()


class G31(Scene):
    """"""

    def construct(self):
        tracker = ValueTracker(0.5)
        axes = Axes(x_range=[-3, 3], y_range=[-1.5, 1.5], x_length=10, y_length=4)
        wave = always_redraw(
            lambda: axes.plot(lambda x: np.sin(tracker.get_value() * x), color=YELLOW)
        )
        number = always_redraw(
            lambda: Text(f"w = {tracker.get_value():.2f}", font_size=32).to_corner(UL)
        )
        self.play(Create(axes))
        self.add(wave, number)
        self.play(tracker.animate.set_value(4), run_time=3)
        self.wait()


class G32(Scene):
    """"""

    def construct(self):
        code = VGroup(
            *[
                Text(t, font_size=26, font="Monospace")
                for t in (
                    "def gcd(a, b):",
                    "    while b:",
                    "        a, b = b, a % b",
                    "    return a",
                )
            ]
        )
        code.arrange(DOWN, aligned_edge=LEFT).to_edge(LEFT, buff=1)
        frame = SurroundingRectangle(code, buff=0.3, color=GREY)
        pairs = VGroup(
            *[Text(f"({a}, {b})", font_size=34) for a, b in ((48, 18), (18, 12), (12, 6), (6, 0))]
        )
        pairs.arrange(DOWN, buff=0.5).to_edge(RIGHT, buff=2)
        self.play(FadeIn(code), Create(frame))
        marker = SurroundingRectangle(pairs[0], color=YELLOW)
        self.play(FadeIn(pairs[0]), Create(marker))
        for pair in pairs[1:]:
            self.play(FadeIn(pair), marker.animate.move_to(pair))
        self.wait(2)


class G33(Scene):
    """"""

    def construct(self):
        centre = Dot()
        spokes = VGroup(
            *[
                Arrow(ORIGIN, 2.2 * np.array([np.cos(a), np.sin(a), 0]), buff=0.1)
                for a in np.linspace(0, TAU, 6, endpoint=False)
            ]
        )
        labels = VGroup(
            *[
                Text(f"{60 * n} deg", font_size=26).next_to(
                    s.get_end(), s.get_unit_vector(), buff=0.25
                )
                for n, s in enumerate(spokes)
            ]
        )
        self.play(FadeIn(centre))
        self.play(*map(GrowArrow, spokes))
        self.play(FadeIn(labels))
        self.play(FadeOut(spokes, labels, centre))
        end = Text("six directions", font_size=44)
        self.play(Write(end))
        self.wait()


class G34(MovingCameraScene):
    """"""

    def construct(self):
        grid = VGroup(*[Square(0.5, color=GREY) for _ in range(96)]).arrange_in_grid(
            8, 12, buff=0.1
        )
        word = Text("one of many", font_size=22)
        word.next_to(grid[40], DOWN, buff=0.1).set_z_index(2).add_background_rectangle(
            opacity=1, buff=0.05
        )
        self.play(FadeIn(grid))
        self.camera.frame.save_state()
        self.play(self.camera.frame.animate.scale(0.4).move_to(grid[40]))
        self.play(grid[40].animate.set_fill(YELLOW, 0.8), FadeIn(word))
        self.wait()
        self.play(FadeOut(word), Restore(self.camera.frame))
        self.wait()


class G35(Scene):
    """"""

    def construct(self):
        board = VGroup(
            *[
                Square(
                    0.7, fill_opacity=1, stroke_width=0, color=WHITE if (n + n // 8) % 2 else GREY_D
                )
                for n in range(64)
            ]
        )
        board.arrange_in_grid(8, 8, buff=0).shift(2 * LEFT)
        queen = Text("Q", color=RED, weight=BOLD, font_size=40).move_to(board[27])
        aside = (
            VGroup(
                Text("it moves along", font_size=30),
                Text("rows, columns", font_size=30),
                Text("and diagonals", font_size=30),
            )
            .arrange(DOWN)
            .to_edge(RIGHT, buff=1)
        )
        self.play(FadeIn(board))
        self.play(FadeIn(queen))
        self.play(Write(aside), run_time=2)
        self.play(queen.animate.move_to(board[45]), run_time=1)
        self.wait(2)


class G36(Scene):
    """"""

    def construct(self):
        top = Text("Pascal's triangle", font_size=36).to_edge(UP, buff=0.3)
        rows = (
            VGroup(
                *[
                    VGroup(
                        *[
                            Integer(
                                int(
                                    np.prod(range(n - k + 1, n + 1))
                                    // max(1, np.prod(range(1, k + 1)))
                                )
                            ).scale(0.8)
                            for k in range(n + 1)
                        ]
                    ).arrange(RIGHT, buff=0.7)
                    for n in range(7)
                ]
            )
            .arrange(DOWN, buff=0.35)
            .shift(0.4 * DOWN)
        )
        self.play(Write(top))
        for row in rows:
            self.play(FadeIn(row, shift=0.3 * DOWN), run_time=0.5)
        self.play(rows[4].animate.set_color(YELLOW))
        self.wait(2)
