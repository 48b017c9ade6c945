"""The stage: a title above, one caption below, and what stands between them."""

from manim import (
    DOWN,
    LEFT,
    RIGHT,
    UP,
    WHITE,
    YELLOW,
    FadeIn,
    FadeOut,
    Group,
    MathTex,
    Text,
    VGroup,
    Write,
)


def kit_words(words, size=30, width=12, color=WHITE):
    """Return words in one line, made smaller where they are wider than ``width``."""
    text = Text(str(words), font_size=size, color=color)
    return text.scale_to_fit_width(width) if text.width > width else text


def kit_title(scene, words):
    """Write the title at the top; it replaces an earlier one."""
    new = kit_words(words, size=40).to_edge(UP, buff=0.4)
    old = getattr(scene, "title_shown", None)
    if old is not None:
        scene.play(FadeOut(old), run_time=0.4)
    scene.play(Write(new))
    scene.title_shown = new
    return new


def kit_caption(scene, words, seconds=2):
    """Show one caption at the bottom for some seconds; it replaces the one before."""
    new = kit_words(words, size=30).to_edge(DOWN, buff=0.5)
    old = getattr(scene, "caption_shown", None)
    if old is not None:
        scene.play(FadeOut(old), run_time=0.4)
    scene.play(FadeIn(new))
    scene.caption_shown = new
    scene.wait(seconds)
    return new


def kit_place(mobject, width=12, height=4.8):
    """Return a mobject in the middle of the stage, made smaller where it does not fit."""
    if mobject.width > width:
        mobject.scale_to_fit_width(width)
    if mobject.height > height:
        mobject.scale_to_fit_height(height)
    return mobject.move_to([0, 0, 0])


def kit_panels(*mobjects):
    """Return mobjects side by side, each in its own share of the stage."""
    share = 12.5 / max(len(mobjects), 1)
    for number, mobject in enumerate(mobjects):
        kit_place(mobject, width=share - 0.5)
        mobject.move_to([-6.25 + share * (number + 0.5), 0, 0])
    return Group(*mobjects)


def kit_clear(scene):
    """Fade out all but the title."""
    kept = getattr(scene, "title_shown", None)
    gone = [mobject for mobject in scene.mobjects if mobject is not kept]
    scene.caption_shown = None
    if gone:
        scene.play(*[FadeOut(mobject) for mobject in gone])


def kit_note(words, mobject, direction=UP):
    """Return small words beside a mobject."""
    return kit_words(words, size=26, width=4).next_to(mobject, direction, buff=0.2)


def kit_steps(scene, *formulas, seconds=1.5):
    """Write formulas one below the other, each after a pause; returns them."""
    lines = VGroup(*[MathTex(formula, font_size=44) for formula in formulas])
    kit_place(lines.arrange(DOWN, buff=0.45))
    for line in lines:
        scene.play(Write(line))
        scene.wait(seconds)
    return lines


def kit_bullets(scene, *words, seconds=1.5):
    """Show lines of words below one another, their left edges in line; returns them."""
    lines = VGroup(*[kit_words(f"• {line}", size=32) for line in words])
    kit_place(lines.arrange(DOWN, aligned_edge=LEFT, buff=0.4))
    for line in lines:
        scene.play(FadeIn(line, shift=0.3 * RIGHT))
        scene.wait(seconds)
    return lines


def kit_highlight(scene, mobject, color=YELLOW):
    """Colour a mobject for a moment."""
    before = mobject.get_color()
    scene.play(mobject.animate.set_color(color))
    scene.wait(0.5)
    scene.play(mobject.animate.set_color(before))
