"""The real TensorBoard shows what MiniTF writes, while it is being written."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import warnings
from importlib.util import find_spec
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import urlopen

import numpy as np
import pytest
from event_files import wait_until

import minitf as tf
from minitf.ops.image import png

pytestmark = [
    pytest.mark.thorough,
    pytest.mark.skipif(find_spec("tensorboard") is None, reason="TensorBoard is not installed"),
]

PIXELS = np.arange(2 * 2 * 3 * 3, dtype=np.uint8).reshape(2, 2, 3, 3)
# TensorBoard of a process that has nothing else to do; TensorFlow's own warnings are not ours
COMMAND = [
    *(sys.executable, "-W", "ignore", "-m", "tensorboard.main"),
    *("--host", "127.0.0.1", "--port", "0", "--load_fast", "false", "--reload_interval", "1"),
]
BROWSER = shutil.which("chromium") or shutil.which("chromium-browser")


class Program:
    """A program that shows something of every kind, and writes it step by step."""

    def __init__(self, folder):
        with tf.Graph().as_default() as graph:
            self.x = tf.placeholder(tf.float32, [None], name="x")
            tf.summary.scalar("loss", tf.reduce_sum(self.x))
            tf.summary.histogram("values", self.x)
            tf.summary.image("picture", PIXELS)
            tf.summary.audio("sound", tf.zeros([1, 100]), 8000, max_outputs=1)
            tf.summary.text("notes", "*hello*")
            self.everything = tf.summary.merge_all()
        self.session = tf.Session(graph=graph)
        self.writer = tf.summary.FileWriter(str(folder), graph)

    def step(self, number):
        metadata = tf.RunMetadata()
        options = tf.RunOptions(trace_level=tf.RunOptions.FULL_TRACE)
        feeds = {self.x: [1.0, 2.0, number]}
        made = self.session.run(self.everything, feeds, options, metadata)
        self.writer.add_summary(made, number)
        self.writer.add_run_metadata(metadata, f"step {number}", number)
        self.writer.flush()

    def close(self):
        self.writer.close()
        self.session.close()


@pytest.fixture(scope="module")
def program(tmp_path_factory):
    made = Program(tmp_path_factory.mktemp("logs") / "run")
    made.step(0)
    yield made
    made.close()


# --- TensorBoard's reader -------------------------------------------------------------------------


@pytest.mark.paper("W-56")
def test_tensorboards_reader_finds_every_kind_under_its_tag(tmp_path):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of TensorBoard's imports
        from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    program = Program(tmp_path)
    for number in range(3):
        program.step(number)
    program.close()
    reader = EventAccumulator(str(tmp_path), {"histograms": 0, "images": 0}).Reload()
    tags = reader.Tags()

    assert tags["graph"]
    assert tags["meta_graph"]
    assert (tags["scalars"], tags["histograms"]) == (["loss"], ["values"])
    assert tags["images"] == ["picture/image/0", "picture/image/1"]
    assert (tags["audio"], tags["tensors"]) == (["sound/audio"], ["notes"])
    assert tags["run_metadata"] == ["step 0", "step 1", "step 2"]
    assert [(each.step, each.value) for each in reader.Scalars("loss")] == [(0, 3), (1, 4), (2, 5)]
    histogram = reader.Histograms("values")[2].histogram_value
    assert (histogram.min, histogram.max, histogram.num, histogram.sum) == (1, 2, 3, 5)
    image = reader.Images("picture/image/1")[0]
    np.testing.assert_array_equal(png.decode(image.encoded_image_string).pixels, PIXELS[1])
    nodes = [node.name for node in reader.Graph().node]
    assert nodes == [node.name for node in program.session.graph.as_graph_def().node]


# --- TensorBoard's server -------------------------------------------------------------------------


@pytest.fixture(scope="module")
def address(program, tmp_path_factory):
    """The address of a TensorBoard that shows the program's folder."""
    log = tmp_path_factory.mktemp("tensorboard") / "log"
    with log.open("w") as said:
        command = [*COMMAND, "--logdir", program.writer.get_logdir()]
        process = subprocess.Popen(command, stdout=said, stderr=said)
    try:
        wait_until(
            lambda: re.search(r"http://\S+:\d+/", log.read_text()) or process.poll() is not None
        )
        assert process.poll() is None, log.read_text()
        yield re.search(r"http://\S+:\d+/", log.read_text())[0]
    finally:
        process.terminate()
        process.wait()


@pytest.fixture(scope="module")
def ask(address):
    def answer(what, **query):
        url = f"{address}data/plugin/{what}?{urlencode(query)}"
        try:
            with urlopen(url) as response:
                return response.read()
        except HTTPError:  # not read yet
            return b"[]"

    return answer


@pytest.mark.paper("W-56")
def test_tensorboard_shows_every_kind(ask):
    wait_until(lambda: json.loads(ask("scalars/tags")))

    tags = {
        plugin: set(json.loads(ask(f"{plugin}/tags"))["."])
        for plugin in ("scalars", "histograms", "distributions", "images", "audio", "text")
    }
    assert tags == {
        "scalars": {"loss"},
        "histograms": {"values"},
        "distributions": {"values"},
        "images": {"picture/image/0", "picture/image/1"},
        "audio": {"sound/audio"},
        "text": {"notes"},
    }
    (said,) = json.loads(ask("text/text", run=".", tag="notes"))
    assert said["text"] == "<p><em>hello</em></p>"


@pytest.mark.paper("W-56")
def test_tensorboard_shows_the_graph_and_a_traced_step(ask):
    wait_until(lambda: json.loads(ask("graphs/info")))
    (info,) = json.loads(ask("graphs/info")).values()

    assert info["run_graph"]
    assert info["tags"]["step 0"]["profile"]
    assert b'name: "HistogramSummary"' not in ask("graphs/graph", run=".")
    assert b'op: "HistogramSummary"' in ask("graphs/graph", run=".")
    assert b'node_name: "values"' in ask("graphs/run_metadata", run=".", tag="step 0")


@pytest.mark.paper("W-56")
def test_tensorboard_shows_new_steps_while_the_program_goes_on(ask, program):
    def shown():
        found = json.loads(ask("scalars/scalars", run=".", tag="loss"))
        return [(step, value) for _, step, value in found]

    wait_until(lambda: shown() == [(0, 3)])
    for number in (5, 9):
        program.step(number)
        wait_until(lambda number=number: (number, 3 + number) in shown())

    times = [wall for wall, _, _ in json.loads(ask("scalars/scalars", run=".", tag="loss"))]
    assert times == sorted(times)


# --- TensorBoard's page ---------------------------------------------------------------------------


@pytest.mark.paper("W-56")
@pytest.mark.skipif(BROWSER is None, reason="Chromium is not installed")
def test_a_browser_shows_the_cards_of_each_kind(ask, address, tmp_path):
    wait_until(lambda: json.loads(ask("scalars/tags")))

    options = ["--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path}"]
    # the page's own clock, which runs ahead of ours while it waits for nothing
    options += ["--virtual-time-budget=30000", "--window-size=1300,2000", "--dump-dom"]
    page = subprocess.run(
        [BROWSER, *options, f"{address}#timeseries"], capture_output=True, text=True, check=True
    ).stdout

    groups = re.findall(r'class="group-title" title="([^"]*)"', page)
    assert groups == ["loss", "picture", "values"]
    assert "picture/image/1" in page
    assert "data/plugin/timeseries/imageData" in page
