"""``python -m shaperotator_magic.rendering.process --folder DIR``: the supervisor.

Runs in the supervisor.
"""

import gc
import sys


def main() -> int:
    """Import the supervisor and serve orders; returns the exit status."""
    gc.disable()  # nothing is thrown away while modules are imported; import_manim enables it
    from shaperotator_magic.rendering.process import supervisor

    return supervisor.main()


if __name__ == "__main__":
    sys.exit(main())
