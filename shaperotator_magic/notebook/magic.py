"""``%%shaperotate`` and ``%shaperotate``: declare the options, parse the line, show, hand over.

``%load_ext`` imports this module, so it imports nothing heavy: the session, which needs pydantic,
the store and the renderers, is imported when the first cell runs, after the first sign of life is
on the screen (``tests/test_architecture.py`` knows of this one exception).

Runs in the user's kernel.
"""

from __future__ import annotations

import argparse
import contextlib
import difflib
import secrets
import shlex
import threading
import types
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from IPython.core.error import UsageError
from IPython.core.interactiveshell import InteractiveShell
from IPython.core.magic import (
    Magics,
    line_cell_magic,
    magics_class,
    needs_local_scope,
    no_var_expand,
)
from IPython.core.magic_arguments import argument, magic_arguments, parse_argstring
from traitlets import Bool, Float, Int, TraitError, TraitType, Unicode, validate
from traitlets.config import Config, Configurable

from shaperotator_magic.core.errors import ConfigurationError
from shaperotator_magic.core.settings.reading import build_argument, read_environment
from shaperotator_magic.core.settings.table import SETTINGS, Setting
from shaperotator_magic.notebook.card.display import ResultDisplay
from shaperotator_magic.notebook.session.comm import PageLink
from shaperotator_magic.notebook.session.kernel_id import find_kernel_id
from shaperotator_magic.notebook.session.lines import (
    HELP_FLAGS,
    cut_sentence,
    give_body,
    is_sentence,
)
from shaperotator_magic.notebook.setting_checks import check_value

if TYPE_CHECKING:
    from shaperotator_magic.notebook.session.session import NotebookSession

_TRAITS = {row.name: row for row in SETTINGS if row.is_trait}
_NEAR_NAME = 0.8
_TRAIT_OF = {str: Unicode, int: Int, float: Float, bool: Bool}


def _build_trait(row: Setting) -> TraitType[Any, Any]:
    help_text = f"{row.help} (default: {row.default}; environment: {row.env})"
    trait: TraitType[Any, Any] = _TRAIT_OF[row.kind](
        default_value=None, allow_none=True, help=help_text
    )
    trait.tag(config=True)
    return trait


# One trait a row of the table, so that `%config ShapeRotatorMagics` lists the same settings.
# None means 'not set here': the environment or the default then holds. The class's name is one that
# `%config ShapeRotator.quality` may use: settings of a base class count for the derived one.
_SettingTraits = types.new_class(
    "ShapeRotator",
    (Configurable,),
    exec_body=lambda body: body.update({name: _build_trait(row) for name, row in _TRAITS.items()}),
)


def _declare_options(function: Callable[..., Any]) -> Callable[..., Any]:
    function = argument("-h", "--help", action="store_true", help="show these options")(function)
    # Sent by the buttons of the page: the card is updated in place.
    function = argument("--in-place", action="store_true", help=argparse.SUPPRESS)(function)
    for row in reversed([row for row in SETTINGS if row.flags]):
        function = argument(*row.flags, **build_argument(row, may_be_bare=True))(function)
    declared: Callable[..., Any] = magic_arguments("shaperotate")(function)
    return declared


