"""Make, list and remove the tokens of the service's users.

A token is shown once, when it is made; the store keeps a hash of it. --stdin reads the token from
stdin in place of making one.
"""

from __future__ import annotations

import argparse
import sys

from shaperotator_magic.cli.serve import add_store_arguments, find_service_dir
from shaperotator_magic.errors import ConfigurationError
from shaperotator_magic.keeping.tokens import TokenStore
from shaperotator_magic.service.serving import ServiceConfig


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument("action", choices=("add", "list", "remove"))
    parser.add_argument("user", nargs="?", help="name of the user")
    parser.add_argument("--stdin", action="store_true", help="read the token from stdin")
    add_store_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    """Do one of the three, and print what came of it."""
    config = ServiceConfig(
        data_dir=find_service_dir(arguments.data_dir), database_url=arguments.database
    )
    store = TokenStore(config.build_database())
    if arguments.action == "list":
        for owner, digest, created_at in store.list_tokens():
            sys.stdout.write(f"{owner}  {digest}…  {created_at[:16]}\n")
        return 0
    if not arguments.user:
        raise ConfigurationError("The user is missing.", hint="shaperotator token add NAME")
    if arguments.action == "remove":
        count = store.remove_tokens(arguments.user)
        sys.stdout.write(f"{count} tokens of {arguments.user} removed\n")
        return 0
    chosen = sys.stdin.readline().strip() if arguments.stdin else None
    sys.stdout.write(f"{store.append_token(arguments.user, token=chosen)}\n")
    return 0
