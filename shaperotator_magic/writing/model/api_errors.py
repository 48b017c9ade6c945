"""From what a chat API did to the one or two lines that the user reads. Pure; imports errors only.

``language_model.py`` turns every failure of its client into a ``Failure``; the tables here turn a
``Failure`` into a ``ModelError`` with a hint, and decide whether a retry makes sense.

Runs in the caller's process, or in the service's relay process.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from difflib import get_close_matches
from email.utils import parsedate_to_datetime
from math import isfinite
from typing import Literal

from shaperotator_magic.core.errors import ModelError, ModelUnavailableError, ReplyCutError

Kind = Literal[
    "status",  # an HTTP status of 400 or more
    "unknown_host",
    "refused",
    "certificate",
    "unreachable",  # any other failure of the connection, before a reply began
    "connect_timeout",
    "read_timeout",
    "broken",  # the reply began and broke off
    "unreadable",  # an answer that no chat API gives
    "in_stream",  # an error object inside the reply
    "cut_off",
    "filtered",
    "declined",
    "endless",
    "too_large",
    "too_slow",  # it was not complete in time
    "packed",  # unpacking it has no bound
    "redirected",  # to another origin, named by the message
]

_QUOTE_CHARS = 200
_SHOWN_MODELS = 8
_SECRET_CHARS = 8

_RETRIED_STATUSES = {408, 409, 429, 500, 502, 503, 504, 520, 522, 524, 529}
_RETRIED_KINDS = {"refused", "unreachable", "connect_timeout"}
_UNAVAILABLE_KINDS = {
    *_RETRIED_KINDS, "unknown_host", "read_timeout", "broken", "in_stream", "too_slow",
}  # fmt: skip
_CUT_KINDS = {"cut_off", "endless", "too_large"}
_SPENT_CODES = {"insufficient_quota", "billing_hard_limit_reached"}
_FILTER_CODES = {"content_filter", "content_policy_violation"}
_TOO_LONG = re.compile(
    r"context.?(length|window|size)|maximum context|too many tokens|prompt is too long|n_ctx",
    re.IGNORECASE,
)

KEY_HINT = (
    'Set it where Jupyter starts, or here: os.environ["OPENAI_API_KEY"] = getpass.getpass() '
    "(so that it is not saved in the notebook)."
)


@dataclass(frozen=True)
class Failure:
    """What went wrong. ``message`` is the server's own words, with the key taken out."""

    kind: Kind
    message: str = ""
    status: int | None = None
    code: str = ""
    retry_after_s: float | None = None

    @property
    def is_worth_another_try(self) -> bool:
        """Whether the same request may succeed in a moment."""
        if self.kind == "status":
            return self.status in _RETRIED_STATUSES and self.code not in _SPENT_CODES
        return self.kind in _RETRIED_KINDS

    @property
    def is_unavailable(self) -> bool:
        """Whether the server is at fault for now, and not the request."""
        return self.is_worth_another_try or self.kind in _UNAVAILABLE_KINDS


@dataclass(frozen=True)
class Asked:
    """The server of a request: its address without secrets, and the models it offers."""

    model: str
    server: str
    has_key: bool
    read_timeout_s: float
    reply_timeout_s: float = 600.0
    offered: Sequence[str] = ()


def explain(failure: Failure, asked: Asked) -> ModelError:
    """Return the error to raise: what happened, and what to do."""
    if failure.kind == "status":
        message, hint = _explain_status(failure, asked)
    else:
        message, hint = _explain_kind(failure, asked)
    if failure.is_unavailable:
        return ModelUnavailableError(
            message, hint=hint, model=asked.model, retry_after_s=failure.retry_after_s
        )
    kind = ReplyCutError if failure.kind in _CUT_KINDS else ModelError
    return kind(message, hint=hint, model=asked.model)


def _explain_kind(failure: Failure, asked: Asked) -> tuple[str, str]:
    message, hint = _KINDS[failure.kind]
    words = f": {failure.message.rstrip('.')}" if failure.message else ""
    for mark, value in (
        ("MODEL", asked.model),
        ("SERVER", asked.server),
        ("SECONDS", f"{asked.read_timeout_s:g}"),
        ("LONGEST", f"{asked.reply_timeout_s:g}"),
    ):
        message = message.replace(mark, value)
    return f"{message}{words}.", hint


_ADDRESS_HINT = "Check --base-url (or OPENAI_BASE_URL): for most servers it ends in /v1."
_AGAIN_HINT = "Run the cell again; if it stays so, choose another model."
_WORDS_HINT = "Put the prompt in other words, or choose another model with --model."

