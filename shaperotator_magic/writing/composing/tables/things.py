"""All things that can be drawn, by name and by what people call them.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

from shaperotator_magic.writing.composing.tables.charts import CHARTS
from shaperotator_magic.writing.composing.tables.flat import FLAT
from shaperotator_magic.writing.composing.tables.rows import ThingRow
from shaperotator_magic.writing.composing.tables.solids import SOLIDS

THINGS: dict[str, ThingRow] = {row.name: row for row in (*FLAT, *SOLIDS, *CHARTS)}
