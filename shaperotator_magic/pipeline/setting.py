"""A scene that is there, drawn with other values of its parameters: nobody writes.

Once its first animation is drawn it is rehearsed, too. What the scene itself or the rules of layout
say ends it: nothing of it is stored, and the last good picture comes back.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Callable, Mapping
from typing import Any

from shaperotator_magic.checking.gate.gate import check_scene
from shaperotator_magic.core.errors import ParameterError, SceneCodeError, ShapeRotatorError
from shaperotator_magic.core.records import (
    Attempt,
    CheckedScene,
    Checking,
    ErrorReport,
    Event,
    Finding,
    Generation,
    Prompt,
    Rehearsal,
    RenderedVideo,
    SceneCode,
    SegmentReady,
    Status,
)
from shaperotator_magic.pipeline.attempts import Run
from shaperotator_magic.pipeline.drafts import Draft, Rehearse, rehearse_draft
from shaperotator_magic.pipeline.exploring.parameters import read_parameters
from shaperotator_magic.pipeline.exploring.setting import (
    check_value,
    describe_change,
    find_parameter,
    set_parameters,
)
from shaperotator_magic.rendering.renderer import RenderRequest
from shaperotator_magic.rendering.worker.environment import check_environment

_ANOTHER_VALUE = "Take another value."
_JOIN_S = 5.0
_USUAL_HEIGHT_PX = 480


def build_setting(
    base: Generation, earlier: Mapping[str, Any], values: Mapping[str, Any]
) -> Prompt:
    """Return the prompt that sets parameters of a result.

    Parameters
    ----------
    base
        The version that a writer made.
    earlier
        What was set before: it stays where ``values`` do not name it.
    values
        New values by name. What is as in ``base`` is no change; nothing left is a reset.

    Raises
    ------
    ParameterError
        The scene has no such parameter, or it cannot have this value.
    SceneCodeError
        There is no scene.
    """
    code = find_code(base)
    rows = {row.name: row for row in read_parameters(code)}
    checked: dict[str, Any] = {}
    for name, value in {**earlier, **values}.items():
        row = find_parameter(rows, name)
        is_left = value is None and row.value is None
        checked[row.name] = None if is_left else check_value(row, value)
    changed = {name: value for name, value in checked.items() if value != rows[name].value}
    # It is drawn here, whoever has drawn what it was made from.
    options = base.prompt.options.model_copy(update={"remote": None, "token": None, "cache": True})
    return base.prompt.model_copy(
        update={
            "text": describe_change(code, changed),
            "options": options,
            "parent": base.generation_id,
            "values": changed,
        }
    )


def find_code(generation: Generation) -> SceneCode:
    """Return the scene of a run.

    Raises
    ------
    SceneCodeError
        It has none.
    """
    if generation.scene is None:
        raise SceneCodeError(
            f"{generation.generation_id} has no scene whose parameters could be set.",
            hint="Run its prompt again with %%shaperotate.",
        )
    return generation.scene.code


def set_scene(base: Generation, values: Mapping[str, Any]) -> CheckedScene:
    """Return the scene of a run with other values, checked like any other."""
    return check_scene(set_parameters(find_code(base), values))


@dataclasses.dataclass
class SettingRun(Run):
    """One run that sets parameters; ``earlier`` is the version whose parameters they are.

    ``is_wanted`` is asked while it goes on; once it says no, the run is ended as if interrupted.
    """

    is_wanted: Callable[[], bool] = lambda: True

    def render(self, scene: CheckedScene, *, frames: int | None = None) -> RenderedVideo:
        """Draw the scene; as many frames are expected as the earlier version has."""
        before = self.earlier.video if self.earlier else None
        frames = frames or (round(before.duration_s * before.fps) if before else None)
        return super().render(scene, frames=frames)

    def write_and_render(self) -> None:
        """Draw the scene with its new values; see ``Run``."""
        check_environment(self.collaborators.media_dir)
        assert self.earlier is not None  # noqa: S101 - whoever builds a setting has looked for it
        scene = set_scene(self.earlier, self.prompt.values)
        self.on_event(Checking(code=scene.code))
        attempt = Attempt(code=scene.code)
        can_rehearse = self.collaborators.find_rehearser(self.prompt.options) is not None
        verdict = _Verdict(self._rehearse if can_rehearse else None, scene, self.earlier)
        tell, self.on_event = self.on_event, verdict.guard(self.on_event)
        try:
            self._draw(Draft(scene), attempt)
            verdict.wait()
        except ShapeRotatorError as exc:
            self._record(attempt, verdict.fault or exc)
            raise verdict.fault or exc from None
        finally:
            self.on_event = tell
            verdict.join()

    def finish(self, status: Status, error: ErrorReport | None) -> Generation:
        """Return the record of this run; what a stranger wrote stays a stranger's."""
        made = super().finish(status, error)
        came_from = self.earlier.came_from if self.earlier else None
        return made.model_copy(update={"came_from": came_from})

    def _rehearse(self, scene: CheckedScene) -> Rehearsal:
        """Rehearse in the usual size: in a very small one texts are coarse, and seem to collide."""
        rehearser = self.collaborators.find_rehearser(self.prompt.options)
        assert rehearser is not None  # noqa: S101 - whoever calls this has looked for it
        request = self._build_request()
        scale = max(1.0, _USUAL_HEIGHT_PX / request.height_px)
        width_px, height_px = (
            round(side * scale) for side in (request.width_px, request.height_px)
        )
        usual = dataclasses.replace(request, width_px=width_px, height_px=height_px)
        return rehearser.rehearse(scene, usual, variables=self.variables)

    def _build_request(self) -> RenderRequest:
        return dataclasses.replace(super()._build_request(), is_wanted=self.is_wanted)