_KINDS: dict[str, tuple[str, str]] = {
    "unknown_host": (
        "No server is known at SERVER",
        "Check --base-url (or OPENAI_BASE_URL) and the network, or work with --offline.",
    ),
    "refused": (
        "Nothing answers at SERVER: the connection was refused",
        "Start the model server, or check --base-url (or OPENAI_BASE_URL).",
    ),
    "certificate": (
        "The certificate of SERVER is not trusted",
        "Check --base-url, or name your own certificate authority in SSL_CERT_FILE.",
    ),
    "unreachable": (
        "The connection to SERVER failed",
        "Run the cell again; if it stays so, check --base-url and the network.",
    ),
    "connect_timeout": (
        "SERVER could not be reached in time",
        "Check --base-url and the network, or work with --offline.",
    ),
    "read_timeout": (
        "MODEL sent nothing for SECONDS s",
        "Run the cell again, or choose a faster model with --model.",
    ),
    "broken": ("The reply of MODEL broke off in the middle", _AGAIN_HINT),
    "unreadable": ("SERVER does not answer like an OpenAI-compatible server", _ADDRESS_HINT),
    "in_stream": ("MODEL failed while it wrote", _AGAIN_HINT),
    "cut_off": (
        "The reply of MODEL was cut off at the limit of its length",
        "Use a shorter prompt, or raise the limit of output tokens at the server.",
    ),
    "filtered": ("The content filter of the server stopped the reply of MODEL", _WORDS_HINT),
    "declined": ("MODEL declined to write this", _WORDS_HINT),
    "endless": ("MODEL did not come to an end, so its reply was stopped", _AGAIN_HINT),
    "too_large": ("The reply of SERVER is larger than a scene can be and was stopped", _AGAIN_HINT),
    "too_slow": (
        "The reply of MODEL was not complete after LONGEST s and was stopped",
        "Run the cell again, choose a faster model, or allow more with --reply-timeout.",
    ),
    "packed": (
        "The reply of SERVER is packed in a way that was not asked for",
        "Have the server, or a proxy before it, send its replies as they are.",
    ),
    "redirected": (
        "SERVER sends requests on to another address, and nothing was sent there",
        "Where that address is right, name it with --base-url (or OPENAI_BASE_URL).",
    ),
}


def _explain_status(failure: Failure, asked: Asked) -> tuple[str, str]:
    status = failure.status or 0
    if status == 404:  # noqa: PLR2004 - HTTP
        return _explain_not_found(failure, asked)
    if failure.code in _FILTER_CODES:
        return _explain_kind(Failure("filtered"), asked)
    if status == 413 or (status < 500 and _TOO_LONG.search(failure.message)):  # noqa: PLR2004
        return (
            f"The prompt is too long for {asked.model}.",
            "Shorten the prompt, or choose a model with a larger context window.",
        )
    if status == 402 or failure.code in _SPENT_CODES:  # noqa: PLR2004 - HTTP
        return (
            f"The quota of this API key at {asked.server} is used up ({status}).",
            "Add credit there, or use another key or model; --offline needs none.",
        )
    return _explain_common_status(failure, asked, status)


def _explain_common_status(failure: Failure, asked: Asked, status: int) -> tuple[str, str]:
    words = f": {failure.message}" if failure.message else "."
    if status == 401:  # noqa: PLR2004 - HTTP
        return _explain_key(asked)
    if status == 403:  # noqa: PLR2004 - HTTP
        return (
            f"This API key may not use {asked.model} at {asked.server} (403){words}",
            "Choose another model with --model, or a key with that permission.",
        )
    if status == 429:  # noqa: PLR2004 - HTTP
        return f"{asked.server} takes no more requests for now (429).", _say_when(failure)
    if status >= 500 or failure.is_worth_another_try:  # noqa: PLR2004 - HTTP
        return f"{asked.server} has a fault of its own ({status}){words}", _say_when(failure)
    hint = (
        "Run it without --seed." if "seed" in failure.message else "Check --model and --base-url."
    )
    return f"{asked.server} refused the request ({status}){words}", hint


def _explain_key(asked: Asked) -> tuple[str, str]:
    # The server's words are left out: they repeat the key, whole or in part.
    if asked.has_key:
        return (
            f"{asked.server} does not accept the API key (401).",
            "Check OPENAI_API_KEY: it must be valid, and belong to this server.",
        )
    return f"{asked.server} asks for an API key (401): OPENAI_API_KEY is not set.", KEY_HINT


def _explain_not_found(failure: Failure, asked: Asked) -> tuple[str, str]:
    if asked.offered and asked.model not in asked.offered:
        names = ", ".join(_nearest_first(asked.model, asked.offered)[:_SHOWN_MODELS])
        return (
            f"{asked.server} does not offer the model {asked.model!r} (404).",
            f"Choose one with --model; it offers {names}.",
        )
    if failure.code == "model_not_found" or "model" in failure.message.lower():
        return (
            f"{asked.server} does not offer the model {asked.model!r} (404).",
            "Check its spelling, and whether this key may use it; choose with --model.",
        )
    return f"{asked.server} has no chat completions (404).", _ADDRESS_HINT


def _nearest_first(wanted: str, offered: Sequence[str]) -> list[str]:
    near = get_close_matches(wanted, offered, n=_SHOWN_MODELS, cutoff=0.5)
    return [*near, *(name for name in offered if name not in near)]


def _say_when(failure: Failure) -> str:
    if failure.retry_after_s is None:
        return "Run the cell again in a moment, or choose another model."
    return f"Run the cell again in {failure.retry_after_s:.0f} s, or choose another model."


def read_retry_after(headers: Mapping[str, str], *, now: datetime | None = None) -> float | None:
    """Return the seconds of ``Retry-After``, a number or an HTTP date."""
    text = headers.get("retry-after", "").strip()
    try:
        seconds = float(text)
    except ValueError:
        seconds = _seconds_until(text, now or datetime.now(UTC))
    return max(0.0, seconds) if isfinite(seconds) else None


def _seconds_until(text: str, now: datetime) -> float:
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return float("nan")
    return (moment.replace(tzinfo=moment.tzinfo or UTC) - now).total_seconds()


def redact(text: str, key: str | None) -> str:
    """Return ``text`` without the key, which servers like to repeat.

    A key too short to be a secret ('none', 'x') is replaced only where it stands alone.
    """
    if not key:
        return text
    pattern = re.escape(key)
    if len(key) < _SECRET_CHARS:
        pattern = rf"(?<!\w){pattern}(?!\w)"
    return re.sub(pattern, "[key]", text)


def quote(text: str) -> str:
    """Return the server's words on one line, cut at 200 characters."""
    line = " ".join(text.split())
    return line if len(line) <= _QUOTE_CHARS else line[: _QUOTE_CHARS - 1] + "…"
