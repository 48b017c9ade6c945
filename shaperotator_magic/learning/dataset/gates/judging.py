"""What the product says of a piece of code today: gate, rehearsal, motion and layout.

Every piece is rehearsed once, in a confined process, and its verdict is kept by its digest: a
build that was stopped goes on from there, and a hundred sentences for one scene cost one rehearsal.

Runs in a command's process.
"""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor, as_completed
from importlib.metadata import version
from pathlib import Path

from pydantic import ValidationError

from shaperotator_magic.checking.gate.gate import check_scene
from shaperotator_magic.core.atomic_files import append_output
from shaperotator_magic.core.errors import CheckFailedError, RenderError, RenderTimeoutError
from shaperotator_magic.core.records import CheckedScene, Finding, Record, Rehearsal, SceneCode
from shaperotator_magic.pipeline.drafts import rehearse_draft
from shaperotator_magic.pipeline.failing import build_finding
from shaperotator_magic.rendering.renderer import Rehearser, RenderRequest

OnJudged = Callable[[int, int], None]
"""Called with how many pieces of code are judged, and how many there are."""

_FPS = 15
_TIMEOUT_S = 300.0


class Verdict(Record):
    """What was found in one piece of code.

    ``refused`` is what the gate says, ``failure`` why construct() came to no end, ``findings`` what
    the layout rules and the others saw in it.
    """

    digest: str
    refused: tuple[Finding, ...] = ()
    failure: Finding | None = None
    findings: tuple[Finding, ...] = ()
    plays: int = 0
    duration_s: float = 0.0

    @property
    def faults(self) -> tuple[Finding, ...]:
        """What a model would be asked to mend: errors, else what a viewer would mind."""
        if self.refused or self.failure:
            return (*self.refused, *([self.failure] if self.failure else []))
        return tuple(f for f in self.findings if f.severity != "note")

    @property
    def reason(self) -> str:
        """Why it may be no example, in a few words; empty where it may."""
        if self.refused:
            return f"the gate refuses it ({self.refused[0].rule})"
        if self.failure:
            return "it fails in rehearsal"
        if not self.plays:
            return "nothing moves in it"
        flaw = next((f for f in self.findings if f.severity != "note" or _is_layout(f)), None)
        return f"{flaw.rule}" if flaw else ""


def _is_layout(finding: Finding) -> bool:
    return finding.rule.startswith("layout-")


def digest_code(code: SceneCode) -> str:
    """Return what identifies a piece of code: its text and the class that is run."""
    return hashlib.sha256(f"{code.scene_name}\n{code.source.strip()}".encode()).hexdigest()


class Judge:
    """Judges code, and keeps what it found in a file.

    Parameters
    ----------
    rehearser
        Where scenes run; it may be asked by several threads at once.
    media_dir
        Where it puts what it writes.
    kept
        File of verdicts by digest. Those of other versions of manim or of this package are left.
    """

    def __init__(self, rehearser: Rehearser, media_dir: Path, kept: Path) -> None:
        self._rehearser = rehearser
        self._request = RenderRequest(854, 480, _FPS, media_dir, timeout_s=_TIMEOUT_S, seed=1)
        self._kept = kept
        self._verdicts = _read_verdicts(kept)

    def find(self, code: SceneCode) -> Verdict | None:
        """Return the verdict on a piece of code; None where it has none."""
        return self._verdicts.get(digest_code(code))

    def judge_all(self, codes: Iterable[SceneCode], on_judged: OnJudged, *, workers: int) -> None:
        """Judge what has no verdict yet, several at once.

        What takes too long has none afterwards: the machine may have been busy.
        """
        wanted = {digest_code(code): code for code in codes}
        missing = [code for digest, code in wanted.items() if digest not in self._verdicts]
        done = len(wanted) - len(missing)
        on_judged(done, len(wanted))
        with ThreadPoolExecutor(workers) as pool:
            try:
                waiting = [pool.submit(self._judge, code) for code in missing]
                for number, future in enumerate(as_completed(waiting), start=done + 1):
                    self._keep(future.result())
                    on_judged(number, len(wanted))
            except BaseException:
                pool.shutdown(cancel_futures=True)
                raise

    def _judge(self, code: SceneCode) -> Verdict | None:
        digest = digest_code(code)
        try:
            draft = rehearse_draft(check_scene(code), self._rehearse)
        except CheckFailedError as exc:
            return Verdict(digest=digest, refused=tuple(Finding(**row) for row in exc.findings))
        except RenderTimeoutError:
            return None
        except RenderError as exc:
            return Verdict(digest=digest, failure=build_finding(exc))
        seen = draft.rehearsal
        return Verdict(
            digest=digest,
            failure=build_finding(draft.failure) if draft.failure else None,
            findings=draft.scene.findings,
            plays=seen.plays if seen else 0,
            duration_s=round(seen.duration_s, 2) if seen else 0.0,
        )

    def _rehearse(self, scene: CheckedScene) -> Rehearsal:
        return self._rehearser.rehearse(scene, self._request, variables={})

    def _keep(self, verdict: Verdict | None) -> None:
        if verdict is None:
            return
        self._verdicts[verdict.digest] = verdict
        row = {"versions": describe_versions(), **verdict.model_dump(mode="json")}
        append_output(self._kept, json.dumps(row, ensure_ascii=False))


@functools.cache
def describe_versions() -> str:
    """Return the versions that a verdict holds for."""
    return f"shaperotator-magic {version('shaperotator-magic')}, manim {version('manim')}"


def _read_verdicts(path: Path) -> dict[str, Verdict]:
    if not path.is_file():
        return {}
    found = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        try:
            row = json.loads(line)
            if row.pop("versions", "") == describe_versions():
                found[row["digest"]] = Verdict(**row)
        except (ValueError, KeyError, AttributeError, ValidationError):
            continue  # the line was cut off when the machine stopped
    return found
