"""Proposes auto-fixes for the flaws that the layout rules found in a scene. Pure.

Most insert one statement before the animation that first shows the mobject, or behind the one that
makes it; some change a call. The caller rehearses the edited scene, and accepts the edit only
if the flaw is gone and no other came. What has no name in the source is moved nowhere.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from shaperotator_magic.checking.autofix.belonging import find_container, fit_each, fit_in
from shaperotator_magic.checking.autofix.calls import (
    bend_way,
    fix_mistake,
    round_numbers,
    shorten_wait,
    spare_labels,
    step_back,
)
from shaperotator_magic.checking.autofix.placing import (
    is_caption,
    move_away,
    pull_in,
    set_apart,
    step_in,
)
from shaperotator_magic.checking.autofix.scene_edits import Fix, SceneEdits, is_callable_name
from shaperotator_magic.checking.layout.geometry import unite
from shaperotator_magic.checking.layout.layout import Flaw
from shaperotator_magic.core.records import AnimationMistake, Drawn, Rehearsal
from shaperotator_magic.core.styles.contrast import measure_contrast

__all__ = ["Defect", "Fix", "identify_defect", "propose_fixes"]

Defect = Flaw | AnimationMistake

_MOST = 8
_LEAST_SUCCESSOR = 0.3
_HAS_BACKGROUND = frozenset("Text MathTex Tex MarkupText DecimalNumber Integer".split())
_BACKGROUND = "add_background_rectangle(opacity=0.85, buff=0.1).set_z_index(5)"
_EACH_BACKGROUND = "add_background_rectangle(opacity=0.85, buff=0.05)"


def identify_defect(defect: Defect) -> tuple[object, ...]:
    """Return what it is recognised by in another version of the code, where lines differ."""
    if isinstance(defect, AnimationMistake):
        return defect.rule, defect.name
    things = [thing for thing in (defect.subject, defect.other) if thing is not None]
    return (defect.rule, *(thing.name or thing.text or thing.type_name for thing in things))


def propose_fixes(
    source: str, defect: Defect, rehearsal: Rehearsal, *, is_one_of_many: bool = False
) -> list[Fix]:
    """Return edits that may fix a defect, the most likely first; none where no safe one is known.

    Parameters
    ----------
    is_one_of_many
        One line makes many mobjects with this fault: it is fixed for all of them or for none.
    """
    scene = SceneEdits(source, rehearsal)
    if isinstance(defect, AnimationMistake):
        return list(dict.fromkeys(fix_mistake(scene, defect)))[:_MOST]
    table = _PROPOSALS_FOR_ALL if is_one_of_many else _PROPOSALS
    proposals = [mend for propose in table.get(defect.rule, ()) for mend in propose(scene, defect)]
    return list(dict.fromkeys(proposals))[:_MOST]


# --- one thing ------------------------------------------------------------------------


def _stay(scene: SceneEdits, text: Drawn) -> list[Fix] | None:
    """Return the edits of a text that belongs to a box; None for one that is free to move."""
    container = find_container(scene, text) if text.text is not None else None
    return None if container is None else list(fit_in(scene, text, container))


def _pull_in(scene: SceneEdits, flaw: Flaw) -> Iterator[Fix]:
    # Only just into the frame: elsewhere it would leave its place among other lines.
    if flaw.subject is not None:
        yield from pull_in(scene, flaw.subject)


def _separate_texts(scene: SceneEdits, flaw: Flaw) -> Iterator[Fix]:
    later, earlier = flaw.subject, flaw.other
    if later is None:
        return
    for text in (later, earlier):
        yield from (_stay(scene, text) or []) if text is not None else []
    is_followed = earlier is not None and _succeeds(later, earlier)
    if earlier is not None and is_followed and is_caption(earlier) and is_caption(later):
        yield from _fade_out(scene, later, earlier)
    if earlier is not None and earlier.is_on_plane:
        yield from _give_background(scene, later)
    yield from move_away(scene, later)
    if earlier is not None:
        if is_followed:
            yield from _fade_out(scene, later, earlier)
        yield from move_away(scene, earlier)


def _succeeds(later: Drawn, earlier: Drawn) -> bool:
    """Whether a text may take the place of another: a title does not go for the name of an axis."""
    new, old = unite(later.boxes), unite(earlier.boxes)
    return new[2] - new[0] > _LEAST_SUCCESSOR * (old[2] - old[0])


def _fade_out(scene: SceneEdits, later: Drawn, earlier: Drawn) -> Iterator[Fix]:
    """Take the earlier text away before the later one comes, where nobody needs it any more."""
    line = scene.find_first_line(later)
    if line is None or not earlier.name.isidentifier():
        return
    if not scene.is_used_after(earlier.name, line):
        text = f"self.play(FadeOut({earlier.name}), run_time=0.5)"
        message = f"{earlier.name} fades out before {later.name or 'the next text'} comes"
        yield from scene.insert_at(line, text, message)


def _uncross(scene: SceneEdits, flaw: Flaw) -> Iterator[Fix]:
    thing = flaw.subject
    if thing is None:
        return
    container = find_container(scene, thing)
    if container is not None and _is_same(container, flaw.other):
        yield from fit_in(scene, thing, container)
        return
    is_line = flaw.other is not None and flaw.other.is_on_plane
    if not is_line:
        yield from move_away(scene, thing)
    yield from _give_background(scene, thing)
    if is_line:
        yield from move_away(scene, thing)


def _is_same(thing: Drawn, other: Drawn | None) -> bool:
    return other is not None and thing.identity == other.identity


def _step_in(scene: SceneEdits, flaw: Flaw) -> Iterator[Fix]:
    """Move a text that hugs the frame's edge inwards, with what it belongs to."""
    if flaw.subject is not None and find_container(scene, flaw.subject) is None:
        yield from step_in(scene, flaw.subject)


