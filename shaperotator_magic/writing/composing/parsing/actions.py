"""Parses verbs with their objects ('fade out the circle', 'move it along it') into steps. Pure.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

from dataclasses import replace

from shaperotator_magic.writing.composing.parsing.phrases import (
    read_phrase,
    read_words_to_write,
    starts_phrase,
)
from shaperotator_magic.writing.composing.parsing.positions import read_others, set_place
from shaperotator_magic.writing.composing.parsing.state import SKIPPED, Reading
from shaperotator_magic.writing.composing.plan import Place, Ref, Step
from shaperotator_magic.writing.composing.tables.happenings import ACTS

_PATHS = frozenset({"flat", "line", "curve", "space curve"})
_CHANGES = frozenset({"transform", "turn", "fade_out"})


def read_act(reading: Reading) -> bool:
    """Read a verb with its object; without one, the subject is its object."""
    verb = reading.take()
    name = _add_particle(reading, str(verb.value))
    if name == "follow" and not _has_path(reading):
        name = "turn"
    known = len(reading.plan.things)
    while name != "write" and reading.peek().kind == "filler":
        reading.take()
    refs = _read_object(reading, name)
    name = _add_particle(reading, name)
    is_new = len(reading.plan.things) > known
    if not refs:
        refs = _find_subject(reading, name)
    effect = ACTS[name].effect
    if not refs and effect not in {"waits", "zooms"}:
        return name in {"draw", "write"} and reading.peek().kind != "end"
    if effect == "comes" and _set_coming(reading, name, refs, is_new=is_new):
        return True
    if is_new and verb.text.lower() in {"put", "place"}:
        reading.noun, reading.subject, reading.is_reference = refs, refs, False
        return True
    return _add_act(reading, name, refs, is_new=is_new)


def _add_particle(reading: Reading, name: str) -> str:
    """Return the happening with its particle: 'fade it out', 'zoom out'."""
    is_out = reading.take_kind("particle") is not None and f"{name}_out" in ACTS
    return f"{name}_out" if is_out else name


def _find_subject(reading: Reading, name: str) -> tuple[Ref, ...]:
    """Return the object of an act that has none in the sentence."""
    if ACTS[name].effect == "waits":
        return ()
    is_first = reading.at == 1 + reading.count_fillers()
    if name == "write" and is_first and reading.peek().kind != "end":
        written = read_words_to_write(reading)
        if written:
            return written
    return reading.subject or reading.noun or tuple(reading.list_shown()[:1])


def _add_act(reading: Reading, name: str, refs: tuple[Ref, ...], *, is_new: bool) -> bool:
    """Add the step of an act, and read what belongs to it alone."""
    step = reading.add_step(Step(name, refs))
    reading.noun = refs or reading.noun
    reading.is_reference = True
    if refs and not is_new:
        reading.subject = refs
    if name == "transform" and not is_new and starts_phrase(reading):
        read_target(reading, step)
    if name == "swap":
        _read_partner(reading, step)
    if name == "follow":
        reading.take_kind("about")
        return _read_path(reading, step)
    return True


def _has_path(reading: Reading) -> bool:
    """Whether there is something along which to go."""
    return starts_phrase(reading) or reading.peek_past("article", "filler", "about").kind in {
        "thing", "equation", "graph of", "pronoun",
    }  # fmt: skip


def _read_object(reading: Reading, name: str) -> tuple[Ref, ...]:
    """Read what an act is done to; for 'follow' it is the path, and the subject does it."""
    if reading.peek().kind in {"and", "then", "comma", "stop"}:
        return ()
    if reading.peek().kind == "number" and reading.peek(1).kind == "unit":
        return ()
    if name == "follow":
        return ()
    if name == "transform" and reading.subject and _names_target(reading):
        return ()
    if reading.peek().kind == "colour" and not starts_phrase(reading):
        return ()
    return read_phrase(reading)


def _names_target(reading: Reading) -> bool:
    """Whether 'becomes a circle' is said of what was named: a new thing follows."""
    start, things = reading.at, len(reading.plan.things)
    steps, targets = list(reading.plan.steps), [s.targets for s in reading.plan.steps]
    flags = reading.is_new_moment, reading.is_together, reading.is_while_open, reading.speed_s
    step = reading.step
    refs = read_phrase(reading, is_target=True)
    is_target = bool(refs) and reading.peek().kind not in {"into", "to"}
    reading.at = start
    del reading.plan.things[things:]
    reading.plan.steps[:] = steps
    for old, kept in zip(steps, targets, strict=True):
        old.targets = kept
    reading.is_new_moment, reading.is_together, reading.is_while_open, reading.speed_s = flags
    reading.step = step
    return is_target


def _set_coming(reading: Reading, name: str, refs: tuple[Ref, ...], *, is_new: bool) -> bool:
    """Let new things come by this act, in place of their plain introduction."""
    steps = reading.plan.steps
    plain = next((s for s in steps if s.act == "introduce" and set(refs) & set(s.targets)), None)
    if plain is None:
        return is_new
    own = plain
    if set(plain.targets) <= set(refs):
        plain.act = name
    else:
        plain.targets = tuple(ref for ref in plain.targets if ref not in refs)
        own = Step(name, refs)
        steps.insert(steps.index(plain) + 1, own)
    reading.step, reading.noun, reading.subject = own, refs, refs
    reading.is_reference = False
    return True


def _read_partner(reading: Reading, step: Step) -> None:
    reading.skip("with", "and", "for")
    others = read_phrase(reading)
    step.others = tuple(ref for ref in others if ref not in step.targets)


def read_to(reading: Reading) -> bool:
    """'to the left', 'to (2, 1)', 'to red', 'to the square', 'to half its size', 'to a circle'."""
    reading.take()
    step = reading.step
    while reading.peek().kind in SKIPPED and not starts_phrase(reading):
        reading.take()
    token = reading.peek_past(*SKIPPED)
    if token.kind in {"side", "point", "colour", "compared", "act", "relation"}:
        if token.kind == "colour" and starts_phrase(reading):
            return _read_destination(reading, step)
        reading.skip()
        return True
    if token.kind == "number" and step is not None and step.act in {"grow", "shrink"}:
        reading.skip()
        return True
    return _read_destination(reading, step)


def _read_destination(reading: Reading, step: Step | None) -> bool:
    if step is None and reading.noun and not reading.is_reference:
        step = reading.add_step(Step("transform", reading.noun))
        return read_target(reading, step)
    if step is None:
        return bool(read_phrase(reading))
    if step.act in _CHANGES:
        return read_into(reading, taken=True)
    noun = reading.noun
    others = read_phrase(reading)
    reading.noun = noun
    if others and step.act == "move":
        step.place = Place(relation="onto", others=others)
        return True
    if others and step.act == "zoom":
        step.targets = others
        return True
    return False


def read_into(reading: Reading, *, taken: bool = False) -> bool:
    """'into a circle': what a thing becomes."""
    if not taken:
        reading.take()
    step = reading.step
    if reading.peek_past(*SKIPPED).kind in {"side", "relation"}:
        reading.skip()
        return True
    if step is None or step.act not in _CHANGES:
        return bool(read_phrase(reading)) or reading.peek().kind == "side"
    step.act = "transform"
    return read_target(reading, step)


def read_target(reading: Reading, step: Step) -> bool:
    targets = read_phrase(reading, is_target=True)
    if not targets:
        return reading.peek().kind in {"colour", "compared"}
    if step.others:  # 'into a circle and then a star'
        step = reading.add_step(Step("transform", step.targets))
    step.others = targets
    reading.noun, reading.is_reference = targets, False
    reading.subject = step.targets
    return True


def read_about(reading: Reading) -> bool:
    """'about the x axis', 'around its diagonal', 'around the circle', 'around (1, 0)'."""
    reading.take()
    token = reading.peek_past(*SKIPPED)
    step = reading.step
    if token.kind in {"axis", "point", "end", "turned", "number"}:
        reading.skip()
        return True
    if token.kind == "side" and token.value == (0, 0):
        reading.skip()
        reading.take()
        return True
    noun = reading.noun
    others = read_others(reading, "around")
    if step is None or reading.effect_of(step) == "comes":
        reading.noun = noun
        return bool(others) and set_place(reading, Place(relation="around", others=others))
    if not others:
        return token.kind in {"and", "comma", "stop", "then", "for", "while"}
    reading.noun = step.targets
    if step.act == "move":
        step.act, step.others = "follow", others
    elif others != step.targets:
        step.place = Place(relation="onto", others=others)
    return True


def read_along(reading: Reading) -> bool:
    reading.take()
    step = reading.step
    if step is None:
        return False
    if reading.peek_past(*SKIPPED).kind == "axis":
        axis = reading.peek_past(*SKIPPED).value
        reading.skip()
        reading.take()
        step.side = (1, 0) if axis == (1, 0, 0) else (0, 1)
        return True
    step.act = "follow"
    return _read_path(reading, step)


def _read_path(reading: Reading, step: Step) -> bool:
    targets = step.targets
    others = read_phrase(reading)
    if not others or any(reading.row(ref).family not in _PATHS for ref in others):
        return False
    step.others = tuple(ref for ref in others if ref not in targets)
    _show_before(reading, step, others)
    reading.noun, reading.is_reference = others, False
    return True


def _show_before(reading: Reading, step: Step, refs: tuple[Ref, ...]) -> None:
    """A path that is named last is there first."""
    for earlier in reading.plan.steps[reading.plan.steps.index(step) + 1 :]:
        if earlier.act == "introduce":
            reading.plan.steps.remove(earlier)
            reading.plan.steps.insert(reading.plan.steps.index(step), earlier)
    reading.step = step


def read_with(reading: Reading) -> bool:
    """'replace it with a star'; else what follows is read by itself."""
    reading.take()
    step = reading.step
    if step is not None and step.act == "transform" and not step.others and starts_phrase(reading):
        return read_target(reading, step)
    return True


def read_back_again(reading: Reading) -> bool:
    """'and back': what a thing was before, or a way there and back."""
    reading.take()
    step = reading.step
    if step is None or not step.targets:
        return False
    if step.act == "transform" and step.others:
        first = step.targets[0]
        thing = reading.thing(first)
        looks = {**thing.looks, "like": first.thing}
        before = replace(thing, looks=looks, is_target=True)
        reading.add_step(Step("transform", step.targets)).others = (reading.add_thing(before),)
        return True
    if step.act != "move":
        return False
    step.looks["there and back"] = True
    return True
