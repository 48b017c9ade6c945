"""The frozen types that pass between the steps, and the events that a run sends.

Imports nothing of ours but small tables. The same types are stored rows and, later, REST bodies:
unknown keys are refused, times are UTC, and a record never changes once made.

Runs in every process.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Literal, get_args
from uuid import uuid4

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from shaperotator_magic.core.scene_inputs import SceneInput

SCHEMA_VERSION = 1
_LONGEST_TITLE = 80
COMPOSED = "composed"  # the ``library_scene`` of what was composed of the things in a sentence

Quality = Literal["low", "medium", "high", "production", "fourk"]
FontChoice = Literal["bundled", "machine"]
"""``bundled``: the package's faces, then the machine's; ``machine``: what manim would take."""
MathChoice = Literal["auto", "latex", "typst"]
KitChoice = Literal["auto", "on", "off"]
RendererName = Literal["auto", "worker", "kernel"]
WriterName = Literal["model", "library", "user"]
Level = Literal["beginner", "intermediate", "expert"]
Severity = Literal["error", "warning", "note"]
ParameterKind = Literal[
    "number", "integer", "vector", "matrix", "list", "points", "expression", "choice", "text",
    "switch",
]  # fmt: skip
Status = Literal["completed", "failed", "cancelled"]
TaskStatus = Literal[
    "queued", "writing", "checking", "rendering", "completed", "failed", "cancelled"
]


def build_generation_id() -> str:
    """Return a new random identifier: 8 hexadecimal digits, short enough to type."""
    return uuid4().hex[:8]


def _utc_now() -> datetime:
    return datetime.now(UTC)


class Record(BaseModel):
    """Base of every record: frozen, and closed to unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


# --- what goes in ---------------------------------------------------------------------


class Options(Record):
    """The options of one run, after magic line, traits and environment are merged."""

    quality: Quality = "low"
    resolution: str | None = None
    fps: int | None = Field(default=None, ge=1, le=120)
    name: str | None = None
    renderer: RendererName = "auto"
    math: MathChoice = "auto"
    offline: bool = False
    model: str | None = None
    base_url: str | None = None
    attempts: int = Field(default=3, ge=1, le=10)
    reply_timeout_s: float = Field(default=600.0, gt=0, le=86400)
    timeout_s: float = Field(default=180.0, gt=0)
    still: bool = False
    code_only: bool = False
    level: Level | None = None
    style: str | None = None
    kit: KitChoice = "auto"
    # A result that the model is shown as the example; its identifier or its scene's name.
    like: str | None = None
    # A folder of scenes and notes, of which the model is shown the nearest.
    examples: str | None = None
    seed: int | None = None
    cache: bool = True
    live: bool = True
    # The service that does the work; its token is never stored or sent along with the options.
    remote: str | None = None
    token: SecretStr | None = Field(default=None, exclude=True, repr=False)
    manim_args: tuple[str, ...] = ()


class Variable(Record):
    """What a model may know of a kernel variable named with ``--with``.

    ``value`` is empty without ``--send-values``; it then begins the value's text,
    which has ``value_chars`` characters in all.
    """

    name: str
    type_name: str
    shape: tuple[int, ...] | None = None
    summary: str = ""
    value: str = ""
    value_chars: int = 0


class Prompt(Record):
    """The user's sentence, exactly as typed, with what goes along with it."""

    text: str
    options: Options = Options()
    variables: tuple[Variable, ...] = ()
    parent: str | None = None
    # The sentence that refinements began with; empty where this is that sentence.
    question: str = ""
    # Parameters of the parent's scene with their new values; nobody writes then.
    values: dict[str, Any] = Field(default_factory=dict)
    # Built-in scenes that were shown for this sentence: another one is wanted.
    excluded: tuple[str, ...] = ()
    # Files that the scene may read, and a sentence on each that it may not.
    inputs: tuple[SceneInput, ...] = ()
    inputs_refused: tuple[str, ...] = ()

    @property
    def first_text(self) -> str:
        """The sentence that this one refines, or this one."""
        return self.question or self.text


# --- writing --------------------------------------------------------------------------


class Usage(Record):
    """Tokens that the model counted."""

    prompt_tokens: int = 0
    completion_tokens: int = 0


class Completion(Record):
    """One whole reply of a model."""

    text: str
    model: str
    usage: Usage = Usage()
    finish_reason: str | None = None