def _part(scene: SceneEdits, flaw: Flaw) -> Iterator[Fix]:
    """Set two texts that touch apart."""
    if flaw.subject is not None and flaw.other is not None:
        yield from set_apart(scene, flaw.subject, flaw.other)
        yield from set_apart(scene, flaw.other, flaw.subject)


def _fit_each(scene: SceneEdits, flaw: Flaw) -> Iterator[Fix]:
    if flaw.subject is not None:
        yield from fit_each(scene, flaw.subject)


def _give_background(scene: SceneEdits, thing: Drawn) -> Iterator[Fix]:
    # A background would renumber its parts: not where the code uses their numbers.
    is_plain = thing.name.isidentifier() and not scene.counts_parts_of(thing.name)
    # In space a background is one more body among the others, seen from the side.
    if not is_plain or thing.is_in_space or thing.type_name not in _HAS_BACKGROUND:
        return
    message = f"{thing.name} has a background now"
    if any(t.is_in_space for t in scene.rehearsal.things):
        # Before it is fixed to the frame, so that its background is, too.
        yield from scene.insert_after_making(thing, f"{{}}.{_BACKGROUND}", message)
    else:
        yield from scene.insert(thing, f"{{}}.{_BACKGROUND}", message)


def _uncover(scene: SceneEdits, flaw: Flaw) -> Iterator[Fix]:
    thing = flaw.subject
    if thing is not None:
        message = f"{thing.name} was brought to the front"
        yield from scene.insert(thing, "{}.set_z_index(5)", message)
        yield from move_away(scene, thing)


def _contrast(scene: SceneEdits, flaw: Flaw) -> Iterator[Fix]:
    thing = flaw.subject
    if thing is None:
        return
    for colour in _order_colours(thing):
        yield from scene.insert(
            thing, f"{{}}.set_color({colour})", f"{thing.name} is {colour.lower()} now"
        )


def _order_colours(thing: Drawn) -> list[str]:
    colours = {"WHITE": (1.0, 1.0, 1.0), "BLACK": (0.0, 0.0, 0.0)}
    return sorted(colours, key=lambda name: -measure_contrast(colours[name], thing.fill))


