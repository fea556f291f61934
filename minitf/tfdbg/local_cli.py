"""Sessions with a command line: before a run it asks what to do, after it shows what came out.

    run-start   run, run -t N, run -n, run -f FILTER, print_feed, run_info
    the run     its outputs go to a folder that is removed when the user goes on
    run-end     list_tensors, print_tensor, node_info, ...; `run` goes on to the end of the next

Source: TensorFlow 1.15's `tensorflow.python.debug.wrappers.local_cli_wrapper`.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from minitf import nest
from minitf.errors import OpError
from minitf.session.feeds import flat_feeds
from minitf.tfdbg.analyzer import Analyzer, Filter, add_print_arguments, parsed, shown_value
from minitf.tfdbg.commands import Arguments, CommandError, Commands
from minitf.tfdbg.dump_dir import DebugDumpDir
from minitf.tfdbg.dumping import empty_folder, new_run_folder
from minitf.tfdbg.prompt import Leave, add_general, ask
from minitf.tfdbg.requests import (
    OnRunEndRequest,
    OnRunEndResponse,
    OnRunStartAction,
    OnRunStartRequest,
    OnRunStartResponse,
)
from minitf.tfdbg.wrapped_session import BaseDebugWrapperSession

_HELP = """Select one of the following commands to proceed ---->
  run:
    Execute the run() call with debug tensor-watching
  run -n:
    Execute the run() call without debug tensor-watching
  run -t <T>:
    Execute T - 1 run() calls without debugging, then one with debugging
  run -f <filter_name>:
    Keep executing run() calls until a dumped tensor passes a registered filter"""
_UI_TYPES = ("curses", "readline")


class LocalCLIDebugWrapperSession(BaseDebugWrapperSession):
    """A session whose runs are looked at on the command line.

    Args:
        sess: a Session or MonitoredSession.
        dump_root: where dumps go meanwhile: a new folder or an empty one; one of the system's if
            None.
        ui_type: "curses" or "readline"; both are the same here, lines in a terminal.
        thread_name_filter: as of BaseDebugWrapperSession.

    Raises:
        TypeError: if `sess` is no session.
        ValueError: if `ui_type` is another, or there is something at `dump_root`.

    Source: TensorFlow 1.15.
    """

    def __init__(
        self,
        sess: Any,
        dump_root: str | None = None,
        ui_type: str = "curses",
        thread_name_filter: str | None = None,
    ) -> None:
        super().__init__(sess, thread_name_filter)
        if ui_type not in _UI_TYPES:
            raise ValueError(f"Invalid ui_type: {ui_type!r}; known ones: {', '.join(_UI_TYPES)}")
        self._root = None if dump_root is None else empty_folder("dump_root", dump_root)
        self._filters: dict[str, Filter] = {}
        self._until: tuple[str, str | None] | None = None  # a filter, and what it leaves out
        self._through = 0  # how many runs go on without a prompt
        self._next: OnRunStartResponse | None = None
        self._folder: Path | None = None
        self._request: OnRunStartRequest | None = None

    def add_tensor_filter(self, filter_name: str, tensor_filter: Filter) -> None:
        """Give a name to a predicate, for `run -f NAME` and `list_tensors -f NAME`.

        Args:
            filter_name: the name.
            tensor_filter: takes a DebugTensorDatum and the value.

        Raises:
            ValueError: if the name is empty.
            TypeError: if it is no text, or the predicate no function.
        """
        if not isinstance(filter_name, str):
            raise TypeError(f"Input argument filter_name is expected to be str: {filter_name!r}")
        if not filter_name:
            raise ValueError("Input argument filter_name cannot be empty.")
        if not callable(tensor_filter):
            raise TypeError("Input argument filter_callable is expected to be callable")
        self._filters[filter_name] = tensor_filter

    # --- before and after ------------------------------------------------------------------------

    def on_run_start(self, request: OnRunStartRequest) -> OnRunStartResponse:
        """Ask what to do with a run, unless the user has said so."""
        self._request = request
        self._remove_dumps()  # of a run that ended with another error
        if self._next is None:
            self._next = self._asked(self._commands(), "run-start", self.run_info())
        response = self._next
        if self._through:
            self._through -= 1
            return OnRunStartResponse(OnRunStartAction.NON_DEBUG_RUN, [])
        if self._until is None:
            self._next = None
        if response.action == OnRunStartAction.DEBUG_RUN:
            root = self._root or Path(tempfile.mkdtemp(prefix="tfdbg_"))
            self._folder = new_run_folder(
                root, request.run_call_count, request.fetches, request.feed_dict
            )
            response.debug_urls = [f"file://{self._folder}"]
        return response

    def on_run_end(self, request: OnRunEndRequest) -> OnRunEndResponse:
        """Show what a watched run gave, unless it is to be passed over; remove its dumps."""
        if request.performed_action == OnRunStartAction.DEBUG_RUN and self._folder is not None:
            try:
                self._look(DebugDumpDir(str(self._folder)), request.tf_error)
            finally:
                self._remove_dumps()
        return OnRunEndResponse()

    def _remove_dumps(self) -> None:
        if self._folder is not None:
            shutil.rmtree(self._folder if self._root else self._folder.parent, ignore_errors=True)
            self._folder = None

    def _look(self, dump: DebugDumpDir, error: OpError | None) -> None:
        dump.set_python_graph(self.graph)
        first = "list_tensors"
        if self._until is not None and error is None:
            name, excluded = self._until
            if not dump.find(self._filters[name], first_n=1, exclude_node_names=excluded):
                return
            first += f" -f '{name}'" + (f" -fenn '{excluded}'" if excluded else "")
        self._until, self._next = None, None
        commands = self._commands()
        Analyzer(dump, self._filters).add_to(commands)
        lines = commands.carry_out(first)
        if error is not None:
            lines = [*_told(error), "", *lines]
        self._next = self._asked(commands, "run-end", lines, _names(dump))

    def _resets_disk_usage(self) -> bool:
        """What a run writes is gone when the next one begins."""
        return True

    # --- commands --------------------------------------------------------------------------------

    def _asked(
        self,
        commands: Commands,
        moment: str,
        lines: list[str],
        completions: list[str] | None = None,
    ) -> OnRunStartResponse:
        """Ask; end the program if the user leaves."""
        count = self._request.run_call_count if self._request else 0
        response = ask(commands, f"{moment}: run #{count}", lines, completions or ())
        if response is None:
            sys.stderr.write("Note: user exited from debugger CLI: Calling sys.exit(1).\n")
            sys.exit(1)
        return response

    def _commands(self) -> Commands:
        commands = Commands()
        run = Arguments("run", "Go on, with or without watching.")
        run.add_argument("-t", "--times", type=int, default=0, help="how many runs")
        run.add_argument("-n", "--no_debug", action="store_true", help="without watching")
        run.add_argument("-f", "--till_filter_pass", help="until a tensor passes this filter")
        run.add_argument(
            "-fenn", "--filter_exclude_node_names", help="nodes that the filter leaves out (regex)"
        )
        run.add_argument("--node_name_filter", help="watch only such nodes (regex)")
        run.add_argument("--op_type_filter", help="watch only such types of nodes (regex)")
        run.add_argument("--tensor_dtype_filter", help="watch only such types (regex)")
        commands.add(run, "r", self._run)
        feed = Arguments("print_feed", "Print the value of a feed.")
        add_print_arguments(feed)
        commands.add(feed, "pf", self._print_feed)
        info = Arguments("run_info", "Tell what this run fetches and feeds.")
        commands.add(info, "ri", lambda _: self.run_info())
        add_general(commands)
        return commands

    def _run(self, args: Any) -> list[str]:
        if args.till_filter_pass:
            if args.till_filter_pass not in self._filters:
                raise CommandError(
                    f'The run command refers to "{args.till_filter_pass}", '
                    "which is not a registered tensor filter."
                )
            if args.no_debug or args.times > 1:
                raise CommandError("-f goes with neither -n nor -t")
            self._until = args.till_filter_pass, args.filter_exclude_node_names
        action = OnRunStartAction.NON_DEBUG_RUN if args.no_debug else OnRunStartAction.DEBUG_RUN
        response = OnRunStartResponse(
            action,
            [],
            "DebugIdentity",
            args.node_name_filter or None,
            args.op_type_filter or None,
            args.tensor_dtype_filter or None,
        )
        self._through = max(args.times - 1, 0)
        raise Leave(response)

    def _print_feed(self, args: Any) -> list[str]:
        name, slices = parsed(args.tensor_name)
        feeds = self._request.feed_dict if self._request else None
        for tensor, value in flat_feeds(self.graph, feeds or {}):
            if tensor.name == name:
                return shown_value(value, f"{name} (feed)", slices, args)
        raise CommandError(f'The feed_dict of the current run does not contain the key "{name}"')

    def run_info(self) -> list[str]:
        """Return the lines that tell of the present run."""
        request = self._request
        if request is None:
            return []
        rule = "=" * 38
        fetches = _fetched(request.fetches)
        feeds = [str(getattr(key, "name", key)) for key in request.feed_dict or {}]
        lines = [rule, f"Session.run() call #{request.run_call_count}:", "", "Fetch(es):"]
        lines += [f"  {name}" for name in fetches]
        lines += ["", "Feed dict:", *(f"  {name}" for name in feeds or ["(Empty)"]), rule, ""]
        lines += [*_HELP.splitlines(), "    Registered filter(s):"]
        lines += [f"        * {name}" for name in sorted(self._filters)] or ["        (None)"]
        return [*lines, "", "For more details, see help."]


def _fetched(fetches: Any) -> list[str]:
    """Return the names of what is fetched."""
    return [str(getattr(each, "name", each)) for each in nest.flatten(fetches)]


def _names(dump: DebugDumpDir) -> list[str]:
    """Return what may be completed after a run: names of nodes and tensors."""
    return [*dump.nodes(), *(datum.tensor_name for datum in dump.dumped_tensor_data)]


def _told(error: OpError) -> list[str]:
    """Return the lines that tell of the error that ended a run."""
    name = getattr(error.op, "name", None)
    lines = [
        "!!! An error occurred during the run !!!",
        "",
        *str(error.message).splitlines(),
        "",
    ]
    if name is None:
        return lines
    return [
        *lines,
        "You may use the following commands to debug:",
        f"  ni -a -d -t {name}    its attributes, dumps and traceback",
        f"  li -r {name}          what it reads",
        "  lt                    all that was made before",
    ]
