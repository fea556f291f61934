"""`tf.app`: run a program's `main` with its flags read.

Source: TensorFlow 1.15's module of the same name.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import Any, NoReturn

from minitf.compat import flags

__all__ = ["flags", "run"]

_HELP = ("help", "h", "helpshort", "helpfull")


def run(
    main: Callable[[list[str]], Any] | None = None, argv: Sequence[str] | None = None
) -> NoReturn:
    """Read the flags, call `main` with what is left of the command line, and end the program.

    Args:
        main: the function to call; the program's `main` if None.
        argv: the command line; `sys.argv` if None.

    Raises:
        SystemExit: always, with what `main` returns; with 1 after --help or a bad flag.
    """
    program, *arguments = sys.argv if argv is None else argv
    main = main or sys.modules["__main__"].main
    asked = {argument.lstrip("-") for argument in arguments if argument.startswith("-")}
    if asked.intersection(_HELP):
        _show_help(program)
    try:
        rest = flags.FLAGS([program, *arguments], known_only=True)
    except flags.Error as error:
        sys.exit(f"FATAL Flags parsing error: {error}\nPass --help to see help on flags.")
    sys.exit(main(rest))


def _show_help(program: str) -> NoReturn:
    purpose = sys.modules["__main__"].__doc__ or f"USAGE: {program} [flags]"
    sys.stdout.write(f"{purpose.rstrip()}\nflags:\n{flags.FLAGS.get_help()}\n")
    sys.exit(1)
