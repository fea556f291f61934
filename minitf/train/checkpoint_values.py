"""`tf.train.init_from_checkpoint`: variables that take their first value from a checkpoint.

Source: OSDI §4.3 (fine-tuning from a checkpoint of another task); TensorFlow 1.15,
`checkpoint_utils.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from minitf import ops
from minitf.api.framework import device
from minitf.train.checkpoint_reader import checkpoint_path, load_checkpoint
from minitf.train.saveable import saveables_of
from minitf.variables.base import Variable
from minitf.variables.store import variable_store


def init_from_checkpoint(ckpt_dir_or_file: Any, assignment_map: Mapping[str, Any]) -> None:
    """Let initializers of variables read their values from a checkpoint.

    Args:
        ckpt_dir_or_file: its path, or a folder, whose latest one is meant.
        assignment_map: name in the checkpoint -> a variable, a list of its parts, or its name; or
            `scope/` there -> `scope/` here, for all variables of `tf.get_variable` in that scope;
            "/" is the outermost scope.

    Raises:
        ValueError: if there is no such variable or tensor, or shapes differ.
    """
    path = checkpoint_path(ckpt_dir_or_file)
    shapes = load_checkpoint(path).get_variable_to_shape_map()
    known = variable_store().variables
    for name, wanted in sorted(assignment_map.items()):
        target = _found(wanted, known)
        pairs = [(name, target)] if target else _pairs_of_scope(name, wanted, known)
        for tensor_name, variables in pairs:
            if tensor_name not in shapes:
                raise ValueError(
                    f"Tensor {tensor_name} is not found in {ckpt_dir_or_file} checkpoint {shapes}"
                )
            _check_shape(variables, tensor_name, shapes[tensor_name])
            for variable in variables:
                _initialize_from(variable, path, tensor_name)


def _found(wanted: Any, known: Mapping[str, Variable]) -> list[Variable]:
    """Return the variable that is meant, or its parts; nothing if a scope may be meant."""
    if isinstance(wanted, Variable):
        return [wanted]
    if isinstance(wanted, (list, tuple)) and all(isinstance(v, Variable) for v in wanted):
        return list(wanted)
    if wanted in known:
        return [known[wanted]]
    parts: list[Variable] = []
    while f"{wanted}/part_{len(parts)}" in known:
        parts.append(known[f"{wanted}/part_{len(parts)}"])
    return parts


def _pairs_of_scope(
    name: str, wanted: str, known: Mapping[str, Variable]
) -> Iterable[tuple[str, list[Variable]]]:
    """Yield (name in the checkpoint, variable) for all variables of a scope."""
    scope = wanted.rpartition("/")[0]
    if not name.endswith("/"):
        raise ValueError(
            f"Assignment map with scope only name {scope} should map to scope only {name}. Should "
            "be 'scope/': 'other_scope/'."
        )
    prefix = f"{scope}/" if scope else ""
    inside = {each.partition("/part_")[0] for each in known if each.startswith(prefix)}
    for each in sorted(inside):
        rest = each.removeprefix(prefix)
        yield (rest if name == "/" else name + rest).removesuffix("/"), _found(each, known)


def _check_shape(variables: list[Variable], tensor_name: str, shape: list[int]) -> None:
    first = variables[0]
    if first.save_slice_info is None and not first.shape.is_compatible_with(shape):
        raise ValueError(
            f"Shape of variable {first.name} ({first.shape}) doesn't match with shape of tensor "
            f"{tensor_name} ({shape}) from checkpoint reader."
        )
    names = [each.save_slice_info.full_name for each in variables if each.save_slice_info]
    for name in names[1:]:
        if name != names[0]:
            raise ValueError(f"Slices must all be from the same tensor: {names[0]} != {name}")


def _initialize_from(variable: Variable, path: str, tensor_name: str) -> None:
    """Give a variable an initializer that reads a tensor of a checkpoint."""
    info = variable.save_slice_info
    spec = "" if info is None else info.spec
    dtype = variable.dtype.base_dtype
    with device(variable.device), device("/cpu:0"):
        (value,) = ops.restore_v2_op(
            path, [tensor_name], [spec], dtypes=(dtype,), name="checkpoint_initializer"
        )
        (saveable,) = saveables_of([variable])
    made = saveable.restore([value], None)
    value.set_shape(variable.shape)
    variable.start_from(value, getattr(made, "op", made))
