"""The code runs on Python 3.11 to 3.14: it uses nothing that one of these has removed."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import shaperotator_magic
from shaperotator_magic.cli import COMMANDS

PACKAGE = Path(shaperotator_magic.__file__).parent
ROOT = PACKAGE.parent
# Scenes are in this list, too: they are what users run.
FILES = [*sorted(PACKAGE.rglob("*.py")), *sorted((ROOT / "benchmarks").glob("*.py"))]
VERSIONS = ("3.11", "3.12", "3.13", "3.14")

# Removed in 3.12, 3.13 or 3.14, or changed there so that old code fails.
REMOVED_MODULES = frozenset(
    "aifc asynchat asyncore audioop cgi cgitb chunk crypt distutils imghdr imp lib2to3 mailcap "
    "msilib nis nntplib ossaudiodev pipes smtpd sndhdr spwd sunau telnetlib uu xdrlib".split()
)
REMOVED_NAMES = frozenset(
    "ast.Num ast.Str ast.Bytes ast.NameConstant ast.Ellipsis ast.Index ast.ExtSlice "
    "asyncio.get_event_loop asyncio.get_event_loop_policy asyncio.set_event_loop_policy "
    "asyncio.AbstractEventLoopPolicy asyncio.DefaultEventLoopPolicy asyncio.get_child_watcher "
    "asyncio.set_child_watcher asyncio.iscoroutinefunction asyncio.coroutine "
    "importlib.find_loader importlib.abc.Finder importlib.abc.ResourceReader "
    "importlib.abc.Traversable pkgutil.find_loader pkgutil.get_loader pkgutil.ImpImporter "
    "inspect.getargspec inspect.formatargspec typing.io typing.re typing.ByteString "
    "collections.abc.ByteString unittest.makeSuite unittest.findTestCases locale.resetlocale "
    "locale.getdefaultlocale datetime.datetime.utcnow datetime.datetime.utcfromtimestamp "
    "logging.warn sqlite3.version argparse.FileType tempfile.mktemp pty.master_open "
    "shutil.ExecError types.coroutine urllib.parse.Quoter".split()
)
# Their default is another start method since 3.14: forkserver, which copies no state.
PROCESS_POOLS = frozenset(
    "multiprocessing.Process multiprocessing.Pool multiprocessing.Queue multiprocessing.Manager "
    "concurrent.futures.ProcessPoolExecutor".split()
)


def find_names(tree: ast.AST) -> Iterator[str]:
    """Yield dotted names, with what was imported written out."""
    known: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            known |= {(a.asname or a.name): a.name for a in node.names}
        elif isinstance(node, ast.ImportFrom):
            known |= {(a.asname or a.name): f"{node.module}.{a.name}" for a in node.names}
    yield from (f"{name}.*" for name in known.values())
    yield from known.values()
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            first, *rest = ast.unparse(node).split(".")
            yield ".".join([known.get(first, first), *rest])


def read_annotations(tree: ast.AST) -> list[int]:
    """Return the lines that read ``__annotations__``, which 3.14 makes when they are read."""
    return [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and node.attr == "__annotations__"
        and isinstance(node.ctx, ast.Load)
    ]


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("import ast\nast.Num", "ast.Num"),
        ("from ast import Str as S", "ast.Str"),
        ("import asyncio as a\na.set_event_loop_policy(None)", "asyncio.set_event_loop_policy"),
    ],
)
def test_find_names_sees_through_aliases(source: str, found: str) -> None:
    assert found in set(find_names(ast.parse(source)))


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_file_uses_nothing_that_a_python_has_removed(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = set(find_names(tree))
    imported = {name.split(".")[0] for name in names if name.endswith(".*")}
    assert not imported & REMOVED_MODULES
    assert not names & REMOVED_NAMES
    assert not names & PROCESS_POOLS  # get_context("spawn") says which is meant
    assert not read_annotations(tree)


def test_project_is_for_all_of_these_pythons() -> None:
    text = (ROOT / "pyproject.toml").read_text()
    assert 'requires-python = ">=3.11"' in text
    named = re.findall(r'"Programming Language :: Python :: (3\.\d+)"', text)
    assert tuple(named) == VERSIONS


@pytest.mark.parametrize("version", VERSIONS)
def test_sources_compile_without_a_warning(version: str, tmp_path: Path) -> None:
    """Where an interpreter of that version is on this machine."""
    program = shutil.which(f"python{version}")
    asked = program and subprocess.run([program, "-V"], capture_output=True, check=False)
    if (
        program is None or not asked or asked.returncode
    ):  # pyenv has commands of what is switched off
        pytest.skip(f"no Python {version} here")
    code = (
        "import sys, pathlib\n"
        "for name in sys.argv[1:]:\n"
        "    compile(pathlib.Path(name).read_text(encoding='utf-8'), name, 'exec')\n"
    )
    command = [program, "-W", "error", "-c", code, *map(str, FILES)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_python_m_shaperotator_magic_is_the_command() -> None:
    command = [sys.executable, "-m", "shaperotator_magic", "--help"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.startswith("usage: shaperotator ")
    assert all(name in done.stdout for name in COMMANDS)
    wrong = subprocess.run([*command[:3], "nothing"], capture_output=True, text=True, check=False)
    assert wrong.returncode == 2
