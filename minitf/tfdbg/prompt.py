"""The prompt: reads commands from the standard input, and shows what they return.

Source: TensorFlow 1.15's `tensorflow.python.debug.cli.readline_ui`.
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator, Sequence
from typing import Any

from rich.console import Console
from rich.rule import Rule
from rich.text import Text

from minitf import __version__, release
from minitf.tfdbg.commands import Arguments, CommandError, Commands
from minitf.tfdbg.requests import OnRunStartResponse

PROMPT = "tfdbg> "


class Leave(Exception):  # noqa: N818 it is no error
    """The user wants the program to go on.

    Args:
        response: with what; None to end the program.
    """

    def __init__(self, response: OnRunStartResponse | None) -> None:
        super().__init__()
        self.response = response


def add_general(commands: Commands) -> None:
    """Add the commands that every prompt has."""
    told = Arguments("help", "Tell of the commands, or of one.")
    told.add_argument("command", nargs="?")
    commands.add(told, "h", lambda args: commands.describe(args.command))
    commands.add(Arguments("exit", "End the program."), "quit", _leave)
    commands.add(Arguments("version", "Tell the version."), "ver", _version)


def _leave(_: Any) -> list[str]:
    raise Leave(None)


def _version(_: Any) -> list[str]:
    return [f"MiniTF {release}, TensorFlow version: {__version__}"]


def ask(
    commands: Commands, title: str, lines: Sequence[str], completions: Sequence[str] = ()
) -> OnRunStartResponse | None:
    """Carry out commands until one lets the program go on.

    Args:
        commands: the commands; one of them raises Leave.
        title: shown above the lines.
        lines: shown first.
        completions: what the tabulator completes besides names of commands.

    Returns:
        What Leave says; None at the end of the input.
    """
    console = Console(file=sys.stdout, highlight=False, markup=False, soft_wrap=True)
    console.print(Rule(Text(title)))
    _show(console, lines)
    with _completing([*commands.names, *completions]):
        while True:
            try:
                text = input(PROMPT)
            except EOFError:
                return None
            except KeyboardInterrupt:
                console.print()
                continue
            try:
                _show(console, commands.carry_out(text))
            except CommandError as error:
                console.print(Text(f"ERROR: {error}", style="red"))
            except Leave as leave:
                return leave.response


def _show(console: Console, lines: Sequence[str]) -> None:
    for line in lines:
        console.print(Text(line))
    if lines:
        console.print()


@contextlib.contextmanager
def _completing(words: Sequence[str]) -> Iterator[None]:
    """Let the tabulator complete words while a terminal is read, where Python can."""
    try:
        import readline
    except ImportError:
        yield
        return
    before: Any = readline.get_completer()
    delimiters = readline.get_completer_delims()

    def complete(start: str, number: int) -> str | None:
        found = [word for word in words if word.startswith(start)]
        return found[number] if number < len(found) else None

    readline.set_completer(complete)
    readline.set_completer_delims(" \n\t")
    readline.parse_and_bind("tab: complete")
    try:
        yield
    finally:
        readline.set_completer(before)
        readline.set_completer_delims(delimiters)
