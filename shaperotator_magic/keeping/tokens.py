"""Who may use the service: tokens, of which only hashes are stored.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from datetime import UTC, datetime

from shaperotator_magic.core.errors import ConfigurationError
from shaperotator_magic.keeping.database import Database
from shaperotator_magic.keeping.tables import build_tables

_OWNER = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
_TOKEN = re.compile(r"[\x21-\x7e]{8,200}")
_TOKEN_BYTES = 32


class TokenStore:
    """The tokens in one database. A random token needs no slow hash: nobody can guess it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def append_token(self, owner: str, *, token: str | None = None) -> str:
        """Create a token for a user, store its hash, and return it: it cannot be read again.

        Parameters
        ----------
        owner
            Lower-case letters, digits, dots, dashes, underscores; at most 64.
        token
            The token to use; a new random one by default.

        Raises
        ------
        ConfigurationError
            The name or the token has characters that cannot be sent, or the token is in use.
        """
        chosen = token or f"sr_{secrets.token_urlsafe(_TOKEN_BYTES)}"
        self._check(owner, chosen)
        if self.find_owner(chosen) is not None:
            raise ConfigurationError(
                "This token is in use already.", hint="Leave it out, and a new one is made."
            )
        row = {
            "token_sha256": _hash(chosen),
            "owner": owner,
            "created_at": datetime.now(UTC).isoformat(),
        }
        with self._database.connect() as connection:
            connection.execute(build_tables()["tokens"].insert().values(**row))
        return chosen

    def find_owner(self, token: str) -> str | None:
        """Return the user whom a token belongs to."""
        table = build_tables()["tokens"]
        query = table.select().where(table.c.token_sha256 == _hash(token))
        with self._database.connect() as connection:
            found = connection.execute(query).first()
        return str(found.owner) if found else None

    def list_tokens(self) -> list[tuple[str, str, str]]:
        """Return for each token its user, the beginning of its hash, and when it was made."""
        table = build_tables()["tokens"]
        query = table.select().order_by(table.c.owner, table.c.created_at)
        with self._database.connect() as connection:
            rows = list(connection.execute(query))
        return [(row.owner, row.token_sha256[:12], row.created_at) for row in rows]

    def remove_tokens(self, owner: str) -> int:
        """Forget all tokens of a user; returns how many there were."""
        table = build_tables()["tokens"]
        with self._database.connect() as connection:
            return int(connection.execute(table.delete().where(table.c.owner == owner)).rowcount)

    def _check(self, owner: str, token: str) -> None:
        if not _OWNER.fullmatch(owner):
            raise ConfigurationError(
                f"{owner!r} cannot be the name of a user.",
                hint="Lower-case letters, digits, dots, dashes and underscores, at most 64.",
                setting="owner",
            )
        if not _TOKEN.fullmatch(token):
            raise ConfigurationError(
                "This cannot be a token.",
                hint="8 to 200 printable ASCII characters, without spaces.",
                setting="token",
            )


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
