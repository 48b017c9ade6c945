"""``python -m tests.manim_sources FOLDER …``: write known_sources.py for unpacked manim wheels.

Each FOLDER is the package ``manim`` of one version, beside its ``.dist-info``. A version is added
to the entries of ``table.py`` by hand, when the core suite has passed with it
(``make test-manim VERSION=…``).
"""

from __future__ import annotations

import sys
from pathlib import Path

from shaperotator_magic.rendering.stand_ins import installed, table

HEADING = '''"""Digests of manim's source files; written by ``python -m tests.manim_sources``.

Runs in the caller's process and in a scene's.
"""

KNOWN_SOURCES: dict[str, dict[str, str]] = {
'''


def find_version(folder: Path) -> str:
    (metadata,) = folder.parent.glob("manim-*.dist-info")
    return metadata.name.removeprefix("manim-").removesuffix(".dist-info")


def build_module(folders: list[Path]) -> str:
    files = sorted({file for entry in table.STAND_INS.values() for file in entry.files})
    text = HEADING
    for folder in folders:
        text += f'    "{find_version(folder)}": {{\n'
        for file in files:
            digest = installed.hash_source(folder / file)
            text += f'        "{file}": "{digest}",\n' if digest else ""
        text += "    },\n"
    return f"{text}}}\n"


if __name__ == "__main__":
    target = Path(installed.__file__).with_name("known_sources.py")
    target.write_text(build_module([Path(name) for name in sys.argv[1:]]))
