"""The style among the layers of settings: which it is, and the quality that it brings.

Runs in every process.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from shaperotator_magic.core.errors import ConfigurationError
from shaperotator_magic.core.options import merge_settings
from shaperotator_magic.core.records import Generation, Prompt, RenderedVideo
from shaperotator_magic.core.settings.folders import find_data_dir
from shaperotator_magic.core.styles.finding import Styles, name_style
from shaperotator_magic.core.styles.pack import StylePack

_SIZES = ("quality", "resolution", "fps")


def find_own_styles() -> Styles:
    """Return the packs of a user: the built-in ones, ``styles`` in the data folder, any path."""
    return Styles([find_data_dir() / "styles"])


def offer_styles(folder: str | None) -> Styles:
    """Return the packs that an operator offers: strangers choose them by name alone."""
    return Styles([Path(folder)] if folder else [], takes_paths=False)


def merge_with_style(styles: Styles, *layers: Mapping[str, Any]) -> dict[str, Any]:
    """Merge settings as ``merge_settings`` does, with the quality of the pack that they name.

    The quality is the pack's where nobody set a size; the path of a pack becomes a whole one, for
    the result may be drawn again from another folder.

    Raises
    ------
    ConfigurationError
        The style is nearly a name, or a path without a pack; see ``Styles.find``.
    """
    merged = merge_settings(*layers)
    if not merged["style"]:
        return merged
    pack = styles.find(merged["style"])
    has_size = any(layer.get(name) for layer in layers for name in _SIZES)
    if pack is not None and pack.quality and not has_size:
        merged["quality"] = pack.quality
    merged["style"] = styles.settle(merged["style"])
    return merged


def choose_shared(styles: Styles, name: str) -> tuple[str | None, tuple[str, ...]]:
    """Return the style of a result that was made elsewhere, and a sentence where it is not here."""
    if not name or name in styles.names:
        return name or None, ()
    return None, (
        f"It was made in the style {name}, which this machine has not, so it is drawn in manim's "
        f"own look: put that pack into {find_data_dir() / 'styles'} and draw it again.",
    )


def find_style(styles: Styles, said: str | None, earlier: Generation | None) -> StylePack | None:
    """Return the pack that a style means, None where it means none.

    Parameters
    ----------
    earlier
        The result that is drawn again, or changed.

    Raises
    ------
    ConfigurationError
        As ``Styles.find``; or what was the name of its pack is no pack any more.
    """
    found = styles.find(said)
    drawn_in = earlier.video.style if earlier and earlier.video else ""
    if said and found is None and drawn_in == name_style(said):
        raise ConfigurationError(
            f"The style {drawn_in}, in which this was drawn, is no longer on this machine.",
            hint=f"Put the pack into {find_data_dir() / 'styles'}, or ask for another look: "
            "in the dark style.",
            setting="style",
        )
    return found


def list_files(prompt: Prompt, pack: StylePack | None) -> tuple[str, ...]:
    """Return the names of the files that a prompt's scene may read."""
    return (*(given.name for given in prompt.inputs), *(pack.pictures if pack else ()))


def sign(video: RenderedVideo, said: str | None, pack: StylePack | None) -> RenderedVideo:
    """Return a video with the name of the pack that it is drawn in."""
    return video.model_copy(update={"style": name_style(said) if pack and said else ""})


def describe_style(said: str | None, pack: StylePack | None, *, has_model: bool) -> list[str]:
    """Return which a style was, a pack or words, and what of the pack could not be used."""
    if not said:
        return []
    if pack is not None:
        return [f"Style: the pack {pack.name}.", *(f"{pack.name}: {note}" for note in pack.notes)]
    if has_model:
        return ["--style is no pack here, so the model was given it as words."]
    return ["--style is no pack here, and words are for a language model: this scene is as ever."]
