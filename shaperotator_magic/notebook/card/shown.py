"""A generation as the value of a cell: it shows itself, and takes other values.

Runs in the user's kernel.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from pydantic import PrivateAttr

from shaperotator_magic.core.errors import ConfigurationError
from shaperotator_magic.core.records import Generation
from shaperotator_magic.notebook.card.bundle import build_bundle

Setter = Callable[[Generation, Mapping[str, Any]], Generation]
"""Draws a generation with other values of its parameters."""


class ShownGeneration(Generation):
    """A generation that shows itself as its card where it is the value of a cell."""

    _setter: Setter | None = PrivateAttr(default=None)

    @classmethod
    def build(cls, generation: Generation, setter: Setter) -> ShownGeneration:
        """Return a generation as one that is shown, and can be set."""
        shown = cls(**dict(generation))
        shown._setter = setter
        return shown

    def set(self, **values: Any) -> ShownGeneration:
        """Draw the scene with other values of its parameters, and return that version.

        ``generation.set(RATE=0.5, MATRIX=[[2, 0], [0, 3]])``: numbers, lists and words; the text
        of a formula for a function. ``generation.parameters`` lists what there is. No model is
        asked.

        Raises
        ------
        ParameterError
            The scene has no such parameter, or it cannot have this value.
        RenderError
            The scene fails with it.
        """
        if self._setter is None:
            raise ConfigurationError(
                "This generation knows no pipeline that could draw it.",
                hint="Take the one that rotate() returned, or _shape.",
            )
        return self.build(self._setter(self, values), self._setter)

    def _repr_mimebundle_(self, **_: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        return build_bundle(self, kernel_id="")

    def _repr_html_(self) -> str:
        # marimo asks for this one.
        return str(self._repr_mimebundle_()[0]["text/html"])
