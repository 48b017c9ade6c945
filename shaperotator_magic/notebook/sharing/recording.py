"""Values of a parameter that are drawn before a page is shared: there its knob goes through them.

The scenes of a notebook may be anybody's: they are checked and drawn in isolation like any other.

Runs in the user's kernel, or in ``shaperotator share``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from shaperotator_magic.checking.gate.gate import check_scene
from shaperotator_magic.core.errors import ConfigurationError, ParameterError, ShapeRotatorError
from shaperotator_magic.core.records import Options, Origin, Parameter, SceneCode
from shaperotator_magic.notebook.card.embedding import EMBED_LIMIT_BYTES
from shaperotator_magic.notebook.card.media import build_media
from shaperotator_magic.notebook.sharing.sharing import find_results
from shaperotator_magic.pipeline.exploring.parameters import read_parameters
from shaperotator_magic.pipeline.exploring.setting import check_value, set_parameters
from shaperotator_magic.rendering.renderer import Renderer, build_request

MOST_VALUES = 25
_NUMBERS = ("number", "integer")
_ASKED = re.compile(r"([A-Za-z]\w*)=([-+.\deE]+):([-+.\deE]+):(\d+)")
_FIGURE = re.compile(r'<figure class="shaperotator"')
_HINT = "Write NAME=FIRST:LAST:COUNT, such as --explore RATE=0.1:2:9"


@dataclass(frozen=True)
class Recording:
    """Which values of which parameter are drawn."""

    name: str
    first: float
    last: float
    count: int

    @property
    def values(self) -> list[float]:
        """The values, evenly spaced."""
        step = (self.last - self.first) / (self.count - 1)
        return [float(f"{self.first + step * at:.10g}") for at in range(self.count)]


def read_recording(text: str) -> Recording:
    """Return what ``RATE=0.1:2:9`` asks for.

    Raises
    ------
    ConfigurationError
        It is not written so, or asks for fewer than 2 values or for more than 25.
    """
    found = _ASKED.fullmatch(text.strip())
    try:
        name, first, last, count = found.groups() if found else ("", "", "", "")
        asked = Recording(name, float(first), float(last), int(count))
        if asked.first < asked.last and 1 < asked.count <= MOST_VALUES:
            return asked
    except ValueError:
        pass
    raise ConfigurationError(
        f"--explore {text} names no 2 to {MOST_VALUES} values between two numbers.", hint=_HINT
    )


def record_values(
    notebook: Any,
    asked: Recording,
    renderer: Renderer,
    media_dir: Path,
    *,
    report: Callable[[str], None],
) -> None:
    """Draw the values for every result of a notebook that has the parameter, and put them there.

    Parameters
    ----------
    report
        Called with a line for each result.

    Raises
    ------
    ParameterError
        No result has the parameter.
    """
    known: set[str] = set()
    count = 0
    for data, facts in find_results(notebook):
        code = _read_code(facts)
        rows = {row.name: row for row in read_parameters(code)} if code else {}
        known.update(name for name, row in rows.items() if row.kind in _NUMBERS)
        row = rows.get(asked.name)
        if code is None or row is None or row.kind not in _NUMBERS:
            continue
        drawn = list(_draw(code, row, asked, renderer, media_dir))
        _embed(data, row, drawn)
        good = sum("video" in entry for entry in drawn)
        report(f"{asked.name}: {good} of {len(drawn)} values drawn for {facts.get('title', '')}")
        count += 1
    if not count:
        raise ParameterError(
            f"No result of this notebook has a number {asked.name}.",
            hint=f"There are: {', '.join(sorted(known)) or 'no parameters'}. {_HINT}",
            parameter=asked.name,
        )


def _read_code(facts: Mapping[str, Any]) -> SceneCode | None:
    source, name = facts.get("code"), facts.get("scene_name")
    if facts.get("status") != "completed" or not isinstance(source, str) or not source:
        return None
    return SceneCode(source=source, scene_name=str(name), origin=Origin(writer="user"))


def _draw(
    code: SceneCode, row: Parameter, asked: Recording, renderer: Renderer, media_dir: Path
) -> Iterator[dict[str, Any]]:
    request = build_request(Options(), media_dir)
    for value in asked.values:
        exact = round(value) if row.kind == "integer" else value
        entry: dict[str, Any] = {"value": exact}
        try:
            check_value(row, exact)
            scene = check_scene(set_parameters(code, {row.name: exact}))
            video = renderer.render(
                scene, request, variables={}, on_progress=lambda done, total: None
            )
            media = build_media(video, EMBED_LIMIT_BYTES)
            if media is not None and not media.is_linked:
                entry["video"] = media.address
        except ShapeRotatorError as exc:
            entry["error"] = f"{exc.message} {exc.hint}".strip()
        yield entry


def _embed(data: Any, row: Parameter, drawn: list[dict[str, Any]]) -> None:
    """Put what was drawn into the card, where a page's script finds it."""
    html = data.get("text/html", "")
    html = "".join(html) if isinstance(html, list) else str(html)
    told = {"parameter": row.model_dump(mode="json", exclude_defaults=True), "drawn": drawn}
    held = f'<figure class="shaperotator" data-sr-recorded="{escape(json.dumps(told))}"'
    data["text/html"] = _FIGURE.sub(lambda _: held, html, count=1)
