"""A reply as it comes in, piece by piece. Pure: it knows the shape of chunks, not the client.

Runs in the caller's process, or in the service's relay process.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from shaperotator_magic.core.records import Usage
from shaperotator_magic.writing.model.api_errors import Failure, quote


@dataclass(frozen=True)
class Piece:
    """What one chunk adds."""

    text: str = ""
    refusal: str = ""
    finish_reason: str | None = None
    usage: Usage | None = None


def read_chunk(chunk: Any) -> Piece:
    """Read one chunk of a stream, as the client builds it: unchecked, with gaps."""
    usage = getattr(chunk, "usage", None)
    counted = _build_usage(usage.prompt_tokens, usage.completion_tokens) if usage else None
    if not chunk.choices:
        return Piece(usage=counted)
    choice = chunk.choices[0]
    return Piece(
        text=_expect_text(getattr(choice.delta, "content", None)),
        refusal=_expect_text(getattr(choice.delta, "refusal", None)),
        finish_reason=choice.finish_reason,
        usage=counted,
    )


def read_whole(body: Any) -> Piece:
    """Read the JSON body of a reply that came in one piece."""
    choice, usage = body["choices"][0], body.get("usage") or {}
    return Piece(
        text=_expect_text(choice["message"]["content"]),
        refusal=_expect_text(choice["message"].get("refusal")),
        finish_reason=choice.get("finish_reason"),
        usage=_build_usage(usage.get("prompt_tokens"), usage.get("completion_tokens")),
    )


def _expect_text(value: object) -> str:
    if value is None or isinstance(value, str):
        return value or ""
    raise TypeError(value)


def _build_usage(prompt_tokens: int | None, completion_tokens: int | None) -> Usage:
    return Usage(prompt_tokens=prompt_tokens or 0, completion_tokens=completion_tokens or 0)


class StreamedReply:
    """The pieces so far."""

    def __init__(self) -> None:
        self._texts: list[str] = []
        self._refusal = ""
        self.size = 0
        self.usage = Usage()
        self.finish_reason: str | None = None

    @property
    def text(self) -> str:
        """The whole text so far."""
        return "".join(self._texts)

    def add(self, piece: Piece) -> None:
        """Take in the next piece."""
        self._texts.append(piece.text)
        self._refusal += piece.refusal
        self.size += len(piece.text) + len(piece.refusal)
        self.usage = piece.usage or self.usage
        self.finish_reason = piece.finish_reason or self.finish_reason

    def find_failure(self) -> Failure | None:
        """Return why a reply that has ended cannot be used; None if it can."""
        if self._refusal:
            return Failure("declined", quote(self._refusal))
        if self.finish_reason == "length":
            return Failure("cut_off")
        if self.finish_reason == "content_filter":
            return Failure("filtered")
        if self.finish_reason is None:
            # A connection that ends quietly in the middle looks like this, and like nothing else.
            return Failure("broken" if self.size else "unreadable")
        return None
