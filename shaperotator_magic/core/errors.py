"""Every error that this package raises on purpose.

Imports ``control_characters`` alone. The tree, with the HTTP status that the service answers:

    ShapeRotatorError(message, *, hint)                                            500
    ├─ ConfigurationError(setting)        a setting, a missing package or font     500
    ├─ ModelError(model)                  anything that the chat API did           502
    │  └─ ModelUnavailableError(retry_after_s)  time-out, refused, 429, 5xx        503
    ├─ NothingFitsError(nearest, …)       the built-in library declines            422
    ├─ SceneCodeError(source)                                                      422
    │  ├─ NoSceneError                    a reply without a scene
    │  └─ CheckFailedError(findings)      a check refused the code
    ├─ ParameterError(parameter)          a value that a parameter cannot have       422
    ├─ RenderError(returncode, log_tail, line)  the scene failed while it ran      422
    │  ├─ FormulaError                    a formula that cannot be set without LaTeX
    │  ├─ RenderProcessLostError          the process was killed, not the scene
    │  ├─ RenderLimitError             it wanted too much memory, disk, …          422
    │  └─ RenderTimeoutError(timeout_s)                                            504
    ├─ VariableError(name)                a kernel variable that cannot be sent    422
    ├─ FeedbackError(path)                the store cannot be read or written      500
    ├─ GenerationNotFoundError(generation_id)                                      404
    └─ ServiceError                       an error of the REST service, or of its client  502
       ├─ InvalidRequestError(fields)     a body, header or parameter is wrong     422
       ├─ UnauthorizedError               no token, or one that is not known       401
       ├─ TaskNotFoundError               no such task or video of this user       404
       ├─ TaskUnfinishedError             it must end first                        409
       ├─ TaskInterruptedError            its process was killed again and again   500
       ├─ TooManyRequestsError(retry_after_s)  a limit, or a full queue            429
       └─ ServiceUnavailableError(retry_after_s)  gone, slow or too busy           503

Runs in every process.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from shaperotator_magic.core.control_characters import show_controls


class ShapeRotatorError(Exception):
    """Base of the tree: one line on what is wrong, and a hint on how to fix it.

    Keyword fields survive pickling and become ``details`` in the card and the REST body.
    """

    http_status = 500

    def __init__(self, message: str, *, hint: str = "", **fields: Any) -> None:
        # Both may quote a scene, a model, a server or a file, and end in a terminal.
        message = show_controls(message, is_multiline=True)
        super().__init__(message)
        self.message = message
        self.hint = show_controls(hint, is_multiline=True)
        self._fields = fields

    def __str__(self) -> str:
        return self.message

    def __reduce__(self) -> tuple[Any, ...]:
        return (_rebuild, (type(self), self.message, self.hint, self._fields))

    @property
    def details(self) -> dict[str, Any]:
        """The fields that belong to this kind of error."""
        return dict(self._fields)

    def as_dict(self) -> dict[str, Any]:
        """Return ``{"type", "message", "hint", "details"}``, the one shape of a shown error."""
        return {
            "type": type(self).__name__,
            "message": self.message,
            "hint": self.hint,
            "details": self.details,
        }

    def _render_traceback_(self) -> list[str]:
        # IPython calls this: the notebook then stores a short `error` output, not a traceback.
        where = f"line {line}: " if (line := self._fields.get("line")) else ""
        lines = [f"{type(self).__name__}: {where}{self.message}"]
        return [*lines, self.hint] if self.hint else lines


def _rebuild(
    cls: type[ShapeRotatorError], message: str, hint: str, fields: dict[str, Any]
) -> ShapeRotatorError:
    return cls(message, hint=hint, **fields)


class ConfigurationError(ShapeRotatorError):
    """A setting is wrong, or something that the machine must have is missing."""

    def __init__(self, message: str, *, hint: str = "", setting: str | None = None) -> None:
        super().__init__(message, hint=hint, setting=setting)
        self.setting = setting


class ModelError(ShapeRotatorError):
    """The chat API refused, or its reply cannot be used."""

    http_status = 502

    def __init__(
        self, message: str, *, hint: str = "", model: str | None = None, **fields: Any
    ) -> None:
        super().__init__(message, hint=hint, model=model, **fields)
        self.model = model


class ReplyCutError(ModelError):
    """The reply began, and was stopped at a limit of its length."""


class ModelUnavailableError(ModelError):
    """The chat API did not answer; trying again later may help."""

    http_status = 503

    def __init__(
        self,
        message: str,
        *,
        hint: str = "",
        model: str | None = None,
        retry_after_s: float | None = None,
    ) -> None:
        super().__init__(message, hint=hint, model=model, retry_after_s=retry_after_s)
        self.retry_after_s = retry_after_s


class NothingFitsError(ShapeRotatorError):
    """The built-in library declines a sentence, and lists what it can draw instead.

    Parameters
    ----------
    understood
        What was understood of the sentence, in words; ``reading`` is the same as
        `records.Reading` writes it.
    nearest
        Sentences on the same subject that the library can draw.
    subjects
        One line for each field that it has scenes of, where nothing is near.
    servers
        Servers of language models on this machine: ``name``, ``base_url`` and ``models`` of each.
    """

    http_status = 422

    def __init__(
        self,
        message: str,
        *,
        hint: str = "",
        understood: str = "",
        nearest: Sequence[str] = (),
        subjects: Sequence[str] = (),
        servers: Sequence[Mapping[str, Any]] = (),
        reading: Mapping[str, Any] | None = None,
    ) -> None:
        self.understood, self.reading = understood, reading
        self.nearest, self.subjects = list(nearest), list(subjects)
        self.servers = [dict(server) for server in servers]
        super().__init__(
            message,
            hint=hint,
            understood=understood,
            nearest=self.nearest,
            subjects=self.subjects,
            servers=self.servers,
            reading=reading,
        )


class SceneCodeError(ShapeRotatorError):
    """The scene's source cannot be used."""

    http_status = 422

    def __init__(self, message: str, *, hint: str = "", source: str = "", **fields: Any) -> None:
        super().__init__(message, hint=hint, source=source, **fields)
        self.source = source


