"""A shared notebook in other forms: a page, slides, Markdown with GIFs, a gallery.

Every page stands alone: a content security policy keeps it from running a script or loading
anything, so it plays where there is no network, and what a stranger's notebook holds stays inert.
"""

from __future__ import annotations

import base64
import copy
import hashlib
import re
import tempfile
from collections.abc import Callable, Iterator, Mapping
from html import escape
from pathlib import Path
from typing import Any

from shaperotator_magic.notebook.mime import MIME_TYPE
from shaperotator_magic.notebook.pages import build_gallery_page, build_slides_page, guard_page
from shaperotator_magic.notebook.paper import export_pdf
from shaperotator_magic.notebook.prose import disarm_markdown, spell_formulas
from shaperotator_magic.notebook.sharing import find_results, read_video
from shaperotator_magic.rendering.transcoding import build_gif

_LONGEST_TEXT = 1200
_ANCHOR = re.compile(r'<a class="anchor-link"[^>]*>.*?</a>', re.DOTALL)
_IMAGE = re.compile(r"!\[([^\]]*)\]\(([^)\s]+)[^)]*\)")


def export_html(notebook: Any, target: Path) -> list[Path]:
    """Write one page that holds everything; returns the paths written."""
    from nbconvert import HTMLExporter

    exporter = HTMLExporter(mathjax_url="", require_js_url="", jquery_url="", mermaid_js_url="")
    exporter.exclude_anchor_links = True
    spelled = copy.deepcopy(notebook)
    for cell in spelled.cells:
        if cell.cell_type == "markdown":
            cell.source = spell_formulas(cell.source)
    page, _ = exporter.from_notebook_node(
        spelled, resources={"metadata": {"name": _find_title(notebook)}}
    )
    target.write_text(guard_page(page), encoding="utf-8")
    return [target]


def export_slides(notebook: Any, target: Path) -> list[Path]:
    """Write one page of slides: a heading or a result begins the next one."""
    target.write_text(
        build_slides_page(_find_title(notebook), list(_build_slides(notebook))), "utf-8"
    )
    return [target]


def export_gallery(notebook: Any, target: Path) -> list[Path]:
    """Write one page with every result of the notebook, and nothing else of it."""
    results = [
        (facts, _find_html(data))
        for data, facts in find_results(notebook)
        if isinstance(facts.get("video"), dict)
    ]
    target.write_text(build_gallery_page(_find_title(notebook), results), encoding="utf-8")
    return [target]


def export_gif_markdown(notebook: Any, target: Path) -> list[Path]:
    """Write Markdown, and beside it a GIF for every result, for places that show no video."""
    media = target.with_name(f"{target.stem}_media")
    written: list[Path] = []
    lines: list[str] = []
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            lines.append(disarm_markdown(_IMAGE.sub(_keep_embedded, cell.source)))
            continue
        if cell.source.strip():
            lines.append(_fence(cell.source, "python"))
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            if _has_picture(data):
                path = _write_picture(data, media)
                written += [path] if path else []
                lines.append(_describe_result(data.get(MIME_TYPE, {}), path, target.parent))
            elif text := _find_text(output):
                lines.append(_fence(text, ""))
    target.write_text("\n\n".join(lines) + "\n", encoding="utf-8")
    return [target, *written]


EXPORTS: dict[str, tuple[str, Callable[[Any, Path], list[Path]]]] = {
    "html": (".html", export_html),
    "slides": (".slides.html", export_slides),
    "gif-markdown": (".md", export_gif_markdown),
    "gallery": (".gallery.html", export_gallery),
    "pdf": (".pdf", export_pdf),
}


def _find_title(notebook: Any) -> str:
    """Return the first heading, else a word."""
    for cell in notebook.cells:
        found = (
            re.search(r"(?m)^#{1,3}\s+(.+)$", cell.source) if cell.cell_type == "markdown" else None
        )
        if found:
            return str(found[1]).strip()
    return "Animations"


def _find_html(data: Mapping[str, Any]) -> str:
    value = data.get("text/html", "")
    return "".join(value) if isinstance(value, list) else str(value)


def _has_picture(data: Mapping[str, Any]) -> bool:
    """Tell whether an output is a result of ours, or holds a video of somebody else's."""
    return MIME_TYPE in data or read_video(data) is not None


def _find_text(output: Any) -> str:
    text = output.get("text") or output.get("data", {}).get("text/plain") or ""
    return "".join(text) if isinstance(text, list) else str(text)


def _fence(text: str, language: str) -> str:
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{language}\n{text.rstrip()}\n{fence}"


def _write_picture(data: Mapping[str, Any], media: Path) -> Path | None:
    """Write a result's GIF, or its poster where no video is embedded."""
    video = read_video(data)
    own = hashlib.sha256(video or b"").hexdigest()[:8]  # of what is not ours
    stem = re.sub(r"\W", "", str(data.get(MIME_TYPE, {}).get("id", ""))) or own
    if video is None and "image/png" not in data:
        return None
    media.mkdir(parents=True, exist_ok=True)
    if video is None:
        path = media / f"{stem}.png"
        try:
            path.write_bytes(base64.b64decode(str(data["image/png"]), validate=True))
        except ValueError:
            return None  # no picture, whatever it is
        return path
    path = media / f"{stem}.gif"
    with tempfile.TemporaryDirectory() as made:
        source = Path(made) / "video.mp4"
        source.write_bytes(video)
        path.write_bytes(build_gif(source))
    return path


def _describe_result(facts: Mapping[str, Any], path: Path | None, folder: Path) -> str:
    said = " ".join(str(facts.get("title", "A video")).split())
    title = re.sub(r"([\\`*_{}\[\]<>()#!|])", r"\\\1", said)
    shown = f"![{title}]({path.relative_to(folder).as_posix()})\n\n" if path else ""
    return f"{shown}*{title}*"


def _build_slides(notebook: Any) -> Iterator[str]:
    gathered = ""
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            for part in re.split(r"(?m)^(?=#{1,3} )", cell.source):
                if part.startswith("#") and gathered:
                    yield gathered
                    gathered = ""
                gathered += _set_prose(part) if part.strip() else ""
        elif cell.cell_type == "code":
            results = [o for o in cell.get("outputs", []) if _has_picture(o.get("data", {}))]
            if results and gathered:
                yield gathered
                gathered = ""
            yield from (_find_html(result["data"]) for result in results)
            if not results and cell.source.strip():
                gathered += f"<pre><code>{escape(cell.source)}</code></pre>"
                gathered += "".join(map(_build_text, cell.get("outputs", [])))
    if gathered:
        yield gathered


def _set_prose(markdown: str) -> str:
    from nbconvert.filters import markdown2html

    page: str = markdown2html(spell_formulas(_IMAGE.sub(_keep_embedded, markdown)))
    return _ANCHOR.sub("", page)


def _build_text(output: Any) -> str:
    """Return what a cell printed, where it has not shown itself in another way."""
    text = "" if output.get("output_type") == "error" else _find_text(output).strip()
    cut = text if len(text) <= _LONGEST_TEXT else f"{text[:_LONGEST_TEXT]}…"
    return f"<pre><samp>{escape(cut)}</samp></pre>" if text else ""


def _keep_embedded(match: re.Match[str]) -> str:
    """Leave a picture that is in the notebook; of any other, its description."""
    return match[0] if match[2].startswith("data:image/") else match[1]
