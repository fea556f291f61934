"""Supervisor: a training that is saved, summarised and restored without a word in its loop.

    sv = tf.train.Supervisor(logdir="train")        # finalizes the graph
    with sv.managed_session() as sess:              # restored from "train", else initialized
        while not sv.should_stop():
            sess.run(train_op)

**State**: the operations found or made for it; the folder, its event file, whether the graph has
been written to that; the Coordinator of all threads.

**Invariants**
1. Only the chief initializes, saves and writes; the others wait until the variables have values.
2. What a thread or the block of `managed_session` fails with is raised at the end of that block;
   OutOfRangeError, the end of the input, is not.

Source: TensorFlow 1.15's class of the same name; 2015 §3.3, §9.1; OSDI §4.3.
"""

from __future__ import annotations

import contextlib
import logging
import os
import threading
from collections.abc import Callable, Iterator
from operator import attrgetter
from typing import Any, ClassVar

from minitf import protos
from minitf.api.framework import get_default_graph
from minitf.api.graph_io import write_graph
from minitf.api.state import (
    global_variables,
    global_variables_initializer,
    report_uninitialized_variables,
)
from minitf.graph_keys import GraphKeys
from minitf.meta_graph import export_meta_graph
from minitf.summary.merging import merge_all
from minitf.train.coordinator import Coordinator, LooperThread
from minitf.train.event_files import new_event_file
from minitf.train.saver import Saver
from minitf.train.scaffold import Scaffold
from minitf.train.session_manager import SessionManager
from minitf.train.supervised_graph import (
    USE_DEFAULT,
    check_placed,
    found_or_made,
    step_by_name,
)
from minitf.train.supervisor_threads import CheckpointThread, StepCounterThread, SummaryThread
from minitf.train.training_util import global_step as value_of_step

_LOG = logging.getLogger("tensorflow")


