"""Sentences in which people ask for a scene of the library with values. Pure.

A sentence is a frame ('Can you visualise … for my students?'), what the scene shows, and ways to
say the values; ``phrases.toml`` has the words.

Runs in a command's process.
"""

from __future__ import annotations

import functools
import random
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from shaperotator_magic.pipeline.exploring.setting import spell_value

_FRAMES = (
    "Show {}", "Show me {}", "Animate {}", "Explain {}", "Explain {} step by step", "{}",
    "{}, please", "Visualise {}", "visualize {}", "Can you visualise {}?", "I want to see {}",
    "Draw {} for my students", "Help me understand {}", "An animation of {}",
    "Make a short video of {}", "please illustrate {}", "Could you animate {}?", "{} as a video",
    "I would like to understand {}", "For a lecture: {}", "{}, animated", "teach me {}",
    "Let me see {}", "A picture that moves: {}", "can you show {} to a beginner?",
    "We are learning about {}. Show it.", "Demonstrate {}", "an animated explanation of {}",
)  # fmt: skip
_HOW = ("how ", "why ", "what ", "whether ")
_QUESTIONS = ("Show {}", "Explain {}", "Animate {}", "I want to see {}", "Let me see {}",
              "Can you explain {}?", "I do not understand {}", "Help me understand {}",
              "Visualise {}", "Teach me {}", "A video on {}", "please show {}")  # fmt: skip
_LEADING = frozenset(
    "with and of for at from to on by in as up over below versus through using starting "
    "rotating turned drawn cut simulated inserting released let thrown that where within "
    "scaled seen towards".split()
)
_SHORT, _ROUND = 3, 0.8  # short lists mostly stand in round brackets
_CAPITAL = 0.6  # the share of sentences that begin with a capital letter
_FILE = Path(__file__).with_name("phrases.toml")


@functools.cache
def load_phrases() -> dict[str, dict[str, Any]]:
    """Return by scene what it is called and how values of its parameters are said."""
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))


def build_sentence(scene: str, values: Mapping[str, Any], rng: random.Random) -> str:
    """Return one of the sentences that ask for a scene with these values."""
    words = load_phrases()[scene]
    # 'how a pendulum swings of length 2 m' is nobody's sentence.
    plain = [what for what in words["what"] if not what.startswith(_HOW)]
    what = rng.choice(plain if values and plain else words["what"])
    said = [say_value(scene, name, values[name], rng) for name in words if name in values]
    frames = _QUESTIONS if what.startswith(_HOW) else _FRAMES
    sentence = rng.choice(frames).format(" ".join([what, *_join(said)]))
    return sentence[0].upper() + sentence[1:] if rng.random() < _CAPITAL else sentence


def _join(ways: Sequence[str]) -> Iterator[str]:
    """Yield ways to say values, each going on from the one before: 'with … and …'."""
    has_with = False
    for way in ways:
        word, _, rest = way.partition(" ")
        is_bare = word not in _LEADING
        bare = way if is_bare else rest
        if is_bare or word in {"with", "and"}:
            yield f"and {bare}" if has_with else f"with {bare}"
            has_with = True
        else:
            yield way


def list_said(scene: str) -> list[str]:
    """Return the parameters of a scene that its phrases can say."""
    return [name for name in load_phrases()[scene] if name.isupper() and "=" not in name]


def say_value(scene: str, name: str, value: Any, rng: random.Random) -> str:
    """Return words that give a parameter a value: 'with 4 disks'."""
    words = load_phrases()[scene]
    ways = words.get(f"{name}={value}") or words[name]
    return str(rng.choice(ways)).replace("{}", _spell(value, rng))


def _spell(value: Any, rng: random.Random) -> str:
    if not isinstance(value, list):
        return spell_value(value)
    if isinstance(value[0], list):
        rows = [", ".join(map(spell_value, row)) for row in value]
        return f"[{', '.join(f'[{row}]' for row in rows)}]"
    numbers = ", ".join(map(spell_value, value))
    return f"({numbers})" if len(value) <= _SHORT and rng.random() < _ROUND else f"[{numbers}]"
