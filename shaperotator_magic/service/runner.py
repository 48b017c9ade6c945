"""The process that runs tasks, one after the other: the pipeline with a warm, isolated worker.

Run as ``python -m shaperotator_magic.service.runner``. It holds no key, writes to no database, and
knows nothing but its orders, so that a task can be run again wherever it was lost.

    in   an Order as a JSON line; {"cancel": "TASK"}
    out  {"ready": true} at the start, or {"refused": {…}} where scenes cannot be confined or an
         attack from the place of a scene succeeded; then messages of ``wire.py`` and {"ending": …}
"""

from __future__ import annotations

import contextlib
import functools
import json
import os
import queue
import signal
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import Any, TypeVar

from shaperotator_magic.errors import (
    NothingFitsError,
    RenderProcessLostError,
    ServiceUnavailableError,
    ShapeRotatorError,
)
from shaperotator_magic.keeping.store import Store
from shaperotator_magic.pipeline import Pipeline
from shaperotator_magic.records import (
    Cancelled,
    Done,
    ErrorReport,
    Event,
    Failed,
    Generation,
    Rehearsal,
    RenderedVideo,
)
from shaperotator_magic.rendering.isolation import require_isolation
from shaperotator_magic.rendering.niceness import step_back
from shaperotator_magic.rendering.worker import Worker
from shaperotator_magic.service.orders import Ending, Order
from shaperotator_magic.service.relay import RelayedModel, hide_process
from shaperotator_magic.service.videos import name_poster, name_video, open_storage
from shaperotator_magic.service.wire import Message, build_message
from shaperotator_magic.writing.language_model import LanguageModel, build_chat_model

_ADVICE = (
    "Ask for something like one of these; other sentences need a language model, which whoever "
    "runs this service can offer."
)
_NICENESS = 5  # the service answers before scenes are drawn

Say = Callable[[Message], None]
_Result = TypeVar("_Result")


def main() -> int:
    """Run tasks until the parent closes the pipe or dies, which closes it."""
    reports = os.dup(1)
    os.dup2(2, 1)
    hide_process()
    step_back(_NICENESS)

    def say(message: Message) -> None:
        line = json.dumps(message).encode() + b"\n"
        while line:
            line = line[os.write(reports, line) :]

    # Its media folder is that of all users.
    with contextlib.closing(InsistentWorker(keeps_segments=False)) as worker:
        try:
            require_isolation()
            worker.run_canaries()
        except ShapeRotatorError as exc:
            say({"refused": exc.as_dict()})
            return 1
        say({"ready": True})
        Runner(worker, say).serve()
    return 0


class Runner:
    """Runs orders that come by stdin; a second thread hears cancellations and the end."""

    def __init__(self, worker: Worker, say: Say) -> None:
        self._worker = worker
        self._say = say
        self._orders: queue.SimpleQueue[Order] = queue.SimpleQueue()
        self._current: str | None = None
        self._cancelled: set[str] = set()
        self._may_interrupt = False

    def serve(self) -> None:
        """Run orders for ever; the listening thread ends the process."""
        signal.signal(signal.SIGINT, self._interrupt)
        threading.Thread(target=self._listen, daemon=True).start()
        while True:
            order = self._orders.get()
            ending = self._run(order)
            self._say({"ending": ending.model_dump(mode="json")})

    def _listen(self) -> None:
        for line in sys.stdin.buffer:
            said = json.loads(line)
            if "cancel" not in said:
                self._orders.put(Order.model_validate(said))
                continue
            self._cancelled.add(said["cancel"])
            signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)
        # Nobody reads the result: what draws ends with its own pipe, which ends with this process.
        os._exit(0)

    def _interrupt(self, number: int, frame: FrameType | None) -> None:
        # A late cancellation must not hit the next task, nor this process between two of them.
        if self._may_interrupt and self._current in self._cancelled:
            raise KeyboardInterrupt

    def _run(self, order: Order) -> Ending:
        self._current = order.task.task_id
        try:
            self._may_interrupt = True
            if self._current in self._cancelled:
                return Ending()
            return run_order(order, self._worker, self._say)
        except KeyboardInterrupt:
            return Ending()
        finally:
            self._may_interrupt = False
            self._cancelled.discard(order.task.task_id)
            self._current = None


