"""``rotate("a sentence")``: the magic as a function, for marimo, scripts and tests.

Runs in the caller's process: it needs no IPython. The result shows itself as a card.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from shaperotator_magic.core.options import build_options, merge_settings
from shaperotator_magic.core.records import Event, Prompt
from shaperotator_magic.core.settings.folders import find_data_dir
from shaperotator_magic.core.settings.reading import read_environment
from shaperotator_magic.core.styles.choosing import merge_with_style
from shaperotator_magic.keeping.store import Store
from shaperotator_magic.notebook.card.shown import ShownGeneration
from shaperotator_magic.notebook.session.versions import find_parent, inherit_options
from shaperotator_magic.pipeline.inputs import take_inputs
from shaperotator_magic.rendering.exchange.describing import describe_variables
from shaperotator_magic.rendering.worker.worker import Worker
from shaperotator_magic.service.client.remote_pipeline import RemotePipeline
from shaperotator_magic.writing.model.local_models import find_local_servers

_OF_A_CELL = {"background", "with_"}  # a thread, or ``variables``, does the same here


def rotate(
    text: str,
    *,
    variables: Mapping[str, Any] | None = None,
    on_event: Callable[[Event], None] = lambda event: None,
    **options: Any,
) -> ShownGeneration:
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
    ShownGeneration
        ``.video.path`` is the MP4, ``.scene.code.source`` its code; as the value of a notebook
        or marimo cell it shows itself. ``.set(RATE=0.5)`` draws it with other values of its
        ``.parameters``, without a model.

    Raises
    ------
    ShapeRotatorError
        The run failed; the message has the reason, the hint a remedy.
    """
    unknown = set(options) - (set(merge_settings()) - _OF_A_CELL)
    if unknown:
        raise TypeError(f"rotate() has no option {', '.join(sorted(unknown))}")
    layers: tuple[Mapping[str, Any], ...] = (options, read_environment())
    merged = merge_settings(*layers)
    pipeline = _build_pipeline(find_data_dir(merged["data_dir"]))
    parent = find_parent(pipeline.store, merged["refine"], None) if merged["refine"] else None
    if parent is not None:
        layers = (options, inherit_options(parent.prompt), read_environment())
    merged = merge_with_style(pipeline.styles, *layers)
    values = dict(variables or {})
    described = describe_variables(values, with_values=merged["send_values"])
    prompt = Prompt(
        text=text,
        options=build_options(merged),
        variables=described,
        parent=parent.generation_id if parent else None,
        question=parent.prompt.first_text if parent else "",
        **take_inputs(merged["inputs"], pipeline.media_dir, parent),
    )
    generation = pipeline.run(prompt, on_event, variables=values)
    return ShownGeneration.build(
        generation,
        lambda shown, changed: pipeline.set_parameters(shown, changed, on_event, variables=values),
    )


@functools.lru_cache(maxsize=1)
def _shared_worker() -> Worker:
    return Worker()


def _build_pipeline(data_dir: Path) -> RemotePipeline:
    return RemotePipeline(
        store=Store(data_dir),
        renderers={"worker": _shared_worker()},
        media_dir=data_dir / "media",
        find_servers=find_local_servers,
    )
