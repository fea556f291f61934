"""Frames and iterations: where a token is, besides at which node.

A token carries a tag, the Iteration that it is in.  A branch needs no more than DEAD and the Merge
that joins it; a loop is a Frame with Iterations of its own, and four kinds of node move tokens:
Enter into a frame, NextIteration to the following iteration, Exit out of the frame; and Merge fires
on the first token that comes.

**State**
- `Frame`: one run of a loop inside an iteration of the frame around it: its live iterations by
  number, oldest first, the last number begun; what constant Enters brought; NextIterations that
  wait for a free place; Exits that the last iteration left dead; how many Enters are still to come.
- `LoopIteration`: an Iteration (`dataflow.py`) that can tell when it is over: how many of its nodes
  are ready or running; the frames that were made in it; of its Merges, which have what they wait
  for, and how many dead tokens the others got.

**Invariants** (the laws L1 to L12 of dynamic control flow)
1. Merge waits for its control inputs and the first live token, or the last of all dead ones; later
   tokens are ignored.  Enter's dead token is the last: nothing comes round to its Merge (L3).
2. A constant Enter's value goes to every iteration of its frame (L4).
3. A live token at NextIteration goes to the following iteration, begun by the first that comes; if
   `parallel_iterations` are under way it is parked until the oldest is over.  A dead one is
   swallowed: so loops stop (L5).
4. A live token at Exit goes to the iteration that the frame was made in.  A dead one is noted, and
   forgotten when another iteration begins: those of the last go out when the frame is over (L6).
5. An iteration is over when none of its nodes is ready or running, the frames in it are over, and
   the iteration before it; the first, when all Enters have come too (L8).  A frame is over when its
   iterations are (L9).  Its storage is freed then.
6. Each output gives one token per iteration (L12).

Worked example: `while x < 2: x = x + 1`, x = 1.  Iterations stand in brackets.

    Enter [root] 1 -> Merge [0];  Less, LoopCond [0] true -> Switch [0] (dead, 1)
    Exit [0] dead: noted;  Add [0] 2 -> NextIteration [0] -> Merge [1]: iteration 1 begins
    iteration 0 is over;  Less [1] false -> Switch [1] (2, dead)
    Exit [1] 2 -> root;  Add, NextIteration [1] dead: swallowed;  iteration 1 and the frame are over

Source: 2015 §4.4; OSDI §3.4 (the tagged-token machine of Arvind; timely frames).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

from minitf.dead import DEAD
from minitf.executor.plan import CONTROL, Node, Table


class Iteration:
    """One round of a frame: the tag that its tokens carry, and the state that they act on.

    Attributes:
        frame: the frame; None for the root of a plan without control flow.
        number: which of its rounds.
        pending: by node, how many tokens it waits for.
        values: by slot, the token that waits for its reader.
        dead: indices of nodes to which a dead token has come.

    Source: 2015 §4.4.
    """

    __slots__ = ("dead", "frame", "number", "pending", "values")

    def __init__(self, frame: Any, number: int, table: Table) -> None:
        self.frame = frame
        self.number = number
        self.pending = list(table.pending)
        self.values = list(table.values)
        self.dead: set[int] = set()

    def drop(self) -> None:
        """Let go of all tokens, which a failure's traceback would keep: locks, large arrays."""
        self.values[:] = [None] * len(self.values)

    @property
    def tag(self) -> str:
        """Which iteration of which loops it is: "" at the root, `outer:2/inner:5`."""
        if self.frame is None or self.frame.parent is None:
            return ""
        around = self.frame.parent.tag
        return f"{around}{'/' if around else ''}{self.frame.name}:{self.number}"


class LoopIteration(Iteration):
    """An Iteration that can be over before the step is, or that holds loops or branches.

    Attributes:
        busy: how many of its nodes are ready or running.
        frames: those that were made in it and are not over, by name.
        merged: indices of the Merges that have what they wait for.
        dead_inputs: by Merge, how many dead tokens have come.

    Source: 2015 §4.4.
    """

    __slots__ = ("busy", "dead_inputs", "frames", "merged")

    def __init__(self, frame: Frame, number: int, table: Table) -> None:
        super().__init__(frame, number, table)
        self.busy = 0
        self.frames: dict[str, Frame] = {}
        self.merged: set[int] = set()
        self.dead_inputs: Counter[int] = Counter()


class Frame:
    """A control-flow context: the root of a step, or one run of a loop inside an iteration.

    Attributes:
        table: the nodes that its iterations run.
        parent: the iteration that it was made in; None of the root.
        live: its iterations under way, by number, oldest first.
        last: the number of the last that has begun.
        constants: constant Enters with what they brought.
        parked: NextIterations with what they hold, until an iteration is over.
        dead_exits: the Exits that were dead in the last iteration.
        enters_to_come: how many Enters have not fired yet.

    Source: 2015 §4.4.
    """

    __slots__ = (
        *("constants", "dead_exits", "enters_to_come", "last", "live", "parent", "parked"),
        "table",
    )

    def __init__(self, table: Table, parent: LoopIteration | None) -> None:
        self.table = table
        self.parent = parent
        self.last = 0
        self.live: dict[int, LoopIteration] = {0: LoopIteration(self, 0, table)}
        self.constants: list[tuple[Node, Any]] = []
        self.parked: list[tuple[Node, Any]] = []
        self.dead_exits: list[Node] = []
        self.enters_to_come = table.enter_count

    @property
    def name(self) -> str:
        """The name of its loop; "" of the root."""
        return self.table.name


class _AllDead:
    """The outputs of a dead node, however many."""

    def __getitem__(self, index: int) -> Any:
        return DEAD


