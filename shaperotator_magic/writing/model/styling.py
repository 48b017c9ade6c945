"""The part of the prompt on the style pack that a scene is drawn in. Pure.

Runs in the caller's process, or in the service's relay process.
"""

from __future__ import annotations

from pathlib import Path

from shaperotator_magic.core.styles.pack import StylePack
from shaperotator_magic.core.styles.palette import FAMILIES

_USES = {
    "primary": "the subject",
    "secondary": "a second subject",
    "positive": "gain, right",
    "negative": "loss, wrong",
    "highlight": "what to look at now",
    "warning": "a third subject, care",
}
_MOST_IMAGES = 30


def describe_pack(pack: StylePack) -> str:
    """Return a paragraph of the prompt: palette, fonts and images by name and size."""
    colors = pack.colors
    lines = [
        f"The scene is drawn in the style {pack.name}: background {colors.background}, text "
        f"{colors.text}. Do not set the background, and write no colour as a number: manim's "
        "names have this style's colours. WHITE is the text's and BLACK the background's."
    ]
    accents = dict(colors.accents)
    lines += [
        f"- {family} {accents.get(meaning, '')}".rstrip() + f": {_USES[meaning]}"
        for meaning, family in FAMILIES.items()
    ]
    if pack.fonts.text:
        lines.append(f"Texts are set in {pack.fonts.text} where no font is named: name none.")
    if pack.sizes.text:
        lines.append(f"Texts without font_size have {pack.sizes.text:g}.")
    if pack.images:
        lines.append("Images of this style, to be used where they fit:")
        lines += [_describe_image(name, path) for name, path in pack.images[:_MOST_IMAGES]]
    return "\n".join(lines)


def _describe_image(name: str, path: Path) -> str:
    if path.suffix.lower() == ".svg":
        return f'- SVGMobject("{name}.svg")'
    from PIL import Image

    with Image.open(path) as image:
        width, height = image.size
    return f'- ImageMobject("{name}{path.suffix.lower()}"), {width} x {height} pixels'
