"""Pictures: the size that their first bytes state, without decoding them.

Runs in every process.
"""

from __future__ import annotations

import io
import warnings
from typing import Any

from shaperotator_magic.core.user_files.refusing import InputRefused

_FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "BMP")
_MOST_PIXELS = 25_000_000


def measure_picture(content: bytes) -> dict[str, Any]:
    """Return width and height; a small file that would unpack to a huge picture is refused."""
    from PIL import Image, UnidentifiedImageError

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=_FORMATS) as picture:
                width_px, height_px = picture.size
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as exc:
        raise InputRefused("", _TOO_LARGE) from exc
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError) as exc:
        raise InputRefused("", "it is no picture that can be read") from exc
    if width_px * height_px > _MOST_PIXELS:
        raise InputRefused("", f"it is {width_px} x {height_px} pixels; {_TOO_LARGE}")
    return {"width_px": width_px, "height_px": height_px}


_TOO_LARGE = f"a picture has at most {_MOST_PIXELS // 1_000_000} million pixels"
