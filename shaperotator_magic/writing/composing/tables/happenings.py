"""The table of animations: the verbs for each, and its source. Pure data.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

from shaperotator_magic.writing.composing.tables.rows import ActRow


def _act(
    name: str,
    words: str,
    code: str = "",
    *,
    effect: str,
    duration_s: float = 1.0,
    examples: tuple[str, ...],
) -> ActRow:
    return ActRow(name, tuple(words.split("|")), code, effect, duration_s, examples)


HAPPENINGS: tuple[ActRow, ...] = (
    # --- coming and going -------------------------------------------------------------
    _act(
        "appear",
        "appear|fade in|come in|enter|show up|come up|arrive",
        "FadeIn({it})",
        effect="comes", examples=("a square appears", "fade in a circle"),
    ),
    _act(
        "draw",
        "draw|sketch|trace|create|plot|graph|construct",
        "Create({it})",
        effect="comes", duration_s=1.5, examples=("draw a circle",),
    ),
    _act(
        "write",
        "write|type|spell|say",
        "Write({it})",
        effect="comes", duration_s=1.5, examples=("write 'Hello'",),
    ),
    _act(
        "pop_up",
        "pop up|grow in|pop in|grow from nothing|grow from the centre|grow from the center",
        "GrowFromCenter({it})",
        effect="comes", examples=("a star pops up",),
    ),
    _act(
        "fade_out",
        "fade out|fade|fade away|dissolve",
        "FadeOut({it})",
        effect="goes", examples=("a circle fades out",),
    ),
    _act(
        "disappear",
        "disappear|vanish|go away|remove|delete|leave|hide|take away|erase|undraw|uncreate",
        "FadeOut({it})",
        effect="goes", duration_s=0.8, examples=("draw a square, then it disappears",),
    ),
    _act(
        "shrink_away",
        "shrink away|shrink to nothing|shrink to a point|shrink and disappear|shrink to zero",
        "ShrinkToCenter({it})",
        effect="goes", examples=("a square shrinks to nothing",),
    ),
    # --- changes ----------------------------------------------------------------------
    _act(
        "turn",
        "rotate|spin|turn|revolve|twist|whirl|turn around|rotation of",
        effect="turns", duration_s=2.0,
        examples=(
            "rotate a square by 45 degrees",
            "a triangle spins twice",
            "rotate a cube about the x axis",
        ),
    ),
    _act(
        "move",
        "move|go|slide|shift|travel|fly|glide|walk|drift|push|drag|translate|run|jump|climb|"
        "float|fall|rise|drop|roll|pull|send|bring|place|put|come",
        effect="moves", duration_s=1.5,
        examples=("move a circle to the right", "a dot moves up by 2", "a square moves to (3, 1)"),
    ),
    _act(
        "bounce",
        "bounce|hop|bob",
        "{it}.animate(rate_func=there_and_back).shift(UP)",
        effect="changes", examples=("a ball bounces three times",),
    ),
    _act(
        "grow",
        "grow|expand|enlarge|increase|scale up|get bigger|grow bigger|grow larger|inflate|"
        "magnify|become bigger|become larger|get larger|double|scale|stretch",
        effect="scales", examples=("a circle grows",),
    ),
    _act(
        "shrink",
        "shrink|contract|get smaller|scale down|reduce|decrease|become smaller|halve|deflate",
        effect="scales", examples=("a square shrinks to half its size",),
    ),
    _act(
        "recolour",
        "recolour|recolor|change colour|change color|change its colour|change its color|"
        "paint|colour|color|change the colour|change the color",
        effect="recolours", examples=("a square turns red",),
    ),
    _act(
        "fill",
        "fill|fill in|fill up",
        effect="recolours", examples=("draw a circle and fill it with yellow",),
    ),
    _act(
        "transform",
        "transform|replace|morph|become|change|convert|evolve|deform|turn into|change into|"
        "transform into|morph into|transforms to",
        effect="becomes", duration_s=1.5,
        examples=("a square turns into a circle", "a cube becomes a sphere"),
    ),
    _act(
        "follow",
        "follow|orbit|circle around|go around|move around|travel around|move along|"
        "travel along|go along|slide along|walk along|run along|circulate|roll along|"
        "fly along|run around|walk around|go round|move round|trace out",
        effect="moves", duration_s=3.0,
        examples=("a dot moves along a circle", "a dot follows the graph of sin(x)"),
    ),
    _act(
        "swap",
        "swap|exchange|swap the positions of|swap positions of|exchange the positions of|"
        "switch places|trade places|change places|swap places|swap positions|switch|"
        "interchange|exchange places",
        effect="swaps", duration_s=1.5, examples=("a circle and a square swap places",),
    ),
    # --- pointing out -----------------------------------------------------------------
    _act(
        "blink",
        "blink|flicker|flash|twinkle",
        "Blink({it}, blinks={times})",
        effect="changes", examples=("a star blinks twice",),
    ),
    _act(
        "pulse",
        "pulse|pulsate|glow|shine|throb|beat|highlight|emphasise|emphasize|indicate|"
        "point out",
        "Indicate({it})",
        effect="changes", examples=("a heart beats three times",),
    ),
    _act(
        "shake",
        "shake|wiggle|wobble|vibrate|tremble|jiggle",
        "Wiggle({it})",
        effect="changes", duration_s=1.5, examples=("a square wiggles",),
    ),
    _act(
        "circumscribe",
        "encircle|box in|circumscribe",
        "Circumscribe({it})",
        effect="changes", duration_s=1.5, examples=("write 'x = 3' and encircle it",),
    ),
    _act(
        "flip",
        "flip|mirror|reflect",
        "Rotate({it}, angle=PI, axis={axis_only})",
        effect="changes", examples=("flip a triangle upside down",),
    ),
    _act(
        "zoom",
        "zoom|zoom in|zoom into|come closer|get closer|zoom on",
        effect="zooms", duration_s=2.0, examples=("draw a star and zoom in on it",),
    ),
    _act(
        "zoom_out",
        "zoom out|zoom away",
        effect="zooms", duration_s=2.0, examples=("draw a star and zoom out",),
    ),
    _act(
        "wait",
        "wait|pause|hold|stay|rest|stop",
        effect="waits", examples=("draw a circle, wait 2 seconds, then it disappears",),
    ),
)  # fmt: skip

ACTS: dict[str, ActRow] = {row.name: row for row in HAPPENINGS}
