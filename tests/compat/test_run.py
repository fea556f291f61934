"""`minitf run` shows a script what `python script.py` would show it, with MiniTF as TensorFlow."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from minitf.compat.run import alias

ROOT = Path(__file__).parents[2]


@pytest.fixture
def script(tmp_path):
    """Write a script and return what runs it: by `minitf run`, or by Python itself."""

    def write(text: str):
        path = tmp_path / "script.py"
        path.write_text(text)

        def run(*arguments: str, by=("-m", "minitf", "run")):
            command = [sys.executable, *by, str(path), *arguments]
            return subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)

        return run

    return write


SURROUNDINGS = """
import sys, pickle, __main__
class Thing: pass
print(sys.argv[1:], __name__, __file__ == sys.argv[0], sys.path[0], __doc__, __spec__)
print(type(pickle.loads(pickle.dumps(Thing()))) is Thing, __main__.Thing is Thing)
"""


def test_a_script_sees_the_surroundings_that_python_gives_it(script):
    run = script(f'"""Doc."""\n{SURROUNDINGS}')
    arguments = ["--help", "-x", "--", "run", "a b"]

    assert run(*arguments).stdout == run(*arguments, by=()).stdout
    assert "['--help', '-x', '--', 'run', 'a b'] __main__ True" in run(*arguments).stdout


@pytest.mark.parametrize(
    "body",
    [
        "import sys; sys.exit(7)",
        "import sys; sys.exit('told')",
        "raise SystemExit",
        "1 / 0",
        "try:\n    {}['k']\nexcept KeyError as e:\n    raise ValueError(3) from e",
        "x = (\n",
        "# -*- coding: latin-1 -*-\nprint('é')",
        "raise KeyError('a') if __name__ == '__main__' else 0",
        "import sys\nsys.excepthook = lambda *_: print('hooked')\n1 / 0",
        "import atexit; atexit.register(print, 'bye'); 1 / 0",
        "raise ExceptionGroup('g', [ValueError(1)])",
    ],
)
def test_a_script_ends_as_under_python(script, body):
    run = script(body)
    ours, pythons = run(), run(by=())

    assert (ours.returncode, ours.stdout, ours.stderr) == (
        pythons.returncode,
        pythons.stdout,
        pythons.stderr,
    )


def test_an_interrupt_ends_a_script_as_a_shell_expects(script):
    found = script("raise KeyboardInterrupt")()

    assert found.returncode == 130
    assert found.stderr.endswith("KeyboardInterrupt\n")
    assert "cli.py" not in found.stderr


def test_names_of_tensorflow_are_minitfs_very_modules(script):
    found = script("""
import tensorflow as tf, tensorflow.compat.v1 as tf1, minitf
import tensorflow.python.framework.dtypes
from tensorflow.compat import v1
from tensorflow.core.framework import summary_pb2
from tensorflow.core.util import event_pb2
from tensorflow.python.framework import ops
from tensorflow.python.summary import summary
from tensorflow.python.summary.summary_iterator import summary_iterator
from tensorflow.python.layers import base, convolutional, core as layers_core, pooling
from tensorflow.python.layers.utils import smart_cond
from tensorflow.python.platform import app, flags, gfile, tf_logging
from tensorflow.python.training import basic_session_run_hooks, session_run_hook
from tensorflow.python.util import compat
from tensorflow.examples.tutorials.mnist import input_data
from tensorflow.contrib.layers.python.layers.initializers import xavier_initializer
from tensorflow.contrib.learn.python.learn.datasets.mnist import read_data_sets
from tensorflow.contrib import rnn
from tensorflow.contrib.layers.python.layers import initializers, layers as contrib_layers
from tensorflow.contrib.framework.python.ops import arg_scope, variables as framework_variables
from tensorflow.contrib.framework.python.ops import audio_ops
from tensorflow.contrib.learn.python.learn.estimators.estimator import SKCompat
from tensorflow.contrib.rnn.python.ops import core_rnn_cell
from tensorflow.contrib.crf.python.ops import crf
from tensorflow.contrib.data.python.ops import batching
from tensorflow.contrib.image.python.ops import image_ops
from tensorflow.contrib.keras.python.keras.layers import Dense
from tensorflow.contrib.sparsemax.python.ops.sparsemax import sparsemax
from tensorflow.contrib.slim.python.slim.data.dataset import Dataset
from tensorflow.contrib.signal.python.ops import mel_ops
from tensorflow.contrib.lookup import lookup_ops as contrib_lookup
from tensorflow.contrib.slim.python.slim.nets import inception_v3
from tensorflow.core.framework import attr_value_pb2
from tensorflow.examples.tutorials.mnist import mnist
from tensorflow.g3doc.tutorials.mnist import mnist as old_mnist
from tensorflow.python.ops import array_ops, data_flow_ops, gen_nn_ops, math_ops, nn_impl
from tensorflow.python.ops import rnn_cell, script_ops, stateless_random_ops
from tensorflow.python.framework import errors_impl, subscribe, test_util
from tensorflow.python.tools import inspect_checkpoint, optimize_for_inference_lib
from tensorflow.python.training import checkpoint_ops, monitored_session
from tensorflow.python.feature_column import feature_column as old_columns
from tensorflow.errors import NotFoundError
import tensorflow.flags, tensorflow.logging
assert tf is tf1 is v1 is minitf and ops.Graph is tf.Graph
assert app is tf.app and flags is tf.flags is tensorflow.flags and gfile is tf.gfile
assert tf_logging is tf.logging is tensorflow.logging
assert base.Layer is tf.layers.Layer and convolutional.Convolution2D is tf.layers.Conv2D
assert pooling.MaxPool2D is tf.layers.MaxPooling2D
assert smart_cond(True, lambda: layers_core.Dense, lambda: None) is tf.layers.Dense
assert xavier_initializer is tf.contrib.layers.xavier_initializer
assert compat is tf.compat
assert audio_ops.decode_wav is tf.audio.decode_wav
assert SKCompat is tf.contrib.learn.SKCompat and Dataset is tf.contrib.slim.dataset.Dataset
assert inception_v3.inception_v3 is tf.contrib.slim.nets.inception.inception_v3
assert tf.contrib.skflow is tf.contrib.learn
assert contrib_layers.conv2d is tf.contrib.layers.conv2d and arg_scope is tf.contrib.slim.arg_scope
assert initializers is tf.contrib.layers and framework_variables is tf.contrib.framework
assert basic_session_run_hooks.SecondOrStepTimer is tf.train.SecondOrStepTimer
assert session_run_hook.SessionRunHook is tf.train.SessionRunHook
assert summary is tf.summary and summary_iterator is tf.train.summary_iterator
assert summary_pb2.Summary is tf.Summary and event_pb2.Event is tf.Event
assert read_data_sets is input_data.read_data_sets
assert rnn is tf.contrib.rnn and core_rnn_cell.GRUCell is rnn_cell.GRUCell is rnn.GRUCell
assert batching.map_and_batch is tf.contrib.data.map_and_batch and sparsemax and image_ops.rotate
assert crf is tf.contrib.crf and Dense is tf.keras.layers.Dense
assert mnist is old_mnist is tf.examples.tutorials.mnist.mnist
assert array_ops.placeholder is tf.placeholder
assert ops.uid() < ops.uid() and array_ops.reverse_v2 and rnn_cell.LayerRNNCell
assert attr_value_pb2.AttrValue is tf.AttrValue and gen_nn_ops._relu_grad
assert mel_ops.stft is tf.contrib.signal.stft is tf.signal.stft
assert contrib_lookup.HashTable is tf.contrib.lookup.HashTable
assert stateless_random_ops.stateless_random_uniform is tf.random.stateless_uniform
assert tf.contrib.stateless.stateless_random_normal is tf.random.stateless_normal
assert tf.contrib.metrics.set_union is tf.sets.set_union
assert script_ops._py_funcs.size() == 0 and data_flow_ops.Barrier
assert nn_impl._compute_sampled_logits
assert errors_impl._make_specific_exception and subscribe.subscribe and test_util.pick_unused_port
assert inspect_checkpoint.print_tensors_in_checkpoint_file and checkpoint_ops._load_and_remap_matrix
assert optimize_for_inference_lib.fold_batch_norms and monitored_session._RecoverableSession
assert old_columns._numeric_column is tf.feature_column.numeric_column and old_columns._LazyBuilder
with tf.Session() as session:
    assert session.run(math_ops.reduced_shape([2, 3, 4], [-1, 0])).tolist() == [1, 3, 1]
