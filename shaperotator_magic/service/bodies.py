"""The bodies of the REST endpoints: what is taken, and what is answered.

Runs in the service's web process.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    StrictInt,
    StrictStr,
    model_validator,
)

from shaperotator_magic.core.records import MathChoice, Parameter, Quality, TaskStatus
from shaperotator_magic.core.settings.video import QUALITY_LETTERS

LONGEST_PROMPT = 4000
LONGEST_COMMENT = 2000
LONGEST_UPLOAD = 2_800_000  # in base64, of all files together
LARGEST_UPLOAD_BYTES = LONGEST_UPLOAD * 3 // 4
# No controls but tab and line ends, and no signs that show text in another order than it is read
# in. Written so that Python, Rust and JavaScript read the patterns alike: they are in the schema.
_NO_TEXT = r"\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069"
_BLANK = r"\t\n\r \xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_TEXT_PATTERN = f"^[^{_NO_TEXT}]*$"
_PROMPT_PATTERN = f"^[^{_NO_TEXT}]*[^{_NO_TEXT}{_BLANK}][^{_NO_TEXT}]*$"


def check_text(text: str) -> str:
    """Refuse characters that no sentence needs: controls and reordering."""
    if not re.fullmatch(_TEXT_PATTERN, text):
        raise ValueError("it holds characters that are not text")
    return text


def _check_prompt(text: str) -> str:
    if not text.strip():
        raise ValueError("it is empty")
    return check_text(text)


def _read_whole(value: Any) -> Any:
    """Return 12 for 12.0, which is an integer in JSON Schema; leave the rest to the type."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


class Body(BaseModel):
    """Base of every body: closed to unknown keys."""

    model_config = ConfigDict(extra="forbid", frozen=True)


