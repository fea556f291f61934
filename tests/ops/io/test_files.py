"""ReadFile, WriteFile, MatchingFiles: files of a temporary directory."""

from __future__ import annotations

import pytest

import minitf as tf
from minitf import errors


def test_a_file_is_written_with_its_directory_and_read_again(tmp_path):
    path = tf.placeholder(tf.string, [])
    write, read = tf.write_file(path, b"\x00abc\x00"), tf.read_file(path)
    with tf.Session() as session:
        session.run(write, {path: str(tmp_path / "new" / "file")})
        content = session.run(read, {path: str(tmp_path / "new" / "file")})

    assert content == b"\x00abc\x00"
    assert (tmp_path / "new" / "file").read_bytes() == b"\x00abc\x00"


def test_each_run_reads_what_the_file_then_holds(tmp_path):
    file = tmp_path / "file"
    read = tf.read_file(str(file))
    with tf.Session() as session:
        found = []
        for content in (b"one", b"two"):
            file.write_bytes(content)
            found.append(session.run(read))

    assert found == [b"one", b"two"]


@pytest.mark.parametrize(
    ("name", "error"),
    [("missing", errors.NotFoundError), ("", errors.FailedPreconditionError)],
)
def test_what_cannot_be_read_is_told_by_name(tmp_path, name, error):
    with tf.Session() as session, pytest.raises(error, match=str(tmp_path)):
        session.run(tf.read_file(str(tmp_path / name)))


def test_a_directory_is_not_written_over(tmp_path):
    with tf.Session() as session, pytest.raises(errors.FailedPreconditionError):
        session.run(tf.write_file(str(tmp_path), "x"))


@pytest.fixture
def tree(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("b.txt", "a.txt", ".hidden", "sub/c.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    return tmp_path


PATTERNS = ("*", "./*.txt", "*/c.txt", "?.txt", "[!a].txt", "a.txt", "none", "{a,b}.txt")


def test_patterns_match_within_a_part_of_a_path(tree):
    made = [tf.matching_files(pattern) for pattern in ("*.txt", "*/*.txt", ["b*", "a*"])]
    with tf.Session() as session:
        flat, deep, both = (found.tolist() for found in session.run(made))

    assert flat == [b"./a.txt", b"./b.txt"]
    assert deep == [b"./sub/c.txt"]
    assert both == [b"./a.txt", b"./b.txt"]


@pytest.mark.tensorflow
def test_patterns_match_as_in_tensorflow(tree, tensorflow):
    patterns = [*PATTERNS, *(f"{tree}/{pattern}" for pattern in PATTERNS)]
    found = []
    for lib in (tf, tensorflow):
        with lib.Graph().as_default(), lib.Session() as session:
            made = [lib.matching_files(pattern) for pattern in [*patterns, patterns]]
            found.append([each.tolist() for each in session.run(made)])

    assert found[0] == found[1]


def test_a_matrix_of_patterns_is_refused():
    with (
        tf.Session() as session,
        pytest.raises(errors.InvalidArgumentError, match="must be scalar or vector"),
    ):
        session.run(tf.matching_files([["a"]]))
