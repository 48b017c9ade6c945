"""The values in a sentence: numbers, lists, matrices, formulas and the like. Pure.

Runs in the caller's process. May import languages.
"""

from shaperotator_magic.writing.reading.reader import read_values
from shaperotator_magic.writing.reading.values import Formula, Kind, Value

__all__ = ["Formula", "Kind", "Value", "read_values"]