def _enlarge(scene: SceneEdits, flaw: Flaw) -> Iterator[Fix]:
    thing = flaw.subject
    container = find_container(scene, thing) if thing is not None and thing.text else None
    for factor in (2.0, 1.5):
        if thing is not None and (container is None or _has_room(container, thing, factor)):
            message = f"{thing.name} was enlarged {factor:g} times"
            yield from scene.insert(thing, f"{{}}.scale({factor:g})", message)


def _has_room(container: Drawn, text: Drawn, factor: float) -> bool:
    """Whether a text stays in its box when it is enlarged."""
    outer, inner = unite(container.boxes), unite(text.boxes)
    return all(factor * (inner[at + 2] - inner[at]) < outer[at + 2] - outer[at] for at in (0, 1))


def _take_along(scene: SceneEdits, flaw: Flaw) -> Iterator[Fix]:
    """Fade a label out where the mobject that it names has gone."""
    thing, line = flaw.subject, scene.find_line(flaw)
    if thing is not None and line is not None and is_callable_name(thing.name):
        text = f"self.play(FadeOut({thing.name}), run_time=0.5)"
        yield from scene.insert_at(line, text, f"{thing.name} fades out with what it names")


# --- whatever one line makes ----------------------------------------------------------


def _give_each_background(scene: SceneEdits, flaw: Flaw) -> Iterator[Fix]:
    thing = flaw.subject
    if thing is None or thing.type_name not in _HAS_BACKGROUND or thing.is_in_space:
        return
    container = find_container(scene, thing)
    if container is not None and _is_same(container, flaw.other):
        return  # a background would cut through its own box
    if not scene.counts_parts_of(thing.name):
        yield from _for_each(scene, thing, _EACH_BACKGROUND, "have a background now")


def _colour_each(scene: SceneEdits, flaw: Flaw) -> Iterator[Fix]:
    if flaw.subject is not None:
        for colour in _order_colours(flaw.subject):
            told = f"are {colour.lower()} now"
            yield from _for_each(scene, flaw.subject, f"set_color({colour})", told)


def _bring_each_to_front(scene: SceneEdits, flaw: Flaw) -> Iterator[Fix]:
    if flaw.subject is not None:
        yield from _for_each(scene, flaw.subject, "set_z_index(5)", "were brought to the front")


def _for_each(scene: SceneEdits, thing: Drawn, call: str, told: str) -> Iterator[Fix]:
    """Do to all parts of a group, or to all that a loop makes, what one of them needs.

    Of ``cells[3][1]`` the others are ``cells[0][1]``, ``cells[1][1]`` and so on.
    """
    base, _, keys = thing.name.partition("[")
    _, _, inner = keys.partition("]")
    message = f"the texts of {base} {told}"
    if keys:
        text = f"[part{inner}.{call} for part in {base}]"
        yield from scene.insert(thing, text, message)
    else:
        yield from scene.insert_after_making(thing, f"{{}}.{call}", message)


def _pull_each_in(scene: SceneEdits, flaw: Flaw) -> Iterator[Fix]:
    if flaw.subject is not None and flaw.subject.name.isidentifier():
        yield from pull_in(scene, flaw.subject)


_Propose = Callable[[SceneEdits, Flaw], Iterator[Fix]]

_PROPOSALS: dict[str, tuple[_Propose, ...]] = {
    "text-off-frame": (_pull_in,),
    "object-off-frame": (step_back, _pull_in),
    "text-over-text": (_separate_texts,),
    "text-crossed": (step_back, _uncross),
    "text-covered": (_uncover,),
    "low-contrast": (_contrast, spare_labels),
    "tiny-text": (_enlarge,),
    "text-near-edge": (_step_in,),
    "texts-touch": (_part,),
    "left-behind": (_take_along,),
    "unrounded-number": (round_numbers,),
    "crossing-on-the-way": (bend_way,),
    "empty-frame": (shorten_wait,),
}
_PROPOSALS_FOR_ALL: dict[str, tuple[_Propose, ...]] = {
    "text-off-frame": (_pull_each_in,),
    "text-crossed": (step_back, _fit_each, _give_each_background),
    "text-over-text": (_fit_each,),
    "text-covered": (_bring_each_to_front,),
    "low-contrast": (_colour_each, spare_labels),
    "unrounded-number": (round_numbers,),
}
