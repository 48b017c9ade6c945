"""Runs that go on while other cells run: ``%%shaperotate --background``.

Such a run changes its own output only: what is printed or displayed from a thread would land in
whatever cell is running.

Runs in the user's kernel.
"""

from __future__ import annotations

import ctypes
import threading
from collections.abc import Callable

from IPython.display import DisplayHandle, display

from shaperotator_magic.core.errors import GenerationCancelled
from shaperotator_magic.core.records import Generation, RenderedVideo
from shaperotator_magic.pipeline.pipeline import Pipeline
from shaperotator_magic.rendering.worker.worker import Worker
from shaperotator_magic.service.client.remote_pipeline import RemotePipeline


class BackgroundRun:
    """A run that has begun: wait for it, stop it, take its video.

    Parameters
    ----------
    generation_id
        The run.
    work
        Called in a thread; returns the generation or raises what the run raises.
    """

    def __init__(self, generation_id: str, work: Callable[[], Generation]) -> None:
        self.generation_id = generation_id
        self._work = work
        self._generation: Generation | None = None
        self._error: BaseException | None = None
        self._over = threading.Event()
        self._is_cancelled = False
        self._shown: list[DisplayHandle] = []
        self._thread = threading.Thread(
            target=self._run, name=f"shaperotate-{generation_id}", daemon=True
        )

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    @property
    def is_done(self) -> bool:
        """Whether it has ended, however that was."""
        return self._over.is_set()

    @property
    def video(self) -> RenderedVideo | None:
        """The video, None while there is none."""
        return self._generation.video if self._generation else None

    def wait(self, timeout_s: float | None = None) -> Generation:
        """Return the finished generation; the kernel's stop button ends the waiting only.

        Parameters
        ----------
        timeout_s
            Seconds to wait at most.

        Raises
        ------
        TimeoutError
            It still goes on after that time.
        ShapeRotatorError
            The run failed.
        GenerationCancelled
            It was stopped.
        """
        if not self._over.wait(timeout_s):
            raise TimeoutError(f"{self.generation_id} still goes on after {timeout_s} s")
        if self._error is not None:
            raise self._error
        assert self._generation is not None  # noqa: S101 - either of them is set at the end
        return self._generation

    def cancel(self) -> bool:
        """Stop it; False where it has ended already. Its card is updated when it has stopped."""
        if self.is_done or self._thread.ident is None:
            return False
        self._is_cancelled = True
        # The same exception as the stop button raises in the main thread, at the next bytecode.
        identifier = ctypes.c_ulong(self._thread.ident)
        raised = ctypes.pythonapi.PyThreadState_SetAsyncExc(
            identifier, ctypes.py_object(KeyboardInterrupt)
        )
        return bool(raised)

    @property
    def state(self) -> str:
        """What it does now, or how it ended."""
        if not self.is_done:
            return "stopping" if self._is_cancelled else "going on"
        if self._error is None:
            return "done"
        is_stopped = isinstance(self._error, GenerationCancelled | KeyboardInterrupt)
        return "cancelled" if is_stopped else "failed"

    def __repr__(self) -> str:
        return f"<BackgroundRun {self.generation_id}: {self.state}; wait(), cancel(), video>"

    def _ipython_display_(self) -> None:
        # What stands below a cell follows the run, and is right in the notebook that is saved.
        shown = display({"text/plain": repr(self)}, raw=True, display_id=True)
        if shown is not None:
            self._shown.append(shown)
        if self.is_done:
            self._show_state()

    def _show_state(self) -> None:
        for shown in self._shown:
            shown.update({"text/plain": repr(self)}, raw=True)

    def _run(self) -> None:
        try:
            self._generation = self._work()
        except BaseException as exc:  # noqa: BLE001 - whatever it is, wait() raises it
            self._error = exc
        finally:
            self._over.set()
            self._show_state()


class Background:
    """The background runs of one kernel, with a supervisor of their own."""

    def __init__(self) -> None:
        self._runs: dict[str, BackgroundRun] = {}
        self._worker: Worker | None = None

    def build_pipeline(self, pipeline: Pipeline) -> Pipeline:
        """Return a pipeline like the given one that does not wait for the cells' renders."""
        self._worker = self._worker or Worker()
        return RemotePipeline(
            store=pipeline.store,
            renderers={"worker": self._worker},
            media_dir=pipeline.media_dir,
            find_servers=pipeline.find_servers,
            styles=pipeline.styles,
        )

    def begin(self, generation_id: str, work: Callable[[], Generation]) -> BackgroundRun:
        """Begin a run and remember it by its identifier."""
        run = BackgroundRun(generation_id, work)
        self._runs[generation_id] = run
        run.start()
        return run

    def cancel(self, generation_id: str) -> bool:
        """Stop a run; False where none of that identifier goes on here."""
        run = self._runs.get(generation_id)
        return run is not None and run.cancel()

    def close(self) -> None:
        """Stop what goes on."""
        for run in self._runs.values():
            run.cancel()
        if self._worker is not None:
            self._worker.close()
