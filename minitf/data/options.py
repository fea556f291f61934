"""Options of datasets.

They are accepted for compatibility and change nothing: elements come in the same order however they
are made.

Source: TensorFlow 1.15, `tf.data.Options`.
"""

from __future__ import annotations

from typing import Any


class _Group:
    """Some options by any name; each is None until it is set."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Group) and vars(self) == vars(other)

    __hash__ = None  # type: ignore[assignment]  # it can be changed


class Options:
    """Options of a dataset; those that nobody sets are None."""

    experimental_deterministic: Any = None
    experimental_distribute: Any
    experimental_optimization: Any
    experimental_slack: Any = None
    experimental_stateful_whitelist: Any = None
    experimental_stats: Any = None
    experimental_threading: Any

    def __init__(self) -> None:
        self.experimental_distribute = _Group()
        self.experimental_optimization = _Group()
        self.experimental_threading = _Group()

    def __setattr__(self, name: str, value: Any) -> None:
        if name not in Options.__annotations__:
            raise AttributeError(f"Cannot set the property {name} on Options.")
        super().__setattr__(name, value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Options) and vars(self) == vars(other)

    __hash__ = None  # type: ignore[assignment]  # it can be changed

    def merge(self, options: Options) -> Options:
        """Return both together; what `options` set counts where both did."""
        made = Options()
        vars(made).update(vars(self))
        vars(made).update({k: v for k, v in vars(options).items() if v != _Group()})
        return made
