"""Recorded replies of a real model, played to a real kernel: a video, or a reason on the card.

Two of the 26; ``python -m benchmarks.replies`` plays them all.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from benchmarks.kernels import start_kernel
from shaperotator_magic.testing import (
    RecordedModelServer,
    RecordedReply,
    load_recorded_replies,
    play_recorded,
)

REPLIES = {
    row.id: row for row in load_recorded_replies(Path(__file__).with_name("data") / "replies")
}
needs_latex = pytest.mark.skipif(
    not shutil.which("latex"), reason="LaTeX is not installed: apt-get install texlive-latex-extra"
)


def play(row: RecordedReply, folder: Path, *options: str) -> str:
    """Return the card that a cell with this prompt ends with."""
    with RecordedModelServer(play_recorded([row])) as server, start_kernel(folder) as kernel:
        kernel.run("%load_ext shaperotator_magic")
        line = f"%%shaperotate --model m --base-url {server.base_url} {' '.join(options)}"
        return kernel.run(f"{line}\n{row.prompt}", timeout_s=250).html


@pytest.mark.kernel
@needs_latex
def test_reply_that_plain_manim_renders_is_shown(tmp_path: Path) -> None:
    card = play(REPLIES["01"], tmp_path, "--attempts 1 -r 320x180 --fps 8")
    assert 'src="data:video/mp4' in card and 'data-sr-status="completed"' in card


@pytest.mark.kernel
@needs_latex
def test_reply_that_takes_too_long_ends_with_a_reason_of_two_lines(tmp_path: Path) -> None:
    # Plain manim needs 168 s of CPU for this one.
    card = play(REPLIES["12"], tmp_path, "--attempts 1 --timeout 0.5 --no-cache")
    reason = re.search(r"<b>([^<]{10,})</b><br>([^<]{10,})", card)
    assert reason and "still rendering after 0.5 s" in reason[1], card
