"""The process that runs tasks, one after the other: the pipeline with a warm, isolated worker.

Run as ``python -m shaperotator_magic.service.tasks.runner``. It holds no key, writes to no
database, and knows nothing but its orders, so that a task can be run again wherever it was lost.

    in   an Order as a JSON line; {"cancel": "TASK"}
    out  {"ready": true} at the start, or {"refused": {…}} where scenes cannot be confined or an
         attack from the place of a scene succeeded; then messages of ``wire.py`` and {"ending": …}

Runs in a runner, a process that the service starts.
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
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import FrameType
from typing import Any, TypeVar

from shaperotator_magic.core.errors import (
    GenerationNotFoundError,
    NothingFitsError,
    RenderProcessLostError,
    ServiceUnavailableError,
    ShapeRotatorError,
)
from shaperotator_magic.core.records import (
    Cancelled,
    Done,
    ErrorReport,
    Event,
    Failed,
    Generation,
    Rehearsal,
    RenderedVideo,
    SegmentReady,
)
from shaperotator_magic.core.styles.choosing import offer_styles
from shaperotator_magic.keeping.store import Store
from shaperotator_magic.pipeline.pipeline import EventListener, Pipeline
from shaperotator_magic.rendering.exchange.owned_folders import OwnedFolder, sweep_folders
from shaperotator_magic.rendering.isolation.isolation import require_isolation
from shaperotator_magic.rendering.process.priority import lower_priority
from shaperotator_magic.rendering.worker.worker import Worker
from shaperotator_magic.service.tasks.live_video import LiveVideo
from shaperotator_magic.service.tasks.orders import Ending, Order
from shaperotator_magic.service.tasks.relay import RelayedModel, hide_process
from shaperotator_magic.service.videos import name_geometry, name_poster, name_video, open_storage
from shaperotator_magic.service.wire import Message, build_message
from shaperotator_magic.writing.model.language_model import LanguageModel, build_chat_model

_ADVICE = (
    "Ask for something like one of these; other sentences need a language model, which whoever "
    "runs this service can offer."
)
_FOLDER_PREFIX = "shaperotator-task-"
_NICENESS = 5  # the service answers before scenes are drawn

Say = Callable[[Message], None]
_Result = TypeVar("_Result")


def main() -> int:
    """Run tasks until the parent closes the pipe or dies, which closes it."""
    reports = os.dup(1)
    os.dup2(2, 1)
    hide_process()
    lower_priority(_NICENESS)
    sweep_folders(_FOLDER_PREFIX)

    def say(message: Message) -> None:
        line = json.dumps(message).encode() + b"\n"
        while line:
            line = line[os.write(reports, line) :]

    # Its media folder is that of all users.
    with contextlib.closing(InsistentWorker(caches_segments=False)) as worker:
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
    """Runs orders from stdin; a second thread reads cancellations and the end."""

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
            message = json.loads(line)
            if "cancel" not in message:
                self._orders.put(Order.model_validate(message))
                continue
            self._cancelled.add(message["cancel"])
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
    """A worker whose call is restarted once where its process was killed: a scene that kills it
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
    """Run one task to any end, and write its video to the path in the order."""
    with _find_cache_dir(order) as cache_dir:
        places = (str(cache_dir), str(cache_dir.parent), order.videos, tempfile.gettempdir())
        listener = _Listener(say, places, LiveVideo(order.task.task_id, order.videos))
        pipeline = Pipeline(
            store=_OrderStore(cache_dir, order.earlier),
            renderers={"worker": worker},
            media_dir=cache_dir,
            build_model=functools.partial(_build_model, relay=order.relay),
            longest_timeout_s=order.render_timeout_s,
            styles=offer_styles(order.styles_dir),
        )
        with contextlib.suppress(ShapeRotatorError, KeyboardInterrupt):
            _run_prompt(pipeline, order, listener)
        generation = listener.generation
        if generation is None or generation.video is None:
            return Ending(generation=generation, notes=listener.notes)
        return _publish(order, generation, generation.video, listener.notes)


