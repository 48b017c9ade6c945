"""The C files are built and loaded in one way, and say what they stand in for."""

from __future__ import annotations

import inspect
from pathlib import Path
from types import ModuleType

import pytest

from shaperotator_magic.rendering.drawing.compiled import extensions

FOLDER = Path(extensions.__file__).parent
SOURCES = sorted(FOLDER.glob("_*.c"))


@pytest.fixture(params=extensions.NAMES)
def extension(request: pytest.FixtureRequest) -> ModuleType:
    module = extensions.load_extension(request.param)
    if module is None:
        pytest.skip("the extension was not built: no C compiler, or no cairo headers")
    assert isinstance(module, ModuleType)
    return module


def test_every_c_file_is_loaded_by_its_name() -> None:
    assert [path.stem for path in SOURCES] == sorted(extensions.NAMES)


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: p.stem)
def test_c_file_takes_what_it_shares_from_the_header(path: Path) -> None:
    text = path.read_text()
    assert '#include "_module.h"' in text
    for shared in ("PyUnicode_InternFromString", "PyModule_Create", "METH_VARARGS", "PyBUF_ND"):
        assert shared not in text


def test_every_function_says_which_of_manims_it_stands_in_for(extension: ModuleType) -> None:
    for name, function in inspect.getmembers(extension, inspect.isbuiltin):
        assert "Stands in for" in str(function.__doc__), name


def test_hatch_build_compiles_every_c_file_of_the_folder() -> None:
    text = (Path(__file__).parents[1] / "hatch_build.py").read_text()
    folder = FOLDER.relative_to(FOLDER.parents[3]).as_posix()
    assert f'COMPILED = "{folder}"' in text
    assert 'glob("_*.c")' in text
