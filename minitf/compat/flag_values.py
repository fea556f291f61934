"""Flags, and the table that reads them from a command line: what is behind `tf.flags.FLAGS`.

**State**: `FLAGS`, one table of all flags of the program: name -> Flag (its default, its present
value, the file that defines it).  `tf.app.run` reads the command line; so does the first look at a
value.

**Departures from TensorFlow**: the first look at a value leaves arguments alone that name no flag
(a notebook's `-f kernel.json`) instead of failing; in an interactive session a flag may be defined
again, so that a cell can be run twice.

Source: TensorFlow 1.15's module of the same name, which is absl's.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

_INTERACTIVE = hasattr(sys, "ps1")  # Python's prompt: set in interactive sessions and notebooks


class Error(Exception):
    """Something is wrong with flags."""


class DuplicateFlagError(Error):
    """Two modules define a flag of the same name."""


class IllegalFlagValueError(Error):
    """A flag cannot have the value that it is given."""


class UnparsedFlagAccessError(Error):
    """A flag's value is asked for before the command line was read."""


class ValidationError(Error):
    """A flag's value is refused by its validator."""


class UnrecognizedFlagError(Error):
    """An argument names no flag."""

    def __init__(self, flagname: str, flagvalue: str = "") -> None:
        self.flagname = flagname
        self.flagvalue = flagvalue
        super().__init__(f"Unknown command line flag '{flagname}'")


