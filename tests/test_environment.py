"""What is missing is said before anything is paid for."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path

import pytest

from shaperotator_magic.core.errors import ConfigurationError
from shaperotator_magic.core.records import Finding
from shaperotator_magic.rendering.worker import environment
from shaperotator_magic.rendering.worker.environment import (
    check_environment,
    has_latex,
    probe_environment,
)


def find(rule: str, findings: list[Finding]) -> Finding:
    return next(finding for finding in findings if finding.rule == rule)


def test_probe_environment_here_has_no_error(tmp_path: Path) -> None:
    findings = probe_environment(tmp_path)
    assert [finding for finding in findings if finding.severity == "error"] == []
    assert version("manim") in find("manim", findings).message


def test_check_environment_makes_the_folder(tmp_path: Path) -> None:
    check_environment(tmp_path / "new" / "media")
    assert (tmp_path / "new").is_dir()


def test_check_environment_folder_is_a_file_says_what_to_set(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("in the way")
    with pytest.raises(ConfigurationError, match="cannot be kept") as caught:
        check_environment(tmp_path / "data" / "media")
    assert "SHAPEROTATOR_DATA_DIR" in caught.value.hint


def test_probe_without_latex_on_the_path_is_fine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert not has_latex()
    finding = find("formulas", probe_environment(tmp_path))
    assert (finding.severity, "there is none" in finding.message) == ("note", True)


def test_probe_without_faces_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(environment, "list_faces", tuple)
    finding = find("fonts", probe_environment(tmp_path))
    assert (finding.severity, "pip install" in finding.hint) == ("error", True)


def test_probe_names_scripts_without_a_font(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    empty = tmp_path / "fonts.conf"
    empty.write_text(f"<fontconfig><dir>{tmp_path}</dir></fontconfig>")
    monkeypatch.setenv("FONTCONFIG_FILE", str(empty))
    finding = find("scripts", probe_environment(tmp_path))
    assert finding.severity == "warning"
    assert "Chinese, Japanese, Korean, Arabic" in finding.message
    assert "fonts-noto-cjk fonts-noto-core" in finding.hint


def write_metadata(folder: Path, name: str, version: str) -> None:
    (folder / f"{name}-{version}.dist-info").mkdir(parents=True)
    text = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
    (folder / f"{name}-{version}.dist-info" / "METADATA").write_text(text)


@pytest.mark.parametrize(
    ("package", "version", "hint"),
    [("manim", "0.19.1", "manim>=0.21"), ("pillow", "13.0.0", "<13"), ("ipykernel", "7.0.1", "!=")],
)
def test_check_environment_wrong_version_names_the_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, package: str, version: str, hint: str
) -> None:
    write_metadata(tmp_path / "site", package, version)
    monkeypatch.syspath_prepend(tmp_path / "site")
    with pytest.raises(ConfigurationError, match=version) as caught:
        check_environment(tmp_path / "media")
    assert hint in caught.value.hint