def _run_prompt(pipeline: Pipeline, order: Order, listener: EventListener) -> None:
    task = order.task
    values = task.prompt.values
    if not values:
        pipeline.run(task.prompt, listener, generation_id=task.task_id)
        return
    shown = pipeline.store.read_generation(task.prompt.parent or "")
    pipeline.set_parameters(shown, values, listener, generation_id=task.task_id)


def _publish(
    order: Order, generation: Generation, video: RenderedVideo, notes: tuple[str, ...]
) -> Ending:
    task_id = order.task.task_id
    names = {
        "path": name_video(task_id, video.media_type),
        "poster": name_poster(task_id),
    }
    if video.geometry is not None:
        names["geometry"] = name_geometry(task_id)
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
    """Forwards events as messages, and stores the content of the last one."""

    def __init__(self, say: Say, places: Sequence[str], live: LiveVideo) -> None:
        self.generation: Generation | None = None
        self.notes: tuple[str, ...] = ()
        self._say = say
        self._places = places
        self._live = live

    def __call__(self, event: Event) -> None:
        if isinstance(event, Done | Failed | Cancelled):
            self.generation = hide_places(_advise(event.generation), self._places)
            self.notes = event.notes if isinstance(event, Done) else ()
            return
        is_shown = not isinstance(event, SegmentReady) or self._live.publish(event)
        message = build_message(event) if is_shown else None
        if message is not None:
            self._say(message)


def _advise(generation: Generation) -> Generation:
    """Return a run whose error has a hint for a user of the service, not for its operator."""
    error = generation.error
    if error is None or error.type != NothingFitsError.__name__:
        return generation
    return generation.model_copy(update={"error": error.model_copy(update={"hint": _ADVICE})})


def hide_places(generation: Generation, places: Sequence[str]) -> Generation:
    """Return a run whose error names no folder of the service; the log has it as it was."""
    error = generation.error
    if error is None or not any(place in f"{error.message} {error.hint}" for place in places):
        return generation
    sys.stderr.write(f"{generation.generation_id}: {error.message} {error.hint}\n")
    report = ErrorReport(
        type=error.type,
        message="The service has no place to work in.",
        hint="Tell whoever runs it: its log says what is wrong. Try again later.",
    )
    attempts = tuple(
        attempt.model_copy(update={"error": report}) if attempt.error == error else attempt
        for attempt in generation.attempts
    )
    return generation.model_copy(update={"error": report, "attempts": attempts})


class _OrderStore(Store):
    """Has what the order brings, and keeps nothing: the service writes the run with its end."""

    def __init__(self, data_dir: Path, earlier: Sequence[Generation]) -> None:
        super().__init__(data_dir)
        self._earlier = {generation.generation_id: generation for generation in earlier}

    def read_generation(self, generation_id: str) -> Generation:
        """Return a run of the order."""
        found = self._earlier.get(generation_id)
        if found is None:
            raise GenerationNotFoundError(
                "The result that this changes is gone.", hint="Ask for it anew."
            )
        return found

    def append_generation(self, generation: Generation) -> None:
        """Ignore it."""


def _build_model(
    name: str, *, base_url: str | None, reply_timeout_s: float, relay: str | None
) -> LanguageModel:
    if relay is None:
        return build_chat_model(name, base_url=base_url, reply_timeout_s=reply_timeout_s)
    return RelayedModel(name, Path(relay))


@contextlib.contextmanager
def _find_cache_dir(order: Order) -> Iterator[Path]:
    if order.cache_dir is not None:
        yield Path(order.cache_dir)
        return
    with OwnedFolder(_FOLDER_PREFIX) as owned:
        yield owned.path / "media"


if __name__ == "__main__":
    sys.exit(main())
