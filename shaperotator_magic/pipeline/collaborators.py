"""The collaborators of a run: the store, the renderers, the library and the model.

The pipeline builds the record for every run; a run does not know the pipeline.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from shaperotator_magic.core.errors import ConfigurationError
from shaperotator_magic.core.records import Options, Prompt
from shaperotator_magic.core.styles.finding import Styles
from shaperotator_magic.core.styles.pack import StylePack
from shaperotator_magic.keeping.store import Store
from shaperotator_magic.rendering.caching.input_store import InputStore
from shaperotator_magic.rendering.renderer import (
    LiveRenderer,
    Rehearser,
    Renderer,
    RenderRequest,
    build_request,
)
from shaperotator_magic.writing.library.library import SceneLibrary
from shaperotator_magic.writing.model.language_model import LanguageModel
from shaperotator_magic.writing.model.local_models import LocalServer
from shaperotator_magic.writing.retrieval.index import Index


@dataclass(frozen=True)
class Collaborators:
    """What one run works with; ``Pipeline`` describes each.

    ``load_library`` reads the built-in scenes at its first call and returns the same ones later;
    ``load_index`` does so with the reference of manim.
    """

    store: Store
    renderers: Mapping[str, Renderer]
    media_dir: Path
    load_library: Callable[[], SceneLibrary]
    load_index: Callable[[], Index]
    create_model: Callable[..., LanguageModel]
    find_servers: Callable[[], Sequence[LocalServer]]
    longest_timeout_s: float | None
    styles: Styles = field(default_factory=Styles)

    def choose_renderer(self, options: Options) -> Renderer:
        """Return the renderer that the options name.

        Raises
        ------
        ConfigurationError
            The kernel renderer was named outside of a kernel.
        """
        name = options.renderer
        if name == "auto":
            name = "kernel" if options.manim_args else "worker"
        if name not in self.renderers:
            raise ConfigurationError(
                f"There is no {name} renderer here.",
                hint="--renderer kernel and manim's own flags work in a notebook cell only.",
                setting="renderer",
            )
        return self.renderers[name]

    def find_rehearser(self, options: Options) -> Rehearser | None:
        """Return the renderer that can rehearse, where the options choose it."""
        worker = self.renderers.get("worker")
        is_chosen = self.choose_renderer(options) is worker
        return worker if is_chosen and isinstance(worker, Rehearser) else None

    def find_live_renderer(self, options: Options) -> LiveRenderer | None:
        """Return the renderer that can draw a scene while it is written, if it may."""
        if not options.live or options.still or options.code_only:
            return None
        worker = self.find_rehearser(options)
        if not isinstance(worker, LiveRenderer):
            return None
        return worker if worker.can_grow() else None

    def build_request(self, prompt: Prompt, style: StylePack | None) -> RenderRequest:
        """Return how a prompt's scene is to be drawn, with its files.

        Raises
        ------
        ConfigurationError
            A file is no longer stored here.
        """
        return replace(
            build_request(prompt.options, self.media_dir, style),
            longest_timeout_s=self.longest_timeout_s,
            inputs=InputStore(self.media_dir).find(prompt.inputs),
        )

    def build_model(self, options: Options) -> LanguageModel | None:
        """Return the model that writes, or None where the built-in library does."""
        if options.offline or not options.model:
            return None
        return self.create_model(
            options.model, base_url=options.base_url, reply_timeout_s=options.reply_timeout_s
        )