class NoSceneError(SceneCodeError):
    """The reply holds no scene class."""


class CheckFailedError(SceneCodeError):
    """A check refused the code; ``findings`` are plain dictionaries of ``Finding``."""

    def __init__(
        self,
        message: str,
        *,
        hint: str = "",
        source: str = "",
        findings: Sequence[dict[str, Any]] = (),
    ) -> None:
        super().__init__(message, hint=hint, source=source, findings=list(findings))
        self.findings = list(findings)


class ParameterError(ShapeRotatorError):
    """A parameter of a scene cannot have this value; ``parameter`` is its name."""

    http_status = 422

    def __init__(self, message: str, *, hint: str = "", parameter: str = "") -> None:
        super().__init__(message, hint=hint, parameter=parameter)
        self.parameter = parameter


class RenderError(ShapeRotatorError):
    """The scene failed while it ran.

    ``line`` is the line of the scene's source (from 1) where it failed, if that is known;
    ``log_tail`` is at most 4 kB of manim's log.
    """

    http_status = 422

    def __init__(
        self,
        message: str,
        *,
        hint: str = "",
        returncode: int | None = None,
        log_tail: str = "",
        line: int | None = None,
        **fields: Any,
    ) -> None:
        super().__init__(
            message, hint=hint, returncode=returncode, log_tail=log_tail, line=line, **fields
        )
        self.returncode = returncode
        self.log_tail = log_tail
        self.line = line


class FormulaError(RenderError):
    """A formula cannot be set without LaTeX: a command is not known, or something is not closed."""


class MissingGlyphsError(RenderError):
    """A text has characters that no font of the machine has; boxes would be drawn for them."""


class RenderProcessLostError(RenderError):
    """The process that draws has ended, or does not start; the scene itself may be good."""


class RenderLimitError(RenderError):
    """The scene exceeded a limit of its process, which was killed; the message names the limit."""


