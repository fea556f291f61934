"""`tensorflow.python.autograph`: what its inner modules are asked for, which refuses to work.

MiniTF's AutoGraph (`minitf.autograph`) is made of other parts.  Libraries import these modules for
a few of their functions, and derive classes from them: they load, and say what they are not.

Source: no paper; the names of TensorFlow 1.15's modules below `tensorflow.python.autograph`.
"""

from __future__ import annotations
import __future__

from typing import Any, NoReturn

_MISSING = (
    "AutoGraph's {} is not part of MiniTF, whose AutoGraph is made of other parts: use "
    "tf.autograph.to_graph"
)


class Base:
    """A transformer of a program's syntax; cannot be made."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Refuse.

        Raises:
            NotImplementedError: always.
        """
        del args, kwargs
        raise NotImplementedError(_MISSING.format(type(self).__name__))


class Context(Base):
    """What transformers know of a program."""


class ConversionOptions(Base):
    """What shall be converted."""


class EntityContext(Base):
    """What converters know of one function."""


class EntityInfo(Base):
    """What is known of the source of one function."""


class Namer(Base):
    """Gives names that a program does not have yet."""


class ProgramContext(Base):
    """What converters know of a program."""


def parse_entity(entity: Any, future_features: Any = ()) -> NoReturn:
    """Refuse to read a function's source.

    Raises:
        NotImplementedError: always.
    """
    del entity, future_features
    raise NotImplementedError(_MISSING.format("parse_entity"))


def standard_analysis(node: Any, context: Any, is_initial: bool = False) -> NoReturn:
    """Refuse to analyse a syntax tree.

    Raises:
        NotImplementedError: always.
    """
    del node, context, is_initial
    raise NotImplementedError(_MISSING.format("standard_analysis"))


def transform(node: Any, ctx: Any, *args: Any, **kwargs: Any) -> NoReturn:
    """Refuse to rewrite a syntax tree.

    Raises:
        NotImplementedError: always.
    """
    del node, ctx, args, kwargs
    raise NotImplementedError(_MISSING.format("transform"))


def getfutureimports(entity: Any) -> tuple[str, ...]:
    """Return the names that a function's module imports from `__future__`."""
    known = getattr(entity, "__globals__", {})
    features = __future__.all_feature_names
    return tuple(name for name in features if known.get(name) is getattr(__future__, name))