class InsistentWorker(Worker):
    """A worker whose call is begun again where its process was killed, once: a scene that kills it
    each time is not run for ever.
    """

    def render(self, *args: Any, **options: Any) -> RenderedVideo:
        """See ``Worker.render``."""
        return insist(lambda: Worker.render(self, *args, **options))

    def rehearse(self, *args: Any, **options: Any) -> Rehearsal:
        """See ``Worker.rehearse``."""
        return insist(lambda: Worker.rehearse(self, *args, **options))


def insist(work: Callable[[], _Result]) -> _Result:
    """Do something again, once, where the process that did it was killed."""
    try:
        return work()
    except RenderProcessLostError as exc:
        sys.stderr.write(f"{exc.message} It is begun again.\n")
        return work()


def run_order(order: Order, worker: Worker, say: Say) -> Ending:
    """Run one task to its end, whatever that is, and put its video where the order says."""
    listener = _Listener(say)
    with _find_cache_dir(order) as cache_dir:
        pipeline = Pipeline(
            store=_NoStore(cache_dir),
            renderers={"worker": worker},
            media_dir=cache_dir,
            build_model=functools.partial(_build_model, relay=order.relay),
            longest_timeout_s=order.render_timeout_s,
        )
        with contextlib.suppress(ShapeRotatorError, KeyboardInterrupt):
            pipeline.run(order.task.prompt, listener, generation_id=order.task.task_id)
        generation = listener.generation
        if generation is None or generation.video is None:
            return Ending(generation=generation, notes=listener.notes)
        return _publish(order, generation, generation.video, listener.notes)


def _publish(
    order: Order, generation: Generation, video: RenderedVideo, notes: tuple[str, ...]
) -> Ending:
    task_id = order.task.task_id
    names = {
        "path": name_video(task_id, video.media_type),
        "poster": name_poster(task_id),
    }
    try:
        storage = open_storage(order.videos)
        for field, name in names.items():
            storage.publish(getattr(video, field), name)
    except ServiceUnavailableError as exc:
        report = ErrorReport(**exc.as_dict())
        failed = {"status": "failed", "error": report, "video": None}
        return Ending(generation=generation.model_copy(update=failed), notes=notes)
    shown = video.model_copy(update={field: Path(name) for field, name in names.items()})
    return Ending(
        generation=generation.model_copy(update={"video": shown}),
        notes=notes,
        video_name=names["path"],
    )


class _Listener:
    """Passes events on as messages, and keeps what the last one brought."""

    def __init__(self, say: Say) -> None:
        self.generation: Generation | None = None
        self.notes: tuple[str, ...] = ()
        self._say = say

    def __call__(self, event: Event) -> None:
        if isinstance(event, Done | Failed | Cancelled):
            self.generation = _advise(event.generation)
            self.notes = event.notes if isinstance(event, Done) else ()
            return
        message = build_message(event)
        if message is not None:
            self._say(message)


def _advise(generation: Generation) -> Generation:
    """Return a run whose error tells what a user of the service can do, not its operator."""
    error = generation.error
    if error is None or error.type != NothingFitsError.__name__:
        return generation
    return generation.model_copy(update={"error": error.model_copy(update={"hint": _ADVICE})})


class _NoStore(Store):
    """Keeps nothing: the service writes the run together with the end of its task."""

    def append_generation(self, generation: Generation) -> None:
        """Pass over it."""


def _build_model(name: str, *, base_url: str | None, relay: str | None) -> LanguageModel:
    if relay is None:
        return build_chat_model(name, base_url=base_url)
    return RelayedModel(name, Path(relay))


@contextlib.contextmanager
def _find_cache_dir(order: Order) -> Iterator[Path]:
    if order.cache_dir is not None:
        yield Path(order.cache_dir)
        return
    with tempfile.TemporaryDirectory(prefix="shaperotator-task-") as folder:
        yield Path(folder) / "media"


if __name__ == "__main__":
    sys.exit(main())
