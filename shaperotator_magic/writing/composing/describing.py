"""What was understood of a sentence, in short phrases for people. Pure.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

from shaperotator_magic.writing.composing.plan import Plan, Ref, Step, Thing
from shaperotator_magic.writing.composing.scanning.words import list_nouns
from shaperotator_magic.writing.composing.tables.happenings import ACTS
from shaperotator_magic.writing.composing.tables.looks import COLOURS
from shaperotator_magic.writing.composing.tables.places import SIDE_NAMES
from shaperotator_magic.writing.composing.tables.things import THINGS

_SPOKEN = {colour: word for word, colour in reversed(COLOURS.items())}
_VERBS = {
    "fade_out": "fades out", "follow": "moves along", "swap": "swaps places",
    "transform": "turns into", "recolour": "turns", "turn": "turns", "flip": "flips",
    "zoom": "is zoomed in on", "zoom_out": "is zoomed out of", "shrink_away": "shrinks away",
    "pop_up": "pops up",
}  # fmt: skip
_MOST_LETTERS = 28
_RELATIONS = {"left": "left of", "right": "right of", "onto": "on"}


def describe_plan(plan: Plan) -> list[str]:
    """Return phrases such as 'a red square', 'the square turns into a circle'."""
    phrases = [_describe_thing(plan, thing) for thing in plan.things if not thing.is_target]
    phrases += [
        _describe_step(plan, step)
        for step in plan.steps
        if step.act not in {"introduce", "draw", "write", "appear"}
    ]
    if plan.background:
        phrases.append(f"a {name_colour(plan.background)} background")
    return phrases


def name_colour(colour: str) -> str:
    """Return the common name of a colour."""
    return _SPOKEN.get(colour, colour.lower())


def _describe_thing(plan: Plan, thing: Thing) -> str:
    words = []
    if thing.looks.get("dashed"):
        words.append("dashed")
    if "colour" in thing.looks:
        words.append(name_colour(str(thing.looks["colour"])))
    noun = THINGS[thing.kind].words[0]
    if thing.equation is not None:
        noun = f"{noun} {thing.equation.text}" if thing.kind != "graph" else (
            f"graph of {thing.equation.text}")  # fmt: skip
    if thing.text:
        noun = f"{noun} '{thing.text[:_MOST_LETTERS]}'"
    if thing.count > 1:
        first, *_ = noun.split(" '")
        noun = list(list_nouns(first))[1]
        phrase = " ".join([str(thing.count), *words, noun])
        phrase += f" ({', '.join(map(name_colour, thing.colours))})" if thing.colours else ""
    else:
        article = [] if noun in {"axes", "points"} else [_choose_article([*words, noun][0])]
        phrase = " ".join([*article, *words, noun])
    measures = [f"{name} {value:g}" for name, value in thing.measures.items()
                if name in THINGS[thing.kind].measures]  # fmt: skip
    phrase += f" with {' and '.join(measures)}" if measures else ""
    if thing.marks:
        phrase += f" with its {' and '.join(dict.fromkeys(thing.marks))}"
    return phrase + _describe_place(plan, thing)


def _choose_article(word: str) -> str:
    return "an" if word[0].lower() in "aeiou" else "a"


def _describe_place(plan: Plan, thing: Thing) -> str:
    place = thing.place
    if thing.arrangement and thing.count > 1:
        is_plain = thing.arrangement in {"concentric", "overlapping"}
        return f", {thing.arrangement}" if is_plain else f" in a {thing.arrangement}"
    if place is None:
        return ""
    if place.side is not None:
        return f" at the {SIDE_NAMES[place.side]}"
    if place.point is not None:
        return " at (" + ", ".join(f"{c:g}" for c in place.point) + ")"
    return _describe_relation(plan, place.relation, place.others) if place.others else ""


def _describe_relation(plan: Plan, relation: str, others: tuple[Ref, ...]) -> str:
    if relation == "joining":
        return " from " + _name_refs(plan, others).replace(" and ", " to ")
    return f" {_RELATIONS.get(relation, relation)} {_name_refs(plan, others)}"


def _name_refs(plan: Plan, refs: tuple[Ref, ...]) -> str:
    return " and ".join(_name_ref(plan, ref) for ref in refs)


def _name_ref(plan: Plan, ref: Ref) -> str:
    thing = plan.things[ref.thing]
    noun = THINGS[thing.kind].words[0]
    if ref.member is not None:
        return f"{noun} {ref.member + 1}"
    return f"the {noun}" if thing.count == 1 else f"the {list(list_nouns(noun))[1]}"


def _describe_step(plan: Plan, step: Step) -> str:
    if step.act == "wait":
        return f"a wait of {step.duration_s or 1:g} s"
    parts = [_name_refs(plan, step.targets) or "the picture", _choose_verb(plan, step)]
    if step.others:
        others = _name_refs(plan, step.others)
        parts.append(others.replace("the ", "a ", 1) if step.act == "transform" else others)
    if step.act in {"recolour", "fill"}:
        parts.append(name_colour(step.colour or "RED"))
    if step.angle is not None:
        parts.append(f"by {step.angle:g}°")
    if step.side is not None:
        parts.append(f"to the {SIDE_NAMES[step.side]}")
    return " ".join([*parts, *_describe_amounts(step)])


def _choose_verb(plan: Plan, step: Step) -> str:
    verb = _VERBS.get(step.act, f"{ACTS[step.act].words[0]}s")
    if step.act == "swap" and step.others:
        verb = "swaps places with"
    is_many = len(step.targets) > 1 or any(
        plan.things[ref.thing].count > 1 and ref.member is None for ref in step.targets
    )
    if not is_many:
        return verb
    first, _, rest = verb.partition(" ")
    plural = "are" if first == "is" else first.removesuffix("s")
    return f"{plural} {rest}".strip()


def _describe_amounts(step: Step) -> list[str]:
    amounts = []
    if step.amount is not None:
        amounts.append(f"by {step.amount:g}")
    if step.times > 1:
        amounts.append(f"{step.times} times")
    if step.duration_s is not None:
        amounts.append(f"in {step.duration_s:g} s")
    return amounts
