"""`tensorflow.python.ops.control_flow_util`: what kind of operation of a branch or loop one is.

Source: TensorFlow 1.15's module of the same name.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any

from minitf.contexts.toggles import (
    control_flow_v2_enabled,
    disable_control_flow_v2,
    enable_control_flow_v2,
    makes_functions,
)
from minitf.graph import Graph
from minitf.operation import Operation

__all__ = ["enable_control_flow_v2"]


def EnableControlFlowV2(graph: Graph) -> bool:
    """Tell whether branches and loops that are built in a graph become functions."""
    return makes_functions(graph)


class _Module(ModuleType):
    """A module with a name that programs assign to."""

    @property
    def ENABLE_CONTROL_FLOW_V2(self) -> bool:
        """Whether branches and loops become functions."""
        return control_flow_v2_enabled()

    @ENABLE_CONTROL_FLOW_V2.setter
    def ENABLE_CONTROL_FLOW_V2(self, value: bool) -> None:
        (enable_control_flow_v2 if value else disable_control_flow_v2)()


sys.modules[__name__].__class__ = _Module


def GetWhileContext(op: Operation) -> Any:
    """Return the innermost loop at or around an operation."""
    return GetContainingWhileContext(op.context)


def IsContainingContext(ctxt: Any, maybe_containing_ctxt: Any) -> bool:
    """Tell whether a branch or loop is another one or around it."""
    while ctxt is not maybe_containing_ctxt:
        if ctxt is None:
            return False
        ctxt = ctxt.outer
    return True


def OpInContext(op: Operation, ctxt: Any) -> bool:
    """Tell whether an operation is in a branch or loop."""
    return IsContainingContext(op.context, ctxt)


def TensorInContext(tensor: Any, ctxt: Any) -> bool:
    """Tell whether a tensor is in a branch or loop."""
    return OpInContext(tensor.op, ctxt)


def GetLoopConstantEnter(value: Any) -> Operation | None:
    """Return the Enter through which a constant of a loop comes in, None if it does not."""
    op = value.op
    while op.type in ("Switch", "RefSwitch", "Identity", "RefIdentity"):
        op = op.inputs[0].op
    return op if IsLoopConstantEnter(op) else None


def InXlaContext(graph: Graph) -> bool:
    """Tell that no compiler takes the graph over: always False."""
    return False


def GraphOrParentsInXlaContext(graph: Graph) -> bool:
    """Tell that no compiler takes the graph over, nor one around it: always False."""
    return False


def GetContainingXLAContext(ctxt: Any) -> None:
    """Return the part at or around a branch or loop that a compiler takes over: none."""


def IsSwitch(op: Operation) -> bool:
    """Tell whether an operation is a Switch."""
    return op.type in ("Switch", "RefSwitch")


def IsMerge(op: Operation) -> bool:
    """Tell whether an operation is a Merge."""
    return op.type in ("Merge", "RefMerge")


def IsLoopEnter(op: Operation) -> bool:
    """Tell whether an operation is an Enter."""
    return op.type in ("Enter", "RefEnter")


def IsLoopConstantEnter(op: Operation) -> bool:
    """Tell whether an operation is the Enter of a value that no iteration changes."""
    return IsLoopEnter(op) and bool(op.attrs["is_constant"])


def IsLoopExit(op: Operation) -> bool:
    """Tell whether an operation is an Exit."""
    return op.type in ("Exit", "RefExit")


def GetOutputContext(op: Operation) -> Any:
    """Return the branch or loop that an operation's results belong to, None outside of all."""
    context = op.context
    return context.outer if IsLoopExit(op) and context is not None else context


def IsInCond(op: Operation) -> bool:
    """Tell whether an operation is on a branch."""
    return GetContainingCondContext(op.context) is not None


def IsInWhileLoop(op: Operation) -> bool:
    """Tell whether an operation is in a loop."""
    return GetContainingWhileContext(op.context) is not None


def GetContainingWhileContext(ctxt: Any, stop_ctxt: Any = None) -> Any:
    """Return the innermost loop at or around a branch or loop, None if there is none.

    Args:
        ctxt: where to begin.
        stop_ctxt: where to stop.
    """
    return _containing(ctxt, stop_ctxt, loops=True)


def GetContainingCondContext(ctxt: Any) -> Any:
    """Return the innermost branch at or around a branch or loop, None if there is none."""
    return _containing(ctxt, None, loops=False)


def _containing(context: Any, stop: Any, *, loops: bool) -> Any:
    while context is not None and (context.loop is context) is not loops:
        if context is stop:
            return None
        context = context.outer
    return context


def IsInXLAContext(op: Operation) -> bool:
    """Tell that no compiler takes an operation over: always False."""
    return False


def IsLoopSwitch(op: Operation) -> bool:
    """Tell whether an operation is the Switch with which a loop goes on or ends."""
    return IsSwitch(op) and op.inputs[1].op.type == "LoopCond"


def IsCondSwitch(op: Operation) -> bool:
    """Tell whether an operation is a Switch of a branch."""
    return IsSwitch(op) and not IsLoopSwitch(op)


def IsLoopMerge(op: Operation) -> bool:
    """Tell whether an operation is the Merge with which an iteration begins."""
    starts = ("Enter", "RefEnter", "NextIteration", "RefNextIteration")
    return IsMerge(op) and any(each.op.type in starts for each in op.inputs)


def IsCondMerge(op: Operation) -> bool:
    """Tell whether an operation is the Merge in which branches meet."""
    return IsMerge(op) and not IsLoopMerge(op)