@magics_class
class ShapeRotatorMagics(Magics, _SettingTraits):  # type: ignore[valid-type, misc]
    """The magics, and the settings that ``%config ShapeRotatorMagics`` changes."""

    def __init__(self, shell: InteractiveShell) -> None:
        super().__init__(shell)
        self._shell = shell
        self._session: NotebookSession | None = None
        self._making = threading.Lock()
        self._link = PageLink(self._answer)
        self._link.install(shell)
        # First of all: IPython's own transformer for cell magics would refuse the missing body.
        shell.input_transformers_cleanup.insert(0, give_body)

    @no_var_expand
    @needs_local_scope
    @_declare_options
    @line_cell_magic
    def shaperotate(
        self, line: str, cell: str | None = None, local_ns: dict[str, Any] | None = None
    ) -> Any:
        """Turn the sentence in this cell into a moving picture.

        The cell's text is the prompt. Flags of manim itself may follow ``--``; they make manim's
        ``%manim`` render in this kernel. As a line magic: ``%shaperotate help``.
        """
        if cell is None:
            words = _split(line)
            if not words or not is_sentence(words):
                return self.session.run_command(words)
            cell = ""
        own_line, manim_args = _cut_manim_args(line)
        own_line, sentence = cut_sentence(own_line, has_body=bool(cell.strip()))
        arguments = vars(parse_argstring(self.shaperotate, own_line))
        if arguments.pop("help"):
            return self.session.run_command(["help"])
        cell = f"{sentence}\n{cell}" if sentence else cell
        if not cell.strip():
            raise UsageError("%%shaperotate: the cell is empty; write what you want to see in it.")
        # On the screen before anything heavy is imported.
        display = ResultDisplay(
            secrets.token_hex(4),
            cell.strip().splitlines()[0],
            kernel_id=find_kernel_id(),
            in_place_of=self._find_place(arguments) if arguments.pop("in_place") else None,
        )
        display.open()
        layers = (arguments, self._read_traits(), read_environment())
        variables = {**self._shell.user_ns, **(local_ns or {})}
        run = self.session.run_cell(
            cell, layers=layers, manim_args=manim_args, variables=variables, display=display
        )
        return run if arguments["background"] else None

    def update_config(self, config: Config) -> None:
        """Take what ``%config`` sets; IPython passes a misspelt class by in silence."""
        known = self.section_names()
        for name in config:
            if name not in known and difflib.get_close_matches(name, known, cutoff=_NEAR_NAME):
                raise UsageError(
                    f"%config: there is no {name}; write ShapeRotatorMagics."
                    + next(iter(config[name]), "")
                )
        super().update_config(config)

    @property
    def session(self) -> NotebookSession:
        """What does the work; made at first use."""
        # A page may send a message in another thread while the first cell runs.
        with self._making:
            if self._session is None:
                from shaperotator_magic.notebook.commands.commands import COMMANDS
                from shaperotator_magic.notebook.session.session import NotebookSession

                self._session = NotebookSession(
                    self._shell,
                    read_settings=self._read_settings,
                    link=self._link,
                    commands=COMMANDS,
                )
        return self._session

    def close(self) -> None:
        """Stop the supervisor and remove the buttons from the page."""
        self._link.uninstall()
        with contextlib.suppress(ValueError):  # somebody has put other transformers there
            self._shell.input_transformers_cleanup.remove(give_body)
        if self._session is not None:
            self._session.close()

    def _find_place(self, arguments: Mapping[str, Any]) -> ResultDisplay | None:
        """Return the output that a button of the page wants to have changed."""
        return self.session.find_display(str(arguments["refine"]))

    def _answer(self, message: Mapping[str, Any]) -> dict[str, Any]:
        return self.session.answer(message)

    def _read_settings(self) -> tuple[dict[str, Any], ...]:
        return self._read_traits(), read_environment()

    def _read_traits(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in _TRAITS}

    @validate(*_TRAITS)
    def _check_setting(self, proposal: Mapping[str, Any]) -> Any:
        """Refuse a value when it is set, and not only when the next cell runs."""
        value = proposal["value"]
        if value is not None:
            try:
                check_value(_TRAITS[proposal["trait"].name], value)
            except ConfigurationError as exc:
                raise TraitError(f"{exc.message} {exc.hint}") from exc
        return value


def _split(line: str) -> list[str]:
    try:
        words = shlex.split(line)
    except ValueError:
        # A single apostrophe is prose ("it's wrong"), not a quotation.
        words = line.split()
    return ["help"] if words and words[0] in HELP_FLAGS else words


def _cut_manim_args(line: str) -> tuple[str, tuple[str, ...]]:
    own, dashes, rest = f"{line} ".partition(" -- ")
    if line.startswith("-- "):
        own, dashes, rest = "", "--", line[3:]
    return own, tuple(rest.split()) if dashes else ()
