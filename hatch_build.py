"""Builds what is not Python: the JupyterLab extension, and the compiled drawing.

The extension goes into a wheel or an sdist, where it is not built already, by npm through
hatch-jupyter-builder. Where npm is missing the package is made without the extension and says so:
the same buttons then come from anywidget. Editable installs link the built folder instead, see the
Makefile.

Every C file of the folder ``compiled`` is an extension module of its own, compiled where a C
compiler and cairo's headers are found (pycairo needs both on Linux anyway). Where they are not, the
package says so and does the same in Python, to the same pixels.
"""

from __future__ import annotations

import shlex
import shutil
import subprocess
import sysconfig
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

BUILT = "shaperotator_magic/labextension"
INSTALLED = "share/jupyter/labextensions/shaperotator_magic"
COMPILED = "shaperotator_magic/rendering/drawing/compiled"


class BuildHook(BuildHookInterface):
    def dependencies(self) -> list[str]:
        is_needed = not self._is_built() and shutil.which("npm") is not None
        return ["hatch-jupyter-builder>=0.9", "jupyter-builder>=1.2,<2"] if is_needed else []

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        sources = sorted((Path(self.root) / COMPILED).glob("_*.c"))
        for source in sources if self.target_name == "wheel" else ():
            if target := self._compile(source):
                build_data["artifacts"].append(f"/{COMPILED}/{target.name}")
                build_data["pure_python"] = False
                build_data["infer_tag"] = True
        if version != "editable":
            self._add_lab_extension(build_data)

    def _compile(self, source: Path) -> Path | None:
        """Compile a file beside its source; an older result is replaced or taken away."""
        target = source.with_suffix(sysconfig.get_config_var("EXT_SUFFIX"))
        target.unlink(missing_ok=True)
        try:
            asked = subprocess.run(
                ["pkg-config", "--cflags", "--libs", "cairo"],  # noqa: S607 - a tool of the machine
                capture_output=True,
                text=True,
                check=True,
            )
            compiler = shlex.split(sysconfig.get_config_var("CC") or "cc")[:1]
            # No contraction to fused products: they would round as manim's own sums do not. Without
            # traps, which nobody sets, loops over floating-point numbers use wide instructions.
            flags = ["-shared", "-fPIC", "-O3", "-ffp-contract=off", "-fno-trapping-math"]
            include = f"-I{sysconfig.get_path('include')}"
            files = [str(source), "-o", str(target)]
            command = [*compiler, *flags, include, *files, *shlex.split(asked.stdout)]
            subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603 - our own file
        except (OSError, subprocess.CalledProcessError) as exc:
            why = str(getattr(exc, "stderr", "") or exc).strip().partition("\n")[0]
            self.app.display_warning(f"Made without {source.name}: {why}")
            return None
        return target

    def _add_lab_extension(self, build_data: dict[str, Any]) -> None:
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
