"""Commands of a command line: names, short names, arguments; and who carries them out.

Source: TensorFlow 1.15's `tensorflow.python.debug.cli.command_parser`.
"""

from __future__ import annotations

import argparse
import re
import shlex
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NoReturn

Handler = Callable[[Any], list[str]]


class CommandError(ValueError):
    """A command that is wrong, with what to tell the user."""


class Arguments(argparse.ArgumentParser):
    """The arguments of one command.

    Args:
        name: its name.
        about: what it does, one line.
    """

    def __init__(self, name: str, about: str) -> None:
        super().__init__(prog=name, description=about, add_help=False)

    def error(self, message: str) -> NoReturn:
        """Tell the user instead of leaving the program.

        Raises:
            CommandError: always.
        """
        raise CommandError(f"Syntax error for command: {self.prog}\n{message}")


class Commands:
    """The commands of one prompt."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[Arguments, str, Handler]] = {}
        self._short: dict[str, str] = {}

    def add(self, arguments: Arguments, short: str, handler: Handler) -> None:
        """Add a command.

        Args:
            arguments: its name and arguments.
            short: its short name.
            handler: takes the parsed arguments and returns the lines to show.
        """
        self._known[arguments.prog] = arguments, short, handler
        self._short[short] = arguments.prog

    @property
    def names(self) -> list[str]:
        """All names, long and short."""
        return sorted([*self._known, *self._short])

    def carry_out(self, text: str) -> list[str]:
        """Carry out what a line says and return the lines to show.

        A `> FILE` at the end writes them to the file as well.

        Raises:
            CommandError: if there is no such command, or its arguments are wrong.
        """
        try:
            words = shlex.split(text)
        except ValueError as error:
            raise CommandError(f"{error}: {text}") from None
        if not words:
            return []
        target = None
        if len(words) > 2 and words[-2] == ">":
            words, target = words[:-2], words[-1]
        name = self._short.get(words[0], words[0])
        if name not in self._known:
            raise CommandError(f'Invalid command prefix "{words[0]}"')
        arguments, _, handler = self._known[name]
        lines = handler(arguments.parse_args(_joined(words[1:])))
        if target is not None:
            try:
                Path(target).write_text("\n".join([*lines, ""]))
            except OSError as error:
                raise CommandError(f"{target}: {error.strerror}") from None
            lines = [*lines, f'Wrote output to "{target}".']
        return lines

    def describe(self, name: str | None) -> list[str]:
        """Return the help of a command, of all if None.

        Raises:
            CommandError: if there is no such command.
        """
        if name is None:
            rows = sorted(self._known.items())
            return [
                f"{long} ({short})".ljust(24) + str(arguments.description)
                for long, (arguments, short, _) in rows
            ]
        long = self._short.get(name, name)
        if long not in self._known:
            raise CommandError(f'Invalid command prefix: "{name}"')
        arguments, short, _ = self._known[long]
        return [long, f"  Aliases: {short}", "", *arguments.format_help().splitlines()]


def _joined(words: Sequence[str]) -> list[str]:
    """Put together what spaces within brackets have parted: `z:0[1, :]` is one argument."""
    found: list[str] = []
    depth = 0
    for word in words:
        if depth > 0:
            found[-1] += word
        else:
            found.append(word)
        depth += word.count("[") - word.count("]")
    return found


def regex(text: str) -> re.Pattern[str]:
    """Return the regular expression of an argument.

    Raises:
        CommandError: if it is none.
    """
    try:
        return re.compile(text)
    except re.error as error:
        raise CommandError(f"{text!r} is no regular expression: {error}") from None
