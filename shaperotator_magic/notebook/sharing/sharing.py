"""Prepares a notebook for sending: everything it needs is embedded, private data removed.

Works on the saved file alone: no kernel, no store. What it does and finds is returned as a report.

Runs in the user's kernel, or in ``shaperotator share``.
"""

from __future__ import annotations

import base64
import re
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import Any

from shaperotator_magic.core.control_characters import escape_shown
from shaperotator_magic.core.errors import ConfigurationError
from shaperotator_magic.keeping.privacy import clean_text, clean_value
from shaperotator_magic.notebook.card.embedding import EMBED_LIMIT_BYTES
from shaperotator_magic.notebook.card.mime import MIME_TYPE
from shaperotator_magic.notebook.sharing.plain_videos import mend_plain_video
from shaperotator_magic.rendering.video.transcoding import write_small_video

WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
FALLBACKS = ("text/html", "image/png", "text/markdown", "text/plain")

_LINKED = re.compile(r'(<video\b[^>]*?\ssrc=")([^":]+\.mp4)(")')
_DATA_VIDEO = re.compile(r"data:video/mp4;base64,([A-Za-z0-9+/=]+)")
_IS_HOME = re.compile(r"^(/|[A-Za-z]:[\\/])")


@dataclass
class ShareReport:
    """What was done to a notebook, and what its reader will miss."""

    results: int = 0
    embedded: list[str] = field(default_factory=list)
    shrunk: list[str] = field(default_factory=list)
    linked: list[Path] = field(default_factory=list)
    removed: dict[str, int] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    sizes: list[tuple[str, int]] = field(default_factory=list)

    def count(self, what: str, times: int = 1) -> None:
        """Add to what was taken out."""
        if times:
            self.removed[what] = self.removed.get(what, 0) + times

    def __str__(self) -> str:
        lines = [f"{self.results} results"]
        lines += [f"  {size / 1000:7.0f} kB  {title}" for title, size in self.sizes]
        lines += [f"embedded: {name}" for name in self.embedded]
        lines += [f"made smaller (480p15) and embedded: {name}" for name in self.shrunk]
        lines += [f"too large to embed, send it along: {path}" for path in self.linked]
        lines += [f"taken out: {times} {what}" for what, times in self.removed.items()]
        lines += [f"missing: {what}" for what in self.missing]
        return "\n".join(lines)


def read_notebook(source: Path) -> Any:
    """Return a saved notebook in format 4.

    Raises
    ------
    ConfigurationError
        It is none, or cannot be read.
    """
    import nbformat

    try:
        return nbformat.read(source, as_version=4)
    except (OSError, ValueError, nbformat.reader.NotJSONError) as exc:
        raise ConfigurationError(
            f"{source} cannot be read as a notebook.", hint="Name a saved .ipynb file."
        ) from exc


def clean_notebook(notebook: Any, folder: Path) -> ShareReport:
    """Change a notebook in place so that it can be sent.

    Parameters
    ----------
    notebook
        As ``nbformat.read`` returns it, version 4.
    folder
        Where relative addresses of videos begin.

    Returns
    -------
    ShareReport
        Sizes in bytes, what was embedded and removed, and what cannot be fixed.
    """
    report = ShareReport()
    if notebook.metadata.pop("widgets", None) is not None:
        report.count("saved widget states")
    for cell in notebook.cells:
        cell.source, found = clean_text(cell.source)
        report.count("keys and private paths", found)
        if cell.cell_type == "code":
            cell.outputs = [
                output for output in cell.outputs if not _is_only_widget(output, report)
            ]
            for output in cell.outputs:
                _clean_output(output, folder, report)
    return report


def find_results(notebook: Any) -> Iterator[tuple[Any, Mapping[str, Any]]]:
    """Yield the data and the facts of every result of a notebook."""
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            if isinstance(data.get(MIME_TYPE), Mapping):
                yield data, data[MIME_TYPE]


def _is_only_widget(output: Any, report: ShareReport) -> bool:
    data = output.get("data", {})
    if WIDGET_VIEW not in data:
        return False
    del data[WIDGET_VIEW]
    report.count("widgets that would show as 'model not found'")
    return not set(data) - {"text/plain"}