assert NotFoundError is tf.errors.NotFoundError
assert tensorflow.python.framework.dtypes.float32 is tf.float32
import sys
twice = [n for n, m in sys.modules.items() if n.startswith("tensorflow") and m.__name__ != n
         and not m.__name__.startswith("minitf")]
assert not twice, twice
assert minitf.__name__ == "minitf" and minitf.__spec__.name == "minitf"
print("fine")
""")()

    assert (found.stdout, found.stderr) == ("fine\n", "")


@pytest.mark.parametrize(
    "module",
    [
        *("tensorflow.contrib.tensorrt", "tensorflow.contrib.nccl", "tensorflow.python.nothing"),
        *("tensorflow.core.nothing", "tensorflow.python.ops.nothing_ops"),
    ],
)
def test_a_module_that_minitf_lacks_is_named_at_the_users_line(script, module):
    found = script(f"import tensorflow as tf\nimport {module}\n")()

    assert found.returncode == 1
    assert f"ModuleNotFoundError: No module named '{module}': MiniTF has none" in found.stderr
    assert found.stderr.count("File ") == 1


def test_modules_of_contrib_that_are_one_file_here_have_modules_below(script):
    found = script(
        "import tensorflow as tf\n"
        "from tensorflow.contrib.data.python.ops import batching\n"
        "from tensorflow.contrib.tpu.python.tpu import tpu_estimator, tpu_function\n"
        "from tensorflow.python.tpu import bfloat16\n"
        "print(batching.map_and_batch is tf.contrib.data.map_and_batch)\n"
        "print(tpu_estimator.TPUEstimator is tf.estimator.tpu.TPUEstimator)\n"
        "print(tpu_function.get_tpu_context().number_of_shards)\n"
        "print(bfloat16.bfloat16_scope is tf.tpu.bfloat16_scope)\n"
    )()

    assert (found.stdout, found.stderr) == ("True\nTrue\nNone\nTrue\n", "")


def test_other_processes_find_what_is_installed(script):
    found = script("""
import subprocess, sys, tensorflow
code = "import importlib.util as u; s = u.find_spec('tensorflow'); print(s and s.origin)"
print(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout)
""")()

    assert found.stdout.strip()
    assert "minitf" not in found.stdout


def test_a_script_that_is_not_there_is_told_as_python_does():
    found = subprocess.run(
        [sys.executable, "-m", "minitf", "run", "missing.py"],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )

    assert found.returncode == 2
    assert found.stderr.startswith("minitf run: can't open file 'missing.py': [Errno 2] No such")


def test_aliasing_over_a_loaded_tensorflow_is_refused(monkeypatch):
    monkeypatch.setitem(sys.modules, "tensorflow", ModuleType("tensorflow"))
    with pytest.raises(ImportError, match="TensorFlow is imported already"):
        alias()
