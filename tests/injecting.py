"""Scenes of the corpora, and the probe that injects them in a process of its own."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from shaperotator_magic.core.records import Completion
from shaperotator_magic.writing.model.extraction import extract_scene

CORPUS = Path(__file__).with_name("data") / "corpus"
NamedScenes = Mapping[str, tuple[str, str]]
"""Source and scene class, by a name."""


def read_scene(path: Path, canary: str = "/nowhere") -> Any:
    """Return the scene of a corpus file as if a model had replied with it."""
    source = path.read_text(encoding="utf-8").replace("@CANARY@", canary)
    return extract_scene(Completion(text=f"````python\n{source}\n````", model="corpus"))


def read_scenes(folder: Path, canary: str = "/nowhere") -> dict[str, tuple[str, str]]:
    """Return the scenes of a folder by their file names, unchecked."""
    found = {}
    for path in sorted(folder.glob("*.py")):
        source = path.read_text(encoding="utf-8").replace("@CANARY@", canary)
        found[path.stem] = (source, re.findall(r"class (\w+)\(Scene\)", source)[-1])
    return found


def inject_all(scenes: NamedScenes, folder: Path, *arguments: str) -> dict[str, list[str]]:
    """Return what each scene ran or changed; see ``injection_probe``."""
    done = subprocess.run(
        [sys.executable, Path(__file__).with_name("injection_probe.py"), *arguments],
        input=json.dumps(scenes),
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
        cwd=folder,
    )
    return dict(json.loads(done.stdout))


def list_happened(found: list[str]) -> list[str]:
    """Return what a scene did, but for refusals that name their reason."""
    return [said for said in found if not said.startswith(("refused: ", "raised Line "))]
