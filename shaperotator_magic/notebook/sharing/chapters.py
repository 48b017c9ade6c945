"""Videos of a notebook as MP4 files with a chapter for each step, as players and VLC show them.

Runs in the user's kernel, or in ``shaperotator share``.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from shaperotator_magic.core.atomic_files import write_output
from shaperotator_magic.core.errors import ConfigurationError
from shaperotator_magic.core.records import Step
from shaperotator_magic.notebook.sharing.marking import MARK
from shaperotator_magic.notebook.sharing.sharing import find_results, read_video

_NUMBER = re.compile(r" · \d+$")  # of a further animation of a section
_TICKS_PER_S = 1000
_STEPS = TypeAdapter(tuple[Step, ...])


def export_chapters(notebook: Any, target: Path) -> list[Path]:
    """Write each result's video with its chapters; of several, the second is ``NAME-2.mp4``.

    Raises
    ------
    ConfigurationError
        No result of the notebook holds a video.
    """
    videos = [(read_video(data), facts) for data, facts in find_results(notebook)]
    found = [(video, facts) for video, facts in videos if video is not None]
    if not found:
        raise ConfigurationError(
            "The notebook holds no video of a result.", hint="Run it, save it, and share it again."
        )
    written = []
    for number, (video, facts) in enumerate(found, start=1):
        path = target if number == 1 else target.with_stem(f"{target.stem}-{number}")
        written.append(write_output(path, _add_chapters(video, read_steps(facts))))
    return written


def read_steps(facts: Mapping[str, Any]) -> tuple[Step, ...]:
    """Return the steps that a saved result has; a notebook may come from anybody."""
    explore = facts.get("explore")
    try:
        return _STEPS.validate_python(explore["steps"] if isinstance(explore, Mapping) else ())
    except (KeyError, ValidationError):
        return ()


def _add_chapters(video: bytes, steps: Sequence[Step]) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "video.mp4", Path(folder) / "chapters.mp4"
        source.write_bytes(video)
        write_chapters(source, target, steps)
        return target.read_bytes()


def write_chapters(source: Path, target: Path, steps: Sequence[Step]) -> None:
    """Copy a video and give it a chapter a step; steps of one name, one after the other, share one.

    Raises
    ------
    ConfigurationError
        The file holds no video that can be read.
    """
    import av

    try:
        with (
            av.open(str(source)) as given,
            av.open(str(target), "w", format="mp4", options={"movflags": "+faststart"}) as copy,
        ):
            streams = {s.index: copy.add_stream_from_template(s) for s in given.streams}
            copy.metadata["comment"] = MARK
            copy.set_chapters(_build_chapters(steps))
            for packet in given.demux():
                if packet.dts is not None:
                    packet.stream = streams[packet.stream.index]
                    copy.mux(packet)
    except av.FFmpegError as exc:
        raise ConfigurationError(
            "A video of the notebook cannot be read.", hint="Run its cell again, and save."
        ) from exc


def _build_chapters(steps: Sequence[Step]) -> list[Any]:
    chapters: list[Any] = []
    for step in steps:
        name = _NUMBER.sub("", step.name)
        start, end = (round(_TICKS_PER_S * time_s) for time_s in (step.start_s, step.end_s))
        if chapters and chapters[-1]["metadata"]["title"] == name:
            chapters[-1]["end"] = end
            continue
        chapters.append(
            {
                "id": len(chapters) + 1,
                "start": start,
                "end": end,
                "time_base": Fraction(1, _TICKS_PER_S),
                "metadata": {"title": name},
            }
        )
    return chapters