ALL_DEAD: Any = _AllDead()


class Delivery:
    """Brings the tokens of one run to their readers, through frames and iterations.

    Args:
        table: the nodes of the root.
        push: takes a node that has become ready, and its tag.

    Attributes:
        root: the iteration in which fed values come and fetched ones are.
        firings: how many nodes have become ready.

    Source: 2015 §4.4; OSDI §3.4.
    """

    __slots__ = ("_push", "firings", "root")

    def __init__(self, table: Table, push: Callable[[tuple[Node, Any]], None]) -> None:
        self._push = push
        self.firings = 0
        self.root = Frame(table, None).live[0]

    def deliver(self, node: Node, at: LoopIteration, outputs: Any) -> None:
        """Send a node's outputs where they go; None: they come later, and it is not done yet."""
        if outputs is None:
            return
        if node.enters is not None:
            self._enter(node, node.enters, at, outputs)
        elif node.goes_round:
            self._go_round(node, at, outputs)
        elif node.exits:
            self._exit(node, at, outputs)
        else:
            self._send(node, at, outputs)
        at.busy -= 1
        if not at.busy:
            self._settle(at)

    def _send(self, node: Node, to: LoopIteration, outputs: Any) -> None:
        """Send each output to its readers and tell those who wait; who has all is ready."""
        pending, values = to.pending, to.values
        ready = []
        for output, slot, reader in node.edges:
            value = values[slot] = outputs[output]
            if value is DEAD:
                to.dead.add(reader)
            left = pending[reader] = pending[reader] - 1
            if not left:
                ready.append(reader)
        if outputs is ALL_DEAD:
            to.dead.update(node.controls)
        for reader in node.controls:
            left = pending[reader] = pending[reader] - 1
            if not left:
                ready.append(reader)
        for output, slot, reader in node.merges:
            if slot == CONTROL or self._is_awaited(node, to, outputs[output], slot, reader):
                left = pending[reader] = pending[reader] - 1
                if not left:
                    ready.append(reader)
        to.busy += len(ready)
        self.firings += len(ready)
        nodes = to.frame.table.nodes
        for reader in ready:
            self._push((nodes[reader], to))

    def _is_awaited(
        self, node: Node, to: LoopIteration, value: Any, slot: int, reader: int
    ) -> bool:
        """Put a token into a slot of a Merge; tell whether it is what the Merge waits for."""
        if reader in to.merged:
            return False
        if value is DEAD:
            merge = to.frame.table.nodes[reader]
            to.dead_inputs[reader] += 1
            if node.enters is None and to.dead_inputs[reader] < merge.last - merge.first:
                return False
            to.dead.add(reader)
        else:
            to.values[slot] = value
        to.merged.add(reader)
        return True

    # --- nodes that change the frame or the iteration --------------------------------------------

    def _enter(self, node: Node, table: Table, at: LoopIteration, outputs: Any) -> None:
        frame = at.frames.get(table.name)
        if frame is None:
            frame = at.frames[table.name] = Frame(table, at)
        assert node.operation is not None
        if node.operation.attrs["is_constant"]:
            frame.constants.append((node, outputs))
            for iteration in frame.live.values():
                self._send(node, iteration, outputs)
        else:
            self._send(node, frame.live[0], outputs)
        frame.enters_to_come -= 1
        if not frame.live[0].busy:
            self._settle(frame.live[0])

    def _go_round(self, node: Node, at: LoopIteration, outputs: Any) -> None:
        if outputs[0] is DEAD:
            return
        frame = at.frame
        if at.number < frame.last:
            self._send(node, frame.live[at.number + 1], outputs)
        elif len(frame.live) < frame.table.parallel_iterations:
            self._send(node, self._begin_iteration(frame), outputs)
        else:
            frame.parked.append((node, outputs))

    def _exit(self, node: Node, at: LoopIteration, outputs: Any) -> None:
        frame = at.frame
        if outputs[0] is not DEAD:
            assert frame.parent is not None
            self._send(node, frame.parent, outputs)
        elif at.number == frame.last:
            frame.dead_exits.append(node)

    def _begin_iteration(self, frame: Frame) -> LoopIteration:
        frame.last += 1
        begun = frame.live[frame.last] = LoopIteration(frame, frame.last, frame.table)
        frame.dead_exits.clear()
        for node, outputs in frame.constants:
            self._send(node, begun, outputs)
        return begun

    # --- the end of iterations and frames --------------------------------------------------------

    def _settle(self, at: LoopIteration) -> None:
        """Free an iteration if it is over, those after it, and their frame with the last."""
        frame = at.frame
        if frame.parent is None:
            return
        each: LoopIteration | None = at
        while each is not None and _is_over(each):
            del frame.live[each.number]
            if frame.parked:
                begun = self._begin_iteration(frame)
                parked, frame.parked = frame.parked, []
                for node, outputs in parked:
                    self._send(node, begun, outputs)
            each = frame.live.get(each.number + 1)
        if not frame.live:
            self._leave(frame, frame.parent)

    def _leave(self, frame: Frame, parent: LoopIteration) -> None:
        """Forget a frame that is over; its dead Exits are dead for good."""
        del parent.frames[frame.name]
        for node in frame.dead_exits:
            self._send(node, parent, ALL_DEAD)
        if not parent.busy:
            self._settle(parent)


def _is_over(iteration: LoopIteration) -> bool:
    """Tell whether no token is left in an iteration, and none can come."""
    if iteration.busy or iteration.frames:
        return False
    if iteration.number == 0:
        return not iteration.frame.enters_to_come
    return iteration.number - 1 not in iteration.frame.live
