"""Summarises an evaluation: the shares of prompts that came out well, costs, a page of the videos.

``cli/learning/eval.py``, the command ``shaperotator eval``, makes the generations.

Runs in a command's process.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from shaperotator_magic.core.control_characters import escape_shown
from shaperotator_magic.core.records import Attempt, Finding, Generation

_Z = 1.96  # of a 95 % interval
_PICTURE_PX = 300


@dataclass(frozen=True)
class Rate:
    """A count of hits out of a total, and its share."""

    hits: int
    total: int

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % interval of the share, after Wilson (1927)."""
        if not self.total:
            return 0.0, 1.0
        n, share = self.total, self.hits / self.total
        middle = share + _Z**2 / (2 * n)
        reach = _Z * math.sqrt(share * (1 - share) / n + _Z**2 / (4 * n**2))
        whole = 1 + _Z**2 / n
        return max(0.0, (middle - reach) / whole), min(1.0, (middle + reach) / whole)

    def __str__(self) -> str:
        if not self.total:
            return "none"
        low, high = self.interval
        share = self.hits / self.total
        return f"{self.hits}/{self.total} ({share:.0%}, 95 % {low:.0%} to {high:.0%})"


@dataclass(frozen=True)
class Summary:
    """The figures of one run over a set of prompts."""

    first_try: Rate
    healed: Rate
    repaired: Rate
    clean: Rate
    tokens: float
    seconds: float
    failures: Mapping[str, int]

    def as_rows(self) -> list[tuple[str, str]]:
        """Return what a table shows, a row each."""
        failures = ", ".join(f"{name} {count}" for name, count in self.failures.items())
        return [
            ("runs at the first try, untouched", str(self.first_try)),
            ("runs at the first try, healed and mended included", str(self.healed)),
            ("shown at the end, repairs included", str(self.repaired)),
            ("shown without a major flaw of the layout", str(self.clean)),
            ("tokens, median", f"{self.tokens:.0f}"),
            ("seconds, median", f"{self.seconds:.1f}"),
            ("failures", failures or "none"),
        ]


def summarise(generations: Sequence[Generation]) -> Summary:
    """Return the figures of a set of finished runs."""
    total = len(generations)
    firsts = [g.attempts[0] if g.attempts else None for g in generations]
    ran = [first is not None and first.error is None for first in firsts]
    shown = [g for g in generations if g.status == "completed"]
    failures = Counter(_name_failure(g) for g in generations if g.status != "completed")
    return Summary(
        first_try=Rate(sum(map(ran_untouched, generations)), total),
        healed=Rate(sum(ran), total),
        repaired=Rate(len(shown), total),
        clean=Rate(sum(not list_flaws(g) for g in shown), total),
        tokens=median(map(_count_tokens, generations)) if total else 0.0,
        seconds=median(g.elapsed_s for g in generations) if total else 0.0,
        failures=dict(failures.most_common()),
    )


def ran_untouched(generation: Generation) -> bool:
    """Whether the first reply ran as it was written, with the loop off so to say."""
    first = next(iter(generation.attempts), None)
    return first is not None and first.error is None and not _is_touched(first)


def has_clean_first(generation: Generation) -> bool:
    """Whether the first reply ran as it was written, and showed no major flaw."""
    return ran_untouched(generation) and not _list_layout(generation.attempts[0].findings)


def list_flaws(generation: Generation) -> list[str]:
    """Return the major flaws of the layout that the shown scene still has."""
    return _list_layout(generation.scene.findings if generation.scene else ())


def _list_layout(findings: Sequence[Finding]) -> list[str]:
    return [f.message for f in findings if f.severity == "warning" and f.rule.startswith("layout-")]


def _is_touched(attempt: Attempt) -> bool:
    return any(f.rule.startswith(("healed-", "mended-")) for f in attempt.findings)


def _count_tokens(generation: Generation) -> int:
    usages = [a.completion.usage for a in generation.attempts if a.completion]
    return sum(usage.prompt_tokens + usage.completion_tokens for usage in usages)


def _name_failure(generation: Generation) -> str:
    """The class of what went wrong: Python's own name for it, where the scene raised."""
    error = generation.error
    if error is None:
        return generation.status
    raised = re.match(r"(\w+(?:Error|Exception))\b", error.message)
    return raised[1] if raised else error.type


def build_page(generations: Sequence[Generation], pictures: Mapping[str, str]) -> str:
    """Return a page with the figures and a picture of every scene, in HTML.

    Parameters
    ----------
    pictures
        By generation's identifier the address of its poster.
    """
    rows = "".join(
        f"<tr><th>{escape_shown(name)}</th><td>{escape_shown(value)}</td></tr>"
        for name, value in summarise(generations).as_rows()
    )
    figures = "".join(_build_figure(g, pictures.get(g.generation_id, "")) for g in generations)
    return (
        '<!doctype html><meta charset="utf-8"><title>Evaluation</title><style>'
        "body{font:14px sans-serif;margin:24px;background:#fff;color:#222}"
        "th{text-align:left;font-weight:normal;padding-right:24px}"
        "main{display:flex;flex-wrap:wrap;gap:16px;margin-top:24px}"
        f"figure{{width:{_PICTURE_PX}px;margin:0}}img{{width:100%;background:#000}}"
        "li{color:#a40000}</style>"
        f"<table>{rows}</table><main>{figures}</main>\n"
    )


def _build_figure(generation: Generation, picture: str) -> str:
    image = f'<img src="{escape_shown(picture)}" alt="">' if picture else ""
    error = generation.error
    flaws = [error.headline] if error else list_flaws(generation)
    items = "".join(f"<li>{escape_shown(text)}</li>" for text in flaws)
    count = len(generation.attempts)
    return (
        f"<figure>{image}<figcaption><b>{escape_shown(generation.title)}</b><br>"
        f"{count} attempt{'s' if count != 1 else ''}, {_count_tokens(generation)} tokens, "
        f"{generation.elapsed_s:.1f} s<ul>{items}</ul></figcaption></figure>"
    )
