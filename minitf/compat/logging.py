"""`tf.logging`: messages to the person before the screen, by level.

They go through Python's logger `tensorflow`, to which programs attach handlers of their own.  Until
a program configures Python's logging, they are written to standard error; in an interactive session
to standard output and from INFO on, as TensorFlow does.

Source: TensorFlow 1.15's module of the same name.
"""

from __future__ import annotations

import logging
import sys
from collections import Counter
from typing import Any

from minitf import source

DEBUG = logging.DEBUG
ERROR = logging.ERROR
FATAL = logging.FATAL
INFO = logging.INFO
WARN = logging.WARNING

_INTERACTIVE = hasattr(sys, "ps1")  # Python's prompt: set in interactive sessions and notebooks
_STACK_LEVEL = 3  # the caller of our caller, seen from Logger.log: the user's line


class _Screen(logging.Handler):
    """Writes to what `sys.stderr` is at the time: notebooks and tests exchange it."""

    def emit(self, record: logging.LogRecord) -> None:
        if not logging.getLogger().handlers:  # else the root logger shows it
            print(self.format(record), file=sys.stdout if _INTERACTIVE else sys.stderr)


def _configured() -> logging.Logger:
    logger = logging.getLogger("tensorflow")
    screen = _Screen()
    screen.setFormatter(logging.Formatter(logging.BASIC_FORMAT))
    logger.addHandler(screen)
    if _INTERACTIVE and logger.level == logging.NOTSET:
        logger.setLevel(INFO)
    return logger


_logger = _configured()
_reached: Counter[tuple[object, int]] = Counter()  # how often a line of the user's was here


def get_logger() -> logging.Logger:
    """Return Python's logger through which the messages go."""
    return _logger


def get_verbosity() -> int:
    """Return the level below which messages are dropped."""
    return _logger.getEffectiveLevel()


def set_verbosity(v: int) -> None:
    """Drop messages below the level `v`."""
    _logger.setLevel(v)


def flush() -> None:
    """Write out what handlers hold back."""
    for handler in _logger.handlers:
        handler.flush()


# --- messages -----------------------------------------------------------------------------------


def log(level: int, msg: Any, *args: Any, **kwargs: Any) -> None:
    """Write a message at a level; `args` fill its %-fields."""
    _write(level, msg, args, kwargs)


def debug(msg: Any, *args: Any, **kwargs: Any) -> None:
    """Write a message for those who look for an error."""
    _write(DEBUG, msg, args, kwargs)


def info(msg: Any, *args: Any, **kwargs: Any) -> None:
    """Write a message that confirms that all is well."""
    _write(INFO, msg, args, kwargs)


def warn(msg: Any, *args: Any, **kwargs: Any) -> None:
    """Write a message about something unexpected."""
    _write(WARN, msg, args, kwargs)


def warning(msg: Any, *args: Any, **kwargs: Any) -> None:
    """Write a message about something unexpected."""
    _write(WARN, msg, args, kwargs)


def error(msg: Any, *args: Any, **kwargs: Any) -> None:
    """Write a message about something that could not be done."""
    _write(ERROR, msg, args, kwargs)


def fatal(msg: Any, *args: Any, **kwargs: Any) -> None:
    """Write a message about something grave; the program goes on, as in TensorFlow."""
    _write(FATAL, msg, args, kwargs)


def vlog(level: int, msg: Any, *args: Any, **kwargs: Any) -> None:
    """Write a message at a level; `args` fill its %-fields."""
    _write(level, msg, args, kwargs)


def log_if(level: int, msg: Any, condition: Any, *args: Any) -> None:
    """Write a message if the condition holds."""
    if condition:
        _write(level, msg, args)


def log_every_n(level: int, msg: Any, n: int, *args: Any) -> None:
    """Write a message the first time that this line is reached, then every `n`th time."""
    if _times_reached() % n == 0:
        _write(level, msg, args)


def log_first_n(level: int, msg: Any, n: int, *args: Any) -> None:
    """Write a message the first `n` times that this line is reached."""
    if _times_reached() < n:
        _write(level, msg, args)


def TaskLevelStatusMessage(msg: Any) -> None:
    """Write the status of a task, as an error."""
    _write(ERROR, msg)


def _write(level: int, msg: Any, args: tuple[Any, ...] = (), kwargs: Any = None) -> None:
    _logger.log(level, msg, *args, **{"stacklevel": _STACK_LEVEL, **(kwargs or {})})


def _times_reached() -> int:
    place = source.frames(source.creation_site())[0]
    _reached[place] += 1
    return _reached[place] - 1
