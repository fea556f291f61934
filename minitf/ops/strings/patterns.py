r"""Regular expressions in RE2's syntax, which TensorFlow has, turned into Python's.

What differs is translated: `$` and `\z` mean the very end; `\d`, `\s`, `\w`, `\b` are ASCII; sets
as `[[:alpha:]]` are spelled out; `\Q...\E` is quoted; flags hold to the end of their group.  A byte
that is no UTF-8 is one letter.  What one of the two lacks is refused: Python's look-around,
back-references and possessive counts, RE2's `\C`, `\pN`, `[[:^alpha:]]` and the flag U.

    >>> compiled(b"[[:digit:]]+$").pattern
    '[0-9]+\\Z'

Source: RE2's page "Syntax"; Python's module `re`.
"""

import re
from dataclasses import dataclass, field
from functools import cache

from minitf.errors import invalid
from minitf.ops.strings.arrays import letters

_POSIX = {
    "alnum": "0-9A-Za-z",
    "alpha": "A-Za-z",
    "ascii": r"\x00-\x7f",
    "blank": r"\t ",
    "cntrl": r"\x00-\x1f\x7f",
    "digit": "0-9",
    "graph": "!-~",
    "lower": "a-z",
    "print": " -~",
    "punct": r"!-/:-@\[-`{-\~",
    "space": r"\t\n\v\f\r ",
    "upper": "A-Z",
    "word": "0-9A-Za-z_",
    "xdigit": "0-9A-Fa-f",
}
_PERL = {
    "d": "0-9",
    "s": r"\t\n\f\r ",
    "w": "0-9A-Za-z_",
    "D": r"\x00-/:-\U0010ffff",
    "S": r"\x00-\x08\x0b\x0e-\x1f!-\U0010ffff",
    "W": r"\x00-/:-@\[-\^`{-\U0010ffff",
}
_PLACES = {"A": r"\A", "z": r"\Z", "b": r"(?a:\b)", "B": r"(?a:(?!\b))"}
_ESCAPE = r"(?P<escape>\\(?:x\{[0-9A-Fa-f]+\}|x[0-9A-Fa-f]{2}|0[0-7]{0,2}|.))"
_TOKEN = re.compile(
    r"(?P<quote>\\Q.*?(?:\\E|\Z))|" + _ESCAPE + r"|(?P<flags>\(\?[a-zA-Z-]+[:)])"
    r"|(?P<name>\(\?P<\w+>)|(?P<lacking>\(\?(?!:)|(?:[*+?]|\{\d+(?:,\d*)?\})\+)"
    r"|(?P<count>\{\d+(?:,\d*)?\})|(?P<set>\[\^?)|(?P<plain>\(\?:|.)",
    re.DOTALL,
)
_IN_SET = re.compile(r"(?P<posix>\[:.*?:\])|" + _ESCAPE + "|(?P<plain>.)", re.DOTALL)


@cache
def compiled(pattern: bytes) -> re.Pattern[str]:
    """Return a pattern of RE2's syntax in Python's.

    Raises:
        InvalidArgumentError: if it is wrong, or has what one of the two lacks.
    """
    text = letters(pattern)
    try:
        return re.compile(_translated(text))
    except re.error as error:
        raise invalid(f"Invalid pattern: {text}, error: {error}") from None


@dataclass
class _Group:
    """An open parenthesis: the flags set within it so far, and whether `$` ends any line."""

    many_lines: bool
    flags: list[str] = field(default_factory=list)


def _translated(pattern: str) -> str:
    out: list[str] = []
    groups, at = [_Group(many_lines=False)], 0
    while match := _TOKEN.match(pattern, at):
        kind, piece, at = match.lastgroup, match[0], match.end()
        group = groups[-1]
        if kind == "lacking":
            raise re.error(f"invalid perl operator: {piece}")
        if kind == "quote":
            out.append(re.escape(piece[2:].removesuffix("\\E")))
        elif kind == "escape":
            out.append(_escape(piece))
        elif kind == "set":
            inside, at = _set(pattern, at)
            out.append(piece + inside)
        elif kind == "flags" and piece[-1] == ")":
            group.flags.append(_checked(piece)[:-1] + ":")
            group.many_lines = _ends_lines(piece, before=group.many_lines)
            out.append(group.flags[-1])
        elif piece == "|":
            out += [")" * len(group.flags), "|", *group.flags]
        elif piece == ")" and len(groups) > 1:
            out.append(")" * (len(groups.pop().flags) + 1))
        elif piece == "$":
            out.append("$" if group.many_lines else r"\Z")
        elif piece[0] == "(":
            groups.append(_Group(_ends_lines(_checked(piece), before=group.many_lines)))
            out.append(piece)
        else:
            out.append(r"\{" if piece == "{" else piece)
    return "".join(out) + ")" * len(groups[0].flags)


def _checked(piece: str) -> str:
    """Return the beginning of a group, if both languages have its flags."""
    if re.fullmatch(r"\(\?[a-zA-Z-]+[:)]", piece) and not re.fullmatch(
        r"\(\?[ims]*(-[ims]+)?[:)]", piece
    ):
        raise re.error(f"invalid flags: {piece}")
    return piece


def _ends_lines(piece: str, *, before: bool) -> bool:
    """Tell whether `$` means the end of any line after `(?flags)` or in `(?flags:`."""
    if not piece.startswith("(?") or piece[2] == "P":
        return before
    given, _, taken = piece.partition("-")
    return "m" in given or (before and "m" not in taken)


def _escape(piece: str) -> str:
    """Translate what a backslash begins, outside brackets."""
    letter = piece[1:]
    if letter in _PERL:
        return f"[{_PERL[letter]}]"
    return _PLACES.get(letter) or _letter(piece)


def _letter(piece: str) -> str:
    """Translate an escape that stands for one letter."""
    if piece.startswith("\\x{"):
        return re.escape(chr(int(piece[3:-1], 16)))
    if piece[1].isalnum() and piece[1] not in "0afnrtvx":
        raise re.error(f"invalid escape sequence: {piece}")
    return piece


def _set(pattern: str, at: int) -> tuple[str, int]:
    """Translate what stands in brackets from a place on, and say where it ends."""
    out: list[str] = []
    if pattern[at : at + 1] == "]":  # first, it stands for itself
        out, at = [r"\]"], at + 1
    while match := _IN_SET.match(pattern, at):
        piece, at = match[0], match.end()
        if match.lastgroup == "posix":
            if piece[2:-2] not in _POSIX:
                raise re.error(f"invalid character class range: {piece}")
            out.append(_POSIX[piece[2:-2]])
        elif match.lastgroup == "escape":
            out.append(_PERL.get(piece[1:]) or _letter(piece))
        elif piece == "]":
            return "".join(out) + "]", at
        else:
            out.append("\\" + piece if piece in "[&~|" else piece)
    raise re.error("missing ]")
