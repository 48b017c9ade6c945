"""``rotate("a sentence")``: the magic as a plain function, for marimo, scripts and tests."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from shaperotator_magic.keeping.store import Store
from shaperotator_magic.notebook.bundle import build_bundle
from shaperotator_magic.notebook.versions import find_parent, inherit_options
from shaperotator_magic.options import build_options, merge_settings
from shaperotator_magic.records import Event, Generation, Prompt
from shaperotator_magic.rendering.describing import describe_variables
from shaperotator_magic.rendering.worker import Worker
from shaperotator_magic.service.client import RemotePipeline
from shaperotator_magic.settings import find_data_dir, read_environment

_OF_A_CELL = {"background", "with_"}  # a thread, or ``variables``, does the same here


class ShownGeneration(Generation):
    """A generation that shows itself as its card where it is the value of a cell."""

    def _repr_mimebundle_(self, **_: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        return build_bundle(self, kernel_id="")

    def _repr_html_(self) -> str:
        # marimo asks for this one.
        return str(self._repr_mimebundle_()[0]["text/html"])


def rotate(
    text: str,
    *,
    variables: Mapping[str, Any] | None = None,
    on_event: Callable[[Event], None] = lambda event: None,
    **options: Any,
) -> Generation:
    """Turn a sentence into a video and return the whole run.

    Parameters
    ----------
    text
        The prompt.
    variables
        Values that the scene may use by name; only their types and shapes reach a
        model, with ``send_values=True`` also the values.
    on_event
        Called with every event of the run, for progress.
    **options
        The magic's options by their names in ``%shaperotate help``, without dashes:
        ``quality="medium"``, ``model="…"``, ``offline=True``, ``timeout_s=60`` (seconds),
        ``refine="last"`` or the identifier of the run that the text changes.

    Returns
    -------
    Generation
        ``.video.path`` is the MP4, ``.scene.code.source`` its code; as the value of a notebook
        or marimo cell it shows itself.

    Raises
    ------
    ShapeRotatorError
        The run failed; the message says why, the hint what to do.
    """
    unknown = set(options) - (set(merge_settings()) - _OF_A_CELL)
    if unknown:
        raise TypeError(f"rotate() has no option {', '.join(sorted(unknown))}")
    merged = merge_settings(options, read_environment())
    pipeline = _build_pipeline(find_data_dir(merged["data_dir"]))
    parent = find_parent(pipeline.store, merged["refine"], None) if merged["refine"] else None
    if parent is not None:
        merged = merge_settings(options, inherit_options(parent.prompt), read_environment())
    values = dict(variables or {})
    described = describe_variables(values, with_values=merged["send_values"])
    prompt = Prompt(
        text=text,
        options=build_options(merged),
        variables=described,
        parent=parent.generation_id if parent else None,
    )
    generation = pipeline.run(prompt, on_event, variables=values)
    return ShownGeneration(**dict(generation))


@functools.lru_cache(maxsize=1)
def _shared_worker() -> Worker:
    return Worker()


def _build_pipeline(data_dir: Path) -> RemotePipeline:
    return RemotePipeline(
        store=Store(data_dir),
        renderers={"worker": _shared_worker()},
        media_dir=data_dir / "media",
    )