class Supervisor:
    """Prepares the sessions of a training and does what is to be done on the side.

    Where a default is `USE_DEFAULT`, the first item of the graph's collection is taken, or one is
    made; None means that there is none.

    Args:
        graph: the graph; the default one if None.  It is finalized.
        ready_op: names the variables without a value.
        ready_for_local_init_op: names those that `local_init_op` needs.
        is_chief: whether it initializes, saves and writes.
        init_op: gives all global variables their values.
        init_feed_dict: its feeds.
        local_init_op: runs in every new session.
        logdir: the folder of checkpoints and events; None for neither.
        summary_op: the merged summaries.
        saver: the Saver.
        global_step: counts the steps.
        save_summaries_secs: seconds between summaries; 0 for none.
        save_model_secs: seconds between checkpoints; 0 for none.
        recovery_wait_secs: seconds between two looks for a checkpoint or a ready session.
        stop_grace_secs: how long threads may take to end.
        checkpoint_basename: how the names of checkpoints begin.
        session_manager: makes the sessions; a SessionManager of its own if None.
        summary_writer: the FileWriter; by default one for `logdir`.
        init_fn: called with the session after `init_op`.
        local_init_run_options: RunOptions for `local_init_op`.

    Raises:
        ValueError: if it is not the chief and a variable has no device.

    Source: TensorFlow 1.15.
    """

    USE_DEFAULT: ClassVar[int] = USE_DEFAULT

    def __init__(
        self,
        graph: Any = None,
        ready_op: Any = USE_DEFAULT,
        ready_for_local_init_op: Any = USE_DEFAULT,
        is_chief: bool = True,
        init_op: Any = USE_DEFAULT,
        init_feed_dict: Any = None,
        local_init_op: Any = USE_DEFAULT,
        logdir: Any = None,
        summary_op: Any = USE_DEFAULT,
        saver: Any = USE_DEFAULT,
        global_step: Any = USE_DEFAULT,
        save_summaries_secs: float = 120,
        save_model_secs: float = 600,
        recovery_wait_secs: float = 30,
        stop_grace_secs: float = 120,
        checkpoint_basename: str = "model.ckpt",
        session_manager: Any = None,
        summary_writer: Any = USE_DEFAULT,
        init_fn: Callable[[Any], Any] | None = None,
        local_init_run_options: Any = None,
    ) -> None:
        self._graph = graph = get_default_graph() if graph is None else graph
        keys = GraphKeys
        with graph.as_default():
            self._ready_op = found_or_made(ready_op, keys.READY_OP, report_uninitialized_variables)
            self._ready_for_local_init_op = found_or_made(
                ready_for_local_init_op, keys.READY_FOR_LOCAL_INIT_OP, lambda: None
            )
            self._init_op = found_or_made(init_op, keys.INIT_OP, global_variables_initializer)
            local = found_or_made(local_init_op, keys.LOCAL_INIT_OP, Scaffold.default_local_init_op)
            self._saver = found_or_made(
                saver, keys.SAVERS, lambda: Saver() if global_variables() else None
            )
            self._summary_op = found_or_made(summary_op, keys.SUMMARY_OP, merge_all)
            self._global_step = found_or_made(global_step, keys.GLOBAL_STEP, step_by_name)
        self._init_feed_dict = init_feed_dict
        self._is_chief = is_chief
        self._coord = Coordinator()
        self._init_fn = init_fn
        self._stop_grace_secs = stop_grace_secs
        self._logdir = os.fsdecode(logdir) if is_chief and logdir else None
        self._save_summaries_secs = save_summaries_secs if is_chief else None
        self._save_model_secs = save_model_secs if is_chief else None
        self._save_path = self._logdir and os.path.join(self._logdir, checkpoint_basename)  # noqa: PTH118 shown as given
        if summary_writer is USE_DEFAULT:
            summary_writer = new_event_file(self._logdir) if self._logdir else None
        self._summary_writer = summary_writer if is_chief else None
        self._wrote_graph = False
        self._session_manager = session_manager or SessionManager(
            local_init_op=local,
            ready_op=self._ready_op,
            ready_for_local_init_op=self._ready_for_local_init_op,
            graph=graph,
            recovery_wait_secs=recovery_wait_secs,
            local_init_run_options=local_init_run_options,
        )
        if not is_chief:
            check_placed(graph)
        graph.finalize()

    coord = property(attrgetter("_coord"), doc="The Coordinator of all its threads.")
    global_step = property(attrgetter("_global_step"), doc="What counts the steps.")
    init_feed_dict = property(attrgetter("_init_feed_dict"), doc="The feeds of `init_op`.")
    init_op = property(attrgetter("_init_op"), doc="What gives the variables their values.")
    is_chief = property(attrgetter("_is_chief"), doc="Whether it initializes, saves and writes.")
    ready_for_local_init_op = property(
        attrgetter("_ready_for_local_init_op"), doc="What names those that `local_init_op` needs."
    )
    ready_op = property(attrgetter("_ready_op"), doc="What names the variables without a value.")
    save_model_secs = property(attrgetter("_save_model_secs"), doc="Seconds between checkpoints.")
    save_path = property(attrgetter("_save_path"), doc="The path of checkpoints, without a step.")
    save_summaries_secs = property(
        attrgetter("_save_summaries_secs"), doc="Seconds between summaries."
    )
    saver = property(attrgetter("_saver"), doc="The Saver.")
    session_manager = property(attrgetter("_session_manager"), doc="What makes the sessions.")
    summary_op = property(attrgetter("_summary_op"), doc="The merged summaries.")
    summary_writer = property(attrgetter("_summary_writer"), doc="The FileWriter.")

    # --- sessions ---------------------------------------------------------------------------------

    def prepare_or_wait_for_session(
        self,
        master: str = "",
        config: Any = None,
        wait_for_checkpoint: bool = False,
        max_wait_secs: float = 7200,
        start_standard_services: bool = True,
    ) -> Any:
        """Return a session that is ready, with what is done on the side started.

        Args:
            master: the target of the session.
            config: ConfigProto.
            wait_for_checkpoint: whether the chief waits until there is a checkpoint.
            max_wait_secs: how long to wait at most.
            start_standard_services: whether to start the services and the queue runners.
        """
        self._coord.clear_stop()
        if self.summary_writer is not None:
            self.summary_writer.reopen()
        if self.is_chief:
            sess = self.session_manager.prepare_session(
                master,
                init_op=self.init_op,
                saver=self.saver,
                checkpoint_dir=self._logdir,
                wait_for_checkpoint=wait_for_checkpoint,
                max_wait_secs=max_wait_secs,
                config=config,
                init_feed_dict=self.init_feed_dict,
                init_fn=self._init_fn,
            )
            self._write_graph()
            if start_standard_services:
                _LOG.info("Starting standard services.")
                self.start_standard_services(sess)
        else:
            sess = self.session_manager.wait_for_session(
                master, config=config, max_wait_secs=max_wait_secs
            )
        if start_standard_services:
            _LOG.info("Starting queue runners.")
            self.start_queue_runners(sess)
        return sess

    @contextlib.contextmanager
    def managed_session(
        self,
        master: str = "",
        config: Any = None,
        start_standard_services: bool = True,
        close_summary_writer: bool = True,
    ) -> Iterator[Any]:
        """Give a block a session that is ready; at its end stop all threads and close it.

        Args:
            master: the target of the session.
            config: ConfigProto.
            start_standard_services: whether to start the services and the queue runners.
            close_summary_writer: whether to close the event file at the end.

        Raises:
            Exception: what the block or a thread has failed with.
        """
        sess = None
        try:
            sess = self.prepare_or_wait_for_session(
                master, config, start_standard_services=start_standard_services
            )
            yield sess
        except Exception as error:  # noqa: BLE001 `stop` raises it
            self.request_stop(error)
        finally:
            try:
                self.stop(close_summary_writer=close_summary_writer)
            finally:
                if sess is not None:
                    with contextlib.suppress(Exception):  # it is given up, whatever it says
                        sess.close()

    def _write_graph(self) -> None:
        graph_def = self._graph.as_graph_def(add_shapes=True)
        if self._logdir:
            write_graph(graph_def, self._logdir, "graph.pbtxt")
        if self.summary_writer is not None and not self._wrote_graph:
            saver_def = self.saver.saver_def if self.saver else None
            meta_graph = export_meta_graph(self._graph, graph_def=graph_def, saver_def=saver_def)
            self.summary_writer.add_graph(self._graph)
            self.summary_writer.add_meta_graph(meta_graph)
            self._wrote_graph = True

    # --- what is done on the side -----------------------------------------------------------------

    def start_standard_services(self, sess: Any) -> list[LooperThread] | None:
        """Start the threads that save and summarise; None without a `logdir`.

        Raises:
            RuntimeError: if it is not the chief.
        """
        if not self.is_chief:
            raise RuntimeError(
                "Only chief supervisor can start standard services. Because only chief supervisors "
                "can write events."
            )
        if not self._logdir:
            _LOG.warning("Standard services need a 'logdir' passed to the SessionManager")
            return None
        has_step = self.global_step is not None
        if has_step and self.summary_writer is not None:
            start = protos.SessionLog(status=protos.SessionLog.START)
            self.summary_writer.add_session_log(start, value_of_step(sess, self.global_step))
        threads: list[LooperThread] = []
        if self.save_summaries_secs and self.summary_writer is not None:
            if self.summary_op is not None:
                threads.append(SummaryThread(self, sess))
            if has_step:
                threads.append(StepCounterThread(self, sess))
        if self.saver and self.save_model_secs:
            threads.append(CheckpointThread(self, sess))
        for thread in threads:
            thread.start()
        return threads

    def start_queue_runners(self, sess: Any, queue_runners: Any = None) -> list[threading.Thread]:
        """Start the threads of queue runners, by default of all in the graph; return them."""
        if queue_runners is None:
            queue_runners = self._graph.get_collection(GraphKeys.QUEUE_RUNNERS)
        return [
            thread
            for runner in queue_runners
            for thread in runner.create_threads(sess, coord=self._coord, daemon=True, start=True)
        ]

    def loop(
        self,
        timer_interval_secs: float | None,
        target: Callable[..., Any],
        args: Any = None,
        kwargs: Any = None,
    ) -> LooperThread:
        """Start a thread that calls a function every so often; arguments as of LooperThread."""
        return LooperThread.loop(self._coord, timer_interval_secs, target, args, kwargs)

    def summary_computed(self, sess: Any, summary: Any, global_step: Any = None) -> None:
        """Write a Summary, at a step or at what `global_step` has in the session.

        Raises:
            RuntimeError: if there is no event file.
        """
        if self.summary_writer is None:
            raise RuntimeError("Writing a summary requires a summary writer.")
        if global_step is None and self.global_step is not None:
            global_step = value_of_step(sess, self.global_step)
        self.summary_writer.add_summary(summary, global_step)

    # --- the end ----------------------------------------------------------------------------------

    def stop(
        self,
        threads: Any = None,
        close_summary_writer: bool = True,
        ignore_live_threads: bool = False,
    ) -> None:
        """Stop all threads, wait for them, and close the event file.

        Args:
            threads: threads to wait for, beside those that registered.
            close_summary_writer: whether to close the event file.
            ignore_live_threads: whether threads that go on are no error.

        Raises:
            BaseException: what a thread has failed with.
        """
        self._coord.request_stop()
        try:
            self._coord.join(threads, self._stop_grace_secs, ignore_live_threads)
        finally:
            if close_summary_writer and self.summary_writer is not None:
                stop = protos.SessionLog(status=protos.SessionLog.STOP)
                self.summary_writer.add_session_log(stop)
                self.summary_writer.close()
                self._wrote_graph = False

    def request_stop(self, ex: Any = None) -> None:
        """Ask all threads to stop; arguments as of `Coordinator.request_stop`."""
        self._coord.request_stop(ex)

    def should_stop(self) -> bool:
        """Tell whether somebody has asked to stop."""
        return self._coord.should_stop()

    def stop_on_exception(self) -> contextlib.AbstractContextManager[None]:
        """Ask to stop if the block raises; `stop` raises it."""
        return self._coord.stop_on_exception()

    def wait_for_stop(self) -> None:
        """Wait until somebody asks to stop."""
        self._coord.wait_for_stop()

    PrepareSession = prepare_or_wait_for_session
    StartStandardServices = start_standard_services
    StartQueueRunners = start_queue_runners
    Loop = loop
    SummaryComputed = summary_computed
    Stop = stop
    RequestStop = request_stop
    ShouldStop = should_stop
    StopOnException = stop_on_exception
    WaitForStop = wait_for_stop
