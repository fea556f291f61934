"""Arrays for a model: by name or in order, of the shapes that it wants, with weights.

    x = {"a": array, "b": array}        -> [array of a, array of b], as the model's inputs stand
    y of shape [N]                      -> [N, 1]

Source: TensorFlow 1.15's `tf.keras.Model.fit`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

Arrays = list[Any]


def in_order(data: Any, names: Sequence[str], what: str) -> Arrays:
    """Return one array for each name.

    Args:
        data: an array, a list of them, or a mapping from names; None for none.
        names: of the inputs or outputs, in order.
        what: "input" or "target", for messages.

    Raises:
        ValueError: if there are more or fewer, or a name is missing.
    """
    if data is None:
        return [None] * len(names)
    if isinstance(data, Mapping):
        missing = [name for name in names if name not in data]
        if missing:
            raise ValueError(
                f'No data provided for "{missing[0]}". Need data for each key in: {list(names)}'
            )
        found = [data[name] for name in names]
    elif isinstance(data, (list, tuple)) and _is_list_of_arrays(data, names):
        found = list(data)
    else:
        found = [data]
    if len(found) != len(names):
        raise ValueError(
            f"Error when checking model {what}: the list of Numpy arrays that you are passing to "
            f"your model is not the size the model expected. Expected to see {len(names)} "
            f"array(s), but instead got the following list of {len(found)} arrays."
        )
    return [None if each is None else _as_rows(each) for each in found]


def _is_list_of_arrays(data: Sequence[Any], names: Sequence[str]) -> bool:
    """Tell whether a list is one of arrays; a list of numbers, or of lists of them, is an array."""
    if not data:
        return True
    if all(hasattr(each, "shape") or each is None for each in data):
        return True
    return len(names) > 1 and len(data) == len(names)


def _as_rows(data: Any) -> Any:
    if hasattr(data, "values") and not isinstance(data, (np.ndarray, Mapping)):
        data = data.values  # a table of pandas
    array = np.asarray(data)
    return array[:, np.newaxis] if array.ndim == 1 else array


def check_shapes(arrays: Arrays, names: Sequence[str], shapes: Sequence[Any], what: str) -> None:
    """Check that arrays have the shapes that a model wants.

    Args:
        arrays: the arrays.
        names: of the inputs or outputs.
        shapes: what is known of the shapes, the batch included; None for any.
        what: "input" or "target", for messages.

    Raises:
        ValueError: if one has another shape.
    """
    for array, name, shape in zip(arrays, names, shapes, strict=True):
        if shape is None or array is None:
            continue
        if array.ndim != len(shape):
            raise ValueError(
                f"Error when checking {what}: expected {name} to have {len(shape)} dimensions, but "
                f"got array with shape {array.shape}"
            )
        if any(a not in {b, None} for a, b in zip(shape[1:], array.shape[1:], strict=True)):
            raise ValueError(
                f"Error when checking {what}: expected {name} to have shape {tuple(shape[1:])} but "
                f"got array with shape {array.shape[1:]}"
            )


def check_lengths(inputs: Arrays, targets: Arrays, weights: Arrays) -> None:
    """Check that all arrays have as many rows.

    Raises:
        ValueError: if they do not.
    """
    sizes = {len(each) for each in inputs if each is not None}
    of_targets = {len(each) for each in targets if each is not None}
    of_weights = {len(each) for each in weights if each is not None}
    if len(sizes) > 1:
        raise ValueError(
            "All input arrays (x) should have the same number of samples. Got array shapes: "
            f"{[each.shape for each in inputs]}"
        )
    if len(of_targets) > 1:
        raise ValueError(
            "All target arrays (y) should have the same number of samples. Got array shapes: "
            f"{[each.shape for each in targets if each is not None]}"
        )
    if sizes and of_targets and sizes != of_targets:
        raise ValueError(
            f"Input arrays should have the same number of samples as target arrays. Found "
            f"{min(sizes)} input samples and {min(of_targets)} target samples."
        )
    if of_weights and of_targets and of_weights != of_targets:
        raise ValueError(
            f"Sample_weight arrays should have the same number of samples as target arrays. Got "
            f"{min(of_weights)} input samples and {min(of_targets)} target samples."
        )


def weights_of(
    given: Any,
    class_weight: Any,
    names: Sequence[str],
    targets: Arrays,
    temporal: Sequence[bool],
) -> Arrays:
    """Return the weights of rows for each output, None for weights of 1.

    Args:
        given: an array, a list of them, or a mapping from names of outputs.
        class_weight: class -> weight of its rows, or such a mapping for each output.
        names: of the outputs.
        targets: labels, whose classes are meant.
        temporal: of each output whether its weights are those of steps in time.

    Raises:
        ValueError: if weights have a wrong rank, or a class has none.
    """
    of_rows = _for_each(given, names)
    of_classes = _for_each(class_weight, names, of_dicts=True)
    made: Arrays = []
    for rows, classes, target, steps in zip(of_rows, of_classes, targets, temporal, strict=True):
        if rows is not None:
            array = np.asarray(rows)
            wanted = 2 if steps else 1
            if array.ndim != wanted and not (array.ndim == 2 and array.shape[1] == 1):
                raise ValueError(
                    f"Found a sample_weight array with shape {array.shape}. In order to use "
                    f"timestep-wise sample weights, you should specify "
                    f'sample_weight_mode="temporal" in compile().'
                )
            if not steps and array.ndim == 2:
                array = array[:, 0]
        else:
            array = None
        if classes is not None and target is not None:
            by_class = _by_class(classes, target)
            array = by_class if array is None else array * by_class
        made.append(array)
    return made


def _for_each(given: Any, names: Sequence[str], *, of_dicts: bool = False) -> list[Any]:
    if given is None:
        return [None] * len(names)
    if isinstance(given, Mapping) and (not of_dicts or any(name in given for name in names)):
        return [given.get(name) for name in names]
    if isinstance(given, (list, tuple)) and len(names) > 1:
        return list(given)
    if isinstance(given, (list, tuple)) and len(given) == 1 and len(names) == 1:
        return list(given)
    return [given] + [None] * (len(names) - 1)


def _by_class(weights: Mapping[int, float], target: Any) -> Any:
    if target.ndim > 2:
        raise ValueError("`class_weight` not supported for 3+ dimensional targets.")
    classes = target.argmax(axis=1) if target.shape[1] > 1 else target[:, 0]
    missing = set(np.unique(classes).tolist()) - set(weights)
    if missing:
        raise ValueError(
            f"`class_weight` must contain all classes in the data. The classes {missing} exist in "
            "the data but not in `class_weight`."
        )
    return np.asarray([weights[each] for each in classes.tolist()])


def cut(arrays: Arrays, part: Any) -> Arrays:
    """Return some rows of arrays, None for None."""
    return [None if each is None else each[part] for each in arrays]
