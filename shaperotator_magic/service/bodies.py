"""The bodies of the REST endpoints: what is taken, and what is answered."""

from __future__ import annotations

import unicodedata
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StrictBool,
    StrictInt,
    StrictStr,
    model_validator,
)

from shaperotator_magic.records import MathChoice, Quality, TaskStatus
from shaperotator_magic.settings import QUALITY_LETTERS

LONGEST_PROMPT = 4000
LONGEST_COMMENT = 2000
_KEPT_CONTROLS = "\n\r\t"
# Signs that show text in another order than it is read in.
_REORDERING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def check_text(text: str) -> str:
    """Refuse characters that no sentence needs: controls, halves of pairs, reordering."""
    for sign in text:
        is_control = unicodedata.category(sign) in {"Cc", "Cs"} and sign not in _KEPT_CONTROLS
        if is_control or sign in _REORDERING:
            raise ValueError("it holds characters that are not text")
    return text


def _check_prompt(text: str) -> str:
    if not text.strip():
        raise ValueError("it is empty")
    return check_text(text)


class Body(BaseModel):
    """Base of every body: closed to unknown keys."""

    model_config = ConfigDict(extra="forbid", frozen=True)


_Resolution = Annotated[StrictStr, Field(max_length=12, pattern=r"^\d{2,4}([x,]\d{2,4})?p?$")]
_ClassName = Annotated[StrictStr, Field(max_length=60, pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")]


class GenerateOptions(Body):
    """Options of the magic by their names; what is left out is the service's own choice."""

    quality: Quality | Literal["l", "m", "h", "p", "k"] | None = None
    resolution: _Resolution | None = Field(default=None, description="720p or 1280x720")
    fps: Annotated[StrictInt, Field(ge=1, le=60)] | None = None
    name: _ClassName | None = Field(default=None, description="name of the scene class")
    math: MathChoice | None = Field(default=None, description="what sets formulas")
    offline: StrictBool = Field(default=False, description="write with the built-in library")
    model: Annotated[StrictStr, Field(max_length=200)] | None = None
    attempts: Annotated[StrictInt, Field(ge=1, le=5)] | None = None
    timeout_s: Annotated[float, Field(gt=0, le=3600, strict=True)] | None = None
    still: StrictBool = Field(default=False, description="a picture of the last frame, no video")
    code_only: StrictBool = Field(default=False, description="write and check, do not render")
    seed: Annotated[StrictInt, Field(ge=0, le=2**32 - 1)] | None = None
    no_cache: StrictBool = Field(default=False, description="render again")

    def read_given(self) -> dict[str, Any]:
        """Return the options that say something, as ``merge_settings`` takes them."""
        found = {name: getattr(self, name) for name in GenerateOptions.model_fields}
        found["quality"] = QUALITY_LETTERS.get(found["quality"], found["quality"])
        return {name: value for name, value in found.items() if value is not None}


class GenerateBody(GenerateOptions):
    """A prompt and its options; a single option may stand beside the prompt, too."""

    prompt: Annotated[
        StrictStr, Field(min_length=1, max_length=LONGEST_PROMPT), AfterValidator(_check_prompt)
    ]
    options: GenerateOptions = GenerateOptions()


class FeedbackBody(Body):
    """What a person says of a task that has ended.

    ``rating`` is for front ends with stars: 4 and 5 are kept as positive, 1 and 2 as negative, 3 as
    no verdict.
    """

    task_id: Annotated[StrictStr, Field(max_length=64)]
    is_positive: StrictBool | None = None
    rating: Annotated[StrictInt, Field(ge=1, le=5)] | None = None
    remove: StrictBool = False
    comment: Annotated[StrictStr, Field(max_length=LONGEST_COMMENT), AfterValidator(check_text)] = (
        ""
    )

    @model_validator(mode="after")
    def _check_that_something_is_said(self) -> Self:
        if self.is_positive is not None and self.rating is not None:
            raise ValueError("is_positive and rating exclude each other")
        if self.is_positive is None and self.rating is None and not (self.remove or self.comment):
            raise ValueError("one of is_positive, rating, remove and comment is needed")
        return self

    def read_verdict(self) -> bool | None:
        """Return the verdict: True, False, or None where there is none."""
        if self.rating is None:
            return self.is_positive
        return {1: False, 2: False, 4: True, 5: True}.get(self.rating)


class Accepted(Body):
    """A task was taken in."""

    task_id: str
    status: TaskStatus


class ErrorFields(Body):
    """What went wrong, and how to mend it."""

    type: str
    message: str
    hint: str = ""
    details: dict[str, Any] = {}


class ErrorBody(Body):
    """The one shape of every error."""

    error: ErrorFields


class StatusBody(Body):
    """How far a task has come; ``progress`` is the share of the drawing that is done, 0..1."""

    task_id: str
    status: TaskStatus
    progress: float | None = Field(default=None, ge=0, le=1)
    code: str | None = None
    video_url: str | None = None
    error: ErrorFields | None = None


class TaskSummary(StatusBody):
    """A task in the list of a user's tasks."""

    prompt: str
    created_at: str
    poster_url: str | None = None


class TaskList(Body):
    """A user's latest tasks, newest first."""

    tasks: list[TaskSummary]


class TaskBody(TaskSummary):
    """A task with everything that is kept of its run.

    ``generation`` is null until the task has ended; paths in it are names of videos.
    """

    notes: list[str] = []
    generation: dict[str, Any] | None = None


class FeedbackAnswer(Body):
    """The verdict is kept; ``removed`` says that the task's video is gone."""

    task_id: str
    recorded: Literal[True] = True
    removed: bool = False


class HealthBody(Body):
    """The service works."""

    status: Literal["ok"] = "ok"
    version: str
