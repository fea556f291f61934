"""Sessions and hooks that watch what they run, and the command line that shows it."""

from __future__ import annotations

import io

import numpy as np
import pytest

import minitf
from minitf import tfdbg
from minitf.tfdbg import offline
from minitf.tfdbg.prompt import PROMPT
from minitf.tfdbg.tensor_text import describe, parse_ranges, parse_sliced

tf = minitf


@pytest.fixture
def program():
    """Give a session of z = log(x v), and its feeds."""
    with tf.Graph().as_default():
        x = tf.placeholder(tf.float32, [2, 2], name="x")
        v = tf.Variable(np.ones((2, 2), np.float32), name="v")
        z = tf.log(tf.matmul(x, v, name="y"), name="z")
        tf.while_loop(lambda i: i < 2, lambda i: i + 1, [0], name="L")
        with tf.Session() as session:
            session.run(v.initializer)
            yield session, z, {x: np.array([[1, 2], [-1, -2]], np.float32)}


@pytest.fixture
def typed(monkeypatch, capsys):
    """Give a function that types lines at the next prompts, and one that tells what is shown."""

    def lines(*texts):
        monkeypatch.setattr("sys.stdin", io.StringIO("\n".join([*texts, ""])))

    lines.shown = lambda: capsys.readouterr().out.split(PROMPT)
    return lines


def test_a_dumping_session_writes_a_folder_for_each_run(tmp_path, program):
    session, z, feeds = program
    wrapper = tfdbg.DumpingDebugWrapperSession(
        session,
        str(tmp_path),
        lambda fetches, feeds: tfdbg.WatchOptions(node_name_regex_whitelist="[yz]$"),
    )

    assert np.isnan(wrapper.run(z, feeds)[1]).all()
    assert np.isnan(wrapper.make_callable(z, list(feeds))(*feeds.values())[1]).all()
    with wrapper.as_default():
        assert np.isnan(z.eval(feeds)[1]).all()
    folders = sorted(tmp_path.iterdir())
    assert [folder.name.rpartition("_")[2] for folder in folders] == ["1", "2", "3"]
    for folder in folders:
        dump = tfdbg.DebugDumpDir(str(folder))
        assert [each.tensor_name for each in dump.dumped_tensor_data] == ["y:0", "z:0"]
        assert "z:0" in dump.run_fetches_info
        assert "x:0" in dump.run_feed_keys_info
    assert (wrapper.run_call_count, wrapper.graph) == (3, session.graph)


def test_what_is_wrong_with_a_wrapper_is_said(tmp_path, program):
    session, z, feeds = program
    (tmp_path / "file").touch()

    with pytest.raises(ValueError, match="non-empty directory"):
        tfdbg.DumpingDebugWrapperSession(session, str(tmp_path))
    with pytest.raises(ValueError, match="points to a file"):
        tfdbg.DumpingDebugWrapperSession(session, str(tmp_path / "file"))
    with pytest.raises(TypeError, match="watch_fn is not callable"):
        tfdbg.DumpingDebugWrapperSession(session, str(tmp_path / "new"), watch_fn=3)
    with pytest.raises(TypeError, match="Expected type"):
        tfdbg.LocalCLIDebugWrapperSession(3)
    with pytest.raises(ValueError, match="ui_type"):
        tfdbg.LocalCLIDebugWrapperSession(session, ui_type="mouse")
    with pytest.raises(NotImplementedError, match="partial_run_setup is not implemented"):
        tfdbg.LocalCLIDebugWrapperSession(session).partial_run_setup([z], list(feeds))


def test_an_error_is_raised_or_returned_as_asked(tmp_path, program):
    session, z, feeds = program
    bad = tf.check_numerics(z, "bad")

    kept = tfdbg.DumpingDebugWrapperSession(session, str(tmp_path / "a"))
    assert isinstance(kept.run(bad, feeds), tf.errors.InvalidArgumentError)
    raising = tfdbg.DumpingDebugWrapperSession(
        session, str(tmp_path / "b"), pass_through_operrors=True
    )
    with pytest.raises(tf.errors.InvalidArgumentError, match="bad : Tensor had NaN"):
        raising.run(bad, feeds)
    (folder,) = (tmp_path / "b").iterdir()
    assert tfdbg.DebugDumpDir(str(folder)).get_tensors("z", 0, "DebugIdentity")


def test_hooks_watch_the_runs_of_a_monitored_session(tmp_path, program, typed):
    _, z, feeds = program
    dumping = tfdbg.DumpingDebugHook(str(tmp_path))
    asking = tfdbg.LocalCLIDebugHook(ui_type="readline")
    asking.add_tensor_filter("bad", tfdbg.has_inf_or_nan)
    typed("run -f bad", "pt z:0", "run -n")
    with tf.train.MonitoredSession(hooks=[dumping, asking]) as session:
        for _ in range(2):
            session.run(z, feeds)

    assert len(list(tmp_path.iterdir())) == 2
    assert 'passing filter "bad"' in typed.shown()[1]


