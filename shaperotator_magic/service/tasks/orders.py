"""The order to a runner, and its result: a task is a pure function of its order.

Runs in the service's web process.
"""

from __future__ import annotations

from shaperotator_magic.core.records import Generation, Record, Task


class Order(Record):
    """Everything that a task needs, wherever it runs.

    ``earlier`` are the runs that it refines or whose parameters it sets, the latest first;
    ``videos`` is the location that the finished video goes to; ``cache_dir`` is a folder of the
    owner's own on the machine that runs the task, None for a new one there; ``relay`` is the socket
    of the process that calls the model, None where that machine calls it itself. After
    ``timeout_s`` seconds the task is ended; ``render_timeout_s`` is the largest time limit that
    users may set for one render. ``styles_dir`` is the folder of the operator's style packs.
    """

    task: Task
    earlier: tuple[Generation, ...] = ()
    videos: str
    cache_dir: str | None = None
    relay: str | None = None
    timeout_s: float = 900.0
    render_timeout_s: float | None = None
    styles_dir: str | None = None


class Ending(Record):
    """How a task ended. ``generation`` is None where it was stopped before there was one.

    The paths in ``generation.video`` are names in the storage of videos.
    """

    generation: Generation | None = None
    notes: tuple[str, ...] = ()
    video_name: str | None = None
