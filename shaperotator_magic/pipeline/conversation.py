"""What a model is sent first, in one run, and how its replies are received.

A reply that breaks off is used as far as it goes; one that cannot become a scene is stopped.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from shaperotator_magic.core.errors import (
    FeedbackError,
    ModelError,
    ModelUnavailableError,
    ReplyCutError,
)
from shaperotator_magic.core.records import (
    Completion,
    Event,
    Generation,
    Prompt,
    SceneCode,
    Usage,
    Writing,
)
from shaperotator_magic.core.styles.pack import StylePack
from shaperotator_magic.pipeline.collaborators import Collaborators
from shaperotator_magic.pipeline.history import (
    find_example,
    list_comments,
    list_liked,
    list_prompts,
)
from shaperotator_magic.pipeline.live import NotLive
from shaperotator_magic.rendering.worker.environment import has_latex
from shaperotator_magic.writing.examples import choose_examples, find_profile, show_liked
from shaperotator_magic.writing.kit.kit import describe_kit
from shaperotator_magic.writing.model.extraction import join_continuation
from shaperotator_magic.writing.model.growing_draft import GrowingDraft
from shaperotator_magic.writing.model.language_model import LanguageModel, Message
from shaperotator_magic.writing.model.prompts import build_continuation, build_messages
from shaperotator_magic.writing.model.refining import build_refinement

CUT_OFF, STOPPED = "cut off", "stopped"
"""Of replies that were not complete: the ``finish_reason`` of their records."""

_BROKEN = (ReplyCutError, ModelUnavailableError)


class _StopError(Exception):
    """Nothing that follows can make a scene of the reply."""


def complete_reply(
    model: LanguageModel,
    messages: Sequence[Message],
    live: NotLive,
    *,
    on_event: Callable[[Event], None],
    seed: int | None,
) -> Completion:
    """Let a model write, and return what it has written.

    Raises
    ------
    ModelError
        As ``LanguageModel.complete``; not where what came before already shows something.
    """
    tokens = 0
    pieces: list[str] = []

    def report(delta: str) -> None:
        nonlocal tokens
        tokens += 1
        pieces.append(delta)
        on_event(Writing(text_delta=delta, tokens=tokens, **live.take(delta)))
        if live.refusal is not None or live.draft.is_hopeless:
            raise _StopError

    def take_part(text: str, reason: str) -> Completion:
        usage = Usage(completion_tokens=tokens)
        return Completion(text=text, model=model.name, usage=usage, finish_reason=reason)

    try:
        whole = model.complete(messages, on_delta=report, seed=seed)
    except _StopError:
        return take_part(live.draft.prefix or "".join(pieces), STOPPED)
    except _BROKEN:
        live.draft.close()
        if not live.draft.shown:
            raise
        return take_part(live.draft.prefix, CUT_OFF)
    if live.draft.shown and live.draft.breaks_off:
        live.draft.close()
        return whole.model_copy(update={"text": live.draft.prefix, "finish_reason": CUT_OFF})
    return whole


@dataclass(frozen=True)
class CutOff:
    """The beginning of a reply, up to its last whole statement, and what closes its fence."""

    begun: str
    closing: str

    @classmethod
    def read(cls, draft: GrowingDraft) -> CutOff:
        """Return the beginning that a draft holds."""
        return cls(draft.begun, draft.prefix[len(draft.begun) :])

    def join(self, rest: Completion) -> Completion:
        """Return the whole of two replies, of which the second goes on where the first ended."""
        text = f"{join_continuation(self.begun, rest.text)}{self.closing}"
        return rest.model_copy(update={"text": text})


@dataclass(frozen=True)
class Ears:
    """Who hears of a reply: of its pieces, and that it broke off, where it may go on."""

    on_event: Callable[[Event], None]
    on_cut: Callable[[Completion, ReplyCutError], None] | None


def write_reply(
    model: LanguageModel,
    messages: Sequence[Message],
    live: NotLive,
    ears: Ears,
    *,
    seed: int | None,
) -> Completion:
    """Let a model write; where its reply breaks off, let it go on from there."""
    reply = complete_reply(model, messages, live, on_event=ears.on_event, seed=seed)
    if reply.finish_reason != CUT_OFF or ears.on_cut is None:
        return reply
    ears.on_cut(reply, describe_cut(reply))
    cut = CutOff.read(live.draft)
    asked = build_continuation(messages, begun=cut.begun)
    try:
        return cut.join(complete_reply(model, asked, NotLive(), on_event=ears.on_event, seed=seed))
    except ModelError:
        return reply


def describe_cut(reply: Completion) -> ReplyCutError:
    """Return what is said of a reply that broke off."""
    last = reply.text.rstrip("`~ \n").rpartition("\n")[2].strip()
    return ReplyCutError(f"The reply of {reply.model} broke off after: {last[:80]}")


def note_cut(reply: Completion, code: SceneCode) -> SceneCode:
    """Return the scene with a note where its reply broke off."""
    if reply.finish_reason != CUT_OFF:
        return code
    line = len(code.source.rstrip().split("\n"))
    note = f"the model stopped in the middle, so it is shown up to line {line}"
    return code.model_copy(update={"notes": (*code.notes, note)})


class Asking(Protocol):
    """What is read of a run."""

    prompt: Prompt
    collaborators: Collaborators
    earlier: Generation | None

    @property
    def style(self) -> StylePack | None:
        """The pack that the options name."""


def _choose_examples(run: Asking) -> list[str]:
    """Return the sources that a model is shown: the one that ``--like`` names, else the nearest."""
    prompt, store = run.prompt, run.collaborators.store
    if prompt.options.like:
        example = find_example(store, prompt.options.like)
        said = list_comments(store).get(example.generation_id, "")
        return [show_liked(example, said, is_named=True)]
    try:
        liked, comments = list_liked(store), list_comments(store)
    except FeedbackError:
        liked, comments = [], {}  # the end of the run reports that the store cannot be used
    library, model = run.collaborators.load_library(), prompt.options.model or ""
    folder = Path(prompt.options.examples) if prompt.options.examples else None
    return choose_examples(library, prompt.text, model, liked, comments=comments, folder=folder)


def begin_conversation(run: Asking, before: SceneCode | None, *, has_kit: bool) -> list[Message]:
    """Return the messages that ask for a scene, or for a change of the one ``before``."""
    prompt, collaborators = run.prompt, run.collaborators
    # Formulas need LaTeX only with ``--math latex``.
    has_formulas = prompt.options.math != "latex" or has_latex()
    examples = _choose_examples(run)
    messages = build_messages(
        prompt,
        has_latex=has_formulas,
        examples=examples,
        kit=describe_kit() if has_kit else "",
        style=run.style,
        is_tuned=find_profile(prompt.options.model).is_tuned,
    )
    if before is None:
        return messages
    earlier = list_prompts(collaborators.store, run.earlier)
    return build_refinement(messages[0], earlier, before, messages[-1]["content"])