def test_runs_go_on_as_typed(program, typed, tmp_path):
    session, z, feeds = program
    wrapper = tfdbg.LocalCLIDebugWrapperSession(session, dump_root=str(tmp_path))
    wrapper.add_tensor_filter("bad", tfdbg.has_inf_or_nan)
    good = {key: np.ones((2, 2), np.float32) for key in feeds}
    typed("run -t 3", "run -f bad", "run -n -t 2", "run", "exit")

    for given in (good, good, good, good, feeds, good, good):
        wrapper.run(z, given)
        assert not list(tmp_path.iterdir())
    with pytest.raises(SystemExit):
        wrapper.run(z, good)
    titles = [line for line in "".join(typed.shown()).splitlines() if "─ run-" in line]
    assert [line.strip("─ ") for line in titles] == [
        "run-start: run #1",
        "run-end: run #3",
        "run-end: run #5",
        "run-start: run #8",
        "run-end: run #8",
    ]


def test_the_prompt_shows_tensors_and_nodes(program, typed, tmp_path):
    session, z, feeds = program
    wrapper = tfdbg.LocalCLIDebugWrapperSession(session, ui_type="readline")
    wrapper.add_tensor_filter("bad", tfdbg.has_inf_or_nan)
    saved, listed = tmp_path / "z.npy", tmp_path / "lt.txt"
    fetches = [z, session.graph.get_tensor_by_name("L/Exit:0")]
    cases = [
        ("pf x:0[0, :]", "array([1., 2.]"),
        ("help", "run (r)"),
        ("lt", 'ERROR: Invalid command prefix "lt"'),
        ("run", "z:0"),
        ("lt -f bad", '1 dumped tensor(s) passing filter "bad":'),
        (f"lt -s op_type -r -n z -t Log > {listed}", "Wrote output"),
        ("lt -f nope", 'There is no tensor filter named "nope"'),
        ("lt -n (", "is no regular expression"),
        ("pt z:0[1, ::2] -s", "| nan | total |"),
        (f"pt z -w {saved}", "Saved value"),
        ("pt z:0[5]", "ERROR: index 5 is out of bounds"),
        ("pt z:0[__import__('os')]", "Invalid slicing"),
        ("pt z:0 -r [[-inf,-1],[0,inf]]", "2 of 4 element(s) (50.00%)"),
        ("pt L/add:0", "generated 2 dumps"),
        ("pt L/add:0 -n 1", "array(2, dtype=int32)"),
        ("pt nope", 'Node "nope" does not exist in partition graphs'),
        ("ni -a -d -t y", "Op: MatMul"),
        ("li -r -t z", "   |- (2) [Placeholder] x"),
        ("lo -c y", "|- (1) z"),
        (f"ps {__file__}", 'z = tf.log(tf.matmul(x, v, name="y"), name="z")\n    y\n    z'),
        ("ls -p test_wrappers", "test_wrappers.py:"),
        ("ri", "Session.run() call #1"),
        ("help pt", "Aliases: pt"),
        ("pt", "Syntax error for command: print_tensor"),
        ("eval 1", "Invalid command prefix"),
    ]
    typed(*(line for line, _ in cases), "run")

    wrapper.run(fetches, feeds)
    shown = typed.shown()[1:]
    for (line, words), text in zip(cases, shown, strict=False):
        assert words in text, line
    assert np.load(saved).shape == (2, 2)
    assert listed.read_text().startswith("1 dumped tensor(s):")


def test_an_error_comes_to_the_prompt(program, typed):
    session, z, feeds = program
    wrapper = tfdbg.LocalCLIDebugWrapperSession(session)
    typed("run", "li -r CheckNumerics", "run")

    found = wrapper.run(tf.check_numerics(z, "bad"), feeds)
    shown = typed.shown()
    assert isinstance(found, tf.errors.InvalidArgumentError)
    assert "!!! An error occurred during the run !!!" in shown[1]
    assert "ni -a -d -t CheckNumerics" in shown[1]
    assert "|- (1) z" in shown[2]


def test_a_run_that_is_over_can_be_looked_at(tmp_path, program, typed):
    session, z, feeds = program
    tfdbg.DumpingDebugWrapperSession(session, str(tmp_path)).run(z, feeds)
    (folder,) = tmp_path.iterdir()
    typed("lt -f has_inf_or_nan", "ni -t y", "ls", "exit")

    assert offline.main(["--dump_dir", str(folder)]) == 0
    first, found, node, sources, *_ = typed.shown()
    assert "dumped tensor(s):" in first
    assert found.splitlines()[-2].endswith(" z:0")
    assert "no Python graph" in node
    assert "ERROR: Python graph is not available" in sources
    assert offline.main(["--dump_dir", str(tmp_path / "nope")]) == 1


def test_slices_and_ranges_are_parsed():
    assert parse_sliced("a/b:0[1, -2:, ::3, ...]") == (
        "a/b:0",
        (1, slice(-2, None), slice(None, None, 3), ...),
    )
    assert parse_ranges("[[-inf, -0.1], [1e3, inf]]") == [(-np.inf, -0.1), (1e3, np.inf)]
    assert parse_ranges("0,1") == parse_ranges("[0, 1]") == [(0.0, 1.0)]
    for bad in ("a[", "a[x]", "a[1:2:3:4]", "a[1][2]"):
        with pytest.raises(ValueError, match="Invalid"):
            parse_sliced(bad)
    for bad in ("[[0,1]", "1", "a,b", "[[0,1]x[2,3]]"):
        with pytest.raises(ValueError, match=r"Invalid|could not convert"):
            parse_ranges(bad)
    assert "| True | total |" in describe(np.array([True]), "b", summary=True)
    assert describe(np.zeros(5000), "c", whole=True)[-1].endswith("])")
