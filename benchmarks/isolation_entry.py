"""One scene file through the worker, with some layers left out: what ``isolation.py`` measures.

    python -m benchmarks.isolation_entry LAYERS FILE OUT

LAYERS is ``all`` or a list such as ``namespaces=0,largest_abi=2``. No check of the source comes
before: the layers are tried alone. Not a door of the package, which always has them all. Every
scene is given files of each kind, and a style pack with a font and a mark, so that what reads them
is part of what is tried.
"""

from __future__ import annotations

import contextlib
import re
import shutil
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from PIL import Image

from shaperotator_magic.core.errors import ShapeRotatorError
from shaperotator_magic.core.records import CheckedScene, Origin, SceneCode
from shaperotator_magic.core.styles.finding import load_builtin
from shaperotator_magic.core.styles.fonts.machine import list_faces
from shaperotator_magic.core.styles.pack import Fonts, Mark, StylePack
from shaperotator_magic.rendering.exchange.folders import delete_folder
from shaperotator_magic.rendering.isolation.confining import Layers
from shaperotator_magic.rendering.renderer import InputFile, RenderRequest
from shaperotator_magic.rendering.worker import worker as worker_module
from shaperotator_magic.rendering.worker.worker import Worker

_CLASS = re.compile(r"^class (\w+)\s*[(:]", re.MULTILINE)
_TIMEOUT_S = 20.0
_MOST_SHOWN_BYTES = 2_000_000


def read_layers(text: str) -> Layers:
    """Return the layers that are left."""
    pairs = (pair.split("=") for pair in text.split(",") if pair != "all")
    return Layers(**{name: int(value) for name, value in pairs})  # type: ignore[arg-type]


def read_scene(file: Path) -> CheckedScene:
    """Return a file as if the checks had passed it; S is the scene's name in the corpus."""
    source = file.read_bytes().decode("utf-8", errors="surrogateescape")
    names = _CLASS.findall(source)
    name = "S" if "S" in names else names[-1]
    origin = Origin(writer="user")
    return CheckedScene(code=SceneCode(source=source, scene_name=name, origin=origin))


def write_files(folder: Path) -> tuple[InputFile, ...]:
    """Write a file of each kind that a user may give."""
    Image.new("RGBA", (30, 20), "red").save(folder / "cat.png")
    (folder / "logo.svg").write_text(
        "<svg xmlns='http://www.w3.org/2000/svg'><path d='M0 0L9 9'/></svg>"
    )
    (folder / "points.csv").write_text("x,y\n1,2\n3,4\n")
    shutil.copy(list_faces()[0], folder / "own.ttf")
    return tuple(InputFile(path.name, path) for path in sorted(folder.iterdir()))


def build_pack(folder: Path) -> StylePack:
    """Return a pack that brings a font and a picture of its own."""
    fonts = Fonts(text="Shaperotator Mono", files=(folder / "own.ttf",))
    return replace(load_builtin("paper"), fonts=fonts, mark=Mark(image=folder / "cat.png"))


def show_logs(folder: Path) -> None:
    """Print what the scene printed, which nobody sees otherwise: the judge looks for secrets."""
    for log in folder.rglob("log.txt"):
        with contextlib.suppress(OSError):
            sys.stdout.write(log.read_bytes()[:_MOST_SHOWN_BYTES].decode(errors="replace"))
    delete_folder(folder)


def main(layers: str, file: str, out: str) -> int:
    with (
        tempfile.TemporaryDirectory() as given,
        contextlib.closing(Worker(layers=read_layers(layers))) as worker,
    ):
        request = RenderRequest(
            width_px=854,
            height_px=480,
            fps=15,
            media_dir=Path(out) / "media",
            timeout_s=_TIMEOUT_S,
            inputs=write_files(Path(given)),
            style=build_pack(Path(given)),
        )
        try:
            video = worker.render(
                read_scene(Path(file)), request, variables={}, on_progress=lambda *_: None
            )
        except ShapeRotatorError as exc:
            print(f"{exc.message}\n{exc.hint}\n{exc.details.get('log_tail', '')}")
            return 3
    print(video.path)
    return 0


worker_module.delete_folder = show_logs

if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