class _Verdict:
    """What a rehearsal finds, held in a thread beside the drawing.

    It begins with the first segment: until then the drawing has the processor to itself.

    Parameters
    ----------
    rehearse
        Holds it; None where that is not possible.
    before
        The run whose scene was changed: what is wrong there already is no reason.
    """

    def __init__(self, rehearse: Rehearse | None, scene: CheckedScene, before: Generation) -> None:
        self.fault: ShapeRotatorError | None = None
        self._scene = scene
        self._known = {finding.rule for finding in before.scene.findings} if before.scene else set()
        self._can_rehearse = rehearse is not None
        self._thread = threading.Thread(target=self._hold, args=(rehearse,), daemon=True)

    def guard(self, tell: Callable[[Event], None]) -> Callable[[Event], None]:
        """Return a listener that ends the drawing at the first event after a fault was found."""

        def pass_on(event: Event) -> None:
            if self.fault is not None:
                raise self.fault
            tell(event)
            if isinstance(event, SegmentReady):
                self._begin()

        return pass_on

    def wait(self) -> None:
        """Raise what was found, once that is known."""
        self._begin()
        # In small steps: an interrupt is to be heard.
        while self._thread.is_alive():
            self._thread.join(0.05)
        if self.fault is not None:
            raise self.fault

    def join(self) -> None:
        """Leave no thread behind."""
        if self._thread.is_alive():
            self._thread.join(_JOIN_S)

    def _begin(self) -> None:
        if self._can_rehearse and self._thread.ident is None:
            self._thread.start()

    def _hold(self, rehearse: Rehearse) -> None:
        try:
            draft = rehearse_draft(self._scene, rehearse)
        except (ShapeRotatorError, KeyboardInterrupt):
            return  # the drawing says the same
        flaw = next((f for f in draft.flaws if self._is_new(f)), None)
        if draft.failure is not None:
            self.fault = draft.failure
        elif flaw is not None:
            self.fault = ParameterError(flaw.message, hint=flaw.hint or _ANOTHER_VALUE)

    def _is_new(self, finding: Finding) -> bool:
        return finding.rule.startswith(("layout-", "nothing-")) and finding.rule not in self._known
