"""What a result of each built-in scene costs in a saved notebook, for five seconds of video.

    python -m benchmarks.saved_size [SCENE ...]

Every scene is drawn at 480p15 from its first example; counted is the whole output as it is saved:
video and pictures as base64, code, facts.
"""

from __future__ import annotations

import json
import sys

from shaperotator_magic import rotate
from shaperotator_magic.notebook.card.bundle import build_bundle
from shaperotator_magic.writing.library.scene_files import load_scenes

LIMIT_KB = 120


def main(names: list[str]) -> int:
    print("scene                        s   video kB   embedded kB   saved kB   saved kB per 5 s")
    over = 0
    for scene in load_scenes():
        if names and scene.name not in names:
            continue
        generation = rotate(scene.examples[0], offline=True, quality="low")
        video = generation.video
        assert video is not None
        saved_kb = len(json.dumps(build_bundle(generation, kernel_id=""))) / 1000
        path = video.small_path if video.small_path.exists() else video.path
        per_five_s = saved_kb / video.duration_s * 5
        over += per_five_s > LIMIT_KB
        print(
            f"{generation.scene.code.origin.library_scene:24} {video.duration_s:5.1f} "
            f"{video.size_bytes / 1000:10.0f} {path.stat().st_size / 1000:13.0f} "
            f"{saved_kb:10.0f} {per_five_s:12.0f}",
            flush=True,
        )
    print(f"{over} above {LIMIT_KB} kB")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
