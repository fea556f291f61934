"""`minitf explain --step script.py`: the generated code of the steps that a script ran.

    step 1 of 3: 200 runs, generated code for feeds of shapes (100, 784), (100, 10)
      fetches   GradientDescent, Mean:0
      calls     9, of them 3 of clusters, which stand for 14 operations
      def step(feeds):
          ...

The script runs as `minitf run` runs it; then its steps are shown, the one that ran most often
first.  Each line of the code calls one kernel and ends with the name of its operation.

Source: no paper; what a compiler has made should be readable.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from rich.console import Console
from rich.syntax import Syntax
from rich.text import Text

from minitf.compat.run import run_to_end
from minitf.executor.generated import Looping, Shapes
from minitf.executor.kept import Kept, keeping
from minitf.executor.step import Step
from minitf.executor.straightline import StraightLine
from minitf.executor.structured import Structured
from minitf.executor.tiers import COMPILED_RUN

_MOST_NAMES = 6


class Code(NamedTuple):
    """One generated function of a step.

    Attributes:
        tier: what it is, or why there is none.
        code: None if the step runs by the reference executor.
    """

    tier: str
    code: StraightLine | Structured | None


def show(script: str, most: int, console: Console | None = None) -> int:
    """Run a script and show the steps that it ran; returns the script's exit code.

    Args:
        script: a program that says `import tensorflow`.
        most: how many steps to show.
        console: where to.

    Raises:
        OSError: if the script cannot be read.
    """
    console = console or Console(highlight=False)
    with keeping() as kept:
        code = run_to_end(script)
    ran = sorted((each for each in kept if each.runs), key=lambda each: -each.runs)
    for number, each in enumerate(ran[:most], 1):
        _show_step(console, each, f"step {number} of {len(ran)}")
    if len(ran) > most:
        console.print(f"{len(ran) - most} more; --most {len(ran)} shows all")
    if not ran:
        console.print(f"{script} has run no step")
    return code


def codes(kept: Kept) -> Iterator[Code]:
    """Return the functions of a step, per partition; what stands for them where there are none."""
    parts = kept.step.parts
    for part in parts:
        where = f"on {part.device.name}, " if len(parts) > 1 else ""
        for code in _codes_of(part):
            yield code._replace(tier=where + code.tier)


def _codes_of(step: Step) -> Iterator[Code]:
    tiers = step.tiers
    tier = f"bodies of ops: compiled kernels come with run {COMPILED_RUN}"
    if isinstance(tiers.fast, Looping):
        parts = tiers.fast.latest.hot_parts
        native = ", its loops machine code by now" if any(p.is_native for p in parts) else ""
        yield Code(f"generated code{native}", tiers.fast.latest)
    elif tiers.fast is not None and tiers.fast.codes:
        for shapes, code in tiers.fast.codes.items():
            native = ", machine code by now" if tiers.fast.is_native(shapes) else ""
            yield Code(f"generated code for {_feeds(shapes)}{native}", code)
    elif tiers.why_tokens:
        yield Code(f"reference executor: {tiers.why_tokens}", None)
    elif tiers.has_control_flow:
        yield Code(tier, tiers.structured(step.plan))
    else:
        yield Code(tier, tiers.straight(step.plan, keeps_all=False))


def _feeds(shapes: Shapes | None) -> str:
    if shapes is None:
        return "feeds of any shapes"
    if not shapes:
        return "no feeds"
    return "feeds of shapes " + ", ".join("?" if each is None else str(each) for each in shapes)


def _show_step(console: Console, kept: Kept, title: str) -> None:
    request = kept.step.request
    fetches = [tensor.name for tensor in request.fetches]
    fetches += [operation.name for operation in request.targets]
    for tier, code in codes(kept):
        times = "1 run" if kept.runs == 1 else f"{kept.runs} runs"
        console.print(Text(f"{title}: {times}, {tier}", "bold"))
        console.print(Text(f"  fetches   {_listed(fetches)}"))
        if request.feeds:
            console.print(Text(f"  feeds     {_listed([each.name for each in request.feeds])}"))
        if code is not None:
            console.print(Text(f"  calls     {_calls(code)}"))
            console.print(Syntax(code.source, "python", background_color="default", word_wrap=True))


def _listed(names: Sequence[str]) -> str:
    rest = len(names) - _MOST_NAMES
    return ", ".join(names[:_MOST_NAMES]) + (f" and {rest} more" if rest > 0 else "")


def _calls(code: StraightLine | Structured) -> str:
    nodes = code.nodes
    clusters = [node for node in nodes if node.members]
    if not clusters:
        return str(len(nodes))
    members = sum(len(node.members) for node in clusters)
    return (
        f"{len(nodes)}, of them {len(clusters)} of clusters, which stand for {members} operations"
    )