class ReadValue(Record):
    """A value that a parameter of a scene took from the sentence.

    ``text`` is the part of the sentence from ``start`` to ``end``; ``value`` is JSON-able.
    """

    parameter: str
    value: Any
    text: str
    start: int
    end: int


class UnusedValue(Record):
    """A value of the sentence that no parameter took; ``reason`` is empty where none is known."""

    text: str
    reason: str = ""


class Reading(Record):
    """What the library understood of a sentence.

    ``subject`` is the part of the sentence that names what it is about, ``score`` how often a
    match like this one is right, in 0..1.
    """

    subject: str = ""
    score: float | None = None
    values: tuple[ReadValue, ...] = ()
    unused: tuple[UnusedValue, ...] = ()


class Origin(Record):
    """Who wrote a scene: a model, the built-in library, or the user.

    For the library, ``library_scene`` is the file's stem, ``score`` the match in 0..1,
    ``parameters`` what was read from the prompt, as JSON-able values, and ``reading`` from which
    words; None for scenes that were stored before it was recorded.
    """

    writer: WriterName
    model: str | None = None
    library_scene: str | None = None
    score: float | None = None
    parameters: dict[str, Any] = Field(default_factory=dict)
    reading: Reading | None = None


class Parameter(Record):
    """What may be changed in a scene without its writer: a constant at the top of its source.

    ``value`` is JSON-able; None where the scene chooses. ``low`` and ``high`` bound every number
    in it; ``is_bounded`` says that the scene's writer gave them, and not only the value itself.
    ``fewest`` and ``most`` count the entries of a vector, list or points, the rows and columns of
    a matrix, the characters of a text.
    """

    name: str
    label: str
    kind: ParameterKind
    value: Any = None
    low: float | None = None
    high: float | None = None
    step: float | None = None
    is_bounded: bool = True
    fewest: int = 1
    most: int = 1
    choices: tuple[str, ...] = ()
    variables: tuple[str, ...] = ()
    help: str = ""


class SceneCode(Record):
    """Python source that defines a manim scene, and the name of the scene class in it.

    ``notes`` are sentences on what was left out of a reply that did not parse; ``files`` the names
    of the user's files that it may read.
    """

    source: str
    scene_name: str
    origin: Origin
    notes: tuple[str, ...] = ()
    files: tuple[str, ...] = ()


# --- checking -------------------------------------------------------------------------


class Finding(Record):
    """One thing that a check saw. Lines count from 1, columns from 0, as in ``ast``."""

    rule: str
    severity: Severity
    message: str
    hint: str = ""
    line: int | None = None
    column: int | None = None


class CheckedScene(Record):
    """Scene code that passed the checks; only this may be injected or rendered."""

    code: SceneCode
    findings: tuple[Finding, ...] = ()


# --- rehearsing -----------------------------------------------------------------------

Box = tuple[float, float, float, float]
"""Left, bottom, right, top, in manim's units as the camera sees them, from the frame's middle."""


class Drawn(Record):
    """One thing that can be seen at some moment of a scene, as it looks there.

    ``identity`` stays with it while it moves. ``name`` is what the scene's source calls it, such
    as ``labels[2]``, or empty; ``line`` is where it was made. ``text`` is what a text or formula
    says; of one the ``boxes`` are its glyphs', of a shape there is one box. ``path`` are the points
    of its outline that lie near a text. Colours are red, green, blue in 0..1.
    """

    identity: int
    name: str = ""
    line: int | None = None
    type_name: str
    text: str | None = None
    boxes: tuple[Box, ...]
    path: tuple[tuple[float, float], ...] = ()
    fill: tuple[float, float, float] = (0.0, 0.0, 0.0)
    fill_opacity: float = 0.0
    stroke: tuple[float, float, float] = (0.0, 0.0, 0.0)
    stroke_opacity: float = 0.0
    stroke_width: float = 0.0
    # Part of axes or of a coordinate plane; belongs to the frame, not to space; of many faces.
    is_on_plane: bool = False
    is_in_space: bool = False
    is_restless: bool = False


class Moment(Record):
    """What is drawn at one moment: indices of ``Rehearsal.things``, the hindmost first.

    ``at`` is how far animation ``play`` (from 0) has come, 1 at its end; ``stays_s`` how long the
    picture then stays as it is; ``line`` is where the source plays it.
    """

    play: int
    at: float
    line: int | None = None
    stays_s: float = 0.0
    is_zoomed: bool = False
    things: tuple[int, ...] = ()