@dataclass
class Flag:
    """One flag.

    Attributes:
        name: as on the command line, without dashes.
        parse: turns a text, or a default, into the flag's value.
        default: the value while the command line says nothing.
        help: what it is for.
        kind: what its values are, for the list of flags.
        module: the file that defines it.
        boolean: whether `--name` and `--noname` stand for true and false.
        multiple: whether each use on the command line adds a value.
        value: the present value.
        present: how often the command line names it.
        checks: (function, message); a value for which one returns false is refused.
    """

    name: str
    parse: Callable[[Any], Any]
    default: Any
    help: str | None
    kind: str = ""
    module: str = ""
    boolean: bool = False
    multiple: bool = False
    value: Any = None
    present: int = 0
    checks: list[tuple[Callable[[Any], Any], str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.set_default(self.default)

    def set_default(self, default: Any) -> None:
        """Change the default, and the value with it if the command line does not name the flag."""
        self.default = None if default is None else self._parsed(default)
        if not self.present:
            self.value = self.default

    def use(self, text: Any) -> None:
        """Take a value from the command line."""
        value = self._parsed(text)
        self.value = [*(self.value if self.present else ()), *value] if self.multiple else value
        self.present += 1

    def check(self) -> None:
        """Raise IllegalFlagValueError if a validator refuses the value."""
        for function, message in self.checks:
            if not function(self.value):
                raise IllegalFlagValueError(f"flag --{self.name}={self.value}: {message}")

    def _parsed(self, argument: Any) -> Any:
        try:
            return self.parse(argument)
        except (TypeError, ValueError) as error:
            message = f"flag --{self.name}={argument}: {error}"
            raise IllegalFlagValueError(message) from None


class FlagValues:
    """All flags; each is an attribute, and `flags[name]` is the Flag itself."""

    def __init__(self) -> None:
        self.__dict__["_flags"] = {}
        self.__dict__["__flags"] = self._flags  # programs list their settings by `FLAGS.__flags`
        self.__dict__["_parsed"] = False

    def __call__(self, argv: Sequence[str], known_only: bool = False) -> list[str]:
        """Read a command line; return its first argument and those that belong to no flag.

        Args:
            argv: the program's name, then its arguments.  After `--`, or after the first argument
                that is no flag, nothing is read.
            known_only: leave arguments that name no flag alone; else they are an error.

        Raises:
            UnrecognizedFlagError: if an argument names no flag.
            IllegalFlagValueError: if a value cannot be read or is refused.
        """
        rest = [argv[0]]
        arguments = list(argv[1:])
        while arguments:
            argument = arguments.pop(0)
            if argument == "--" and not known_only:
                break
            if argument in ("-", "--") or not argument.startswith("-"):
                arguments.insert(0, argument)
                break
            if not self._use(argument, arguments):
                if not known_only:
                    raise UnrecognizedFlagError(argument.lstrip("-").partition("=")[0], argument)
                rest.append(argument)
        self.mark_as_parsed()
        for flag in self._flags.values():
            flag.check()
        return rest + arguments

    def _use(self, argument: str, following: list[str]) -> bool:
        """Give the value of an argument to its flag; False if it has none."""
        name, equals, text = argument.lstrip("-").partition("=")
        flag = self._flags.get(name)
        if flag is None and name.startswith("no") and not equals:
            flag = self._flags.get(name[2:])
            if flag is None or not flag.boolean:
                return False
            flag.use("false")
        elif flag is None:
            return False
        elif equals:
            flag.use(text)
        elif flag.boolean:
            flag.use("true")
        elif following:
            flag.use(following.pop(0))
        else:
            raise Error(f"Missing value for flag --{name}")
        return True

    def __getattr__(self, name: str) -> Any:
        if name not in self._flags:
            raise AttributeError(name)
        if not self._parsed:
            self(sys.argv or [""], known_only=True)
        return self._flags[name].value

    def __setattr__(self, name: str, value: Any) -> None:
        if name not in self._flags:
            raise AttributeError(f"No such flag: {name}")
        self._flags[name].value = value
        self._flags[name].check()

    def __getitem__(self, name: str) -> Flag:
        return self._flags[name]  # type: ignore[no-any-return]

    def __contains__(self, name: str) -> bool:
        return name in self._flags

    def __iter__(self) -> Iterator[str]:
        return iter(self._flags)

    def __len__(self) -> int:
        return len(self._flags)

    def __dir__(self) -> list[str]:
        return sorted([*self._flags, *super().__dir__()])

    def add(self, flag: Flag, short_name: str | None = None) -> None:
        """Define a flag, perhaps with a second, short name.

        Raises:
            DuplicateFlagError: if there is one of that name.
        """
        for name in filter(None, (flag.name, short_name)):
            former = self._flags.get(name)
            if former is not None and not _INTERACTIVE:
                raise DuplicateFlagError(
                    f"The flag '{name}' is defined twice. First from {former.module}, Second from "
                    f"{flag.module}.  Description from first occurrence: {former.help}"
                )
            self._flags[name] = flag

    def flag_values_dict(self) -> dict[str, Any]:
        """Return the present values by name."""
        return {name: flag.value for name, flag in self._flags.items()}

    def is_parsed(self) -> bool:
        """Tell whether the command line was read."""
        return bool(self._parsed)

    def mark_as_parsed(self) -> None:
        """Say that the command line need not be read."""
        self.__dict__["_parsed"] = True

    def unparse_flags(self) -> None:
        """Read the command line again at the next look at a value."""
        self.__dict__["_parsed"] = False

    def set_default(self, name: str, value: Any) -> None:
        """Change a flag's default."""
        self._flags[name].set_default(value)

    def get_help(self) -> str:
        """Return the list of flags, by the file that defines them."""
        lines = []
        for module in dict.fromkeys(flag.module for flag in self._flags.values()):
            lines.append(f"\n{module}:")
            for flag in sorted(self._flags.values(), key=lambda flag: flag.name):
                if flag.module == module:
                    lines += _help(flag)
        return "\n".join(lines)


def _help(flag: Flag) -> list[str]:
    default = str(flag.default).lower() if flag.boolean else flag.default
    lines = [f"  --{'[no]' if flag.boolean else ''}{flag.name}"]
    if flag.help:
        lines[0] += f": {flag.help}"
    if flag.default is not None:
        lines.append(f"    (default: '{default}')")
    return lines + ([f"    ({flag.kind})"] if flag.kind else [])


FLAGS = FlagValues()
