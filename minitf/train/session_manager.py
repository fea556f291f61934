"""SessionManager: makes sessions whose variables have values, from a checkpoint or an initializer.

    manager = tf.train.SessionManager(ready_op=tf.report_uninitialized_variables())
    sess = manager.prepare_session("", init_op=init, saver=saver, checkpoint_dir="train")

Source: TensorFlow 1.15's class of the same name; OSDI §4.3.
"""

from __future__ import annotations

import contextlib
import logging
import math
import time
from collections.abc import Iterator
from typing import Any

import numpy as np

from minitf.api.framework import get_default_graph
from minitf.errors import DeadlineExceededError, FailedPreconditionError
from minitf.tensor import hooks
from minitf.train.checkpoint_state import get_checkpoint_state

_LOG = logging.getLogger("tensorflow")
_FIRST_PAUSE_S = 0.25  # most chiefs are ready soon


class SessionManager:
    """Makes sessions that are ready to train.

    Args:
        local_init_op: runs in every new session once what it needs is there.
        ready_op: names what has no value yet; None if sessions are always ready.
        ready_for_local_init_op: the same, of what `local_init_op` needs.
        graph: the graph; the default one if None.
        recovery_wait_secs: seconds between two looks for a checkpoint or a ready session.
        local_init_run_options: RunOptions for `local_init_op`.

    Raises:
        ValueError: if there is a `ready_for_local_init_op` and no `local_init_op`.

    Source: TensorFlow 1.15.
    """

    def __init__(
        self,
        local_init_op: Any = None,
        ready_op: Any = None,
        ready_for_local_init_op: Any = None,
        graph: Any = None,
        recovery_wait_secs: float = 30,
        local_init_run_options: Any = None,
    ) -> None:
        if ready_for_local_init_op is not None and local_init_op is None:
            raise ValueError(
                "If you pass a ready_for_local_init_op you must also pass a local_init_op , "
                f"ready_for_local_init_op [{ready_for_local_init_op}]"
            )
        self._local_init_op = local_init_op
        self._ready_op = ready_op
        self._ready_for_local_init_op = ready_for_local_init_op
        self._graph = get_default_graph() if graph is None else graph
        self._recovery_wait_secs = recovery_wait_secs
        self._local_init_run_options = local_init_run_options

    def prepare_session(
        self,
        master: str,
        init_op: Any = None,
        saver: Any = None,
        checkpoint_dir: Any = None,
        checkpoint_filename_with_path: Any = None,
        wait_for_checkpoint: bool = False,
        max_wait_secs: float = 7200,
        config: Any = None,
        init_feed_dict: Any = None,
        init_fn: Any = None,
    ) -> Any:
        """Return a session that is restored from a checkpoint, else initialized.

        Args:
            master: the target of the session.
            init_op: gives all variables their values.
            saver: restores a checkpoint; without one none is looked for.
            checkpoint_dir: the folder whose latest checkpoint is restored.
            checkpoint_filename_with_path: the checkpoint, instead.
            wait_for_checkpoint: whether to wait until there is one.
            max_wait_secs: how long at most.
            config: ConfigProto.
            init_feed_dict: feeds of `init_op`.
            init_fn: called with the session after `init_op`.

        Raises:
            RuntimeError: if the session is not ready after that.
        """
        sess, restored = self._restored(
            master,
            saver,
            checkpoint_dir,
            checkpoint_filename_with_path,
            wait_for_checkpoint,
            max_wait_secs,
            config,
        )
        with _closed_on_failure(sess):
            if not restored:
                self._initialize(sess, init_op, init_feed_dict, init_fn)
            self._check_ready(sess, init_op, init_fn)
        return sess

    def _initialize(self, sess: Any, init_op: Any, init_feed_dict: Any, init_fn: Any) -> None:
        if init_op is None and not init_fn and self._local_init_op is None:
            raise RuntimeError(
                "Model is not initialized and no init_op or init_fn or local_init_op was given"
            )
        if init_op is not None:
            sess.run(init_op, feed_dict=init_feed_dict)
        if init_fn:
            init_fn(sess)

    def _check_ready(self, sess: Any, init_op: Any, init_fn: Any) -> None:
        given = f"Init op: {_name(init_op)}, init fn: {init_fn}"
        reason = self._run_local_init(sess)
        if reason:
            raise RuntimeError(
                f"Init operations did not make model ready for local_init.  {given}, "
                f"error: {reason}"
            )
        reason = why_not_ready(self._ready_op, sess, "Model not ready")
        if reason:
            raise RuntimeError(
                f"Init operations did not make model ready.  {given}, local_init_op: "
                f"{_name(self._local_init_op)}, error: {reason}"
            )

    def recover_session(
        self,
        master: str,
        saver: Any = None,
        checkpoint_dir: Any = None,
        checkpoint_filename_with_path: Any = None,
        wait_for_checkpoint: bool = False,
        max_wait_secs: float = 7200,
        config: Any = None,
    ) -> tuple[Any, bool]:
        """Return a session and whether it was restored and is ready; arguments as above."""
        sess, restored = self._restored(
            master,
            saver,
            checkpoint_dir,
            checkpoint_filename_with_path,
            wait_for_checkpoint,
            max_wait_secs,
            config,
        )
        source = checkpoint_dir or checkpoint_filename_with_path
        with _closed_on_failure(sess):
            reason = self._run_local_init(sess)
            if not restored:
                return sess, False
            wanted = "ready for local init" if reason else "ready"
            reason = reason or why_not_ready(self._ready_op, sess, "Model not ready")
        if reason:
            _LOG.info("Restoring model from %s did not make model %s: %s", source, wanted, reason)
        else:
            _LOG.info("Restored model from %s", source)
        return sess, not reason

    def wait_for_session(
        self, master: str, config: Any = None, max_wait_secs: float | None = float("Inf")
    ) -> Any:
        """Return a session once another one has given the variables their values.

        It looks often at first, then every `recovery_wait_secs`.

        Args:
            master: the target, whose state the sessions share.
            config: ConfigProto.
            max_wait_secs: how long to wait at most; None for ever.

        Raises:
            DeadlineExceededError: if it takes longer.
        """
        end_s = time.monotonic() + (math.inf if max_wait_secs is None else max_wait_secs)
        pause_s = min(_FIRST_PAUSE_S, self._recovery_wait_secs)
        while True:
            sess = hooks.new_session(master, graph=self._graph, config=config)
            with _closed_on_failure(sess):
                reason = self._run_local_init(sess)
                reason = reason or why_not_ready(self._ready_op, sess, "Model not ready")
            if not reason:
                return sess
            _give_up(sess)
            if end_s - time.monotonic() < self._recovery_wait_secs:
                raise DeadlineExceededError(
                    None,
                    None,
                    f"Session was not ready after waiting {max_wait_secs} secs: {reason}",
                )
            _LOG.info("Waiting for model to be ready.  %s", reason)
            time.sleep(pause_s)
            pause_s = min(2 * pause_s, self._recovery_wait_secs)

    def _restored(
        self,
        master: str,
        saver: Any,
        folder: Any,
        path: Any,
        wait: bool,
        max_wait_secs: float,
        config: Any,
    ) -> tuple[Any, bool]:
        """Return a session and whether a checkpoint was restored in it."""
        if folder and path:
            raise ValueError(
                "Can not provide both checkpoint_dir and checkpoint_filename_with_path."
            )
        sess = hooks.new_session(master, graph=self._graph, config=config)
        if not saver or not (folder or path):
            return sess, False
        with _closed_on_failure(sess):
            return sess, self._restore(sess, saver, folder, path, wait, max_wait_secs)

    def _restore(
        self, sess: Any, saver: Any, folder: Any, path: Any, wait: bool, max_wait_secs: float
    ) -> bool:
        """Restore a checkpoint; tell whether there was one."""
        if path:
            saver.restore(sess, path)
            return True
        end_s = time.monotonic() + max_wait_secs
        state = get_checkpoint_state(folder)
        while not state or not state.model_checkpoint_path:
            if not wait or time.monotonic() >= end_s:
                return False
            _LOG.info("Waiting for checkpoint to be available.")
            time.sleep(min(self._recovery_wait_secs, max(0.0, end_s - time.monotonic())))
            state = get_checkpoint_state(folder)
        saver.restore(sess, state.model_checkpoint_path)
        saver.recover_last_checkpoints(state.all_model_checkpoint_paths)
        return True

    def _run_local_init(self, sess: Any) -> str | None:
        """Run the local initializer if it can be; return why it cannot."""
        if self._local_init_op is None:
            return None
        reason = why_not_ready(
            self._ready_for_local_init_op, sess, "Model not ready for local init"
        )
        if reason:
            return reason
        _LOG.info("Running local_init_op.")
        sess.run(self._local_init_op, options=self._local_init_run_options)
        _LOG.info("Done running local_init_op.")
        return None


def _give_up(sess: Any) -> None:
    with contextlib.suppress(Exception):  # whatever it says
        sess.close()


@contextlib.contextmanager
def _closed_on_failure(sess: Any) -> Iterator[None]:
    """Close a session that the block could not get ready."""
    try:
        yield
    except BaseException:
        _give_up(sess)
        raise


def why_not_ready(op: Any, sess: Any, message: str) -> str | None:
    """Return why a session is not ready; None if it is.

    Raises:
        FailedPreconditionError: if the operation fails for another reason.
    """
    if op is None:
        return None
    try:
        missing = sess.run(op)
    except FailedPreconditionError as error:
        if "uninitialized" not in str(error):
            _LOG.warning("%s : error [%s]", message, error)
            raise
        return str(error)
    if missing is None or missing.dtype == np.int32 or missing.size == 0:
        return None  # numbers: what `ready_op` gave before it gave names
    names = ", ".join(name.decode() for name in missing)
    return f"Variables not initialized: {names}"


def _name(op: Any) -> str:
    return "None" if op is None else getattr(op, "name", f"<no name for {type(op)}>")