class AnimationMistake(Record):
    """An animation without effect: a second one of a mobject, or one of an absent mobject."""

    rule: Literal["absent-fade", "same-thing-twice", "same-target-twice"]
    play: int
    line: int | None = None
    name: str = ""
    other: str = ""


class RehearsalFailure(Record):
    """Why a scene failed while it was rehearsed; message and hint in at most 600 characters.

    ``span`` is where the expression that raised begins and ends: line, column, end line and end
    column, as in ``ast``. ``called`` is the function of manim or numpy that it called, ``values``
    the kinds of its operands and arguments by their source.
    """

    message: str
    hint: str = ""
    line: int | None = None
    span: tuple[int, int, int, int] | None = None
    called: str = ""
    values: dict[str, str] = {}


class Rehearsal(Record):
    """What one run of construct() did, without drawing it.

    ``faces`` is how many faces in space there were at most at the end of an animation,
    ``face_frames`` the sum over all frames that are drawn. ``effort`` is about the seconds that
    the run takes of one free core, counted from what was done in it and so the same for the same
    scene however busy the machine is; loops of the scene's own are not counted. ``cpu_s`` is the
    time of a core that it took this once. ``least_contrast`` is what texts need to have.
    """

    plays: int = 0
    waits: int = 0
    frames: int = 0
    faces: int = 0
    face_frames: int = 0
    effort: float = 0.0
    cpu_s: float = 0.0
    duration_s: float = 0.0
    ends_with_wait: bool = False
    frame_size: tuple[float, float] = (14.222, 8.0)
    background: tuple[float, float, float] = (0.0, 0.0, 0.0)
    least_contrast: float = 2.0
    things: tuple[Drawn, ...] = ()
    moments: tuple[Moment, ...] = ()
    mistakes: tuple[AnimationMistake, ...] = ()
    failure: RehearsalFailure | None = None


# --- rendering ------------------------------------------------------------------------


class Step(Record):
    """One animation of a video, with the pause after it.

    ``name`` is that of its section, else the text of its caption, else its number, from 1.
    """

    name: Annotated[str, Field(max_length=120)]
    start_s: Annotated[float, Field(ge=0)]
    end_s: Annotated[float, Field(ge=0)]


class RenderedVideo(Record):
    """A finished picture on disk: H.264 MP4, or PNG when a still was asked for.

    ``poster`` is a PNG of one representative frame. A still has ``duration_s`` 0 and is its own
    poster. ``geometry`` is a file with the shapes that a scene in space shows at the ends of its
    steps, None where nothing has depth. ``style`` is the name of the style pack that it is drawn
    in, empty where there is none.
    """

    path: Path
    sha256: str
    size_bytes: int
    duration_s: float
    width_px: int
    height_px: int
    fps: float
    poster: Path
    geometry: Path | None = None
    steps: tuple[Step, ...] = ()
    media_type: Literal["video/mp4", "image/png"] = "video/mp4"
    renderer: Literal["worker", "kernel"]
    notes: tuple[str, ...] = ()
    # What the scene printed, and what manim and Python warned of, each with its line.
    printed: tuple[str, ...] = ()
    is_from_cache: bool = False
    style: str = ""

    @property
    def files(self) -> tuple[Path, ...]:
        """Every file that belongs to it, whether it is there or not."""
        geometry = (self.geometry,) if self.geometry else ()
        own = (self.path, self.poster, self.small_path, self.svg_path, *geometry)
        return tuple(dict.fromkeys(own))

    @property
    def svg_path(self) -> Path:
        """Where the drawing of a still lies as SVG, if one was made."""
        return self.path.with_suffix(".svg")

    @property
    def small_path(self) -> Path:
        """Where the copy lies that notebooks hold, if one was made."""
        return self.path.with_suffix(".small.mp4")


# --- one run --------------------------------------------------------------------------


class ErrorReport(Record):
    """An error as the card, the store and the REST body show it."""

    type: str
    message: str
    hint: str = ""
    details: dict[str, Any] = Field(default_factory=dict)

    @property
    def headline(self) -> str:
        """The message, with the line of the scene where it failed, if that is known."""
        line = self.details.get("line")
        return f"Line {line}: {self.message}" if line else self.message


def _cut_line(text: str) -> str:
    """Return the first line of a text, cut at 80 characters."""
    first = next(iter(text.strip().splitlines()), "")
    return first if len(first) <= _LONGEST_TITLE else first[: _LONGEST_TITLE - 1].rstrip() + "…"


