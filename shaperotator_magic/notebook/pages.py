"""Pages that stand alone: no script of strangers runs in them, and nothing is loaded."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data: blob:; media-src 'self' data:"
    " blob:; font-src data:; form-action 'none'; base-uri 'none'"
)
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
section { box-sizing: border-box; min-height: 100vh; padding: 5vh 8vw; scroll-snap-align: start;
  display: flex; flex-direction: column; justify-content: center; font-size: 1.3em; }
section > figure.shaperotator { width: 100%; max-width: min(1200px, 125vh) !important;
  margin: 0 auto !important; border: 0 !important; }
section > figure.shaperotator video { width: 100%; max-height: 74vh; }
section > video { width: 100%; max-width: min(1200px, 125vh) !important; max-height: 84vh;
  margin: 0 auto; background: #000; border-radius: 8px; }
"""
# Arrows, space and page keys turn the slides; this is the only script that the policy lets run.
_SLIDES_SCRIPT = """
addEventListener('keydown', (event) => {
  const step = {ArrowRight: 1, ArrowDown: 1, PageDown: 1, ' ': 1,
    ArrowLeft: -1, ArrowUp: -1, PageUp: -1}[event.key];
  if (!step || event.target.closest('video, summary')) return;
  event.preventDefault();
  const slides = [...document.querySelectorAll('section')];
  const at = slides.findIndex((slide) => slide.getBoundingClientRect().top > -innerHeight / 2);
  slides[at + step]?.scrollIntoView();
  const video = slides[at + step]?.querySelector('video');
  if (video && !matchMedia('(prefers-reduced-motion: reduce)').matches) video.play();
});
"""


def guard_page(page: str) -> str:
    """Return a page of nbconvert without scripts and links, under a policy that allows none."""
    page = _disarm(page)
    page = _STYLE.sub(lambda found: found[1] + _IMPORTS.sub("none", found[2]) + found[3], page)
    guard = f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
    head = re.search(r"<head\b[^>]*>", page, re.I)
    at = head.end() if head else 0
    return f"{page[:at]}{guard}{page[at:]}"


def _disarm(html: str) -> str:
    return _HOSTS.sub(r"\1", _TAGS.sub("<x-", _SCRIPTS.sub("", html)))


def build_gallery_page(title: str, results: Sequence[tuple[Mapping[str, Any], str]]) -> str:
    """Return a page with the cards of results, each with what it was asked for.

    The cards' HTML comes from a notebook: the policy keeps anything in it from running.
    """
    articles = "".join(
        f"<article>{html}{_build_prompt(facts)}</article>" for facts, html in results
    )
    body = f'<main><h1>{escape(title)}</h1><div class="grid">{articles}</div></main>'
    return _build_page(title, body, _GALLERY_LOOK)


def _build_prompt(facts: Mapping[str, Any]) -> str:
    prompt = str(facts.get("prompt", "")).strip()
    return "" if prompt == facts.get("title") else f"<p><small>{escape(prompt)}</small></p>"


def build_slides_page(title: str, slides: Sequence[str]) -> str:
    """Return a page with one screen a slide."""
    body = "".join(f"<section>{slide}</section>" for slide in slides)
    return _build_page(title, body, _SLIDES_LOOK, script=_SLIDES_SCRIPT)


def _build_page(title: str, body: str, look: str, *, script: str = "") -> str:
    body = _disarm(body)
    policy = _POLICY
    if script:
        digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
        policy += f"; script-src 'sha256-{digest}'"
    tail = f"<script>{script}</script>" if script else ""
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{_LOOK}{look}</style></head>"
        f"<body>{body}{tail}</body></html>\n"
    )
