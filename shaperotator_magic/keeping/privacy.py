"""Finds and removes keys, tokens and private paths in what others will read, and counts them.

Runs wherever something is made ready for others: in a kernel, or in a command.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

HIDDEN = "(hidden)"

# What looks like a key, wherever it stands. The shapes are those that their makers publish.
_KEYS = re.compile(
    r"\b(?:sk|pk|rk)-[A-Za-z0-9_-]{16,}"
    r"|\bgh[pousr]_[A-Za-z0-9]{20,}|\bgithub_pat_\w{20,}"
    r"|\bhf_[A-Za-z0-9]{20,}|\bglpat-[\w-]{16,}|\bxox[abprs]-[\w-]{10,}"
    r"|\bAKIA[0-9A-Z]{16}\b|\bAIza[\w-]{30,}"
    r"|\beyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]{5,}"
)
# What is called a key: %env X_KEY=…, os.environ["X_TOKEN"] = "…", api_key="…", --api-key …
_NAMED = re.compile(
    r"(?P<before>\b\w*(?:api[_-]?key|token|secret|password|passwd|credential)s?"
    r"[\"']?\]?(?:\s*[=:]\s*|\s+)f?(?P<quote>[\"']?))"
    r"(?P<value>(?!\(hidden\))[^\s\"',;)\]}]{6,})",
    re.IGNORECASE,
)
_IN_ADDRESS = re.compile(r"(?P<before>\b[a-z][a-z0-9+.-]*://)[^/\s:@\"']+:[^/\s@\"']+@")
_IN_QUERY = re.compile(
    r"(?P<before>[?&](?:\w*token|\w*key|sig|signature|password)=)[^&\s\"'#]{4,}", re.IGNORECASE
)
_BEARER = re.compile(r"(?P<before>\bBearer\s+)[A-Za-z0-9._~+/=-]{12,}")
# Only a value that is one token of letters and digits is a key in running text.
_LOOKS_SECRET = re.compile(r"(?=.*\d)(?=.*[A-Za-z])[\w.+/=-]{8,}$")
_HOMES = re.compile(
    r"(?:file://)?(?:/home/|/Users/|/root\b|/var/folders/|/private/var/|[A-Za-z]:\\\\?Users\\\\?)"
    r"(?:[^\s\"'<>:,;)\\/]*)"
)
# In outputs a path of this machine is useless to a reader; only its last part remains.
_PATHS = re.compile(r"(?<![\w:/.<~])/(?:[\w.@+-]+/)+(?P<last>[\w.@+-]+)")

# Pictures and videos, and shapes that can be turned: a geometry file's four letters in base64.
_ENCODED = re.compile(
    r"(data:[a-z]+/[a-z0-9.+-]+;base64,[A-Za-z0-9+/=]+|\bU1JHM[A-Za-z0-9+/]{20,}=*)"
)


def clean_text(text: str, *, is_output: bool = False) -> tuple[str, int]:
    """Return a text without keys and private paths, and how many were found.

    Parameters
    ----------
    text
        A source, in which home folders are hidden, or a text of an output.
    is_output
        Cut other paths of this machine to their last part, too.
    """
    found = 0

    def hide(match: re.Match[str]) -> str:
        nonlocal found
        found += 1
        return f"{match.groupdict().get('before') or ''}{HIDDEN}"

    def hide_named(match: re.Match[str]) -> str:
        is_set = "=" in match["before"] or ":" in match["before"] or match["quote"]
        return hide(match) if is_set or _LOOKS_SECRET.match(match["value"]) else match[0]

    def hide_home(match: re.Match[str]) -> str:
        nonlocal found
        found += 1
        return "~"

    def hide_path(match: re.Match[str]) -> str:
        nonlocal found
        found += 1
        return f"…/{match['last']}"

    parts = _ENCODED.split(text)
    # What is encoded stands between the parts; in its letters a key would be chance.
    for at in range(0, len(parts), 2):
        parts[at] = _KEYS.sub(hide, parts[at])
        for pattern in (_BEARER, _IN_ADDRESS, _IN_QUERY):
            parts[at] = pattern.sub(hide, parts[at])
        parts[at] = _NAMED.sub(hide_named, parts[at])
        parts[at] = _HOMES.sub(hide_home, parts[at].replace(str(Path.home()), "/home/me"))
        if is_output:
            parts[at] = _PATHS.sub(hide_path, parts[at])
    return "".join(parts), found


def clean_value(value: Any) -> tuple[Any, int]:
    """Return JSON-able data with every text in it cleaned, and how often that was needed."""
    if isinstance(value, str):
        is_base64 = re.fullmatch(r"[A-Za-z0-9+/=\s]{1000,}", value) is not None
        return (value, 0) if is_base64 else clean_text(value, is_output=True)
    if isinstance(value, list):
        pairs = [clean_value(item) for item in value]
        return [item for item, _ in pairs], sum(found for _, found in pairs)
    if isinstance(value, dict):
        total = 0
        for key in value:
            value[key], found = clean_value(value[key])
            total += found
        return value, total
    return value, 0
