"""The one gate from scene code to a checked scene: every check is an entry of one list.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

from collections.abc import Callable

from shaperotator_magic.checking.gate.parsing import parse_again
from shaperotator_magic.checking.gate.safety import check_safety
from shaperotator_magic.core.errors import CheckFailedError
from shaperotator_magic.core.records import CheckedScene, Finding, SceneCode

Check = Callable[[str, frozenset[str]], list[Finding]]

CHECKS: tuple[Check, ...] = (check_safety,)

_NOT_RUN = (
    "Nothing of it was run: scenes compute and draw, without files, network or other programs."
)


@parse_again
def check_scene(code: SceneCode) -> CheckedScene:
    """Return the scene as checked, with the findings that do not refuse it.

    Raises
    ------
    CheckFailedError
        A check found an error; ``findings`` holds all of them, the first one is the message.
    """
    findings = [
        finding for check in CHECKS for finding in check(code.source, frozenset(code.files))
    ]
    errors = [finding for finding in findings if finding.severity == "error"]
    if not errors:
        return CheckedScene(code=code, findings=tuple(findings))
    first = errors[0]
    more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
    raise CheckFailedError(
        f"Line {first.line}: {first.message}{more}" if first.line else first.message + more,
        hint=first.hint or _NOT_RUN,
        source=code.source,
        findings=[finding.model_dump(mode="json") for finding in findings],
    )