class RenderTimeoutError(RenderError):
    """Still running after ``timeout_s`` seconds; the process and its children are dead."""

    http_status = 504

    def __init__(self, message: str, *, timeout_s: float, **fields: Any) -> None:
        super().__init__(message, timeout_s=timeout_s, **fields)
        self.timeout_s = timeout_s


class VariableError(ShapeRotatorError):
    """A kernel variable named with ``--with`` is missing, or of a type that is not sent."""

    http_status = 422

    def __init__(self, message: str, *, hint: str = "", name: str = "") -> None:
        super().__init__(message, hint=hint, name=name)
        self.name = name


class FeedbackError(ShapeRotatorError):
    """The store of generations and feedback cannot be read or written."""

    def __init__(self, message: str, *, hint: str = "", path: str = "") -> None:
        super().__init__(message, hint=hint, path=path)
        self.path = path


class GenerationNotFoundError(ShapeRotatorError):
    """No generation has this identifier."""

    http_status = 404

    def __init__(self, message: str, *, hint: str = "", generation_id: str = "") -> None:
        super().__init__(message, hint=hint, generation_id=generation_id)
        self.generation_id = generation_id


class ServiceError(ShapeRotatorError):
    """The REST service cannot fulfil a request, or its client cannot use the answer.

    Several kinds have one class and another ``http_status``: 400, 403, 405, 413, 415, 421.
    """

    http_status = 502

    def __init__(
        self, message: str, *, hint: str = "", http_status: int | None = None, **fields: Any
    ) -> None:
        super().__init__(message, hint=hint, **fields)
        self.http_status = http_status or type(self).http_status


class InvalidRequestError(ServiceError):
    """A body, a header or a parameter is not as the service takes it; ``fields`` names them."""

    http_status = 422


class UnauthorizedError(ServiceError):
    """The request brings no token, or one that the service does not know."""

    http_status = 401


class TaskNotFoundError(ServiceError):
    """The user has no such task or video; those of others do not exist for them."""

    http_status = 404


class TaskUnfinishedError(ServiceError):
    """The request is possible only for a task that has ended."""

    http_status = 409


class TaskInterruptedError(ServiceError):
    """The processes that ran the task were killed so often that it was given up."""

    http_status = 500


class TooManyRequestsError(ServiceError):
    """A rate limit, or a full queue; try again after ``retry_after_s``."""

    http_status = 429

    def __init__(
        self, message: str, *, hint: str = "", retry_after_s: float | None = None, **fields: Any
    ) -> None:
        super().__init__(message, hint=hint, retry_after_s=retry_after_s, **fields)
        self.retry_after_s = retry_after_s


class ServiceUnavailableError(ServiceError):
    """The service does not answer, or cannot take work now; trying again later may help."""

    http_status = 503

    def __init__(
        self, message: str, *, hint: str = "", retry_after_s: float | None = None, **fields: Any
    ) -> None:
        super().__init__(message, hint=hint, retry_after_s=retry_after_s, **fields)
        self.retry_after_s = retry_after_s


def build_error(report: Mapping[str, Any]) -> ShapeRotatorError:
    """Return the error that ``as_dict`` described, as it came over a pipe or a network.

    A type that is not of this tree becomes a ServiceError; details that do not fit are dropped.
    """
    kind = globals().get(str(report.get("type", "")))
    message, hint = str(report.get("message", "")), str(report.get("hint", ""))
    if not (isinstance(kind, type) and issubclass(kind, ShapeRotatorError)):
        kind = ServiceError
    details = report.get("details")
    fields = {str(k): v for k, v in details.items()} if isinstance(details, Mapping) else {}
    try:
        return kind(message, hint=hint, **fields)
    except TypeError:
        return ServiceError(message, hint=hint)


class GenerationCancelled(KeyboardInterrupt):
    """The user stopped the run.

    It is a KeyboardInterrupt so that Run All stops and ``except Exception`` lets it pass;
    it prints one line in place of a traceback.
    """

    def _render_traceback_(self) -> list[str]:
        return ["GenerationCancelled: stopped; nothing that was there before is lost."]
