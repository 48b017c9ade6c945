"""A shared notebook in other forms: a page, slides, Markdown with GIFs, a gallery.

Every page is self-contained: a content security policy forbids scripts and loading, so it plays
without a network, and the content of another person's notebook stays inert.

Runs in the user's kernel, or in ``shaperotator share``.
"""

from __future__ import annotations

import base64
import copy
import hashlib
import re
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from shaperotator_magic.core.atomic_files import write_output
from shaperotator_magic.core.control_characters import escape_shown, show_controls_of_page
from shaperotator_magic.notebook.card.explaining import explain_facts
from shaperotator_magic.notebook.card.mime import MIME_TYPE
from shaperotator_magic.notebook.sharing.chapters import export_chapters
from shaperotator_magic.notebook.sharing.marking import MARK
from shaperotator_magic.notebook.sharing.pages import (
    build_gallery_page,
    build_slides_page,
    guard_page,
)
from shaperotator_magic.notebook.sharing.paper import export_pdf
from shaperotator_magic.notebook.sharing.prose import disarm_markdown, spell_formulas
from shaperotator_magic.notebook.sharing.sharing import find_results, read_video
from shaperotator_magic.rendering.video.transcoding import build_gif

_LONGEST_TEXT = 1200
_HEADING = re.compile(r"(?m)^#{1,3}\s+(.+?)\s*#*$")
# A cell of nothing else is no part of a talk.
_SETTING_UP = re.compile(r"\s*(?:%(?:load_ext|reload_ext|config|matplotlib)\b.*|#.*)?")
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
        spelled, resources={"metadata": {"name": find_title(notebook)}}
    )
    return [write_output(target, guard_page(page))]


def export_slides(notebook: Any, target: Path) -> list[Path]:
    """Write one page of slides: a heading or a result begins the next one."""
    page = build_slides_page(find_title(notebook), list(_build_slides(notebook)))
    return [write_output(target, page)]


def export_gallery(notebook: Any, target: Path) -> list[Path]:
    """Write one page with every result of the notebook, and nothing else of it."""
    results = [
        (facts, _find_html(data))
        for data, facts in find_results(notebook)
        if isinstance(facts.get("video"), dict) or explain_facts(facts)
    ]
    return [write_output(target, build_gallery_page(find_title(notebook), results))]


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
    lines.append(f"<!-- {MARK} -->")
    return [write_output(target, show_controls_of_page("\n\n".join(lines)) + "\n"), *written]


EXPORTS: dict[str, tuple[str, Callable[[Any, Path], list[Path]]]] = {
    "html": (".html", export_html),
    "slides": (".slides.html", export_slides),
    "gif-markdown": (".md", export_gif_markdown),
    "gallery": (".gallery.html", export_gallery),
    "pdf": (".pdf", export_pdf),
    "chapters": (".mp4", export_chapters),
}


def find_title(notebook: Any, default: str = "Animations") -> str:
    """Return a notebook's title: what its author calls it, else its first heading."""
    called = notebook.metadata.get("title")
    if isinstance(called, str) and called.strip():
        return called.strip()
    for cell in notebook.cells:
        found = _HEADING.search(cell.source) if cell.cell_type == "markdown" else None
        if found:
            return str(found[1]).strip()
    return default


def _find_html(data: Mapping[str, Any]) -> str:
    value = data.get("text/html", "")
    return "".join(value) if isinstance(value, list) else str(value)


def _has_picture(data: Mapping[str, Any]) -> bool:
    """Return whether an output is a result of ours, or holds a video of somebody else's."""
    return MIME_TYPE in data or read_video(data) is not None


def _find_text(output: Any) -> str:
    text = output.get("text") or output.get("data", {}).get("text/plain") or ""
    if output.get("output_type") == "error":
        text = f"{output.get('ename', '')}: {output.get('evalue', '')}"
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
    if video is None:
        try:
            picture = base64.b64decode(str(data["image/png"]), validate=True)
        except ValueError:
            return None  # no picture, whatever it is
        return write_output(media / f"{stem}.png", picture)
    with tempfile.TemporaryDirectory() as made:
        source = Path(made) / "video.mp4"
        source.write_bytes(video)
        return write_output(media / f"{stem}.gif", build_gif(source))


def _describe_result(facts: Mapping[str, Any], path: Path | None, folder: Path) -> str:
    title = _escape_prose(str(facts.get("title", "A video")))
    shown = f"![{title}]({path.relative_to(folder).as_posix()})\n\n" if path else ""
    said = "".join(f"\n\n{_escape_prose(line)}" for line in explain_facts(facts))
    return f"{shown}*{title}*{said}"


def _escape_prose(text: str) -> str:
    return re.sub(r"([\\`*_{}\[\]<>()#!|])", r"\\\1", " ".join(text.split()))


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
            if not results and not _is_setting_up(cell):
                gathered += f"<pre><code>{escape_shown(cell.source)}</code></pre>"
                gathered += "".join(map(_build_text, cell.get("outputs", [])))
    if gathered:
        yield gathered


def _is_setting_up(cell: Any) -> bool:
    """Tell whether a cell is empty, or only loads and sets, and shows nothing."""
    lines = cell.source.splitlines()
    return not cell.get("outputs") and all(_SETTING_UP.fullmatch(line) for line in lines)


def _set_prose(markdown: str) -> str:
    from nbconvert.filters import markdown2html

    page: str = markdown2html(spell_formulas(_IMAGE.sub(_keep_embedded, markdown)))
    return _ANCHOR.sub("", page)


def _build_text(output: Any) -> str:
    """Return what a cell printed, where it has not shown itself in another way."""
    text = _find_text(output).strip()
    cut = text if len(text) <= _LONGEST_TEXT else f"{text[:_LONGEST_TEXT]}…"
    return f"<pre><samp>{escape_shown(cut)}</samp></pre>" if text else ""


def _keep_embedded(match: re.Match[str]) -> str:
    """Leave a picture that is in the notebook; of any other, its description."""
    return match[0] if match[2].startswith("data:image/") else match[1]
