"""The ref twin of an op on resource handles: one meaning, two kinds of handle.

TensorFlow has queues, readers and what is like them twice, e.g. QueueDequeue and QueueDequeueV2:
the older takes a handle that is a ref tensor of strings (container and name), the newer one of type
`resource`.  Here both carry the same `minitf.resources.Handle`.

Source: OSDI §3.1 (handles as typed capabilities).
"""

from dataclasses import replace
from typing import Any

from minitf.dtypes import resource, string
from minitf.grammar import Arg
from minitf.op_def import CATALOGUE, OpDef
from minitf.shapes import Shape


def ref_twin(
    name: str, twin: OpDef, *, left_out: str = "", deprecated: tuple[int, str] | None = None
) -> OpDef:
    """Register the op that does with ref handles what `twin` does with resource handles.

    Args:
        name: its registry name.
        twin: the op on resource handles, complete with its rules.
        left_out: an attribute that it has not.
        deprecated: since which version of GraphDefs it is, and what to use.
    """
    function = twin.body

    def body(*inputs: Any, **attrs: Any) -> Any:
        return function(*inputs, **attrs)

    body.__name__ = function.__name__.replace("_v2_op", "_op").removeprefix("resource_")
    body.__module__ = function.__module__
    body.__doc__ = f"Do as {twin.name}, with refs of strings for handles.\n\nSource: OSDI §3.1."
    makes_handle = not twin.inputs
    made = OpDef(
        name,
        body,
        tuple(map(_with_ref, twin.inputs)),
        tuple(map(_with_ref, twin.outputs)),
        {attr.name: replace(attr) for attr in twin.attrs.values() if attr.name != left_out},
        takes_context=twin.takes_context,
        is_stateful=makes_handle,
        is_asynchronous=twin.is_asynchronous,
        deprecated=deprecated,
    )
    if makes_handle:
        made.shape(lambda **_: Shape([2]))  # the container and the name
    elif twin.shape_rule is not None:
        made.shape(values_of=twin.values_of)(twin.shape_rule)
    made.no_gradient(twin.gradient_reason or "")
    CATALOGUE[name] = made
    return made


def _with_ref(arg: Arg) -> Arg:
    return Arg(arg.name, dtype=string, is_ref=True) if arg.dtype is resource else arg
