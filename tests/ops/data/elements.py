"""What tests of datasets share: running one to its end, in MiniTF or in TensorFlow."""

from __future__ import annotations

from typing import Any

import numpy as np

import minitf as tf

END = "OutOfRangeError"


def plain(value: Any) -> Any:
    """Results of a run as plain Python values."""
    if isinstance(value, dict):
        return {key: plain(each) for key, each in value.items()}
    if hasattr(value, "indices"):
        return [np.asarray(each).tolist() for each in value]
    if isinstance(value, (tuple, list)):
        return tuple([plain(each) for each in value])
    return np.asarray(value).tolist()


def outcomes(lib: Any, make: Any, limit: int = 40) -> list[Any]:
    """Return the elements of the dataset that `make(lib)` gives; for an error its class's name.

    Ends with END unless there are more than `limit` elements.
    """
    with lib.Graph().as_default():
        iterator = lib.data.make_initializable_iterator(make(lib))
        following = iterator.get_next()
        with lib.Session() as running:
            found = []
            try:
                running.run(iterator.initializer)
            except Exception as error:  # noqa: BLE001 - its class is the outcome
                return [type(error).__name__]
            while len(found) < limit:
                try:
                    found.append(plain(running.run(following)))
                except Exception as error:  # noqa: BLE001 - likewise
                    found.append(type(error).__name__)
                    if found[-1] == END:
                        break
    return found


def elements_of(dataset: Any, limit: int = 40) -> list[Any]:
    """Return the elements of a dataset of MiniTF.

    Raises:
        Exception: what a step raises, but for the end.
    """
    iterator = dataset.make_initializable_iterator()
    following = iterator.get_next()
    found: list[Any] = []
    with tf.Session(graph=dataset.variant_tensor.graph) as session:
        session.run(iterator.initializer)
        while len(found) < limit:
            try:
                found.append(plain(session.run(following)))
            except tf.errors.OutOfRangeError:
                break
    return found