def _clean_output(output: Any, folder: Path, report: ShareReport) -> None:
    data = output.get("data", {})
    if MIME_TYPE in data:
        report.results += 1
        _embed(data, folder, report)
        facts = data[MIME_TYPE]
        facts["kernel"] = ""
        title = str(facts.get("title", facts.get("id", "")))
        has_picture = isinstance(facts.get("video"), dict)
        wanted = [kind for kind in FALLBACKS if has_picture or kind != "image/png"]
        report.missing += [f"{kind} of {title!r}" for kind in wanted if kind not in data]
        if facts.get("status") == "running":
            report.missing.append(f"the end of {title!r}, which was still running when saved")
        report.sizes.append((title, sum(len(str(value)) for value in data.values())))
    elif "text/html" in data:
        report.embedded += mend_plain_video(
            data, lambda name: _find_below(folder, name), limit_bytes=EMBED_LIMIT_BYTES
        )
    for name in list(output):
        if name in {"data", "text", "traceback", "evalue"}:
            output[name], found = clean_value(output[name])
            report.count("keys and private paths", found)
    _check_scripts(data, report)


def _check_scripts(data: Mapping[str, Any], report: ShareReport) -> None:
    html = _join(data.get("text/html", ""))
    if re.search(r'<(?:script|iframe|link)\b|\ssrc="(?:https?:)?//', html, re.IGNORECASE):
        report.missing.append("offline: an output loads something from the network")


def _embed(data: Any, folder: Path, report: ShareReport) -> None:
    """Put the file that a result links to into it, smaller where it is too large."""
    html = _join(data.get("text/html", ""))
    found = _LINKED.search(html)
    if found is None:
        return
    name = found[2]
    path = _find_beside(folder, name)
    if path is None:
        report.missing.append(f"the video file {name}")
        return
    content = path.read_bytes()
    if len(content) > EMBED_LIMIT_BYTES:
        content = _shrink(path)
        report_to = report.shrunk
    else:
        report_to = report.embedded
    if len(content) > EMBED_LIMIT_BYTES:
        report.linked.append(path)
        _link_beside(data, html, found, path)
        return
    report_to.append(path.name)
    address = f"data:video/mp4;base64,{base64.b64encode(content).decode()}"
    data["text/html"] = f"{html[: found.start(2)]}{address}{html[found.end(2) :]}"
    if isinstance(data[MIME_TYPE].get("video"), dict):
        data[MIME_TYPE]["video"]["href"] = ""
    notes = data[MIME_TYPE].get("notes") or []
    data[MIME_TYPE]["notes"] = [note for note in notes if name not in note]
    for note in notes:
        if name in note:
            data["text/html"] = data["text/html"].replace(
                escape_shown(note), "The video is embedded."
            )


def _link_beside(data: Any, html: str, found: re.Match[str], path: Path) -> None:
    """Refer to a file beside the notebook, with a note on the card."""
    note = f"The video is too large to be embedded: keep {path.name} beside this notebook."
    linked = f"{html[: found.start(2)]}{escape(path.name)}{html[found.end(2) :]}"
    said = f'<div role="note" style="margin:8px 0 0"><b>{escape_shown(note)}</b></div>'
    data["text/html"] = linked.replace("</figcaption>", f"{said}</figcaption>", 1)
    facts = data[MIME_TYPE]
    facts["notes"] = [note]
    if isinstance(facts.get("video"), dict):
        facts["video"]["href"] = path.name


def _find_beside(folder: Path, name: str) -> Path | None:
    path = Path(name) if _IS_HOME.match(name) else folder / name
    return path if path.is_file() and path.suffix == ".mp4" else None


def _find_below(folder: Path, name: str) -> Path | None:
    """Return a file in the notebook's folder or below it; what is elsewhere is not sent along."""
    path = _find_beside(folder, name)
    is_below = path is not None and path.resolve().is_relative_to(folder.resolve())
    return path if is_below else None


def _shrink(path: Path) -> bytes:
    with tempfile.TemporaryDirectory() as made:
        target = Path(made) / "small.mp4"
        write_small_video(path, target)
        return target.read_bytes()


def read_video(data: Mapping[str, Any]) -> bytes | None:
    """Return the MP4 that is embedded in a result, or None."""
    found = _DATA_VIDEO.search(_join(data.get("text/html", "")))
    return base64.b64decode(found[1]) if found else None


def _join(value: Any) -> str:
    return "".join(value) if isinstance(value, list) else str(value)
