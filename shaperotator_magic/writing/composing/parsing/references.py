"""What a noun phrase means of what is there already: 'it', 'the second circle'. Pure.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from shaperotator_magic.writing.composing.parsing.state import Reading
from shaperotator_magic.writing.composing.plan import Ref


@dataclass
class Words:
    """What stands before the head of a phrase."""

    article: str = ""
    count: int | None = None
    ordinal: object = None
    colours: list[str] = field(default_factory=list)
    looks: dict[str, object] = field(default_factory=dict)
    measures: dict[str, float] = field(default_factory=dict)
    arrangement: str = ""


def resolve(reading: Reading, kind: str, words: Words) -> tuple[Ref, ...]:
    """Return the things in the picture that a phrase means: 'the red one', 'the second circle'."""
    members = [
        ref
        for shown in reading.list_shown()[::-1]
        for ref in _list_members(reading, shown)
        if _fits(reading, ref, kind, words)
    ]
    if not members:
        return ()
    if words.ordinal == "other":
        return tuple(ref for ref in members if ref not in reading.noun)[:1] or (members[-1],)
    if words.ordinal == "middle":
        return (members[len(members) // 2],)
    if words.ordinal is not None:
        index = int(str(words.ordinal))
        return (members[index],) if -len(members) <= index < len(members) else ()
    if words.count and words.count <= len(members):
        chosen = members[-words.count :]
    else:
        chosen = [ref for ref in members if ref.thing == members[-1].thing]
    return _merge(reading, chosen)


def _list_members(reading: Reading, ref: Ref) -> list[Ref]:
    count = reading.thing(ref).count
    return [ref] if count == 1 else [Ref(ref.thing, member) for member in range(count)]


def _fits(reading: Reading, ref: Ref, kind: str, words: Words) -> bool:
    thing = reading.thing(ref)
    if kind and thing.kind != kind:
        return False
    if any(thing.looks.get(look) != value for look, value in words.looks.items()):
        return False
    if not words.colours:
        return True
    colours = thing.colours or [str(thing.looks.get("colour", ""))]
    return colours[(ref.member or 0) % len(colours)] in words.colours


def _merge(reading: Reading, refs: list[Ref]) -> tuple[Ref, ...]:
    """Return all members of a group as the group."""
    merged: list[Ref] = []
    for ref in refs:
        members = [other for other in refs if other.thing == ref.thing]
        is_whole = ref.member is not None and len(members) == reading.thing(ref).count
        chosen = Ref(ref.thing) if is_whole else ref
        if chosen not in merged:
            merged.append(chosen)
    return tuple(merged)
