"""What was checked of every op, and which comparisons were not made, and why.

    $ python -m minitf.testing --report

Every law runs on every op to which it applies, on a few cases each.  The report counts cases; its
second table lists every reason for which a comparison was not made.

Source: no paper; a test that is skipped in silence is no test.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.progress import Progress
from rich.table import Table

from minitf.errors import NotFoundError
from minitf.testing.op_catalogue import catalogue
from minitf.testing.properties import PROPERTIES
from minitf.testing.property import Property


@dataclass
class Report:
    """What came of checking laws on ops.

    Attributes:
        laws: the laws that were checked.
        compared: (op, law's name) -> how many cases were compared.
        skipped: reason -> (op, law's name) -> how many cases were not compared; 0 where the law
            does not apply to the op.
        failures: (op, law's name) -> what broke it.
    """

    laws: tuple[Property, ...]
    compared: dict[tuple[str, str], int] = field(default_factory=dict)
    skipped: dict[str, Counter[tuple[str, str]]] = field(default_factory=dict)
    failures: dict[tuple[str, str], str] = field(default_factory=dict)

    def check(self, law: Property, name: str, examples: int) -> None:
        """Check a law on an op and note what came of it."""
        at = name, law.name
        if reason := law.not_for(catalogue()[name]):
            self.skipped.setdefault(reason, Counter())[at] = 0
            return
        try:
            outcomes = law.run(name, examples)
        except Exception as error:  # noqa: BLE001 whatever breaks a law is a line of the report
            self.failures[at] = "\n".join([repr(error), *getattr(error, "__notes__", ())])
            return
        self.compared[at] = outcomes.pop("", 0)
        for reason, count in outcomes.items():
            self.skipped.setdefault(reason, Counter())[at] = count


def make(
    names: Iterable[str] | None = None, examples: int = 10, *, with_tensorflow: bool = True
) -> Report:
    """Check the laws on ops, showing progress.

    Args:
        names: registry names of the ops; None for all.
        examples: how many cases each law draws for each op.
        with_tensorflow: check the laws that compare with TensorFlow too.

    Raises:
        NotFoundError: if there is no such op.
    """
    chosen = list(catalogue() if names is None else names)
    if unknown := set(chosen) - set(catalogue()):
        raise NotFoundError(None, None, f"No ops named {sorted(unknown)} are registered")
    laws = tuple(law for law in PROPERTIES if with_tensorflow or not law.needs_tensorflow)
    report = Report(laws)
    with Progress(transient=True, console=Console(stderr=True)) as progress:
        task = progress.add_task("", total=len(chosen) * len(laws))
        for name in chosen:
            progress.update(task, description=name)
            for law in laws:
                report.check(law, name, examples)
                progress.advance(task)
    return report


def show(report: Report, *, tables: bool = True) -> None:
    """Print a report: a line per op, then the reasons, then the failures.

    Args:
        report: what came of the laws.
        tables: print the lines of ops and reasons, not the failures alone.
    """
    console = Console(highlight=False)
    names = sorted({name for name, _ in [*report.compared, *report.failures, *_skips(report)]})
    if tables:
        console.print(_table_of_ops(report, names))
        console.print(_table_of_reasons(report))
    for (name, of), error in sorted(report.failures.items()):
        console.print(f"[bold]FAILED[/] {name}, {of}: {escape(error)}")
    total = sum(report.compared.values())
    console.print(
        f"{len(names)} ops, {len(report.laws)} laws, {total} cases compared, "
        f"{len(report.failures)} laws broken"
    )


def _table_of_ops(report: Report, names: list[str]) -> Table:
    table = _table("cases compared, by op and law")
    table.add_column("op")
    for law in report.laws:
        table.add_column(law.name, justify="right")
    for name in names:
        table.add_row(name, *[_cell(report, (name, law.name)) for law in report.laws])
    return table


def _table_of_reasons(report: Report) -> Table:
    reasons = _table("not compared")
    for title in ("reason", "law", "ops"):
        reasons.add_column(title, overflow="fold")
    for reason, where in sorted(report.skipped.items()):
        for law in report.laws:
            found = [(name, count) for (name, of), count in sorted(where.items()) if of == law.name]
            if found:
                shown = [f"{name} ({count} cases)" if count else name for name, count in found]
                reasons.add_row(reason, law.name, ", ".join(shown))
    return reasons


def _table(title: str) -> Table:
    return Table(box=None, pad_edge=False, title=title, title_justify="left")


def _skips(report: Report) -> list[tuple[str, str]]:
    return [at for where in report.skipped.values() for at in where]


def _cell(report: Report, at: tuple[str, str]) -> Any:
    if at in report.failures:
        return "[bold]FAILED[/]"
    return str(report.compared[at]) if at in report.compared else "-"
