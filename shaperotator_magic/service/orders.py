"""What a runner is told, and what it says at the end: a task is a pure function of its order."""

from __future__ import annotations

from shaperotator_magic.records import Generation, Record, Task


class Order(Record):
    """Everything that a task needs, wherever it runs.

    ``videos`` is the location that the finished video goes to; ``cache_dir`` is a folder of the
    owner's own on the machine that runs the task, None for a new one there; ``relay`` is the socket
    of the process that asks the model, None where that machine asks itself. After ``timeout_s``
    seconds the task is ended; ``render_timeout_s`` is the most that users may ask for one render.
    """

    task: Task
    videos: str
    cache_dir: str | None = None
    relay: str | None = None
    timeout_s: float = 900.0
    render_timeout_s: float | None = None


class Ending(Record):
    """How a task ended. ``generation`` is None where it was stopped before there was one.

    The paths in ``generation.video`` are names in the storage of videos.
    """

    generation: Generation | None = None
    notes: tuple[str, ...] = ()
    video_name: str | None = None
