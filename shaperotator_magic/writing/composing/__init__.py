"""Builds short scenes of the mobjects that a sentence names, from tables and a grammar. Pure.

    sentence -> scanning -> tokens -> parsing -> plan -> codegen -> source

``tables`` hold all that the grammar knows: a new mobject is a new entry. Runs in the caller's
process. May import reading.
"""

from shaperotator_magic.writing.composing.composition import Composition, compose

__all__ = ["Composition", "compose"]
