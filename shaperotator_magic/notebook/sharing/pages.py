"""Self-contained pages: no foreign script runs in them, and nothing is loaded.

Runs in the user's kernel, or in ``shaperotator share``.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping, Sequence
from typing import Any

from shaperotator_magic.core.control_characters import escape_shown, show_controls_of_page
from shaperotator_magic.notebook.sharing.marking import MARK
from shaperotator_magic.pipeline.exploring.assets import read_script, read_style

_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data: blob:; media-src 'self' data:"
    " blob:; font-src data:; form-action 'none'; base-uri 'none'"
)
_GENERATOR = f'<meta name="generator" content="{MARK}">'
_SCRIPTS = re.compile(r"<script\b[^>]*>.*?</script\s*>|<script\b[^>]*/?>", re.DOTALL | re.I)
# What no policy forbids: to go elsewhere, to look up a name. Such a tag loses its name, however it
# goes on; nbconvert's own tags for the character set and the like stay.
_TAGS = re.compile(
    r"<(?=(?:link|base|iframe|frame|object|embed|form|applet|script|portal)\b"
    r"|meta\b(?!\s+(?:charset|name)=))",
    re.I,
)
# An address that begins so is another computer, also where the page is a file.
_HOSTS = re.compile(r"((?:src|poster|href|data)\s*=\s*[\"']?\s*)[/\\]{2,}", re.I)
_IMPORTS = re.compile(r"@import[^;]+;|url\(\s*['\"]?(?!data:|#)[^)]*\)", re.I)
_STYLE = re.compile(r"(<style\b[^>]*>)(.*?)(</style>)", re.DOTALL | re.I)

_LOOK = """
:root { color-scheme: light dark; --jp-border-color2: #8884; --jp-layout-color1: transparent; }
body { margin: 0; font: 16px/1.5 system-ui, -apple-system, 'Segoe UI', sans-serif; }
pre { overflow: auto; padding: 12px; border-radius: 8px; background: #8882; font-size: 14px; }
h1, h2, h3 { line-height: 1.2; }
"""
_GALLERY_LOOK = """
main { max-width: 1400px; margin: 0 auto; padding: 24px; }
.grid { display: grid; gap: 20px; align-items: start;
  grid-template-columns: repeat(auto-fill, minmax(340px, 1fr)); }
.grid > article { min-width: 0; }
figure.shaperotator { max-width: none !important; }
"""
_SLIDES_LOOK = """
html { scroll-snap-type: y mandatory; }
section { box-sizing: border-box; min-height: 100vh; padding: 4vh 8vw; scroll-snap-align: start;
  display: flex; flex-direction: column; justify-content: center; font-size: 1.3em; }
section > figure.shaperotator { width: 100%; max-width: min(1200px, 116vh) !important;
  margin: 0 auto !important; border: 0 !important; }
section > figure.shaperotator video { width: 100%; max-height: 66vh; }
section > figure[data-sr-status="completed"] .sr-making { display: none; }
section > video { width: 100%; max-width: min(1200px, 125vh) !important; max-height: 84vh;
  margin: 0 auto; background: #000; border-radius: 8px; }
section { position: relative; }
section > footer { position: absolute; right: 2vw; bottom: 1.5vh; opacity: .6; font-size: 14px; }
"""
_HAS_STEPS = re.compile(r"<figure\b[^>]*\bdata-sr-(?:explore|recorded)=", re.I)
_PLAYERS = "mountPage();"
# Arrows, space and page keys go from step to step, and at the end of a result to the next slide.
_SLIDES = "driveSlides(mountPage());"


def guard_page(page: str) -> str:
    """Return a page of nbconvert without scripts and links, under a policy that allows none."""
    page = _disarm(show_controls_of_page(page))
    page = _STYLE.sub(lambda found: found[1] + _IMPORTS.sub("none", found[2]) + found[3], page)
    script = _choose_script(page)
    head = re.search(r"<head\b[^>]*>", page, re.I)
    at = head.end() if head else 0
    page = f"{page[:at]}{_build_guard(script)}{page[at:]}"
    end = page.lower().rfind("</body>")
    end = end if end >= 0 else len(page)
    return f"{page[:end]}{_build_tail(script)}{page[end:]}"


def _choose_script(page: str, *, call: str = "") -> str:
    """Return the script of a page that holds steps, or is to be driven; empty where it needs none.

    It is the only one that the policy lets run, and it is there once, however many results.
    """
    if not call and not _HAS_STEPS.search(page):
        return ""
    return f"(() => {{\n{read_script()}\n{call or _PLAYERS}\n}})();"


def _build_guard(script: str) -> str:
    """Return the policy of a page, which lets this script run and no other."""
    policy = _POLICY
    if script:
        digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
        policy += f"; script-src 'sha256-{digest}'"
    return f'<meta http-equiv="Content-Security-Policy" content="{policy}">{_GENERATOR}'


def _build_tail(script: str) -> str:
    return f"<style>{read_style()}</style><script>{script}</script>" if script else ""


def _disarm(html: str) -> str:
    return _HOSTS.sub(r"\1", _TAGS.sub("<x-", _SCRIPTS.sub("", html)))


def build_gallery_page(title: str, results: Sequence[tuple[Mapping[str, Any], str]]) -> str:
    """Return a page with the cards of results, each with its prompt.

    The cards' HTML comes from a notebook: the policy forbids any script in it.
    """
    articles = "".join(f"<article>{_add_prompt(html, facts)}</article>" for facts, html in results)
    body = f'<main><h1>{escape_shown(title)}</h1><div class="grid">{articles}</div></main>'
    return _build_page(title, body, _GALLERY_LOOK)


def _add_prompt(html: str, facts: Mapping[str, Any]) -> str:
    """Return a card with its whole prompt in it, where its title is not that already."""
    prompt = str(facts.get("prompt", "")).strip()
    if prompt in {str(facts.get(name)) for name in ("title", "change")}:
        return html
    said = f"<p><small>{escape_shown(prompt)}</small></p>"
    before, end, after = html.partition("</figcaption>")
    return f"{before}{said}{end}{after}" if end else f"<figure>{html}{said}</figure>"


def build_slides_page(title: str, slides: Sequence[str]) -> str:
    """Return a page with one screen a slide."""
    number = '<footer aria-label="Slide {} of {}">{} / {} · ← →</footer>'
    body = "".join(
        f"<section>{slide}{number.format(at, len(slides), at, len(slides))}</section>"
        for at, slide in enumerate(slides, start=1)
    )
    return _build_page(title, body, _SLIDES_LOOK, call=_SLIDES)


def _build_page(title: str, body: str, look: str, *, call: str = "") -> str:
    body = _disarm(show_controls_of_page(body))
    script = _choose_script(body, call=call)
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        f"{_build_guard(script)}"
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape_shown(title)}</title><style>{_LOOK}{look}</style></head>"
        f"<body>{body}{_build_tail(script)}</body></html>\n"
    )
