"""Who wrote a scene and from what, in words: the same on the card, the page and the command line.

Imports the records alone.

Runs in every process.
"""

from __future__ import annotations

from typing import Any

from shaperotator_magic.core.records import COMPOSED, Attempt, Generation, Origin, SceneCode

__all__ = ["describe_making", "describe_run", "describe_writer"]

_LONGEST_VALUE = 60


def describe_making(generation: Generation, code: SceneCode | None) -> str:
    """Describe in one line who wrote the scene, from what, how long it took, and its identifier."""
    writer = describe_writer(code, generation.attempts) if code else []
    return " · ".join([*writer, *describe_run(generation)])


def describe_run(generation: Generation) -> list[str]:
    """Return facts on the video and the run, its identifier last."""
    facts = []
    video = generation.video
    if video is not None and video.duration_s:
        facts.append(f"{video.duration_s:.0f} s of video, {video.height_px}p{video.fps:.0f}")
    if video is not None and video.is_from_cache:
        facts.append("rendered before")
    elif video is not None:
        facts.append(f"made in {generation.elapsed_s:.1f} s")
    return [*facts, generation.generation_id]


def describe_writer(code: SceneCode, attempts: tuple[Attempt, ...] = ()) -> list[str]:
    """Return facts on who wrote a scene: of the library, with what it read of the sentence."""
    origin = code.origin
    if origin.writer == "library":
        return _describe_library(origin)
    if origin.writer != "model":
        return []
    usages = [a.completion.usage for a in attempts if a.completion]
    tokens = sum(usage.prompt_tokens + usage.completion_tokens for usage in usages)
    return [
        f"Written by {origin.model or 'a model'}",
        *([f"{tokens} tokens"] if tokens else []),
        *([f"{len(attempts)} attempts"] if len(attempts) > 1 else []),
    ]


def _describe_library(origin: Origin) -> list[str]:
    # A note lists the values of this sentence; this line those of earlier sentences.
    listed = {value.parameter for value in origin.reading.values} if origin.reading else set()
    others = {name: value for name, value in origin.parameters.items() if name not in listed}
    read = ", ".join(f"{name} = {_shorten(value)}" for name, value in others.items())
    scene = f": {origin.library_scene}" if origin.library_scene else ""
    score = [f"match {origin.score:.2f}"] if origin.score is not None else []
    # A composed scene is made of the sentence, and has no example of its own.
    has_example = origin.library_scene not in {None, COMPOSED} and not origin.parameters
    nothing = ["nothing read, so its own example"] if has_example else []
    return [f"Built-in library{scene}", *score, *([f"read: {read}"] if read else nothing)]


def _shorten(value: Any) -> str:
    if isinstance(value, dict):  # the colours of things by their names
        value = ", ".join(f"{name} {str(item).lower()}" for name, item in value.items())
    text = str(value)
    return text if len(text) <= _LONGEST_VALUE else f"{text[: _LONGEST_VALUE - 1]}…"
