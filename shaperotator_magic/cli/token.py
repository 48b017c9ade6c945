"""Make, list and remove the tokens of the service's users.

A token is shown once, when it is made; the store keeps a hash of it. --stdin reads the token from
stdin in place of making one.
"""

from __future__ import annotations

import argparse
import sys

from shaperotator_magic.cli.serve import add_store_arguments, find_service_dir
from shaperotator_magic.cli.terminal import print_notice, print_result
from shaperotator_magic.core.errors import ConfigurationError
from shaperotator_magic.keeping.tokens import TokenStore
from shaperotator_magic.service.config import ServiceConfig


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
        return _list(store)
    if not arguments.user:
        raise ConfigurationError(
            "The user is missing.", hint=f"shaperotator token {arguments.action} NAME"
        )
    if arguments.action == "remove":
        return _remove(store, arguments.user)
    chosen = sys.stdin.readline().strip() if arguments.stdin else None
    token = store.append_token(arguments.user, token=chosen)
    print_notice(f"The token of {arguments.user}, which is shown only now:")
    print_result(token)
    return 0


def _list(store: TokenStore) -> int:
    found = store.list_tokens()
    for owner, digest, created_at in found:
        print_result(f"{owner}  {digest}…  {created_at[:16]}")
    if not found:
        print_notice("Nobody has a token yet: shaperotator token add NAME")
    return 0


def _remove(store: TokenStore, user: str) -> int:
    count = store.remove_tokens(user)
    if not count:
        raise ConfigurationError(
            f"{user} has no token.", hint="shaperotator token list says who has one."
        )
    print_result(f"{count} token{'s' if count > 1 else ''} of {user} removed")
    return 0