class Attempt(Record):
    """One try at the scene: what was written, what the checks saw, and how it failed."""

    completion: Completion | None = None
    code: SceneCode | None = None
    findings: tuple[Finding, ...] = ()
    error: ErrorReport | None = None
    writing_s: float = 0.0
    rehearsing_s: float = 0.0
    rendering_s: float = 0.0


class Generation(Record):
    """One run from prompt to video, with every attempt; also what ``rotate()`` returns."""

    generation_id: str = Field(default_factory=build_generation_id)
    prompt: Prompt
    status: Status = "completed"
    attempts: tuple[Attempt, ...] = ()
    scene: CheckedScene | None = None
    parameters: tuple[Parameter, ...] = ()
    video: RenderedVideo | None = None
    error: ErrorReport | None = None
    created_at: datetime = Field(default_factory=_utc_now)
    elapsed_s: float = 0.0
    # The task of a service that did the work; None where it was done here.
    task_id: str | None = None
    # The notebook from which the scene was taken; such code stays out of the kernel.
    came_from: str | None = None
    schema_version: int = SCHEMA_VERSION

    @property
    def title(self) -> str:
        """The first line of what was asked first: how people find a result again."""
        return _cut_line(self.prompt.first_text)

    @property
    def change(self) -> str:
        """The first line of what a refinement says; empty where nothing was refined."""
        return _cut_line(self.prompt.text) if self.prompt.question else ""


class Task(Record):
    """One request to the service: a prompt of one user, and how far it has come.

    ``tries`` counts its starts: a task whose process was killed is restarted.
    ``task_id`` is the identifier of its Generation, too.
    """

    task_id: str = Field(default_factory=lambda: uuid4().hex)
    owner: str
    prompt: Prompt
    status: TaskStatus = "queued"
    tries: int = 0
    is_cancelled: bool = False
    created_at: datetime = Field(default_factory=_utc_now)
    started_at: datetime | None = None
    finished_at: datetime | None = None
    code: str | None = None
    error: ErrorReport | None = None
    notes: tuple[str, ...] = ()
    video_name: str | None = None
    size_bytes: int | None = None
    is_removed: bool = False

    @property
    def has_ended(self) -> bool:
        """Whether nothing more will happen to it."""
        return self.status in get_args(Status)


class FeedbackRecord(Record):
    """The verdict of a person on a generation.

    ``is_positive`` is None where only a comment or a removal was sent.
    """

    generation_id: str
    is_positive: bool | None = None
    remove: bool = False
    comment: str = ""
    created_at: datetime = Field(default_factory=_utc_now)


# --- events ---------------------------------------------------------------------------


class Writing(Record):
    """The writer has begun, or a piece of the reply has arrived.

    ``animations`` are drawn already of the ``lines`` of code that have come.
    """

    text_delta: str = ""
    tokens: int = 0
    animations: int = 0
    lines: int = 0


class Checking(Record):
    """The reply is complete and its code is being checked."""

    code: SceneCode


class Repairing(Record):
    """Attempt ``attempt`` failed (counted from 1); its findings go back to the model."""

    attempt: int
    findings: tuple[Finding, ...]


class Rehearsed(Record):
    """The scene ran once without drawing, so its length is known."""

    plays: int
    frames: int
    duration_s: float


class Rendering(Record):
    """``done`` frames are drawn; ``total`` is None until the length is known."""

    scene: CheckedScene
    done: int = 0
    total: int | None = None


class SegmentReady(Record):
    """One more animation is drawn, or the beginning of the first, and what is drawn so far plays.

    ``path`` is an MP4 that grows while the scene is drawn, and is gone when the run ends; its first
    ``size_bytes`` bytes are a video of everything up to this part's last but one frame. ``index``
    counts the parts from 0, ``duration_s`` is this one's.
    """

    index: int
    path: Path
    duration_s: float
    size_bytes: int


class Done(Record):
    """The run ended with a result; ``notes`` are sentences that the user should read."""

    generation: Generation
    notes: tuple[str, ...] = ()


class Failed(Record):
    """The run failed; the reason is ``generation.error``."""

    generation: Generation


class Cancelled(Record):
    """The user stopped the run."""

    generation: Generation


Event = (
    Writing | Checking | Repairing | Rehearsed | Rendering | SegmentReady
    | Done | Failed | Cancelled
)  # fmt: skip
