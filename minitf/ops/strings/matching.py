"""Strings and regular expressions: does one match, and what stands in its place.

Source: TensorFlow's ops of the same names.
"""

import re
from collections.abc import Iterator
from typing import Any

import numpy as np

from minitf.errors import invalid
from minitf.op_def import op
from minitf.ops.strings.arrays import letters, octets, strings
from minitf.ops.strings.patterns import compiled
from minitf.shapes import Shape
from minitf.symbols import bool as boolean
from minitf.symbols import string

Array = np.ndarray[Any, Any]


def _replaced(texts: Array, pattern: bytes, rewrite: bytes, *, everywhere: bool) -> Array:
    found, parts = compiled(pattern), list(_parts(letters(rewrite)))
    if any(isinstance(part, int) and part > found.groups for part in parts):
        return texts
    made = (_rewritten(letters(text), found, parts, everywhere=everywhere) for text in texts.flat)
    return strings(map(octets, made), texts.shape)


def _parts(rewrite: str) -> Iterator[str | int]:
    r"""Walk a replacement: text, and numbers of groups, which are written \0 to \9."""
    for match in re.finditer(r"\\(.?)|[^\\]+", rewrite, re.DOTALL):
        escaped = match[1]
        if escaped is not None and escaped not in tuple("0123456789\\"):
            raise invalid(f"Invalid rewrite pattern: {rewrite}")
        yield match[0] if escaped is None else "\\" if escaped == "\\" else int(escaped)


def _rewritten(
    text: str, pattern: re.Pattern[str], parts: list[str | int], *, everywhere: bool
) -> str:
    out, at, end = [], 0, -1
    while at <= len(text) and (match := pattern.search(text, at)):
        if match.end() == at == end:  # nothing empty is replaced right behind a match
            out.append(text[at : at + 1])
            at += 1
            continue
        out.append(text[at : match.start()])
        out += [match[part] or "" if isinstance(part, int) else part for part in parts]
        at = end = match.end()
        if not everywhere:
            break
    return "".join([*out, text[at:]])


def _matches(texts: Array, pattern: bytes) -> Array:
    found = compiled(pattern)
    answers = [found.fullmatch(letters(text)) is not None for text in texts.flat]
    return np.array(answers, bool).reshape(texts.shape)


# --- RegexReplace --------------------------------------------------------------------------------


@op("RegexReplace")
def regex_replace_op(
    input: string, pattern: string[()], rewrite: string[()], *, replace_global: bool = True
) -> string:
    r"""Replace what a regular expression matches in each string.

    Args:
        input: string[...].
        pattern: a regular expression of RE2.
        rewrite: what stands in its place; \1 to \9 are its groups, \0 all that matched.
        replace_global: every match, else the first.

    Returns:
        string[...] of the same shape.

    Raises:
        InvalidArgumentError: if the pattern or the rewrite is wrong.

    Source: TensorFlow's op of the same name.
    """
    return _replaced(input, pattern.item(), rewrite.item(), everywhere=replace_global)


@regex_replace_op.shape
def regex_replace_shape(
    input: Shape, pattern: Shape, rewrite: Shape, *, replace_global: bool
) -> Shape:
    return input


regex_replace_op.no_gradient("text has no slope")

# --- StaticRegexReplace --------------------------------------------------------------------------


@op("StaticRegexReplace")
def static_regex_replace_op(
    input: string, *, pattern: str, rewrite: str, replace_global: bool = True
) -> string:
    """Replace what a regular expression, known while the graph is built, matches in each string.

    Args:
        input: string[...].
        pattern: a regular expression of RE2.
        rewrite: as RegexReplace's.
        replace_global: every match, else the first.

    Returns:
        string[...] of the same shape.

    Raises:
        InvalidArgumentError: if the pattern or the rewrite is wrong.

    Source: TensorFlow's op of the same name.
    """
    return _replaced(input, octets(pattern), octets(rewrite), everywhere=replace_global)


@static_regex_replace_op.shape
def static_regex_replace_shape(input: Shape, **_: Any) -> Shape:
    return input


static_regex_replace_op.no_gradient("text has no slope")

# --- RegexFullMatch ------------------------------------------------------------------------------


@op("RegexFullMatch")
def regex_full_match_op(input: string, pattern: string[()]) -> boolean:
    """Tell of each string whether all of it matches a regular expression.

    Args:
        input: string[...].
        pattern: a regular expression of RE2.

    Returns:
        bool[...] of the same shape.

    Raises:
        InvalidArgumentError: if the pattern is wrong.

    Source: TensorFlow's op of the same name.
    """
    return _matches(input, pattern.item())


@regex_full_match_op.shape
def regex_full_match_shape(input: Shape, pattern: Shape) -> Shape:
    return input


regex_full_match_op.no_gradient("text has no slope")

# --- StaticRegexFullMatch ------------------------------------------------------------------------


@op("StaticRegexFullMatch")
def static_regex_full_match_op(input: string, *, pattern: str) -> boolean:
    """Tell of each string whether all of it matches an expression known while building.

    Args:
        input: string[...].
        pattern: a regular expression of RE2.

    Returns:
        bool[...] of the same shape.

    Raises:
        InvalidArgumentError: if the pattern is wrong.

    Source: TensorFlow's op of the same name.
    """
    return _matches(input, octets(pattern))


@static_regex_full_match_op.shape
def static_regex_full_match_shape(input: Shape, *, pattern: str) -> Shape:
    return input


static_regex_full_match_op.no_gradient("text has no slope")