# Outside the bounds, for inside them the schema would lose them.
_WHOLE = BeforeValidator(_read_whole)
# 64..7680 and 64..4320, the bounds of ``read_pixel_size``.
_SMALL = "6[4-9]|[7-9][0-9]|[1-9][0-9]{2}"
_WIDTH = f"({_SMALL}|[1-6][0-9]{{3}}|7[0-5][0-9]{{2}}|76[0-7][0-9]|7680)"
_HEIGHT = f"({_SMALL}|[1-3][0-9]{{3}}|4[0-2][0-9]{{2}}|43[01][0-9]|4320)"
_Resolution = Annotated[StrictStr, Field(max_length=12, pattern=f"^({_WIDTH}[x,])?{_HEIGHT}p?$")]
_SceneName = Annotated[StrictStr, Field(max_length=60, pattern=r"^[a-z0-9_]+$")]
_ClassName = Annotated[StrictStr, Field(max_length=60, pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")]


_Style = Annotated[
    StrictStr,
    Field(max_length=200, json_schema_extra={"pattern": _TEXT_PATTERN}),
    AfterValidator(check_text),
]


class GenerateOptions(Body):
    """Options of the magic by their names; what is left out is the service's own choice."""

    quality: Quality | Literal["l", "m", "h", "p", "k"] | None = None
    resolution: _Resolution | None = Field(default=None, description="720p or 1280x720")
    fps: Annotated[StrictInt, Field(ge=1, le=60), _WHOLE] | None = None
    name: _ClassName | None = Field(default=None, description="name of the scene class")
    math: MathChoice | None = Field(default=None, description="what sets formulas")
    offline: StrictBool = Field(default=False, description="write with the built-in library")
    model: Annotated[StrictStr, Field(max_length=200)] | None = Field(
        default=None,
        description="one that this service offers, as its own /openapi.json names them",
    )
    attempts: Annotated[StrictInt, Field(ge=1, le=5), _WHOLE] | None = None
    timeout_s: Annotated[float, Field(gt=0, le=3600, strict=True)] | None = None
    style: _Style | None = Field(
        default=None, description="a style pack of this service by its name, or words for the model"
    )
    still: StrictBool = Field(default=False, description="a picture of the last frame, no video")
    code_only: StrictBool = Field(default=False, description="write and check, do not render")
    excluded: Annotated[list[_SceneName], Field(max_length=100)] = Field(
        default=[], description="built-in scenes that were shown for this prompt"
    )
    seed: Annotated[StrictInt, Field(ge=0, le=2**32 - 1), _WHOLE] | None = None
    no_cache: StrictBool = Field(default=False, description="render again")
    no_live: StrictBool = Field(
        default=False, description="draw when the model has written all, not while it writes"
    )

    def read_given(self) -> dict[str, Any]:
        """Return the options that are set, for ``merge_settings``."""
        found = {name: getattr(self, name) for name in GenerateOptions.model_fields}
        found["quality"] = QUALITY_LETTERS.get(found["quality"], found["quality"])
        return {name: value for name, value in found.items() if value is not None}


_ParameterName = Annotated[StrictStr, Field(max_length=60, pattern=r"^[A-Za-z][A-Za-z0-9_]*$")]
_Number = Annotated[float, Field(ge=-1e6, le=1e6, strict=True)]
_Numbers = Annotated[list[_Number], Field(max_length=40)]
_ParameterText = Annotated[
    StrictStr,
    Field(max_length=300, json_schema_extra={"pattern": _TEXT_PATTERN}),
    AfterValidator(check_text),
]
_Table = Annotated[list[_Numbers], Field(max_length=40)]
_ParameterValue = StrictBool | StrictInt | _Number | _ParameterText | _Numbers | _Table | None


def describe_models(schema: dict[str, Any], models: Sequence[str]) -> None:
    """Write into an OpenAPI schema which models a service offers; none: the library writes."""
    named = [{"type": "string", "enum": list(models)}] if models else []
    for body in (GenerateOptions, GenerateBody):
        fields = schema["components"]["schemas"][body.__name__]["properties"]
        fields["model"]["anyOf"] = [*named, {"type": "null"}]


class InputBody(Body):
    """A file that the scene may read; what cannot be used is left out, and the notes say why."""

    name: Annotated[StrictStr, Field(min_length=1, max_length=120)]
    content: Annotated[
        StrictStr, Field(max_length=LONGEST_UPLOAD, pattern=r"^[A-Za-z0-9+/]*={0,2}$")
    ] = Field(description="the file in base64")


class GenerateBody(GenerateOptions):
    """A prompt and its options; a single option may stand beside the prompt, too."""

    prompt: Annotated[
        StrictStr,
        Field(
            min_length=1,
            max_length=LONGEST_PROMPT,
            json_schema_extra={"pattern": _PROMPT_PATTERN},
        ),
        AfterValidator(_check_prompt),
    ]
    options: GenerateOptions = GenerateOptions()
    refine: Annotated[StrictStr, Field(max_length=64)] | None = Field(
        default=None, description="a finished task of yours whose scene the prompt changes"
    )
    inputs: Annotated[list[InputBody], Field(max_length=8)] = Field(
        default=[], description="pictures, drawings, tables and fonts that the scene may use"
    )


def _require(**properties: dict[str, Any]) -> dict[str, Any]:
    return {"properties": properties, "required": list(properties)}


# What FeedbackBody checks across its fields, as JSON Schema.
_SAYS_SOMETHING: dict[str, Any] = {
    "anyOf": [
        _require(is_positive={"type": "boolean"}),
        _require(rating={"type": "integer"}),
        _require(remove={"const": True}),
        _require(comment={"type": "string", "minLength": 1}),
    ],
    "not": _require(is_positive={"type": "boolean"}, rating={"type": "integer"}),
}


class FeedbackBody(Body):
    """The verdict of a person on a task that has ended.

    ``rating`` is for front ends with stars: 4 and 5 are stored as positive, 1 and 2 as negative, 3
    as no verdict.
    """

    model_config = ConfigDict(json_schema_extra=_SAYS_SOMETHING)

    task_id: Annotated[StrictStr, Field(max_length=64)]
    is_positive: StrictBool | None = None
    rating: Annotated[StrictInt, Field(ge=1, le=5), _WHOLE] | None = None
    remove: StrictBool = False
    comment: Annotated[
        StrictStr,
        Field(max_length=LONGEST_COMMENT, json_schema_extra={"pattern": _TEXT_PATTERN}),
        AfterValidator(check_text),
    ] = ""

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


class SetBody(Body):
    """Other values for parameters of a task that has ended; ``GET /status`` lists these."""

    task_id: Annotated[StrictStr, Field(max_length=64)]
    values: dict[_ParameterName, _ParameterValue] = Field(default={}, max_length=24)
    is_reset: StrictBool = Field(
        default=False, description="forget what was set before: without values, the task itself"
    )


class StillBody(SetBody):
    """One picture of a task with other values, while a knob moves."""

    at_s: Annotated[float, Field(ge=0, le=86_400, allow_inf_nan=False)] | None = Field(
        default=None, description="the moment of the video, in seconds; null for its end"
    )


class Accepted(Body):
    """A task was taken in."""

    task_id: str
    status: TaskStatus


class ErrorFields(Body):
    """An error, and how to fix it."""

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
    live_url: str | None = Field(
        default=None, description="what is drawn so far; it grows, and goes when the task ends"
    )
    error: ErrorFields | None = None
    parameters: list[Parameter] = Field(default=[], description="what POST /set can change")


class TaskSummary(StatusBody):
    """A task in the list of a user's tasks.

    ``question`` is the prompt that refinements began with; empty where nothing was refined.
    """

    prompt: str
    question: str = ""
    created_at: str
    poster_url: str | None = None


class TaskList(Body):
    """A user's latest tasks, newest first."""

    tasks: list[TaskSummary]


class TaskBody(TaskSummary):
    """A task with everything that is stored of its run.

    ``generation`` is null until the task has ended; paths in it are names of videos. ``making``
    says who wrote the scene, and of the built-in library what it read of the prompt.
    """

    notes: list[str] = []
    making: str = ""
    generation: dict[str, Any] | None = None


class StyleBody(Body):
    """A style pack that ``style`` may name."""

    name: str
    about: str = ""


class StyleList(Body):
    """The style packs of a service, the built-in ones first."""

    styles: list[StyleBody]


class FeedbackAnswer(Body):
    """The verdict is stored; ``removed``: the task's video is deleted."""

    task_id: str
    recorded: Literal[True] = True
    removed: bool = False


class HealthBody(Body):
    """The service works."""

    status: Literal["ok"] = "ok"
    version: str
