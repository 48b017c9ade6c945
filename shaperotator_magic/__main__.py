"""``python -m shaperotator_magic``: the same as the command ``shaperotator``."""

import sys

from shaperotator_magic.cli import main

sys.exit(main())
