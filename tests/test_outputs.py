"""A file's name says what it holds."""

from __future__ import annotations

from pathlib import Path

import pytest

from shaperotator_magic.cli.outputs import check_kind
from shaperotator_magic.core.errors import ConfigurationError


@pytest.mark.parametrize(("name", "is_still"), [("a.mp4", True), ("a.MP4", True), ("a.png", False)])
def test_check_kind_refuses_another_kind_of_file(name: str, is_still: bool) -> None:
    with pytest.raises(ConfigurationError, match="named as"):
        check_kind(Path(name), is_still=is_still)


@pytest.mark.parametrize(
    ("name", "is_still"), [("a.mp4", False), ("a.png", True), ("a", True), (None, True)]
)
def test_check_kind_lets_the_right_name_pass(name: str | None, is_still: bool) -> None:
    check_kind(Path(name) if name else None, is_still=is_still)
