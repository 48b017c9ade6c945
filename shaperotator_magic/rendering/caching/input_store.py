"""Files that users gave to scenes, stored by content, so that a later render finds them.

Runs in the caller's process and in a scene's.
"""

from __future__ import annotations

import base64
import hashlib
import os
import time
from collections.abc import Iterable
from pathlib import Path

from shaperotator_magic.core.atomic_files import replacing
from shaperotator_magic.core.errors import ConfigurationError
from shaperotator_magic.core.scene_inputs import SceneInput
from shaperotator_magic.rendering.renderer import InputFile

LARGEST_STORE_BYTES = 500_000_000
LARGEST_EMBEDDED_BYTES = 300_000
"""What all inputs of one result may have together to travel within a notebook."""


class InputStore:
    """The inputs beside the videos of one media folder.

    Parameters
    ----------
    media_dir
        Folder of the videos.
    largest_bytes
        Beyond this those that were longest not used are deleted.
    """

    def __init__(self, media_dir: Path, *, largest_bytes: int = LARGEST_STORE_BYTES) -> None:
        self._folder = media_dir / "inputs"
        self._largest_bytes = largest_bytes

    def write(self, inputs: Iterable[SceneInput], contents: Iterable[bytes]) -> None:
        """Store files with their contents."""
        for given, content in zip(inputs, contents, strict=True):
            self._write(given, content)

    def find(self, inputs: Iterable[SceneInput]) -> tuple[InputFile, ...]:
        """Return the stored files by the names that a scene knows; each is used as of now.

        Raises
        ------
        ConfigurationError
            One is not stored here, and did not come along.
        """
        return tuple(InputFile(given.name, self._find(given)) for given in inputs)

    def embed(self, inputs: tuple[SceneInput, ...]) -> tuple[SceneInput, ...]:
        """Return the records with their contents; without, where they are larger than a notebook
        should hold, or gone.
        """
        if sum(given.size_bytes for given in inputs) > LARGEST_EMBEDDED_BYTES:
            return tuple(given.model_copy(update={"content": ""}) for given in inputs)
        return tuple(self.load(given) for given in inputs)

    def load(self, given: SceneInput) -> SceneInput:
        """Return a record with its content, where that is stored."""
        path = self._folder / given.sha256
        if given.content or not path.is_file():
            return given
        text = base64.b64encode(path.read_bytes()).decode()
        return given.model_copy(update={"content": text})

    def _find(self, given: SceneInput) -> Path:
        path = self._folder / given.sha256
        if not path.is_file():
            if not given.content:
                raise ConfigurationError(
                    f"{given.name} is no longer stored here.",
                    hint=f"Give it again: --input {given.name}",
                    setting="inputs",
                )
            self._write(given, base64.b64decode(given.content))
        now = time.time()
        os.utime(path, (now, now))
        return path

    def _write(self, given: SceneInput, content: bytes) -> None:
        if hashlib.sha256(content).hexdigest() != given.sha256:
            raise ConfigurationError(
                f"The content of {given.name} is not what was given.",
                hint=f"Give it again: --input {given.name}",
                setting="inputs",
            )
        self._folder.mkdir(parents=True, exist_ok=True)
        with replacing(self._folder / given.sha256) as unfinished:
            unfinished.write_bytes(content)
        self._evict(given.sha256)

    def _evict(self, newest: str) -> None:
        files = [path for path in self._folder.iterdir() if path.name != newest]
        facts = {path: path.stat() for path in files if path.is_file()}
        excess = sum(fact.st_size for fact in facts.values()) - self._largest_bytes
        for path in sorted(facts, key=lambda path: facts[path].st_mtime):
            if excess <= 0:
                break
            excess -= facts[path].st_size
            path.unlink(missing_ok=True)
