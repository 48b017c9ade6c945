"""Builds the JupyterLab extension into a wheel or an sdist, where it is not built already.

It is built by npm through hatch-jupyter-builder. Where npm is missing the package is made without
the extension and says so: the same buttons then come from anywidget. Editable installs link the
built folder instead, see the Makefile.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

BUILT = "shaperotator_magic/labextension"
INSTALLED = "share/jupyter/labextensions/shaperotator_magic"


class LabExtensionHook(BuildHookInterface):
    def dependencies(self) -> list[str]:
        is_needed = not self._is_built() and shutil.which("npm") is not None
        return ["hatch-jupyter-builder>=0.9", "jupyter-builder>=1.2,<2"] if is_needed else []

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable":
            return
        if not self._is_built() and not self._build():
            self.app.display_warning("npm is missing: made without the JupyterLab extension")
            return
        if self.target_name == "sdist":
            build_data["artifacts"].append(f"/{BUILT}")
        else:
            # JupyterLab reads from install.json that pip has put the extension there.
            shutil.copy(Path(self.root) / "install.json", Path(self.root) / BUILT)
            build_data["shared_data"][BUILT] = INSTALLED

    def _is_built(self) -> bool:
        return (Path(self.root) / BUILT / "static" / "style.js").is_file()

    def _build(self) -> bool:
        if shutil.which("npm") is None:
            return False
        from hatch_jupyter_builder import npm_builder

        source = Path(self.root) / "labextension"
        npm_builder("wheel", "standard", path=str(source), build_cmd="build:prod", npm=["npm"])
        return True
