"""Whether a sample holds keys, paths, names of files or addresses of people. Pure.

Such a sample is left out whole: what would stand in place of a key teaches nothing.

Runs in a command's process.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from shaperotator_magic.keeping.privacy import clean_text

_FILES = re.compile(
    r"\b[\w-]+\.(?:csv|tsv|xlsx?|json|ya?ml|toml|png|jpe?g|gif|webp|svg|pdf|ipynb|py|txt|md|docx?"
    r"|ttf|otf|npy|npz|mp[34]|wav|parquet|pkl|db|sqlite|env|pem|key)\b",
    re.IGNORECASE,
)
_MAIL = re.compile(r"\b[\w.+-]+@[\w-]+\.[a-z]{2,}\b", re.IGNORECASE)


def find_private(texts: Iterable[str]) -> str:
    """Return what of the kind stands in one of the texts; empty where there is nothing."""
    for text in texts:
        if clean_text(text, is_output=True)[1]:
            return "it holds what looks like a key or a path of this machine"
        if _FILES.search(text):
            return "it names a file"
        if _MAIL.search(text):
            return "it holds an address of a person"
    return ""
