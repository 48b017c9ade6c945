"""What holds a scene back: each layer and each trap, tried on this machine."""

from __future__ import annotations

from typing import Any

import pytest

from shaperotator_magic.errors import ConfigurationError
from shaperotator_magic.rendering.isolation import (
    Isolation,
    Level,
    require_any_isolation,
    require_isolation,
)


def build_isolation(**changes: Any) -> Isolation:
    layers = {"has_namespaces": True, "has_seccomp": True, "landlock_abi": 7, "has_limits": True}
    return Isolation(**{**layers, **changes})


@pytest.mark.parametrize(
    ("changes", "level", "is_safe"),
    [
        ({}, Level.FULL, True),
        ({"has_namespaces": False}, Level.NO_NAMESPACES, True),
        ({"landlock_abi": 0}, Level.NO_LANDLOCK, True),
        ({"has_namespaces": False, "landlock_abi": 0}, Level.LIMITS_ONLY, False),
        ({"has_seccomp": False}, Level.LIMITS_ONLY, False),
        ({"has_seccomp": False, "has_limits": False}, Level.NONE, False),
    ],
)
def test_level_follows_from_the_layers_that_work(
    changes: dict[str, Any], level: Level, is_safe: bool
) -> None:
    found = build_isolation(**changes)
    assert (found.level, found.is_safe) == (level, is_safe)
    assert found.describe().startswith(f"Isolation: {level.value} (")
    assert "\n" not in found.describe()


def test_require_isolation_without_landlock_and_namespaces_refuses() -> None:
    weak = build_isolation(has_namespaces=False, landlock_abi=0)
    with pytest.raises(ConfigurationError, match="limits only") as caught:
        require_isolation(lambda: weak)
    assert "bubblewrap" in caught.value.hint
    assert require_any_isolation(lambda: weak) is weak


def test_require_any_isolation_where_there_is_none_asks_for_the_kernel() -> None:
    nothing = build_isolation(
        has_namespaces=False, landlock_abi=0, has_seccomp=False, has_limits=False
    )
    with pytest.raises(ConfigurationError) as caught:
        require_any_isolation(lambda: nothing)
    assert "--renderer kernel" in caught.value.hint
