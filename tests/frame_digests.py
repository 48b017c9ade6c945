"""``python -m tests.frame_digests``: compare the frames of all library scenes with manim's own.

``python -m tests.frame_digests [--stock] NAME …`` prints a digest of each scene's frames;
with ``--stock`` nothing of manim is replaced. Each runs in a process of its own, for what is
replaced stays replaced; the manim is the one that is first on the path.
"""

from __future__ import annotations

import functools
import hashlib
import json
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import shaperotator_magic.writing
from tests.library_probe import load_scene

SCENES = Path(shaperotator_magic.writing.__file__).parent / "scenes"


def read_digests(names: Iterable[str], *, stock: bool, path: str = "") -> dict[str, str]:
    """Run this module in a new process, with a folder in front of its path."""
    command = [sys.executable, "-m", "tests.frame_digests", *(["--stock"] if stock else []), *names]
    environ = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, [path, *sys.path]))}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environ)
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout.splitlines()[-1]))


def digest_frames(name: str) -> str:
    """Render a scene, small; return a digest of all that its file writer is given."""
    import numpy as np

    random.seed(1)
    np.random.seed(1)
    seen = hashlib.sha256()
    _, scene_class = load_scene(SCENES / f"{name}.py")
    scene = scene_class()
    writer = scene.renderer.file_writer
    writer.accepts_deferred_frames = True
    writer.write_frame = functools.partial(take_frame, seen)
    for method in ("begin_animation", "end_animation", "finish"):
        setattr(writer, method, lambda *_, **__: None)
    scene.render()
    return seen.hexdigest()


def take_frame(seen: Any, frame: Any, *times: Any, **named: Any) -> None:
    pixels = frame.draw() if hasattr(frame, "draw") else frame
    seen.update(pixels.tobytes() + repr((pixels.shape, times, sorted(named.items()))).encode())


def compare_all() -> int:
    """Draw every library scene both ways; return how many differ."""
    names = sorted(path.stem for path in SCENES.glob("[!_]*.py"))
    expected, made = (read_digests(names, stock=stock) for stock in (True, False))
    different = [name for name in names if made[name] != expected[name]]
    print(f"{len(names) - len(different)} of {len(names)} scenes have the frames of manim's own")  # noqa: T201
    print(*different, sep="\n")  # noqa: T201
    return len(different)


def print_digests(names: list[str], *, stock: bool) -> None:
    if not stock:
        from shaperotator_magic.rendering.process.scene_run import import_manim

        import_manim()
    from manim import tempconfig

    with tempfile.TemporaryDirectory() as media:
        small = {
            "media_dir": media, "pixel_width": 128, "pixel_height": 72, "frame_rate": 3,
            "disable_caching": True, "progress_bar": "none", "verbosity": "ERROR", "seed": 1,
        }  # fmt: skip
        with tempconfig(small):
            print(json.dumps({name: digest_frames(name) for name in names}))  # noqa: T201


if __name__ == "__main__":
    if len(sys.argv) == 1:
        sys.exit(compare_all())
    is_stock = sys.argv[1] == "--stock"
    print_digests(sys.argv[1 + is_stock :], stock=is_stock)
