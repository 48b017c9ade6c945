"""A render process is ready without the packages that few scenes use, and no scene sees it."""

from __future__ import annotations

import subprocess
import sys
import textwrap

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from shaperotator_magic.rendering.process import deferred_imports
from shaperotator_magic.rendering.process.deferred_imports import (
    DeferredModule,
    Rotations,
    VectorRotation,
)

DEFERRED = Rotations("scipy.spatial.transform", "Rotation")


def list_vectors() -> list[np.ndarray]:
    generator = np.random.default_rng(7)
    axes = [axis * angle for axis in np.eye(3) for angle in np.linspace(-20, 20, 401)]
    lengths = 10 ** generator.uniform(-9, 3, 3000)
    return [
        *axes,
        *(generator.normal(size=(3000, 3)) * lengths[:, None]),
        np.zeros(3),
        -np.eye(3)[2],
    ]


def test_matrices_equal_those_of_scipy_to_the_last_bit() -> None:
    for vector in list_vectors():
        made = DEFERRED.from_rotvec(vector)
        assert type(made) is VectorRotation
        assert made.as_matrix().tobytes() == Rotation.from_rotvec(vector).as_matrix().tobytes()


@pytest.mark.parametrize(
    "vector",
    [
        [0.0, 0.0, 1.0],
        np.array([0, 0, 1]),
        np.array([0, np.inf, 0.0]),
        np.full(3, 1e200),
        np.eye(3),
    ],
    ids=["list", "integers", "infinite", "overflow", "several"],
)
def test_what_is_out_of_the_ordinary_is_left_to_scipy(vector: object) -> None:
    made = DEFERRED.from_rotvec(vector)
    assert type(made) is Rotation
    assert np.array_equal(
        made.as_matrix(), Rotation.from_rotvec(vector).as_matrix(), equal_nan=True
    )


def test_a_rotation_has_everything_that_scipys_has() -> None:
    vector = np.array([0.3, -0.2, 0.5])
    ours, theirs = DEFERRED.from_rotvec(vector), Rotation.from_rotvec(vector)
    assert np.array_equal(ours.as_quat(), theirs.as_quat())
    assert isinstance(theirs, DEFERRED)  # type: ignore[arg-type]
    assert DEFERRED.identity().magnitude() == 0.0

    class Own(DEFERRED):  # type: ignore[misc, valid-type]
        pass

    assert issubclass(Own, Rotation)


def test_a_deferred_module_has_no_names_that_python_asks_for() -> None:
    with pytest.raises(AttributeError):
        _ = DeferredModule("decimal").__path__
    assert DeferredModule("decimal").Decimal("0.5") == 0.5
    assert repr(DeferredModule("json").decoder.JSONDecoder) == "json.decoder.JSONDecoder"


def test_an_unknown_scipy_is_imported_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deferred_imports, "version", lambda name: "9.1.0")
    for name in [name for name in sys.modules if name.partition(".")[0] in {"scipy", "bs4"}]:
        monkeypatch.delitem(sys.modules, name)
    with deferred_imports.deferred_imports():
        assert "scipy.spatial.transform" not in sys.modules
        assert isinstance(sys.modules["bs4"], DeferredModule)
    assert "bs4" not in sys.modules


SCENE = """
import sys
from shaperotator_magic.rendering.process.scene_run import import_manim

import_manim()
late = {"scipy.spatial", "scipy.spatial.transform", "networkx", "bs4", "IPython"}
assert not late & sys.modules.keys(), late & sys.modules.keys()

from manim import *

square = Square().rotate(0.3, axis=RIGHT + UP)
assert "scipy.spatial" not in sys.modules
graph = Graph([1, 2, 3], [(1, 2), (2, 3)], layout="kamada_kawai")
tree = Graph([1, 2, 3], [(1, 2), (2, 3)], layout="tree", root_vertex=1)
code = Code(code_string="x = 1", language="python")
assert "networkx" in sys.modules and "bs4" in sys.modules

import networkx
import scipy.spatial

assert type(networkx).__name__ == "module" and type(graph._graph) is networkx.Graph
assert scipy.spatial.ConvexHull([[0, 0], [1, 0], [0, 1]]).volume == 0.5
assert len(code.code_lines) == 1
assert abs(tree.vertices[1].get_y() - tree.vertices[3].get_y()) > 1
"""


@pytest.mark.render
def test_scenes_get_the_real_packages_when_they_use_them() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(SCENE)], capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stderr[-2000:]
