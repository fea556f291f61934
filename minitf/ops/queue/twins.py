"""The ref twin of an op on resource handles: one meaning, two kinds of handle.

TensorFlow has queues and what is like them twice, e.g. QueueDequeue and QueueDequeueV2: the older
takes a handle that is a ref tensor of strings (container and name), the newer one of type
`resource`.  Here both carry the same `minitf.resources.Handle`.

Source: OSDI §3.1 (handles as typed capabilities).
"""

from dataclasses import replace
from typing import Any

from minitf.dtypes import resource, string
from minitf.grammar import Arg
from minitf.op_def import CATALOGUE, OpDef
from minitf.shapes import Shape


def ref_twin(name: str, twin: OpDef) -> OpDef:
    """Register the op that does with ref handles what `twin` does with resource handles.

    Args:
        name: its registry name.
        twin: the op on resource handles, complete with its rules.
    """
    makes_handle = not twin.inputs
    made = OpDef(
        name,
        twin.body,
        tuple(map(_with_ref, twin.inputs)),
        tuple(map(_with_ref, twin.outputs)),
        {attr.name: replace(attr) for attr in twin.attrs.values()},
        takes_context=twin.takes_context,
        is_stateful=makes_handle,
        is_asynchronous=twin.is_asynchronous,
    )
    made.__name__ = twin.__name__.replace("_v2_op", "_op").removeprefix("resource_")
    if makes_handle:
        made.shape(lambda **attrs: Shape((2,)))
    elif twin.shape_rule is not None:
        made.shape(values_of=twin.values_of)(twin.shape_rule)
    made.no_gradient(str(twin.gradient_reason))
    CATALOGUE[name] = made
    return made


def _with_ref(arg: Arg) -> Any:
    return Arg(arg.name, dtype=string, is_ref=True) if arg.dtype is resource else arg
