"""What a failed or declined cell says, for forms that do not show its card.

Runs in the user's kernel.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from shaperotator_magic.core.records import ErrorReport


def explain_error(error: ErrorReport) -> list[str]:
    """Return what the card says of an error, a sentence an entry; the first one is its headline."""
    return [line for line in _explain(error) if line]


def explain_facts(facts: Mapping[str, Any]) -> list[str]:
    """Return the same of a result in a notebook that anybody may have written."""
    if facts.get("status") == "cancelled":
        return ["Cancelled."]
    said = facts.get("error")
    if not isinstance(said, Mapping):
        return []
    details = said.get("details")
    return explain_error(
        ErrorReport(
            type=str(said.get("type", "")),
            message=str(said.get("message", "")),
            hint=str(said.get("hint", "")),
            details=dict(details) if isinstance(details, Mapping) else {},
        )
    )


def _explain(error: ErrorReport) -> Iterator[str]:
    yield error.headline
    yield str(error.details.get("understood") or "")
    for head, name in (("It can draw:", "nearest"), ("It has scenes on:", "subjects")):
        found = error.details.get(name)
        if isinstance(found, list | tuple) and found:
            yield f"{head} {'; '.join(map(str, found))}"
    yield error.hint
