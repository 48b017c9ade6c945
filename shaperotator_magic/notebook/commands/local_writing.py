"""``%shaperotate use``: a language model on this machine writes from now on.

Runs in the user's kernel.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from shaperotator_magic.core.errors import ConfigurationError
from shaperotator_magic.core.records import Generation
from shaperotator_magic.notebook.card.table import Table

if TYPE_CHECKING:
    from shaperotator_magic.notebook.session.session import NotebookSession

_HOW = "Start one, such as Ollama, or set the traits model and base_url by %config yourself."


def list_local_models(session: NotebookSession) -> Table:
    """Return the models that servers on this machine offer."""
    servers = session.pipeline.find_servers()
    rows = [(name, server.name, server.base_url) for server in servers for name in server.models]
    return Table("Models on this machine", rows or [(f"No server answers here. {_HOW}",)])


def use_local_model(session: NotebookSession, name: str) -> str:
    """Set the traits of the magics to a model of this machine, and return what was set.

    Raises
    ------
    ConfigurationError
        No server here offers it, or the environment selects the library.
    """
    servers = session.pipeline.find_servers()
    server = next((server for server in servers if name in server.models), None)
    if server is None:
        offered = ", ".join(model for server in servers for model in server.models)
        raise ConfigurationError(
            f"No server on this machine offers a model {name!r}.",
            hint=f"There are: {offered}." if offered else _HOW,
            setting="model",
        )
    for trait, value in (("model", name), ("base_url", server.base_url), ("offline", False)):
        session.shell.run_line_magic("config", f"ShapeRotatorMagics.{trait} = {value!r}")
    if session.settings["offline"]:
        raise ConfigurationError(
            "The environment has the built-in library write.",
            hint="Unset SHAPEROTATOR_OFFLINE.",
            setting="offline",
        )
    return f"From now on {name} writes ({server.name}, {server.base_url})."


def rewrite(session: NotebookSession, generation: Generation, *, is_in_place: bool) -> None:
    """Have the model that is set now write what the library declined."""
    settings = session.settings
    update = {key: settings[key] for key in ("model", "base_url", "offline")}
    options = generation.prompt.options.model_copy(update=update)
    prompt = generation.prompt.model_copy(update={"options": options, "excluded": ()})
    session.run_follow_up(prompt, before=generation, is_in_place=is_in_place)
