"""Which language models a declined sentence can be given to. Pure.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

from collections.abc import Sequence

from shaperotator_magic.core.errors import NothingFitsError
from shaperotator_magic.writing.library.telling import CONFIGURE
from shaperotator_magic.writing.model.local_models import LocalServer


def offer_models(
    error: NothingFitsError, servers: Sequence[LocalServer], *, configured: str | None
) -> NothingFitsError:
    """Return the same error with the language models that are at hand.

    Parameters
    ----------
    servers
        Those that answer on this machine.
    configured
        The configured model that was not to be used.
    """
    advice = CONFIGURE
    if configured:
        advice = f"Without --offline, {configured} writes it."
    elif servers:
        name, address = servers[0].models[0], servers[0].base_url
        advice = (
            f"A model on this machine can write it: '%shaperotate use {name}' in a notebook, "
            f"elsewhere --model {name} --base-url {address}"
        )
    details = {**error.details, "servers": [server.as_dict() for server in servers]}
    return NothingFitsError(error.message, hint=error.hint.replace(CONFIGURE, advice), **details)
